/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of elements, which texts with gaps and languages both are: a set of
 * characters that stands once, at most once, or any number of times. Inside
 * rule/ only.
 */
#ifndef RULE_KNOWN_ROW_H
#define RULE_KNOWN_ROW_H

#include "model/partial.h"

#define KNOWN_LANGUAGE_MOST 512 /* elements of the language's row: bits of a set of places */
#define KNOWN_TEXT_MOST     2048
#define KNOWN_SETS_MOST     256 /* sets of characters in a row, no two equal */

enum known_often { KNOWN_ONCE, KNOWN_AT_MOST_ONCE, KNOWN_ANY_NUMBER };

struct known_chars {
	uint64_t ascii[2]; /* bit n: the character n is in it */
	uint32_t point;    /* beyond ASCII, by itself; 0 where none is */
	bool others;       /* all beyond ASCII */
};

struct known_element {
	uint16_t chars; /* which of the row's sets */
	uint8_t often;  /* enum known_often */
	uint32_t skip;  /* of what may be left out: where one goes on, behind the gap */
};

struct known_row {
	size_t n, n_sets, most;
	bool full;             /* it could not be written down: nothing is said of it */
	uint16_t single[0x80]; /* the set of this character alone, plus 1 */
	struct known_chars sets[KNOWN_SETS_MOST];
	struct known_element list[KNOWN_TEXT_MOST];
};

/* An empty row for `most` elements, at most KNOWN_TEXT_MOST. What follows adds to
 * it; past the room for it `full` is set. */
void known_row_init(struct known_row *r, size_t most);
/* Any text. */
void known_row_anything(struct known_row *r);
void known_row_text(struct known_row *r, struct str text);
/* Texts and gaps. exact: it must not take a gap for one that is longer. */
void known_row_parts(struct known_row *r, const struct partial_part *parts, size_t n, bool exact);
/* A shell pattern that was checked (text_glob_check). */
void known_row_glob(struct known_row *r, struct str glob);

#endif
