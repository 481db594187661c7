/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What operators say of values of which something is known (model/partial.h).
 * Called only where an operator said "unknown": known values never come here.
 */
#include "rule/format_known.h"
#include "rule/known.h"
#include "rule/op.h"

/* ---- texts -------------------------------------------------------------------- */

/* One of a list: each by itself, so that it is not seen where several together
 * leave nothing out. */
static enum truth text_in(const struct partial *p, const struct value *list)
{
	enum truth any = TRUTH_FALSE, one;
	uint32_t i;

	if (list->kind != VALUE_LIST)
		return TRUTH_UNKNOWN;
	for (i = 0; i < list->n && any != TRUTH_TRUE; i++) {
		if (list->items[i].kind == VALUE_UNKNOWN)
			one = TRUTH_UNKNOWN;
		else if (list->items[i].kind != VALUE_STRING)
			continue;
		else
			one = known_text(p, value_str(&list->items[i]), KNOWN_WHOLE);
		if (one > any)
			any = one;
	}
	return any;
}

/* By the literal text that it begins with. */
static enum truth text_matches(const struct test *t, const struct partial *p)
{
	if (t->operand.value->n == 0)
		return TRUTH_TRUE; /* no pattern: a parameter that asks nothing */
	if (p->parts[0].text.data == NULL)
		return TRUTH_UNKNOWN;
	switch (pattern_search_beginning(t->pattern, p->parts[0].text)) {
	case PATTERN_YES:
		return TRUTH_TRUE;
	case PATTERN_NO:
		return TRUTH_FALSE;
	default:
		return TRUTH_UNKNOWN;
	}
}

static enum truth text_beside(const struct test *t, const struct partial *p,
			      const struct value *operand)
{
	static const enum known_where where[N_OPS] = {
		[OP_equals] = KNOWN_WHOLE,      [OP_not_equals] = KNOWN_WHOLE,
		[OP_starts_with] = KNOWN_START, [OP_ends_with] = KNOWN_END,
		[OP_contains] = KNOWN_INSIDE,   [OP_not_contains] = KNOWN_INSIDE,
	};

	if (operand->kind != VALUE_STRING)
		return TRUTH_UNKNOWN;
	return known_text(p, value_str(operand), where[t->op->id]);
}

/* Without the operator's negation. */
static enum truth judge_text(const struct test *t, const struct partial *p, const struct eval *e)
{
	switch (t->op->id) {
	case OP_equals:
	case OP_not_equals:
		if (t->lenient)
			return TRUTH_UNKNOWN; /* it may be compared as a number */
		return text_beside(t, p, operand_value(&t->operand, e));
	case OP_starts_with:
	case OP_ends_with:
	case OP_contains:
	case OP_not_contains:
		return text_beside(t, p, operand_value(&t->operand, e));
	case OP_in:
	case OP_not_in:
		return text_in(p, operand_value(&t->operand, e));
	case OP_matches:
	case OP_not_matches:
		return text_matches(t, p);
	case OP_like:
	case OP_not_like:
		if (operand_literal(&t->operand) == NULL)
			return TRUTH_UNKNOWN;
		return known_glob(p, value_str(t->operand.value));
	case OP_is:
	case OP_is_not:
		return format_known(value_str(t->operand.value), p);
	case OP_min_length:
	case OP_max_length:
		if (t->operand.form == OPERAND_UNBOUNDED)
			return TRUTH_UNKNOWN;
		return known_length(p, t->length, t->op->id == OP_min_length);
	case OP_exists:
		return truth_of(t->expected); /* a text, whatever it is, is written */
	default:
		return TRUTH_UNKNOWN;
	}
}

/* ---- numbers ------------------------------------------------------------------ */

/* How all that remains stands to a number. */
struct stands {
	bool below, above, not_below, not_above;
};

static struct stands stand(const struct partial *p, struct number n)
{
	int most = p->has_most ? number_compare(p->most, n) : 1;
	int least = p->has_least ? number_compare(p->least, n) : -1;

	return (struct stands){ most<0, least> 0, least >= 0, most <= 0 };
}

static enum truth one_or_other(bool holds, bool fails)
{
	return holds ? TRUTH_TRUE : fails ? TRUTH_FALSE : TRUTH_UNKNOWN;
}

static enum truth judge_number(const struct test *t, const struct partial *p, const struct eval *e)
{
	const struct value *bound;
	struct stands s;

	switch (t->op->id) {
	case OP_exists:
		return truth_of(t->expected);
	case OP_equals:
	case OP_not_equals:
	case OP_min:
	case OP_max:
	case OP_greater_than:
	case OP_less_than:
		break;
	default:
		return TRUTH_UNKNOWN;
	}
	if (t->operand.form == OPERAND_UNBOUNDED)
		return TRUTH_UNKNOWN;
	bound = operand_value(&t->operand, e);
	if (bound->kind != VALUE_NUMBER)
		return TRUTH_UNKNOWN;
	s = stand(p, value_number(bound));
	switch (t->op->id) {
	case OP_min:
		return one_or_other(s.not_below, s.below);
	case OP_max:
		return one_or_other(s.not_above, s.above);
	case OP_greater_than:
		return one_or_other(s.above, s.not_above);
	case OP_less_than:
		return one_or_other(s.below, s.not_below);
	default:
		return one_or_other(false, s.below || s.above);
	}
}

/* ---- any value ---------------------------------------------------------------- */

