/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of items in one temporary file: each stream is a chain of blocks,
 * the last of which is in memory. Knows files and lengths; not what is kept.
 */
#include "report/spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limit.h"

#define BLOCK_SIZE ((size_t)16 << 10)
#define BLOCK_DATA (BLOCK_SIZE - sizeof(uint64_t))
#define UNPLACED   UINT64_MAX

/* As it stands in the file. */
struct block {
	uint64_t next; /* offset of the next one of the stream */
	char data[BLOCK_DATA];
};

_Static_assert(sizeof(struct block) == BLOCK_SIZE, "blocks have no holes");

struct stream {
	struct block *last; /* NULL while nothing was put */
	size_t used;        /* of last->data */
	uint64_t first;     /* offset of the first block, or UNPLACED */
	uint64_t place;     /* where `last` goes, or UNPLACED */
	uint64_t full;      /* blocks in the file */
	uint64_t count;     /* items */
};

struct spool {
	int fd;
	int failure; /* errno of the first one */
	uint64_t end;
	struct buf item;
	size_t n;
	struct stream streams[];
};

struct spool *spool_new(size_t n_streams)
{
	struct spool *s = mem_alloc(sizeof(*s) + n_streams * sizeof(s->streams[0]));
	size_t i;

	*s = (struct spool){ .fd = -1, .n = n_streams, .item = BUF_INIT(LIMIT_SPOOL_ITEM) };
	for (i = 0; i < n_streams; i++)
		s->streams[i] = (struct stream){ .first = UNPLACED, .place = UNPLACED };
	return s;
}

void spool_free(struct spool *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++)
		free(s->streams[i].last);
	if (s->fd != -1)
		close(s->fd);
	buf_release(&s->item);
	free(s);
}

/* ---- the file --------------------------------------------------------------- */

static int write_block(int fd, const struct block *b, uint64_t place)
{
	const char *from = (const char *)b;
	size_t left = sizeof(*b);
	ssize_t put;

	while (left != 0) {
		put = pwrite(fd, from, left, (off_t)place);
		if (put == -1 && errno == EINTR)
			continue;
		if (put <= 0)
			return put == 0 ? ENOSPC : errno;
		from += put;
		place += (uint64_t)put;
		left -= (size_t)put;
	}
	return 0;
}

static int read_block(int fd, struct block *b, uint64_t place)
{
	char *to = (char *)b;
	size_t left = sizeof(*b);
	ssize_t got;

	while (left != 0) {
		got = pread(fd, to, left, (off_t)place);
		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0 ? EIO : errno;
		to += got;
		place += (uint64_t)got;
		left -= (size_t)got;
	}
	return 0;
}

static uint64_t take_place(struct spool *s)
{
	uint64_t place = s->end;

	s->end += BLOCK_SIZE;
	return place;
}

/* The last block of the stream is full: to the file, with the place of the next. */
static void flush(struct spool *s, struct stream *t)
{
	if (s->fd == -1 && s->failure == 0) {
		s->fd = file_temporary();
		if (s->fd == -1)
			s->failure = errno;
	}
	if (s->failure == 0) {
		if (t->place == UNPLACED)
			t->first = t->place = take_place(s);
		t->last->next = take_place(s);
		s->failure = write_block(s->fd, t->last, t->place);
		t->place = t->last->next;
		t->full++;
	}
	t->used = 0;
}

/* ---- putting ---------------------------------------------------------------- */

static void put_bytes(struct spool *s, struct stream *t, const void *bytes, size_t size)
{
	const char *from = bytes;
	size_t part;

	while (size != 0) {
		if (t->used == BLOCK_DATA)
			flush(s, t);
		part = BLOCK_DATA - t->used < size ? BLOCK_DATA - t->used : size;
		memcpy(t->last->data + t->used, from, part);
		t->used += part;
		from += part;
		size -= part;
	}
}

void spool_put(struct spool *s, size_t stream, struct str item)
{
	struct stream *t = &s->streams[stream];
	uint32_t len = (uint32_t)item.len;

	if (item.len > LIMIT_SPOOL_ITEM && s->failure == 0)
		s->failure = EFBIG;
	if (s->failure != 0)
		return;
	if (t->last == NULL)
		t->last = mem_alloc(sizeof(*t->last));
	t->count++;
	put_bytes(s, t, &len, sizeof(len));
	put_bytes(s, t, item.data, item.len);
}

uint64_t spool_count(const struct spool *s, size_t stream)
{
	return s->streams[stream].count;
}

/* ---- reading ---------------------------------------------------------------- */

struct reader {
	struct spool *spool;
	const struct stream *stream;
	struct block *own;         /* of the file */
	const struct block *block; /* the one being read */
	size_t at;
	uint64_t next; /* offset of the one after it */
	uint64_t left; /* blocks of the file that are left */
};

static void next_block(struct reader *r)
{
	struct spool *s = r->spool;

	r->at = 0;
	if (r->left == 0) {
		r->block = r->stream->last;
		return;
	}
	r->left--;
	if (s->failure == 0)
		s->failure = read_block(s->fd, r->own, r->next);
	r->next = r->own->next;
	r->block = r->own;
}

static void get_bytes(struct reader *r, char *to, size_t size)
{
	size_t part;

	while (size != 0 && r->spool->failure == 0) {
		if (r->at == BLOCK_DATA) {
			next_block(r);
			continue;
		}
		part = BLOCK_DATA - r->at < size ? BLOCK_DATA - r->at : size;
		memcpy(to, r->block->data + r->at, part);
		r->at += part;
		to += part;
		size -= part;
	}
}

/* False at the first failure. */
static bool get_item(struct reader *r)
{
	struct buf *item = &r->spool->item;
	uint32_t len = 0;
	char *to;

	buf_clear(item);
	get_bytes(r, (char *)&len, sizeof(len));
	to = r->spool->failure == 0 ? buf_reserve(item, len) : NULL;
	if (to == NULL)
		return false;
	get_bytes(r, to, len);
	item->len = len;
	to[len] = '\0';
	return r->spool->failure == 0;
}

int spool_read(struct spool *s, size_t stream, uint64_t most, spool_take *take, void *to,
	       struct err *err)
{
	const struct stream *t = &s->streams[stream];
	struct reader r = { .spool = s, .stream = t, .next = t->first, .left = t->full };
	uint64_t i, n = t->count < most ? t->count : most;

	if (n != 0 && s->failure == 0) {
		r.own = mem_alloc(sizeof(*r.own));
		next_block(&r);
		for (i = 0; i < n && get_item(&r); i++)
			take(to, buf_str(&s->item));
		free(r.own);
	}
	if (s->failure != 0)
		return err_errno(err, ERR_OUTPUT, s->failure,
				 "cannot keep what a report holds in a temporary file");
	return 0;
}
