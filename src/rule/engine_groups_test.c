/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules over several resources: which group each is in, and what is said when all have
 * been read.
 */
#include "rule/engine_fixture.h"

#define GROUP(by, require)                                                                         \
	"version: 1\nrules:\n" RULE("g", "group_by: [" by "]\n    require: " require)

static void test_groups(void **state)
{
	static const struct example list[] = {
		{ .policy = GROUP("tags.B", "{tags.E: {same: true}}"),
		  .resources =
		      "[{name: a, tags: {B: x, E: dev}}, {name: b, tags: {B: x, E: prod}}, "
		      "{name: c, tags: {B: y, E: prod}}, {name: d, tags: {E: prod}}]",
		  .want = "in.json#a g fail medium: tags.E is dev, expected the same in the 2 "
			  "recording configurations with tags.B x: found dev, prod\n"
			  "in.json#b g fail medium: tags.E is prod, expected the same in the 2 "
			  "recording configurations with tags.B x: found dev, prod\n" },
		/* absent is a value; a group of one is the same whatever it holds */
		{ .policy = GROUP("tags.B", "{tags.E: {same: true}}"),
		  .all = true,
		  .resources = "[{name: a, tags: {B: x}}, {name: b, tags: {B: x}}, "
			       "{name: c, tags: {B: y}}, {name: d}]",
		  .want = "in.json#a g pass medium\nin.json#b g pass medium\n"
			  "in.json#c g pass medium\n"
			  "in.json#d g not-applicable medium [tags.B is absent]\n" },
		/* only those that are alike fail; absent ones are not alike */
		{ .policy = GROUP("region", "{name: {unique: true}}"),
		  .resources = "[{name: a, region: us-west-2}, {name: b, region: us-west-2}, "
			       "{name: a, region: us-west-2}, {name: a, region: eu-west-1}, "
			       "{region: us-west-2}, {region: us-west-2}]",
		  .want =
		      "in.json#a g fail medium: name is a, expected unique among the 5 recording "
		      "configurations with region us-west-2: also in.json#a\n"
		      "in.json#a g fail medium: name is a, expected unique among the 5 recording "
		      "configurations with region us-west-2: also in.json#a\n" },
		{ .policy = GROUP("region", "{group: {count: {max: 2}}}"),
		  .resources = "[{name: a, region: us-west-2}, {name: b, region: us-west-2}, "
			       "{name: c, region: us-west-2}, {name: d, region: eu-west-1}]",
		  .want = "in.json#a g fail medium: 3 recording configurations with region "
			  "us-west-2, expected at most 2: also in.json#b, in.json#c\n"
			  "in.json#b g fail medium: 3 recording configurations with region "
			  "us-west-2, expected at most 2: also in.json#a, in.json#c\n"
			  "in.json#c g fail medium: 3 recording configurations with region "
			  "us-west-2, expected at most 2: also in.json#a, in.json#b\n" },
		/* a resource that may be in any group leaves none sure to pass */
		{ .policy = GROUP("region", "{group: {count: {max: 2}}}"),
		  .resources = "[{name: a, region: us-west-2}, {name: b, region: us-west-2}, "
			       "{name: d, region: eu-west-1}, {name: e, unknown: [arn, region]}]",
		  .want =
		      "in.json#a g undecided medium: 2 recording configurations with region "
		      "us-west-2: 1 more may be among them\n"
		      "in.json#b g undecided medium: 2 recording configurations with region "
		      "us-west-2: 1 more may be among them\n"
		      "in.json#e g undecided medium: its group is not known: region is unknown: "
		      "said to be unknown by the test\n" },
		/* unknown values matter only where they could */
		{ .policy = GROUP("region", "{name: {same: true}}"),
		  .resources = "[{name: a, region: x}, {region: x, unknown: [name]}, "
			       "{region: y, unknown: [name]}, "
			       "{name: a, region: z}, {name: b, region: z}, "
			       "{region: z, unknown: [name]}]",
		  .want =
		      "in.json#a g undecided medium: 2 recording configurations with region x: "
		      "not every value is known\n"
		      "in.json#2 g undecided medium: 2 recording configurations with region x: "
		      "not every value is known\n"
		      "in.json#a g fail medium: name is a, expected the same in the 3 recording "
		      "configurations with region z: found a, b\n"
		      "in.json#b g fail medium: name is b, expected the same in the 3 recording "
		      "configurations with region z: found a, b\n"
		      "in.json#6 g fail medium: name is unknown, expected the same in the 3 "
		      "recording configurations with region z: found a, b\n" },
		{ .policy = GROUP("region", "{name: {same: true}}\n    when: {tags.E: prod}\n"
					    "    message: '{name} of {region}: {actual}'"),
		  .resources = "[{name: a, region: x, tags: {E: prod}}, "
			       "{name: b, region: x, tags: {E: dev}}, "
			       "{name: c, region: x, tags: {E: prod}}, "
			       "{name: d, region: y, tags: {E: prod}}, "
			       "{name: e, region: y, unknown: [tags]}]",
		  .want =
		      "in.json#a g fail medium: a of x: a\n"
		      "in.json#c g fail medium: c of x: c\n"
		      "in.json#d g undecided medium: 1 recording configuration with region y: 1 "
		      "more may be among them\n"
		      "in.json#e g undecided medium: whether the rule applies is not known: "
		      "tags.E is unknown: said to be unknown by the test\n" },
		{ .policy = GROUP("region",
				  "{name: {unique: true}}") "waivers:\n"
							    "  - {rule: g, match: {tags.E: dev}, "
							    "reason: R, expires: 2027-04-01}\n"
							    "  - {rule: g, match: {tags.E: old}, "
							    "reason: R, expires: 2027-02-01}\n",
		  .resources = "[{name: a, region: x, tags: {E: dev}}, "
			       "{name: a, region: x, tags: {E: old}}]",
		  .want =
		      "in.json#a g waived medium: name is a, expected unique among the 2 "
		      "recording configurations with region x: also in.json#a [R] (31 days "
		      "left)\n"
		      "in.json#a g fail medium: name is a, expected unique among the 2 recording "
		      "configurations with region x: also in.json#a [waiver at policy.yaml:10 "
		      "ended on 2027-02-01]\n" },
	};

	(void)state;
	RUN(list);
}

