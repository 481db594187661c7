/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing whole or not at all. Knows temporary names, and what a system makes of
 * large files; does not know what is written.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file_inside.h"
#include "base/limit.h"

/* ---- temporary files ------------------------------------------------------- */

enum slot_state {
	SLOT_FREE,
	SLOT_TAKEN, /* its path is being written */
	SLOT_OPEN,  /* its path is a temporary file of ours */
};

/*
 * The temporary files that exist. A signal handler reads this, so it is no
 * list and nothing of it is ever freed: the path is whole before the state
 * says so, and a path whose file is gone already does no harm.
 */
static struct {
	atomic_int state;
	char path[LIMIT_OUTPUT_PATH];
} slots[LIMIT_OUTPUTS];

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler may only read what needs no lock");

static int slot_take(void)
{
	int i, expected;

	for (i = 0; i < LIMIT_OUTPUTS; i++) {
		expected = SLOT_FREE;
		if (atomic_compare_exchange_strong(&slots[i].state, &expected, SLOT_TAKEN))
			return i;
	}
	return -1;
}

static void slot_give(int slot)
{
	atomic_store(&slots[slot].state, SLOT_FREE);
}

void file_out_abandon_all(void)
{
	int i, was = errno;

	for (i = 0; i < LIMIT_OUTPUTS; i++)
		if (atomic_load(&slots[i].state) == SLOT_OPEN)
			(void)unlink(slots[i].path);
	errno = was;
}

/* Unlikely to be taken, which is all it has to be: O_EXCL does the rest. */
static uint64_t some_number(void)
{
	static _Atomic uint64_t counter;
	struct timespec now = { 0 };
	uint64_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	n = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30 ^ (uint64_t)getpid() << 20;
	n += atomic_fetch_add(&counter, 1) * UINT64_C(0x9E3779B97F4A7C15);
	n = (n ^ n >> 31) * UINT64_C(0xBF58476D1CE4E5B9);
	return n ^ n >> 29;
}

/*
 * Makes a temporary file beside `final`. Its name begins with a dot, so that a
 * walk of that folder leaves it out. 0, or an errno.
 */
