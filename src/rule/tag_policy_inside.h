/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tag policy that is being imported, shared by tag_policy.c, which reads it, and
 * tag_policy_put.c, which writes rules.
 */
#ifndef RULE_TAG_POLICY_INSIDE_H
#define RULE_TAG_POLICY_INSIDE_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/value.h"
#include "rule/names.h"

struct import {
	struct arena arena;
	struct buf *out, *left;
	struct names ids; /* of rules that were written */
	size_t rules;
};

/* What a tag's part of the policy says. */
struct tag {
	struct str name;            /* in the policy */
	struct str key;             /* as it must be written; "" where that is not known */
	const struct value *values; /* list, or NULL: any */
	bool required;
};

/* A rule each, with its tests, behind what is in m->out: how the key is written, nothing
 * where it can be written in one way only; which values it may have (tag->values is not
 * NULL); that it must be there. */
void tag_policy_put_case(struct import *m, const struct tag *tag);
void tag_policy_put_values(struct import *m, const struct tag *tag);
void tag_policy_put_required(struct import *m, const struct tag *tag);

#endif
