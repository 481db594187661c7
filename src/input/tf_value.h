/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes of a resource as a plan or a state writes them: what is known,
 * what is known after apply and what is sensitive stand in three trees of the
 * same form, and are made one here. Knows no type of resource.
 */
#ifndef INPUT_TF_VALUE_H
#define INPUT_TF_VALUE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/value.h"

extern const char tf_after_apply[]; /* why: "known after apply" */

/*
 * `known` with VALUE_UNKNOWN where `unknown` says true, and VALUE_SENSITIVE,
 * down to every member, where `sensitive` does. Each may be NULL. Trees that do
 * not fit each other lose nothing that is unknown or sensitive.
 */
struct value tf_merge(struct arena *arena, const struct value *known, const struct value *unknown,
		      const struct value *sensitive);

/* Whether something in such a tree is true. */
bool tf_has_true(const struct value *v);

/*
 * The attribute behind a path of names: "destination_configuration.s3.bucket_name".
 * A block that may be there once is a list of one object in one provider and an
 * object in another: both are gone through. An absent value where there is none,
 * an unknown one where something above it is unknown.
 */
struct value tf_at(const struct value *tree, const char *path);

/* The same of a text; of another type it is tf_odd(). */
struct value tf_text_at(const struct value *tree, const char *path);
/* Unknown, since it is of a type that no provider writes. */
struct value tf_odd(struct place place);

/* The first place in the tree that is not known, or NULL. */
const struct value *tf_unknown_in(const struct value *tree);

#endif
