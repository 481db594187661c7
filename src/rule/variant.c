/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variants of rules. Knows which overrides touch which rule, and shares what
 * they do not touch. Does not know how they are judged.
 */
#include "rule/variant.h"

#include "rule/check.h"
#include "rule/compile.h"
#include "rule/group.h"

/* ---- one rule -------------------------------------------------------------- */

static bool compile(struct scope *scope, const struct rule *rule, struct compiled *to)
{
	size_t before = scope->mistakes->n + scope->mistakes->dropped;

	if (rule->when != NULL)
		to->when = cond_compile(scope, rule->when);
	if (rule->group_by != NULL)
		to->group = group_compile(scope, rule);
	else if (rule->require != NULL)
		to->require = cond_compile(scope, rule->require);
	return scope->mistakes->n + scope->mistakes->dropped == before;
}

static bool compile_message(struct scope *scope, struct source *source, const struct value *message,
			    struct compiled *to)
{
	if (message == NULL)
		return true;
	scope->source = source;
	to->message = format_compile(scope, message, true);
	if (to->message == NULL)
		return false;
	if (to->group == NULL || (format_needs(to->message) & ~group_rule_shows(to->group)) == 0)
		return true;
	mistakes_add(scope->mistakes, source, message->place, 0,
		     "the message of a group rule names a field that is not remembered");
	mistakes_hint(scope->mistakes,
		      "it can name arn, name, account, region, fields that the rule compares, "
		      "and {actual}, {expected}, {field}, {detail}");
	return false;
}

/* What configure makes of everything but conditions. */
static void configure(const struct policy *p, struct compiled *to, uint32_t mask,
		      struct arena *arena, const struct config **message)
{
	const struct config *c = p->inside->rules[to->rule->index].configs;
	struct rule *copy;

	for (; c != NULL; c = c->next) {
		if (c->override >= 0 && (mask >> c->override & 1) == 0)
			continue;
		if (c->severity != NULL)
			to->severity = *c->severity;
		if (c->enabled != NULL)
			to->enabled = *c->enabled;
		if (c->message != NULL)
			*message = c;
		if (c->remediation == NULL)
			continue;
		copy = ARENA_NEW(arena, struct rule);
		*copy = *to->rule;
		copy->remediation = value_str(c->remediation);
		to->rule = copy;
	}
}

bool variant_compile_rule(const struct policy *p, const struct rule *rule, uint32_t mask,
			  struct arena *arena, struct mistakes *mistakes, struct compiled *to)
{
	struct scope scope = { KIND_BIT(rule->kind), NULL, rule->source, mistakes, arena };
	const struct config *message = NULL;
	bool good;

	*to = (struct compiled){
		.rule = rule, .severity = rule->severity, .enabled = rule->enabled, .mask = mask
	};
	configure(p, to, mask, arena, &message);
	scope.params = policy_rule_params(p, rule->index, mask, arena);
	good = compile(&scope, rule, to);
	if (message != NULL)
		good &= compile_message(&scope, message->source, message->message, to);
	else
		good &= compile_message(&scope, rule->source, rule->message, to);
	return good;
}

bool variant_compile_plain(const struct rule *rule, const struct params *params,
			   struct arena *arena, struct mistakes *mistakes, struct compiled *to)
{
	struct scope scope = { KIND_BIT(rule->kind), params, rule->source, mistakes, arena };
	bool good;

	*to = (struct compiled){ .rule = rule, .severity = rule->severity, .enabled = true };
	good = compile(&scope, rule, to);
	return compile_message(&scope, rule->source, rule->message, to) && good;
}

void compiled_release(struct compiled *c)
{
	cond_release(c->when);
	cond_release(c->require);
	group_rule_release(c->group);
}

static void compiled_warm(struct compiled *c)
{
	if (c->when != NULL)
		cond_warm(c->when);
	if (c->require != NULL)
		cond_warm(c->require);
}

field_set compiled_needs(const struct compiled *c)
{
	field_set needs = 0;

	if (c->when != NULL)
		needs |= cond_needs(c->when);
	if (c->require != NULL)
		needs |= cond_needs(c->require);
	if (c->group != NULL)
		needs |= group_rule_needs(c->group);
	if (c->message != NULL)
		needs |= format_needs(c->message);
	return needs;
}

/* ---- while loading --------------------------------------------------------- */

/* The mistake stands in a rule that is right without the override. */
static void name_override(struct mistakes *m, const struct override *o)
{
	if (m->dropped == 0 && m->n != 0 && m->list[m->n - 1].hint == NULL)
		mistakes_hint(m, "with the parameters of %s", o->name);
}

void variant_check_overrides(struct loading *l)
{
	struct compiled *made;
	struct rule_more *more;
	size_t i, k;
	bool good;

	for (i = 0; i < l->p->n_rules; i++) {
		more = &l->in->rules[i];
		if (more->base.error != NULL)
			continue; /* its mistakes are told already */
		for (k = 0; k < l->in->n_overrides; k++) {
			if ((more->touch >> k & 1) == 0)
				continue;
			made = ARENA_NEW(l->arena, struct compiled);
			good = variant_compile_rule(l->p, &l->p->rules[i], UINT32_C(1) << k,
						    l->arena, l->mistakes, made);
			made->next = more->base.next;
			more->base.next = made;
			if (!good)
				name_override(l->mistakes, &l->in->overrides[k]);
		}
	}
}

