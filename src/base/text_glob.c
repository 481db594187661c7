/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shell patterns over characters, not bytes.
 */
#include "base/text.h"

#define NONE ((size_t)-1)

/* One member of a set, `\` undone. NULL, or what is wrong. */
static const char *set_point(struct str pattern, size_t *at, uint32_t *point)
{
	if (*at < pattern.len && pattern.data[*at] == '\\')
		(*at)++;
	if (*at == pattern.len)
		return "a '[' without its ']'";
	*point = text_next_point(pattern, at);
	return NULL;
}

/*
 * Reads a set whose `[` is passed already, and says whether `point` is in it.
 * A `]` that comes first is a member (POSIX.1-2008, XCU 2.13.1).
 */
static const char *set_read(struct str pattern, size_t *at, uint32_t point, bool *found)
{
	bool negated = false, in = false, first = true;
	const char *wrong;
	uint32_t low, high;

	if (*at < pattern.len && (pattern.data[*at] == '!' || pattern.data[*at] == '^')) {
		negated = true;
		(*at)++;
	}
	for (;; first = false) {
		if (*at < pattern.len && pattern.data[*at] == ']' && !first)
			break;
		/* taken for members, [:digit:] would quietly mean something else */
		if (pattern.len - *at >= 2 && pattern.data[*at] == '[' &&
		    strchr(":.=", pattern.data[*at + 1]) != NULL && pattern.data[*at + 1] != '\0')
			return "a named class such as [:digit:], which is not supported: "
			       "write a range, or '\\[' for the character";
		wrong = set_point(pattern, at, &low);
		if (wrong != NULL)
			return wrong;
		high = low;
		if (pattern.len - *at >= 2 && pattern.data[*at] == '-' &&
		    pattern.data[*at + 1] != ']') {
			(*at)++;
			wrong = set_point(pattern, at, &high);
			if (wrong != NULL)
				return wrong;
			if (high < low)
				return "a range that ends before it begins";
		}
		in |= low <= point && point <= high;
	}
	(*at)++;
	*found = in != negated;
	return NULL;
}

/* Matches one element of the pattern, which is not `*`, with one code point. */
static bool glob_one(struct str pattern, size_t *p, struct str text, size_t *t)
{
	uint32_t point = text_next_point(text, t);
	bool found = false;

	switch (pattern.data[*p]) {
	case '?':
		(*p)++;
		return true;
	case '[':
		(*p)++;
		return set_read(pattern, p, point, &found) == NULL && found;
	case '\\':
		(*p)++;
		if (*p == pattern.len)
			return false;
		break;
	default:
		break;
	}
	return text_next_point(pattern, p) == point;
}

/*
 * A later star can do whatever an earlier one could, so only the last one is
 * ever gone back to: text times pattern at worst, no recursion.
 */
bool text_glob(struct str pattern, struct str text)
{
	size_t p = 0, t = 0, star = NONE, mark = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.data[p] == '*') {
			star = ++p;
			mark = t;
			if (star == pattern.len)
				return true;
			continue;
		}
		if (p < pattern.len && glob_one(pattern, &p, text, &t))
			continue;
		if (star == NONE)
			return false;
		(void)text_next_point(text, &mark);
		t = mark;
		p = star;
	}
	while (p < pattern.len && pattern.data[p] == '*')
		p++;
	return p == pattern.len;
}

const char *text_glob_check(struct str pattern)
{
	const char *wrong;
	bool found;
	size_t p = 0;

	if (text_utf8_valid(pattern) != pattern.len)
		return "bytes that are not UTF-8";
	while (p < pattern.len) {
		switch (pattern.data[p++]) {
		case '[':
			wrong = set_read(pattern, &p, 0, &found);
			if (wrong != NULL)
				return wrong;
			break;
		case '\\':
			if (p == pattern.len)
				return "a '\\' with nothing after it";
			(void)text_next_point(pattern, &p);
			break;
		default:
			break;
		}
	}
	return NULL;
}
