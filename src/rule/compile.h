/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of a condition share while it is compiled and while it is
 * judged. Inside rule/ only: others see rule/cond.h.
 */
#ifndef RULE_COMPILE_H
#define RULE_COMPILE_H

#include <stdbool.h>

#include "base/pattern.h"
#include "model/resource.h"
#include "model/value.h"
#include "rule/cond.h"

/* What is known of the values that stand in one place. */
struct nature {
	struct type type;
	struct type member; /* whole type of the members of a list or a map */
	const char *values; /* enumeration, of it or of its members; NULL */
	struct str below;   /* where members are objects: "channels[*]"; else "" */
};

/* A pattern that the condition owns. */
struct held {
	struct pattern *pattern;
	struct held *next;
};

/* What a condition gathers while it is compiled. */
struct gathered {
	field_set needs;
	struct held *patterns;
	bool builds; /* judging it takes memory of judge->arena */
};

/* Copied when something changes on the way down. */
struct compile {
	const struct scope *scope;
	struct gathered *got;
	const struct nature *member; /* of the members whose condition this is; NULL outside */
	bool member_keyed;           /* the members are a map's: they have a key */
	int depth;
};

/* The member that a quantified condition is judged for. */
struct member {
	struct value key; /* absent in a list */
	const struct value *value;
};

struct eval {
	const struct resource *r;
	struct judge *j;
	const struct member *member;
};

/* UNKNOWN lies in the middle: it is its own opposite. */
static inline enum truth truth_not(enum truth t)
{
	return (enum truth)(TRUTH_TRUE - t);
}

static inline enum truth truth_of(bool holds)
{
	return holds ? TRUTH_TRUE : TRUTH_FALSE;
}

/* Absent and null are the same to every operator. */
static inline bool value_is_there(const struct value *v)
{
	return v->kind > VALUE_NULL;
}

extern const struct value value_none; /* absent */

/* Compiles and lets the condition own it; NULL after adding a mistake at the
 * place in `text`, a string. */
struct pattern *compile_pattern(const struct compile *c, const struct value *text);
void gathered_release(struct gathered *g);

/* Runs an operator on a value: what is known of a value in part is not asked for. */
struct test;
typedef enum truth test_run_fn(const struct test *t, const struct value *v, const struct eval *e);

/* A condition's node, for conditions within operators: NULL after adding a mistake. */
struct node;
struct node *node_compile(const struct compile *c, const struct value *node);
enum truth node_judge(const struct node *n, const struct eval *e);
/* Puts what it asks: "tags has keys [Owner]". negated: the opposite. */
void node_describe(const struct node *n, bool negated, struct buf *b);
/* Never NULL; e->j->arena holds what it builds. negated: why the opposite has
 * the truth that it has. */
struct evidence *node_explain(const struct node *n, const struct eval *e, bool negated,
			      struct arena *arena);

#endif
