/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One audit with everything around it. Knows reports, baselines and signals; does
 * not know where configurations come from.
 */
#include "cmd/audit_report.h"

#include <string.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "cmd/ci.h"
#include "cmd/outputs.h"
#include "input/input.h"
#include "rule/baseline.h"

/* Says what of the baseline is gone; with --prune takes it out of the file. */
static int tell_baseline(const struct settings *s, struct baseline *b,
			 const struct summary *summary)
{
	size_t met = baseline_n_met(b), gone = baseline_n(b) - met, at = 0;
	struct buf line = BUF_INIT(0);
	int status = STATUS_PASS;

	log_note("baseline %s: %zu of its %zu findings are still there", s->baseline, met,
		 baseline_n(b));
	if (gone == 0)
		return STATUS_PASS;
	if (!summary->complete || summary->empty || s->n_only != 0 || s->n_skip != 0) {
		log_note("baseline %s: which of the others are gone is not known: %s", s->baseline,
			 s->n_only + s->n_skip != 0 ? "not every rule was judged"
						    : "the audit is incomplete");
		return STATUS_PASS;
	}
	while (baseline_next_gone(b, &at, &line)) {
		log_note("baseline %s: gone: %s", s->baseline, line.data);
		buf_clear(&line);
	}
	if (s->prune) {
		baseline_prune(b);
		status = cmd_write_baseline(b, s->baseline);
		if (status == STATUS_PASS)
			log_note("baseline %s: %zu findings removed", s->baseline, gone);
	} else {
		log_note("baseline %s: --prune removes them", s->baseline);
	}
	buf_release(&line);
	return status;
}

/* Of an audit on a terminal that takes a while; NULL where it is not to be shown. */
static struct progress *start_progress(const struct settings *s, const char *const *paths, size_t n)
{
	struct progress *p;

	if (s->report.quiet && s->progress == PROGRESS_AUTO)
		return NULL;
	p = progress_new(s->progress, STDERR_FILENO, "reading", NULL, 0, progress_clock());
	if (p != NULL)
		progress_total(p, input_size(paths, n));
	log_set_progress(p);
	return p;
}

static void end_progress(struct progress *p)
{
	log_set_progress(NULL);
	progress_free(p);
}

/* Paths, or something live. */
struct from {
	const char *const *paths;
	size_t n;
	struct audit_live *live;
};

/* A step's summary is added to. */
static int check_outputs(const struct settings *s, const struct policy *policy,
			 const struct from *from)
{
	const struct inputs in = { s, policy, from->paths, from->n };
	size_t i;

	for (i = 0; i < s->n_reports; i++)
		if (!s->reports[i].append &&
		    outputs_check(&in, "a report", s->reports[i].path) == -1)
			return -1;
	return 0;
}

/* After an audit whose reports are open. */
static int end_reports(struct reports *reports, const struct summary *summary)
{
	struct err err;

	cmd_tell_notes(reports);
	if (reports_close(reports, summary, &err) == 0)
		return summary->status;
	log_error("%s", err.text);
	return STATUS_INCOMPLETE;
}

static int audit(const struct settings *s, struct policy *policy, struct baseline *baseline,
		 const struct from *from)
{
	struct arena arena = ARENA_INIT;
	const struct run run = {
		.policy = policy,
		.version = IVSLINT_VERSION,
		.as_of = s->as_of,
		.started = s->now,
		.fail_on = s->fail_on_set ? s->fail_on : policy->fail_on,
		.fail_on_undecided = s->fail_on_undecided,
		.allow_empty = s->allow_empty,
		.revision = ci_revision(&arena),
		.root = ci_root(&arena),
	};
	struct audit_options options = {
		.paths = from->paths,
		.n_paths = from->n,
		.workers = s->workers,
		.allow_empty = s->allow_empty,
		.allow_unseen = s->allow_unseen,
		.all_rules = s->n_only + s->n_skip == 0,
		.fail_on_undecided = s->fail_on_undecided,
		.given = s->given,
		.fail_on = run.fail_on,
		.engine = { .all = reports_want_all(s->reports, s->n_reports, &s->report),
			    .excerpts = reports_want_excerpts(s->reports, s->n_reports, &s->report),
			    .as_of = s->as_of,
			    .baseline = baseline },
	};
	struct report_options look = s->report;
	struct reports *reports;
	struct summary summary;
	struct err err;
	int status, pruned = STATUS_PASS;
	bool refused;

	interrupt_catch();
	if (from->live == NULL)
		options.progress = look.progress = start_progress(s, from->paths, from->n);
	reports = reports_open(s->reports, s->n_reports, &run, &look, &err);
	if (reports == NULL) {
		end_progress(options.progress);
		arena_release(&arena);
		log_error("%s", err.text);
		return err.kind == ERR_USAGE ? STATUS_USAGE : STATUS_INCOMPLETE;
	}
	if (from->live != NULL) {
		options.stream = &from->live->stream;
		from->live->start(from->live);
	}
	audit_run(policy, &options, reports, &arena, &summary);
	progress_hide(options.progress);
	refused = from->live != NULL && from->live->refused;
	if (refused) {
		reports_abandon(reports);
		status = STATUS_USAGE;
	} else if (summary.interrupted) {
		reports_abandon(reports);
		status = interrupt_end(
		    "nothing is reported as audited, and no report file was written");
	} else {
		status = end_reports(reports, &summary);
	}
	end_progress(options.progress);
	if (baseline != NULL && !summary.interrupted && !refused)
		pruned = tell_baseline(s, baseline, &summary);
	arena_release(&arena);
	if (from->live != NULL && !refused && interrupt_signal() != 0)
		return interrupt_end("the report holds what was read until then");
	return pruned != STATUS_PASS ? pruned : status;
}

int audit_paths(const struct settings *s, struct policy *policy, struct baseline *baseline,
		const char *const *paths, size_t n)
{
	const struct from from = { .paths = paths, .n = n };

	if (check_outputs(s, policy, &from) == -1)
		return STATUS_USAGE;
	return audit(s, policy, baseline, &from);
}

int audit_scan(const struct settings *s, struct policy *policy, struct baseline *baseline,
	       struct audit_live *live)
{
	const struct from from = { .live = live };

	if (check_outputs(s, policy, &from) == -1)
		return STATUS_USAGE;
	return audit(s, policy, baseline, &from);
}
