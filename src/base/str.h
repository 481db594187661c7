/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A borrowed stretch of bytes, mostly UTF-8, not terminated: text from
 * outside may hold NULs, and a NUL must never end a comparison early.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *data; /* never NULL */
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* Whether two texts of n bytes are the same, without a call for what is short, as keys,
 * names and values of enumerations are. Only for inner loops: it is long in line. */
static inline bool str_same(const char *a, const char *b, size_t n)
{
	uint64_t a8, b8, a8_end, b8_end;
	uint32_t a4, b4, a4_end, b4_end;

	if (n > 16)
		return memcmp(a, b, n) == 0;
	if (n >= 8) {
		memcpy(&a8, a, 8);
		memcpy(&b8, b, 8);
		memcpy(&a8_end, a + n - 8, 8);
		memcpy(&b8_end, b + n - 8, 8);
		return ((a8 ^ b8) | (a8_end ^ b8_end)) == 0;
	}
	if (n >= 4) {
		memcpy(&a4, a, 4);
		memcpy(&b4, b, 4);
		memcpy(&a4_end, a + n - 4, 4);
		memcpy(&b4_end, b + n - 4, 4);
		return ((a4 ^ b4) | (a4_end ^ b4_end)) == 0;
	}
	return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
}

/* Copies n bytes, without a call for what is short. Only for inner loops, as str_same. */
static inline void str_put(char *to, const char *from, size_t n)
{
	char start[16], end[16];

	if (n > 32) {
		memcpy(to, from, n);
	} else if (n >= 16) {
		memcpy(start, from, 16);
		memcpy(end, from + n - 16, 16);
		memcpy(to, start, 16);
		memcpy(to + n - 16, end, 16);
	} else if (n >= 8) {
		memcpy(start, from, 8);
		memcpy(end, from + n - 8, 8);
		memcpy(to, start, 8);
		memcpy(to + n - 8, end, 8);
	} else if (n >= 4) {
		memcpy(start, from, 4);
		memcpy(end, from + n - 4, 4);
		memcpy(to, start, 4);
		memcpy(to + n - 4, end, 4);
	} else if (n != 0) {
		/* the first, the middle and the last are all that there are */
		start[0] = from[n / 2];
		start[1] = from[n - 1];
		to[0] = from[0];
		to[n / 2] = start[0];
		to[n - 1] = start[1];
	}
}

/* For printf's %.*s. Only where the text cannot hold a NUL. */
#define STR_ARG(s) (int)(s).len, (s).data

static inline struct str str_of(const char *text)
{
	return (struct str){ text, strlen(text) };
}

static inline bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static inline bool str_is(struct str a, const char *text)
{
	return str_equal(a, str_of(text));
}

static inline bool str_starts(struct str a, struct str prefix)
{
	return a.len >= prefix.len && memcmp(a.data, prefix.data, prefix.len) == 0;
}

static inline bool str_ends(struct str a, struct str suffix)
{
	return a.len >= suffix.len &&
	       memcmp(a.data + a.len - suffix.len, suffix.data, suffix.len) == 0;
}

/* Order of bytes; for UTF-8 that is the order of code points. */
static inline int str_compare(struct str a, struct str b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

#endif
