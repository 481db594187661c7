/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time. Knows three spellings of a date; does not know what
 * happened then, nor what time it is.
 */
#include "fetch/when.h"

#include <stdio.h>

#include "base/text.h"

#define DAY          86400
#define FIRST_SECOND ((int64_t)-719162 * DAY) /* 0001-01-01 */
#define LAST_SECOND  ((int64_t)2932897 * DAY - 1)

/* Takes n digits from the front. */
static bool digits(struct str *s, size_t n, int *value)
{
	size_t i;

	*value = 0;
	if (s->len < n)
		return false;
	for (i = 0; i < n; i++) {
		if (s->data[i] < '0' || s->data[i] > '9')
			return false;
		*value = 10 * *value + (s->data[i] - '0');
	}
	s->data += n;
	s->len -= n;
	return true;
}

static bool take(struct str *s, struct str what)
{
	if (!str_starts(*s, what))
		return false;
	s->data += what.len;
	s->len -= what.len;
	return true;
}

static bool clock_time(struct str *s, int64_t *seconds)
{
	int hour, minute, second;

	if (!digits(s, 2, &hour) || !take(s, STR(":")) || !digits(s, 2, &minute) ||
	    !take(s, STR(":")) || !digits(s, 2, &second) || hour > 23 || minute > 59 || second > 60)
		return false;
	*seconds = (int64_t)hour * 3600 + minute * 60 + second;
	return true;
}

static void drop_fraction(struct str *s)
{
	if (s->len < 2 || s->data[0] != '.' || s->data[1] < '0' || s->data[1] > '9')
		return;
	take(s, STR("."));
	while (s->len != 0 && s->data[0] >= '0' && s->data[0] <= '9') {
		s->data++;
		s->len--;
	}
}

static bool zone(struct str s, int64_t *offset)
{
	int hour, minute, sign = 1;

	*offset = 0;
	if (str_is(s, "Z") || str_is(s, "UTC"))
		return true;
	if (take(&s, STR("-")))
		sign = -1;
	else if (!take(&s, STR("+")))
		return false;
	if (!digits(&s, 2, &hour))
		return false;
	(void)take(&s, STR(":"));
	if (!digits(&s, 2, &minute) || s.len != 0 || hour > 23 || minute > 59)
		return false;
	*offset = (int64_t)sign * (hour * 3600 + minute * 60);
	return true;
}

bool when_parse_iso(struct str s, int64_t *seconds)
{
	struct str date = { s.data, s.len < 10 ? s.len : 10 };
	int64_t of_day, offset;
	int32_t day;

	if (!text_day(date, &day))
		return false;
	s.data += 10;
	s.len -= 10;
	if (!take(&s, STR("T")) || !clock_time(&s, &of_day))
		return false;
	drop_fraction(&s);
	if (!zone(s, &offset))
		return false;
	*seconds = (int64_t)day * DAY + of_day - offset;
	return true;
}

bool when_parse_http(struct str s, int64_t *seconds)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char date[40]; /* the numbers are smaller than a compiler can tell */
	int64_t of_day;
	int32_t number;
	int day, year, month;

	if (s.len != 29) /* the day of the week says nothing new */
		return false;
	s.data += 3;
	s.len -= 3;
	if (!take(&s, STR(", ")) || !digits(&s, 2, &day) || !take(&s, STR(" ")))
		return false;
	for (month = 0; month < 12; month++)
		if (memcmp(months + (size_t)3 * (size_t)month, s.data, 3) == 0)
			break;
	s.data += 3;
	s.len -= 3;
	if (month == 12 || !take(&s, STR(" ")) || !digits(&s, 4, &year) || !take(&s, STR(" ")) ||
	    !clock_time(&s, &of_day) || !str_is(s, " GMT"))
		return false;
	snprintf(date, sizeof(date), "%04d-%02d-%02d", year, month + 1, day);
	if (!text_day(str_of(date), &number))
		return false;
	*seconds = (int64_t)number * DAY + of_day;
	return true;
}

void when_iso(int64_t seconds, char text[21])
{
	struct buf b = BUF_INIT(0);

	if (seconds < FIRST_SECOND)
		seconds = FIRST_SECOND;
	if (seconds > LAST_SECOND)
		seconds = LAST_SECOND;
	text_time_put(&b, seconds);
	snprintf(text, 21, "%sZ", b.data);
	buf_release(&b);
}

void when_basic(int64_t seconds, char text[WHEN_BASIC_SIZE])
{
	char iso[21];
	size_t i, n = 0;

	when_iso(seconds, iso);
	for (i = 0; iso[i] != '\0' && n < WHEN_BASIC_SIZE - 1; i++)
		if (iso[i] != '-' && iso[i] != ':')
			text[n++] = iso[i];
	text[n] = '\0';
}
