/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A recording configuration of a plan or a state as a row of slots. Knows the
 * attributes of both providers and what each of them leaves to AWS.
 */
#ifndef INPUT_TF_RECORDING_H
#define INPUT_TF_RECORDING_H

#include "base/arena.h"
#include "input/tf_change.h"
#include "input/tf_config.h"
#include "model/resource.h"

/* What is known besides the resource itself. */
struct tf_around {
	const struct tf_config *config; /* NULL where there is none */
	bool lost;                      /* it could not be read: what is written is not known */
};

/*
 * Whether an attribute that is unknown was only left out, so that the API's
 * default is what it will be. computed: the provider fills it where it is not
 * written, which is how it reads in a plan without a configuration.
 */
bool tf_left_out(const struct tf_around *around, const struct tf_block *block, const char *path,
		 bool computed);

/* Fills the slots of what the resource itself says. -1 with where and what is of
 * a type that its provider does not write. */
int tf_recording_fill(struct resource *r, const struct tf_change *change,
		      const struct tf_around *around, struct arena *arena, struct place *at,
		      const char **wrong);

/* What stands around the attributes, whatever the type: the address, the region and
 * template.*; tf_recording_fill does it too. */
void tf_fill_around(struct resource *r, const struct tf_change *change,
		    const struct tf_around *around, const struct tf_block *block);

/* The tags of either provider as a map: into *tags; false for another type. */
bool tf_tags(const struct tf_change *change, struct arena *arena, struct value *tags);

#endif
