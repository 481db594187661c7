/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules compiled with the parameters in force: for a policy without overrides
 * there is one variant; else one for each set of overrides that holds.
 */
#ifndef RULE_VARIANT_H
#define RULE_VARIANT_H

#include <stdint.h>

#include "rule/policy_inside.h"

/*
 * Compiles a rule as the overrides of mask leave it, which must be among those
 * that touch it. False when mistakes were added.
 */
bool variant_compile_rule(const struct policy *p, const struct rule *rule, uint32_t mask,
			  struct arena *arena, struct mistakes *mistakes, struct compiled *to);
/* The same of given parameters, as its author wrote it: for tests. */
bool variant_compile_plain(const struct rule *rule, const struct params *params,
			   struct arena *arena, struct mistakes *mistakes, struct compiled *to);
/* Frees what is not memory of an arena. */
void compiled_release(struct compiled *c);

/* Compiles what overrides touch one by one, so that mistakes are found. */
void variant_check_overrides(struct loading *l);
/* When all rules have their base: what is judged where no override holds. */
void variant_make_base(struct loading *l);

/* The rules where the overrides of mask hold; made when first met. NULL past
 * LIMIT_OVERRIDE_MIXES: then each rule must be asked for. Safe from several
 * threads. */
const struct variant *variant_get(struct policy *p, uint32_t mask);
/* One rule; past LIMIT_OVERRIDE_MIXES of its own, one that is an error. */
const struct compiled *variant_rule(struct policy *p, const struct rule *rule, uint32_t mask);
/* All that was compiled for p. */
void variant_release_all(struct policy *p);
/* Makes patterns fast. */
void variant_warm_all(struct policy *p);
/* The fields that it reads. */
field_set compiled_needs(const struct compiled *c);

#endif
