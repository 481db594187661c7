/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One recording configuration, strictly: every key, type and number is looked at, and
 * what is wrong is said. Knows the shape of a configuration; what stands around it is
 * for json_answer.c.
 */
#include "input/json_reader.h"

#include <string.h>

#include "base/limit.h"
#include "input/json_shape.h"
#include "input/json_stray.h"
#include "model/json_scan.h"

/* Whether the text at p is the name in quotes. Reads up to 48 bytes there. */
static inline bool is_quoted_name(const char *p, const struct node *node)
{
#if defined(__SSE2__)
	unsigned i, same;

	for (i = 0; i < node->quoted_len; i += 16) {
		same = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
		    _mm_loadu_si128((const __m128i *)(const void *)(p + i)),
		    _mm_loadu_si128((const __m128i *)(const void *)(node->quoted + i))));
		/* bits past the name's end do not count */
		if (node->quoted_len - i < 16)
			same |= ~0u << (node->quoted_len - i);
		if ((same & 0xffff) != 0xffff)
			return false;
	}
	return node->quoted_len != 0;
#else
	return node->quoted_len != 0 && memcmp(p, node->quoted, node->quoted_len) == 0;
#endif
}

/* "thumbnailConfiguration.storage: expected a list of strings" */
static int fail_type(struct json_reader *rd, const struct node *node, const char *at,
		     const char *expected)
{
	rd->not_as_printed = true;
	/* where the input ends nothing is of another type: a value is not there */
	return json_fail(&rd->json, at,
			 at >= rd->json.end
			     ? "unexpected end, expected a value"
			     : arena_printf(rd->arena, "%s is not %s, as the API prints it",
					    field_table[node->field].path, expected));
}

/* The string that j stands before, into a value that has its place already. */
static inline int read_string(struct json *j, struct value *v)
{
	struct str s;

	if (json_string_fast(j, &s) == -1)
		return -1;
	v->kind = VALUE_STRING;
	v->text = s.data;
	v->n = (uint32_t)s.len;
	return 0;
}

static int read_list(struct json_reader *rd, const struct node *node, struct value *slot)
{
	struct json *j = &rd->json;
	struct value items[16], *list = items, *grown;
	size_t n = 0, cap = sizeof(items) / sizeof(*items);
	bool first;
	int more;

	if (json_open(j, '[') == -1)
		return -1;
	for (first = true; (more = json_item_fast(j, first)) == 1; first = false) {
		if (json_peek(j) != '"')
			return fail_type(rd, node, j->next, "a list of strings");
		if (n == LIMIT_LIST)
			return json_fail(
			    j, j->next,
			    arena_printf(rd->arena, "a list of more than %d members", LIMIT_LIST));
		if (n == cap) {
			grown = ARENA_ARRAY(rd->arena, cap * 2, struct value);
			memcpy(grown, list, cap * sizeof(*list));
			list = grown;
			cap *= 2;
		}
		list[n] = (struct value){ .place = json_place(j, j->next) };
		if (read_string(j, &list[n++]) == -1)
			return -1;
	}
	if (more == -1)
		return -1;
	if (list == items && n != 0) {
		list = ARENA_ARRAY(rd->arena, n, struct value);
		memcpy(list, items, n * sizeof(*list));
	}
	slot->kind = VALUE_LIST;
	slot->n = (uint32_t)n;
	slot->items = list;
	return 0;
}

/* For keys within the bytes being read, or of the arena: mostly told apart by
 * their lengths or their last bytes, which the many that begin alike are not by
 * their first. */
static inline bool is_same_key(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || (a.data[a.len - 1] == b.data[b.len - 1] &&
						 memcmp(a.data, b.data, a.len) == 0));
}

