/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test that a rule carries, as rule_test_read.c reads it and rule_test_run.c runs it.
 */
#ifndef RULE_RULE_TEST_READ_H
#define RULE_RULE_TEST_READ_H

#include "rule/policy_inside.h"
#include "rule/rule_test_part.h"

/* A test being read. What it takes is in an arena of its own. */
struct rule_test {
	const struct policy *p;
	const struct rule *rule;
	struct shape shape;
	struct arena *arena;
	struct str name, message;
	const struct value *given, *expect, *params;
	const struct value *unknown_node;
	struct str *unknown;
	size_t n_unknown;
	const struct resource_part *parts;
	size_t n_parts;
	struct params in_force;
	struct source source; /* of what is given: places in it are counted already */
};

/* The verdict of a name that a test may expect; false when there is none. */
bool rule_test_verdict(struct str name, enum verdict *verdict);
/* Fills the rest of a test that has its policy, rule, shape and arena; adds mistakes. */
void rule_test_read(struct rule_test *t, const struct value *node);
/* Fills a resource from one configuration that is given; false with a mistake. */
bool rule_test_fill(struct rule_test *t, const struct value *given, size_t index,
		    struct resource *r);

#endif
