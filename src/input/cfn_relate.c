/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands beside a recording configuration in its templates: the channels
 * that use it, and the bucket that it records to.
 */
#include "input/cfn_channel.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct relations_bucket {
	struct cfn_resource *bucket;
	struct value name;
	struct value properties; /* evaluated */
	bool evaluated;
};

struct relations_channel {
	struct cfn_resource *channel;
	struct value arn; /* of the configuration that it uses */
	struct value properties;
	enum cfn_truth exists;
	const char *why;
};

/* All that the templates of a set hold, once. */
struct cfn_relations {
	struct relations_bucket *buckets;
	struct relations_channel *channels;
	size_t n_buckets, n_channels;
	struct relations_names *names; /* of each template */
	size_t n_names;
};

/* Names that anything but a channel's RecordingConfigurationArn refers to. */
struct relations_names {
	const struct cfn *in;
	struct str *list;
	size_t n, cap;
};

/* ---- who refers to what ------------------------------------------------------ */

static void refer_to(struct arena *a, struct relations_names *names, struct str name)
{
	struct str *grown;

	if (names->n == names->cap) {
		names->cap = names->cap != 0 ? names->cap * 2 : 64;
		grown = ARENA_ARRAY(a, names->cap, struct str);
		if (names->n > 0)
			memcpy(grown, names->list, names->n * sizeof(*grown));
		names->list = grown;
	}
	names->list[names->n++] = name;
}

static struct str before(struct str s, char end)
{
	const char *p = memchr(s.data, end, s.len);

	if (p != NULL)
		s.len = (size_t)(p - s.data);
	return s;
}

/* ${Name} and ${Name.Attribute} */
static void find_in_text(struct arena *a, struct relations_names *names, struct str s)
{
	const char *p = s.data, *end = s.data + s.len;

	for (; end - p > 3 && (p = memchr(p, '$', (size_t)(end - p))) != NULL && end - p > 3; p++)
		if (p[1] == '{')
			refer_to(
			    a, names,
			    before(before((struct str){ p + 2, (size_t)(end - p - 2) }, '}'), '.'));
}

static void find_references(struct arena *a, struct relations_names *names, const struct value *v)
{
	uint32_t i;

	if (v->kind == VALUE_STRING)
		find_in_text(a, names, value_str(v));
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		find_references(a, names, &v->items[i]);
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++) {
		const struct entry *e = &v->entries[i];
		const struct value *to = &e->value;

		if (str_is(e->key, "Fn::GetAtt") && to->kind == VALUE_LIST && to->n > 0)
			to = &to->items[0];
		if ((str_is(e->key, "Ref") || str_is(e->key, "Fn::GetAtt")) &&
		    to->kind == VALUE_STRING)
			refer_to(a, names, before(value_str(to), '.'));
		/* the channel's own use of it is told by itself */
		if (!str_is(e->key, "RecordingConfigurationArn"))
			find_references(a, names, &e->value);
	}
}