void variant_make_base(struct loading *l)
{
	struct policy_inside *in = l->in;
	size_t i;

	in->base.singles = ARENA_ARRAY(l->arena, in->n_singles, const struct compiled *);
	in->base.groups = ARENA_ARRAY(l->arena, in->n_groups, const struct compiled *);
	for (i = 0; i < in->n_singles; i++)
		in->base.singles[i] = &in->rules[in->singles[i]->index].base;
	for (i = 0; i < in->n_groups; i++)
		in->base.groups[i] = &in->rules[in->groups[i]->index].base;
	checks_make(in, &in->base, l->arena);
}

/* ---- while judging --------------------------------------------------------- */

/* A rule that cannot be compiled for a mix of overrides: each alone is fine,
 * so the mistake is theirs together, and the rule's verdict is an error. */
static void describe_failure(struct policy_inside *in, const struct mistakes *mistakes,
			     struct compiled *c)
{
	c->error = arena_printf(&in->late, "the overrides that hold together make it invalid: %s",
				mistakes->n != 0 ? mistakes->list[0].text : "");
}

/* In place of a rule that has been compiled for too many mixes. */
static struct compiled *overfull(struct policy_inside *in, struct rule_more *more)
{
	if (more->overfull == NULL) {
		more->overfull = ARENA_NEW(&in->late, struct compiled);
		*more->overfull = more->base;
		more->overfull->error = arena_printf(
		    &in->late, "more than %d different sets of overrides hold in this run",
		    LIMIT_OVERRIDE_MIXES);
	}
	return more->overfull;
}

static const struct compiled *rule_get(struct policy *p, const struct rule *rule, uint32_t mask)
{
	struct policy_inside *in = p->inside;
	struct rule_more *more = &in->rules[rule->index];
	struct compiled *c;
	struct mistakes mistakes;
	struct arena arena = ARENA_INIT;
	size_t n = 0;

	mask &= more->touch;
	for (c = &more->base; c != NULL; c = c->next, n++)
		if (c->mask == mask)
			return c;
	if (n > LIMIT_OVERRIDE_MIXES)
		return overfull(in, more);
	mistakes_init(&mistakes, &arena);
	c = ARENA_NEW(&in->late, struct compiled);
	if (!variant_compile_rule(p, rule, mask, &in->late, &mistakes, c))
		describe_failure(in, &mistakes, c);
	else if (in->warm)
		compiled_warm(c);
	mistakes_release(&mistakes);
	arena_release(&arena);
	c->next = more->base.next;
	more->base.next = c;
	return c;
}

static struct variant *variant_make(struct policy *p, uint32_t mask)
{
	struct policy_inside *in = p->inside;
	struct variant *v = ARENA_NEW(&in->late, struct variant);
	size_t i;

	v->mask = mask;
	v->singles = ARENA_ARRAY(&in->late, in->n_singles, const struct compiled *);
	v->groups = ARENA_ARRAY(&in->late, in->n_groups, const struct compiled *);
	for (i = 0; i < in->n_singles; i++)
		v->singles[i] = rule_get(p, in->singles[i], mask);
	for (i = 0; i < in->n_groups; i++)
		v->groups[i] = rule_get(p, in->groups[i], mask);
	checks_make(in, v, &in->late);
	v->next = in->variants;
	in->variants = v;
	in->n_variants++;
	return v;
}

const struct variant *variant_get(struct policy *p, uint32_t mask)
{
	struct policy_inside *in = p->inside;
	struct variant *v;

	mask &= in->touching;
	if (mask == 0)
		return &in->base;
	pthread_mutex_lock(&in->lock);
	for (v = in->variants; v != NULL && v->mask != mask; v = v->next)
		;
	if (v == NULL && in->n_variants < LIMIT_OVERRIDE_MIXES)
		v = variant_make(p, mask);
	pthread_mutex_unlock(&in->lock);
	return v;
}

const struct compiled *variant_rule(struct policy *p, const struct rule *rule, uint32_t mask)
{
	struct policy_inside *in = p->inside;
	const struct compiled *c;

	if ((mask & in->rules[rule->index].touch) == 0)
		return &in->rules[rule->index].base;
	pthread_mutex_lock(&in->lock);
	c = rule_get(p, rule, mask);
	pthread_mutex_unlock(&in->lock);
	return c;
}

void variant_release_all(struct policy *p)
{
	struct compiled *c;
	size_t i;

	if (p->inside->rules == NULL)
		return;
	for (i = 0; i < p->n_rules; i++)
		for (c = &p->inside->rules[i].base; c != NULL; c = c->next)
			compiled_release(c);
}

void variant_warm_all(struct policy *p)
{
	struct compiled *c;
	size_t i;

	p->inside->warm = true;
	for (i = 0; i < p->n_rules; i++)
		for (c = &p->inside->rules[i].base; c != NULL; c = c->next)
			if (p->inside->rules[i].judged)
				compiled_warm(c);
}
