/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding by a text, where several may have the same.
 */
#include "input/tf_shelf.h"

#include <stdlib.h>

#include "base/arena.h"

void tf_shelf_add(struct tf_shelf *s, struct str name, size_t i, size_t target)
{
	if (s->n == s->cap) {
		s->cap = s->cap != 0 ? s->cap * 2 : 64;
		s->list = mem_grow(s->list, s->cap * sizeof(*s->list));
	}
	s->list[s->n++] = (struct tf_named){ name, (uint32_t)i, (uint32_t)target };
}

static int by_name(const void *a, const void *b)
{
	const struct tf_named *left = a, *right = b;
	int order = str_compare(left->name, right->name);

	return order != 0 ? order : left->i < right->i ? -1 : left->i > right->i;
}

void tf_shelf_sort(struct tf_shelf *s)
{
	if (s->n != 0)
		qsort(s->list, s->n, sizeof(*s->list), by_name);
}

const struct tf_named *tf_shelf_find(const struct tf_shelf *s, struct str name, size_t *n)
{
	size_t low = 0, high = s->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (str_compare(s->list[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < s->n && str_equal(s->list[low + *n].name, name); ++*n)
		;
	return *n != 0 ? &s->list[low] : NULL;
}
