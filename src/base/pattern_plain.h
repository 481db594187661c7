/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns that need no regular expression engine: `^acme-(dev|prod)-[a-z0-9-]{2,60}$`.
 *
 * Anchored at both ends, one part after another, each of ASCII and with one way at
 * most to match what is there: so they are matched from left to right without ever
 * going back, with the answer that PCRE2 gives. Rules on names are nearly all like
 * that. Everything else is not plain, and PCRE2's.
 */
#ifndef BASE_PATTERN_PLAIN_H
#define BASE_PATTERN_PLAIN_H

#include <stdbool.h>

#include "base/str.h"

struct pattern_plain;

/* Of an expression that PCRE2 took. NULL: it is not plain. */
struct pattern_plain *pattern_plain_new(struct str expression);
void pattern_plain_free(struct pattern_plain *p);
/* Whether the subject, well-formed UTF-8, matches. */
bool pattern_plain_matches(const struct pattern_plain *p, struct str subject);
/* The same, part after part, where the machine knows a faster way: for that way's tests. */
bool pattern_plain_matches_slowly(const struct pattern_plain *p, struct str subject);

#endif
