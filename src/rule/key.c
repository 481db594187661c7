/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and where they were found.
 */
#include "rule/key.h"

struct key key_of(struct str text)
{
	uint32_t hash = UINT32_C(2166136261);
	size_t i;

	for (i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * UINT32_C(16777619);
	return (struct key){ text, (hash ^ hash >> 16) % JUDGE_SITES };
}

const struct entry *key_seek(const struct key *k, const struct value *map, struct judge *j)
{
	const struct entry *e = map->entries, *end = e + map->n;
	size_t len = k->text.len;

	for (; e < end; e++)
		if (e->key.len == len && str_same(e->key.data, k->text.data, len)) {
			if (j->near != NULL && e - map->entries <= UINT8_MAX)
				j->near[k->site] = (uint8_t)(e - map->entries);
			return e;
		}
	return NULL;
}
