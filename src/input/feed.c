/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths to stretches. Knows files, folders, standard input, and where a stream
 * of JSON may be cut; reads no configuration. Memory is a stretch and what the
 * last one left over, whatever the size of the file.
 */
#include "input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limit.h"
#include "input/fetched.h"
#include "input/json_cut.h"
#include "model/json.h"
#include "model/json_scan.h"

/* What is read at once: fits the second-level cache beside the rows made of it. */
#ifndef STRETCH_SIZE /* tests make it small */
#define STRETCH_SIZE ((size_t)256 << 10)
#endif
/* Lines of a stretch whose ends are noted; more are looked for where they are needed. */
#define LINES_NOTED 4096
/* Small files share a stretch up to this many bytes and files. */
#define SHARED_SIZE     ((size_t)64 << 10)
#define SHARED_SEGMENTS 128

enum state {
	STATE_TOP,       /* between documents */
	STATE_LINES,     /* a document a line */
	STATE_SKIP_LINE, /* inside a line past the limit */
	STATE_MEMBERS,   /* in a list too large to be held */
	STATE_TAIL,      /* after such a list, in the object around it */
};

struct feed {
	const char *const *paths;
	size_t n, next;
	uint64_t ticket, skipped;
	int wake_fd;
	int from_fd; /* of the first path, or -1 */
	feed_copy *copy; /* of what comes from it, or NULL */
	void *copy_to;

	struct file_walk *walk; /* of the folder being walked, or NULL */
	const char *folder;

	struct input_file *file; /* being read, or NULL */
	const struct input *input; /* whose it is, once that was looked at */
	int fd;
	bool regular, ended;
	enum state state;
	bool started;   /* the beginning was looked at */
	bool in_object; /* the list stands in an object */
	bool after_comma;
	uint32_t line, column; /* of the byte that comes next */
	uint32_t index;        /* of the member or document that comes next, from 1 */
	struct buf carry;      /* bytes read and not handed out */
	struct arena arena;    /* for reading heads and tails of envelopes */
};

struct feed *feed_new(const char *const *paths, size_t n, int wake_fd)
{
	struct feed *f = mem_alloc(sizeof(*f));

	*f = (struct feed){
		.paths = paths, .n = n, .fd = -1, .wake_fd = wake_fd, .from_fd = -1,
		.carry = BUF_INIT(0)
	};
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
	free(f);
}

uint64_t feed_skipped(const struct feed *f)
{
	return f->skipped;
}

static void forget_segments(struct stretch *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->segments[i].text);
		if (s->segments[i].fd > STDIN_FILENO)
			close(s->segments[i].fd);
	}
	s->n = 0;
	s->used = 0;
}

void stretch_release(struct stretch *s)
{
	forget_segments(s);
	free(s->segments);
	free(s->bytes);
	free(s->line_ends);
	*s = (struct stretch){ 0 };
}

static struct segment *add_segment(struct stretch *s, enum segment_kind kind,
				   struct input_file *file)
{
	struct segment *g;

	if (s->n == s->cap) {
		s->cap = s->cap != 0 ? s->cap * 2 : 16;
		s->segments = mem_grow(s->segments, s->cap * sizeof(*s->segments));
	}
	g = &s->segments[s->n++];
	*g = (struct segment){ .kind = kind, .file = file, .source.bytes = STR(""), .fd = -1 };
	return g;
}

__attribute__((format(printf, 5, 6))) static void add_trouble(struct feed *f, struct stretch *s,
							      enum trouble trouble, uint32_t line,
							      const char *format, ...)
{
	struct segment *g = add_segment(s, SEGMENT_TROUBLE, f->file);
	struct err err;
	va_list args;

	va_start(args, format);
	vsnprintf(err.text, sizeof(err.text), format, args);
	va_end(args);
	g->trouble = trouble;
	g->source.first_line = line;
	g->source.first_column = line != 0 ? 1 : 0;
	g->text = mem_alloc(strlen(err.text) + 1);
	memcpy(g->text, err.text, strlen(err.text) + 1);
}

static struct input_file *new_file(const char *name, bool asked_for)
{
	struct input_file *file = mem_alloc(sizeof(*file));

	*file = (struct input_file){ .asked_for = asked_for };
	file->name = mem_alloc(strlen(name) + 1);
	memcpy(file->name, name, strlen(name) + 1);
	return file;
}

