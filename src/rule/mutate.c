/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutants of rules. Knows the grammar of conditions well enough to change a
 * copy of the tree in place and to put it back; whether the change is a rule at
 * all the compiler says, and whether it matters the rule's tests.
 */
#include "rule/mutate.h"

#include "base/limit.h"
#include "rule/op.h"
#include "rule/rule_test_run.h"

#define SHOWN 60 /* of an operand */

struct mutating {
	struct policy *p;
	struct rule rule; /* the copy, whose trees are changed */
	const struct rule *original;
	struct arena arena;
	struct buf what;
	survivor_take *take;
	void *to;
	struct mutation *sum;
	size_t n;
};

/* An operator, and those that are taken for it. */
static const struct {
	enum op_id op, others[2];
} swaps[] = {
	{ OP_equals, { OP_not_equals, OP_none } },
	{ OP_not_equals, { OP_equals, OP_none } },
	{ OP_in, { OP_not_in, OP_none } },
	{ OP_not_in, { OP_in, OP_none } },
	{ OP_matches, { OP_not_matches, OP_none } },
	{ OP_not_matches, { OP_matches, OP_none } },
	{ OP_like, { OP_not_like, OP_none } },
	{ OP_not_like, { OP_like, OP_none } },
	{ OP_starts_with, { OP_ends_with, OP_none } },
	{ OP_ends_with, { OP_starts_with, OP_none } },
	{ OP_contains, { OP_not_contains, OP_none } },
	{ OP_not_contains, { OP_contains, OP_none } },
	{ OP_contains_all, { OP_contains_any, OP_none } },
	{ OP_contains_any, { OP_contains_all, OP_none } },
	{ OP_is, { OP_is_not, OP_none } },
	{ OP_is_not, { OP_is, OP_none } },
	{ OP_min, { OP_greater_than, OP_less_than } },
	{ OP_max, { OP_less_than, OP_greater_than } },
	{ OP_greater_than, { OP_min, OP_max } },
	{ OP_less_than, { OP_max, OP_min } },
	{ OP_min_length, { OP_max_length, OP_none } },
	{ OP_max_length, { OP_min_length, OP_none } },
	{ OP_has_keys, { OP_has_any_key, OP_lacks_keys } },
	{ OP_has_any_key, { OP_has_keys, OP_lacks_keys } },
	{ OP_lacks_keys, { OP_has_any_key, OP_none } },
	{ OP_only_keys, { OP_has_keys, OP_none } },
	{ OP_keys, { OP_values, OP_none } },
	{ OP_values, { OP_keys, OP_none } },
	{ OP_each, { OP_some, OP_no } },
	{ OP_some, { OP_each, OP_no } },
	{ OP_no, { OP_some, OP_none } },
};

static void change_condition(struct mutating *m, struct value *map);
static void change_ops(struct mutating *m, struct value *map);

/* ---- one change ------------------------------------------------------------ */

struct outcome {
	bool failed, no_rule;
};

static void take_result(void *to, const struct rule_test_result *r)
{
	struct outcome *o = to;

	if (!r->ran)
		o->no_rule = true;
	else if (!r->passed)
		o->failed = true;
}

/* Before a change is made that costs something to make. */
static bool is_full(struct mutating *m)
{
	if (m->n < LIMIT_MUTANTS)
		return false;
	m->sum->left_out++;
	return true;
}

/* Runs the tests on the rule as it has been changed; m->what says how. */
static void try(struct mutating *m, struct place place)
{
	struct outcome outcome = { false, false };
	const struct rule_test_watch watch = { .take = take_result, .to = &outcome, .stop = true };
	struct survivor s = { m->original, source_place(m->original->source, place),
			      buf_str(&m->what) };

	if (is_full(m))
		goto out;
	m->n++;
	rule_tests_watch(m->p, &m->rule, &watch);
	if (outcome.failed) {
		m->sum->noticed++;
	} else if (!outcome.no_rule) {
		m->sum->survived++;
		m->take(m->to, &s);
	}
out:
	buf_clear(&m->what);
}

/* The trees are this module's own copies. */
static struct entry *entry_at(const struct value *map, uint32_t i)
{
	return (struct entry *)&map->entries[i];
}

static struct value *item_at(const struct value *list, uint32_t i)
{
	return (struct value *)&list->items[i];
}

static void put_entry(struct buf *b, struct str key, const struct value *v)
{
	buf_putc(b, '\'');
	buf_put_str(b, key);
	buf_puts(b, ": ");
	value_show(b, v, SHOWN);
	buf_putc(b, '\'');
}

static void try_key(struct mutating *m, struct entry *e, struct str key)
{
	struct str old = e->key;

	buf_printf(&m->what, "'%.*s' became '%.*s'", STR_ARG(old), STR_ARG(key));
	e->key = key;
	try(m, e->key_place);
	e->key = old;
}

