/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine says of resources, one by one: verdicts, and overrides that hold, that
 * do not, and of which that is not known.
 */
#include "rule/engine_fixture.h"

static void test_verdicts(void **state)
{
	static const struct example list[] = {
		{ .policy = RULES RULE("a", "require: {name: acme}"),
		  .resources = "[{name: acme}, {name: other}, {}]",
		  .want = "in.json#other a fail medium: name is other, expected acme\n"
			  "in.json#3 a fail medium: name is absent, expected acme\n" },
		/* when: false, unknown, and unknown where require holds or not */
		{ .policy = RULES RULE("a", "when: {tags.E: prod}\n    require: {name: acme}"),
		  .resources = "[{name: x, tags: {E: dev}}, {name: acme, unknown: [tags]}, "
			       "{name: y, unknown: [tags]}, {tags: {E: prod}, unknown: [name]}, "
			       "{name: z, tags: {E: dev}, unknown: [state]}]",
		  .want = "in.json#y a undecided medium: whether the rule applies is not known: "
			  "tags.E is unknown: said to be unknown by the test\n"
			  "in.json#4 a undecided medium: name is unknown: said to be unknown by "
			  "the test\n" },
		{ .policy = RULES RULE("a", "when: {tags.E: prod}\n    require: {name: acme}"),
		  .resources = "[{name: x, tags: {E: dev}}, {name: acme, tags: {E: prod}}]",
		  .all = true,
		  .want = "in.json#x a not-applicable medium ['when' does not hold: tags.E is dev, "
			  "expected prod]\n"
			  "in.json#acme a pass medium\n" },
		/* a pattern that hits its limits is an error, never a pass */
		{ .policy = RULES RULE("a", "require: {name: {not_matches: '(a+)+$'}}"),
		  .resources = "[{name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!}]",
		  .want =
		      "in.json#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! a error "
		      "medium: the pattern at policy.yaml:6 reached its step limit\n" },
		{ .policy = RULES RULE("a", "require: {name: acme, state: ACTIVE}"),
		  .resources = "[{name: x, state: CREATING}]",
		  .want = "in.json#x a fail medium: name is x, expected acme; state is CREATING, "
			  "expected ACTIVE\n" },
		{ .policy = RULES RULE("a", "require: {name: acme}\n    message: '{name} is not "
					    "{expected}'"),
		  .resources = "[{name: x}]",
		  .want = "in.json#x a fail medium: x is not acme\n" },
	};

	(void)state;
	RUN(list);
}

#define OVERRIDDEN                                                                                 \
	"version: 1\nparams: {n: {type: number, default: 10}}\n"                                   \
	"overrides:\n"                                                                             \
	"  - when: {tags.E: prod}\n    params: {n: 20}\n"                                          \
	"    configure: {b: {severity: critical}}\n"                                               \
	"  - when: {name: quiet}\n    configure: {a: {enabled: false}}\n"                          \
	"rules:\n" RULE("a", "require: {recordingReconnectWindowSeconds: {min: $n}}")              \
	    RULE("b", "require: {state: ACTIVE}")

