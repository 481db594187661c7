/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resources of a plan or a state through which another service makes resources that
 * stand in no plan: stacks of CloudFormation, products of Service Catalog, and what
 * Cloud Control makes of any type. Used by tf_parts.c alone.
 */
#ifndef INPUT_TF_UNSEEN_H
#define INPUT_TF_UNSEEN_H

#include <stdbool.h>

#include "base/arena.h"
#include "input/tf_change.h"

/* Whether resources of the type may hold what is audited. */
bool tf_type_is_unseen(enum tf_type type);

/* What is not seen of one, or NULL where its values show that nothing is missed.
 * channels: they are asked for too. The text is the arena's. */
const char *tf_unseen(const struct tf_change *change, bool channels, struct arena *arena);

#endif