static void try_value(struct mutating *m, struct entry *e, struct value *v, struct value other)
{
	struct value old = *v;

	put_entry(&m->what, e->key, &old);
	buf_puts(&m->what, " became ");
	put_entry(&m->what, e->key, &other);
	*v = other;
	try(m, e->key_place);
	*v = old;
}

static void try_without_entry(struct mutating *m, struct value *map, uint32_t i)
{
	struct arena_mark mark = arena_mark(&m->arena);
	struct entry *rest = ARENA_ARRAY(&m->arena, map->n, struct entry);
	struct value old = *map;
	const struct entry *gone = &old.entries[i];

	memcpy(rest, old.entries, i * sizeof(*rest));
	memcpy(rest + i, gone + 1, (old.n - i - 1) * sizeof(*rest));
	map->entries = rest;
	map->n--;
	put_entry(&m->what, gone->key, &gone->value);
	buf_puts(&m->what, " removed");
	try(m, gone->key_place);
	*map = old;
	arena_rewind(&m->arena, mark);
}

static void try_without_item(struct mutating *m, struct str of, struct value *list, uint32_t i)
{
	struct arena_mark mark = arena_mark(&m->arena);
	struct value *rest = ARENA_ARRAY(&m->arena, list->n, struct value);
	struct value old = *list;
	const struct value *gone = &old.items[i];

	memcpy(rest, old.items, i * sizeof(*rest));
	memcpy(rest + i, gone + 1, (old.n - i - 1) * sizeof(*rest));
	list->items = rest;
	list->n--;
	value_show(&m->what, gone, SHOWN);
	buf_printf(&m->what, " removed from '%.*s'", STR_ARG(of));
	try(m, gone->place);
	*list = old;
	arena_rewind(&m->arena, mark);
}

static void drop_entries(struct mutating *m, struct value *map)
{
	uint32_t i;

	for (i = 0; map->n > 1 && i < map->n; i++)
		if (!is_full(m))
			try_without_entry(m, map, i);
}

static void drop_items(struct mutating *m, struct str of, struct value *list)
{
	uint32_t i;

	for (i = 0; list->n > 1 && i < list->n; i++)
		if (!is_full(m))
			try_without_item(m, of, list, i);
}

/* ---- operators and operands ------------------------------------------------ */

static void change_number(struct mutating *m, struct entry *e, struct value *v)
{
	struct value other = *v;

	other.mantissa = v->mantissa + 1;
	try_value(m, e, v, other);
	other.mantissa = v->mantissa - 1;
	try_value(m, e, v, other);
}

/* all of one is any of one */
static bool same_of_one(enum op_id a, enum op_id b, const struct value *operand)
{
	return operand->kind == VALUE_LIST && operand->n == 1 &&
	       ((a == OP_has_keys && b == OP_has_any_key) ||
		(a == OP_has_any_key && b == OP_has_keys) || a == OP_contains_all ||
		a == OP_contains_any);
}

static void swap_op(struct mutating *m, struct entry *e, const struct op *op)
{
	enum op_id other;
	size_t i, k;

	for (i = 0; i < sizeof(swaps) / sizeof(*swaps); i++) {
		for (k = 0; swaps[i].op == op->id && k < 2; k++) {
			other = swaps[i].others[k];
			if (other != OP_none && !same_of_one(op->id, other, &e->value))
				try_key(m, e, str_of(op_table[other].name));
		}
	}
}

/* Conditions on members, or operators on them. */
static void change_members(struct mutating *m, struct value *v)
{
	if (v->kind != VALUE_MAP || v->n == 0)
		return;
	if (op_find(v->entries[0].key) != NULL)
		change_ops(m, v);
	else
		change_condition(m, v);
}

static void change_allowed(struct mutating *m, struct value *map)
{
	uint32_t i;

	drop_entries(m, map);
	for (i = 0; i < map->n; i++)
		if (map->entries[i].value.kind == VALUE_LIST)
			drop_items(m, map->entries[i].key, &entry_at(map, i)->value);
}

static void change_operand(struct mutating *m, struct entry *e, const struct op *op)
{
	struct value *v = &e->value, other = e->value;

	switch (v->kind) {
	case VALUE_NUMBER:
		change_number(m, e, v);
		break;
	case VALUE_BOOLEAN:
		if (op->id != OP_exists)
			break; /* equals has its opposite */
		other.boolean = !v->boolean;
		try_value(m, e, v, other);
		break;
	case VALUE_LIST:
		drop_items(m, e->key, v);
		break;
	case VALUE_MAP:
		if (op->id == OP_allowed_values)
			change_allowed(m, v);
		else if (op->id == OP_keys || op->id == OP_values || op->id == OP_count)
			change_ops(m, v);
		else if (op->id == OP_each || op->id == OP_some || op->id == OP_no)
			change_members(m, v);
		break;
	default:
		break;
	}
}

