/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules over several resources: what they ask, what they remember of each
 * resource, and the verdicts when all have been read.
 */
#ifndef RULE_GROUP_H
#define RULE_GROUP_H

#include <stdint.h>

#include "rule/policy_inside.h"

struct group_rule;

/* The paths of group_by and the entries of require. NULL with mistakes. */
struct group_rule *group_compile(const struct scope *scope, const struct rule *rule);
void group_rule_release(struct group_rule *g);
field_set group_rule_needs(const struct group_rule *g);

#endif
