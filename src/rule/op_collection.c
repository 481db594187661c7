/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members of lists and maps: lists of members and keys, quantifiers, counts.
 *
 * A list or a map that is absent has no members: `each`, `no`, `keys`,
 * `values`, `only_keys` and `allowed_values` hold for it as they do for an empty
 * one, `some` does not, and its count is 0. An entry whose value is null is not
 * there; one whose value is unknown is: its key is written.
 */
#include "base/limit.h"
#include "base/text.h"
#include "rule/known.h"
#include "rule/op.h"
#include "rule/path.h"
#include "rule/place.h"

/* Shows the place of a member that is written somewhere. */
static void evidence_at(struct evidence *ev, const struct value *v)
{
	if (value_is_there(v) && !(v->place.line == 0 && v->place.column == UINT32_MAX))
		ev->place = v->place;
}

/* "Owner, Environment" of the keys that `wanted` lists and `has` says. */
static void put_keys(struct buf *b, const char *before, const struct value *key)
{
	buf_puts(b, b->len == 0 ? before : ", ");
	value_show(b, key, LIMIT_SHOWN_VALUE);
}

/* ---- contains_all, contains_any ------------------------------------------- */

static enum truth run_contains_all(const struct test *t, const struct value *v,
				   const struct eval *e)
{
	const struct value *wanted = operand_value(&t->operand, e);
	enum truth all = TRUTH_TRUE, one;
	uint32_t i;

	if (wanted->kind == VALUE_UNKNOWN)
		return v->kind == VALUE_LIST || v->kind == VALUE_UNKNOWN ? TRUTH_UNKNOWN
									 : TRUTH_FALSE;
	if (wanted->kind != VALUE_LIST)
		return TRUTH_FALSE;
	if (wanted->n == 0)
		return TRUTH_TRUE;
	if (v->kind != VALUE_LIST)
		return v->kind == VALUE_UNKNOWN ? TRUTH_UNKNOWN : TRUTH_FALSE;
	for (i = 0; i < wanted->n && all != TRUTH_FALSE; i++) {
		one = list_has(v, &wanted->items[i]);
		if (one < all)
			all = one;
	}
	return all;
}

static enum truth run_contains_any(const struct test *t, const struct value *v,
				   const struct eval *e)
{
	const struct value *wanted = operand_value(&t->operand, e);
	enum truth any = TRUTH_FALSE, one;
	uint32_t i;

	if (!value_is_there(v) || !value_is_there(wanted))
		return TRUTH_FALSE;
	if (v->kind == VALUE_UNKNOWN || wanted->kind == VALUE_UNKNOWN)
		return TRUTH_UNKNOWN;
	if (v->kind != VALUE_LIST || wanted->kind != VALUE_LIST)
		return TRUTH_FALSE;
	for (i = 0; i < wanted->n && any != TRUTH_TRUE; i++) {
		one = list_has(v, &wanted->items[i]);
		if (one > any)
			any = one;
	}
	return any;
}

static void explain_contains_all(const struct test *t, const struct value *v, const struct eval *e,
				 bool negated, struct arena *arena, struct evidence *ev)
{
	const struct value *wanted = operand_value(&t->operand, e);
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	uint32_t i;

	if (negated || ev->truth != TRUTH_FALSE || wanted->kind != VALUE_LIST ||
	    v->kind != VALUE_LIST)
		return;
	for (i = 0; i < wanted->n; i++) {
		if (list_has(v, &wanted->items[i]) == TRUTH_FALSE)
			put_keys(&b, "missing ", &wanted->items[i]);
	}
	ev->detail = arena_buf(arena, &b);
	buf_release(&b);
}

int op_contains_all_prepare(const struct prepare *p)
{
	struct test *t = p->test;
	struct nature wanted = t->nature;

	wanted.type.base = TYPE_LIST; /* also where the value may be anything */
	t->run = t->op->id == OP_contains_all ? run_contains_all : run_contains_any;
	if (t->op->id == OP_contains_all)
		t->explain = explain_contains_all;
	return prepare_list(p, &wanted, t->op->id == OP_contains_any);
}

