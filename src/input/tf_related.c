/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Joins. Knows addresses, names and ARNs; what is in a channel and in a bucket
 * is tf_channel.c's and tf_bucket.c's.
 */
#include "input/tf_related.h"

#include <stdlib.h>
#include <string.h>

#include "input/tf_channel.h"
#include "input/tf_bucket.h"
#include "input/tf_value.h"
#include "base/text.h"

/* Looks at candidates in all: where every channel may be every configuration's,
 * the rest stays unknown. */
#define LOOKS 20000000

static const char too_many[] = "the plan has more channels and buckets than are held";
static const char lost[] = "the plan could not be read whole";

/* A kept resource, before it is joined. */
struct kept {
	enum tf_type type;
	bool is_new;
	struct str address;
	struct value tree; /* places are counted */
};

/* Something found by a text; several may have the same. */
struct named {
	struct str name;
	uint32_t i;      /* of the channel or the bucket */
	uint32_t target; /* for those found by address: which of its targets */
};

struct shelf {
	struct named *list;
	size_t n, cap;
};

struct channel {
	const struct kept *kept;
	struct value object;
	struct tf_targets targets;
};

struct tf_related {
	struct arena *arena;
	bool channels_wanted, buckets_wanted, full, lost;
	bool names_wanted; /* to tell which bucket it is whose name is not known */
	const struct tf_around *around;
	size_t size;
	uint64_t looks;

	struct kept *kept;
	size_t n_kept, cap_kept;

	struct channel *channels;
	size_t n_channels;
	struct shelf by_arn, by_key;
	struct shelf handed_on;      /* keys of what outputs hand on */
	const struct kept *anybodys; /* a channel that may use any configuration */

	struct tf_bucket *buckets;
	size_t n_buckets;
	struct shelf by_name, by_bucket_key;
	struct tf_bucket anybodys_settings; /* of which it is not known whose they are */
};

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

/* ---- found by a text ---------------------------------------------------------- */

static void shelf_add(struct shelf *s, struct str name, size_t i, size_t target)
{
	if (s->n == s->cap) {
		s->cap = s->cap != 0 ? s->cap * 2 : 64;
		s->list = mem_grow(s->list, s->cap * sizeof(*s->list));
	}
	s->list[s->n++] = (struct named){ name, (uint32_t)i, (uint32_t)target };
}

static int by_name(const void *a, const void *b)
{
	const struct named *left = a, *right = b;
	int order = str_compare(left->name, right->name);

	return order != 0 ? order : left->i < right->i ? -1 : left->i > right->i;
}

static void shelf_sort(struct shelf *s)
{
	if (s->n != 0)
		qsort(s->list, s->n, sizeof(*s->list), by_name);
}

