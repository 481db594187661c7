/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places in a document: offsets become lines and columns when somebody asks.
 * Lines end with LF or CRLF; columns count code points. What the bytes mean is
 * the readers' business.
 */
#include "model/source.h"

#include <stddef.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/limit.h"
#include "base/text.h"
#include "base/wide.h"

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

#if defined(WIDE)
#define WIDE_BLOCK 64

/* Bytes of whole blocks that are none of 10xxxxxx. */
TARGET_AVX2 static uint32_t count_wide(const char *p, size_t blocks)
{
	const __m256i most = _mm256_set1_epi8((char)0xBF);
	__m256i sum, total = _mm256_setzero_si256();
	__m128i half;
	size_t n;

	while (blocks > 0) {
		/* a byte counts to 255 at most before it is added up */
		n = blocks < 127 ? blocks : 127;
		blocks -= n;
		for (sum = _mm256_setzero_si256(); n > 0; n--, p += WIDE_BLOCK) {
			const __m256i *from = (const __m256i *)(const void *)p;

			sum =
			    _mm256_sub_epi8(sum, _mm256_cmpgt_epi8(_mm256_loadu_si256(from), most));
			sum = _mm256_sub_epi8(
			    sum, _mm256_cmpgt_epi8(_mm256_loadu_si256(from + 1), most));
		}
		total = _mm256_add_epi64(total, _mm256_sad_epu8(sum, _mm256_setzero_si256()));
	}
	half = _mm_add_epi64(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
	return (uint32_t)(_mm_cvtsi128_si32(half) + _mm_cvtsi128_si32(_mm_srli_si128(half, 8)));
}
#endif

/* Code points that begin in the bytes: all bytes but 10xxxxxx. Many at a time, since
 * whole lines are gone over. */
static uint32_t count_points(const char *p, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint32_t points = 0;
	uint64_t word;

#if defined(WIDE)
	if (n >= WIDE_BLOCK && HAS_AVX2) {
		points = count_wide(p, n / WIDE_BLOCK);
		p += n / WIDE_BLOCK * WIDE_BLOCK;
		n %= WIDE_BLOCK;
	}
#endif
	points += (uint32_t)n; /* but for those that begin none */
#if defined(__SSE2__)
	const __m128i most = _mm_set1_epi8((char)0xC0), zero = _mm_setzero_si128();

	while (n >= 16) {
		/* a byte counts to 255 at most before it is added up */
		size_t blocks = n / 16 < 255 ? n / 16 : 255;
		__m128i sum = zero;

		n -= blocks * 16;
		for (; blocks > 0; blocks--, p += 16)
			sum = _mm_sub_epi8(
			    sum, _mm_cmplt_epi8(_mm_loadu_si128((const __m128i *)(const void *)p),
						most));
		sum = _mm_sad_epu8(sum, zero);
		points -= (uint32_t)_mm_cvtsi128_si32(sum) +
			  (uint32_t)_mm_cvtsi128_si32(_mm_srli_si128(sum, 8));
	}
#endif
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

/* The line that begins at an offset. */
static void begin_line(struct source *s, uint32_t start, uint32_t line, uint32_t column)
{
	uint32_t number = line - s->first_line;
	const char *feed;

	s->line_start = s->cursor_offset = start;
	s->cursor_line = line;
	s->cursor_column = column;
	if (number < s->n_line_ends) {
		s->line_end = s->line_ends[number];
		return;
	}
	feed = memchr(s->bytes.data + start, '\n', s->bytes.len - start);
	s->line_end = feed != NULL ? (uint32_t)(feed - s->bytes.data) + 1 : UINT32_MAX;
}

static void begin_again(struct source *s)
{
	begin_line(s, mark_size(s), s->first_line, s->first_column);
}

/* To the line of an offset before the one at hand. */
static void move_back(struct source *s, uint32_t offset)
{
	const char *start = s->bytes.data + mark_size(s);
	const char *p = s->bytes.data + s->line_start, *to = s->bytes.data + offset;
	uint32_t lines = 0;

	if (s->line_start - offset > offset || to < start) {
		begin_again(s); /* counting from the beginning is shorter */
		return;
	}
	while (p > to)
		lines += *--p == '\n';
	while (p > start && p[-1] != '\n')
		p--;
	begin_line(s, (uint32_t)(p - s->bytes.data), s->cursor_line - lines,
		   p == start ? s->first_column : 1);
}

/* To the line of an offset behind the one at hand. */
static void move_on(struct source *s, uint32_t offset)
{
	uint32_t at = s->cursor_line - s->first_line, line = at;

	while (line < s->n_line_ends && s->line_ends[line] <= offset)
		line++;
	if (line > at)
		begin_line(s, s->line_ends[line - 1], s->first_line + line, 1);
	while (offset >= s->line_end)
		begin_line(s, s->line_end, s->cursor_line + 1, 1);
}

/* To an offset in the line at hand, from where less is to be counted. */
static void move_along(struct source *s, uint32_t offset)
{
	const char *bytes = s->bytes.data;

	if (offset >= s->cursor_offset)
		s->cursor_column +=
		    count_points(bytes + s->cursor_offset, offset - s->cursor_offset);
	else
		s->cursor_column -= count_points(bytes + offset, s->cursor_offset - offset);
	s->cursor_offset = offset;
}

struct place source_place(struct source *s, struct place place)
{
	uint32_t offset = place.column, mark;

	if (place.line != 0)
		return place;
	if (offset == UINT32_MAX)
		return (struct place){ 0, 0 };
	if (offset > s->bytes.len)
		offset = (uint32_t)s->bytes.len;
	mark = mark_size(s);
	if (offset < mark)
		offset = mark;
	/* the LF of a CRLF is where its CR is */
	else if (offset > mark && offset < s->bytes.len && s->bytes.data[offset] == '\n' &&
		 s->bytes.data[offset - 1] == '\r')
		offset--;
	if (s->cursor_line == 0)
		begin_again(s);
	else if (offset < s->line_start)
		move_back(s, offset);
	if (offset >= s->line_end)
		move_on(s, offset);
	move_along(s, offset);
	return (struct place){ s->cursor_line, s->cursor_column };
}

/* A line of what follows p, which begins the line `at`. */
static struct str line_from(const struct source *s, const char *p, uint32_t at, uint32_t line)
{
	const char *end = s->bytes.data + s->bytes.len, *feed = NULL;

	if (line < at)
		return STR("");
	for (; p < end; at++, p = feed + 1) {
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

struct str source_line(const struct source *s, uint32_t line)
{
	return line_from(s, s->bytes.data + mark_size(s), s->first_line, line);
}

struct str source_line_onward(struct source *s, uint32_t line)
{
	struct str found;

	if (s->onward == NULL || line < s->onward_line)
		found = source_line(s, line);
	else
		found = line_from(s, s->onward, s->onward_line, line);
	if (found.len != 0) {
		s->onward = found.data;
		s->onward_line = line;
	}
	return found;
}

/* ---- excerpts --------------------------------------------------------------- */

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* Where the character at a counted place begins; NULL when it is not there. */
static const char *find_place(const struct source *s, struct place place)
{
	struct str line = source_line(s, place.line);
	uint32_t column = place.line == s->first_line ? s->first_column : 1;
	size_t i = 0;

	while (i < line.len && column < place.column) {
		i++;
		while (i < line.len && ((unsigned char)line.data[i] & 0xC0) == 0x80)
			i++;
		column++;
	}
	return i < line.len ? line.data + i : NULL;
}

/* The end of a quoted text, its quotes included: p where it does not end in its line. */
static const char *quoted_end(const char *p, const char *end)
{
	const char *q;

	for (q = p + 1; q < end && !is_line_end(*q); q++) {
		if (*q == *p)
			return q + 1;
		if (*q == '\\' && *p == '"' && q + 1 < end)
			q++;
	}
	return p;
}

/* Any way of writing a value: JSON's, and YAML's in one line. A collection is
 * its bracket. */
static const char *value_end(const char *p, const char *end)
{
	const char *q = p;

	if (*p == '{' || *p == '[')
		return p + 1;
	if (*p == '"' || *p == '\'')
		q = quoted_end(p, end);
	if (q != p)
		return q;
	while (q < end && !is_line_end(*q) && *q != ',' && *q != ']' && *q != '}' &&
	       !(*q == '#' && q > p && q[-1] == ' '))
		q++;
	while (q > p && (q[-1] == ' ' || q[-1] == '\t'))
		q--;
	return q;
}

/* At most LIMIT_EXCERPT bytes at the start of s, whole characters, well-formed. */
static struct str first_part(struct str s, bool *cut)
{
	size_t len = s.len < LIMIT_EXCERPT ? s.len : LIMIT_EXCERPT;

	while (len < s.len && len > 0 && ((unsigned char)s.data[len] & 0xC0) == 0x80)
		len--;
	len = text_utf8_valid((struct str){ s.data, len });
	*cut = len < s.len;
	return (struct str){ s.data, len };
}

/* The same at the end of s. */
static struct str last_part(struct str s, bool *cut)
{
	size_t from = s.len < LIMIT_EXCERPT ? 0 : s.len - LIMIT_EXCERPT, valid;

	while (from < s.len && ((unsigned char)s.data[from] & 0xC0) == 0x80)
		from++;
	while ((valid = text_utf8_valid((struct str){ s.data + from, s.len - from })) <
	       s.len - from)
		from += valid + 1;
	*cut = from > 0;
	return (struct str){ s.data + from, s.len - from };
}

bool source_excerpt(struct source *s, struct place place, struct excerpt *e)
{
	const char *start = s->bytes.data, *end = start + s->bytes.len, *at, *line, *stop;

	*e = (struct excerpt){ STR(""), STR(""), STR(""), false, false };
	if (s->secret)
		return false;
	if (place.line != 0)
		at = find_place(s, place);
	else
		at = place.column < s->bytes.len ? start + place.column : NULL;
	if (at == NULL || is_line_end(*at))
		return false;
	/* one byte more than is shown tells whether there is more */
	for (line = at; line > start && !is_line_end(line[-1]) && at - line <= LIMIT_EXCERPT;)
		line--;
	stop = value_end(at, end);
	e->value = first_part((struct str){ at, (size_t)(stop - at) }, &e->cut_after);
	e->before = last_part((struct str){ line, (size_t)(at - line) }, &e->cut_before);
	if (e->value.len == 0)
		return false;
	if (e->cut_after)
		return true;
	at = stop;
	while (stop < end && !is_line_end(*stop) && stop - at <= LIMIT_EXCERPT)
		stop++;
	e->after = first_part((struct str){ at, (size_t)(stop - at) }, &e->cut_after);
	return true;
}
