/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers: until which day, for which resources and which values, and how they are
 * counted.
 */
#include "rule/engine_fixture.h"

#define WAIVED(more)                                                                               \
	"version: 1\nrules:\n" RULE(                                                               \
	    "a",                                                                                   \
	    "require: {name: acme}") "waivers:\n"                                                  \
				     "  - rule: a\n    reason: Legacy.\n    owner: video\n" more

static void test_waivers(void **state)
{
	static const struct example list[] = {
		{ .policy = WAIVED("    expires: 2027-03-01\n"),
		  .resources = "[{name: x}, {name: acme}]",
		  .want = "in.json#x a waived medium: name is x, expected acme [Legacy.] (0 days "
			  "left)\n" },
		{ .policy = WAIVED("    expires: 2027-02-28\n"),
		  .resources = "[{name: x}]",
		  .want = "in.json#x a fail medium: name is x, expected acme [waiver at "
			  "policy.yaml:8 ended on 2027-02-28]\n" },
		{ .policy = WAIVED("    expires: 2027-03-31\n    value: x\n"),
		  .resources = "[{name: x}, {name: y}, {}]",
		  .want = "in.json#x a waived medium: name is x, expected acme [Legacy.] (30 days "
			  "left)\n"
			  "in.json#y a fail medium: name is y, expected acme [waiver at "
			  "policy.yaml:8 accepted x, found y]\n"
			  "in.json#3 a fail medium: name is absent, expected acme [waiver at "
			  "policy.yaml:8 accepted x, found absent]\n" },
		{ .policy = WAIVED("    expires: 2027-03-31\n    value: null\n"),
		  .resources = "[{name: y}, {}]",
		  .want = "in.json#y a fail medium: name is y, expected acme [waiver at "
			  "policy.yaml:8 accepted null, found y]\n"
			  "in.json#2 a waived medium: name is absent, expected acme [Legacy.] (30 "
			  "days left)\n" },
		{ .policy = WAIVED("    expires: 2027-03-31\n    match: {tags.E: dev}\n"),
		  .resources = "[{name: x, tags: {E: dev}}, {name: y, tags: {E: prod}}, "
			       "{name: z, unknown: [tags]}]",
		  .want =
		      "in.json#x a waived medium: name is x, expected acme [Legacy.] (30 days "
		      "left)\n"
		      "in.json#y a fail medium: name is y, expected acme\n"
		      "in.json#z a fail medium: name is z, expected acme [whether the waiver at "
		      "policy.yaml:8 applies is not known: tags.E is unknown: said to be unknown "
		      "by "
		      "the test]\n" },
		/* the one that still holds counts, whatever ended before */
		{ .policy = WAIVED("    expires: 2027-01-31\n"
				   "  - {rule: a, reason: Again., expires: 2027-04-01}\n"),
		  .resources = "[{name: x}]",
		  .want = "in.json#x a waived medium: name is x, expected acme [Again.] (31 days "
			  "left)\n" },
		/* undecided stays so */
		{ .policy = WAIVED("    expires: 2027-03-31\n"),
		  .resources = "[{unknown: [name]}]",
		  .want = "in.json#1 a undecided medium: name is unknown: said to be unknown by "
			  "the test\n" },
	};

	(void)state;
	RUN(list);
}

/* A value accepted for one field does not cover another that fails as well. */
static void test_waiver_of_two_values(void **state)
{
	static const struct example list[] = {
		{ .policy = "version: 1\nrules:\n" RULE(
		      "a",
		      "require: {name: acme, state: ACTIVE}") "waivers: [{rule: a, reason: R, "
							      "expires: 2027-04-01, value: x}]\n",
		  .resources = "[{name: x, state: ACTIVE}, {name: x, state: CREATING}]",
		  .want =
		      "in.json#x a waived medium: name is x, expected acme [R] (31 days left)\n"
		      "in.json#x a fail medium: name is x, expected acme; state is CREATING, "
		      "expected ACTIVE [waiver at policy.yaml:7 accepted x, found CREATING]\n" },
	};

	(void)state;
	RUN(list);
}

static void test_tally(void **state)
{
	struct engine_options options = { .as_of = day("2027-03-01") };
	struct scene s;

	(void)state;
	scene_load(&s,
		   WAIVED("    expires: 2027-03-31\n    value: x\n"
			  "  - {rule: a, reason: R, expires: 2026-01-01}\n"
			  "  - {rule: a, reason: R, expires: 2028-01-01, match: {name: never}}\n"),
		   NULL);
	scene_run(&s, "[{name: x}, {name: y}, {name: acme}]", &options);
	assert_int_equal(s.total.waivers[0], 1);
	assert_int_equal(s.total.waivers_other_value[0], 1);
	assert_int_equal(s.total.waivers_expired[1], 2);
	assert_int_equal(s.total.waivers[1], 0);
	assert_int_equal(s.total.waivers[2], 0);
	assert_int_equal(s.total.rules[0][VERDICT_FAIL], 1);
	assert_int_equal(s.total.rules[0][VERDICT_WAIVED], 1);
	assert_int_equal(s.total.rules[0][VERDICT_PASS], 1);
	assert_int_equal(s.total.fails[SEVERITY_MEDIUM], 1);
	scene_release(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waivers),
		cmocka_unit_test(test_waiver_of_two_values),
		cmocka_unit_test(test_tally),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
