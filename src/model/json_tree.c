/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON to values, where all of a text is wanted.
 */
#include "model/json_inside.h"

#include <string.h>

/* Members of a list or a map while their number is not known. */
struct gathered {
	void *list;
	size_t n, cap;
};

static void *gather(struct json *j, struct gathered *g, size_t size)
{
	void *grown;

	if (g->n == g->cap) {
		g->cap = g->cap != 0 ? g->cap * 2 : 8;
		grown = arena_array(j->arena, g->cap, size);
		if (g->n != 0)
			memcpy(grown, g->list, g->n * size);
		g->list = grown;
	}
	return (char *)g->list + g->n++ * size;
}

static int value_of_object(struct json *j, struct value *v)
{
	struct gathered entries = { 0 };
	struct json_keys keys = { 0 };
	struct entry entry, *to;
	bool first;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (first = true;; first = false) {
		entry = (struct entry){ 0 };
		more = json_member(j, first, &entry.key);
		if (more == -1)
			return -1;
		if (more == 0)
			break;
		entry.key_place = json_place(j, j->key_at);
		if (json_keys_add(j, &keys, entry.key, j->key_at) == -1 ||
		    json_value(j, &entry.value) == -1)
			return -1;
		to = gather(j, &entries, sizeof(entry));
		*to = entry;
	}
	v->kind = VALUE_MAP;
	v->n = (uint32_t)entries.n;
	v->entries = entries.list;
	return 0;
}

static int value_of_array(struct json *j, struct value *v)
{
	struct gathered items = { 0 };
	struct value item, *to;
	bool first;
	int more;

	if (json_open(j, '[') == -1)
		return -1;
	for (first = true; (more = json_item(j, first)) == 1; first = false) {
		if (json_value(j, &item) == -1)
			return -1;
		to = gather(j, &items, sizeof(item));
		*to = item;
	}
	if (more == -1)
		return -1;
	v->kind = VALUE_LIST;
	v->n = (uint32_t)items.n;
	v->items = items.list;
	return 0;
}

int json_value(struct json *j, struct value *v)
{
	struct number n;
	struct str s;

	if (j->error != NULL)
		return -1;
	*v = (struct value){ 0 };
	v->kind = VALUE_NULL;
	json_peek(j);
	v->place = json_place(j, j->next);
	switch (*j->next) {
	case '"':
		if (json_string(j, &s) == -1)
			return -1;
		v->kind = VALUE_STRING;
		v->n = (uint32_t)s.len;
		v->text = s.data;
		return 0;
	case '{':
		return value_of_object(j, v);
	case '[':
		return value_of_array(j, v);
	case 't':
	case 'f':
		v->kind = VALUE_BOOLEAN;
		return json_boolean(j, &v->boolean);
	case 'n':
		return json_null(j) ? 0 : json_fail_expected(j, "a value");
	default:
		if (*j->next != '-' && (*j->next < '0' || *j->next > '9'))
			return json_fail_expected(j, "a value");
		if (json_number(j, &n) == -1)
			return -1;
		v->kind = VALUE_NUMBER;
		v->mantissa = n.mantissa;
		v->exponent = n.exponent;
		return 0;
	}
}
