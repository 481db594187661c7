/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files. Knows descriptors, temporary names, folders and signals that
 * interrupt; does not know what is in a file, or whether it matters.
 */
#define _DEFAULT_SOURCE /* d_type, which saves a stat for every file of a walk */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limit.h"

/* ---- descriptors ----------------------------------------------------------- */

static int open_retrying(int folder, const char *path, int flags, mode_t mode)
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

static bool must_retry(int fd, short events)
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
	while (got == -1 && must_retry(fd, POLLIN));
	return got;
}

/* 0, or the errno of what went wrong. */
static int write_all(int fd, const char *from, size_t size)
{
	ssize_t put;

	while (size != 0) {
		put = write(fd, from, size < SSIZE_MAX ? size : SSIZE_MAX);
		if (put == -1 && must_retry(fd, POLLOUT))
			continue;
		if (put == -1)
			return errno;
		from += put;
		size -= (size_t)put;
	}
	return 0;
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
		fd = open_retrying(AT_FDCWD, path, O_RDONLY, 0);
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
		*fd = open_retrying(AT_FDCWD, slots[slot].path, O_WRONLY | O_CREAT | O_EXCL, 0666);
		why = *fd == -1 ? errno : 0;
		if (*fd != -1)
			atomic_store(&slots[slot].state, SLOT_OPEN);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	return why;
}

/* ---- writing whole or not at all ------------------------------------------- */

#define OUT_BUFFER  ((size_t)32 << 10)
/* After so many bytes the disk is set to work, so that fsync has little left to
 * wait for. */
#define OUT_STRETCH ((off_t)1 << 20)

struct file_out {
	int fd;
	int slot;    /* -1: written straight through */
	int failure; /* errno of the first failure, 0 while there is none */
	size_t used;
	off_t written, handed_on; /* to the system; of that, to the disk */
	char *name;               /* as the user wrote it, for messages */
	char *final;              /* where the links of `name` lead to */
	char bytes[OUT_BUFFER];
};

static char *copy_text(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(mem_alloc(size), text, size);
}

/*
 * Follows the links that the last part of the path is, also one whose target
 * does not exist yet: the report goes where a redirection would have gone,
 * and the link stays. 0, or an errno.
 */
static int follow_links(char **path)
{
	char target[LIMIT_OUTPUT_PATH], *slash, *next;
	size_t folder_len;
	ssize_t len;
	int links;

	for (links = 0; links < 40; links++) {
		len = readlink(*path, target, sizeof(target));
		if (len == -1)
			return errno == EINVAL || errno == ENOENT ? 0 : errno;
		if ((size_t)len >= sizeof(target))
			return ENAMETOOLONG;
		slash = strrchr(*path, '/');
		folder_len = slash != NULL && target[0] != '/' ? (size_t)(slash + 1 - *path) : 0;
		next = mem_alloc(folder_len + (size_t)len + 1);
		memcpy(next, *path, folder_len);
		memcpy(next + folder_len, target, (size_t)len);
		next[folder_len + (size_t)len] = '\0';
		free(*path);
		*path = next;
	}
	return ELOOP;
}

/*
 * The descriptor that a path means which is only another name for one, or -1.
 * Opening such a path anew would lose the place in a file and its O_APPEND.
 */
static int inherited(const char *path)
{
	static const char *const prefixes[] = { "/dev/fd/", "/proc/self/fd/" };
	const char *digits = NULL;
	char *end;
	long fd;
	size_t i;

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (str_starts(str_of(path), str_of(prefixes[i])))
			digits = path + strlen(prefixes[i]);
	if (digits == NULL || *digits < '0' || *digits > '9')
		return -1;
	fd = strtol(digits, &end, 10);
	return *end == '\0' && fd <= INT_MAX ? (int)fd : -1;
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
	return 0;
}

