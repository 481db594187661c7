/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading a policy from its files to what the engine judges with, and the
 * questions that others ask of it. The parts are read in policy_*.c.
 */
#include "rule/policy_inside.h"

#include <stdlib.h>

#include "base/digest.h"
#include "rule/rule.h"
#include "rule/rule_test_run.h"
#include "rule/variant.h"
#include "rule/waiver.h"

struct shape loading_shape(const struct loading *l, struct source *source)
{
	return (struct shape){ source, l->mistakes };
}

static bool has_mistakes(const struct loading *l)
{
	return l->mistakes->n + l->mistakes->dropped != l->before;
}

/* ---- rules ----------------------------------------------------------------- */

/* A name that nobody can write: what is wrong with a rule besides its id is told
 * in the same run. */
static struct str nameless(const struct loading *l)
{
	return str_of(arena_printf(l->arena, "(rule %zu, which has no id of its own)",
				   l->in->rule_names.n + 1));
}

static void tell_twice(const struct loading *l, const struct rule *rule, const struct rule *first)
{
	mistakes_add(l->mistakes, rule->source, rule->place, rule->id.len,
		     "there is a rule '%.*s' already, at %s", STR_ARG(rule->id),
		     policy_place_name(l->arena, first->source, first->place));
	if (first->source != rule->source)
		mistakes_hint(l->mistakes, "to change a rule of another file, use 'configure:'");
}

static void add_rule(struct loading *l, struct policy_file *f, const struct value *node)
{
	struct shape s = loading_shape(l, &f->source);
	struct rule rule;
	bool has_id, is_new;
	size_t i;

	has_id = rule_read(&s, node, f->pack_version, &rule);
	if (has_id && rule.since > f->version && rule.since <= f->pack_version) {
		i = names_add(&l->in->later_names, rule.id, NULL);
		l->in->later[i] = (struct later){ f, rule.since };
		return;
	}
	if (!has_id)
		rule.id = nameless(l);
	i = names_add(&l->in->rule_names, rule.id, &is_new);
	if (!is_new) {
		tell_twice(l, &rule, &l->p->rules[i]);
		i = names_add(&l->in->rule_names, nameless(l), NULL);
	}
	rule.index = i;
	l->p->rules[i] = rule;
	l->p->n_rules = l->in->rule_names.n;
	l->in->rules[i].file = f;
}

static void read_rules(struct loading *l)
{
	const struct value *list;
	size_t i, n = 0;
	uint32_t k;

	for (i = 0; i < l->in->n_order; i++)
		if ((list = l->in->order[i]->keys[KEY_RULES]) != NULL)
			n += list->n;
	if (n > LIMIT_RULES) {
		mistakes_add(l->mistakes, &l->in->files[0]->source, (struct place){ 1, 1 }, 1,
			     "more than %d rules in one policy", LIMIT_RULES);
		n = 0;
	}
	names_init(&l->in->rule_names, l->arena);
	names_init(&l->in->later_names, l->arena);
	l->in->later = ARENA_ARRAY(l->arena, n, struct later);
	l->p->rules = ARENA_ARRAY(l->arena, n, struct rule);
	l->in->rules = ARENA_ARRAY(l->arena, n, struct rule_more);
	for (i = 0; i < l->in->n_order && n != 0; i++) {
		list = l->in->order[i]->keys[KEY_RULES];
		for (k = 0; list != NULL && k < list->n; k++)
			add_rule(l, l->in->order[i], &list->items[k]);
	}
}

static void read_mentions(struct loading *l)
{
	const struct rule *rule;
	struct rule_more *more;
	size_t i;

	for (i = 0; i < l->p->n_rules; i++) {
		rule = &l->p->rules[i];
		more = &l->in->rules[i];
		policy_rule_mentions(l, more, rule->when);
		policy_rule_mentions(l, more, rule->require);
		policy_rule_mentions(l, more, rule->message);
	}
}

/* A parameter without a value is told where it is declared, not once more in
 * every rule that reads it. */
static bool lacks_param(const struct loading *l, const struct rule_more *more)
{
	size_t i;

	for (i = 0; i < more->n_params; i++)
		if (l->p->params.list[more->params[i]].value == NULL)
			return true;
	return false;
}

