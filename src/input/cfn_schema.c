/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The properties of AWS::IVS::RecordingConfiguration: into slots of a resource,
 * with every mistake on the way. The table is CloudFormation's resource schema,
 * and what the API asks for besides.
 */
#include "input/cfn_resource.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "input/cfn_tags.h"
#include "model/number.h"
#include "model/partial.h"

enum property_type { P_OBJECT, P_STRING, P_NUMBER, P_STRINGS, P_TAGS };
enum { P_REQUIRED = 1 << 0, P_READ_ONLY = 1 << 1 };

struct property {
	const char *path;
	int field, parent; /* parent: index of a row before it, or -1 */
	enum property_type type;
	unsigned flags;
	int least, most;   /* of a number; characters of a string; most members of a list */
	const char *chars; /* characters that a string may hold besides letters and digits */
	bool lower;        /* its letters are small ones */
};

static const struct property properties[] = {
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
#define N_PROPERTIES (sizeof(properties) / sizeof(*properties))

/* What is being filled. */
struct filling {
	struct cfn *t;
	struct resource *row;
	struct value found[N_PROPERTIES]; /* of each row: what was written, evaluated */
	struct place
	    place[N_PROPERTIES]; /* of its key; of the nearest key above where it is absent */
	struct value *mistakes;
	size_t n_mistakes, cap_mistakes;
};

static const char *last_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL ? dot + 1 : path;
}

/* ---- mistakes --------------------------------------------------------------- */

__attribute__((format(printf, 4, 5))) static void
mistake(struct filling *f, const char *path, struct place place, const char *format, ...)
{
	struct entry *entries = ARENA_ARRAY(f->t->arena, 2, struct entry);
	struct value *grown;
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	va_list args;

	if (f->n_mistakes == LIMIT_LIST)
		return;
	buf_printf(&b, "%s: ", path);
	va_start(args, format);
	buf_vprintf(&b, format, args);
	va_end(args);
	entries[0] = (struct entry){ STR("property"), place,
				     value_of_str(str_of(arena_strdup(f->t->arena, path))) };
	entries[1] = (struct entry){ STR("text"), place, value_of_str(arena_buf(f->t->arena, &b)) };
	buf_release(&b);
	entries[0].value.place = entries[1].value.place = place;
	if (f->n_mistakes == f->cap_mistakes) {
		f->cap_mistakes = f->cap_mistakes != 0 ? f->cap_mistakes * 2 : 8;
		grown = ARENA_ARRAY(f->t->arena, f->cap_mistakes, struct value);
		if (f->n_mistakes > 0)
			memcpy(grown, f->mistakes, f->n_mistakes * sizeof(*grown));
		f->mistakes = grown;
	}
	f->mistakes[f->n_mistakes++] =
	    (struct value){ .kind = VALUE_MAP, .n = 2, .place = place, .entries = entries };
}

static const char *shown(struct filling *f, const struct value *v)
{
	struct buf b = BUF_INIT(0);
	const char *text;

	value_show(&b, v, 60);
	text = arena_buf(f->t->arena, &b).data;
	buf_release(&b);
	return text;
}

static const char *quoted(struct filling *f, struct str s)
{
	struct buf b = BUF_INIT(0);
	const char *text;

	text_put_quoted(&b, s, 60);
	text = arena_buf(f->t->arena, &b).data;
	buf_release(&b);
	return text;
}

static const char *guess(struct filling *f, struct str name, const char *const *names, size_t n)
{
	const char *nearest = text_nearest(name, names, n);

	return nearest != NULL ? arena_printf(f->t->arena, "; did you mean '%s'?", nearest) : "";
}

/* Members that no row has. */
static void find_strangers(struct filling *f, const struct value *map, int parent)
{
	const char *prefix = parent >= 0 ? properties[parent].path : "";
	const char *names[N_PROPERTIES];
	size_t i, n = 0;
	uint32_t k;

	for (i = 0; i < N_PROPERTIES; i++)
		if (properties[i].parent == parent && (properties[i].flags & P_READ_ONLY) == 0)
			names[n++] = last_name(properties[i].path);
	for (k = 0; map->kind == VALUE_MAP && k < map->n; k++) {
		const struct entry *e = &map->entries[k];
		struct buf path = BUF_INIT(LIMIT_MESSAGE_SIZE);

		for (i = 0; i < N_PROPERTIES; i++)
			if (properties[i].parent == parent &&
			    str_is(e->key, last_name(properties[i].path)))
				break;
		if (i < N_PROPERTIES)
			continue;
		buf_printf(&path, "%s%s", prefix, *prefix != '\0' ? "." : "");
		text_put_visible(&path,
				 (struct str){ e->key.data, e->key.len < 80 ? e->key.len : 80 });
		mistake(f, path.data, e->key_place, "there is no property %s%s", quoted(f, e->key),
			guess(f, e->key, names, n));
		buf_release(&path);
	}
}

