/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resources of plans and states. Knows the envelope of a resource; its
 * attributes are others' business.
 */
#include "input/tf_change.h"

#include <string.h>

#include "base/buf.h"
#include "input/tf_value.h"

static enum tf_found bad(struct tf_item *item, const struct value *at, struct tf_refusal *refusal,
			 const char *text)
{
	struct place place = at != NULL ? at->place : item->tree.place;

	*refusal = (struct tf_refusal){
		.place = source_place(&item->source, place),
		.text = text,
		.related = item->type != TF_OTHER && !tf_type_is_recording(item->type),
	};
	return TF_BAD;
}

static const struct value *get(const struct value *tree, const char *key)
{
	return value_get(tree, str_of(key));
}

static bool is_text(const struct value *v, const char *text)
{
	return v != NULL && v->kind == VALUE_STRING && str_is(value_str(v), text);
}

/* ---- what is done ------------------------------------------------------------- */

enum { ACT_CREATE = 1, ACT_UPDATE = 2, ACT_READ = 4, ACT_NOTHING = 8, ACT_GONE = 16 };

static unsigned action_of(const struct value *word)
{
	static const struct {
		const char *word;
		unsigned action;
	} words[] = {
		{ "create", ACT_CREATE }, { "update", ACT_UPDATE }, { "read", ACT_READ },
		{ "no-op", ACT_NOTHING }, { "delete", ACT_GONE },   { "forget", ACT_GONE },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_text(word, words[i].word))
			return words[i].action;
	return 0;
}

/* The word of the rule language for a list of actions; NULL where there is none. */
static const char *action_name(unsigned actions)
{
	switch (actions) {
	case ACT_CREATE:
		return "create";
	case ACT_CREATE | ACT_GONE:
		return "replace";
	case ACT_UPDATE:
		return "update";
	case ACT_READ:
		return "read";
	case ACT_NOTHING:
		return "no-op";
	default:
		return NULL;
	}
}

/* ["thumbnail_configuration", 0, "recording_mode"] as one text. */
static struct value path_text(const struct value *path, struct arena *arena)
{
	struct buf b = BUF_INIT(0);
	struct value v = *path;
	const struct value *step;
	uint32_t i;

	for (i = 0; path->kind == VALUE_LIST && i < path->n; i++) {
		step = &path->items[i];
		if (step->kind == VALUE_STRING) {
			if (b.len != 0)
				buf_putc(&b, '.');
			buf_put_str(&b, value_str(step));
		} else if (step->kind == VALUE_NUMBER) {
			buf_putc(&b, '[');
			number_put(&b, value_number(step));
			buf_putc(&b, ']');
		}
	}
	v = value_of_str(arena_buf(arena, &b));
	v.place = path->place;
	buf_release(&b);
	return v;
}

static void read_paths(const struct value *paths, struct arena *arena, struct value *to)
{
	struct value *items;
	uint32_t i, n = 0;

	if (paths == NULL || paths->kind != VALUE_LIST || paths->n == 0)
		return;
	items = ARENA_ARRAY(arena, paths->n, struct value);
	for (i = 0; i < paths->n && n < LIMIT_LIST; i++) {
		items[n] = path_text(&paths->items[i], arena);
		n += items[n].n != 0;
	}
	*to = (struct value){ .kind = VALUE_LIST, .n = n, .items = items, .place = paths->place };
}

/* Where no attribute is why: "replace_because_tainted". */
static void read_reason(const struct value *reason, struct arena *arena, struct value *to)
{
	struct value *item;

	if (reason == NULL || reason->kind != VALUE_STRING || reason->n == 0)
		return;
	item = ARENA_NEW(arena, struct value);
	*item = *reason;
	*to = (struct value){ .kind = VALUE_LIST, .n = 1, .items = item, .place = reason->place };
}

static enum tf_found read_plan(struct tf_item *item, struct arena *arena, struct tf_change *c,
			       struct tf_refusal *refusal)
{
	const struct value *change = get(&item->tree, "change"), *actions, *after;
	const char *name;
	unsigned did = 0, one;
	uint32_t i;

