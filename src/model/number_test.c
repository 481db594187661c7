/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers: what is one, that none loses a digit, order, multiples, printing.
 */
#include "model/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define TEN(x) x x x x x x x x x x

static struct number number(const char *text)
{
	struct number n;

	if (!number_parse(str_of(text), &n))
		fail_msg("'%s' is no number", text);
	return n;
}

static void test_parse_and_put(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "0.000", "0" },
		{ "0e999999999999", "0" },
		{ "60", "60" },
		{ "-1", "-1" },
		{ "0.5", "0.5" },
		{ "1.50", "1.5" },
		{ "100", "100" },
		{ "1e2", "100" },
		{ "1E+2", "100" },
		{ "12.5e-1", "1.25" },
		{ "5e-3", "0.005" },
		{ "1.0", "1" },
		{ "9007199254740993", "9007199254740993" },
		{ "999999999999999999", "999999999999999999" },
		{ "-999999999999999999", "-999999999999999999" },
		{ "0.000000000000000001", "0.000000000000000001" },
		{ "0.0000000000000000001", "1e-19" },
		{ "1000000000000000000000", "1e21" },
		{ "1.00000000000000000000000000000", "1" },
		{ "123e-30", "1.23e-28" },
		{ "1e400", "1e400" },
		{ "1e-400", "1e-400" },
		{ "123456789012345678e3", "1.23456789012345678e20" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = BUF_INIT(0);
		struct number n = number(cases[i].text), again;

		number_put(&b, n);
		assert_string_equal(b.data, cases[i].shown);
		again = number(b.data);
		assert_int_equal(again.mantissa, n.mantissa);
		assert_int_equal(again.exponent, n.exponent);
		buf_release(&b);
	}
}

static void test_not_numbers(void **state)
{
	static const char *const cases[] = {
		"",
		"-",
		"+1",
		"01",
		"-01",
		"1.",
		".5",
		"1e",
		"1e+",
		"1.e3",
		" 1",
		"1 ",
		"0x1F",
		"1_000",
		"NaN",
		"Infinity",
		"--1",
		"1-",
		"1e1.5",
		"\xD9",
		"1,5",
		"1e401",
		"1e-401",
		"00",
		"1234567890123456789",
		"0.1234567890123456789",
		"1000000000000000001",
		"1e99999999999999999999",
		"1e2222222222222222",
		"1e-2222222222",
		"1" TEN(TEN("0")) TEN(TEN("0")) TEN(TEN("0")) TEN(TEN("0")) TEN("0"),
	};
	struct number n;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (number_parse(str_of(cases[i]), &n))
			fail_msg("'%s' is taken for a number", cases[i]);
	assert_false(number_parse((struct str){ "1\0", 2 }, &n));
}

static void test_equal_forms_are_one(void **state)
{
	static const char *const forms[] = { "1000", "1e3", "1000.0", "0.1e4", "10000e-1" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_int_equal(number(forms[i]).mantissa, 1000);
		assert_int_equal(number(forms[i]).exponent, 0);
	}
}

static void test_compare(void **state)
{
	static const char *const ascending[] = {
		"-1e400",
		"-1e19",
		"-999999999999999999",
		"-2",
		"-1.5",
		"-1",
		"-1e-400",
		"0",
		"1e-400",
		"1e-19",
		"0.1",
		"0.3",
		"1",
		"1.5",
		"2",
		"10",
		"60",
		"9007199254740992",
		"9007199254740993",
		"999999999999999999",
		"1e18",
		"1e19",
		"1.1e19",
		"1e400",
	};
	int i, j, n = sizeof(ascending) / sizeof(ascending[0]);

	(void)state;
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			if (number_compare(number(ascending[i]), number(ascending[j])) !=
			    (i < j ? -1 : i > j))
				fail_msg("%s and %s", ascending[i], ascending[j]);
	assert_int_equal(number_compare(number_of_int(INT64_MIN), number_of_int(INT64_MAX)), -1);
	assert_int_equal(number_compare(number_of_int(INT64_MIN), number("-1e19")), 1);
	/* not in normal form: they come from arithmetic */
	assert_int_equal(number_compare((struct number){ 50, -1 }, number_of_int(5)), 0);
}

static void test_multiple(void **state)
{
	static const struct {
		const char *a, *step;
		bool holds;
	} cases[] = {
		{ "60", "2", true },
		{ "61", "2", false },
		{ "0", "7", true },
		{ "0.3", "0.1", true },
		{ "0.35", "0.1", false },
		{ "1", "0", false },
		{ "0", "0", false },
		{ "-6", "3", true },
		{ "6", "-3", true },
		{ "1e300", "3", false },
		{ "1e300", "4", true },
		{ "2", "4", false },
		{ "5", "2.5", true },
		{ "1e-5", "1", false },
		{ "1e400", "1e-400", true },
		{ "1e400", "7e-400", false },
		{ "30", "1e1", true },
		{ "35", "1e1", false },
		{ "1e400", "999999999999999999", false },
		{ "999999999999999999e3", "999999999999999999", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (number_is_multiple(number(cases[i].a), number(cases[i].step)) != cases[i].holds)
			fail_msg("%s of %s", cases[i].a, cases[i].step);
	assert_true(number_is_multiple(number_of_int(INT64_MIN), number_of_int(2)));
	assert_true(number_is_multiple(number_of_int(INT64_MIN), number_of_int(INT64_MIN)));
	assert_true(
	    number_is_multiple((struct number){ 1, 3 }, (struct number){ INT64_MIN, -70 }) == true);
}

static void test_odd(void **state)
{
	static const char *const odd[] = { "0x1F",
					   "0o17",
					   ".5",
					   "5.",
					   "-.5",
					   "+.5",
					   "5.e3",
					   ".inf",
					   "-.inf",
					   "+.INF",
					   ".nan",
					   ".NaN",
					   "1234567890123456789",
					   "+1234567890123456789",
					   "1e999",
					   "-1e999",
					   ".5e-3" };
	static const char *const plain[] = { "",
					     ".",
					     "+",
					     "-",
					     "1",
					     "+1",
					     "1.5",
					     "abc",
					     "0x",
					     "0xg",
					     "012345678901",
					     "2027-03-31",
					     "1:30",
					     "..5",
					     "5..",
					     "1.2.3",
					     "e5",
					     ".e5",
					     "-.nan",
					     "1_000",
					     "10.0.0.1",
					     "0o8",
					     "infinity" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		if (!number_looks_odd(str_of(odd[i])))
			fail_msg("'%s' does not look odd", odd[i]);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (number_looks_odd(str_of(plain[i])))
			fail_msg("'%s' looks odd", plain[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_and_put),
		cmocka_unit_test(test_not_numbers),
		cmocka_unit_test(test_equal_forms_are_one),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_multiple),
		cmocka_unit_test(test_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