/* The operator by itself, and then what is known: depth is bounded, since what
 * is one of a few has none of its kind. */
static enum truth run_once(const struct test *t, const struct value *v, const struct eval *e)
{
	enum truth truth = t->run(t, v, e);
	const struct partial *p;
	struct agreed all = { TRUTH_UNKNOWN, false };
	uint32_t i;

	p = truth == TRUTH_UNKNOWN ? value_partial(v) : NULL;
	if (p == NULL)
		return truth;
	switch (p->form) {
	case PARTIAL_TEXT:
		return judge_text(t, p, e);
	case PARTIAL_NUMBER:
		return judge_number(t, p, e);
	case PARTIAL_ONE_OF:
		for (i = 0; i < p->n; i++)
			agree(&all, run_once(t, &p->items[i], e));
		return all.truth;
	}
	return TRUTH_UNKNOWN;
}

/* The operand is one of a few: the operator with each of them. */
static enum truth run_with_each(const struct test *t, const struct partial *operands,
				const struct value *v, const struct eval *e)
{
	struct agreed all = { TRUTH_UNKNOWN, false };
	struct test copy = *t;
	uint32_t i;

	for (i = 0; i < operands->n; i++) {
		if (!value_is_there(&operands->items[i]))
			return TRUTH_UNKNOWN; /* another operand may stand for it */
		copy.operand = (struct operand){ .form = OPERAND_LITERAL,
						 .value = &operands->items[i],
						 .node = t->operand.node,
						 .nature = t->operand.nature };
		agree(&all, run_once(&copy, v, e));
	}
	return all.truth;
}

enum truth test_refine(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct partial *p;
	enum truth truth;

	truth = run_once(t, v, e);
	if (truth != TRUTH_UNKNOWN || t->operand.form != OPERAND_PATH)
		return truth;
	p = value_partial(operand_value(&t->operand, e));
	if (p == NULL || p->form != PARTIAL_ONE_OF)
		return TRUTH_UNKNOWN;
	return run_with_each(t, p, v, e);
}

/* ---- for operators that look into values ---------------------------------------- */

static enum truth text_equal(const struct partial *p, const struct value *v)
{
	if (v->kind == VALUE_UNKNOWN)
		return TRUTH_UNKNOWN;
	return v->kind == VALUE_STRING ? known_text(p, value_str(v), KNOWN_WHOLE) : TRUTH_FALSE;
}

static enum truth number_equal(const struct partial *p, const struct value *v)
{
	struct stands s;

	if (v->kind == VALUE_UNKNOWN)
		return TRUTH_UNKNOWN;
	if (v->kind != VALUE_NUMBER)
		return TRUTH_FALSE;
	s = stand(p, value_number(v));
	return s.below || s.above ? TRUTH_FALSE : TRUTH_UNKNOWN;
}

enum truth partial_equal(const struct value *a, const struct value *b)
{
	const struct partial *p = value_partial(a);
	const struct value *other = b;
	struct agreed all = { TRUTH_UNKNOWN, false };
	uint32_t i;

	if (p == NULL) {
		p = value_partial(b);
		other = a;
	}
	if (p == NULL)
		return TRUTH_UNKNOWN;
	switch (p->form) {
	case PARTIAL_TEXT:
		return text_equal(p, other);
	case PARTIAL_NUMBER:
		return number_equal(p, other);
	case PARTIAL_ONE_OF:
		for (i = 0; i < p->n; i++)
			agree(&all, equal_judge(&p->items[i], other));
		return all.truth;
	}
	return TRUTH_UNKNOWN;
}

/* A known text beside a number between bounds. */
static enum truth number_equal_text(const struct partial *p, const struct value *text)
{
	struct number n;
	struct value v;

	if (!number_parse(value_str(text), &n))
		return TRUTH_FALSE;
	v = value_of_number(n);
	return number_equal(p, &v);
}

enum truth partial_equal_mixed(const struct value *a, const struct value *b)
{
	const struct partial *p = value_partial(a);
	const struct value *other = b;
	struct agreed all = { TRUTH_UNKNOWN, false };
	uint32_t i;

	if (!value_is_there(a) || !value_is_there(b))
		return TRUTH_FALSE;
	if (p == NULL) {
		p = value_partial(b);
		other = a;
	}
	if (p == NULL)
		return TRUTH_UNKNOWN;
	if (p->form == PARTIAL_ONE_OF) {
		for (i = 0; i < p->n; i++)
			agree(&all, equal_mixed(&p->items[i], other));
		return all.truth;
	}
	if (p->form == PARTIAL_NUMBER && other->kind == VALUE_STRING)
		return number_equal_text(p, other);
	if (p->form == PARTIAL_TEXT && other->kind == VALUE_NUMBER)
		return TRUTH_UNKNOWN; /* what it may become may be that number */
	return partial_equal(a, b);
}

enum truth partial_allowed(const struct allowed *a, const struct partial *p)
{
	enum truth any = TRUTH_FALSE, one;
	size_t i;

	if (p->form != PARTIAL_TEXT)
		return TRUTH_UNKNOWN;
	for (i = 0; i < a->n && any != TRUTH_TRUE; i++) {
		if (a->values[i].value->kind != VALUE_STRING)
			continue;
		one = a->values[i].glob ? known_glob(p, value_str(a->values[i].value))
					: known_text(p, value_str(a->values[i].value), KNOWN_WHOLE);
		if (one > any)
			any = one;
	}
	return any;
}
