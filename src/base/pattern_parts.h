/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plain pattern is made of, shared by the files that read it and match with
 * it. For base/pattern_*.c only.
 */
#ifndef BASE_PATTERN_PARTS_H
#define BASE_PATTERN_PARTS_H

#include "base/pattern_plain.h"

#include <stdint.h>

#define PARTS   64
#define WORDS   16 /* alternatives of one group */
#define NO_MOST UINT32_MAX
#define RANGES  4 /* of bytes that a set is made of, for looking at many bytes at once */

/* Some bytes of a set, or one of several words. */
struct part {
	uint32_t least, most; /* bytes of the set */
	uint32_t n_words;     /* 0: it is a set */
	struct str words[WORDS];
	bool has[256]; /* of words: their first bytes */
	/* A set as ranges, each byte sixteen times: first bytes, and how many follow. None
	 * where it has more of them. */
	uint32_t n_ranges;
	unsigned char first[RANGES][16], more[RANGES][16];
};

struct pattern_wide;

struct pattern_plain {
	char *text; /* of the words */
	size_t n;
	/* The part of no fixed length that is last: those behind it end the subject, so
	 * that it has what is left between. SIZE_MAX when there is none. */
	size_t last_free;
	size_t behind;             /* bytes of the parts behind it */
	struct pattern_wide *wide; /* the same, or NULL where that is not known */
	struct part parts[];
};

/*
 * Plain patterns as nearly all names have: one of a few beginnings, then single bytes of
 * sets, a run of one set, and single bytes again to the end. NULL where the pattern is
 * not like that, or the machine does not know many bytes at once.
 */
struct pattern_wide *pattern_wide_new(const struct pattern_plain *p);
void pattern_wide_free(struct pattern_wide *w);
bool pattern_wide_matches(const struct pattern_wide *w, struct str subject);

#endif
