/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit: a finding as a case, with one outcome.
 */
#include "report/finding_part.h"
#include "report/junit_inside.h"
#include "report/report_part.h"

/* An author's line breaks are blanks here. */
static struct str fold(struct junit *junit, struct str s)
{
	size_t i;

	buf_clear(&junit->shown);
	while (s.len != 0 && (s.data[s.len - 1] == '\n' || s.data[s.len - 1] == ' '))
		s.len--;
	for (i = 0; i < s.len; i++)
		buf_putc(&junit->shown, s.data[i] == '\n' ? ' ' : s.data[i]);
	return buf_str(&junit->shown);
}

static void put_evidence(struct junit *junit, struct buf *out, const struct judgement *j,
			 const struct finding *f)
{
	PUT(out, "\nplace: ");
	junit_put_place(junit, out, j->subject.file,
			f->place.line != 0 ? f->place : j->subject.place);
	junit_put_line(junit, out, "field: ", f->field);
	if (f->actual != NULL) {
		buf_clear(&junit->shown);
		finding_show(&junit->shown, f);
		junit_put_line(junit, out, "actual: ", buf_str(&junit->shown));
	}
	junit_put_line(junit, out, "expected: ", f->expected);
}

enum outcome junit_outcome(const struct run *run, const struct finding *f)
{
	switch (f->verdict) {
	case VERDICT_PASS:
		return OUTCOME_PASS;
	case VERDICT_FAIL:
		return OUTCOME_FAILURE;
	case VERDICT_ERROR:
		return OUTCOME_ERROR;
	case VERDICT_UNDECIDED:
		return run->fail_on_undecided ? OUTCOME_ERROR : OUTCOME_SKIPPED;
	default:
		return OUTCOME_SKIPPED;
	}
}

static struct str message_of(const struct finding *f)
{
	return f->message.len != 0 ? f->message : f->reason;
}

/* <failure>, <error>: readers show the attribute or the content, so both say it. */
static void put_bad(struct junit *junit, struct buf *out, const struct judgement *j,
		    const struct finding *f)
{
	bool fails = f->verdict == VERDICT_FAIL;

	PUT(out, "<");
	buf_puts(out, fails ? "failure type=\"" : "error type=\"");
	buf_puts(out, fails ? severity_name(f->severity) : verdict_name(f->verdict));
	PUT(out, "\" message=\"");
	junit_put(junit, out, message_of(f));
	PUT(out, "\">");
	junit_put(junit, out, message_of(f));
	put_evidence(junit, out, j, f);
	if (f->reason.data != message_of(f).data)
		junit_put_line(junit, out,
			       fails                             ? "not waived: "
			       : f->verdict == VERDICT_UNDECIDED ? "reason: "
								 : "error: ",
			       f->reason);
	if (fails)
		junit_put_line(junit, out, "fix: ", fold(junit, f->rule->remediation));
	buf_puts(out, fails ? "</failure>" : "</error>");
}

static void put_skipped(struct junit *junit, struct buf *out, const struct judgement *j,
			const struct finding *f)
{
	struct buf *b = &junit->shown;

	buf_clear(b);
	if (f->verdict == VERDICT_WAIVED) {
		finding_put_waiver(b, f);
	} else {
		buf_puts(b, f->verdict == VERDICT_UNDECIDED ? "undecided" : "not applicable");
		if (f->reason.len != 0)
			PUT(b, ": ");
		buf_put_str(b, f->reason);
	}
	PUT(out, "<skipped message=\"");
	junit_put(junit, out, buf_str(b));
	PUT(out, "\"");
	if (f->verdict == VERDICT_NOT_APPLICABLE) {
		PUT(out, "/>");
		return;
	}
	PUT(out, ">");
	junit_put(junit, out, buf_str(b));
	junit_put_line(junit, out, "message: ", f->message);
	put_evidence(junit, out, j, f);
	PUT(out, "</skipped>");
}

void junit_put_file(struct junit *junit, struct buf *out, const struct report_place *place)
{
	if (place->of_policy || place->outside)
		return;
	PUT(out, " file=\"");
	junit_put(junit, out, place->path);
	PUT(out, "\"");
}

void junit_put_case(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct junit *junit = r->state;
	struct buf *out = &r->out;
	enum outcome outcome = junit_outcome(r->run, f);
	struct report_place place;

	buf_put_str(out, junit->rules[f->rule->index].head);
	buf_put_str(out, buf_str(&junit->id));
	PUT(out, "\" time=\"0\"");
	if (junit->places != NULL) {
		place = report_place_of_finding(junit->places, j, f);
		junit_put_file(junit, out, &place);
	}
	if (outcome == OUTCOME_PASS) {
		PUT(out, "/>\n");
		return;
	}
	PUT(out, ">");
	if (outcome == OUTCOME_FAILURE || outcome == OUTCOME_ERROR)
		put_bad(junit, out, j, f);
	else
		put_skipped(junit, out, j, f);
	PUT(out, "</testcase>\n");
}
