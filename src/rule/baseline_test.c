/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Baselines: written and read again, values that are equal and others, what is
 * gone, and files that are none.
 */
#include "rule/baseline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>

#include "base/file.h"
#include "model/json.h"
#include "rule/policy.h"
#include "rule/verdict.h"

#define SCRATCH "build/baseline-test.json"

static const struct rule rule = { .id = { "bucket-name", 11 } };

struct scene {
	struct arena arena;
	struct subject subject;
};

static struct value *read_value(struct arena *arena, const char *text)
{
	char *copy = arena_alloc(arena, strlen(text) + JSON_PADDING);
	struct value *v = ARENA_NEW(arena, struct value);
	struct json j;

	memcpy(copy, text, strlen(text));
	json_init(&j, (struct str){ copy, strlen(text) }, arena);
	assert_int_equal(json_value(&j, v), 0);
	return v;
}

static struct finding fail_of(struct scene *c, const char *field, const char *value)
{
	struct finding f = { .rule = &rule,
			     .verdict = VERDICT_FAIL,
			     .severity = SEVERITY_HIGH,
			     .field = str_of(field),
			     .expected = STR(""),
			     .message = STR("it \"fails\"\n"),
			     .reason = STR("") };

	if (value != NULL)
		f.actual = read_value(&c->arena, value);
	finding_fingerprint(&f, c->subject.id);
	return f;
}

static void write_text(struct str text)
{
	struct file_out *f;
	struct err err;

	f = file_out_open(SCRATCH, &err);
	assert_non_null(f);
	file_out_put(f, text);
	assert_int_equal(file_out_commit(f, &err), 0);
}

/* Writes what is in b, and reads it again. */
static struct baseline *again(struct baseline *b)
{
	struct buf text = BUF_INIT(0), twice = BUF_INIT(0);
	struct err err;

	baseline_put(b, &text);
	baseline_free(b);
	write_text(buf_str(&text));
	b = baseline_read(SCRATCH, &err);
	if (b == NULL)
		fail_msg("%s", err.text);
	baseline_put(b, &twice);
	assert_string_equal(text.data, twice.data);
	buf_release(&text);
	buf_release(&twice);
	return b;
}

static struct scene scene_new(void)
{
	return (struct scene){ ARENA_INIT,
			       { .id = STR("arn:aws:ivs:us-west-2:123456789012:x/A"),
				 .name = STR("acme") } };
}

static void test_values(void **state)
{
	static const struct {
		const char *accepted, *found;
		bool same;
	} cases[] = {
		{ "\"a\"", "\"a\"", true },
		{ "\"a\"", "\"b\"", false },
		{ "60", "60.0", true },
		{ "60", "61", false },
		{ "\"60\"", "60", false },
		{ "null", NULL, true },
		{ NULL, "null", true },
		{ NULL, "\"\"", false },
		{ "\"a\\u0000b\"", "\"a\\u0000b\"", true },
		{ "\"a\\u0000b\"", "\"a\\u0000c\"", false },
		{ "[\"HD\", \"SD\"]", "[\"HD\", \"SD\"]", true },
		{ "[\"HD\"]", "[\"HD\", \"SD\"]", false },
		{ "{\"a\": \"1\", \"b\": \"2\"}", "{\"b\": \"2\", \"a\": \"1\"}", true },
		{ "{\"a\": \"1\"}", "{\"a\": \"2\"}", false },
	};
	struct scene c = scene_new();
	struct baseline *b;
	struct finding f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		b = baseline_new("x");
		f = fail_of(&c, "tags", cases[i].accepted);
		baseline_add(b, &c.subject, &f);
		b = again(b);
		f = fail_of(&c, "tags", cases[i].found);
		baseline_apply(b, &f, &c.arena);
		if ((f.verdict == VERDICT_WAIVED) != cases[i].same)
			fail_msg("case %zu", i);
		assert_int_equal(f.baselined, cases[i].same);
		assert_true(str_starts(f.reason, cases[i].same
						     ? STR("accepted in baseline " SCRATCH)
						     : STR("baseline " SCRATCH " accepted ")));
		assert_int_equal(baseline_n_met(b), cases[i].same);
		/* another field is another finding */
		f = fail_of(&c, "name", cases[i].accepted);
		baseline_apply(b, &f, &c.arena);
		assert_int_equal(f.verdict, VERDICT_FAIL);
		assert_int_equal(f.reason.len, 0);
		baseline_free(b);
	}
	arena_release(&c.arena);
}

static void test_all_values_count(void **state)
{
	struct scene c = scene_new();
	struct baseline *b = baseline_new("x");
	struct finding f = fail_of(&c, "tags", "1");

	(void)state;
	f.observed = read_value(&c.arena, "[1, 2]");
	baseline_add(b, &c.subject, &f);
	b = again(b);
	f = fail_of(&c, "tags", "1");
	f.observed = read_value(&c.arena, "[1, 3]");
	baseline_apply(b, &f, &c.arena);
	assert_int_equal(f.verdict, VERDICT_FAIL);
	f.reason = STR("");
	f.observed = read_value(&c.arena, "[1, 2]");
	baseline_apply(b, &f, &c.arena);
	assert_int_equal(f.verdict, VERDICT_WAIVED);
	baseline_free(b);
	arena_release(&c.arena);
}

