/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes to slots. The hashicorp provider writes blocks as lists of one
 * object and cannot say renditions, resolution and storage; awscc writes
 * objects, and tags as a set of {key, value}.
 */
#include "input/tf_recording.h"

#include <string.h>

#include "base/buf.h"
#include "input/tf_value.h"

struct attribute {
	int field;
	const char *path;
	bool computed; /* optional, and filled by the provider where it is left out */
};

/* Parents stand before members. The names are the same in both providers. */
static const struct attribute attributes[] = {
	{ FIELD_ARN, "arn", false },
	{ FIELD_NAME, "name", false },
	{ FIELD_STATE, "state", false },
	{ FIELD_DESTINATION, "destination_configuration", false },
	{ FIELD_DESTINATION_S3, "destination_configuration.s3", false },
	{ FIELD_BUCKET_NAME, "destination_configuration.s3.bucket_name", false },
	{ FIELD_RECONNECT_WINDOW, "recording_reconnect_window_seconds", true },
	{ FIELD_RENDITION, "rendition_configuration", true },
	{ FIELD_RENDITION_SELECTION, "rendition_configuration.rendition_selection", true },
	{ FIELD_RENDITIONS, "rendition_configuration.renditions", true },
	{ FIELD_THUMBNAIL, "thumbnail_configuration", true },
	{ FIELD_THUMBNAIL_MODE, "thumbnail_configuration.recording_mode", true },
	{ FIELD_THUMBNAIL_INTERVAL, "thumbnail_configuration.target_interval_seconds", true },
	{ FIELD_THUMBNAIL_RESOLUTION, "thumbnail_configuration.resolution", true },
	{ FIELD_THUMBNAIL_STORAGE, "thumbnail_configuration.storage", true },
};

bool tf_left_out(const struct tf_around *around, const struct tf_block *block, const char *path,
		 bool computed)
{
	if (around->lost)
		return false;
	if (block != NULL)
		return tf_block_writes(block, path) == TF_NOT_WRITTEN;
	return computed;
}

/* ---- tags --------------------------------------------------------------------- */

/* A set of {key, value}: a member or a key that is not known may be any. */
static bool tags_of_set(const struct value *set, struct arena *arena, struct value *tags)
{
	struct entry *entries = ARENA_ARRAY(arena, set->n, struct entry);
	uint8_t flags = set->flags & VALUE_SENSITIVE;
	const struct value *item, *key, *value;
	uint32_t i, n = 0;

	*tags = (struct value){ .kind = VALUE_MAP, .place = set->place, .entries = entries };
	for (i = 0; i < set->n; i++) {
		item = &set->items[i];
		key = item->kind == VALUE_UNKNOWN ? item : value_get(item, STR("key"));
		if (key != NULL && key->kind == VALUE_UNKNOWN) {
			flags |= VALUE_OPEN;
			continue;
		}
		if (key == NULL || key->kind != VALUE_STRING)
			return false;
		flags |= key->flags & VALUE_SENSITIVE;
		value = value_get(item, STR("value"));
		entries[n].key = value_str(key);
		entries[n].key_place = key->place;
		if (value != NULL && value->kind > VALUE_NULL)
			entries[n].value = *value;
		else
			entries[n].value =
			    (struct value){ .kind = VALUE_STRING, .text = "", .place = key->place };
		/* a key that comes twice cannot be deployed: the first one counts */
		tags->n = n;
		n += value_get(tags, entries[n].key) == NULL;
	}
	tags->n = n;
	tags->flags = flags;
	return true;
}

/* Strings, or unknown; null where a provider writes it for nothing. */
static bool is_map_of_texts(const struct value *v, struct arena *arena, struct value *tags)
{
	struct entry *entries = ARENA_ARRAY(arena, v->n, struct entry);
	uint32_t i, n = 0;

	for (i = 0; i < v->n; i++) {
		const struct value *tag = &v->entries[i].value;

		if (tag->kind == VALUE_NULL)
			continue;
		if (tag->kind != VALUE_STRING && tag->kind != VALUE_UNKNOWN)
			return false;
		entries[n++] = v->entries[i];
	}
	*tags = *v;
	tags->n = n;
	tags->entries = entries;
	return true;
}

bool tf_tags(const struct tf_change *c, struct arena *arena, struct value *tags)
{
	/* what the provider's default_tags add is in tags_all alone */
	struct value all = tf_at(&c->tree, "tags_all"), own = tf_at(&c->tree, "tags");
	const struct value *v = all.kind > VALUE_NULL ? &all : &own;
	bool more = false;

	/* of those that are not known, the resource's own are */
	if (all.kind == VALUE_UNKNOWN && own.kind == VALUE_MAP && own.n != 0) {
		more = true;
		v = &own;
	}
	*tags = (struct value){ .kind = VALUE_ABSENT, .place = v->place };
	switch (v->kind) {
	case VALUE_ABSENT:
	case VALUE_NULL:
		return true;
	case VALUE_UNKNOWN:
		*tags = *v;
		return true;
	case VALUE_LIST:
		return tags_of_set(v, arena, tags);
	case VALUE_MAP:
		if (!is_map_of_texts(v, arena, tags))
			return false;
		tags->flags |= more ? VALUE_OPEN : 0;
		return true;
	default:
		return false;
	}
}

/* ---- slots -------------------------------------------------------------------- */

