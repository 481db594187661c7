/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that must not outlive their use. Knows memory and descriptors; does
 * not know what the bytes open.
 */
#include "fetch/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/limit.h"

void secret_release(struct secret *s)
{
	if (s->data != NULL) {
		digest_wipe(s->data, s->cap);
		free(s->data);
	}
	*s = SECRET_INIT(s->limit);
}

void secret_clear(struct secret *s)
{
	if (s->data != NULL)
		digest_wipe(s->data, s->cap);
	s->len = 0;
	s->failed = false;
}

char *secret_reserve(struct secret *s, size_t more)
{
	size_t need, cap;
	char *data;

	if (s->failed)
		return NULL;
	if (more > SIZE_MAX / 4 - s->len || (s->limit != 0 && s->len + more > s->limit)) {
		s->failed = true;
		return NULL;
	}
	need = s->len + more + 1;
	if (need > s->cap) {
		cap = need < 64 ? 64 : 2 * need;
		/* not realloc: it would leave a copy behind */
		data = mem_alloc(cap);
		if (s->len != 0)
			memcpy(data, s->data, s->len);
		if (s->data != NULL) {
			digest_wipe(s->data, s->cap);
			free(s->data);
		}
		s->data = data;
		s->cap = cap;
	}
	return s->data + s->len;
}

void secret_put(struct secret *s, const void *bytes, size_t len)
{
	char *to = secret_reserve(s, len);

	if (to == NULL)
		return;
	if (len != 0)
		memcpy(to, bytes, len);
	s->len += len;
	s->data[s->len] = '\0';
}

void secret_puts(struct secret *s, const char *text)
{
	secret_put(s, text, strlen(text));
}

void secret_put_str(struct secret *s, struct str bytes)
{
	secret_put(s, bytes.data, bytes.len);
}

void secret_put_int(struct secret *s, int64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, n);
	secret_puts(s, digits);
}

void secret_set(struct secret *s, struct str bytes)
{
	secret_clear(s);
	secret_put_str(s, bytes);
}

void secret_move(struct secret *to, struct secret *from)
{
	size_t limit = to->limit;

	secret_release(to);
	*to = *from;
	to->limit = limit;
	*from = SECRET_INIT(from->limit);
}

struct str secret_str(const struct secret *s)
{
	return (struct str){ s->data != NULL ? s->data : "", s->len };
}

/* ---- for libraries --------------------------------------------------------- */

/* They free without telling the size, so that it is kept in front. */
union block {
	size_t size;
	max_align_t aligned;
};

void *secret_malloc(size_t size)
{
	union block *b;

	if (size > SIZE_MAX - sizeof(*b))
		abort();
	b = mem_alloc(sizeof(*b) + size);
	b->size = size;
	return b + 1;
}

void *secret_calloc(size_t n, size_t size)
{
	void *bytes;

	if (size != 0 && n > SIZE_MAX / size)
		abort();
	bytes = secret_malloc(n * size);
	memset(bytes, 0, n * size);
	return bytes;
}

void *secret_realloc(void *bytes, size_t size)
{
	size_t had = bytes != NULL ? ((union block *)bytes - 1)->size : 0;
	void *grown = secret_malloc(size);

	if (had != 0)
		memcpy(grown, bytes, had < size ? had : size);
	secret_free(bytes);
	return grown;
}

char *secret_strdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(secret_malloc(size), text, size);
}

void secret_free(void *bytes)
{
	union block *b = bytes;

	if (bytes == NULL)
		return;
	b--;
	digest_wipe(bytes, b->size);
	free(b);
}

/* ---- files ----------------------------------------------------------------- */

static ssize_t read_some(int fd, void *to, size_t size)
{
	ssize_t got;

	do
		got = read(fd, to, size);
	while (got == -1 && errno == EINTR);
	return got;
}

static int too_large(const struct secret *s, const char *path, struct err *err)
{
	return err_set(err, ERR_INPUT, "'%s' is larger than %zu bytes", path, s->limit);
}

static int read_all(struct secret *s, int fd, const char *path, struct err *err)
{
	size_t room;
	ssize_t got;
	char *to, beyond = 0;

	for (;;) {
		room = s->limit - s->len < 4096 ? s->limit - s->len : 4096;
		to = room != 0 ? secret_reserve(s, room) : &beyond;
		got = read_some(fd, to, room != 0 ? room : 1);
		if (got == -1)
			return err_errno(err, ERR_INPUT, errno, "cannot read '%s'", path);
		if (got == 0)
			break;
		if (room == 0)
			return too_large(s, path, err);
		s->len += (size_t)got;
	}
	secret_puts(s, ""); /* the NUL at the end */
	return 0;
}

int secret_read_file(struct secret *s, const char *path, bool *missing, struct err *err)
{
	int fd, rc;

	secret_clear(s);
	if (missing != NULL)
		*missing = false;
	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	while (fd == -1 && errno == EINTR);
	if (fd == -1) {
		if (missing != NULL)
			*missing = errno == ENOENT || errno == ENOTDIR;
		return err_errno(err, ERR_INPUT, errno, "cannot open '%s'", path);
	}
	rc = read_all(s, fd, path, err);
	if (rc == -1)
		secret_clear(s);
	close(fd);
	return rc;
}

static int write_all(int fd, struct str bytes)
{
	ssize_t put;

	while (bytes.len != 0) {
		put = write(fd, bytes.data, bytes.len);
		if (put == -1 && errno == EINTR)
			continue;
		if (put == -1)
			return -1;
		bytes.data += put;
		bytes.len -= (size_t)put;
	}
	return fsync(fd);
}

int secret_write_file(struct str bytes, const char *path, struct err *err)
{
	struct arena arena = ARENA_INIT;
	char *name = arena_printf(&arena, "%s.%ld.tmp", path, (long)getpid());
	int fd, rc = -1;

	/* O_EXCL follows no link that somebody laid out */
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd == -1) {
		err_errno(err, ERR_OUTPUT, errno, "cannot write beside '%s'", path);
		goto out;
	}
	rc = write_all(fd, bytes);
	if (close(fd) == -1)
		rc = -1;
	if (rc == 0)
		rc = rename(name, path);
	if (rc == -1) {
		err_errno(err, ERR_OUTPUT, errno, "cannot write '%s'", path);
		unlink(name);
	}
out:
	arena_release(&arena);
	return rc;
}

int64_t secret_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
