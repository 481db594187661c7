/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes of rules: which are made, and which of them tests notice.
 */
#include "rule/mutate.h"

#include "rule/rule_fixture.h"

static void take(void *to, const struct survivor *s)
{
	buf_printf(to, "%u:%u %.*s\n", s->place.line, s->place.column, STR_ARG(s->what));
}

static void check(const char *rule, const char *want, size_t noticed)
{
	struct buf text;
	struct policy *p = load_rule(rule, &text);
	struct mutation sum = { 0 };
	struct buf out = BUF_INIT(0);
	size_t i, lines = 0;

	mutate_rule(p, &p->rules[0], take, &out, &sum);
	assert_string_equal(buf_str(&out).data, want);
	for (i = 0; want[i] != '\0'; i++)
		lines += want[i] == '\n';
	assert_int_equal(sum.survived, lines);
	assert_int_equal(sum.noticed, noticed);
	assert_int_equal(sum.unfit, 0);
	/* the rule itself is as it was */
	sum = (struct mutation){ 0 };
	buf_clear(&out);
	mutate_rule(p, &p->rules[0], take, &out, &sum);
	assert_int_equal(sum.noticed, noticed);
	buf_release(&out);
	policy_free(p);
	buf_release(&text);
}

/* A test that notices nothing shows every change. */
#define BLIND                                                                                      \
	"    tests:\n"                                                                             \
	"      - {name: blind, given: {}, unknown: [name, state, arn, account, region, tags,"      \
	" destinationConfiguration, renditionConfiguration, recordingReconnectWindowSeconds,"      \
	" thumbnailConfiguration], expect: undecided}\n"

static void test_changes(void **state)
{
	static const struct {
		const char *require, *want;
	} cases[] = {
		{ "{state: ACTIVE}",
		  "8:15 'state: ACTIVE' became 'state: {not_equals: ACTIVE}'\n" },
		{ "{recordingReconnectWindowSeconds: 5}",
		  "8:15 'recordingReconnectWindowSeconds: 5' became "
		  "'recordingReconnectWindowSeconds: {not_equals: 5}'\n"
		  "8:15 'recordingReconnectWindowSeconds: 5' became "
		  "'recordingReconnectWindowSeconds: 6'\n"
		  "8:15 'recordingReconnectWindowSeconds: 5' became "
		  "'recordingReconnectWindowSeconds: 4'\n" },
		{ "{recordingReconnectWindowSeconds: {min: 0.5}}",
		  "8:49 'min' became 'greater_than'\n"
		  "8:49 'min' became 'less_than'\n"
		  "8:49 'min: 0.5' became 'min: 0.6'\n"
		  "8:49 'min: 0.5' became 'min: 0.4'\n" },
		{ "{name: {in: [a, b]}}", "8:22 'in' became 'not_in'\n"
					  "8:27 a removed from 'in'\n"
					  "8:30 b removed from 'in'\n" },
		/* of one member: no list without it, and all of it is any of it */
		{ "{name: {in: [a]}}", "8:22 'in' became 'not_in'\n" },
		{ "{tags: {has_keys: [a]}}", "8:22 'has_keys' became 'lacks_keys'\n" },
		{ "{none: [{name: a}]}", "8:15 'none' became 'any'\n"
					 "8:23 'name: a' became 'name: {not_equals: a}'\n" },
		{ "{not: {name: {is: arn}}}", "8:15 'not' removed\n"
					      "8:28 'is' became 'is_not'\n" },
		{ "{all: [{name: {exists: true}}, {state: {like: A}}]}",
		  "8:15 'all' became 'any'\n"
		  "8:21 {name: {exists: true}} removed from 'all'\n"
		  "8:45 {state: {like: A}} removed from 'all'\n"
		  "8:29 'exists: true' became 'exists: false'\n"
		  "8:54 'like' became 'not_like'\n" },
		{ "{tags: {keys: {starts_with: x}}}", "8:22 'keys' became 'values'\n"
						      "8:29 'starts_with' became 'ends_with'\n" },
		{ "{tags: {some: {key: a}}}", "8:22 'some' became 'each'\n"
					      "8:22 'some' became 'no'\n"
					      "8:29 'key: a' became 'key: {not_equals: a}'\n" },
		{ "{tags: {allowed_values: {E: [a, b]}}}", "8:43 a removed from 'E'\n"
							   "8:46 b removed from 'E'\n" },
	};
	char rule[2000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(rule, sizeof(rule), "    require: %s\n" BLIND, cases[i].require);
		check(rule, cases[i].want, 0);
	}
}

