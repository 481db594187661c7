/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that come twice in an object, of few keys or very many.
 */
#include "model/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"

/* Few keys are compared one by one. Many are kept in sorted stretches, as long as the
 * bits of their number say, the longest first: two of a length are merged, so that a
 * hostile object costs n log n. */
#define KEYS_FEW 24

static int compare_strs(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static bool has_among_few(const struct json_keys *keys, struct str key)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (str_equal(keys->list[i], key))
			return true;
	return false;
}

/* The highest bit of a number. */
static size_t first_stretch(size_t n)
{
	while ((n & (n - 1)) != 0)
		n &= n - 1;
	return n;
}

static bool stretch_has(const struct str *from, size_t n, struct str key)
{
	size_t low = 0, high = n, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = str_compare(from[middle], key);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool has_among_many(const struct json_keys *keys, struct str key)
{
	const struct str *from = keys->list;
	size_t n, left;

	for (left = keys->n; left != 0; left -= n, from += n) {
		n = first_stretch(left);
		if (stretch_has(from, n, key))
			return true;
	}
	return false;
}

/* Two sorted stretches of n, one behind the other; `room` is for n. */
static void merge(struct str *list, size_t n, struct str *room)
{
	const struct str *a = room, *a_end = room + n, *b = list + n, *b_end = b + n;

	memcpy(room, list, n * sizeof(*list));
	while (a < a_end)
		*list++ = b == b_end || str_compare(*a, *b) < 0 ? *a++ : *b++;
}

static void put_among_many(struct json_keys *keys, struct str key)
{
	size_t n = 1;

	keys->list[keys->n++] = key;
	for (; (keys->n & n) == 0; n *= 2)
		merge(keys->list + keys->n - 2 * n, n, keys->list + keys->cap);
}

/* Those that are there already, in the first stretches. */
static void sort_few(struct json_keys *keys)
{
	struct str *from = keys->list;
	size_t n, left;

	for (left = keys->n; left != 0; left -= n, from += n) {
		n = first_stretch(left);
		qsort(from, n, sizeof(*from), compare_strs);
	}
	keys->sorted = true;
}

/* Room for a key, and, where there are many, as much again to merge in. */
static void grow(struct json *j, struct json_keys *keys)
{
	struct str *grown;

	keys->cap = keys->cap != 0 ? keys->cap * 2 : 8;
	grown = ARENA_ARRAY(j->arena, keys->cap > KEYS_FEW ? keys->cap * 2 : keys->cap, struct str);
	if (keys->n != 0)
		memcpy(grown, keys->list, keys->n * sizeof(*grown));
	keys->list = grown;
}

int json_fail_twice(struct json *j, struct str key, const char *at)
{
	return json_fail(j, at,
			 arena_printf(j->arena, "the key '%.*s' is there twice",
				      (int)(key.len < 100 ? key.len : 100), key.data));
}

int json_keys_add(struct json *j, struct json_keys *keys, struct str key, const char *at)
{
	unsigned first = key.len != 0 ? (unsigned char)key.data[0] : 0;
	unsigned last = key.len != 0 ? (unsigned char)key.data[key.len - 1] : 0;
	uint64_t class = (uint64_t)1 << ((key.len * 7 + first * 3 + last) % 64);

	if (keys->n >= LIMIT_JSON_MEMBERS)
		return json_fail(j, at,
				 arena_printf(j->arena, "an object of more than %d members",
					      LIMIT_JSON_MEMBERS));
	if (keys->n == keys->cap)
		grow(j, keys);
	if (!keys->sorted && keys->n >= KEYS_FEW)
		sort_few(keys);
	if (keys->sorted) {
		if (has_among_many(keys, key))
			return json_fail_twice(j, key, at);
		put_among_many(keys, key);
		return 0;
	}
	if ((keys->seen & class) != 0 && has_among_few(keys, key))
		return json_fail_twice(j, key, at);
	keys->seen |= class;
	keys->list[keys->n++] = key;
	return 0;
}
