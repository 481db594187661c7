/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One recording configuration or channel, whatever it was read from: a row with
 * a slot for each field of the table. Inputs fill slots, rules read them.
 */
#ifndef MODEL_RESOURCE_H
#define MODEL_RESOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/field.h"
#include "model/source.h"
#include "model/value.h"

enum source_kind { SOURCE_API, SOURCE_JSON, SOURCE_CLOUDFORMATION, SOURCE_TERRAFORM };

struct resource {
	struct source *source;
	struct place place; /* of the resource itself */
	enum kind kind;
	enum source_kind source_kind;
	bool summary;          /* from a list: what a summary lacks is unknown */
	uint32_t index;        /* 1-based among those of its kind in its document */
	struct str logical_id; /* of a template or a plan's address; data "" otherwise */
	field_set there;       /* slots that are known to have a value; others may have one */
	struct value slots[N_FIELDS]; /* those of its kind alone are anything */
};

/*
 * Who a finding is about, in a form that outlives the resource when copied.
 * Texts are never NULL; "" where it is not known.
 */
struct subject {
	enum kind kind;
	struct str id; /* the ARN; else file#logical id; else file#name; else file#index */
	struct str arn;
	struct str name;
	struct str account, region;
	const char *file;
	struct place place; /* counted */
};

/* Empties a row of a recording configuration: every slot of its fields absent. */
void resource_init(struct resource *r, struct source *source, struct place place,
		   enum source_kind source_kind);
/* The same but for the slots: of a row of a recording configuration that is used again. */
static inline void resource_begin(struct resource *r, struct source *source, struct place place,
				  enum source_kind source_kind)
{
	r->source = source;
	r->place = place;
	r->kind = KIND_RECORDING_CONFIGURATION;
	r->source_kind = source_kind;
	r->summary = false;
	r->index = 0;
	r->logical_id.data = "";
	r->logical_id.len = 0;
	r->there = 0;
}
/* Empties the slots of these fields. */
static inline void resource_empty(struct resource *r, field_set fields)
{
	for (; fields != 0; fields &= fields - 1)
		r->slots[__builtin_ctzll(fields)] = (struct value){ .kind = VALUE_ABSENT };
}
/* All fields of a recording configuration that resource_complete may fill. */
field_set resource_fills(field_set needs);
/* The same as resource_init of any kind. */
void resource_init_kind(struct resource *r, enum kind kind, struct source *source,
			struct place place, enum source_kind source_kind);
/*
 * To be called once when an input has filled the slots of ORIGIN_API (and
 * TEMPLATE, CHANNELS, BUCKET) that it has, VALUE_NULL where it looked and there
 * is none: fills derived and source fields, unknowns and
 * defaults of those in `needs`. What a summary lacks becomes unknown; template,
 * channel, stream and bucket fields that are absent and were not gathered
 * become unknown with the reason; then the API's defaults, flagged. A text that
 * the API prints empty for none is absent. Of `needs` what is of another kind
 * is passed over. Texts it makes are the arena's.
 */
void resource_complete(struct resource *r, field_set needs, struct arena *arena);
/* The fields that `needs` needs in turn (the ARN for region, parents, only_if). */
field_set resource_closure(field_set needs);

/*
 * An object of a list of objects with the API's defaults where nothing is
 * written, in the order of the table behind what is; list: "channels[*]".
 * For inputs that fill related objects. Unknown members stay. Gives an object
 * of the arena, or the same where nothing is added.
 */
struct value resource_member(const struct value *object, const char *list, struct arena *arena);

/*
 * Fills r, emptied as what it is to be, from a tree that looks as the API prints
 * it (a rule test's `given`), which may also hold region, account, channels, bucket,
 * stream, template and source. Paths in `unknown` (n of them) become unknown,
 * parents with all their members. -1 with a place for an unknown field, a wrong
 * type, or a value outside an enumeration; the nearest name is in the text.
 */
int resource_from_value(struct resource *r, const struct value *tree, const struct str *unknown,
			size_t n_unknown, struct arena *arena, struct err *err);
/* The same, and of some paths this is known: a partial value (model/partial.h), of the
 * field's type. */
struct resource_part {
	struct str path;
	struct value value;
};
int resource_from_parts(struct resource *r, const struct value *tree, const struct str *unknown,
			size_t n_unknown, const struct resource_part *parts, size_t n_parts,
			struct arena *arena, struct err *err);

/* Borrowed texts from r and the arena; r->source's cursor moves. */
void resource_subject(struct resource *r, struct arena *arena, struct subject *s);
/* "api", "json", "cloudformation", "terraform" */
const char *source_kind_name(enum source_kind k);

#endif
