/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of verdicts and severities.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>

#include "rule/finding.h"

static void test_names(void **state)
{
	static const char *const verdicts[N_VERDICTS] = { "pass",           "fail",      "waived",
							  "not-applicable", "undecided", "error" };
	static const char *const severities[N_SEVERITIES] = { "info", "low", "medium", "high",
							      "critical" };
	enum severity s;
	int i;

	(void)state;
	for (i = 0; i < N_VERDICTS; i++)
		assert_string_equal(verdict_name((enum verdict)i), verdicts[i]);
	for (i = 0; i < N_SEVERITIES; i++) {
		assert_string_equal(severity_name((enum severity)i), severities[i]);
		assert_true(severity_find(str_of(severities[i]), &s));
		assert_int_equal(s, i);
	}
	assert_false(severity_find(STR("High"), &s));
	assert_false(severity_find(STR(""), &s));
	assert_false(severity_find(((struct str){ "low\0", 4 }), &s));
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_names) };

	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
