/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The properties of AWS::IVS::RecordingConfiguration and what each takes. The
 * table is CloudFormation's resource schema, and what the API asks for besides.
 */
#include "input/cfn_schema.h"

#include <string.h>

#include "base/text.h"
#include "model/number.h"

const struct cfn_property cfn_recording_properties[CFN_N_RECORDING_PROPERTIES] = {
	{ "Arn", FIELD_ARN, -1, P_STRING, P_READ_ONLY, 0, 0, NULL, false },
	{ "State", FIELD_STATE, -1, P_STRING, P_READ_ONLY, 0, 0, NULL, false },
	{ "Name", FIELD_NAME, -1, P_STRING, 0, 0, 128, "-_", false },
	{ "DestinationConfiguration", FIELD_DESTINATION, -1, P_OBJECT, P_REQUIRED, 0, 0, NULL,
	  false },
	/* the schema lets it pass; the API takes "one and only one type", and there is one */
	{ "DestinationConfiguration.S3", FIELD_DESTINATION_S3, 3, P_OBJECT, P_REQUIRED, 0, 0, NULL,
	  false },
	{ "DestinationConfiguration.S3.BucketName", FIELD_BUCKET_NAME, 4, P_STRING, P_REQUIRED, 3,
	  63, "-.", true },
	{ "RecordingReconnectWindowSeconds", FIELD_RECONNECT_WINDOW, -1, P_NUMBER, 0, 0, 300, NULL,
	  false },
	{ "ThumbnailConfiguration", FIELD_THUMBNAIL, -1, P_OBJECT, 0, 0, 0, NULL, false },
	{ "ThumbnailConfiguration.RecordingMode", FIELD_THUMBNAIL_MODE, 7, P_STRING, 0, 0, 0, NULL,
	  false },
	{ "ThumbnailConfiguration.TargetIntervalSeconds", FIELD_THUMBNAIL_INTERVAL, 7, P_NUMBER, 0,
	  1, 60, NULL, false },
	{ "ThumbnailConfiguration.Resolution", FIELD_THUMBNAIL_RESOLUTION, 7, P_STRING, 0, 0, 0,
	  NULL, false },
	{ "ThumbnailConfiguration.Storage", FIELD_THUMBNAIL_STORAGE, 7, P_STRINGS, 0, 0, 2, NULL,
	  false },
	{ "RenditionConfiguration", FIELD_RENDITION, -1, P_OBJECT, 0, 0, 0, NULL, false },
	{ "RenditionConfiguration.RenditionSelection", FIELD_RENDITION_SELECTION, 12, P_STRING, 0,
	  0, 0, NULL, false },
	{ "RenditionConfiguration.Renditions", FIELD_RENDITIONS, 12, P_STRINGS, 0, 0, 4, NULL,
	  false },
	{ "Tags", FIELD_TAGS, -1, P_TAGS, 0, 0, 50, NULL, false },
};

/* ---- types --------------------------------------------------------------------- */

static bool allowed_chars(struct str s, const struct cfn_property *p)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c = s.data[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (!p->lower && c >= 'A' && c <= 'Z') ||
		    (c != '\0' && strchr(p->chars, c) != NULL))
			continue;
		return false;
	}
	return true;
}

static void check_enumeration(struct cfn_filling *f, size_t i, struct str s)
{
	const char *values = field_table[cfn_recording_properties[i].field].values, *names[16];
	char *p, *bar;
	size_t n = 0;

	if (values == NULL || field_allows(values, s))
		return;
	p = arena_strdup(f->t->arena, values);
	while (n < sizeof(names) / sizeof(*names)) {
		names[n++] = p;
		if ((bar = strchr(p, '|')) == NULL)
			break;
		*bar = '\0';
		p = bar + 1;
	}
	cfn_mistake(f, cfn_recording_properties[i].path, f->place[i], "%s is none of %s%s",
		    cfn_quoted(f->t->arena, s), values, cfn_guess(f, s, names, n));
}

static void check_string(struct cfn_filling *f, size_t i, struct str s)
{
	const struct cfn_property *p = &cfn_recording_properties[i];
	size_t length = text_length(s);

	check_enumeration(f, i, s);
	if (p->chars == NULL)
		return;
	if (length < (size_t)p->least || length > (size_t)p->most)
		cfn_mistake(f, p->path, f->place[i],
			    "it has %zu characters, and %d to %d are allowed", length, p->least,
			    p->most);
	if (!allowed_chars(s, p))
		cfn_mistake(f, p->path, f->place[i],
			    "%s holds other characters than %s, digits and %c %c",
			    cfn_quoted(f->t->arena, s), p->lower ? "small letters" : "letters",
			    p->chars[0], p->chars[1]);
}

