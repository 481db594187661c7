/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A window over JSON. Knows the grammar and where each byte stands; does not
 * know what the document is, nor where its bytes come from.
 */
#include "input/json_wide.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/json.h"

void json_wide_memory(struct json_wide *w, struct str bytes, struct arena *arena)
{
	*w = (struct json_wide){ .next = bytes.data,
				 .start = bytes.data,
				 .end = bytes.data + bytes.len,
				 .line = 1,
				 .column = 1,
				 .ended = true,
				 .arena = arena };
}

void json_wide_stream(struct json_wide *w, json_wide_read *read, void *from, size_t window,
		      struct arena *arena)
{
	*w = (struct json_wide){
		.line = 1, .column = 1, .arena = arena, .read = read, .from = from, .cap = window
	};
	w->buffer = mem_alloc(window + JSON_PADDING);
	memset(w->buffer, 0, JSON_PADDING);
	w->next = w->start = w->end = w->buffer;
}

void json_wide_release(struct json_wide *w)
{
	free(w->buffer);
	*w = (struct json_wide){ 0 };
}

/* ---- places ------------------------------------------------------------------- */

/* A plan is one long line: columns are counted on from the place that was asked for
 * before, as long as the window stays. */
struct place json_wide_place(struct json_wide *w, const char *at)
{
	size_t len = (size_t)(w->end - w->start);

	if (!w->counted || w->counted_offset != w->offset || w->places.bytes.len != len ||
	    w->places.bytes.data != w->start) {
		w->places = (struct source){ .bytes = { w->start, len },
					     .first_line = w->line,
					     .first_column = w->column };
		w->counted_offset = w->offset;
		w->counted = true;
	}
	return source_place(&w->places, (struct place){ 0, (uint32_t)(at - w->start) });
}

struct json_wide_spot json_wide_spot(struct json_wide *w)
{
	struct place place = json_wide_place(w, w->next);

	return (struct json_wide_spot){ .offset = w->offset + (uint64_t)(w->next - w->start),
					.line = place.line,
					.column = place.column,
					.depth = w->depth };
}

void json_wide_seek(struct json_wide *w, const struct json_wide_spot *spot)
{
	w->error = NULL;
	w->cut = w->unreadable = false;
	w->depth = spot->depth;
	w->anchor = NULL;
	if (w->buffer == NULL) {
		w->next = w->start + (spot->offset - w->offset);
		return;
	}
	w->next = w->start = w->end = w->buffer;
	w->counted = false;
	memset(w->buffer, 0, JSON_PADDING);
	w->offset = spot->offset;
	w->line = spot->line;
	w->column = spot->column;
	w->ended = false;
}

int json_wide_fail(struct json_wide *w, const char *at, const char *text)
{
	if (w->error != NULL)
		return -1;
	w->error = text;
	w->error_place = json_wide_place(w, at);
	w->cut = at >= w->end && w->ended;
	return -1;
}

/* ---- the window --------------------------------------------------------------- */

/* Makes room at the window's end: what is behind the reader goes, or the window
 * grows. False when what is kept passes the ceiling. */
static bool make_room(struct json_wide *w)
{
	const char *keep = w->anchor != NULL ? w->anchor : w->next;
	size_t gone = (size_t)(keep - w->start), len = (size_t)(w->end - keep);
	size_t next = (size_t)(w->next - keep);
	bool anchored = w->anchor != NULL;
	struct place place;

	/* moving little for the sake of little would be slow */
	if (gone < w->cap / 4 && len + w->cap / 4 > w->cap) {
		if (w->cap >= LIMIT_DOCUMENT_SIZE)
			return false;
		place = json_wide_place(w, keep);
		memmove(w->buffer, keep, len);
		w->cap *= 2;
		w->buffer = mem_grow(w->buffer, w->cap + JSON_PADDING);
	} else {
		place = json_wide_place(w, keep);
		memmove(w->buffer, keep, len);
	}
	w->line = place.line;
	w->column = place.column;
	w->offset += gone;
	w->start = w->buffer;
	w->next = w->buffer + next;
	w->end = w->buffer + len;
	w->anchor = anchored ? w->buffer : NULL;
	return true;
}

