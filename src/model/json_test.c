/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict reader: what it takes, what it refuses, and where it says so.
 */
#include "model/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limit.h"

struct text {
	char *bytes;
	struct str str;
};

/* A copy of exactly the bytes that a reader may look at. */
static struct text text_of(const char *bytes, size_t len)
{
	struct text t;

	t.bytes = calloc(1, len + JSON_PADDING);
	assert_non_null(t.bytes);
	memcpy(t.bytes, bytes, len);
	t.str = (struct str){ t.bytes, len };
	return t;
}

static const char *const good[] = {
	"null",
	"true",
	"false",
	"0",
	"-0",
	"1",
	"-1",
	"1.5",
	"1e3",
	"1E+3",
	"1e-3",
	"0.25",
	"\"\"",
	"\"a\"",
	"[]",
	"{}",
	"[1]",
	"[1,2]",
	"{\"a\":1}",
	"{\"a\":1,\"b\":[{}]}",
	" [ 1 , 2 ] ",
	"\t{\r\n\"a\"\t:\n1}\r\n",
	"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	"\"\\u0000\"",
	"\"\\ud83d\\ude00\"",
	"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
	"\"\x7f\"",
	"[[[[[[[[]]]]]]]]",
	"{\"\":0,\"a\":0,\"A\":0}",
	"\"0123456789abcdef0123456789abcdef0123456789\"",
	"123456789012345678",
};

static void test_takes_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct text t = text_of(good[i], strlen(good[i]));
		struct arena arena = ARENA_INIT;
		struct value v;
		struct json j;

		json_init(&j, t.str, &arena);
		if (json_skip(&j) == -1 || !json_at_end(&j))
			fail_msg("skip refuses %s: %s", good[i],
				 j.error ? j.error : "text is left");
		json_init(&j, t.str, &arena);
		if (json_value(&j, &v) == -1 || !json_at_end(&j))
			fail_msg("value refuses %s: %s", good[i],
				 j.error ? j.error : "text is left");
		arena_release(&arena);
		free(t.bytes);
	}
}

struct bad {
	const char *text;
	size_t len; /* 0: as a C string */
	long at;
	const char *says;
};

static const struct bad bad[] = {
	{ "", 0, 0, "unexpected end" },
	{ " ", 0, 1, "unexpected end" },
	{ "nul", 0, 0, "unexpected 'n'" },
	{ "nulll", 0, 0, "unexpected 'n'" },
	{ "True", 0, 0, "unexpected 'T'" },
	{ "NaN", 0, 0, "unexpected 'N'" },
	{ "+1", 0, 0, "unexpected '+'" },
	{ "01", 0, 0, "leading zero" },
	{ "-", 0, 0, "without digits" },
	{ "1.", 0, 0, "point" },
	{ ".5", 0, 0, "unexpected '.'" },
	{ "1e", 0, 0, "exponent" },
	{ "[1,]", 0, 3, "comma before ']'" },
	{ "[,1]", 0, 1, "unexpected ','" },
	{ "[1 2]", 0, 3, "expected ',' or ']'" },
	{ "[1", 0, 2, "unexpected end" },
	{ "{\"a\":1,}", 0, 7, "comma before '}'" },
	{ "{a:1}", 0, 1, "double quotes" },
	{ "{'a':1}", 0, 1, "double quotes" },
	{ "{\"a\" 1}", 0, 5, "expected ':'" },
	{ "{\"a\":}", 0, 5, "expected a value" },
	{ "{\"a\":1 \"b\":2}", 0, 7, "',' or '}'" },
	{ "{\"a\":1,\"a\":2}", 0, 7, "'a' is there twice" },
	{ "{\"a\":1,\"\\u0061\":2}", 0, 7, "'a' is there twice" },
	{ "[{\"k\":{\"x\":1,\"x\":1}}]", 0, 13, "twice" },
	{ "\"abc", 0, 0, "not closed" },
	{ "\"abc\\", 0, 0, "not closed" },
	{ "\"abc\\\"", 0, 0, "not closed" },
	{ "\"a\nb\"", 0, 2, "line end" },
	{ "\"a\x01\"", 0, 2, "control character" },
	{ "\"a\0b\"", 5, 2, "control character" },
	{ "\"a\\\x01\"", 0, 3, "control character" },
	{ "\"\\x41\"", 0, 1, "escape" },
	{ "\"\\u12g4\"", 0, 1, "four hexadecimal" },
	{ "\"\\ud800\"", 0, 1, "lone high" },
	{ "\"\\ud800\\u0041\"", 0, 1, "lone high" },
	{ "\"\\udc00\"", 0, 1, "lone low" },
	{ "\"\xff\"", 0, 1, "UTF-8" },
	{ "\"\xc0\x80\"", 0, 1, "UTF-8" },
	{ "\"\xed\xa0\x80\"", 0, 1, "UTF-8" },
	{ "\"\xf4\x90\x80\x80\"", 0, 1, "UTF-8" },
	{ "\"\xe2\x82\"", 0, 1, "UTF-8" },
	{ "\xef\xbb\xbf[]", 0, 0, "unexpected" },
	{ "// no", 0, 0, "unexpected '/'" },
	{ "\0", 1, 0, "control character 0x00" },
};

