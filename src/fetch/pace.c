/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paces. Knows intervals; does not know what is called, and never waits.
 */
#include "fetch/pace.h"

#include <stdlib.h>

#include "base/arena.h"

#define SECOND_US INT64_C(1000000)
#define MARGIN    50 /* a fiftieth of a step */

void pace_init(struct pace *p, int tps)
{
	int64_t step_us = tps > 0 ? SECOND_US / tps : 0;

	*p = (struct pace){ .step_us = step_us + step_us / MARGIN };
}

bool pace_may(const struct pace *p, int64_t now_us)
{
	return p->step_us == 0 || now_us >= p->next_us;
}

void pace_took(struct pace *p, int64_t now_us)
{
	int64_t slack_us = p->step_us / MARGIN;

	/* what starts a little late does not delay all that follow; by no more than the
	 * margin, or calls would come closer than the quota has them */
	if (p->next_us < now_us - slack_us)
		p->next_us = now_us - slack_us;
	p->next_us += p->step_us;
}

void pace_throttled(struct pace *p, int64_t now_us)
{
	if (p->step_us != 0 && p->next_us < now_us + SECOND_US)
		p->next_us = now_us + SECOND_US;
}

/* ---- by name --------------------------------------------------------------- */

struct bucket {
	const char *operation;
	struct str account, region;
	struct pace pace;
	struct bucket *next;
};

struct pace_table {
	struct arena arena;
	struct bucket *first;
};

struct pace_table *pace_table_new(void)
{
	struct pace_table *t = mem_alloc(sizeof(*t));

	*t = (struct pace_table){ .arena = ARENA_INIT };
	return t;
}

void pace_table_free(struct pace_table *t)
{
	if (t == NULL)
		return;
	arena_release(&t->arena);
	free(t);
}

struct pace *pace_find(struct pace_table *t, const char *operation, struct str account,
		       struct str region, int tps)
{
	struct bucket *b;

	for (b = t->first; b != NULL; b = b->next)
		if (str_is(str_of(operation), b->operation) && str_equal(account, b->account) &&
		    str_equal(region, b->region))
			return &b->pace;
	b = ARENA_NEW(&t->arena, struct bucket);
	b->operation = arena_strdup(&t->arena, operation);
	b->account = arena_str(&t->arena, account);
	b->region = arena_str(&t->arena, region);
	pace_init(&b->pace, tps);
	b->next = t->first;
	t->first = b;
	return &b->pace;
}
