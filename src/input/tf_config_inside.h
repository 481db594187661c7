/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tf_config.c reads and tf_follow.c goes along.
 */
#ifndef INPUT_TF_CONFIG_INSIDE_H
#define INPUT_TF_CONFIG_INSIDE_H

#include "input/tf_config.h"

struct tf_block {
	struct str key;    /* module.a.aws_ivs_channel.b */
	struct str module; /* module.a, without indices as well */
	struct str provider;
	struct value expressions;
	struct value each; /* for_each_expression */
};

/* What a variable of a module is set to, or an output of one gives. */
struct tf_link {
	struct str name; /* "module.a|var.x", "module.a|output.y" */
	const struct str *refs;
	size_t n;
};

/* All of them, by name. */
const struct tf_link *tf_config_links(const struct tf_config *c, size_t *n);
/* NULL where there is none. */
const struct tf_link *tf_config_link(const struct tf_config *c, struct str name);
/* Whether some were not kept for want of room. */
bool tf_config_is_full(const struct tf_config *c);
/*
 * The expression that an argument gets its value from; *rest is what of the
 * path leads into that value, "" where the expression is the argument's own.
 * NULL where there is none.
 */
const struct value *tf_block_expression(const struct tf_block *b, const char *path,
					const char **rest);

/* The name in the module, whose address is "" for the root. */
struct str tf_join_address(struct arena *arena, struct str module, struct str name);

#endif
