/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON's strings: where they end, escapes, and what is no character.
 */
#include "model/json_inside.h"

#include <string.h>

#include "base/limit.h"
#include "base/text.h"
#include "model/json_scan.h"

/* The four digits after \u at p, or -1. The NUL at the end is no digit. */
static int32_t hex4(const char *p)
{
	int32_t n = 0;
	int i, digit;

	for (i = 0; i < 4; i++) {
		digit = text_hex_digit(p[i]);
		if (digit == -1)
			return -1;
		n = n * 16 + digit;
	}
	return n;
}

/* Decodes the escape at p (a backslash) to `to`, gives the bytes taken or 0. */
static size_t unescape(struct json *j, const char *p, char **to)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int32_t unit, low;

	if (p[1] == 'u') {
		unit = hex4(p + 2);
		if (unit == -1) {
			json_fail(j, p, "\\u is not followed by four hexadecimal digits");
			return 0;
		}
		if (unit >= 0xdc00 && unit <= 0xdfff) {
			json_fail(j, p, "a lone low surrogate");
			return 0;
		}
		if (unit < 0xd800 || unit > 0xdbff) {
			*to += text_utf8_put(*to, (uint32_t)unit);
			return 6;
		}
		low = p[6] == '\\' && p[7] == 'u' ? hex4(p + 8) : -1;
		if (low < 0xdc00 || low > 0xdfff) {
			json_fail(j, p, "a lone high surrogate");
			return 0;
		}
		*to += text_utf8_put(*to, 0x10000 + (((uint32_t)unit & 0x3ff) << 10) +
					      ((uint32_t)low & 0x3ff));
		return 12;
	}
	found = p[1] != '\0' ? strchr(names, p[1]) : NULL;
	if (found == NULL) {
		json_fail(j, p, "an escape that JSON does not have");
		return 0;
	}
	*(*to)++ = bytes[found - names];
	return 2;
}

/* What stopped a string's loop and is none of its ends: -1, or past the
 * well-formed character at p. */
static const char *pass_character(struct json *j, const char *p, const char *open)
{
	size_t step;

	if (p >= j->end) {
		json_fail(j, open, "a string that is not closed");
		return NULL;
	}
	if ((unsigned char)*p < 0x20) {
		json_fail(j, p,
			  *p == '\n' || *p == '\r'
			      ? "a line end in a string (is its closing quote missing?)"
			      : "a raw control character in a string");
		return NULL;
	}
	step = text_utf8_step(p, (size_t)(j->end - p));
	if (step == 0) {
		json_fail(j, p, "not UTF-8");
		return NULL;
	}
	return p + step;
}

/* The closing quote of the string that begins after `open`, or NULL; *escaped
 * says whether there is anything to decode. */
static const char *string_end(struct json *j, const char *open, bool *escaped)
{
	const char *p = open + 1;

	*escaped = false;
	for (;;) {
		p = json_scan_string(p);
		if (*p == '"')
			break;
		if (*p == '\\') {
			*escaped = true;
			/* which escape it is, decode() asks */
			p++;
			if ((unsigned char)*p >= 0x20) {
				p++;
				continue;
			}
		}
		p = pass_character(j, p, open);
		if (p == NULL)
			return NULL;
	}
	if ((size_t)(p - open) > LIMIT_STRING_SIZE) {
		json_fail(j, open,
			  arena_printf(j->arena, "a string longer than the limit of %u bytes",
				       LIMIT_STRING_SIZE));
		return NULL;
	}
	return p;
}

static int decode(struct json *j, const char *p, const char *end, struct str *s)
{
	char *to = arena_alloc(j->arena, (size_t)(end - p) + 1);
	char *start = to;
	const char *stop;
	size_t took;

	while (p < end) {
		stop = memchr(p, '\\', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		memcpy(to, p, (size_t)(stop - p));
		to += stop - p;
		p = stop;
		if (p == end)
			break;
		took = unescape(j, p, &to);
		if (took == 0)
			return -1;
		p += took;
	}
	*s = (struct str){ start, (size_t)(to - start) };
	return 0;
}

int json_string(struct json *j, struct str *s)
{
	const char *open, *end;
	bool escaped;

	if (j->error != NULL)
		return -1;
	if (json_peek(j) != '"')
		return json_fail_expected(j, "a string");
	open = j->next;
	end = string_end(j, open, &escaped);
	if (end == NULL)
		return -1;
	if (escaped) {
		if (decode(j, open + 1, end, s) == -1)
			return -1;
	} else {
		*s = (struct str){ open + 1, (size_t)(end - open - 1) };
	}
	j->next = end + 1;
	return 0;
}

int json_skip_string(struct json *j)
{
	const char *end;
	struct str s;
	bool escaped;

	end = string_end(j, j->next, &escaped);
	if (end == NULL)
		return -1;
	if (escaped) {
		struct arena_mark mark = arena_mark(j->arena);
		int rc = decode(j, j->next + 1, end, &s);

		if (rc == -1)
			return -1;
		arena_rewind(j->arena, mark);
	}
	j->next = end + 1;
	return 0;
}
