/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Borrowed bytes: a NUL is a byte like any other.
 */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void order(void **state)
{
	/* ascending, each unlike all others */
	static const struct str sorted[] = {
		STR(""),   STR("\0"),       STR("\0\0"),         STR("A"),
		STR("a"),  STR("a\0"),      STR("a\0b"),         STR("aa"),
		STR("ab"), STR("\xC3\xA9"), STR("\xE2\x82\xAC"), STR("\xFF"),
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < N(sorted); i++) {
		for (j = 0; j < N(sorted); j++) {
			int compared = str_compare(sorted[i], sorted[j]);

			assert_int_equal((compared > 0) - (compared < 0), (i > j) - (i < j));
			assert_int_equal(str_equal(sorted[i], sorted[j]), i == j);
		}
	}
}

/* Every length, every place where one byte differs. */
static void same(void **state)
{
	char a[40], b[40];
	size_t n, at;

	(void)state;
	for (n = 0; n <= sizeof(a); n++) {
		memset(a, 'a', sizeof(a));
		memset(b, 'b', sizeof(b));
		memset(b, 'a', n);
		assert_true(str_same(a, b, n));
		for (at = 0; at < n; at++) {
			b[at] ^= 1;
			assert_false(str_same(a, b, n));
			b[at] ^= 1;
		}
	}
}

/* Every length: those bytes, and none beside them. */
static void put(void **state)
{
	char from[80], to[80];
	size_t n, i;

	(void)state;
	for (i = 0; i < sizeof(from); i++)
		from[i] = (char)(i + 1);
	for (n = 0; n <= sizeof(to) - 2; n++) {
		memset(to, 0, sizeof(to));
		str_put(to + 1, from, n);
		assert_int_equal(to[0], 0);
		assert_memory_equal(to + 1, from, n);
		for (i = n + 1; i < sizeof(to); i++)
			assert_int_equal(to[i], 0);
	}
}

static void parts(void **state)
{
	(void)state;
	assert_true(str_starts(STR("acme-prod"), STR("acme-")));
	assert_true(str_starts(STR("acme"), STR("")));
	assert_false(str_starts(STR("acme"), STR("acme-")));
	assert_false(str_starts(STR("a\0c"), STR("a\0b")));
	assert_true(str_ends(STR("acme-prod"), STR("-prod")));
	assert_true(str_ends(STR(""), STR("")));
	assert_false(str_ends(STR("prod"), STR("-prod")));
	assert_true(str_is(STR("acme"), "acme"));
	assert_false(str_is(STR("acme\0x"), "acme"));
	assert_int_equal(str_of("acme").len, 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(order),
		cmocka_unit_test(same),
		cmocka_unit_test(put),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
