/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report that people read: findings in groups, the summary last. Knows what
 * stands where; does not know who reads: colours, links and width are options.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/text.h"
#include "report/report_part.h"
#include "report/text_inside.h"

/* What the baseline accepts is counted, not listed again. */
static bool is_listed(const struct report *r, const struct finding *f)
{
	return report_shows(r, f) && (!f->baselined || r->options.all);
}

/* ---- as they are read: by resource, or by file -------------------------------- */

static void put_file_heading(struct report *r, const struct judgement *j)
{
	struct text *t = r->state;
	struct str file = report_str(j->subject.file);

	if (t->file.data != NULL && str_equal(file, buf_str(&t->file)))
		return;
	buf_clear(&t->file);
	buf_put_str(&t->file, file);
	if (t->some)
		buf_putc(&r->out, '\n');
	t->some = true;
	line_color_on(r, &r->out, "1");
	line_place(r, &r->out, j->subject.file, PLACE_NONE);
	line_color_off(r, &r->out);
	buf_putc(&r->out, '\n');
}

static void put_one(struct report *r, const struct judgement *j, size_t i)
{
	const struct finding *f = &j->findings[i];

	if (r->options.group_by == GROUP_BY_FILE)
		put_file_heading(r, j);
	if (f->verdict != VERDICT_UNDECIDED || r->options.group_by == GROUP_BY_FILE)
		text_finding_put(r, &r->out, j, f);
	else if (!text_told_before(r, j, i))
		text_undecided_put(r, j, i);
}

/* ---- by rule or severity: kept until all are there ----------------------------- */

static bool waits(const struct report *r)
{
	return !r->options.quiet &&
	       (r->options.group_by == GROUP_BY_RULE || r->options.group_by == GROUP_BY_SEVERITY);
}

static size_t n_groups(const struct report *r)
{
	return r->options.group_by == GROUP_BY_RULE ? r->run->policy->n_rules : N_RANKS;
}

static void keep(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct text *t = r->state;
	size_t group = r->options.group_by == GROUP_BY_RULE ? f->rule->index : rank_of(f);

	buf_clear(&t->item);
	text_finding_put(r, &t->item, j, f);
	line_guard(t, &t->item, 0);
	spool_put(t->groups, group, buf_str(&t->item));
	t->sizes[group]++;
}

static void take_item(void *to, struct str item)
{
	struct report *r = to;

	buf_put_str(&r->out, item);
	report_spill(r);
}

static void put_rule_heading(struct report *r, const struct rule *rule)
{
	struct text *t = r->state;
	struct buf *out = &r->out;

	line_color_on(r, out, "1");
	line_rule(r, out, rule);
	line_color_off(r, out);
	buf_printf(out, "  %s", severity_name(policy_rule_severity(r->run->policy, rule)));
	PUT(out, "  (");
	report_put_count(out, t->sizes[rule->index], "finding", "findings");
	PUT(out, ")\n");
	line_text(r, out, "", rule->title);
	line_text(r, out, "fix:      ", line_fold(t, rule->remediation));
}

static void put_rank_heading(struct report *r, enum rank rank)
{
	static const char *const names[N_RANKS] = {
		"error",     "critical", "high",
		"medium",    "low",      "info",
		"undecided", "waived",   "passed, or not applicable"
	};
	struct text *t = r->state;
	struct buf *out = &r->out;
	bool fails = rank >= RANK_CRITICAL && rank <= RANK_INFO;

	line_color_on(r, out, fails ? line_severity_color((enum severity)(RANK_INFO - rank)) : "1");
	buf_puts(out, names[rank]);
	line_color_off(r, out);
	PUT(out, "  (");
	report_put_count(out, t->sizes[rank], "finding", "findings");
	PUT(out, ")\n");
}

static void put_group(struct report *r, size_t group)
{
	struct text *t = r->state;
	size_t from = r->out.len;
	struct err err;

	if (t->sizes[group] == 0)
		return;
	if (t->some)
		buf_putc(&r->out, '\n');
	t->some = true;
	if (r->options.group_by == GROUP_BY_RULE)
		put_rule_heading(r, &r->run->policy->rules[group]);
	else
		put_rank_heading(r, (enum rank)group);
	line_guard(t, &r->out, from);
	if (spool_read(t->groups, group, UINT64_MAX, take_item, r, &err) == -1 &&
	    r->err.kind == ERR_NONE)
		r->err = err;
}

