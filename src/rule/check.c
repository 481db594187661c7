/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules laid flat. Knows which conditions are nothing but tests that must all hold, and
 * the tests that are so common that they are done on the spot: numbers between bounds,
 * multiples, and one text.
 */
#include "rule/check.h"

#include <stddef.h>

#include "rule/node.h"
#include "rule/verdict.h"

enum check_form {
	CHECK_WHOLE,    /* the rule is judged as a whole */
	CHECK_BETWEEN,  /* a slot's whole number beside whole numbers */
	CHECK_MULTIPLE, /* the same, of `least` */
	CHECK_TEXT,     /* a slot's text is a text */
	CHECK_SLOT,     /* any test of a slot */
	CHECK_PATH,     /* of what is below one, and so on */
	CHECK_NODE,     /* any condition */
};

struct check {
	uint8_t form;    /* enum check_form */
	uint8_t wanted;  /* enum truth: of the test's `run`, or the node */
	uint8_t verdict; /* where that is not what it is */
	uint32_t offset; /* of the slot in a resource */
	uint32_t rest;   /* checks of the same rule behind this one */
	const struct compiled *rule;
	const struct test *test;
	test_run_fn *run;
	union {
		struct {
			int64_t least, most;
		};
		struct str text;
		const struct path *path;
		const struct node *node;
	};
};

/* ---- laying flat ------------------------------------------------------------- */

struct laying {
	struct check *list; /* NULL: they are counted only */
	size_t n;
	const struct compiled *rule;
	enum verdict verdict;
};

static void put(struct laying *l, const struct check *c)
{
	if (l->list != NULL) {
		l->list[l->n] = *c;
		l->list[l->n].rule = l->rule;
		l->list[l->n].verdict = (uint8_t)l->verdict;
	}
	l->n++;
}

/* Bounds that the operator sets, where they are whole numbers. */
static bool find_bounds(const struct test *t, struct check *c)
{
	const struct value *v = operand_literal(&t->operand);

	if (v == NULL || v->kind != VALUE_NUMBER || v->exponent != 0)
		return false;
	c->form = CHECK_BETWEEN;
	c->least = INT64_MIN;
	c->most = INT64_MAX;
	switch (t->op->id) {
	case OP_equals:
		c->least = c->most = v->mantissa;
		return true;
	case OP_min:
		c->least = v->mantissa;
		return true;
	case OP_max:
		c->most = v->mantissa;
		return true;
	case OP_greater_than: /* a mantissa is far from the ends of its type */
		c->least = v->mantissa + 1;
		return true;
	case OP_less_than:
		c->most = v->mantissa - 1;
		return true;
	case OP_multiple_of:
		c->form = CHECK_MULTIPLE;
		c->least = v->mantissa;
		return v->mantissa > 0;
	default:
		return false;
	}
}

static bool find_text(const struct test *t, struct check *c)
{
	const struct value *v = operand_literal(&t->operand);

	if (v == NULL || v->kind != VALUE_STRING || t->op->id != OP_equals)
		return false;
	c->form = CHECK_TEXT;
	c->text = value_str(v);
	return true;
}

/* Two bounds on one slot are one check. */
static bool join(struct laying *l, const struct check *c)
{
	struct check *last;

	if (l->list == NULL || l->n == 0 || c->form != CHECK_BETWEEN)
		return false;
	last = &l->list[l->n - 1];
	if (last->form != CHECK_BETWEEN || last->offset != c->offset || last->rule != l->rule ||
	    last->verdict != l->verdict)
		return false;
	last->least = c->least > last->least ? c->least : last->least;
	last->most = c->most < last->most ? c->most : last->most;
	return true;
}

static void lay_leaf(struct laying *l, const struct node *n, bool negated)
{
	struct check c = { .wanted = n->test.negated != negated ? TRUTH_FALSE : TRUTH_TRUE,
			   .test = &n->test,
			   .run = n->test.run };

	if (n->kind == NODE_SLOT) {
		c.offset = (uint32_t)(offsetof(struct resource, slots) +
				      (size_t)n->slot * sizeof(struct value));
		if (c.wanted != TRUTH_TRUE ||
		    (!find_bounds(&n->test, &c) && !find_text(&n->test, &c)))
			c.form = CHECK_SLOT;
		if (join(l, &c))
			return;
	} else {
		c.form = CHECK_PATH;
		c.path = n->path;
	}
	put(l, &c);
}

/* negated: the opposite. */
static void lay_node(struct laying *l, const struct node *n, bool negated)
{
	struct check c = { .form = CHECK_NODE, .wanted = negated ? TRUTH_FALSE : TRUTH_TRUE };
	size_t i;

	if (node_is_leaf(n)) {
		lay_leaf(l, n, negated);
	} else if (n->kind == NODE_NOT) {
		lay_node(l, n->members, !negated);
	} else if (node_asks_any(n, negated)) {
		c.node = n;
		put(l, &c);
	} else {
		for (i = 0; i < n->n; i++)
			lay_node(l, &n->members[i], node_asks_opposites(n, negated));
	}
}

