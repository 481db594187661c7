/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels and buckets of a plan or a state, kept while it is read, and
 * which of them belong to a recording configuration: by names and ARNs that are
 * known, else by what the configuration's expressions refer to.
 */
#ifndef INPUT_TF_RELATED_H
#define INPUT_TF_RELATED_H

#include "base/arena.h"
#include "input/tf_change.h"
#include "input/tf_recording.h"
#include "model/resource.h"

struct tf_related;

/* Which fields are asked for decides what is kept. The arena is to live as long. */
struct tf_related *tf_related_new(field_set needs, struct arena *arena);
void tf_related_free(struct tf_related *related);
bool tf_related_wants(const struct tf_related *related, enum tf_type type);
/* Keeps a copy. False once LIMIT_PLAN_RELATED is reached: then nothing related is
 * known. */
bool tf_related_add(struct tf_related *related, const struct tf_change *change,
		    struct source *source);
/* Once all are there. around is borrowed. */
void tf_related_finish(struct tf_related *related, const struct tf_around *around);
/* Fills the slots of channels and of the bucket, after tf_recording_fill. */
void tf_related_fill(struct tf_related *related, struct resource *r, const struct tf_change *change,
		     struct arena *arena);

#endif
