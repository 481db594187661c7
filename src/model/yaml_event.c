/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libyaml's events: where they stand, and what it refuses, said in words of ours.
 */
#include "model/yaml_inside.h"

#include <string.h>

/* ---- places ---------------------------------------------------------------- */

struct place yaml_place_of(struct yaml_reader *r, yaml_mark_t mark)
{
	struct cursor *c = &r->cursor;
	const char *p = r->text.data;
	size_t end = r->text.len;

	if (mark.index < c->index)
		*c = (struct cursor){ .place = { 1, 1 } };
	for (; c->index < mark.index && c->offset < end; c->index++) {
		char byte = p[c->offset++];

		while (c->offset < end && ((unsigned char)p[c->offset] & 0xC0) == 0x80)
			c->offset++;
		if (byte == '\n')
			c->place = (struct place){ c->place.line + 1, 1 };
		else if (byte != '\r' || c->offset == end || p[c->offset] != '\n')
			c->place.column++;
	}
	return c->place;
}

char yaml_byte_here(const struct yaml_reader *r)
{
	return r->cursor.offset < r->text.len ? r->text.data[r->cursor.offset] : '\0';
}

size_t yaml_length_of(const yaml_event_t *e)
{
	return e->end_mark.index - e->start_mark.index;
}

/* ---- what libyaml refuses --------------------------------------------------- */

static int reader_error(struct yaml_reader *r)
{
	const char *why = r->parser.problem != NULL ? r->parser.problem : "unreadable text";
	size_t skipped = r->source->bytes.len - r->text.len;
	struct place place = { 0, (uint32_t)(r->parser.problem_offset + skipped) };

	place = source_place(r->source, place);
	mistakes_add(r->mistakes, r->source, place, 1, "%s", why);
	if (strstr(why, "control") != NULL)
		mistakes_hint(r->mistakes, "write it as an escape in double quotes: \"\\x%02X\"",
			      (unsigned)r->parser.problem_value & 0xFF);
	return -1;
}

static void syntax_hint(struct yaml_reader *r, char byte)
{
	const yaml_parser_t *p = &r->parser;

	if (strstr(p->problem, "cannot start any token") != NULL && byte == '\t')
		mistakes_hint(r->mistakes, "indent with blanks, not with tabs");
	else if (strstr(p->problem, "tab character") != NULL)
		mistakes_hint(r->mistakes, "indent with blanks, not with tabs");
	else if (strstr(p->problem, "cannot start any token") != NULL)
		mistakes_hint(r->mistakes, "quote a text that begins with '%c'", byte);
	else if (strstr(p->problem, "mapping values are not allowed") != NULL)
		mistakes_hint(r->mistakes, "quote a text that holds ': ', or mend the indentation");
	else if (strstr(p->problem, "expected ',' or") != NULL && (byte == '[' || byte == '{'))
		mistakes_hint(r->mistakes,
			      "within braces or brackets, quote a text that holds '%c'", byte);
	else if (p->context != NULL && p->context_mark.index < p->problem_mark.index)
		mistakes_hint(r->mistakes, "%s that begins on line %u", p->context,
			      (unsigned)yaml_place_of(r, p->context_mark).line);
}

static int syntax_error(struct yaml_reader *r)
{
	struct place place;
	char byte;

	if (r->parser.error == YAML_READER_ERROR)
		return reader_error(r);
	place = yaml_place_of(r, r->parser.problem_mark);
	byte = yaml_byte_here(r);
	mistakes_add(r->mistakes, r->source, place, 1, "%s",
		     r->parser.problem != NULL ? r->parser.problem : "out of memory");
	if (r->parser.problem != NULL)
		syntax_hint(r, byte);
	return -1;
}

int yaml_next_event(struct yaml_reader *r, yaml_event_t *e)
{
	return yaml_parser_parse(&r->parser, e) ? 0 : syntax_error(r);
}
