/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values: making, finding, comparing and copying. Depth is bounded by
 * those who read them (LIMIT_JSON_DEPTH, LIMIT_YAML_DEPTH), so recursion is.
 */
#include "model/value.h"

#include <stdlib.h>

#include "model/partial.h"

struct value value_of_str(struct str s)
{
	return (struct value){ .kind = VALUE_STRING, .n = (uint32_t)s.len, .text = s.data };
}

struct value value_of_number(struct number n)
{
	return (
	    struct value){ .kind = VALUE_NUMBER, .exponent = n.exponent, .mantissa = n.mantissa };
}

struct value value_of_boolean(bool b)
{
	return (struct value){ .kind = VALUE_BOOLEAN, .boolean = b };
}

struct value value_unknown(const char *why)
{
	return (struct value){ .kind = VALUE_UNKNOWN, .why = why };
}

bool value_holds_secret(const struct value *v)
{
	const struct partial *p = value_partial(v);
	bool holds = value_is_secret(v);
	uint32_t i;

	if (p != NULL && p->form == PARTIAL_ONE_OF)
		for (i = 0; i < p->n && !holds; i++)
			holds = value_holds_secret(&p->items[i]);
	if (v->kind == VALUE_LIST)
		for (i = 0; i < v->n && !holds; i++)
			holds = value_holds_secret(&v->items[i]);
	else if (v->kind == VALUE_MAP)
		for (i = 0; i < v->n && !holds; i++)
			holds = value_holds_secret(&v->entries[i].value);
	return holds;
}

const struct entry *value_entry(const struct value *map, struct str key)
{
	uint32_t i;

	if (map == NULL || map->kind != VALUE_MAP)
		return NULL;
	for (i = 0; i < map->n; i++)
		if (map->entries[i].key.len == key.len &&
		    str_same(map->entries[i].key.data, key.data, key.len))
			return &map->entries[i];
	return NULL;
}

const struct value *value_get(const struct value *map, struct str key)
{
	const struct entry *e = value_entry(map, key);

	return e != NULL ? &e->value : NULL;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *const *left = a, *const *right = b;

	return str_compare((*left)->key, (*right)->key);
}

/* Entries by key, in memory of its own, so that two maps compare in n log n. */
static const struct entry **sorted(const struct value *map)
{
	const struct entry **list = mem_alloc(map->n * sizeof(struct entry *));
	uint32_t i;

	for (i = 0; i < map->n; i++)
		list[i] = &map->entries[i];
	qsort(list, map->n, sizeof(list[0]), compare_entries);
	return list;
}

static bool maps_equal(const struct value *a, const struct value *b)
{
	const struct entry **left, **right;
	bool equal = true;
	uint32_t i;

	if (a->n == 0)
		return true;
	left = sorted(a);
	right = sorted(b);
	for (i = 0; i < a->n && equal; i++)
		equal = str_equal(left[i]->key, right[i]->key);
	for (i = 0; i < a->n && equal; i++)
		equal = value_equal(&left[i]->value, &right[i]->value);
	free(left);
	free(right);
	return equal;
}

bool value_equal(const struct value *a, const struct value *b)
{
	uint32_t i;

	if (a->kind != b->kind || a->kind == VALUE_UNKNOWN)
		return false;
	if (a->kind >= VALUE_STRING && a->n != b->n)
		return false;
	switch (a->kind) {
	case VALUE_BOOLEAN:
		return a->boolean == b->boolean;
	case VALUE_NUMBER:
		return number_compare(value_number(a), value_number(b)) == 0;
	case VALUE_STRING:
		return str_same(a->text, b->text, a->n);
	case VALUE_LIST:
		for (i = 0; i < a->n; i++)
			if (!value_equal(&a->items[i], &b->items[i]))
				return false;
		return true;
	case VALUE_MAP:
		return maps_equal(a, b);
	}
	return true;
}

static int compare_maps(const struct value *a, const struct value *b)
{
	uint32_t i, n = a->n < b->n ? a->n : b->n;
	const struct entry **left = sorted(a), **right = sorted(b);
	int order = 0;

	for (i = 0; i < n && order == 0; i++) {
		order = str_compare(left[i]->key, right[i]->key);
		if (order == 0)
			order = value_compare(&left[i]->value, &right[i]->value);
	}
	free(left);
	free(right);
	if (order != 0)
		return order;
	return a->n < b->n ? -1 : a->n > b->n;
}

static int compare_lists(const struct value *a, const struct value *b)
{
	uint32_t i, n = a->n < b->n ? a->n : b->n;
	int order = 0;

	for (i = 0; i < n && order == 0; i++)
		order = value_compare(&a->items[i], &b->items[i]);
	if (order != 0)
		return order;
	return a->n < b->n ? -1 : a->n > b->n;
}

