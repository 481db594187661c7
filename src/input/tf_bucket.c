/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes of buckets and of their settings to what rules name. Which setting
 * is whose is tf_related.c's business.
 */
#include "input/tf_bucket.h"

#include "base/buf.h"
#include "base/text.h"
#include "input/tf_channel.h"
#include "input/tf_value.h"

static const int fields[N_TF_PARTS] = {
	[TF_PART_REGION] = FIELD_BUCKET_REGION,
	[TF_PART_ENCRYPTION] = FIELD_BUCKET_ENCRYPTION,
	[TF_PART_VERSIONING] = FIELD_BUCKET_VERSIONING,
	[TF_PART_PUBLIC_ACCESS] = FIELD_BUCKET_PUBLIC_ACCESS,
	[TF_PART_OWNERSHIP] = FIELD_BUCKET_OWNERSHIP,
	[TF_PART_LIFECYCLE] = FIELD_BUCKET_LIFECYCLE,
};

static const char odd_type[] = "its type is not what the provider writes";

static struct value odd(struct place place)
{
	struct value v = value_unknown(odd_type);

	v.place = place;
	return v;
}

static void set_part(struct tf_bucket *b, enum tf_bucket_part part, struct value v)
{
	b->set[part] = true;
	b->parts[part] = v;
	if (v.kind == VALUE_ABSENT)
		b->parts[part].kind = VALUE_NULL;
}

/* A text, nothing, or unknown. */
static struct value text_at(const struct value *tree, const char *path)
{
	struct value v = tf_at(tree, path);

	return v.kind <= VALUE_NULL || v.kind == VALUE_STRING || v.kind == VALUE_UNKNOWN
		   ? v
		   : odd(v.place);
}

/* A number of days; 0 is what providers write for none. */
static struct value days_at(const struct value *tree, const char *path)
{
	struct value v = tf_at(tree, path);

	if (v.kind == VALUE_NUMBER && v.mantissa == 0)
		v.kind = VALUE_ABSENT;
	return v.kind <= VALUE_NULL || v.kind == VALUE_NUMBER || v.kind == VALUE_UNKNOWN
		   ? v
		   : odd(v.place);
}

/* ---- lifecycle ---------------------------------------------------------------- */

static bool is_nothing(const struct value *v)
{
	return v->kind <= VALUE_NULL ||
	       ((v->kind == VALUE_LIST || v->kind == VALUE_MAP || v->kind == VALUE_STRING) &&
		v->n == 0) ||
	       (v->kind == VALUE_NUMBER && v->mantissa == 0);
}

/* Whether a filter by tags or sizes is there. */
static struct value narrowed(const struct value *rule)
{
	static const char *const paths[] = {
		"tags",
		"filter.tag",
		"filter.object_size_greater_than",
		"filter.object_size_less_than",
		"filter.and.tags",
		"filter.and.object_size_greater_than",
		"filter.and.object_size_less_than",
	};
	struct value unknown = { .kind = VALUE_ABSENT }, v;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		v = tf_at(rule, paths[i]);
		if (v.kind == VALUE_UNKNOWN) {
			unknown = v;
		} else if (!is_nothing(&v)) {
			struct place place = v.place;

			v = value_of_boolean(true);
			v.place = place;
			return v;
		}
	}
	return unknown;
}

static struct value prefix_of(const struct value *rule)
{
	static const char *const paths[] = { "filter.and.prefix", "filter.prefix", "prefix" };
	struct value unknown = { .kind = VALUE_ABSENT }, v;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		v = text_at(rule, paths[i]);
		if (v.kind == VALUE_UNKNOWN)
			unknown = v;
		else if (!is_nothing(&v))
			return v;
	}
	return unknown;
}

/* The transition that comes first. */
static void put_transition(struct tf_object *o, const struct value *rule)
{
	const struct value *list = value_get(rule, STR("transition")), *first = NULL;
	struct value least = { .kind = VALUE_ABSENT }, days;
	uint32_t i;

	if (list == NULL || list->kind != VALUE_LIST) {
		if (list != NULL && list->kind == VALUE_UNKNOWN)
			tf_object_put(o, "transitionDays", *list);
		return;
	}
	for (i = 0; i < list->n; i++) {
		days = tf_at(&list->items[i], "days");
		if (days.kind == VALUE_UNKNOWN) {
			least = days;
			first = &list->items[i];
			break;
		}
		if (days.kind == VALUE_NUMBER &&
		    (first == NULL ||
		     number_compare(value_number(&days), value_number(&least)) < 0)) {
			least = days;
			first = &list->items[i];
		}
	}
	if (first == NULL)
		return;
	tf_object_put(o, "transitionDays", least);
	tf_object_put(o, "transitionClass", text_at(first, "storage_class"));
}

