/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configurations that are written like others before them: whether reading along is of
 * use, and when learning is. How it is done json_along.c and json_lesson.c know;
 * grammar and refusals are the strict reader's.
 */
#include "input/json_learned_inside.h"

#include <string.h>

#include "base/limit.h"

#define DEPTH_BELOW 8 /* levels of the shape, maps and lists included */

/* Configurations in a row that are not as learned, about, until learning is seen
 * to be of no use; and how many are then read without it. */
#define TROUBLE_MOST 64
#define TROUBLE_STEP 2
#define REST         512

static void forget(struct json_learned *l)
{
	struct point *point;

	memset(l->points, 0, sizeof(l->points));
	for (point = l->points; point < l->points + NODES + KEYS; point++)
		point->first = &l->nothing.as;
	l->n_edges = 0;
	l->n_keys = 0;
	l->key_text_used = 0;
	l->full = false;
}

struct json_learned *json_learned_new(const struct json_shape *shape, struct arena *arena)
{
	struct json_learned *l;
	enum json_width width = N_JSON_WIDTHS;
	char *room;

	if (shape->n > NODES)
		return NULL;
	/* texts are written before they are read, and are most of it: a page that is not
	 * touched is not there */
	room = arena_room(arena, sizeof(*l) + LINE_SIZE - 1);
	room += -(uintptr_t)room % LINE_SIZE;
	l = (struct json_learned *)(void *)room;
	memset(l, 0, offsetof(struct json_learned, key_text));
	l->shape = shape;
	l->nothing.len = 1; /* of which nothing counts, so that it stands everywhere */
	l->nothing.plain = true;
	l->nothing.as.goal = GOAL_NONE;
	forget(l);
	do
		l->along = json_along_of(--width);
	while (l->along == NULL);
	return l;
}

bool json_learned_use(struct json_learned *l, enum json_width width)
{
	json_along *along = json_along_of(width);

	if (along == NULL)
		return false;
	l->along = along;
	return true;
}

/* As if nothing had been tried. */
__attribute__((noinline)) static bool give_up(struct json_learned *l, struct json *j,
					      const char *before)
{
	arena_trim(j->arena, l->room.start, MEMBERS_SIZE, 0);
	j->next = before;
	j->error = NULL;
	l->trouble += TROUBLE_STEP;
	return false;
}

bool json_learned_read(struct json_learned *l, struct json *j, struct resource *r, field_set needs)
{
	const char *before = j->next;

	if (l->needs != needs) {
		forget(l);
		l->needs = needs;
	}
	if (l->rest != 0) {
		l->rest--;
		return false;
	}
	if (j->error != NULL || j->depth + DEPTH_BELOW > LIMIT_JSON_DEPTH)
		return false;
	l->room.start = arena_room(j->arena, MEMBERS_SIZE);
	if (!l->along(l, j, r))
		return give_up(l, j, before);
	arena_trim(j->arena, l->room.start, MEMBERS_SIZE, (size_t)(l->room.next - l->room.start));
	l->trouble -= l->trouble != 0;
	return true;
}

void json_learned_add(struct json_learned *l, const char *start, const char *end)
{
	if (l->trouble >= TROUBLE_MOST) {
		/* what fills the memory is of no use: later ones may be alike */
		if (l->full)
			forget(l);
		l->trouble = TROUBLE_MOST / 2;
		l->rest = REST;
		return;
	}
	if (l->rest == 0)
		l->full |= !json_lesson(l, start, end);
}
