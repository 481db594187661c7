/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Joins. Knows addresses, names and ARNs; what is in a channel and in a bucket
 * is tf_channel.c's and tf_bucket.c's.
 */
#include "input/tf_related_inside.h"

#include <stdlib.h>
#include <string.h>

#include "input/tf_value.h"

struct tf_related *tf_related_new(field_set needs, struct arena *arena)
{
	struct tf_related *related = mem_alloc(sizeof(*related));
	int i;

	*related = (struct tf_related){ .arena = arena };
	related->names_wanted = (needs & FIELD_BIT(FIELD_BUCKET_NAME)) != 0;
	for (i = 0; i < N_FIELDS; i++) {
		if ((needs & FIELD_BIT(i)) == 0)
			continue;
		related->channels_wanted |= field_table[i].origin == ORIGIN_CHANNELS;
		related->buckets_wanted |= field_table[i].origin == ORIGIN_BUCKET;
	}
	return related;
}

void tf_related_free(struct tf_related *related)
{
	if (related == NULL)
		return;
	free(related->kept);
	free(related->by_arn.list);
	free(related->by_key.list);
	free(related->handed_on.list);
	free(related->by_name.list);
	free(related->by_bucket_key.list);
	free(related);
}

bool tf_related_wants(const struct tf_related *related, enum tf_type type)
{
	if (type == TF_OTHER || tf_type_is_recording(type))
		return false;
	if (tf_type_is_channel(type))
		return related->channels_wanted;
	return related->buckets_wanted || (related->names_wanted && tf_type_is_bucket(type));
}

bool tf_related_add(struct tf_related *related, const struct tf_change *c, struct source *source)
{
	struct kept *k;

	related->size += source->bytes.len + sizeof(*k);
	if (related->size > LIMIT_PLAN_RELATED)
		related->full = true;
	if (related->full)
		return false;
	if (related->n_kept == related->cap_kept) {
		related->cap_kept = related->cap_kept != 0 ? related->cap_kept * 2 : 64;
		related->kept = mem_grow(related->kept, related->cap_kept * sizeof(*related->kept));
	}
	k = &related->kept[related->n_kept++];
	*k = (struct kept){ .type = c->type,
			    .is_new = c->is_new,
			    .address = arena_str(related->arena, c->address),
			    .tree = tf_counted(related->arena, source, &c->tree) };
	return true;
}

/* ---- joining, once all are there ---------------------------------------------- */

const struct tf_block *tf_related_block(const struct tf_related *related, struct str address)
{
	const struct tf_config *config = related->around->config;

	return config != NULL ? tf_config_block(config, address) : NULL;
}

static void find_targets(struct tf_related *related, const struct kept *k, const char *path,
			 struct tf_targets *to)
{
	const struct tf_block *block = tf_related_block(related, k->address);

	*to = (struct tf_targets){ .elsewhere = true };
	if (block != NULL)
		tf_config_targets(related->around->config, block, k->address, path, related->arena,
				  to);
}

static void join_channel(struct tf_related *related, const struct kept *k)
{
	size_t at = related->n_channels++, i;
	struct channel *c = &related->channels[at];
	struct value arn = tf_at(&k->tree, "recording_configuration_arn");

	c->kept = k;
	c->object = tf_channel_object(&k->tree, k->type, related->around,
				      tf_related_block(related, k->address), related->arena);
	if (arn.kind == VALUE_STRING && arn.n != 0)
		tf_shelf_add(&related->by_arn, value_str(&arn), at, 0);
	if (arn.kind != VALUE_UNKNOWN ||
	    tf_left_out(related->around, tf_related_block(related, k->address),
			"recording_configuration_arn", false))
		return;
	find_targets(related, k, "recording_configuration_arn", &c->targets);
	if (c->targets.elsewhere && related->anybodys == NULL)
		related->anybodys = k;
	for (i = 0; i < c->targets.n; i++)
		tf_shelf_add(&related->by_key, c->targets.list[i].key, at, i);
}

static void join_bucket(struct tf_related *related, const struct kept *k)
{
	struct tf_bucket *b = &related->buckets[related->n_buckets];
	struct value name = tf_at(&k->tree, tf_bucket_name_path(k->type));

	tf_bucket_init(b, k->type, k->address, &k->tree, k->is_new, related->around,
		       tf_related_block(related, k->address), related->arena);
	if (name.kind == VALUE_STRING)
		tf_shelf_add(&related->by_name, value_str(&name), related->n_buckets, 0);
	tf_shelf_add(&related->by_bucket_key, tf_address_key(related->arena, k->address),
		     related->n_buckets, 0);
	related->n_buckets++;
}

enum meant tf_related_meant(const struct tf_targets *targets, const struct tf_target *t,
			    struct str address, struct arena *arena)
{
	struct str module = tf_address_module(address);
	bool any;

	if (!tf_target_is(t, address, arena))
		return MEANT_NOT;
	/* one of several instances, and nothing says which */
	any = (t->index.len == 0 && tf_address_index(address).len != 0) ||
	      (tf_module_steps(t->prefix) < tf_module_steps(module) &&
	       memchr(module.data, '[', module.len) != NULL);
	return any || targets->elsewhere || targets->n > 1 ? MEANT_PERHAPS : MEANT;
}