static int compare_strs(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static bool is_referred(const struct cfn_relations *all, const struct cfn_resource *r)
{
	const struct str name = r->named.name;
	size_t i;

	for (i = 0; i < all->n_names && all->names[i].in != r->in; i++)
		;
	return i < all->n_names && all->names[i].n > 0 &&
	       bsearch(&name, all->names[i].list, all->names[i].n, sizeof(name), compare_strs) !=
		   NULL;
}

/* ---- gathering --------------------------------------------------------------------- */

static void add_channel(struct cfn_relations *all, struct cfn_resource *r)
{
	struct relations_channel *c = &all->channels[all->n_channels];

	*c = (struct relations_channel){ .channel = r };
	c->exists = cfn_exists(r->in, r, &c->why);
	if (c->exists == CFN_FALSE)
		return;
	c->properties = cfn_properties(r);
	c->arn = cfn_member(r->in->arena, &c->properties, "RecordingConfigurationArn");
	all->n_channels++;
}

static struct cfn_relations *gather(struct cfn_set *set)
{
	struct arena *a = set->list[0]->arena;
	struct cfn_relations *all = ARENA_NEW(a, struct cfn_relations);
	size_t i, k, channels = 0, buckets = 0;
	const char *why;

	for (i = 0; i < set->n; i++)
		for (k = 0; k < set->list[i]->n_resources; k++) {
			channels += str_is(set->list[i]->resources[k].type, CFN_CHANNEL);
			buckets += str_is(set->list[i]->resources[k].type, CFN_BUCKET);
		}
	all->names = ARENA_ARRAY(a, set->n, struct relations_names);
	all->n_names = set->n;
	all->channels = ARENA_ARRAY(a, channels, struct relations_channel);
	all->buckets = ARENA_ARRAY(a, buckets, struct relations_bucket);
	for (i = 0; i < set->n; i++) {
		struct cfn *t = set->list[i];

		all->names[i].in = t;
		find_references(a, &all->names[i], &t->root);
		if (all->names[i].n > 1)
			qsort(all->names[i].list, all->names[i].n, sizeof(struct str),
			      compare_strs);
		for (k = 0; k < t->n_resources; k++) {
			struct cfn_resource *r = &t->resources[k];

			if (str_is(r->type, CFN_CHANNEL))
				add_channel(all, r);
			else if (str_is(r->type, CFN_BUCKET) && cfn_exists(t, r, &why) != CFN_FALSE)
				all->buckets[all->n_buckets++] =
				    (struct relations_bucket){ .bucket = r,
							       .name = cfn_bucket_name(t, r) };
		}
	}
	return all;
}

/* What stands in another template is told where the recording configuration is. */
static struct value moved(struct arena *a, const struct value *v, struct place place)
{
	struct value copy = *v, *items;
	struct entry *entries;
	uint32_t i;

	copy.place = place;
	if (v->kind == VALUE_LIST) {
		items = ARENA_ARRAY(a, v->n, struct value);
		for (i = 0; i < v->n; i++)
			items[i] = moved(a, &v->items[i], place);
		copy.items = items;
	} else if (v->kind == VALUE_MAP) {
		entries = ARENA_ARRAY(a, v->n, struct entry);
		for (i = 0; i < v->n; i++)
			entries[i] = (struct entry){ v->entries[i].key, place,
						     moved(a, &v->entries[i].value, place) };
		copy.entries = entries;
	}
	return copy;
}

/* ---- channels ------------------------------------------------------------------------ */

/* Whether a value stands for a resource. */
static enum cfn_truth stands_for(const struct value *v, const struct cfn_resource *r)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	uint32_t i;

	if (u == NULL)
		return CFN_FALSE;
	if (u->of == r)
		return CFN_TRUE;
	for (i = 0; i < u->n_may; i++)
		if (stands_for(&u->may[i], r) != CFN_FALSE)
			return CFN_UNKNOWN;
	return CFN_FALSE;
}

static struct value channel_of(const struct relations_channel *c, const struct cfn_resource *r)
{
	struct value v = cfn_channel_object(c->channel, &c->properties);

	return c->channel->in == r->in ? v : moved(r->in->arena, &v, r->named.place);
}

static struct value channels_of(struct cfn_relations *all, struct cfn_resource *r)
{
	struct arena *a = r->in->arena;
	struct value *items = ARENA_ARRAY(a, all->n_channels, struct value);
	const char *unsure = NULL;
	struct value made;
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < all->n_channels; i++) {
		const struct relations_channel *c = &all->channels[i];
		enum cfn_truth uses = stands_for(&c->arn, r);

		if (uses == CFN_FALSE)
			continue;
		if (uses == CFN_UNKNOWN)
			unsure = c->arn.why;
		else if (c->exists == CFN_UNKNOWN)
			unsure = c->why;
		else
			items[n++] = channel_of(c, r);
	}
	if (n == 0 && unsure == NULL && is_referred(all, r))
		unsure = "no channel of the templates uses it, and something else refers to it";
	made =
	    (struct value){ .kind = VALUE_LIST, .n = n, .place = r->named.place, .items = items };
	if (unsure != NULL && n > 0) {
		made.flags = VALUE_OPEN;
	} else if (unsure != NULL) {
		made = value_unknown(unsure);
		made.place = r->named.place;
	}
	return made;
}

/* ---- the bucket ------------------------------------------------------------------------ */

/* The bucket that a name is of, or NULL. */
static struct relations_bucket *find_bucket(struct arena *a, struct cfn_relations *all,
					    const struct value *name)
{
	const struct cfn_unknown *u = cfn_unknown_of(name);
	size_t i;

	for (i = 0; i < all->n_buckets; i++)
		if (u != NULL && u->of != NULL && u->of == all->buckets[i].bucket)
			return &all->buckets[i];
	for (i = 0; i < all->n_buckets; i++)
		if (cfn_equal(a, name, &all->buckets[i].name) == CFN_TRUE)
			return &all->buckets[i];
	return NULL;
}

