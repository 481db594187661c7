/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies from reports. Knows what of a policy's inside reports ask for.
 */
#include "rule/policy_recorded.h"

#include "rule/policy_inside.h"

struct policy *policy_recorded(struct arena *arena, const struct policy *facts, size_t n_judged)
{
	struct policy *p = ARENA_NEW(arena, struct policy);
	struct policy_inside *in = ARENA_NEW(arena, struct policy_inside);
	size_t i, k;

	*p = *facts;
	p->inside = in;
	in->rules = ARENA_ARRAY(arena, p->n_rules + 1, struct rule_more);
	names_init(&in->rule_names, arena);
	for (i = 0; i < p->n_rules; i++) {
		p->rules[i].index = i;
		p->rules[i].enabled = i < n_judged;
		names_add(&in->rule_names, p->rules[i].id, NULL);
		in->rules[i].judged = i < n_judged;
		in->rules[i].base.enabled = true;
		in->rules[i].base.rule = &p->rules[i];
		in->rules[i].base.severity = p->rules[i].severity;
	}
	for (i = 0; i < p->n_waivers; i++)
		p->waivers[i].index = i;
	/* by kind, without the rules themselves: reports ask for numbers alone */
	for (i = 0; i < n_judged; i++)
		for (k = p->rules[i].kind; k < N_KINDS; k++)
			in->singles_end[k]++;
	in->n_singles = n_judged;
	return p;
}
