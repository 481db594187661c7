/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports: judgements in, bytes out. A format is a row of the table and one
 * file with its own escaper; several formats are written in one run, each file
 * whole or not at all. Nothing here judges.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/progress.h"
#include "rule/engine.h"
#include "rule/finding.h"
#include "rule/policy.h"

/* What could not be read or is not whole: each makes the audit incomplete. */
enum problem_kind {
	PROBLEM_UNREADABLE, /* a file or folder could not be opened or read */
	PROBLEM_REFUSED,    /* not JSON, not UTF-8, a duplicate key, past a limit ... */
	PROBLEM_EMPTY,      /* a path that was asked for holds no recording configuration */
	PROBLEM_MISSING,    /* a region, account or configuration that was not fetched */
	PROBLEM_CUT,        /* a stream ended before its end */
	PROBLEM_UNSEEN,     /* a part of a template or a plan that is in no file of the run */
	PROBLEM_ALLOWED,    /* the same, and --allow-unseen lets it be: told, and does not count */
	N_PROBLEMS,
};

struct problem {
	enum problem_kind kind;
	const char *file;
	uint32_t line, column; /* 0: none */
	const char *text;      /* no full stop */
};

/* Which version of which repository the sources of a run are. Each but the first is ""
 * where it is not known, and one of branch and tag is. */
struct revision {
	struct str repository; /* its address */
	struct str commit;
	struct str branch, tag;
};

/* Facts of the run that heads of reports hold. */
struct run {
	const struct policy *policy;
	const char *version; /* of ivslint */
	int32_t as_of;       /* day, UTC */
	int64_t started;     /* seconds since 1970, or SOURCE_DATE_EPOCH */
	enum severity fail_on;
	bool fail_on_undecided, allow_empty; /* what the status counts besides */
	const struct revision *revision;     /* NULL: not known */
	/* The folder of the repository, absolute, for readers in one; NULL: not known, and
	 * the current folder is taken for it. */
	const char *root;
};

/* What the text report groups findings by. */
enum group_by { GROUP_BY_RESOURCE, GROUP_BY_RULE, GROUP_BY_SEVERITY, GROUP_BY_FILE };

/* How a report looks. */
struct report_options {
	bool all;   /* passes and not-applicable ones too */
	bool color; /* for output on a terminal; files are never coloured */
	bool quiet;
	bool links; /* to addresses and files, for terminals that take them; files have none */
	enum group_by group_by;
	unsigned width;    /* columns of the terminal; 0: do not wrap; files are never wrapped */
	bool junit_gitlab; /* --junit-flavor=gitlab */
	struct progress *progress; /* hidden while standard output is written, or NULL */
};

struct summary {
	const struct tally *tally;
	uint64_t files;           /* documents read: files, and what came by a pipe */
	uint64_t other_documents; /* parts of them, such as lines, that hold something else than
				     recording configurations */
	uint64_t problems;        /* that count */
	uint64_t allowed;         /* and those that do not */
	/* On waivers in templates that waive nothing, and how many more there are. */
	const char *const *notes;
	uint64_t n_notes, notes_left_out;
	bool interrupted;
	bool empty; /* no recording configuration at all */
	bool complete;
	int status; /* the exit status of the run */
	/* Filled by reports_close: which sum does not add up, or NULL. Then
	 * complete is false and status 3, whatever the caller said. */
	const char *bug;
};

/* One format being written. */
struct report {
	const struct report_format *format;
	const struct run *run;
	struct report_options options;
	struct file_out *file;
	struct buf out; /* handed on to the file when it is large enough, and at the end */
	size_t enough;  /* how large that is; SIZE_MAX without a file */
	void *state;    /* the format's own */
	bool lost;      /* something did not fit into `out` */
	size_t room;    /* bytes that its file takes; 0: no matter how many */
	struct err err; /* what else failed; kind ERR_NONE while nothing did */
};

struct report_format {
	const char *name;
	const char *text;                                        /* one line of documentation */
	bool (*wants_all)(const struct report_options *options); /* needs every verdict */
	/* Or NULL: no lines of sources are shown. */
	bool (*wants_excerpts)(const struct report_options *options);
	void (*begin)(struct report *r);
	void (*judgement)(struct report *r, const struct judgement *j);
	void (*problem)(struct report *r, const struct problem *p);
	void (*end)(struct report *r, const struct summary *s);
	void (*free)(struct report *r); /* the state; accepts a state of NULL */
	/* Writes nothing before its end, so that it may follow another report on
	 * standard output. */
	bool at_end;
	/* Or NULL: lines on what was left out, which the format cannot say itself. */
	void (*notes)(const struct report *r, struct buf *b);
	/* Or NULL. Where a judgement is written alike whatever was before it: in place of
	 * `begin`, makes the state for a thread that writes judgements apart from `of`, into
	 * an `out` of its own, without a file. False where the options do not allow that. */
	bool (*begin_apart)(struct report *r, const struct report *of);
	/* Or NULL, for text that goes as it is. Puts what was written apart, n findings, where
	 * it belongs. */
	void (*join)(struct report *r, struct str text, uint64_t n);
};

extern const struct report_format *const report_table[];
extern const size_t report_n;
const struct report_format *report_find(struct str name);

/* Several at once. */
struct reports;

/* A report that was asked for: "-" is standard output. */
struct report_request {
	const struct report_format *format;
	const char *path;
	bool append; /* to what the file holds: GitHub's summary of a step */
};

/* Opens every output and writes the heads. NULL with err when one cannot be
 * opened, and when two would be written to the same place. The paths must
 * outlive the reports. */
struct reports *reports_open(const struct report_request *requests, size_t n, const struct run *run,
			     const struct report_options *options, struct err *err);
/* Whether any format needs the findings of passes. */
bool reports_want_all(const struct report_request *requests, size_t n,
		      const struct report_options *options);
/* Whether any shows lines of sources. */
bool reports_want_excerpts(const struct report_request *requests, size_t n,
			   const struct report_options *options);
/* In the order of reading. A judgement without findings costs nothing in formats
 * that do not want all. */
void reports_judgement(struct reports *rs, const struct judgement *j);
void reports_problem(struct reports *rs, const struct problem *p);
/* Whether writing failed already for every report, so that the run may stop
 * early. While one is left it goes on: that one is to be whole. */
bool reports_failed(const struct reports *rs);
/* Writes the ends, commits every file and frees. -1 when any could not be
 * written (the first failure is told, all are tried), and when the sums do not
 * add up: then the reports say so, and the run must end with status 3. */
int reports_close(struct reports *rs, const struct summary *s, struct err *err);
/* What formats left out and could not say themselves, a line each, for the
 * command to tell. After the last judgement, before reports_close. */
void reports_notes(const struct reports *rs, struct buf *b);
/* Leaves no file behind and frees; accepts NULL. */
void reports_abandon(struct reports *rs);

const char *problem_kind_name(enum problem_kind k); /* "unreadable", "refused", ... */
bool problem_counts(enum problem_kind k);           /* makes the audit incomplete */

#endif
