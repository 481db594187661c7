/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on texts with gaps, each as a walk of the text's row through that of
 * a language.
 */
#include "rule/known.h"

#include <string.h>

#include "rule/known_walk.h"

struct rows {
	struct known_row text, language;
};

static void begin(struct rows *rows, const struct partial *text)
{
	known_row_init(&rows->text, KNOWN_TEXT_MOST);
	known_row_init(&rows->language, KNOWN_LANGUAGE_MOST);
	known_row_parts(&rows->text, text->parts, text->n, false);
}

enum truth known_text(const struct partial *text, struct str wanted, enum known_where where)
{
	struct rows rows;

	begin(&rows, text);
	if (where == KNOWN_END || where == KNOWN_INSIDE)
		known_row_anything(&rows.language);
	known_row_text(&rows.language, wanted);
	if (where == KNOWN_START || where == KNOWN_INSIDE)
		known_row_anything(&rows.language);
	return known_walk(&rows.text, &rows.language);
}

/* Whether a part of a text that stands first, or last, cannot be where the literal is. */
static bool clashes(const struct partial_part *part, struct str literal, bool last)
{
	const char *p = part->text.data;
	unsigned char c;
	size_t n;

	if (literal.len == 0)
		return false;
	if (p == NULL) {
		c = (unsigned char)literal.data[last ? literal.len - 1 : 0];
		return part->least > 0 && c < 0x80 && (part->chars & chars_of(c)) == 0;
	}
	n = part->text.len < literal.len ? part->text.len : literal.len;
	if (last)
		return memcmp(p + part->text.len - n, literal.data + literal.len - n, n) != 0;
	return memcmp(p, literal.data, n) != 0;
}

/* Seen at the ends of both, as with most patterns: nothing need be written down. */
static bool glob_is_apart(const struct partial *text, struct str glob)
{
	static const char special[] = "*?[]\\";
	struct str first = { glob.data, 0 }, last = { glob.data, glob.len };

	while (first.len < glob.len && strchr(special, glob.data[first.len]) == NULL)
		first.len++;
	if (first.len < glob.len)
		for (last.data += glob.len, last.len = 0; strchr(special, last.data[-1]) == NULL;
		     last.data--)
			last.len++;
	return clashes(&text->parts[0], first, false) ||
	       clashes(&text->parts[text->n - 1], last, true);
}

enum truth known_glob(const struct partial *text, struct str glob)
{
	struct rows rows;

	if (glob_is_apart(text, glob))
		return TRUTH_FALSE;
	begin(&rows, text);
	known_row_glob(&rows.language, glob);
	return known_walk(&rows.text, &rows.language);
}

enum truth known_shape(const struct partial *text, const struct partial_part *shape, size_t n)
{
	struct rows rows;

	begin(&rows, text);
	known_row_parts(&rows.language, shape, n, true);
	return known_walk(&rows.text, &rows.language);
}

bool known_not_shape(const struct partial *text, const struct partial_part *shape, size_t n)
{
	struct rows rows;

	begin(&rows, text);
	known_row_parts(&rows.language, shape, n, true);
	return known_walk_none(&rows.text, &rows.language);
}

enum truth known_length(const struct partial *text, uint32_t length, bool least)
{
	uint64_t fewest, most;

	partial_length(text, &fewest, &most);
	if (least)
		return fewest >= length ? TRUTH_TRUE : most < length ? TRUTH_FALSE : TRUTH_UNKNOWN;
	return most <= length ? TRUTH_TRUE : fewest > length ? TRUTH_FALSE : TRUTH_UNKNOWN;
}
