/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plan says of a bucket: the bucket's own attributes, and the resources
 * that set one thing of it each.
 */
#ifndef INPUT_TF_BUCKET_H
#define INPUT_TF_BUCKET_H

#include "input/tf_recording.h"

enum tf_bucket_part {
	TF_PART_REGION,
	TF_PART_ENCRYPTION,
	TF_PART_VERSIONING,
	TF_PART_PUBLIC_ACCESS,
	TF_PART_OWNERSHIP,
	TF_PART_LIFECYCLE,
	N_TF_PARTS
};

struct tf_bucket {
	struct str address; /* "" where only settings speak of it */
	struct value name;
	bool is_new; /* created by the plan: what nothing sets is what S3 gives a new bucket */
	bool set[N_TF_PARTS];
	struct value parts[N_TF_PARTS]; /* VALUE_NULL: looked, and there is none */
};

/* The attribute that has the name of a bucket, or of the bucket that a setting is for. */
const char *tf_bucket_name_path(enum tf_type type);
void tf_bucket_init(struct tf_bucket *b, enum tf_type type, struct str address,
		    const struct value *tree, bool is_new, const struct tf_around *around,
		    const struct tf_block *block, struct arena *arena);
/* A setting of the bucket, by the type of its resource. */
void tf_bucket_set(struct tf_bucket *b, enum tf_type type, const struct value *tree,
		   struct arena *arena);
/* A setting of which it is not known whose it is, into a bucket of such. */
void tf_bucket_set_perhaps(struct tf_bucket *anybodys, enum tf_type type, struct str address,
			   struct arena *arena);
/* Fills the slots. b: NULL where it is not known which bucket it is, with why. */
void tf_bucket_fill(const struct tf_bucket *b, const struct tf_bucket *anybodys, const char *why,
		    struct resource *r);

#endif