static void wrong_type(struct filling *f, size_t i, const char *wanted)
{
	const struct value *v = &f->found[i];

	mistake(f, properties[i].path, f->place[i], "it takes %s, and this is %s", wanted,
		value_kind_name((enum value_kind)v->kind));
}

/* A value that is there and of no use: what rules shall see of it. */
static struct value useless(struct filling *f, size_t i)
{
	struct value v = value_unknown(arena_printf(
	    f->t->arena, "what the template says is no value for it: %s", shown(f, &f->found[i])));

	v.place = f->found[i].place;
	return v;
}

/* ---- types --------------------------------------------------------------------- */

static bool allowed_chars(struct str s, const struct property *p)
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

static void check_enumeration(struct filling *f, size_t i, struct str s)
{
	const char *values = field_table[properties[i].field].values, *names[16];
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
	mistake(f, properties[i].path, f->place[i], "%s is none of %s%s", quoted(f, s), values,
		guess(f, s, names, n));
}

static void check_string(struct filling *f, size_t i, struct str s)
{
	const struct property *p = &properties[i];
	size_t length = text_length(s);

	check_enumeration(f, i, s);
	if (p->chars == NULL)
		return;
	if (length < (size_t)p->least || length > (size_t)p->most)
		mistake(f, p->path, f->place[i], "it has %zu characters, and %d to %d are allowed",
			length, p->least, p->most);
	if (!allowed_chars(s, p))
		mistake(f, p->path, f->place[i],
			"%s holds other characters than %s, digits and %c %c", quoted(f, s),
			p->lower ? "small letters" : "letters", p->chars[0], p->chars[1]);
}

static struct value take_string(struct filling *f, size_t i)
{
	const struct value *v = &f->found[i];
	struct value made;
	struct str s;

	if (!cfn_text(f->t->arena, v, &s)) {
		wrong_type(f, i, "a string");
		return useless(f, i);
	}
	check_string(f, i, s);
	made = value_of_str(s);
	made.place = v->place;
	return made;
}

/* CloudFormation takes numbers as texts too. */
static struct value take_number(struct filling *f, size_t i)
{
	const struct property *p = &properties[i];
	const struct value *v = &f->found[i];
	struct value made;
	struct number n;
	struct str s;

	if (v->kind == VALUE_BOOLEAN || !cfn_text(f->t->arena, v, &s) || !number_parse(s, &n)) {
		if (v->kind == VALUE_STRING)
			mistake(f, p->path, f->place[i], "it takes a number, and this is %s",
				shown(f, v));
		else
			wrong_type(f, i, "a number");
		return useless(f, i);
	}
	made = value_of_number(n);
	made.place = v->place;
	if (n.exponent < 0)
		mistake(f, p->path, f->place[i], "it takes a whole number, and this is %s",
			shown(f, &made));
	else if (number_compare(n, number_of_int(p->least)) < 0)
		mistake(f, p->path, f->place[i], "%s is below the minimum %d", shown(f, &made),
			p->least);
	else if (number_compare(n, number_of_int(p->most)) > 0)
		mistake(f, p->path, f->place[i], "%s is above the maximum %d", shown(f, &made),
			p->most);
	return made;
}

static struct value take_strings(struct filling *f, size_t i)
{
	const struct value *v = &f->found[i];
	struct value *items, made = *v;
	uint32_t k, m;
	struct str s;

