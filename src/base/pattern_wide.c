/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain patterns, many bytes at a time: where everything but one run of bytes has a
 * length that is known beforehand, it is known what stands where, and all of it is
 * looked at without going from byte to byte. Nothing is read beyond the subject: what
 * is shorter than a register is put together of what it has.
 */
#include "base/pattern_parts.h"

#include "base/wide.h"

#if defined(WIDE)

#include <stdlib.h>

#include "base/arena.h"
#include "base/few.h"

#define INLINE  TARGET_AVX2 static inline __attribute__((always_inline))
#define HALF    16 /* bytes of half a register */
#define WHOLE   32
#define HEADS   16
#define SINGLES 16

/* A beginning: `want` where `mask` has bits. One that is longer than a block is looked at
 * in its first and its last bytes, of which some may be the same. */
struct head {
	size_t len;
	uint32_t len_and_one;
	unsigned char mask[HALF], want[HALF];
	unsigned char last[HALF];
};

struct pattern_wide {
	size_t n_heads;         /* 0: it may begin with anything */
	bool has_long_head;     /* longer than a block */
	size_t n_front, n_back; /* single bytes before and behind the run */
	size_t run_least, run_more;
	/* A byte of ASCII is of the set where the bit of its upper half is set in `rows` at its
	 * lower half. */
	unsigned char rows[HALF];
	struct head heads[HEADS];
	bool singles[SINGLES][256];
};

/* ---- making ----------------------------------------------------------------- */

static bool add_head(struct head *to, const struct head *before, const char *text, struct str word)
{
	char bytes[WHOLE];

	if (before->len + word.len > WHOLE)
		return false;
	memcpy(bytes, text, before->len);
	memcpy(bytes + before->len, word.data, word.len);
	memset(to, 0, sizeof(*to));
	to->len = before->len + word.len;
	to->len_and_one = (uint32_t)to->len + 1;
	memset(to->mask, 0xff, to->len < HALF ? to->len : HALF);
	memcpy(to->want, bytes, to->len < HALF ? to->len : HALF);
	if (to->len > HALF)
		memcpy(to->last, bytes + to->len - HALF, HALF);
	return true;
}

/* The text of a head, up to WHOLE bytes. */
static void head_text(const struct head *h, char text[WHOLE])
{
	memcpy(text, h->want, HALF);
	if (h->len > HALF)
		memcpy(text + h->len - HALF, h->last, HALF);
}

/* Each beginning so far, with each word of the part behind it. */
static bool add_words(struct pattern_wide *w, const struct part *part)
{
	struct head before[HEADS];
	char text[WHOLE];
	size_t n = w->n_heads, i, k;

	if (n * part->n_words > HEADS)
		return false;
	memcpy(before, w->heads, sizeof(before));
	for (i = 0; i < n; i++) {
		head_text(&before[i], text);
		for (k = 0; k < part->n_words; k++)
			if (!add_head(&w->heads[i * part->n_words + k], &before[i], text,
				      part->words[k]))
				return false;
	}
	w->n_heads = n * part->n_words;
	return true;
}

/* Bytes that come one after another, each of its set. */
static bool add_singles(struct pattern_wide *w, const struct part *part, size_t *n)
{
	size_t i, most = part->n_words == 0 ? part->most : part->words[0].len;

	if (part->n_words > 1 || (part->n_words == 0 && part->least != part->most) ||
	    most > SINGLES - w->n_front - w->n_back)
		return false;
	for (i = 0; i < most; i++, (*n)++) {
		bool *single = w->singles[w->n_front + w->n_back];

		if (part->n_words == 0)
			memcpy(single, part->has, sizeof(part->has));
		else
			single[(unsigned char)part->words[0].data[i]] = true;
	}
	return true;
}

static void add_run(struct pattern_wide *w, const struct part *part)
{
	int c;

	w->run_least = part->least;
	/* no subject is longer than half of all numbers, so that one that is too short is as
	 * one that is too long: its length comes out below 0 */
	w->run_more = part->most == NO_MOST ? SIZE_MAX / 2 - part->least : part->most - part->least;
	/* a plain set has ASCII alone */
	for (c = 0; c < 128; c++)
		if (part->has[c])
			w->rows[c & 15] |= (unsigned char)(1 << (c >> 4));
}

/* The part that is looked at as a run: the one of no fixed length, or else the longest. */
static size_t find_run(const struct pattern_plain *p)
{
	size_t i, run = SIZE_MAX;

	if (p->last_free != SIZE_MAX)
		return p->last_free;
	for (i = 0; i < p->n; i++)
		if (p->parts[i].n_words == 0 &&
		    (run == SIZE_MAX || p->parts[i].most > p->parts[run].most))
			run = i;
	return run;
}

static bool put_together(struct pattern_wide *w, const struct pattern_plain *p)
{
	size_t run = find_run(p), i = 0;

	w->n_heads = 1; /* the empty one, that words are added to */
	for (; i < p->n && i < run && p->parts[i].n_words != 0; i++)
		if (!add_words(w, &p->parts[i]))
			return false;
	if (i == 0)
		w->n_heads = 0;
	for (; i < p->n && i < run; i++)
		if (!add_singles(w, &p->parts[i], &w->n_front))
			return false;
	if (i < p->n)
		add_run(w, &p->parts[i++]);
	for (; i < p->n; i++)
		if (!add_singles(w, &p->parts[i], &w->n_back))
			return false;
	for (i = 0; i < w->n_heads; i++)
		w->has_long_head |= w->heads[i].len > HALF;
	return true;
}

