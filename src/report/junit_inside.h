/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of a JUnit report share: its state, its escaper, and a case.
 */
#ifndef REPORT_JUNIT_INSIDE_H
#define REPORT_JUNIT_INSIDE_H

#include "base/arena.h"
#include "base/buf.h"
#include "report/report.h"
#include "report/report_place.h"
#include "report/seen.h"

/* What every case of a rule repeats, escaped. */
struct case_rule {
	struct str head; /* <testcase classname="..." name="RULE: */
};

struct junit {
	struct arena arena;
	struct case_rule *rules; /* by index in the policy */
	struct str timestamp;
	struct report_places *places; /* for GitLab; NULL: not asked for */
	struct buf visible;           /* a text without controls, before it is escaped */
	struct buf shown;             /* a value or a sentence */
	struct buf id;                /* of the suite, escaped */
	struct buf problems;          /* cases of the last suite */
	struct seen seen;             /* names of suites */
	uint64_t n_problems, n_allowed;
	uint64_t n_suites;
};

/* ---- texts: junit_text.c ------------------------------------------------------- */

/* For attributes and content alike: controls, line ends too, become visible. */
void junit_put(struct junit *junit, struct buf *out, struct str s);
/* A name must not be empty or blank for the schemas. */
void junit_put_name(struct junit *junit, struct buf *out, struct str s);
/* One line of the body, nothing where s is empty. The label, which is ours, stands first
 * in it, so it is no command. */
void junit_put_line(struct junit *junit, struct buf *out, const char *label, struct str s);
/* file:line:column */
void junit_put_place(struct junit *junit, struct buf *out, const char *file, struct place place);

/* ---- cases: junit_case.c ------------------------------------------------------- */

enum outcome { OUTCOME_PASS, OUTCOME_FAILURE, OUTCOME_ERROR, OUTCOME_SKIPPED };

/* What a finding comes to in a run: an undecided one that fails the run is an error. */
enum outcome junit_outcome(const struct run *run, const struct finding *f);

/* The attribute of GitLab, where the file is in the repository. */
void junit_put_file(struct junit *junit, struct buf *out, const struct report_place *place);
/* A finding of the suite whose name is in junit->id. */
void junit_put_case(struct report *r, const struct judgement *j, const struct finding *f);

#endif
