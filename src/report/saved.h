/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON report of an earlier run, read back: its facts at once, its findings as
 * a stream of judgements, as the run handed them to its reports. Holds memory for
 * rules, waivers and problems, and for one judgement. Reports are untrusted: what
 * is not what the schema says is an error with its place.
 */
#ifndef REPORT_SAVED_H
#define REPORT_SAVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "report/report.h"

struct saved_problem {
	struct problem problem;
	uint64_t after; /* findings of the report that stand before it */
};

struct saved {
	const char *path;
	struct str tool; /* version of the ivslint that judged */
	int64_t started;
	int32_t as_of;
	enum severity fail_on;
	bool fail_on_undecided, allow_empty;
	bool all; /* passes are there as well */
	/* Of rules and waivers alone: it judges nothing. */
	struct policy *policy;
	size_t n_judged; /* rules, which are the first */
	bool groups;     /* some of them are rules over several resources */
	struct tally tally;
	uint64_t files, other_documents, findings;
	bool interrupted, complete, empty;
	const char *bug; /* or NULL: the run itself said not to trust it */
	struct saved_problem *problems;
	size_t n_problems, n_counted; /* the latter: without those that are allowed */
	struct saved_inside *inside;
};

/* "-" is standard input. NULL with err, of kind ERR_INPUT and with a place where
 * it is the content. path is borrowed. */
struct saved *saved_open(const char *path, struct err *err);
/* Accepts NULL. */
void saved_free(struct saved *s);

struct saved_taker {
	void *to;
	/* In the order of reading; good until it returns, false to stop. */
	bool (*judgement)(void *to, const struct judgement *j);
	void (*problem)(void *to, const struct problem *p);
};

/*
 * Reads the findings, as findings of the rules and waivers of `policy`, which has
 * the same ones as s->policy. groups: only the verdicts of group rules, else only
 * the others, and the problems. all: passes too. -1 also when the findings are not
 * those that the sums count.
 */
int saved_read(struct saved *s, const struct policy *policy, bool groups, bool all,
	       const struct saved_taker *taker, struct err *err);

#endif