/* Room for `size` bytes from `used` on, and the padding that readers need. What
 * was handed out already moves along. */
static void make_room(struct stretch *s, size_t size)
{
	size_t need = s->used + size + JSON_PADDING, i;

	if (need <= s->size)
		return;
	for (i = 0; i < s->n; i++)
		s->segments[i].offset = s->segments[i].source.bytes.len != 0
					    ? (size_t)(s->segments[i].source.bytes.data - s->bytes)
					    : 0;
	s->bytes = mem_grow(s->bytes, need);
	s->size = need;
	for (i = 0; i < s->n; i++)
		s->segments[i].source.bytes.data = s->bytes + s->segments[i].offset;
}

/* ---- opening ---------------------------------------------------------- */

static void end_file(struct feed *f, struct stretch *s)
{
	struct segment *g = add_segment(s, SEGMENT_END, f->file);

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
		add_trouble(f, s, TROUBLE_UNREADABLE, 0, "cannot open: %s", strerror(errno));
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
		add_trouble(f, s, TROUBLE_UNREADABLE, 0, "%s", err.text);
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
		add_trouble(f, s, TROUBLE_UNREADABLE, 0, "%s", err.text);
		end_file(f, s);
	} else {
		f->skipped += file_walk_skipped(f->walk);
		file_walk_free(f->walk);
		f->walk = NULL;
		add_segment(s, SEGMENT_END, NULL)->ends_argument = f->folder;
	}
	return true;
}

/* ---- reading ---------------------------------------------------------- */

/* Waits for a pipe or a terminal to have something to read: false when told to
 * stop waiting. */
static bool wait_readable(const struct feed *f)
{
	struct pollfd fds[] = { { .fd = f->fd, .events = POLLIN },
				{ .fd = f->wake_fd, .events = POLLIN } };

	if (f->regular || f->wake_fd == -1)
		return true;
	while (poll(fds, 2, -1) == -1 && errno == EINTR)
		;
	return fds[1].revents == 0;
}

/*
 * Puts what was left over and then bytes of the file at s->used, up to `size`
 * in all or the end of the file. Gives the number of bytes there.
 */
static size_t fill(struct feed *f, struct stretch *s, size_t size)
{
	size_t len = f->carry.len;
	char *to;
	ssize_t got;

	if (size < len)
		size = len;
	make_room(s, size);
	to = s->bytes + s->used;
	if (len != 0)
		memcpy(to, f->carry.data, len);
	buf_clear(&f->carry);
	while (len < size && !f->ended) {
		if (!wait_readable(f)) {
			f->ended = true;
			break;
		}
		got = read(f->fd, to + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			add_trouble(f, s, TROUBLE_UNREADABLE, 0, "cannot read: %s",
				    strerror(errno));
			f->ended = true;
			break;
		}
		/* a regular file is at its end when it gives less than was asked */
		f->ended = got == 0 || (f->regular && (size_t)got < size - len);
		if (f->copy != NULL && got != 0)
			f->copy(f->copy_to, (struct str){ to + len, (size_t)got });
		len += (size_t)got;
	}
	if (len != 0)
		f->file->opened = true;
	memset(to + len, 0, JSON_PADDING);
	return len;
}

static void keep(struct feed *f, const char *from, const char *end)
{
	buf_clear(&f->carry);
	buf_put(&f->carry, from, (size_t)(end - from));
}

/* Moves the place over bytes that are handed out or passed over. */
static void move_place(struct feed *f, const char *p, const char *end)
{
	size_t lines = json_cut_lines(p, end, NULL, 0);
	const char *q;

	f->line += (uint32_t)lines;
	if (lines != 0) {
		for (q = end; q[-1] != '\n'; q--)
			;
		p = q;
		f->column = 1;
	}
	/* continuation bytes are no characters; only the last line is gone over */
	for (; p < end; p++)
		f->column += ((unsigned char)*p & 0xc0) != 0x80;
}

/* Lines are counted here already, so that nobody need look for their ends again. */
static uint32_t count_lines(struct stretch *s, struct segment *g, const char *p, const char *end)
{
	size_t most = s->n == 1 ? LINES_NOTED : 0, n;

	if (most != 0 && s->line_ends == NULL)
		s->line_ends = mem_alloc(LINES_NOTED * sizeof(*s->line_ends));
	n = json_cut_lines(p, end, s->line_ends, most);
	g->source.line_ends = s->line_ends;
	g->source.n_line_ends = (uint32_t)(n < most ? n : most);
	return (uint32_t)n;
}

