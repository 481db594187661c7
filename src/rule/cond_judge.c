/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging conditions in three values. Knows Kleene's logic; what a leaf says of a value
 * is its operator's.
 */
#include "rule/node.h"

static inline enum truth leaf_judge(const struct node *n, const struct eval *e)
{
	if (n->kind == NODE_SLOT)
		return test_judge(&n->test, &e->r->slots[n->slot], e);
	return test_judge(&n->test, path_value_near(n->path, e), e);
}

/* Most members are leaves, which need no second look at what they are. */
static inline enum truth member_judge(const struct node *n, const struct eval *e)
{
	return node_is_leaf(n) ? leaf_judge(n, e) : node_judge(n, e);
}

static enum truth all_judge(const struct node *n, const struct eval *e)
{
	enum truth all = TRUTH_TRUE, one;
	size_t i;

	for (i = 0; i < n->n; i++) {
		one = member_judge(&n->members[i], e);
		if (one == TRUTH_FALSE)
			return TRUTH_FALSE;
		if (one < all)
			all = one;
	}
	return all;
}

static enum truth any_judge(const struct node *n, const struct eval *e)
{
	enum truth any = TRUTH_FALSE, one;
	size_t i;

	for (i = 0; i < n->n; i++) {
		one = member_judge(&n->members[i], e);
		if (one == TRUTH_TRUE)
			return TRUTH_TRUE;
		if (one > any)
			any = one;
	}
	return any;
}

enum truth node_judge(const struct node *n, const struct eval *e)
{
	switch (n->kind) {
	case NODE_SLOT:
	case NODE_LEAF:
		return leaf_judge(n, e);
	case NODE_ALL:
		return all_judge(n, e);
	case NODE_ANY:
		return any_judge(n, e);
	case NODE_NONE:
		return truth_not(any_judge(n, e));
	default:
		return truth_not(node_judge(n->members, e));
	}
}

/* What was built is of no more use; an arena's first block is kept. */
static enum truth judge_building(const struct node *root, const struct eval *e)
{
	struct arena_mark mark = arena_mark(e->j->arena);
	enum truth truth = node_judge(root, e);

	if (mark.block != NULL)
		arena_rewind(e->j->arena, mark);
	else
		arena_reset(e->j->arena);
	return truth;
}

static enum truth judge_in(const struct cond *c, const struct eval *e)
{
	if (c->got.builds)
		return judge_building(&c->root, e);
	if (c->root.kind == NODE_SLOT)
		return test_judge(&c->root.test, &e->r->slots[c->root.slot], e);
	if (c->root.kind == NODE_ALL)
		return all_judge(&c->root, e);
	return node_judge(&c->root, e);
}

enum truth cond_judge(const struct cond *c, const struct resource *r, struct judge *j)
{
	struct eval e = { r, j, NULL };

	return judge_in(c, &e);
}
