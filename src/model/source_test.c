/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places: lines, columns in characters, in order and out of it, stretches.
 */
#include "model/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/limit.h"
#include "base/text.h"

static struct place at(struct source *s, uint32_t offset)
{
	return source_place(s, (struct place){ 0, offset });
}

#define assert_place(p, l, c)                                                                      \
	do {                                                                                       \
		struct place place_ = (p);                                                         \
		assert_int_equal(place_.line, (l));                                                \
		assert_int_equal(place_.column, (c));                                              \
	} while (0)

static void test_places(void **state)
{
	struct source s;

	(void)state;
	/*                        01 2 345    6  78  9 */
	source_init(&s, "x",
		    STR("ab\r\nc\xC3\xA9"
			"d\n\ne"));
	assert_place(at(&s, 0), 1, 1);
	assert_place(at(&s, 1), 1, 2);
	assert_place(at(&s, 2), 1, 3); /* CR */
	assert_place(at(&s, 3), 1, 3); /* its LF */
	assert_place(at(&s, 4), 2, 1);
	assert_place(at(&s, 5), 2, 2);
	assert_place(at(&s, 7), 2, 3);
	assert_place(at(&s, 8), 2, 4);
	assert_place(at(&s, 9), 3, 1);
	assert_place(at(&s, 10), 4, 1);
	assert_place(at(&s, 11), 4, 2);
	assert_place(at(&s, 4000), 4, 2);
	assert_place(at(&s, 7), 2, 3); /* out of order */
	assert_place(at(&s, 3), 1, 3);
	assert_place(at(&s, 3), 1, 3);
	assert_place(source_place(&s, (struct place){ 7, 8 }), 7, 8);
	assert_place(source_place(&s, PLACE_NONE), 0, 0);
}

/* Each offset after each other one gives what a fresh source gives. */
static void test_any_order(void **state)
{
	static const char text[] = "\r\na\r\r\n\xF0\x9F\x98\x80\n\n\r\nzz\r";
	struct source s, fresh;
	uint32_t i, j;

	(void)state;
	source_init(&s, "x", STR("\r\na\r\r\n\xF0\x9F\x98\x80\n\n\r\nzz\r"));
	for (i = 0; i < sizeof(text); i++)
		for (j = 0; j < sizeof(text); j++) {
			struct place want;

			source_init(&fresh, "x", s.bytes);
			want = at(&fresh, j);
			at(&s, i);
			assert_place(at(&s, j), want.line, want.column);
		}
}

static void test_stretch(void **state)
{
	struct source s;

	(void)state;
	source_init(&s, "x", STR("ab\ncd"));
	s.first_line = 10;
	s.first_column = 5;
	assert_place(at(&s, 1), 10, 6);
	assert_place(at(&s, 4), 11, 2);
	assert_true(str_is(source_line(&s, 10), "ab"));
	assert_true(str_is(source_line(&s, 11), "cd"));
	assert_true(str_is(source_line(&s, 9), ""));
	assert_true(str_is(source_line(&s, 12), ""));
}

static void test_mark(void **state)
{
	struct source s;

	(void)state;
	source_init(&s, "x",
		    STR("\xEF\xBB\xBF"
			"ab\nc"));
	assert_place(at(&s, 3), 1, 1);
	assert_place(at(&s, 0), 1, 1);
	assert_place(at(&s, 4), 1, 2);
	assert_place(at(&s, 6), 2, 1);
	assert_true(str_is(source_line(&s, 1), "ab"));
}

static void test_lines(void **state)
{
	struct source s;

	(void)state;
	source_init(&s, "x", STR("one\r\n\ntwo\n"));
	assert_true(str_is(source_line(&s, 1), "one"));
	assert_true(str_is(source_line(&s, 2), ""));
	assert_true(str_is(source_line(&s, 3), "two"));
	assert_true(str_is(source_line(&s, 4), ""));
	assert_true(str_is(source_line(&s, 0), ""));
	/* onward, the same line again, back, and where there is none */
	assert_true(str_is(source_line_onward(&s, 1), "one"));
	assert_true(str_is(source_line_onward(&s, 3), "two"));
	assert_true(str_is(source_line_onward(&s, 3), "two"));
	assert_true(str_is(source_line_onward(&s, 4), ""));
	assert_true(str_is(source_line_onward(&s, 2), ""));
	assert_true(str_is(source_line_onward(&s, 1), "one"));
	assert_true(str_is(source_line_onward(&s, 0), ""));
	source_init(&s, "x", STR(""));
	assert_true(str_is(source_line(&s, 1), ""));
	assert_place(at(&s, 0), 1, 1);
}

