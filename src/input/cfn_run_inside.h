/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of cfn_run.h share: cfn_run.c finds the templates of a run,
 * cfn_linked.c answers what one asks of another, cfn_manifest.c reads what CDK
 * writes beside them.
 */
#ifndef INPUT_CFN_RUN_INSIDE_H
#define INPUT_CFN_RUN_INSIDE_H

#include <pthread.h>
#include <sys/stat.h>

#include "input/cfn_run.h"

/* A nested template that could not be opened, and the unit that names it. */
struct missing {
	struct cfn_unit *unit;
	struct place place;
	const char *text;
};

struct cfn_run {
	const char *const *paths;
	size_t n_paths;
	const struct cfn_given *given;
	pthread_mutex_t lock;
	struct arena arena, scratch;
	bool surveyed, linked;
	struct cfn_unit *units, **last;
	size_t n_units;
	struct cfn_set set;
	unsigned depth; /* of templates that ask one another */
	struct missing *missing;
	size_t n_missing, cap_missing;
};

/* ---- cfn_run.c ---- */

/* dirname(path)/name, of the arena. */
char *cfn_file_beside(struct arena *a, const char *path, struct str name);
const char *cfn_file_base(const char *path);
/* Opens a regular file; -1 with errno otherwise. */
int cfn_file_open(const char *path, struct stat *st);
/* Up to `most` bytes, with padding behind them; *len is how many. */
char *cfn_file_bytes(struct arena *a, int fd, size_t most, size_t *len);

/* ---- cfn_manifest.c ---- */

/* Region, account, name and tags of the stack that a template in a cdk.out is for, from
 * the manifest beside it; texts are the arena's. Tags that were given win. */
void cfn_manifest_take(struct arena *a, const char *path, struct cfn_stack *stack);
/* The string behind a key, or NULL. */
const struct value *cfn_text_at(const struct value *map, const char *key);

/* ---- cfn_linked.c ---- */

/* Lets a unit's template ask the other units of its run. */
void cfn_linked_stack(struct cfn_unit *u, struct cfn_stack *stack);
/* The unit that a nested stack is made of, or NULL. */
struct cfn_unit *cfn_linked_unit(const struct cfn_run *run, const struct cfn_resource *stack);

#endif