static void change_ops(struct mutating *m, struct value *map)
{
	const struct op *op;
	struct entry *e;
	uint32_t i;

	drop_entries(m, map);
	for (i = 0; i < map->n; i++) {
		e = entry_at(map, i);
		op = op_find(e->key);
		if (op != NULL) {
			swap_op(m, e, op);
			change_operand(m, e, op);
		} else if (str_is(e->key, "where")) {
			change_members(m, &e->value);
		}
	}
}

/* ---- conditions ------------------------------------------------------------ */

static void change_list(struct mutating *m, struct entry *e)
{
	uint32_t i;

	if (str_is(e->key, "none"))
		try_key(m, e, STR("any"));
	else if (e->value.n > 1)
		try_key(m, e, str_is(e->key, "all") ? STR("any") : STR("all"));
	drop_items(m, e->key, &e->value);
	for (i = 0; i < e->value.n; i++)
		change_condition(m, item_at(&e->value, i));
}

static void change_not(struct mutating *m, struct entry *e)
{
	struct entry old = *e;
	struct value *one = ARENA_NEW(&m->arena, struct value);

	*one = e->value;
	e->key = STR("all");
	e->value.kind = VALUE_LIST;
	e->value.n = 1;
	e->value.items = one;
	buf_puts(&m->what, "'not' removed");
	try(m, e->key_place);
	*e = old;
	change_condition(m, &e->value);
}

/* FIELD: scalar */
static void change_scalar(struct mutating *m, struct entry *e)
{
	struct value old = e->value;
	struct entry *not_equals = ARENA_NEW(&m->arena, struct entry);

	*not_equals =
	    (struct entry){ .key = STR("not_equals"), .key_place = old.place, .value = old };
	e->value.kind = VALUE_MAP;
	e->value.n = 1;
	e->value.entries = not_equals;
	put_entry(&m->what, e->key, &old);
	buf_puts(&m->what, " became ");
	put_entry(&m->what, e->key, &e->value);
	try(m, e->key_place);
	e->value = old;
	if (old.kind == VALUE_NUMBER)
		change_number(m, e, &e->value);
}

static void change_entry(struct mutating *m, struct entry *e)
{
	if (str_is(e->key, "not"))
		change_not(m, e);
	else if (str_is(e->key, "all") || str_is(e->key, "any") || str_is(e->key, "none"))
		change_list(m, e);
	else if (e->value.kind == VALUE_MAP)
		change_ops(m, &e->value);
	else
		change_scalar(m, e);
}

/* How deep it goes the compiler has bounded. */
static void change_condition(struct mutating *m, struct value *map)
{
	uint32_t i;

	drop_entries(m, map);
	for (i = 0; i < map->n; i++)
		change_entry(m, entry_at(map, i));
}

/* ---- group rules ----------------------------------------------------------- */

static void change_group_entry(struct mutating *m, struct entry *e)
{
	struct entry *ask = e->value.n != 0 ? entry_at(&e->value, 0) : NULL;

	if (ask == NULL)
		return;
	if (str_is(e->key, "group"))
		change_ops(m, &ask->value);
	else
		try_key(m, ask, str_is(ask->key, "same") ? STR("unique") : STR("same"));
}

static void change_group(struct mutating *m, struct value *require)
{
	uint32_t i;

	drop_entries(m, require);
	for (i = 0; i < require->n; i++)
		change_group_entry(m, entry_at(require, i));
}

/* ---- the whole ------------------------------------------------------------- */

static struct value *own_copy(struct mutating *m, const struct value *tree)
{
	struct value *copy;

	if (tree == NULL)
		return NULL;
	copy = ARENA_NEW(&m->arena, struct value);
	*copy = value_copy(&m->arena, tree);
	return copy;
}

static void drop_when(struct mutating *m)
{
	const struct value *when = m->rule.when;

	m->rule.when = NULL;
	buf_puts(&m->what, "'when' removed");
	try(m, when->place);
	m->rule.when = when;
}

static void change_rule(struct mutating *m)
{
	struct value *when = own_copy(m, m->original->when);
	struct value *require = own_copy(m, m->original->require);
	struct value *group_by = own_copy(m, m->original->group_by);

	m->rule.when = when;
	m->rule.require = require;
	m->rule.group_by = group_by;
	if (when != NULL) {
		drop_when(m);
		change_condition(m, when);
	}
	if (group_by == NULL) {
		change_condition(m, require);
		return;
	}
	drop_items(m, STR("group_by"), group_by);
	if (require != NULL)
		change_group(m, require);
}

void mutate_rule(struct policy *p, const struct rule *rule, survivor_take *take, void *to,
		 struct mutation *sum)
{
	struct mutating m = { .p = p,
			      .rule = *rule,
			      .original = rule,
			      .what = BUF_INIT(LIMIT_MESSAGE_SIZE),
			      .take = take,
			      .to = to,
			      .sum = sum };
	const struct rule_test_watch watch = { .stop = true };

	if (rule_tests_watch(p, rule, &watch) != 0)
		sum->unfit++;
	else
		change_rule(&m);
	buf_release(&m.what);
	arena_release(&m.arena);
}
