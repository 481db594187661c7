/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inner loops of the JSON reader and of the cutter of streams: looking at
 * sixteen bytes at a time where the machine can, at one elsewhere. Both read up
 * to JSON_PADDING bytes past what they are asked about.
 */
#ifndef MODEL_JSON_SCAN_H
#define MODEL_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The first byte that is no blank of RFC 8259. */
static inline const char *json_scan_blanks(const char *p)
{
	/* one blank or none is by far the commonest */
	if ((unsigned char)*p > ' ')
		return p;
	if (*p == ' ' && (unsigned char)p[1] > ' ')
		return p + 1;
#if defined(__SSE2__)
	const __m128i space = _mm_set1_epi8(' '), newline = _mm_set1_epi8('\n');

	for (;; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		unsigned other = ~(unsigned)_mm_movemask_epi8(_mm_or_si128(
				     _mm_cmpeq_epi8(v, space), _mm_cmpeq_epi8(v, newline))) &
				 0xffff;

		if (other == 0)
			continue;
		p += __builtin_ctz(other);
		if (*p != '\r' && *p != '\t')
			return p;
		while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
			p++;
		return p;
	}
#else
	while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
		p++;
	return p;
#endif
}

/* The first byte, from p on, that is a quote, a backslash, a control character
 * or not ASCII: what a string's inner loop has to stop at. */
static inline const char *json_scan_string(const char *p)
{
#if defined(__SSE2__)
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
	const __m128i control = _mm_set1_epi8(0x20);

	for (;; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		/* signed comparison: bytes of 0x80 and up are less as well */
		unsigned stop = (unsigned)_mm_movemask_epi8(_mm_or_si128(
		    _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)),
		    _mm_cmplt_epi8(v, control)));

		if (stop != 0)
			return p + __builtin_ctz(stop);
	}
#else
	while ((unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
#endif
}

#endif
