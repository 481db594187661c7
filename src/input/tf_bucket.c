/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes of buckets and of their settings to what rules name. Which setting
 * is whose is tf_related.c's business.
 */
#include "input/tf_bucket.h"

#include "base/buf.h"
#include "base/text.h"
#include "input/tf_lifecycle.h"
#include "input/tf_value.h"

static const int fields[N_TF_PARTS] = {
	[TF_PART_REGION] = FIELD_BUCKET_REGION,
	[TF_PART_ENCRYPTION] = FIELD_BUCKET_ENCRYPTION,
	[TF_PART_VERSIONING] = FIELD_BUCKET_VERSIONING,
	[TF_PART_PUBLIC_ACCESS] = FIELD_BUCKET_PUBLIC_ACCESS,
	[TF_PART_OWNERSHIP] = FIELD_BUCKET_OWNERSHIP,
	[TF_PART_LIFECYCLE] = FIELD_BUCKET_LIFECYCLE,
};

static void set_part(struct tf_bucket *b, enum tf_bucket_part part, struct value v)
{
	b->set[part] = true;
	b->parts[part] = v;
	if (v.kind == VALUE_ABSENT)
		b->parts[part].kind = VALUE_NULL;
}

/* ---- the bucket itself -------------------------------------------------------- */

#define SSE "rule.apply_server_side_encryption_by_default.sse_algorithm"
#define SSE_CC                                                                                     \
	"bucket_encryption.server_side_encryption_configuration.server_side_encryption_by_"        \
	"default.sse_algorithm"

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
			all = v.kind == VALUE_UNKNOWN ? v : tf_odd(v.place);
	}
	return all;
}

/* Of a versioning_configuration; one that was never enabled is none. */
static struct value versioning_status(const struct value *tree)
{
	struct value v = tf_text_at(tree, "versioning_configuration.status");

	if (v.kind == VALUE_STRING && str_is(value_str(&v), "Disabled"))
		v.kind = VALUE_ABSENT;
	return v;
}

/* The same of awscc, whose bucket has all settings in it. */
static void take_own_cc(struct tf_bucket *b, const struct value *tree,
			const struct tf_around *around, const struct tf_block *block,
			struct arena *arena)
{
	struct value access = tf_at(tree, "public_access_block_configuration");
	struct value ownership = tf_text_at(tree, "ownership_controls.rules.object_ownership");

	take_own(b, TF_PART_ENCRYPTION, tf_text_at(tree, SSE_CC), "bucket_encryption", around,
		 block);
	take_own(b, TF_PART_VERSIONING, versioning_status(tree), "versioning_configuration", around,
		 block);
	/* of a bucket that is there already, what is not said is not what a new one has */
	if (access.kind > VALUE_NULL)
		take_own(b, TF_PART_PUBLIC_ACCESS,
			 access.kind == VALUE_MAP ? public_access(&access) : access,
			 "public_access_block_configuration", around, block);
	if (ownership.kind > VALUE_NULL)
		take_own(b, TF_PART_OWNERSHIP, ownership, "ownership_controls", around, block);
	take_own(b, TF_PART_LIFECYCLE,
		 tf_lifecycle_rules(tree, "lifecycle_configuration.rules", TF_LIFECYCLE_CC, arena),
		 "lifecycle_configuration", around, block);
}

const char *tf_bucket_name_path(enum tf_type type)
{
	return type == TF_BUCKET_CC ? "bucket_name" : "bucket";
}

void tf_bucket_init(struct tf_bucket *b, enum tf_type type, struct str address,
		    const struct value *tree, bool is_new, const struct tf_around *around,
		    const struct tf_block *block, struct arena *arena)
{
	struct value v = tf_text_at(tree, "region");
	const struct value *constant;

	*b = (struct tf_bucket){ .address = address, .is_new = is_new };
	b->name = tf_text_at(tree, tf_bucket_name_path(type));
	if (v.kind != VALUE_STRING && block != NULL &&
	    (constant = tf_config_region(around->config, block)) != NULL)
		v = *constant;
	if (v.kind > VALUE_NULL)
		set_part(b, TF_PART_REGION, v);
	if (type == TF_BUCKET_CC) {
		take_own_cc(b, tree, around, block, arena);
		return;
	}
	take_own(b, TF_PART_ENCRYPTION,
		 tf_text_at(tree, "server_side_encryption_configuration." SSE),
		 "server_side_encryption_configuration", around, block);
	take_own(b, TF_PART_VERSIONING, own_versioning(tree), "versioning", around, block);
	take_own(b, TF_PART_LIFECYCLE,
		 tf_lifecycle_rules(tree, "lifecycle_rule", TF_LIFECYCLE, arena), "lifecycle_rule",
		 around, block);
}

/* ---- settings ----------------------------------------------------------------- */

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
		v = tf_text_at(tree, SSE);
		break;
	case TF_PART_VERSIONING:
		v = versioning_status(tree);
		break;
	case TF_PART_OWNERSHIP:
		v = tf_text_at(tree, "rule.object_ownership");
		break;
	case TF_PART_LIFECYCLE:
		v = tf_lifecycle_rules(tree, "rule", TF_LIFECYCLE, arena);
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
