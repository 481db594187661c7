/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that come twice in an object, of few keys or very many.
 */
#include "model/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"

static int compare_strs(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Few keys are compared one by one; from here on they are kept sorted in
 * doubling steps, so that a hostile object costs n log n. */
#define KEYS_FEW 24

static bool keys_has(const struct json_keys *keys, struct str key)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (str_equal(keys->list[i], key))
			return true;
	return false;
}

/* Inserts into the sorted list; false when it is there. */
static bool keys_insert(struct json_keys *keys, struct str key)
{
	size_t low = 0, high = keys->n, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = str_compare(keys->list[middle], key);
		if (order == 0)
			return false;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	memmove(keys->list + low + 1, keys->list + low, (keys->n - low) * sizeof(*keys->list));
	keys->list[low] = key;
	keys->n++;
	return true;
}

int json_keys_add(struct json *j, struct json_keys *keys, struct str key, const char *at)
{
	unsigned first = key.len != 0 ? (unsigned char)key.data[0] : 0;
	unsigned last = key.len != 0 ? (unsigned char)key.data[key.len - 1] : 0;
	uint64_t class = (uint64_t)1 << ((key.len * 7 + first * 3 + last) % 64);
	struct str *grown;

	if (keys->n >= LIMIT_TAGS)
		return json_fail(
		    j, at, arena_printf(j->arena, "an object of more than %d members", LIMIT_TAGS));
	if (keys->n == keys->cap) {
		keys->cap = keys->cap != 0 ? keys->cap * 2 : 8;
		grown = ARENA_ARRAY(j->arena, keys->cap, struct str);
		if (keys->n != 0)
			memcpy(grown, keys->list, keys->n * sizeof(*grown));
		keys->list = grown;
	}
	if (!keys->sorted && keys->n >= KEYS_FEW) {
		qsort(keys->list, keys->n, sizeof(*keys->list), compare_strs);
		keys->sorted = true;
	}
	if (keys->sorted) {
		if (keys_insert(keys, key))
			return 0;
	} else if ((keys->seen & class) == 0 || !keys_has(keys, key)) {
		keys->seen |= class;
		keys->list[keys->n++] = key;
		return 0;
	}
	return json_fail(j, at,
			 arena_printf(j->arena, "the key '%.*s' is there twice",
				      (int)(key.len < 100 ? key.len : 100), key.data));
}
