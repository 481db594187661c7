/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paces against a clock that is set: evenly, never more in any second than the
 * quota has, nearly as many, each bucket for itself.
 */
#include "fetch/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SECOND INT64_C(1000000)

/* Starts of calls with a clock that ticks in steps of `tick_us`. */
static void run(struct pace *p, int64_t *starts, int n, int64_t tick_us)
{
	int64_t now = 1000 * SECOND;
	int i;

	for (i = 0; i < n; now += tick_us)
		if (pace_may(p, now)) {
			pace_took(p, now);
			starts[i++] = now;
		}
}

static void evenly(void **state)
{
	static const int64_t ticks[] = { 100, 1000, 1700, 5000 };
	int64_t starts[100];
	struct pace p;
	size_t t;
	int i;

	(void)state;
	for (t = 0; t < sizeof(ticks) / sizeof(ticks[0]); t++) {
		pace_init(&p, 3);
		run(&p, starts, 100, ticks[t]);
		assert_int_equal(starts[0], 1000 * SECOND);
		/* never a fourth within a second of the first */
		for (i = 3; i < 100; i++)
			assert_true(starts[i] - starts[i - 3] > SECOND);
		/* and no more than a twentieth slower than the quota allows */
		assert_true(starts[99] - starts[0] < 33 * SECOND * 105 / 100);
	}
}

static void after_a_pause(void **state)
{
	int64_t now = 5 * SECOND;
	struct pace p;
	int n = 0;

	(void)state;
	pace_init(&p, 3);
	pace_took(&p, now);
	/* a long rest gives no right to a burst */
	for (now = 60 * SECOND; now < 61 * SECOND; now += 1000)
		if (pace_may(&p, now)) {
			pace_took(&p, now);
			n++;
		}
	assert_int_equal(n, 3);
}

static void throttled(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 3);
	pace_took(&p, SECOND);
	pace_throttled(&p, SECOND + 100);
	assert_false(pace_may(&p, 2 * SECOND));
	assert_true(pace_may(&p, 2 * SECOND + 100));
}

static void unbounded(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 0);
	pace_took(&p, 7);
	pace_throttled(&p, 7);
	assert_true(pace_may(&p, 7));
}

static void buckets(void **state)
{
	struct pace_table *t = pace_table_new();
	struct pace *p = pace_find(t, "Get", STR("1"), STR("r"), 3);

	(void)state;
	assert_ptr_equal(pace_find(t, "Get", STR("1"), STR("r"), 3), p);
	assert_ptr_not_equal(pace_find(t, "List", STR("1"), STR("r"), 3), p);
	assert_ptr_not_equal(pace_find(t, "Get", STR("2"), STR("r"), 3), p);
	assert_ptr_not_equal(pace_find(t, "Get", STR("1"), STR("s"), 3), p);
	pace_took(p, SECOND);
	assert_false(pace_may(p, SECOND));
	assert_true(pace_may(pace_find(t, "Get", STR("2"), STR("r"), 3), SECOND));
	pace_table_free(t);
	pace_table_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evenly),    cmocka_unit_test(after_a_pause),
		cmocka_unit_test(throttled), cmocka_unit_test(unbounded),
		cmocka_unit_test(buckets),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
