/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiling group rules. Knows `group_by` and the words same, unique and group;
 * paths and operators on numbers are those of conditions.
 */
#include "rule/group_rule.h"

#include "rule/op.h"
#include "rule/verdict.h"

#define FIELDS_OF_SUBJECT                                                                          \
	(FIELD_BIT(FIELD_ARN) | FIELD_BIT(FIELD_NAME) | FIELD_BIT(FIELD_ACCOUNT) |                 \
	 FIELD_BIT(FIELD_REGION))

enum { ASK_SAME, ASK_UNIQUE, N_ASK };

static const struct shape_key ask_keys[N_ASK] = {
	[ASK_SAME] = { "same", SHAPE_BOOLEAN, false, "true: one value in the group" },
	[ASK_UNIQUE] = { "unique", SHAPE_BOOLEAN, false, "true: no two alike" },
};

const struct shape_table shape_ask = { ask_keys, N_ASK };

static const struct shape_key group_keys[] = {
	{ "count", SHAPE_MAP, true, "Operators on the number of members" },
};

const struct shape_table shape_group = { group_keys, 1 };

/* A field with one value that can be compared. */
static bool add_path(const struct compile *c, struct group_rule *g, struct str text,
		     struct place place)
{
	struct path *p = &g->paths[g->n_paths];

	if (path_compile(c, text, place, true, p) == -1)
		return false;
	if (p->root == PATH_SLOT && !p->projected && p->nature.type.base != TYPE_OBJECT &&
	    p->nature.type.element != TYPE_OBJECT) {
		g->n_paths++;
		return true;
	}
	mistakes_add(c->scope->mistakes, c->scope->source, place, 0,
		     "a group rule needs a field with one value of its own");
	return false;
}

static void add_keys(const struct compile *c, const struct shape *s, struct group_rule *g,
		     const struct value *group_by)
{
	uint32_t i;

	for (i = 0; i < group_by->n; i++)
		if (shape_is(s, "a member of group_by", &group_by->items[i], SHAPE_STRING))
			add_path(c, g, value_str(&group_by->items[i]), group_by->items[i].place);
	g->n_keys = g->n_paths;
}

static void add_count(const struct compile *c, const struct shape *s, struct group_rule *g,
		      const struct value *node)
{
	const struct value *count;
	struct buf b = BUF_INIT(1 << 16);

	if (!shape_map(s, "'group'", node, group_keys, 1, &count))
		return;
	g->count = ops_compile(c->scope, "count", (struct type){ TYPE_NUMBER, TYPE_NONE }, count);
	if (g->count == NULL)
		return;
	/* there is no one resource whose fields could be asked */
	if (g->count->got->needs != 0) {
		shape_mistake(s, count,
			      "the size of a group is compared with numbers and "
			      "parameters, not with fields");
		return;
	}
	ops_describe(g->count, &b);
	g->count_text = arena_buf(c->scope->arena, &b);
	buf_release(&b);
}

static void add_ask(const struct compile *c, const struct shape *s, struct group_rule *g,
		    const struct entry *e)
{
	const struct value *found[N_ASK];
	size_t i;

	if (str_is(e->key, "group")) {
		add_count(c, s, g, &e->value);
		return;
	}
	if (!shape_map(s, "what a group rule requires of a field", &e->value, ask_keys, N_ASK,
		       found))
		return;
	if ((found[ASK_SAME] == NULL) == (found[ASK_UNIQUE] == NULL)) {
		shape_mistake(s, &e->value,
			      "a group rule requires of a field either "
			      "{same: true} or {unique: true}");
		return;
	}
	i = found[ASK_SAME] != NULL ? ASK_SAME : ASK_UNIQUE;
	if (!found[i]->boolean) {
		shape_mistake(s, found[i], "'%s' can only be true", ask_keys[i].name);
		return;
	}
	g->unique[g->n_paths] = i == ASK_UNIQUE;
	add_path(c, g, e->key, e->key_place);
}

struct group_rule *group_compile(const struct scope *scope, const struct rule *rule)
{
	struct group_rule *g = ARENA_NEW(scope->arena, struct group_rule);
	struct compile c = { .scope = scope, .got = &g->got };
	struct shape s = { scope->source, scope->mistakes };
	size_t before = scope->mistakes->n + scope->mistakes->dropped;
	size_t most = (size_t)rule->group_by->n;
	uint32_t i;

