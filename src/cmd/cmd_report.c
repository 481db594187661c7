/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint report: JSON reports of earlier runs, merged and written in any format.
 * Knows how their sums are put together; judges nothing.
 */
#include <stdlib.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "cmd/audit.h"
#include "cmd/ci.h"
#include "cmd/merge_inside.h"

static const struct opt *const tables[] = {
	cmd_merge_opts, cmd_report_opts, cmd_audit_opts, cmd_chatter_opts, NULL,
};

/* ---- sums -------------------------------------------------------------------- */

static void set_run(struct merge *m)
{
	const struct settings *o = m->settings;
	const struct saved *first = m->saved[0];
	size_t i;

	m->run = (struct run){ .policy = first->policy,
			       .version = arena_printf(&m->arena, "%.*s", STR_ARG(first->tool)),
			       .as_of = first->as_of,
			       .started = first->started,
			       .fail_on = o->fail_on_set ? o->fail_on : first->fail_on,
			       .fail_on_undecided = o->fail_on_undecided,
			       .allow_empty = true,
			       .revision = ci_revision(&m->arena),
			       .root = ci_root(&m->arena) };
	tally_init(&m->tally, first->policy, &m->arena);
	for (i = 0; i < m->n; i++) {
		tally_add(&m->tally, &m->saved[i]->tally, first->policy);
		if (m->saved[i]->started < m->run.started)
			m->run.started = m->saved[i]->started;
		m->run.fail_on_undecided =
		    m->run.fail_on_undecided || m->saved[i]->fail_on_undecided;
		m->run.allow_empty = m->run.allow_empty && m->saved[i]->allow_empty;
	}
	m->run.allow_empty = m->run.allow_empty || o->allow_empty;
}

static void set_summary(const struct merge *m, struct summary *s)
{
	const struct audit_options options = { .allow_empty = m->run.allow_empty,
					       .fail_on_undecided = m->run.fail_on_undecided,
					       .fail_on = m->run.fail_on };
	const struct saved *one;
	bool told = true;
	size_t i;

	*s = (struct summary){ .tally = &m->tally,
			       .problems = m->problems,
			       .allowed = m->allowed,
			       .empty = audit_is_empty(m->run.policy, &m->tally) };
	for (i = 0; i < m->n; i++) {
		one = m->saved[i];
		s->files += one->files;
		s->other_documents += one->other_documents;
		s->interrupted = s->interrupted || one->interrupted;
		/* incomplete for a reason that is not among ours */
		told = told && (one->complete || one->empty || one->interrupted ||
				one->n_counted != 0 || one->tally.verdicts[VERDICT_ERROR] != 0);
	}
	s->complete =
	    told && s->problems == 0 && !s->interrupted && m->tally.verdicts[VERDICT_ERROR] == 0;
	s->status = audit_status(&options, s);
}

/* ---- reading ----------------------------------------------------------------- */

/* Without what no format asked for. */
static struct judgement filtered(struct merge *m, const struct judgement *j)
{
	struct judgement out = *j;
	size_t i, n = 0;

	if (m->all)
		return out;
	if (j->n_findings > m->cap_kept) {
		m->cap_kept = j->n_findings;
		m->kept = mem_grow(m->kept, m->cap_kept * sizeof(*m->kept));
	}
	for (i = 0; i < j->n_findings; i++)
		if (j->findings[i].verdict != VERDICT_PASS &&
		    j->findings[i].verdict != VERDICT_NOT_APPLICABLE)
			m->kept[n++] = j->findings[i];
	out.findings = m->kept;
	out.n_findings = n;
	return out;
}

static bool take_judgement(void *to, const struct judgement *j)
{
	struct merge *m = to;
	struct judgement shown;

	if (!merge_is_double(m, j)) {
		shown = filtered(m, j);
		reports_judgement(m->reports, &shown);
	}
	return interrupt_signal() == 0 && !reports_failed(m->reports);
}

static void take_problem(void *to, const struct problem *p)
{
	struct merge *m = to;

	m->problems += problem_counts(p->kind);
	m->allowed += !problem_counts(p->kind);
	reports_problem(m->reports, p);
}

static void tell_error(const char *path, const struct err *err)
{
	if (err->line != 0)
		log_error("%s:%u:%u: %s", path, err->line, err->column, err->text);
	else
		log_error("%s: %s", path, err->text);
}