static int read_map(struct json_reader *rd, const struct node *node, struct value *slot)
{
	struct json *j = &rd->json;
	struct entry entries[24], *list = entries, *grown, *entry;
	size_t n = 0, cap = sizeof(entries) / sizeof(*entries), i;
	struct json_keys keys = { 0 };
	struct str s;
	bool first;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (first = true;; first = false) {
		more = json_member_fast(j, first, &s);
		if (more == -1)
			return -1;
		if (more == 0)
			break;
		/* few keys: compared one by one, which needs no memory */
		if (n < cap && list == entries) {
			for (i = 0; i < n; i++)
				if (is_same_key(entries[i].key, s))
					return json_fail_twice(j, s, j->key_at);
		} else {
			for (i = keys.n; i < n; i++)
				if (json_keys_add(j, &keys, list[i].key, j->key_at) == -1)
					return -1;
			if (json_keys_add(j, &keys, s, j->key_at) == -1)
				return -1;
			if (n >= LIMIT_TAGS)
				return json_fail(j, j->key_at,
						 arena_printf(rd->arena,
							      "a map of more than %d members",
							      LIMIT_TAGS));
		}
		if (n == cap) {
			grown = ARENA_ARRAY(rd->arena, cap * 2, struct entry);
			memcpy(grown, list, cap * sizeof(*list));
			list = grown;
			cap *= 2;
		}
		entry = &list[n++];
		entry->key = s;
		entry->key_place = json_place(j, j->key_at);
		if (json_peek(j) != '"')
			return fail_type(rd, node, j->next, "a map of strings");
		entry->value = (struct value){ .place = json_place(j, j->next) };
		if (read_string(j, &entry->value) == -1)
			return -1;
	}
	if (list == entries && n != 0) {
		list = ARENA_ARRAY(rd->arena, n, struct entry);
		memcpy(list, entries, n * sizeof(*list));
	}
	slot->kind = VALUE_MAP;
	slot->n = (uint32_t)n;
	slot->entries = list;
	return 0;
}

static int read_object(struct json_reader *rd, const struct node *node);

static int read_field(struct json_reader *rd, const struct node *node)
{
	struct json *j = &rd->json;
	struct value *slot = &rd->row->slots[node->field];
	char c = json_peek(j);
	struct number number;

	slot->place = json_place(j, j->next);
	if (c == 'n') {
		/* the API leaves out what has no value; some SDKs write null */
		if (!json_null(j))
			return json_skip(j);
		return 0;
	}
	switch (node->type.base) {
	case TYPE_OBJECT:
		if (c != '{')
			return fail_type(rd, node, j->next, "an object");
		slot->kind = VALUE_MAP;
		slot->flags = VALUE_WRITTEN;
		return read_object(rd, node);
	case TYPE_STRING:
		if (c != '"')
			return fail_type(rd, node, j->next, "a string");
		return read_string(j, slot);
	case TYPE_NUMBER:
		if (c != '-' && (c < '0' || c > '9'))
			return fail_type(rd, node, j->next, "a number");
		if (json_number(j, &number) == -1)
			return -1;
		slot->kind = VALUE_NUMBER;
		slot->mantissa = number.mantissa;
		slot->exponent = number.exponent;
		return 0;
	case TYPE_BOOLEAN:
		if (c != 't' && c != 'f')
			return fail_type(rd, node, j->next, "true or false");
		slot->kind = VALUE_BOOLEAN;
		return json_boolean(j, &slot->boolean);
	case TYPE_LIST:
		if (c != '[')
			return fail_type(rd, node, j->next, "a list of strings");
		return (rd->needs & FIELD_BIT(node->field)) != 0 ? read_list(rd, node, slot)
								 : json_skip(j);
	case TYPE_MAP:
		if (c != '{')
			return fail_type(rd, node, j->next, "a map of strings");
		return (rd->needs & FIELD_BIT(node->field)) != 0 ? read_map(rd, node, slot)
								 : json_skip(j);
	default:
		return json_skip(j);
	}
}

