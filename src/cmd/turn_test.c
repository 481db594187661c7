/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns: everything is taken once, in the order of tickets, by one thread at a time,
 * and who has something to go on with does not wait.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cmd/turn.h"

#define THREADS 4
#define ITEMS   2
#define TICKETS 4000

struct thing {
	struct turn_item turn;
	uint64_t made; /* of the ticket: what was done is there when it is taken */
};

struct all {
	struct turn turn;
	pthread_mutex_t lock;
	uint64_t next; /* ticket; under the lock */
	/* under the turn */
	uint64_t taken;
	unsigned within, wrong;
};

static uint64_t make(uint64_t ticket)
{
	return ticket * UINT64_C(2654435761) + 1;
}

static void take(void *to, struct turn_item *item)
{
	struct all *all = to;
	struct thing *thing = (struct thing *)item;

	all->wrong += all->within++ != 0;
	all->wrong += item->ticket != all->taken++ || thing->made != make(item->ticket);
	thing->made = 0;
	all->within--;
}

/* ---- one thread: what is left, and when it is taken ------------------------------ */

static void test_order(void **state)
{
	struct all all = { .taken = 0 };
	struct thing things[4] = { 0 };
	struct turn_item *own[2] = { &things[2].turn, &things[0].turn };
	uint64_t i;

	(void)state;
	turn_init(&all.turn, 4);
	for (i = 0; i < 4; i++) {
		things[i].turn.ticket = i;
		things[i].made = make(i);
	}
	turn_done(&all.turn, &things[2].turn, take, &all);
	assert_true(things[2].turn.left);
	assert_int_equal(all.taken, 0);
	/* the one that is not left, though it stands behind */
	assert_ptr_equal(turn_pick(&all.turn, own, 2), &things[0].turn);
	turn_done(&all.turn, &things[1].turn, take, &all);
	assert_int_equal(all.taken, 0);
	turn_wait(&all.turn, 0);
	turn_done(&all.turn, &things[0].turn, take, &all);
	assert_int_equal(all.taken, 3);
	assert_false(things[2].turn.left);
	assert_ptr_equal(turn_pick(&all.turn, own, 2), &things[2].turn);
	/* with the turn, where nothing was left: the ring goes round */
	turn_wait(&all.turn, 3);
	turn_done(&all.turn, &things[3].turn, take, &all);
	things[0].turn.ticket = 5;
	things[0].made = make(5);
	turn_done(&all.turn, &things[0].turn, take, &all);
	assert_int_equal(all.taken, 4);
	things[1].turn.ticket = 4;
	things[1].made = make(4);
	turn_done(&all.turn, &things[1].turn, take, &all);
	assert_int_equal(all.taken, 6);
	assert_int_equal(all.wrong, 0);
	turn_release(&all.turn);
}

/* ---- several ---------------------------------------------------------------------- */

static void *work(void *to)
{
	struct all *all = to;
	struct thing things[ITEMS] = { 0 };
	struct turn_item *own[ITEMS] = { &things[0].turn, &things[1].turn };
	struct thing *thing;
	volatile uint64_t spent;
	uint64_t ticket;

	for (;;) {
		thing = (struct thing *)turn_pick(&all->turn, own, ITEMS);
		pthread_mutex_lock(&all->lock);
		ticket = all->next < TICKETS ? all->next++ : TICKETS;
		pthread_mutex_unlock(&all->lock);
		if (ticket == TICKETS)
			break;
		thing->turn.ticket = ticket;
		/* some take longer than others */
		for (spent = 0; spent < ticket * 7919 % 4000; spent++)
			;
		thing->made = make(ticket);
		/* what is of any size waits before it is done */
		if (ticket % 17 == 0) {
			turn_wait(&all->turn, ticket);
			all->wrong += all->taken != ticket;
		}
		turn_done(&all->turn, &thing->turn, take, all);
	}
	/* its own may be left until others come to them */
	turn_pick(&all->turn, &own[0], 1);
	turn_pick(&all->turn, &own[1], 1);
	return NULL;
}

static void test_threads(void **state)
{
	struct all all = { .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t threads[THREADS];
	int i;

	(void)state;
	turn_init(&all.turn, (size_t)THREADS * ITEMS);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &all), 0);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(all.taken, TICKETS);
	assert_int_equal(all.wrong, 0);
	turn_release(&all.turn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
