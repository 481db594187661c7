/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipeline, where both wings meet: paths are read, configurations judged,
 * verdicts reported. Workers take stretches in turn, judge them side by side,
 * and hand over what they found in the order of reading, so that the same input
 * gives the same bytes whatever their number is.
 */
#ifndef CMD_AUDIT_H
#define CMD_AUDIT_H

#include <stdbool.h>

#include "base/progress.h"
#include "input/input.h"
#include "report/report.h"
#include "rule/engine.h"
#include "rule/policy.h"

/* Somebody who wants judgements themselves, in the order of reading. What is
 * handed over is good until the call returns. */
struct audit_taker {
	void *to;
	void (*judgement)(void *to, const struct judgement *j);
	void (*problem)(void *to, const struct problem *p);
};

/* Where a fetch that is going on writes to. */
struct audit_stream {
	const char *name; /* in place of a path */
	int fd;           /* a pipe; closed by the audit */
	feed_copy *copy;  /* told of what comes from it, before `ended`; or NULL */
	/* After its end, with the problems so far: fills in what else is missing, one
	 * a call, until it gives false. */
	bool (*ended)(void *to, uint64_t problems, struct problem *p);
	void *to;
};

struct audit_options {
	const char *const *paths;
	size_t n_paths;
	unsigned workers; /* at least 1 */
	bool allow_empty; /* no recording configuration is no problem */
	bool allow_unseen; /* parts of templates that are in no file are told, and do not count */
	bool all_rules;    /* none was left out by the command line */
	bool fail_on_undecided;
	enum severity fail_on;
	struct engine_options engine;
	const struct audit_taker *taker; /* sees what reports see; or NULL */
	const struct cfn_given *given;   /* what is known of stacks; or NULL */
	struct progress *progress;       /* told of bytes read; or NULL */
	/* Instead of paths, or NULL. A signal does not end the audit then, but the
	 * fetch: what it has read is reported. */
	const struct audit_stream *stream;
};

/*
 * Audits and fills `summary`, whose tally lives in `arena`. The reports are
 * written up to their ends; closing them is the caller's. With reports NULL it
 * only counts. A signal that interrupt_catch asked for ends it early, between two
 * stretches: summary->interrupted.
 */
void audit_run(struct policy *policy, const struct audit_options *options, struct reports *reports,
	       struct arena *arena, struct summary *summary);

/* Whether there is no resource of any kind that the policy's rules judge. */
bool audit_is_empty(const struct policy *policy, const struct tally *t);
/* The exit status: of o what says what counts. */
int audit_status(const struct audit_options *o, const struct summary *s);

#endif