/* ---- has_keys and its kin -------------------------------------------------- */

static bool has_key(const struct value *map, const struct value *key)
{
	uint32_t i;

	if (key->kind != VALUE_STRING || map->kind != VALUE_MAP)
		return false;
	for (i = 0; i < map->n; i++) {
		if (map->entries[i].key.len == key->n &&
		    str_same(map->entries[i].key.data, key->text, key->n))
			return value_is_there(&map->entries[i].value);
	}
	return false;
}

static bool lists_key(const struct value *list, struct str key)
{
	uint32_t i;

	for (i = 0; i < list->n; i++) {
		if (list->items[i].kind == VALUE_STRING &&
		    str_equal(value_str(&list->items[i]), key))
			return true;
	}
	return false;
}

/* A map, or what counts as an empty one. */
static bool is_map(const struct value *v)
{
	return v->kind == VALUE_MAP || !value_is_there(v);
}

/* The truth that there is without a map and a list, when there is one. */
static bool keys_undecided(const struct value *v, const struct value *list, enum truth *truth)
{
	*truth = TRUTH_FALSE;
	if (list->kind == VALUE_LIST && list->n == 0 && v->kind == VALUE_UNKNOWN)
		return false;
	if (v->kind == VALUE_UNKNOWN || list->kind == VALUE_UNKNOWN) {
		if (value_is_there(list) && (is_map(v) || v->kind == VALUE_UNKNOWN))
			*truth = TRUTH_UNKNOWN;
		return true;
	}
	return list->kind != VALUE_LIST || !is_map(v);
}

static enum truth run_has_keys(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *list = operand_value(&t->operand, e);
	enum truth truth;
	uint32_t i;

	if (keys_undecided(v, list, &truth))
		return truth;
	for (i = 0; i < list->n; i++) {
		if (!has_key(v, &list->items[i]))
			return any_of_open(v, TRUTH_FALSE);
	}
	return TRUTH_TRUE;
}

static enum truth run_has_any_key(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *list = operand_value(&t->operand, e);
	enum truth truth;
	uint32_t i;

	if (keys_undecided(v, list, &truth))
		return truth;
	for (i = 0; i < list->n; i++) {
		if (has_key(v, &list->items[i]))
			return TRUTH_TRUE;
	}
	return any_of_open(v, TRUTH_FALSE);
}

static enum truth run_only_keys(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *list = operand_value(&t->operand, e);
	enum truth truth;
	uint32_t i;

	if (v->kind == VALUE_UNKNOWN)
		return value_is_there(list) ? TRUTH_UNKNOWN : TRUTH_FALSE;
	if (keys_undecided(v, list, &truth))
		return truth;
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++) {
		if (value_is_there(&v->entries[i].value) && !lists_key(list, v->entries[i].key))
			return TRUTH_FALSE;
	}
	return all_of_open(v, TRUTH_TRUE);
}

/* The keys of a map that the rule does not ask for, as candidates for what was
 * meant by one that is missing. */
static const char **other_keys(const struct value *map, const struct value *list,
			       struct arena *arena, size_t *n)
{
	const char **names = ARENA_ARRAY(arena, map->n, const char *);
	uint32_t i;

	*n = 0;
	for (i = 0; i < map->n; i++) {
		if (!lists_key(list, map->entries[i].key))
			names[(*n)++] = arena_str(arena, map->entries[i].key).data;
	}
	return names;
}

static const char *near_key(struct str missing, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (text_equal_nocase_ascii(missing, str_of(names[i])))
			return names[i];
	}
	return text_nearest(missing, names, n);
}

