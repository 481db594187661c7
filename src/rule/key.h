/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that rules ask maps for. Maps that come one after another nearly always list
 * their keys in the same order, so whoever judges remembers where a key stood last and
 * looks there first.
 */
#ifndef RULE_KEY_H
#define RULE_KEY_H

#include "model/value.h"
#include "rule/cond.h"

struct key {
	struct str text;
	uint32_t site; /* of judge.near; keys that share one are only slower */
};

/* The text is borrowed. */
struct key key_of(struct str text);
/* The same as key_find, through all of the map. */
const struct entry *key_seek(const struct key *k, const struct value *map, struct judge *j);

/* The entry of a map, or NULL. */
static inline const struct entry *key_find(const struct key *k, const struct value *map,
					   struct judge *j)
{
	const struct entry *e;

	if (j->near != NULL && j->near[k->site] < map->n) {
		e = &map->entries[j->near[k->site]];
		if (e->key.len == k->text.len && str_same(e->key.data, k->text.data, k->text.len))
			return e;
	}
	return key_seek(k, map, j);
}

#endif
