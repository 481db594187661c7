/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing bytes. Knows memory; does not know what the bytes mean.
 */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

void buf_release(struct buf *b)
{
	free(b->data);
	*b = BUF_INIT(b->limit);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void buf_drop(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	b->len -= n;
	memmove(b->data, b->data + n, b->len + 1);
}

char *buf_reserve_grow(struct buf *b, size_t more)
{
	size_t need, cap;

	if (b->failed)
		return NULL;
	if (more > SIZE_MAX / 4 - b->len || (b->limit != 0 && b->len + more > b->limit)) {
		b->failed = true;
		return NULL;
	}
	need = b->len + more + 1;
	if (need > b->cap) {
		cap = b->cap < 128 ? 128 : b->cap + b->cap / 2;
		/* never more than the ceiling and its NUL can fill */
		if (b->limit != 0 && cap > b->limit + 1)
			cap = b->limit + 1;
		if (cap < need)
			cap = need;
		b->data = mem_grow(b->data, cap);
		b->cap = cap;
	}
	return b->data + b->len;
}

void buf_put_grow(struct buf *b, const void *bytes, size_t len)
{
	char *to = buf_reserve(b, len);

	if (to == NULL)
		return;
	if (len != 0)
		memcpy(to, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

/* Two digits of every number below a hundred. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233"
			    "34353637383940414243444546474849505152535455565758596061626364656667"
			    "6869707172737475767778798081828384858687888990919293949596979899";

char *buf_uint_at(char *to, uint64_t n)
{
	uint64_t rest;
	char *end = to + 1, *at;

	for (rest = n; rest >= 100; rest /= 100)
		end += 2;
	end += rest >= 10;
	for (at = end; n >= 10; n /= 100)
		memcpy(at -= 2, pairs + 2 * (n % 100), 2);
	if (at != to)
		*to = (char)('0' + n);
	return end;
}

void buf_put_uint(struct buf *b, uint64_t n)
{
	char digits[BUF_UINT_SIZE];

	buf_put(b, digits, (size_t)(buf_uint_at(digits, n) - digits));
}

void buf_put_int(struct buf *b, int64_t n)
{
	if (n < 0)
		buf_putc(b, '-');
	buf_put_uint(b, n < 0 ? (uint64_t) - (n + 1) + 1 : (uint64_t)n);
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
	va_list again;
	char *to;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	if (len < 0) {
		b->failed = true;
	} else if ((to = buf_reserve(b, (size_t)len)) != NULL) {
		vsnprintf(to, (size_t)len + 1, format, again);
		b->len += (size_t)len;
	}
	va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}