/* "missing Owner, Environment ('owner' is near to 'Owner')" */
static void put_missing(struct buf *b, const struct value *v, const struct value *list,
			struct arena *arena)
{
	struct buf near = BUF_INIT(LIMIT_MESSAGE_SIZE);
	const char **names = NULL, *name;
	size_t n = 0;
	uint32_t i;

	if (v->kind == VALUE_MAP)
		names = other_keys(v, list, arena, &n);
	for (i = 0; i < list->n; i++) {
		if (has_key(v, &list->items[i]))
			continue;
		put_keys(b, "missing ", &list->items[i]);
		if (list->items[i].kind != VALUE_STRING)
			continue;
		name = near_key(value_str(&list->items[i]), names, n);
		if (name == NULL)
			continue;
		buf_puts(&near, near.len == 0 ? " (" : ", ");
		text_put_quoted(&near, str_of(name), LIMIT_SHOWN_VALUE);
		buf_puts(&near, " is near to ");
		text_put_quoted(&near, value_str(&list->items[i]), LIMIT_SHOWN_VALUE);
	}
	if (near.len != 0 && !near.failed) {
		buf_put_str(b, buf_str(&near));
		buf_puts(b, ")");
	}
	buf_release(&near);
}

/* Keys of the map that are, or are not, in the list. */
static void put_present(struct buf *b, const char *before, const struct value *map,
			const struct value *list, bool listed)
{
	struct value key;
	uint32_t i;

	for (i = 0; map->kind == VALUE_MAP && i < map->n; i++) {
		key = value_of_str(map->entries[i].key);
		if (value_is_there(&map->entries[i].value) &&
		    lists_key(list, map->entries[i].key) == listed)
			put_keys(b, before, &key);
	}
}

static void explain_keys(const struct test *t, const struct value *v, const struct eval *e,
			 bool negated, struct arena *arena, struct evidence *ev)
{
	const struct value *list = operand_value(&t->operand, e);
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	bool lacks = (t->op->id == OP_lacks_keys) != negated;

	if (ev->truth == TRUTH_FALSE && list->kind == VALUE_LIST && is_map(v)) {
		if (t->op->id == OP_only_keys && !negated)
			put_present(&b, "it also has ", v, list, false);
		else if (t->op->id == OP_has_keys && !negated)
			put_missing(&b, v, list, arena);
		else if (t->op->id != OP_only_keys && t->op->id != OP_has_keys && lacks)
			put_present(&b, "it has ", v, list, true);
		else if (t->op->id != OP_only_keys && t->op->id != OP_has_keys)
			put_missing(&b, v, list, arena);
		ev->detail = arena_buf(arena, &b);
	}
	buf_release(&b);
}

int op_keys_list_prepare(const struct prepare *p)
{
	struct nature wanted = nature_of_type((struct type){ TYPE_LIST, TYPE_STRING });
	struct test *t = p->test;

	t->explain = explain_keys;
	switch (t->op->id) {
	case OP_has_keys:
		t->run = run_has_keys;
		break;
	case OP_only_keys:
		t->run = run_only_keys;
		/* No key at all may be what is wanted. */
		return prepare_operand(p, &wanted, false);
	default:
		t->run = run_has_any_key;
		break;
	}
	return prepare_list(p, &wanted, t->op->id == OP_has_any_key);
}

/* ---- allowed_values ------------------------------------------------------- */

static bool is_allowed(const struct allowed *a, const struct value *v)
{
	const struct allowed_value *one = a->values, *end = a->values + a->n;

	for (; one < end; one++) {
		if (v->kind != one->value->kind)
			continue;
		if (v->kind == VALUE_STRING && !one->glob) {
			if (v->n == one->value->n && str_same(v->text, one->value->text, v->n))
				return true;
			continue;
		}
		if (one->glob ? text_glob(value_str(one->value), value_str(v))
			      : value_equal(one->value, v))
			return true;
	}
	return false;
}

static enum truth value_allowed(const struct allowed *a, const struct value *v)
{
	struct agreed all = { TRUTH_UNKNOWN, false };
	const struct partial *p;
	uint32_t i;

