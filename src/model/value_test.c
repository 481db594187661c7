/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values: equality, order, what a person is shown, copies.
 */
#include "model/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "model/tree_fixture.h"

static void test_equal(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "a", "a", true },
		{ "a", "b", false },
		{ "1", "'1'", false },
		{ "1.0", "1", true },
		{ "\"a\\0b\"", "\"a\\0c\"", false },
		{ "a", "\"a\\0\"", false },
		{ "~", "null", true },
		{ "true", "false", false },
		{ "[]", "{}", false },
		{ "[1, 2]", "[1, 2]", true },
		{ "[1, 2]", "[2, 1]", false },
		{ "[1, 2]", "[1, 2, 3]", false },
		{ "{a: 1, b: 2}", "{b: 2, a: 1}", true },
		{ "{a: 1, b: 2}", "{b: 2, c: 1}", false },
		{ "{a: 1, b: 2}", "{a: 2, b: 1}", false },
		{ "{a: 1}", "{a: 1, b: 1}", false },
		{ "{a: {x: [1, {y: 2}]}}", "{a: {x: [1, {y: 2.0}]}}", true },
	};
	struct arena arena = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct value a = read_tree(&arena, "x", cases[i].a),
			     b = read_tree(&arena, "x", cases[i].b);
		struct value copy = value_copy(&arena, &a);

		if (value_equal(&a, &b) != cases[i].equal || value_equal(&b, &a) != cases[i].equal)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
		assert_int_equal(value_compare(&a, &b) == 0, cases[i].equal);
		assert_int_equal(value_compare(&a, &b) > 0, value_compare(&b, &a) < 0);
		assert_true(value_equal(&a, &copy));
		assert_int_equal(copy.place.line, a.place.line);
	}
	arena_release(&arena);
}

static void test_unknown_equals_nothing(void **state)
{
	struct value a = value_unknown("why"), absent = { 0 };

	(void)state;
	assert_false(value_equal(&a, &a));
	assert_false(value_equal(&a, &absent));
	assert_true(value_equal(&absent, &absent));
	assert_int_equal(value_compare(&a, &a), 0);
}

static void test_order_is_total(void **state)
{
	static const char *const ascending[] = {
		"~",      "false",        "true",   "-1",    "0.5", "2",      "10",  "'10'",
		"a",      "aa",           "b",      "[]",    "[1]", "[1, 1]", "[2]", "{}",
		"{a: 1}", "{a: 1, b: 1}", "{a: 2}", "{b: 0}"
	};
	struct arena arena = ARENA_INIT;
	int i, j, n = sizeof(ascending) / sizeof(ascending[0]);

	(void)state;
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++) {
			struct value a = read_tree(&arena, "x", ascending[i]);
			struct value b = read_tree(&arena, "x", ascending[j]);
			int order = value_compare(&a, &b);

			if ((order > 0) - (order < 0) != (i > j) - (i < j))
				fail_msg("%s and %s", ascending[i], ascending[j]);
		}
	arena_release(&arena);
}

static void test_show(void **state)
{
	static const struct {
		const char *text;
		size_t most;
		const char *shown;
	} cases[] = {
		{ "acme-prod", 100, "acme-prod" },
		{ "text with blanks", 100, "'text with blanks'" },
		{ "'60'", 100, "'60'" },
		{ "'+60'", 100, "'+60'" },
		{ "'0x1F'", 100, "'0x1F'" },
		{ "'null'", 100, "'null'" },
		{ "''", 100, "''" },
		{ "'a: b'", 100, "'a: b'" },
		{ "'a,b'", 100, "'a,b'" },
		{ "'#a'", 100, "'#a'" },
		{ "'-'", 100, "'-'" },
		{ "'--- a'", 100, "'--- a'" },
		{ "it's", 100, "it's" },
		{ "\"'it's\"", 100, "'''it''s'" },
		{ "\"a\\nb\\e[31m\"", 100, "'a\\nb\\x1B[31m'" },
		{ "arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbCd", 100,
		  "arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbCd" },
		{ "[HD, SD]", 100, "[HD, SD]" },
		{ "{Owner: video, 'a b': [1]}", 100, "{Owner: video, 'a b': [1]}" },
		{ "abcdefghij", 4, "abcd..." },
		{ "abcdefghij", 0, "..." },
		{ "\xC3\xA9\xC3\xA9\xC3\xA9", 3, "\xC3\xA9..." },
		{ "[abcdef, abcdef, abcdef]", 9, "[abcdef, ...]" },
		{ "[abcdef, abcdef, abcdef]", 8, "[abcdef, ...]" },
		{ "{abcdef: 1, b: 2}", 5, "{abcd...: 1, ...}" },
	};
	struct arena arena = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct value v = read_tree(&arena, "x", cases[i].text);
		struct buf b = BUF_INIT(0);

		value_show(&b, &v, cases[i].most);
		assert_string_equal(b.data, cases[i].shown);
		buf_release(&b);
	}
	arena_release(&arena);
}

static void test_show_flags(void **state)
{
	struct value v = value_of_number(number_of_int(60)), absent = { 0 };
	struct value unknown = value_unknown("not known before the deployment");
	struct buf b = BUF_INIT(0);

	(void)state;
	v.flags = VALUE_DEFAULT;
	value_show(&b, &v, 100);
	buf_putc(&b, '|');
	value_show(&b, &absent, 100);
	buf_putc(&b, '|');
	value_show(&b, &unknown, 100);
	assert_string_equal(b.data, "60 (the default)|absent|unknown");
	buf_release(&b);
}

