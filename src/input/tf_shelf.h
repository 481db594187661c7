/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels and buckets by a text: a name, an ARN, an address. Sorted once all are there.
 */
#ifndef INPUT_TF_SHELF_H
#define INPUT_TF_SHELF_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Something found by a text; several may have the same. */
struct tf_named {
	struct str name;
	uint32_t i;      /* of the channel or the bucket */
	uint32_t target; /* for those found by address: which of its targets */
};

struct tf_shelf {
	struct tf_named *list;
	size_t n, cap;
};

/* Adds what has the name; the text is borrowed. */
void tf_shelf_add(struct tf_shelf *s, struct str name, size_t i, size_t target);
/* Before anything is found. */
void tf_shelf_sort(struct tf_shelf *s);
/* The first of those with the name; *n is how many there are. */
const struct tf_named *tf_shelf_find(const struct tf_shelf *s, struct str name, size_t *n);

#endif
