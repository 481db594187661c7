/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A window over JSON. Knows where each byte stands; does not know what the document
 * is, nor where its bytes come from.
 */
#include "input/json_wide_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

bool json_wide_more(struct json_wide *w)
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
		return json_wide_more(w);
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