static const char *expected(enum type_base base)
{
	switch (base) {
	case TYPE_OBJECT:
		return "a block";
	case TYPE_NUMBER:
		return "a number";
	case TYPE_LIST:
		return "a list of strings";
	default:
		return "a string";
	}
}

static bool is_list_of_texts(const struct value *v)
{
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n > LIMIT_LIST)
		return false;
	for (i = 0; i < v->n; i++)
		if (v->items[i].kind != VALUE_STRING && v->items[i].kind != VALUE_UNKNOWN)
			return false;
	return true;
}

/* A list with a member that is not known: which ones it has is not. */
static struct value whole_list(const struct value *v)
{
	uint32_t i;

	for (i = 0; i < v->n; i++)
		if (v->items[i].kind == VALUE_UNKNOWN)
			return v->items[i];
	return *v;
}

/* A block that is there: false for what is neither a block nor nothing. */
static bool fill_block(const struct value *v, struct value *slot)
{
	const struct value *only = v;

	if (v->kind == VALUE_LIST) {
		if (v->n == 0)
			return true;
		only = &v->items[0];
		if (v->n != 1)
			return false;
	}
	if (only->kind == VALUE_UNKNOWN) {
		*slot = *only;
		return true;
	}
	if (only->kind != VALUE_MAP)
		return only->kind == VALUE_NULL;
	*slot = (struct value){ .kind = VALUE_MAP, .flags = VALUE_WRITTEN, .place = v->place };
	return true;
}

/* False for another type than the field's. */
static bool fill_slot(enum type_base base, const struct value *v, struct value *slot)
{
	if (v->kind <= VALUE_NULL)
		return true;
	if (v->kind == VALUE_UNKNOWN) {
		*slot = *v;
		return true;
	}
	switch (base) {
	case TYPE_OBJECT:
		return fill_block(v, slot);
	case TYPE_NUMBER:
		*slot = *v;
		return v->kind == VALUE_NUMBER;
	case TYPE_LIST:
		if (!is_list_of_texts(v))
			return false;
		*slot = whole_list(v);
		return true;
	default:
		*slot = *v;
		return v->kind == VALUE_STRING;
	}
}

static void fill_region(struct resource *r, const struct tf_change *c,
			const struct tf_around *around, const struct tf_block *block)
{
	struct value v = tf_at(&c->tree, "region");
	const struct value *constant;

	if (v.kind == VALUE_STRING) {
		r->slots[FIELD_REGION] = v;
		return;
	}
	if (r->slots[FIELD_ARN].kind == VALUE_STRING || block == NULL)
		return; /* the ARN says it */
	constant = tf_config_region(around->config, block);
	if (constant != NULL)
		r->slots[FIELD_REGION] = *constant;
}

void tf_fill_around(struct resource *r, const struct tf_change *c, const struct tf_around *around,
		    const struct tf_block *block)
{
	fill_region(r, c, around, block);
	r->slots[FIELD_TEMPLATE_ACTION] = c->action;
	r->slots[FIELD_TEMPLATE_TYPE] = c->type_name;
	r->slots[FIELD_TEMPLATE_REPLACE_PATHS] = c->replace_paths;
	r->logical_id = c->address;
}

/* Whether the attribute stands in a block that is there and that no expression of the
 * configuration writes: of a dynamic block it shows nothing, so that nobody can tell what
 * was left out. */
static bool is_dynamic(const struct tf_change *c, const struct tf_block *block, const char *path,
		       struct arena *arena)
{
	size_t len = strcspn(path, ".");
	const char *parent;
	struct value v;

	if (block == NULL || path[len] == '\0')
		return false;
	parent = arena_str(arena, (struct str){ path, len }).data;
	v = tf_at(&c->tree, parent);
	return (v.kind == VALUE_LIST || v.kind == VALUE_MAP) &&
	       tf_block_writes(block, parent) == TF_NOT_WRITTEN;
}

int tf_recording_fill(struct resource *r, const struct tf_change *c, const struct tf_around *around,
		      struct arena *arena, struct place *at, const char **wrong)
{
	const struct tf_block *block =
	    around->config != NULL ? tf_config_block(around->config, c->address) : NULL;
	size_t i;

	for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		const struct attribute *a = &attributes[i];
		struct value v = tf_at(&c->tree, a->path);

		if (v.kind == VALUE_UNKNOWN) {
			/* what is not created yet is in no state; a name left out is none */
			if (a->field == FIELD_STATE && c->is_new)
				continue;
			if (a->field != FIELD_ARN && c->tree.kind == VALUE_MAP &&
			    !is_dynamic(c, block, a->path, arena) &&
			    tf_left_out(around, block, a->path, a->computed))
				continue;
		}
		if (!fill_slot((enum type_base)field_table[a->field].type.base, &v,
			       &r->slots[a->field])) {
			*at = v.place;
			*wrong =
			    arena_printf(arena, "%s is not %s, as a plan prints it", a->path,
					 expected((enum type_base)field_table[a->field].type.base));
			return -1;
		}
	}
	if (!tf_tags(c, arena, &r->slots[FIELD_TAGS])) {
		*at = tf_at(&c->tree, "tags").place;
		*wrong =
		    "tags are neither a map of strings nor a set of keys and values, as a plan "
		    "prints them";
		return -1;
	}
	tf_fill_around(r, c, around, block);
	/* the provider checked the schema: what it would refuse makes no plan */
	r->slots[FIELD_TEMPLATE_MISTAKES] = (struct value){ .kind = VALUE_LIST, .place = r->place };
	return 0;
}
