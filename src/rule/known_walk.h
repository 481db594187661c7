/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether all, or none, of the texts of one row are in the language of another.
 * Inside rule/ only.
 */
#ifndef RULE_KNOWN_WALK_H
#define RULE_KNOWN_WALK_H

#include "rule/cond.h"
#include "rule/known_row.h"

/* TRUTH_TRUE where every text of the one row is in the language of the other,
 * TRUTH_FALSE where none is; unknown past LIMIT_PARTIAL_STEPS. */
enum truth known_walk(const struct known_row *text, const struct known_row *language);
/* Whether it would be TRUTH_FALSE. */
bool known_walk_none(const struct known_row *text, const struct known_row *language);

#endif
