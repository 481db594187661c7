/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Markdown for a comment on a pull request, or the summary of a step: the
 * verdict first, then sums, then the findings, folded, the most severe first,
 * until the reader's limit. Whatever came from outside stands in code spans,
 * where nobody looks for links, names to notify, numbers or tags.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/limit.h"
#include "base/text.h"
#include "report/finding_part.h"
#include "report/ranked.h"
#include "report/report_part.h"

/* What is kept free for what stands behind the findings. */
#define TAIL_SIZE 400

struct markdown {
	struct ranked *ranked;
	struct buf visible, shown, item;
	uint64_t n_problems, n_allowed;
	/* while it is written */
	size_t most;
	uint64_t shown_of_rank;
	bool full;
};

/* ---- escaping ---------------------------------------------------------------- */

/* The fence is longer than any run of backticks inside (CommonMark, 6.1). */
static size_t fence_of(struct str s)
{
	size_t i, run = 0, longest = 0;

	for (i = 0; i < s.len; i++) {
		run = s.data[i] == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest + 1;
}

static void put_code(struct markdown *m, struct buf *b, struct str s)
{
	size_t fence, i;
	bool pad;

	s = finding_visible(&m->visible, s);
	if (s.len == 0)
		return;
	fence = fence_of(s);
	pad = s.data[0] == '`' || s.data[s.len - 1] == '`' || s.data[0] == ' ' ||
	      s.data[s.len - 1] == ' ';
	for (i = 0; i < fence; i++)
		buf_putc(b, '`');
	if (pad)
		buf_putc(b, ' ');
	buf_put_str(b, s);
	if (pad)
		buf_putc(b, ' ');
	for (i = 0; i < fence; i++)
		buf_putc(b, '`');
}

/* Words of ours, a text of others: "  - actual: `x`" */
static void put_line(struct markdown *m, const char *label, struct str s)
{
	if (s.len == 0)
		return;
	buf_puts(&m->item, label);
	put_code(m, &m->item, s);
	buf_putc(&m->item, '\n');
}

static void put_shown_line(struct markdown *m, const char *label)
{
	put_line(m, label, buf_str(&m->shown));
	buf_clear(&m->shown);
}

/* ---- findings ---------------------------------------------------------------- */

static void put_place(struct markdown *m, const char *file, struct place place)
{
	buf_puts(&m->shown, file == NULL ? "" : file);
	if (place.line != 0)
		buf_printf(&m->shown, ":%u:%u", place.line, place.column);
	put_shown_line(m, "  - place: ");
}

static void put_finding(struct markdown *m, const struct judgement *j, const struct finding *f)
{
	struct buf *b = &m->item;

	buf_clear(b);
	PUT(b, "- ");
	put_code(m, b, f->rule->id);
	if (finding_sentence(f).len != 0)
		PUT(b, ": ");
	put_code(m, b, finding_sentence(f));
	PUT(b, "\n");
	put_line(m, j->is_group ? "  - group of: " : "  - resource: ", j->subject.id);
	put_place(m, j->subject.file, f->place.line != 0 ? f->place : j->subject.place);
	finding_put_actual(&m->shown, f);
	put_shown_line(m, "  - actual: ");
	put_line(m, "  - expected: ", f->expected);
	if (f->verdict == VERDICT_WAIVED) {
		finding_put_waiver(&m->shown, f);
		put_shown_line(m, "  - ");
	} else {
		put_line(m, "  - because: ", finding_reason(f));
	}
	if (f->verdict == VERDICT_FAIL) {
		finding_put_folded(&m->shown, f->rule->remediation);
		put_shown_line(m, "  - fix: ");
	}
}

static size_t limit_of(const struct report *r)
{
	return r->room != 0 ? r->room : LIMIT_MARKDOWN;
}

static void markdown_judgement(struct report *r, const struct judgement *j)
{
	struct markdown *m = r->state;
	const struct finding *f;
	size_t i = 0;

	while ((f = report_next_shown(r, j, &i)) != NULL) {
		if (!ranked_wants(m->ranked, 0, rank_of(f)))
			continue;
		put_finding(m, j, f);
		ranked_put(m->ranked, 0, rank_of(f), buf_str(&m->item));
	}
}

/* Problems are a list of their own, in a set of their own. */
static void markdown_problem(struct report *r, const struct problem *p)
{
	struct markdown *m = r->state;
	struct buf *b = &m->item;

	m->n_problems++;
	m->n_allowed += !problem_counts(p->kind);
	if (!ranked_wants(m->ranked, 1, RANK_ERROR))
		return;
	buf_clear(b);
	buf_printf(b, "- %s: ", problem_kind_name(p->kind));
	buf_puts(&m->shown, p->file == NULL ? "" : p->file);
	if (p->line != 0)
		buf_printf(&m->shown, ":%u:%u", p->line, p->column);
	put_code(m, b, buf_str(&m->shown));
	if (m->shown.len != 0)
		PUT(b, ": ");
	buf_clear(&m->shown);
	put_code(m, b, report_str(p->text));
	PUT(b, "\n");
	ranked_put(m->ranked, 1, RANK_ERROR, buf_str(b));
}

/* ---- head -------------------------------------------------------------------- */

static void put_severities(struct report *r, const struct summary *s)
{
	const struct tally *t = s->tally;
	struct buf *out = &r->out;
	int i;

	PUT(out, "| severity | failed |\n| --- | ---: |\n");
	for (i = N_SEVERITIES - 1; i >= 0; i--)
		buf_printf(out, "| %s | %llu |\n", severity_name((enum severity)i),
			   (unsigned long long)t->fails[i]);
	PUT(out, "\n| verdict | number |\n| --- | ---: |\n");
	for (i = 0; i < N_VERDICTS; i++)
		buf_printf(out, "| %s | %llu |\n", verdict_name((enum verdict)i),
			   (unsigned long long)t->verdicts[i]);
	PUT(out, "\n");
}

static void put_head(struct report *r, const struct summary *s)
{
	struct markdown *m = r->state;
	struct buf *out = &r->out;

	buf_puts(out, s->status == 0   ? "## ivslint: passed\n\n"
		      : s->status == 1 ? "## ivslint: failed\n\n"
				       : "## ivslint: incomplete\n\n");
	/* Neither holds a word from outside. */
	PUT(out, "**");
	report_put_outcome(out, r->run, s);
	PUT(out, "**\n\n");
	report_put_matrix(out, r->run, s);
	PUT(out, ".\nPolicy: ");
	put_code(m, out,
		 r->run->policy->name.len != 0 ? r->run->policy->name
					       : report_str(r->run->policy->file));
	PUT(out, ", waivers judged as of ");
	text_day_put(out, r->run->as_of);
	PUT(out, ".\n\n");
	if (report_nothing_applied(s))
		PUT(out, "No rule applied to anything.\n\n");
	put_severities(r, s);
}

/* ---- body -------------------------------------------------------------------- */

/* Items as long as they fit: after the first that does not none is shown, lest
 * a lesser one take the place of a worse. */
static void put_item(void *to, struct str item)
{
	struct report *r = to;
	struct markdown *m = r->state;

	m->full = m->full || r->out.len + item.len + TAIL_SIZE > m->most;
	if (m->full)
		return;
	buf_put_str(&r->out, item);
	m->shown_of_rank++;
}

static void put_left_out(struct report *r, uint64_t n)
{
	struct markdown *m = r->state;

	if (m->shown_of_rank == n)
		return;
	report_put_count(&r->out, n - m->shown_of_rank, "more is", "more are");
	PUT(&r->out, " left out here, for the reader's limit.\n\n");
}

static void put_problems(struct report *r)
{
	struct markdown *m = r->state;
	size_t most = m->most;

	if (m->n_problems == 0)
		return;
	if (m->n_allowed == m->n_problems) {
		PUT(&r->out, "Not audited, as allowed:\n\n");
	} else {
		report_put_count(&r->out, m->n_problems - m->n_allowed, "problem", "problems");
		PUT(&r->out, " kept something from being audited:\n\n");
	}
	/* Findings must have room too. */
	m->shown_of_rank = 0;
	m->most = r->out.len + (most - r->out.len) / 3;
	ranked_each(m->ranked, r, 1, put_item, r);
	m->most = most;
	m->full = false;
	PUT(&r->out, "\n");
	put_left_out(r, m->n_problems);
}

static const char *heading_of(enum rank rank)
{
	static const char *const headings[N_RANKS] = {
		"Errors",    "Critical", "High",
		"Medium",    "Low",      "Info",
		"Undecided", "Waived",   "Passed, or not applicable",
	};

	return headings[rank];
}

static void put_rank(struct report *r, enum rank rank)
{
	struct markdown *m = r->state;
	uint64_t n = ranked_offered_of(m->ranked, 0, rank);

	if (n == 0)
		return;
	if (r->out.len + 2 * (size_t)TAIL_SIZE > m->most) {
		m->full = true;
		return;
	}
	buf_printf(&r->out, "<details><summary>%s: %llu</summary>\n\n", heading_of(rank),
		   (unsigned long long)n);
	m->shown_of_rank = 0;
	ranked_each_of(m->ranked, r, 0, rank, put_item, r);
	if (m->shown_of_rank != 0)
		PUT(&r->out, "\n");
	put_left_out(r, n);
	PUT(&r->out, "</details>\n\n");
}

/* What is shown as a note; false where there is no room, or none was left already. */
static bool put_shown_note(struct report *r, bool room)
{
	struct markdown *m = r->state;

	buf_clear(&m->item);
	put_shown_line(m, "- note: ");
	if (!room || r->out.len + m->item.len + TAIL_SIZE > m->most)
		return false;
	buf_put_str(&r->out, buf_str(&m->item));
	return true;
}

static void put_notes(struct report *r, const struct summary *s)
{
	struct markdown *m = r->state;
	const struct policy *policy = r->run->policy;
	uint64_t left = 0;
	size_t i;

	for (i = 0; i < policy->n_waivers; i++)
		if (report_put_waiver_note(&m->shown, r->run, s, &policy->waivers[i]))
			left += !put_shown_note(r, left == 0);
	for (i = 0; report_put_note(&m->shown, s, i); i++)
		left += !put_shown_note(r, left == 0);
	if (left != 0)
		buf_printf(&r->out, "\n%llu more notes on waivers are left out.\n",
			   (unsigned long long)left);
}

static void markdown_end(struct report *r, const struct summary *s)
{
	struct markdown *m = r->state;
	int rank;

	m->most = limit_of(r);
	if (m->most < 4096)
		return; /* the summary of this step is full: a longer one would be refused whole */
	put_head(r, s);
	put_problems(r);
	for (rank = 0; rank < N_RANKS; rank++)
		put_rank(r, (enum rank)rank);
	if (m->full)
		PUT(&r->out, "Not all findings fit here: the other reports hold them.\n\n");
	put_notes(r, s);
}

static bool markdown_wants_all(const struct report_options *options)
{
	return options->all;
}

static void markdown_begin(struct report *r)
{
	struct markdown *m = mem_alloc(sizeof(*m));

	/* The least item is longer than 16 bytes. */
	*m = (struct markdown){ .ranked = ranked_new(2, limit_of(r) / 16) };
	r->state = m;
}

static void markdown_free(struct report *r)
{
	struct markdown *m = r->state;

	if (m == NULL)
		return;
	ranked_free(m->ranked);
	buf_release(&m->visible);
	buf_release(&m->shown);
	buf_release(&m->item);
	free(m);
}

const struct report_format report_markdown = {
	.name = "markdown",
	.text = "Markdown for a comment or a job's summary, in 65,536 characters",
	.wants_all = markdown_wants_all,
	.begin = markdown_begin,
	.judgement = markdown_judgement,
	.problem = markdown_problem,
	.end = markdown_end,
	.free = markdown_free,
};
