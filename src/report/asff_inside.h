/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of an ASFF report share: its state, its limits, and what is put
 * into every finding.
 */
#ifndef REPORT_ASFF_INSIDE_H
#define REPORT_ASFF_INSIDE_H

#include "base/arena.h"
#include "report/json_text.h"
#include "report/report.h"
#include "report/seen.h"
#include "report/spool.h"
#include "rule/names.h"

/* Bytes of each text, and members of lists, as the user's guide has them. */
#define MOST_TITLE        256
#define MOST_DESCRIPTION  1024
#define MOST_ID           512
#define MOST_NOTE         512
#define MOST_ADVICE       512
#define MOST_REASON       2048
#define MOST_FIELD        1024
#define MOST_REQUIREMENTS 32
#define MOST_REQUIREMENT  64
#define MOST_PROBLEMS     20 /* that the finding of the audit names */

struct asff_scope {
	struct str account, region, partition;
};

struct asff {
	struct arena arena;
	struct names names; /* account, blank, region: the number is that of the scope */
	struct asff_scope *scopes;
	size_t cap;
	struct spool *spool; /* a stream a scope, and one of all that are too many */
	struct json_text text;
	struct buf item;
	struct seen seen; /* resources */
	struct str problems[MOST_PROBLEMS];
	uint64_t n_problems, n_allowed;
	uint64_t left_out; /* findings of no account */
	bool more;         /* there were too many scopes */
	/* while it is written */
	size_t n_in_batch, batch_size;
	struct buf batch_key;
};

/* ---- what all findings have: asff_text.c --------------------------------------- */

/* A text that must not be blank. */
void asff_put_text(struct asff *a, struct buf *b, const char *name, struct str s,
		   struct str instead, size_t most);
/* Nothing where it is blank. */
void asff_put_some(struct asff *a, struct buf *b, const char *name, struct str s, size_t most);
/* What a->text.shown holds, which is cleared. */
void asff_put_some_shown(struct asff *a, struct buf *b, const char *name, size_t most);
/* Up to what it is about, with its scope in a line before it. hex: of the id. */
void asff_put_start(struct buf *b, const struct run *run, const struct asff_scope *scope,
		    const char *hex);
void asff_put_severity(struct buf *b, enum severity severity);

/* ---- findings: asff_finding.c --------------------------------------------------- */

/* The whole, with its scope in a line before it, in a->item. looks: see finding_key.h. */
void asff_put_finding(struct report *r, const struct judgement *j, const struct finding *f,
		      uint64_t looks);

#endif
