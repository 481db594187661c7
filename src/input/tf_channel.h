/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel of a plan: as a member of `channels`, and as a resource of its own.
 */
#ifndef INPUT_TF_CHANNEL_H
#define INPUT_TF_CHANNEL_H

#include "input/tf_recording.h"

/* The object with the API's defaults where nothing is written. */
struct value tf_channel_object(const struct value *tree, enum tf_type type,
			       const struct tf_around *around, const struct tf_block *block,
			       struct arena *arena);

/* A row of a channel, but for resource_complete(). What is of another type than a
 * provider writes is not known. */
void tf_channel_fill(struct resource *r, const struct tf_change *change,
		     const struct tf_around *around, struct arena *arena);

/* An object being made, of as many members as fit. */
struct tf_object {
	struct entry entries[16];
	uint32_t n;
};
/* Puts nothing where there is none. */
void tf_object_put(struct tf_object *o, const char *key, struct value v);
struct value tf_object_value(const struct tf_object *o, struct place place, struct arena *arena);

#endif
