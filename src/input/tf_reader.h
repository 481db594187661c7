/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One plan or state that is being read: what input_tf.c, which knows the document,
 * and tf_parts.c, which knows its resources, have between them.
 */
#ifndef INPUT_TF_READER_H
#define INPUT_TF_READER_H

#include "input/input.h"
#include "input/json_wide.h"
#include "input/tf_config.h"
#include "input/tf_related.h"

/* What holds resources, in either sort of document. */
enum tf_part {
	TF_PART_CHANGES,
	TF_PART_DEFERRED,
	TF_PART_VALUES,
	TF_PART_PLANNED,
	TF_PART_CONFIGURATION,
	TF_N_PARTS
};

struct tf_reader {
	struct json_wide w;
	struct segment *segment;
	field_set needs;
	bool channels; /* are wanted as resources, with these fields */
	field_set channel_needs;
	struct arena *arena;  /* of rows that are kept */
	struct arena scratch; /* of one item */
	struct arena held;    /* of what is related, until the end */
	const struct input_sink *sink;
	bool second; /* the second time over */

	bool version_seen, version_fits, errored, incomplete;
	bool raw; /* a state as Terraform keeps it */
	struct json_wide_spot order[TF_N_PARTS];
	enum tf_part in_order[TF_N_PARTS];
	size_t n_parts;
	bool configured; /* the configuration was read */

	uint64_t there, given; /* what is audited and refusals, by either time */
	uint32_t index[N_KINDS];
	struct tf_config *config;
	struct tf_related *related;
	struct tf_around around;
};

/* A trouble at a place; PLACE_NONE is the beginning. */
void tf_tell(struct tf_reader *rd, enum trouble kind, struct place place, const char *text);
/* Whether the second time has come past the last of what is audited. */
bool tf_is_done(const struct tf_reader *rd);
/* The value of such a part, before which rd->w stands: -1 where that is not well, with the
 * error in rd->w. It stops early where tf_is_done. */
int tf_read_part(struct tf_reader *rd, enum tf_part part);
/* The same of what has modules with resources, whichever part it is. */
int tf_read_values(struct tf_reader *rd);

#endif
