/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `ivslint explain` says of one rule with its parameters and of saved
 * configurations: the evaluation, step by step.
 */
#ifndef CMD_EXPLAIN_H
#define CMD_EXPLAIN_H

#include "cmd/cmd.h"

/* "Parameters", with the values in force and who set them; nothing without any. */
void explain_params(const struct policy *p, const struct rule *rule, struct buf *b);

/*
 * Follows the rule for each recording configuration of the paths, or for those
 * that s->resource names. The status: PASS whatever the verdicts are; INCOMPLETE where
 * something could not be read or nothing was found, which is printed.
 */
int explain_paths(const struct settings *s, struct policy *p, const struct rule *rule,
		  const char *const *paths, size_t n, struct buf *b);

#endif
