/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three trees of a plan to one. Depth is bounded by the reader of JSON, so
 * recursion is.
 */
#include "input/tf_value.h"

#include <string.h>

const char tf_after_apply[] = "known after apply";

static bool is_true(const struct value *v)
{
	return v != NULL && v->kind == VALUE_BOOLEAN && v->boolean;
}

bool tf_has_true(const struct value *v)
{
	uint32_t i;

	if (v == NULL)
		return false;
	if (v->kind == VALUE_LIST) {
		for (i = 0; i < v->n; i++)
			if (tf_has_true(&v->items[i]))
				return true;
	} else if (v->kind == VALUE_MAP) {
		for (i = 0; i < v->n; i++)
			if (tf_has_true(&v->entries[i].value))
				return true;
	}
	return is_true(v);
}

static const struct value *item(const struct value *list, uint32_t i)
{
	return list != NULL && list->kind == VALUE_LIST && i < list->n ? &list->items[i] : NULL;
}

/* What goes for the members: the whole where it is true of the whole. */
static const struct value *below(const struct value *v, const struct value *member)
{
	return is_true(v) ? v : member;
}

static struct value merge_list(struct arena *arena, const struct value *known,
			       const struct value *unknown, const struct value *sensitive)
{
	uint32_t n = known != NULL ? known->n : 0, more = 0, i;
	struct value merged = { .kind = VALUE_LIST }, *items;

	if (unknown != NULL && unknown->kind == VALUE_LIST)
		for (i = n; i < unknown->n; i++)
			if (tf_has_true(&unknown->items[i]))
				more = unknown->n - n;
	items = ARENA_ARRAY(arena, (size_t)n + more, struct value);
	for (i = 0; i < n + more; i++)
		items[i] = tf_merge(arena, i < n ? &known->items[i] : NULL, item(unknown, i),
				    below(sensitive, item(sensitive, i)));
	merged.place = known != NULL ? known->place : unknown->place;
	merged.n = n + more;
	merged.items = items;
	return merged;
}

static struct value merge_map(struct arena *arena, const struct value *known,
			      const struct value *unknown, const struct value *sensitive)
{
	uint32_t n = known != NULL ? known->n : 0, more = 0, i;
	struct value merged = { .kind = VALUE_MAP };
	struct entry *entries;
	const struct entry *e;

	if (unknown != NULL && unknown->kind == VALUE_MAP)
		more = unknown->n;
	entries = ARENA_ARRAY(arena, (size_t)n + more, struct entry);
	for (i = 0; i < n; i++) {
		e = &known->entries[i];
		entries[i] = *e;
		entries[i].value = tf_merge(arena, &e->value, value_get(unknown, e->key),
					    below(sensitive, value_get(sensitive, e->key)));
	}
	for (i = 0; i < more; i++) {
		e = &unknown->entries[i];
		if (!tf_has_true(&e->value) || value_get(known, e->key) != NULL)
			continue;
		entries[n] = *e;
		entries[n++].value = tf_merge(arena, NULL, &e->value,
					      below(sensitive, value_get(sensitive, e->key)));
	}
	merged.place = known != NULL ? known->place : unknown->place;
	merged.n = n;
	merged.entries = entries;
	return merged;
}

struct value tf_merge(struct arena *arena, const struct value *known, const struct value *unknown,
		      const struct value *sensitive)
{
	struct value merged;

	/* null where something is known after apply is not null */
	if (known != NULL && known->kind == VALUE_NULL && tf_has_true(unknown))
		known = NULL;
	if (is_true(unknown)) {
		merged = value_unknown(tf_after_apply);
		merged.place = unknown->place;
	} else if (known != NULL && known->kind == VALUE_LIST) {
		merged = merge_list(arena, known, unknown, sensitive);
	} else if (known != NULL && known->kind == VALUE_MAP) {
		merged = merge_map(arena, known, unknown, sensitive);
	} else if (known != NULL) {
		merged = *known;
	} else if (tf_has_true(unknown)) {
		merged = unknown->kind == VALUE_LIST ? merge_list(arena, NULL, unknown, sensitive)
						     : merge_map(arena, NULL, unknown, sensitive);
	} else {
		merged = (struct value){ .kind = VALUE_ABSENT };
	}
	if (is_true(sensitive))
		merged.flags |= VALUE_SENSITIVE;
	return merged;
}

/* The one object of a block, or the value itself. */
static const struct value *only_item(const struct value *v)
{
	return v != NULL && v->kind == VALUE_LIST && v->n == 1 ? &v->items[0] : v;
}

struct value tf_at(const struct value *tree, const char *path)
{
	const struct value *v = tree;
	const char *dot;
	struct str name;

	for (;;) {
		dot = strchr(path, '.');
		name = (struct str){ path, dot != NULL ? (size_t)(dot - path) : strlen(path) };
		v = only_item(v);
		if (v == NULL)
			break;
		if (v->kind == VALUE_UNKNOWN)
			return *v;
		v = value_get(v, name);
		if (dot == NULL || v == NULL)
			break;
		path = dot + 1;
	}
	return v != NULL ? *v : (struct value){ .kind = VALUE_ABSENT, .place = tree->place };
}

struct value tf_odd(struct place place)
{
	struct value v = value_unknown("its type is not what the provider writes");

	v.place = place;
	return v;
}

struct value tf_text_at(const struct value *tree, const char *path)
{
	struct value v = tf_at(tree, path);

	return v.kind <= VALUE_NULL || v.kind == VALUE_STRING || v.kind == VALUE_UNKNOWN
		   ? v
		   : tf_odd(v.place);
}

const struct value *tf_unknown_in(const struct value *tree)
{
	const struct value *found = NULL;
	uint32_t i;

	if (tree->kind == VALUE_UNKNOWN)
		return tree;
	if (tree->kind == VALUE_LIST)
		for (i = 0; i < tree->n && found == NULL; i++)
			found = tf_unknown_in(&tree->items[i]);
	if (tree->kind == VALUE_MAP)
		for (i = 0; i < tree->n && found == NULL; i++)
			found = tf_unknown_in(&tree->entries[i].value);
	return found;
}
