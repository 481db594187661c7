/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with gaps, literal texts, shapes and shell patterns as rows of elements.
 * Where a gap is longer than is worth while, it is taken for one without end: that
 * only adds texts, so nothing wrong is said.
 */
#include "rule/known_row.h"

#include <string.h>

#include "base/text.h"

#define GAP_MOST   256 /* characters of a gap that are counted one by one */
#define BIT(c)     ((uint64_t)1 << (c) % 64)
/* From a to b, in one word. */
#define BITS(a, b) ((BIT(b) - BIT(a)) | BIT(b))

static const struct known_chars everything = { { UINT64_MAX, UINT64_MAX }, 0, true };

/* ---- elements ----------------------------------------------------------------- */

void known_row_init(struct known_row *r, size_t most)
{
	r->n = r->n_sets = 0;
	r->most = most;
	r->full = false;
	memset(r->single, 0, sizeof(r->single));
}

static bool chars_equal(const struct known_chars *a, const struct known_chars *b)
{
	return a->ascii[0] == b->ascii[0] && a->ascii[1] == b->ascii[1] && a->point == b->point &&
	       a->others == b->others;
}

/* The number of the set in the row. */
static size_t row_set(struct known_row *r, const struct known_chars *chars)
{
	size_t i;

	for (i = 0; i < r->n_sets; i++)
		if (chars_equal(&r->sets[i], chars))
			return i;
	if (i == KNOWN_SETS_MOST) {
		r->full = true;
		return 0;
	}
	r->sets[r->n_sets++] = *chars;
	return i;
}

static void row_put(struct known_row *r, enum known_often often, size_t set)
{
	if (r->n == r->most) {
		r->full = true;
		return;
	}
	r->list[r->n] = (struct known_element){ (uint16_t)set, (uint8_t)often, (uint32_t)r->n + 1 };
	r->n++;
}

static void row_add(struct known_row *r, enum known_often often, const struct known_chars *chars)
{
	row_put(r, often, row_set(r, chars));
}

static void row_point(struct known_row *r, uint32_t point)
{
	struct known_chars chars = { .point = point };

	if (point >= 0x80) {
		row_add(r, KNOWN_ONCE, &chars);
		return;
	}
	if (r->single[point] == 0) {
		chars.point = 0;
		chars.ascii[point / 64] = (uint64_t)1 << point % 64;
		r->single[point] = (uint16_t)(row_set(r, &chars) + 1);
	}
	row_put(r, KNOWN_ONCE, (size_t)r->single[point] - 1);
}

/* ---- texts and gaps ------------------------------------------------------------ */

/* The characters of CHARS_*, as model/partial.h has them. */
static struct known_chars chars_set(unsigned chars)
{
	static const struct {
		unsigned chars;
		uint64_t ascii[2];
	} ascii[] = {
		{ CHARS_LOWER, { 0, BITS('a', 'z') } },
		{ CHARS_UPPER, { 0, BITS('A', 'Z') } },
		{ CHARS_DIGIT, { BITS('0', '9'), 0 } },
		{ CHARS_HYPHEN, { BIT('-'), 0 } },
		{ CHARS_PERIOD, { BIT('.'), 0 } },
		{ CHARS_UNDERSCORE, { 0, BIT('_') } },
		{ CHARS_SIGN, { BIT(' ') | BIT(':') | BIT('/') | BIT('=') | BIT('+'), BIT('@') } },
	};
	struct known_chars set = { .others = (chars & CHARS_WORLD) != 0 };
	uint64_t rest[2] = { UINT64_MAX, UINT64_MAX };
	size_t i, k;

	for (i = 0; i < sizeof(ascii) / sizeof(*ascii); i++) {
		for (k = 0; k < 2; k++) {
			rest[k] &= ~ascii[i].ascii[k];
			if ((chars & ascii[i].chars) != 0)
				set.ascii[k] |= ascii[i].ascii[k];
		}
	}
	if ((chars & CHARS_MARK) != 0) {
		set.ascii[0] |= rest[0];
		set.ascii[1] |= rest[1];
	}
	return set;
}

