/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bounds on numbers, multiples, and bounds on lengths.
 */
#include "base/limit.h"
#include "base/text.h"
#include "rule/known.h"
#include "rule/op.h"

/* ---- numbers -------------------------------------------------------------- */

static bool holds(enum op_id id, struct number a, struct number b)
{
	switch (id) {
	case OP_min:
		return number_compare(a, b) >= 0;
	case OP_max:
		return number_compare(a, b) <= 0;
	case OP_greater_than:
		return number_compare(a, b) > 0;
	case OP_less_than:
		return number_compare(a, b) < 0;
	default:
		return number_is_multiple(a, b);
	}
}

/* The commonest: a whole number beside a whole number. */
#define RUN_LITERAL(name, op)                                                                      \
	static enum truth name(const struct test *t, const struct value *v, const struct eval *e)  \
	{                                                                                          \
		(void)e;                                                                           \
		if (v->kind != VALUE_NUMBER)                                                       \
			return truth_of_other(v);                                                  \
		if (v->exponent == 0 && t->number.exponent == 0)                                   \
			return truth_of(v->mantissa op t->number.mantissa);                        \
		return truth_of(number_compare(value_number(v), t->number) op 0);                  \
	}

RUN_LITERAL(run_min, >=)
RUN_LITERAL(run_max, <=)
RUN_LITERAL(run_greater, >)
RUN_LITERAL(run_less, <)

static enum truth run_multiple(const struct test *t, const struct value *v, const struct eval *e)
{
	(void)e;
	if (v->kind != VALUE_NUMBER)
		return truth_of_other(v);
	return truth_of(number_is_multiple(value_number(v), t->number));
}

/* A number, or in a lenient test a text that is one (RFC 8259). */
static bool as_number(const struct test *t, const struct value *v, struct number *n)
{
	if (v->kind == VALUE_NUMBER) {
		*n = value_number(v);
		return true;
	}
	return t->lenient && v->kind == VALUE_STRING && number_parse(value_str(v), n);
}

static enum truth run_computed(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *bound;
	struct number a, b;
	bool have_a, have_b;

	if (!value_is_there(v))
		return TRUTH_FALSE;
	bound = operand_value(&t->operand, e);
	have_a = as_number(t, v, &a);
	have_b = as_number(t, bound, &b);
	if (have_a && have_b)
		return truth_of(holds(t->op->id, a, b));
	if ((have_a || v->kind == VALUE_UNKNOWN) && (have_b || bound->kind == VALUE_UNKNOWN))
		return TRUTH_UNKNOWN;
	return TRUTH_FALSE;
}

static enum truth run_unbounded(const struct test *t, const struct value *v, const struct eval *e)
{
	(void)t;
	(void)v;
	(void)e;
	return TRUTH_TRUE;
}

static void explain_number(const struct test *t, const struct value *v, const struct eval *e,
			   bool negated, struct arena *arena, struct evidence *ev)
{
	const struct value *bound;
	struct buf b = BUF_INIT(0);
	struct number n;

	(void)negated;
	if (t->operand.form == OPERAND_UNBOUNDED || !value_is_there(v))
		return;
	bound = operand_value(&t->operand, e);
	if (v->kind != VALUE_UNKNOWN && !as_number(t, v, &n))
		value_show(&b, v, LIMIT_SHOWN_VALUE);
	else if (value_is_there(bound) && bound->kind != VALUE_UNKNOWN && !as_number(t, bound, &n))
		value_show(&b, bound, LIMIT_SHOWN_VALUE);
	if (b.len != 0) {
		buf_puts(&b, " is no number");
		ev->detail = arena_buf(arena, &b);
	}
	buf_release(&b);
}

