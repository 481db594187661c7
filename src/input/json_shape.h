/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of a configuration's JSON, made from the table of fields: a node
 * for each object and field. Inside input/ only.
 */
#ifndef INPUT_JSON_SHAPE_H
#define INPUT_JSON_SHAPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/field.h"

/* An object of the configuration, or a field of one. */
struct node {
	struct str name;
	int field;
	struct type type;
	uint8_t index; /* in the shape */
	uint8_t first_child, n_children;
	uint8_t quoted_len;
	uint32_t bit; /* among the children of its object */
	/* The name in its quotes, for comparing without looking for its end. */
	char quoted[48];
};

/* Node 0 is the configuration itself. */
struct json_shape {
	struct node nodes[N_FIELDS + 1];
	size_t n;
};

/* The child that a key names, or NULL for one that the table does not have. */
static inline const struct node *json_shape_child(const struct json_shape *shape,
						  const struct node *node, struct str key)
{
	const struct node *child = &shape->nodes[node->first_child];
	const struct node *end = child + node->n_children;

	for (; child < end; child++)
		if (str_equal(child->name, key))
			return child;
	return NULL;
}

#endif
