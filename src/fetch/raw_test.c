/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as it was written: what is taken, what is refused, its parts, and that
 * nothing but blanks goes.
 */
#include "fetch/raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void checked(void **state)
{
	static const struct {
		const char *text;
		int want;
	} cases[] = {
		{ "{}", 0 },
		{ " [ ] ", 0 },
		{ "\"\"", 0 },
		{ "0", 0 },
		{ "-0.5e+10", 0 },
		{ "{\"a\":[1,{\"b\":null}],\"c\":\"\\u00e9\\\\\\\"\"}", 0 },
		{ "[true,false,null]", 0 },
		{ "", -1 },
		{ " ", -1 },
		{ "{", -1 },
		{ "[", -1 },
		{ "[1", -1 },
		{ "[1,]", -1 },
		{ "[,1]", -1 },
		{ "[1 2]", -1 },
		{ "{\"a\"}", -1 },
		{ "{\"a\":}", -1 },
		{ "{\"a\":1,}", -1 },
		{ "{a:1}", -1 },
		{ "{\"a\":1]", -1 },
		{ "[1}", -1 },
		{ "{} {}", -1 },
		{ "01", -1 },
		{ "1.", -1 },
		{ ".5", -1 },
		{ "+1", -1 },
		{ "1e", -1 },
		{ "-", -1 },
		{ "tru", -1 },
		{ "truex", -1 },
		{ "\"a", -1 },
		{ "\"\\x\"", -1 },
		{ "\"\\u12g4\"", -1 },
		{ "\"\\u12", -1 },
		{ "\"\\", -1 },
		{ "\"a\nb\"", -1 },
		{ "\"\xff\"", -1 },
		{ "[1]//", -1 },
	};
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		if (raw_check(str_of(cases[i].text), &err) != cases[i].want)
			fail_msg("%s", cases[i].text);
	assert_int_equal(raw_check((struct str){ "\"\\u00\0000\"", 8 }, &err), -1);
	assert_int_equal(raw_check((struct str){ "1\0", 2 }, &err), -1);
	assert_int_equal(raw_check((struct str){ "\"\\\0\"", 4 }, &err), -1);
}

/* As deep as allowed, and one deeper. */
static void deep(void **state)
{
	struct err err = { 0 };
	char text[400];
	size_t n;

	(void)state;
	for (n = 63; n <= 65; n++) {
		memset(text, '[', n);
		memset(text + n, ']', n);
		assert_int_equal(raw_check((struct str){ text, 2 * n }, &err), n <= 64 ? 0 : -1);
	}
}

static void parts(void **state)
{
	struct str object = STR(" { \"a\" : [1, {\"x\":2} , \"]\"] , \"b\":{}, \"d\":1,\"d\":2} ");
	struct str value, element;
	size_t at = 0;

	(void)state;
	assert_true(raw_member(object, "a", &value));
	assert_true(str_is(value, "[1, {\"x\":2} , \"]\"]"));
	assert_true(raw_next(value, &at, &element));
	assert_true(str_is(element, "1"));
	assert_true(raw_next(value, &at, &element));
	assert_true(str_is(element, "{\"x\":2}"));
	assert_true(raw_next(value, &at, &element));
	assert_true(str_is(element, "\"]\""));
	assert_false(raw_next(value, &at, &element));
	assert_true(raw_member(object, "b", &value));
	assert_true(str_is(value, "{}"));
	assert_false(raw_member(object, "c", &value));
	/* two of a name: neither */
	assert_false(raw_member(object, "d", &value));
	assert_false(raw_member(STR("[]"), "a", &value));
	/* a name is the same however it is written */
	object = STR("{\"a\\u0062\\u0043\":1,\"ab\":2,\"abCd\":3,\"abC\\n\":4,\"d\\\"\":5}");
	assert_true(raw_member(object, "abC", &value) && str_is(value, "1"));
	assert_true(raw_member(object, "ab", &value) && str_is(value, "2"));
	assert_int_equal(raw_find(object, "abc", &value), 0);
	assert_int_equal(raw_find(object, "d", &value), 0);
	assert_int_equal(raw_find(STR("{\"x\\u0079\":1,\"\\u0078y\":2}"), "xy", &value), 2);
	at = 0;
	assert_false(raw_next(STR("[]"), &at, &element));
	at = 0;
	assert_false(raw_next(STR("{}"), &at, &element));
}

static void compact(void **state)
{
	struct buf b = BUF_INIT(0);

	(void)state;
	raw_put_compact(&b, STR("\t{ \"a b\" :\n[ 1.50 , 12345678901234567890 ],\r\n\"c\\\"  \" : "
				"\" x \" } "));
	assert_string_equal(b.data, "{\"a b\":[1.50,12345678901234567890],\"c\\\"  \":\" x \"}");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checked),
		cmocka_unit_test(deep),
		cmocka_unit_test(parts),
		cmocka_unit_test(compact),
	};

	return cmocka_run_group_tests_name("raw", tests, NULL, NULL);
}