static void test_noticed(void **state)
{
	(void)state;
	check("    when: {state: ACTIVE}\n"
	      "    require: {recordingReconnectWindowSeconds: {max: 5}}\n"
	      "    tests:\n"
	      "      - {name: a, given: {state: ACTIVE, recordingReconnectWindowSeconds: 5},"
	      " expect: pass}\n"
	      "      - {name: b, given: {state: ACTIVE, recordingReconnectWindowSeconds: 6},"
	      " expect: fail}\n"
	      "      - {name: c, given: {state: CREATING}, expect: not-applicable}\n",
	      "", 6);
}

static void test_group(void **state)
{
	(void)state;
	check("    group_by: [account, region]\n"
	      "    require: {name: {unique: true}, group: {count: {max: 2}}}\n"
	      "    tests:\n"
	      "      - {name: a, given: [{account: '1', region: us-west-2, name: a},"
	      " {account: '1', region: us-west-2, name: a}], expect: fail}\n"
	      "      - {name: b, given: [{account: '1', region: us-west-2, name: a},"
	      " {account: '1', region: eu-west-1, name: a}], expect: pass}\n",
	      "8:16 account removed from 'group_by'\n"
	      "9:37 'group: {count: {max: 2}}' removed\n"
	      "9:53 'max' became 'less_than'\n"
	      "9:53 'max: 2' became 'max: 3'\n"
	      "9:53 'max: 2' became 'max: 1'\n",
	      4);
}

/* Rules whose tests fail as they are tell nothing. */
static void test_unfit(void **state)
{
	static const char *const rules[] = {
		"    require: {name: x}\n",
		"    require: {name: x}\n    tests: [{name: a, given: {name: y}, expect: pass}]\n",
	};
	struct mutation sum;
	struct policy *p;
	struct buf text;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		sum = (struct mutation){ 0 };
		p = load_rule(rules[i], &text);
		mutate_rule(p, &p->rules[0], take, NULL, &sum);
		assert_int_equal(sum.unfit, 1);
		assert_int_equal(sum.noticed + sum.survived, 0);
		policy_free(p);
		buf_release(&text);
	}
}

/* A list without an end costs no more than the limit. */
static void test_limit(void **state)
{
	struct buf rule = BUF_INIT(0);
	struct mutation sum = { 0 };
	struct policy *p;
	struct buf text;
	int i;

	(void)state;
	buf_puts(&rule, "    require: {name: {in: [");
	for (i = 0; i < LIMIT_MUTANTS + 100; i++)
		buf_printf(&rule, "%sn%d", i != 0 ? ", " : "", i);
	buf_puts(&rule, "]}}\n    tests: [{name: a, given: {name: n0}, expect: pass}]\n");
	p = load_rule(buf_str(&rule).data, &text);
	buf_clear(&rule);
	mutate_rule(p, &p->rules[0], take, &rule, &sum);
	assert_int_equal(sum.noticed, 2);
	assert_int_equal(sum.noticed + sum.survived, LIMIT_MUTANTS);
	assert_int_equal(sum.left_out, 101);
	policy_free(p);
	buf_release(&text);
	buf_release(&rule);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes), cmocka_unit_test(test_noticed),
		cmocka_unit_test(test_group),   cmocka_unit_test(test_unfit),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