	if (change == NULL || change->kind != VALUE_MAP)
		return bad(item, change, refusal, "a resource change without 'change'");
	actions = get(change, "actions");
	if (actions == NULL || actions->kind != VALUE_LIST || actions->n == 0)
		return bad(item, actions != NULL ? actions : change, refusal,
			   "a resource change without a list of actions");
	for (i = 0; i < actions->n; i++) {
		one = action_of(&actions->items[i]);
		if (one == 0)
			return bad(item, &actions->items[i], refusal,
				   "an action that this version does not know");
		did |= one;
	}
	if (did == ACT_GONE)
		return TF_LEFT_OUT;
	name = action_name(did);
	if (name == NULL)
		return bad(item, actions, refusal, "actions that do not go together");
	c->action = value_of_str(str_of(name));
	c->action.place = actions->place;
	c->is_new = (did & ACT_CREATE) != 0;
	read_paths(get(change, "replace_paths"), arena, &c->replace_paths);
	if (c->is_new && (did & ACT_GONE) != 0 && c->replace_paths.kind == VALUE_ABSENT)
		read_reason(get(&item->tree, "action_reason"), arena, &c->replace_paths);
	c->secret = tf_has_true(get(change, "after_sensitive")) ||
		    tf_has_true(get(change, "before_sensitive"));
	after = get(change, "after");
	if (after == NULL || after->kind == VALUE_NULL) {
		const struct value *unknown = get(change, "after_unknown");

		if (unknown == NULL || unknown->kind != VALUE_BOOLEAN || !unknown->boolean)
			return bad(item, after != NULL ? after : change, refusal,
				   "a resource change without values after it");
	}
	c->tree =
	    tf_merge(arena, after, get(change, "after_unknown"), get(change, "after_sensitive"));
	if (c->tree.kind != VALUE_MAP && c->tree.kind != VALUE_UNKNOWN)
		return bad(item, after != NULL ? after : change, refusal,
			   "a resource change without values after it");
	return TF_FOUND;
}

static enum tf_found read_state(struct tf_item *item, struct arena *arena, struct tf_change *c,
				struct tf_refusal *refusal)
{
	const struct value *values = get(&item->tree, "values");

	c->tree = tf_merge(arena, values, NULL, get(&item->tree, "sensitive_values"));
	c->secret = tf_has_true(get(&item->tree, "sensitive_values"));
	if (c->tree.kind != VALUE_MAP)
		return bad(item, values, refusal, "a resource of a state without values");
	return TF_FOUND;
}

enum tf_found tf_change_read(struct tf_item *item, bool state, struct arena *arena,
			     struct tf_change *c, struct tf_refusal *refusal)
{
	const struct value *address = get(&item->tree, "address"), *deposed;
	const struct value *mode = get(&item->tree, "mode");

	*c = (struct tf_change){ .type = item->type };
	deposed = get(&item->tree, state ? "deposed_key" : "deposed");
	if (is_text(mode, "data") || (deposed != NULL && deposed->kind != VALUE_NULL))
		return TF_LEFT_OUT;
	if (!is_text(mode, "managed"))
		return bad(item, mode, refusal,
			   "a resource whose mode is neither managed nor data");
	if (address == NULL || address->kind != VALUE_STRING || address->n == 0)
		return bad(item, address, refusal, "a resource without an address");
	c->address = value_str(address);
	c->type_name = *get(&item->tree, "type");
	return state ? read_state(item, arena, c, refusal) : read_plan(item, arena, c, refusal);
}

/* ---- to keep ------------------------------------------------------------------ */

struct value tf_counted(struct arena *arena, struct source *source, const struct value *v)
{
	struct value copy = *v, *items;
	struct entry *entries;
	uint32_t i;

	if (v->place.column != PLACE_NONE.column)
		copy.place = source_place(source, v->place);
	switch (v->kind) {
	case VALUE_STRING:
		copy.text = arena_str(arena, value_str(v)).data;
		break;
	case VALUE_UNKNOWN:
		copy.why = arena_strdup(arena, v->why);
		break;
	case VALUE_LIST:
		items = ARENA_ARRAY(arena, v->n, struct value);
		for (i = 0; i < v->n; i++)
			items[i] = tf_counted(arena, source, &v->items[i]);
		copy.items = items;
		break;
	case VALUE_MAP:
		entries = ARENA_ARRAY(arena, v->n, struct entry);
		for (i = 0; i < v->n; i++) {
			entries[i].key = arena_str(arena, v->entries[i].key);
			entries[i].key_place = source_place(source, v->entries[i].key_place);
			entries[i].value = tf_counted(arena, source, &v->entries[i].value);
		}
		copy.entries = entries;
		break;
	}
	return copy;
}
