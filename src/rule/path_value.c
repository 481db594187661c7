/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field paths, followed: the value that a path finds, and the place that stands for it
 * where there is none.
 */
#include "rule/path.h"

#include "model/partial.h"

const struct value value_none = { .kind = VALUE_ABSENT, .place = { 0, UINT32_MAX } };

static const struct value more_unknown = { .kind = VALUE_UNKNOWN,
					   .why = "there may be more members than are known",
					   .place = { 0, UINT32_MAX } };

static const struct value *walk(const struct value *v, const struct str *steps, size_t n,
				struct arena *a);

/* What is below one of a few, or below what is not known at all. */
static const struct value *walk_unknown(const struct value *v, const struct str *steps, size_t n,
					struct arena *a)
{
	const struct partial *p = value_partial(v);
	struct value *below, *to;
	uint32_t i;

	if (p == NULL || a == NULL)
		return v; /* without memory for what is only shown */
	to = ARENA_NEW(a, struct value);
	*to = value_unknown(v->why);
	if (p->form == PARTIAL_ONE_OF) {
		below = ARENA_ARRAY(a, p->n, struct value);
		for (i = 0; i < p->n; i++)
			below[i] = *walk(&p->items[i], steps, n, a);
		*to = value_one_of(a, v->why, below, p->n);
	}
	to->place = v->place;
	return to;
}

static const struct value *walk(const struct value *v, const struct str *steps, size_t n,
				struct arena *a)
{
	const struct value *found;
	struct str key;
	size_t i;
	uint32_t k;

	for (i = 0; i < n; i++) {
		if (v->kind == VALUE_UNKNOWN)
			return walk_unknown(v, steps + i, n - i, a);
		if (v->kind != VALUE_MAP)
			return &value_none;
		key = steps[i];
		found = (v->flags & VALUE_OPEN) != 0 ? &more_unknown : &value_none;
		for (k = 0; k < v->n; k++) {
			if (v->entries[k].key.len == key.len &&
			    str_same(v->entries[k].key.data, key.data, key.len)) {
				found = &v->entries[k].value;
				break;
			}
		}
		v = found;
	}
	return v;
}

static const struct value *project(const struct path *p, const struct value *list, struct arena *a)
{
	const struct partial *partial = value_partial(list);
	struct value *all = ARENA_NEW(a, struct value), *items;
	uint32_t i;

	if (partial != NULL && partial->form == PARTIAL_ONE_OF) {
		items = ARENA_ARRAY(a, partial->n, struct value);
		for (i = 0; i < partial->n; i++)
			items[i] = *project(p, &partial->items[i], a);
		*all = value_one_of(a, list->why, items, partial->n);
		all->place = list->place;
		return all;
	}
	if (list->kind != VALUE_LIST)
		return list->kind == VALUE_UNKNOWN ? list : &value_none;
	items = ARENA_ARRAY(a, list->n, struct value);
	for (i = 0; i < list->n; i++) {
		items[i] = *walk(&list->items[i], p->steps, p->n_steps, a);
		if (!value_is_there(&items[i]))
			items[i].place = list->items[i].place;
	}
	*all = *list;
	all->items = items;
	return all;
}

const struct value *path_value(const struct path *p, const struct eval *e)
{
	const struct value *v;

	switch (p->root) {
	case PATH_SLOT:
		v = &e->r->slots[p->slot];
		break;
	case PATH_MEMBER:
		v = e->member->value;
		break;
	case PATH_MEMBER_KEY:
		return &e->member->key;
	default:
		v = p->constant;
		break;
	}
	if (p->projected)
		return project(p, v, e->j->arena);
	if (p->n_steps == 0)
		return v;
	return walk(v, p->steps, p->n_steps, e->j != NULL ? e->j->arena : NULL);
}

static bool has_place(const struct value *v)
{
	return (value_is_there(v) || (v->flags & VALUE_WRITTEN) != 0) &&
	       (v->flags & VALUE_DEFAULT) == 0 &&
	       !(v->place.line == 0 && v->place.column == UINT32_MAX);
}

/* The nearest object above a slot that is written. */
static struct place parent_place(int slot, const struct resource *r)
{
	struct str path = str_of(field_table[slot].path);
	int parent;

	while (path.len > 0) {
		if (path.data[--path.len] != '.')
			continue;
		parent = field_find(path);
		if (parent >= 0 && has_place(&r->slots[parent]))
			return r->slots[parent].place;
	}
	return r->place;
}

struct place path_place(const struct path *p, const struct eval *e, const struct value *v)
{
	const struct value *above;

	if (p->root == PATH_CONSTANT) /* it is written in a policy, not in the resource's file */
		return e->r->place;
	if (has_place(v))
		return v->place;
	if (p->root == PATH_SLOT) {
		above = &e->r->slots[p->slot];
		return has_place(above) ? above->place : parent_place(p->slot, e->r);
	}
	return has_place(e->member->value) ? e->member->value->place : e->r->place;
}

static bool is_plain_key(struct str key)
{
	size_t i;

	for (i = 0; i < key.len; i++) {
		if (key.data[i] == '.' || key.data[i] == '[' || key.data[i] == ']' ||
		    key.data[i] == '\'')
			return false;
	}
	return key.len != 0 && key.data[0] != '$';
}

void path_put_key(struct buf *b, struct str path, struct str key)
{
	size_t i;

	buf_put_str(b, path);
	if (is_plain_key(key)) {
		buf_putc(b, '.');
		buf_put_str(b, key);
		return;
	}
	buf_puts(b, "['");
	for (i = 0; i < key.len; i++) {
		if (key.data[i] == '\'')
			buf_putc(b, '\'');
		buf_putc(b, key.data[i]);
	}
	buf_puts(b, "']");
}
