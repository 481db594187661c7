/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses, types, and the objects in a plan's arrays of resources: those of
 * the few types that are wanted are given whole, the rest is passed over.
 */
#ifndef INPUT_TF_ITEM_H
#define INPUT_TF_ITEM_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "input/json_wide.h"
#include "model/source.h"
#include "model/value.h"

enum tf_type {
#define TF_TYPE(id, name) TF_##id,
#include "input/tf_type_list.h"
#undef TF_TYPE
	TF_OTHER,
};

enum tf_type tf_type_find(struct str name);
bool tf_type_is_recording(enum tf_type type);
bool tf_type_is_bucket(enum tf_type type);
bool tf_type_is_channel(enum tf_type type);

/* A resource object, or one item of another sort. */
struct tf_item {
	enum tf_type type;
	struct source source; /* its bytes, which are the arena's, and where they begin */
	struct value tree;    /* places are offsets into the source */
};

enum tf_taken {
	TF_FAILED = -1, /* w->error */
	TF_PASSED,      /* of another type */
	TF_TAKEN,
	TF_REFUSED, /* wanted, and cannot be used: see the refusal */
};

struct tf_refusal {
	struct place place; /* counted */
	const char *text;   /* static, or the arena's */
	bool related;       /* it is none of a recording configuration's types */
};

/* The item before which w stands. all: whatever its type, or without one. */
enum tf_taken tf_item_take(struct json_wide *w, bool all, struct arena *arena, struct tf_item *item,
			   struct tf_refusal *refusal);

/* The address without its indices: module.a["x"].aws_x.b[0] is module.a.aws_x.b. */
struct str tf_address_key(struct arena *arena, struct str address);
/* The address of the module's instance: module.a["x"]; "" in the root. */
struct str tf_address_module(struct str address);
/* The last index, [0] or ["x"], or "". */
struct str tf_address_index(struct str address);
/* The steps of a module's address: module.a["x"].module.b has two. */
size_t tf_module_steps(struct str module);
/* The same without its last step. */
struct str tf_module_parent(struct str module);

#endif
