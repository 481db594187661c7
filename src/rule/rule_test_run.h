/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests that rules carry: `given` a configuration, `expect` a verdict.
 */
#ifndef RULE_RULE_TEST_RUN_H
#define RULE_RULE_TEST_RUN_H

#include "rule/policy.h"

struct rule_test_result {
	const struct rule *rule;
	struct str name; /* of the test; "" for "carries no test" */
	bool passed;
	bool ran;        /* false: it could not be, or there is none */
	struct str said; /* of a failed one: "expected fail, got pass: ..." */
	struct source *source;
	struct place place;
};

/* What it is handed is good until it returns. */
typedef void rule_test_take(void *to, const struct rule_test_result *result);
/* Adds mistakes in the tests of a rule, which is compiled: unknown keys, fields
 * and parameters. The loader calls it. */
void rule_tests_check(const struct policy *p, const struct rule *rule, struct mistakes *mistakes);

/*
 * Runs the tests of every enabled rule of the policy; the parameters in force
 * are the rule's file's own unless the test says `params:`. A rule without a test
 * is a failed result. Gives the number of failed results.
 */
size_t rule_tests_run(struct policy *p, rule_test_take *take, void *to);

/* For who looks on. Each function may be NULL. */
struct compiled;
struct rule_test_watch {
	rule_test_take *take;
	/* Each configuration that a test gives, with the rule as the test's parameters make it. */
	void (*given)(void *to, const struct compiled *c, const struct resource *r);
	/* What the rule said of it. */
	void (*verdict)(void *to, enum verdict verdict);
	void *to;
	bool stop; /* at the first test that fails */
};
/* The tests of one rule, which may be a changed copy of a rule of the policy. Gives
 * the number of failed results. */
size_t rule_tests_watch(struct policy *p, const struct rule *rule,
			const struct rule_test_watch *watch);

#endif
