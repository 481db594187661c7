/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties of AWS::IVS::Channel to what rules name. Knows their names and
 * types; who uses whom is cfn_relate.c's.
 */
#include "input/cfn_channel.h"

#include <string.h>

#include "base/text.h"
#include "input/cfn_tags.h"

struct value cfn_properties(struct cfn_resource *r)
{
	const struct value *v = cfn_get(r, "Properties");

	return v != NULL ? cfn_eval(r->in, v, r->named.scope)
			 : (struct value){ .kind = VALUE_MAP, .place = r->named.place };
}

enum channel_type { C_TEXT, C_BOOLEAN, C_TAGS };

/* A property, the member of `channels` that it is, and the field of a channel. */
struct channel_property {
	const char *property, *member;
	int field;
	enum channel_type type;
};

static const struct channel_property properties_of_channel[] = {
	{ "Name", "name", FIELD_NAME, C_TEXT },
	{ "Type", "type", FIELD_CHANNEL_TYPE, C_TEXT },
	{ "LatencyMode", "latencyMode", FIELD_CHANNEL_LATENCY, C_TEXT },
	{ "ContainerFormat", "containerFormat", FIELD_CHANNEL_CONTAINER, C_TEXT },
	{ "InsecureIngest", "insecureIngest", FIELD_CHANNEL_INSECURE, C_BOOLEAN },
	{ "Authorized", "authorized", FIELD_CHANNEL_AUTHORIZED, C_BOOLEAN },
	{ "Preset", "preset", FIELD_CHANNEL_PRESET, C_TEXT },
	{ "Tags", "tags", FIELD_TAGS, C_TAGS },
	{ "RecordingConfigurationArn", "recordingConfigurationArn", FIELD_CHANNEL_RECORDING,
	  C_TEXT },
};
static const struct channel_property properties_of_multitrack[] = {
	{ "Enabled", "enabled", FIELD_CHANNEL_MULTITRACK_ENABLED, C_BOOLEAN },
	{ "Policy", "policy", FIELD_CHANNEL_MULTITRACK_POLICY, C_TEXT },
	{ "MaximumResolution", "maximumResolution", FIELD_CHANNEL_MULTITRACK_RESOLUTION, C_TEXT },
};
#define N_OF_CHANNEL    (sizeof(properties_of_channel) / sizeof(*properties_of_channel))
#define N_OF_MULTITRACK (sizeof(properties_of_multitrack) / sizeof(*properties_of_multitrack))

/* ---- values ------------------------------------------------------------------------- */

/* One of a few is of a few. */
static struct value boolean_of_some(struct arena *a, const struct value *v,
				    const struct cfn_unknown *u)
{
	struct value *items = ARENA_ARRAY(a, u->n_may, struct value);
	uint32_t i;

	for (i = 0; i < u->n_may; i++)
		items[i] = cfn_unknown_of(&u->may[i]) != NULL ? value_unknown(u->may[i].why)
							      : cfn_as_boolean(a, &u->may[i]);
	return cfn_one_of(a, items, u->n_may, v->why);
}

struct value cfn_as_boolean(struct arena *a, const struct value *v)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	struct value made = *v;

	if (u != NULL) {
		made = u->n_may != 0 ? boolean_of_some(a, v, u) : value_unknown(u->why);
	} else if (v->kind == VALUE_STRING) {
		if (text_equal_nocase_ascii(value_str(v), STR("true")) ||
		    str_is(value_str(v), "yes") || str_is(value_str(v), "on"))
			made = value_of_boolean(true);
		else if (text_equal_nocase_ascii(value_str(v), STR("false")) ||
			 str_is(value_str(v), "no") || str_is(value_str(v), "off"))
			made = value_of_boolean(false);
		else
			made = value_unknown("it is neither true nor false in the template");
	}
	made.place = v->place;
	return made;
}

struct value cfn_as_text(struct arena *a, const struct value *v)
{
	struct value made = *v;
	struct str s;

	if (cfn_text(a, v, &s))
		made = value_of_str(s);
	else if (v->kind == VALUE_LIST || v->kind == VALUE_MAP)
		made = value_unknown("it is no text in the template");
	made.place = v->place;
	return cfn_plain(a, &made);
}

static struct value as_tags(struct arena *a, const struct value *v);

/* One of a few lists is one of a few maps. */
static struct value tags_of_some(struct arena *a, const struct value *v)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	struct value *items, made = value_unknown(v->why);
	uint32_t i;

	if (u != NULL && u->n_may != 0) {
		items = ARENA_ARRAY(a, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			items[i] = as_tags(a, &u->may[i]);
		made = cfn_one_of(a, items, u->n_may, v->why);
	}
	made.place = v->place;
	return made;
}

/* [{Key, Value}] as a map; unknown where any is. */
static struct value as_tags(struct arena *a, const struct value *v)
{
	struct value made = { .kind = VALUE_MAP, .place = v->place };
	struct entry *entries;
	uint32_t i;

