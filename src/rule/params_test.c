/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types of parameters, and what fits them.
 */
#include "rule/cond_fixture.h"

static void test_types(void **state)
{
	static const struct {
		const char *text;
		bool right;
		struct type type;
	} cases[] = {
		{ "string", true, { TYPE_STRING, TYPE_NONE } },
		{ "number", true, { TYPE_NUMBER, TYPE_NONE } },
		{ "boolean", true, { TYPE_BOOLEAN, TYPE_NONE } },
		{ "pattern", true, { TYPE_PATTERN, TYPE_NONE } },
		{ "range", true, { TYPE_RANGE, TYPE_NONE } },
		{ "list<string>", true, { TYPE_LIST, TYPE_STRING } },
		{ "list<pattern>", true, { TYPE_LIST, TYPE_PATTERN } },
		{ "map<number>", true, { TYPE_MAP, TYPE_NUMBER } },
		{ "map<list<string>>", true, { TYPE_MAP, TYPE_LIST } },
		{ "", false, { 0, 0 } },
		{ "strings", false, { 0, 0 } },
		{ "list", false, { 0, 0 } },
		{ "list<>", false, { 0, 0 } },
		{ "list<string", false, { 0, 0 } },
		{ "list<range>", false, { 0, 0 } },
		{ "list<list<string>>", false, { 0, 0 } },
		{ "map<list<number>>", false, { 0, 0 } },
		{ "map<map<string>>", false, { 0, 0 } },
	};
	struct type type;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(param_type_parse(str_of(cases[i].text), &type), cases[i].right);
		if (cases[i].right) {
			assert_int_equal(type.base, cases[i].type.base);
			assert_int_equal(type.element, cases[i].type.element);
		}
	}
}

static void test_check(void **state)
{
	static const struct {
		const char *type, *text;
		const char *mistake; /* NULL when it fits */
		uint32_t column;
		size_t n;
	} cases[] = {
		{ "string", "abc", NULL, 0, 0 },
		{ "string", "''", NULL, 0, 0 },
		{ "string", "5", "expected a string, found a number", 1, 1 },
		{ "string", "[a]", "expected a string, found a list", 1, 1 },
		{ "string", "null", "expected a string, found null", 1, 1 },
		{ "number", "5.5", NULL, 0, 0 },
		{ "number", "'5'", "expected a number, found a string", 1, 1 },
		{ "boolean", "true", NULL, 0, 0 },
		{ "boolean", "yes", "expected true or false, found a string", 1, 1 },
		{ "pattern", "'^a'", NULL, 0, 0 },
		{ "pattern", "''", NULL, 0, 0 },
		{ "pattern", "'ab(c'", "invalid pattern", 6, 1 },
		{ "pattern", "5", "expected a pattern", 1, 1 },
		{ "range", "{min: 5, max: 5}", NULL, 0, 0 },
		{ "range", "{max: 5}", NULL, 0, 0 },
		{ "range", "{}", "'min', 'max' or both", 1, 1 },
		{ "range", "{min: 6, max: 5}", "min is above max", 15, 1 },
		{ "range", "{mid: 6}", "a range has 'min' and 'max', not 'mid'", 2, 1 },
		{ "range", "{min: a}", "expected a number", 7, 1 },
		{ "range", "5", "expected a range", 1, 1 },
		{ "list<string>", "[]", NULL, 0, 0 },
		{ "list<string>", "[a, b]", NULL, 0, 0 },
		{ "list<string>", "[a, 5, 6]", "expected a string, found a number", 5, 2 },
		{ "list<string>", "a", "expected a list, found a string", 1, 1 },
		{ "list<pattern>", "[a, '(']", "invalid pattern", 7, 1 },
		{ "map<number>", "{a: 1}", NULL, 0, 0 },
		{ "map<number>", "{a: b}", "expected a number", 5, 1 },
		{ "map<list<string>>", "{a: [b, c]}", NULL, 0, 0 },
		{ "map<list<string>>", "{a: b}", "expected a list", 5, 1 },
		{ "map<list<string>>", "{a: [1]}", "expected a string", 6, 1 },
		{ "map<string>", "[a]", "expected a map, found a list", 1, 1 },
	};
	struct fixture f;
	const struct value *v;
	struct type type;
	size_t i;
	int rc;

	(void)state;
	fixture_init(&f);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		mistakes_release(&f.mistakes);
		mistakes_init(&f.mistakes, &f.arena);
		assert_true(param_type_parse(str_of(cases[i].type), &type));
		v = fixture_yaml(&f, &f.source, "p.yaml", cases[i].text);
		rc = param_check(type, v, &f.source, &f.mistakes);
		if (rc != (cases[i].mistake == NULL ? 0 : -1) || f.mistakes.n != cases[i].n ||
		    (f.mistakes.n != 0 &&
		     (strstr(f.mistakes.list[0].text, cases[i].mistake) == NULL ||
		      f.mistakes.list[0].place.column != cases[i].column))) {
			fixture_print(&f);
			fail_msg("%s: %s", cases[i].type, cases[i].text);
		}
	}
	fixture_release(&f);
}

static void test_find(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	fixture_param_yaml(&f, "a", "string", "x");
	fixture_param_yaml(&f, "b", "string", "y");
	assert_ptr_equal(params_find(&f.params, STR("b")), &f.list[1]);
	assert_null(params_find(&f.params, STR("B")));
	assert_null(params_find(NULL, STR("a")));
	fixture_release(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