static struct value status_of(const struct value *rule)
{
	struct value v = text_at(rule, "status"), enabled;

	if (v.kind > VALUE_NULL)
		return v;
	/* of the bucket's own lifecycle_rule */
	enabled = tf_at(rule, "enabled");
	if (enabled.kind != VALUE_BOOLEAN)
		return enabled.kind == VALUE_UNKNOWN ? enabled : v;
	v = value_of_str(str_of(enabled.boolean ? "Enabled" : "Disabled"));
	v.place = enabled.place;
	return v;
}

static struct value lifecycle_rule(const struct value *rule, struct arena *arena)
{
	struct tf_object o = { .n = 0 };
	struct value v, whole;

	tf_object_put(&o, "id", text_at(rule, "id"));
	tf_object_put(&o, "status", status_of(rule));
	tf_object_put(&o, "prefix", prefix_of(rule));
	tf_object_put(&o, "narrowed", narrowed(rule));
	tf_object_put(&o, "expirationDays", days_at(rule, "expiration.days"));
	v = days_at(rule, "noncurrent_version_expiration.noncurrent_days");
	if (v.kind <= VALUE_NULL)
		v = days_at(rule, "noncurrent_version_expiration.days");
	tf_object_put(&o, "noncurrentExpirationDays", v);
	put_transition(&o, rule);
	v = days_at(rule, "abort_incomplete_multipart_upload.days_after_initiation");
	if (v.kind <= VALUE_NULL)
		v = days_at(rule, "abort_incomplete_multipart_upload_days");
	tf_object_put(&o, "abortUploadsDays", v);
	whole = tf_object_value(&o, rule->place, arena);
	return resource_member(&whole, "bucket.lifecycle[*]", arena);
}

/* The rules behind a name; absent where there are none. */
static struct value lifecycle_rules(const struct value *tree, const char *name, struct arena *arena)
{
	const struct value *rules = value_get(tree, str_of(name));
	struct value list = { .kind = VALUE_ABSENT, .place = tree->place }, *items;
	uint32_t i;

	if (rules == NULL || rules->kind <= VALUE_NULL)
		return list;
	if (rules->kind == VALUE_UNKNOWN)
		return *rules;
	if (rules->kind != VALUE_LIST)
		return odd(rules->place);
	if (rules->n == 0)
		return list;
	items = ARENA_ARRAY(arena, rules->n, struct value);
	for (i = 0; i < rules->n; i++) {
		if (rules->items[i].kind == VALUE_UNKNOWN)
			return rules->items[i];
		items[i] = lifecycle_rule(&rules->items[i], arena);
	}
	list = *rules;
	list.items = items;
	return list;
}

/* ---- the bucket itself -------------------------------------------------------- */

#define SSE "rule.apply_server_side_encryption_by_default.sse_algorithm"

/* A part of the bucket's own, unless the provider only says that it will know it. */
static void take_own(struct tf_bucket *b, enum tf_bucket_part part, struct value v,
		     const char *path, const struct tf_around *around, const struct tf_block *block)
{
	if (v.kind == VALUE_UNKNOWN && tf_left_out(around, block, path, true))
		return;
	if (v.kind > VALUE_NULL || !b->is_new)
		set_part(b, part, v);
}

static struct value own_versioning(const struct value *tree)
{
	struct value enabled = tf_at(tree, "versioning.enabled"), v;

	if (enabled.kind == VALUE_UNKNOWN)
		return enabled;
	v = enabled.kind == VALUE_BOOLEAN && enabled.boolean
		? value_of_str(STR("Enabled"))
		: (struct value){ .kind = VALUE_ABSENT };
	v.place = enabled.place;
	return v;
}

void tf_bucket_init(struct tf_bucket *b, struct str address, const struct value *tree, bool is_new,
		    const struct tf_around *around, const struct tf_block *block,
		    struct arena *arena)
{
	struct value v = text_at(tree, "region");
	const struct value *constant;

