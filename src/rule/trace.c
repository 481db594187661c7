/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following one rule. Knows which overrides touch it; the verdict is the
 * engine's, who asks for it.
 */
#include "rule/trace.h"

#include "rule/policy_inside.h"
#include "rule/variant.h"

static void tell_params(const struct policy *p, const struct rule *rule, uint32_t mask,
			const struct tracer *t, struct arena *arena)
{
	const struct policy_inside *in = p->inside;
	const struct rule_more *more = &in->rules[rule->index];
	const struct params *params = policy_rule_params(p, rule->index, mask, arena);
	struct trace_param told;
	size_t i;

	for (i = 0; i < more->n_params; i++) {
		told.param = &params->list[more->params[i]];
		if (told.param->value == NULL)
			continue;
		told.is_default = told.param->value == in->declared[more->params[i]].fallback;
		told.place = source_place(told.param->set_in, told.param->value->place);
		t->param(t->to, &told);
	}
}

void trace_params(const struct policy *p, const struct rule *rule, const struct tracer *t)
{
	struct arena arena = ARENA_INIT;

	tell_params(p, rule, 0, t, &arena);
	arena_release(&arena);
}

field_set trace_needs(const struct policy *p, const struct rule *rule)
{
	const struct policy_inside *in = p->inside;
	const struct compiled *c;
	field_set needs = 0;
	size_t i;

	for (c = &in->rules[rule->index].base; c != NULL; c = c->next)
		needs |= compiled_needs(c);
	for (i = 0; i < in->n_overrides; i++)
		if (in->rules[rule->index].touch >> i & 1)
			needs |= cond_needs(in->overrides[i].when);
	return needs;
}

struct following {
	const struct tracer *t;
	const struct rule *rule;
	struct source *source; /* of the resource */
	bool in_when;
};

static void take_step(void *to, int depth, struct str description, enum truth truth,
		      struct place place, const struct evidence *leaf)
{
	const struct following *f = to;
	struct trace_step step = { .in_when = f->in_when,
				   .depth = depth,
				   .text = description,
				   .truth = truth,
				   .place = source_place(f->rule->source, place),
				   .leaf = leaf };

	if (leaf != NULL)
		step.found_at = source_place(f->source, leaf->place);
	f->t->step(f->t->to, &step);
}

/* An override of which it is not known whether it holds counts as not holding. */
static uint32_t tell_overrides(const struct policy *p, const struct rule *rule,
			       const struct resource *r, struct judge *j, const struct tracer *t)
{
	const struct policy_inside *in = p->inside;
	uint32_t mask = 0;
	enum truth truth;
	size_t i;

	for (i = 0; i < in->n_overrides; i++) {
		if ((in->rules[rule->index].touch >> i & 1) == 0)
			continue;
		truth = cond_judge(in->overrides[i].when, r, j);
		if (truth == TRUTH_TRUE)
			mask |= UINT32_C(1) << i;
		if (truth != TRUTH_FALSE)
			t->override(t->to, in->overrides[i].name, truth);
	}
	return mask;
}

void trace_resource(struct policy *p, const struct rule *rule, struct resource *r,
		    const struct tracer *t)
{
	struct arena arena = ARENA_INIT;
	struct judge j = { .arena = &arena };
	struct following f = { t, rule, r->source, true };
	uint32_t mask = tell_overrides(p, rule, r, &j, t);
	const struct compiled *c = variant_rule(p, rule, mask);

	if (mask != 0)
		tell_params(p, rule, mask, t, &arena);
	if (c->error != NULL)
		goto out; /* the verdict says it */
	if (c->when != NULL) {
		cond_trace(c->when, r, &j, &arena, take_step, &f);
		if (cond_judge(c->when, r, &j) == TRUTH_FALSE)
			goto out;
	}
	f.in_when = false;
	if (c->require != NULL)
		cond_trace(c->require, r, &j, &arena, take_step, &f);
out:
	arena_release(&arena);
}
