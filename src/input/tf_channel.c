/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes of a channel to the members that rules name. Both providers have
 * the same names for them; one has fewer.
 */
#include "input/tf_channel.h"

#include <assert.h>
#include <string.h>

#include "input/tf_value.h"
#include "model/partial.h"

void tf_object_put(struct tf_object *o, const char *key, struct value v)
{
	if (v.kind <= VALUE_NULL)
		return;
	assert(o->n < sizeof(o->entries) / sizeof(o->entries[0]));
	o->entries[o->n++] = (struct entry){ .key = str_of(key), .key_place = v.place, .value = v };
}

struct value tf_object_value(const struct tf_object *o, struct place place, struct arena *arena)
{
	struct entry *entries = ARENA_ARRAY(arena, o->n, struct entry);

	if (o->n != 0)
		memcpy(entries, o->entries, o->n * sizeof(entries[0]));
	return (struct value){ .kind = VALUE_MAP, .n = o->n, .place = place, .entries = entries };
}

struct member {
	const char *key, *path;
	enum value_kind kind;
	int field;
	bool own; /* of a resource: nothing fills it where it is left out */
};

static const struct member members[] = {
	{ "arn", "arn", VALUE_STRING, FIELD_ARN, true },
	{ "name", "name", VALUE_STRING, FIELD_NAME, false },
	{ "type", "type", VALUE_STRING, FIELD_CHANNEL_TYPE, false },
	{ "latencyMode", "latency_mode", VALUE_STRING, FIELD_CHANNEL_LATENCY, false },
	{ "containerFormat", "container_format", VALUE_STRING, FIELD_CHANNEL_CONTAINER, false },
	{ "insecureIngest", "insecure_ingest", VALUE_BOOLEAN, FIELD_CHANNEL_INSECURE, false },
	{ "authorized", "authorized", VALUE_BOOLEAN, FIELD_CHANNEL_AUTHORIZED, false },
	{ "preset", "preset", VALUE_STRING, FIELD_CHANNEL_PRESET, false },
	{ "recordingConfigurationArn", "recording_configuration_arn", VALUE_STRING,
	  FIELD_CHANNEL_RECORDING, true },
};

static const struct member multitrack[] = {
	{ "enabled", "multitrack_input_configuration.enabled", VALUE_BOOLEAN,
	  FIELD_CHANNEL_MULTITRACK_ENABLED, false },
	{ "policy", "multitrack_input_configuration.policy", VALUE_STRING,
	  FIELD_CHANNEL_MULTITRACK_POLICY, false },
	{ "maximumResolution", "multitrack_input_configuration.maximum_resolution", VALUE_STRING,
	  FIELD_CHANNEL_MULTITRACK_RESOLUTION, false },
};

/* What is of another type than a provider writes is not known. */
static struct value checked(struct value v, const struct member *m)
{
	if (v.kind > VALUE_NULL && v.kind != VALUE_UNKNOWN && v.kind != m->kind) {
		struct place place = v.place;

		v = value_unknown("its type is not what the provider writes");
		v.place = place;
	}
	return v;
}

static void put_member(struct tf_object *o, const struct value *tree, const struct member *m,
		       const struct tf_around *around, const struct tf_block *block)
{
	struct value v = tf_at(tree, m->path);
	bool is_arn = strcmp(m->key, "arn") == 0;

	if (v.kind == VALUE_UNKNOWN && !is_arn && tf_left_out(around, block, m->path, true))
		return;
	v = checked(v, m);
	/* what some providers write for nothing */
	if (v.kind == VALUE_STRING && v.n == 0 && strcmp(m->key, "name") != 0)
		return;
	tf_object_put(o, m->key, v);
}