/* The first of those with the name; *n is how many there are. */
static const struct named *shelf_find(const struct shelf *s, struct str name, size_t *n)
{
	size_t low = 0, high = s->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (str_compare(s->list[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < s->n && str_equal(s->list[low + *n].name, name); ++*n)
		;
	return *n != 0 ? &s->list[low] : NULL;
}

/* ---- joining, once all are there ---------------------------------------------- */

static const struct tf_block *block_of(const struct tf_related *related, struct str address)
{
	const struct tf_config *config = related->around->config;

	return config != NULL ? tf_config_block(config, address) : NULL;
}

static void find_targets(struct tf_related *related, const struct kept *k, const char *path,
			 struct tf_targets *to)
{
	const struct tf_block *block = block_of(related, k->address);

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
				      block_of(related, k->address), related->arena);
	if (arn.kind == VALUE_STRING && arn.n != 0)
		shelf_add(&related->by_arn, value_str(&arn), at, 0);
	if (arn.kind != VALUE_UNKNOWN || tf_left_out(related->around, block_of(related, k->address),
						     "recording_configuration_arn", false))
		return;
	find_targets(related, k, "recording_configuration_arn", &c->targets);
	if (c->targets.elsewhere && related->anybodys == NULL)
		related->anybodys = k;
	for (i = 0; i < c->targets.n; i++)
		shelf_add(&related->by_key, c->targets.list[i].key, at, i);
}

static void join_bucket(struct tf_related *related, const struct kept *k)
{
	struct tf_bucket *b = &related->buckets[related->n_buckets];
	struct value name = tf_at(&k->tree, tf_bucket_name_path(k->type));

	tf_bucket_init(b, k->type, k->address, &k->tree, k->is_new, related->around,
		       block_of(related, k->address), related->arena);
	if (name.kind == VALUE_STRING)
		shelf_add(&related->by_name, value_str(&name), related->n_buckets, 0);
	shelf_add(&related->by_bucket_key, tf_address_key(related->arena, k->address),
		  related->n_buckets, 0);
	related->n_buckets++;
}

/* Whether the target is this instance for sure, or perhaps. */
enum meant { MEANT_NOT, MEANT_PERHAPS, MEANT };

static enum meant meant(const struct tf_targets *targets, const struct tf_target *t,
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

/* The bucket that is meant, or NULL with whether it may be one of the plan's. */
static struct tf_bucket *target_bucket(struct tf_related *related, const struct tf_targets *targets,
				       struct arena *arena, bool *perhaps)
{
	struct tf_bucket *found = NULL;
	const struct named *list;
	size_t i, k, n;

	*perhaps = targets->elsewhere;
	for (i = 0; i < targets->n; i++) {
		list = shelf_find(&related->by_bucket_key, targets->list[i].key, &n);
		related->looks += n;
		if (related->looks > LOOKS) {
			*perhaps = true;
			return NULL;
		}
		for (k = 0; k < n; k++) {
			struct tf_bucket *b = &related->buckets[list[k].i];

			switch (meant(targets, &targets->list[i], b->address, arena)) {
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
	struct shelf names = { 0 };
	struct value name;
	size_t i, n, known = related->by_name.n;
	struct shelf buckets = related->by_name;

	for (i = 0; i < related->n_kept; i++) {
		if (!is_setting(&related->kept[i]))
			continue;
		name = tf_at(&related->kept[i].tree, "bucket");
		if (name.kind == VALUE_STRING && shelf_find(&buckets, value_str(&name), &n) == NULL)
			shelf_add(&names, value_str(&name), i, 0);
	}
	shelf_sort(&names);
	for (i = 0; i < names.n; i++) {
		if (i != 0 && str_equal(names.list[i].name, names.list[i - 1].name))
			continue;
		related->buckets[related->n_buckets] = (struct tf_bucket){ .address = STR("") };
		shelf_add(&related->by_name, names.list[i].name, related->n_buckets++, 0);
	}
	if (related->by_name.n != known)
		shelf_sort(&related->by_name);
	free(names.list);
}

static void join_settings(struct tf_related *related)
{
	struct arena scratch = ARENA_INIT;
	const struct kept *k;
	const struct named *named;
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
			named = shelf_find(&related->by_name, value_str(&name), &n);
			b = n == 1 ? &related->buckets[named->i] : NULL;
		} else if (name.kind == VALUE_UNKNOWN) {
			find_targets(related, k, "bucket", &targets);
			b = target_bucket(related, &targets, &scratch, &perhaps);
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

	shelf_add(&related->handed_on, t->key, 0, 0);
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
		shelf_sort(&related->handed_on);
	}
	shelf_sort(&related->by_arn);
	shelf_sort(&related->by_key);
	shelf_sort(&related->by_name);
	shelf_sort(&related->by_bucket_key);
	add_named_buckets(related);
	join_settings(related);
}

/* ---- of one recording configuration ---------------------------------------------- */

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
	const struct named *named;
	size_t i, n;

	if (related->full || related->lost) {
		u->why = related->full ? too_many : lost;
		return;
	}
	if (related->anybodys != NULL)
		u->why = quote_address(arena, "it is known after apply which one ",
				       related->anybodys->address, " uses");
	if (arn->kind == VALUE_STRING) {
		named = shelf_find(&related->by_arn, value_str(arn), &n);
		for (i = 0; i < n; i++)
			add_user(u, named[i].i);
	}
	named = shelf_find(&related->by_key, tf_address_key(arena, address), &n);
	related->looks += n;
	if (related->looks > LOOKS) {
		u->why = too_many;
		return;
	}
	for (i = 0; i < n; i++) {
		const struct channel *c = &related->channels[named[i].i];

		switch (meant(&c->targets, &c->targets.list[named[i].target], address, arena)) {
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
	    shelf_find(&related->handed_on, tf_address_key(arena, address), &n) != NULL)
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
	const struct tf_block *block = block_of(related, address);
	struct tf_targets targets = { .elsewhere = true };
	const struct named *named;
	const struct tf_bucket *b;
	bool perhaps;
	size_t n;

	*why = related->full ? too_many : related->lost ? lost : "the bucket is not in the plan";
	if (related->full || related->lost)
		return NULL;
	if (name->kind == VALUE_STRING) {
		named = shelf_find(&related->by_name, value_str(name), &n);
		if (n > 1)
			*why = "the plan has several buckets of the name";
		return n == 1 ? &related->buckets[named->i] : NULL;
	}
	if (name->kind != VALUE_UNKNOWN)
		return NULL;
	if (block != NULL)
		tf_config_targets(related->around->config, block, address,
				  "destination_configuration.s3.bucket_name", arena, &targets);
	b = target_bucket(related, &targets, arena, &perhaps);
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
