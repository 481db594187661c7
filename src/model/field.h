/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of fields: paths, types, enumerations, defaults, documentation.
 * Path checks, defaults, `ivslint fields`, the schema and the manual come from
 * it. The slot of a field in struct resource is its index here.
 */
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/kind.h"

enum type_base {
	TYPE_NONE,
	TYPE_ANY,
	TYPE_STRING,
	TYPE_NUMBER,
	TYPE_BOOLEAN,
	TYPE_LIST,
	TYPE_MAP,
	TYPE_OBJECT,  /* its members are fields of their own */
	TYPE_PATTERN, /* of parameters: a string that compiles */
	TYPE_RANGE,   /* of parameters: {min, max} */
};

struct type {
	uint8_t base;	 /* enum type_base */
	uint8_t element; /* of a list or a map; TYPE_NONE otherwise */
};

enum origin {
	ORIGIN_API,
	ORIGIN_DERIVED,	 /* from the ARN */
	ORIGIN_SOURCE,	 /* where it was read */
	ORIGIN_TEMPLATE, /* only templates and plans have it: unknown elsewhere */
	ORIGIN_CHANNELS, /* related: gathered only when a rule names it */
	ORIGIN_STREAM,
	ORIGIN_BUCKET,
};

enum {
	FIELD_SUMMARY = 1 << 0,
	FIELD_NO_EMPTY = 1 << 1,
	FIELD_SUMMARY_NO_EMPTY = FIELD_SUMMARY | FIELD_NO_EMPTY,
};

enum field_id {
#define FIELD(id, ...) FIELD_##id,
#define MEMBER(...)
#include "model/field_list.h"
#undef FIELD
#undef MEMBER
	N_FIELDS
};
/* What stands from here on is none of a recording configuration's. */
#define FIELD_FIRST_OF_CHANNELS FIELD_CHANNEL_TYPE

/* A set of fields: bit n is field n. */
typedef uint64_t field_set;
_Static_assert(N_FIELDS <= 64, "a field_set has a bit for each field");
#define FIELD_BIT(id) ((field_set)1 << (id))

struct field {
	const char *name; /* FIELD_<name> */
	const char *path;
	unsigned kinds; /* KINDS_* */
	struct type type;
	enum origin origin;
	unsigned flags;
	const char *values;	/* "A|B" or NULL; of a list: of its members */
	const char *fallback;	/* the API's default as YAML, or NULL */
	const char *only_if;	/* "PATH=VALUE" or NULL */
	const char *text;
};

/* A member of a list of objects, by its whole path: channels[*].type */
struct field_member {
	const char *path;
	struct type type;
	const char *values;
	const char *fallback; /* the API's default: a word, true, false or ''; or NULL */
	const char *text;
};

extern const struct field field_table[N_FIELDS];
extern const struct field_member field_members[];
extern const size_t field_n_members;

/* The field with exactly this path, whatever its kind, or -1. Two kinds share a field
 * where they have one of the same path. */
int field_find(struct str path);
bool field_is_of(int field, enum kind kind);
/* The fields of a kind. */
field_set field_set_of(enum kind kind);
const struct field_member *field_find_member(struct str path);
/* The list of objects that it is a member of. */
const struct field *field_list_of(const struct field_member *m);
/* Whether `value` is one of the |-separated values; true when values is NULL. */
bool field_allows(const char *values, struct str value);
/* "string", "list<string>", "map<string>", "object" ... into a static text. */
const char *type_name(struct type t);
const char *origin_name(enum origin o);

/*
 * What the texts of a row say, ready made, for the inner loop. A test holds
 * these to the texts.
 */
struct value;
/* The field that the path before the last dot names, or -1. It has a lower
 * number than the field itself. */
int field_parent(int field);
/* The default as a value without a place, flagged VALUE_DEFAULT; NULL where
 * there is none. */
const struct value *field_fallback(int field);
/* The same of a member of a list of objects; absent where it has none. */
struct value field_member_fallback(const struct field_member *m);
/* The field that the default depends on and the value that it has to have, or
 * -1. It has a lower number too. */
int field_only_if(int field, struct str *value);

#endif
