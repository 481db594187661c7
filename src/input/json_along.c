/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading along what was learned. Every byte is compared or looked at: which text comes
 * next is a guess, and a wrong one costs time, nothing else. What it cannot do is left
 * to the strict reader.
 */
#include "input/json_learned_inside.h"

#include <string.h>

#include "base/limit.h"
#include "base/wide.h"
#include "model/json_scan.h"

#define unlikely(x) __builtin_expect((x), 0)

/* ---- which text it is ------------------------------------------------------ */

/* The text that stands at p if any does that was learned. */
static inline const struct edge *guess(const struct next *next, const char *p)
{
	const struct fork *fork;

	while (next->goal == GOAL_FORK) {
		fork = (const struct fork *)next;
		next = p[fork->at] == fork->byte ? fork->same : fork->other;
	}
	return (const struct edge *)next;
}

/* The guess was wrong, as it is where a text goes on as another one's value does: one by
 * one. */
__attribute__((cold, noinline)) static const struct edge *look_for(const struct point *from,
								   const char *p)
{
	const struct edge *e, *resort = NULL;
	size_t i;

	for (i = 0; i < from->n; i++) {
		e = from->edges[i];
		if (memcmp(e->text, p, e->len) != 0)
			continue;
		if (!e->last_resort)
			return e;
		resort = e;
	}
	return resort;
}

/* ---- what it means --------------------------------------------------------- */

/* Where members go. */
struct members {
	char *next, *end; /* end: where there is still room for one more */
};

static inline struct value *slot_at(struct value *slots, size_t slot)
{
	return (struct value *)(void *)((char *)slots + slot);
}

/* A value that is known but for its place, of the text at p. */
static inline void fill(struct value *v, const struct put *put, const char *p, uint32_t place)
{
	memcpy(v, &put->head, sizeof(put->head));
	v->place.line = 0;
	v->place.column = place + put->at;
	v->text = p + put->at + 1;
}

static inline void fill_slots(struct value *slots, const struct edge *e, const char *p,
			      uint32_t place)
{
	const struct put *put = e->puts, *end = put + e->n_puts;

	for (; put < end; put++)
		fill(slot_at(slots, put->slot), put, p, place);
}

/* The next item of the list at hand; NULL: there are too many. */
static inline struct value *add_item(struct members *m)
{
	struct value *item = (struct value *)(void *)m->next;

	if (unlikely(m->next > m->end))
		return NULL;
	m->next += sizeof(*item);
	return item;
}

/* Where the value of the next entry of the map at hand goes, whose key is in the text at
 * p; NULL: there are too many. */
static inline struct value *add_entry(struct members *m, const struct edge *e, const char *p,
				      uint32_t place)
{
	struct entry *entry = (struct entry *)(void *)m->next;

	if (unlikely(m->next > m->end))
		return NULL;
	m->next += sizeof(*entry);
	entry->key.data = p + e->key_at + 1;
	entry->key.len = e->key_len;
	entry->key_place.line = 0;
	entry->key_place.column = place + e->key_at;
	return &entry->value;
}

static inline bool add_words(struct members *m, const struct edge *e, const struct step *step,
			     const char *p, uint32_t place)
{
	const struct put *put = &e->words[step->first], *end = put + step->n;
	struct value *item = (struct value *)(void *)m->next;

	if (unlikely(step->n * sizeof(*item) > (size_t)(m->end - m->next)))
		return false;
	for (; put < end; put++)
		fill(item++, put, p, place);
	m->next = (char *)item;
	return true;
}

/* A list or a map that begins, with n members so far. */
static inline void begin_members(struct value *slot, enum value_kind kind, uint32_t n,
				 uint32_t place, const struct members *m)
{
	slot->kind = (uint8_t)kind;
	slot->flags = 0;
	slot->exponent = 0;
	slot->n = n;
	slot->place.line = 0;
	slot->place.column = place;
	if (kind == VALUE_LIST)
		slot->items = (struct value *)(void *)m->next;
	else
		slot->entries = (struct entry *)(void *)m->next;
}