static int open_out(struct file_out *f)
{
	int fd = inherited(f->name), why;
	bool exists;
	struct stat st;

	if (fd != -1) {
		f->fd = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		return f->fd == -1 ? errno : 0;
	}
	exists = stat(f->name, &st) == 0;
	if (!exists && (errno != ENOENT || f->name[0] == '\0'))
		return errno;
	if (exists && S_ISDIR(st.st_mode))
		return EISDIR;
	if (exists && !S_ISREG(st.st_mode)) {
		f->fd = open_retrying(AT_FDCWD, f->name, O_WRONLY, 0);
		return f->fd == -1 ? errno : 0;
	}
	why = follow_links(&f->final);
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
	f->used = 0;
	f->written = f->handed_on = 0;
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

	f->fd = open_retrying(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (f->fd == -1 || fstat(f->fd, &st) == -1)
		why = errno;
	else if ((uintmax_t)st.st_size < most)
		*room = most - (size_t)st.st_size;
	else
		*room = 1; /* not 0, which is no bound: what is full takes nothing */
	return out_opened(f, why, err);
}

static void out_write(struct file_out *f, const char *from, size_t size)
{
	if (f->failure == 0)
		f->failure = write_all(f->fd, from, size);
	f->written += (off_t)size;
	if (f->slot == -1 || f->written - f->handed_on < OUT_STRETCH)
		return;
	/* no more than advice: whether the report is whole, fsync says */
	(void)posix_fadvise(f->fd, f->handed_on, f->written - f->handed_on, POSIX_FADV_DONTNEED);
	f->handed_on = f->written;
}

void file_out_put(struct file_out *f, struct str bytes)
{
	if (bytes.len > sizeof(f->bytes) - f->used) {
		out_write(f, f->bytes, f->used);
		f->used = 0;
	}
	if (bytes.len >= sizeof(f->bytes)) {
		out_write(f, bytes.data, bytes.len);
		return;
	}
	memcpy(f->bytes + f->used, bytes.data, bytes.len);
	f->used += bytes.len;
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

	out_write(f, f->bytes, f->used);
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

/* ---- walking --------------------------------------------------------------- */

struct entry {
	const char *name;
	bool folder;
};

/* One folder of the way down: what is in it, and how far the walk is. */
struct level {
	int fd;
	size_t path_len; /* of the walk's path, with a slash at its end */
	struct arena names;
	struct entry *entries;
	size_t n, next;
};

struct file_walk {
	struct buf path;
	size_t skipped;
	size_t depth;
	struct level levels[LIMIT_PATH_DEPTH];
};

/*
 * Byte order of the paths below: a folder's go on with a slash, so "a.json" comes
 * before "a/b" though "a" comes before "a.json".
 */
static int by_path(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	const unsigned char *p = (const unsigned char *)a->name;
	const unsigned char *q = (const unsigned char *)b->name;
	int x, y;

	while (*p == *q && *p != '\0') {
		p++;
		q++;
	}
	x = *p != '\0' ? *p : a->folder ? '/' : 0;
	y = *q != '\0' ? *q : b->folder ? '/' : 0;
	return x - y;
}

enum kind {
	KIND_FILE,
	KIND_FOLDER,
	KIND_OTHER,
};

static enum kind kind_of_mode(mode_t mode)
{
	return S_ISREG(mode) ? KIND_FILE : S_ISDIR(mode) ? KIND_FOLDER : KIND_OTHER;
}

static enum kind kind_of(int folder, const struct dirent *d)
{
	struct stat st;

#ifdef DT_UNKNOWN
	if (d->d_type != DT_UNKNOWN)
		return d->d_type == DT_REG   ? KIND_FILE
		       : d->d_type == DT_DIR ? KIND_FOLDER
					     : KIND_OTHER;
#endif
	/* what cannot even be looked at is let through: opening it says why */
	if (fstatat(folder, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return KIND_FILE;
	return kind_of_mode(st.st_mode);
}

static void level_add(struct file_walk *w, struct level *l, size_t *cap, const struct dirent *d)
{
	enum kind kind;

	if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
		return;
	kind = d->d_name[0] == '.' ? KIND_OTHER : kind_of(l->fd, d);
	if (kind == KIND_OTHER) {
		w->skipped++;
		return;
	}
	if (l->n == *cap) {
		*cap = *cap != 0 ? *cap * 2 : 32;
		l->entries = mem_grow(l->entries, *cap * sizeof(*l->entries));
	}
	l->entries[l->n++] =
	    (struct entry){ arena_strdup(&l->names, d->d_name), kind == KIND_FOLDER };
}

/* Reads a folder whole, in order. What was read before a failure stays. 0, or an errno. */
static int level_read(struct file_walk *w, struct level *l)
{
	/* the stream owns its descriptor; the level needs one for its folders */
	int fd = fcntl(l->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), why = 0;
	DIR *stream = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *d;
	size_t cap = 0;

	if (stream == NULL) {
		why = errno;
		if (fd != -1)
			close(fd);
		return why;
	}
	while (errno = 0, (d = readdir(stream)) != NULL)
		level_add(w, l, &cap, d);
	why = errno;
	closedir(stream);
	if (l->n > 1)
		qsort(l->entries, l->n, sizeof(*l->entries), by_path);
	return why;
}

/* Takes fd, a folder whose path is in w->path, with its slash. 0, or an errno. */
static int level_enter(struct file_walk *w, int fd)
{
	struct level *l = &w->levels[w->depth++];

	*l = (struct level){ .fd = fd, .path_len = w->path.len, .names = ARENA_INIT };
	return level_read(w, l);
}

static void level_leave(struct file_walk *w)
{
	struct level *l = &w->levels[--w->depth];

	close(l->fd);
	arena_release(&l->names);
	free(l->entries);
}

struct file_walk *file_walk_new(const char *folder, struct err *err)
{
	struct file_walk *w;
	int fd = open_retrying(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY, 0), why;

	if (fd == -1) {
		(void)err_errno(err, ERR_INPUT, errno, "cannot open folder '%s'", folder);
		return NULL;
	}
	w = mem_alloc(sizeof(*w));
	w->path = BUF_INIT(0);
	w->skipped = 0;
	w->depth = 0;
	buf_puts(&w->path, folder);
	if (!str_ends(buf_str(&w->path), STR("/")))
		buf_putc(&w->path, '/');
	why = level_enter(w, fd);
	if (why != 0) {
		(void)err_errno(err, ERR_INPUT, why, "cannot read folder '%s'", folder);
		file_walk_free(w);
		return NULL;
	}
	return w;
}

static int descend(struct file_walk *w, const struct level *l, const struct entry *e,
		   struct err *err)
{
	int fd, why;

	if (w->depth == LIMIT_PATH_DEPTH)
		return err_set(err, ERR_INPUT, "cannot read folder '%s': more than %d folders deep",
			       w->path.data, LIMIT_PATH_DEPTH);
	fd = open_retrying(l->fd, e->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (fd == -1)
		return err_errno(err, ERR_INPUT, errno, "cannot open folder '%s'", w->path.data);
	buf_putc(&w->path, '/');
	why = level_enter(w, fd);
	if (why != 0)
		return err_errno(err, ERR_INPUT, why, "cannot read folder '%s'", w->path.data);
	return 0;
}

int file_walk_next(struct file_walk *w, const char **path, struct err *err)
{
	const struct entry *e;
	struct level *l;
	int rc;

	while (w->depth != 0) {
		l = &w->levels[w->depth - 1];
		if (l->next == l->n) {
			level_leave(w);
			continue;
		}
		e = &l->entries[l->next++];
		w->path.len = l->path_len;
		buf_puts(&w->path, e->name);
		rc = e->folder ? descend(w, l, e, err) : 1;
		if (rc != 0) {
			*path = w->path.data;
			return rc;
		}
	}
	return 0;
}

size_t file_walk_skipped(const struct file_walk *w)
{
	return w->skipped;
}

void file_walk_free(struct file_walk *w)
{
	if (w == NULL)
		return;
	while (w->depth != 0)
		level_leave(w);
	buf_release(&w->path);
	free(w);
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