struct pattern_wide *pattern_wide_new(const struct pattern_plain *p)
{
	struct pattern_wide *w;

	if (!HAS_AVX2)
		return NULL;
	w = mem_alloc(sizeof(*w));
	memset(w, 0, sizeof(*w));
	if (put_together(w, p))
		return w;
	pattern_wide_free(w);
	return NULL;
}

void pattern_wide_free(struct pattern_wide *w)
{
	free(w);
}

/* ---- matching --------------------------------------------------------------- */

INLINE __m128i load16(const void *from)
{
	return _mm_loadu_si128((const __m128i *)from);
}

/* Fewer than sixteen bytes, and zeros behind them. */
INLINE __m128i load_few(const char *from, size_t n)
{
	struct few f = few_of(from, n);

	return _mm_set_epi64x((int64_t)f.high, (int64_t)f.low);
}

/* A bit for each byte: whether it is of the run's set. */
INLINE uint32_t which_in(const struct pattern_wide *w, __m256i v)
{
	const __m256i rows = _mm256_broadcastsi128_si256(load16(w->rows));
	const __m256i bits = _mm256_set1_epi64x((int64_t)UINT64_C(0x8040201008040201));
	__m256i upper = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x07));
	/* what is beyond ASCII has an empty row */
	__m256i row = _mm256_shuffle_epi8(rows, v);
	__m256i bit = _mm256_shuffle_epi8(bits, upper);

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_and_si256(row, bit), bit));
}

/* 0xffff where a block has what a head wants of it. */
INLINE unsigned block_in(const struct head *h, __m128i v)
{
	return (unsigned)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(_mm_and_si128(v, load16(h->mask)), load16(h->want)));
}

/* SIZE_MAX where there is none. */
TARGET_AVX2 static size_t find_long_head(const struct pattern_wide *w, struct str s, __m128i v)
{
	const struct head *h = w->heads, *end = h + w->n_heads;

	for (; h < end; h++)
		if (block_in(h, v) == 0xffff && h->len <= s.len &&
		    (h->len <= HALF || memcmp(s.data + h->len - HALF, h->last, HALF) == 0))
			return h->len;
	return SIZE_MAX;
}

/* The same, all of a block at most. None begins another, so that only one can be there:
 * all are looked at, rather than jumping to where one is, which is guessed wrong for every
 * other name. There is no NUL in them, as there is behind a short subject. */
INLINE size_t find_head(const struct pattern_wide *w, __m128i v)
{
	const struct head *h = w->heads, *end = h + w->n_heads;
	uint32_t len = 0;

	/* reckoned, so that no compiler jumps: all bits where nothing differs, none elsewhere */
	for (; h < end; h++)
		len += (uint32_t)((int32_t)((block_in(h, v) ^ 0xffff) - 1) >> 31) & h->len_and_one;
	return (size_t)len - 1;
}

/* Bits from..to-1, of at most 32. */
INLINE uint64_t bits_between(size_t from, size_t to)
{
	return (UINT64_C(1) << to) - (UINT64_C(1) << from);
}

/* Whether all bytes from..to-1 of a subject of more than a register's are of the set. */
INLINE bool is_long_run(const struct pattern_wide *w, struct str s, size_t from, size_t to)
{
	uint64_t wanted;
	size_t at;

	for (; to - from > WHOLE; from += WHOLE)
		if (which_in(w, _mm256_loadu_si256(
				    (const __m256i *)(const void *)(s.data + from))) != UINT32_MAX)
			return false;
	at = from < s.len - WHOLE ? from : s.len - WHOLE;
	wanted = bits_between(from - at, to - at);
	return (which_in(w, _mm256_loadu_si256((const __m256i *)(const void *)(s.data + at))) &
		wanted) == wanted;
}

/* The same of one that is less, of which `first` has up to sixteen bytes. */
INLINE bool is_short_run(const struct pattern_wide *w, struct str s, size_t from, size_t to,
			 __m128i first)
{
	uint64_t wanted = bits_between(from, to);
	__m256i v = _mm256_castsi128_si256(first);

	if (s.len > HALF) {
		v = _mm256_inserti128_si256(v, load16(s.data + s.len - HALF), 1);
		wanted = (wanted & 0xffff) | (wanted >> (s.len - HALF) & 0xffff) << HALF;
	}
	return (which_in(w, v) & wanted) == wanted;
}

TARGET_AVX2 bool pattern_wide_matches(const struct pattern_wide *w, struct str s)
{
	__m128i first = s.len >= HALF ? load16(s.data) : load_few(s.data, s.len);
	size_t head = 0, from, to, i;

	if (w->n_heads != 0) {
		head = w->has_long_head ? find_long_head(w, s, first) : find_head(w, first);
		if (head == SIZE_MAX)
			return false;
	}
	from = head + w->n_front;
	to = s.len - w->n_back;
	if (to - from - w->run_least > w->run_more)
		return false;
	for (i = 0; i < w->n_front; i++)
		if (!w->singles[i][(unsigned char)s.data[head + i]])
			return false;
	for (i = 0; i < w->n_back; i++)
		if (!w->singles[w->n_front + i][(unsigned char)s.data[to + i]])
			return false;
	return s.len > WHOLE ? is_long_run(w, s, from, to) : is_short_run(w, s, from, to, first);
}

#else

struct pattern_wide *pattern_wide_new(const struct pattern_plain *p)
{
	(void)p;
	return NULL;
}

void pattern_wide_free(struct pattern_wide *w)
{
	(void)w;
}

bool pattern_wide_matches(const struct pattern_wide *w, struct str subject)
{
	(void)w;
	(void)subject;
	return false;
}

#endif
