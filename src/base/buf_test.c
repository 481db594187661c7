/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing bytes: contents, the ceiling, and that a failure sticks.
 */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static void puts_and_terminates(void **state)
{
	struct buf b = BUF_INIT(0);

	(void)state;
	assert_null(b.data);
	assert_int_equal(buf_str(&b).len, 0);
	assert_non_null(buf_str(&b).data);
	buf_put(&b, NULL, 0);
	assert_string_equal(b.data, "");
	buf_puts(&b, "a");
	buf_put(&b, "\0b", 2);
	buf_put_str(&b, STR("cd"));
	buf_putc(&b, 'e');
	buf_printf(&b, "%s-%03d", "f", 7);
	assert_true(str_equal(buf_str(&b), STR("a\0bcdef-007")));
	assert_int_equal(b.data[b.len], 0);
	buf_clear(&b);
	assert_string_equal(b.data, "");
	buf_release(&b);
	assert_null(b.data);
	buf_puts(&b, "again");
	assert_string_equal(b.data, "again");
	buf_release(&b);
	buf_release(&b);
}

static void numbers(void **state)
{
	struct buf b = BUF_INIT(0);

	(void)state;
	buf_put_uint(&b, 0);
	buf_putc(&b, ' ');
	buf_put_uint(&b, UINT64_MAX);
	buf_putc(&b, ' ');
	buf_put_int(&b, INT64_MIN);
	buf_putc(&b, ' ');
	buf_put_int(&b, INT64_MAX);
	buf_putc(&b, ' ');
	buf_put_int(&b, -1);
	assert_string_equal(b.data, "0 18446744073709551615 -9223372036854775808 "
				    "9223372036854775807 -1");
	buf_release(&b);
}

/* About every power of ten and of two, against what the library prints. */
static void digits(void **state)
{
	char wanted[32], got[BUF_UINT_SIZE + 1];
	uint64_t power, n;
	int i, by;

	(void)state;
	for (by = 2; by <= 10; by += 8) {
		for (power = 1, i = 0; i < (by == 2 ? 64 : 20); i++, power *= (uint64_t)by) {
			for (n = power - 3; n != power + 3; n++) {
				snprintf(wanted, sizeof(wanted), "%llu", (unsigned long long)n);
				*buf_uint_at(got, n) = '\0';
				assert_string_equal(got, wanted);
			}
		}
	}
}

static void ceiling(void **state)
{
	struct buf b = BUF_INIT(5);

	(void)state;
	buf_puts(&b, "abc");
	buf_puts(&b, "def");
	assert_true(b.failed);
	assert_string_equal(b.data, "abc");
	/* it sticks: a later piece that would fit must not make a text with a hole */
	buf_puts(&b, "d");
	buf_printf(&b, "%d", 1);
	assert_string_equal(b.data, "abc");
	assert_null(buf_reserve(&b, 0));
	buf_clear(&b);
	assert_false(b.failed);
	buf_puts(&b, "12345");
	assert_false(b.failed);
	assert_int_equal(b.len, 5);
	buf_printf(&b, "%s", "");
	assert_false(b.failed);
	buf_printf(&b, "%s", "6");
	assert_true(b.failed);
	assert_string_equal(b.data, "12345");
	buf_release(&b);
	assert_int_equal(b.limit, 5);
	assert_false(b.failed);
}

static void reserve(void **state)
{
	struct buf b = BUF_INIT(1000);
	char *to = buf_reserve(&b, 1000);
	size_t i;

	(void)state;
	assert_non_null(to);
	for (i = 0; i < 1000; i++)
		to[i] = 'x';
	b.len += 1000;
	b.data[b.len] = '\0';
	assert_true(b.cap <= 1001);
	assert_null(buf_reserve(&b, SIZE_MAX));
	assert_true(b.failed);
	buf_release(&b);
	b.limit = 0;
	assert_null(buf_reserve(&b, SIZE_MAX - 1));
	assert_true(b.failed);
	buf_release(&b);
}

static void grows(void **state)
{
	struct buf b = BUF_INIT(0);
	size_t i, moves = 0, cap = 0;

	(void)state;
	for (i = 0; i < 1000000; i++) {
		buf_putc(&b, (char)i);
		moves += b.cap != cap;
		cap = b.cap;
	}
	for (i = 0; i < b.len; i++)
		if (b.data[i] != (char)i)
			fail_msg("byte %zu", i);
	assert_true(moves < 40);
	buf_release(&b);
}

static void drops(void **state)
{
	struct buf b = BUF_INIT(0);

	(void)state;
	buf_drop(&b, 0);
	assert_int_equal(b.len, 0);
	buf_puts(&b, "abcdef");
	buf_drop(&b, 0);
	assert_string_equal(b.data, "abcdef");
	buf_drop(&b, 4);
	assert_string_equal(b.data, "ef");
	assert_int_equal(b.len, 2);
	buf_drop(&b, 2);
	assert_string_equal(b.data, "");
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_and_terminates),
		cmocka_unit_test(numbers),
		cmocka_unit_test(digits),
		cmocka_unit_test(ceiling),
		cmocka_unit_test(reserve),
		cmocka_unit_test(grows),
		cmocka_unit_test(drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