static int temporary_open(const char *final, int slot, int *fd)
{
	const char *slash = strrchr(final, '/');
	int folder_len = slash != NULL ? (int)(slash + 1 - final) : 0;
	sigset_t all, before;
	int tries, len, why = EEXIST;

	for (tries = 0; tries < 100 && why == EEXIST; tries++) {
		len = snprintf(slots[slot].path, sizeof(slots[slot].path),
			       "%.*s.ivslint-%012llx.tmp", folder_len, final,
			       (unsigned long long)(some_number() & 0xFFFFFFFFFFFF));
		if (len < 0 || (size_t)len >= sizeof(slots[slot].path))
			return ENAMETOOLONG;
		/* no signal of this thread between the file's birth and its entry */
		sigfillset(&all);
		pthread_sigmask(SIG_BLOCK, &all, &before);
		*fd = file_open_retrying(AT_FDCWD, slots[slot].path, O_WRONLY | O_CREAT | O_EXCL,
					 0666);
		why = *fd == -1 ? errno : 0;
		if (*fd != -1)
			atomic_store(&slots[slot].state, SLOT_OPEN);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	return why;
}

/* ---- writing whole or not at all ------------------------------------------- */

/* 0, or the errno of what went wrong. */
static int write_all(int fd, struct iovec *parts, int n)
{
	ssize_t put;

	while (n != 0) {
		if (parts->iov_len == 0) {
			parts++;
			n--;
			continue;
		}
		put = writev(fd, parts, n);
		if (put == -1 && file_must_retry(fd, POLLOUT))
			continue;
		if (put == -1)
			return errno;
		for (; put != 0 && (size_t)put >= parts->iov_len; parts++, n--)
			put -= (ssize_t)parts->iov_len;
		if (put != 0) {
			parts->iov_base = (char *)parts->iov_base + put;
			parts->iov_len -= (size_t)put;
		}
	}
	return 0;
}

#define OUT_BUFFER  ((size_t)32 << 10)
/* What is large, where there are no blocks. */
#define OUT_LARGE   ((size_t)64 << 10)
/* A power of two: systems keep a file in memory in pieces of such sizes, at places that
 * their sizes divide, and one of them is made, and copied to, with much less ado than the
 * many small ones that a write which begins and ends anywhere is cut into. */
#define OUT_BLOCK   ((size_t)128 << 10)
/* After so many bytes the disk is set to work, so that fsync has little left to
 * wait for. */
#define OUT_STRETCH ((off_t)2 << 20)

/* So much room is made at one time for a file that has blocks. */
#define OUT_ROOM ((off_t)4 << 20)

struct file_out {
	int fd;
	int slot;    /* -1: written straight through */
	int failure; /* errno of the first failure, 0 while there is none */
	bool blocks; /* a file of which no one else writes the part that we write */
	size_t used;
	off_t written, handed_on; /* up to where, to the system; of that, to the disk */
	off_t room;               /* up to where room was made; -1: no more is */
	bool roomy;               /* some was */
	char *name;               /* as the user wrote it, for messages */
	char *final;              /* where the links of `name` lead to */
	char bytes[OUT_BUFFER];
};

static char *copy_text(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(mem_alloc(size), text, size);
}

/* Under a temporary name. 0, or an errno. */
static int open_beside(struct file_out *f, const struct stat *old)
{
	int why;

	/* rename would replace a file that may not be written; its owner meant that */
	if (old != NULL && faccessat(AT_FDCWD, f->final, W_OK, AT_EACCESS) == -1)
		return errno;
	f->slot = slot_take();
	if (f->slot == -1)
		return EMFILE;
	why = temporary_open(f->final, f->slot, &f->fd);
	if (why != 0) {
		slot_give(f->slot);
		f->slot = -1;
		return why;
	}
	/* who may read an existing report may read the new one, and no one else */
	if (old != NULL)
		(void)fchmod(f->fd, old->st_mode & 0777);
	f->blocks = true;
	f->room = file_room_helps(f->fd) ? 0 : -1;
	return 0;
}

/* Into an open file, from where it stands, that others do not add to. */
static void begin_within(struct file_out *f)
{
	struct stat st;
	int flags = fcntl(f->fd, F_GETFL);
	off_t at;

	if (flags == -1 || (flags & O_APPEND) != 0 || fstat(f->fd, &st) == -1 ||
	    !S_ISREG(st.st_mode))
		return;
	at = lseek(f->fd, 0, SEEK_CUR);
	if (at == -1)
		return;
	f->written = at;
	f->blocks = true;
}

static int open_out(struct file_out *f)
{
	int fd = file_inherited(f->name), why;
	bool exists;
	struct stat st;

	if (fd != -1) {
		f->fd = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		if (f->fd == -1)
			return errno;
		begin_within(f);
		return 0;
	}
	exists = stat(f->name, &st) == 0;
	if (!exists && (errno != ENOENT || f->name[0] == '\0'))
		return errno;
	if (exists && S_ISDIR(st.st_mode))
		return EISDIR;
	if (exists && !S_ISREG(st.st_mode)) {
		f->fd = file_open_retrying(AT_FDCWD, f->name, O_WRONLY, 0);
		return f->fd == -1 ? errno : 0;
	}
	why = file_follow_links(&f->final);
	return why != 0 ? why : open_beside(f, exists ? &st : NULL);
}

static void out_free(struct file_out *f)
{
	free(f->name);
	free(f->final);
	free(f);
}

static const char *out_name(const struct file_out *f)
{
	return strcmp(f->name, "-") == 0 ? "standard output" : f->name;
}

static struct file_out *out_new(const char *path)
{
	struct file_out *f = mem_alloc(sizeof(*f));

	f->fd = -1;
	f->slot = -1;
	f->failure = 0;
	f->blocks = false;
	f->used = 0;
	f->written = f->handed_on = 0;
	f->room = -1;
	f->roomy = false;
	f->name = copy_text(path);
	f->final = copy_text(path);
	return f;
}

static struct file_out *out_opened(struct file_out *f, int why, struct err *err)
{
	if (why == 0)
		return f;
	(void)err_errno(err, ERR_OUTPUT, why, "cannot write '%s'", out_name(f));
	file_out_abandon(f);
	return NULL;
}

struct file_out *file_out_open(const char *path, struct err *err)
{
	struct file_out *f = out_new(path);

	return out_opened(f, open_out(f), err);
}

struct file_out *file_out_append(const char *path, size_t most, size_t *room, struct err *err)
{
	struct file_out *f = out_new(path);
	struct stat st;
	int why = 0;

	f->fd = file_open_retrying(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (f->fd == -1 || fstat(f->fd, &st) == -1)
		why = errno;
	else if ((uintmax_t)st.st_size < most)
		*room = most - (size_t)st.st_size;
	else
		*room = 1; /* not 0, which is no bound: what is full takes nothing */
	return out_opened(f, why, err);
}

static void out_write_both(struct file_out *f, struct str first, struct str then)
{
	struct iovec parts[2] = { { (void *)first.data, first.len },
				  { (void *)then.data, then.len } };

	if (f->failure == 0)
		f->failure = write_all(f->fd, parts, 2);
	f->written += (off_t)(first.len + then.len);
	if (f->slot == -1 || f->written - f->handed_on < OUT_STRETCH)
		return;
	/* no more than advice: whether the report is whole, fsync says */
	(void)posix_fadvise(f->fd, f->handed_on, f->written - f->handed_on, POSIX_FADV_DONTNEED);
	f->handed_on = f->written;
}

static void out_flush(struct file_out *f)
{
	out_write_both(f, (struct str){ f->bytes, f->used }, STR(""));
	f->used = 0;
}

void file_out_put(struct file_out *f, struct str bytes)
{
	if (bytes.len > sizeof(f->bytes) - f->used)
		out_flush(f);
	if (bytes.len >= sizeof(f->bytes)) {
		out_write_both(f, bytes, STR(""));
		return;
	}
	memcpy(f->bytes + f->used, bytes.data, bytes.len);
	f->used += bytes.len;
}

/* A disk that is nearly full may have room for what is written all the same. */
static void make_room(struct file_out *f, off_t size)
{
	if (f->room == -1 || f->failure != 0 || f->written + size <= f->room)
		return;
	size += OUT_ROOM;
	f->room = file_room_make(f->fd, f->written, size) ? f->written + size : -1;
	f->roomy = f->roomy || f->room != -1;
}

size_t file_out_least(const struct file_out *f)
{
	return f->blocks ? OUT_BLOCK - ((size_t)f->written + f->used) % OUT_BLOCK : OUT_LARGE;
}

size_t file_out_take(struct file_out *f, struct str first, struct str then)
{
	size_t size = first.len + then.len, least = file_out_least(f);

	if (size < least)
		return 0;
	if (f->blocks)
		size -= (size - least) % OUT_BLOCK;
	if (f->used != 0)
		out_flush(f);
	make_room(f, (off_t)size);
	if (first.len > size)
		first.len = size;
	then.len = size - first.len;
	out_write_both(f, first, then);
	return size;
}

bool file_out_failed(const struct file_out *f)
{
	return f->failure != 0;
}

static void note_failure(struct file_out *f, int rc)
{
	if (rc == -1 && f->failure == 0)
		f->failure = errno;
}

int file_out_commit(struct file_out *f, struct err *err)
{
	int rc = 0;

	out_flush(f);
	/* what room is left is given back: the size is this already */
	if (f->roomy && f->failure == 0)
		note_failure(f, ftruncate(f->fd, f->written));
	if (f->slot != -1 && f->failure == 0)
		note_failure(f, fsync(f->fd));
	note_failure(f, close(f->fd));
	f->fd = -1;
	if (f->slot != -1 && f->failure == 0)
		note_failure(f, rename(slots[f->slot].path, f->final));
	if (f->failure != 0)
		rc = err_errno(err, ERR_OUTPUT, f->failure, "cannot write '%s'", out_name(f));
	if (rc == 0 && f->slot != -1) {
		slot_give(f->slot);
		f->slot = -1;
	}
	file_out_abandon(f);
	return rc;
}

void file_out_abandon(struct file_out *f)
{
	if (f == NULL)
		return;
	if (f->fd != -1)
		close(f->fd);
	if (f->slot != -1) {
		(void)unlink(slots[f->slot].path);
		slot_give(f->slot);
	}
	out_free(f);
}