	if (v->kind == VALUE_UNKNOWN)
		return tags_of_some(a, v);
	if (v->kind != VALUE_LIST)
		return cfn_plain(a, v);
	entries = ARENA_ARRAY(a, v->n, struct entry);
	for (i = 0; i < v->n; i++) {
		struct value key = cfn_member(a, &v->items[i], "Key"),
			     value = cfn_member(a, &v->items[i], "Value");

		if (key.kind != VALUE_STRING) {
			made = value_unknown(key.kind == VALUE_UNKNOWN
						 ? key.why
						 : "a tag is not written as it has to be");
			made.place = v->place;
			return made;
		}
		entries[made.n++] =
		    (struct entry){ value_str(&key), key.place, cfn_as_text(a, &value) };
	}
	made.entries = entries;
	return made;
}

void cfn_put_member(struct entry *entries, uint32_t *n, const char *name, struct place place,
		    struct value v)
{
	if (v.kind == VALUE_ABSENT || v.kind == VALUE_NULL)
		return;
	entries[(*n)++] = (struct entry){ str_of(name), place, v };
}

/* A property of the channel, or of what it has for multitrack input, as rules know it. */
static struct value property(const struct cfn_resource *channel, const struct value *map,
			     const struct channel_property *p)
{
	struct arena *a = channel->in->arena;
	struct value v = cfn_member(a, map, p->property);
	const struct value *fallback = field_fallback(p->field);

	/* where it may be absent, it may have the API's default */
	if (fallback != NULL)
		v = cfn_or(a, &v, fallback);
	switch (p->type) {
	case C_TEXT:
		return cfn_as_text(a, &v);
	case C_BOOLEAN:
		v = cfn_as_boolean(a, &v);
		return cfn_plain(a, &v);
	case C_TAGS:
		v = as_tags(a, &v);
		v = cfn_with_stack_tags(channel->in, &v, channel->named.place);
		return cfn_plain(a, &v);
	}
	return v;
}

/* ---- as a member of a list -------------------------------------------------------------- */

static struct value multitrack(const struct cfn_resource *channel, const struct value *v)
{
	struct arena *a = channel->in->arena;
	struct entry *entries = ARENA_ARRAY(a, N_OF_MULTITRACK, struct entry);
	struct value made = { .kind = VALUE_MAP, .place = v->place, .entries = entries };
	size_t i;

	if (v->kind == VALUE_UNKNOWN) { /* what it may be is written in another way */
		made = value_unknown(v->why);
		made.place = v->place;
		return made;
	}
	if (v->kind != VALUE_MAP)
		return cfn_plain(a, v);
	for (i = 0; i < N_OF_MULTITRACK; i++)
		cfn_put_member(entries, &made.n, properties_of_multitrack[i].member, v->place,
			       property(channel, v, &properties_of_multitrack[i]));
	return made;
}

struct value cfn_channel_object(const struct cfn_resource *channel, const struct value *properties)
{
	struct arena *a = channel->in->arena;
	struct entry *entries = ARENA_ARRAY(a, N_OF_CHANNEL + 2, struct entry);
	struct value made = { .kind = VALUE_MAP,
			      .place = channel->named.place,
			      .entries = entries };
	struct value member;
	size_t i;

	if (properties->kind == VALUE_UNKNOWN)
		return cfn_plain(a, properties);
	member = value_unknown("it is known after the deploy");
	member.place = made.place;
	cfn_put_member(entries, &made.n, "arn", made.place, member);
	for (i = 0; i < N_OF_CHANNEL; i++)
		cfn_put_member(entries, &made.n, properties_of_channel[i].member, made.place,
			       property(channel, properties, &properties_of_channel[i]));
	member = cfn_member(a, properties, "MultitrackInputConfiguration");
	cfn_put_member(entries, &made.n, "multitrackInputConfiguration", made.place,
		       multitrack(channel, &member));
	return resource_member(&made, "channels[*]", a);
}

/* ---- as a resource ------------------------------------------------------------------------ */

static void fill(const struct cfn_resource *channel, const struct value *map,
		 const struct channel_property *list, size_t n, struct resource *row)
{
	struct value v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = property(channel, map, &list[i]);
		if (v.kind > VALUE_NULL)
			row->slots[list[i].field] = v;
	}
}

static void fill_multitrack(const struct cfn_resource *channel, const struct value *v,
			    struct resource *row)
{
	struct value *slot = &row->slots[FIELD_CHANNEL_MULTITRACK];

	if (v->kind <= VALUE_NULL)
		return;
	if (v->kind != VALUE_MAP) {
		*slot = v->kind == VALUE_UNKNOWN ? value_unknown(v->why)
						 : value_unknown("it is no map in the template");
		slot->place = v->place;
		return;
	}
	*slot = (struct value){ .kind = VALUE_MAP, .flags = VALUE_WRITTEN, .place = v->place };
	fill(channel, v, properties_of_multitrack, N_OF_MULTITRACK, row);
}

void cfn_channel_fill(struct cfn_resource *channel, enum cfn_truth exists, const char *why,
		      struct resource *row)
{
	struct arena *a = channel->in->arena;
	struct value properties = cfn_properties(channel), v;

	cfn_fill_around(channel->in, channel, exists, why, row);
	fill(channel, &properties, properties_of_channel, N_OF_CHANNEL, row);
	v = cfn_member(a, &properties, "MultitrackInputConfiguration");
	fill_multitrack(channel, &v, row);
}
