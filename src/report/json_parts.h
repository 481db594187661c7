/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects that the JSON report and NDJSON have in common, each on one
 * line. What they hold is described by man/ivslint-report.schema.json: a
 * change here is a change there.
 */
#ifndef REPORT_JSON_PARTS_H
#define REPORT_JSON_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "report/report.h"

#define JSON_SCHEMA "ivslint-report/2"

/* What every finding of a rule repeats, written once. */
struct json_rule {
	const struct rule *rule;
	struct str head;       /* {"rule":"...","severity":" */
	struct str tail;       /* ,"category":...,"remediation":...,"controls":{...}} */
	struct str plain_tail; /* for verdicts that ask for nothing: the category alone */
};

struct json_parts {
	struct arena arena;
	struct json_rule *rules; /* by index in the policy */
	/* What stands behind the head of a rule: high","verdict":" and fail","resource":{"id": */
	struct str severities[N_SEVERITIES], verdicts[N_VERDICTS];
	/* Also what nobody needs but who makes another report of this one: places of
	 * resources, lines of sources. */
	bool whole;
	struct buf scratch;
};

struct json_parts *json_parts_new(const struct policy *policy);
/* For another thread: what is written once is `of`'s, which outlives it. */
struct json_parts *json_parts_apart(const struct json_parts *of);
/* Accepts NULL. */
void json_parts_free(struct json_parts *p);

/* Each puts one object without an end of line. The buffers have no ceiling. */
void json_put_finding(struct json_parts *p, struct buf *out, const struct judgement *j,
		      const struct finding *f);
/* after: findings that stand before it in the report; UINT64_MAX where order says that. */
void json_put_problem(struct json_parts *p, struct buf *out, const struct problem *problem,
		      uint64_t after);
void json_put_tool(struct json_parts *p, struct buf *out, const struct run *run);
/* all: whether passes are there as well. */
void json_put_run(struct json_parts *p, struct buf *out, const struct run *run, bool all);
void json_put_policy(struct json_parts *p, struct buf *out, const struct run *run);
void json_put_rule(struct json_parts *p, struct buf *out, const struct run *run,
		   const struct rule *rule);
void json_put_waiver(struct json_parts *p, struct buf *out, const struct run *run,
		     const struct summary *s, const struct waiver *w);
void json_put_summary(struct json_parts *p, struct buf *out, const struct run *run,
		      const struct summary *s);

/*
 * What JSON's own escapes leave open: "##[" anywhere in a line of a CI log is a
 * command to its runner. Breaks it in what was put since `from`, where it can
 * only stand inside strings.
 */
void json_guard(struct json_parts *p, struct buf *out, size_t from);

#endif
