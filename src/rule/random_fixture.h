/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests by chance: values of every kind, the same in every run.
 */
#ifndef RULE_RANDOM_FIXTURE_H
#define RULE_RANDOM_FIXTURE_H

#include <stdlib.h>

#include "model/partial.h"
#include "rule/compile.h"

static unsigned seed = 5;

static inline unsigned random_below(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 12) % n;
}

#define PICK(list) (list)[random_below(sizeof(list) / sizeof(*(list)))]

static const char *const texts[] = {
	"dev",
	"stage",
	"prod",
	"",
	"a",
	"b",
	"ACTIVE",
	"acme-dev-ivs-x",
	"acme-prod-ivs-live-123",
	"FULL_HD",
	"HD",
	"LOWEST_RESOLUTION",
	"5",
	"60",
	"Owner",
	"acme-stage-of-a-longer-name-yet",
};

static const char *const keys[] = { "Owner", "Environment", "Team", "CostCenter", "a", "Level" };

/* Takes a pattern of the policy to its limit, which takes a while. */
#define TOO_MUCH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"

/* A copy of its own, so that what is read beside it is found. */
static inline struct str random_text(struct arena *a)
{
	const char *text = PICK(texts);
	size_t len = strlen(text);
	char *copy = arena_room(a, len);

	memcpy(copy, text, len);
	return (struct str){ copy, len };
}

static inline struct value random_scalar(struct arena *a)
{
	switch (random_below(8)) {
	case 0:
		return value_of_boolean(random_below(2) == 0);
	case 1:
		return (struct value){ .kind = random_below(2) == 0 ? VALUE_NULL : VALUE_ABSENT };
	case 2:
		return value_of_number((struct number){ (int64_t)random_below(70) - 5,
							random_below(4) == 0 ? -1 : 0 });
	case 3:
		return value_of_number((struct number){ random_below(3) * 100000000000000000, 0 });
	default:
		return value_of_str(random_text(a));
	}
}

static inline struct value random_unknown(struct arena *a)
{
	struct number least = { random_below(40), 0 }, most = { 40 + random_below(40), 0 };
	struct value some[3];
	size_t i;

	switch (random_below(4)) {
	case 0:
		for (i = 0; i < 3; i++)
			some[i] = value_of_str(random_text(a));
		return value_one_of(a, "not known", some, 3);
	case 1:
		return value_between(a, "not known", &least, &most);
	case 2:
		some[0] = value_of_str(random_text(a));
		some[1] = value_gap(a, "Gap", "not known", CHARS_LOWER, 1, 5);
		return value_concat(a, some, 2);
	default:
		return value_unknown("not known");
	}
}

static inline struct value random_member(struct arena *a)
{
	unsigned which = random_below(10);

	if (which == 0)
		return random_unknown(a);
	return which < 3 ? random_scalar(a) : value_of_str(random_text(a));
}

static inline struct value random_list(struct arena *a)
{
	struct value list = { .kind = VALUE_LIST, .n = random_below(5) }, *items;
	uint32_t i;

	list.items = items = ARENA_ARRAY(a, list.n, struct value);
	for (i = 0; i < list.n; i++)
		items[i] = random_member(a);
	list.flags = random_below(6) == 0 ? VALUE_OPEN : 0;
	return list;
}

/* No key twice, in any order. */
static inline struct value random_map(struct arena *a)
{
	struct value map = { .kind = VALUE_MAP };
	struct entry *entries = ARENA_ARRAY(a, 8, struct entry);
	unsigned first = random_below(6), i;

	for (i = 0; i < 6; i++) {
		if (random_below(3) == 0)
			continue;
		entries[map.n].key = str_of(keys[(first + i * 5) % 6]);
		entries[map.n++].value = random_member(a);
	}
	map.entries = entries;
	map.flags = random_below(6) == 0 ? VALUE_OPEN : 0;
	return map;
}

static inline struct value random_value(struct arena *a, unsigned form)
{
	if (random_below(12) == 0)
		return random_unknown(a);
	switch (random_below(8) == 0 ? random_below(4) : form) {
	case 0:
		return value_of_str(random_text(a));
	case 1:
		return random_list(a);
	case 2:
		return random_map(a);
	default:
		return random_scalar(a);
	}
}

static inline void random_resource(struct resource *r, struct source *source, struct arena *a)
{
	resource_init(r, source, (struct place){ 0, 0 }, SOURCE_JSON);
	r->slots[FIELD_NAME] = random_value(a, 0);
	r->slots[FIELD_STATE] = random_value(a, 0);
	r->slots[FIELD_BUCKET_NAME] = random_value(a, 0);
	r->slots[FIELD_RECONNECT_WINDOW] = random_value(a, 3);
	r->slots[FIELD_THUMBNAIL_INTERVAL] = random_value(a, 3);
	r->slots[FIELD_RENDITIONS] = random_value(a, 1);
	r->slots[FIELD_TAGS] = random_value(a, 2);
}

/* Where keys were found last may be anything. */
static inline void forget(struct judge *j)
{
	size_t i;

	if (j->near != NULL && random_below(3) == 0)
		for (i = 0; i < JUDGE_SITES; i++)
			j->near[i] = (uint8_t)(random_below(4) == 0 ? UINT8_MAX : random_below(7));
}

#endif
