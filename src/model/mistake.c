/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mistakes, gathered and then printed with the line and a caret. What is a
 * mistake is for those who add one to say.
 */
#include "model/mistake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/text.h"

/* Characters of a line that are shown before and after the caret at most. */
#define BEFORE_MOST 64
#define AFTER_MOST  48

void mistakes_init(struct mistakes *m, struct arena *arena)
{
	*m = (struct mistakes){ .arena = arena };
}

void mistakes_release(struct mistakes *m)
{
	if (m == NULL)
		return;
	free(m->list);
	*m = (struct mistakes){ .arena = m->arena };
}

static const char *print_text(struct arena *a, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static const char *print_text(struct arena *a, const char *format, va_list args)
{
	struct buf b = BUF_INIT(0);
	struct str text;

	buf_vprintf(&b, format, args);
	text = buf_str(&b);
	if (text.len > LIMIT_MESSAGE_SIZE)
		text.len = LIMIT_MESSAGE_SIZE;
	text = arena_str(a, text);
	buf_release(&b);
	return text.data;
}

void mistakes_add(struct mistakes *m, struct source *source, struct place place, size_t length,
		  const char *format, ...)
{
	va_list args;

	if (m->n == LIMIT_MISTAKES) {
		m->dropped++;
		return;
	}
	if (m->n == m->cap) {
		m->cap = m->cap != 0 ? m->cap * 2 : 8;
		m->list = mem_grow(m->list, m->cap * sizeof(m->list[0]));
	}
	va_start(args, format);
	m->list[m->n++] = (struct mistake){
		.source = source,
		.place = source != NULL ? source_place(source, place) : place,
		.length = length != 0 ? length : 1,
		.text = print_text(m->arena, format, args),
	};
	va_end(args);
}

void mistakes_hint(struct mistakes *m, const char *format, ...)
{
	va_list args;

	if (m->n == 0 || m->dropped > 0)
		return; /* the mistake that it is for was dropped */
	va_start(args, format);
	m->list[m->n - 1].hint = print_text(m->arena, format, args);
	va_end(args);
}

/* ---- order ------------------------------------------------------------------ */

/* A mistake, the number of its source in the order in which sources came, and
 * its own. */
struct ranked {
	const struct mistake *mistake;
	size_t source, index;
};

static int compare(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;
	struct place p = left->mistake->place, q = right->mistake->place;

	if (left->source != right->source)
		return left->source < right->source ? -1 : 1;
	if (p.line != q.line)
		return p.line < q.line ? -1 : 1;
	if (p.column != q.column)
		return p.column < q.column ? -1 : 1;
	return left->index < right->index ? -1 : left->index > right->index;
}

static size_t rank_of_source(const struct mistakes *m, const struct source *source)
{
	size_t i;

	for (i = 0; m->list[i].source != source; i++)
		;
	return i;
}

/* Whether one of those at the same place before it says the same. */
static bool is_double(const struct ranked *list, size_t i)
{
	const struct mistake *a = list[i].mistake, *b;

	while (i-- > 0) {
		b = list[i].mistake;
		if (a->source != b->source || a->place.line != b->place.line ||
		    a->place.column != b->place.column)
			return false;
		if (strcmp(a->text, b->text) == 0)
			return true;
	}
	return false;
}

/* ---- the line with its caret -------------------------------------------------- */

/* Offset of the character `n` further on, or of the end. */
static size_t forward(struct str s, size_t from, size_t n)
{
	for (; n > 0 && from < s.len; n--) {
		from++;
		while (from < s.len && ((unsigned char)s.data[from] & 0xC0) == 0x80)
			from++;
	}
	return from;
}

static size_t backward(struct str s, size_t from, size_t n)
{
	for (; n > 0 && from > 0; n--) {
		from--;
		while (from > 0 && ((unsigned char)s.data[from] & 0xC0) == 0x80)
			from--;
	}
	return from;
}

/* Puts a part of a line, tabs as one blank; gives the columns that it takes. */
static size_t put_part(struct buf *b, struct str line, size_t from, size_t to)
{
	struct buf visible = BUF_INIT(0);
	size_t i, start = from, width;

	for (i = from; i <= to; i++) {
		if (i < to && line.data[i] != '\t')
			continue;
		text_put_visible(&visible, (struct str){ line.data + start, i - start });
		if (i < to)
			buf_putc(&visible, ' ');
		start = i + 1;
	}
	width = text_width(buf_str(&visible));
	buf_put_str(b, buf_str(&visible));
	buf_release(&visible);
	return width;
}

static void put_many(struct buf *b, char c, size_t n)
{
	for (; n > 0; n--)
		buf_putc(b, c);
}

static void put_excerpt(struct buf *b, const struct mistake *e)
{
	struct str line = source_line(e->source, e->place.line);
	size_t caret, from, to, stop, indent = 0, width;

	if (line.len == 0)
		return;
	caret = forward(line, 0, e->place.column > 0 ? e->place.column - 1 : 0);
	from = backward(line, caret, BEFORE_MOST);
	to = forward(line, caret, AFTER_MOST);
	stop = forward(line, caret, e->length < AFTER_MOST ? e->length : AFTER_MOST);

	buf_printf(b, "%5u | ", (unsigned)e->place.line);
	if (from > 0) {
		buf_puts(b, "...");
		indent = 3;
	}
	indent += put_part(b, line, from, caret);
	width = put_part(b, line, caret, stop);
	put_part(b, line, stop, to);
	buf_puts(b, to < line.len ? "...\n" : "\n");

	buf_puts(b, "      | ");
	put_many(b, ' ', indent);
	buf_putc(b, '^');
	put_many(b, '~', width > 1 ? width - 1 : 0);
	buf_putc(b, '\n');
}

static void put_mistake(struct buf *b, const struct mistake *e)
{
	if (e->source != NULL) {
		text_put_visible(b, str_of(e->source->name));
		if (e->place.line != 0)
			buf_printf(b, ":%u:%u", (unsigned)e->place.line, (unsigned)e->place.column);
		buf_puts(b, ": ");
	}
	buf_puts(b, "error: ");
	text_put_visible(b, str_of(e->text));
	buf_putc(b, '\n');
	if (e->source != NULL && e->place.line != 0)
		put_excerpt(b, e);
	if (e->hint != NULL) {
		buf_puts(b, "      = ");
		text_put_visible(b, str_of(e->hint));
		buf_putc(b, '\n');
	}
}

void mistakes_print(struct mistakes *m, struct buf *b)
{
	struct ranked *list;
	size_t i;

	if (m->n == 0)
		return;
	list = mem_alloc(m->n * sizeof(list[0]));
	for (i = 0; i < m->n; i++)
		list[i] = (struct ranked){ &m->list[i], rank_of_source(m, m->list[i].source), i };
	qsort(list, m->n, sizeof(list[0]), compare);
	for (i = 0; i < m->n; i++)
		if (!is_double(list, i))
			put_mistake(b, list[i].mistake);
	if (m->dropped > 0)
		buf_printf(b, "and %zu more mistake%s\n", m->dropped, m->dropped == 1 ? "" : "s");
	free(list);
}
