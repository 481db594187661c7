/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes of a channel to the members that rules name. Both providers have
 * the same names for them; one has fewer.
 */
#include "input/tf_channel.h"

#include <assert.h>
#include <string.h>

#include "input/tf_value.h"

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
};

static const struct member members[] = {
	{ "arn", "arn", VALUE_STRING },
	{ "name", "name", VALUE_STRING },
	{ "type", "type", VALUE_STRING },
	{ "latencyMode", "latency_mode", VALUE_STRING },
	{ "containerFormat", "container_format", VALUE_STRING },
	{ "insecureIngest", "insecure_ingest", VALUE_BOOLEAN },
	{ "authorized", "authorized", VALUE_BOOLEAN },
	{ "preset", "preset", VALUE_STRING },
	{ "recordingConfigurationArn", "recording_configuration_arn", VALUE_STRING },
};

static const struct member multitrack[] = {
	{ "enabled", "multitrack_input_configuration.enabled", VALUE_BOOLEAN },
	{ "policy", "multitrack_input_configuration.policy", VALUE_STRING },
	{ "maximumResolution", "multitrack_input_configuration.maximum_resolution", VALUE_STRING },
};

/* What is of another type than a provider writes is not known. */
static void put_member(struct tf_object *o, const struct value *tree, const struct member *m,
		       const struct tf_around *around, const struct tf_block *block)
{
	struct value v = tf_at(tree, m->path);
	bool is_arn = strcmp(m->key, "arn") == 0;

	if (v.kind == VALUE_UNKNOWN && !is_arn && tf_left_out(around, block, m->path, true))
		return;
	if (v.kind > VALUE_NULL && v.kind != VALUE_UNKNOWN && v.kind != m->kind) {
		struct place place = v.place;

		v = value_unknown("its type is not what the provider writes");
		v.place = place;
	}
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
