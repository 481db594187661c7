/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The properties of a recording configuration while they are taken from a
 * template. cfn_fill.c goes over them, cfn_property.c knows the table and makes
 * values of their types, cfn_mistake.c gathers what is wrong.
 */
#ifndef INPUT_CFN_SCHEMA_H
#define INPUT_CFN_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "input/cfn_resource.h"

enum cfn_property_type { P_OBJECT, P_STRING, P_NUMBER, P_STRINGS, P_TAGS };
enum { P_REQUIRED = 1 << 0, P_READ_ONLY = 1 << 1 };

struct cfn_property {
	const char *path;
	int field, parent; /* parent: index of a row before it, or -1 */
	enum cfn_property_type type;
	unsigned flags;
	int least, most;   /* of a number; characters of a string; most members of a list */
	const char *chars; /* characters that a string may hold besides letters and digits */
	bool lower;        /* its letters are small ones */
};

#define CFN_N_RECORDING_PROPERTIES ((size_t)16)
extern const struct cfn_property cfn_recording_properties[CFN_N_RECORDING_PROPERTIES];

/* What is being filled. */
struct cfn_filling {
	struct cfn *t;
	struct resource *row;
	struct value
	    found[CFN_N_RECORDING_PROPERTIES]; /* of each row: what was written, evaluated */
	struct place place[CFN_N_RECORDING_PROPERTIES]; /* of its key; of the nearest key above
							   where it is absent */
	struct value *mistakes;
	size_t n_mistakes, cap_mistakes;
};

/* ---- cfn_property.c ---- */

/* What is found of row i as its type has it, every mistake told; UNKNOWN where it is of
 * no use. Not for objects. */
struct value cfn_take(struct cfn_filling *f, size_t i);

/* ---- cfn_mistake.c ---- */

/* Of a property, by its path, at a place. Those above LIMIT_LIST are dropped. */
__attribute__((format(printf, 4, 5))) void cfn_mistake(struct cfn_filling *f, const char *path,
						       struct place place, const char *format, ...);
/* Row i takes `wanted` ("a list"), and what is found is something else. */
void cfn_wrong_type(struct cfn_filling *f, size_t i, const char *wanted);
/* A value that is there and of no use: what rules shall see of it. */
struct value cfn_useless(struct cfn_filling *f, size_t i);
/* For messages, of the arena: a value, "; did you mean '...'?" or "". */
const char *cfn_shown(struct cfn_filling *f, const struct value *v);
const char *cfn_guess(struct cfn_filling *f, struct str name, const char *const *names, size_t n);
/* The waivers in the Metadata of a resource: mistakes in them. */
void cfn_check_waivers(struct cfn_filling *f, const struct value *metadata);

#endif
