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
#include <cmocka.h>

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
	source_init(&s, "x", STR(""));
	assert_true(str_is(source_line(&s, 1), ""));
	assert_place(at(&s, 0), 1, 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),  cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_stretch), cmocka_unit_test(test_mark),
		cmocka_unit_test(test_lines),   cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
