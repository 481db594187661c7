/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fetcher takes from outside besides files: environment, home folder,
 * clock, chance, a person at the terminal, and the network. One struct, which
 * tests replace.
 */
#ifndef FETCH_WORLD_H
#define FETCH_WORLD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/secret.h"
#include "fetch/transport.h"

struct world {
	const char *const *environment; /* NAME=value, ended by NULL; also what programs get */
	const char *home;               /* where HOME is not set; may be NULL */
	struct transport transport;
	/* Seconds since 1970, UTC. */
	int64_t (*now)(void *self);
	void (*random)(void *self, void *bytes, size_t size);
	/* Waits; false when the program is to end instead. */
	bool (*pause)(void *self, int64_t ms);
	/* Waits so long, or until the descriptor can be read where it is not -1; false when the
	 * program is to end instead. NULL where nothing ends it. */
	bool (*await)(void *self, int fd, int64_t ms);
	/* Asks on the terminal without showing what is typed; NULL where there is none. */
	int (*ask)(void *self, const char *prompt, struct secret *answer, struct err *err);
	/* Held while a token is renewed that several profiles share, and that can be renewed but
	 * once; NULL where there is one thread. */
	pthread_mutex_t *renewing;
	void *self;
	int64_t process_ms; /* that a credential_process may take; 0 for the ceiling */
};

/* The value, or NULL when it is not set or empty. */
const char *world_env(const struct world *world, const char *name);
int64_t world_now(const struct world *world);
/* Any number, all alike. */
uint32_t world_chance(const struct world *world);
bool world_is_to_end(const struct world *world);

#endif