/* Down a path of names and of 0 for the first member of a list. */
static struct value dig(struct arena *a, const struct value *v, const char *const *path)
{
	struct value at = *v;

	for (; *path != NULL && at.kind != VALUE_ABSENT; path++) {
		if (**path != '0') {
			at = cfn_member(a, &at, *path);
		} else if (at.kind == VALUE_LIST) {
			at = at.n > 0 ? at.items[0] : (struct value){ .place = at.place };
		} else if (at.kind != VALUE_UNKNOWN) {
			at = (struct value){ .place = at.place };
		}
	}
	return at;
}

/* A slot of the bucket: absent means looked for, and not there. */
static void put_slot(struct resource *row, int field, struct value v, struct place place)
{
	if (v.kind == VALUE_ABSENT || v.kind == VALUE_NULL)
		v = (struct value){ .kind = VALUE_NULL };
	if (v.kind == VALUE_NULL || (v.place.line == 0 && v.place.column == 0))
		v.place = place;
	row->slots[field] = v;
}

static struct value all_blocked(struct arena *a, const struct value *properties)
{
	static const char *const names[] = { "BlockPublicAcls", "BlockPublicPolicy",
					     "IgnorePublicAcls", "RestrictPublicBuckets" };
	struct value block = cfn_member(a, properties, "PublicAccessBlockConfiguration"), one,
		     made = value_of_boolean(true);
	size_t i;

	if (block.kind != VALUE_MAP)
		return block;
	for (i = 0; i < 4; i++) {
		one = cfn_member(a, &block, names[i]);
		one = cfn_as_boolean(a, &one);
		if (one.kind == VALUE_UNKNOWN && made.kind == VALUE_BOOLEAN)
			made = cfn_plain(a, &one);
		if (one.kind == VALUE_ABSENT || (one.kind == VALUE_BOOLEAN && !one.boolean)) {
			made = value_of_boolean(false);
			break;
		}
	}
	made.place = block.place;
	return made;
}

static struct value as_number(struct arena *a, const struct value *v)
{
	struct value made = *v;
	struct number n;
	struct str s;

	if (v->kind == VALUE_STRING && cfn_text(a, v, &s))
		made = number_parse(s, &n) ? value_of_number(n)
					   : value_unknown("it is no number in the template");
	made.place = v->place;
	return cfn_plain(a, &made);
}

static struct value lifecycle_rule(struct arena *a, const struct value *rule)
{
	static const struct {
		const char *member, *path[3];
		bool number;
	} rows[] = {
		{ "id", { "Id", NULL, NULL }, false },
		{ "status", { "Status", NULL, NULL }, false },
		{ "prefix", { "Prefix", NULL, NULL }, false },
		{ "expirationDays", { "ExpirationInDays", NULL, NULL }, true },
		{ "noncurrentExpirationDays",
		  { "NoncurrentVersionExpiration", "NoncurrentDays", NULL },
		  true },
		{ "noncurrentExpirationDays",
		  { "NoncurrentVersionExpirationInDays", NULL, NULL },
		  true },
		{ "abortUploadsDays",
		  { "AbortIncompleteMultipartUpload", "DaysAfterInitiation", NULL },
		  true },
	};
	static const char *const narrowing[] = { "TagFilters", "ObjectSizeGreaterThan",
						 "ObjectSizeLessThan" };
	struct entry *entries = ARENA_ARRAY(a, 12, struct entry);
	struct value made = { .kind = VALUE_MAP, .place = rule->place, .entries = entries }, v;
	size_t i;

	if (rule->kind != VALUE_MAP)
		return cfn_plain(a, rule);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		v = dig(a, rule, rows[i].path);
		v = rows[i].number ? as_number(a, &v) : cfn_as_text(a, &v);
		if (value_get(&made, str_of(rows[i].member)) == NULL)
			cfn_put_member(entries, &made.n, rows[i].member, v.place, v);
	}
	for (i = 0; i < 3; i++)
		if (value_get(rule, str_of(narrowing[i])) != NULL) {
			v = value_of_boolean(true);
			v.place = rule->place;
			cfn_put_member(entries, &made.n, "narrowed", rule->place, v);
			break;
		}
	v = cfn_member(a, rule, "Transitions");
	if (v.kind == VALUE_LIST && v.n > 0)
		v = v.items[0];
	else if (v.kind != VALUE_UNKNOWN)
		v = cfn_member(a, rule, "Transition");
	if (v.kind == VALUE_MAP || v.kind == VALUE_UNKNOWN) {
		struct value days = cfn_member(a, &v, "TransitionInDays"),
			     class = cfn_member(a, &v, "StorageClass");

		cfn_put_member(entries, &made.n, "transitionDays", days.place, as_number(a, &days));
		cfn_put_member(entries, &made.n, "transitionClass", class.place,
			       cfn_as_text(a, &class));
	}
	return resource_member(&made, "bucket.lifecycle[*]", a);
}

