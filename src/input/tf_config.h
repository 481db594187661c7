/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plan's `configuration` says that its values do not: which arguments
 * are written at all, what an expression refers to, and the region of a
 * provider. Only what the few types of resources need is kept, whatever the
 * size of the rest.
 */
#ifndef INPUT_TF_CONFIG_H
#define INPUT_TF_CONFIG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "input/json_wide.h"
#include "input/tf_item.h"
#include "model/value.h"

struct tf_config;
/* A resource as it is written, once for all its instances. */
struct tf_block;

/* Keeps what it holds in the arena. */
struct tf_config *tf_config_new(struct arena *arena);
void tf_config_free(struct tf_config *c);
/* Reads the value of `configuration`, before which w stands. -1 with w->error. */
int tf_config_read(struct tf_config *c, struct json_wide *w);
/* To be called once after reading, before anything is asked. */
void tf_config_finish(struct tf_config *c);

/* Of an address such as module.a["x"].aws_ivs_channel.b[0]; NULL where the
 * configuration is not there or does not have it. */
const struct tf_block *tf_config_block(const struct tf_config *c, struct str address);

/* What is said of an argument, a path through blocks: "thumbnail_configuration.recording_mode". */
enum tf_written {
	TF_NOT_WRITTEN,
	TF_WRITTEN, /* or perhaps: inside an expression for a whole object */
};
enum tf_written tf_block_writes(const struct tf_block *b, const char *path);

/* The constant region of the resource's provider, or NULL. */
const struct value *tf_config_region(const struct tf_config *c, const struct tf_block *b);

/*
 * A resource that an expression refers to, through variables and outputs of
 * modules.
 */
struct tf_target {
	struct str key;    /* module.a.aws_s3_bucket.b: without indices */
	struct str prefix; /* module.a["x"]: the instance of its module, as far as that is known */
	struct str index;  /* [0] or ["x"], or "" where the expression does not say */
	bool own_index;    /* the index is that of the instance that refers, by each.key */
};

struct tf_targets {
	struct tf_target list[8];
	size_t n;
	bool elsewhere; /* it may depend on something that cannot be followed */
	bool not_arn;   /* something else of a target than its ARN is referred to */
};

/* What an argument of the instance at `address` refers to. The argument is a
 * path; every reference in it or above it counts. */
void tf_config_targets(const struct tf_config *c, const struct tf_block *b, struct str address,
		       const char *path, struct arena *arena, struct tf_targets *to);
/* What the outputs of the root hand on to others. */
void tf_config_handed_on(const struct tf_config *c, struct arena *arena,
			 void (*take)(void *to, const struct tf_target *t), void *to);
/* Whether the instance at `address` may be the target. */
bool tf_target_is(const struct tf_target *t, struct str address, struct arena *arena);

#endif
