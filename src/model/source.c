/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places in a document: offsets become lines and columns when somebody asks.
 * Lines end with LF or CRLF; columns count code points. What the bytes mean is
 * the readers' business.
 */
#include "model/source.h"

#include <stdbool.h>
#include <stddef.h>

void source_init(struct source *s, const char *name, struct str bytes)
{
	*s = (struct source){ .name = name, .bytes = bytes, .first_line = 1, .first_column = 1 };
}

/* A byte-order mark at the start of a document is in no column. */
static uint32_t mark_size(const struct source *s)
{
	bool whole = s->first_line <= 1 && s->first_column <= 1;

	return whole && str_starts(s->bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
}

static void rewind_cursor(struct source *s)
{
	s->cursor_offset = mark_size(s);
	s->cursor_line = s->first_line;
	s->cursor_column = s->first_column;
}

/* Code points that begin in the bytes: all bytes but 10xxxxxx. Eight at a time,
 * since whole lines are gone over. */
static uint32_t count_points(const char *p, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint32_t points = (uint32_t)n;
	uint64_t word;

	for (; n >= sizeof(word); p += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		/* one bit for each byte whose first bit is set and second is not */
		word = (word >> 7) & (~word >> 6) & ones;
		points -= (uint32_t)((word * ones) >> 56);
	}
	for (; n > 0; p++, n--)
		points -= ((unsigned char)*p & 0xC0) == 0x80;
	return points;
}

static void move_cursor(struct source *s, uint32_t offset)
{
	const char *p = s->bytes.data + s->cursor_offset;
	const char *stop = s->bytes.data + offset, *end = s->bytes.data + s->bytes.len;
	const char *feed;

	while (p < stop && (feed = memchr(p, '\n', (size_t)(stop - p))) != NULL) {
		s->cursor_line++;
		s->cursor_column = 1;
		p = feed + 1;
	}
	if (p < stop)
		s->cursor_column += count_points(p, (size_t)(stop - p));
	/* on the LF of a CRLF */
	if (stop > p && stop < end && stop[-1] == '\r' && *stop == '\n') {
		s->cursor_column--;
		offset--;
	}
	s->cursor_offset = offset;
}

/* To an offset before the cursor: places of one configuration are asked for in
 * the order of the rules. False when counting from the beginning is shorter. */
static bool move_back(struct source *s, uint32_t offset)
{
	const char *start = s->bytes.data + mark_size(s), *to = s->bytes.data + offset;
	const char *p = s->bytes.data + s->cursor_offset, *line_start = to;
	uint32_t lines = 0;

	if (s->cursor_offset - offset > offset || offset < mark_size(s))
		return false;
	while (p > to)
		lines += *--p == '\n';
	while (line_start > start && line_start[-1] != '\n')
		line_start--;
	/* a CR before an LF is the line's end: leave that to counting forward */
	if (to > start && to[-1] == '\r')
		return false;
	s->cursor_line -= lines;
	s->cursor_column = (line_start == start ? s->first_column : 1) +
			   count_points(line_start, (size_t)(to - line_start));
	s->cursor_offset = offset;
	return true;
}

struct place source_place(struct source *s, struct place place)
{
	uint32_t offset = place.column;

	if (place.line != 0)
		return place;
	if (offset == UINT32_MAX)
		return (struct place){ 0, 0 };
	if (offset > s->bytes.len)
		offset = (uint32_t)s->bytes.len;
	if (s->cursor_line == 0 || (offset < s->cursor_offset && !move_back(s, offset)))
		rewind_cursor(s);
	if (offset > s->cursor_offset)
		move_cursor(s, offset);
	return (struct place){ s->cursor_line, s->cursor_column };
}

struct str source_line(const struct source *s, uint32_t line)
{
	const char *p = s->bytes.data + mark_size(s), *end = s->bytes.data + s->bytes.len;
	const char *feed = NULL;
	uint32_t at;

	if (line < s->first_line)
		return STR("");
	for (at = s->first_line; p < end; at++, p = feed + 1) {
		feed = memchr(p, '\n', (size_t)(end - p));
		if (at == line) {
			if (feed == NULL)
				feed = end;
			else if (feed > p && feed[-1] == '\r')
				feed--;
			return (struct str){ p, (size_t)(feed - p) };
		}
		if (feed == NULL)
			break;
	}
	return STR("");
}
