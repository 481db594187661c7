/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint-fetch, the program with the network and the credentials: where it is,
 * starting it, passing signals on to it, and what its end means. What it writes
 * is read elsewhere; what it holds stays with it.
 */
#ifndef CMD_FETCHER_H
#define CMD_FETCHER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

#define FETCHER_NAME "ivslint-fetch"

/* Its path, in the arena: beside this program, else in libexec. NULL where it is
 * in neither. */
const char *fetcher_path(struct arena *arena, struct err *err);

/* Becomes it; gives back only when that fails. words: its arguments after the
 * name, NULL-terminated. */
int fetcher_become(const char *path, const char *const *words, struct err *err);

struct fetcher {
	pid_t pid;           /* 0: it does not run */
	int out;             /* what it writes comes here; -1 once that is given away */
	bool waited, failed; /* it ended; it could not be started */
	int status;          /* of waitpid */
	struct err err;      /* why it could not */
	/* who passes signals on to it */
	pthread_mutex_t lock;
	pthread_t watch;
	bool watching;
	int over[2];
};

/*
 * Starts it, gives up the network and other programs, and watches for signals: one
 * that came to us alone is passed on after a moment, since a terminal sends it to both.
 * On failure `out` is a pipe that is at its end. Always to be followed by fetcher_wait.
 */
void fetcher_start(struct fetcher *f, const char *const *words);
/* Waits for its end, which comes soon after that of its output, or is made. */
void fetcher_wait(struct fetcher *f);

/*
 * What its end says that its output did not, given the number of problems told
 * so far: true with *text (the arena's), false where there is nothing to tell.
 */
bool fetcher_problem(const struct fetcher *f, uint64_t problems, struct arena *arena,
		     const char **text);
/* Whether it refused its command line, so that nothing was asked. */
bool fetcher_refused(const struct fetcher *f);

#endif
