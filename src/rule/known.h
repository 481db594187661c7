/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the known part of a text decides: TRUTH_TRUE where every text that
 * remains is of a language, TRUTH_FALSE where none is, else TRUTH_UNKNOWN. Gives
 * up, with TRUTH_UNKNOWN, past LIMIT_PARTIAL_STEPS. Inside rule/ only.
 */
#ifndef RULE_KNOWN_H
#define RULE_KNOWN_H

#include "model/partial.h"
#include "rule/cond.h"

enum known_where { KNOWN_WHOLE, KNOWN_START, KNOWN_END, KNOWN_INSIDE };

/* text: a partial text. Whether `wanted` is the whole of it, stands at its
 * beginning, at its end, or anywhere in it. */
enum truth known_text(const struct partial *text, struct str wanted, enum known_where where);
/* Whether a shell pattern fits it; the pattern was checked (text_glob_check). */
enum truth known_glob(const struct partial *text, struct str glob);
/* Whether it is made of these parts, one behind the other. */
enum truth known_shape(const struct partial *text, const struct partial_part *shape, size_t n);
/* Whether that is TRUTH_FALSE, for less than the whole answer costs. */
bool known_not_shape(const struct partial *text, const struct partial_part *shape, size_t n);
/* Whether it has at least, or at most, so many characters. */
enum truth known_length(const struct partial *text, uint32_t length, bool least);

/* What holds for all known members, or for any of them, where there may be more. */
static inline enum truth all_of_open(const struct value *v, enum truth known)
{
	return known == TRUTH_TRUE && (v->flags & VALUE_OPEN) != 0 ? TRUTH_UNKNOWN : known;
}
static inline enum truth any_of_open(const struct value *v, enum truth known)
{
	return known == TRUTH_FALSE && (v->flags & VALUE_OPEN) != 0 ? TRUTH_UNKNOWN : known;
}

/* Of many answers that may be the right one: the one that they all give. */
struct agreed {
	enum truth truth;
	bool any;
};
static inline void agree(struct agreed *a, enum truth one)
{
	if (a->any && a->truth != one)
		one = TRUTH_UNKNOWN;
	a->truth = one;
	a->any = true;
}

#endif