	if (!value_is_there(v))
		return TRUTH_TRUE;
	if (v->kind != VALUE_UNKNOWN)
		return truth_of(is_allowed(a, v));
	p = value_partial(v);
	if (p == NULL || p->form != PARTIAL_ONE_OF)
		return p != NULL ? partial_allowed(a, p) : TRUTH_UNKNOWN;
	for (i = 0; i < p->n; i++)
		agree(&all, value_allowed(a, &p->items[i]));
	return all.truth;
}

static enum truth key_allowed(const struct allowed *a, const struct value *map)
{
	const struct value *v = value_get(map, a->key);

	return v != NULL ? value_allowed(a, v) : all_of_open(map, TRUTH_TRUE);
}

static enum truth run_allowed(const struct test *t, const struct value *v, const struct eval *e)
{
	enum truth all = TRUTH_TRUE, one;
	size_t i;

	(void)e;
	if (!value_is_there(v))
		return TRUTH_TRUE;
	if (v->kind != VALUE_MAP)
		return v->kind == VALUE_UNKNOWN ? TRUTH_UNKNOWN : TRUTH_FALSE;
	for (i = 0; i < t->n_allowed && all != TRUTH_FALSE; i++) {
		one = key_allowed(&t->allowed[i], v);
		if (one < all)
			all = one;
	}
	return all;
}

static void put_allowed(const struct allowed *a, struct buf *b)
{
	size_t i;

	buf_puts(b, "one of [");
	for (i = 0; i < a->n; i++) {
		buf_puts(b, i != 0 ? ", " : "");
		if (a->values[i].glob)
			text_put_quoted(b, value_str(a->values[i].value), LIMIT_SHOWN_VALUE);
		else
			value_show(b, a->values[i].value, LIMIT_SHOWN_VALUE);
	}
	buf_puts(b, "]");
}

/* Names the key that decided: that is what is to be mended. */
static void explain_allowed(const struct test *t, const struct value *v, const struct eval *e,
			    bool negated, struct arena *arena, struct evidence *ev)
{
	enum truth decides = negated ? truth_not(ev->truth) : ev->truth;
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	size_t i;

	(void)e;
	if (v->kind != VALUE_MAP || decides == TRUTH_TRUE)
		return;
	for (i = 0; key_allowed(&t->allowed[i], v) != decides; i++)
		;
	if (value_get(v, t->allowed[i].key) == NULL)
		return; /* there may be one that is not known */
	ev->actual = value_get(v, t->allowed[i].key);
	evidence_at(ev, ev->actual);
	path_put_key(&b, ev->field, t->allowed[i].key);
	ev->field = arena_buf(arena, &b);
	buf_clear(&b);
	put_allowed(&t->allowed[i], &b);
	ev->expected = arena_buf(arena, &b);
	buf_release(&b);
}

static int bind_allowed(const struct prepare *p, const struct entry *entry, struct allowed *to)
{
	const struct value *list = &entry->value, *one;
	struct allowed_value *values =
	    ARENA_ARRAY(p->c->scope->arena, list->n, struct allowed_value);
	const char *why;
	int rc = 0;
	uint32_t i;

	*to = (struct allowed){ entry->key, values, list->n };
	for (i = 0; i < list->n; i++) {
		one = &list->items[i];
		values[i].value = one;
		values[i].glob =
		    one->kind == VALUE_STRING && (memchr(one->text, '*', one->n) != NULL ||
						  memchr(one->text, '?', one->n) != NULL ||
						  memchr(one->text, '[', one->n) != NULL);
		why = values[i].glob ? text_glob_check(value_str(one)) : NULL;
		if (why != NULL)
			rc = prepare_mistake(p, p->test->operand.from_param ? p->node : one,
					     "malformed shell pattern: %s", why);
	}
	return rc;
}

