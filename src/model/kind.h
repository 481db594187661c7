/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of resource: a rule judges those of one kind, a field belongs to some.
 * The rows are in kind_list.h.
 */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

#include <stdbool.h>

#include "base/str.h"

enum kind {
#define KIND(id, ...) KIND_##id,
#include "model/kind_list.h"
#undef KIND
	N_KINDS
};

/* Sets of kinds. */
#define KIND_BIT(kind) (1u << (kind))
enum {
#define KIND(id, ...) KINDS_##id = KIND_BIT(KIND_##id),
#include "model/kind_list.h"
#undef KIND
	KINDS_EVERY = (1 << N_KINDS) - 1,
};

struct kind_row {
	const char *name, *one, *many, *type;
	struct str arn;
	const char *envelope, *beyond;
};

extern const struct kind_row kind_table[N_KINDS];

/* Whether there is a kind of this name. */
bool kind_find(struct str name, enum kind *kind);

#endif
