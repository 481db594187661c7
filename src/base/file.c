/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: descriptors, and reading whole. Knows signals that interrupt; does not
 * know what is in a file, or whether it matters.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_inside.h"
#include "base/limit.h"

/* ---- descriptors ----------------------------------------------------------- */

int file_open_retrying(int folder, const char *path, int flags, mode_t mode)
{
	int fd;

	do
		fd = openat(folder, path, flags | O_CLOEXEC | O_NOCTTY, mode);
	while (fd == -1 && errno == EINTR);
	return fd;
}

/* A descriptor that another program left non-blocking is waited for. */
static void wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	(void)poll(&p, 1, -1);
}

bool file_must_retry(int fd, short events)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK) {
		wait_for(fd, events);
		return true;
	}
	return errno == EINTR;
}

static ssize_t read_some(int fd, char *to, size_t size)
{
	ssize_t got;

	do
		got = read(fd, to, size < SSIZE_MAX ? size : SSIZE_MAX);
	while (got == -1 && file_must_retry(fd, POLLIN));
	return got;
}

/* ---- reading whole --------------------------------------------------------- */

#define FIRST_READ ((size_t)16 << 10) /* holds most files, so that most need no stat */

static int too_large(const struct buf *b, const char *name, struct err *err)
{
	return err_set(err, ERR_INPUT, "'%s' is larger than %zu bytes", name, b->limit);
}

/* Room for what a file says that it still holds; a pipe says nothing. */
static int reserve_rest(struct buf *b, int fd, const char *name, struct err *err)
{
	struct stat st;
	size_t rest;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size < 0)
		return 0;
	if ((uintmax_t)st.st_size > b->limit)
		return too_large(b, name, err);
	/* and a byte more, where it may be, for the read that finds the end */
	rest = (size_t)st.st_size > b->len ? (size_t)st.st_size - b->len : 0;
	(void)buf_reserve(b, b->len + rest < b->limit ? rest + 1 : rest);
	return 0;
}

static int read_all(struct buf *b, int fd, const char *name, struct err *err)
{
	size_t room;
	ssize_t got;
	char *to, beyond = 0;

	for (;;) {
		room = b->cap > b->len + 1 ? b->cap - b->len - 1 : FIRST_READ;
		if (room > b->limit - b->len)
			room = b->limit - b->len;
		to = room != 0 ? buf_reserve(b, room) : &beyond;
		got = read_some(fd, to, room != 0 ? room : 1);
		if (got == -1)
			return err_errno(err, ERR_INPUT, errno, "cannot read '%s'", name);
		if (got == 0)
			break;
		if (room == 0)
			return too_large(b, name, err);
		b->len += (size_t)got;
		if (b->len == (size_t)got && (size_t)got == room &&
		    reserve_rest(b, fd, name, err) == -1)
			return -1;
	}
	buf_puts(b, ""); /* the NUL at the end */
	return 0;
}

int file_read(struct buf *b, const char *path, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard input" : path;
	int fd = STDIN_FILENO, rc;

	buf_clear(b);
	if (!standard) {
		fd = file_open_retrying(AT_FDCWD, path, O_RDONLY, 0);
		if (fd == -1)
			return err_errno(err, ERR_INPUT, errno, "cannot open '%s'", path);
	}
	rc = read_all(b, fd, name, err);
	if (!standard)
		close(fd);
	if (rc == -1)
		buf_clear(b);
	return rc;
}

void file_standard_hold(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			/* the lowest that is free is fd; open the wrong way round, it can
			 * neither be read as if it were empty nor take what is written */
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* ---- without a name ------------------------------------------------------------ */

static int open_in(const char *folder)
{
	char path[LIMIT_OUTPUT_PATH];
	int len, fd;

	len = snprintf(path, sizeof(path), "%s/.ivslint-XXXXXX", folder);
	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(path);
	if (fd == -1)
		return -1;
	(void)unlink(path);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* /var/tmp before /tmp, which on many systems is memory. */
int file_temporary(void)
{
	const char *wanted = getenv("TMPDIR");
	int fd;

	if (wanted != NULL && *wanted != '\0')
		return open_in(wanted);
	fd = open_in("/var/tmp");
	return fd != -1 ? fd : open_in("/tmp");
}