int op_allowed_prepare(const struct prepare *p)
{
	struct test *t = p->test;
	struct nature wanted = nature_of_type((struct type){ TYPE_MAP, TYPE_LIST });
	const struct value *map;
	struct allowed *allowed;
	int rc = 0;
	uint32_t i;

	wanted.member.element = nature_of_member(&t->nature).type.base;
	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	map = operand_literal(&t->operand);
	if (map == NULL)
		return prepare_mistake(p, p->node,
				       "allowed values are written out or are a parameter");
	if (map->n == 0 && !t->operand.from_param)
		return prepare_mistake(p, p->node, "'allowed_values' of no key asks for nothing");
	allowed = ARENA_ARRAY(p->c->scope->arena, map->n, struct allowed);
	for (i = 0; i < map->n; i++) {
		if (bind_allowed(p, &map->entries[i], &allowed[i]) == -1)
			rc = -1;
	}
	t->allowed = allowed;
	t->n_allowed = map->n;
	t->run = run_allowed;
	t->explain = explain_allowed;
	return rc;
}

/* ---- members ---------------------------------------------------------------- */

/* Goes through the members of a list or the entries of a map. */
struct walk {
	const struct value *of;
	uint32_t i;
	struct member member;
};

static bool walk_next(struct walk *w)
{
	const struct entry *entry;

	if (w->of->kind == VALUE_LIST && w->i < w->of->n) {
		w->member.value = &w->of->items[w->i++];
		return true;
	}
	while (w->of->kind == VALUE_MAP && w->i < w->of->n) {
		entry = &w->of->entries[w->i++];
		if (!value_is_there(&entry->value))
			continue;
		w->member.key = value_of_str(entry->key);
		w->member.key.place = entry->key_place;
		w->member.key.flags = w->of->flags & VALUE_SENSITIVE;
		w->member.value = &entry->value;
		return true;
	}
	return false;
}

static const struct value *member_subject(const struct test *t, const struct member *m)
{
	return t->op->id == OP_keys ? &m->key : m->value;
}

static enum truth member_judge(const struct test *t, const struct member *m, const struct eval *e)
{
	struct eval inner = { e->r, e->j, m };

	if (t->where != NULL)
		return node_judge(t->where, &inner);
	if (t->where_ops != NULL)
		return ops_run(t->where_ops, m->value, &inner);
	if (t->op->id == OP_count)
		return TRUTH_TRUE;
	return ops_run(t->ops, member_subject(t, m), &inner);
}

/* The truth for what is neither a list nor a map: absent has no members. */
static bool no_members(const struct value *v, enum truth vacuous, enum truth *truth)
{
	if (v->kind == VALUE_LIST || v->kind == VALUE_MAP)
		return false;
	*truth = v->kind == VALUE_UNKNOWN ? TRUTH_UNKNOWN
		 : value_is_there(v)      ? TRUTH_FALSE
					  : vacuous;
	return true;
}

static enum truth run_every(const struct test *t, const struct value *v, const struct eval *e)
{
	struct walk w = { .of = v };
	enum truth all = TRUTH_TRUE, one;

	if (no_members(v, TRUTH_TRUE, &all))
		return all;
	while (all != TRUTH_FALSE && walk_next(&w)) {
		one = member_judge(t, &w.member, e);
		if (one < all)
			all = one;
	}
	return all_of_open(v, all);
}

static enum truth run_some(const struct test *t, const struct value *v, const struct eval *e)
{
	struct walk w = { .of = v };
	enum truth any = TRUTH_FALSE, one;

	if (no_members(v, TRUTH_FALSE, &any))
		return any;
	while (any != TRUTH_TRUE && walk_next(&w)) {
		one = member_judge(t, &w.member, e);
		if (one > any)
			any = one;
	}
	return any_of_open(v, any);
}

/* tags.Owner for the value of a map's member; channels[*].type in a list. */
static struct str member_field(struct str field, const struct walk *w, struct str below,
			       struct arena *arena)
{
	struct buf b = BUF_INIT(0);
	struct str path;

