/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of a configuration's JSON, from the table of fields.
 */
#include "input/json_shape.h"

#include <string.h>

#include "input/input.h"

static void quote_name(struct node *node)
{
	if (node->name.len + 2 > sizeof(node->quoted))
		return; /* found by its name, a little slower */
	node->quoted[0] = '"';
	memcpy(node->quoted + 1, node->name.data, node->name.len);
	node->quoted[node->name.len + 1] = '"';
	node->quoted_len = (uint8_t)(node->name.len + 2);
}

static void add_children(struct json_shape *shape, size_t parent, struct str prefix)
{
	size_t first = shape->n, i;
	int field;

	for (field = 0; field < N_FIELDS; field++) {
		struct str path = str_of(field_table[field].path);

		if (field_table[field].origin != ORIGIN_API ||
		    !field_is_of(field, KIND_RECORDING_CONFIGURATION) || path.len <= prefix.len ||
		    !str_starts(path, prefix))
			continue;
		path.data += prefix.len;
		path.len -= prefix.len;
		if (memchr(path.data, '.', path.len) != NULL)
			continue;
		shape->nodes[shape->n] = (struct node){ .name = path,
							.field = field,
							.type = field_table[field].type,
							.index = (uint8_t)shape->n,
							.bit = (uint32_t)1 << (shape->n - first) };
		quote_name(&shape->nodes[shape->n++]);
	}
	shape->nodes[parent].first_child = (uint8_t)first;
	shape->nodes[parent].n_children = (uint8_t)(shape->n - first);
	for (i = first; i < first + shape->nodes[parent].n_children; i++) {
		char below[200];
		size_t len = prefix.len + shape->nodes[i].name.len;

		if (shape->nodes[i].type.base != TYPE_OBJECT || len + 2 > sizeof(below))
			continue;
		memcpy(below, field_table[shape->nodes[i].field].path, len);
		below[len] = '.';
		add_children(shape, i, (struct str){ below, len + 1 });
	}
}

const struct json_shape *json_shape_new(struct arena *arena)
{
	struct json_shape *shape = ARENA_NEW(arena, struct json_shape);

	shape->n = 1;
	shape->nodes[0] = (struct node){ .name = STR(""), .field = -1, .type = { TYPE_OBJECT, 0 } };
	add_children(shape, 0, STR(""));
	return shape;
}
