/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A field path while it is compiled. Inside rule/path.c and rule/path_hint.c only.
 */
#ifndef RULE_PATH_INSIDE_H
#define RULE_PATH_INSIDE_H

#include "base/limit.h"
#include "base/text.h"
#include "rule/params.h"
#include "rule/path.h"

enum segment_form { SEGMENT_NAME, SEGMENT_KEY, SEGMENT_STAR };

struct path_segment {
	enum segment_form form;
	struct str text; /* of a key without its quotes */
	size_t end;      /* offset in the path behind it */
};

/* A path that is being compiled. */
struct parse {
	const struct compile *c;
	struct str text;
	struct place place;
	struct path_segment segments[LIMIT_PATH_SEGMENTS];
	size_t n;
	struct path *path;
};

#define MISTAKE(p, ...)                                                                            \
	mistakes_add((p)->c->scope->mistakes, (p)->c->scope->source, (p)->place,                   \
		     text_length((p)->text), __VA_ARGS__)
#define HINT(p, ...) mistakes_hint((p)->c->scope->mistakes, __VA_ARGS__)

/* Of the kinds that a path may be of, the first. */
const struct kind_row *path_kind_of_scope(const struct parse *p);
/* What may have been meant: by a name that no field has, one that is none below a member,
 * a field of another kind of resource, a parameter that is not declared. */
void path_hint_field(const struct parse *p);
void path_hint_member(const struct parse *p, struct str below, struct str wrong);
void path_hint_kind(const struct parse *p, const struct field *f);
/* The mistake too: unless the parameter may be declared in what could not be read. */
void path_unknown_param(const struct parse *p, const struct params *params, struct str name);

#endif
