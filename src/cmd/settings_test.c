/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is taken for the present time, which waivers and reports go by.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
/* after those that it needs */
#include <cmocka.h>

#include "cmd/cmd.h"

static void test_epoch(void **state)
{
	static const struct {
		const char *epoch;
		int64_t now; /* -1: that of the clock */
	} rows[] = {
		{ "0", 0 },
		{ "1767225600", 1767225600 },
		{ "0001767225600", 1767225600 },
		{ "253402300799", INT64_C(253402300799) },
		{ "253402300800", -1 },
		{ "900000000000000000", -1 },
		{ "99999999999999999999999", -1 },
		{ "", -1 },
		{ "-1", -1 },
		{ "1e9", -1 },
		{ " 1", -1 },
	};
	static char name[] = "check";
	char *argv[] = { name, NULL };
	struct settings s;
	int64_t before;
	int status;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setenv("SOURCE_DATE_EPOCH", rows[i].epoch, 1);
		before = (int64_t)time(NULL);
		assert_int_equal(settings_parse(&s, &cmd_check, 1, argv, &status), 0);
		if (rows[i].now != -1 ? s.now != rows[i].now
				      : s.now < before || s.now > (int64_t)time(NULL))
			fail_msg("%s: %lld", rows[i].epoch, (long long)s.now);
		assert_int_equal(s.as_of, s.now / 86400);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_epoch) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
