/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changes rules without rewriting them: `configure`, `overrides`, and
 * which of them the command line asks for.
 */
#include "rule/policy_inside.h"

#include <inttypes.h>

#include "base/text.h"

enum {
	CONFIG_SEVERITY,
	CONFIG_ENABLED,
	CONFIG_PARAMS,
	CONFIG_MESSAGE,
	CONFIG_REMEDIATION,
	N_CONFIG
};

static const struct shape_key config_keys[N_CONFIG] = {
	[CONFIG_SEVERITY] = { "severity", SHAPE_STRING, false, "Another severity" },
	[CONFIG_ENABLED] = { "enabled", SHAPE_BOOLEAN, false, "Whether the rule is judged" },
	[CONFIG_PARAMS] = { "params", SHAPE_MAP, false,
			    "Values of parameters for this rule alone" },
	[CONFIG_MESSAGE] = { "message", SHAPE_STRING, false, "Another message" },
	[CONFIG_REMEDIATION] = { "remediation", SHAPE_STRING, false, "Another remediation" },
};

const struct shape_table shape_configure = { config_keys, N_CONFIG };

enum { OVERRIDE_WHEN, OVERRIDE_PARAMS, OVERRIDE_CONFIGURE, N_OVERRIDE };

static const struct shape_key override_keys[N_OVERRIDE] = {
	[OVERRIDE_WHEN] = { "when", SHAPE_MAP, true, "Condition under which it holds" },
	[OVERRIDE_PARAMS] = { "params", SHAPE_MAP, false, "Values of parameters there" },
	[OVERRIDE_CONFIGURE] = { "configure", SHAPE_MAP, false, "Changes of rules there" },
};

const struct shape_table shape_override = { override_keys, N_OVERRIDE };

const struct rule *policy_named_rule(const struct loading *l, const struct shape *s,
				     const struct value *at, const struct entry *key)
{
	struct str id = key != NULL ? key->key : value_str(at);
	size_t i = names_find(&l->in->rule_names, id);
	const struct later *later;

	if (i != NAMES_NONE)
		return &l->p->rules[i];
	if (l->p->params.incomplete && names_nearest(&l->in->rule_names, id) == NULL)
		return NULL;
	i = names_find(&l->in->later_names, id);
	if (key != NULL)
		shape_mistake_key(s, key, "no rule has the id %s", shape_quote(s, id));
	else
		shape_mistake(s, at, "no rule has the id %s", shape_quote(s, id));
	if (i != NAMES_NONE) {
		later = &l->in->later[i];
		mistakes_hint(l->mistakes,
			      "it joined %s in version %" PRId64
			      ", and the policy asks for version %" PRId64,
			      later->file->source.name, later->since, later->file->version);
	} else if (!shape_full(s)) {
		shape_hint_nearest(s, names_nearest(&l->in->rule_names, id));
	}
	return NULL;
}

static bool mentions(const struct rule_more *rule, size_t param)
{
	size_t i;

	for (i = 0; i < rule->n_params; i++)
		if (rule->params[i] == param)
			return true;
	return false;
}

/* A parameter that the rule does not read would be set for nothing. */
static void check_reads(const struct loading *l, const struct shape *s, const struct rule *rule,
			const struct value *params)
{
	size_t i;
	uint32_t k;

	for (k = 0; k < params->n; k++) {
		i = names_find(&l->in->param_names, params->entries[k].key);
		if (i == NAMES_NONE || mentions(&l->in->rules[rule->index], i))
			continue;
		shape_mistake_key(s, &params->entries[k], "rule '%s' does not read parameter '%s'",
				  l->in->rule_names.list[rule->index], l->in->param_names.list[i]);
	}
}

static void append(struct rule_more *rule, struct config *c)
{
	if (rule->last_config != NULL)
		((struct config *)rule->last_config)->next = c;
	else
		rule->configs = c;
	rule->last_config = c;
}

static void configure_rule(struct loading *l, struct policy_file *f, const struct entry *e,
			   int override)
{
	struct shape s = loading_shape(l, &f->source);
	const struct value *found[N_CONFIG];
	const struct rule *rule;
	struct config *c = ARENA_NEW(l->arena, struct config);
	enum severity severity, *keep;

	/* What a pack changes of a rule is left out with the rule. */
	if (f->pack != NULL && names_find(&l->in->later_names, e->key) != NAMES_NONE)
		return;
	rule = policy_named_rule(l, &s, NULL, e);
	shape_map(&s, "an entry of 'configure'", &e->value, config_keys, N_CONFIG, found);
	if (e->value.kind == VALUE_MAP && e->value.n == 0)
		shape_mistake_key(&s, e, "what is configured of rule %s changes nothing",
				  shape_quote(&s, e->key));
	*c = (struct config){ .override = override, .source = &f->source };
	if (found[CONFIG_SEVERITY] != NULL &&
	    shape_severity(&s, found[CONFIG_SEVERITY], &severity)) {
		keep = ARENA_NEW(l->arena, enum severity);
		*keep = severity;
		c->severity = keep;
	}
	if (found[CONFIG_ENABLED] != NULL)
		c->enabled = &found[CONFIG_ENABLED]->boolean;
	c->message = found[CONFIG_MESSAGE];
	c->remediation = found[CONFIG_REMEDIATION];
	if (found[CONFIG_PARAMS] != NULL)
		c->settings = policy_read_settings(l, f, found[CONFIG_PARAMS]);
	if (rule == NULL)
		return;
	policy_rule_mentions(l, &l->in->rules[rule->index], c->message);
	if (found[CONFIG_PARAMS] != NULL)
		check_reads(l, &s, rule, found[CONFIG_PARAMS]);
	append(&l->in->rules[rule->index], c);
}

