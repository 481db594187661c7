/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said of conditions: what they ask, which leaf decided, and the evaluation step
 * by step. Knows how to say the opposite of a condition.
 */
#include "rule/node.h"

#include "base/limit.h"

/* ---- describing ------------------------------------------------------------ */

static void put_joined(const struct node *n, const char *word, bool negated, struct buf *b)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (i != 0)
			buf_puts(b, word);
		if (i != 0 && n->one_field)
			test_put(&n->members[i].test, NULL, SAY_DESCRIBE, negated, b);
		else
			node_describe(&n->members[i], negated, b);
	}
}

void node_describe(const struct node *n, bool negated, struct buf *b)
{
	bool any, opposites;

	switch (n->kind) {
	case NODE_SLOT:
	case NODE_LEAF:
		buf_put_str(b, n->path->text);
		buf_putc(b, ' ');
		test_put(&n->test, NULL, SAY_DESCRIBE, negated, b);
		break;
	case NODE_NOT:
		node_describe(n->members, !negated, b);
		break;
	default:
		any = node_asks_any(n, negated);
		opposites = node_asks_opposites(n, negated);
		if (any && n->n > 1)
			buf_putc(b, '(');
		put_joined(n, any ? " or " : " and ", opposites, b);
		if (any && n->n > 1)
			buf_putc(b, ')');
		break;
	}
}

void cond_describe(const struct cond *c, struct buf *b)
{
	node_describe(&c->root, false, b);
}

/* ---- explaining ------------------------------------------------------------ */

static struct evidence *leaf_explain(const struct node *n, const struct eval *e, bool negated,
				     struct arena *arena)
{
	struct evidence *ev = ARENA_NEW(arena, struct evidence);
	const struct value *v = path_value(n->path, e);

	ev->field = n->path->text;
	ev->place = path_place(n->path, e, v);
	test_explain(&n->test, v, e, negated, arena, ev);
	return ev;
}

/* The leaves' expectations of an `any` in one text: those on the field of the
 * evidence by themselves, others with their fields. */
static struct str expect_any(const struct node *n, const struct eval *e, bool negated,
			     const struct evidence *nearest, struct arena *arena)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	const struct node *m;
	struct str text;
	size_t i, pass;

	/* First those on the field that is shown, in the order written. */
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < n->n; i++) {
			m = &n->members[i];
			if ((node_is_leaf(m) && str_equal(m->path->text, nearest->field)) !=
			    (pass == 0))
				continue;
			if (pass == 0) {
				buf_puts(&b, b.len != 0 ? " or " : "");
				test_put(&m->test, e, SAY_EXPECT, negated, &b);
				continue;
			}
			if (b.len == 0 && i + 1 == n->n) {
				buf_put_str(&b, nearest->expected);
				continue;
			}
			buf_puts(&b, b.len != 0 ? ", or that " : "that ");
			node_describe(m, negated, &b);
		}
	}
	/* Too many for one text: the nearest alone. */
	text = b.failed ? nearest->expected : arena_buf(arena, &b);
	buf_release(&b);
	return text;
}

static enum truth effective(const struct node *n, const struct eval *e, bool negated)
{
	enum truth truth = node_judge(n, e);

	return negated ? truth_not(truth) : truth;
}

static struct evidence *last_of(struct evidence *ev)
{
	while (ev->next != NULL)
		ev = (struct evidence *)ev->next;
	return ev;
}

/* The first member with the truth that decided, and when false the others. */
static struct evidence *all_explain(const struct node *n, const struct eval *e, bool negated,
				    enum truth truth, struct arena *arena)
{
	struct evidence *first = NULL, *more;
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (effective(&n->members[i], e, negated) != truth)
			continue;
		more = node_explain(&n->members[i], e, negated, arena);
		if (first == NULL)
			first = more;
		else
			last_of(first)->next = more;
		if (truth != TRUTH_FALSE)
			break;
	}
	return first;
}

static struct evidence *any_explain(const struct node *n, const struct eval *e, bool negated,
				    enum truth truth, struct arena *arena)
{
	struct evidence *ev;
	size_t i;

	if (truth == TRUTH_FALSE) {
		ev = node_explain(&n->members[n->n - 1], e, negated, arena);
		if (n->n > 1)
			ev->expected = expect_any(n, e, negated, ev, arena);
		return ev;
	}
	for (i = 0; i + 1 < n->n; i++) {
		if (effective(&n->members[i], e, negated) == truth)
			break;
	}
	return node_explain(&n->members[i], e, negated, arena);
}

struct evidence *node_explain(const struct node *n, const struct eval *e, bool negated,
			      struct arena *arena)
{
	bool opposites = node_asks_opposites(n, negated);

	if (node_is_leaf(n))
		return leaf_explain(n, e, negated, arena);
	if (n->kind == NODE_NOT)
		return node_explain(n->members, e, !negated, arena);
	if (node_asks_any(n, negated))
		return any_explain(n, e, opposites, effective(n, e, negated), arena);
	return all_explain(n, e, opposites, effective(n, e, negated), arena);
}

void cond_explain(const struct cond *c, const struct resource *r, struct judge *j,
		  struct arena *arena, struct evidence *evidence)
{
	/* What operands build is a part of the evidence: it lives in its arena. */
	struct arena *scratch = j->arena;
	struct eval e = { r, j, NULL };

	j->arena = arena;
	*evidence = *node_explain(&c->root, &e, false, arena);
	j->arena = scratch;
}

/* ---- tracing --------------------------------------------------------------- */

struct trace {
	const struct eval *e;
	struct arena *arena;
	cond_step *step;
	void *to;
};

static void trace_node(const struct trace *t, const struct node *n, int depth)
{
	static const char *const words[] = {
		[NODE_ALL] = "all of",
		[NODE_ANY] = "any of",
		[NODE_NONE] = "none of",
		[NODE_NOT] = "not",
	};
	struct buf b = BUF_INIT(0);
	struct evidence *ev = NULL;
	struct str text;
	size_t i;

	if (node_is_leaf(n)) {
		node_describe(n, false, &b);
		text = arena_buf(t->arena, &b);
		ev = leaf_explain(n, t->e, false, t->arena);
	} else {
		text = str_of(words[n->kind]);
	}
	buf_release(&b);
	t->step(t->to, depth, text, node_judge(n, t->e), node_is_leaf(n) ? n->test.place : n->place,
		ev);
	for (i = 0; i < n->n; i++)
		trace_node(t, &n->members[i], depth + 1);
}

void cond_trace(const struct cond *c, const struct resource *r, struct judge *j,
		struct arena *arena, cond_step *step, void *to)
{
	struct arena *scratch = j->arena;
	struct eval e = { r, j, NULL };
	struct trace t = { &e, arena, step, to };

	j->arena = arena;
	trace_node(&t, &c->root, 0);
	j->arena = scratch;
}
