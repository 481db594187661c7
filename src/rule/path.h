/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field paths: checked against the table of fields when the policy is loaded
 * and bound to a slot; afterwards reading one is array access, and a scan for
 * what is below a map.
 */
#ifndef RULE_PATH_H
#define RULE_PATH_H

#include "rule/compile.h"
#include "rule/key.h"

enum path_root {
	PATH_SLOT,       /* of the resource */
	PATH_MEMBER,     /* of the member of a quantifier */
	PATH_MEMBER_KEY, /* its key */
	PATH_CONSTANT,   /* a parameter */
};

struct path {
	struct str text; /* as written */
	enum path_root root;
	bool projected; /* channels[*].type: the steps are each member's */
	int slot;
	const struct value *constant;
	const struct str *steps; /* keys below the root */
	size_t n_steps;
	bool one_key; /* `key` of a slot */
	struct key key;
	struct nature nature;
};

/*
 * text is written at `place`; a leading $ names a parameter. Within a
 * quantifier the path is the member's, unless of_resource. -1 after adding a
 * mistake.
 */
int path_compile(const struct compile *c, struct str text, struct place place, bool of_resource,
		 struct path *p);
/* Never NULL. Takes memory of e->j->arena for projected paths only. */
const struct value *path_value(const struct path *p, const struct eval *e);
/* The same, at once where it is one key of a map. */
static inline const struct value *path_value_near(const struct path *p, const struct eval *e)
{
	const struct entry *entry;
	const struct value *map;

	if (!p->one_key || e->j == NULL)
		return path_value(p, e);
	map = &e->r->slots[p->slot];
	if (map->kind != VALUE_MAP)
		return path_value(p, e);
	entry = key_find(&p->key, map, e->j);
	if (entry != NULL)
		return &entry->value;
	return (map->flags & VALUE_OPEN) == 0 ? &value_none : path_value(p, e);
}
/* Where the value is written; where it is not written, the nearest ancestor
 * that is, at last the resource. */
struct place path_place(const struct path *p, const struct eval *e, const struct value *v);
/* "tags.Owner", "tags['a.b']" */
void path_put_key(struct buf *b, struct str path, struct str key);

/* The nature of a parameter's values. */
struct nature nature_of_type(struct type type);
/* Of the members of a list or map. */
struct nature nature_of_member(const struct nature *n);

/* "$name" or "$name.member" without the dollar. value is NULL when a range has
 * no such bound. -1 after adding a mistake. */
int path_param(const struct compile *c, struct str name, struct place place,
	       const struct value **value, struct nature *nature);

#endif
