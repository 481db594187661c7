/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cutting streams of JSON. Knows strings, brackets and commas; does not know
 * whether the text is JSON.
 */
#include "input/json_cut.h"

#include <stdbool.h>

#include "base/wide.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif
struct scan {
	enum json_cut_at at;
	bool first_only;
	int64_t depth;
	bool in_string, escaped;
	struct json_cut cut;
};

/* One bracket or comma outside strings. True when the scan is over. */
static bool meet(struct scan *s, const char *p)
{
	switch (*p) {
	case '{':
	case '[':
		s->depth++;
		return false;
	case '}':
	case ']':
		if (--s->depth < 0) {
			s->cut.close = p;
			return true;
		}
		if (s->depth != 0 || s->at != JSON_CUT_VALUE)
			return false;
		break;
	default:
		if (s->depth != 0 || s->at != JSON_CUT_COMMA)
			return false;
		break;
	}
	s->cut.last = p + 1;
	s->cut.n++;
	return s->first_only;
}

/* Byte by byte: the ends of the text, and blocks with backslashes. */
static bool scan_bytes(struct scan *s, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (s->in_string) {
			if (s->escaped)
				s->escaped = false;
			else if (*p == '\\')
				s->escaped = true;
			else if (*p == '"')
				s->in_string = false;
			continue;
		}
		switch (*p) {
		case '"':
			s->in_string = true;
			break;
		case '{':
		case '}':
		case '[':
		case ']':
		case ',':
			if (meet(s, p))
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

#if defined(__SSE2__)
#define BLOCK 64

static uint64_t mask_of(const __m128i v[4], char c)
{
	const __m128i want = _mm_set1_epi8(c);
	uint64_t mask = 0;
	int i;

	for (i = 0; i < 4; i++)
		mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v[i], want))
			<< (16 * i);
	return mask;
}

/* Bit i is the parity of the bits up to i: inside strings, from their quotes. */
static uint64_t parity_so_far(uint64_t bits)
{
	bits ^= bits << 1;
	bits ^= bits << 2;
	bits ^= bits << 4;
	bits ^= bits << 8;
	bits ^= bits << 16;
	bits ^= bits << 32;
	return bits;
}

static bool scan_block(struct scan *s, const char *p)
{
	const __m128i fold = _mm_set1_epi8(0x20);
	__m128i v[4], folded[4];
	uint64_t inside, open, close, stops;
	int i;

	for (i = 0; i < 4; i++) {
		v[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
		/* [ ] and { } differ in this bit alone */
		folded[i] = _mm_or_si128(v[i], fold);
	}
	if (s->escaped || mask_of(v, '\\') != 0)
		return scan_bytes(s, p, p + BLOCK);
	inside = parity_so_far(mask_of(v, '"')) ^ (s->in_string ? ~(uint64_t)0 : 0);
	s->in_string = inside >> 63;
	open = mask_of(folded, '{') & ~inside;
	close = mask_of(folded, '}') & ~inside;
	if (s->depth > __builtin_popcountll(close)) {
		/* deep inside a member: nothing to cut in this block */
		s->depth += __builtin_popcountll(open) - __builtin_popcountll(close);
		return false;
	}
	stops = open | close | (mask_of(v, ',') & ~inside);
	for (; stops != 0; stops &= stops - 1)
		if (meet(s, p + __builtin_ctzll(stops)))
			return true;
	return false;
}
#endif

static struct json_cut scan(const char *p, const char *end, enum json_cut_at at, bool first_only)
{
	struct scan s = { .at = at, .first_only = first_only };

#if defined(__SSE2__)
	for (; end - p >= BLOCK; p += BLOCK)
		if (scan_block(&s, p))
			return s.cut;
#endif
	scan_bytes(&s, p, end);
	return s.cut;
}

struct json_cut json_cut_scan(const char *p, const char *end, enum json_cut_at at)
{
	return scan(p, end, at, false);
}

struct json_cut json_cut_next(const char *p, const char *end, enum json_cut_at at)
{
	return scan(p, end, at, true);
}

/* What is counted so far, and from where. */
struct count {
	const char *start;
	uint32_t *ends;
	size_t most, n;
};

/* The newlines of a block, of which most have none: a bit each. */
static inline void add_newlines(struct count *c, const char *block, uint64_t newlines)
{
	for (; newlines != 0; newlines &= newlines - 1, c->n++)
		if (c->n < c->most)
			c->ends[c->n] =
			    (uint32_t)(block - c->start) + (uint32_t)__builtin_ctzll(newlines) + 1;
}

#if defined(__SSE2__)

static const char *count_blocks(struct count *c, const char *p, const char *end)
{
	const __m128i newline = _mm_set1_epi8('\n');

	for (; end - p >= BLOCK; p += BLOCK) {
		const __m128i *from = (const __m128i *)(const void *)p;
		__m128i v0 = _mm_cmpeq_epi8(_mm_loadu_si128(from), newline);
		__m128i v1 = _mm_cmpeq_epi8(_mm_loadu_si128(from + 1), newline);
		__m128i v2 = _mm_cmpeq_epi8(_mm_loadu_si128(from + 2), newline);
		__m128i v3 = _mm_cmpeq_epi8(_mm_loadu_si128(from + 3), newline);

		if (_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(v0, v1), _mm_or_si128(v2, v3))) !=
		    0)
			add_newlines(c, p,
				     (uint64_t)(unsigned)_mm_movemask_epi8(v0) |
					 (uint64_t)(unsigned)_mm_movemask_epi8(v1) << 16 |
					 (uint64_t)(unsigned)_mm_movemask_epi8(v2) << 32 |
					 (uint64_t)(unsigned)_mm_movemask_epi8(v3) << 48);
	}
	return p;
}

