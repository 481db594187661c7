/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stretches: bytes of a file and what was left over before them, and the segments
 * that are handed out of them. Knows places; does not know where a text may be cut.
 */
#include "input/feed_inside.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/json_cut.h"
#include "model/json.h"

/* Lines of a stretch whose ends are noted; more are looked for where they are needed. */
#define LINES_NOTED 4096

void feed_forget_segments(struct stretch *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->segments[i].text);
		if (s->segments[i].fd > STDIN_FILENO)
			close(s->segments[i].fd);
	}
	s->n = 0;
	s->used = 0;
	s->claim.is = false;
}

void stretch_release(struct stretch *s)
{
	feed_forget_segments(s);
	free(s->segments);
	free(s->bytes);
	free(s->line_ends);
	*s = (struct stretch){ 0 };
}

struct segment *feed_add_segment(struct stretch *s, enum segment_kind kind, struct input_file *file)
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

void feed_add_trouble(struct stretch *s, struct input_file *file, enum trouble trouble,
		      uint32_t line, const char *format, ...)
{
	struct segment *g = feed_add_segment(s, SEGMENT_TROUBLE, file);
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

void feed_make_room(struct stretch *s, size_t size)
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

size_t feed_fill(struct feed *f, struct stretch *s, size_t size)
{
	size_t len = f->carry.len;
	char *to;
	ssize_t got;

	if (size < len)
		size = len;
	feed_make_room(s, size);
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
			feed_add_trouble(s, f->file, TROUBLE_UNREADABLE, 0, "cannot read: %s",
					 strerror(errno));
			f->ended = true;
			break;
		}
		/* less than was asked is no end: files of some systems give what they have */
		f->ended = got == 0;
		if (f->copy != NULL && got != 0)
			f->copy(f->copy_to, (struct str){ to + len, (size_t)got });
		len += (size_t)got;
	}
	if (len != 0)
		f->file->opened = true;
	memset(to + len, 0, JSON_PADDING);
	return len;
}

void feed_keep(struct feed *f, const char *from, const char *end)
{
	buf_clear(&f->carry);
	buf_put(&f->carry, from, (size_t)(end - from));
}

void feed_move_place(struct feed *f, const char *p, const char *end)
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

uint32_t feed_count_lines(struct stretch *s, struct segment *g, const char *p, const char *end)
{
	size_t most = s->n == 1 ? LINES_NOTED : 0, n;

	if (most != 0 && s->line_ends == NULL)
		s->line_ends = mem_alloc(LINES_NOTED * sizeof(*s->line_ends));
	n = json_cut_lines(p, end, s->line_ends, most);
	g->source.line_ends = s->line_ends;
	g->source.n_line_ends = (uint32_t)(n < most ? n : most);
	return (uint32_t)n;
}

struct segment *feed_hand_out(struct feed *f, struct stretch *s, enum segment_kind kind,
			      const char *p, const char *end)
{
	struct segment *g = feed_add_segment(s, kind, f->file);

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
		f->line += feed_count_lines(s, g, p, end);
		f->index = f->line;
	} else if (end != p) {
		feed_move_place(f, p, end);
	}
	s->used = (size_t)(end - s->bytes) + JSON_PADDING;
	return g;
}