void known_row_anything(struct known_row *r)
{
	row_add(r, KNOWN_ANY_NUMBER, &everything);
}

void known_row_text(struct known_row *r, struct str text)
{
	size_t at = 0, step;

	while (at < text.len && !r->full) {
		step = text_utf8_step(text.data + at, text.len - at);
		if (step == 0) {
			r->full = true; /* no UTF-8: nothing is said of it */
			return;
		}
		row_point(r, text_utf8_point(text.data + at, step));
		at += step;
	}
}

/* exact: nothing may be added to it. */
static void row_gap(struct known_row *r, const struct partial_part *gap, bool exact)
{
	struct known_chars chars = chars_set(gap->chars);
	uint32_t least = gap->least, most = gap->most, i;
	size_t set = row_set(r, &chars), end;

	if (least > GAP_MOST) {
		r->full |= exact;
		least = GAP_MOST;
		most = GAP_NO_MOST;
	}
	for (i = 0; i < least && !r->full; i++)
		row_put(r, KNOWN_ONCE, set);
	if (most - least > GAP_MOST) {
		r->full |= exact && most != GAP_NO_MOST;
		row_put(r, KNOWN_ANY_NUMBER, set);
		return;
	}
	/* what is left out is left out at the end: one way for each length */
	end = r->n + (most - least);
	for (; i < most && !r->full; i++) {
		row_put(r, KNOWN_AT_MOST_ONCE, set);
		r->list[r->n - 1].skip = (uint32_t)end;
	}
}

void known_row_parts(struct known_row *r, const struct partial_part *parts, size_t n, bool exact)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (parts[i].text.data != NULL)
			known_row_text(r, parts[i].text);
		else
			row_gap(r, &parts[i], exact);
	}
}

/* A set of a shell pattern, asked for each character of ASCII; one that names
 * others is not looked into. */
static void row_bracket(struct known_row *r, struct str bracket)
{
	struct known_chars chars = { .others = text_glob(bracket, STR("\xC3\xA9")) };
	char c;
	size_t i;

	for (i = 0; i < bracket.len; i++)
		r->full |= (unsigned char)bracket.data[i] >= 0x80;
	for (i = 0; i < 0x80; i++) {
		c = (char)i;
		if (text_glob(bracket, (struct str){ &c, 1 }))
			chars.ascii[i / 64] |= BIT(i);
	}
	row_add(r, KNOWN_ONCE, &chars);
}

static size_t bracket_end(struct str glob, size_t at)
{
	size_t i = at + 1;

	if (i < glob.len && (glob.data[i] == '!' || glob.data[i] == '^'))
		i++;
	if (i < glob.len && glob.data[i] == ']')
		i++;
	while (i < glob.len && glob.data[i] != ']')
		i += glob.data[i] == '\\' ? 2 : 1;
	return i < glob.len ? i + 1 : glob.len;
}

void known_row_glob(struct known_row *r, struct str glob)
{
	size_t at = 0, end;

	while (at < glob.len && !r->full) {
		end = at + 1;
		switch (glob.data[at]) {
		case '*':
			row_add(r, KNOWN_ANY_NUMBER, &everything);
			break;
		case '?':
			row_add(r, KNOWN_ONCE, &everything);
			break;
		case '[':
			end = bracket_end(glob, at);
			row_bracket(r, (struct str){ glob.data + at, end - at });
			break;
		default:
			if (glob.data[at] == '\\' && ++at == glob.len)
				return;
			end = at + text_utf8_step(glob.data + at, glob.len - at);
			if (end == at) {
				r->full = true;
				return;
			}
			known_row_text(r, (struct str){ glob.data + at, end - at });
			break;
		}
		at = end;
	}
}
