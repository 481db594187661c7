/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8, shell patterns, days, nearest names, and the shield for terminals.
 */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void utf8_valid(void **state)
{
	static const struct {
		struct str s;
		size_t valid;
	} cases[] = {
		{ STR(""), 0 },
		{ STR("plain"), 5 },
		{ STR("plain and long enough for words \xC3\xA9"), 34 },
		{ STR("\0\x7F"), 2 },
		{ STR("\xC2\x80 \xDF\xBF"), 5 },
		{ STR("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"), 12 },
		{ STR("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), 8 },
		{ STR("a\x80"), 1 },        /* trail without a lead */
		{ STR("12345678\xFF"), 8 }, /* no lead at all */
		{ STR("\xC0\xAF"), 0 },     /* overlong in two */
		{ STR("\xC1\xBF"), 0 },
		{ STR("\xE0\x9F\xBF"), 0 },     /* overlong in three */
		{ STR("\xF0\x8F\xBF\xBF"), 0 }, /* overlong in four */
		{ STR("ok\xED\xA0\x80"), 2 },   /* a surrogate */
		{ STR("\xF4\x90\x80\x80"), 0 }, /* past U+10FFFF */
		{ STR("\xF5\x80\x80\x80"), 0 },
		{ STR("\xC3"), 0 }, /* cut short */
		{ STR("\xE2\x82"), 0 },
		{ STR("\xF0\x9F\x98"), 0 },
		{ STR("\xE2\x82-"), 0 },
		{ STR("\xF0\x9F\x98-"), 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		if (text_utf8_valid(cases[i].s) != cases[i].valid)
			fail_msg("case %zu: %zu", i, text_utf8_valid(cases[i].s));
}

static void utf8_round_trip(void **state)
{
	uint32_t point;
	size_t step;
	char bytes[4];

	(void)state;
	for (point = 0; point <= 0x10FFFF; point++) {
		step = text_utf8_put(bytes, point);
		if (point >= 0xD800 && point <= 0xDFFF) {
			assert_int_equal(text_utf8_step(bytes, step), 0);
			continue;
		}
		if (text_utf8_step(bytes, step) != step || text_utf8_point(bytes, step) != point)
			fail_msg("U+%04X", (unsigned)point);
		assert_int_equal(text_utf8_step(bytes, step - 1), 0);
	}
}

static void lengths(void **state)
{
	(void)state;
	assert_int_equal(text_length(STR("")), 0);
	assert_int_equal(text_length(STR("a\0b")), 3);
	assert_int_equal(text_length(STR("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")), 3);
	assert_int_equal(text_width(STR("")), 0);
	assert_int_equal(text_width(STR("acme")), 4);
	assert_int_equal(text_width(STR("e\xCC\x81")), 1); /* a combining accent */
	assert_int_equal(text_width(STR("\xE6\x97\xA5\xE6\x9C\xAC")), 4);
	assert_int_equal(text_width(STR("\xF0\x9F\x98\x80!")), 3);
	assert_int_equal(text_width(STR("\xC3\xA9\xE2\x82\xAC")), 2);
}

static void width_list_in_order(void **state)
{
	static const uint32_t zero[] = {
#define ZERO(first, last) first, last,
#define WIDE(first, last)
#include "base/text_width_list.h"
#undef ZERO
#undef WIDE
	};
	static const uint32_t wide[] = {
#define ZERO(first, last)
#define WIDE(first, last) first, last,
#include "base/text_width_list.h"
#undef ZERO
#undef WIDE
	};
	size_t i;

	(void)state;
	for (i = 1; i < N(zero); i++)
		assert_true(i % 2 ? zero[i - 1] <= zero[i] : zero[i - 1] < zero[i]);
	for (i = 1; i < N(wide); i++)
		assert_true(i % 2 ? wide[i - 1] <= wide[i] : wide[i - 1] < wide[i]);
}

static void nocase(void **state)
{
	(void)state;
	assert_true(text_equal_nocase_ascii(STR("Owner"), STR("oWNER")));
	assert_true(text_equal_nocase_ascii(STR(""), STR("")));
	assert_false(text_equal_nocase_ascii(STR("Owner"), STR("Owners")));
	assert_false(text_equal_nocase_ascii(STR("a\0b"), STR("a\0c")));
	/* neighbours of A-Z that a careless fold would join */
	assert_false(text_equal_nocase_ascii(STR("@["), STR("`{")));
	assert_false(text_equal_nocase_ascii(STR("\xC3\x89"), STR("\xC3\xA9")));
}

static void glob(void **state)
{
	static const struct {
		struct str pattern, text;
		bool match;
	} cases[] = {
		{ STR(""), STR(""), true },
		{ STR(""), STR("a"), false },
		{ STR("*"), STR(""), true },
		{ STR("**"), STR("any"), true },
		{ STR("acme-*"), STR("acme-prod"), true },
		{ STR("acme-*"), STR("acme"), false },
		{ STR("*-ivs"), STR("acme-ivs-ivs"), true },
		{ STR("a*b*c"), STR("aXbXbXc"), true },
		{ STR("a*b*c"), STR("aXbXbX"), false },
		{ STR("*a?c"), STR("aacabc"), true },
		{ STR("?"), STR("\xE2\x82\xAC"), true },
		{ STR("?"), STR("ab"), false },
		{ STR("?"), STR(""), false },
		{ STR("*"), STR(".hidden/with/slash"), true },
		{ STR("[a-c]x"), STR("bx"), true },
		{ STR("[a-c]x"), STR("dx"), false },
		{ STR("[!a-c]"), STR("d"), true },
		{ STR("[^a-c]"), STR("a"), false },
		{ STR("[]a]"), STR("]"), true },
		{ STR("[!]a]"), STR("]"), false },
		{ STR("[a-]"), STR("-"), true },
		{ STR("[-a]"), STR("-"), true },
		{ STR("[a\\]]"), STR("]"), true },
		{ STR("[\\a-\\c]"), STR("b"), true },
		{ STR("[\xC3\xA0-\xC3\xBF]"), STR("\xC3\xA9"), true },
		{ STR("[!a]"), STR("\xE2\x82\xAC"), true },
		{ STR("\\*"), STR("*"), true },
		{ STR("\\*"), STR("a"), false },
		{ STR("\\a"), STR("a"), true },
		{ STR("a]"), STR("a]"), true },
		{ STR("pub*"), STR("pub\0x"), true },
		{ STR("pub"), STR("pub\0x"), false },
		{ STR("pub\0x"), STR("pub\0x"), true },
		{ STR("[a*]"), STR("*"), true },
		/* not well-formed: matches nothing */
		{ STR("["), STR("["), false },
		{ STR("[a"), STR("a"), false },
		{ STR("a\\"), STR("a"), false },
		{ STR("a\\"), STR("a\\"), false },
		{ STR("[[:digit:]]"), STR("1]"), false },
		{ STR("*["), STR(""), false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		if (text_glob(cases[i].pattern, cases[i].text) != cases[i].match)
			fail_msg("case %zu: '%s'", i, cases[i].pattern.data);
}

static void glob_is_linear(void **state)
{
	enum { STARS = 200, LETTERS = 20000 };
	struct buf pattern = BUF_INIT(0), text = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < STARS; i++)
		buf_puts(&pattern, "a*");
	buf_puts(&pattern, "b");
	for (i = 0; i < LETTERS; i++)
		buf_putc(&text, 'a');
	/* a backtracking matcher would not come back from this */
	assert_false(text_glob(buf_str(&pattern), buf_str(&text)));
	buf_release(&pattern);
	buf_release(&text);
}

static void glob_check(void **state)
{
	static const struct {
		struct str pattern;
		bool good;
	} cases[] = {
		{ STR(""), true },       { STR("a*b?[c-d]\\["), true },
		{ STR("[]]"), true },    { STR("[!]]"), true },
		{ STR("]"), true },      { STR("[[]"), true },
		{ STR("[\\[:]"), true }, { STR("["), false },
		{ STR("[]"), false },    { STR("[!]"), false },
		{ STR("[a"), false },    { STR("[a-"), false },
		{ STR("[a\\"), false },  { STR("[z-a]"), false },
		{ STR("\\"), false },    { STR("[[:alpha:]]"), false },
		{ STR("\xFF"), false },  { STR("[a-]"), true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		if ((text_glob_check(cases[i].pattern) == NULL) != cases[i].good)
			fail_msg("case %zu: '%s'", i, cases[i].pattern.data);
}

static void day_cases(void **state)
{
	static const struct {
		struct str s;
		bool good;
		int32_t day;
	} cases[] = {
		{ STR("1970-01-01"), true, 0 },
		{ STR("1969-12-31"), true, -1 },
		{ STR("2000-02-29"), true, 11016 },
		{ STR("2026-07-01"), true, 20635 },
		{ STR("0001-01-01"), true, -719162 },
		{ STR("9999-12-31"), true, 2932896 },
		{ STR("0000-01-01"), false, 0 },
		{ STR("1900-02-29"), false, 0 },
		{ STR("2023-02-29"), false, 0 },
		{ STR("2023-04-31"), false, 0 },
		{ STR("2023-00-10"), false, 0 },
		{ STR("2023-13-10"), false, 0 },
		{ STR("2023-01-00"), false, 0 },
		{ STR("2023-1-01"), false, 0 },
		{ STR("2023-01-1"), false, 0 },
		{ STR("2023-01-011"), false, 0 },
		{ STR("2023/01/01"), false, 0 },
		{ STR("+023-01-01"), false, 0 },
		{ STR("2023-01-0\0"), false, 0 },
		{ STR(" 023-01-01"), false, 0 },
		{ STR(""), false, 0 },
	};
	int32_t day;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		day = 0;
		if (text_day(cases[i].s, &day) != cases[i].good || day != cases[i].day)
			fail_msg("'%s': %d", cases[i].s.data, (int)day);
	}
}

static void every_day(void **state)
{
	struct buf b = BUF_INIT(0);
	char last[11] = "0000-12-31";
	int32_t day, again;

	(void)state;
	for (day = -719162; day <= 2932896; day++) {
		buf_clear(&b);
		text_day_put(&b, day);
		if (!text_day(buf_str(&b), &again) || again != day || strcmp(b.data, last) <= 0)
			fail_msg("%d gives %s", (int)day, b.data);
		memcpy(last, b.data, sizeof(last));
	}
	buf_release(&b);
}

static void times(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00" },          { -1, "1969-12-31T23:59:59" },
		{ -86400, "1969-12-31T00:00:00" },     { 1700000000, "2023-11-14T22:13:20" },
		{ 4102444799, "2099-12-31T23:59:59" }, { INT64_MAX, "9999-12-31T23:59:59" },
		{ INT64_MIN, "0001-01-01T00:00:00" },
	};
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		buf_clear(&b);
		text_time_put(&b, cases[i].seconds);
		assert_string_equal(b.data, cases[i].text);
	}
	buf_release(&b);
}

static void nearest(void **state)
{
	static const char *const names[] = { "format",     "policy",     "fail-on", "equals",
					     "Owner",      "owner",      "in",      "min_length",
					     "max_length", "not_equals", "p",       "renditions" };
	static const struct {
		struct str wrong;
		const char *nearest;
	} cases[] = {
		{ STR("formt"), "format" },
		{ STR("fromat"), "format" }, /* a swap */
		{ STR("FORMAT"), "format" },
		{ STR("OWNER"), "Owner" }, /* fewer letters in the wrong case */
		{ STR("oWner"), "owner" },
		{ STR("Owner"), "Owner" },
		{ STR("owners"), "owner" },
		{ STR("equal"), "equals" },
		{ STR("not_equal"), "not_equals" },
		{ STR("minlength"), "min_length" },
		{ STR("rendition"), "renditions" },
		{ STR("fail_on"), "fail-on" },
		{ STR("ni"), "in" },
		{ STR("q"), NULL }, /* all of it would be wrong */
		{ STR("P"), "p" },
		{ STR("thumbnail"), NULL },
		{ STR(""), NULL },
		{ STR("\xFF\xFE"), NULL },
		{ STR("f\xC3\xB6rmat"), "format" },
	};
	struct buf wrong = BUF_INIT(0);
	const char *got;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		got = text_nearest(cases[i].wrong, names, N(names));
		if (got != cases[i].nearest &&
		    (got == NULL || cases[i].nearest == NULL || strcmp(got, cases[i].nearest) != 0))
			fail_msg("'%s': %s", cases[i].wrong.data, got != NULL ? got : "none");
	}
	assert_null(text_nearest(STR("x"), names, 0));
	for (i = 0; i < 100000; i++)
		buf_putc(&wrong, 'x');
	assert_null(text_nearest(buf_str(&wrong), names, N(names)));
	buf_release(&wrong);
}

/* ---- nearest names, the long way ---- */

#define WORD 10

static unsigned word_cost(char a, char b)
{
	if (a == b)
		return 0;
	return text_fold((unsigned char)a) == text_fold((unsigned char)b) ? 1 : 1024;
}

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Insert, delete, exchange, swap of neighbours: all of the table. */
static unsigned whole_cost(const char *a, const char *b)
{
	unsigned table[WORD + 1][WORD + 1];
	size_t i, j, a_len = strlen(a), b_len = strlen(b);

	for (i = 0; i <= a_len; i++)
		for (j = 0; j <= b_len; j++) {
			if (i == 0 || j == 0) {
				table[i][j] = (unsigned)(i + j) * 1024;
				continue;
			}
			table[i][j] = smaller(table[i - 1][j - 1] + word_cost(a[i - 1], b[j - 1]),
					      smaller(table[i - 1][j], table[i][j - 1]) + 1024);
			if (i > 1 && j > 1 && word_cost(a[i - 1], b[j - 2]) < 1024 &&
			    word_cost(a[i - 2], b[j - 1]) < 1024)
				table[i][j] =
				    smaller(table[i][j], table[i - 2][j - 2] + 1024 +
							     word_cost(a[i - 1], b[j - 2]) +
							     word_cost(a[i - 2], b[j - 1]));
		}
	return table[a_len][b_len];
}

static void nearest_of_all(void **state)
{
	char words[6][WORD + 1];
	const char *names[5], *want;
	unsigned seed = 3, cost, least_cost, longer;
	size_t i, k, n, found = 0;

	(void)state;
	for (i = 0; i < 20000; i++) {
		for (k = 0; k < 6; k++) {
			seed = seed * 1103515245 + 12345;
			n = (seed >> 12) % (WORD + 1);
			words[k][n] = '\0';
			while (n > 0) {
				seed = seed * 1103515245 + 12345;
				words[k][--n] = "abcdABe!aa"[(seed >> 12) % 10];
			}
			if (k < 5)
				names[k] = words[k];
		}
		want = NULL;
		least_cost = UINT32_MAX;
		for (k = 0; k < 5; k++) {
			cost = whole_cost(words[5], words[k]);
			longer = (unsigned)(strlen(words[5]) > strlen(words[k]) ? strlen(words[5])
										: strlen(words[k]));
			if (cost >= least_cost || cost > (longer + 1) / 3 * 1024 + 1023)
				continue;
			least_cost = cost;
			want = names[k];
		}
		found += want != NULL;
		assert_ptr_equal(text_nearest(str_of(words[5]), names, 5), want);
	}
	assert_true(found > 2000 && found < 18000);
}

static void visible(void **state)
{
	static const struct {
		struct str s;
		const char *text;
	} cases[] = {
		{ STR(""), "" },
		{ STR("acme-ivs \\n"), "acme-ivs \\n" },
		{ STR("a\nb\tc\rd"), "a\\nb\\tc\\x0Dd" },
		{ STR("\0\x1B[31m\x7F"), "\\x00\\x1B[31m\\x7F" },
		{ STR("\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0"), "\\u{0080}\\u{009B}\\u{009F}\xC2\xA0" },
		{ STR("\xE2\x80\xAA\xE2\x80\xAE"), "\\u{202A}\\u{202E}" },
		{ STR("\xE2\x81\xA6\xE2\x81\xA9"), "\\u{2066}\\u{2069}" },
		{ STR("\xE2\x80\x8B\xE2\x80\x8F"), "\\u{200B}\\u{200F}" },
		{ STR("\xE2\x80\xA8\xE2\x80\xA9"), "\\u{2028}\\u{2029}" },
		{ STR("\xE2\x81\xA0\xEF\xBB\xBF\xD8\x9C"), "\\u{2060}\\u{FEFF}\\u{061C}" },
		{ STR("\xF3\xA0\x81\x81"), "\\u{E0041}" },
		{ STR("\xE2\x80\x90\xE2\x80\xAF"), "\xE2\x80\x90\xE2\x80\xAF" },
		{ STR("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
		  "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80" },
		{ STR("a\xFF\xC3(\xED\xA0\x80"), "a\\xFF\\xC3(\\xED\\xA0\\x80" },
		{ STR("\x80\x9B"), "\\x80\\x9B" }, /* C1 in eight bits */
	};
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		buf_clear(&b);
		buf_puts(&b, "");
		text_put_visible(&b, cases[i].s);
		assert_string_equal(b.data, cases[i].text);
	}
	buf_release(&b);
}

static void quoted(void **state)
{
	static const struct {
		struct str s;
		size_t most;
		const char *text;
	} cases[] = {
		{ STR(""), 10, "''" },
		{ STR("abc"), 3, "'abc'" },
		{ STR("abcd"), 3, "'abc'..." },
		{ STR("abc\n"), 4, "'abc\\n'" },
		{ STR("a\xE2\x82\xAC\xE2\x82\xAC"), 2, "'a\xE2\x82\xAC'..." },
		{ STR("\x1B\x1B"), 1, "'\\x1B'..." },
		{ STR("abc"), 0, "''..." },
	};
	struct buf b = BUF_INIT(0), small = BUF_INIT(8);
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		buf_clear(&b);
		text_put_quoted(&b, cases[i].s, cases[i].most);
		assert_string_equal(b.data, cases[i].text);
	}
	text_put_quoted(&small, STR("far too long for it"), SIZE_MAX);
	assert_true(small.failed);
	buf_release(&b);
	buf_release(&small);
}

/* At either end and between, also behind what only begins alike; NULs are bytes as others. */
static void test_has(void **state)
{
	(void)state;
	assert_true(text_has(STR("abcabd"), STR("abd")));
	assert_true(text_has(STR("abcabd"), STR("abcabd")));
	assert_true(text_has(STR("aab"), STR("ab")));
	assert_true(text_has(STR("a\0b"), STR("\0b")));
	assert_true(text_has(STR("a"), STR("")));
	assert_true(text_has(STR(""), STR("")));
	assert_false(text_has(STR(""), STR("a")));
	assert_false(text_has(STR("abcab"), STR("abd")));
	assert_false(text_has((struct str){ "abd", 2 }, STR("abd")));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has),
		cmocka_unit_test(utf8_valid),
		cmocka_unit_test(utf8_round_trip),
		cmocka_unit_test(lengths),
		cmocka_unit_test(width_list_in_order),
		cmocka_unit_test(nocase),
		cmocka_unit_test(glob),
		cmocka_unit_test(glob_is_linear),
		cmocka_unit_test(glob_check),
		cmocka_unit_test(day_cases),
		cmocka_unit_test(every_day),
		cmocka_unit_test(times),
		cmocka_unit_test(nearest),
		cmocka_unit_test(nearest_of_all),
		cmocka_unit_test(visible),
		cmocka_unit_test(quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