	*b = (struct tf_bucket){ .address = address, .is_new = is_new };
	b->name = text_at(tree, "bucket");
	if (v.kind != VALUE_STRING && block != NULL &&
	    (constant = tf_config_region(around->config, block)) != NULL)
		v = *constant;
	if (v.kind > VALUE_NULL)
		set_part(b, TF_PART_REGION, v);
	take_own(b, TF_PART_ENCRYPTION, text_at(tree, "server_side_encryption_configuration." SSE),
		 "server_side_encryption_configuration", around, block);
	take_own(b, TF_PART_VERSIONING, own_versioning(tree), "versioning", around, block);
	take_own(b, TF_PART_LIFECYCLE, lifecycle_rules(tree, "lifecycle_rule", arena),
		 "lifecycle_rule", around, block);
}

/* ---- settings ----------------------------------------------------------------- */

/* All four, of which one that is off decides. */
static struct value public_access(const struct value *tree)
{
	static const char *const names[] = { "block_public_acls", "block_public_policy",
					     "ignore_public_acls", "restrict_public_buckets" };
	struct value all = value_of_boolean(true), v;
	size_t i;

	all.place = tree->place;
	for (i = 0; i < 4; i++) {
		v = tf_at(tree, names[i]);
		if (v.kind <= VALUE_NULL) {
			v = value_of_boolean(false);
			v.place = tree->place;
		}
		if (v.kind == VALUE_BOOLEAN && !v.boolean)
			return v;
		if (v.kind == VALUE_BOOLEAN)
			all.flags |= v.flags;
		else
			all = v.kind == VALUE_UNKNOWN ? v : odd(v.place);
	}
	return all;
}

static enum tf_bucket_part part_of(enum tf_type type)
{
	switch (type) {
	case TF_BUCKET_PUBLIC_ACCESS:
		return TF_PART_PUBLIC_ACCESS;
	case TF_BUCKET_ENCRYPTION:
		return TF_PART_ENCRYPTION;
	case TF_BUCKET_VERSIONING:
		return TF_PART_VERSIONING;
	case TF_BUCKET_OWNERSHIP:
		return TF_PART_OWNERSHIP;
	case TF_BUCKET_LIFECYCLE:
		return TF_PART_LIFECYCLE;
	default:
		return N_TF_PARTS;
	}
}

void tf_bucket_set(struct tf_bucket *b, enum tf_type type, const struct value *tree,
		   struct arena *arena)
{
	enum tf_bucket_part part = part_of(type);
	struct value v = { .kind = VALUE_ABSENT };

	switch (part) {
	case TF_PART_PUBLIC_ACCESS:
		v = public_access(tree);
		break;
	case TF_PART_ENCRYPTION:
		v = text_at(tree, SSE);
		break;
	case TF_PART_VERSIONING:
		v = text_at(tree, "versioning_configuration.status");
		/* never enabled */
		if (v.kind == VALUE_STRING && str_is(value_str(&v), "Disabled"))
			v.kind = VALUE_ABSENT;
		break;
	case TF_PART_OWNERSHIP:
		v = text_at(tree, "rule.object_ownership");
		break;
	case TF_PART_LIFECYCLE:
		v = lifecycle_rules(tree, "rule", arena);
		break;
	default:
		return;
	}
	set_part(b, part, v);
}

void tf_bucket_set_perhaps(struct tf_bucket *anybodys, enum tf_type type, struct str address,
			   struct arena *arena)
{
	enum tf_bucket_part part = part_of(type);
	struct buf b = BUF_INIT(0);

	if (part == N_TF_PARTS || anybodys->set[part])
		return;
	buf_puts(&b, "it is known after apply which bucket ");
	text_put_visible(&b, address);
	buf_puts(&b, " is for");
	set_part(anybodys, part, value_unknown(arena_buf(arena, &b).data));
	buf_release(&b);
}

void tf_bucket_fill(const struct tf_bucket *b, const struct tf_bucket *anybodys, const char *why,
		    struct resource *r)
{
	struct value *slot;
	int i;

	for (i = 0; i < N_TF_PARTS; i++) {
		slot = &r->slots[fields[i]];
		if (b == NULL)
			*slot = value_unknown(why);
		else if (b->set[i])
			*slot = b->parts[i];
		else if (anybodys->set[i])
			*slot = anybodys->parts[i];
		else if (b->is_new && i != TF_PART_REGION)
			*slot = (struct value){ .kind = VALUE_NULL };
		else
			*slot = value_unknown("the plan does not say");
		if (b == NULL || !b->set[i])
			slot->place = r->place;
	}
}
