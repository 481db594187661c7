/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rules of a variant ask of a resource, laid flat: one check behind the other,
 * each of them a test that must hold. What is known decides; a rule of which anything is
 * not known, or cannot be told by its checks, is judged as a whole (verdict_of), so that
 * the verdicts are the same.
 */
#ifndef RULE_CHECK_H
#define RULE_CHECK_H

#include "rule/policy_inside.h"

/* What became of one rule for the resource at hand. */
struct outcome {
	const struct compiled *c;
	enum verdict verdict;
	uint32_t unsure; /* overrides of which it is not known whether they hold, where that
			    decides */
};

/* Lays the single rules of a variant flat, those of each kind by themselves. */
void checks_make(const struct policy_inside *in, struct variant *v, struct arena *arena);

/* Judges all rules of a variant for r's kind. Puts those that do not pass, in order, and
 * gives their number: `to` has room for all rules. j->error is NULL, and is afterwards. */
size_t checks_run(const struct variant *v, const struct resource *r, struct judge *j,
		  struct outcome *to);

#endif
