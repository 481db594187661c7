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

#include "report/report.h"
#include "rule/engine.h"
#include "rule/policy.h"

struct audit_options {
	const char *const *paths;
	size_t n_paths;
	unsigned workers; /* at least 1 */
	bool allow_empty; /* no recording configuration is no problem */
	bool fail_on_undecided;
	enum severity fail_on;
	struct engine_options engine;
};

/*
 * Audits and fills `summary`, whose tally lives in `arena`. The reports are
 * written up to their ends; closing them is the caller's. With reports NULL it
 * only counts. A signal asked for by audit_catch_signals ends it early:
 * summary->interrupted.
 */
void audit_run(struct policy *policy, const struct audit_options *options, struct reports *reports,
	       struct arena *arena, struct summary *summary);

/* SIGINT and SIGTERM stop the audit between two stretches; SIGPIPE is an error
 * of writing. */
void audit_catch_signals(void);
/* The signal that came, or 0. */
int audit_signal(void);

#endif
