/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of places in a row of elements, a bit each, as many words as the row needs.
 * Inside rule/known_walk.c only.
 */
#ifndef RULE_KNOWN_PLACES_H
#define RULE_KNOWN_PLACES_H

#include "rule/known_row.h"

#define PLACES_WORDS (KNOWN_LANGUAGE_MOST / 64 + 1)

struct places {
	uint64_t words[PLACES_WORDS];
};

static inline void places_put(struct places *s, size_t i)
{
	s->words[i / 64] |= (uint64_t)1 << i % 64;
}

static inline bool places_has(const uint64_t *s, size_t i)
{
	return (s[i / 64] >> i % 64 & 1) != 0;
}

/* Puts those of `from` to those of `to`. */
static inline void places_join(uint64_t *to, const uint64_t *from, size_t words)
{
	size_t i;

	for (i = 0; i < words; i++)
		to[i] |= from[i];
}

/* Whether any is in both. */
static inline bool places_meet(const uint64_t *a, const uint64_t *b, size_t words)
{
	size_t i;

	for (i = 0; i < words; i++)
		if ((a[i] & b[i]) != 0)
			return true;
	return false;
}

/* Whether all of a are in b. */
static inline bool places_are_within(const uint64_t *a, const uint64_t *b, size_t words)
{
	size_t i;

	for (i = 0; i < words; i++)
		if ((a[i] & ~b[i]) != 0)
			return false;
	return true;
}

static inline bool places_are_none(const uint64_t *s, size_t words)
{
	size_t i;

	for (i = 0; i < words; i++)
		if (s[i] != 0)
			return false;
	return true;
}

#endif