/* Hands out p to end as one segment, and counts the place on. */
static struct segment *hand_out(struct feed *f, struct stretch *s, enum segment_kind kind,
				const char *p, const char *end)
{
	struct segment *g = add_segment(s, kind, f->file);

	g->source = (struct source){
		.name = f->file->name,
		.bytes = { p, (size_t)(end - p) },
		.first_line = f->line,
		.first_column = f->column,
	};
	g->input = f->input;
	g->fetched = f->file->fetched.is;
	g->first_index = f->index;
	if (kind == SEGMENT_LINES) {
		f->line += count_lines(s, g, p, end);
		f->index = f->line;
	} else if (end != p) {
		move_place(f, p, end);
	}
	s->used = (size_t)(end - s->bytes) + JSON_PADDING;
	return g;
}

/* A document that does not fit the limit: told, and the file is over. */
static void give_up(struct feed *f, struct stretch *s, const char *what)
{
	add_trouble(f, s, TROUBLE_REFUSED, f->line, "%s larger than the limit of %u bytes", what,
		    LIMIT_DOCUMENT_SIZE);
	f->ended = true;
	buf_clear(&f->carry);
}

/* ---- a document a line ------------------------------------------------ */

static const char *line_end(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));

	return newline != NULL ? newline : end;
}

