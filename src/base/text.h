/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text without a locale: UTF-8, dates, shell patterns, nearest names, and
 * making text from outside safe for a terminal.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define TEXT_LAST_POINT 0x10FFFF
#define TEXT_NO_POINT   (TEXT_LAST_POINT + 1)

/* Length of the well-formed UTF-8 sequence (RFC 3629: no surrogates, no
 * overlong forms, at most U+10FFFF) at p, 1 to 4, or 0 when it is not one.
 * `size` bytes may be read. */
size_t text_utf8_step(const char *p, size_t size);
/* The code point of a well-formed sequence of the length that step gave. */
uint32_t text_utf8_point(const char *p, size_t step);
/* Writes a code point as UTF-8, gives its length. The point must be a scalar value. */
size_t text_utf8_put(char to[4], uint32_t point);
/* The code point at *at, which moves behind it; for an ill-formed byte TEXT_NO_POINT plus
 * the byte. *at < s.len. */
uint32_t text_next_point(struct str s, size_t *at);
/* Offset of the first ill-formed byte, or s.len when s is well-formed. */
size_t text_utf8_valid(struct str s);
/* Code points in s, which must be well-formed. */
size_t text_length(struct str s);

/* The value of a hexadecimal digit in either case, else -1. */
static inline int text_hex_digit(char c)
{
	char lower = (char)(c | 0x20);

	if (c >= '0' && c <= '9')
		return c - '0';
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* ASCII only: case folded in A-Z, nothing else. */
uint32_t text_fold(uint32_t point);
bool text_equal_nocase_ascii(struct str a, struct str b);
/* Whether the part is anywhere in it; one of no bytes is in every text. */
bool text_has(struct str s, struct str part);
/* Nothing, or nothing but blanks and ends of lines. */
bool text_is_blank(struct str s);

/* Shell pattern over the whole text: `*`, `?` (one code point), `[...]` with
 * ranges and `!` or `^` for not, `\` quotes. No special meaning of `/` or a
 * leading `.`. Linear in text times pattern, whatever the pattern. */
bool text_glob(struct str pattern, struct str text);
/* NULL when the pattern is well-formed, else what is wrong with it. */
const char *text_glob_check(struct str pattern);

/* Days since 1970-01-01 of YYYY-MM-DD in the proleptic Gregorian calendar;
 * false when it is not a day that exists. Years 0001 to 9999. */
bool text_day(struct str s, int32_t *day);
/* YYYY-MM-DD of such a day. */
void text_day_put(struct buf *b, int32_t day);
/* YYYY-MM-DDThh:mm:ss, without a zone, of seconds since 1970 in UTC. */
void text_time_put(struct buf *b, int64_t seconds);

/* The name of `names` nearest to `wrong` by edits (a swap of neighbours is
 * one), or NULL when none is near enough to be what was meant. Case is cheap. */
const char *text_nearest(struct str wrong, const char *const *names, size_t n);

/* Puts s so that a terminal shows it and does nothing else: C0, C1, DEL, bidi
 * controls, zero-width characters and ill-formed bytes become \n, \t, \xNN or
 * \u{NNNN}. Backslashes stay as they are. */
void text_put_visible(struct buf *b, struct str s);
/* The same in single quotes, cut after about `most` bytes with "..." */
void text_put_quoted(struct buf *b, struct str s, size_t most);
/* Columns that visible text takes on a terminal: wide characters count two,
 * combining ones none. */
size_t text_width(struct str s);

#endif