/* Reads more bytes behind the window; false when there are none. */
static bool more(struct json_wide *w)
{
	ssize_t got;

	if (w->ended || w->error != NULL)
		return false;
	if (!make_room(w)) {
		if (w->anchor == NULL) {
			json_wide_fail(w, w->next,
				       arena_printf(w->arena,
						    "a text longer than the limit of %u bytes",
						    LIMIT_DOCUMENT_SIZE));
			return false;
		}
		/* nobody gets it: what follows is only passed over */
		w->anchor = NULL;
		w->dropped = true;
		return more(w);
	}
	got = w->read(w->from, w->offset + (uint64_t)(w->end - w->start),
		      w->buffer + (w->end - w->start), w->cap - (size_t)(w->end - w->start));
	if (got < 0) {
		json_wide_fail(w, w->end,
			       arena_printf(w->arena, "cannot read: %s", strerror(errno)));
		w->unreadable = true;
		w->ended = true;
		return false;
	}
	w->end += got;
	memset(w->buffer + (w->end - w->start), 0, JSON_PADDING);
	w->ended = got == 0;
	return got != 0;
}

char json_wide_peek(struct json_wide *w)
{
	for (;;) {
		w->next = json_scan_blanks(w->next);
		if (*w->next != '\0' || w->next < w->end || !more(w))
			return *w->next;
	}
}

/* Tries to have n bytes at least in the window. */
static inline void want(struct json_wide *w, size_t n)
{
	while ((size_t)(w->end - w->next) < n && more(w))
		;
}

static int fail_expected(struct json_wide *w, const char *expected)
{
	const char *p = w->next;
	unsigned char c = (unsigned char)*p;
	size_t step;

	if (w->error != NULL)
		return -1;
	if (p >= w->end)
		return json_wide_fail(
		    w, w->end, arena_printf(w->arena, "unexpected end, expected %s", expected));
	if (c < 0x20 || c == 0x7f)
		return json_wide_fail(
		    w, p,
		    arena_printf(w->arena, "unexpected control character 0x%02x, expected %s", c,
				 expected));
	step = text_utf8_step(p, (size_t)(w->end - p));
	if (step == 0)
		return json_wide_fail(w, p, "not UTF-8");
	return json_wide_fail(
	    w, p, arena_printf(w->arena, "unexpected '%.*s', expected %s", (int)step, p, expected));
}

/* ---- objects and arrays ------------------------------------------------------- */

int json_wide_open(struct json_wide *w, char bracket)
{
	if (w->error != NULL)
		return -1;
	if (json_wide_peek(w) != bracket)
		return fail_expected(w, bracket == '{' ? "an object" : "an array");
	if (w->depth >= LIMIT_JSON_DEPTH)
		return json_wide_fail(
		    w, w->next,
		    arena_printf(w->arena, "nested deeper than the limit of %d", LIMIT_JSON_DEPTH));
	w->open[w->depth++] = bracket;
	w->next++;
	return 0;
}

int json_wide_item(struct json_wide *w, bool first)
{
	char c;

	if (w->error != NULL)
		return -1;
	c = json_wide_peek(w);
	if (c == ']') {
		w->next++;
		w->depth--;
		return 0;
	}
	if (first)
		return 1;
	if (c != ',')
		return fail_expected(w, "',' or ']'");
	w->next++;
	if (json_wide_peek(w) == ']')
		return json_wide_fail(w, w->next, "a comma before ']'");
	return 1;
}

