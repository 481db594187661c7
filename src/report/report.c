/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several reports of one run: opened together, fed together, committed
 * together, and held to the sums. Does not know how any format looks.
 */
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limit.h"
#include "report/report_part.h"
#include "report/reports_inside.h"

const struct report_format *const report_table[] = {
#define REPORT(name) &report_##name,
#include "report/report_list.h"
#undef REPORT
};
const size_t report_n = sizeof(report_table) / sizeof(report_table[0]);

const struct report_format *report_find(struct str name)
{
	size_t i;

	for (i = 0; i < report_n; i++)
		if (str_is(name, report_table[i]->name))
			return report_table[i];
	return NULL;
}

const char *problem_kind_name(enum problem_kind k)
{
	static const char *const names[] = {
		[PROBLEM_UNREADABLE] = "unreadable",
		[PROBLEM_REFUSED] = "refused",
		[PROBLEM_EMPTY] = "empty",
		[PROBLEM_MISSING] = "missing",
		[PROBLEM_CUT] = "cut",
		[PROBLEM_UNSEEN] = "unseen",
		[PROBLEM_ALLOWED] = "allowed",
	};

	return names[k];
}

bool problem_counts(enum problem_kind k)
{
	return k != PROBLEM_ALLOWED;
}

bool reports_want_all(const struct report_request *requests, size_t n,
		      const struct report_options *options)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (requests[i].format->wants_all(options))
			return true;
	return false;
}

bool reports_want_excerpts(const struct report_request *requests, size_t n,
			   const struct report_options *options)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (requests[i].format->wants_excerpts != NULL &&
		    requests[i].format->wants_excerpts(options))
			return true;
	return false;
}

/* ---- opening ------------------------------------------------------------- */

/* Annotations may stand behind a text on standard output. */
static bool may_follow(const struct report_request *first, const struct report_request *second)
{
	return strcmp(second->path, "-") == 0 && strcmp(first->path, "-") == 0 &&
	       first->format != second->format && second->format->at_end;
}

static int check_places(const struct report_request *requests, size_t n, struct err *err)
{
	size_t i, k;

	for (i = 1; i < n; i++)
		for (k = 0; k < i; k++)
			if (file_same_place(requests[i].path, requests[k].path) &&
			    !may_follow(&requests[k], &requests[i]))
				return err_set(err, ERR_USAGE,
					       "two reports (%s and %s) would be written to '%s'",
					       requests[k].format->name, requests[i].format->name,
					       requests[i].path);
	return 0;
}

struct reports *reports_open(const struct report_request *requests, size_t n, const struct run *run,
			     const struct report_options *options, struct err *err)
{
	struct reports *rs;
	struct report *r;
	size_t i;

	if (check_places(requests, n, err) == -1)
		return NULL;
	rs = mem_alloc(sizeof(*rs));
	*rs = (struct reports){ .run = run, .all = reports_want_all(requests, n, options) };
	rs->list = mem_alloc((n + 1) * sizeof(*rs->list));
	for (i = 0; i < n; i++) {
		r = &rs->list[i];
		*r = (struct report){ .format = requests[i].format,
				      .run = run,
				      .options = *options };
		/* What a terminal likes has no place in a file. */
		if (strcmp(requests[i].path, "-") != 0) {
			r->options.color = false;
			r->options.width = 0;
			r->options.links = false;
			r->options.progress = NULL;
		}
		if (requests[i].append)
			r->file =
			    file_out_append(requests[i].path, LIMIT_STEP_SUMMARY, &r->room, err);
		else
			r->file = file_out_open(requests[i].path, err);
		if (r->file == NULL) {
			reports_abandon(rs);
			return NULL;
		}
		r->enough = file_out_least(r->file);
		rs->n++;
	}
	for (i = 0; i < n; i++)
		rs->list[i].format->begin(&rs->list[i]);
	return rs;
}

/* ---- between ------------------------------------------------------------- */

void reports_judgement(struct reports *rs, const struct judgement *j)
{
	size_t i;

	if (j->n_findings == 0)
		return;
	for (i = 0; i < j->n_findings; i++)
		rs->seen[j->findings[i].verdict]++;
	for (i = 0; i < rs->n; i++) {
		rs->list[i].format->judgement(&rs->list[i], j);
		report_spill(&rs->list[i]);
	}
}

void reports_problem(struct reports *rs, const struct problem *p)
{
	size_t i;

	rs->problems[p->kind]++;
	for (i = 0; i < rs->n; i++) {
		rs->list[i].format->problem(&rs->list[i], p);
		report_spill(&rs->list[i]);
	}
}

