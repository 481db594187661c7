/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of what is related, shared by its files: tf_related.c keeps and joins,
 * tf_related_fill.c answers for one recording configuration. Nobody else includes this.
 */
#ifndef INPUT_TF_RELATED_INSIDE_H
#define INPUT_TF_RELATED_INSIDE_H

#include "input/tf_bucket.h"
#include "input/tf_channel.h"
#include "input/tf_related.h"
#include "input/tf_shelf.h"

/* Looks at candidates in all: where every channel may be every configuration's,
 * the rest stays unknown. */
#define TF_LOOKS 20000000

#define TF_TOO_MANY "the plan has more channels and buckets than are held"
#define TF_LOST     "the plan could not be read whole"

/* A kept resource, before it is joined. */
struct kept {
	enum tf_type type;
	bool is_new;
	struct str address;
	struct value tree; /* places are counted */
};

struct channel {
	const struct kept *kept;
	struct value object;
	struct tf_targets targets;
};

struct tf_related {
	struct arena *arena;
	bool channels_wanted, buckets_wanted, full, lost;
	bool names_wanted; /* to tell which bucket it is whose name is not known */
	const struct tf_around *around;
	size_t size;
	uint64_t looks;

	struct kept *kept;
	size_t n_kept, cap_kept;

	struct channel *channels;
	size_t n_channels;
	struct tf_shelf by_arn, by_key;
	struct tf_shelf handed_on;   /* keys of what outputs hand on */
	const struct kept *anybodys; /* a channel that may use any configuration */

	struct tf_bucket *buckets;
	size_t n_buckets;
	struct tf_shelf by_name, by_bucket_key;
	struct tf_bucket anybodys_settings; /* of which it is not known whose they are */
};

/* Whether the target is this instance for sure, or perhaps. */
enum meant { MEANT_NOT, MEANT_PERHAPS, MEANT };

/* What the configuration says of the resource at the address, or NULL. */
const struct tf_block *tf_related_block(const struct tf_related *related, struct str address);
/* For a target that has the key of that address. */
enum meant tf_related_meant(const struct tf_targets *targets, const struct tf_target *t,
			    struct str address, struct arena *arena);
/* The bucket that is meant, or NULL with whether it may be one of the plan's. */
struct tf_bucket *tf_related_bucket(struct tf_related *related, const struct tf_targets *targets,
				    struct arena *arena, bool *perhaps);

#endif