/* The last byte of a line that is no blank. */
static char last_of_line(const char *p, const char *end)
{
	while (end > p && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	return end > p ? end[-1] : '\0';
}

/* Whether a line is one whole document and nothing else. */
static bool is_whole(const char *p, const char *end)
{
	const char *cut = json_cut_next(p, end, JSON_CUT_VALUE).last;

	return cut != NULL && last_of_line(cut, end) == '\0';
}

/*
 * A document a line: the first line is one, and there is a second; or the
 * second is one, and the first was to be (it ends where no document that is
 * spread over lines would break).
 */
static bool looks_like_lines(const char *p, const char *end)
{
	const char *first_end = line_end(p, end), *second = json_scan_blanks(first_end);

	if ((*p != '{' && *p != '[') || second >= end || (*second != '{' && *second != '['))
		return false;
	if (is_whole(p, first_end))
		return true;
	return strchr("{[,:", last_of_line(p, first_end)) == NULL &&
	       is_whole(second, line_end(second, end));
}

static const char *last_newline(const char *p, const char *end)
{
	while (end > p && end[-1] != '\n')
		end--;
	return end > p ? end : NULL;
}

static void take_lines(struct feed *f, struct stretch *s, size_t size)
{
	const char *p, *end, *cut;
	size_t len;

	for (;;) {
		len = fill(f, s, size);
		p = s->bytes + s->used;
		end = p + len;
		cut = f->ended ? end : last_newline(p, end);
		if (cut != NULL)
			break;
		if (len >= LIMIT_DOCUMENT_SIZE) {
			add_trouble(f, s, TROUBLE_REFUSED, f->line,
				    "a line larger than the limit of %u bytes",
				    LIMIT_DOCUMENT_SIZE);
			f->state = STATE_SKIP_LINE;
			return;
		}
		keep(f, p, end);
		size *= 2;
	}
	keep(f, cut, end);
	hand_out(f, s, SEGMENT_LINES, p, cut);
	/* the reader needs a NUL behind its bytes; what was there is kept */
	s->bytes[cut - s->bytes] = '\0';
}

static void skip_line(struct feed *f, struct stretch *s)
{
	size_t len = fill(f, s, STRETCH_SIZE);
	const char *p = s->bytes + s->used, *newline = memchr(p, '\n', len);

	if (newline == NULL)
		return;
	f->line++;
	f->index = f->line;
	f->state = STATE_LINES;
	keep(f, newline + 1, p + len);
}

/* ---- documents, and lists too large to be held ------------------------ */

enum walked { WALKED_LIST, WALKED_CLOSED, WALKED_STUCK };

/*
 * Members of the object around a list: up to the list's bracket, or to the
 * object's end. WALKED_STUCK: the bytes end before either, or are not JSON;
 * only more bytes can tell which.
 */
static enum walked walk_envelope(struct feed *f, struct stretch *s, const char **p, const char *end,
				 bool first)
{
	struct json j;
	struct str key, token;
	const char *at;
	int more = 0;

	json_init(&j, (struct str){ *p, (size_t)(end - *p) }, &f->arena);
	if (first)
		more = json_open(&j, '{');
	else
		j.depth = 1;
	for (; more != -1 && (more = json_member(&j, first, &key)) == 1; first = false) {
		at = j.key_at;
		if (str_is(key, "recordingConfigurations") && json_peek(&j) == '[') {
			*p = j.next + 1;
			return WALKED_LIST;
		}
		if ((str_is(key, "nextToken") || str_is(key, "NextToken")) &&
		    json_peek(&j) == '"') {
			more = json_string(&j, &token);
			if (more == 0 && token.len != 0 && at != NULL)
				add_trouble(f, s, TROUBLE_MISSING, f->line,
					    "the list goes on elsewhere: nextToken is set, so this "
					    "is one page of several");
		} else {
			more = json_skip(&j);
		}
	}
	if (more == 0) {
		*p = j.next;
		return WALKED_CLOSED;
	}
	return WALKED_STUCK;
}

/* Begins a document that is larger than the bytes p to end. 1 when it is a
 * list that can be handed out by members, 0 when more bytes are needed, -1 when
 * the file is over. */
static int begin_large(struct feed *f, struct stretch *s, const char *p, const char *end)
{
	const char *start = p;

	if (*p == '[') {
		f->in_object = false;
		p++;
	} else if (*p == '{') {
		if (walk_envelope(f, s, &p, end, true) != WALKED_LIST)
			return 0;
		f->in_object = true;
	} else {
		f->ended = true;
		hand_out(f, s, SEGMENT_DOCUMENTS, p, end);
		return -1;
	}
	move_place(f, start, p);
	keep(f, p, end);
	f->state = STATE_MEMBERS;
	f->after_comma = false;
	f->index = 1;
	return 1;
}

static void take_documents(struct feed *f, struct stretch *s, size_t size)
{
	const char *p, *end, *text;
	struct json_cut cut;
	size_t len;

	for (;;) {
		len = fill(f, s, size);
		p = s->bytes + s->used;
		end = p + len;
		text = json_scan_blanks(p);
		if (f->ended) {
			hand_out(f, s, SEGMENT_DOCUMENTS, p, end);
			return;
		}
		cut = json_cut_scan(text, end, JSON_CUT_VALUE);
		if (cut.last != NULL) {
			keep(f, cut.last, end);
			hand_out(f, s, SEGMENT_DOCUMENTS, p, cut.last);
			f->index += (uint32_t)cut.n;
			s->bytes[cut.last - s->bytes] = '\0';
			return;
		}
		if (text < end) {
			move_place(f, p, text);
			if (begin_large(f, s, text, end) != 0)
				return;
		}
		if (len >= LIMIT_DOCUMENT_SIZE) {
			give_up(f, s, "a document");
			return;
		}
		keep(f, text, end);
		size *= 2;
	}
}

static void take_members(struct feed *f, struct stretch *s, size_t size)
{
	const char *p, *end, *cut_at;
	struct json_cut cut;
	struct segment *g;
	size_t len;

	for (;;) {
		len = fill(f, s, size);
		p = s->bytes + s->used;
		end = p + len;
		cut = json_cut_scan(p, end, JSON_CUT_COMMA);
		if (cut.close != NULL || cut.last != NULL || f->ended)
			break;
		if (len >= LIMIT_DOCUMENT_SIZE) {
			give_up(f, s, "a member of a list");
			return;
		}
		keep(f, p, end);
		size *= 2;
	}
	cut_at = cut.close != NULL ? cut.close : cut.last != NULL && !f->ended ? cut.last : end;
	if (cut.close != NULL && f->after_comma && json_scan_blanks(p) == cut.close)
		add_trouble(f, s, TROUBLE_REFUSED, f->line, "a comma before ']'");
	keep(f, cut_at, end);
	g = hand_out(f, s, SEGMENT_MEMBERS, p, cut_at);
	g->list = f->in_object;
	g->comma_after = cut.close == NULL && !f->ended;
	f->index += (uint32_t)cut.n + (g->comma_after ? 0 : 1);
	f->after_comma = g->comma_after;
	if (cut.close != NULL) {
		f->carry.data[0] = ' '; /* the bracket is taken */
		f->state = f->in_object ? STATE_TAIL : STATE_TOP;
		if (*cut.close != ']')
			add_trouble(f, s, TROUBLE_REFUSED, f->line, "a list closed by '%c'",
				    *cut.close);
	} else if (f->ended) {
		add_trouble(f, s, TROUBLE_CUT, f->line, "the list is not closed: the file is cut");
		buf_clear(&f->carry);
	}
	s->bytes[cut_at - s->bytes] = '\0';
}

static void take_tail(struct feed *f, struct stretch *s)
{
	const char *p, *end, *start;
	size_t len, size = STRETCH_SIZE;

	for (;;) {
		len = fill(f, s, size);
		start = p = s->bytes + s->used;
		end = p + len;
		switch (walk_envelope(f, s, &p, end, false)) {
		case WALKED_CLOSED:
			move_place(f, start, p);
			keep(f, p, end);
			f->state = STATE_TOP;
			return;
		case WALKED_LIST:
			add_trouble(f, s, TROUBLE_REFUSED, f->line,
				    "the key 'recordingConfigurations' is there twice");
			f->ended = true;
			return;
		case WALKED_STUCK:
			break;
		}
		if (f->ended || len >= LIMIT_DOCUMENT_SIZE) {
			add_trouble(
			    f, s, TROUBLE_REFUSED, f->line,
			    "not JSON after the list of recording configurations, or cut there");
			f->ended = true;
			return;
		}
		keep(f, start, end);
		size *= 2;
	}
}

/* ---- files that are read otherwise ------------------------------------ */

static void take_whole(struct feed *f, struct stretch *s, size_t size)
{
	const char *p;
	size_t len;

	for (;;) {
		len = fill(f, s, size);
		p = s->bytes + s->used;
		if (len > f->input->limit) {
			add_trouble(f, s, TROUBLE_REFUSED, 1,
				    "a file larger than the limit of %zu bytes", f->input->limit);
			f->ended = true;
			return;
		}
		if (f->ended)
			break;
		keep(f, p, p + len);
		size = size < f->input->limit / 2 ? size * 2 : f->input->limit + 1;
	}
	hand_out(f, s, SEGMENT_DOCUMENT, p, p + len);
}

/* The reader reads on: the descriptor goes with the segment. */
static void take_stream(struct feed *f, struct stretch *s, size_t size)
{
	size_t len = fill(f, s, size);
	const char *p = s->bytes + s->used;
	struct segment *g = hand_out(f, s, SEGMENT_STREAM, p, p + len);

	if (!f->ended) {
		g->fd = f->fd;
		g->wake_fd = f->wake_fd;
		g->regular = f->regular;
		f->fd = -1;
	}
	f->ended = true;
}

/* ---- the beginning of a file ------------------------------------------ */

/* Looks at the first bytes: false when the file is none of ours. */
static bool recognise(struct feed *f, struct stretch *s, const char *p, size_t len)
{
	struct input_head head = { 0 };
	size_t mark = 0;
	const char *text;

	f->started = true;
	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		mark = 3;
	if (len >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0)) {
		add_trouble(f, s, TROUBLE_REFUSED, 1, "UTF-16, not UTF-8: save it as UTF-8");
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
	head.lines = looks_like_lines(text, p + len);
	f->input = input_recognise(&head, &f->arena);
	if (f->input == NULL) {
		f->skipped++;
		return false;
	}
	if (head.lines)
		f->state = STATE_LINES;
	keep(f, p + mark, p + len);
	return true;
}

static void take(struct feed *f, struct stretch *s)
{
	size_t len, room = STRETCH_SIZE;

	if (!f->started) {
		len = fill(f, s, room);
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
		take_documents(f, s, room);
		break;
	case STATE_LINES:
		take_lines(f, s, room);
		break;
	case STATE_SKIP_LINE:
		skip_line(f, s);
		break;
	case STATE_MEMBERS:
		take_members(f, s, room);
		break;
	case STATE_TAIL:
		take_tail(f, s);
		break;
	}
	arena_reset(&f->arena);
}

bool feed_next(struct feed *f, struct stretch *s)
{
	forget_segments(s);
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
