/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels and the bucket of one recording configuration, or why they are not known.
 */
#include "input/tf_related_inside.h"

#include <stdlib.h>

#include "base/text.h"
#include "input/tf_value.h"

static const char *quote_address(struct arena *arena, const char *before, struct str address,
				 const char *after)
{
	struct buf b = BUF_INIT(0);
	const char *text;

	buf_puts(&b, before);
	text_put_visible(&b, address);
	buf_puts(&b, after);
	text = arena_buf(arena, &b).data;
	buf_release(&b);
	return text;
}

/* Those that use it, in the order of the plan; and why there may be more. */
struct users {
	uint32_t list[LIMIT_LIST];
	size_t n;
	const char *why;
};

static void add_user(struct users *u, uint32_t i)
{
	if (u->n == LIMIT_LIST)
		u->why = "more channels use it than are held";
	else
		u->list[u->n++] = i;
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static void find_users(struct tf_related *related, const struct resource *r, struct str address,
		       struct arena *arena, struct users *u)
{
	const struct value *arn = &r->slots[FIELD_ARN];
	const struct tf_named *named;
	size_t i, n;

	if (related->full || related->lost) {
		u->why = related->full ? TF_TOO_MANY : TF_LOST;
		return;
	}
	if (related->anybodys != NULL)
		u->why = quote_address(arena, "it is known after apply which one ",
				       related->anybodys->address, " uses");
	if (arn->kind == VALUE_STRING) {
		named = tf_shelf_find(&related->by_arn, value_str(arn), &n);
		for (i = 0; i < n; i++)
			add_user(u, named[i].i);
	}
	named = tf_shelf_find(&related->by_key, tf_address_key(arena, address), &n);
	related->looks += n;
	if (related->looks > TF_LOOKS) {
		u->why = TF_TOO_MANY;
		return;
	}
	for (i = 0; i < n; i++) {
		const struct channel *c = &related->channels[named[i].i];

		switch (tf_related_meant(&c->targets, &c->targets.list[named[i].target], address,
					 arena)) {
		case MEANT:
			add_user(u, named[i].i);
			break;
		case MEANT_PERHAPS:
			if (u->why != NULL)
				break;
			u->why = quote_address(arena, "it is known after apply which one ",
					       c->kept->address, " uses");
			break;
		case MEANT_NOT:
			break;
		}
	}
	qsort(u->list, u->n, sizeof(u->list[0]), by_number);
	if (u->n == 0 && u->why == NULL &&
	    tf_shelf_find(&related->handed_on, tf_address_key(arena, address), &n) != NULL)
		u->why = "no channel of the plan uses it, and an output hands it on";
}

static void fill_channels(struct tf_related *related, struct resource *r, struct str address,
			  struct arena *arena)
{
	struct users *u = mem_alloc(sizeof(*u));
	struct value *slot = &r->slots[FIELD_CHANNELS], *items;
	size_t i;

	u->n = 0;
	u->why = NULL;
	find_users(related, r, address, arena, u);
	if (u->why != NULL && u->n == 0) {
		*slot = value_unknown(u->why);
	} else {
		items = ARENA_ARRAY(arena, u->n, struct value);
		for (i = 0; i < u->n; i++)
			items[i] = related->channels[u->list[i]].object;
		*slot = (struct value){ .kind = VALUE_LIST,
					.flags = u->why != NULL ? VALUE_OPEN : 0,
					.n = (uint32_t)u->n,
					.items = items };
	}
	slot->place = r->place;
	free(u);
}

/* The bucket that recordings go to; NULL with why it is not known which. */
static const struct tf_bucket *find_bucket(struct tf_related *related, const struct resource *r,
					   struct str address, struct arena *arena,
					   const char **why)
{
	const struct value *name = &r->slots[FIELD_BUCKET_NAME];
	const struct tf_block *block = tf_related_block(related, address);
	struct tf_targets targets = { .elsewhere = true };
	const struct tf_named *named;
	const struct tf_bucket *b;
	bool perhaps;
	size_t n;

	*why = related->full   ? TF_TOO_MANY
	       : related->lost ? TF_LOST
			       : "the bucket is not in the plan";
	if (related->full || related->lost)
		return NULL;
	if (name->kind == VALUE_STRING) {
		named = tf_shelf_find(&related->by_name, value_str(name), &n);
		if (n > 1)
			*why = "the plan has several buckets of the name";
		return n == 1 ? &related->buckets[named->i] : NULL;
	}
	if (name->kind != VALUE_UNKNOWN)
		return NULL;
	if (block != NULL)
		tf_config_targets(related->around->config, block, address,
				  "destination_configuration.s3.bucket_name", arena, &targets);
	b = tf_related_bucket(related, &targets, arena, &perhaps);
	if (b == NULL)
		*why = "it is known after apply which bucket it is";
	return b;
}

/*
 * An expression that refers to a bucket may add to its name, which the plan does
 * not show: the name is not taken for known, only told.
 */
static const char *name_hint(const struct tf_bucket *b, struct arena *arena)
{
	struct buf text = BUF_INIT(0);
	const char *why;

	buf_puts(&text, "known after apply; it refers to ");
	text_put_visible(&text, b->address);
	if (b->name.kind == VALUE_STRING && !value_is_secret(&b->name)) {
		buf_puts(&text, ", whose name is ");
		text_put_quoted(&text, value_str(&b->name), LIMIT_SHOWN_VALUE);
	}
	why = arena_buf(arena, &text).data;
	buf_release(&text);
	return why;
}

void tf_related_fill(struct tf_related *related, struct resource *r, const struct tf_change *c,
		     struct arena *arena)
{
	const struct tf_bucket *b;
	const char *why;

	if (related->channels_wanted)
		fill_channels(related, r, c->address, arena);
	if (!related->buckets_wanted && !related->names_wanted)
		return;
	b = find_bucket(related, r, c->address, arena, &why);
	if (b != NULL && r->slots[FIELD_BUCKET_NAME].kind == VALUE_UNKNOWN)
		r->slots[FIELD_BUCKET_NAME].why = name_hint(b, arena);
	if (related->buckets_wanted)
		tf_bucket_fill(b, &related->anybodys_settings, why, r);
}