static void check_bad(const struct bad *b, int (*read)(struct json *))
{
	struct text t = text_of(b->text, b->len != 0 ? b->len : strlen(b->text));
	struct arena arena = ARENA_INIT;
	struct json j;

	json_init(&j, t.str, &arena);
	if (read(&j) != -1)
		fail_msg("takes %s", b->text);
	assert_non_null(j.error);
	if (strstr(j.error, b->says) == NULL || j.error_at - j.start != b->at)
		fail_msg("%s: says '%s' at %ld, not '%s' at %ld", b->text, j.error,
			 (long)(j.error_at - j.start), b->says, b->at);
	/* an error stays */
	assert_int_equal(json_skip(&j), -1);
	arena_release(&arena);
	free(t.bytes);
}

static int read_value(struct json *j)
{
	struct value v;

	return json_value(j, &v);
}

static void test_refuses_what_is_not_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		check_bad(&bad[i], json_skip);
		check_bad(&bad[i], read_value);
	}
}

static void test_decodes_strings(void **state)
{
	static const char source[] = "\"a\\u0000b\\ud83d\\ude00\\n\\u00e9\"";
	static const char want[] = "a\0b\xf0\x9f\x98\x80\n\xc3\xa9";
	struct text t = text_of(source, sizeof(source) - 1);
	struct arena arena = ARENA_INIT;
	struct json j;
	struct str s;

	(void)state;
	json_init(&j, t.str, &arena);
	assert_int_equal(json_string(&j, &s), 0);
	assert_int_equal(s.len, sizeof(want) - 1);
	assert_memory_equal(s.data, want, s.len);
	arena_release(&arena);
	free(t.bytes);
}

/* Strings whose end falls on every offset of the blocks that are looked at. */
static void test_finds_ends_at_every_offset(void **state)
{
	char source[120];

	(void)state;
	for (size_t len = 0; len < 80; len++) {
		struct arena arena = ARENA_INIT;
		struct text t;
		struct json j;
		struct str s;

		source[0] = '"';
		memset(source + 1, 'x', len);
		source[len + 1] = '"';
		t = text_of(source, len + 2);
		json_init(&j, t.str, &arena);
		assert_int_equal(json_string(&j, &s), 0);
		assert_int_equal(s.len, len);
		assert_true(json_at_end(&j));
		free(t.bytes);
		memset(source, ' ', len);
		source[len] = '7';
		t = text_of(source, len + 1);
		json_init(&j, t.str, &arena);
		assert_int_equal(json_skip(&j), 0);
		assert_true(json_at_end(&j));
		free(t.bytes);
		arena_release(&arena);
	}
}

static void test_bounds_depth(void **state)
{
	char source[2 * LIMIT_JSON_DEPTH + 4];
	struct arena arena = ARENA_INIT;
	struct text t;
	struct json j;

	(void)state;
	memset(source, '[', LIMIT_JSON_DEPTH + 1);
	memset(source + LIMIT_JSON_DEPTH + 1, ']', LIMIT_JSON_DEPTH + 1);
	t = text_of(source + 1, 2 * LIMIT_JSON_DEPTH);
	json_init(&j, t.str, &arena);
	assert_int_equal(json_skip(&j), 0);
	free(t.bytes);
	t = text_of(source, 2 * LIMIT_JSON_DEPTH + 2);
	json_init(&j, t.str, &arena);
	assert_int_equal(json_skip(&j), -1);
	assert_non_null(strstr(j.error, "deeper"));
	free(t.bytes);
	arena_release(&arena);
}

