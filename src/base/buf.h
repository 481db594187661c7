/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing bytes with a ceiling and a sticky failure.
 *
 * `data` is NULL until something is put; after that data[len] is always NUL,
 * so that data may be handed to libc, but the bytes may hold NULs themselves.
 * A put that would pass `limit` changes nothing and sets `failed`; callers
 * write straight-line code and ask once, at the end. Out of memory ends the
 * program.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

struct buf {
	char *data;
	size_t len;
	size_t cap;
	size_t limit; /* most bytes it may hold; 0 means no ceiling of its own */
	bool failed;  /* a put did not fit */
};

#define BUF_INIT(ceiling) ((struct buf){ .limit = (ceiling) })

/* Frees the bytes; the buf is empty and may be used again. Wipes nothing. */
void buf_release(struct buf *b);
/* Forgets the bytes and the failure, keeps the memory. */
void buf_clear(struct buf *b);
/* Forgets the first n bytes; the others move to the front. */
void buf_drop(struct buf *b, size_t n);
/* buf_reserve's slow half. */
char *buf_reserve_grow(struct buf *b, size_t more);

/* Makes room for `more` bytes past len and gives where they start, or NULL
 * when they would not fit (then `failed` is set). The caller adds to len and puts
 * the NUL, for which there is room, or puts something more. */
static inline char *buf_reserve(struct buf *b, size_t more)
{
	if (b->failed || more >= b->cap - b->len || (b->limit != 0 && b->len + more > b->limit))
		return buf_reserve_grow(b, more);
	return b->data + b->len;
}

/* What is put must not lie in b itself, which may move. This one is for what does
 * not fit the memory that there is: buf_put's slow half. */
void buf_put_grow(struct buf *b, const void *bytes, size_t len);

/* Inline, since reports and messages are made of very many short puts, most of
 * them literals whose length the compiler knows. */
static inline void buf_put(struct buf *b, const void *bytes, size_t len)
{
	size_t end = b->len + len;

	if (b->failed || len >= b->cap || end >= b->cap || (b->limit != 0 && end > b->limit)) {
		buf_put_grow(b, bytes, len);
		return;
	}
	memcpy(b->data + b->len, bytes, len);
	b->len = end;
	b->data[end] = '\0';
}

/* The same of a terminated text, of a str, of one byte. */
static inline void buf_puts(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

static inline void buf_put_str(struct buf *b, struct str s)
{
	buf_put(b, s.data, s.len);
}

static inline void buf_putc(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

/* A literal, whose length is known without counting. */
#define PUT(b, literal) buf_put((b), "" literal, sizeof(literal) - 1)
/* The digits of any number fit so many bytes. */
#define BUF_UINT_SIZE   20
/* Writes the digits where there is room for them, and gives where they end. */
char *buf_uint_at(char *to, uint64_t n);
/* Numbers in decimal, and what printf makes of its arguments: a put like any other. */
void buf_put_uint(struct buf *b, uint64_t n);
void buf_put_int(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* The bytes so far, borrowed: good until the next put. */
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->data ? b->data : "", b->len };
}

#endif
