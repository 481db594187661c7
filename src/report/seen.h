/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was met before, by its name: for readers that lose one of two that have the
 * same. It takes 2 MiB, however many they are. So a new name may be taken for one that
 * was there, and costs it no more than a number: the last of 100,000 with a chance of two
 * in a milliard, the last of a million with one in a thousand.
 */
#ifndef REPORT_SEEN_H
#define REPORT_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* All zero: nothing was met. */
struct seen {
	uint64_t *bits;
	uint64_t n; /* questions so far */
};

/* Whether the name may have been there before; from now on it has. */
bool seen_before(struct seen *s, struct str name);
/* A number that tells this one from those before of its name: 0 for the first, then
 * 1, 2 and so on, and larger ones where there are very many. */
uint64_t seen_times(struct seen *s, struct str name);
void seen_release(struct seen *s);

#endif
