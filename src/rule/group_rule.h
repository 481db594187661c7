/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compiled group rule, as group_rule.c makes it and group.c reads it.
 */
#ifndef RULE_GROUP_RULE_H
#define RULE_GROUP_RULE_H

#include "rule/compile.h"
#include "rule/group.h"
#include "rule/path.h"

/* The first n_keys paths are those of group_by, the rest those that have to be
 * the same or unique. */
struct group_rule {
	struct gathered got;
	struct path *paths;
	bool *unique; /* by path; of one of `require` */
	size_t n_keys, n_paths;
	struct ops *count; /* on the size of the group, or NULL */
	struct str count_text;
};

#endif
