/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON of any size. Knows the grammar; where the bytes are, and where each stands,
 * json_wide_window.c knows.
 */
#include "input/json_wide_inside.h"

#include <string.h>

#include "base/text.h"
#include "model/json.h"

char json_wide_peek(struct json_wide *w)
{
	for (;;) {
		w->next = json_scan_blanks(w->next);
		if (*w->next != '\0' || w->next < w->end || !json_wide_more(w))
			return *w->next;
	}
}

/* Tries to have n bytes at least in the window. */
static inline void want(struct json_wide *w, size_t n)
{
	while ((size_t)(w->end - w->next) < n && json_wide_more(w))
		;
}

static int fail_expected(struct json_wide *w, const char *expected)
{
	const char *p = w->next;
	unsigned char c = (unsigned char)*p;
	size_t step;

	if (w->error != NULL)
		return -1;
	if (p >= w->end)
		return json_wide_fail(
		    w, w->end, arena_printf(w->arena, "unexpected end, expected %s", expected));
	if (c < 0x20 || c == 0x7f)
		return json_wide_fail(
		    w, p,
		    arena_printf(w->arena, "unexpected control character 0x%02x, expected %s", c,
				 expected));
	step = text_utf8_step(p, (size_t)(w->end - p));
	if (step == 0)
		return json_wide_fail(w, p, "not UTF-8");
	return json_wide_fail(
	    w, p, arena_printf(w->arena, "unexpected '%.*s', expected %s", (int)step, p, expected));
}

/* ---- objects and arrays ------------------------------------------------------- */

int json_wide_open(struct json_wide *w, char bracket)
{
	if (w->error != NULL)
		return -1;
	if (json_wide_peek(w) != bracket)
		return fail_expected(w, bracket == '{' ? "an object" : "an array");
	if (w->depth >= LIMIT_JSON_DEPTH)
		return json_wide_fail(
		    w, w->next,
		    arena_printf(w->arena, "nested deeper than the limit of %d", LIMIT_JSON_DEPTH));
	w->open[w->depth++] = bracket;
	w->next++;
	return 0;
}

int json_wide_item(struct json_wide *w, bool first)
{
	char c;

	if (w->error != NULL)
		return -1;
	c = json_wide_peek(w);
	if (c == ']') {
		w->next++;
		w->depth--;
		return 0;
	}
	if (first)
		return 1;
	if (c != ',')
		return fail_expected(w, "',' or ']'");
	w->next++;
	if (json_wide_peek(w) == ']')
		return json_wide_fail(w, w->next, "a comma before ']'");
	return 1;
}

/* To the key's quote: 1, or 0 past the closing brace. */
static int to_key(struct json_wide *w, bool first)
{
	char c;

	if (w->error != NULL)
		return -1;
	c = json_wide_peek(w);
	if (c == '}') {
		w->next++;
		w->depth--;
		return 0;
	}
	if (!first) {
		if (c != ',')
			return fail_expected(w, "',' or '}'");
		w->next++;
		if (json_wide_peek(w) == '}')
			return json_wide_fail(w, w->next, "a comma before '}'");
	}
	if (json_wide_peek(w) != '"')
		return fail_expected(w, "a key in double quotes");
	return 1;
}

static int take_colon(struct json_wide *w)
{
	if (json_wide_peek(w) != ':')
		return fail_expected(w, "':'");
	w->next++;
	return 0;
}

/* ---- passing over ------------------------------------------------------------- */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The escape at next, a backslash. */
static int skip_escape(struct json_wide *w)
{
	const char *p;
	int i;

	want(w, 6);
	p = w->next;
	if (w->end - p < (p[1] == 'u' ? 6 : 2) && w->error == NULL)
		return json_wide_fail(w, w->end, "a string that is not closed");
	if (p[1] == 'u') {
		for (i = 2; i < 6; i++)
			if (!is_hex(p[i]))
				return json_wide_fail(
				    w, p, "\\u is not followed by four hexadecimal digits");
		w->next += 6;
		return 0;
	}
	if (p[1] == '\0' || strchr("\"\\/bfnrt", p[1]) == NULL)
		return json_wide_fail(w, p, "an escape that JSON does not have");
	w->next += 2;
	return 0;
}

