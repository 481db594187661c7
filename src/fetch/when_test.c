/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates as services spell them, and what only looks like one.
 */
#include "fetch/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void iso(void **state)
{
	static const struct {
		struct str text;
		int64_t want;
	} good[] = {
		{ STR("1970-01-01T00:00:00Z"), 0 },
		{ STR("2015-08-30T12:36:00Z"), 1440938160 },
		{ STR("2015-08-30T12:36:00.987654Z"), 1440938160 },
		{ STR("2015-08-30T12:36:00UTC"), 1440938160 },
		{ STR("2015-08-30T14:36:00+02:00"), 1440938160 },
		{ STR("2015-08-30T12:06:00-00:30"), 1440938160 },
		/* as Python's %z has it, in programs of users */
		{ STR("2015-08-30T14:36:00+0200"), 1440938160 },
	};
	static const struct str bad[] = {
		STR(""),
		STR("2015-08-30"),
		STR("2015-08-30T12:36:00"),
		STR("2015-08-30 12:36:00Z"),
		STR("2015-02-30T12:36:00Z"),
		STR("2015-08-30T24:36:00Z"),
		STR("2015-08-30T12:36:00.Z"),
		STR("2015-08-30T12:36:00Z "),
		STR("2015-08-30T12:36:00+02"),
		STR("2015-08-30T12:36:00+02:0"),
		STR("2015-08-30T12:36:00Z\0"),
	};
	int64_t got;
	size_t i;

	(void)state;
	for (i = 0; i < N(good); i++) {
		assert_true(when_parse_iso(good[i].text, &got));
		assert_int_equal(got, good[i].want);
	}
	for (i = 0; i < N(bad); i++)
		assert_false(when_parse_iso(bad[i], &got));
}

static void http(void **state)
{
	static const struct str bad[] = {
		STR(""),
		STR("Sun, 06 Nov 1994 08:49:37 CET"),
		STR("Sunday, 06-Nov-94 08:49:37 GMT"),
		STR("Sun, 31 Nov 1994 08:49:37 GMT"),
		STR("Sun, 06 Nox 1994 08:49:37 GMT"),
	};
	int64_t got;
	size_t i;

	(void)state;
	assert_true(when_parse_http(STR("Sun, 06 Nov 1994 08:49:37 GMT"), &got));
	assert_int_equal(got, 784111777);
	for (i = 0; i < N(bad); i++)
		assert_false(when_parse_http(bad[i], &got));
}

static void written(void **state)
{
	char basic[WHEN_BASIC_SIZE], text[21];

	(void)state;
	when_basic(1440938160, basic);
	assert_string_equal(basic, "20150830T123600Z");
	when_iso(1440938160, text);
	assert_string_equal(text, "2015-08-30T12:36:00Z");
	when_basic(INT64_MAX, basic);
	assert_string_equal(basic, "99991231T235959Z");
	when_basic(INT64_MIN, basic);
	assert_string_equal(basic, "00010101T000000Z");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso),
		cmocka_unit_test(http),
		cmocka_unit_test(written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
