/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree that a condition is compiled to. For cond*.c, which make, judge and explain
 * it, and check.c, which lays it flat; others see rule/cond.h.
 */
#ifndef RULE_NODE_H
#define RULE_NODE_H

#include "rule/compile.h"
#include "rule/op.h"
#include "rule/path.h"

/* Leaves come first. */
enum node_kind { NODE_SLOT, NODE_LEAF, NODE_ALL, NODE_ANY, NODE_NONE, NODE_NOT };

/* A leaf is one operator on one field: `{min: 1, max: 5}` is an `all` of two.
 * NODE_SLOT is a leaf whose value is a slot of the resource as it is. */
struct node {
	enum node_kind kind;
	bool one_field; /* an `all` whose leaves are on one field */
	int slot;
	struct place place; /* of what is no leaf */
	size_t n;
	struct node *members;
	const struct path *path;
	struct test test;
};

struct cond {
	struct node root;
	struct gathered got;
};

static inline bool node_is_leaf(const struct node *n)
{
	return n->kind <= NODE_LEAF;
}

/* Of all, any and none, or of the opposite where that is asked for (De Morgan's laws: not
 * all is any not, none is all not): whether any member will do, else all must hold; and
 * whether it is the opposites of the members that must. */
static inline bool node_asks_any(const struct node *n, bool negated)
{
	return (n->kind == NODE_ANY) != negated;
}
static inline bool node_asks_opposites(const struct node *n, bool negated)
{
	return (n->kind == NODE_NONE) != negated;
}

#endif
