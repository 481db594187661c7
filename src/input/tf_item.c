/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects of a plan's arrays. Knows that they have a type and an address; does
 * not know what else is in them.
 */
#include "input/tf_item.h"

#include <string.h>

#include "model/json.h"

static const char *const names[] = {
#define TF_TYPE(id, name) [TF_##id] = name,
#include "input/tf_type_list.h"
#undef TF_TYPE
};

enum tf_type tf_type_find(struct str name)
{
	size_t i;

	for (i = 0; i < TF_OTHER; i++)
		if (str_is(name, names[i]))
			return (enum tf_type)i;
	return TF_OTHER;
}

bool tf_type_is_recording(enum tf_type type)
{
	return type == TF_RECORDING || type == TF_RECORDING_CC;
}

bool tf_type_is_channel(enum tf_type type)
{
	return type == TF_CHANNEL || type == TF_CHANNEL_CC;
}

bool tf_type_is_bucket(enum tf_type type)
{
	return type == TF_BUCKET || type == TF_BUCKET_CC;
}

/* ---- taking ------------------------------------------------------------------- */

enum look { LOOK_UNSURE, LOOK_OTHER, LOOK_WANTED };

/* The type of the object that begins at `from`, as far as `end` shows it. */
static enum look look_at_type(const char *from, const char *end, struct arena *arena,
			      enum tf_type *type)
{
	struct arena_mark mark = arena_mark(arena);
	enum look look = LOOK_UNSURE;
	struct str key, name;
	struct json j;
	bool first;

	json_init(&j, (struct str){ from, (size_t)(end - from) }, arena);
	if (json_open(&j, '{') == 0) {
		for (first = true; json_member(&j, first, &key) == 1; first = false) {
			if (str_is(key, "type")) {
				if (json_peek(&j) != '"' || json_string(&j, &name) == -1)
					break;
				*type = tf_type_find(name);
				look = *type == TF_OTHER ? LOOK_OTHER : LOOK_WANTED;
				break;
			}
			/* what follows the type is large */
			if (str_is(key, "change") || str_is(key, "values") || json_skip(&j) == -1)
				break;
		}
	}
	arena_rewind(arena, mark);
	return look;
}

static enum tf_taken refuse(struct tf_refusal *refusal, enum tf_type type, struct place place,
			    const char *text)
{
	*refusal =
	    (struct tf_refusal){ .place = place,
				 .text = text,
				 .related = type != TF_OTHER && !tf_type_is_recording(type) };
	return TF_REFUSED;
}

/* The name behind a key of the tree, or "". */
static struct str name_in(const struct value *tree, const char *key)
{
	const struct value *v = value_get(tree, str_of(key));

	return v != NULL && v->kind == VALUE_STRING ? value_str(v) : STR("");
}

static enum tf_taken read_tree(bool all, struct arena *arena, struct tf_item *item,
			       struct tf_refusal *refusal)
{
	struct json j;

	json_init(&j, item->source.bytes, arena);
	if (json_value(&j, &item->tree) == -1)
		return refuse(refusal, item->type,
			      source_place(&item->source, json_place(&j, j.error_at)), j.error);
	item->type = tf_type_find(name_in(&item->tree, "type"));
	return all || item->type != TF_OTHER ? TF_TAKEN : TF_PASSED;
}

enum tf_taken tf_item_take(struct json_wide *w, bool all, struct arena *arena, struct tf_item *item,
			   struct tf_refusal *refusal)
{
	enum look look = LOOK_UNSURE;
	struct place place;
	struct str bytes;
	char *copy;
	int rc;

	item->type = TF_OTHER;
	if (json_wide_peek(w) == '{' && !all)
		look = look_at_type(w->next, w->end, arena, &item->type);
	if (look == LOOK_OTHER)
		return json_wide_skip(w) == -1 ? TF_FAILED : TF_PASSED;
	place = json_wide_place(w, w->next);
	rc = json_wide_whole(w, &bytes);
	if (rc == -1)
		return TF_FAILED;
	if (rc == 1)
		return refuse(refusal, item->type, place,
			      arena_printf(arena, "a resource larger than the limit of %u bytes",
					   LIMIT_DOCUMENT_SIZE));
	if (look == LOOK_UNSURE && !all && bytes.data[0] == '{' &&
	    look_at_type(bytes.data, bytes.data + bytes.len, arena, &item->type) == LOOK_OTHER)
		return TF_PASSED;
	copy = arena_alloc(arena, bytes.len + JSON_PADDING);
	memcpy(copy, bytes.data, bytes.len);
	item->source = (struct source){ .name = "",
					.bytes = { copy, bytes.len },
					.first_line = place.line,
					.first_column = place.column };
	return read_tree(all, arena, item, refusal);
}

/* ---- addresses ---------------------------------------------------------------- */

/* Past the index that p opens: [0] or ["x"], in which a quote may be escaped. */
static const char *index_end(const char *p, const char *end)
{
	bool quoted = false;

	for (; p < end; p++) {
		if (quoted && *p == '\\')
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (!quoted && *p == ']')
			return p + 1;
	}
	return end;
}

struct str tf_address_key(struct arena *arena, struct str address)
{
	char *key = arena_alloc(arena, address.len + 1), *to = key;
	const char *p = address.data, *end = p + address.len;

	while (p < end) {
		if (*p == '[')
			p = index_end(p, end);
		else
			*to++ = *p++;
	}
	return (struct str){ key, (size_t)(to - key) };
}

/* The end of the step that begins at p: NAME, then an index where there is one. */
static const char *step_end(const char *p, const char *end)
{
	while (p < end && *p != '.' && *p != '[')
		p++;
	return p < end && *p == '[' ? index_end(p, end) : p;
}

/* Past "module.NAME[...]", or p where no module begins. */
static const char *module_end(const char *p, const char *end)
{
	static const char word[] = "module.";

	if ((size_t)(end - p) < sizeof(word) || memcmp(p, word, sizeof(word) - 1) != 0)
		return p;
	return step_end(p + sizeof(word) - 1, end);
}

struct str tf_address_module(struct str address)
{
	const char *p = address.data, *end = p + address.len, *stop = p, *next;

	while ((next = module_end(p, end)) != p) {
		stop = next;
		if (next == end || *next != '.')
			break;
		p = next + 1;
	}
	return (struct str){ address.data, (size_t)(stop - address.data) };
}

struct str tf_address_index(struct str address)
{
	const char *p = address.data, *end = p + address.len, *open = end;

	while (p < end) {
		if (*p == '[') {
			open = p;
			p = index_end(p, end);
		} else {
			open = end;
			p++;
		}
	}
	return (struct str){ open, (size_t)(end - open) };
}

size_t tf_module_steps(struct str module)
{
	const char *p = module.data, *end = p + module.len, *next;
	size_t n = 0;

	while ((next = module_end(p, end)) != p) {
		n++;
		if (next == end)
			break;
		p = next + 1;
	}
	return n;
}

struct str tf_module_parent(struct str module)
{
	const char *p = module.data, *end = p + module.len, *last = p, *next;

	while ((next = module_end(p, end)) != p) {
		last = p;
		if (next == end)
			break;
		p = next + 1;
	}
	return (struct str){ module.data,
			     last > module.data ? (size_t)(last - module.data) - 1 : 0 };
}
