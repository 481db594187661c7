/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns with one way to match. Knows the part of PCRE2's syntax that they are
 * written in, and when it is certain that nothing has to be tried twice.
 */
#include "base/pattern_parts.h"

#include <stdlib.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/arena.h"

/* ---- reading the expression ------------------------------------------------ */

struct reading {
	const char *p, *end;
	struct pattern_plain *to;
	char *text;   /* where the next byte of a word goes */
	bool in_word; /* the last part is bytes one after another, and may get more */
};

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ASCII that can be seen and means nothing else outside of a class; a blank is fine, as
 * (?x) is not plain. */
static bool is_literal(char c)
{
	return c >= ' ' && c < 0x7f && strchr("\\^$.[]|()?*+{}", c) == NULL;
}

/* One byte as it is, or behind a backslash. */
static bool read_literal(struct reading *r, char *c)
{
	if (r->p < r->end && is_literal(*r->p)) {
		*c = *r->p++;
		return true;
	}
	/* a backslash takes the meaning from punctuation, and gives one to letters */
	if (r->end - r->p >= 2 && *r->p == '\\' && r->p[1] > ' ' && r->p[1] < 0x7f &&
	    !is_letter_or_digit(r->p[1])) {
		*c = r->p[1];
		r->p += 2;
		return true;
	}
	return false;
}

/* [a-z0-9.-]: ranges of letters and digits, and single bytes; no escapes, no names. */
static bool read_class(struct reading *r, struct part *part)
{
	const char *start = ++r->p;
	int c;

	for (; r->p < r->end && *r->p != ']'; r->p++) {
		if (*r->p < ' ' || *r->p >= 0x7f || *r->p == '[' || *r->p == '\\' || *r->p == '^')
			return false;
		if (r->end - r->p > 2 && r->p[1] == '-' && r->p[2] != ']') {
			if (!is_letter_or_digit(*r->p) || !is_letter_or_digit(r->p[2]))
				return false;
			for (c = *r->p; c <= r->p[2]; c++)
				part->has[c] = true;
			r->p += 2;
		} else {
			/* a hyphen only where it can be nothing else */
			if (*r->p == '-' && r->p != start && r->p[1] != ']')
				return false;
			part->has[(unsigned char)*r->p] = true;
		}
	}
	if (r->p >= r->end || r->p == start)
		return false;
	r->p++;
	return true;
}

/* (dev|stage|prod): words of which none begins another. */
static bool read_group(struct reading *r, struct part *part)
{
	struct str *word;
	size_t i, k;
	char c;

	r->p++;
	if (r->end - r->p > 2 && r->p[0] == '?' && r->p[1] == ':')
		r->p += 2;
	do {
		if (part->n_words == WORDS)
			return false;
		word = &part->words[part->n_words++];
		*word = (struct str){ r->text, 0 };
		while (read_literal(r, &c)) {
			*r->text++ = c;
			word->len++;
		}
		if (word->len == 0)
			return false;
		part->has[(unsigned char)word->data[0]] = true;
	} while (r->p < r->end && *r->p == '|' && r->p++ != NULL);
	if (r->p >= r->end || *r->p++ != ')')
		return false;
	for (i = 0; i < part->n_words; i++)
		for (k = 0; k < part->n_words; k++)
			if (i != k && str_starts(part->words[i], part->words[k]))
				return false;
	return true;
}

static bool read_count(struct reading *r, uint32_t *n)
{
	const char *start = r->p;

	*n = 0;
	while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && r->p - start < 5)
		*n = *n * 10 + (uint32_t)(*r->p++ - '0');
	return r->p != start;
}

/* How often; once when nothing is said. */
static bool read_times(struct reading *r, struct part *part)
{
	part->least = part->most = 1;
	if (r->p >= r->end)
		return true;
	switch (*r->p) {
	case '?':
		part->least = 0;
		break;
	case '*':
		part->least = 0;
		part->most = NO_MOST;
		break;
	case '+':
		part->most = NO_MOST;
		break;
	case '{':
		r->p++;
		if (!read_count(r, &part->least))
			return false;
		part->most = part->least;
		if (r->p < r->end && *r->p == ',') {
			r->p++;
			if (r->p < r->end && *r->p == '}')
				part->most = NO_MOST;
			else if (!read_count(r, &part->most))
				return false;
		}
		if (r->p >= r->end || *r->p != '}' || part->most < part->least)
			return false;
		break;
	default:
		return true;
	}
	r->p++;
	/* lazy, possessive, or a mistake */
	return r->p >= r->end || strchr("?*+{", *r->p) == NULL;
}