/*
 * The next member of an object: 1 with its child, 0 after the closing brace.
 * The child that came here the last time is tried first, without looking for
 * the end of the key.
 */
static inline int next_child(struct json_reader *rd, const struct node *node, bool first,
			     const struct node **guess, const struct node **child, struct str *key)
{
	struct json *j = &rd->json;
	const char *p = json_scan_blanks(j->next), *colon;
	int more;

	if (*p == '}') {
		j->next = p + 1;
		j->depth--;
		return 0;
	}
	if (*guess != NULL && (first || *p == ',')) {
		if (!first)
			p = json_scan_blanks(p + 1);
		if (is_quoted_name(p, *guess)) {
			colon = json_scan_blanks(p + (*guess)->quoted_len);
			if (*colon == ':') {
				*child = *guess;
				j->key_at = p;
				j->next = colon + 1;
				return 1;
			}
		}
	}
	more = json_member(j, first, key);
	if (more != 1)
		return more;
	*child = json_shape_child(rd->shape, node, *key);
	if (*child != NULL)
		*guess = *child;
	return 1;
}

static int fail_key(struct json_reader *rd, struct str key, struct str name)
{
	rd->not_as_printed = true;
	return json_fail(&rd->json, rd->json.key_at,
			 arena_printf(rd->arena, "the key '%.*s', which the API prints as '%.*s'",
				      (int)(key.len < 100 ? key.len : 100), key.data,
				      STR_ARG(name)));
}

/* A member that the table does not have: of a newer API, but not one that it has in
 * another case, which would pass for being absent. */
static int pass_unknown(struct json_reader *rd, const struct node *node, struct json_keys *others,
			struct str key)
{
	const struct node *child = &rd->shape->nodes[node->first_child];
	const struct node *end = child + node->n_children;
	struct json *j = &rd->json, before;
	const char *at = j->key_at;
	struct json_stray stray;

	for (; child < end; child++)
		if (json_key_is_like(key, child->name))
			return fail_key(rd, key, child->name);
	before = *j;
	if (json_keys_add(j, others, key, at) == -1 || json_skip(j) == -1)
		return -1;
	stray = json_find_stray(&before, key, rd->channels != NULL);
	if (stray.at != NULL) {
		rd->not_as_printed = true;
		return json_fail(j, stray.at, stray.text);
	}
	if (rd->sink->unknown != NULL)
		rd->sink->unknown(rd->sink->to,
				  node->field == -1 ? "" : field_table[node->field].path, key);
	return 0;
}

static int read_object(struct json_reader *rd, const struct node *node)
{
	struct json *j = &rd->json;
	const struct node **guess = &rd->first_of[node->index], *child, *none = NULL;
	struct json_keys others = { 0 };
	uint32_t seen = 0;
	bool first = true;
	struct str key;
	int more;

	if (json_open(j, '{') == -1)
		return -1;
	for (; (more = next_child(rd, node, first, guess, &child, &key)) == 1; first = false) {
		if (child == NULL) {
			if (pass_unknown(rd, node, &others, key) == -1)
				return -1;
			none = NULL;
			guess = &none;
			continue;
		}
		if ((seen & child->bit) != 0)
			return json_fail(j, j->key_at,
					 arena_printf(rd->arena, "the key '%s' is there twice",
						      child->name.data));
		seen |= child->bit;
		if (read_field(rd, child) == -1)
			return -1;
		guess = &rd->after[child->index];
	}
	return more;
}

int json_read_strictly(struct json_reader *rd)
{
	const char *start = rd->json.next;

	/* of the row before, or of a try to read along */
	memset(rd->row->slots, 0, FIELD_FIRST_OF_CHANNELS * sizeof(*rd->row->slots));
	rd->stale = resource_fills(~(field_set)0);
	if (read_object(rd, &rd->shape->nodes[0]) == -1)
		return -1;
	if (rd->learned != NULL)
		json_learned_add(rd->learned, start, rd->json.next);
	return 0;
}