struct tf_bucket *tf_related_bucket(struct tf_related *related, const struct tf_targets *targets,
				    struct arena *arena, bool *perhaps)
{
	struct tf_bucket *found = NULL;
	const struct tf_named *list;
	size_t i, k, n;

	*perhaps = targets->elsewhere;
	for (i = 0; i < targets->n; i++) {
		list = tf_shelf_find(&related->by_bucket_key, targets->list[i].key, &n);
		related->looks += n;
		if (related->looks > TF_LOOKS) {
			*perhaps = true;
			return NULL;
		}
		for (k = 0; k < n; k++) {
			struct tf_bucket *b = &related->buckets[list[k].i];

			switch (tf_related_meant(targets, &targets->list[i], b->address, arena)) {
			case MEANT:
				found = b;
				break;
			case MEANT_PERHAPS:
				*perhaps = true;
				break;
			case MEANT_NOT:
				break;
			}
		}
	}
	return *perhaps ? NULL : found;
}

/* ---- settings: aws_s3_bucket_versioning and its like ----------------------------- */

static bool is_setting(const struct kept *k)
{
	return !tf_type_is_bucket(k->type) && !tf_type_is_channel(k->type);
}

/* Buckets that only settings speak of: they are there already, or elsewhere. */
static void add_named_buckets(struct tf_related *related)
{
	struct tf_shelf names = { 0 };
	struct value name;
	size_t i, n, known = related->by_name.n;
	struct tf_shelf buckets = related->by_name;

	for (i = 0; i < related->n_kept; i++) {
		if (!is_setting(&related->kept[i]))
			continue;
		name = tf_at(&related->kept[i].tree, "bucket");
		if (name.kind == VALUE_STRING &&
		    tf_shelf_find(&buckets, value_str(&name), &n) == NULL)
			tf_shelf_add(&names, value_str(&name), i, 0);
	}
	tf_shelf_sort(&names);
	for (i = 0; i < names.n; i++) {
		if (i != 0 && str_equal(names.list[i].name, names.list[i - 1].name))
			continue;
		related->buckets[related->n_buckets] = (struct tf_bucket){ .address = STR("") };
		tf_shelf_add(&related->by_name, names.list[i].name, related->n_buckets++, 0);
	}
	if (related->by_name.n != known)
		tf_shelf_sort(&related->by_name);
	free(names.list);
}

static void join_settings(struct tf_related *related)
{
	struct arena scratch = ARENA_INIT;
	const struct kept *k;
	const struct tf_named *named;
	struct tf_targets targets;
	struct tf_bucket *b;
	struct value name;
	bool perhaps;
	size_t i, n;

	for (i = 0; i < related->n_kept; i++) {
		k = &related->kept[i];
		if (!is_setting(k))
			continue;
		name = tf_at(&k->tree, "bucket");
		b = NULL;
		perhaps = true;
		if (name.kind == VALUE_STRING) {
			named = tf_shelf_find(&related->by_name, value_str(&name), &n);
			b = n == 1 ? &related->buckets[named->i] : NULL;
		} else if (name.kind == VALUE_UNKNOWN) {
			find_targets(related, k, "bucket", &targets);
			b = tf_related_bucket(related, &targets, &scratch, &perhaps);
		}
		if (b != NULL)
			tf_bucket_set(b, k->type, &k->tree, related->arena);
		else if (perhaps)
			tf_bucket_set_perhaps(&related->anybodys_settings, k->type, k->address,
					      related->arena);
		arena_reset(&scratch);
	}
	arena_release(&scratch);
}

static void take_handed_on(void *to, const struct tf_target *t)
{
	struct tf_related *related = to;

	tf_shelf_add(&related->handed_on, t->key, 0, 0);
}

void tf_related_finish(struct tf_related *related, const struct tf_around *around)
{
	size_t i, n_channels = 0;

	related->around = around;
	related->lost = around->lost;
	for (i = 0; i < related->n_kept; i++)
		n_channels += tf_type_is_channel(related->kept[i].type);
	related->channels = ARENA_ARRAY(related->arena, n_channels, struct channel);
	related->buckets =
	    ARENA_ARRAY(related->arena, related->n_kept - n_channels, struct tf_bucket);
	for (i = 0; i < related->n_kept; i++) {
		if (tf_type_is_channel(related->kept[i].type))
			join_channel(related, &related->kept[i]);
		else if (tf_type_is_bucket(related->kept[i].type))
			join_bucket(related, &related->kept[i]);
	}
	if (related->channels_wanted && around->config != NULL) {
		tf_config_handed_on(around->config, related->arena, take_handed_on, related);
		tf_shelf_sort(&related->handed_on);
	}
	tf_shelf_sort(&related->by_arn);
	tf_shelf_sort(&related->by_key);
	tf_shelf_sort(&related->by_name);
	tf_shelf_sort(&related->by_bucket_key);
	add_named_buckets(related);
	join_settings(related);
}
