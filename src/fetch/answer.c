/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers as trees, and what they say of failures. Knows cJSON and its
 * hazards; does not know which call was made, nor who waits for its answer.
 */
#include "fetch/answer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"
#include "fetch/xml.h"

/* ---- memory that is wiped --------------------------------------------------- */

static void set_hooks(void)
{
	cJSON_Hooks hooks = { .malloc_fn = secret_malloc, .free_fn = secret_free };

	cJSON_InitHooks(&hooks);
}

/* cJSON keeps its hooks for the whole process: they are set before its first use. */
static pthread_once_t hooks_once = PTHREAD_ONCE_INIT;

/* ---- documents ------------------------------------------------------------- */

struct answer {
	cJSON *root;
};

static const cJSON *node(const struct answer_value *v)
{
	return (const cJSON *)(const void *)v;
}

static const struct answer_value *value(const cJSON *n)
{
	return (const struct answer_value *)(const void *)n;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A NUL, or the escape for one after an even number of backslashes. */
static bool holds_nul(struct str s)
{
	size_t i, slashes = 0;

	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '\0')
			return true;
		if (s.data[i] == 'u' && slashes % 2 == 1 && s.len - i > 4 &&
		    memcmp(s.data + i + 1, "0000", 4) == 0)
			return true;
		slashes = s.data[i] == '\\' ? slashes + 1 : 0;
	}
	return false;
}

struct answer *answer_parse(struct str bytes, struct err *err)
{
	struct answer *answer;
	const char *end = NULL;
	cJSON *root;

	pthread_once(&hooks_once, set_hooks);
	if (holds_nul(bytes) || text_utf8_valid(bytes) != bytes.len) {
		err_set(err, ERR_INPUT, "it is not JSON text: a NUL, or not UTF-8");
		return NULL;
	}
	root = cJSON_ParseWithLengthOpts(bytes.data, bytes.len, &end, 0);
	while (root != NULL && end < bytes.data + bytes.len && is_space(*end))
		end++;
	if (root == NULL || end != bytes.data + bytes.len) {
		cJSON_Delete(root);
		err_set(err, ERR_INPUT, bytes.len == 0 ? "it is empty" : "it is not JSON");
		return NULL;
	}
	answer = mem_alloc(sizeof(*answer));
	answer->root = root;
	return answer;
}

void answer_free(struct answer *answer)
{
	if (answer == NULL)
		return;
	cJSON_Delete(answer->root);
	free(answer);
}

const struct answer_value *answer_root(const struct answer *answer)
{
	return answer != NULL ? value(answer->root) : NULL;
}

enum answer_kind answer_kind(const struct answer_value *v)
{
	const cJSON *n = node(v);

	if (cJSON_IsObject(n))
		return ANSWER_OBJECT;
	if (cJSON_IsArray(n))
		return ANSWER_LIST;
	if (cJSON_IsString(n))
		return ANSWER_STRING;
	if (cJSON_IsNumber(n))
		return ANSWER_NUMBER;
	return cJSON_IsBool(n) ? ANSWER_BOOLEAN : ANSWER_NULL;
}

const struct answer_value *answer_first(const struct answer_value *v)
{
	return v != NULL && (cJSON_IsObject(node(v)) || cJSON_IsArray(node(v)))
		   ? value(node(v)->child)
		   : NULL;
}

const struct answer_value *answer_next(const struct answer_value *v)
{
	return value(node(v)->next);
}

struct str answer_name(const struct answer_value *v)
{
	return node(v)->string != NULL ? str_of(node(v)->string) : STR("");
}

const struct answer_value *answer_member(const struct answer_value *v, const char *name)
{
	const struct answer_value *found = NULL, *member;

	if (v == NULL || !cJSON_IsObject(node(v)))
		return NULL;
	for (member = answer_first(v); member != NULL; member = answer_next(member)) {
		if (!str_is(answer_name(member), name))
			continue;
		if (found != NULL)
			return NULL;
		found = member;
	}
	return found;
}

bool answer_string(const struct answer_value *v, struct str *s)
{
	if (v == NULL || !cJSON_IsString(node(v)) || node(v)->valuestring == NULL)
		return false;
	*s = str_of(node(v)->valuestring);
	return true;
}

bool answer_text(const struct answer_value *v, const char *name, struct str *s)
{
	return answer_string(answer_member(v, name), s);
}

bool answer_number(const struct answer_value *v, int64_t *n)
{
	const double most = 9007199254740992.0; /* 2^53 */
	double number;

	if (v == NULL || !cJSON_IsNumber(node(v)))
		return false;
	number = node(v)->valuedouble;
	if (!(number >= -most && number <= most) || number != (double)(int64_t)number)
		return false;
	*n = (int64_t)number;
	return true;
}

bool answer_is_true(const struct answer_value *v)
{
	return v != NULL && cJSON_IsTrue(node(v));
}

void answer_set_text(struct answer *answer, const char *name, struct str text)
{
	struct secret copy = SECRET_INIT(0);
	cJSON *item;

	secret_put_str(&copy, text);
	item = cJSON_CreateString(copy.data);
	secret_release(&copy);
	cJSON_DeleteItemFromObjectCaseSensitive(answer->root, name);
	if (!cJSON_AddItemToObject(answer->root, name, item))
		cJSON_Delete(item);
}

