/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The world as it is: this process's environment, clock, chance, terminal, and
 * the signals that end a run.
 */
#ifndef FETCH_OUTSIDE_H
#define FETCH_OUTSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/progress.h"
#include "fetch/world.h"

struct outside {
	struct progress *progress; /* hidden while a person is asked; may be NULL */
	pthread_mutex_t asking;    /* one question at a time */
};

#define OUTSIDE_INIT ((struct outside){ .asking = PTHREAD_MUTEX_INITIALIZER })

/* Without a transport: that is libcurl's. `self` outlives the world. */
void outside_world(struct world *world, struct outside *self);
/* SIGINT and SIGTERM stop the run, a second one ends the process; SIGPIPE is ignored. */
void outside_catch_signals(void);
/* The signal that came, or 0; and a descriptor that is readable from then on. */
extern atomic_int outside_signal;
int outside_signal_fd(void);

#endif
