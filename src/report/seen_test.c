/* SPDX-License-Identifier: Apache-2.0 */
#include "report/seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct str name_of(char *to, size_t size, unsigned number)
{
	snprintf(to, size, "arn:aws:ivs:us-west-2:123456789012:recording-configuration/%u", number);
	return str_of(to);
}

/* As many as an estate has, that differ in their ends alone. */
static void test_new_names(void **state)
{
	struct seen seen = { .bits = NULL };
	char name[100];
	unsigned i;

	(void)state;
	for (i = 0; i < 100000; i++)
		assert_int_equal(seen_times(&seen, name_of(name, sizeof(name), i)), 0);
	for (i = 0; i < 100000; i++)
		assert_true(seen_before(&seen, name_of(name, sizeof(name), i)));
	seen_release(&seen);
	assert_null(seen.bits);
}

/* However often one comes, its numbers differ; other names do not count for it. */
static void test_one_name(void **state)
{
	struct seen seen = { .bits = NULL };
	uint64_t before = 0, now;
	char name[100];
	unsigned i;

	(void)state;
	assert_int_equal(seen_times(&seen, STR("a")), 0);
	assert_int_equal(seen_times(&seen, STR("b")), 0);
	assert_int_equal(seen_times(&seen, STR("")), 0);
	for (i = 1; i <= 1000; i++) {
		now = seen_times(&seen, STR("a"));
		assert_true(i > 64 ? now > before : now == i);
		before = now;
		assert_int_equal(seen_times(&seen, name_of(name, sizeof(name), i)), 0);
	}
	assert_int_equal(seen_times(&seen, STR("b")), 1);
	seen_release(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_names),
		cmocka_unit_test(test_one_name),
	};

	return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
