/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Members of collections that are still open, and what becomes of them when one
 * ends: merge keys and keys that come twice. Knows nothing of libyaml's events.
 */
#include "model/yaml_gather.h"

#include <stdlib.h>
#include <string.h>

/* All of these are bounded by LIMIT_YAML_NODES. */
static void *grown(void *list, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return list;
	*cap = n < 32 ? 64 : n * 2;
	return mem_grow(list, *cap * size);
}

void yaml_gather_item(struct yaml_gather *g, struct value v)
{
	g->items = grown(g->items, g->n_items, &g->cap_items, sizeof(v));
	g->items[g->n_items++] = v;
}

void yaml_gather_entry(struct yaml_gather *g, struct entry e)
{
	g->entries = grown(g->entries, g->n_entries, &g->cap_entries, sizeof(e));
	g->entries[g->n_entries++] = e;
}

void yaml_gather_list(struct yaml_gather *g, size_t base, struct value *v)
{
	size_t n = g->n_items - base;
	struct value *items = ARENA_ARRAY(g->arena, n, struct value);

	if (n > 0)
		memcpy(items, g->items + base, n * sizeof(items[0]));
	g->n_items = base;
	v->kind = VALUE_LIST;
	v->n = (uint32_t)n;
	v->items = items;
}

static int compare_keys(const void *a, const void *b)
{
	const struct entry *left = *(struct entry *const *)a, *right = *(struct entry *const *)b;
	int order = str_compare(left->key, right->key);

	/* of equal keys, the one that was written first */
	return order != 0 ? order : left < right ? -1 : left > right;
}

/*
 * Of equal keys the first stays, the key of each other one becomes empty with
 * data NULL. Two of the first n_own are a mistake; what was merged gives way.
 */
static void keep_first(struct yaml_gather *g, struct entry *entries, size_t n, size_t n_own)
{
	const struct entry *first = NULL;
	size_t i;

	if (n > g->cap_order)
		g->order = grown(g->order, n, &g->cap_order, sizeof(struct entry *));
	for (i = 0; i < n; i++)
		g->order[i] = &entries[i];
	qsort(g->order, n, sizeof(struct entry *), compare_keys);
	for (i = 0; i < n; i++) {
		struct entry *entry = g->order[i];

		if (first == NULL || !str_equal(first->key, entry->key)) {
			first = entry;
			continue;
		}
		if (entry < entries + n_own) {
			mistakes_add(g->mistakes, g->source, entry->key_place, entry->key.len,
				     "duplicate key '%.60s'", entry->key.data);
			mistakes_hint(g->mistakes, "it is on line %u already",
				      (unsigned)first->key_place.line);
			g->duplicates++;
		}
		entry->key = (struct str){ NULL, 0 };
	}
}

static void merge_map(struct yaml_gather *g, const struct value *v)
{
	uint32_t i;

	if (v->kind != VALUE_MAP) {
		mistakes_add(g->mistakes, g->source, v->place, 1,
			     "a merge key (<<) takes a mapping or a list of mappings, not %s",
			     value_kind_name(v->kind));
		return;
	}
	for (i = 0; i < v->n; i++)
		yaml_gather_entry(g, v->entries[i]);
}

void yaml_gather_merged(struct yaml_gather *g, const struct value *v)
{
	uint32_t i;

	if (v->kind != VALUE_LIST) {
		merge_map(g, v);
		return;
	}
	for (i = 0; i < v->n; i++)
		merge_map(g, &v->items[i]);
}

void yaml_gather_map(struct yaml_gather *g, size_t base, size_t n_own, struct value *v)
{
	size_t i, n = g->n_entries - base, kept = 0;
	struct entry *entries = ARENA_ARRAY(g->arena, n, struct entry);

	if (n > 1)
		keep_first(g, g->entries + base, n, n_own);
	for (i = 0; i < n; i++)
		if (g->entries[base + i].key.data != NULL)
			entries[kept++] = g->entries[base + i];
	g->n_entries = base;
	v->kind = VALUE_MAP;
	v->n = (uint32_t)kept;
	v->entries = entries;
}

void yaml_gather_release(struct yaml_gather *g)
{
	free(g->items);
	free(g->entries);
	free(g->order);
}