static bool is_whole(const struct compiled *c)
{
	return !c->enabled || c->error != NULL || c->require == NULL || c->require->got.builds ||
	       (c->when != NULL && c->when->got.builds);
}

static void lay_rule(struct laying *l, const struct compiled *c)
{
	size_t from = l->n, i;

	l->rule = c;
	l->verdict = VERDICT_FAIL;
	if (is_whole(c)) {
		put(l, &(struct check){ .form = CHECK_WHOLE });
		return;
	}
	if (c->when != NULL) {
		l->verdict = VERDICT_NOT_APPLICABLE;
		lay_node(l, &c->when->root, false);
		l->verdict = VERDICT_FAIL;
	}
	lay_node(l, &c->require->root, false);
	for (i = from; l->list != NULL && i < l->n; i++)
		l->list[i].rest = (uint32_t)(l->n - 1 - i);
}

void checks_make(const struct policy_inside *in, struct variant *v, struct arena *arena)
{
	struct laying l = { .list = NULL };
	size_t i, kind = 0;

	for (i = 0; i < in->n_singles; i++)
		lay_rule(&l, v->singles[i]);
	l = (struct laying){ .list = ARENA_ARRAY(arena, l.n, struct check) };
	for (i = 0; i < in->n_singles; i++) {
		for (; i == in->singles_end[kind]; kind++)
			v->checks_end[kind] = l.n;
		lay_rule(&l, v->singles[i]);
	}
	for (; kind < N_KINDS; kind++)
		v->checks_end[kind] = l.n;
	v->checks = l.list;
}

/* ---- judging ----------------------------------------------------------------- */

static bool is_multiple(int64_t n, int64_t step)
{
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n, right = (uint64_t)step;

	if ((left | right) <= UINT32_MAX) /* dividing these is quicker on many machines */
		return (uint32_t)left % (uint32_t)right == 0;
	return left % right == 0;
}

/* UNTOLD: the rule must be judged as a whole. */
enum answer { HOLDS, FAILS, UNTOLD };

static inline bool is_whole_number(const struct value *v)
{
	return v->kind == VALUE_NUMBER && v->exponent == 0;
}

static inline enum answer answer_of(bool holds)
{
	return holds ? HOLDS : FAILS;
}

/* With a mistake nothing is told, whatever the truth is. */
static inline enum answer answer_of_truth(const struct check *c, enum truth truth,
					  const struct judge *j)
{
	if (truth == TRUTH_UNKNOWN || j->error != NULL)
		return UNTOLD;
	return answer_of(truth == c->wanted);
}

static inline enum answer check_judge(const struct check *c, const struct resource *r,
				      const struct eval *e, const struct judge *j)
{
	const struct value *v = (const struct value *)(const void *)((const char *)r + c->offset);

	/* the commonest by far */
	if (c->form == CHECK_SLOT)
		return answer_of_truth(c, c->run(c->test, v, e), j);
	switch ((enum check_form)c->form) {
	case CHECK_BETWEEN:
		if (!is_whole_number(v))
			return UNTOLD;
		return answer_of(v->mantissa >= c->least && v->mantissa <= c->most);
	case CHECK_MULTIPLE:
		return is_whole_number(v) ? answer_of(is_multiple(v->mantissa, c->least)) : UNTOLD;
	case CHECK_TEXT:
		if (v->kind != VALUE_STRING)
			return UNTOLD;
		return answer_of(v->n == c->text.len &&
				 str_same(v->text, c->text.data, c->text.len));
	case CHECK_PATH:
		return answer_of_truth(c, c->run(c->test, path_value_near(c->path, e), e), j);
	case CHECK_NODE:
		return answer_of_truth(c, node_judge(c->node, e), j);
	default:
		return UNTOLD;
	}
}

size_t checks_run(const struct variant *v, const struct resource *r, struct judge *j,
		  struct outcome *to)
{
	const struct check *c = v->checks + kind_start(v->checks_end, r->kind);
	const struct check *end = v->checks + v->checks_end[r->kind];
	const struct eval e = { r, j, NULL };
	struct outcome *next = to;
	enum verdict verdict;
	enum answer answer;

	for (; c < end; c++) {
		answer = check_judge(c, r, &e, j);
		if (answer == HOLDS)
			continue;
		verdict = (enum verdict)c->verdict;
		if (answer == UNTOLD) {
			verdict = verdict_of(c->rule, r, j);
			j->error = NULL;
		}
		if (verdict != VERDICT_PASS)
			*next++ = (struct outcome){ c->rule, verdict, 0 };
		c += c->rest;
	}
	return (size_t)(next - to);
}