bool reports_failed(const struct reports *rs)
{
	size_t i;

	for (i = 0; i < rs->n; i++)
		if (!file_out_failed(rs->list[i].file))
			return false;
	return true;
}

/* ---- closing ------------------------------------------------------------- */

/* The tally in itself: totals, sums by rule and by severity. */
static const char *check_tally(const struct reports *rs, const struct summary *s)
{
	const struct tally *t = s->tally;
	uint64_t by_rule[N_VERDICTS] = { 0 };
	size_t i;
	int v;

	if (report_fails_from(t, SEVERITY_INFO) != t->verdicts[VERDICT_FAIL])
		return "the fails by severity do not add up to the fails";
	if (t->rules == NULL)
		return NULL;
	for (i = 0; i < rs->run->policy->n_rules; i++)
		for (v = 0; v < N_VERDICTS; v++)
			by_rule[v] += t->rules[i][v];
	for (v = 0; v < N_VERDICTS; v++)
		if (by_rule[v] != t->verdicts[v])
			return "the verdicts by rule do not add up to the verdicts";
	return NULL;
}

/* Whether every finding that was counted was also handed to the reports. */
static const char *check_seen(const struct reports *rs, const struct summary *s)
{
	int v;

	for (v = 0; v < N_VERDICTS; v++) {
		if (!rs->all && (v == VERDICT_PASS || v == VERDICT_NOT_APPLICABLE))
			continue;
		if (rs->seen[v] != s->tally->verdicts[v])
			return "findings that were counted and findings that were reported differ";
	}
	return NULL;
}

static const char *check_sums(const struct reports *rs, const struct summary *s)
{
	const char *bug = check_tally(rs, s);
	int k;

	if (bug != NULL)
		return bug;
	for (k = 0; k < N_PROBLEMS; k++)
		if (s->complete && k != PROBLEM_EMPTY && rs->problems[k] != 0 &&
		    problem_counts((enum problem_kind)k))
			return "an audit with problems was called complete";
	if (s->complete && s->interrupted)
		return "an interrupted audit was called complete";
	/* Of an interrupted run some verdicts were never given, or never reported. */
	if (s->interrupted)
		return NULL;
	if (report_verdicts(s->tally) != report_verdicts_due(rs->run, s))
		return "resources x rules is not the sum of the verdicts";
	return check_seen(rs, s);
}

static void report_release(struct report *r)
{
	r->format->free(r);
	buf_release(&r->out);
}

static void reports_free(struct reports *rs)
{
	free(rs->list);
	free(rs);
}

static int report_commit(struct report *r, struct err *err)
{
	if (!r->lost && r->err.kind == ERR_NONE)
		return file_out_commit(r->file, err);
	file_out_abandon(r->file);
	if (r->err.kind != ERR_NONE) {
		*err = r->err;
		return -1;
	}
	return err_set(err, ERR_SYSTEM, "bug: a %s report that does not fit its buffer",
		       r->format->name);
}

void reports_notes(const struct reports *rs, struct buf *b)
{
	size_t i;

	for (i = 0; i < rs->n; i++)
		if (rs->list[i].format->notes != NULL)
			rs->list[i].format->notes(&rs->list[i], b);
}

int reports_close(struct reports *rs, const struct summary *s, struct err *err)
{
	struct summary checked = *s;
	struct err this;
	struct report *r;
	int rc = 0;
	size_t i;

	/* Where writing failed the run may have stopped early: sums mean nothing. */
	checked.bug = reports_failed(rs) ? NULL : check_sums(rs, s);
	if (checked.bug != NULL) {
		checked.complete = false;
		checked.status = 3;
		rc = err_set(err, ERR_SYSTEM, "bug: %s; do not trust this report", checked.bug);
	}
	/* Nothing found where something was asked for is not a whole audit either. */
	if (checked.status != 0 && checked.status != 1)
		checked.complete = false;
	for (i = 0; i < rs->n; i++) {
		r = &rs->list[i];
		r->format->end(r, &checked);
		report_push(r);
		if (report_commit(r, &this) == -1 && rc == 0) {
			*err = this;
			rc = -1;
		}
		report_release(r);
	}
	reports_free(rs);
	return rc;
}

void reports_abandon(struct reports *rs)
{
	size_t i;

	if (rs == NULL)
		return;
	for (i = 0; i < rs->n; i++) {
		file_out_abandon(rs->list[i].file);
		report_release(&rs->list[i]);
	}
	reports_free(rs);
}
