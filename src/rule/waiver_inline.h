/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions that a template carries itself, beside the resource that they are
 * for: Metadata: {ivslint: {waive: [{rule, reason, expires, owner}]}}. They
 * count only where the policy says allow_inline_waivers: true.
 */
#ifndef RULE_WAIVER_INLINE_H
#define RULE_WAIVER_INLINE_H

#include "rule/waiver.h"

/*
 * Holds what the resource's template waives against a finding that fails: makes
 * it waived, or says in `reason` why what seems to be meant does not apply. The
 * waiver is the arena's and in no tally.
 */
void waivers_apply_inline(const struct policy *p, const struct waiver_case *c, struct finding *f,
			  struct arena *arena);

/* The text is good until it returns. */
typedef void waiver_told(void *to, const char *text);

/*
 * Tells of waivers in the resource's template that waive nothing: of no rule, of one
 * that is not in force, or of one that has nothing against the resource. all_rules:
 * no rule was left out of the run. Texts are the arena's.
 */
void waivers_tell_inline(const struct policy *p, const struct resource *r,
			 const struct judgement *j, bool all_rules, struct arena *arena,
			 waiver_told *tell, void *to);

#endif
