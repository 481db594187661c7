/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as it was written. Knows its grammar; builds nothing, and has no
 * recursion.
 */
#include "fetch/raw.h"

#include <stdint.h>

#include "base/limit.h"
#include "base/text.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t skip_space(struct str s, size_t at)
{
	while (at < s.len && is_space(s.data[at]))
		at++;
	return at;
}

/* Past the string that begins at `at`; 0 when it is none. */
static size_t skip_string(struct str s, size_t at)
{
	size_t i;

	if (at >= s.len || s.data[at] != '"')
		return 0;
	for (at++; at < s.len && s.data[at] != '"'; at++) {
		if ((unsigned char)s.data[at] < ' ')
			return 0;
		if (s.data[at] != '\\')
			continue;
		if (++at == s.len || s.data[at] == '\0' ||
		    strchr("\"\\/bfnrtu", s.data[at]) == NULL)
			return 0;
		if (s.data[at] != 'u')
			continue;
		for (i = 0; i < 4; i++)
			if (++at == s.len || strchr("0123456789abcdefABCDEF", s.data[at]) == NULL ||
			    s.data[at] == '\0')
				return 0;
	}
	return at < s.len ? at + 1 : 0;
}

static size_t skip_digits(struct str s, size_t at)
{
	while (at < s.len && is_digit(s.data[at]))
		at++;
	return at;
}

static size_t skip_number(struct str s, size_t at)
{
	size_t end;

	if (at < s.len && s.data[at] == '-')
		at++;
	end = skip_digits(s, at);
	if (end == at || (s.data[at] == '0' && end != at + 1))
		return 0;
	if (end < s.len && s.data[end] == '.') {
		at = end + 1;
		end = skip_digits(s, at);
		if (end == at)
			return 0;
	}
	if (end < s.len && (s.data[end] == 'e' || s.data[end] == 'E')) {
		at = end + 1;
		if (at < s.len && (s.data[at] == '+' || s.data[at] == '-'))
			at++;
		end = skip_digits(s, at);
		if (end == at)
			return 0;
	}
	return end;
}

/* Past a string, number or word; 0 when it is none. */
static size_t skip_scalar(struct str s, size_t at)
{
	static const struct str words[] = { STR("true"), STR("false"), STR("null") };
	size_t i;

	if (at < s.len && s.data[at] == '"')
		return skip_string(s, at);
	for (i = 0; i < 3; i++)
		if (str_starts((struct str){ s.data + at, s.len - at }, words[i]))
			return at + words[i].len;
	return skip_number(s, at);
}

/* A member's name and its colon. */
static size_t skip_name(struct str s, size_t at)
{
	at = skip_string(s, skip_space(s, at));
	if (at == 0)
		return 0;
	at = skip_space(s, at);
	return at < s.len && s.data[at] == ':' ? at + 1 : 0;
}

/* Past the value at `at`; 0 when it is none. */
static size_t skip_value(struct str s, size_t at)
{
	char closes[LIMIT_JSON_DEPTH];
	size_t depth = 0;
	char c;

	for (;;) {
		/* a value begins here */
		at = skip_space(s, at);
		c = at < s.len ? s.data[at] : '\0';
		if (c == '{' || c == '[') {
			if (depth == LIMIT_JSON_DEPTH)
				return 0;
			closes[depth++] = c == '{' ? '}' : ']';
			at = skip_space(s, at + 1);
			if (at < s.len && s.data[at] == closes[depth - 1]) {
				at++;
				depth--;
			} else {
				if (c == '{' && (at = skip_name(s, at)) == 0)
					return 0;
				continue;
			}
		} else {
			at = skip_scalar(s, at);
			if (at == 0)
				return 0;
		}
		/* one ended here: what it is in ends or goes on */
		for (;;) {
			if (depth == 0)
				return at;
			at = skip_space(s, at);
			c = at < s.len ? s.data[at] : '\0';
			if (c != closes[depth - 1])
				break;
			at++;
			depth--;
		}
		if (c != ',')
			return 0;
		at++;
		if (closes[depth - 1] == '}' && (at = skip_name(s, at)) == 0)
			return 0;
	}
}

int raw_check(struct str bytes, struct err *err)
{
	size_t end;

	if (text_utf8_valid(bytes) != bytes.len)
		return err_set(err, ERR_INPUT, "it is not UTF-8");
	end = skip_value(bytes, 0);
	if (end == 0 || skip_space(bytes, end) != bytes.len)
		return err_set(err, ERR_INPUT, bytes.len == 0 ? "it is empty" : "it is not JSON");
	return 0;
}

static unsigned hex_of(const char *digits)
{
	unsigned n = 0, i;
	char c;

	for (i = 0; i < 4; i++) {
		c = digits[i];
		n = 16 * n + (unsigned)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return n;
}

/* Whether a string's inside is this name. Of letters nothing but \u is an escape. */
static bool is_name(struct str text, const char *name)
{
	size_t at = 0;
	unsigned c;

	for (; *name != '\0' && at < text.len; name++) {
		c = (unsigned char)text.data[at++];
		if (c == '\\') {
			if (text.data[at] != 'u')
				return false;
			c = hex_of(text.data + at + 1);
			at += 5;
		}
		if (c != (unsigned char)*name)
			return false;
	}
	return *name == '\0' && at == text.len;
}

size_t raw_find(struct str object, const char *name, struct str *value)
{
	size_t at = skip_space(object, 0), from, end, found = 0;
	struct str text;

	if (at == object.len || object.data[at] != '{')
		return 0;
	at = skip_space(object, at + 1);
	while (at < object.len && object.data[at] == '"') {
		end = skip_string(object, at);
		text = (struct str){ object.data + at + 1, end - at - 2 };
		from = skip_space(object, skip_name(object, at));
		end = skip_value(object, from);
		if (is_name(text, name)) {
			*value = (struct str){ object.data + from, end - from };
			found++;
		}
		at = skip_space(object, end);
		if (at < object.len && object.data[at] == ',')
			at = skip_space(object, at + 1);
	}
	return found;
}

bool raw_member(struct str object, const char *name, struct str *value)
{
	return raw_find(object, name, value) == 1;
}

bool raw_next(struct str list, size_t *at, struct str *element)
{
	size_t from = *at, end;

	if (from == 0) {
		from = skip_space(list, 0);
		if (from == list.len || list.data[from] != '[')
			return false;
	}
	/* behind the bracket or the element before */
	from = skip_space(list, *at == 0 ? from + 1 : from);
	if (from < list.len && list.data[from] == ',')
		from = skip_space(list, from + 1);
	if (from >= list.len || list.data[from] == ']')
		return false;
	end = skip_value(list, from);
	*element = (struct str){ list.data + from, end - from };
	*at = end;
	return true;
}

void raw_put_compact(struct buf *to, struct str value)
{
	size_t at = 0, end;

	while (at < value.len) {
		if (is_space(value.data[at])) {
			at++;
			continue;
		}
		for (end = at; end < value.len && !is_space(value.data[end]);)
			end = value.data[end] == '"' ? skip_string(value, end) : end + 1;
		buf_put(to, value.data + at, end - at);
		at = end;
	}
}