static void test_large_values(void **state)
{
	struct scene c = scene_new();
	struct buf text = BUF_INIT(0);
	struct baseline *b = baseline_new("x");
	struct finding f;
	size_t i;

	(void)state;
	buf_putc(&text, '"');
	for (i = 0; i < 200000; i++)
		buf_putc(&text, 'x');
	buf_putc(&text, '"');
	f = fail_of(&c, "name", text.data);
	baseline_add(b, &c.subject, &f);
	b = again(b);
	baseline_apply(b, &f, &c.arena);
	assert_int_equal(f.verdict, VERDICT_WAIVED);
	text.data[100] = 'y';
	f = fail_of(&c, "name", text.data);
	baseline_apply(b, &f, &c.arena);
	assert_int_equal(f.verdict, VERDICT_FAIL);
	baseline_free(b);
	buf_release(&text);
	arena_release(&c.arena);
}

static void test_gone(void **state)
{
	static const char *const fields[] = { "a", "b", "c", "a" };
	struct scene c = scene_new();
	struct baseline *b = baseline_new("x");
	struct buf line = BUF_INIT(0);
	struct finding f;
	size_t i, at = 0;

	(void)state;
	for (i = 0; i < 4; i++) {
		f = fail_of(&c, fields[i], "5");
		baseline_add(b, &c.subject, &f);
	}
	f.verdict = VERDICT_UNDECIDED;
	baseline_add(b, &c.subject, &f);
	b = again(b);
	assert_int_equal(baseline_n(b), 3); /* not the double, not the undecided */
	f = fail_of(&c, "b", "5");
	f.verdict = VERDICT_WAIVED; /* by a waiver: it is still there */
	baseline_apply(b, &f, &c.arena);
	assert_false(f.baselined);
	assert_int_equal(baseline_n_met(b), 1);
	for (i = 0; baseline_next_gone(b, &at, &line); i++)
		buf_putc(&line, '|');
	assert_int_equal(i, 2);
	assert_non_null(strstr(line.data, "bucket-name of arn:aws:ivs:us-west-2:123456789012:x/A: "
					  "a is 5|"));
	baseline_prune(b);
	b = again(b);
	assert_int_equal(baseline_n(b), 1);
	f.verdict = VERDICT_UNDECIDED;
	baseline_unsure(b, STR("arn"), &f);
	assert_int_equal(baseline_n_met(b), 0);
	baseline_unsure(b, c.subject.id, &f);
	assert_int_equal(baseline_n_met(b), 1);
	buf_release(&line);
	baseline_free(b);
	arena_release(&c.arena);
}

static void test_what_is_no_baseline(void **state)
{
#define PRINT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	static const struct {
		const char *text, *wrong;
	} cases[] = {
		{ "", ":1:1: " },
		{ "[]", ":1:1: " },
		{ "{}", "it lacks" },
		{ "{\"ivslintBaseline\": 2, \"accepted\": []}",
		  ":1:21: this program reads version 1" },
		{ "{\"ivslintBaseline\": 1}", "it lacks" },
		{ "{\"ivslintBaseline\": 1, \"accepted\": [], \"x\": 1}", ":1:40: a member" },
		{ "{\"ivslintBaseline\": 1, \"accepted\": []} x", "behind" },
		{ "{\"ivslintBaseline\": 1, \"accepted\": [{}]}", "fingerprint" },
		{ "{\"ivslintBaseline\": 1, \"accepted\": [{\"fingerprint\": \"" PRINT "\"}]}",
		  "needs 'value'" },
		{ "{\"ivslintBaseline\": 1, \"accepted\": [{\"fingerprint\": \"0\", \"value\": "
		  "1}]}",
		  "64 hexadecimal" },
		{ "{\"ivslintBaseline\": 1, \"accepted\": [{\"value\": 1, \"value\": 1}]}",
		  "twice" },
		{ "{\"ivslintBaseline\": 1, \"accepted\": [{\"rule\": 1}]}", ":1:46: " },
		{ "{\"ivslintBaseline\": 1, \"accepted\": [{\"rules\": \"x\"}]}", "a member" },
	};
	struct baseline *b;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		write_text(str_of(cases[i].text));
		b = baseline_read(SCRATCH, &err);
		assert_null(b);
		assert_int_equal(err.kind, ERR_POLICY);
		if (strstr(err.text, cases[i].wrong) == NULL)
			fail_msg("case %zu: %s", i, err.text);
	}
	assert_null(baseline_read("build/nowhere.json", &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_all_values_count),
		cmocka_unit_test(test_large_values),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_what_is_no_baseline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