/* A byte that comes once: one more of the word before it, or the first of a new one. */
static void add_to_word(struct reading *r, char c)
{
	struct part *part = &r->to->parts[r->to->n - 1];

	if (r->in_word) {
		r->to->n--; /* the part that was begun for it */
		part--;
	} else {
		memset(part, 0, sizeof(*part));
		part->n_words = 1;
		part->words[0].data = r->text;
		part->has[(unsigned char)c] = true;
	}
	part->words[0].len++;
	*r->text++ = c;
	r->in_word = true;
}

static bool read_part(struct reading *r)
{
	struct part *part;
	bool literal = false;
	char c = '\0';

	if (r->to->n == PARTS)
		return false;
	part = &r->to->parts[r->to->n++];
	memset(part, 0, sizeof(*part));
	if (*r->p == '(') {
		r->in_word = false;
		return read_group(r, part) && (r->p >= r->end || strchr("?*+{", *r->p) == NULL);
	}
	if (*r->p == '[') {
		if (!read_class(r, part))
			return false;
	} else if (read_literal(r, &c)) {
		literal = true;
		part->has[(unsigned char)c] = true;
	} else {
		return false;
	}
	if (!read_times(r, part))
		return false;
	if (literal && part->least == 1 && part->most == 1)
		add_to_word(r, c);
	else
		r->in_word = false;
	return true;
}

/* The length of a part that has but one, or false. */
static bool fixed_length(const struct part *part, size_t *len)
{
	size_t i;

	*len = part->most;
	if (part->n_words == 0)
		return part->least == part->most;
	*len = part->words[0].len;
	for (i = 1; i < part->n_words; i++)
		if (part->words[i].len != *len)
			return false;
	return true;
}

/*
 * Whether the part takes all it can and is right to: what follows must be there,
 * and begins with none of its bytes.
 */
static bool is_certain(const struct part *part, const struct part *next)
{
	int c;

	if (part->n_words != 0 || part->least == part->most)
		return true;
	if (next->n_words == 0 && next->least == 0)
		return false;
	for (c = 0; c < 256; c++)
		if (part->has[c] && next->has[c])
			return false;
	return true;
}

static void find_ranges(struct part *part)
{
	int first, last = -1;

	for (;;) {
		for (first = last + 1; first < 256 && !part->has[first]; first++)
			;
		if (first == 256)
			return;
		for (last = first; last + 1 < 256 && part->has[last + 1]; last++)
			;
		if (part->n_ranges == RANGES) {
			part->n_ranges = 0;
			return;
		}
		memset(part->first[part->n_ranges], first, 16);
		memset(part->more[part->n_ranges++], last - first, 16);
	}
}

/* Whether there is but one way to match. */
static bool plan(struct pattern_plain *p)
{
	size_t i, len;

	for (i = 0; i < p->n; i++)
		if (p->parts[i].n_words == 0)
			find_ranges(&p->parts[i]);
	p->last_free = SIZE_MAX;
	for (i = p->n; i-- > 0 && p->last_free == SIZE_MAX;) {
		if (p->parts[i].n_words == 0 && p->parts[i].least != p->parts[i].most)
			p->last_free = i;
		else if (fixed_length(&p->parts[i], &len))
			p->behind += len;
		else
			break;
	}
	/* its run is what is left, whatever the parts behind it begin with */
	for (i = 0; i < p->n; i++)
		if (i != p->last_free && i + 1 < p->n &&
		    !is_certain(&p->parts[i], &p->parts[i + 1]))
			return false;
	return true;
}

static bool read_expression(struct reading *r)
{
	if (r->end - r->p < 2 || *r->p++ != '^' || *--r->end != '$')
		return false;
	/* a backslash makes a dollar of it */
	if (r->end[-1] == '\\')
		return false;
	while (r->p < r->end)
		if (!read_part(r))
			return false;
	return plan(r->to);
}

