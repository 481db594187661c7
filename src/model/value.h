/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What configurations and policies are made of: immutable values with places.
 * "Unknown" is a kind of its own, with its reason; so is "absent". Readers make
 * values, everybody else only reads them. They live in the arena, or point into
 * the bytes, that they were read into.
 */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "model/number.h"
#include "model/source.h"

enum value_kind {
	VALUE_ABSENT, /* 0: a zeroed value is absent */
	VALUE_NULL,
	VALUE_BOOLEAN,
	VALUE_NUMBER,
	VALUE_STRING,
	VALUE_LIST,
	VALUE_MAP,
	VALUE_UNKNOWN,
};

enum {
	VALUE_DEFAULT = 1 << 0, /* not written: the API's documented default */
	VALUE_PLAIN = 1 << 1,	/* YAML: a plain scalar, neither quoted nor block */
	VALUE_SHOWN = 1 << 4,	/* a string that is what value_show made of a value held no more */
	VALUE_WRITTEN = 1 << 2, /* a field of type object that is there; its members have slots;
				 * of what is absent: '' is written there, which means none */
	/* Judged as it is, and never printed: what prints values prints "(sensitive)".
	 * All members of a sensitive list or map are sensitive too. */
	VALUE_SENSITIVE = 1 << 3,
	VALUE_PARTIAL = 1 << 5, /* an unknown of which something is known: model/partial.h */
	VALUE_OPEN = 1 << 6,	/* a list or a map that may have more members than are known */
	VALUE_OF_STACK = 1 << 7, /* a string: a tag that is handed on by the stack */
};

struct entry;

struct value {
	uint8_t kind;	   /* enum value_kind */
	uint8_t flags;
	int16_t exponent;  /* of a number */
	uint32_t n;	   /* bytes of a string, items of a list, entries of a map */
	struct place place;
	union {
		bool boolean;
		int64_t mantissa;	     /* of a number */
		const char *text;	     /* of a string: n bytes, not terminated, UTF-8 */
		const struct value *items;   /* of a list */
		const struct entry *entries; /* of a map, in the order written, no key twice */
		const char *why;	     /* of an unknown: terminated, "no capital, no full stop" */
	};
};

struct entry {
	struct str key;
	struct place key_place;
	struct value value;
};

#define VALUE_SENSITIVE_TEXT "(sensitive)"

/* Whether there is something that must not be printed. */
static inline bool value_is_secret(const struct value *v)
{
	return (v->flags & VALUE_SENSITIVE) != 0 && v->kind > VALUE_NULL &&
	       v->kind != VALUE_UNKNOWN;
}

/* The same of it or of anything in it. */
bool value_holds_secret(const struct value *v);

static inline struct str value_str(const struct value *v)
{
	return (struct str){ v->text, v->n };
}

static inline struct number value_number(const struct value *v)
{
	return (struct number){ v->mantissa, v->exponent };
}

/* Makers, without a place. The text is borrowed. */
struct value value_of_str(struct str s);
struct value value_of_number(struct number n);
struct value value_of_boolean(bool b);
struct value value_unknown(const char *why);

/* The value of a key, or NULL. Exact, case-sensitive, in the order written. */
const struct value *value_get(const struct value *map, struct str key);
/* A copy of a map with another value behind a key, of the arena; what is unknown stays. */
struct value value_with_entry(struct arena *a, const struct value *map, struct str key,
			      const struct value *v);
/* The same behind a path: as deep as it has dots. */
struct value value_with_member(struct arena *a, const struct value *map, struct str path,
			       const struct value *v);
const struct entry *value_entry(const struct value *map, struct str key);

/* Same kind and content; places and flags do not count. Maps: the same keys
 * with equal values in any order. Unknown equals nothing. */
bool value_equal(const struct value *a, const struct value *b);
/* A fixed total order for sorting: by kind, then content. */
int value_compare(const struct value *a, const struct value *b);

/* The first unknown in a value, itself or below, with its reason; NULL when all
 * is known. */
const struct value *value_find_unknown(const struct value *v);

/* "a string", "a number", "a list", "a map", "true or false", "null", ... */
const char *value_kind_name(enum value_kind kind);

/*
 * One line that a person reads: acme-prod, 'text with spaces', 60, [HD, SD],
 * {Owner: video}, absent, unknown, acme-{AWS::AccountId} and [dev, prod] or
 * "one of ..." of partial ones, "60 (the default)" with the flag; members of
 * a map that are defaults are left out. Strings are quoted where YAML would need it. Made safe for terminals, cut after
 * about `most` bytes with "...".
 */
void value_show(struct buf *b, const struct value *v, size_t most);

/* A deep copy; also of strings. For what must outlive what it was read into. */
struct value value_copy(struct arena *a, const struct value *v);

#endif
