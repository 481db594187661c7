/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equality, one of a list, and existence.
 */
#include <stdlib.h>

#include "base/few.h"
#include "base/limit.h"
#include "base/text.h"
#include "rule/known.h"
#include "rule/op.h"

/* Lists longer than this are searched by halves. */
#define LONG_LIST 16

/* ---- equality in three values --------------------------------------------- */

static enum truth maps_equal(const struct value *a, const struct value *b)
{
	enum truth all = TRUTH_TRUE, one;
	const struct value *other;
	uint32_t i;

	if (a->n != b->n)
		return TRUTH_FALSE;
	for (i = 0; i < a->n && all != TRUTH_FALSE; i++) {
		other = value_get(b, a->entries[i].key);
		one = other != NULL ? equal_judge(&a->entries[i].value, other) : TRUTH_FALSE;
		if (one < all)
			all = one;
	}
	return all;
}

static enum truth lists_equal(const struct value *a, const struct value *b)
{
	enum truth all = TRUTH_TRUE, one;
	uint32_t i;

	if (a->n != b->n)
		return TRUTH_FALSE;
	for (i = 0; i < a->n && all != TRUTH_FALSE; i++) {
		one = equal_judge(&a->items[i], &b->items[i]);
		if (one < all)
			all = one;
	}
	return all;
}

/* One of them may have members that are not known: only too many tell. */
static enum truth open_equal(const struct value *a, const struct value *b)
{
	bool one = (a->flags & b->flags & VALUE_OPEN) == 0;

	if (one && ((a->flags & VALUE_OPEN) != 0 ? a->n > b->n : b->n > a->n))
		return TRUTH_FALSE;
	return TRUTH_UNKNOWN;
}

enum truth equal_judge(const struct value *a, const struct value *b)
{
	/* Absent is known: it equals nothing, whatever the other is. */
	if (!value_is_there(a) || !value_is_there(b))
		return TRUTH_FALSE;
	if (a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN)
		return ((a->flags | b->flags) & VALUE_PARTIAL) != 0 ? partial_equal(a, b)
								    : TRUTH_UNKNOWN;
	if (a->kind != b->kind)
		return TRUTH_FALSE;
	if (((a->flags | b->flags) & VALUE_OPEN) != 0)
		return open_equal(a, b);
	if (a->kind == VALUE_LIST)
		return lists_equal(a, b);
	if (a->kind == VALUE_MAP)
		return maps_equal(a, b);
	return truth_of(value_equal(a, b));
}

/* ---- equals --------------------------------------------------------------- */

static enum truth run_equal_string(const struct test *t, const struct value *v,
				   const struct eval *e)
{
	const struct value *to = t->operand.value;

	(void)e;
	if (v->kind == VALUE_STRING)
		return truth_of(v->n == to->n && str_same(v->text, to->text, v->n));
	return truth_of_other(v);
}

enum truth equal_mixed(const struct value *a, const struct value *b)
{
	const struct value *text = a->kind == VALUE_STRING ? a : b;
	const struct value *number = a->kind == VALUE_STRING ? b : a;
	struct number n;

	if (a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN)
		return partial_equal_mixed(a, b);
	if (text->kind != VALUE_STRING || number->kind != VALUE_NUMBER)
		return equal_judge(a, b);
	return truth_of(number_parse(value_str(text), &n) &&
			number_compare(n, value_number(number)) == 0);
}

static enum truth run_equal(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *to;

	if (!value_is_there(v))
		return TRUTH_FALSE;
	to = operand_value(&t->operand, e);
	return t->lenient ? equal_mixed(v, to) : equal_judge(v, to);
}

static bool is_text(const struct value *v)
{
	return v->kind == VALUE_STRING;
}

/* What often explains two texts that look the same. */
static void explain_case(const struct value *v, const struct value *to, struct arena *arena,
			 struct evidence *ev)
{
	struct str actual = value_str(v), wanted = value_str(to);
	struct buf b = BUF_INIT(0);

	if (value_is_secret(to) || str_equal(actual, wanted) ||
	    !text_equal_nocase_ascii(actual, wanted))
		return;
	buf_puts(&b, "differs from ");
	text_put_quoted(&b, wanted, LIMIT_SHOWN_VALUE);
	buf_puts(&b, " in case only");
	ev->detail = arena_buf(arena, &b);
	buf_release(&b);
}

