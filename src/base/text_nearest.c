/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name that somebody may have meant.
 */
#include "base/text.h"

#include "base/limit.h"

#define NONE ((size_t)-1)

/* An edit outweighs any number of letters in the other case. */
#define EDIT 1024u
_Static_assert(LIMIT_NEAREST < EDIT, "case differences must not add up to an edit");

/* Code points of s, or NONE when there are too many to be a name. */
static size_t points_of(struct str s, uint32_t points[LIMIT_NEAREST])
{
	size_t at = 0, n = 0;

	while (at < s.len) {
		if (n == LIMIT_NEAREST)
			return NONE;
		points[n++] = text_next_point(s, &at);
	}
	return n;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* What it costs to put one code point in the other's place. */
static uint32_t exchange(uint32_t a, uint32_t b)
{
	if (a == b)
		return 0;
	return text_fold(a) == text_fold(b) ? 1 : EDIT;
}

/*
 * Optimal string alignment: insert, delete, exchange, swap of neighbours. Three
 * rows are kept. Gives up, with a cost above `most`, once no way stays below.
 */
static uint32_t edit_cost(const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len,
			  uint32_t most)
{
	uint32_t rows[3][LIMIT_NEAREST + 1];
	uint32_t *row = rows[0], *above = rows[1], *higher = rows[2], *spare;
	uint32_t best, best_above = 0;
	size_t i, j;

	for (j = 0; j <= b_len; j++)
		row[j] = (uint32_t)j * EDIT;
	for (i = 1; i <= a_len; i++) {
		spare = higher;
		higher = above;
		above = row;
		row = spare;
		best = row[0] = (uint32_t)i * EDIT;
		for (j = 1; j <= b_len; j++) {
			row[j] = least(above[j - 1] + exchange(a[i - 1], b[j - 1]),
				       least(above[j], row[j - 1]) + EDIT);
			if (i > 1 && j > 1 && exchange(a[i - 1], b[j - 2]) < EDIT &&
			    exchange(a[i - 2], b[j - 1]) < EDIT)
				row[j] = least(row[j], higher[j - 2] + EDIT +
							   exchange(a[i - 1], b[j - 2]) +
							   exchange(a[i - 2], b[j - 1]));
			best = least(best, row[j]);
		}
		if (best > most && best_above > most)
			return most + 1;
		best_above = best;
	}
	return row[b_len];
}

/* A bit for each letter, whatever its case; some letters share one. */
static uint64_t letters_of(const uint32_t *a, size_t len)
{
	uint64_t letters = 0;
	size_t i;

	for (i = 0; i < len; i++)
		letters |= UINT64_C(1) << (text_fold(a[i]) & 63);
	return letters;
}

static bool are_more(uint64_t letters, uint32_t most)
{
	for (; letters != 0 && most > 0; letters &= letters - 1)
		most--;
	return letters != 0;
}

const char *text_nearest(struct str wrong, const char *const *names, size_t n)
{
	uint32_t a[LIMIT_NEAREST], b[LIMIT_NEAREST];
	size_t a_len = points_of(wrong, a), b_len, longer, gap, i;
	uint32_t cost, allowed, nearest_cost = UINT32_MAX;
	const char *nearest = NULL;
	uint64_t a_letters, b_letters;

	if (a_len == NONE)
		return NULL;
	a_letters = letters_of(a, a_len);
	for (i = 0; i < n; i++) {
		b_len = points_of(str_of(names[i]), b);
		if (b_len == NONE)
			continue;
		longer = a_len > b_len ? a_len : b_len;
		gap = longer - (a_len < b_len ? a_len : b_len);
		/* a third of the letters may be wrong, and any of them in the wrong case */
		allowed = least((uint32_t)(longer + 1) / 3 * EDIT + EDIT - 1, nearest_cost - 1);
		if (gap * EDIT > allowed)
			continue;
		/* every letter that the other lacks is an edit at least */
		b_letters = letters_of(b, b_len);
		if (are_more(a_letters & ~b_letters, allowed / EDIT) ||
		    are_more(b_letters & ~a_letters, allowed / EDIT))
			continue;
		cost = edit_cost(a, a_len, b, b_len, allowed);
		if (cost > allowed)
			continue;
		nearest = names[i];
		nearest_cost = cost;
		if (cost == 0)
			break;
	}
	return nearest;
}