	if (rule->require != NULL)
		most += rule->require->n;
	g->paths = ARENA_ARRAY(scope->arena, most + 1, struct path);
	g->unique = ARENA_ARRAY(scope->arena, most + 1, bool);
	add_keys(&c, &s, g, rule->group_by);
	for (i = 0; rule->require != NULL && i < rule->require->n; i++)
		add_ask(&c, &s, g, &rule->require->entries[i]);
	if (rule->require != NULL && rule->require->n == 0)
		shape_mistake(&s, rule->require, "'require' asks nothing");
	if (scope->mistakes->n + scope->mistakes->dropped == before)
		return g;
	group_rule_release(g);
	return NULL;
}

void group_rule_release(struct group_rule *g)
{
	if (g == NULL)
		return;
	ops_release(g->count);
	gathered_release(&g->got);
}

field_set group_rule_needs(const struct group_rule *g)
{
	return g->got.needs;
}

field_set group_rule_shows(const struct group_rule *g)
{
	field_set shows = FIELDS_OF_SUBJECT;
	size_t i;

	for (i = 0; i < g->n_paths; i++)
		if (g->paths[i].n_steps == 0)
			shows |= FIELD_BIT(g->paths[i].slot);
	return shows;
}

/* ---- looking at a resource ------------------------------------------------- */

/* Whether the resource is among those that the rule groups, as far as its
 * `when` says. */
static enum group_state look_when(const struct compiled *c, const struct resource *r,
				  struct explain *x, struct group_member *m, bool reasons)
{
	struct evidence e;
	enum truth truth;

	if (c->when == NULL)
		return GROUP_IN;
	x->judge.error = NULL;
	truth = cond_judge(c->when, r, &x->judge);
	if (x->judge.error != NULL) {
		m->reason = str_of(x->judge.error);
		return GROUP_ERROR;
	}
	if (truth == TRUTH_TRUE)
		return GROUP_IN;
	if (truth == TRUTH_UNKNOWN) {
		m->reason =
		    str_of(arena_printf(x->arena, "whether the rule applies is not known: %s",
					explain_unknown(x, c->when, r, &e)));
		m->field = e.field;
		return GROUP_UNSURE_WHEN;
	}
	if (reasons) {
		struct finding f;

		explain_verdict(x, c, VERDICT_NOT_APPLICABLE, r, &f, &e);
		m->reason = f.reason;
	}
	return GROUP_OUT;
}

/* The same as far as the fields of group_by say. */
static void look_keys(const struct group_rule *g, struct explain *x, struct group_member *m)
{
	const struct value *unknown;
	size_t i;

	for (i = 0; i < g->n_keys; i++) {
		if (value_is_there(m->values[i]) || m->values[i]->kind == VALUE_UNKNOWN)
			continue;
		m->state = GROUP_OUT;
		m->field = g->paths[i].text;
		m->reason =
		    str_of(arena_printf(x->arena, "%.*s is absent", STR_ARG(g->paths[i].text)));
		return;
	}
	for (i = 0; i < g->n_keys; i++) {
		unknown = value_find_unknown(m->values[i]);
		if (unknown == NULL)
			continue;
		m->state = GROUP_UNSURE_KEY;
		m->field = g->paths[i].text;
		m->reason = str_of(arena_printf(
		    x->arena, "its group is not known: %s",
		    explain_not_known(x->arena, g->paths[i].text, m->values[i], unknown->why)));
		return;
	}
}

void group_look(const struct compiled *c, const struct compiled *base, const struct resource *r,
		bool reasons, struct arena *arena, struct group_member *m)
{
	const struct group_rule *g = base->group;
	struct buf text = BUF_INIT(1 << 20);
	struct explain x;
	struct eval e = { r, &x.judge, NULL };
	size_t i;

	explain_init(&x, arena, &text);
	*m = (struct group_member){ .c = c, .reason = STR(""), .field = STR("") };
	if (!c->enabled) {
		m->reason = STR("an override disables the rule here");
		return;
	}
	if (c->error != NULL) {
		m->state = GROUP_ERROR;
		m->reason = str_of(c->error);
		return;
	}
	m->state = look_when(c, r, &x, m, reasons);
	buf_release(&text);
	if (m->state == GROUP_OUT || m->state == GROUP_ERROR)
		return;
	m->values = ARENA_ARRAY(arena, g->n_paths, const struct value *);
	m->places = ARENA_ARRAY(arena, g->n_paths, struct place);
	for (i = 0; i < g->n_paths; i++) {
		m->values[i] = path_value(&g->paths[i], &e);
		m->places[i] = source_place(r->source, path_place(&g->paths[i], &e, m->values[i]));
	}
	look_keys(g, &x, m);
}