static void explain_no_number(const struct value *v, struct arena *arena, struct evidence *ev)
{
	struct buf b = BUF_INIT(0);
	struct number n;

	if (!is_text(v) || value_is_secret(v) || number_parse(value_str(v), &n))
		return;
	text_put_quoted(&b, value_str(v), LIMIT_SHOWN_VALUE);
	buf_puts(&b, " is no number");
	ev->detail = arena_buf(arena, &b);
	buf_release(&b);
}

static void explain_equal(const struct test *t, const struct value *v, const struct eval *e,
			  bool negated, struct arena *arena, struct evidence *ev)
{
	const struct value *to = operand_value(&t->operand, e);

	if (ev->truth != TRUTH_FALSE || t->negated != negated)
		return;
	if (t->lenient && v->kind != to->kind) {
		explain_no_number(v, arena, ev);
		explain_no_number(to, arena, ev);
	} else if (is_text(v) && is_text(to)) {
		explain_case(v, to, arena, ev);
	}
}

static int refuse_scalar_for_list(const struct prepare *p)
{
	struct mistakes *mistakes = p->c->scope->mistakes;
	const struct value *v = operand_literal(&p->test->operand);
	struct buf shown = BUF_INIT(0);

	prepare_mistake(p, p->node, "'%.*s' is a list, and %s is compared with it",
			STR_ARG(p->what), v != NULL ? value_kind_name(v->kind) : "another value");
	if (v != NULL)
		value_show(&shown, v, LIMIT_SHOWN_VALUE);
	mistakes_hint(mistakes,
		      "for its members: {contains: %.*s}, {each: {equals: %.*s}} or {some: ...}",
		      STR_ARG(buf_str(&shown)), STR_ARG(buf_str(&shown)));
	buf_release(&shown);
	return -1;
}

int op_equal_prepare(const struct prepare *p)
{
	struct test *t = p->test;
	const struct value *literal;

	if (operand_compile(p->c, p->node, &t->operand) == -1)
		return -1;
	if (t->operand.form == OPERAND_UNBOUNDED)
		return prepare_mistake(p, p->node, "the range has no such bound");
	literal = operand_literal(&t->operand);
	if (literal != NULL && t->nature.type.base == TYPE_LIST && literal->kind != VALUE_LIST &&
	    literal->kind != VALUE_NULL)
		return refuse_scalar_for_list(p);
	if (operand_check(p->c, &t->operand, &t->nature, true, t->op->name, p->what) == -1)
		return -1;
	t->lenient =
	    t->operand.form == OPERAND_PATH &&
	    ((t->nature.type.base == TYPE_NUMBER && t->operand.nature.type.base == TYPE_STRING) ||
	     (t->nature.type.base == TYPE_STRING && t->operand.nature.type.base == TYPE_NUMBER));
	t->run = literal != NULL && literal->kind == VALUE_STRING ? run_equal_string : run_equal;
	t->explain = explain_equal;
	return 0;
}

/* ---- in ------------------------------------------------------------------- */

enum truth list_has(const struct value *list, const struct value *member)
{
	enum truth any = TRUTH_FALSE, one;
	const struct value *item;
	uint32_t i;

	/* strings, which nearly all are */
	if (member->kind == VALUE_STRING) {
		const struct value *end = list->items + list->n;

		for (item = list->items; item < end; item++)
			if (item->kind == VALUE_STRING && item->n == member->n &&
			    str_same(item->text, member->text, item->n))
				return TRUTH_TRUE;
	}
	for (i = 0; i < list->n && any != TRUTH_TRUE; i++) {
		one = equal_judge(&list->items[i], member);
		if (one > any)
			any = one;
	}
	return any_of_open(list, any);
}

static enum truth run_in_strings(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *item = t->operand.value->items;
	const struct value *end = item + t->operand.value->n;

	(void)e;
	if (v->kind != VALUE_STRING)
		return truth_of_other(v);
	for (; item < end; item++) {
		if (item->n == v->n && str_same(item->text, v->text, v->n))
			return TRUTH_TRUE;
	}
	return TRUTH_FALSE;
}

