/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameters of a policy: declared with a type, set by files that extend,
 * by overrides and by --set; read by conditions as $name and $name.member.
 */
#ifndef RULE_PARAMS_H
#define RULE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "model/field.h"
#include "model/mistake.h"
#include "model/source.h"
#include "model/value.h"

struct param {
	struct str name;
	struct type type;
	struct str description;
	const struct value *value; /* in force; NULL when it has none: the policy does not load */
	const char *set_by;        /* name of the source that set the value in force */
	struct source *set_in;     /* the same, for the value's place */
	struct source *source;     /* of the declaration */
	struct place place;        /* of the declaration */
};

struct params {
	struct param *list;
	size_t n;
	/* More may be declared in what could not be read, which is told: a name that is
	 * near to none is no mistake of its own then. Rules are the same. */
	bool incomplete;
};

/* NULL when there is none of this name; params may be NULL. */
const struct param *params_find(const struct params *params, struct str name);

/* Reads "string", "list<string>", "range" ...; false when it is no type. */
bool param_type_parse(struct str text, struct type *type);
/*
 * Checks that a value fits a type: patterns compile, ranges are {min, max}
 * (either may be missing) with min at most max, members fit. Adds mistakes and
 * gives -1 when not.
 */
int param_check(struct type type, const struct value *value, struct source *source,
		struct mistakes *mistakes);

#endif
