/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text without a locale. Knows UTF-8 and what a terminal does with a
 * character; does not know where a text comes from or what it means.
 */
#include "base/text.h"

#include <string.h>

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

uint32_t text_next_point(struct str s, size_t *at)
{
	size_t step = text_utf8_step(s.data + *at, s.len - *at);
	uint32_t point;

	if (step == 0)
		return TEXT_NO_POINT + (unsigned char)s.data[(*at)++];
	point = text_utf8_point(s.data + *at, step);
	*at += step;
	return point;
}

/* ---- comparing ------------------------------------------------------------- */

uint32_t text_fold(uint32_t point)
{
	return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
}

bool text_has(struct str s, struct str part)
{
	const char *p = s.data, *end = s.data + s.len;

	if (part.len == 0)
		return true;
	while ((size_t)(end - p) >= part.len &&
	       (p = memchr(p, part.data[0], (size_t)(end - p) - part.len + 1)) != NULL) {
		if (memcmp(p, part.data, part.len) == 0)
			return true;
		p++;
	}
	return false;
}

bool text_is_blank(struct str s)
{
	size_t i = 0;

	while (i < s.len && memchr(" \t\r\n", s.data[i], 4) != NULL)
		i++;
	return i == s.len;
}

bool text_equal_nocase_ascii(struct str a, struct str b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++)
		if (text_fold((unsigned char)a.data[i]) != text_fold((unsigned char)b.data[i]))
			return false;
	return true;
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
	uint32_t point = text_next_point(s, at);

	if (point == '\n')
		buf_puts(b, "\\n");
	else if (point == '\t')
		buf_puts(b, "\\t");
	else if (point < 0x80 || point >= TEXT_NO_POINT)
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
		point = text_next_point(s, &at);
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