/* An object of n keys in an order of their numbers, and behind them key `twice`, or none. */
static void put_keys(struct buf *b, unsigned n, unsigned step, unsigned twice)
{
	unsigned i;

	buf_clear(b);
	buf_putc(b, '{');
	for (i = 0; i < n; i++)
		buf_printf(b, "%s\"key%u\":%u", i != 0 ? "," : "", i * step % n, i);
	if (twice < n)
		buf_printf(b, ",\"key%u\":1", twice);
	buf_putc(b, '}');
}

static int skip_keys(const struct buf *b, struct arena *arena, char error[200])
{
	struct text t = text_of(b->data, b->len);
	struct json j;
	int got;

	json_init(&j, t.str, arena);
	got = json_skip(&j);
	snprintf(error, 200, "%s", got == -1 ? j.error : "");
	free(t.bytes);
	return got;
}

/* Few keys, which are compared one by one, many, and one of them twice, whichever. */
static void test_many_keys(void **state)
{
	static const unsigned steps[] = { 1, 7, 101 }; /* none shares a factor with n */
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	char error[200], want[50];
	unsigned n, i, s;

	(void)state;
	for (s = 0; s < sizeof(steps) / sizeof(steps[0]); s++)
		for (n = 2; n <= 256; n = n < 40 ? n + 1 : n + 54) {
			if (s != 0 && n % steps[s] == 0)
				continue;
			put_keys(&b, n, steps[s], n);
			assert_int_equal(skip_keys(&b, &arena, error), 0);
			for (i = 0; i < n; i++) {
				put_keys(&b, n, steps[s], i);
				assert_int_equal(skip_keys(&b, &arena, error), -1);
				snprintf(want, sizeof(want), "'key%u' is there twice", i);
				assert_non_null(strstr(error, want));
			}
			arena_reset(&arena);
		}
	put_keys(&b, LIMIT_JSON_MEMBERS, 7, LIMIT_JSON_MEMBERS);
	assert_int_equal(skip_keys(&b, &arena, error), 0);
	put_keys(&b, LIMIT_JSON_MEMBERS, 7, 77);
	assert_int_equal(skip_keys(&b, &arena, error), -1);
	put_keys(&b, LIMIT_JSON_MEMBERS + 1, 7, LIMIT_JSON_MEMBERS + 1);
	assert_int_equal(skip_keys(&b, &arena, error), -1);
	assert_non_null(strstr(error, "members"));
	buf_release(&b);
	arena_release(&arena);
}

static void test_makes_trees_with_places(void **state)
{
	static const char source[] = "{\"a\": [1, \"x\"],\n \"b\": -2.50}";
	struct text t = text_of(source, sizeof(source) - 1);
	struct arena arena = ARENA_INIT;
	const struct value *a, *b;
	struct source document;
	struct place place;
	struct value v;
	struct json j;

	(void)state;
	json_init(&j, t.str, &arena);
	assert_int_equal(json_value(&j, &v), 0);
	assert_int_equal(v.kind, VALUE_MAP);
	a = value_get(&v, STR("a"));
	b = value_get(&v, STR("b"));
	assert_int_equal(a->kind, VALUE_LIST);
	assert_int_equal(a->n, 2);
	assert_int_equal(b->kind, VALUE_NUMBER);
	assert_int_equal(number_compare(value_number(b), (struct number){ -25, -1 }), 0);
	source_init(&document, "x.json", t.str);
	place = source_place(&document, a->items[1].place);
	assert_int_equal(place.line, 1);
	assert_int_equal(place.column, 11);
	place = source_place(&document, b->place);
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 7);
	arena_release(&arena);
	free(t.bytes);
}

static void test_refuses_numbers_it_cannot_hold(void **state)
{
	static const char *const numbers[] = { "1234567890123456789012", "1e999",
					       "0.1234567890123456789" };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct text t = text_of(numbers[i], strlen(numbers[i]));
		struct arena arena = ARENA_INIT;
		struct number n;
		struct json j;

		json_init(&j, t.str, &arena);
		assert_int_equal(json_number(&j, &n), -1);
		assert_non_null(strstr(j.error, "exactly"));
		/* passed over, where nobody asks for it */
		json_init(&j, t.str, &arena);
		assert_int_equal(json_skip(&j), 0);
		arena_release(&arena);
		free(t.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_json),
		cmocka_unit_test(test_refuses_what_is_not_json),
		cmocka_unit_test(test_decodes_strings),
		cmocka_unit_test(test_finds_ends_at_every_offset),
		cmocka_unit_test(test_bounds_depth),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_makes_trees_with_places),
		cmocka_unit_test(test_refuses_numbers_it_cannot_hold),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
