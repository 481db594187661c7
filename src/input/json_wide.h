/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A strict pull reader of JSON over a document that need not fit into memory: a
 * window moves over it. Members and items are walked through one by one, what
 * nobody wants is checked for grammar and passed over in the memory of the
 * window, and what somebody wants is given whole, up to a ceiling.
 *
 * Unlike model/json.h it does not look for keys that come twice in what it
 * passes over, and has no ceiling for strings and members there: neither needs
 * memory.
 */
#ifndef INPUT_JSON_WIDE_H
#define INPUT_JSON_WIDE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/limit.h"
#include "base/str.h"
#include "model/source.h"

/* Bytes of the document from an offset on: how many, 0 at the end, -1 with errno. */
typedef ssize_t json_wide_read(void *from, uint64_t offset, char *to, size_t size);

struct json_wide {
	const char *next;        /* the byte to read next */
	const char *start, *end; /* the window; *end is NUL, JSON_PADDING follows */
	uint64_t offset;         /* of start in the document */
	uint32_t line, column;   /* of start */
	struct source places;    /* of the window, with what was counted last */
	uint64_t counted_offset; /* of the window that was counted in */
	bool counted;
	bool ended; /* the window ends where the document does */

	const char *error; /* NULL, or what is wrong: "no capital, no full stop" */
	struct place error_place;
	bool cut;        /* the error is that the document ends too early */
	bool unreadable; /* the error is that bytes could not be read */

	struct arena *arena; /* keys with escapes, texts of errors */
	json_wide_read *read;
	void *from;
	char *buffer; /* NULL where all of it is in memory */
	size_t cap;
	const char *anchor; /* what is kept for somebody, or NULL */
	bool dropped;       /* what was kept passed the ceiling */
	unsigned depth;
	char open[LIMIT_JSON_DEPTH];
};

/* A document that is in memory: a NUL and JSON_PADDING readable bytes follow. */
void json_wide_memory(struct json_wide *w, struct str bytes, struct arena *arena);
/* A document that is read piece by piece, `window` bytes at least at a time. */
void json_wide_stream(struct json_wide *w, json_wide_read *read, void *from, size_t window,
		      struct arena *arena);
void json_wide_release(struct json_wide *w);

/* Where the reader stands, to come back to. */
struct json_wide_spot {
	uint64_t offset;
	uint32_t line, column;
	unsigned depth;
};
struct json_wide_spot json_wide_spot(struct json_wide *w);
/* Back to a spot; an error is forgotten. */
void json_wide_seek(struct json_wide *w, const struct json_wide_spot *spot);

/* Sets the error at a byte of the window, gives -1. The text is static or the arena's. */
int json_wide_fail(struct json_wide *w, const char *at, const char *text);
struct place json_wide_place(struct json_wide *w, const char *at);

/*
 * As json_open, json_member and json_item: -1 once there is an error. A key is
 * good until the next call.
 */
char json_wide_peek(struct json_wide *w);
int json_wide_open(struct json_wide *w, char bracket);
int json_wide_member(struct json_wide *w, bool first, struct str *key);
int json_wide_item(struct json_wide *w, bool first);
/* Passes over one value. */
int json_wide_skip(struct json_wide *w);
/*
 * One value's bytes, checked as json_wide_skip checks: 0, or 1 when it was
 * larger than LIMIT_DOCUMENT_SIZE and was passed over. They are in the window,
 * good until the next call, and not followed by a NUL.
 */
int json_wide_whole(struct json_wide *w, struct str *bytes);
/* Nothing but blanks may follow. */
int json_wide_end(struct json_wide *w);

#endif
