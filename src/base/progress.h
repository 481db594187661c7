/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far long work has come, as one line at the bottom of a terminal: a bar,
 * the rate, and the time that is left. It comes late, is drawn seldom, and is
 * gone before anything else is written there. Knows no work: callers say what
 * is counted, how much is done, and what time it is.
 *
 * All functions take NULL for progress that nobody wants to see, and all but
 * progress_new and progress_free may be called from any thread.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

#define PROGRESS_DELAY_MS 500  /* what takes less shows nothing */
#define PROGRESS_EVERY_MS 100  /* between two drawings */
#define PROGRESS_LINE_MS  5000 /* between two lines where there is no terminal */

/* "auto", "always", "never" */
bool progress_when_find(struct str name, enum progress_when *when);

struct progress;

/*
 * auto: where fd is a terminal that can erase a line (TERM) and no CI system
 * runs us (CI). always: also where it is none; then whole lines come, seldom,
 * without anything that steers a terminal. NULL where nothing is to be shown.
 * label: one or two words, "reading"; items: what is counted, "calls", or NULL
 * for bytes; both are literals. total: 0 where it is not known.
 */
struct progress *progress_new(enum progress_when when, int fd, const char *label, const char *items,
			      uint64_t total, int64_t now_ms);
/* Erases the line. */
void progress_free(struct progress *p);
/* It has become known, or has grown. */
void progress_total(struct progress *p, uint64_t total);
/* Another label, which is copied and perhaps cut: "3 of 7 regions, 40 calls:". */
#define PROGRESS_LABEL 80
void progress_label(struct progress *p, const char *label);
/* So much is done by now; draws when it is time. */
void progress_at(struct progress *p, uint64_t done, int64_t now_ms);

/*
 * Around anything that is written to the same terminal: the line is erased, and
 * nothing is drawn until progress_show. They nest, also between threads.
 */
void progress_hide(struct progress *p);
void progress_show(struct progress *p);

/* Milliseconds of a clock that only goes forward. */
int64_t progress_clock(void);

/* ---- the line itself, for tests --------------------------------------------- */

struct progress_line {
	const char *label, *items;
	uint64_t done, total;
	uint64_t rate; /* a second; 0: not known */
};

/* At most `width` - 1 columns, so that no terminal wraps it; width 0: no bar,
 * and all the rest. */
void progress_line_put(struct buf *b, const struct progress_line *line, unsigned width);
/* The rate after `done` more in `ms`, where it was `before`: recent work counts more. */
uint64_t progress_rate(uint64_t before, uint64_t done, int64_t ms);

#endif
