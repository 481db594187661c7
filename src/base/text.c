/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text without a locale. Knows UTF-8, the calendar and what a terminal does
 * with a character; does not know where a text comes from or what it means.
 */
#include "base/text.h"

#include <string.h>

#include "base/limit.h"

#define LAST_POINT  0x10FFFF
#define NOT_A_POINT (LAST_POINT + 1) /* plus the byte, for an ill-formed one */
#define NONE        ((size_t)-1)

/* ---- UTF-8 ---------------------------------------------------------------- */

static bool is_trail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

size_t text_utf8_step(const char *p, size_t size)
{
	unsigned char first, second;
	size_t step;

	if (size == 0)
		return 0;
	first = (unsigned char)p[0];
	if (first < 0x80)
		return 1;
	if (first < 0xC2 || first > 0xF4)
		return 0;
	step = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	if (size < step)
		return 0;
	/* RFC 3629, section 4: only the second byte has ranges of its own */
	second = (unsigned char)p[1];
	if (!is_trail(p[1]) || (first == 0xE0 && second < 0xA0) ||
	    (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
	    (first == 0xF4 && second > 0x8F))
		return 0;
	if (step > 2 && !is_trail(p[2]))
		return 0;
	if (step > 3 && !is_trail(p[3]))
		return 0;
	return step;
}

uint32_t text_utf8_point(const char *p, size_t step)
{
	static const unsigned char lead_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	uint32_t point = (unsigned char)p[0] & lead_bits[step];
	size_t i;

	for (i = 1; i < step; i++)
		point = point << 6 | ((unsigned char)p[i] & 0x3F);
	return point;
}

size_t text_utf8_put(char to[4], uint32_t point)
{
	static const unsigned char leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	size_t step = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	size_t i;

	for (i = step - 1; i > 0; i--) {
		to[i] = (char)(0x80 | (point & 0x3F));
		point >>= 6;
	}
	to[0] = (char)(leads[step] | point);
	return step;
}

/* How many bytes from p are ASCII, told eight at a time: nearly all text is. */
static size_t ascii_run(const char *p, size_t size)
{
	size_t i = 0;
	uint64_t word;

	for (; size - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (i < size && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

size_t text_utf8_valid(struct str s)
{
	size_t at = 0, step;

	for (;;) {
		at += ascii_run(s.data + at, s.len - at);
		if (at == s.len)
			return at;
		step = text_utf8_step(s.data + at, s.len - at);
		if (step == 0)
			return at;
		at += step;
	}
}

size_t text_length(struct str s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += !is_trail(s.data[i]);
	return n;
}

/* The next code point, or NOT_A_POINT and more for a byte that is none. */
static uint32_t next_point(struct str s, size_t *at)
{
	size_t step = text_utf8_step(s.data + *at, s.len - *at);
	uint32_t point;

	if (step == 0)
		return NOT_A_POINT + (unsigned char)s.data[(*at)++];
	point = text_utf8_point(s.data + *at, step);
	*at += step;
	return point;
}

/* ---- comparing ------------------------------------------------------------- */

static uint32_t fold(uint32_t point)
{
	return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
}

bool text_equal_nocase_ascii(struct str a, struct str b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++)
		if (fold((unsigned char)a.data[i]) != fold((unsigned char)b.data[i]))
			return false;
	return true;
}

/* ---- shell patterns -------------------------------------------------------- */

/* One member of a set, `\` undone. NULL, or what is wrong. */
static const char *set_point(struct str pattern, size_t *at, uint32_t *point)
{
	if (*at < pattern.len && pattern.data[*at] == '\\')
		(*at)++;
	if (*at == pattern.len)
		return "a '[' without its ']'";
	*point = next_point(pattern, at);
	return NULL;
}

/*
 * Reads a set whose `[` is passed already, and says whether `point` is in it.
 * A `]` that comes first is a member (POSIX.1-2008, XCU 2.13.1).
 */
static const char *set_read(struct str pattern, size_t *at, uint32_t point, bool *found)
{
	bool negated = false, in = false, first = true;
	const char *wrong;
	uint32_t low, high;

	if (*at < pattern.len && (pattern.data[*at] == '!' || pattern.data[*at] == '^')) {
		negated = true;
		(*at)++;
	}
	for (;; first = false) {
		if (*at < pattern.len && pattern.data[*at] == ']' && !first)
			break;
		/* taken for members, [:digit:] would quietly mean something else */
		if (pattern.len - *at >= 2 && pattern.data[*at] == '[' &&
		    strchr(":.=", pattern.data[*at + 1]) != NULL && pattern.data[*at + 1] != '\0')
			return "a named class such as [:digit:], which is not supported: "
			       "write a range, or '\\[' for the character";
		wrong = set_point(pattern, at, &low);
		if (wrong != NULL)
			return wrong;
		high = low;
		if (pattern.len - *at >= 2 && pattern.data[*at] == '-' &&
		    pattern.data[*at + 1] != ']') {
			(*at)++;
			wrong = set_point(pattern, at, &high);
			if (wrong != NULL)
				return wrong;
			if (high < low)
				return "a range that ends before it begins";
		}
		in |= low <= point && point <= high;
	}
	(*at)++;
	*found = in != negated;
	return NULL;
}

/* Matches one element of the pattern, which is not `*`, with one code point. */
static bool glob_one(struct str pattern, size_t *p, struct str text, size_t *t)
{
	uint32_t point = next_point(text, t);
	bool found = false;

	switch (pattern.data[*p]) {
	case '?':
		(*p)++;
		return true;
	case '[':
		(*p)++;
		return set_read(pattern, p, point, &found) == NULL && found;
	case '\\':
		(*p)++;
		if (*p == pattern.len)
			return false;
		break;
	default:
		break;
	}
	return next_point(pattern, p) == point;
}

/*
 * A later star can do whatever an earlier one could, so only the last one is
 * ever gone back to: text times pattern at worst, no recursion.
 */
bool text_glob(struct str pattern, struct str text)
{
	size_t p = 0, t = 0, star = NONE, mark = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.data[p] == '*') {
			star = ++p;
			mark = t;
			if (star == pattern.len)
				return true;
			continue;
		}
		if (p < pattern.len && glob_one(pattern, &p, text, &t))
			continue;
		if (star == NONE)
			return false;
		(void)next_point(text, &mark);
		t = mark;
		p = star;
	}
	while (p < pattern.len && pattern.data[p] == '*')
		p++;
	return p == pattern.len;
}

const char *text_glob_check(struct str pattern)
{
	const char *wrong;
	bool found;
	size_t p = 0;

	if (text_utf8_valid(pattern) != pattern.len)
		return "bytes that are not UTF-8";
	while (p < pattern.len) {
		switch (pattern.data[p++]) {
		case '[':
			wrong = set_read(pattern, &p, 0, &found);
			if (wrong != NULL)
				return wrong;
			break;
		case '\\':
			if (p == pattern.len)
				return "a '\\' with nothing after it";
			(void)next_point(pattern, &p);
			break;
		default:
			break;
		}
	}
	return NULL;
}

/* ---- days ------------------------------------------------------------------ */

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

/* ---- nearest name ---------------------------------------------------------- */

/* An edit outweighs any number of letters in the other case. */
#define EDIT 1024u
_Static_assert(LIMIT_NEAREST < EDIT, "case differences must not add up to an edit");

/* Code points of s, or NONE when there are too many to be a name. */
static size_t points_of(struct str s, uint32_t points[LIMIT_NEAREST])
{
	size_t at = 0, n = 0;

	while (at < s.len) {
		if (n == LIMIT_NEAREST)
			return NONE;
		points[n++] = next_point(s, &at);
	}
	return n;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* What it costs to put one code point in the other's place. */
static uint32_t exchange(uint32_t a, uint32_t b)
{
	if (a == b)
		return 0;
	return fold(a) == fold(b) ? 1 : EDIT;
}

/*
 * Optimal string alignment: insert, delete, exchange, swap of neighbours. Three
 * rows are kept. Gives up, with a cost above `most`, once no way stays below.
 */
static uint32_t edit_cost(const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len,
			  uint32_t most)
{
	uint32_t rows[3][LIMIT_NEAREST + 1];
	uint32_t *row = rows[0], *above = rows[1], *higher = rows[2], *spare;
	uint32_t best, best_above = 0;
	size_t i, j;

	for (j = 0; j <= b_len; j++)
		row[j] = (uint32_t)j * EDIT;
	for (i = 1; i <= a_len; i++) {
		spare = higher;
		higher = above;
		above = row;
		row = spare;
		best = row[0] = (uint32_t)i * EDIT;
		for (j = 1; j <= b_len; j++) {
			row[j] = least(above[j - 1] + exchange(a[i - 1], b[j - 1]),
				       least(above[j], row[j - 1]) + EDIT);
			if (i > 1 && j > 1 && exchange(a[i - 1], b[j - 2]) < EDIT &&
			    exchange(a[i - 2], b[j - 1]) < EDIT)
				row[j] = least(row[j], higher[j - 2] + EDIT +
							   exchange(a[i - 1], b[j - 2]) +
							   exchange(a[i - 2], b[j - 1]));
			best = least(best, row[j]);
		}
		if (best > most && best_above > most)
			return most + 1;
		best_above = best;
	}
	return row[b_len];
}

const char *text_nearest(struct str wrong, const char *const *names, size_t n)
{
	uint32_t a[LIMIT_NEAREST], b[LIMIT_NEAREST];
	size_t a_len = points_of(wrong, a), b_len, longer, gap, i;
	uint32_t cost, allowed, nearest_cost = UINT32_MAX;
	const char *nearest = NULL;

	if (a_len == NONE)
		return NULL;
	for (i = 0; i < n; i++) {
		b_len = points_of(str_of(names[i]), b);
		if (b_len == NONE)
			continue;
		longer = a_len > b_len ? a_len : b_len;
		gap = longer - (a_len < b_len ? a_len : b_len);
		/* a third of the letters may be wrong, and any of them in the wrong case */
		allowed = least((uint32_t)(longer + 1) / 3 * EDIT + EDIT - 1, nearest_cost - 1);
		if (gap * EDIT > allowed)
			continue;
		cost = edit_cost(a, a_len, b, b_len, allowed);
		if (cost > allowed)
			continue;
		nearest = names[i];
		nearest_cost = cost;
		if (cost == 0)
			break;
	}
	return nearest;
}

/* ---- terminals ------------------------------------------------------------- */

struct range {
	uint32_t first, last;
};

/* What a terminal obeys or does not show. In order. */
static const struct range unseen[] = {
	{ 0x0000, 0x001F },   /* C0 */
	{ 0x007F, 0x009F },   /* DEL and C1 */
	{ 0x00AD, 0x00AD },   /* soft hyphen */
	{ 0x061C, 0x061C },   /* Arabic letter mark */
	{ 0x180E, 0x180E },   /* Mongolian vowel separator */
	{ 0x200B, 0x200F },   /* zero width, directional marks */
	{ 0x2028, 0x202E },   /* line and paragraph separator, bidi overrides */
	{ 0x2060, 0x206F },   /* invisible operators, bidi isolates */
	{ 0xFEFF, 0xFEFF },   /* byte-order mark */
	{ 0xFFF9, 0xFFFB },   /* interlinear annotation */
	{ 0xE0000, 0xE007F }, /* tags: text that no one sees */
};

static bool in_ranges(uint32_t point, const struct range *ranges, size_t n)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (point < ranges[middle].first)
			high = middle;
		else if (point > ranges[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F;
}

/* Puts the code point at *at, which is not plain ASCII, and passes it. */
static void put_point(struct buf *b, struct str s, size_t *at)
{
	size_t from = *at;
	uint32_t point = next_point(s, at);

	if (point == '\n')
		buf_puts(b, "\\n");
	else if (point == '\t')
		buf_puts(b, "\\t");
	else if (point < 0x80 || point >= NOT_A_POINT)
		buf_printf(b, "\\x%02X", (unsigned)(unsigned char)s.data[from]);
	else if (in_ranges(point, unseen, sizeof(unseen) / sizeof(unseen[0])))
		buf_printf(b, "\\u{%04X}", (unsigned)point);
	else
		buf_put(b, s.data + from, *at - from);
}

/* As text_put_visible, until `most` bytes are put or all is; gives how far it came. */
static size_t put_visible(struct buf *b, struct str s, size_t most)
{
	size_t start = b->len, at = 0, end;

	while (at < s.len && b->len - start < most && !b->failed) {
		for (end = at; end < s.len && end - at < most - (b->len - start); end++)
			if (!is_plain(s.data[end]))
				break;
		if (end > at)
			buf_put(b, s.data + at, end - at);
		else
			put_point(b, s, &end);
		at = end;
	}
	return at;
}

void text_put_visible(struct buf *b, struct str s)
{
	(void)put_visible(b, s, SIZE_MAX);
}

void text_put_quoted(struct buf *b, struct str s, size_t most)
{
	buf_putc(b, '\'');
	/* the dots stand outside, where they cannot be part of the text */
	if (put_visible(b, s, most) < s.len)
		buf_puts(b, "'...");
	else
		buf_putc(b, '\'');
}

static const struct range no_column[] = {
#define ZERO(first, last) { first, last },
#define WIDE(first, last)
#include "base/text_width_list.h"
#undef ZERO
#undef WIDE
};

static const struct range two_columns[] = {
#define ZERO(first, last)
#define WIDE(first, last) { first, last },
#include "base/text_width_list.h"
#undef ZERO
#undef WIDE
};

size_t text_width(struct str s)
{
	size_t at = 0, columns = 0;
	uint32_t point;

	while (at < s.len) {
		point = next_point(s, &at);
		if (point < no_column[0].first)
			columns++;
		else if (in_ranges(point, two_columns,
				   sizeof(two_columns) / sizeof(two_columns[0])))
			columns += 2;
		else
			columns +=
			    !in_ranges(point, no_column, sizeof(no_column) / sizeof(no_column[0]));
	}
	return columns;
}