struct pattern_plain *pattern_plain_new(struct str expression)
{
	struct pattern_plain *p = mem_alloc(sizeof(*p) + PARTS * sizeof(*p->parts));
	struct reading r = { expression.data, expression.data + expression.len, p, NULL, false };

	memset(p, 0, sizeof(*p));
	p->text = mem_alloc(expression.len);
	r.text = p->text;
	if (read_expression(&r)) {
		p->wide = pattern_wide_new(p);
		return mem_grow(p, sizeof(*p) + p->n * sizeof(*p->parts));
	}
	pattern_plain_free(p);
	return NULL;
}

void pattern_plain_free(struct pattern_plain *p)
{
	if (p == NULL)
		return;
	pattern_wide_free(p->wide);
	free(p->text);
	free(p);
}

/* ---- matching -------------------------------------------------------------- */

/* Behind the word that stands at `at`, or NULL. */
static const char *pass_word(const struct part *part, const char *at, const char *end)
{
	size_t i, left = (size_t)(end - at);

	for (i = 0; i < part->n_words; i++)
		if (part->words[i].len <= left && *at == *part->words[i].data &&
		    str_same(at, part->words[i].data, part->words[i].len))
			return at + part->words[i].len;
	return NULL;
}

#if defined(__SSE2__)

static inline __m128i load16(const void *from)
{
	return _mm_loadu_si128((const __m128i *)from);
}

static inline bool all_in(const struct part *part, __m128i v)
{
	__m128i in = _mm_setzero_si128(), beyond;
	uint32_t i;

	for (i = 0; i < part->n_ranges; i++) {
		beyond = _mm_sub_epi8(v, load16(part->first[i]));
		in = _mm_or_si128(
		    in, _mm_cmpeq_epi8(_mm_min_epu8(beyond, load16(part->more[i])), beyond));
	}
	return _mm_movemask_epi8(in) == 0xffff;
}

/* Whether all n bytes, eight at least, are of the set; the last block goes over some
 * bytes twice rather than past the end. */
static inline bool many_in(const struct part *part, const char *at, size_t n)
{
	size_t i;

	if (n < 16)
		return all_in(part,
			      _mm_unpacklo_epi64(
				  _mm_loadl_epi64((const __m128i *)(const void *)at),
				  _mm_loadl_epi64((const __m128i *)(const void *)(at + n - 8))));
	for (i = 0; i + 16 < n; i += 16)
		if (!all_in(part, load16(at + i)))
			return false;
	return all_in(part, load16(at + n - 16));
}

#else

static inline bool many_in(const struct part *part, const char *at, size_t n)
{
	(void)part;
	(void)at;
	(void)n;
	return false; /* not known: byte by byte */
}

#endif

/* Behind the bytes of a set that stand at `at`. */
static inline const char *pass_set(const struct part *part, const char *at, const char *stop)
{
	if (stop - at >= 8 && part->n_ranges != 0 && many_in(part, at, (size_t)(stop - at)))
		return stop;
	while (at < stop && part->has[(unsigned char)*at])
		at++;
	return at;
}

bool pattern_plain_matches(const struct pattern_plain *p, struct str subject)
{
	return p->wide != NULL ? pattern_wide_matches(p->wide, subject)
			       : pattern_plain_matches_slowly(p, subject);
}

bool pattern_plain_matches_slowly(const struct pattern_plain *p, struct str subject)
{
	const char *at = subject.data, *end = at + subject.len, *from, *stop;
	const struct part *part;
	size_t i;

	for (i = 0; i < p->n; i++) {
		part = &p->parts[i];
		if (part->n_words != 0) {
			at = pass_word(part, at, end);
			if (at == NULL)
				return false;
			continue;
		}
		stop = end;
		if (i == p->last_free) {
			if ((size_t)(end - at) < p->behind)
				return false;
			stop = end - p->behind;
		}
		if (part->most < (size_t)(stop - at))
			stop = at + part->most;
		from = at;
		at = pass_set(part, at, stop);
		if ((size_t)(at - from) < part->least)
			return false;
	}
	return at == end;
}