/* To the key's quote: 1, or 0 past the closing brace. */
static int to_key(struct json_wide *w, bool first)
{
	char c;

	if (w->error != NULL)
		return -1;
	c = json_wide_peek(w);
	if (c == '}') {
		w->next++;
		w->depth--;
		return 0;
	}
	if (!first) {
		if (c != ',')
			return fail_expected(w, "',' or '}'");
		w->next++;
		if (json_wide_peek(w) == '}')
			return json_wide_fail(w, w->next, "a comma before '}'");
	}
	if (json_wide_peek(w) != '"')
		return fail_expected(w, "a key in double quotes");
	return 1;
}

static int take_colon(struct json_wide *w)
{
	if (json_wide_peek(w) != ':')
		return fail_expected(w, "':'");
	w->next++;
	return 0;
}

/* ---- passing over ------------------------------------------------------------- */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The escape at next, a backslash. */
static int skip_escape(struct json_wide *w)
{
	const char *p;
	int i;

	want(w, 6);
	p = w->next;
	if (w->end - p < (p[1] == 'u' ? 6 : 2) && w->error == NULL)
		return json_wide_fail(w, w->end, "a string that is not closed");
	if (p[1] == 'u') {
		for (i = 2; i < 6; i++)
			if (!is_hex(p[i]))
				return json_wide_fail(
				    w, p, "\\u is not followed by four hexadecimal digits");
		w->next += 6;
		return 0;
	}
	if (p[1] == '\0' || strchr("\"\\/bfnrt", p[1]) == NULL)
		return json_wide_fail(w, p, "an escape that JSON does not have");
	w->next += 2;
	return 0;
}