/* Lines of all lengths with characters of all sizes, asked for in any order, with and
 * without line ends that somebody counted, against counting one by one. */
static void test_long_lines_in_any_order(void **state)
{
	static const char *const pieces[] = { "\n",           "x",
					      "abcdefgh",     "\xC3\xA9",
					      "\xE2\x82\xAC", "\xF0\x9F\x98\x80" };
	enum { SIZE = 20000, MOST = 4000 };
	struct place *places = malloc((SIZE + 1) * sizeof(*places));
	uint32_t ends[MOST], n_ends = 0, random = 7, i, line = 1, column = 1;
	char *bytes = malloc(SIZE + 16);
	struct source s;
	size_t len = 0, k;

	(void)state;
	assert_non_null(places);
	assert_non_null(bytes);
	while (len < SIZE - 8) {
		random = random * 1664525u + 1013904223u;
		/* some lines are long */
		k = (random >> 24) % (len % 5000 < 2000 ? 6 : 30);
		k = k < 6 ? k : 1 + k % 5;
		memcpy(bytes + len, pieces[k], strlen(pieces[k]));
		len += strlen(pieces[k]);
	}
	for (k = 0; k < len; k++) {
		places[k] = (struct place){ line, column };
		column += k + 1 == len || ((unsigned char)bytes[k + 1] & 0xC0) != 0x80;
		if (bytes[k] != '\n')
			continue;
		line++;
		column = 1;
		if (n_ends < MOST)
			ends[n_ends++] = (uint32_t)k + 1;
	}
	for (k = 0; k < 3; k++) {
		source_init(&s, "x", (struct str){ bytes, len });
		s.line_ends = ends;
		s.n_line_ends = k == 0 ? 0 : k == 1 ? n_ends / 2 : n_ends;
		for (i = 0; i < 20000; i++) {
			random = random * 1664525u + 1013904223u;
			/* mostly onward */
			line = i % 50 == 0
				   ? (random >> 8) % (uint32_t)len
				   : (s.cursor_offset + (random >> 20) % 300) % (uint32_t)len;
			while (((unsigned char)bytes[line] & 0xC0) == 0x80)
				line--;
			assert_place(at(&s, line), places[line].line, places[line].column);
		}
	}
	free(places);
	free(bytes);
}

/* A minified document: asking in order must not count each line anew. */
static void test_long_line(void **state)
{
	enum { SIZE = 4 << 20 };
	char *bytes = malloc(SIZE);
	struct source s;
	uint32_t i;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'x', SIZE);
	source_init(&s, "x", (struct str){ bytes, SIZE });
	for (i = 0; i < SIZE; i++)
		if (at(&s, i).column != i + 1)
			fail();
	free(bytes);
}

/* Columns of any bytes, far apart and near, as counting one by one has them. */
static void test_columns(void **state)
{
	static char bytes[40000];
	static uint32_t columns[sizeof(bytes)];
	uint32_t seed = 5, i, from, column = 0;
	struct source s;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++) {
		seed = seed * 1103515245 + 12345;
		/* mostly letters for a while, then mostly what continues one */
		bytes[i] = (char)(seed >> 30 == 0 ? seed >> 16 : i / 9000 % 2 != 0 ? 0x80 : 'x');
		if (bytes[i] == '\n' || bytes[i] == '\r' || i == 0)
			bytes[i] = 'y';
		columns[i] = column += ((unsigned char)bytes[i] & 0xC0) != 0x80;
	}
	for (i = 0; i < 4000; i++) {
		seed = seed * 1103515245 + 12345;
		from = (seed >> 8) % sizeof(bytes);
		source_init(&s, "x", (struct str){ bytes, sizeof(bytes) });
		/* of the character that it is in: one is counted when it begins */
		assert_int_equal(at(&s, from).column, from == 0 ? 1 : columns[from - 1] + 1);
		seed = seed * 1103515245 + 12345;
		from = (from + (seed >> 8) % 700) % sizeof(bytes);
		assert_int_equal(at(&s, from).column, from == 0 ? 1 : columns[from - 1] + 1);
	}
}

