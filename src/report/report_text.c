/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report that people read: grouped by resource, the summary last. What
 * came from outside is made visible, and no line becomes a command to the
 * runner of a CI job that shows it. Does not know who reads: colours and width
 * are options.
 */
#include <stdlib.h>

#include "base/limit.h"
#include "base/text.h"
#include "report/report_part.h"

#define MESSAGE_INDENT 6
#define LABEL_WIDTH    9  /* of "undecided" */
#define LEAST_WIDTH    40 /* narrower terminals get lines that the terminal wraps */

struct text {
	struct buf line;     /* a text made visible, before it is wrapped */
	struct buf shown;    /* a value */
	struct buf scratch;  /* guard's */
	struct buf problems; /* they come at the end */
	bool some;           /* something was written: a blank line goes before more */
};

/* ---- escaping ------------------------------------------------------------ */

/* Length of the blank at the start of s that a CI runner would skip when it
 * looks for a command: any white space of Unicode; our own colours as well. */
static size_t blank_step(struct str s)
{
	uint32_t point;
	size_t step, i;

	if (s.len == 0)
		return 0;
	if (s.data[0] == ' ' || s.data[0] == '\t')
		return 1;
	if (s.data[0] == '\033') {
		for (i = 1; i < s.len && s.data[i] != 'm'; i++)
			;
		return i < s.len ? i + 1 : 0;
	}
	step = text_utf8_step(s.data, s.len);
	if (step < 2)
		return 0;
	point = text_utf8_point(s.data, step);
	if (point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) ||
	    point == 0x202F || point == 0x205F || point == 0x3000)
		return step;
	return 0;
}

/* What stands in the place of the dangerous characters at the start of s, and
 * how many bytes they are; NULL when there are none. `start`: only blanks stand
 * before them in their line. */
static const char *escape_for(struct str s, bool start, size_t *step)
{
	*step = 1;
	if (start && str_starts(s, STR("::")))
		return "\\u{3A}";
	*step = 3;
	if (str_starts(s, STR("##[")))
		return "##\\u{5B}";
	if (str_starts(s, STR("\xE2\x80\xA8")))
		return "\\u{2028}";
	if (str_starts(s, STR("\xE2\x80\xA9")))
		return "\\u{2029}";
	return NULL;
}

/* Length of what is no danger at the start of s, and whether the next byte is
 * still at the start of a line. */
static size_t guard_step(struct str s, bool *start)
{
	size_t blank = *start ? blank_step(s) : 0;

	*start = blank != 0 || s.data[0] == '\n';
	return blank != 0 ? blank : 1;
}

/*
 * The last thing done to every line, from the start of a line on: no line
 * begins with "::", none holds "##[", and none is two lines to anybody.
 * text_put_visible has dealt with what harms terminals.
 */
static void guard(struct text *t, struct buf *out, size_t from)
{
	struct str rest = { out->data + from, out->len - from };
	const char *kept = rest.data, *escape;
	bool start = true;
	size_t step;

	buf_clear(&t->scratch);
	while (rest.len != 0) {
		escape = NULL;
		if (start || rest.data[0] == '#' || rest.data[0] == '\xE2')
			escape = escape_for(rest, start, &step);
		if (escape != NULL) {
			buf_put(&t->scratch, kept, (size_t)(rest.data - kept));
			buf_puts(&t->scratch, escape);
			kept = rest.data + step;
			start = false;
		} else {
			step = guard_step(rest, &start);
		}
		rest.data += step;
		rest.len -= step;
	}
	if (kept == out->data + from)
		return;
	buf_put(&t->scratch, kept, (size_t)(rest.data - kept));
	out->len = from;
	buf_put_str(out, buf_str(&t->scratch));
}

static void put_outside(struct buf *b, struct str s)
{
	bool cut;

	s = report_cut(s, &cut);
	text_put_visible(b, s);
	if (cut)
		PUT(b, "...");
}

static void put_place(struct buf *b, const char *file, struct place place)
{
	put_outside(b, report_str(file));
	if (place.line == 0)
		return;
	buf_putc(b, ':');
	buf_put_uint(b, place.line);
	buf_putc(b, ':');
	buf_put_uint(b, place.column);
}

/* ---- words and colours --------------------------------------------------- */

