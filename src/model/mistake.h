/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mistakes in a document that a person wrote, gathered so that one run shows
 * them all: place, the line with a caret, what was expected, the nearest name.
 */
#ifndef MODEL_MISTAKE_H
#define MODEL_MISTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/source.h"

struct mistake {
	struct source *source;
	struct place place;
	size_t length;	  /* characters to underline, at least 1 */
	const char *text; /* "no capital, no full stop" */
	const char *hint; /* what to do, or NULL */
};

struct mistakes {
	struct arena *arena; /* the texts' */
	struct mistake *list;
	size_t n, cap;
	size_t dropped;	 /* past LIMIT_MISTAKES */
};

void mistakes_init(struct mistakes *m, struct arena *arena);
void mistakes_release(struct mistakes *m);
/* length 0 underlines one character. */
void mistakes_add(struct mistakes *m, struct source *source, struct place place, size_t length,
		  const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A hint for the mistake added last: "did you mean 'min_length'?" */
void mistakes_hint(struct mistakes *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * Sorted by source (in the order in which sources came), then place; doubles
 * dropped:
 *
 *	policy.yaml:12:9: error: unknown operator 'mim'
 *	   12 |       {mim: 5}
 *	      |        ^~~
 *	      = did you mean 'min'?
 *
 * Long lines are cut around the caret; what is shown is made visible.
 */
void mistakes_print(struct mistakes *m, struct buf *b);

#endif