/* What is sensitive is shown nowhere, and compared as it is. */
static void test_secrets(void **state)
{
	struct arena arena = ARENA_INIT;
	struct value v = read_tree(&arena, "x", "{a: hunter2, b: [hunter2, plain]}"), plain, copy;
	struct value unknown = value_unknown("known after apply"), absent = { 0 };
	struct buf b = BUF_INIT(0);

	(void)state;
	plain = value_copy(&arena, &v);
	assert_false(value_holds_secret(&v));
	((struct value *)(uintptr_t)&v.entries[1].value.items[0])->flags = VALUE_SENSITIVE;
	assert_false(value_is_secret(&v));
	assert_true(value_holds_secret(&v));
	value_show(&b, &v, 100);
	assert_string_equal(b.data, "{a: hunter2, b: [(sensitive), plain]}");
	buf_clear(&b);
	v.flags = VALUE_SENSITIVE;
	copy = value_copy(&arena, &v);
	value_show(&b, &copy, 100);
	assert_string_equal(b.data, "(sensitive)");
	assert_true(value_equal(&plain, &copy));
	/* there is nothing to keep */
	unknown.flags = absent.flags = VALUE_SENSITIVE;
	assert_false(value_is_secret(&unknown));
	assert_false(value_is_secret(&absent));
	buf_release(&b);
	arena_release(&arena);
}

static void test_get(void **state)
{
	struct arena arena = ARENA_INIT;
	struct value v = read_tree(&arena, "x", "{a: 1, \"a\\0\": 2}"),
		     list = read_tree(&arena, "x", "[a]");

	(void)state;
	assert_int_equal(value_get(&v, STR("a"))->mantissa, 1);
	assert_int_equal(value_get(&v, STR("a\0"))->mantissa, 2);
	assert_null(value_get(&v, STR("A")));
	assert_null(value_get(&list, STR("a")));
	assert_null(value_get(NULL, STR("a")));
	arena_release(&arena);
}

/* A copy must not point into what it was made of. */
static void test_copy_is_deep(void **state)
{
	struct arena first = ARENA_INIT, second = ARENA_INIT;
	struct value v = read_tree(&first, "x", "{a: [text, {b: more}]}"), copy;
	struct buf b = BUF_INIT(0);

	(void)state;
	copy = value_copy(&second, &v);
	arena_release(&first);
	value_show(&b, &copy, 100);
	assert_string_equal(b.data, "{a: [text, {b: more}]}");
	buf_release(&b);
	arena_release(&second);
}

/* A map with a value more, or another one; the map itself stays as it is. */
static void test_with_member(void **state)
{
	static const struct {
		const char *map, *path, *want;
	} cases[] = {
		{ "{a: 1}", "b", "{a: 1, b: v}" },
		{ "{a: 1, b: 2}", "a", "{a: v, b: 2}" },
		{ "{}", "a.b", "{a: {b: v}}" },
		{ "{a: {b: 1, c: 2}}", "a.b", "{a: {b: v, c: 2}}" },
		{ "{a: null}", "a.b.c", "{a: {b: {c: v}}}" },
	};
	struct arena arena = ARENA_INIT;
	struct value v = value_of_str(STR("v")), unknown = value_unknown("why");
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct value map = read_tree(&arena, "x", cases[i].map);
		struct value made = value_with_member(&arena, &map, str_of(cases[i].path), &v);

		buf_clear(&b);
		value_show(&b, &made, 100);
		assert_string_equal(b.data, cases[i].want);
		buf_clear(&b);
		value_show(&b, &map, 100);
		assert_string_equal(b.data, cases[i].map);
	}
	assert_int_equal(value_with_entry(&arena, &unknown, STR("a"), &v).kind, VALUE_UNKNOWN);
	buf_release(&b);
	arena_release(&arena);
}

/* Every byte at every place of names of all lengths: what names are made of is shown as it
 * is, what YAML reads as something else in quotes. */
static void shown_names(void **state)
{
	struct buf b = BUF_INIT(0);
	struct value v;
	size_t len, at;
	char *text;
	bool plain;
	int byte;

	(void)state;
	for (len = 6; len <= 40; len++) {
		/* its end is the end of what may be read */
		text = mem_alloc(len);
		for (at = 0; at < len; at++) {
			memset(text, 'a', len);
			for (byte = 0; byte < 0x80; byte++) {
				text[at] = (char)byte;
				plain = (byte >= 'a' && byte <= 'z') ||
					(byte >= 'A' && byte <= 'Z') ||
					(at != 0 && byte != 0 && strchr("-_./0123456789", byte)) ||
					(at != 0 && at + 1 < len && byte == ':');
				v = value_of_str((struct str){ text, len });
				buf_clear(&b);
				value_show(&b, &v, 100);
				if (plain) {
					assert_int_equal(b.len, len);
					assert_memory_equal(b.data, text, len);
				} else if (byte <= ' ' || strchr(",[]{}", byte) != NULL ||
					   (byte == ':' && at + 1 == len)) {
					assert_int_equal(b.data[0], '\'');
				}
			}
		}
		free(text);
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_unknown_equals_nothing),
		cmocka_unit_test(test_order_is_total),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_show_flags),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_copy_is_deep),
		cmocka_unit_test(test_with_member),
		cmocka_unit_test(shown_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
