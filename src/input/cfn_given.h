/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the command line says of stacks: parameters, region, account, name.
 */
#ifndef INPUT_CFN_GIVEN_H
#define INPUT_CFN_GIVEN_H

#include "base/err.h"
#include "model/value.h"

/* As on the command line; borrowed. NULL and 0 where nothing is said. */
struct cfn_given_options {
	const char *region, *account, *stack_name;
	const char *const *files; /* --parameters */
	size_t n_files;
	const char *const *set; /* --set-parameter: NAME=VALUE; these win */
	size_t n_set;
	const char *const *tags; /* --stack-tag: KEY=VALUE; these win */
	size_t n_tags;
};

struct cfn_given;

/* NULL with err of ERR_USAGE for a file that cannot be read or is of no known
 * form, and for what is no region, account or name. */
struct cfn_given *cfn_given_new(const struct cfn_given_options *options, struct err *err);
void cfn_given_free(struct cfn_given *given);

/* Texts, "" where nothing is said. given may be NULL. */
struct str cfn_given_region(const struct cfn_given *given);
struct str cfn_given_account(const struct cfn_given *given);
struct str cfn_given_stack_name(const struct cfn_given *given);
/* A map of texts, or ABSENT. */
struct value cfn_given_tags(const struct cfn_given *given);
/* The value of a parameter, or NULL. Notes that somebody asked; threads may. */
const struct value *cfn_given_parameter(const struct cfn_given *given, struct str name);
/* Where it was given: "FILE:LINE:COLUMN", or the option. */
const char *cfn_given_origin(const struct cfn_given *given, struct str name);
/* The next parameter that nobody asked for: its name, or NULL. *at is 0 to begin. */
const char *cfn_given_unused(const struct cfn_given *given, size_t *at);

#endif