/* Verdicts of groups come last, as in a run over everything. */
static int read_all(struct merge *m)
{
	const struct saved_taker taker = { m, take_judgement, take_problem };
	int passes = m->saved[0]->groups ? 2 : 1, pass;
	struct err err;

	for (pass = 0; pass < passes; pass++)
		for (m->now = 0; m->now < m->n; m->now++)
			if (saved_read(m->saved[m->now], m->run.policy, pass == 1,
				       m->all || (m->n > 1 && m->saved[m->now]->all), &taker,
				       &err) == -1) {
				if (err.kind != ERR_INTERRUPTED)
					tell_error(m->saved[m->now]->path, &err);
				return err.kind == ERR_INTERRUPTED ? 1 : -1;
			}
	return 0;
}

/* Each run knew its own configurations alone: what passed there may fail here. */
static void tell_groups(struct merge *m)
{
	const struct policy *policy = m->run.policy;
	struct problem problem = { .kind = PROBLEM_MISSING, .file = m->saved[0]->path };
	struct buf text = BUF_INIT(1 << 16);
	const char *separator = "";
	size_t i;

	if (m->n == 1 || !m->saved[0]->groups)
		return;
	buf_printf(&text,
		   "these rules compare recording configurations, and were judged within each "
		   "of %zu reports, not across them: ",
		   m->n);
	for (i = 0; i < m->saved[0]->n_judged; i++) {
		if (policy->rules[i].group_by == NULL)
			continue;
		buf_puts(&text, separator);
		buf_put_str(&text, policy->rules[i].id);
		separator = ", ";
	}
	if (m->settings->groups_apart) {
		log_note("%s", text.data);
	} else {
		problem.text = text.data;
		take_problem(m, &problem);
	}
	buf_release(&text);
}

static int finish(struct merge *m, int rc)
{
	struct summary summary;
	struct err err;

	if (rc == -1 || interrupt_signal() != 0) {
		reports_abandon(m->reports);
		return rc == -1 ? STATUS_INCOMPLETE : interrupt_end("no report file was written");
	}
	tell_groups(m);
	merge_tell_doubles(m);
	set_summary(m, &summary);
	cmd_tell_notes(m->reports);
	if (reports_close(m->reports, &summary, &err) == -1) {
		log_error("%s", err.text);
		return STATUS_INCOMPLETE;
	}
	return summary.status;
}

static int write_reports(struct merge *m)
{
	const struct settings *o = m->settings;
	struct err err;

	set_run(m);
	interrupt_catch();
	m->reports = reports_open(o->reports, o->n_reports, &m->run, &o->report, &err);
	if (m->reports == NULL) {
		log_error("%s", err.text);
		return err.kind == ERR_USAGE ? STATUS_USAGE : STATUS_INCOMPLETE;
	}
	return finish(m, read_all(m));
}

/* All are opened, and what is wrong with any is told, before anything is written. */
static int open_all(struct merge *m, const char *const *paths, size_t n)
{
	int status = STATUS_PASS;
	struct err err;
	size_t i;

	for (i = 0; i < n; i++) {
		m->saved[m->n] = saved_open(paths[i], &err);
		if (m->saved[m->n] == NULL) {
			tell_error(paths[i], &err);
			status = STATUS_INCOMPLETE;
			continue;
		}
		if (merge_check(m, m->n) == -1 && status == STATUS_PASS)
			status = STATUS_USAGE;
		m->n++;
	}
	return status;
}

static int run_report(int argc, char **argv)
{
	struct settings s;
	struct merge m = { .settings = &s };
	int status, n;
	size_t i;

	n = settings_parse(&s, &cmd_report, argc, argv, &status);
	if (n == -1)
		return status;
	if (n == 0) {
		log_error("report: which reports? (see ivslint help report)");
		return STATUS_USAGE;
	}
	sandbox_no_network();
	m.all = reports_want_all(s.reports, s.n_reports, &s.report);
	m.saved = mem_alloc((size_t)n * sizeof(struct saved *));
	names_init(&m.names, &m.arena);
	status = open_all(&m, (const char *const *)argv + 1, (size_t)n);
	if (status == STATUS_PASS)
		status = write_reports(&m);
	for (i = 0; i < m.n; i++)
		saved_free(m.saved[i]);
	free(m.saved);
	free(m.kept);
	free(m.looks);
	buf_release(&m.text);
	arena_release(&m.arena);
	return status;
}

const struct cmd cmd_report = {
	.name = "report",
	.operands = "FILE...",
	.text = "Merges JSON reports of earlier runs, and writes any format",
	.opts = tables,
	.run = run_report,
};