static void test_overrides(void **state)
{
	static const struct example list[] = {
		{ .policy = OVERRIDDEN,
		  .resources = "[{name: x, recordingReconnectWindowSeconds: 15, state: CREATING}, "
			       "{name: p, tags: {E: prod}, recordingReconnectWindowSeconds: 15, "
			       "state: CREATING}, "
			       "{name: quiet, tags: {E: prod}, recordingReconnectWindowSeconds: 1, "
			       "state: ACTIVE}]",
		  .want =
		      "in.json#x b fail medium: state is CREATING, expected ACTIVE\n"
		      "in.json#p a fail medium: recordingReconnectWindowSeconds is 15, expected "
		      "at least 20\n"
		      "in.json#p b fail critical: state is CREATING, expected ACTIVE\n" },
		/* not known which holds: both ways agree for 5 and for b, not for 15 */
		{ .policy = OVERRIDDEN,
		  .resources = "[{name: x, recordingReconnectWindowSeconds: 5, state: CREATING, "
			       "unknown: [tags]}, "
			       "{name: y, recordingReconnectWindowSeconds: 15, state: ACTIVE, "
			       "unknown: [tags]}]",
		  .want =
		      "in.json#x a fail medium: recordingReconnectWindowSeconds is 5, expected "
		      "at least 10\n"
		      "in.json#x b fail critical: state is CREATING, expected ACTIVE\n"
		      "in.json#y a undecided medium: whether the override at policy.yaml:4 holds "
		      "is not known: tags.E is unknown: said to be unknown by the test\n" },
		/* --set is the last word */
		{ .policy = OVERRIDDEN,
		  .set = "n=12",
		  .resources = "[{name: p, tags: {E: prod}, recordingReconnectWindowSeconds: 15, "
			       "state: ACTIVE}, "
			       "{name: q, recordingReconnectWindowSeconds: 11, state: ACTIVE}]",
		  .want =
		      "in.json#q a fail medium: recordingReconnectWindowSeconds is 11, expected "
		      "at least 12\n" },
		{ .policy = OVERRIDDEN,
		  .all = true,
		  .resources = "[{name: quiet, state: ACTIVE}]",
		  .want = "in.json#quiet a not-applicable medium [an override disables the rule "
			  "here]\n"
			  "in.json#quiet b pass medium\n" },
		/* later ones win; a rule's own params of a file yield to an override's */
		{ .policy = "version: 1\nparams: {n: {type: number, default: 1}}\n"
			    "configure: {a: {params: {n: 2}}, b: {message: no}}\n"
			    "overrides:\n"
			    "  - {when: {tags.A: y}, params: {n: 3}}\n"
			    "  - {when: {tags.B: y}, params: {n: 4}, configure: {a: {params: {n: "
			    "5}}}}\n"
			    "  - {when: {tags.C: y}, params: {n: 6}}\n"
			    "rules:\n" RULE("a", "require: {recordingReconnectWindowSeconds: $n}")
				RULE("b", "require: {recordingReconnectWindowSeconds: $n}"),
		  .resources =
		      "[{name: z, recordingReconnectWindowSeconds: 0}, "
		      "{name: a, recordingReconnectWindowSeconds: 0, tags: {A: y}}, "
		      "{name: ab, recordingReconnectWindowSeconds: 0, tags: {A: y, B: y}}, "
		      "{name: bc, recordingReconnectWindowSeconds: 0, tags: {B: y, C: y}}]",
		  .want =
		      "in.json#z a fail medium: recordingReconnectWindowSeconds is 0, expected 2\n"
		      "in.json#z b fail medium: no\n"
		      "in.json#a a fail medium: recordingReconnectWindowSeconds is 0, expected 3\n"
		      "in.json#a b fail medium: no\n"
		      "in.json#ab a fail medium: recordingReconnectWindowSeconds is 0, expected "
		      "5\n"
		      "in.json#ab b fail medium: no\n"
		      "in.json#bc a fail medium: recordingReconnectWindowSeconds is 0, expected "
		      "6\n"
		      "in.json#bc b fail medium: no\n" },
		/* more unknown ones than are tried: what they touch is undecided, whatever
		 * it would be; what they do not touch is judged */
		{ .policy = "version: 1\nparams: {n: {type: number, default: 1}}\n"
			    "overrides:\n"
			    "  - {when: {tags.A: y}, params: {n: 1}}\n"
			    "  - {when: {tags.B: y}, params: {n: 1}}\n"
			    "  - {when: {tags.C: y}, params: {n: 1}}\n"
			    "  - {when: {tags.D: y}, params: {n: 1}}\n"
			    "  - {when: {tags.E: y}, params: {n: 1}}\n"
			    "rules:\n" RULE("a", "require: {recordingReconnectWindowSeconds: $n}")
				RULE("b", "require: {name: y}"),
		  .resources = "[{name: x, recordingReconnectWindowSeconds: 1, unknown: [tags]}]",
		  .want =
		      "in.json#x a undecided medium: whether the override at policy.yaml:4 holds "
		      "is not known: tags.A is unknown: said to be unknown by the test\n"
		      "in.json#x b fail medium: name is x, expected y\n" },
		/* each is right alone, both together are not */
		{ .policy =
		      "version: 1\nparams: {lo: {type: number, default: 1}, "
		      "hi: {type: number, default: 9}}\n"
		      "overrides:\n"
		      "  - {when: {tags.A: y}, params: {lo: 8}}\n"
		      "  - {when: {tags.B: y}, params: {hi: 2}}\n"
		      "rules:\n" RULE(
			  "a", "require: {recordingReconnectWindowSeconds: {min: $lo, max: $hi}}"),
		  .resources =
		      "[{name: x, recordingReconnectWindowSeconds: 5, tags: {A: y, B: y}}]",
		  .want =
		      "in.json#x a error medium: the overrides that hold together make it invalid: "
		      "'min' and 'max' leave no value between them\n" },
	};

	(void)state;
	RUN(list);
}