/* Who is a member, and how severe it is for it, is as its own overrides say; what
 * the group must be is as it is written. */
static void test_group_overrides(void **state)
{
	static const struct example list[] = {
		{ .policy = "version: 1\nparams: {most: {type: number, default: 1}}\n"
			    "overrides:\n"
			    "  - when: {tags.E: prod}\n"
			    "    params: {most: 99}\n"
			    "    configure: {g: {severity: critical}}\n"
			    "  - {when: {tags.E: dev}, configure: {g: {enabled: false}}}\n"
			    "rules:\n" RULE("g", "group_by: [region]\n"
						 "    require: {group: {count: {max: $most}}}"),
		  .resources = "[{name: a, region: x, tags: {E: prod}}, {name: b, region: x}, "
			       "{name: c, region: x, tags: {E: dev}}, "
			       "{name: d, region: y, unknown: [tags]}]",
		  .want =
		      "in.json#a g fail critical: 2 recording configurations with region x, "
		      "expected at most 1: also in.json#b\n"
		      "in.json#b g fail medium: 2 recording configurations with region x, "
		      "expected at most 1: also in.json#a\n"
		      "in.json#d g undecided critical: whether the override at policy.yaml:4 "
		      "holds is not known: tags.E is unknown: said to be unknown by the test\n" },
	};

	(void)state;
	RUN(list);
}

/* A few are named, the rest is counted. */
static void test_group_of_many(void **state)
{
	struct engine_options options = { .as_of = 0 };
	struct buf many = BUF_INIT(0);
	struct scene s;
	int i;

	(void)state;
	buf_puts(&many, "[");
	for (i = 0; i < 40; i++)
		buf_printf(&many, "%s{name: n%d, region: x}", i != 0 ? ", " : "", i);
	buf_puts(&many, "]");
	scene_load(&s, GROUP("region", "{group: {count: {max: 20}}}"), NULL);
	scene_run(&s, buf_str(&many).data, &options);
	assert_int_equal(s.total.rules[0][VERDICT_FAIL], 40);
	assert_non_null(strstr(buf_str(&s.out).data,
			       "in.json#n7 g fail medium: 40 recording configurations with region "
			       "x, expected at most 20: also in.json#n0, in.json#n1, in.json#n2, "
			       "in.json#n3, in.json#n4 and 34 more\n"));
	assert_non_null(strstr(buf_str(&s.out).data, "in.json#n1 g fail medium: 40 recording "
						     "configurations with region x, expected at "
						     "most 20: also in.json#n0, in.json#n2, "
						     "in.json#n3, in.json#n4, in.json#n5 and 34 "
						     "more\n"));
	scene_release(&s);
	buf_release(&many);
}

/* Of more that may be in the group than sizes are tried: what is between the ends counts. */
static void test_group_of_perhaps_many(void **state)
{
	static const struct {
		const char *count;
		enum verdict verdict;
	} cases[] = {
		{ "{min: 1}", VERDICT_PASS },
		{ "{min: 1, max: 200}", VERDICT_PASS },
		{ "{max: 20}", VERDICT_UNDECIDED },
		{ "{min: 2}", VERDICT_UNDECIDED },
		{ "{min: 200}", VERDICT_FAIL },
		{ "{less_than: 1}", VERDICT_FAIL },
		{ "{min: 70, max: 80}", VERDICT_UNDECIDED },
		{ "{min: 200, not_equals: 7}", VERDICT_FAIL },
		{ "{not_equals: 100}", VERDICT_UNDECIDED },
		{ "{equals: 100}", VERDICT_UNDECIDED },
		{ "{multiple_of: 100}", VERDICT_UNDECIDED },
	};
	struct engine_options options = { .as_of = 0 };
	struct buf list = BUF_INIT(0), policy = BUF_INIT(0);
	struct scene s;
	size_t i;

	(void)state;
	buf_puts(&list, "[{name: one, region: x}");
	for (i = 0; i < 150; i++)
		buf_puts(&list, ", {unknown: [region]}");
	buf_puts(&list, "]");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&policy);
		buf_printf(&policy,
			   RULES RULE("g", "group_by: [region]\n    require: {group: {count: %s}}"),
			   cases[i].count);
		scene_load(&s, policy.data, NULL);
		scene_run(&s, list.data, &options);
		/* of the others the group is not known */
		if (s.total.rules[0][cases[i].verdict] !=
		    (cases[i].verdict == VERDICT_UNDECIDED ? 151 : 1))
			fail_msg("%s:\n%s", cases[i].count, buf_str(&s.out).data);
		scene_release(&s);
	}
	buf_release(&list);
	buf_release(&policy);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_group_overrides),
		cmocka_unit_test(test_group_of_many),
		cmocka_unit_test(test_group_of_perhaps_many),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
