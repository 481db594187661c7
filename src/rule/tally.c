/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of verdicts, and adding them up. Knows nothing of how they came about.
 */
#include "rule/engine.h"

void tally_init(struct tally *t, const struct policy *p, struct arena *arena)
{
	*t = (struct tally){ 0 };
	t->rules = arena_array(arena, p->n_rules, sizeof(*t->rules));
	t->waivers = ARENA_ARRAY(arena, p->n_waivers, uint64_t);
	t->waivers_expired = ARENA_ARRAY(arena, p->n_waivers, uint64_t);
	t->waivers_other_value = ARENA_ARRAY(arena, p->n_waivers, uint64_t);
	t->waivers_unknown = ARENA_ARRAY(arena, p->n_waivers, uint64_t);
}

void tally_add(struct tally *t, const struct tally *more, const struct policy *p)
{
	size_t i, v;

	t->resources += more->resources;
	for (v = 0; v < N_KINDS; v++)
		t->of_kind[v] += more->of_kind[v];
	for (v = 0; v < N_VERDICTS; v++)
		t->verdicts[v] += more->verdicts[v];
	for (v = 0; v < N_SEVERITIES; v++)
		t->fails[v] += more->fails[v];
	for (i = 0; i < p->n_rules; i++)
		for (v = 0; v < N_VERDICTS; v++)
			t->rules[i][v] += more->rules[i][v];
	for (i = 0; i < p->n_waivers; i++) {
		t->waivers[i] += more->waivers[i];
		t->waivers_expired[i] += more->waivers_expired[i];
		t->waivers_other_value[i] += more->waivers_other_value[i];
		t->waivers_unknown[i] += more->waivers_unknown[i];
	}
}
