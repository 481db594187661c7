/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths to stretches. Knows files, folders, standard input, and where a stream
 * of JSON may be cut; reads no configuration. Memory is a stretch and what the
 * last one left over, whatever the size of the file.
 */
#include "input/feed_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/fetched.h"
#include "model/json_scan.h"

/* Small files share a stretch up to this many bytes and files. */
#define SHARED_SIZE     ((size_t)64 << 10)
#define SHARED_SEGMENTS 128

struct feed *feed_new(const char *const *paths, size_t n, int wake_fd)
{
	struct feed *f = mem_alloc(sizeof(*f));

	*f = (struct feed){ .paths = paths,
			    .n = n,
			    .fd = -1,
			    .wake_fd = wake_fd,
			    .from_fd = -1,
			    .carry = BUF_INIT(0),
			    .stretch_size = FEED_STRETCH };
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->counted, NULL);
	return f;
}

void feed_from_fd(struct feed *f, int fd, feed_copy *copy, void *to)
{
	f->from_fd = fd;
	f->copy = copy;
	f->copy_to = to;
}

void feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	if (f->from_fd != -1)
		close(f->from_fd);
	if (f->file != NULL)
		free(f->file->name);
	free(f->file);
	file_walk_free(f->walk);
	buf_release(&f->carry);
	arena_release(&f->arena);
	pthread_cond_destroy(&f->counted);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

uint64_t feed_skipped(const struct feed *f)
{
	return f->skipped;
}

static struct input_file *new_file(const char *name, bool asked_for)
{
	struct input_file *file = mem_alloc(sizeof(*file));

	*file = (struct input_file){ .asked_for = asked_for };
	file->name = mem_alloc(strlen(name) + 1);
	memcpy(file->name, name, strlen(name) + 1);
	return file;
}

/* ---- opening ---------------------------------------------------------- */

static void end_file(struct feed *f, struct stretch *s)
{
	struct segment *g = feed_add_segment(s, SEGMENT_END, f->file);

	g->ends_file = true;
	if (f->file->asked_for)
		g->ends_argument = f->paths[f->next - 1];
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	f->fd = -1;
	f->file = NULL;
	buf_clear(&f->carry);
}

static void start_file(struct feed *f, const char *name, bool asked_for, int fd, bool regular)
{
	f->file = new_file(name, asked_for);
	f->input = NULL;
	f->fd = fd;
	f->regular = regular;
	f->ended = false;
	f->started = false;
	f->state = STATE_TOP;
	f->looked = false;
	f->unreadable = false;
	f->in_object = false;
	f->after_comma = false;
	f->line = 1;
	f->column = 1;
	f->index = 1;
	buf_clear(&f->carry);
}

static void open_file(struct feed *f, struct stretch *s, const char *path, bool asked_for)
{
	int fd, flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;

	/* a file of a folder was a regular one a moment ago: never wait for it */
	fd = open(path, asked_for ? flags : flags | O_NONBLOCK);
	if (fd == -1) {
		start_file(f, path, asked_for, -1, false);
		feed_add_trouble(s, f->file, TROUBLE_UNREADABLE, 0, "cannot open: %s",
				 strerror(errno));
		end_file(f, s);
		return;
	}
	start_file(f, path, asked_for, fd, !asked_for);
}

/* Opens what the command line names next. */
static void open_argument(struct feed *f, struct stretch *s, const char *path)
{
	struct stat st = { 0 };
	struct err err;

	if (f->from_fd != -1) {
		start_file(f, path, true, f->from_fd, false);
		f->file->fetched.is = true;
		f->from_fd = -1;
		return;
	}
	if (strcmp(path, "-") == 0) {
		start_file(f, "<stdin>", true, STDIN_FILENO, false);
		return;
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		f->walk = file_walk_new(path, &err);
		f->folder = path;
		if (f->walk != NULL)
			return;
		start_file(f, path, true, -1, false);
		feed_add_trouble(s, f->file, TROUBLE_UNREADABLE, 0, "%s", err.text);
		end_file(f, s);
		return;
	}
	open_file(f, s, path, true);
	if (f->file != NULL)
		f->regular = S_ISREG(st.st_mode);
}

/* The next file to read, if any: false at the end of everything. What could
 * not be opened is told in s. */
static bool open_next(struct feed *f, struct stretch *s)
{
	const char *path;
	struct err err;
	int rc;

	if (f->walk == NULL) {
		if (f->next == f->n)
			return false;
		open_argument(f, s, f->paths[f->next++]);
		return true;
	}
	rc = file_walk_next(f->walk, &path, &err);
	if (rc == 1) {
		/* of ".", which is where one is when no path was named */
		if (strcmp(f->folder, ".") == 0 && str_starts(str_of(path), STR("./")))
			path += 2;
		open_file(f, s, path, false);
	} else if (rc == -1) {
		start_file(f, path, false, -1, false);
		feed_add_trouble(s, f->file, TROUBLE_UNREADABLE, 0, "%s", err.text);
		end_file(f, s);
	} else {
		f->skipped += file_walk_skipped(f->walk);
		file_walk_free(f->walk);
		f->walk = NULL;
		feed_add_segment(s, SEGMENT_END, NULL)->ends_argument = f->folder;
	}
	return true;
}

/* ---- files that are read otherwise ------------------------------------ */