struct value tf_channel_object(const struct value *tree, enum tf_type type,
			       const struct tf_around *around, const struct tf_block *block,
			       struct arena *arena)
{
	const struct tf_change change = { .type = type, .tree = *tree };
	struct tf_object object = { .n = 0 }, inner = { .n = 0 };
	struct value tags, whole;
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		put_member(&object, tree, &members[i], around, block);
	for (i = 0; i < sizeof(multitrack) / sizeof(multitrack[0]); i++)
		put_member(&inner, tree, &multitrack[i], around, block);
	if (inner.n != 0)
		tf_object_put(&object, "multitrackInputConfiguration",
			      tf_object_value(&inner, inner.entries[0].value.place, arena));
	if (tf_tags(&change, arena, &tags))
		tf_object_put(&object, "tags", tags);
	whole = tf_object_value(&object, tree->place, arena);
	return resource_member(&whole, "channels[*]", arena);
}

/* ---- as a resource ------------------------------------------------------------- */

/* Whether the target is a recording configuration, by the type in its key. */
static bool is_recording(const struct tf_target *t)
{
	struct str type = t->key;

	while (type.len != 0 && type.data[type.len - 1] != '.')
		type.len--;
	type.len -= type.len != 0;
	while (memchr(type.data, '.', type.len) != NULL) {
		type.data++;
		type.len--;
	}
	return tf_type_is_recording(tf_type_find(type));
}

/* An ARN that is known after apply, and is there then: the argument refers to nothing
 * but ARNs of recording configurations. */
static bool is_set_later(const struct tf_around *around, const struct tf_block *block,
			 struct str address, const char *path, struct arena *arena)
{
	struct tf_targets targets;
	size_t i;

	if (around->config == NULL || block == NULL)
		return false;
	tf_config_targets(around->config, block, address, path, arena, &targets);
	for (i = 0; i < targets.n; i++)
		if (!is_recording(&targets.list[i]))
			return false;
	return targets.n != 0 && !targets.elsewhere && !targets.not_arn;
}

static struct value arn_to_come(struct arena *arena, const struct value *v)
{
	struct value parts[2], made;

	parts[0] = value_of_str(STR("arn:"));
	parts[1] = value_gap(arena, tf_after_apply, v->why, CHARS_ANY, 1, GAP_NO_MOST);
	made = value_concat(arena, parts, 2);
	made.place = v->place;
	made.flags |= v->flags & VALUE_SENSITIVE;
	return made;
}

static void fill_member(struct resource *r, const struct tf_change *c, const struct member *m,
			const struct tf_around *around, const struct tf_block *block,
			struct arena *arena)
{
	struct value v = tf_at(&c->tree, m->path);

	if (v.kind == VALUE_UNKNOWN && m->field != FIELD_ARN) {
		if (c->tree.kind == VALUE_MAP && tf_left_out(around, block, m->path, !m->own))
			return;
		if (m->field == FIELD_CHANNEL_RECORDING &&
		    is_set_later(around, block, c->address, m->path, arena))
			v = arn_to_come(arena, &v);
	}
	v = checked(v, m);
	if (v.kind > VALUE_NULL)
		r->slots[m->field] = v;
}

void tf_channel_fill(struct resource *r, const struct tf_change *c, const struct tf_around *around,
		     struct arena *arena)
{
	const struct tf_block *block =
	    around->config != NULL ? tf_config_block(around->config, c->address) : NULL;
	struct value *slot = &r->slots[FIELD_CHANNEL_MULTITRACK];
	struct value whole = tf_at(&c->tree, "multitrack_input_configuration");
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		fill_member(r, c, &members[i], around, block, arena);
	for (i = 0; i < sizeof(multitrack) / sizeof(multitrack[0]); i++)
		fill_member(r, c, &multitrack[i], around, block, arena);
	if (whole.kind == VALUE_MAP)
		*slot = (struct value){ .kind = VALUE_MAP,
					.flags = VALUE_WRITTEN,
					.place = whole.place };
	if (!tf_tags(c, arena, &r->slots[FIELD_TAGS])) {
		r->slots[FIELD_TAGS] =
		    value_unknown("tags are neither a map of strings nor a set of keys and values");
		r->slots[FIELD_TAGS].place = r->place;
	}
	tf_fill_around(r, c, around, block);
}