	/* `key` and `value` are the member's own names. */
	if (str_is(below, "key") || str_is(below, "value"))
		below = STR("");
	else if (str_starts(below, STR("value.")) || str_starts(below, STR("value[")))
		below = (struct str){ below.data + 5, below.len - 5 };
	if (w->of->kind == VALUE_MAP) {
		path_put_key(&b, field,
			     value_is_secret(&w->member.key) ? STR(VALUE_SENSITIVE_TEXT)
							     : value_str(&w->member.key));
	} else {
		buf_put_str(&b, field);
		buf_puts(&b, "[*]");
	}
	if (below.len != 0 && below.data[0] != '.' && below.data[0] != '[')
		buf_putc(&b, '.');
	buf_put_str(&b, below);
	path = arena_buf(arena, &b);
	buf_release(&b);
	return path;
}

static struct str member_detail(const struct walk *w, struct str detail, struct arena *arena)
{
	struct buf b = BUF_INIT(0);
	struct str text;

	if (w->of->kind == VALUE_MAP)
		return detail;
	buf_printf(&b, "member %u of %u", w->i, w->of->n);
	if (detail.len != 0) {
		buf_puts(&b, ": ");
		buf_put_str(&b, detail);
	}
	text = arena_buf(arena, &b);
	buf_release(&b);
	return text;
}

static void explain_one(const struct test *t, const struct walk *w, const struct eval *e,
			struct arena *arena, struct evidence *ev)
{
	struct member *m = ARENA_NEW(arena, struct member);
	struct eval inner = { e->r, e->j, m };
	struct str field = ev->field;
	struct evidence *child;
	enum truth truth = ev->truth;

	*m = w->member;
	if (t->where != NULL) {
		child = node_explain(t->where, &inner, false, arena);
		child->field = member_field(field, w, child->field, arena);
		child->next = NULL; /* other leaves of the member's condition */
		*ev = *child;
	} else {
		ev->field = t->op->id == OP_keys ? field : member_field(field, w, STR(""), arena);
		evidence_at(ev, member_subject(t, m));
		ops_explain(t->ops, member_subject(t, m), &inner, false, arena, ev);
		if (t->op->id == OP_keys)
			ev->detail = STR("a key");
	}
	ev->detail = member_detail(w, ev->detail, arena);
	ev->truth = truth;
}

/* The member that decided, in place of all of them. */
static void explain_members(const struct test *t, const struct value *v, const struct eval *e,
			    bool negated, struct arena *arena, struct evidence *ev)
{
	struct walk w = { .of = v };
	bool every = t->run == run_every;
	/* What the quantifier without its negation says. */
	enum truth truth = t->negated != negated ? truth_not(ev->truth) : ev->truth;
	enum truth want = truth;

	if ((v->kind != VALUE_LIST && v->kind != VALUE_MAP) ||
	    (truth != TRUTH_UNKNOWN && every == (truth == TRUTH_TRUE)))
		return;
	while (walk_next(&w)) {
		if (member_judge(t, &w.member, e) != want)
			continue;
		if (want == TRUTH_FALSE || want == TRUTH_UNKNOWN) {
			explain_one(t, &w, e, arena, ev);
			return;
		}
		/* A member that satisfies what none may: it is the actual value. */
		ev->field = member_field(ev->field, &w, STR(""), arena);
		ev->actual = w.member.value;
		ev->detail = member_detail(&w, STR(""), arena);
		evidence_at(ev, w.member.value);
		return;
	}
}

/* "only keys each of which matches '^x'", "some member where type is STANDARD" */
static void say_members(const struct test *t, const struct eval *e, enum say say, bool negated,
			struct buf *b)
{
	const struct op *op = t->op;

