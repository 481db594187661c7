/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the reports of a run, for report.c and share.c alone.
 */
#ifndef REPORT_REPORTS_INSIDE_H
#define REPORT_REPORTS_INSIDE_H

#include "report/report.h"

struct reports {
	const struct run *run;
	struct report *list;
	size_t n;
	bool all;                  /* the engine was asked for every verdict */
	uint64_t seen[N_VERDICTS]; /* findings taken, to be held against the tally */
	uint64_t problems[N_PROBLEMS];
};

#endif
