/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One resource of a plan or a state: where it is, what is done with it, and its
 * attributes with what is unknown and sensitive in them.
 */
#ifndef INPUT_TF_CHANGE_H
#define INPUT_TF_CHANGE_H

#include "base/arena.h"
#include "base/str.h"
#include "input/tf_item.h"
#include "model/value.h"

struct tf_change {
	enum tf_type type;
	struct str address;
	struct value type_name;     /* with its place */
	struct value action;        /* "create", ...; absent in a state */
	struct value replace_paths; /* a list of texts, or absent */
	struct value tree;          /* the attributes; unknown where all of them are */
	bool secret;		    /* something in it, or in what was before, is sensitive */
	bool is_new;                /* created or replaced: what AWS gives it is not known yet */
};

enum tf_found { TF_BAD = -1, TF_LEFT_OUT, TF_FOUND };

/* state: the object is a state's. LEFT_OUT: deleted, forgotten, deposed, read as
 * data. What it points to is the item's and the arena's. */
enum tf_found tf_change_read(struct tf_item *item, bool state, struct arena *arena,
			     struct tf_change *change, struct tf_refusal *refusal);

/* Counts every place in the tree, so that it can leave its source: a copy of the
 * arena's. */
struct value tf_counted(struct arena *arena, struct source *source, const struct value *v);

#endif
