/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of fields, made from field_list.h, and what can be asked of it.
 * What a field's value is in one configuration is resource.c's business.
 */
#include "model/field.h"

#include "model/value.h"

#define FIELD_0 0

const struct field field_table[N_FIELDS] = {
#define FIELD(id, path, kind, base, element, origin, flags, values, fallback, only_if, text)       \
	[FIELD_##id] = { #id,                                                                      \
			 path,                                                                     \
			 KINDS_##kind,                                                             \
			 { TYPE_##base, TYPE_##element },                                          \
			 ORIGIN_##origin,                                                          \
			 FIELD_##flags,                                                            \
			 values,                                                                   \
			 fallback,                                                                 \
			 only_if,                                                                  \
			 text },
#define MEMBER(...)
#include "model/field_list.h"
#undef FIELD
#undef MEMBER
};

const struct field_member field_members[] = {
#define FIELD(...)
#define MEMBER(path, base, element, values, fallback, text)                                        \
	{ path, { TYPE_##base, TYPE_##element }, values, fallback, text },
#include "model/field_list.h"
#undef FIELD
#undef MEMBER
};

const size_t field_n_members = sizeof(field_members) / sizeof(field_members[0]);

/* Lengths of the paths: most candidates fall at the first comparison. */
static const uint8_t path_lengths[N_FIELDS] = {
#define FIELD(id, path, ...) [FIELD_##id] = sizeof(path) - 1,
#define MEMBER(...)
#include "model/field_list.h"
#undef FIELD
#undef MEMBER
};

int field_find(struct str path)
{
	int i;

	for (i = 0; i < N_FIELDS; i++)
		if (path_lengths[i] == path.len &&
		    memcmp(field_table[i].path, path.data, path.len) == 0)
			return i;
	return -1;
}

bool field_is_of(int field, enum kind kind)
{
	return (field_table[field].kinds & KIND_BIT(kind)) != 0;
}

field_set field_set_of(enum kind kind)
{
	static const field_set sets[N_KINDS] = {
#define FIELD(id, path, kinds, ...)                                                                \
	| ((KINDS_##kinds & KIND_BIT(KIND_OF_SET)) != 0 ? FIELD_BIT(FIELD_##id) : 0)
#define MEMBER(...)
#define KIND_OF_SET KIND_RECORDING_CONFIGURATION
		[KIND_RECORDING_CONFIGURATION] = 0
#include "model/field_list.h"
#undef KIND_OF_SET
		,
#define KIND_OF_SET KIND_CHANNEL
		[KIND_CHANNEL] = 0
#include "model/field_list.h"
#undef KIND_OF_SET
#undef FIELD
#undef MEMBER
	};

	return sets[kind];
}

const struct field_member *field_find_member(struct str path)
{
	size_t i;

	for (i = 0; i < field_n_members; i++)
		if (str_is(path, field_members[i].path))
			return &field_members[i];
	return NULL;
}

const struct field *field_list_of(const struct field_member *m)
{
	return &field_table[field_find((struct str){ m->path, strcspn(m->path, "[") })];
}

bool field_allows(const char *values, struct str value)
{
	const char *bar;
	size_t len;

	if (values == NULL)
		return true;
	for (;; values = bar + 1) {
		bar = strchr(values, '|');
		len = bar != NULL ? (size_t)(bar - values) : strlen(values);
		if (len == value.len && memcmp(values, value.data, len) == 0)
			return true;
		if (bar == NULL)
			return false;
	}
}

const char *type_name(struct type t)
{
	static const char *const plain[] = { "none", "any", "string", "number",  "boolean",
					     "list", "map", "object", "pattern", "range" };
	static const char *const lists[] = {
		"list",       "list<any>", "list<string>", "list<number>",  "list<boolean>",
		"list<list>", "list<map>", "list<object>", "list<pattern>", "list<range>",
	};
	static const char *const maps[] = {
		"map",       "map<any>", "map<string>", "map<number>",  "map<boolean>",
		"map<list>", "map<map>", "map<object>", "map<pattern>", "map<range>",
	};

	if (t.base > TYPE_RANGE || t.element > TYPE_RANGE)
		return "none";
	if (t.base == TYPE_LIST)
		return lists[t.element];
	if (t.base == TYPE_MAP)
		return maps[t.element];
	return plain[t.base];
}

const char *origin_name(enum origin o)
{
	switch (o) {
	case ORIGIN_API:
		return "api";
	case ORIGIN_DERIVED:
		return "derived";
	case ORIGIN_SOURCE:
		return "source";
	case ORIGIN_TEMPLATE:
		return "template";
	case ORIGIN_CHANNELS:
		return "channels";
	case ORIGIN_STREAM:
		return "stream";
	case ORIGIN_BUCKET:
		return "bucket";
	}
	return "none";
}

/* Default values: the texts of the rows, as values. The flag is on the whole only. */
#define UNPLACED       .place = { 0, UINT32_MAX }
#define WHOLE          .flags = VALUE_DEFAULT, UNPLACED
#define NUMBER(number) .kind = VALUE_NUMBER, .mantissa = (number)
#define STRING(string) .kind = VALUE_STRING, .n = sizeof(string) - 1, .text = (string)
#define LIST(list)     .kind = VALUE_LIST, .n = sizeof(list) / sizeof((list)[0]), .items = (list)

static const struct value only_sequential[] = { { STRING("SEQUENTIAL"), UNPLACED } };

static const struct value reconnect_window = { NUMBER(0), WHOLE };
static const struct value rendition_selection = { STRING("ALL"), WHOLE };
static const struct value thumbnail_mode = { STRING("INTERVAL"), WHOLE };
static const struct value thumbnail_interval = { NUMBER(60), WHOLE };
static const struct value thumbnail_storage = { LIST(only_sequential), WHOLE };
static const struct value no = { .kind = VALUE_BOOLEAN, .boolean = false, WHOLE };
static const struct value channel_type = { STRING("STANDARD"), WHOLE };
static const struct value channel_latency = { STRING("LOW"), WHOLE };
static const struct value channel_container = { STRING("TS"), WHOLE };
/* What S3 gives a new bucket. */
static const struct value bucket_encryption = { STRING("AES256"), WHOLE };
static const struct value bucket_public_access = { .kind = VALUE_BOOLEAN, .boolean = true, WHOLE };
static const struct value bucket_ownership = { STRING("BucketOwnerEnforced"), WHOLE };

const struct value *field_fallback(int field)
{
	switch (field) {
	case FIELD_RECONNECT_WINDOW:
		return &reconnect_window;
	case FIELD_RENDITION_SELECTION:
		return &rendition_selection;
	case FIELD_THUMBNAIL_MODE:
		return &thumbnail_mode;
	case FIELD_THUMBNAIL_INTERVAL:
		return &thumbnail_interval;
	case FIELD_THUMBNAIL_STORAGE:
		return &thumbnail_storage;
	case FIELD_BUCKET_ENCRYPTION:
		return &bucket_encryption;
	case FIELD_BUCKET_PUBLIC_ACCESS:
		return &bucket_public_access;
	case FIELD_BUCKET_OWNERSHIP:
		return &bucket_ownership;
	case FIELD_CHANNEL_TYPE:
		return &channel_type;
	case FIELD_CHANNEL_LATENCY:
		return &channel_latency;
	case FIELD_CHANNEL_CONTAINER:
		return &channel_container;
	case FIELD_CHANNEL_INSECURE:
	case FIELD_CHANNEL_AUTHORIZED:
	case FIELD_CHANNEL_MULTITRACK_ENABLED:
		return &no;
	}
	return NULL;
}

struct value field_member_fallback(const struct field_member *m)
{
	struct value v;

	if (m->fallback == NULL)
		return (struct value){ .kind = VALUE_ABSENT, UNPLACED };
	if (m->type.base == TYPE_BOOLEAN)
		v = value_of_boolean(strcmp(m->fallback, "true") == 0);
	else
		v = value_of_str(strcmp(m->fallback, "''") == 0 ? STR("") : str_of(m->fallback));
	v.flags = VALUE_DEFAULT;
	v.place = (struct place){ 0, UINT32_MAX };
	return v;
}

int field_only_if(int field, struct str *value)
{
	switch (field) {
	case FIELD_THUMBNAIL_INTERVAL:
	case FIELD_THUMBNAIL_STORAGE:
		*value = STR("INTERVAL");
		return FIELD_THUMBNAIL_MODE;
	}
	return -1;
}

int field_parent(int field)
{
	/* one more than it is, so that what is not written has none */
	static const uint8_t parents[N_FIELDS] = {
		[FIELD_DESTINATION_S3] = FIELD_DESTINATION + 1,
		[FIELD_BUCKET_NAME] = FIELD_DESTINATION_S3 + 1,
		[FIELD_RENDITION_SELECTION] = FIELD_RENDITION + 1,
		[FIELD_RENDITIONS] = FIELD_RENDITION + 1,
		[FIELD_THUMBNAIL_MODE] = FIELD_THUMBNAIL + 1,
		[FIELD_THUMBNAIL_INTERVAL] = FIELD_THUMBNAIL + 1,
		[FIELD_THUMBNAIL_RESOLUTION] = FIELD_THUMBNAIL + 1,
		[FIELD_THUMBNAIL_STORAGE] = FIELD_THUMBNAIL + 1,
		[FIELD_CHANNEL_MULTITRACK_ENABLED] = FIELD_CHANNEL_MULTITRACK + 1,
		[FIELD_CHANNEL_MULTITRACK_POLICY] = FIELD_CHANNEL_MULTITRACK + 1,
		[FIELD_CHANNEL_MULTITRACK_RESOLUTION] = FIELD_CHANNEL_MULTITRACK + 1,
	};

	return parents[field] - 1;
}
