/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A strict pull reader of JSON. Knows RFC 8259 and where each byte stands; does
 * not know what the text is about. Strings are json_string.c's, keys that come twice
 * json_keys.c's, trees json_tree.c's.
 */
#include "model/json_inside.h"

#include <string.h>

#include "base/limit.h"
#include "base/text.h"
#include "model/json_scan.h"

void json_init(struct json *j, struct str bytes, struct arena *arena)
{
	*j = (struct json){
		.next = bytes.data,
		.start = bytes.data,
		.end = bytes.data + bytes.len,
		.arena = arena,
	};
}

int json_fail(struct json *j, const char *at, const char *text)
{
	if (j->error == NULL) {
		j->error = text;
		j->error_at = at;
	}
	return -1;
}

int json_fail_expected(struct json *j, const char *expected)
{
	const char *p = j->next;
	unsigned char c = (unsigned char)*p;
	size_t step;

	if (p >= j->end)
		return json_fail(j, j->end,
				 arena_printf(j->arena, "unexpected end, expected %s", expected));
	if (c < 0x20 || c == 0x7f)
		return json_fail(j, p,
				 arena_printf(j->arena,
					      "unexpected control character 0x%02x, expected %s", c,
					      expected));
	step = text_utf8_step(p, (size_t)(j->end - p));
	if (step == 0)
		return json_fail(j, p, "not UTF-8");
	return json_fail(
	    j, p, arena_printf(j->arena, "unexpected '%.*s', expected %s", (int)step, p, expected));
}

int json_open(struct json *j, char bracket)
{
	if (j->error != NULL)
		return -1;
	if (json_peek(j) != bracket)
		return json_fail_expected(j, bracket == '{' ? "an object" : "an array");
	if (j->depth >= LIMIT_JSON_DEPTH)
		return json_fail(
		    j, j->next,
		    arena_printf(j->arena, "nested deeper than the limit of %d", LIMIT_JSON_DEPTH));
	j->depth++;
	j->next++;
	return 0;
}

int json_item(struct json *j, bool first)
{
	char c;

	if (j->error != NULL)
		return -1;
	c = json_peek(j);
	if (c == ']') {
		j->next++;
		j->depth--;
		return 0;
	}
	if (first)
		return 1;
	if (c != ',')
		return json_fail_expected(j, "',' or ']'");
	j->next++;
	if (json_peek(j) == ']')
		return json_fail(j, j->next, "a comma before ']'");
	return 1;
}

int json_member(struct json *j, bool first, struct str *key)
{
	char c;

	if (j->error != NULL)
		return -1;
	c = json_peek(j);
	if (c == '}') {
		j->next++;
		j->depth--;
		return 0;
	}
	if (!first) {
		if (c != ',')
			return json_fail_expected(j, "',' or '}'");
		j->next++;
		if (json_peek(j) == '}')
			return json_fail(j, j->next, "a comma before '}'");
	}
	if (*j->next != '"')
		return json_fail_expected(j, "a key in double quotes");
	j->key_at = j->next;
	if (json_string_fast(j, key) == -1)
		return -1;
	if (json_peek(j) != ':')
		return json_fail_expected(j, "':'");
	j->next++;
	return 1;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The end of the number at p by RFC 8259's grammar, or NULL. */
static const char *number_end(struct json *j, const char *p)
{
	const char *start = p;

	if (*p == '-')
		p++;
	if (!is_digit(*p)) {
		json_fail(j, start, "a number without digits");
		return NULL;
	}
	if (*p == '0' && is_digit(p[1])) {
		json_fail(j, start, "a number with a leading zero");
		return NULL;
	}
	while (is_digit(*p))
		p++;
	if (*p == '.') {
		p++;
		if (!is_digit(*p)) {
			json_fail(j, start, "a number that ends with its point");
			return NULL;
		}
		while (is_digit(*p))
			p++;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		if (!is_digit(*p)) {
			json_fail(j, start, "a number whose exponent has no digits");
			return NULL;
		}
		while (is_digit(*p))
			p++;
	}
	return p;
}

int json_number(struct json *j, struct number *n)
{
	const char *p, *end;
	int64_t small = 0;

	if (j->error != NULL)
		return -1;
	p = j->next = json_scan_blanks(j->next);
	if (*p != '-' && !is_digit(*p))
		return json_fail_expected(j, "a number");
	end = number_end(j, p);
	if (end == NULL)
		return -1;
	/* nearly every number of a configuration is one or two digits */
	if (end - p <= 3 && *p != '-') {
		const char *q;

		for (q = p; q < end && is_digit(*q); q++)
			small = small * 10 + (*q - '0');
		if (q == end) {
			*n = number_of_int(small);
			j->next = end;
			return 0;
		}
	}
	if (!number_parse((struct str){ p, (size_t)(end - p) }, n))
		return json_fail(j, p,
				 arena_printf(j->arena,
					      "a number of more than %d digits, or out of range, "
					      "which cannot be held exactly",
					      LIMIT_NUMBER_DIGITS));
	j->next = end;
	return 0;
}

static bool take_word(struct json *j, const char *word, size_t len)
{
	const char *p = json_scan_blanks(j->next);
	char after;

	if (strncmp(p, word, len) != 0)
		return false;
	after = p[len];
	if ((after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z') || is_digit(after) ||
	    after == '_')
		return false;
	j->next = p + len;
	return true;
}

bool json_null(struct json *j)
{
	return j->error == NULL && take_word(j, "null", 4);
}

int json_boolean(struct json *j, bool *b)
{
	if (j->error != NULL)
		return -1;
	if (take_word(j, "true", 4)) {
		*b = true;
		return 0;
	}
	if (take_word(j, "false", 5)) {
		*b = false;
		return 0;
	}
	j->next = json_scan_blanks(j->next);
	return json_fail_expected(j, "true or false");
}

static int skip_object(struct json *j)
{
	struct json_keys keys = { 0 };
	struct str key;
	bool first;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (first = true;; first = false) {
		more = json_member_fast(j, first, &key);
		if (more != 1)
			return more;
		if (json_keys_add(j, &keys, key, j->key_at) == -1 || json_skip(j) == -1)
			return -1;
	}
}

static int skip_array(struct json *j)
{
	const char *end;
	bool first;
	int more;

	if (json_open(j, '[') == -1)
		return -1;
	for (first = true; (more = json_item_fast(j, first)) == 1; first = false) {
		if (*j->next == '"' && (end = json_plain_end(j->next)) != NULL)
			j->next = end + 1;
		else if (json_skip(j) == -1)
			return -1;
	}
	return more;
}

int json_skip(struct json *j)
{
	const char *end;
	bool b;

	if (j->error != NULL)
		return -1;
	switch (json_peek(j)) {
	case '"':
		return json_skip_string(j);
	case '{':
		return skip_object(j);
	case '[':
		return skip_array(j);
	case 't':
	case 'f':
		return json_boolean(j, &b);
	case 'n':
		return json_null(j) ? 0 : json_fail_expected(j, "a value");
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		end = number_end(j, j->next);
		if (end == NULL)
			return -1;
		j->next = end;
		return 0;
	default:
		return json_fail_expected(j, "a value");
	}
}
