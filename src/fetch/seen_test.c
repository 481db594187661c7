/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seen texts: each once, also past several growths.
 */
#include "fetch/seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static void each_once(void **state)
{
	struct seen s = { 0 };
	char text[20];
	int round, i;

	(void)state;
	for (round = 0; round < 2; round++)
		for (i = 0; i < 3000; i++) {
			snprintf(text, sizeof(text), "arn-%d", i);
			assert_int_equal(seen_add(&s, str_of(text)), round == 1);
		}
	assert_int_equal(s.n, 3000);
	assert_false(seen_add(&s, STR("")));
	assert_true(seen_add(&s, STR("")));
	seen_release(&s);
	seen_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_once) };

	return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