	(void)e; /* the members' own values are not at hand */
	if (negated && op->opposite != OP_none)
		op = &op_table[op->opposite];
	else if (negated)
		buf_puts(b, "not ");
	buf_puts(b, say == SAY_DESCRIBE ? "has " : "");
	buf_puts(b, op->expect);
	if (t->where != NULL) {
		buf_puts(b, " where ");
		node_describe(t->where, false, b);
	} else {
		buf_puts(b, t->run == run_every ? " each of which " : " that ");
		ops_put(t->ops, NULL, SAY_DESCRIBE, false, b);
	}
}

/* Whether a mapping is a condition on the members, or operators. */
static bool is_condition(const struct nature *member, const struct value *node)
{
	struct str first;

	if (member->type.base == TYPE_OBJECT)
		return true;
	if (node->kind != VALUE_MAP || node->n == 0)
		return false;
	first = node->entries[0].key;
	if (str_is(first, "all") || str_is(first, "any") || str_is(first, "none") ||
	    str_is(first, "not"))
		return true;
	return op_find(first) == NULL &&
	       (str_is(first, "key") || str_is(first, "value") ||
		str_starts(first, STR("value.")) || str_starts(first, STR("value[")) ||
		str_starts(first, STR("$")));
}

/* The operators or the condition that members must satisfy. */
static int compile_members(const struct prepare *p, const struct nature *member,
			   const struct value *node, bool may_condition, struct ops **ops,
			   struct node **where)
{
	struct compile inner = *p->c;

	*ops = NULL;
	*where = NULL;
	inner.member = member;
	inner.member_keyed =
	    p->test->nature.type.base == TYPE_MAP || p->test->nature.type.base == TYPE_ANY;
	inner.depth++;
	if (inner.depth > LIMIT_CONDITION_DEPTH)
		return prepare_mistake(p, node, "conditions are nested deeper than %d",
				       LIMIT_CONDITION_DEPTH);
	if (may_condition && is_condition(member, node)) {
		*where = node_compile(&inner, node);
		return *where != NULL ? 0 : -1;
	}
	*ops = ops_build(&inner, p->what, member, node);
	return *ops != NULL ? 0 : -1;
}

int op_members_prepare(const struct prepare *p)
{
	struct test *t = p->test;
	struct nature *member = ARENA_NEW(p->c->scope->arena, struct nature);
	bool plain = t->op->id == OP_keys || t->op->id == OP_values;

	*member = t->op->id == OP_keys ? nature_of_type((struct type){ TYPE_STRING, TYPE_NONE })
				       : nature_of_member(&t->nature);
	t->run = t->op->id == OP_some || t->op->id == OP_no ? run_some : run_every;
	t->explain = explain_members;
	t->say = say_members;
	return compile_members(p, member, p->node, !plain, &t->ops, &t->where);
}

/* ---- count -------------------------------------------------------------------- */

/* How many members satisfy the condition, at least and at most. */
static bool count_members(const struct test *t, const struct value *v, const struct eval *e,
			  uint32_t *least, uint32_t *most)
{
	struct walk w = { .of = v };
	enum truth one;

	*least = *most = 0;
	if (v->kind == VALUE_UNKNOWN ||
	    (value_is_there(v) && v->kind != VALUE_LIST && v->kind != VALUE_MAP))
		return false;
	while (walk_next(&w)) {
		one = member_judge(t, &w.member, e);
		*least += one == TRUTH_TRUE;
		*most += one != TRUTH_FALSE;
	}
	return true;
}

/* There may be any number of members more: bounds alone are decided by that. */
static enum truth count_more(const struct test *t, uint32_t least, enum truth known,
			     const struct eval *e)
{
	struct number from = number_of_int(least);
	struct value more = value_between(e->j->arena, "it may have more members", &from, NULL);
	enum truth truth = ops_run(t->ops, &more, e);

	return truth == known ? truth : TRUTH_UNKNOWN;
}

