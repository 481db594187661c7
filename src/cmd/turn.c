/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns, a ring of what was left, and one lock that is held for a moment only:
 * never while something is taken.
 */
#include "cmd/turn.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void turn_init(struct turn *t, size_t n)
{
	*t = (struct turn){ .n = n };
	t->left = mem_alloc(n * sizeof(struct turn_item *));
	memset(t->left, 0, n * sizeof(struct turn_item *));
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->moved, NULL);
}

void turn_release(struct turn *t)
{
	pthread_cond_destroy(&t->moved);
	pthread_mutex_destroy(&t->lock);
	free(t->left);
}

void turn_wait(struct turn *t, uint64_t ticket)
{
	pthread_mutex_lock(&t->lock);
	while (t->now != ticket)
		pthread_cond_wait(&t->moved, &t->lock);
	pthread_mutex_unlock(&t->lock);
}

/* True: the turn is the item's. Else it is left. */
static bool has_come(struct turn *t, struct turn_item *item)
{
	bool come;

	pthread_mutex_lock(&t->lock);
	come = t->now == item->ticket;
	if (!come) {
		item->left = true;
		t->left[item->ticket % t->n] = item;
	}
	pthread_mutex_unlock(&t->lock);
	return come;
}

/* The item was taken. Gives what was left with the next ticket; NULL: the turn is that
 * of the next one's owner, when it comes. */
static struct turn_item *pass_on(struct turn *t, struct turn_item *item)
{
	struct turn_item *next;

	pthread_mutex_lock(&t->lock);
	item->left = false;
	t->now++;
	next = t->left[t->now % t->n];
	t->left[t->now % t->n] = NULL;
	pthread_mutex_unlock(&t->lock);
	/* who wakes needs the lock, at once */
	pthread_cond_broadcast(&t->moved);
	return next;
}

void turn_done(struct turn *t, struct turn_item *item, turn_take *take, void *to)
{
	if (!has_come(t, item))
		return;
	while (item != NULL) {
		take(to, item);
		item = pass_on(t, item);
	}
}

static struct turn_item *first_not_left(struct turn_item *const *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!items[i]->left)
			return items[i];
	return NULL;
}

struct turn_item *turn_pick(struct turn *t, struct turn_item *const *items, size_t n)
{
	struct turn_item *item;

	pthread_mutex_lock(&t->lock);
	while ((item = first_not_left(items, n)) == NULL)
		pthread_cond_wait(&t->moved, &t->lock);
	pthread_mutex_unlock(&t->lock);
	return item;
}
