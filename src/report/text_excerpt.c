/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of a source, cut to what fits, with a caret under the value. Knows columns
 * of terminals; what the line means is not its business.
 */
#include "base/text.h"
#include "report/report_part.h"
#include "report/text_inside.h"

#define UNKNOWN_WIDTH 100 /* of files, and of terminals that do not say theirs */
#define LEAST_EXCERPT 20
#define TAB           4
#define DOTS          3

/* Made visible behind what is there; a tab goes on to the next column of four. */
static void put_expanded(struct buf *b, size_t from, struct str s)
{
	const char *tab;
	size_t len, column;

	while (s.len != 0) {
		tab = memchr(s.data, '\t', s.len);
		len = tab != NULL ? (size_t)(tab - s.data) : s.len;
		text_put_visible(b, (struct str){ s.data, len });
		if (tab != NULL) {
			column = text_width((struct str){ b->data + from, b->len - from });
			line_blanks(b, TAB - column % TAB);
			len++;
		}
		s.data += len;
		s.len -= len;
	}
}

static struct str without_blanks(struct str s)
{
	while (s.len != 0 && (s.data[0] == ' ' || s.data[0] == '\t')) {
		s.data++;
		s.len--;
	}
	return s;
}

static size_t step_of(struct str s)
{
	size_t step = text_utf8_step(s.data, s.len);

	return step != 0 ? step : 1;
}

/* The longest beginning of at most `most` columns, combining characters with it. */
static struct str first_columns(struct str s, size_t most)
{
	size_t len = 0, columns = 0, step, width;

	while (len < s.len) {
		step = step_of((struct str){ s.data + len, s.len - len });
		width = text_width((struct str){ s.data + len, step });
		if (columns + width > most)
			break;
		columns += width;
		len += step;
	}
	return (struct str){ s.data, len };
}

/* The longest end of at most `most` columns. */
static struct str last_columns(struct str s, size_t most)
{
	size_t width = text_width(s), step;

	while (width > most) {
		step = step_of(s);
		width -= text_width((struct str){ s.data, step });
		s.data += step;
		s.len -= step;
	}
	while (s.len != 0 && text_width((struct str){ s.data, step_of(s) }) == 0) {
		step = step_of(s);
		s.data += step;
		s.len -= step;
	}
	return s;
}

/* The three parts as they are shown, and whether dots stand for what was cut. */
struct parts {
	struct str before, value, after;
	bool cut_before, cut_after;
};

/* The value first, then what stands before it, but for a quarter for the rest. */
static void fit(struct parts *p, size_t most)
{
	size_t value = text_width(p->value), before = text_width(p->before);
	size_t after = text_width(p->after), left;

	if (before + value + after + DOTS * ((size_t)p->cut_before + (size_t)p->cut_after) <= most)
		return;
	if (value + 2 * DOTS > most) {
		p->value = first_columns(p->value, most - 2 * DOTS);
		p->after = STR("");
		p->cut_after = true;
		value = text_width(p->value);
	}
	left = most - 2 * DOTS - value;
	if (before > left - (after < left / 4 ? after : left / 4)) {
		p->before = last_columns(p->before, left - (after < left / 4 ? after : left / 4));
		p->cut_before = true;
		before = text_width(p->before);
	}
	left -= before;
	if (text_width(p->after) > left) {
		p->after = first_columns(p->after, left);
		p->cut_after = true;
	}
}

static void put_line(const struct report *r, struct buf *out, const struct finding *f,
		     const struct parts *p, size_t gutter)
{
	const char *color = line_color(f);
	size_t column, width = text_width(p->value);

	line_blanks(out, MESSAGE_INDENT);
	line_color_on(r, out, "2");
	buf_put_uint(out, f->place.line);
	PUT(out, " |");
	line_color_off(r, out);
	PUT(out, " ");
	buf_puts(out, p->cut_before ? "..." : "");
	buf_put_str(out, p->before);
	line_color_on(r, out, color);
	buf_put_str(out, p->value);
	line_color_off(r, out);
	buf_put_str(out, p->after);
	buf_puts(out, p->cut_after ? "...\n" : "\n");
	line_blanks(out, MESSAGE_INDENT + gutter);
	line_color_on(r, out, "2");
	PUT(out, " |");
	line_color_off(r, out);
	PUT(out, " ");
	line_blanks(out, (p->cut_before ? DOTS : 0) + text_width(p->before));
	line_color_on(r, out, color);
	for (column = 0; column < (width == 0 ? 1 : width); column++)
		PUT(out, "^");
	line_color_off(r, out);
	PUT(out, "\n");
}

void text_excerpt_put(const struct report *r, struct buf *out, const struct finding *f)
{
	const struct excerpt *e = &f->excerpt;
	struct text *t = r->state;
	struct buf *b = &t->excerpt;
	size_t value, after, gutter = 1, room, columns;
	uint32_t line;
	struct parts p;

	if (e->value.data == NULL || e->value.len == 0 || f->place.line == 0)
		return;
	for (line = f->place.line; line >= 10; line /= 10)
		gutter++;
	buf_clear(b);
	put_expanded(b, 0, e->cut_before ? e->before : without_blanks(e->before));
	value = b->len;
	put_expanded(b, 0, e->value);
	after = b->len;
	put_expanded(b, 0, e->after);
	buf_puts(b, "");
	p = (struct parts){ .before = { b->data, value },
			    .value = { b->data + value, after - value },
			    .after = { b->data + after, b->len - after },
			    .cut_before = e->cut_before,
			    .cut_after = e->cut_after };
	columns = r->options.width != 0 ? r->options.width : UNKNOWN_WIDTH;
	room = MESSAGE_INDENT + gutter + sizeof(" | ") - 1;
	fit(&p, columns >= room + LEAST_EXCERPT ? columns - room : LEAST_EXCERPT);
	put_line(r, out, f, &p, gutter);
}