#if defined(WIDE)

/* Those of two blocks, of which there is at least one: mostly one alone, in either, so
 * that whether there are more is all that is branched on. */
static inline void add_newlines_of_two(struct count *c, const char *blocks, uint64_t first,
				       uint64_t second)
{
	uint64_t none, which;
	uint32_t place;

	do {
		none = first == 0;
		which = first | (second & -none);
		place = (uint32_t)(blocks - c->start) + (uint32_t)none * BLOCK;
		if (c->n < c->most)
			c->ends[c->n] = place + (uint32_t)__builtin_ctzll(which) + 1;
		c->n++;
		first &= first - !none;
		second &= second - none;
	} while ((first | second) != 0);
}

/* The same where the processor has wider registers: every byte of an input is gone over. */
TARGET_AVX2 static const char *count_wide(struct count *c, const char *p, const char *end)
{
	const __m256i newline = _mm256_set1_epi8('\n');

	for (; end - p >= 2 * BLOCK; p += 2 * BLOCK) {
		const __m256i *from = (const __m256i *)(const void *)p;
		__m256i v0 = _mm256_cmpeq_epi8(_mm256_loadu_si256(from), newline);
		__m256i v1 = _mm256_cmpeq_epi8(_mm256_loadu_si256(from + 1), newline);
		__m256i v2 = _mm256_cmpeq_epi8(_mm256_loadu_si256(from + 2), newline);
		__m256i v3 = _mm256_cmpeq_epi8(_mm256_loadu_si256(from + 3), newline);
		__m256i any = _mm256_or_si256(_mm256_or_si256(v0, v1), _mm256_or_si256(v2, v3));

		if (_mm256_testz_si256(any, any))
			continue;
		add_newlines_of_two(c, p,
				    (uint64_t)(unsigned)_mm256_movemask_epi8(v0) |
					(uint64_t)(unsigned)_mm256_movemask_epi8(v1) << 32,
				    (uint64_t)(unsigned)_mm256_movemask_epi8(v2) |
					(uint64_t)(unsigned)_mm256_movemask_epi8(v3) << 32);
	}
	return p;
}

static const char *count_most(struct count *c, const char *p, const char *end)
{
	if (HAS_AVX2)
		p = count_wide(c, p, end);
	return count_blocks(c, p, end);
}

#else
#define count_most count_blocks
#endif

#else

static const char *count_most(struct count *c, const char *p, const char *end)
{
	(void)c;
	(void)end;
	return p;
}

#endif

size_t json_cut_lines(const char *p, const char *end, uint32_t *ends, size_t most)
{
	struct count c = { .start = p, .ends = ends, .most = most };

	for (p = count_most(&c, p, end); p < end; p++)
		if (*p == '\n')
			add_newlines(&c, p, 1);
	return c.n;
}