/* The string at next, however long it is. */
static int skip_string(struct json_wide *w)
{
	size_t step;
	unsigned char c;

	w->next++;
	for (;;) {
		w->next = json_scan_string(w->next);
		c = (unsigned char)*w->next;
		if (c == '"') {
			w->next++;
			return 0;
		}
		if (c == '\\') {
			if (skip_escape(w) == -1)
				return -1;
			continue;
		}
		if (w->next >= w->end) {
			if (json_wide_more(w))
				continue;
			if (w->error == NULL)
				json_wide_fail(w, w->end, "a string that is not closed");
			return -1;
		}
		if (c < 0x20)
			return json_wide_fail(w, w->next,
					      c == '\n' || c == '\r'
						  ? "a line end in a string (is its closing quote "
						    "missing?)"
						  : "a raw control character in a string");
		want(w, 4);
		step = text_utf8_step(w->next, (size_t)(w->end - w->next));
		if (step == 0)
			return json_wide_fail(w, w->next, "not UTF-8");
		w->next += step;
	}
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits, one at least; numbers may be as long as the document. */
static int skip_digits(struct json_wide *w, const char *what)
{
	size_t n = 0;

	for (;;) {
		if (is_digit(*w->next)) {
			w->next++;
			n++;
		} else if (w->next < w->end || !json_wide_more(w)) {
			break;
		}
	}
	if (w->error != NULL)
		return -1;
	return n != 0 ? 0 : json_wide_fail(w, w->next, what);
}

static int skip_number(struct json_wide *w)
{
	want(w, 2);
	if (*w->next == '-')
		w->next++;
	want(w, 2);
	if (*w->next == '0' && is_digit(w->next[1]))
		return json_wide_fail(w, w->next, "a number with a leading zero");
	if (skip_digits(w, "a number without digits") == -1)
		return -1;
	if (*w->next == '.') {
		w->next++;
		if (skip_digits(w, "a number that ends with its point") == -1)
			return -1;
	}
	if (*w->next == 'e' || *w->next == 'E') {
		w->next++;
		want(w, 1);
		if (*w->next == '+' || *w->next == '-')
			w->next++;
		if (skip_digits(w, "a number whose exponent has no digits") == -1)
			return -1;
	}
	return 0;
}

static int skip_word(struct json_wide *w)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i, len;

	want(w, 6);
	for (i = 0; i < 3; i++) {
		len = strlen(words[i]);
		if ((size_t)(w->end - w->next) < len &&
		    memcmp(w->next, words[i], (size_t)(w->end - w->next)) == 0) {
			w->next = w->end;
			break;
		}
		if (strncmp(w->next, words[i], len) == 0) {
			char after = w->next[len];

			if ((after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z') ||
			    is_digit(after) || after == '_')
				break;
			w->next += len;
			return 0;
		}
	}
	return fail_expected(w, "a value");
}

static int skip_scalar(struct json_wide *w, char c)
{
	switch (c) {
	case '"':
		return skip_string(w);
	case 't':
	case 'f':
	case 'n':
		return skip_word(w);
	default:
		if (c != '-' && !is_digit(c))
			return fail_expected(w, "a value");
		return skip_number(w);
	}
}

/* The key is skipped as any string is, and decoded once it is there whole. */
int json_wide_member(struct json_wide *w, bool first, struct str *key)
{
	struct json j;
	size_t at;
	int more_members = to_key(w, first);

	if (more_members != 1)
		return more_members;
	w->anchor = w->next;
	w->dropped = false;
	if (skip_string(w) == -1) {
		w->anchor = NULL;
		return -1;
	}
	if (w->dropped)
		return json_wide_fail(w, w->next,
				      arena_printf(w->arena,
						   "a key longer than the limit of %u bytes",
						   LIMIT_STRING_SIZE));
	json_init(&j, (struct str){ w->anchor, (size_t)(w->next - w->anchor) }, w->arena);
	w->anchor = NULL;
	if (json_string(&j, key) == -1)
		return json_wide_fail(w, j.error_at, j.error);
	/* what follows may move the window */
	at = (size_t)(w->end - w->next);
	if (at < 2 || *w->next != ':')
		*key = arena_str(w->arena, *key);
	return take_colon(w) == -1 ? -1 : 1;
}

/* Past a value inside the brackets above `base`: to where the next one begins,
 * 1; or 0 where all are closed. */
static int to_next(struct json_wide *w, unsigned base, bool first)
{
	int rc;

	while (w->depth > base) {
		if (w->open[w->depth - 1] == '[') {
			rc = json_wide_item(w, first);
			if (rc != 0)
				return rc;
		} else {
			rc = to_key(w, first);
			if (rc == 1)
				return skip_string(w) == -1 || take_colon(w) == -1 ? -1 : 1;
			if (rc == -1)
				return -1;
		}
		first = false;
	}
	return 0;
}

int json_wide_skip(struct json_wide *w)
{
	unsigned base = w->depth;
	int rc;
	char c;

	if (w->error != NULL)
		return -1;
	do {
		c = json_wide_peek(w);
		if (c == '{' || c == '[') {
			if (json_wide_open(w, c) == -1)
				return -1;
			rc = to_next(w, base, true);
		} else {
			if (skip_scalar(w, c) == -1)
				return -1;
			rc = to_next(w, base, false);
		}
	} while (rc == 1);
	return rc;
}

int json_wide_whole(struct json_wide *w, struct str *bytes)
{
	int rc;

	*bytes = STR("");
	if (w->error != NULL)
		return -1;
	json_wide_peek(w);
	w->anchor = w->next;
	w->dropped = false;
	rc = json_wide_skip(w);
	if (rc == 0 && w->dropped)
		rc = 1;
	else if (rc == 0)
		*bytes = (struct str){ w->anchor, (size_t)(w->next - w->anchor) };
	w->anchor = NULL;
	if (rc == 0 && bytes->len > LIMIT_DOCUMENT_SIZE)
		rc = 1;
	return rc;
}

int json_wide_end(struct json_wide *w)
{
	if (w->error != NULL)
		return -1;
	if (json_wide_peek(w) == '\0' && w->next >= w->end)
		return w->error != NULL ? -1 : 0;
	return json_wide_fail(w, w->next, "more after the end of the document");
}
