/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings of the text report. Knows what a reader wants to see of one, and in
 * which order; does not know how findings are grouped.
 */
#include "base/limit.h"
#include "base/text.h"
#include "report/finding_part.h"
#include "report/report_part.h"
#include "report/text_inside.h"

/* ---- findings ------------------------------------------------------------ */

static bool is_word_byte(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c >= 0x80;
}

/* Whether `part` stands in s, not within a longer word: 5 does not stand in 15. */
static bool stands_in(struct str s, struct str part)
{
	size_t i;

	if (part.len == 0)
		return true;
	for (i = 0; i + part.len <= s.len; i++) {
		if (s.data[i] != part.data[0] || memcmp(s.data + i, part.data, part.len) != 0)
			continue;
		if (i > 0 && is_word_byte((unsigned char)s.data[i - 1]) &&
		    is_word_byte((unsigned char)part.data[0]))
			continue;
		if (i + part.len < s.len && is_word_byte((unsigned char)s.data[i + part.len]) &&
		    is_word_byte((unsigned char)part.data[part.len - 1]))
			continue;
		return true;
	}
	return false;
}

/*
 * What is expected, as a message that was made from the condition says it ("FIELD
 * is ACTUAL, expected ..."), or "": then the three are shown one under the other.
 */
static struct str plain_expected(struct text *t, const struct finding *f)
{
	struct str rest = f->message;

	if (f->field.len == 0 || f->expected.len == 0 || f->actual == NULL)
		return STR("");
	buf_clear(&t->shown);
	buf_put_str(&t->shown, f->field);
	PUT(&t->shown, " is ");
	finding_show(&t->shown, f);
	PUT(&t->shown, ", expected ");
	if (!str_starts(rest, buf_str(&t->shown)))
		return STR("");
	rest.data += t->shown.len;
	rest.len -= t->shown.len;
	if (str_equal(rest, f->expected))
		return rest;
	/* with a word on it, and nothing of other fields */
	return str_starts(rest, f->expected) && rest.len > f->expected.len + 2 &&
		       memcmp(rest.data + f->expected.len, " (", 2) == 0 &&
		       rest.data[rest.len - 1] == ')'
		   ? rest
		   : STR("");
}

static void put_actual(struct report *r, struct buf *out, const struct finding *f)
{
	struct text *t = r->state;

	buf_clear(&t->shown);
	finding_show(&t->shown, f);
	line_wrapped(r, out, "actual:   ", buf_str(&t->shown));
}

/* What is wrong: the field and its line, then actual and expected value, each
 * where the message does not say it. */
static void put_evidence(struct report *r, struct buf *out, const struct finding *f)
{
	struct text *t = r->state;
	struct str expected = plain_expected(t, f);

	if (expected.len != 0) {
		line_text(r, out, "", f->field);
		text_excerpt_put(r, out, f);
		put_actual(r, out, f);
		line_text(r, out, "expected: ", expected);
		return;
	}
	line_text(r, out, "", f->message);
	text_excerpt_put(r, out, f);
	if (!stands_in(f->message, f->field))
		line_text(r, out, "field:    ", f->field);
	if (f->actual != NULL) {
		buf_clear(&t->shown);
		finding_show(&t->shown, f);
		if (!stands_in(f->message, buf_str(&t->shown)))
			put_actual(r, out, f);
	}
	if (!stands_in(f->message, f->expected))
		line_text(r, out, "expected: ", f->expected);
}

static void put_waived(struct report *r, struct buf *out, const struct finding *f)
{
	struct text *t = r->state;
	const struct waiver *w = f->waiver;

	if (w == NULL) {
		line_text(r, out, "waived: ", f->reason);
		return;
	}
	buf_clear(&t->shown);
	PUT(&t->shown, "waived ");
	if (w->owner.len != 0) {
		PUT(&t->shown, "by ");
		buf_put_str(&t->shown, w->owner);
		buf_putc(&t->shown, ' ');
	}
	PUT(&t->shown, "until ");
	text_day_put(&t->shown, w->expires);
	PUT(&t->shown, " (");
	if (f->waiver_days_left <= 0)
		PUT(&t->shown, "its last day");
	else
		report_put_count(&t->shown, (uint64_t)f->waiver_days_left, "day left", "days left");
	PUT(&t->shown, "): ");
	buf_put_str(&t->shown, w->reason);
	line_text(r, out, "", buf_str(&t->shown));
}

static void put_reason(struct report *r, struct buf *out, const struct finding *f)
{
	switch (f->verdict) {
	case VERDICT_WAIVED:
		put_waived(r, out, f);
		break;
	case VERDICT_ERROR:
		line_text(r, out, "error: ", f->reason);
		break;
	case VERDICT_FAIL:
		line_text(r, out, "not waived: ", f->reason);
		break;
	default:
		line_text(r, out, "", f->reason);
		break;
	}
}

/* Whose it is, where that is not the heading. */
static void put_owner(const struct report *r, struct buf *out, const struct judgement *j)
{
	if (r->options.group_by == GROUP_BY_RESOURCE)
		return;
	PUT(out, "  ");
	line_outside(out, j->subject.name.len != 0 ? j->subject.name : j->subject.id);
	if (j->is_group)
		PUT(out, " (group rules)");
}

