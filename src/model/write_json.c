/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing JSON as a stream. What is written, and in which order, is the
 * callers' business; a failure stays in the buf until they ask.
 */
#include "model/write_json.h"

#include "base/text.h"

void write_json_init(struct write_json *w, struct buf *out, bool indented)
{
	*w = (struct write_json){ .out = out, .indented = indented };
}

static void new_line(struct write_json *w)
{
	int i;

	buf_putc(w->out, '\n');
	for (i = 0; i < w->depth; i++)
		buf_puts(w->out, "  ");
}

/* What stands between what was written last and a member that begins. */
static void begin_member(struct write_json *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->depth == 0)
		return;
	if (w->some[w->depth - 1])
		buf_putc(w->out, ',');
	w->some[w->depth - 1] = true;
	if (w->indented)
		new_line(w);
}

static void open_level(struct write_json *w, char bracket)
{
	begin_member(w);
	buf_putc(w->out, bracket);
	if (w->depth == WRITE_JSON_DEPTH) {
		w->out->failed = true; /* values are bounded below that */
		return;
	}
	w->some[w->depth++] = false;
}

static void close_level(struct write_json *w, char bracket)
{
	bool some;

	if (w->depth == 0)
		return;
	some = w->some[--w->depth];
	if (some && w->indented)
		new_line(w);
	buf_putc(w->out, bracket);
}

void write_json_object(struct write_json *w)
{
	open_level(w, '{');
}

void write_json_object_end(struct write_json *w)
{
	close_level(w, '}');
}

void write_json_array(struct write_json *w)
{
	open_level(w, '[');
}

void write_json_array_end(struct write_json *w)
{
	close_level(w, ']');
}

static void end_key(struct write_json *w)
{
	buf_puts(w->out, w->indented ? ": " : ":");
	w->after_key = true;
}

void write_json_key(struct write_json *w, const char *name)
{
	begin_member(w);
	buf_putc(w->out, '"');
	buf_puts(w->out, name);
	buf_putc(w->out, '"');
	end_key(w);
}

void write_json_key_str(struct write_json *w, struct str name)
{
	begin_member(w);
	write_json_escape(w->out, name);
	end_key(w);
}

void write_json_str(struct write_json *w, struct str s)
{
	begin_member(w);
	write_json_escape(w->out, s);
}

void write_json_text(struct write_json *w, const char *text)
{
	write_json_str(w, str_of(text));
}

void write_json_int(struct write_json *w, int64_t n)
{
	begin_member(w);
	buf_put_int(w->out, n);
}

void write_json_boolean(struct write_json *w, bool b)
{
	begin_member(w);
	buf_puts(w->out, b ? "true" : "false");
}

void write_json_null(struct write_json *w)
{
	begin_member(w);
	buf_puts(w->out, "null");
}

static void write_members(struct write_json *w, const struct value *v)
{
	uint32_t i;

	if (v->kind == VALUE_LIST) {
		write_json_array(w);
		for (i = 0; i < v->n; i++)
			write_json_value(w, &v->items[i]);
		write_json_array_end(w);
		return;
	}
	write_json_object(w);
	for (i = 0; i < v->n; i++) {
		if ((v->entries[i].value.flags & VALUE_DEFAULT) != 0)
			continue; /* nobody wrote it: value_show leaves it out as well */
		write_json_key_str(w, v->entries[i].key);
		write_json_value(w, &v->entries[i].value);
	}
	write_json_object_end(w);
}

void write_json_value(struct write_json *w, const struct value *v)
{
	if (value_is_secret(v)) {
		write_json_text(w, VALUE_SENSITIVE_TEXT);
		return;
	}
	switch (v->kind) {
	case VALUE_BOOLEAN:
		write_json_boolean(w, v->boolean);
		break;
	case VALUE_NUMBER:
		begin_member(w);
		number_put(w->out, value_number(v));
		break;
	case VALUE_STRING:
		write_json_str(w, value_str(v));
		break;
	case VALUE_LIST:
	case VALUE_MAP:
		if (w->depth == WRITE_JSON_DEPTH)
			w->out->failed = true;
		else
			write_members(w, v);
		break;
	case VALUE_UNKNOWN:
		write_json_object(w);
		write_json_key(w, "unknown");
		write_json_text(w, v->why);
		write_json_object_end(w);
		break;
	default:
		write_json_null(w);
		break;
	}
}

/* ---- strings ---------------------------------------------------------------- */

/* What a terminal or a script would take for something else than text. */
static bool is_hidden(uint32_t point)
{
	return (point >= 0x80 && point <= 0x9F) || point == 0x061C || point == 0x200E ||
	       point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
	       (point >= 0x2066 && point <= 0x2069);
}

static void put_escape(struct buf *out, uint32_t point)
{
	static const char digits[] = "0123456789abcdef";
	char escape[6] = { '\\', 'u' };
	int i;

	for (i = 0; i < 4; i++)
		escape[2 + i] = digits[point >> (12 - 4 * i) & 15];
	buf_put(out, escape, sizeof(escape));
}

static void put_special(struct buf *out, unsigned char byte)
{
	static const char letters[] = "\"\\\b\f\n\r\t", escapes[] = "\"\\bfnrt";
	const char *found = byte != 0 ? strchr(letters, byte) : NULL;
	char escape[2] = { '\\' };

	if (found == NULL) {
		put_escape(out, byte);
		return;
	}
	escape[1] = escapes[found - letters];
	buf_put(out, escape, sizeof(escape));
}

/* Bytes of s, from `from` on, that stand for themselves; the first that does
 * not, and how many bytes it takes, in *step. */
static size_t plain_until(struct str s, size_t from, size_t *step, uint32_t *point)
{
	size_t i = from;

	while (i < s.len) {
		unsigned char byte = (unsigned char)s.data[i];

		*step = 1;
		*point = byte;
		if (byte < 0x80) {
			if (byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F)
				return i;
			i++;
			continue;
		}
		*step = text_utf8_step(s.data + i, s.len - i);
		if (*step == 0) {
			*step = 1;
			*point = 0xFFFD;
			return i;
		}
		*point = text_utf8_point(s.data + i, *step);
		if (is_hidden(*point))
			return i;
		i += *step;
	}
	return i;
}

void write_json_escape(struct buf *out, struct str s)
{
	size_t i = 0, stop, step = 0;
	uint32_t point = 0;

	buf_putc(out, '"');
	while (i < s.len) {
		stop = plain_until(s, i, &step, &point);
		buf_put(out, s.data + i, stop - i);
		if (stop == s.len)
			break;
		if (point < 0x80)
			put_special(out, (unsigned char)point);
		else
			put_escape(out, point);
		i = stop + step;
	}
	buf_putc(out, '"');
}
