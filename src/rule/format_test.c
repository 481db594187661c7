/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with fields in them, as messages and as operands.
 */
#include "rule/cond_fixture.h"

#include "rule/format.h"

static const char sample[] = "name: acme-live\n"
			     "region: us-west-2\n"
			     "recordingReconnectWindowSeconds: 30\n"
			     "renditionConfiguration: {renditions: [HD, SD]}\n"
			     "tags: {Owner: 'a \"b\"', 'x}y': braces, Star: 'a*[?'}\n";

static const struct {
	const char *text, *want;
	enum truth truth;
} cases[] = {
	{ "", "", TRUTH_TRUE },
	{ "plain", "plain", TRUTH_TRUE },
	{ "{name}", "acme-live", TRUTH_TRUE },
	{ "-{name}-{region}-", "-acme-live-us-west-2-", TRUTH_TRUE },
	{ "{{{name}}}", "{acme-live}", TRUTH_TRUE },
	{ "a {{ b }} c", "a { b } c", TRUTH_TRUE },
	{ "{recordingReconnectWindowSeconds} s", "30 s", TRUTH_TRUE },
	{ "{thumbnailConfiguration.targetIntervalSeconds} s", "60 s", TRUTH_TRUE },
	{ "{tags.Owner}", "a \"b\"", TRUTH_TRUE },
	{ "{tags['x}y']}!", "braces!", TRUTH_TRUE },
	{ "{renditionConfiguration.renditions}", "[HD, SD]", TRUTH_TRUE },
	{ "{$number} and {$names}", "7 and [Owner, Environment]", TRUTH_TRUE },
	{ "{tags.None}", "absent", TRUTH_FALSE },
	{ "{bucket.region}", "unknown", TRUTH_UNKNOWN },
	{ "{tags.None} {bucket.region}", "absent unknown", TRUTH_UNKNOWN },
	{ "{field} is {actual}, not {expected} ({detail})", "F is 5, not E (D)", TRUTH_TRUE },
};

static void start(struct fixture *f)
{
	fixture_init(f);
	fixture_param_yaml(f, "number", "number", "7");
	fixture_param_yaml(f, "names", "list<string>", "[Owner, Environment]");
	fixture_give(f, sample, "bucket");
}

static void test_put(void **state)
{
	struct value five = value_of_number(number_of_int(5)), text;
	struct evidence ev = {
		.field = STR("F"), .actual = &five, .expected = STR("E"), .detail = STR("D")
	};
	struct buf b = BUF_INIT(0);
	struct fixture f;
	struct format *format;
	size_t i;

	(void)state;
	start(&f);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		text = value_of_str(str_of(cases[i].text));
		text.place = (struct place){ 1, 1 };
		format = format_compile(&f.scope, &text, true);
		if (format == NULL)
			fixture_print(&f);
		assert_non_null(format);
		buf_clear(&b);
		assert_int_equal(format_put(format, &f.resource, &ev, &b), cases[i].truth);
		assert_string_equal(buf_str(&b).data, cases[i].want);
	}
	text = value_of_str(STR("{actual}-{name}"));
	format = format_compile(&f.scope, &text, true);
	buf_clear(&b);
	assert_int_equal(format_put(format, &f.resource, NULL, &b), TRUTH_TRUE);
	assert_string_equal(b.data, "-acme-live");
	assert_int_equal(format_needs(format), FIELD_BIT(FIELD_NAME));
	assert_int_equal(format_needs(NULL), 0);
	buf_release(&b);
	fixture_release(&f);
}

static void test_value(void **state)
{
	struct value text = value_of_str(STR("{tags.Star}-*"));
	struct gathered got = { 0 };
	struct fixture f;
	struct compile c;
	struct eval e;
	struct format *format;
	const struct value *v;

	(void)state;
	start(&f);
	c = (struct compile){ .scope = &f.scope, .got = &got };
	e = (struct eval){ &f.resource, &f.judge, NULL };
	format = format_build(&c, &text, false);
	v = format_value(format, &e, false);
	assert_int_equal(v->kind, VALUE_STRING);
	assert_true(str_is(value_str(v), "a*[?-*"));
	v = format_value(format, &e, true);
	assert_true(str_is(value_str(v), "a\\*\\[\\?-*"));
	text = value_of_str(STR("{tags.None}{bucket.region}"));
	/* Absent outweighs unknown, see format.c. */
	assert_int_equal(format_value(format_build(&c, &text, false), &e, false)->kind,
			 VALUE_ABSENT);
	text = value_of_str(STR("{bucket.region}"));
	v = format_value(format_build(&c, &text, false), &e, false);
	assert_int_equal(v->kind, VALUE_UNKNOWN);
	assert_non_null(v->why);
	fixture_release(&f);
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text;
		uint32_t column;
		const char *message;
	} wrong[] = {
		{ "'a {nme} b'", 5, "unknown field 'nme'" },
		{ "a {nme} b", 4, "unknown field 'nme'" },
		{ "a {name b", 3, "'{' without '}'" },
		{ "a name} b", 7, "'}' without '{'" },
		{ "a {} b", 4, "path is missing" },
		{ "a {$nme} b", 4, "unknown parameter 'nme'" },
		{ "'{channels[*].tags}'", 3, "has no text" },
		{ "'{thumbnailConfiguration}'", 3, "has no text" },
		{ "[a]", 1, "a text is expected, not a list" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	start(&f);
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		mistakes_release(&f.mistakes);
		mistakes_init(&f.mistakes, &f.arena);
		assert_null(format_compile(
		    &f.scope, fixture_yaml(&f, &f.source, "p.yaml", wrong[i].text), true));
		assert_int_equal(f.mistakes.n, 1);
		assert_non_null(strstr(f.mistakes.list[0].text, wrong[i].message));
		assert_int_equal(f.mistakes.list[0].place.column, wrong[i].column);
	}
	fixture_release(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