static enum truth run_count(const struct test *t, const struct value *v, const struct eval *e)
{
	uint32_t least, most, n;
	struct value number;
	enum truth one, first = TRUTH_UNKNOWN;

	if (!count_members(t, v, e, &least, &most))
		return v->kind == VALUE_UNKNOWN ? TRUTH_UNKNOWN : TRUTH_FALSE;
	for (n = least; n <= most; n++) {
		number = value_of_number(number_of_int(n));
		one = ops_run(t->ops, &number, e);
		if (n != least && one != first)
			return TRUTH_UNKNOWN;
		first = one;
	}
	return (v->flags & VALUE_OPEN) != 0 ? count_more(t, least, first, e) : first;
}

static void explain_count(const struct test *t, const struct value *v, const struct eval *e,
			  bool negated, struct arena *arena, struct evidence *ev)
{
	struct value *number;
	uint32_t least, most;

	(void)negated;
	if (!count_members(t, v, e, &least, &most) ||
	    (ev->truth == TRUTH_UNKNOWN && (v->flags & VALUE_OPEN) != 0))
		return;
	if (least != most) {
		ev->detail = str_of(arena_printf(arena, "from %u to %u of %u", least, most, v->n));
		return;
	}
	number = ARENA_NEW(arena, struct value);
	*number = value_of_number(number_of_int(least));
	number->place = ev->place;
	ev->actual = number;
	if (t->where != NULL || t->where_ops != NULL)
		ev->detail =
		    str_of(arena_printf(arena, "%u of %u", least, value_is_there(v) ? v->n : 0));
}

static void say_count(const struct test *t, const struct eval *e, enum say say, bool negated,
		      struct buf *b)
{
	if (say == SAY_DESCRIBE)
		buf_puts(b, negated ? "has not " : "has ");
	else if (negated)
		buf_puts(b, "other than ");
	buf_puts(b, "a count of ");
	ops_put(t->ops, e, SAY_EXPECT, false, b);
	if (t->where == NULL && t->where_ops == NULL)
		return;
	buf_puts(b, " where ");
	if (t->where != NULL)
		node_describe(t->where, false, b);
	else
		ops_put(t->where_ops, NULL, SAY_DESCRIBE, false, b);
}

/* The operators without `where`, as a mapping of their own. */
static const struct value *without_where(const struct prepare *p, const struct value *where)
{
	struct value *rest = ARENA_NEW(p->c->scope->arena, struct value);
	struct entry *entries = ARENA_ARRAY(p->c->scope->arena, p->node->n, struct entry);
	uint32_t i;

	*rest = *p->node;
	rest->entries = entries;
	rest->n = 0;
	for (i = 0; i < p->node->n; i++) {
		if (&p->node->entries[i].value != where)
			entries[rest->n++] = p->node->entries[i];
	}
	return rest;
}

int op_count_prepare(const struct prepare *p)
{
	struct nature number = nature_of_type((struct type){ TYPE_NUMBER, TYPE_NONE });
	struct nature *member = ARENA_NEW(p->c->scope->arena, struct nature);
	const struct value *where = value_get(p->node, STR("where"));
	const struct value *rest = p->node;
	struct test *t = p->test;

	t->run = run_count;
	t->explain = explain_count;
	t->say = say_count;
	if (p->node->kind == VALUE_NUMBER) {
		prepare_mistake(p, p->node, "'count' takes operators, not a number");
		mistakes_hint(p->c->scope->mistakes, "{count: {equals: ...}}");
		return -1;
	}
	if (where != NULL) {
		*member = nature_of_member(&t->nature);
		if (compile_members(p, member, where, true, &t->where_ops, &t->where) == -1)
			return -1;
		rest = without_where(p, where);
		if (rest->n == 0)
			return prepare_mistake(p, p->node,
					       "'count' needs operators beside 'where'");
	}
	t->ops = ops_build(p->c, STR("count"), &number, rest);
	return t->ops != NULL ? 0 : -1;
}
