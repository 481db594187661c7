/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV as RFC 4180 has it, for spreadsheets: a row a finding and a problem, then
 * a row a note, and a last row for the audit, without which the file was cut. Every
 * cell is quoted, and none is a formula. Does not sum: spreadsheets do.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "report/finding_part.h"
#include "report/report_part.h"

struct csv {
	struct buf visible;
	struct buf shown;
};

/* ---- cells ------------------------------------------------------------------- */

/* Whether a spreadsheet would begin to calculate, or a blank hide that it
 * would: = + - @, also in their wide forms. */
static bool is_formula(struct str s)
{
	static const char *const starts[] = {
		"=",
		"+",
		"-",
		"@",
		"\xEF\xBC\x9D",
		"\xEF\xBC\x8B",
		"\xEF\xBC\x8D",
		"\xEF\xBC\xA0",
		"\xE2\x88\x92", /* the minus sign */
	};
	static const char *const blanks[] = { " ", "\xC2\xA0", "\xE3\x80\x80", "'" };
	size_t i;
	bool blank = true;

	while (blank) {
		blank = false;
		for (i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
			if (str_starts(s, str_of(blanks[i]))) {
				s.data += strlen(blanks[i]);
				s.len -= strlen(blanks[i]);
				blank = true;
			}
	}
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(s, str_of(starts[i])))
			return true;
	return false;
}

/* A cell, with the comma before it. */
static void put_cell(struct csv *csv, struct buf *out, struct str s)
{
	size_t i;

	s = finding_visible(&csv->visible, s);
	PUT(out, ",\"");
	if (is_formula(s))
		buf_putc(out, '\'');
	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, s.data[i]);
	}
	buf_putc(out, '"');
}

static void put_shown(struct csv *csv, struct buf *out)
{
	put_cell(csv, out, buf_str(&csv->shown));
	buf_clear(&csv->shown);
}

static void put_number(struct buf *out, uint32_t n)
{
	PUT(out, ",\"");
	if (n != 0)
		buf_put_uint(out, n);
	buf_putc(out, '"');
}

/* ---- rows -------------------------------------------------------------------- */

#define N_AFTER_MESSAGE 7
#define HEAD                                                                                       \
	"\"record\",\"severity\",\"verdict\",\"rule\",\"category\",\"resource\",\"name\","         \
	"\"account\",\"region\",\"file\",\"line\",\"column\",\"field\",\"actual\",\"expected\","   \
	"\"message\",\"reason\",\"waiver_owner\",\"waiver_expires\",\"waiver_reason\","            \
	"\"remediation\",\"controls\",\"fingerprint\"\r\n"

static bool csv_wants_all(const struct report_options *options)
{
	return options->all;
}

static bool csv_begin_apart(struct report *r, const struct report *of)
{
	struct csv *csv = mem_alloc(sizeof(*csv));

	(void)of;
	*csv = (struct csv){ .visible = BUF_INIT(0) };
	r->state = csv;
	return true;
}

static void csv_begin(struct report *r)
{
	csv_begin_apart(r, NULL);
	PUT(&r->out, HEAD);
}

static void put_place(struct csv *csv, struct buf *out, const char *file, struct place place)
{
	put_cell(csv, out, report_str(file));
	put_number(out, place.line);
	put_number(out, place.line == 0 ? 0 : place.column);
}

static void put_waiver(struct csv *csv, struct buf *out, const struct finding *f)
{
	const struct waiver *w = f->waiver;

	if (w == NULL) {
		PUT(out, ",\"\",\"\",\"\"");
		return;
	}
	put_cell(csv, out, w->owner);
	text_day_put(&csv->shown, w->expires);
	put_shown(csv, out);
	put_cell(csv, out, w->reason);
}

static void put_controls(struct csv *csv, struct buf *out, const struct rule *rule)
{
	struct str framework, id;
	size_t at = 0;

	while (finding_next_control(rule, &at, &framework, &id)) {
		if (at != 1)
			PUT(&csv->shown, "; ");
		buf_put_str(&csv->shown, framework);
		buf_putc(&csv->shown, ' ');
		buf_put_str(&csv->shown, id);
	}
	put_shown(csv, out);
}

