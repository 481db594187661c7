/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on members of lists and maps: quantifiers, and counts.
 *
 * A list or a map that is absent has no members: `each`, `no`, `keys` and `values`
 * hold for it as they do for an empty one, `some` does not, and its count is 0.
 */
#include "base/limit.h"
#include "rule/known.h"
#include "rule/op.h"
#include "rule/path.h"

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

static struct evidence *last_also(struct evidence *ev)
{
	while (ev->also != NULL)
		ev = (struct evidence *)ev->also;
	return ev;
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
		if (e->j->every) /* other leaves of the member's condition */
			evidence_also(last_also(child), (struct evidence *)child->next);
		child->next = NULL;
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

/* A member that is not as it should be; want: what is true of its condition. */
static void explain_decided(const struct test *t, const struct walk *w, const struct eval *e,
			    enum truth want, struct arena *arena, struct evidence *ev)
{
	if (want != TRUTH_TRUE) {
		explain_one(t, w, e, arena, ev);
		return;
	}
	/* A member that satisfies what none may: it is the actual value. */
	ev->field = member_field(ev->field, w, STR(""), arena);
	ev->actual = w->member.value;
	ev->detail = member_detail(w, STR(""), arena);
	evidence_at(ev, w->member.value);
}

/* The member that decided, in place of all of them; where every one was asked for, the
 * others that decide alike as well. */
static void explain_members(const struct test *t, const struct value *v, const struct eval *e,
			    bool negated, struct arena *arena, struct evidence *ev)
{
	struct walk w = { .of = v };
	bool every = t->run == run_every;
	/* What the quantifier without its negation says. */
	enum truth truth = t->negated != negated ? truth_not(ev->truth) : ev->truth;
	enum truth want = truth;
	const struct evidence whole = *ev;
	struct evidence *last = NULL, *more;

	if ((v->kind != VALUE_LIST && v->kind != VALUE_MAP) ||
	    (truth != TRUTH_UNKNOWN && every == (truth == TRUTH_TRUE)))
		return;
	while (walk_next(&w)) {
		if (member_judge(t, &w.member, e) != want)
			continue;
		if (last == NULL) {
			explain_decided(t, &w, e, want, arena, ev);
			if (!e->j->every)
				return;
			last = last_also(ev);
			continue;
		}
		more = ARENA_NEW(arena, struct evidence);
		*more = whole;
		explain_decided(t, &w, e, want, arena, more);
		last = evidence_also(last, more);
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