	if (v->kind != VALUE_LIST) {
		wrong_type(f, i, "a list");
		return useless(f, i);
	}
	if (v->n > LIMIT_LIST)
		return useless(f, i);
	items = ARENA_ARRAY(f->t->arena, v->n, struct value);
	for (k = 0; k < v->n; k++) {
		items[k] = v->items[k];
		if (items[k].kind == VALUE_UNKNOWN)
			continue;
		if (!cfn_text(f->t->arena, &items[k], &s)) {
			mistake(f, properties[i].path, f->place[i],
				"its members are strings, and one is %s",
				value_kind_name((enum value_kind)items[k].kind));
			return useless(f, i);
		}
		check_enumeration(f, i, s);
		items[k] = value_of_str(s);
		items[k].place = v->items[k].place;
		for (m = 0; m < k; m++)
			if (value_equal(&items[m], &items[k]))
				mistake(f, properties[i].path, f->place[i], "%s is there twice",
					quoted(f, s));
	}
	if (v->n > (uint32_t)properties[i].most)
		mistake(f, properties[i].path, f->place[i],
			"it has %u members, and at most %d are allowed", (unsigned)v->n,
			properties[i].most);
	made.items = items;
	made.flags = 0;
	return made;
}

/* ---- tags ------------------------------------------------------------------------ */

/* A tag's Key or Value: UNKNOWN where it is not known, ABSENT where it is missing
 * or wrong, which is told. */
static struct value tag_part(struct filling *f, size_t i, const struct value *tag, const char *key)
{
	struct value v = cfn_member(f->t->arena, tag, key), made;
	struct str s;

	if (v.kind == VALUE_UNKNOWN)
		return v;
	if (v.kind == VALUE_ABSENT || v.kind == VALUE_NULL) {
		mistake(f, properties[i].path, tag->place, "a tag without '%s'", key);
		return (struct value){ 0 };
	}
	if (!cfn_text(f->t->arena, &v, &s)) {
		mistake(f, properties[i].path, tag->place,
			"'%s' of a tag is a string, and this is %s", key,
			value_kind_name((enum value_kind)v.kind));
		return (struct value){ 0 };
	}
	made = value_of_str(s);
	made.place = v.place;
	return made;
}

static void tag_strangers(struct filling *f, size_t i, const struct value *tag)
{
	static const char *const names[] = { "Key", "Value" };
	uint32_t k;

	for (k = 0; tag->kind == VALUE_MAP && k < tag->n; k++)
		if (!str_is(tag->entries[k].key, "Key") && !str_is(tag->entries[k].key, "Value"))
			mistake(f, properties[i].path, tag->entries[k].key_place,
				"there is no property %s of a tag%s",
				quoted(f, tag->entries[k].key),
				guess(f, tag->entries[k].key, names, 2));
}

/* [{Key: k, Value: v}] is {k: v}. */
static struct value take_tags(struct filling *f, size_t i)
{
	const struct value *v = &f->found[i];
	const char *open = NULL; /* why there may be more tags */
	struct entry *entries;
	struct value key, value, made;
	uint32_t k, m, n = 0;

