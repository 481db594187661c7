/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A little XML. Knows tags, text and entities; does not know schemas,
 * namespaces, or what an answer means.
 */
#include "fetch/xml.h"

#include "base/limit.h"
#include "base/text.h"

struct reader {
	struct str in;
	size_t at;
	struct str open[LIMIT_XML_DEPTH];
	size_t depth;
};

static int bad(struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, "it is not the XML of an answer: %s", what);
}

static struct str rest(const struct reader *r)
{
	return (struct str){ r->in.data + r->at, r->in.len - r->at };
}

/* Moves behind the next `end`; false when there is none. */
static bool skip_past(struct reader *r, struct str end)
{
	for (; r->in.len - r->at >= end.len; r->at++)
		if (memcmp(r->in.data + r->at, end.data, end.len) == 0) {
			r->at += end.len;
			return true;
		}
	return false;
}

static struct str take_name(struct reader *r)
{
	struct str name = { r->in.data + r->at, 0 };
	char c;

	for (; r->at < r->in.len; r->at++, name.len++) {
		c = r->in.data[r->at];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '-' || c == '.' || c == ':'))
			break;
	}
	return name;
}

/* To the '>' of a start tag, over attributes; *empty for <a/>. */
static bool end_tag_start(struct reader *r, bool *empty)
{
	char quote = '\0', c, before = '\0';

	for (; r->at < r->in.len; r->at++) {
		c = r->in.data[r->at];
		if (quote != '\0') {
			if (c == quote)
				quote = '\0';
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '>') {
			*empty = before == '/';
			r->at++;
			return true;
		} else if (c == '<') {
			return false;
		}
		before = c;
	}
	return false;
}

static bool at_path(const struct reader *r, const char *path)
{
	struct str left = str_of(path);
	const char *slash;
	struct str part;
	size_t i;

	for (i = 0; i < r->depth; i++) {
		if (left.len == 0)
			return false;
		slash = memchr(left.data, '/', left.len);
		part = (struct str){ left.data, slash ? (size_t)(slash - left.data) : left.len };
		if (!str_equal(part, r->open[i]))
			return false;
		left.data += slash ? part.len + 1 : part.len;
		left.len -= slash ? part.len + 1 : part.len;
	}
	return left.len == 0;
}

/* &#60; &#x3C; */
static bool number_entity(struct str s, uint32_t *point)
{
	uint32_t base = 10;
	size_t i = 1;
	int digit;

	*point = 0;
	if (s.len > 1 && s.data[1] == 'x') {
		base = 16;
		i = 2;
	}
	if (i == s.len || s.len > 9)
		return false;
	for (; i < s.len; i++) {
		digit = text_hex_digit(s.data[i]);
		if (digit < 0 || (uint32_t)digit >= base)
			return false;
		*point = *point * base + (uint32_t)digit;
		if (*point > 0x10FFFF)
			return false;
	}
	return *point != 0 && !(*point >= 0xD800 && *point <= 0xDFFF);
}

static bool put_entity(struct secret *text, struct str name)
{
	static const struct {
		const char *name, *text;
	} known[] = {
		{ "lt", "<" }, { "gt", ">" }, { "amp", "&" }, { "quot", "\"" }, { "apos", "'" },
	};
	char bytes[4];
	uint32_t point;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_is(name, known[i].name)) {
			secret_puts(text, known[i].text);
			return true;
		}
	if (name.len == 0 || name.data[0] != '#' || !number_entity(name, &point))
		return false;
	secret_put(text, bytes, text_utf8_put(bytes, point));
	return true;
}

/* The text up to the next tag. */
static bool put_text(struct reader *r, struct secret *text)
{
	struct str left;
	const char *end;
	size_t len;

	while (r->at < r->in.len && r->in.data[r->at] != '<') {
		left = rest(r);
		if (left.data[0] == '&') {
			end = memchr(left.data, ';', left.len < 12 ? left.len : 12);
			if (end == NULL)
				return false;
			len = (size_t)(end - left.data);
			if (!put_entity(text, (struct str){ left.data + 1, len - 1 }))
				return false;
			r->at += len + 1;
			continue;
		}
		for (len = 0; len < left.len && left.data[len] != '<' && left.data[len] != '&';)
			len++;
		secret_put(text, left.data, len);
		r->at += len;
	}
	return true;
}

/* Behind a '<'. 1 when an element opened, 0 for anything else, -1 for no XML. */
static int read_tag(struct reader *r, bool *closed, struct err *err)
{
	struct str left = rest(r), name;
	bool empty;

	*closed = false;
	if (str_starts(left, STR("?")))
		return skip_past(r, STR("?>")) ? 0 : bad(err, "it is cut off");
	if (str_starts(left, STR("!--")))
		return skip_past(r, STR("-->")) ? 0 : bad(err, "it is cut off");
	if (str_starts(left, STR("!")))
		return bad(err, "a declaration");
	if (str_starts(left, STR("/"))) {
		r->at++;
		name = take_name(r);
		if (r->depth == 0 || !str_equal(name, r->open[r->depth - 1]) ||
		    !end_tag_start(r, &empty))
			return bad(err, "an element ends that was not open");
		r->depth--;
		*closed = true;
		return 0;
	}
	name = take_name(r);
	if (name.len == 0 || !end_tag_start(r, &empty))
		return bad(err, "a tag without a name or an end");
	if (r->depth == LIMIT_XML_DEPTH)
		return bad(err, "it is nested too deeply");
	if (empty) /* nothing we ask for is empty */
		return 0;
	r->open[r->depth++] = name;
	return 1;
}

int xml_text(struct str bytes, const char *path, struct secret *text, struct err *err)
{
	struct reader r = { .in = bytes };
	struct secret ignored = SECRET_INIT(0);
	bool closed, seen = false;
	int rc = 1, opened;
	size_t wanted = 0;

	while (r.at < bytes.len) {
		secret_clear(&ignored);
		if (!put_text(&r, wanted != 0 && r.depth == wanted ? text : &ignored)) {
			rc = bad(err, "an entity that is not known");
			goto out;
		}
		if (r.at == bytes.len)
			break;
		r.at++;
		opened = read_tag(&r, &closed, err);
		if (opened == -1) {
			rc = -1;
			goto out;
		}
		seen = seen || opened == 1;
		if (opened == 1 && wanted == 0 && at_path(&r, path))
			wanted = r.depth;
		if (closed && wanted != 0 && r.depth < wanted) {
			rc = text->failed ? bad(err, "an element is too long") : 0;
			goto out;
		}
	}
	if (r.depth != 0 || !seen)
		rc = bad(err, seen ? "it is cut off" : "there is no element");
out:
	secret_release(&ignored);
	return rc;
}
