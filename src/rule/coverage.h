/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of rules reach: for each condition, and each member of one,
 * whether some test finds it true and some test finds it false.
 */
#ifndef RULE_COVERAGE_H
#define RULE_COVERAGE_H

#include "rule/policy.h"

/* One condition in a rule: a leaf, or all, any, none and not. */
struct coverage_node {
	const struct rule *rule;
	struct str text; /* "name matches '^acme-'" */
	bool in_when;
	struct place place;           /* counted, in rule->source */
	size_t found[TRUTH_TRUE + 1]; /* configurations of tests, by the truth found for them */
};

/* Being undecided counts by itself: not every condition can be. */
struct coverage {
	size_t conditions, decided, undecided; /* decided: of two outcomes each */
};

/* What it is handed is good until it returns. */
typedef void coverage_take(void *to, const struct coverage_node *node);

/*
 * Runs the tests of a rule and tells every condition in the order written.
 * `require` counts only where `when` is not false. Conditions within operators
 * (each, count and so on) are part of their leaf. Of a group rule each entry of
 * `require` is a condition, as the verdict on it alone says. Adds to `sum`.
 */
void coverage_rule(struct policy *p, const struct rule *rule, coverage_take *take, void *to,
		   struct coverage *sum);

#endif