int value_compare(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	switch (a->kind) {
	case VALUE_BOOLEAN:
		return (int)a->boolean - (int)b->boolean;
	case VALUE_NUMBER:
		return number_compare(value_number(a), value_number(b));
	case VALUE_STRING:
		return str_compare(value_str(a), value_str(b));
	case VALUE_LIST:
		return compare_lists(a, b);
	case VALUE_MAP:
		return compare_maps(a, b);
	case VALUE_UNKNOWN:
		return str_compare(str_of(a->why), str_of(b->why));
	}
	return 0;
}

const struct value *value_find_unknown(const struct value *v)
{
	static const struct value more = { .kind = VALUE_UNKNOWN,
					   .why = "there may be more members than are known" };
	const struct value *found = NULL;
	uint32_t i;

	if (v->kind == VALUE_UNKNOWN)
		return v;
	if (v->kind != VALUE_LIST && v->kind != VALUE_MAP)
		return NULL;
	for (i = 0; i < v->n && found == NULL; i++)
		found =
		    value_find_unknown(v->kind == VALUE_LIST ? &v->items[i] : &v->entries[i].value);
	return found == NULL && (v->flags & VALUE_OPEN) != 0 ? &more : found;
}

const char *value_kind_name(enum value_kind kind)
{
	switch (kind) {
	case VALUE_ABSENT:
		return "absent";
	case VALUE_NULL:
		return "null";
	case VALUE_BOOLEAN:
		return "true or false";
	case VALUE_NUMBER:
		return "a number";
	case VALUE_STRING:
		return "a string";
	case VALUE_LIST:
		return "a list";
	case VALUE_MAP:
		return "a map";
	case VALUE_UNKNOWN:
		return "unknown";
	}
	return "nothing";
}

static struct value copy_items(struct arena *a, const struct value *v)
{
	struct value *items = ARENA_ARRAY(a, v->n, struct value);
	struct value copy = *v;
	uint32_t i;

	for (i = 0; i < v->n; i++)
		items[i] = value_copy(a, &v->items[i]);
	copy.items = items;
	return copy;
}

static struct value copy_entries(struct arena *a, const struct value *v)
{
	struct entry *entries = ARENA_ARRAY(a, v->n, struct entry);
	struct value copy = *v;
	uint32_t i;

	for (i = 0; i < v->n; i++) {
		entries[i].key = arena_str(a, v->entries[i].key);
		entries[i].key_place = v->entries[i].key_place;
		entries[i].value = value_copy(a, &v->entries[i].value);
	}
	copy.entries = entries;
	return copy;
}

struct value value_copy(struct arena *a, const struct value *v)
{
	struct value copy = *v;

	switch (v->kind) {
	case VALUE_STRING:
		copy.text = arena_str(a, value_str(v)).data;
		break;
	case VALUE_LIST:
		return copy_items(a, v);
	case VALUE_MAP:
		return copy_entries(a, v);
	case VALUE_UNKNOWN:
		if (value_partial(v) != NULL)
			return partial_copy(a, v);
		copy.why = arena_strdup(a, v->why);
		break;
	}
	return copy;
}

/* ---- changing ------------------------------------------------------------- */

struct value value_with_entry(struct arena *a, const struct value *map, struct str key,
			      const struct value *v)
{
	uint32_t i, n = map->kind == VALUE_MAP ? map->n : 0;
	struct value copy = *map;
	struct entry *entries;

	if (map->kind == VALUE_UNKNOWN)
		return copy;
	entries = ARENA_ARRAY(a, (size_t)n + 1, struct entry);
	if (n > 0)
		memcpy(entries, map->entries, n * sizeof(entries[0]));
	for (i = 0; i < n && !str_equal(entries[i].key, key); i++)
		;
	if (i == n) {
		entries[n++].key = key;
		entries[i].key_place = map->kind == VALUE_MAP ? map->place : v->place;
	}
	entries[i].value = *v;
	if (map->kind != VALUE_MAP)
		copy = (struct value){ .flags = v->flags, .place = v->place };
	copy.kind = VALUE_MAP;
	copy.n = n;
	copy.entries = entries;
	return copy;
}

struct value value_with_member(struct arena *a, const struct value *map, struct str path,
			       const struct value *v)
{
	static const struct value none = { .kind = VALUE_ABSENT };
	const char *dot = memchr(path.data, '.', path.len);
	const struct value *old;
	struct str name = path;
	struct value inner;

	if (dot == NULL)
		return value_with_entry(a, map, path, v);
	name.len = (size_t)(dot - path.data);
	old = value_get(map, name);
	path.data += name.len + 1;
	path.len -= name.len + 1;
	inner = value_with_member(a, old != NULL && old->kind > VALUE_NULL ? old : &none, path, v);
	return value_with_entry(a, map, name, &inner);
}