static struct value take_string(struct cfn_filling *f, size_t i)
{
	const struct value *v = &f->found[i];
	struct value made;
	struct str s;

	if (!cfn_text(f->t->arena, v, &s)) {
		cfn_wrong_type(f, i, "a string");
		return cfn_useless(f, i);
	}
	check_string(f, i, s);
	made = value_of_str(s);
	made.place = v->place;
	return made;
}

/* CloudFormation takes numbers as texts too. */
static struct value take_number(struct cfn_filling *f, size_t i)
{
	const struct cfn_property *p = &cfn_recording_properties[i];
	const struct value *v = &f->found[i];
	struct value made;
	struct number n;
	struct str s;

	if (v->kind == VALUE_BOOLEAN || !cfn_text(f->t->arena, v, &s) || !number_parse(s, &n)) {
		if (v->kind == VALUE_STRING)
			cfn_mistake(f, p->path, f->place[i], "it takes a number, and this is %s",
				    cfn_shown(f, v));
		else
			cfn_wrong_type(f, i, "a number");
		return cfn_useless(f, i);
	}
	made = value_of_number(n);
	made.place = v->place;
	if (n.exponent < 0)
		cfn_mistake(f, p->path, f->place[i], "it takes a whole number, and this is %s",
			    cfn_shown(f, &made));
	else if (number_compare(n, number_of_int(p->least)) < 0)
		cfn_mistake(f, p->path, f->place[i], "%s is below the minimum %d",
			    cfn_shown(f, &made), p->least);
	else if (number_compare(n, number_of_int(p->most)) > 0)
		cfn_mistake(f, p->path, f->place[i], "%s is above the maximum %d",
			    cfn_shown(f, &made), p->most);
	return made;
}

static struct value take_strings(struct cfn_filling *f, size_t i)
{
	const struct value *v = &f->found[i];
	struct value *items, one, made = *v;
	uint32_t k, m;
	struct str s;

	if (v->kind != VALUE_LIST) {
		cfn_wrong_type(f, i, "a list");
		return cfn_useless(f, i);
	}
	if (v->n > LIMIT_LIST)
		return cfn_useless(f, i);
	items = ARENA_ARRAY(f->t->arena, v->n, struct value);
	made.flags = 0;
	made.n = 0;
	for (k = 0; k < v->n; k++) {
		/* there may be more than those that are there whatever is decided */
		if (cfn_may_be_absent(&v->items[k])) {
			made.flags = VALUE_OPEN;
			continue;
		}
		if (v->items[k].kind == VALUE_UNKNOWN) {
			items[made.n++] = v->items[k];
			continue;
		}
		if (!cfn_text(f->t->arena, &v->items[k], &s)) {
			cfn_mistake(f, cfn_recording_properties[i].path, f->place[i],
				    "its members are strings, and one is %s",
				    value_kind_name((enum value_kind)v->items[k].kind));
			return cfn_useless(f, i);
		}
		check_enumeration(f, i, s);
		one = value_of_str(s);
		one.place = v->items[k].place;
		for (m = 0; m < made.n; m++)
			if (value_equal(&items[m], &one))
				cfn_mistake(f, cfn_recording_properties[i].path, f->place[i],
					    "%s is there twice", cfn_quoted(f->t->arena, s));
		items[made.n++] = one;
	}
	if (made.n > (uint32_t)cfn_recording_properties[i].most)
		cfn_mistake(f, cfn_recording_properties[i].path, f->place[i],
			    "it has %u members, and at most %d are allowed", (unsigned)made.n,
			    cfn_recording_properties[i].most);
	made.items = items;
	return made;
}

/* ---- tags ------------------------------------------------------------------------ */

/* A tag's Key or Value: UNKNOWN where it is not known, ABSENT where it is missing
 * or wrong, which is told. */