#define assert_str(s, want)                                                                        \
	do {                                                                                       \
		struct str s_ = (s);                                                               \
		assert_int_equal(s_.len, strlen(want));                                            \
		assert_memory_equal(s_.data, want, s_.len);                                        \
	} while (0)

/* The value's extent is told from how it begins, in JSON and in YAML. */
static void test_excerpts(void **state)
{
	static const struct {
		const char *text;
		uint32_t at;
		const char *before, *value, *after;
	} rows[] = {
		{ "a\n  \"n\": \"b\\\"c\", 1\r\nd", 9, "  \"n\": ", "\"b\\\"c\"", ", 1" },
		{ "{\"n\": 60}", 6, "{\"n\": ", "60", "}" },
		{ "{\"n\": {\"m\": 1}}", 6, "{\"n\": ", "{", "\"m\": 1}}" },
		{ "n: my bucket  # why\n", 3, "n: ", "my bucket", "  # why" },
		{ "n: 'a # b'\n", 3, "n: ", "'a # b'", "" },
		{ "n: 'ab\n cd'", 3, "n: ", "'ab", "" },
	};
	struct source s;
	struct excerpt e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		source_init(&s, "x", str_of(rows[i].text));
		assert_true(source_excerpt(&s, (struct place){ 0, rows[i].at }, &e));
		assert_str(e.before, rows[i].before);
		assert_str(e.value, rows[i].value);
		assert_str(e.after, rows[i].after);
		assert_false(e.cut_before || e.cut_after);
		/* the same from a counted place */
		assert_true(
		    source_excerpt(&s, source_place(&s, (struct place){ 0, rows[i].at }), &e));
		assert_str(e.before, rows[i].before);
		assert_str(e.value, rows[i].value);
	}
	source_init(&s, "x", STR("ab\n\ncd"));
	assert_false(source_excerpt(&s, (struct place){ 0, 2 }, &e));
	assert_false(source_excerpt(&s, (struct place){ 0, 99 }, &e));
	assert_false(source_excerpt(&s, (struct place){ 9, 1 }, &e));
	assert_false(source_excerpt(&s, PLACE_NONE, &e));
	assert_str(e.value, "");
}

/* Cut between characters, and what is not UTF-8 is not shown. */
static void test_excerpts_cut(void **state)
{
	char text[1001];
	struct source s;
	struct excerpt e;
	int i;

	(void)state;
	for (i = 0; i < 1000; i += 2)
		memcpy(text + i, "\xC3\xA9", 3);
	memset(text + 500, '9', 2);
	source_init(&s, "x", (struct str){ text + 1, 999 });
	assert_true(source_excerpt(&s, (struct place){ 0, 499 }, &e));
	assert_true(e.cut_before && e.cut_after);
	assert_true(e.before.len <= LIMIT_EXCERPT && e.value.len <= LIMIT_EXCERPT);
	assert_int_equal(text_utf8_valid(e.before), e.before.len);
	assert_int_equal(text_utf8_valid(e.value), e.value.len);
	source_init(&s, "x", STR("\xFFx: y, \xFF"));
	assert_true(source_excerpt(&s, (struct place){ 0, 4 }, &e));
	assert_str(e.before, "x: ");
	assert_str(e.value, "y");
	assert_str(e.after, ", ");
	assert_true(e.cut_before && e.cut_after);
	source_init(&s, "x", STR("\xFF"));
	assert_false(source_excerpt(&s, (struct place){ 0, 0 }, &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_excerpts),
		cmocka_unit_test(test_excerpts_cut),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_long_lines_in_any_order),
		cmocka_unit_test(test_stretch),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