static int bind_literal(const struct prepare *p)
{
	static test_run_fn *const runs[N_OPS] = {
		[OP_min] = run_min,
		[OP_max] = run_max,
		[OP_greater_than] = run_greater,
		[OP_less_than] = run_less,
		[OP_multiple_of] = run_multiple,
	};
	struct test *t = p->test;

	t->number = value_number(t->operand.value);
	if (t->op->id == OP_multiple_of && t->number.mantissa == 0)
		return prepare_mistake(p, p->node, "nothing but 0 is a multiple of 0");
	t->run = runs[t->op->id];
	return 0;
}

int op_number_prepare(const struct prepare *p)
{
	struct nature wanted = nature_of_type((struct type){ TYPE_NUMBER, TYPE_NONE });
	struct test *t = p->test;

	t->explain = explain_number;
	if (prepare_operand(p, &wanted, true) == -1)
		return -1;
	/* A tag's text is compared with a number where the other side says that
	 * numbers are meant: a field that is one. */
	if (t->nature.type.base == TYPE_STRING &&
	    (t->operand.form != OPERAND_PATH || t->operand.nature.type.base != TYPE_NUMBER))
		return prepare_wrong_type(p);
	if (t->operand.form == OPERAND_UNBOUNDED) {
		t->run = run_unbounded;
		return 0;
	}
	if (operand_literal(&t->operand) != NULL)
		return bind_literal(p);
	t->lenient =
	    t->nature.type.base == TYPE_STRING || t->operand.nature.type.base == TYPE_STRING;
	t->run = run_computed;
	return 0;
}

/* ---- lengths -------------------------------------------------------------- */

/* A character has at most four bytes, and at least one. */
static bool string_fits(struct str s, uint32_t length, bool least)
{
	if (least)
		return s.len >= length && (s.len / 4 >= length || text_length(s) >= length);
	return s.len <= length || (s.len / 4 <= length && text_length(s) <= length);
}

static enum truth run_length(const struct test *t, const struct value *v, const struct eval *e)
{
	bool least = t->op->id == OP_min_length;

	(void)e;
	switch (v->kind) {
	case VALUE_STRING:
		return truth_of(string_fits(value_str(v), t->length, least));
	case VALUE_LIST:
	case VALUE_MAP:
		if (least)
			return any_of_open(v, truth_of(v->n >= t->length));
		return all_of_open(v, truth_of(v->n <= t->length));
	case VALUE_UNKNOWN:
		return TRUTH_UNKNOWN;
	default:
		return TRUTH_FALSE;
	}
}

static void explain_length(const struct test *t, const struct value *v, const struct eval *e,
			   bool negated, struct arena *arena, struct evidence *ev)
{
	size_t n = v->n;
	const char *unit = v->kind == VALUE_LIST ? "member" : "entr";

	(void)t;
	(void)e;
	(void)negated;
	if (v->kind == VALUE_STRING) {
		n = text_length(value_str(v));
		unit = "character";
	} else if (v->kind != VALUE_LIST && v->kind != VALUE_MAP) {
		return;
	}
	if (v->kind == VALUE_MAP)
		ev->detail =
		    str_of(arena_printf(arena, "it has %zu %s%s", n, unit, n == 1 ? "y" : "ies"));
	else
		ev->detail =
		    str_of(arena_printf(arena, "it has %zu %s%s", n, unit, n == 1 ? "" : "s"));
}

int op_length_prepare(const struct prepare *p)
{
	struct nature wanted = nature_of_type((struct type){ TYPE_NUMBER, TYPE_NONE });
	struct test *t = p->test;
	struct number n;

	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	if (t->operand.form == OPERAND_UNBOUNDED) {
		t->run = run_unbounded;
		return 0;
	}
	if (operand_literal(&t->operand) == NULL)
		return prepare_mistake(p, p->node, "a length is written out or is a parameter");
	n = value_number(t->operand.value);
	if (n.exponent != 0 || n.mantissa < 0 || n.mantissa > UINT32_MAX)
		return prepare_mistake(p, p->node, "a length is a whole number of at least 0");
	t->length = (uint32_t)n.mantissa;
	t->run = run_length;
	t->explain = explain_length;
	return 0;
}
