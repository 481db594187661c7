/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which conditions of a rule its tests decide, and how.
 */
#include "rule/coverage.h"

#include "rule/rule_fixture.h"

static void take(void *to, const struct coverage_node *node)
{
	buf_printf(to, "%u %s%.*s: %zu %zu %zu\n", node->place.line, node->in_when ? "when " : "",
		   STR_ARG(node->text), node->found[TRUTH_TRUE], node->found[TRUTH_FALSE],
		   node->found[TRUTH_UNKNOWN]);
}

static void check(const char *rule, const char *want, size_t conditions, size_t decided,
		  size_t undecided)
{
	struct buf text;
	struct policy *p = load_rule(rule, &text);
	struct coverage sum = { 0 };
	struct buf out = BUF_INIT(0);

	coverage_rule(p, &p->rules[0], take, &out, &sum);
	assert_string_equal(buf_str(&out).data, want);
	assert_int_equal(sum.conditions, conditions);
	assert_int_equal(sum.decided, decided);
	assert_int_equal(sum.undecided, undecided);
	buf_release(&out);
	policy_free(p);
	buf_release(&text);
}

static void test_conditions(void **state)
{
	(void)state;
	check("    when: {state: ACTIVE}\n"
	      "    require:\n"
	      "      any:\n"
	      "        - recordingReconnectWindowSeconds: {min: 1, max: $n}\n"
	      "        - not: {name: x}\n"
	      "    tests:\n"
	      "      - {name: a, given: {state: ACTIVE, recordingReconnectWindowSeconds: 3},"
	      " expect: pass}\n"
	      "      - {name: b, given: {state: ACTIVE, recordingReconnectWindowSeconds: 6},"
	      " params: {n: 7}, expect: pass}\n"
	      "      - {name: not applicable, given: {state: CREATING, name: x},"
	      " expect: not-applicable}\n"
	      "      - {name: unknown, given: {state: ACTIVE, recordingReconnectWindowSeconds: 9},"
	      " unknown: [name], expect: undecided}\n",
	      "8 when state is ACTIVE: 3 1 0\n"
	      "10 any of: 2 0 1\n"
	      "11 all of: 2 1 0\n"
	      "11 recordingReconnectWindowSeconds is at least 1: 3 0 0\n"
	      "11 recordingReconnectWindowSeconds is at most 5: 2 1 0\n"
	      "12 not: 2 0 1\n"
	      "12 name is x: 0 2 1\n",
	      7, 10, 3);
}

static void test_without_tests(void **state)
{
	(void)state;
	check("    require: {name: x}\n", "8 name is x: 0 0 0\n", 1, 0, 0);
}

static void test_group(void **state)
{
	(void)state;
	check(
	    "    group_by: [region]\n"
	    "    when: {name: {exists: true}}\n"
	    "    require: {name: {unique: true}, group: {count: {max: 2}}}\n"
	    "    tests:\n"
	    "      - {name: a, given: [{region: us-west-2, name: a}, {region: us-west-2, name: a}],"
	    " expect: fail}\n"
	    "      - {name: b, given: [{region: us-west-2}], expect: not-applicable}\n",
	    "9 when name exists: 2 1 0\n"
	    "10 name: 0 2 0\n"
	    "10 group: 2 0 0\n",
	    3, 4, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_without_tests),
		cmocka_unit_test(test_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