static const char *severity_color(enum severity s)
{
	static const char *const colors[] = {
		[SEVERITY_INFO] = "34", [SEVERITY_LOW] = "36",        [SEVERITY_MEDIUM] = "33",
		[SEVERITY_HIGH] = "31", [SEVERITY_CRITICAL] = "1;31",
	};

	return colors[s];
}

static const char *finding_color(const struct finding *f)
{
	static const char *const colors[] = {
		[VERDICT_PASS] = "32",          [VERDICT_WAIVED] = "35",
		[VERDICT_NOT_APPLICABLE] = "2", [VERDICT_UNDECIDED] = "35",
		[VERDICT_ERROR] = "1;31",
	};

	return f->verdict == VERDICT_FAIL ? severity_color(f->severity) : colors[f->verdict];
}

static const char *finding_label(const struct finding *f)
{
	return f->verdict == VERDICT_FAIL ? severity_name(f->severity) : verdict_name(f->verdict);
}

static void color_on(const struct report *r, struct buf *b, const char *color)
{
	if (r->options.color)
		buf_printf(b, "\033[%sm", color);
}

static void color_off(const struct report *r, struct buf *b)
{
	if (r->options.color)
		PUT(b, "\033[0m");
}

static void put_blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_putc(b, ' ');
}

/* ---- wrapping ------------------------------------------------------------ */

/* Length of the next word of s, which does not begin with a blank. */
static size_t word_length(struct str s)
{
	const char *blank = s.len == 0 ? NULL : memchr(s.data, ' ', s.len);

	return blank == NULL ? s.len : (size_t)(blank - s.data);
}

static struct str skip_blanks(struct str s)
{
	while (s.len != 0 && s.data[0] == ' ') {
		s.data++;
		s.len--;
	}
	return s;
}

/* Label and text from column `indent` on; lines that follow stand under the text. */
static void put_wrapped(struct report *r, const char *label, struct str s)
{
	struct buf *out = &r->out;
	size_t indent = MESSAGE_INDENT + strlen(label), column = indent, len, width;
	struct str word;

	put_blanks(out, MESSAGE_INDENT);
	buf_puts(out, label);
	if (r->options.width < LEAST_WIDTH) {
		buf_put_str(out, s);
		buf_putc(out, '\n');
		return;
	}
	for (s = skip_blanks(s); s.len != 0; s = skip_blanks(s)) {
		len = word_length(s);
		word = (struct str){ s.data, len };
		width = text_width(word);
		if (column != indent && column + 1 + width > r->options.width) {
			buf_putc(out, '\n');
			put_blanks(out, indent);
			column = indent;
		} else if (column != indent) {
			buf_putc(out, ' ');
			column++;
		}
		buf_put_str(out, word);
		column += width;
		s.data += len;
		s.len -= len;
	}
	buf_putc(out, '\n');
}

/* A text that an author may have written over several lines, as one. */
static struct str fold(struct text *t, struct str s)
{
	size_t i;
	bool blank = false;

	buf_clear(&t->shown);
	for (i = 0; i < s.len; i++) {
		if (s.data[i] == ' ' || s.data[i] == '\n' || s.data[i] == '\t' ||
		    s.data[i] == '\r') {
			blank = t->shown.len != 0;
			continue;
		}
		if (blank)
			buf_putc(&t->shown, ' ');
		blank = false;
		buf_putc(&t->shown, s.data[i]);
	}
	return buf_str(&t->shown);
}

static void put_text(struct report *r, const char *label, struct str s)
{
	struct text *t = r->state;

	if (s.len == 0)
		return;
	buf_clear(&t->line);
	put_outside(&t->line, s);
	put_wrapped(r, label, buf_str(&t->line));
}

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

/* Field, actual and expected value, each where the message does not say it. */
static void put_evidence(struct report *r, const struct finding *f)
{
	struct text *t = r->state;

	if (!stands_in(f->message, f->field))
		put_text(r, "field:    ", f->field);
	if (f->actual != NULL) {
		buf_clear(&t->shown);
		value_show(&t->shown, f->actual, LIMIT_SHOWN_VALUE);
		if (!stands_in(f->message, buf_str(&t->shown)))
			put_wrapped(r, "actual:   ", buf_str(&t->shown));
	}
	if (!stands_in(f->message, f->expected))
		put_text(r, "expected: ", f->expected);
}