static void take_whole(struct feed *f, struct stretch *s, size_t size)
{
	const char *p;
	size_t len;

	for (;;) {
		len = feed_fill(f, s, size);
		p = s->bytes + s->used;
		if (len > f->input->limit) {
			feed_add_trouble(s, f->file, TROUBLE_REFUSED, 1,
					 "a file larger than the limit of %zu bytes",
					 f->input->limit);
			f->ended = true;
			return;
		}
		if (f->ended)
			break;
		feed_keep(f, p, p + len);
		size = size < f->input->limit / 2 ? size * 2 : f->input->limit + 1;
	}
	feed_hand_out(f, s, SEGMENT_DOCUMENT, p, p + len);
}

/* The reader reads on: the descriptor goes with the segment. */
static void take_stream(struct feed *f, struct stretch *s, size_t size)
{
	size_t len = feed_fill(f, s, size);
	const char *p = s->bytes + s->used;
	struct segment *g = feed_hand_out(f, s, SEGMENT_STREAM, p, p + len);

	if (!f->ended) {
		g->fd = f->fd;
		g->wake_fd = f->wake_fd;
		g->regular = f->regular;
		f->fd = -1;
	}
	f->ended = true;
}

/* ---- the beginning of a file ------------------------------------------ */

/* By its mark, or by what nothing else begins with: a NUL beside a letter, in a file
 * that has the name of text, or was asked for. */
static bool is_utf16(const struct feed *f, const char *p, size_t len)
{
	static const char *const endings[] = { ".json", ".ndjson",   ".jsonl", ".yaml",
					       ".yml",  ".template", NULL };

	if (len < 2)
		return false;
	if (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)
		return true;
	return (p[0] == '\0') != (p[1] == '\0') &&
	       (f->file->asked_for || input_named(f->file->name, endings));
}

/* Looks at the first bytes: false when the file is none of ours. */
static bool recognise(struct feed *f, struct stretch *s, const char *p, size_t len)
{
	/* what would be read if it were not compressed */
	static const char *const endings[] = { ".json",      ".ndjson",   ".jsonl", ".json.gz",
					       ".ndjson.gz", ".jsonl.gz", NULL };
	struct input_head head = { 0 };
	size_t mark = 0;
	const char *text;

	f->started = true;
	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		mark = 3;
	if (is_utf16(f, p, len)) {
		feed_add_trouble(s, f->file, TROUBLE_REFUSED, 1,
				 "UTF-16, not UTF-8: save it as UTF-8");
		return false;
	}
	if (len >= 2 && memcmp(p, "\x1f\x8b", 2) == 0 &&
	    (f->file->asked_for || input_named(f->file->name, endings))) {
		feed_add_trouble(s, f->file, TROUBLE_REFUSED, 1,
				 "compressed with gzip: unpack it first");
		return false;
	}
	text = json_scan_blanks(p + mark);
	f->file->fetched.is = f->file->fetched.is || fetched_begins(text);
	/* of a fetch it is the name of a copy, and says nothing */
	head.name = f->file->fetched.is ? "" : f->file->name;
	head.asked_for = f->file->asked_for;
	head.whole = f->ended;
	head.text = (struct str){ p + mark, len - mark };
	head.first = *text;
	head.json = *text == '{' || *text == '[';
	head.lines = feed_looks_like_lines(text, p + len);
	f->input = input_recognise(&head, &f->arena);
	if (f->input == NULL) {
		f->skipped++;
		return false;
	}
	if (head.lines)
		f->state = STATE_LINES;
	feed_keep(f, p + mark, p + len);
	return true;
}

static void take(struct feed *f, struct stretch *s)
{
	size_t len, room = f->stretch_size;

	if (!f->started) {
		len = feed_fill(f, s, room);
		if (!recognise(f, s, s->bytes + s->used, len)) {
			f->ended = true;
			buf_clear(&f->carry);
			return;
		}
	}
	if (f->input->takes != INPUT_CUT) {
		if (f->input->takes == INPUT_WHOLE)
			take_whole(f, s, room);
		else
			take_stream(f, s, room);
		arena_reset(&f->arena);
		return;
	}
	switch (f->state) {
	case STATE_TOP:
		feed_take_documents(f, s, room);
		break;
	case STATE_LINES:
		feed_take_lines(f, s, room);
		break;
	case STATE_SKIP_LINE:
		feed_skip_line(f, s);
		break;
	case STATE_MEMBERS:
		feed_take_members(f, s, room);
		break;
	case STATE_TAIL:
		feed_take_tail(f, s);
		break;
	}
	arena_reset(&f->arena);
}

bool feed_claim(struct feed *f, struct stretch *s)
{
	feed_forget_segments(s);
	for (;;) {
		if (f->file == NULL) {
			if (s->used >= SHARED_SIZE || s->n >= SHARED_SEGMENTS)
				break;
			if (!open_next(f, s))
				break;
			continue;
		}
		take(f, s);
		if (f->ended && f->carry.len == 0) {
			end_file(f, s);
			continue;
		}
		/* a large file: each of its stretches is handed out alone */
		if (s->n != 0)
			break;
	}
	if (s->n == 0)
		return false;
	s->ticket = f->ticket++;
	return true;
}

void feed_read(struct feed *f, struct stretch *s)
{
	if (s->claim.is)
		feed_read_claim(f, s);
}

bool feed_next(struct feed *f, struct stretch *s)
{
	if (!feed_claim(f, s))
		return false;
	feed_read(f, s);
	return true;
}