/* The string at next, however long it is. */
static int skip_string(struct json_wide *w)
{
	size_t step;
	unsigned char c;

	w->next++;
	for (;;) {
		w->next = json_scan_string(w->next);
		c = (unsigned char)*w->next;
		if (c == '"') {
			w->next++;
			return 0;
		}
		if (c == '\\') {
			if (skip_escape(w) == -1)
				return -1;
			continue;
		}
		if (w->next >= w->end) {
			if (more(w))
				continue;
			if (w->error == NULL)
				json_wide_fail(w, w->end, "a string that is not closed");
			return -1;
		}
		if (c < 0x20)
			return json_wide_fail(w, w->next,
					      c == '\n' || c == '\r'
						  ? "a line end in a string (is its closing quote "
						    "missing?)"
						  : "a raw control character in a string");
		want(w, 4);
		step = text_utf8_step(w->next, (size_t)(w->end - w->next));
		if (step == 0)
			return json_wide_fail(w, w->next, "not UTF-8");
		w->next += step;
	}
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits, one at least; numbers may be as long as the document. */
static int skip_digits(struct json_wide *w, const char *what)
{
	size_t n = 0;

	for (;;) {
		if (is_digit(*w->next)) {
			w->next++;
			n++;
		} else if (w->next < w->end || !more(w)) {
			break;
		}
	}
	if (w->error != NULL)
		return -1;
	return n != 0 ? 0 : json_wide_fail(w, w->next, what);
}

static int skip_number(struct json_wide *w)
{
	want(w, 2);
	if (*w->next == '-')
		w->next++;
	want(w, 2);
	if (*w->next == '0' && is_digit(w->next[1]))
		return json_wide_fail(w, w->next, "a number with a leading zero");
	if (skip_digits(w, "a number without digits") == -1)
		return -1;
	if (*w->next == '.') {
		w->next++;
		if (skip_digits(w, "a number that ends with its point") == -1)
			return -1;
	}
	if (*w->next == 'e' || *w->next == 'E') {
		w->next++;
		want(w, 1);
		if (*w->next == '+' || *w->next == '-')
			w->next++;
		if (skip_digits(w, "a number whose exponent has no digits") == -1)
			return -1;
	}
	return 0;
}

static int skip_word(struct json_wide *w)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i, len;

	want(w, 6);
	for (i = 0; i < 3; i++) {
		len = strlen(words[i]);
		if ((size_t)(w->end - w->next) < len &&
		    memcmp(w->next, words[i], (size_t)(w->end - w->next)) == 0) {
			w->next = w->end;
			break;
		}
		if (strncmp(w->next, words[i], len) == 0) {
			char after = w->next[len];

			if ((after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z') ||
			    is_digit(after) || after == '_')
				break;
			w->next += len;
			return 0;
		}
	}
	return fail_expected(w, "a value");
}

static int skip_scalar(struct json_wide *w, char c)
{
	switch (c) {
	case '"':
		return skip_string(w);
	case 't':
	case 'f':
	case 'n':
		return skip_word(w);
	default:
		if (c != '-' && !is_digit(c))
			return fail_expected(w, "a value");
		return skip_number(w);
	}
}

/* The key is skipped as any string is, and decoded once it is there whole. */
int json_wide_member(struct json_wide *w, bool first, struct str *key)
{
	struct json j;
	size_t at;
	int more_members = to_key(w, first);

	if (more_members != 1)
		return more_members;
	w->anchor = w->next;
	w->dropped = false;
	if (skip_string(w) == -1) {
		w->anchor = NULL;
		return -1;
	}
	if (w->dropped)
		return json_wide_fail(w, w->next,
				      arena_printf(w->arena,
						   "a key longer than the limit of %u bytes",
						   LIMIT_STRING_SIZE));
	json_init(&j, (struct str){ w->anchor, (size_t)(w->next - w->anchor) }, w->arena);
	w->anchor = NULL;
	if (json_string(&j, key) == -1)
		return json_wide_fail(w, j.error_at, j.error);
	/* what follows may move the window */
	at = (size_t)(w->end - w->next);
	if (at < 2 || *w->next != ':')
		*key = arena_str(w->arena, *key);
	return take_colon(w) == -1 ? -1 : 1;
}

/* Past a value inside the brackets above `base`: to where the next one begins,
 * 1; or 0 where all are closed. */
static int to_next(struct json_wide *w, unsigned base, bool first)
{
	int rc;

	while (w->depth > base) {
		if (w->open[w->depth - 1] == '[') {
			rc = json_wide_item(w, first);
			if (rc != 0)
				return rc;
		} else {
			rc = to_key(w, first);
			if (rc == 1)
				return skip_string(w) == -1 || take_colon(w) == -1 ? -1 : 1;
			if (rc == -1)
				return -1;
		}
		first = false;
	}
	return 0;
}

int json_wide_skip(struct json_wide *w)
{
	unsigned base = w->depth;
	int rc;
	char c;

	if (w->error != NULL)
		return -1;
	do {
		c = json_wide_peek(w);
		if (c == '{' || c == '[') {
			if (json_wide_open(w, c) == -1)
				return -1;
			rc = to_next(w, base, true);
		} else {
			if (skip_scalar(w, c) == -1)
				return -1;
			rc = to_next(w, base, false);
		}
	} while (rc == 1);
	return rc;
}

int json_wide_whole(struct json_wide *w, struct str *bytes)
{
	int rc;

	*bytes = STR("");
	if (w->error != NULL)
		return -1;
	json_wide_peek(w);
	w->anchor = w->next;
	w->dropped = false;
	rc = json_wide_skip(w);
	if (rc == 0 && w->dropped)
		rc = 1;
	else if (rc == 0)
		*bytes = (struct str){ w->anchor, (size_t)(w->next - w->anchor) };
	w->anchor = NULL;
	if (rc == 0 && bytes->len > LIMIT_DOCUMENT_SIZE)
		rc = 1;
	return rc;
}

int json_wide_end(struct json_wide *w)
{
	if (w->error != NULL)
		return -1;
	if (json_wide_peek(w) == '\0' && w->next >= w->end)
		return w->error != NULL ? -1 : 0;
	return json_wide_fail(w, w->next, "more after the end of the document");
}
