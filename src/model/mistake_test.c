/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mistakes as they are printed: order, doubles, the caret, hostile text.
 */
#include "model/mistake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limit.h"

static struct place at(uint32_t line, uint32_t column)
{
	return (struct place){ line, column };
}

static void expect(struct mistakes *m, const char *want)
{
	struct buf b = BUF_INIT(0);

	mistakes_print(m, &b);
	assert_string_equal(b.data != NULL ? b.data : "", want);
	buf_release(&b);
	mistakes_release(m);
}

static void test_print(void **state)
{
	struct arena arena = ARENA_INIT;
	struct mistakes m;
	struct source s, other;

	(void)state;
	source_init(&s, "policy.yaml", STR("version: 1\nrules:\n  - {mim: 5}\n"));
	source_init(&other, "other.yaml", STR("a\tb\n"));
	mistakes_init(&m, &arena);
	expect(&m, "");

	mistakes_hint(&m, "nothing to hint at");
	mistakes_add(&m, &s, at(3, 6), 3, "unknown operator '%s'", "mim");
	mistakes_hint(&m, "did you mean '%s'?", "min");
	mistakes_add(&m, &other, at(1, 3), 0, "second file");
	mistakes_add(&m, &s, at(1, 10), 1, "first in order");
	mistakes_add(&m, &s, at(3, 6), 3, "unknown operator 'mim'");
	mistakes_add(&m, &s, at(3, 6), 3, "another one here");
	mistakes_add(&m, &s, at(9, 1), 1, "past the end");
	mistakes_add(&m, &s, (struct place){ 0, 11 }, 1, "by its offset");
	mistakes_add(&m, &s, PLACE_NONE, 1, "no place");
	mistakes_add(&m, NULL, PLACE_NONE, 1, "no file");
	expect(&m, "policy.yaml: error: no place\n"
		   "policy.yaml:1:10: error: first in order\n"
		   "    1 | version: 1\n"
		   "      |          ^\n"
		   "policy.yaml:2:1: error: by its offset\n"
		   "    2 | rules:\n"
		   "      | ^\n"
		   "policy.yaml:3:6: error: unknown operator 'mim'\n"
		   "    3 |   - {mim: 5}\n"
		   "      |      ^~~\n"
		   "      = did you mean 'min'?\n"
		   "policy.yaml:3:6: error: another one here\n"
		   "    3 |   - {mim: 5}\n"
		   "      |      ^~~\n"
		   "policy.yaml:9:1: error: past the end\n"
		   "other.yaml:1:3: error: second file\n"
		   "    1 | a b\n"
		   "      |   ^\n"
		   "error: no file\n");
	arena_release(&arena);
}

static void test_caret(void **state)
{
	static const struct {
		const char *line;
		uint32_t column;
		size_t length;
		const char *want;
	} cases[] = {
		{ "\t\tx: yy", 6, 2, "  x: yy\n      |      ^~\n" },
		{ "\xE4\xB8\xAD\xE4\xB8\xAD: x", 5, 1,
		  "\xE4\xB8\xAD\xE4\xB8\xAD: x\n      |       ^\n" },
		{ "\xE4\xB8\xAD\xE4\xB8\xAD: x", 1, 2,
		  "\xE4\xB8\xAD\xE4\xB8\xAD: x\n      | ^~~~\n" },
		{ "a\x1B[31m: x", 8, 1, "a\\x1B[31m: x\n      |           ^\n" },
		{ "abc", 4, 1, "abc\n      |    ^\n" },
		{ "abc", 40, 5, "abc\n      |    ^\n" },
		{ "abc", 2, 500, "abc\n      |  ^~\n" },
		{ "\xFF\xFE"
		  "a",
		  1, 1, "\\xFF\\xFEa\n      | ^~~~\n" },
	};
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	struct mistakes m;
	struct source s;
	const char *shown;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		source_init(&s, "x", str_of(cases[i].line));
		mistakes_init(&m, &arena);
		mistakes_add(&m, &s, at(1, cases[i].column), cases[i].length, "t");
		mistakes_print(&m, &b);
		shown = strstr(b.data, "| ");
		assert_non_null(shown);
		if (strcmp(shown + 2, cases[i].want) != 0)
			fail_msg("case %zu:\n%s", i, b.data);
		buf_clear(&b);
		mistakes_release(&m);
	}
	buf_release(&b);
	arena_release(&arena);
}

static void test_long_line(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0), line = BUF_INIT(0);
	struct mistakes m;
	struct source s;
	char *caret, *row;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++)
		buf_puts(&line, i == 50000 ? "X" : "\xC3\xA9");
	source_init(&s, "x", buf_str(&line));
	mistakes_init(&m, &arena);
	mistakes_add(&m, &s, at(1, 50001), 100000, "t");
	mistakes_print(&m, &b);
	assert_true(b.len < 400);
	row = strstr(b.data, "    1 | ...\xC3\xA9");
	assert_non_null(row);
	assert_non_null(strstr(row, "\xC3\xA9...\n"));
	caret = strstr(row, "      | ");
	assert_non_null(caret);
	/* three dots and two-byte characters before it */
	assert_int_equal(strchr(caret, '^') - caret - 8, 3 + (strchr(row, 'X') - row - 8 - 3) / 2);
	buf_release(&b);
	buf_release(&line);
	mistakes_release(&m);
	arena_release(&arena);
}

static void test_hostile_text(void **state)
{
	struct arena arena = ARENA_INIT;
	struct mistakes m;
	struct source s;

	(void)state;
	source_init(&s, "a\nb", STR(""));
	mistakes_init(&m, &arena);
	mistakes_add(&m, &s, at(1, 1), 1, "no field '%s'", "x\x1B]0;\n");
	mistakes_hint(&m, "\xE2\x80\xAE%s", "\r");
	expect(&m, "a\\nb:1:1: error: no field 'x\\x1B]0;\\n'\n      = \\u{202E}\\x0D\n");
	arena_release(&arena);
}

static void test_limit(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	struct mistakes m;
	struct source s;
	uint32_t i;

	(void)state;
	source_init(&s, "x", STR(""));
	mistakes_init(&m, &arena);
	for (i = 0; i < LIMIT_MISTAKES + 5; i++) {
		mistakes_add(&m, &s, at(i + 1, 1), 1, "t");
		mistakes_hint(&m, "hint %u", (unsigned)i);
	}
	assert_int_equal(m.n, LIMIT_MISTAKES);
	assert_int_equal(m.dropped, 5);
	assert_string_equal(m.list[LIMIT_MISTAKES - 1].hint, "hint 99");
	mistakes_print(&m, &b);
	assert_non_null(strstr(b.data, "and 5 more mistakes\n"));
	buf_release(&b);
	mistakes_release(&m);
	mistakes_release(&m);
	mistakes_release(NULL);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),     cmocka_unit_test(test_caret),
		cmocka_unit_test(test_long_line), cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
