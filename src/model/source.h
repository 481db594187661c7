/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document, or a stretch of a stream, and the places in it. Lines and
 * columns are counted only where somebody asks: a reader notes offsets.
 */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * Where a value stands. line is 1-based, column counts characters from 1.
 * With line 0 the column is an offset in bytes into the source, not counted
 * yet: source_place() makes a counted one of it.
 */
struct place {
	uint32_t line, column;
};

#define PLACE_NONE ((struct place){ 0, UINT32_MAX })

/* A value as it stands in its line, cut to LIMIT_EXCERPT on either side. */
struct excerpt {
	struct str before, value, after; /* borrowed; value "" where there is none */
	bool cut_before, cut_after;      /* the line goes on there */
};

/* The name of what a scan reads as it comes: no file, so that places in it say nobody
 * anything. */
#define SOURCE_LIVE "<live>"

struct source {
	const char *name; /* path as the user named it; "<stdin>"; "ivslint:recommended" */
	struct str bytes; /* what offsets count from; may be a stretch of the whole */
	/* Place of bytes.data[0] in the whole document. The column is in
	 * characters; both are 1 for a whole document. */
	uint32_t first_line, first_column;
	bool secret; /* it holds something sensitive: no part of it is shown */
	/* Where counting stopped last, and from where to where its line goes, with its LF:
	 * asking in about the order of the bytes costs one pass in all. Zero to begin with.
	 * Not shared between threads. */
	uint32_t cursor_offset, cursor_line, cursor_column, line_start, line_end;
	/* Where the bytes behind the first newlines begin, from who has counted them; or NULL.
	 * Borrowed. */
	const uint32_t *line_ends;
	uint32_t n_line_ends;
	const char *onward; /* the line that source_line_onward gave last, or NULL */
	uint32_t onward_line;
};

/* A whole document held in memory; name and bytes are borrowed. */
void source_init(struct source *s, const char *name, struct str bytes);
/* Counts line and column; a counted place is given back as it is, PLACE_NONE
 * gives line 0, column 0. */
struct place source_place(struct source *s, struct place place);
/* The text of a line without its end, "" when it is not in bytes. Borrowed. */
struct str source_line(const struct source *s, uint32_t line);
/* The same, quick where lines are asked for in about their order. */
struct str source_line_onward(struct source *s, uint32_t line);

/*
 * The line around what stands at a place, well-formed UTF-8 without line ends.
 * False, and an empty excerpt, where the place is not in the bytes.
 */
bool source_excerpt(struct source *s, struct place place, struct excerpt *e);

#endif