static void put_waived(struct report *r, const struct finding *f)
{
	struct text *t = r->state;
	const struct waiver *w = f->waiver;

	if (w == NULL) {
		put_text(r, "waived: ", f->reason);
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
	put_text(r, "", buf_str(&t->shown));
}

static void put_reason(struct report *r, const struct finding *f)
{
	switch (f->verdict) {
	case VERDICT_WAIVED:
		put_waived(r, f);
		break;
	case VERDICT_ERROR:
		put_text(r, "error: ", f->reason);
		break;
	case VERDICT_FAIL:
		put_text(r, "not waived: ", f->reason);
		break;
	default:
		put_text(r, "", f->reason);
		break;
	}
}

static void put_finding(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct buf *out = &r->out;
	const char *label = finding_label(f);
	bool plain = f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE;

	PUT(out, "  ");
	color_on(r, out, finding_color(f));
	buf_puts(out, label);
	color_off(r, out);
	put_blanks(out, LABEL_WIDTH + 2 > strlen(label) ? LABEL_WIDTH + 2 - strlen(label) : 2);
	put_outside(out, f->rule->id);
	if (f->verdict != VERDICT_FAIL && !plain)
		buf_printf(out, " (%s)", severity_name(f->severity));
	if (!plain) {
		PUT(out, "  ");
		put_place(out, j->subject.file, f->place.line != 0 ? f->place : j->subject.place);
	}
	buf_putc(out, '\n');
	if (!plain) {
		put_text(r, "", f->message);
		put_evidence(r, f);
	}
	put_reason(r, f);
	if (f->verdict == VERDICT_FAIL)
		put_text(r, "fix: ", fold(r->state, f->rule->remediation));
}

static void put_heading(struct report *r, const struct judgement *j)
{
	const struct subject *s = &j->subject;
	struct text *t = r->state;
	struct buf *out = &r->out;

	if (t->some)
		buf_putc(out, '\n');
	t->some = true;
	color_on(r, out, "1");
	put_outside(out, s->name.len != 0 ? s->name : s->id);
	color_off(r, out);
	if (s->name.len != 0) {
		PUT(out, "  ");
		put_outside(out, s->id);
	}
	if (s->arn.len != 0 && s->file != NULL) {
		PUT(out, "  ");
		put_place(out, s->file, s->place);
	}
	if (j->is_group)
		PUT(out, "  (group rules)");
	buf_putc(out, '\n');
}

/* Whether a finding before i says why in the same words, so that it tells of i too. */
static bool told_before(const struct report *r, const struct judgement *j, size_t i)
{
	const struct finding *f = &j->findings[i];

	while (i-- > 0)
		if (j->findings[i].verdict == VERDICT_UNDECIDED &&
		    report_shows(r, &j->findings[i]) && str_equal(j->findings[i].reason, f->reason))
			return true;
	return false;
}

/* Undecided for one reason: the rules in one line, the reason under them. What
 * a list's output lacks would fill a screen otherwise. */
static void put_undecided(struct report *r, const struct judgement *j, size_t first)
{
	const struct finding *f = &j->findings[first];
	struct buf *out = &r->out;
	size_t i;

	PUT(out, "  ");
	color_on(r, out, finding_color(f));
	PUT(out, "undecided");
	color_off(r, out);
	PUT(out, "  ");
	for (i = first; i < j->n_findings; i++) {
		if (j->findings[i].verdict != VERDICT_UNDECIDED ||
		    !report_shows(r, &j->findings[i]) ||
		    !str_equal(j->findings[i].reason, f->reason))
			continue;
		if (i != first)
			PUT(out, ", ");
		put_outside(out, j->findings[i].rule->id);
		buf_printf(out, " (%s)", severity_name(j->findings[i].severity));
	}
	PUT(out, "  ");
	put_place(out, j->subject.file, f->place.line != 0 ? f->place : j->subject.place);
	buf_putc(out, '\n');
	put_text(r, "", f->reason.len != 0 ? f->reason : f->message);
}

/* file:line:col: severity: rule: message */
static void put_quiet(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct buf *out = &r->out;

	if (f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE)
		return;
	put_place(out, j->subject.file, f->place.line != 0 ? f->place : j->subject.place);
	PUT(out, ": ");
	color_on(r, out, finding_color(f));
	buf_puts(out, finding_label(f));
	color_off(r, out);
	PUT(out, ": ");
	put_outside(out, f->rule->id);
	PUT(out, ": ");
	if (f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WAIVED || f->reason.len == 0)
		put_outside(out, f->message);
	if (f->verdict == VERDICT_WAIVED && f->reason.len != 0)
		PUT(out, ": ");
	if (f->verdict != VERDICT_FAIL)
		put_outside(out, f->reason);
	buf_putc(out, '\n');
}

static void text_judgement(struct report *r, const struct judgement *j)
{
	bool heading = false;
	size_t i, from;

	for (i = 0; i < j->n_findings; i++) {
		if (!report_shows(r, &j->findings[i]) ||
		    (j->findings[i].baselined && !r->options.all))
			continue; /* what the baseline accepts is counted, not listed again */
		from = r->out.len;
		if (r->options.quiet) {
			put_quiet(r, j, &j->findings[i]);
		} else {
			if (!heading)
				put_heading(r, j);
			heading = true;
			if (j->findings[i].verdict != VERDICT_UNDECIDED)
				put_finding(r, j, &j->findings[i]);
			else if (!told_before(r, j, i))
				put_undecided(r, j, i);
		}
		guard(r->state, &r->out, from);
		report_spill(r);
	}
}

/* ---- head and end -------------------------------------------------------- */

static bool text_wants_all(const struct report_options *options)
{
	return options->all && !options->quiet;
}

static void text_begin(struct report *r)
{
	struct text *t = mem_alloc(sizeof(*t));

	*t = (struct text){ .some = false };
	r->state = t;
}

static void text_problem(struct report *r, const struct problem *p)
{
	struct text *t = r->state;
	struct buf *out = &t->problems;

	if (!r->options.quiet)
		PUT(out, "  ");
	put_place(out, p->file, (struct place){ p->line, p->column });
	PUT(out, ": ");
	color_on(r, out, "1;31");
	buf_puts(out, problem_kind_name(p->kind));
	color_off(r, out);
	PUT(out, ": ");
	put_outside(out, report_str(p->text));
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
	PUT(&r->out, "  ");
	put_outside(&r->out, note);
	buf_putc(&r->out, '\n');
}

/* Rules that applied to nothing, for who asked for everything. */
static void put_idle_rules(struct report *r, const struct summary *s, bool *some)
{
	const struct policy *policy = r->run->policy;
	const struct tally *t = s->tally;
	struct text *text = r->state;
	size_t i;

	if (!r->options.all || t->rules == NULL || t->resources == 0)
		return;
	for (i = 0; i < policy->n_rules; i++) {
		if (!policy_rule_judged(policy, &policy->rules[i]) ||
		    t->rules[i][VERDICT_NOT_APPLICABLE] != t->resources)
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
	if (report_nothing_applied(s))
		put_note(r, &some,
			 STR("NO RULE APPLIED TO ANYTHING: no configuration meets the `when` of "
			     "any rule, so nothing was checked"));
	else
		put_idle_rules(r, s, &some);
}

static void put_documents(struct buf *out, const struct summary *s)
{
	report_put_count(out, s->files, "document read", "documents read");
	if (s->other_documents != 0)
		buf_printf(out, ", %llu of them without a recording configuration",
			   (unsigned long long)s->other_documents);
	buf_putc(out, '\n');
}

static void put_summary(struct report *r, const struct summary *s)
{
	struct text *t = r->state;
	struct buf *out = &r->out;

	if (t->some)
		buf_putc(out, '\n');
	if (s->empty)
		PUT(out, "No recording configuration was found: NOTHING WAS AUDITED.\n");
	report_put_matrix(out, r->run, s);
	buf_putc(out, '\n');
	put_documents(out, s);
}

static void text_end(struct report *r, const struct summary *s)
{
	struct text *t = r->state;
	struct buf *out = &r->out;
	size_t from = out->len;

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
	if (!r->options.quiet || !s->complete || s->empty) {
		color_on(r, out, s->status == 0 ? "32" : "1;31");
		report_put_outcome(out, r->run, s);
		color_off(r, out);
		buf_putc(out, '\n');
	}
	if (out->len != from)
		guard(t, out, from);
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
	free(t);
}

const struct report_format report_text = {
	.name = "text",
	.text = "for people: grouped by resource, with what to do about each finding",
	.wants_all = text_wants_all,
	.begin = text_begin,
	.judgement = text_judgement,
	.problem = text_problem,
	.end = text_end,
	.free = text_free,
};