static struct value tag_part(struct cfn_filling *f, size_t i, const struct value *tag,
			     const char *key)
{
	struct value v = cfn_member(f->t->arena, tag, key), made;
	struct str s;

	if (v.kind == VALUE_UNKNOWN)
		return v;
	if (v.kind == VALUE_ABSENT || v.kind == VALUE_NULL) {
		cfn_mistake(f, cfn_recording_properties[i].path, tag->place, "a tag without '%s'",
			    key);
		return (struct value){ 0 };
	}
	if (!cfn_text(f->t->arena, &v, &s)) {
		cfn_mistake(f, cfn_recording_properties[i].path, tag->place,
			    "'%s' of a tag is a string, and this is %s", key,
			    value_kind_name((enum value_kind)v.kind));
		return (struct value){ 0 };
	}
	made = value_of_str(s);
	made.place = v.place;
	return made;
}

static void tag_strangers(struct cfn_filling *f, size_t i, const struct value *tag)
{
	static const char *const names[] = { "Key", "Value" };
	uint32_t k;

	for (k = 0; tag->kind == VALUE_MAP && k < tag->n; k++)
		if (!str_is(tag->entries[k].key, "Key") && !str_is(tag->entries[k].key, "Value"))
			cfn_mistake(f, cfn_recording_properties[i].path, tag->entries[k].key_place,
				    "there is no property %s of a tag%s",
				    cfn_quoted(f->t->arena, tag->entries[k].key),
				    cfn_guess(f, tag->entries[k].key, names, 2));
}

/* [{Key: k, Value: v}] is {k: v}. */
static struct value take_tags(struct cfn_filling *f, size_t i)
{
	const struct value *v = &f->found[i];
	const char *open = NULL; /* why there may be more tags */
	struct entry *entries;
	struct value key, value, made;
	uint32_t k, m, n = 0;

	if (v->kind == VALUE_MAP) {
		cfn_mistake(f, cfn_recording_properties[i].path, f->place[i],
			    "it takes a list of {Key, Value}, and this is a map");
		return cfn_useless(f, i);
	}
	if (v->kind != VALUE_LIST) {
		cfn_wrong_type(f, i, "a list of {Key, Value}");
		return cfn_useless(f, i);
	}
	if (v->n > LIMIT_TAGS)
		return cfn_useless(f, i);
	entries = ARENA_ARRAY(f->t->arena, v->n, struct entry);
	for (k = 0; k < v->n; k++) {
		const struct value *tag = &v->items[k];

		if (tag->kind == VALUE_UNKNOWN) {
			open = tag->why;
			continue;
		}
		if (tag->kind != VALUE_MAP) {
			cfn_mistake(f, cfn_recording_properties[i].path, tag->place,
				    "a tag is {Key, Value}, and this is %s",
				    value_kind_name((enum value_kind)tag->kind));
			continue;
		}
		tag_strangers(f, i, tag);
		key = tag_part(f, i, tag, "Key");
		value = tag_part(f, i, tag, "Value");
		if (key.kind == VALUE_UNKNOWN)
			open = key.why;
		if (key.kind != VALUE_STRING || value.kind == VALUE_ABSENT)
			continue;
		for (m = 0; m < n && !str_equal(entries[m].key, value_str(&key)); m++)
			;
		if (m < n) {
			cfn_mistake(f, cfn_recording_properties[i].path, tag->place,
				    "the key %s is there twice",
				    cfn_quoted(f->t->arena, value_str(&key)));
			continue;
		}
		entries[n++] = (struct entry){ value_str(&key), key.place, value };
	}
	if (v->n > (uint32_t)cfn_recording_properties[i].most)
		cfn_mistake(f, cfn_recording_properties[i].path, f->place[i],
			    "%u tags, and at most %d are allowed", (unsigned)v->n,
			    cfn_recording_properties[i].most);
	made = (struct value){ .kind = VALUE_MAP, .n = n, .place = v->place, .entries = entries };
	/* the reason is said where no tag is known at all */
	if (open != NULL && n > 0) {
		made.flags = VALUE_OPEN;
	} else if (open != NULL) {
		made = value_unknown(open);
		made.place = v->place;
	}
	return made;
}

struct value cfn_take(struct cfn_filling *f, size_t i)
{
	switch (cfn_recording_properties[i].type) {
	case P_STRING:
		return take_string(f, i);
	case P_NUMBER:
		return take_number(f, i);
	case P_STRINGS:
		return take_strings(f, i);
	case P_TAGS:
		return take_tags(f, i);
	default: /* an object: it is its members */
		return f->found[i];
	}
}