static struct value lifecycle(struct arena *a, const struct value *properties)
{
	static const char *const path[] = { "LifecycleConfiguration", "Rules", NULL };
	struct value rules = dig(a, properties, path), *items, made;
	uint32_t i;

	if (rules.kind != VALUE_LIST)
		return cfn_plain(a, &rules);
	items = ARENA_ARRAY(a, rules.n, struct value);
	for (i = 0; i < rules.n; i++)
		items[i] = lifecycle_rule(a, &rules.items[i]);
	made = rules;
	made.items = items;
	return made;
}

static void fill_bucket(struct relations_bucket *b, struct resource *row)
{
	static const char *const encryption[] = { "BucketEncryption",
						  "ServerSideEncryptionConfiguration",
						  "0",
						  "ServerSideEncryptionByDefault",
						  "SSEAlgorithm",
						  NULL };
	static const char *const versioning[] = { "VersioningConfiguration", "Status", NULL };
	static const char *const ownership[] = { "OwnershipControls", "Rules", "0",
						 "ObjectOwnership", NULL };
	struct cfn *t = b->bucket->in;
	struct arena *a = t->arena;
	struct place place = b->bucket->named.place;
	struct value v, *p = &b->properties;

	if (!b->evaluated) {
		b->properties = cfn_properties(b->bucket);
		b->evaluated = true;
	}
	v = t->stack.region.len > 0 ? value_of_str(t->stack.region)
				    : value_unknown("AWS::Region is not known before the deploy; "
						    "--region gives it");
	put_slot(row, FIELD_BUCKET_REGION, v, place);
	v = dig(a, p, encryption);
	put_slot(row, FIELD_BUCKET_ENCRYPTION, cfn_as_text(a, &v), place);
	v = dig(a, p, versioning);
	put_slot(row, FIELD_BUCKET_VERSIONING, cfn_as_text(a, &v), place);
	v = dig(a, p, ownership);
	put_slot(row, FIELD_BUCKET_OWNERSHIP, cfn_as_text(a, &v), place);
	put_slot(row, FIELD_BUCKET_PUBLIC_ACCESS, all_blocked(a, p), place);
	put_slot(row, FIELD_BUCKET_LIFECYCLE, lifecycle(a, p), place);
}

/* ---- both ---------------------------------------------------------------------------------- */

#define BUCKET_FIELDS CFN_BUCKET_FIELDS

/* The name of the bucket as the template has it, with what it stands for. */
static struct value bucket_name(struct cfn_resource *r)
{
	static const char *const path[] = { "DestinationConfiguration", "S3", "BucketName", NULL };
	struct value properties = cfn_properties(r);

	return dig(r->in->arena, &properties, path);
}

void cfn_relate(struct cfn_set *set, struct cfn_resource *r, struct resource *row, field_set needs)
{
	struct relations_bucket *bucket;
	struct value name;
	int field;

	if ((needs & (BUCKET_FIELDS | FIELD_BIT(FIELD_CHANNELS))) == 0)
		return;
	if (set->relations == NULL)
		set->relations = gather(set);
	if ((needs & FIELD_BIT(FIELD_CHANNELS)) != 0)
		row->slots[FIELD_CHANNELS] = channels_of(set->relations, r);
	if ((needs & BUCKET_FIELDS) == 0 || set->relations->n_buckets == 0)
		return;
	name = bucket_name(r);
	bucket = find_bucket(r->in->arena, set->relations, &name);
	if (bucket == NULL)
		return;
	fill_bucket(bucket, row);
	for (field = 0; bucket->bucket->in != r->in && field < N_FIELDS; field++)
		if ((BUCKET_FIELDS & FIELD_BIT(field)) != 0)
			row->slots[field] = moved(r->in->arena, &row->slots[field], name.place);
}
