/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is asked of AWS, as a command line says it: the options that `ivslint
 * fetch`, `ivslint scan` and ivslint-fetch share. Reads no environment and
 * knows no network.
 */
#ifndef ASK_ASK_H
#define ASK_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/opt.h"
#include "base/progress.h"
#include "base/str.h"

/* Texts are those of the command line, borrowed; NULL where it says nothing. Lists
 * are as they were written: a,b,c. */
struct ask {
	const char *regions; /* or "all" */
	const char *profiles, *roles;
	const char *accounts, *role_name; /* a file, and the role of each account in it */
	const char *external_id, *endpoint_url;
	const char *arns[LIMIT_ASK_ARNS];
	size_t n_arns;
	const char *concurrency_text, *tps_text, *attempts_text, *timeout_text, *progress_text;
	unsigned concurrency; /* requests at one time */
	int max_tps;          /* -1: the service's quotas; 0: none */
	int attempts;         /* 0: as is configured */
	unsigned timeout_s;   /* of one attempt */
	enum progress_when progress;
	/* of `ivslint fetch` and ivslint-fetch alone */
	const char *output; /* NULL: standard output */
	bool summary;       /* --needs summary: what the list says is enough */
	int level;          /* enum log_level */
	bool help, version;
};

/* The defaults. */
void ask_init(struct ask *a);

/*
 * Rows for opt_parse, whose `to` is a struct ask, or any struct that begins with one.
 * `scan` takes the first two tables; `fetch` and ivslint-fetch take all three;
 * `iam-policy`, which asks nobody, takes the roles.
 */
extern const struct opt ask_opts[], ask_role_opts[], ask_fetch_opts[];

/* After the parse: -1 with ERR_USAGE for options that do not go together. */
int ask_check(const struct ask *a, struct err *err);

/*
 * The same options again as words for ivslint-fetch, NULL-terminated, in `arena`:
 * "--region=us-west-2" and so on, of the first two tables. The texts of options are
 * the command line's own. Their number in *n.
 */
const char **ask_words(const struct ask *a, struct arena *arena, size_t *n);

/* The members of "a,b,c" as terminated texts in `arena`; -1 for an empty member or more
 * than `most`. A NULL list has none. */
int ask_split(const char *list, size_t most, struct arena *arena, const char ***members, size_t *n,
	      struct err *err);

/* The ARNs of the roles that are to be assumed: those of the option, or one in this
 * partition for each account of the file; none where none is asked for. After
 * ask_check; -1 with ERR_USAGE. */
int ask_roles(const struct ask *a, const char *partition, struct arena *arena, const char ***roles,
	      size_t *n, struct err *err);

#endif