/* Ranks as they are; rules by the severity in force, then as the policy has them. */
static void put_groups(struct report *r)
{
	const struct policy *policy = r->run->policy;
	size_t i;
	int severity;

	if (r->options.group_by == GROUP_BY_SEVERITY) {
		for (i = 0; i < N_RANKS; i++)
			put_group(r, i);
		return;
	}
	for (severity = N_SEVERITIES - 1; severity >= 0; severity--)
		for (i = 0; i < policy->n_rules; i++)
			if ((int)policy_rule_severity(policy, &policy->rules[i]) == severity)
				put_group(r, i);
}

static void text_judgement(struct report *r, const struct judgement *j)
{
	bool heading = false;
	size_t i, from;

	for (i = 0; i < j->n_findings; i++) {
		if (!is_listed(r, &j->findings[i]))
			continue;
		if (waits(r)) {
			keep(r, j, &j->findings[i]);
			continue;
		}
		from = r->out.len;
		if (r->options.quiet) {
			text_quiet_put(r, j, &j->findings[i]);
		} else {
			if (!heading && r->options.group_by == GROUP_BY_RESOURCE)
				text_heading_put(r, j);
			heading = true;
			put_one(r, j, i);
		}
		line_guard(r->state, &r->out, from);
		report_spill(r);
	}
}

/* ---- head and end -------------------------------------------------------- */

static bool text_wants_all(const struct report_options *options)
{
	return options->all && !options->quiet;
}

static bool text_wants_excerpts(const struct report_options *options)
{
	return !options->quiet;
}

static void text_begin(struct report *r)
{
	struct text *t = mem_alloc(sizeof(*t));
	char folder[LIMIT_OUTPUT_PATH];

	*t = (struct text){ .some = false };
	r->state = t;
	if (r->options.links && getcwd(folder, sizeof(folder)) != NULL && folder[0] == '/')
		buf_puts(&t->folder, folder);
	if (!waits(r))
		return;
	t->groups = spool_new(n_groups(r));
	t->sizes = mem_alloc((n_groups(r) + 1) * sizeof(*t->sizes));
	memset(t->sizes, 0, (n_groups(r) + 1) * sizeof(*t->sizes));
}

/* As read, every finding is alike whatever was before it; but that a blank line goes
 * before all but the first, which loses it where it is joined. */
static bool text_begin_apart(struct report *r, const struct report *of)
{
	struct text *t;

	(void)of;
	if (waits(r) || (!r->options.quiet && r->options.group_by == GROUP_BY_FILE))
		return false;
	text_begin(r);
	t = r->state;
	t->some = true;
	return true;
}

static void text_join(struct report *r, struct str text, uint64_t n)
{
	struct text *t = r->state;

	(void)n;
	if (!t->some && !r->options.quiet) {
		text.data++;
		text.len--;
		t->some = true;
	}
	report_put_text(r, text);
}

static void text_problem(struct report *r, const struct problem *p)
{
	struct text *t = r->state;
	struct buf *out = &t->problems;

	if (!r->options.quiet)
		PUT(out, "  ");
	line_place(r, out, p->file, (struct place){ p->line, p->column });
	PUT(out, ": ");
	line_color_on(r, out, "1;31");
	buf_puts(out, problem_kind_name(p->kind));
	line_color_off(r, out);
	PUT(out, ": ");
	line_outside(out, report_str(p->text));
	buf_putc(out, '\n');
}

/* A line of its own under a title, which is written before the first. */
static void put_note(struct report *r, bool *some, struct str note)
{
	struct text *t = r->state;

	if (!*some) {
		if (t->some)
			buf_putc(&r->out, '\n');
		PUT(&r->out, "Notes:\n");
		t->some = true;
	}
	*some = true;
	buf_clear(&t->shown);
	line_outside(&t->shown, note);
	PUT(&r->out, "  ");
	line_wrapped_from(r, &r->out, 2, buf_str(&t->shown));
}

