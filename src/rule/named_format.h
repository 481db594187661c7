/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named formats, as `is` and `is_not` ask for them: a row of rule/format_list.h each.
 * Inside rule/ only.
 */
#ifndef RULE_NAMED_FORMAT_H
#define RULE_NAMED_FORMAT_H

#include "base/str.h"

struct named_format {
	const char *name;
	const char *(*check)(struct str s); /* NULL when s is of it, else what is wrong */
	const char *points;                 /* a pattern for what is not ASCII alone, or NULL */
};

/* As many as format_n_rows, in the same order. */
extern const struct named_format named_formats[];

#endif
