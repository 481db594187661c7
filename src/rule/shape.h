/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of what a person wrote: mappings against a table of keys, kinds of
 * values, and mistakes that underline the right thing and name the nearest.
 */
#ifndef RULE_SHAPE_H
#define RULE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/mistake.h"
#include "model/source.h"
#include "model/value.h"
#include "rule/finding.h"

/* Where one reads, and where mistakes go. */
struct shape {
	struct source *source;
	struct mistakes *mistakes;
};

/* Sets of kinds. */
#define SHAPE_STRING    (1u << VALUE_STRING)
#define SHAPE_NUMBER    (1u << VALUE_NUMBER)
#define SHAPE_BOOLEAN   (1u << VALUE_BOOLEAN)
#define SHAPE_LIST      (1u << VALUE_LIST)
#define SHAPE_MAP       (1u << VALUE_MAP)
#define SHAPE_NULL      (1u << VALUE_NULL) /* says nothing: taken as not written */
#define SHAPE_KEEP_NULL (1u << 31)         /* and null is a value like others */
#define SHAPE_SOME      (SHAPE_STRING | SHAPE_NUMBER | SHAPE_BOOLEAN | SHAPE_LIST | SHAPE_MAP)

struct shape_key {
	const char *name;
	unsigned kinds;
	bool required;
	const char *text; /* one line of documentation, no full stop */
};

/* The tables of the language, for the schema; each is in the file that reads it. */
struct shape_table {
	const struct shape_key *keys;
	size_t n;
};
extern const struct shape_table shape_policy, shape_param, shape_configure, shape_override,
    shape_waiver, shape_rule, shape_ask, shape_group, shape_test, shape_group_test;

#define SHAPE_KEYS_MOST 24

/* A mistake that underlines a value, a key, or a stretch of a string. */
void shape_mistake(const struct shape *s, const struct value *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void shape_mistake_key(const struct shape *s, const struct entry *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Text for a mistake: made visible, in quotes, cut; in the mistakes' arena. */
const char *shape_quote(const struct shape *s, struct str text);
/* "did you mean 'x'?" for the mistake added last; nothing for NULL. */
void shape_hint_nearest(const struct shape *s, const char *nearest);
/* Why what was written is a text, where the mistake added last is that a number or a boolean
 * is wanted; nothing where it cannot be said. */
void shape_hint_kind(struct mistakes *mistakes, enum value_kind wanted, const struct value *v);
/* Whether another mistake would be shown: what costs to find out may be left. */
bool shape_full(const struct shape *s);

/* Whether v is of one of the kinds, else a mistake: "'title' must be a string, ...". */
bool shape_is(const struct shape *s, const char *name, const struct value *v, unsigned kinds);
/*
 * Reads a mapping by a table of n keys: found[i] is the value of keys[i], or
 * NULL where it is missing or of another kind. Unknown keys, other kinds and
 * missing ones that are required are mistakes; `what` is the mapping in them:
 * "a rule". False when any was added.
 */
bool shape_map(const struct shape *s, const char *what, const struct value *map,
	       const struct shape_key *keys, size_t n, const struct value **found);
/* Whether every member of a list is of one of the kinds. `name` is the list. */
bool shape_list(const struct shape *s, const char *name, const struct value *list, unsigned kinds);

/* What a string says, "" for NULL. */
struct str shape_str(const struct value *v);
/* A whole number between least and most, else a mistake. */
bool shape_int(const struct shape *s, const char *name, const struct value *v, int64_t least,
	       int64_t most, int64_t *n);
/* A severity by its name, else a mistake. */
bool shape_severity(const struct shape *s, const struct value *v, enum severity *severity);

#endif