void text_finding_put(struct report *r, struct buf *out, const struct judgement *j,
		      const struct finding *f)
{
	const char *label = line_label(f);
	bool plain = f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE;
	bool by_rule = r->options.group_by == GROUP_BY_RULE;

	PUT(out, "  ");
	line_color_on(r, out, line_color(f));
	buf_puts(out, label);
	line_color_off(r, out);
	line_blanks(out, LABEL_WIDTH + 2 > strlen(label) ? LABEL_WIDTH + 2 - strlen(label) : 2);
	if (by_rule) {
		line_outside(out, j->subject.name.len != 0 ? j->subject.name : j->subject.id);
		if (j->is_group)
			PUT(out, " (group rules)");
	} else {
		line_rule(r, out, f->rule);
	}
	if (f->verdict != VERDICT_FAIL && !plain)
		buf_printf(out, " (%s)", severity_name(f->severity));
	if (!by_rule)
		put_owner(r, out, j);
	if (!plain || r->options.group_by != GROUP_BY_RESOURCE) {
		PUT(out, "  ");
		line_color_on(r, out, "2");
		line_place(r, out, j->subject.file,
			   f->place.line != 0 ? f->place : j->subject.place);
		line_color_off(r, out);
	}
	buf_putc(out, '\n');
	if (!plain)
		put_evidence(r, out, f);
	put_reason(r, out, f);
	if (f->verdict != VERDICT_FAIL)
		return;
	/* of a group by rule the heading says it, unless an override words it anew */
	if (!by_rule || f->rule != &r->run->policy->rules[f->rule->index])
		line_text(r, out, "fix:      ", line_fold(r->state, f->rule->remediation));
}

/* Behind what stands in the line, or in the next one where it does not fit. */
static void go_on(const struct report *r, struct buf *out, size_t *column, size_t width)
{
	unsigned most = r->options.width;

	if (most >= LEAST_WIDTH && *column + 2 + width > most) {
		PUT(out, "\n");
		*column = 0;
	}
	PUT(out, "  ");
	*column += 2 + width;
}

void text_heading_put(struct report *r, const struct judgement *j)
{
	const struct subject *s = &j->subject;
	struct text *t = r->state;
	struct buf *out = &r->out, *shown = &t->shown;
	size_t column;

	if (t->some)
		buf_putc(out, '\n');
	t->some = true;
	buf_clear(shown);
	line_outside(shown, s->name.len != 0 ? s->name : s->id);
	line_color_on(r, out, "1");
	buf_put_str(out, buf_str(shown));
	line_color_off(r, out);
	column = text_width(buf_str(shown));
	if (s->name.len != 0) {
		buf_clear(shown);
		line_outside(shown, s->id);
		go_on(r, out, &column, text_width(buf_str(shown)));
		buf_put_str(out, buf_str(shown));
	}
	if (s->arn.len != 0 && s->file != NULL) {
		buf_clear(shown);
		line_outside(shown, str_of(s->file));
		buf_printf(shown, ":%u:%u", s->place.line, s->place.column);
		go_on(r, out, &column, text_width(buf_str(shown)));
		line_place(r, out, s->file, s->place);
	}
	if (s->kind != KIND_RECORDING_CONFIGURATION)
		buf_printf(out, "  (%s)", kind_table[s->kind].one);
	if (j->is_group)
		PUT(out, "  (group rules)");
	buf_putc(out, '\n');
}

bool text_told_before(const struct report *r, const struct judgement *j, size_t i)
{
	const struct finding *f = &j->findings[i];

	while (i-- > 0)
		if (j->findings[i].verdict == VERDICT_UNDECIDED &&
		    report_shows(r, &j->findings[i]) && str_equal(j->findings[i].reason, f->reason))
			return true;
	return false;
}

void text_undecided_put(struct report *r, const struct judgement *j, size_t first)
{
	const struct finding *f = &j->findings[first];
	struct text *t = r->state;
	struct buf *out = &r->out, *line = &t->line;
	size_t i;

	PUT(out, "  ");
	line_color_on(r, out, line_color(f));
	PUT(out, "undecided");
	line_color_off(r, out);
	PUT(out, "  ");
	buf_clear(line);
	for (i = first; i < j->n_findings; i++) {
		if (j->findings[i].verdict != VERDICT_UNDECIDED ||
		    !report_shows(r, &j->findings[i]) ||
		    !str_equal(j->findings[i].reason, f->reason))
			continue;
		if (i != first)
			PUT(line, ", ");
		line_outside(line, j->findings[i].rule->id);
		buf_printf(line, " (%s)", severity_name(j->findings[i].severity));
	}
	/* as a rule this is all of the configuration: its heading has the place */
	if (f->place.line != 0 && (f->place.line != j->subject.place.line ||
				   f->place.column != j->subject.place.column)) {
		PUT(line, "  ");
		line_outside(line, report_str(j->subject.file));
		buf_printf(line, ":%u:%u", f->place.line, f->place.column);
	}
	line_wrapped_from(r, out, 2 + LABEL_WIDTH + 2, buf_str(line));
	line_text(r, out, "", f->reason.len != 0 ? f->reason : f->message);
}

void text_quiet_put(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct buf *out = &r->out;

	if (f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE)
		return;
	if (strcmp(j->subject.file, SOURCE_LIVE) == 0 && j->subject.arn.len != 0)
		line_outside(out, j->subject.arn);
	else
		line_place(r, out, j->subject.file,
			   f->place.line != 0 ? f->place : j->subject.place);
	PUT(out, ": ");
	line_color_on(r, out, line_color(f));
	buf_puts(out, line_label(f));
	line_color_off(r, out);
	PUT(out, ": ");
	line_outside(out, f->rule->id);
	PUT(out, ": ");
	if (f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WAIVED || f->reason.len == 0)
		line_outside(out, f->message);
	if (f->verdict == VERDICT_WAIVED && f->reason.len != 0)
		PUT(out, ": ");
	if (f->verdict != VERDICT_FAIL)
		line_outside(out, f->reason);
	buf_putc(out, '\n');
}