	if (v->kind == VALUE_MAP) {
		mistake(f, properties[i].path, f->place[i],
			"it takes a list of {Key, Value}, and this is a map");
		return useless(f, i);
	}
	if (v->kind != VALUE_LIST) {
		wrong_type(f, i, "a list of {Key, Value}");
		return useless(f, i);
	}
	if (v->n > LIMIT_TAGS)
		return useless(f, i);
	entries = ARENA_ARRAY(f->t->arena, v->n, struct entry);
	for (k = 0; k < v->n; k++) {
		const struct value *tag = &v->items[k];

		if (tag->kind == VALUE_UNKNOWN) {
			open = tag->why;
			continue;
		}
		if (tag->kind != VALUE_MAP) {
			mistake(f, properties[i].path, tag->place,
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
			mistake(f, properties[i].path, tag->place, "the key %s is there twice",
				quoted(f, value_str(&key)));
			continue;
		}
		entries[n++] = (struct entry){ value_str(&key), key.place, value };
	}
	if (v->n > (uint32_t)properties[i].most)
		mistake(f, properties[i].path, f->place[i], "%u tags, and at most %d are allowed",
			(unsigned)v->n, properties[i].most);
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

/* ---- the whole --------------------------------------------------------------------- */

/* What rules see of a value that may be absent: the API's default then. */
static struct value with_default(struct filling *f, size_t i)
{
	const struct cfn_unknown *u = cfn_unknown_of(&f->found[i]);
	const struct value *fallback = field_fallback(properties[i].field);
	struct value *may, made;
	struct str ignored;
	uint32_t k, n = 0;

	if (u == NULL || u->n_may == 0 || fallback == NULL)
		return f->found[i];
	may = ARENA_ARRAY(f->t->arena, (size_t)u->n_may + 1, struct value);
	for (k = 0; k < u->n_may; k++) {
		if (u->may[k].kind != VALUE_ABSENT) {
			may[n++] = u->may[k];
			continue;
		}
		may[n++] = *fallback;
		/* where the default depends on another field it may be absent, too */
		if (field_only_if(properties[i].field, &ignored) >= 0)
			may[n++] = u->may[k];
	}
	made = cfn_one_of(f->t->arena, may, n, f->found[i].why);
	made.place = f->found[i].place;
	return made;
}

/* A bound that CloudFormation holds the parameter to; NULL where it has none. */
static const struct number *number_bound(struct arena *a, const struct value *parameter,
					 const char *key, struct number *n)
{
	const struct value *v = value_get(parameter, str_of(key));
	struct str s;

	return v != NULL && cfn_text(a, v, &s) && number_parse(s, n) ? n : NULL;
}

/* A parameter of Type Number, and nothing else, between its bounds. */
static struct value take_range(struct filling *f, size_t i, const struct cfn_unknown *u)
{
	const struct value *parameter = u->n_parts == 1 ? u->parts[0].number : NULL;
	const struct number *least, *most;
	struct number low, high;
	struct value made;

	if (parameter == NULL)
		return f->found[i];
	least = number_bound(f->t->arena, parameter, "MinValue", &low);
	most = number_bound(f->t->arena, parameter, "MaxValue", &high);
	if ((least == NULL && most == NULL) ||
	    (least != NULL && most != NULL && number_compare(low, high) > 0))
		return f->found[i];
	made = value_between(f->t->arena, u->why, least, most);
	made.place = f->found[i].place;
	return made;
}

/* One of several values, each as the type has it; without a word of mistakes. */
static struct value take_each(struct filling *f, size_t i)
{
	const struct cfn_unknown *u = cfn_unknown_of(&f->found[i]), *one;
	struct value *may, made, whole = f->found[i];
	size_t before = f->n_mistakes;
	uint32_t k;

	if (u == NULL || u->n_may == 0)
		return u != NULL && properties[i].type == P_NUMBER ? take_range(f, i, u) : whole;
	may = ARENA_ARRAY(f->t->arena, u->n_may, struct value);
	for (k = 0; k < u->n_may; k++) {
		may[k] = u->may[k];
		if (may[k].kind == VALUE_ABSENT)
			continue;
		f->found[i] = may[k];
		if (may[k].kind == VALUE_UNKNOWN) {
			one = cfn_unknown_of(&may[k]);
			if (one != NULL && properties[i].type == P_NUMBER)
				may[k] = take_range(f, i, one);
			continue;
		}
		switch (properties[i].type) {
		case P_OBJECT:
			break;
		case P_STRING:
			may[k] = take_string(f, i);
			break;
		case P_NUMBER:
			may[k] = take_number(f, i);
			break;
		case P_STRINGS:
			may[k] = take_strings(f, i);
			break;
		case P_TAGS:
			may[k] = take_tags(f, i);
			break;
		}
	}
	f->n_mistakes = before;
	made = cfn_one_of(f->t->arena, may, u->n_may, whole.why);
	made.place = whole.place;
	f->found[i] = made;
	made = with_default(f, i);
	f->found[i] = whole;
	return made;
}

static void fill_one(struct filling *f, size_t i)
{
	const struct property *p = &properties[i];
	struct value *v = &f->found[i], *slot = &f->row->slots[p->field];

	if (v->kind == VALUE_ABSENT) {
		if ((p->flags & P_REQUIRED) != 0 &&
		    (p->parent < 0 || f->found[p->parent].kind == VALUE_MAP))
			mistake(f, p->path, f->place[i], "it is required, and is not there");
		return;
	}
	if ((p->flags & P_READ_ONLY) != 0) {
		mistake(f, p->path, f->place[i], "it is made by IVS and cannot be set");
		return;
	}
	if (v->kind == VALUE_NULL) {
		mistake(f, p->path, f->place[i], "null is no value in a template");
		return;
	}
	if (v->kind == VALUE_UNKNOWN) {
		*slot = take_each(f, i);
		return;
	}
	switch (p->type) {
	case P_OBJECT:
		if (v->kind != VALUE_MAP) {
			wrong_type(f, i, "a map");
			*slot = useless(f, i);
			f->found[i] = *slot;
			return;
		}
		find_strangers(f, v, (int)i);
		*slot =
		    (struct value){ .kind = VALUE_MAP, .flags = VALUE_WRITTEN, .place = v->place };
		return;
	case P_STRING:
		*slot = take_string(f, i);
		return;
	case P_NUMBER:
		*slot = take_number(f, i);
		return;
	case P_STRINGS:
		*slot = take_strings(f, i);
		return;
	case P_TAGS:
		*slot = take_tags(f, i);
		return;
	}
}

static int compare_places(const void *a, const void *b)
{
	const struct place *left = &((const struct value *)a)->place,
			   *right = &((const struct value *)b)->place;

	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	return left->column < right->column ? -1 : left->column > right->column;
}

/* ---- waivers ---------------------------------------------------------------------- */

static void check_waiver(struct filling *f, const struct value *entry)
{
	static const char *const keys[] = { "rule", "reason", "expires", "owner" };
	const char *path = "Metadata.ivslint.waive";
	const struct value *v;
	uint32_t i, k;

	if (entry->kind != VALUE_MAP) {
		mistake(f, path, entry->place, "a waiver is a map, and this is %s",
			value_kind_name((enum value_kind)entry->kind));
		return;
	}
	for (i = 0; i < entry->n; i++) {
		for (k = 0; k < 4 && !str_is(entry->entries[i].key, keys[k]); k++)
			;
		if (k == 4)
			mistake(f, path, entry->entries[i].key_place, "a waiver has no key %s%s",
				quoted(f, entry->entries[i].key),
				guess(f, entry->entries[i].key, keys, 4));
	}
	for (k = 0; k < 3; k++) {
		v = value_get(entry, str_of(keys[k]));
		if (v == NULL || v->kind == VALUE_NULL)
			mistake(f, path, entry->place, "a waiver without '%s'", keys[k]);
		else if (v->kind != VALUE_UNKNOWN && (v->kind != VALUE_STRING || v->n == 0))
			mistake(f, path, v->place, "'%s' of a waiver is a text", keys[k]);
	}
	v = value_get(entry, STR("expires"));
	if (v != NULL && v->kind == VALUE_STRING && !text_day(value_str(v), &(int32_t){ 0 }))
		mistake(f, path, v->place, "'expires' of a waiver is a day such as 2027-03-31");
}

static void check_waivers(struct filling *f, const struct value *metadata)
{
	const struct value *own = value_get(metadata, STR("ivslint")), *list;
	uint32_t i;

	if (own == NULL)
		return;
	list = value_get(own, STR("waive"));
	if (list == NULL || list->kind != VALUE_LIST) {
		mistake(f, "Metadata.ivslint", own->place, "it takes {waive: [...]}");
		return;
	}
	for (i = 0; i < list->n; i++)
		check_waiver(f, &list->items[i]);
}

void cfn_fill_properties(struct cfn *t, const struct value *written, struct place place,
			 struct resource *row)
{
	struct filling f = { .t = t, .row = row };
	const struct value *from;
	const struct entry *entry;
	size_t i;

	if (written->kind == VALUE_MAP)
		find_strangers(&f, written, -1);
	else if (written->kind != VALUE_UNKNOWN && written->kind != VALUE_ABSENT)
		mistake(&f, "Properties", place, "it takes a map, and this is %s",
			value_kind_name((enum value_kind)written->kind));
	for (i = 0; i < N_PROPERTIES; i++) {
		int parent = properties[i].parent;

		from = parent >= 0 ? &f.found[parent] : written;
		f.place[i] = parent >= 0 ? f.place[parent] : place;
		f.found[i] = cfn_member(t->arena, from, last_name(properties[i].path));
		entry = value_entry(from, str_of(last_name(properties[i].path)));
		if (entry != NULL)
			f.place[i] = entry->key_place;
		fill_one(&f, i);
	}
	check_waivers(&f, &row->slots[FIELD_TEMPLATE_METADATA]);
	row->slots[FIELD_TAGS] = cfn_with_stack_tags(t, &row->slots[FIELD_TAGS], row->place);
	for (i = 0; i < N_PROPERTIES; i++)
		row->slots[properties[i].field] =
		    cfn_plain(t->arena, &row->slots[properties[i].field]);
	if (f.n_mistakes > 1)
		qsort(f.mistakes, f.n_mistakes, sizeof(*f.mistakes), compare_places);
	row->slots[FIELD_TEMPLATE_MISTAKES] =
	    (struct value){ .kind = VALUE_LIST,
			    .n = (uint32_t)f.n_mistakes,
			    .place = f.n_mistakes > 0 ? f.mistakes[0].place : row->place,
			    .items = f.mistakes };
}
