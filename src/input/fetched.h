/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output of ivslint fetch, apart from the configurations in it: the header
 * that begins it, and the trailer that says what is there and what is not. A
 * file whose trailer is missing, or counts something else, is cut.
 */
#ifndef INPUT_FETCHED_H
#define INPUT_FETCHED_H

#include "input/input.h"
#include "model/json.h"

/* Whether a header or a trailer begins at text, which has JSON_PADDING behind it. */
bool fetched_begins(const char *text);

/*
 * Reads the header or trailer that j stands before. Tells the sink of what was
 * not fetched and what was deleted, then of the mark. -1 with the error in j.
 */
int fetched_read(struct json *j, struct source *source, const struct input_sink *sink);

/*
 * Takes a mark in the order of reading, or the end of the file (NULL): what is
 * wrong there, with its kind and line, or NULL. `resources` and `refusals` are
 * those of the file up to there; the text is good until the next call.
 */
const char *fetched_take(struct fetched *f, const struct fetch_mark *mark, uint64_t resources,
			 uint64_t refusals, enum trouble *kind, uint32_t *line);

#endif