/* Rules that applied to nothing, for who asked for everything. */
static void put_idle_rules(struct report *r, const struct summary *s, bool *some)
{
	const struct policy *policy = r->run->policy;
	const struct tally *t = s->tally;
	struct text *text = r->state;
	uint64_t n;
	size_t i;

	if (!r->options.all || t->rules == NULL)
		return;
	for (i = 0; i < policy->n_rules; i++) {
		n = tally_resources(t, policy->rules[i].kind);
		if (!policy_rule_judged(policy, &policy->rules[i]) || n == 0 ||
		    t->rules[i][VERDICT_NOT_APPLICABLE] != n)
			continue;
		buf_clear(&text->line);
		PUT(&text->line, "the rule ");
		buf_put_str(&text->line, policy->rules[i].id);
		PUT(&text->line, " applied to nothing");
		put_note(r, some, buf_str(&text->line));
	}
}

static void put_notes(struct report *r, const struct summary *s)
{
	const struct policy *policy = r->run->policy;
	struct text *t = r->state;
	bool some = false;
	size_t i;

	for (i = 0; i < policy->n_waivers; i++) {
		buf_clear(&t->line);
		if (report_put_waiver_note(&t->line, r->run, s, &policy->waivers[i]))
			put_note(r, &some, buf_str(&t->line));
	}
	for (i = 0; buf_clear(&t->line), report_put_note(&t->line, s, i); i++)
		put_note(r, &some, buf_str(&t->line));
	if (report_nothing_applied(s))
		put_note(r, &some,
			 STR("NO RULE APPLIED TO ANYTHING: no configuration meets the `when` of "
			     "any rule, so nothing was checked"));
	else
		put_idle_rules(r, s, &some);
}

static void put_documents(struct buf *out, const struct run *run, const struct summary *s)
{
	report_put_count(out, s->files, "document read", "documents read");
	if (s->other_documents != 0) {
		PUT(out, ", ");
		report_put_count(out, s->other_documents, "part", "parts");
		buf_puts(out, s->files == 1 ? " of it without " : " of them without ");
		report_put_kinds(out, report_kinds(run), "a ", " or ");
	}
	buf_putc(out, '\n');
}

static void put_summary(struct report *r, const struct summary *s)
{
	struct text *t = r->state;
	struct buf *out = &r->out;

	if (t->some)
		buf_putc(out, '\n');
	if (s->empty) {
		PUT(out, "No ");
		report_put_kinds(out, policy_kinds(r->run->policy), "", " and no ");
		PUT(out, " was found: NOTHING WAS AUDITED.\n");
	}
	buf_clear(&t->shown);
	report_put_matrix(&t->shown, r->run, s);
	line_wrapped_from(r, out, 0, buf_str(&t->shown));
	put_documents(out, r->run, s);
}

static void text_end(struct report *r, const struct summary *s)
{
	struct text *t = r->state;
	struct buf *out = &r->out;
	size_t from;

	if (t->groups != NULL)
		put_groups(r);
	from = out->len;
	if (t->problems.len != 0) {
		if (!r->options.quiet) {
			buf_puts(out, t->some ? "\nProblems:\n" : "Problems:\n");
			t->some = true;
		}
		buf_put_str(out, buf_str(&t->problems));
	}
	if (!r->options.quiet) {
		put_notes(r, s);
		put_summary(r, s);
	}
	/* Quiet is not silent about what was not audited. */
	if (!r->options.quiet || !s->complete || s->empty || report_nothing_applied(s)) {
		line_color_on(r, out, s->status == 0 ? "1;32" : "1;31");
		buf_clear(&t->shown);
		report_put_outcome(&t->shown, r->run, s);
		line_wrapped_from(r, out, 0, buf_str(&t->shown));
		out->len--; /* colours end in their line */
		line_color_off(r, out);
		PUT(out, "\n");
	}
	if (out->len != from)
		line_guard(t, out, from);
}

static void text_free(struct report *r)
{
	struct text *t = r->state;

	if (t == NULL)
		return;
	buf_release(&t->line);
	buf_release(&t->shown);
	buf_release(&t->scratch);
	buf_release(&t->problems);
	buf_release(&t->excerpt);
	buf_release(&t->item);
	buf_release(&t->folder);
	buf_release(&t->file);
	spool_free(t->groups);
	free(t->sizes);
	free(t);
}

const struct report_format report_text = {
	.name = "text",
	.text = "for people: the line, what is expected, what to do; see --group-by",
	.wants_all = text_wants_all,
	.wants_excerpts = text_wants_excerpts,
	.begin = text_begin,
	.judgement = text_judgement,
	.problem = text_problem,
	.end = text_end,
	.free = text_free,
	.begin_apart = text_begin_apart,
	.join = text_join,
};
