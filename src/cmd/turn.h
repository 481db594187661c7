/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns: what threads do side by side is taken in the order of tickets, by one
 * thread at a time. What is done before its turn is left for whoever has it; who
 * leaves it goes on with something else. Does not know what is taken.
 */
#ifndef CMD_TURN_H
#define CMD_TURN_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Something with a ticket: the first member of what has one. */
struct turn_item {
	uint64_t ticket;
	bool left; /* done, and not taken yet; under the lock */
};

struct turn {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t now;            /* the ticket that is taken next, or being taken */
	struct turn_item **left; /* by ticket % n */
	size_t n;
};

/* n: tickets that are out at one time, at most. They count from 0. */
void turn_init(struct turn *t, size_t n);
void turn_release(struct turn *t);

/* Until everything before the ticket is taken. Its owner may take of it by itself
 * then; turn_done ends that. */
void turn_wait(struct turn *t, uint64_t ticket);

typedef void turn_take(void *to, struct turn_item *item);
/*
 * The item is done. When its turn has come it is taken, and after it what was left
 * with the tickets that follow; else it is left, and is its owner's again when
 * turn_pick gives it.
 */
void turn_done(struct turn *t, struct turn_item *item, turn_take *take, void *to);
/* The first of a thread's own items that is not left; waits until one is. */
struct turn_item *turn_pick(struct turn *t, struct turn_item *const *items, size_t n);

#endif
