/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint report: JSON reports of earlier runs, merged and written in any format.
 * Knows what reports must have in common, and what of them may be there twice;
 * judges nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "cmd/audit.h"
#include "cmd/ci.h"
#include "cmd/cmd.h"
#include "report/finding_part.h"
#include "report/saved.h"
#include "rule/names.h"

#define TOLD_MOST 10 /* resources that are told one by one */

static const struct opt *const tables[] = {
	cmd_merge_opts, cmd_report_opts, cmd_audit_opts, cmd_chatter_opts, NULL,
};

/* A look at a configuration that some report tells of. */
struct look {
	char content[DIGEST_HEX_SIZE];
	uint32_t report;
};

struct merge {
	const struct settings *settings;
	struct saved **saved;
	size_t n, now; /* the one being read */
	struct run run;
	struct arena arena;
	struct tally tally;
	struct reports *reports;
	bool all; /* some format wants every verdict */
	struct finding *kept;
	size_t cap_kept;
	/* what was there, by digest of the resource */
	struct names names;
	struct look *looks;
	size_t cap_looks;
	struct buf text;
	uint64_t n_same, n_other, problems, allowed;
};

/* ---- what reports must have in common ---------------------------------------- */

static int differ(const struct merge *m, size_t i, const char *what, struct str first,
		  struct str other)
{
	log_error("'%s' and '%s' cannot be merged: %s: %.*s and %.*s", m->saved[0]->path,
		  m->saved[i]->path, what, STR_ARG(first), STR_ARG(other));
	return -1;
}

static int check_rules(const struct merge *m, size_t i)
{
	const struct policy *a = m->saved[0]->policy, *b = m->saved[i]->policy;
	bool same = m->saved[0]->n_judged == m->saved[i]->n_judged && a->n_rules == b->n_rules &&
		    a->n_waivers == b->n_waivers;
	size_t k;

	for (k = 0; same && k < a->n_rules; k++)
		same = str_equal(a->rules[k].id, b->rules[k].id) &&
		       a->rules[k].severity == b->rules[k].severity;
	for (k = 0; same && k < a->n_waivers; k++)
		same = a->waivers[k].rule->index == b->waivers[k].rule->index &&
		       a->waivers[k].expires == b->waivers[k].expires;
	if (same)
		return 0;
	log_error("'%s' and '%s' cannot be merged: other rules were judged (--rule, --skip)",
		  m->saved[0]->path, m->saved[i]->path);
	return -1;
}

static int check_days(const struct merge *m, size_t i)
{
	struct buf b = BUF_INIT(0);
	int rc;

	text_day_put(&b, m->saved[0]->as_of);
	text_day_put(&b, m->saved[i]->as_of);
	rc = differ(m, i, "waivers were judged as of different days", (struct str){ b.data, 10 },
		    (struct str){ b.data + 10, 10 });
	buf_release(&b);
	return rc;
}

static int check_same(const struct merge *m, size_t i)
{
	const struct saved *a = m->saved[0], *b = m->saved[i];

	if (strcmp(policy_digest(a->policy), policy_digest(b->policy)) != 0)
		return differ(m, i, "the policies differ, their digests are",
			      str_of(policy_digest(a->policy)), str_of(policy_digest(b->policy)));
	if (!str_equal(a->tool, b->tool))
		return differ(m, i, "versions of ivslint", a->tool, b->tool);
	if (a->as_of != b->as_of)
		return check_days(m, i);
	if (a->fail_on != b->fail_on && !m->settings->fail_on_set)
		return differ(m, i, "thresholds of --fail-on, which may be given here",
			      str_of(severity_name(a->fail_on)), str_of(severity_name(b->fail_on)));
	return check_rules(m, i);
}

/* What keeps a report from being used for what was asked. */
static int check_one(const struct merge *m, size_t i)
{
	const struct saved *s = m->saved[i];

	if (s->bug != NULL) {
		log_error("%s: %s", s->path, s->bug);
		return -1;
	}
	if (m->all && !s->all) {
		log_error("%s: written without --all, and a format that was asked for needs passes "
			  "as well",
			  s->path);
		return -1;
	}
	return i == 0 ? 0 : check_same(m, i);
}

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

/* ---- what is there twice ------------------------------------------------------ */

static void put_part(struct buf *b, struct str s)
{
	buf_printf(b, "%zu:", s.len);
	buf_put_str(b, s);
}