static enum truth run_in_words(const struct test *t, const struct value *v, const struct eval *e)
{
	(void)e;
	if (v->kind != VALUE_STRING)
		return truth_of_other(v);
	return truth_of(few_set_has(t->words, v->text, v->n));
}

static int compare_strs(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static enum truth run_in_sorted(const struct test *t, const struct value *v, const struct eval *e)
{
	struct str key;

	(void)e;
	if (v->kind != VALUE_STRING)
		return truth_of_other(v);
	key = value_str(v);
	return truth_of(bsearch(&key, t->sorted, t->n_sorted, sizeof(key), compare_strs) != NULL);
}

static enum truth run_in(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *list;

	if (!value_is_there(v))
		return TRUTH_FALSE;
	list = operand_value(&t->operand, e);
	if (list->kind == VALUE_UNKNOWN)
		return TRUTH_UNKNOWN;
	if (list->kind != VALUE_LIST || list->n == 0)
		return TRUTH_FALSE;
	return list_has(list, v);
}

static void explain_in(const struct test *t, const struct value *v, const struct eval *e,
		       bool negated, struct arena *arena, struct evidence *ev)
{
	const struct value *list = operand_value(&t->operand, e);
	uint32_t i;

	if (ev->truth != TRUTH_FALSE || t->negated != negated || !is_text(v) ||
	    list->kind != VALUE_LIST)
		return;
	for (i = 0; i < list->n && ev->detail.len == 0; i++) {
		if (is_text(&list->items[i]))
			explain_case(v, &list->items[i], arena, ev);
	}
}

static void bind_strings(const struct prepare *p, const struct value *list)
{
	struct test *t = p->test;
	struct str *sorted;
	uint32_t i;

	for (i = 0; i < list->n; i++) {
		if (list->items[i].kind != VALUE_STRING)
			return;
	}
	t->run = run_in_strings;
	sorted = ARENA_ARRAY(p->c->scope->arena, list->n, struct str);
	for (i = 0; i < list->n; i++)
		sorted[i] = value_str(&list->items[i]);
	t->words = few_set_new(sorted, list->n, p->c->scope->arena);
	if (t->words != NULL)
		t->run = run_in_words;
	if (t->words != NULL || list->n <= LONG_LIST)
		return;
	qsort(sorted, list->n, sizeof(*sorted), compare_strs);
	t->sorted = sorted;
	t->n_sorted = list->n;
	t->run = run_in_sorted;
}

int op_in_prepare(const struct prepare *p)
{
	struct test *t = p->test;
	struct nature wanted = {
		.type = { TYPE_LIST, t->nature.type.base },
		.member = t->nature.type,
		.values = t->nature.values,
		.below = STR(""),
	};

	if (prepare_list(p, &wanted, !t->negated) == -1)
		return -1;
	t->run = run_in;
	t->explain = explain_in;
	if (operand_literal(&t->operand) != NULL)
		bind_strings(p, t->operand.value);
	return 0;
}

/* ---- exists --------------------------------------------------------------- */

static enum truth run_exists(const struct test *t, const struct value *v, const struct eval *e)
{
	(void)e;
	if (v->kind == VALUE_UNKNOWN)
		return TRUTH_UNKNOWN;
	/* A default of the API was not written by anybody. */
	return truth_of((value_is_there(v) && (v->flags & VALUE_DEFAULT) == 0) == t->expected);
}

static void say_exists(const struct test *t, const struct eval *e, enum say say, bool negated,
		       struct buf *b)
{
	bool there = t->expected != negated;

	(void)e;
	if (say == SAY_EXPECT)
		buf_puts(b, there ? "a value" : "no value");
	else
		buf_puts(b, there ? "exists" : "does not exist");
}

int op_exists_prepare(const struct prepare *p)
{
	struct nature wanted = nature_of_type((struct type){ TYPE_BOOLEAN, TYPE_NONE });
	struct test *t = p->test;

	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	if (operand_literal(&t->operand) == NULL)
		return prepare_mistake(p, p->node, "'exists' takes true or false");
	t->expected = t->operand.value->boolean;
	t->run = run_exists;
	t->say = say_exists;
	return 0;
}
