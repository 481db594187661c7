/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of a bucket's lifecycle, as plans of both providers write them, to what
 * rules name.
 */
#ifndef INPUT_TF_LIFECYCLE_H
#define INPUT_TF_LIFECYCLE_H

#include "base/arena.h"
#include "model/value.h"

/* hashicorp's, in the bucket and by itself; awscc's. */
enum tf_lifecycle_form { TF_LIFECYCLE, TF_LIFECYCLE_CC };

/* The rules behind a path; absent where there are none. */
struct value tf_lifecycle_rules(const struct value *tree, const char *path,
				enum tf_lifecycle_form form, struct arena *arena);

#endif