static void compile_rules(struct loading *l)
{
	struct compiled *base;
	size_t i;

	for (i = 0; i < l->p->n_rules; i++) {
		base = &l->in->rules[i].base;
		if (lacks_param(l, &l->in->rules[i])) {
			base->error = "a parameter has no value";
			continue;
		}
		if (!variant_compile_rule(l->p, &l->p->rules[i], 0, l->arena, l->mistakes, base))
			base->error = "it could not be compiled";
		/* The rule as everybody outside sees it. */
		l->p->rules[i].remediation = base->rule->remediation;
		base->rule = &l->p->rules[i];
	}
}

/* Tests of packs that ship are checked when the program is built. */
static void check_tests(struct loading *l)
{
	size_t i;

	for (i = 0; i < l->p->n_rules; i++)
		if (l->in->rules[i].file->pack == NULL && !lacks_param(l, &l->in->rules[i]))
			rule_tests_check(l->p, &l->p->rules[i], l->mistakes);
}

static void check_some_enabled(struct loading *l)
{
	if (has_mistakes(l) || l->in->n_singles + l->in->n_groups != 0)
		return;
	mistakes_add(l->mistakes, &l->in->files[0]->source, (struct place){ 1, 1 }, 1,
		     "the policy has no enabled rule");
	if (l->p->n_rules == 0)
		mistakes_hint(l->mistakes, "write some under 'rules:', or add "
					   "'extends: [ivslint:recommended]'");
	else
		mistakes_hint(l->mistakes, "all that it has are disabled or left out");
}

/* ---- the whole ------------------------------------------------------------- */

static void find_needs(struct loading *l)
{
	/* a finding takes account and region out of the ARN by itself */
	const field_set always = FIELD_BIT(FIELD_ARN) | FIELD_BIT(FIELD_NAME);
	field_set *needs = l->in->needs;
	const struct compiled *c;
	size_t i;
	int k;

	for (i = 0; i < l->p->n_rules; i++) {
		if (!l->in->rules[i].judged)
			continue;
		for (c = &l->in->rules[i].base; c != NULL; c = c->next)
			needs[l->p->rules[i].kind] |= compiled_needs(c);
	}
	for (k = 0; k < N_KINDS; k++) {
		for (i = 0; i < l->in->n_overrides; i++)
			if (l->in->touching_of[k] >> i & 1)
				needs[k] |= cond_needs(l->in->overrides[i].when);
		needs[k] = resource_closure(needs[k] | always | waivers_needs(l->p, (enum kind)k));
	}
}

/* The bytes of every source in the order reached, and --set. */
static void keep_digested(struct loading *l, const struct policy_options *options)
{
	size_t n = l->p->n_sources + options->n_set, i;
	struct str *parts = ARENA_ARRAY(l->arena, n, struct str);

	for (i = 0; i < l->p->n_sources; i++)
		parts[i] = l->p->sources[i]->bytes;
	for (i = 0; i < options->n_set; i++)
		parts[l->p->n_sources + i] = arena_str(l->arena, str_of(options->set[i]));
	l->in->digested = parts;
	l->in->n_digested = n;
}

static void load_all(struct loading *l, const struct policy_options *options)
{
	l->in->command = ARENA_ARRAY(l->arena, options->n_set + options->n_only + options->n_skip,
				     struct source);
	read_rules(l);
	policy_read_params(l, options);
	read_mentions(l);
	policy_read_configure(l);
	policy_read_overrides(l);
	compile_rules(l);
	variant_check_overrides(l);
	policy_read_waivers(l);
	policy_select(l, options);
	check_tests(l);
	check_some_enabled(l);
}

/* Mistakes outlive the policy that did not load: their sources move to where
 * the mistakes are. */
static void keep_sources(struct mistakes *m, size_t first)
{
	struct source *from, *to;
	size_t i, k;

	for (i = first; i < m->n; i++) {
		from = m->list[i].source;
		for (k = first; k < i && m->list[k].source != from; k++)
			;
		if (k < i)
			continue; /* moved already */
		to = ARENA_NEW(m->arena, struct source);
		source_init(to, arena_strdup(m->arena, from->name),
			    arena_str(m->arena, from->bytes));
		for (k = i; k < m->n; k++)
			if (m->list[k].source == from)
				m->list[k].source = to;
	}
}

static struct policy *policy_new(void)
{
	struct policy_inside *in = mem_alloc(sizeof(*in));
	struct policy *p;

	memset(in, 0, sizeof(*in));
	pthread_mutex_init(&in->lock, NULL);
	p = ARENA_NEW(&in->arena, struct policy);
	p->inside = in;
	return p;
}

