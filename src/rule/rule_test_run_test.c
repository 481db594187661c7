/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests that rules carry: which pass, and what a failed one says.
 */
#include "rule/rule_test_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rule/policy_inside.h"

static const char pack[] =
    "version: 1\n"
    "params:\n"
    "  n: {type: number, default: 5}\n"
    "rules:\n"
    "  - id: window\n"
    "    title: T\n"
    "    severity: low\n"
    "    require: {recordingReconnectWindowSeconds: {max: $n}}\n"
    "    tests:\n"
    "      - {name: five, given: {recordingReconnectWindowSeconds: 5}, expect: pass}\n"
    "      - {name: six, given: {recordingReconnectWindowSeconds: 6}, expect: fail, "
    "message: at most 5}\n"
    "      - {name: set, given: {recordingReconnectWindowSeconds: 6}, expect: pass, "
    "params: {n: 6}}\n"
    "      - {name: unknown, given: {}, unknown: [recordingReconnectWindowSeconds], expect: "
    "undecided}\n";

const struct pack pack_table[] = { { "p", pack, sizeof(pack) - 1, NULL } };
const size_t pack_n = 1;

struct results {
	struct buf out;
	struct policy *p;
};

static void take(void *to, const struct rule_test_result *r)
{
	struct results *results = to;

	if (!r->passed)
		buf_printf(&results->out, "%.*s/%.*s: %.*s\n", STR_ARG(r->rule->id),
			   STR_ARG(r->name), STR_ARG(r->said));
	assert_int_not_equal(r->place.line, 0);
}

static void run(const char *text, size_t n_failed, const char *want)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct results results = { .out = BUF_INIT(0) };
	struct err err;

	mistakes_init(&mistakes, &arena);
	results.p = policy_load_text("policy.yaml", str_of(text), NULL, &mistakes, &err);
	if (results.p == NULL) {
		mistakes_print(&mistakes, &results.out);
		fail_msg("%s", buf_str(&results.out).data);
	}
	assert_int_equal(rule_tests_run(results.p, take, &results), n_failed);
	assert_string_equal(buf_str(&results.out).data, want);
	policy_free(results.p);
	buf_release(&results.out);
	mistakes_release(&mistakes);
	arena_release(&arena);
}

/* A team's parameters, overrides, waivers and configure change no test. */
static void test_pack_alone(void **state)
{
	(void)state;
	run("version: 1\nextends: [ivslint:p]\nparams: {n: 100}\n"
	    "configure: {window: {severity: high, message: other}}\n"
	    "overrides: [{when: {state: {exists: false}}, params: {n: 200}}]\n"
	    "waivers: [{rule: window, reason: R, expires: 9999-12-31}]\n",
	    0, "");
}

#define RULE(id, require, tests)                                                                   \
	"  - id: " id "\n    title: T\n    severity: low\n    require: " require                   \
	"\n    tests:\n" tests

static void test_failures(void **state)
{
	(void)state;
	run("version: 1\nrules:\n"
	    "  - {id: bare, title: T, severity: low, require: {name: acme}}\n" RULE(
		"named", "{name: acme}",
		"      - {name: other, given: {name: x}, expect: pass}\n"
		"      - {name: text, given: {name: x}, expect: fail, message: nothing like it}\n"
		"      - {name: good, given: {name: x}, expect: fail, message: is x}\n"),
	    3,
	    "bare/: carries no test\n"
	    "named/other: expected pass, got fail: name is x, expected acme\n"
	    "named/text: the message lacks 'nothing like it': name is x, expected acme\n");
}

static void test_own_params(void **state)
{
	(void)state;
	/* what the file itself sets is in force in its tests */
	run("version: 1\nextends: [ivslint:p]\nparams: {n: 7}\nrules:\n" RULE(
		"seven", "{recordingReconnectWindowSeconds: $n}",
		"      - {name: seven, given: {recordingReconnectWindowSeconds: 7}, expect: "
		"pass}\n"),
	    0, "");
}

/* What is known in part decides what it can, and no more. */
static void test_partial(void **state)
{
	static const char text[] =
	    "version: 1\n"
	    "rules:\n"
	    "  - id: a\n"
	    "    title: T\n"
	    "    severity: low\n"
	    "    require: {name: {matches: '^a[{]b-'}, tags.T: {in: [x, y]}, "
	    "recordingReconnectWindowSeconds: {max: 60}, channels: {no: {type: BASIC}}}\n"
	    "    tests:\n"
	    "      - name: all\n"
	    "        given: {channels: [{type: BASIC}, {}]}\n"
	    "        partial: {name: 'a{{b-{x}', tags.T: {one_of: [x, y]}, "
	    "recordingReconnectWindowSeconds: {min: 1, max: 60}, "
	    "'channels[*].type': {one_of: [STANDARD, ADVANCED_HD]}}\n"
	    "        expect: pass\n"
	    "      - {name: text, given: {tags: {T: x}}, partial: {name: '{x}{{b-'}, "
	    "expect: pass}\n"
	    "      - {name: choice, given: {name: 'a{b-'}, partial: {tags.T: {one_of: [x, z]}}, "
	    "expect: pass}\n"
	    "      - {name: bounds, given: {name: 'a{b-', tags: {T: x}}, "
	    "partial: {recordingReconnectWindowSeconds: {min: 61}}, expect: pass}\n"
	    "      - {name: open, given: {name: 'a{b-', tags: {T: x}}, "
	    "partial: {recordingReconnectWindowSeconds: {min: 60}}, expect: pass}\n";

	(void)state;
	run(text, 4,
	    "a/text: expected pass, got undecided: name is {x}{b-: known in part, as the test "
	    "says\n"
	    "a/choice: expected pass, got undecided: tags.T is one of [x, z]: known in part, as "
	    "the test "
	    "says\n"
	    "a/bounds: expected pass, got fail: recordingReconnectWindowSeconds is at least 61, "
	    "expected at most 60\n"
	    "a/open: expected pass, got undecided: recordingReconnectWindowSeconds is at least 60: "
	    "known in part, as the test says\n");
}

static void test_groups(void **state)
{
	static const char text[] =
	    "version: 1\nrules:\n"
	    "  - id: g\n    title: T\n    severity: low\n    group_by: [region]\n"
	    "    require: {name: {unique: true}}\n    tests:\n"
	    "      - name: each\n"
	    "        given: [{name: a, region: x}, {name: a, region: x}, {name: b, region: x}]\n"
	    "        expect: [fail, fail, pass]\n"
	    "      - name: one word for all\n"
	    "        given: [{name: a, region: x}, {name: b, region: x}]\n"
	    "        expect: pass\n"
	    "      - name: wrong\n"
	    "        given: [{name: a, region: x}, {name: b, region: x}]\n"
	    "        expect: [pass, fail]\n"
	    "      - name: none\n"
	    "        given: [{name: a}]\n"
	    "        unknown: [region]\n"
	    "        expect: undecided\n";

	(void)state;
	run(text, 1, "g/wrong: configuration 2: expected fail, got pass\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pack_alone), cmocka_unit_test(test_failures),
		cmocka_unit_test(test_own_params), cmocka_unit_test(test_partial),
		cmocka_unit_test(test_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