static void put_finding(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct csv *csv = r->state;
	struct buf *out = &r->out;

	PUT(out, "\"finding\",\"");
	buf_puts(out, severity_name(f->severity));
	PUT(out, "\",\"");
	buf_puts(out, verdict_name(f->verdict));
	PUT(out, "\"");
	put_cell(csv, out, f->rule->id);
	put_cell(csv, out, f->rule->category);
	put_cell(csv, out, j->subject.id);
	put_cell(csv, out, j->subject.name);
	put_cell(csv, out, j->subject.account);
	put_cell(csv, out, j->subject.region);
	put_place(csv, out, j->subject.file, f->place.line != 0 ? f->place : j->subject.place);
	put_cell(csv, out, f->field);
	finding_put_actual(&csv->shown, f);
	put_shown(csv, out);
	put_cell(csv, out, f->expected);
	put_cell(csv, out, f->message);
	put_cell(csv, out, f->reason);
	put_waiver(csv, out, f);
	finding_put_folded(&csv->shown, f->rule->remediation);
	put_shown(csv, out);
	put_controls(csv, out, f->rule);
	put_cell(csv, out, str_of(f->fingerprint));
	PUT(out, "\r\n");
}

static void csv_judgement(struct report *r, const struct judgement *j)
{
	report_put_shown(r, j, put_finding);
}

static void put_empty(struct buf *out, int n)
{
	while (n-- > 0)
		PUT(out, ",\"\"");
}

static void csv_problem(struct report *r, const struct problem *p)
{
	struct csv *csv = r->state;
	struct buf *out = &r->out;

	PUT(out, "\"problem\",\"\",\"");
	buf_puts(out, problem_kind_name(p->kind));
	PUT(out, "\"");
	put_empty(out, 6);
	put_place(csv, out, p->file, (struct place){ p->line, p->column });
	put_empty(out, 3);
	put_cell(csv, out, report_str(p->text));
	put_empty(out, N_AFTER_MESSAGE);
	PUT(out, "\r\n");
}

/* What is in csv->shown: on waivers that waive nothing. */
static void put_note(struct csv *csv, struct buf *out)
{
	PUT(out, "\"note\",\"\",\"\"");
	put_empty(out, 12);
	put_shown(csv, out);
	put_empty(out, N_AFTER_MESSAGE);
	PUT(out, "\r\n");
}

static void put_notes(struct report *r, const struct summary *s)
{
	const struct policy *policy = r->run->policy;
	struct csv *csv = r->state;
	size_t i;

	for (i = 0; i < policy->n_waivers; i++)
		if (report_put_waiver_note(&csv->shown, r->run, s, &policy->waivers[i]))
			put_note(csv, &r->out);
	for (i = 0; report_put_note(&csv->shown, s, i); i++)
		put_note(csv, &r->out);
}

static void csv_end(struct report *r, const struct summary *s)
{
	struct csv *csv = r->state;
	struct buf *out = &r->out;

	put_notes(r, s);
	PUT(out, "\"audit\",\"\",\"");
	buf_puts(out, s->status == 0 ? "pass" : s->status == 1 ? "fail" : "incomplete");
	PUT(out, "\"");
	put_empty(out, 12);
	report_put_outcome(&csv->shown, r->run, s);
	put_shown(csv, out);
	report_put_matrix(&csv->shown, r->run, s);
	put_shown(csv, out);
	put_empty(out, N_AFTER_MESSAGE - 1);
	PUT(out, "\r\n");
}

static void csv_free(struct report *r)
{
	struct csv *csv = r->state;

	if (csv == NULL)
		return;
	buf_release(&csv->visible);
	buf_release(&csv->shown);
	free(csv);
}

const struct report_format report_csv = {
	.name = "csv",
	.text = "CSV for spreadsheets: a row a finding, no cell a formula",
	.wants_all = csv_wants_all,
	.begin = csv_begin,
	.judgement = csv_judgement,
	.problem = csv_problem,
	.end = csv_end,
	.free = csv_free,
	.begin_apart = csv_begin_apart,
};
