/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a segment again. Knows descriptors and offsets; not what is read.
 */
#include "input/seekable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limit.h"
#include "model/json.h"

/* A pipe's bytes up to here stay in memory. */
#ifndef SEEKABLE_MEMORY /* tests make it small */
#define SEEKABLE_MEMORY ((size_t)LIMIT_DOCUMENT_SIZE)
#endif
#define PIECE ((size_t)64 << 10)

static int write_all(int fd, const char *from, size_t len, uint64_t offset)
{
	ssize_t put;

	while (len != 0) {
		put = pwrite(fd, from, len, (off_t)offset);
		if (put == -1 && errno == EINTR)
			continue;
		if (put <= 0) {
			if (put == 0)
				errno = ENOSPC;
			return -1;
		}
		from += put;
		len -= (size_t)put;
		offset += (uint64_t)put;
	}
	return 0;
}

/* What does not fit into memory goes to a file, the first `len` bytes too. */
static int spill(struct seekable *s, size_t len)
{
	uint64_t offset = len;
	ssize_t got = 0;
	int rc;

	s->fd = file_temporary();
	s->own = s->fd != -1;
	if (s->fd == -1 || write_all(s->fd, s->kept, len, 0) == -1)
		return -1;
	for (;;) {
		got = segment_read(s->segment, s->kept, PIECE);
		if (got <= 0)
			break;
		rc = write_all(s->fd, s->kept, (size_t)got, offset);
		if (rc == -1)
			return -1;
		offset += (uint64_t)got;
	}
	free(s->kept);
	s->kept = NULL;
	return got == 0 ? 0 : -1;
}

static int take_pipe(struct seekable *s)
{
	struct str head = s->segment->source.bytes;
	size_t len = head.len, cap = len + PIECE;
	ssize_t got;

	s->kept = mem_alloc(cap + JSON_PADDING);
	memcpy(s->kept, head.data, len);
	while ((got = segment_read(s->segment, s->kept + len, cap - len)) > 0) {
		len += (size_t)got;
		if (len > SEEKABLE_MEMORY)
			return spill(s, len);
		if (cap - len < PIECE) {
			cap *= 2;
			s->kept = mem_grow(s->kept, cap + JSON_PADDING);
		}
	}
	memset(s->kept + len, 0, JSON_PADDING);
	s->memory = (struct str){ s->kept, len };
	return got == 0 ? 0 : -1;
}

int seekable_open(struct seekable *s, struct segment *segment)
{
	off_t at;

	*s = (struct seekable){ .segment = segment, .fd = -1 };
	if (segment->fd == -1) {
		s->memory = segment->source.bytes;
		return 0;
	}
	at = lseek(segment->fd, 0, SEEK_CUR);
	if (at == -1 || (uint64_t)at < segment->source.bytes.len)
		return take_pipe(s);
	s->fd = segment->fd;
	s->base = (uint64_t)at - segment->source.bytes.len;
	return 0;
}

void seekable_close(struct seekable *s)
{
	if (s->own)
		close(s->fd);
	free(s->kept);
	*s = (struct seekable){ .fd = -1 };
}

ssize_t seekable_read(void *seekable, uint64_t offset, char *to, size_t size)
{
	struct seekable *s = seekable;
	ssize_t got;

	if (s->memory.data != NULL) {
		if (offset >= s->memory.len)
			return 0;
		if (size > s->memory.len - offset)
			size = (size_t)(s->memory.len - offset);
		memcpy(to, s->memory.data + offset, size);
		return (ssize_t)size;
	}
	do
		got = pread(s->fd, to, size, (off_t)(s->base + offset));
	while (got == -1 && errno == EINTR);
	return got;
}