/* A message has an end, and it is not within a character. */
static void test_long_message(void **state)
{
	struct engine_options options = { .as_of = 0 };
	struct buf list = BUF_INIT(0);
	struct scene s;
	const char *at;
	int i;

	(void)state;
	buf_puts(&list, "[{name: aa");
	for (i = 0; i < 2000; i++)
		buf_puts(&list, "\xe5\x8b\x95");
	buf_puts(&list, "}]");
	scene_load(&s, RULES RULE("a", "require: {name: x}\n    message: '{name}'"), NULL);
	scene_run(&s, buf_str(&list).data, &options);
	at = strstr(buf_str(&s.out).data, "medium: ") + 8;
	assert_int_equal(strlen(at), 2 + 1363 * 3 + 3 + 1); /* the newline is the test's */
	assert_memory_equal(at + strlen(at) - 7, "\xe5\x8b\x95...\n", 7);
	scene_release(&s);
	buf_release(&list);
}

/* Of which a part did not fit at all is cut as well, and says so. */
static void test_message_of_too_much(void **state)
{
	struct engine_options options = { .as_of = 0 };
	struct buf list = BUF_INIT(0);
	struct scene s;
	int i;

	(void)state;
	buf_puts(&list, "[{name: ");
	for (i = 0; i < 1 << 20; i++)
		buf_putc(&list, 'n');
	buf_puts(&list, "}]");
	scene_load(&s, RULES RULE("a", "require: {name: x}\n    message: 'it is {name}'"), NULL);
	scene_run(&s, buf_str(&list).data, &options);
	assert_non_null(strstr(buf_str(&s.out).data, " a fail medium: it is ...\n"));
	scene_release(&s);
	buf_release(&list);
}

/* More mixes of overrides than are kept: an error of the rule, never a pass. */
static void test_many_mixes(void **state)
{
	struct engine_options options = { .as_of = 0 };
	struct buf policy = BUF_INIT(0), list = BUF_INIT(0);
	struct scene s;
	int i, k;

	(void)state;
	buf_puts(&policy, "version: 1\nparams: {n: {type: number, default: 0}}\noverrides:\n");
	for (k = 0; k < 10; k++)
		buf_printf(&policy, "  - {when: {tags.T%d: y}, params: {n: %d}}\n", k, k);
	buf_puts(&policy, "rules:\n" RULE("a", "require: {recordingReconnectWindowSeconds: {min: "
					       "$n}}") RULE("b", "require: {name: x}"));
	buf_puts(&list, "[");
	for (i = 0; i < 400; i++) {
		buf_printf(&list, "%s{name: x, recordingReconnectWindowSeconds: 300, tags: {Z: y",
			   i != 0 ? ", " : "");
		for (k = 0; k < 10; k++)
			if (i >> k & 1)
				buf_printf(&list, ", T%d: y", k);
		buf_puts(&list, "}}");
	}
	buf_puts(&list, "]");
	scene_load(&s, buf_str(&policy).data, NULL);
	scene_run(&s, buf_str(&list).data, &options);
	assert_true(s.total.rules[0][VERDICT_ERROR] > 100);
	assert_int_equal(s.total.rules[0][VERDICT_ERROR] + s.total.rules[0][VERDICT_PASS], 400);
	assert_int_equal(s.total.rules[1][VERDICT_PASS], 400);
	scene_release(&s);
	buf_release(&policy);
	buf_release(&list);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),     cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_long_message), cmocka_unit_test(test_message_of_too_much),
		cmocka_unit_test(test_many_mixes),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