/* All that a reader would be told of the judgement. */
static void put_content(struct buf *b, const struct judgement *j)
{
	const struct finding *f;
	size_t i;

	put_part(b, j->subject.file == NULL ? STR("") : str_of(j->subject.file));
	buf_printf(b, "%u:%u", j->subject.place.line, j->subject.place.column);
	for (i = 0; i < j->n_findings; i++) {
		f = &j->findings[i];
		buf_printf(b, "\n%zu %d %d %u:%u ", f->rule->index, (int)f->verdict,
			   (int)f->severity, f->place.line, f->place.column);
		put_part(b, f->message);
		put_part(b, f->reason);
		put_part(b, f->expected);
		if (f->actual != NULL)
			finding_show(b, f);
	}
}

static void take_back(struct merge *m, const struct judgement *j)
{
	struct tally *t = &m->tally;
	const struct finding *f;
	uint64_t *count;
	size_t i;

	t->resources -= !j->is_group;
	if (j->subject.kind != KIND_RECORDING_CONFIGURATION)
		t->of_kind[j->subject.kind] -= !j->is_group;
	for (i = 0; i < j->n_findings; i++) {
		f = &j->findings[i];
		t->verdicts[f->verdict]--;
		t->rules[f->rule->index][f->verdict]--;
		if (f->verdict == VERDICT_FAIL)
			t->fails[f->severity]--;
		if (f->waiver == NULL || f->waiver->index == SIZE_MAX)
			continue;
		count = f->verdict == VERDICT_WAIVED        ? t->waivers
			: f->waiver->expires < m->run.as_of ? t->waivers_expired
							    : t->waivers_other_value;
		if (count[f->waiver->index] != 0)
			count[f->waiver->index]--;
	}
}

static void tell_twice(struct merge *m, const struct judgement *j, const struct look *look,
		       bool same)
{
	uint64_t *n = same ? &m->n_same : &m->n_other;
	const char *what =
	    !same ? "with other findings: both are reported"
	    : m->saved[m->now]->all && m->saved[look->report]->all
		? "with the same findings: it counts once"
		: "with the same findings: it counts twice, as not both were written "
		  "with --all";

	if (++*n > TOLD_MOST)
		return;
	log_warning("%.*s is in '%s' and in '%s', %s", STR_ARG(j->subject.id),
		    m->saved[look->report]->path, m->saved[m->now]->path, what);
}

/* Whether the judgement is in an earlier report, word by word, and is taken out of
 * the sums. Of one report nothing is left out: its run looked twice. */
static bool is_double(struct merge *m, const struct judgement *j)
{
	char id[DIGEST_HEX_SIZE], content[DIGEST_HEX_SIZE];
	const struct str parts[] = { j->subject.id, j->is_group ? STR("group") : STR("") };
	struct look *look;
	struct str text;
	bool is_new, same;
	size_t i;

	if (m->n == 1)
		return false;
	digest_parts(parts, 2, id);
	buf_clear(&m->text);
	put_content(&m->text, j);
	text = buf_str(&m->text);
	digest_parts(&text, 1, content);
	i = names_add(&m->names, (struct str){ id, 32 }, &is_new);
	if (i >= m->cap_looks) {
		m->cap_looks = m->cap_looks != 0 ? m->cap_looks * 2 : 256;
		m->looks = mem_grow(m->looks, m->cap_looks * sizeof(*m->looks));
	}
	look = &m->looks[i];
	if (!is_new && look->report != m->now) {
		same = strcmp(look->content, content) == 0;
		if (!j->is_group)
			tell_twice(m, j, look, same);
		if (same && m->saved[m->now]->all && m->saved[look->report]->all) {
			take_back(m, j);
			return true;
		}
		return false;
	}
	memcpy(look->content, content, sizeof(content));
	look->report = (uint32_t)m->now;
	return false;
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

	if (!is_double(m, j)) {
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
	bool groups = m->saved[0]->groups;
	struct err err;
	int of_groups;

	for (of_groups = 0; of_groups <= groups; of_groups++)
		for (m->now = 0; m->now < m->n; m->now++)
			if (saved_read(m->saved[m->now], m->run.policy, of_groups,
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

static void tell_counts(const struct merge *m)
{
	if (m->n_same > TOLD_MOST)
		log_warning("%llu more are in two reports with the same findings",
			    (unsigned long long)(m->n_same - TOLD_MOST));
	if (m->n_other > TOLD_MOST)
		log_warning("%llu more are in two reports with other findings",
			    (unsigned long long)(m->n_other - TOLD_MOST));
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
	tell_counts(m);
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
		if (check_one(m, m->n) == -1 && status == STATUS_PASS)
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
