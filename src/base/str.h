/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A borrowed stretch of bytes, mostly UTF-8, not terminated: text from
 * outside may hold NULs, and a NUL must never end a comparison early.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *data; /* never NULL */
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
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
