/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One rule as its author wrote it: its keys, read and checked.
 */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include <stdint.h>

#include "rule/policy.h"
#include "rule/shape.h"

/*
 * Fills a rule but for its index. pack_version: of the file, 0 where it has
 * none. Conditions and tests are only looked at from outside. False when the
 * rule has no id that it could be known by; other mistakes leave it usable.
 */
bool rule_read(const struct shape *s, const struct value *node, int64_t pack_version,
	       struct rule *rule);

#endif