static struct policy *load(const char *name, const struct str *text,
			   const struct policy_options *options, struct mistakes *mistakes,
			   struct err *err)
{
	static const struct policy_options none = { 0 };
	struct policy *p = policy_new();
	size_t first = mistakes->n;
	struct loading l = {
		p, p->inside, &p->inside->arena, mistakes, first + mistakes->dropped, text, false
	};

	err->kind = ERR_NONE;
	if (options == NULL)
		options = &none;
	l.tests = options->tests;
	if (policy_read_files(&l, name, err) == -1)
		goto fail;
	load_all(&l, options);
	if (has_mistakes(&l)) {
		err_set(err, ERR_POLICY, "the policy has mistakes");
		goto fail;
	}
	variant_make_base(&l);
	find_needs(&l);
	keep_digested(&l, options);
	return p;
fail:
	keep_sources(mistakes, first);
	policy_free(p);
	return NULL;
}

struct policy *policy_load(const char *name, const struct policy_options *options,
			   struct mistakes *mistakes, struct err *err)
{
	return load(name, NULL, options, mistakes, err);
}

struct policy *policy_load_text(const char *name, struct str text,
				const struct policy_options *options, struct mistakes *mistakes,
				struct err *err)
{
	return load(name, &text, options, mistakes, err);
}

void policy_free(struct policy *p)
{
	struct policy_inside *in;
	size_t i;

	if (p == NULL)
		return;
	in = p->inside;
	variant_release_all(p);
	for (i = 0; i < in->n_overrides; i++)
		cond_release(in->overrides[i].when);
	for (i = 0; i < p->n_waivers; i++)
		cond_release(p->waivers[i].match);
	pthread_mutex_destroy(&in->lock);
	arena_release(&in->late);
	arena_release(&in->arena); /* p is in it */
	free(in);
}

/* ---- questions ------------------------------------------------------------- */

const char *policy_digest(const struct policy *p)
{
	struct policy_inside *in = p->inside;

	if (p->digest[0] != '\0')
		return p->digest;
	pthread_mutex_lock(&in->lock);
	if (in->digest[0] == '\0')
		digest_parts(in->digested, in->n_digested, in->digest);
	pthread_mutex_unlock(&in->lock);
	return in->digest;
}

const struct rule *policy_find_rule(const struct policy *p, struct str id)
{
	size_t i = names_find(&p->inside->rule_names, id);

	return i == NAMES_NONE ? NULL : &p->rules[i];
}

const char *policy_nearest_rule(const struct policy *p, struct str id)
{
	return names_nearest(&p->inside->rule_names, id);
}

bool policy_rule_enabled(const struct policy *p, const struct rule *r)
{
	return p->inside->rules[r->index].judged && p->inside->rules[r->index].base.enabled;
}

bool policy_rule_judged(const struct policy *p, const struct rule *r)
{
	return p->inside->rules[r->index].judged;
}

enum severity policy_rule_severity(const struct policy *p, const struct rule *r)
{
	return p->inside->rules[r->index].base.severity;
}

const struct cond *policy_rule_when(const struct policy *p, const struct rule *r)
{
	return p->inside->rules[r->index].base.when;
}

const struct cond *policy_rule_require(const struct policy *p, const struct rule *r)
{
	return p->inside->rules[r->index].base.require;
}

size_t policy_n_enabled(const struct policy *p)
{
	return p->inside->n_singles + p->inside->n_groups;
}

unsigned policy_kinds(const struct policy *p)
{
	unsigned kinds = 0;
	int k;

	for (k = 0; k < N_KINDS; k++)
		if (policy_n_enabled_of(p, (enum kind)k) != 0)
			kinds |= KIND_BIT(k);
	return kinds;
}

size_t policy_n_enabled_of(const struct policy *p, enum kind kind)
{
	const struct policy_inside *in = p->inside;

	return in->singles_end[kind] - kind_start(in->singles_end, kind) + in->groups_end[kind] -
	       kind_start(in->groups_end, kind);
}

field_set policy_needs(const struct policy *p)
{
	return p->inside->needs[KIND_RECORDING_CONFIGURATION];
}

field_set policy_needs_of(const struct policy *p, enum kind kind)
{
	return p->inside->needs[kind];
}

void policy_warm(struct policy *p)
{
	size_t i;

	variant_warm_all(p);
	for (i = 0; i < p->inside->n_overrides; i++)
		cond_warm(p->inside->overrides[i].when);
	for (i = 0; i < p->n_waivers; i++)
		if (p->waivers[i].match != NULL)
			cond_warm(p->waivers[i].match);
}
