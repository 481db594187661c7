/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run: identities times regions, side by side, written in their order. Knows
 * no command line and no terminal.
 */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ask/ask.h"
#include "base/err.h"
#include "base/file.h"
#include "fetch/api.h"
#include "fetch/stream.h"
#include "fetch/world.h"

/* How far it is. */
struct fetch_progress {
	size_t accounts, accounts_done, regions, regions_done; /* of those that were begun */
	uint64_t read, found, calls;
};

#define FETCH_TOLD 10 /* things that are missing */

struct fetch_options {
	const struct ask *ask;
	const struct world *world;
	const atomic_int *stop; /* a signal's number, or 0 */
	int stop_fd;            /* readable when it is not 0; -1 for none */
	/* Each attempt that ended, those for credentials in another thread; and each turn of
	 * the loop. May be NULL. */
	void (*tell)(void *to, const struct api_told *told);
	void (*turn)(void *to, const struct fetch_progress *progress);
	/* At the end, the first things that are missing; may be NULL. */
	void (*missed)(void *to, const struct missing *m);
	/* What is no failure and worth a word; may be NULL. */
	void (*note)(void *to, const char *text);
	void *to;
};

struct fetch_summary {
	bool complete;
	uint64_t read;
	size_t n_missing;
	struct api_stats stats;
	bool stuck; /* a worker is still at something: the process has to _exit */
};

struct fetch;

/* Nobody is asked yet. NULL with ERR_USAGE, or ERR_INPUT, when it cannot begin. */
struct fetch *fetch_open(const struct fetch_options *options, struct err *err);
/* Whom the functions of the options are told from here on. */
void fetch_set_to(struct fetch *f, void *to);
/* Reads everything and writes it; failures are in what is written. */
void fetch_run(struct fetch *f, struct file_out *out, struct fetch_summary *summary);
/* Wipes and frees, unless it is stuck. */
void fetch_free(struct fetch *f);

#endif
