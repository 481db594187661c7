/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking a folder. Knows which files are for reading and in which order; does
 * not know what is in them.
 */
#define _DEFAULT_SOURCE /* d_type, which saves a stat for every file of a walk */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file_inside.h"
#include "base/limit.h"

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
	int fd = file_open_retrying(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY, 0), why;

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
	fd = file_open_retrying(l->fd, e->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
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
