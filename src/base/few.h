/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A few bytes as two numbers: up to sixteen, and zeros behind them; and sets of texts
 * that are no longer.
 */
#ifndef BASE_FEW_H
#define BASE_FEW_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

#define FEW 16

struct few {
	uint64_t low, high;
};

/* Reads nothing but the n bytes, FEW at most. */
static inline struct few few_of(const char *text, size_t n)
{
	struct few f = { 0, 0 };
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint32_t first, last;

	if (n >= 8) {
		memcpy(&f.low, text, 8);
		memcpy(&f.high, text + n - 8, 8);
		/* by two steps, as 64 places at once are not moved at all */
		f.high = f.high >> 4 * (FEW - n) >> 4 * (FEW - n);
	} else if (n >= 4) {
		memcpy(&first, text, 4);
		memcpy(&last, text + n - 4, 4);
		f.low = first | (uint64_t)last << 8 * (n - 4);
	} else if (n > 0) {
		f.low = (uint64_t)(unsigned char)text[0] |
			(uint64_t)(unsigned char)text[n / 2] << 8 * (n / 2) |
			(uint64_t)(unsigned char)text[n - 1] << 8 * (n - 1);
	}
#else
	memcpy(&f, text, n);
#endif
	return f;
}

/* Some short texts, each in a place of its own that is reckoned from it: whether a text is
 * one of them takes the same time for many as for one. */
struct few_set {
	uint64_t factor;
	uint32_t shift;
	struct few_place {
		struct few text;
		uint32_t size; /* UINT32_MAX: empty */
	} places[];
};

struct arena;

/* NULL where one of them is longer than FEW, or no such places are found. */
struct few_set *few_set_new(const struct str *texts, size_t n, struct arena *arena);

/* Where it is, if it is one of them. */
static inline size_t few_place(const struct few_set *set, struct few f, size_t n)
{
	return (size_t)(((f.low + n) ^ (f.high << 32 | f.high >> 32)) * set->factor >> set->shift);
}

/* Whether the text is one of them. */
static inline bool few_set_has(const struct few_set *set, const char *text, size_t n)
{
	const struct few_place *place;
	struct few f;

	if (n > FEW)
		return false;
	f = few_of(text, n);
	place = &set->places[few_place(set, f, n)];
	return ((place->text.low ^ f.low) | (place->text.high ^ f.high) | (place->size ^ n)) == 0;
}

#endif