void answer_put(const struct answer_value *v, struct secret *to)
{
	char *text = cJSON_PrintUnformatted(node(v));

	if (text == NULL) {
		to->failed = true;
		return;
	}
	secret_puts(to, text);
	cJSON_free(text);
}

/* ---- failures -------------------------------------------------------------- */

void answer_show(struct str text, char *to, size_t size)
{
	struct buf b = BUF_INIT(0);
	size_t n;

	/* each byte shows as one or more: what lies behind cannot be in the cut text */
	if (text.len > size)
		text.len = size;
	text_put_visible(&b, text);
	n = b.len < size - 1 ? b.len : size - 1;
	while (n != 0 && n < b.len && ((unsigned char)b.data[n] & 0xC0) == 0x80)
		n--;
	if (n != 0)
		memcpy(to, b.data, n);
	to[n] = '\0';
	buf_release(&b);
}

/* namespace#Code:http://internal/ is Code. */
static struct str bare_code(struct str code)
{
	const char *at = memchr(code.data, ':', code.len);

	if (at != NULL)
		code.len = (size_t)(at - code.data);
	at = memchr(code.data, '#', code.len);
	if (at != NULL) {
		code.len -= (size_t)(at + 1 - code.data);
		code.data = at + 1;
	}
	return code;
}

static void take_request_id(const struct http_answer *answer, struct answer_error *error)
{
	static const char *const names[] = { "x-amzn-requestid", "x-amz-request-id",
					     "x-amzn-request-id" };
	struct str id;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (http_answer_header(answer, names[i], &id)) {
			answer_show(id, error->request_id, sizeof(error->request_id));
			return;
		}
}

void answer_request_id(const struct http_answer *answer, struct answer_error *error)
{
	*error = (struct answer_error){ 0 };
	take_request_id(answer, error);
}

static void take_status(const struct http_answer *answer, struct answer_error *error)
{
	if (error->code[0] == '\0' && answer->end == TRANSPORT_ANSWERED)
		snprintf(error->code, sizeof(error->code), "HTTP %d", answer->status);
}

void answer_error(const struct http_answer *answer, struct answer_error *error)
{
	static const char *const codes[] = { "code", "__type" };
	static const char *const messages[] = { "message", "Message", "exceptionMessage",
						"errorMessage" };
	struct err ignored = { 0 };
	struct answer *body = answer_parse(secret_str(&answer->body), &ignored);
	struct str text;
	size_t i;

	*error = (struct answer_error){ 0 };
	take_request_id(answer, error);
	if (http_answer_header(answer, "x-amzn-errortype", &text))
		answer_show(bare_code(text), error->code, sizeof(error->code));
	for (i = 0; i < 2 && error->code[0] == '\0'; i++)
		if (answer_text(answer_root(body), codes[i], &text))
			answer_show(bare_code(text), error->code, sizeof(error->code));
	for (i = 0; i < 4 && error->message[0] == '\0'; i++)
		if (answer_text(answer_root(body), messages[i], &text))
			answer_show(text, error->message, sizeof(error->message));
	take_status(answer, error);
	answer_free(body);
}

static void take_element(const struct http_answer *answer, const char *path, char *to, size_t size)
{
	struct secret text = SECRET_INIT(size * 4);
	struct err ignored = { 0 };

	if (xml_text(secret_str(&answer->body), path, &text, &ignored) == 0)
		answer_show(secret_str(&text), to, size);
	secret_release(&text);
}

void answer_error_xml(const struct http_answer *answer, struct answer_error *error)
{
	*error = (struct answer_error){ 0 };
	take_request_id(answer, error);
	take_element(answer, "ErrorResponse/Error/Code", error->code, sizeof(error->code));
	take_element(answer, "ErrorResponse/Error/Message", error->message, sizeof(error->message));
	if (error->request_id[0] == '\0')
		take_element(answer, "ErrorResponse/RequestId", error->request_id,
			     sizeof(error->request_id));
	take_status(answer, error);
}

#define HIDE_FROM 16 /* bytes in common that are no accident */
#define HIDE_ALL  4  /* of one that is shorter than that: as a whole */

/* How much of `at` is a piece of the secret. */
static size_t in_common(const char *at, size_t left, struct str secret)
{
	size_t least = secret.len < HIDE_FROM ? secret.len : HIDE_FROM, i, same;

	if (left < least)
		return 0;
	for (i = 0; i + least <= secret.len; i++) {
		if (secret.data[i] != *at || memcmp(secret.data + i, at, least) != 0)
			continue;
		for (same = least;
		     same < left && i + same < secret.len && secret.data[i + same] == at[same];)
			same++;
		return same;
	}
	return 0;
}

static void hide_in(char *text, struct str secret)
{
	char *at = text, *to = text;
	size_t left = strlen(text), same;

	while (left != 0) {
		same = in_common(at, left, secret);
		if (same != 0) {
			memcpy(to, "***", 3);
			to += 3;
			at += same;
			left -= same;
		} else {
			*to++ = *at++;
			left--;
		}
	}
	*to = '\0';
}

void answer_hide(struct answer_error *error, struct str secret)
{
	if (secret.data == NULL || secret.len < HIDE_ALL)
		return;
	hide_in(error->code, secret);
	hide_in(error->message, secret);
	hide_in(error->request_id, secret);
}
