/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The world as it is: this process's environment, clock, chance and terminal.
 */
#ifndef FETCH_OUTSIDE_H
#define FETCH_OUTSIDE_H

#include <pthread.h>

#include "base/progress.h"
#include "fetch/world.h"

struct outside {
	struct progress *progress; /* hidden while a person is asked; may be NULL */
	pthread_mutex_t asking;    /* one question at a time */
	pthread_mutex_t renewing;  /* the world's */
};

#define OUTSIDE_INIT                                                                               \
	((struct outside){ .asking = PTHREAD_MUTEX_INITIALIZER,                                    \
			   .renewing = PTHREAD_MUTEX_INITIALIZER })

/* Without a transport: that is libcurl's. `self` outlives the world. */
void outside_world(struct world *world, struct outside *self);
/* At the end, after a signal above all: waits a moment until a question that is open has
 * left the terminal as it was, and lets nobody ask any more. */
void outside_settle(struct outside *self);

#endif