void policy_read_configure(struct loading *l)
{
	struct policy_file *f;
	const struct value *map;
	size_t i;
	uint32_t k;

	for (i = 0; i < l->in->n_order; i++) {
		f = l->in->order[i];
		map = f->keys[KEY_CONFIGURE];
		for (k = 0; map != NULL && k < map->n; k++)
			configure_rule(l, f, &map->entries[k], -1);
	}
}

/* The kinds of resource that have all the fields that a condition reads. */
static unsigned kinds_of(const struct cond *when)
{
	field_set left = when != NULL ? cond_needs(when) : 0;
	unsigned kinds = KINDS_EVERY;

	for (; left != 0; left &= left - 1)
		kinds &= field_table[__builtin_ctzll(left)].kinds;
	return kinds;
}

/* What is configured under a condition that is never asked of what the rule judges. */
static void check_kind(struct loading *l, const struct shape *s, const struct override *o,
		       const struct entry *e)
{
	size_t i = names_find(&l->in->rule_names, e->key);
	const struct kind_row *kind;

	if (i == NAMES_NONE || (o->kinds & KIND_BIT(l->p->rules[i].kind)) != 0 || o->kinds == 0)
		return;
	kind = &kind_table[l->p->rules[i].kind];
	shape_mistake_key(s, e,
			  "rule %s judges %s, and the override's 'when' names a field that no "
			  "%s has",
			  shape_quote(s, e->key), kind->many, kind->one);
}

static bool says_nothing(const struct value *v)
{
	return v == NULL || (v->kind == VALUE_MAP && v->n == 0);
}

static void read_override(struct loading *l, struct policy_file *f, const struct value *node)
{
	const struct value *found[N_OVERRIDE], *map;
	struct shape s = loading_shape(l, &f->source);
	struct scope scope = { KINDS_EVERY, &l->p->params, &f->source, l->mistakes, l->arena };
	struct override *o;
	uint32_t k;

	if (l->in->n_overrides == LIMIT_OVERRIDES) {
		shape_mistake(&s, node, "more than %d overrides in one policy", LIMIT_OVERRIDES);
		return;
	}
	o = &l->in->overrides[l->in->n_overrides++];
	*o = (struct override){ .source = &f->source, .place = node->place };
	o->name = arena_printf(l->arena, "the override at %s",
			       policy_place_name(l->arena, &f->source, node->place));
	if (!shape_map(&s, "an override", node, override_keys, N_OVERRIDE, found) &&
	    node->kind != VALUE_MAP)
		return;
	if (found[OVERRIDE_WHEN] != NULL)
		o->when = cond_compile(&scope, found[OVERRIDE_WHEN]);
	o->kinds = kinds_of(o->when);
	if (o->kinds == 0)
		shape_mistake(&s, found[OVERRIDE_WHEN],
			      "no kind of resource has all the fields that the override's 'when' "
			      "names");
	if (found[OVERRIDE_PARAMS] != NULL)
		o->settings = policy_read_settings(l, f, found[OVERRIDE_PARAMS]);
	map = found[OVERRIDE_CONFIGURE];
	for (k = 0; map != NULL && k < map->n; k++) {
		check_kind(l, &s, o, &map->entries[k]);
		configure_rule(l, f, &map->entries[k], (int)l->in->n_overrides - 1);
	}
	if (says_nothing(value_get(node, STR("params"))) &&
	    says_nothing(value_get(node, STR("configure"))))
		shape_mistake(&s, node,
			      "the override changes nothing: it has neither 'params' nor "
			      "'configure'");
}

/* Whether an override's condition is of fields that what a rule judges has. */
static bool is_asked_for(const struct loading *l, size_t override, size_t rule)
{
	return (l->in->overrides[override].kinds & KIND_BIT(l->p->rules[rule].kind)) != 0;
}

/* Which overrides can change which rule. */
static void find_touched(struct loading *l)
{
	const struct settings *settings;
	const struct config *c;
	struct rule_more *rule;
	bool *set = ARENA_ARRAY(l->arena, l->p->params.n, bool);
	size_t i, k, n;

	for (k = 0; k < l->in->n_overrides; k++) {
		settings = &l->in->overrides[k].settings;
		for (n = 0; n < settings->n; n++)
			set[settings->list[n].param] = true;
		for (i = 0; i < l->p->n_rules; i++) {
			rule = &l->in->rules[i];
			for (n = 0; n < rule->n_params && !set[rule->params[n]]; n++)
				;
			if (n < rule->n_params && is_asked_for(l, k, i))
				rule->touch |= UINT32_C(1) << k;
		}
		for (n = 0; n < settings->n; n++)
			set[settings->list[n].param] = false;
	}
	for (i = 0; i < l->p->n_rules; i++)
		for (c = l->in->rules[i].configs; c != NULL; c = c->next)
			if (c->override >= 0 && is_asked_for(l, (size_t)c->override, i))
				l->in->rules[i].touch |= UINT32_C(1) << c->override;
}

