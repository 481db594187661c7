/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A window over a file that is one large object. Knows brackets, quotes, commas
 * and where lines end; not what any of it means.
 */
#include "report/saved_stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/limit.h"
#include "model/json.h"

#define READ_SIZE ((size_t)256 << 10)

static int fail(const struct saved_stream *s, const char *text, struct err *err)
{
	return err_at(err, ERR_INPUT, s->line, s->column, "%s", text);
}

/* ---- bytes ------------------------------------------------------------------ */

/* Forgets what is done with, and reads more. -1 on failure, 0 at the end. */
static int fill(struct saved_stream *s, struct err *err)
{
	struct buf *w = &s->window;
	ssize_t got;
	char *to;

	if (s->ended)
		return 0;
	if (s->at > READ_SIZE) {
		memmove(w->data, w->data + s->at, w->len - s->at);
		w->len -= s->at;
		s->at = 0;
	}
	to = buf_reserve(w, READ_SIZE + JSON_PADDING);
	if (to == NULL)
		return fail(s, "a value of more than LIMIT_REPORT_MEMBER bytes", err);
	do
		got = read(s->fd, to, READ_SIZE);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return err_errno(err, ERR_INPUT, errno, "cannot be read");
	w->len += (size_t)got;
	memset(w->data + w->len, 0, JSON_PADDING);
	s->ended = got == 0;
	return got > 0;
}

/* Passes bytes, counting lines and characters. */
static void pass(struct saved_stream *s, size_t n)
{
	const char *p = s->window.data + s->at, *end = p + n;

	s->at += n;
	for (; p < end; p++) {
		if (*p == '\n') {
			s->line++;
			s->column = 1;
		} else if (((unsigned char)*p & 0xC0) != 0x80) {
			s->column++;
		}
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The next byte that is no blank, not taken; 0 at the end of the file, -1 on failure. */
static int peek(struct saved_stream *s, struct err *err)
{
	int more = 1;
	size_t n;

	for (;;) {
		for (n = 0; s->at + n < s->window.len && is_blank(s->window.data[s->at + n]); n++)
			;
		pass(s, n);
		if (s->at < s->window.len)
			return (unsigned char)s->window.data[s->at];
		more = fill(s, err);
		if (more <= 0)
			return more;
	}
}

static int expect(struct saved_stream *s, char c, const char *text, struct err *err)
{
	int next = peek(s, err);

	if (next == -1)
		return -1;
	if (next == 0)
		return fail(s, "it ends before its end: it was cut", err);
	if (next != c)
		return fail(s, text, err);
	pass(s, 1);
	return 0;
}

/* ---- values ----------------------------------------------------------------- */

/* Scanning a value, which may be longer than the window. */
struct scan {
	size_t n; /* bytes so far */
	unsigned depth;
	bool in_string, escaped, scalar;
};

/* Whether the value ends within what is there. */
static bool scan_on(struct scan *c, const char *p, size_t len)
{
	char byte;

	for (; c->n < len; c->n++) {
		byte = p[c->n];
		if (c->in_string) {
			if (c->escaped)
				c->escaped = false;
			else if (byte == '\\')
				c->escaped = true;
			else if (byte == '"')
				c->in_string = false;
			if (!c->in_string && c->depth == 0) {
				c->n++;
				return true;
			}
		} else if (byte == '"') {
			c->in_string = true;
		} else if (byte == '{' || byte == '[') {
			c->depth++;
		} else if (byte == '}' || byte == ']') {
			if (c->depth == 0)
				return true; /* of what it stands in */
			if (--c->depth == 0) {
				c->n++;
				return true;
			}
		} else if (c->depth == 0 && (byte == ',' || byte == ':' || is_blank(byte))) {
			return true;
		}
	}
	return false;
}

int saved_stream_value(struct saved_stream *s, struct saved_bytes *value, struct err *err)
{
	struct scan c = { .n = 0 };
	int next = peek(s, err), more;

	if (next == -1)
		return -1;
	value->line = s->line;
	value->column = s->column;
	if (next == 0)
		return fail(s, "it ends before its end: it was cut", err);
	while (!scan_on(&c, s->window.data + s->at, s->window.len - s->at)) {
		more = fill(s, err);
		if (more == -1)
			return -1;
		if (more == 0)
			return fail(s, "it ends before its end: it was cut within this value", err);
	}
	value->bytes = (struct str){ s->window.data + s->at, c.n };
	pass(s, c.n);
	return 0;
}

/* ---- members and items ------------------------------------------------------ */

int saved_stream_open(struct saved_stream *s, int fd, const char *path, struct err *err)
{
	*s = (struct saved_stream){ .fd = fd, .path = path, .line = 1, .column = 1 };
	s->window = BUF_INIT(LIMIT_REPORT_MEMBER + 2 * READ_SIZE);
	if (lseek(fd, 0, SEEK_SET) == -1)
		return err_errno(err, ERR_INPUT, errno, "cannot be read from its beginning");
	return expect(s, '{', "not a JSON report: it does not begin with '{'", err);
}

void saved_stream_release(struct saved_stream *s)
{
	buf_release(&s->window);
}

/* Before a member or an item: 1 when there is one, 0 after the bracket. */
static int go_on(struct saved_stream *s, bool first, char close, struct err *err)
{
	int next = peek(s, err);

	if (next == -1)
		return -1;
	if (next == close) {
		pass(s, 1);
		return 0;
	}
	if (!first && expect(s, ',', "',' expected", err) == -1)
		return -1;
	return 1;
}

int saved_stream_member(struct saved_stream *s, bool first, struct buf *key, struct err *err)
{
	struct saved_bytes name;
	int more = go_on(s, first, '}', err), next;

	if (more == -1)
		return -1;
	if (more == 0) {
		next = peek(s, err);
		if (next > 0)
			return fail(s, "something stands behind the report", err);
		return next;
	}
	if (saved_stream_value(s, &name, err) == -1)
		return -1;
	if (name.bytes.len < 2 || name.bytes.data[0] != '"')
		return err_at(err, ERR_INPUT, name.line, name.column,
			      "the name of a member expected");
	buf_clear(key);
	buf_put(key, name.bytes.data + 1, name.bytes.len - 2);
	if (expect(s, ':', "':' expected", err) == -1)
		return -1;
	return 1;
}

int saved_stream_array(struct saved_stream *s, struct err *err)
{
	return expect(s, '[', "an array expected", err);
}

int saved_stream_item(struct saved_stream *s, bool first, struct saved_bytes *item, struct err *err)
{
	int more = go_on(s, first, ']', err);

	return more <= 0 ? more : saved_stream_value(s, item, err) == -1 ? -1 : 1;
}
