/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The templates of one run, as far as they know of each other: exports and
 * imports, nested stacks, and the manifest that CDK writes beside its output.
 * Used by input_cfn.c alone.
 */
#ifndef INPUT_CFN_RUN_H
#define INPUT_CFN_RUN_H

#include <stddef.h>

#include "input/cfn_resource.h"

struct cfn_given;
struct cfn_run;

/* A template that others refer to, or that refers to others. */
struct cfn_unit {
	struct cfn t;
	struct source source;
	const char *path;
	bool in_run;          /* it is among the paths: read by itself, too */
	struct cfn_unit *owner; /* of one that is not: where it is read with */
	struct cfn_unit *next;
	/* the stacks that are made of it: where its parameters come from */
	struct cfn_referrer {
		struct cfn_unit *unit;
		struct str stack; /* logical id */
		struct cfn_referrer *next;
	} *referrers;
	struct cfn_run *run;
	unsigned long long device, inode;
};

/* Borrowed. */
struct cfn_run *cfn_run_new(const char *const *paths, size_t n, const struct cfn_given *given);
void cfn_run_free(struct cfn_run *run);

/*
 * The unit of a template that is linked with others; the run is locked then
 * until cfn_run_leave. NULL when it stands alone: nothing is locked. The first
 * call looks at the beginnings of all files of the run.
 */
struct cfn_unit *cfn_run_enter(struct cfn_run *run, const struct source *source);
void cfn_run_leave(struct cfn_run *run);
/* All units, for what is related. */
struct cfn_set *cfn_run_set(struct cfn_run *run);
struct cfn_unit *cfn_run_units(struct cfn_run *run);
/* Whether any stack that is made of a nested template is made, as far as is known. */
bool cfn_run_made(const struct cfn_unit *unit);
bool cfn_is_nested(const struct cfn_resource *r);
/* Whether the template of a nested stack is known to the run: read, or told as missing. */
bool cfn_run_knows(const struct cfn_run *run, const struct cfn_resource *stack);
/* A template among the paths with this name of a file, or NULL. Not in a unit: NULL. */
const char *cfn_run_like(const struct cfn_run *run, struct str name);
/* A nested template that could not be opened: told once, by the unit that names
 * it. The text, with *place in that unit, or NULL; *at is 0 to begin. */
const char *cfn_run_missing(struct cfn_run *run, const struct cfn_unit *unit, size_t *at,
			    struct place *place);
/* What is known of the stack of a template that stands alone. Texts are the
 * arena's. */
void cfn_run_stack(struct cfn_run *run, const char *path, struct arena *arena,
		   struct cfn_stack *stack);

#endif
