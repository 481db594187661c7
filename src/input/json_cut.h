/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a stream of JSON can be cut into stretches for several readers, found
 * much faster than by reading it: brackets outside strings are counted, nothing
 * is checked. The readers check, so a wrong cut in a broken text is an error of
 * theirs, never a configuration that goes unseen.
 */
#ifndef INPUT_JSON_CUT_H
#define INPUT_JSON_CUT_H

#include <stddef.h>
#include <stdint.h>

enum json_cut_at {
	JSON_CUT_COMMA, /* after a comma between members of the list that p is in */
	JSON_CUT_VALUE, /* after a document of the stream that p is in */
};

struct json_cut {
	const char *last;  /* the last cut found, or NULL: nothing to cut */
	const char *close; /* the bracket that closes what p is in; scanning ended there */
	uint64_t n;        /* cuts passed, the last one included */
};

/* Scans from p, which must stand outside any member, to end. */
struct json_cut json_cut_scan(const char *p, const char *end, enum json_cut_at at);
/* To the first cut only: where to go on after a member that was refused. */
struct json_cut json_cut_next(const char *p, const char *end, enum json_cut_at at);

/* Newlines from p to end. Where the bytes behind the first `most` of them begin goes to
 * ends, counted from p. */
size_t json_cut_lines(const char *p, const char *end, uint32_t *ends, size_t most);

#endif
