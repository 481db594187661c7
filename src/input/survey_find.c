/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that speak of channels: found by a word, since most files do not, and
 * reading them twice is to cost next to nothing. What they say is not known here.
 */
#include "input/survey_find.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limit.h"
#include "model/json.h"

/* The beginning of "channel" and "channels", as keys of the answers. */
static const char word[] = "\"channel";
#define WORD (sizeof(word) - 1)

struct search {
	struct survey_files *files;
	survey_take *take;
	void *to;
	bool found;              /* channels, anywhere */
	unsigned char skip[256]; /* how far the word may move on, by the byte at its end */
	char chunk[LIMIT_SURVEY_HEAD];
};

static void init_skips(struct search *x)
{
	size_t i;

	memset(x->skip, WORD, sizeof(x->skip));
	for (i = 0; i < WORD - 1; i++)
		x->skip[(unsigned char)word[i]] = (unsigned char)(WORD - 1 - i);
}

/* Horspool's search: it looks at one byte in eight of what is something else. */
static bool speaks_of_channels(const struct search *x, const char *p, size_t n)
{
	const char *end = p + n;

	while ((size_t)(end - p) > WORD) {
		if (memcmp(p, word, WORD) == 0 &&
		    (p[WORD] == '"' ||
		     (p[WORD] == 's' && end - p > (ptrdiff_t)WORD + 1 && p[WORD + 1] == '"')))
			return true;
		p += x->skip[(unsigned char)p[WORD - 1]];
	}
	return false;
}

static ssize_t read_some(int fd, char *to, size_t size)
{
	ssize_t got;

	do
		got = read(fd, to, size);
	while (got == -1 && errno == EINTR);
	return got;
}

/* Whether a file speaks of channels behind its beginning, which is in the chunk. */
static bool speaks_later(struct search *x, int fd, size_t n)
{
	size_t keep;
	ssize_t got;

	for (;;) {
		/* the word may lie across */
		keep = n < WORD + 1 ? n : WORD + 1;
		memmove(x->chunk, x->chunk + n - keep, keep);
		got = read_some(fd, x->chunk + keep, sizeof(x->chunk) - keep);
		if (got <= 0)
			return false;
		n = keep + (size_t)got;
		if (speaks_of_channels(x, x->chunk, n))
			return true;
	}
}

/* All of a file, up to the limit. */
static bool read_whole(struct search *x, int fd, struct buf *b)
{
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) == -1)
		return false;
	while ((got = read_some(fd, x->chunk, sizeof(x->chunk))) > 0) {
		buf_put(b, x->chunk, (size_t)got);
		if (b->failed)
			return false;
	}
	return got == 0;
}

static void add_path(struct survey_files *f, const struct survey_path **list, const char *path)
{
	struct survey_path *p = ARENA_NEW(&f->arena, struct survey_path);

	*p = (struct survey_path){ arena_strdup(&f->arena, path), *list };
	*list = p;
}

static void take_file(struct search *x, int fd, const char *path)
{
	static const char zeroes[JSON_PADDING];
	struct buf text = BUF_INIT(LIMIT_SURVEY_SIZE);

	x->files->partial |= !read_whole(x, fd, &text);
	text.limit = 0;
	text.failed = false;
	buf_put(&text, zeroes, JSON_PADDING);
	x->found |= x->take(x->to, (struct str){ text.data, text.len - JSON_PADDING });
	add_path(x->files, &x->files->taken, path);
	buf_release(&text);
}

static int open_file(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static void look_at(struct search *x, const char *path)
{
	ssize_t got;
	int fd;

	if (x->files->n++ >= LIMIT_SURVEY_FILES) {
		x->files->partial = true;
		return;
	}
	fd = open_file(path);
	if (fd == -1)
		return;
	got = read_some(fd, x->chunk, sizeof(x->chunk));
	if (got > 0 && speaks_of_channels(x, x->chunk, (size_t)got))
		take_file(x, fd, path);
	else if (got == sizeof(x->chunk))
		add_path(x->files, &x->files->later, path);
	close(fd);
}

static void look_again_at(struct search *x, const char *path)
{
	ssize_t got;
	int fd = open_file(path);

	if (fd == -1)
		return;
	got = read_some(fd, x->chunk, sizeof(x->chunk));
	if (got > 0 && speaks_later(x, fd, (size_t)got))
		take_file(x, fd, path);
	close(fd);
}

static bool is_likely(const char *name)
{
	static const char *const endings[] = { ".json", ".ndjson", ".jsonl" };
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_ends(str_of(name), str_of(endings[i])))
			return true;
	return false;
}

static void look_in(struct search *x, const char *folder)
{
	struct file_walk *walk;
	const char *path;
	struct err err;
	int more;

	walk = file_walk_new(folder, &err);
	if (walk == NULL)
		return;
	while ((more = file_walk_next(walk, &path, &err)) != 0)
		if (more == 1 && is_likely(path))
			look_at(x, path);
	file_walk_free(walk);
}

void survey_find(struct survey_files *f, const char *const *paths, size_t n, survey_take *take,
		 void *to)
{
	struct search *x = mem_alloc(sizeof(*x));
	const struct survey_path *p;
	struct stat status;
	size_t i;

	*x = (struct search){ .files = f, .take = take, .to = to };
	init_skips(x);
	for (i = 0; i < n; i++) {
		if (strcmp(paths[i], "-") == 0 || stat(paths[i], &status) == -1)
			continue;
		if (S_ISREG(status.st_mode))
			look_at(x, paths[i]);
		else if (S_ISDIR(status.st_mode))
			look_in(x, paths[i]);
	}
	for (p = f->later; x->found && p != NULL; p = p->next)
		look_again_at(x, p->path);
	free(x);
}

bool survey_was_taken(const struct survey_files *f, const char *path)
{
	const struct survey_path *p;

	for (p = f->taken; p != NULL; p = p->next)
		if (strcmp(p->path, path) == 0)
			return true;
	return false;
}