/* What the text of e at p means on the way to its value. False: a list is too long. */
static inline bool take_steps(struct members *m, const struct edge *e, struct value *slots,
			      const char *p, uint32_t place)
{
	const struct step *step = e->steps, *end = step + e->n_steps;
	struct value *slot;

	for (; step < end; step++) {
		slot = slot_at(slots, step->slot);
		switch ((enum step_kind)step->kind) {
		case STEP_LIST:
			begin_members(slot, VALUE_LIST, step->n, place + step->at, m);
			/* fall through */
		case STEP_WORDS:
			if (!add_words(m, e, step, p, place))
				return false;
			break;
		case STEP_LIST_END:
			slot->n = (uint32_t)((struct value *)(void *)m->next - slot->items);
			break;
		case STEP_MAP:
			begin_members(slot, VALUE_MAP, 0, place + step->at, m);
			break;
		case STEP_MAP_END:
			slot->n = (uint32_t)((struct entry *)(void *)m->next - slot->entries);
			break;
		}
	}
	return true;
}

/* ---- the value behind it --------------------------------------------------- */

static inline void put_string(struct value *v, uint32_t place, const char *text, size_t len)
{
	/* one by one: each is written once */
	v->kind = VALUE_STRING;
	v->flags = 0;
	v->exponent = 0;
	v->n = (uint32_t)len;
	v->place.line = 0;
	v->place.column = place;
	v->text = text;
}

/* What is not as it stands, or wrong, is the strict reader's; gives where its closing
 * quote is, or NULL. */
__attribute__((cold, noinline)) static const char *take_strictly(struct json *j, const char *p,
								 struct value *v)
{
	struct str s;

	j->next = p - 1;
	if (json_string(j, &s) == -1)
		return NULL;
	put_string(v, json_place(j, p - 1).column, s.data, s.len);
	return j->next - 1;
}

static inline void put_number(struct value *v, uint32_t place, struct number n)
{
	v->kind = VALUE_NUMBER;
	v->flags = 0;
	v->exponent = n.exponent;
	v->n = 0;
	v->place.line = 0;
	v->place.column = place;
	v->mantissa = n.mantissa;
}

__attribute__((cold, noinline)) static const char *
take_number_strictly(struct json *j, const char *p, struct value *v)
{
	struct number n;

	if (*p != '-' && (*p < '0' || *p > '9'))
		return NULL; /* a blank more, or no number */
	j->next = p;
	if (json_number(j, &n) == -1)
		return NULL;
	put_number(v, json_place(j, p).column, n);
	return j->next;
}

/* The number at p, which is that place; gives where it ends, or NULL. */
static inline const char *take_number(struct json *j, const char *p, uint32_t place,
				      struct value *v)
{
	const char *q = p;
	unsigned n = (unsigned)(unsigned char)*q++ - '0', digit = (unsigned)(unsigned char)*q - '0';

	if (unlikely(n > 9 || (n == 0 && digit <= 9)))
		return take_number_strictly(j, p, v);
	for (; digit <= 9 && q < p + 5; digit = (unsigned)(unsigned char)*++q - '0')
		n = n * 10 + digit;
	if (unlikely(*q != ',' && *q != '}'))
		return take_number_strictly(j, p, v); /* which is mostly a blank */
	put_number(v, place, number_of_int(n));
	return q;
}

/* ---- by the width of registers --------------------------------------------- */

/* Where the string that begins at p ends: its closing quote, NULL where it is not as it
 * stands. */
static inline const char *end_plain(const char *p)
{
	const char *end = json_scan_string(p);

	return *end == '"' && (size_t)(end - p) < LIMIT_STRING_SIZE ? end : NULL;
}

/* What every processor of the kind has. */
static inline bool stands_plain(const struct edge *e, const char *p)
{
#if defined(__SSE2__)
	size_t last = e->last[JSON_PLAIN].at, i;
	unsigned same;

	for (i = 0; i < last; i += 16) {
		same = (unsigned)_mm_movemask_epi8(
		    _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + i)),
				   *(const __m128i *)(const void *)(e->text + i)));
		if (same != 0xffff)
			return false;
	}
	same = (unsigned)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + last)),
			   *(const __m128i *)(const void *)(e->text + last)));
	return (~same & e->last[JSON_PLAIN].mask) == 0;
