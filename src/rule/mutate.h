/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the tests of a rule would notice a mistake in it: the rule is changed
 * in small ways, one at a time, and its own tests are run.
 */
#ifndef RULE_MUTATE_H
#define RULE_MUTATE_H

#include "rule/policy.h"

/* A change that no test notices. */
struct survivor {
	const struct rule *rule;
	struct place place; /* counted, in rule->source */
	struct str what;    /* "'min: 5' became 'min: 6'" */
};

struct mutation {
	size_t noticed, survived; /* changes that make no difference, or no rule, are neither */
	size_t left_out;          /* past LIMIT_MUTANTS of a rule */
	size_t unfit;             /* rules whose tests do not pass as they are: not changed */
};

/* What it is handed is good until it returns. */
typedef void survivor_take(void *to, const struct survivor *s);

/* Changes a copy of the rule, which is one of p, and tells each survivor. Adds to `sum`. */
void mutate_rule(struct policy *p, const struct rule *rule, survivor_take *take, void *to,
		 struct mutation *sum);

#endif
