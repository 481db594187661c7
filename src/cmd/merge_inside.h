/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports being merged, shared by cmd_report.c and by what it asks of them. Nobody else
 * includes this.
 */
#ifndef CMD_MERGE_INSIDE_H
#define CMD_MERGE_INSIDE_H

#include "base/digest.h"
#include "cmd/cmd.h"
#include "report/saved.h"
#include "rule/engine.h"
#include "rule/names.h"

/* A look at a configuration that some report tells of. */
struct look {
	char content[DIGEST_HEX_SIZE];
	uint32_t report;
};

struct merge {
	const struct settings *settings;
	struct saved **saved;
	size_t n, now; /* the one being read */
	struct run run;
	struct arena arena;
	struct tally tally;
	struct reports *reports;
	bool all; /* some format wants every verdict */
	struct finding *kept;
	size_t cap_kept;
	/* what was there, by digest of the resource */
	struct names names;
	struct look *looks;
	size_t cap_looks;
	struct buf text;
	uint64_t n_same, n_other, problems, allowed;
};

/* ---- merge_check.c ---- */

/* What keeps the report `i` from being used for what was asked, with those before it: 0,
 * or -1 with the error printed. */
int merge_check(const struct merge *m, size_t i);

/* ---- merge_double.c ---- */

/* Whether the judgement is in an earlier report, word by word, and is taken out of the
 * sums; a warning says what was found there. Of one report nothing is left out: its run
 * looked twice. */
bool merge_is_double(struct merge *m, const struct judgement *j);
/* How many were not told one by one. */
void merge_tell_doubles(const struct merge *m);

#endif
