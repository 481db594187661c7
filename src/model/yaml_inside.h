/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the YAML reader, shared by its files: yaml_event.c asks libyaml and says
 * what it refuses, yaml.c makes values of its events. Nobody else includes this.
 */
#ifndef MODEL_YAML_INSIDE_H
#define MODEL_YAML_INSIDE_H

#include <yaml.h>

#include "model/yaml.h"
#include "model/yaml_gather.h"

struct anchor;

/* Characters are counted along with libyaml, which tells places as indexes of
 * characters; its lines are not ours (it ends one at NEL, LS and PS too). */
struct cursor {
	size_t index, offset;
	struct place place;
};

struct yaml_reader {
	yaml_parser_t parser;
	struct source *source;
	struct arena *arena;
	struct mistakes *mistakes;
	const struct yaml_dialect *dialect; /* or NULL */
	struct str text;                    /* without a byte-order mark */
	struct cursor cursor;
	uint32_t nodes; /* so far, aliases expanded */
	uint32_t depth;
	struct yaml_gather gather;
	struct anchor *anchors;
	size_t n_anchors;
};

/* The next event; -1 after saying what is wrong. */
int yaml_next_event(struct yaml_reader *r, yaml_event_t *e);
/* The line and column of a mark of libyaml's. */
struct place yaml_place_of(struct yaml_reader *r, yaml_mark_t mark);
/* The byte at the place asked for last, or NUL. */
char yaml_byte_here(const struct yaml_reader *r);
/* The characters of an event. */
size_t yaml_length_of(const yaml_event_t *e);

#endif
