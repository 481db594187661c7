/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a path leads to: past links, to a descriptor that is open already, and
 * whether it is where another one leads.
 */
#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file_inside.h"
#include "base/limit.h"

int file_follow_links(char **path)
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

int file_inherited(const char *path)
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

/* ---- two of them ------------------------------------------------------------- */

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Of the descriptor that the path names, or of the file. */
static bool look(const char *path, int fd, struct stat *st)
{
	return (fd != -1 ? fstat(fd, st) : stat(path, st)) == 0;
}

/* The folder that a new file comes into, and its name there. */
static bool look_at_folder(const char *path, struct stat *folder, struct buf *name)
{
	size_t size = strlen(path) + 1;
	char *end = memcpy(mem_alloc(size), path, size), *slash;
	bool is;

	is = file_follow_links(&end) == 0;
	slash = strrchr(end, '/');
	buf_puts(name, slash != NULL ? slash + 1 : end);
	if (slash != NULL)
		slash[slash == end ? 1 : 0] = '\0';
	is = is && stat(slash != NULL ? end : ".", folder) == 0;
	free(end);
	return is;
}

static bool is_new_at_same(const char *a, const char *b)
{
	struct buf name = BUF_INIT(0), other = BUF_INIT(0);
	struct stat one, two;
	bool same;

	same = look_at_folder(a, &one, &name) && look_at_folder(b, &two, &other) &&
	       is_same(&one, &two) && str_equal(buf_str(&name), buf_str(&other));
	buf_release(&name);
	buf_release(&other);
	return same;
}

bool file_same_place(const char *a, const char *b)
{
	int fd_a = file_inherited(a), fd_b = file_inherited(b);
	struct stat one, two;
	bool there, other_there;

	if (fd_a != -1 && fd_b != -1)
		return fd_a == fd_b;
	there = look(a, fd_a, &one);
	other_there = look(b, fd_b, &two);
	if (there && other_there)
		return !S_ISCHR(one.st_mode) && is_same(&one, &two);
	return !there && !other_there && fd_a == -1 && fd_b == -1 && is_new_at_same(a, b);
}
