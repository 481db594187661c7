/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days and times of the calendar that ISO 8601 extends backwards, always UTC.
 */
#include "base/text.h"

#define DAYS_TO_1970 719162  /* from 0001-01-01 */
#define LAST_DAY     2932896 /* 9999-12-31 */
#define DAY_SECONDS  86400

/* Days before each month of a common year. */
static const int16_t before_month[] = {
	0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365
};

static bool is_leap(int32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days before `month` (1 to 13) of the year. */
static int32_t days_before(int32_t year, int32_t month)
{
	return before_month[month - 1] + (month > 2 && is_leap(year));
}

static bool digits(struct str s, size_t at, size_t n, int32_t *number)
{
	size_t i;

	*number = 0;
	for (i = at; i < at + n; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		*number = *number * 10 + (s.data[i] - '0');
	}
	return true;
}

bool text_day(struct str s, int32_t *day)
{
	int32_t y, m, d, before;

	if (s.len != 10 || s.data[4] != '-' || s.data[7] != '-')
		return false;
	if (!digits(s, 0, 4, &y) || !digits(s, 5, 2, &m) || !digits(s, 8, 2, &d))
		return false;
	if (y < 1 || m < 1 || m > 12 || d < 1 || d > days_before(y, m + 1) - days_before(y, m))
		return false;
	before = y - 1;
	*day = before * 365 + before / 4 - before / 100 + before / 400 + days_before(y, m) + d - 1 -
	       DAYS_TO_1970;
	return true;
}

/* How many whole periods fit; the last of four is a day longer than the rest. */
static int32_t take_period(int32_t *days, int32_t period, int32_t most)
{
	int32_t n = *days / period;

	if (n > most)
		n = most;
	*days -= n * period;
	return n;
}

void text_day_put(struct buf *b, int32_t day)
{
	int32_t year, month = 1;

	if (day < -DAYS_TO_1970)
		day = -DAYS_TO_1970;
	if (day > LAST_DAY)
		day = LAST_DAY;
	day += DAYS_TO_1970;
	year = 1 + 400 * take_period(&day, 146097, INT32_MAX);
	year += 100 * take_period(&day, 36524, 3);
	year += 4 * take_period(&day, 1461, INT32_MAX);
	year += take_period(&day, 365, 3);
	while (day >= days_before(year, month + 1))
		month++;
	buf_printf(b, "%04d-%02d-%02d", (int)year, (int)month,
		   (int)(day - days_before(year, month) + 1));
}

void text_time_put(struct buf *b, int64_t seconds)
{
	int64_t day;
	int second;

	if (seconds < (int64_t)-DAYS_TO_1970 * DAY_SECONDS)
		seconds = (int64_t)-DAYS_TO_1970 * DAY_SECONDS;
	if (seconds >= ((int64_t)LAST_DAY + 1) * DAY_SECONDS)
		seconds = ((int64_t)LAST_DAY + 1) * DAY_SECONDS - 1;
	day = seconds / DAY_SECONDS;
	if (seconds % DAY_SECONDS < 0)
		day--;
	second = (int)(seconds - day * DAY_SECONDS);
	text_day_put(b, (int32_t)day);
	buf_printf(b, "T%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
}
