/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coverage of conditions by the tests of their rule. Knows that a rule has the
 * same conditions whatever its parameters are; what they say it leaves to
 * cond_trace and to the engine.
 */
#include "rule/coverage.h"

#include <stdlib.h>

#include "rule/policy_inside.h"
#include "rule/rule_test_run.h"

struct covering {
	const struct rule *rule;
	struct coverage_node *nodes;
	size_t n, cap;
	size_t n_when; /* those of `when` come first */
	size_t at;     /* the node of the next step */
	bool in_when;
	struct arena arena;   /* of the texts */
	struct arena scratch; /* of one configuration */
};

/* ---- which conditions there are -------------------------------------------- */

static struct coverage_node *add_node(struct covering *c, struct str text, struct place place)
{
	struct coverage_node *node;

	if (c->n == c->cap) {
		c->cap = c->cap != 0 ? c->cap * 2 : 32;
		c->nodes = mem_grow(c->nodes, c->cap * sizeof(*c->nodes));
	}
	node = &c->nodes[c->n++];
	*node = (struct coverage_node){
		.rule = c->rule,
		.text = arena_str(&c->arena, text),
		.in_when = c->in_when,
		.place = source_place(c->rule->source, place),
	};
	return node;
}

static void take_node(void *to, int depth, struct str description, enum truth truth,
		      struct place place, const struct evidence *leaf)
{
	(void)depth;
	(void)truth;
	(void)leaf;
	add_node(to, description, place);
}

/* An empty configuration will do: every node is told, whatever its truth. */
static void list_nodes(struct covering *c, const struct compiled *base)
{
	struct resource *r = ARENA_NEW(&c->scratch, struct resource);
	struct judge j = { .arena = &c->scratch };

	resource_init_kind(r, c->rule->kind, c->rule->source, c->rule->place, SOURCE_JSON);
	c->in_when = true;
	if (base->when != NULL)
		cond_trace(base->when, r, &j, &c->scratch, take_node, c);
	c->n_when = c->n;
	c->in_when = false;
	if (base->require != NULL)
		cond_trace(base->require, r, &j, &c->scratch, take_node, c);
	arena_reset(&c->scratch);
}

/* ---- what tests find ------------------------------------------------------- */

static void count_step(void *to, int depth, struct str description, enum truth truth,
		       struct place place, const struct evidence *leaf)
{
	struct covering *c = to;

	(void)depth;
	(void)description;
	(void)place;
	(void)leaf;
	c->nodes[c->at++].found[truth]++;
}

static void take_given(void *to, const struct compiled *compiled, const struct resource *r)
{
	struct covering *c = to;
	struct judge j = { .arena = &c->scratch };

	c->at = 0;
	if (compiled->when != NULL) {
		cond_trace(compiled->when, r, &j, &c->scratch, count_step, c);
		if (cond_judge(compiled->when, r, &j) == TRUTH_FALSE)
			goto out;
	}
	if (compiled->require != NULL)
		cond_trace(compiled->require, r, &j, &c->scratch, count_step, c);
out:
	arena_reset(&c->scratch);
}

static void take_verdict(void *to, enum verdict verdict)
{
	struct coverage_node *node = to;

	if (verdict == VERDICT_PASS)
		node->found[TRUTH_TRUE]++;
	else if (verdict == VERDICT_FAIL)
		node->found[TRUTH_FALSE]++;
	else if (verdict == VERDICT_UNDECIDED)
		node->found[TRUTH_UNKNOWN]++;
}

/* A group has no condition that could be followed: each entry is judged alone. */
static void cover_group(struct policy *p, struct covering *c)
{
	const struct value *require = c->rule->require;
	struct rule alone = *c->rule;
	struct rule_test_watch watch = { .verdict = take_verdict };
	struct value one;
	uint32_t i;

	alone.message = NULL;
	alone.require = &one;
	for (i = 0; require != NULL && i < require->n; i++) {
		one = *require;
		one.n = 1;
		one.entries = &require->entries[i];
		watch.to = add_node(c, require->entries[i].key, require->entries[i].key_place);
		rule_tests_watch(p, &alone, &watch);
	}
}

/* ---- the whole ------------------------------------------------------------- */

void coverage_rule(struct policy *p, const struct rule *rule, coverage_take *take, void *to,
		   struct coverage *sum)
{
	struct covering c = { .rule = rule };
	const struct rule_test_watch watch = { .given = take_given, .to = &c };
	const struct coverage_node *node;
	size_t i;

	list_nodes(&c, &p->inside->rules[rule->index].base);
	rule_tests_watch(p, rule, &watch);
	if (rule->group_by != NULL)
		cover_group(p, &c);
	for (i = 0; i < c.n; i++) {
		node = &c.nodes[i];
		sum->conditions++;
		sum->decided += (node->found[TRUTH_TRUE] != 0) + (node->found[TRUTH_FALSE] != 0);
		sum->undecided += node->found[TRUTH_UNKNOWN] != 0;
		take(to, node);
	}
	free(c.nodes);
	arena_release(&c.arena);
	arena_release(&c.scratch);
}