void policy_read_overrides(struct loading *l)
{
	const struct value *list;
	size_t i;
	uint32_t k;

	for (i = 0; i < l->in->n_order; i++) {
		list = l->in->order[i]->keys[KEY_OVERRIDES];
		for (k = 0; list != NULL && k < list->n; k++)
			read_override(l, l->in->order[i], &list->items[k]);
	}
	if (l->in->n_overrides != 0)
		find_touched(l);
}

/* ---- which rules are judged ------------------------------------------------ */

/* Enabled by what files say, or by an override where it holds. */
static bool may_be_enabled(const struct rule *rule, const struct rule_more *more)
{
	const struct config *c;
	bool enabled = rule->enabled;

	for (c = more->configs; c != NULL; c = c->next) {
		if (c->enabled == NULL)
			continue;
		enabled = c->override < 0 ? *c->enabled : enabled || *c->enabled;
	}
	return enabled;
}

/* Marks the rules that a shell pattern names; mistakes where it names none. */
static void match(struct loading *l, const char *option, const char *pattern, bool *marks)
{
	struct source *source = &l->in->command[l->in->n_command++];
	struct shape s = loading_shape(l, source);
	struct value at = value_of_str(str_of(pattern));
	const char *wrong = text_glob_check(str_of(pattern));
	size_t i, found = 0, enabled = 0;

	at.flags = VALUE_PLAIN;
	at.place = (struct place){ 1, 1 };
	source_init(source, option, arena_str(l->arena, str_of(pattern)));
	if (wrong != NULL) {
		shape_mistake(&s, &at, "%s is no shell pattern: %s",
			      shape_quote(&s, str_of(pattern)), wrong);
		return;
	}
	for (i = 0; i < l->p->n_rules; i++) {
		if (!text_glob(str_of(pattern), l->p->rules[i].id))
			continue;
		marks[i] = true;
		found++;
		if (may_be_enabled(&l->p->rules[i], &l->in->rules[i]))
			enabled++;
	}
	if (found == 0 && l->p->params.incomplete &&
	    names_nearest(&l->in->rule_names, str_of(pattern)) == NULL)
		return;
	if (found == 0) {
		shape_mistake(&s, &at, "no rule has the id %s", shape_quote(&s, str_of(pattern)));
		if (!shape_full(&s))
			shape_hint_nearest(&s, names_nearest(&l->in->rule_names, str_of(pattern)));
	} else if (enabled == 0 && strcmp(option, "--rule") == 0) {
		shape_mistake(&s, &at, "the policy disables %s", shape_quote(&s, str_of(pattern)));
		mistakes_hint(l->mistakes, "enable it under 'configure:' in %s", l->p->file);
	}
}

void policy_select(struct loading *l, const struct policy_options *options)
{
	bool *only = ARENA_ARRAY(l->arena, l->p->n_rules, bool);
	bool *skip = ARENA_ARRAY(l->arena, l->p->n_rules, bool);
	struct rule_more *more;
	const struct rule *rule;
	size_t i, n = 0;
	int k;

	for (i = 0; i < options->n_only; i++)
		match(l, "--rule", options->only[i], only);
	for (i = 0; i < options->n_skip; i++)
		match(l, "--skip", options->skip[i], skip);
	for (i = 0; i < l->p->n_rules; i++) {
		more = &l->in->rules[i];
		more->judged = may_be_enabled(&l->p->rules[i], more) &&
			       (options->n_only == 0 || only[i]) && !skip[i];
		n += more->judged;
	}
	for (i = 0; i < l->p->n_waivers; i++) {
		rule = l->p->waivers[i].rule;
		if (rule == NULL)
			continue; /* it names none, which is told */
		more = &l->in->rules[rule->index];
		l->p->waivers[i].left_out = !more->judged && may_be_enabled(rule, more);
	}
	l->in->singles = ARENA_ARRAY(l->arena, n, const struct rule *);
	l->in->groups = ARENA_ARRAY(l->arena, n, const struct rule *);
	for (k = 0; k < N_KINDS; k++) {
		for (i = 0; i < l->p->n_rules; i++) {
			rule = &l->p->rules[i];
			if (!l->in->rules[i].judged || rule->kind != (enum kind)k)
				continue;
			l->in->touching_of[k] |= l->in->rules[i].touch;
			if (rule->group_by != NULL)
				l->in->groups[l->in->n_groups++] = rule;
			else
				l->in->singles[l->in->n_singles++] = rule;
		}
		l->in->touching |= l->in->touching_of[k];
		l->in->singles_end[k] = l->in->n_singles;
		l->in->groups_end[k] = l->in->n_groups;
	}
}