#else
	return memcmp(e->text, p, e->len) == 0;
#endif
}

#define ALONG along_plain
#define ALONG_TARGET
#define ALONG_STOPS
#define ALONG_STRING end_plain
#define ALONG_STANDS stands_plain
#include "input/json_along_loop.h"
#undef ALONG
#undef ALONG_TARGET
#undef ALONG_STOPS
#undef ALONG_STRING
#undef ALONG_STANDS

#if defined(WIDE)

/* What ends a string, as often as there is room. */
struct stops_avx2 {
	__m256i quote, backslash, control;
};

/* What is compared with; not to be known to the compiler, which would make it anew for
 * each string. */
TARGET_AVX2 static inline __m256i all_avx2(char c)
{
	__m256i v = _mm256_set1_epi8(c);

	__asm__("" : "+x"(v));
	return v;
}

TARGET_AVX2 static inline struct stops_avx2 stops_avx2(void)
{
	return (struct stops_avx2){ all_avx2('"'), all_avx2('\\'), all_avx2(0x20) };
}

/* Of one of which the first block has nothing that ends it. */
TARGET_AVX2 static inline const char *end_of_long_avx2(const char *p)
{
	const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\');
	const __m256i control = _mm256_set1_epi8(0x20);
	const char *q = p;
	unsigned stop;

	do {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(q += 32));

		stop = (unsigned)_mm256_movemask_epi8(_mm256_or_si256(
		    _mm256_or_si256(_mm256_cmpeq_epi8(v, quote), _mm256_cmpeq_epi8(v, backslash)),
		    _mm256_cmpgt_epi8(control, v)));
	} while (stop == 0);
	q += __builtin_ctz(stop);
	return *q == '"' && (size_t)(q - p) < LIMIT_STRING_SIZE ? q : NULL;
}

TARGET_AVX2 static inline const char *end_avx2(const char *p, const struct stops_avx2 *stops)
{
	__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
	unsigned quotes = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, stops->quote));
	/* signed comparison: bytes of 0x80 and up are less as well */
	unsigned others = (unsigned)_mm256_movemask_epi8(_mm256_or_si256(
	    _mm256_cmpeq_epi8(v, stops->backslash), _mm256_cmpgt_epi8(stops->control, v)));

	/* what stands behind the quote does not matter */
	if (unlikely((others & (quotes ^ (quotes - 1))) != 0))
		return NULL;
	return quotes != 0 ? p + __builtin_ctz(quotes) : end_of_long_avx2(p);
}

TARGET_AVX2 static inline bool stands_avx2(const struct edge *e, const char *p)
{
	size_t last = e->last[JSON_AVX2].at, i;
	__m256i other = _mm256_setzero_si256();
	unsigned same = (unsigned)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)(p + last)),
			      *(const __m256i *)(const void *)(e->text + last)));

	if ((~same & e->last[JSON_AVX2].mask) != 0)
		return false;
	if (last == 0)
		return true;
	/* a guess is right nearly always: asked about once */
	for (i = 0; i < last; i += 32)
		other = _mm256_or_si256(
		    other,
		    _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(const void *)(p + i)),
				     *(const __m256i *)(const void *)(e->text + i)));
	return _mm256_testz_si256(other, other);
}

#define ALONG           along_avx2
#define ALONG_TARGET    TARGET_AVX2
#define ALONG_STOPS     const struct stops_avx2 stops = stops_avx2();
#define ALONG_STRING(p) end_avx2((p), &stops)
#define ALONG_STANDS    stands_avx2
#include "input/json_along_loop.h"

#endif

json_along *json_along_of(enum json_width width)
{
	switch (width) {
#if defined(WIDE)
	case JSON_AVX2:
		return HAS_AVX2 ? along_avx2 : NULL;
#endif
	case JSON_PLAIN:
		return along_plain;
	default:
		return NULL;
	}
}
