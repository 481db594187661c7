/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit XML as both Jenkins' and Ant's schema accept it: a suite a resource, a
 * case a rule, and a last suite for the audit itself, so that there is always a
 * case. Suites carry counts of their own, so the document is streamed. Does
 * not measure time: it is 0, and the same input gives the same bytes.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/limit.h"
#include "base/text.h"
#include "report/finding_part.h"
#include "report/report_part.h"

/* What every case of a rule repeats, escaped. */
struct case_rule {
	struct str head; /* <testcase classname="..." name="RULE: */
};

struct junit {
	struct arena arena;
	struct case_rule *rules; /* by index in the policy */
	struct str timestamp;
	struct buf visible;  /* a text without controls, before it is escaped */
	struct buf shown;    /* a value or a sentence */
	struct buf id;       /* of the suite, escaped */
	struct buf problems; /* cases of the last suite */
	/* Names of suites that may have been there: some bits for each, of bounded memory.
	 * That one is taken for another costs it no more than a longer name. */
	uint64_t *seen;
	uint64_t n_problems, n_allowed;
	uint64_t n_suites;
};

struct counts {
	uint64_t tests, failures, errors, skipped;
};

/* ---- escaping ------------------------------------------------------------ */

/* What stands for the character at p, of *step bytes, or NULL for itself.
 * Controls are gone; these are XML's own, what XML 1.0 forbids, and what
 * readers of reports and CI logs take for commands. */
static const char *xml_escape(const char *p, size_t size, size_t *step)
{
	struct str s = { p, size };

	*step = 1;
	switch (*p) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	case '#':
		return str_starts(s, STR("##[")) ? "&#35;" : NULL;
	case '[':
		return str_starts(s, STR("[[ATTACHMENT|")) ? "[ " : NULL;
	default:
		break;
	}
	if ((unsigned char)*p < 0x20 || *p == 0x7F)
		return "\xEF\xBF\xBD";
	if ((unsigned char)*p < 0x80)
		return NULL;
	*step = text_utf8_step(p, size);
	if (*step == 0) {
		*step = 1;
		return "\xEF\xBF\xBD";
	}
	switch (text_utf8_point(p, *step)) {
	case 0x2028:
		return "\\u{2028}";
	case 0x2029:
		return "\\u{2029}";
	case 0xFFFE:
		return "\\u{FFFE}";
	case 0xFFFF:
		return "\\u{FFFF}";
	default:
		return NULL;
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'' &&
	       c != '#' && c != '[';
}

static void put_xml(struct buf *out, struct str s)
{
	const char *escape;
	size_t i = 0, kept = 0, step;

	while (i < s.len) {
		if (is_plain((unsigned char)s.data[i])) {
			i++;
			continue;
		}
		escape = xml_escape(s.data + i, s.len - i, &step);
		if (escape != NULL) {
			buf_put(out, s.data + kept, i - kept);
			buf_puts(out, escape);
			kept = i + step;
		}
		i += step;
	}
	buf_put(out, s.data + kept, s.len - kept);
}

/* For attributes and content alike: controls, line ends too, become visible. */
static void put_outside(struct junit *junit, struct buf *out, struct str s)
{
	bool cut;

	s = report_cut(s, &cut);
	buf_clear(&junit->visible);
	text_put_visible(&junit->visible, s);
	if (cut)
		PUT(&junit->visible, "...");
	put_xml(out, buf_str(&junit->visible));
}

/* A name must not be empty or blank for the schemas. */
static void put_name(struct junit *junit, struct buf *out, struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.data[i] != ' ')
			break;
	put_outside(junit, out, i == s.len ? STR("(without a name)") : s);
}

/* ---- suites -------------------------------------------------------------- */

/* name: escaped. */
static void put_suite(struct report *r, struct str name, const struct counts *c)
{
	struct junit *junit = r->state;
	struct buf *out = &r->out;

	PUT(out, "<testsuite name=\"");
	buf_put_str(out, name);
	PUT(out, "\" package=\"ivslint\" id=\"");
	buf_put_uint(out, junit->n_suites++);
	PUT(out, "\" timestamp=\"");
	buf_put_str(out, junit->timestamp);
	PUT(out, "\" hostname=\"localhost\" tests=\"");
	buf_put_uint(out, c->tests);
	PUT(out, "\" failures=\"");
	buf_put_uint(out, c->failures);
	PUT(out, "\" errors=\"");
	buf_put_uint(out, c->errors);
	PUT(out, "\" skipped=\"");
	buf_put_uint(out, c->skipped);
	PUT(out, "\" time=\"0\">\n<properties/>\n");
}

static void put_suite_end(struct buf *out)
{
	PUT(out, "<system-out></system-out>\n<system-err></system-err>\n</testsuite>\n");
}

/* ---- cases --------------------------------------------------------------- */

/* One line of the body. Ours stands first in it, so it is no command. */
static void put_line(struct junit *junit, struct buf *out, const char *label, struct str s)
{
	if (s.len == 0)
		return;
	buf_putc(out, '\n');
	buf_puts(out, label);
	put_outside(junit, out, s);
}

static void put_place(struct junit *junit, struct buf *out, const char *file, struct place place)
{
	put_outside(junit, out, report_str(file));
	if (place.line == 0)
		return;
	buf_putc(out, ':');
	buf_put_uint(out, place.line);
	buf_putc(out, ':');
	buf_put_uint(out, place.column);
}

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
	put_place(junit, out, j->subject.file, f->place.line != 0 ? f->place : j->subject.place);
	put_line(junit, out, "field: ", f->field);
	if (f->actual != NULL) {
		buf_clear(&junit->shown);
		finding_show(&junit->shown, f);
		put_line(junit, out, "actual: ", buf_str(&junit->shown));
	}
	put_line(junit, out, "expected: ", f->expected);
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
	buf_puts(out, fails ? severity_name(f->severity) : "error");
	PUT(out, "\" message=\"");
	put_outside(junit, out, message_of(f));
	PUT(out, "\">");
	put_outside(junit, out, message_of(f));
	put_evidence(junit, out, j, f);
	if (f->reason.data != message_of(f).data)
		put_line(junit, out, fails ? "not waived: " : "error: ", f->reason);
	if (fails)
		put_line(junit, out, "fix: ", fold(junit, f->rule->remediation));
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
	put_outside(junit, out, buf_str(b));
	PUT(out, "\"");
	if (f->verdict == VERDICT_NOT_APPLICABLE) {
		PUT(out, "/>");
		return;
	}
	PUT(out, ">");
	put_outside(junit, out, buf_str(b));
	put_line(junit, out, "message: ", f->message);
	put_evidence(junit, out, j, f);
	PUT(out, "</skipped>");
}

/* The attribute of GitLab, which wants a path inside the repository. */
static void put_file(struct report *r, struct buf *out, const char *file)
{
	struct str path = report_str(file);

	while (str_starts(path, STR("./"))) {
		path.data += 2;
		path.len -= 2;
	}
	if (!r->options.junit_gitlab || path.len == 0 || path.data[0] == '/' ||
	    path.data[0] == '<' || str_is(path, "-"))
		return;
	PUT(out, " file=\"");
	put_outside(r->state, out, path);
	PUT(out, "\"");
}

static void put_case(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct junit *junit = r->state;
	struct buf *out = &r->out;

	buf_put_str(out, junit->rules[f->rule->index].head);
	buf_put_str(out, buf_str(&junit->id));
	PUT(out, "\" time=\"0\"");
	put_file(r, out, j->subject.file);
	if (f->verdict == VERDICT_PASS) {
		PUT(out, "/>\n");
		return;
	}
	PUT(out, ">");
	if (f->verdict == VERDICT_FAIL || f->verdict == VERDICT_ERROR)
		put_bad(junit, out, j, f);
	else
		put_skipped(junit, out, j, f);
	PUT(out, "</testcase>\n");
}

#define SEEN_BITS  ((uint64_t)1 << 22)
#define SEEN_TIMES 4  /* bits of a name */
#define TRIES_MOST 64 /* numbers that are tried for a name */

/* Whether the name may have been there before; from now on it has. */
static bool was_seen(struct junit *junit, struct str name)
{
	uint64_t hash = UINT64_C(14695981039346656037), step, bit;
	bool seen = true;
	size_t i;

	for (i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.data[i]) * UINT64_C(1099511628211);
	hash ^= hash >> 29;
	step = hash >> 32 | 1;
	for (i = 0; i < SEEN_TIMES; i++) {
		bit = (hash + i * step) % SEEN_BITS;
		seen &= junit->seen[bit / 64] >> bit % 64 & 1;
		junit->seen[bit / 64] |= (uint64_t)1 << bit % 64;
	}
	return seen;
}

/*
 * CI servers know a suite and a case by their names, and of two that have the
 * same they lose one. The same configuration in another file has that behind its
 * name, and a number where that is not enough.
 */
static void make_unique(struct junit *junit, const char *file)
{
	struct buf *id = &junit->id;
	uint64_t n;
	size_t len;

	if (!was_seen(junit, buf_str(id)))
		return;
	PUT(id, " (");
	put_outside(junit, id, report_str(file));
	PUT(id, ")");
	len = id->len;
	for (n = 2; was_seen(junit, buf_str(id)); n++) {
		id->len = len;
		PUT(id, " (");
		buf_put_uint(id, n <= TRIES_MOST ? n : TRIES_MOST + junit->n_suites);
		PUT(id, ")");
		if (n > TRIES_MOST)
			return;
	}
}

static void junit_judgement(struct report *r, const struct judgement *j)
{
	struct junit *junit = r->state;
	struct counts c = { .tests = j->n_findings };
	size_t i;

	for (i = 0; i < j->n_findings; i++) {
		c.failures += j->findings[i].verdict == VERDICT_FAIL;
		c.errors += j->findings[i].verdict == VERDICT_ERROR;
		c.skipped += j->findings[i].verdict == VERDICT_WAIVED ||
			     j->findings[i].verdict == VERDICT_NOT_APPLICABLE ||
			     j->findings[i].verdict == VERDICT_UNDECIDED;
	}
	buf_clear(&junit->id);
	put_name(junit, &junit->id, j->subject.id);
	if (j->is_group)
		PUT(&junit->id, " (group rules)");
	make_unique(junit, j->subject.file);
	put_suite(r, buf_str(&junit->id), &c);
	for (i = 0; i < j->n_findings; i++) {
		put_case(r, j, &j->findings[i]);
		report_spill(r);
	}
	put_suite_end(&r->out);
}

/* ---- the audit itself ---------------------------------------------------- */

static void junit_problem(struct report *r, const struct problem *p)
{
	struct junit *junit = r->state;
	struct buf *out = &junit->problems;

	junit->n_problems++;
	junit->n_allowed += !problem_counts(p->kind);
	PUT(out, "<testcase classname=\"ivslint-inventory\" name=\"");
	buf_puts(out, problem_kind_name(p->kind));
	PUT(out, ": ");
	put_place(junit, out, p->file, (struct place){ p->line, p->column });
	/* Names of cases must be unique, and a file may be refused twice in a line. */
	PUT(out, " (problem ");
	buf_put_uint(out, junit->n_problems);
	PUT(out, ")\" time=\"0\"");
	put_file(r, out, p->file);
	if (!problem_counts(p->kind)) {
		PUT(out, "><skipped message=\"");
		put_outside(junit, out, report_str(p->text));
		PUT(out, "\"/></testcase>\n");
		return;
	}
	PUT(out, "><error type=\"");
	buf_puts(out, problem_kind_name(p->kind));
	PUT(out, "\" message=\"");
	put_outside(junit, out, report_str(p->text));
	PUT(out, "\">");
	put_outside(junit, out, report_str(p->text));
	PUT(out, "\nplace: ");
	put_place(junit, out, p->file, (struct place){ p->line, p->column });
	PUT(out, "</error></testcase>\n");
}

/* The case that is always there: whether the audit is whole. */
static void put_audit(struct report *r, const struct summary *s, struct str outcome)
{
	struct junit *junit = r->state;
	struct buf *out = &r->out;

	PUT(out, "<testcase classname=\"ivslint-inventory\" name=\"audit\" time=\"0\"");
	if (s->complete) {
		PUT(out, "/>\n");
		return;
	}
	PUT(out, "><error type=\"incomplete\" message=\"");
	put_outside(junit, out, outcome);
	PUT(out, "\">");
	put_outside(junit, out, outcome);
	PUT(out, "</error></testcase>\n");
}

static void put_notes(struct report *r, const struct summary *s)
{
	struct junit *junit = r->state;
	const struct policy *policy = r->run->policy;
	size_t i;

	for (i = 0; i < policy->n_waivers; i++) {
		buf_clear(&junit->shown);
		if (report_put_waiver_note(&junit->shown, r->run, s, &policy->waivers[i]))
			put_line(junit, &r->out, "note: ", buf_str(&junit->shown));
	}
	for (i = 0; buf_clear(&junit->shown), report_put_note(&junit->shown, s, i); i++)
		put_line(junit, &r->out, "note: ", buf_str(&junit->shown));
	if (report_nothing_applied(s))
		put_line(junit, &r->out, "note: ", STR("no rule applied to anything"));
}

static void junit_end(struct report *r, const struct summary *s)
{
	struct junit *junit = r->state;
	struct counts c = { .tests = junit->n_problems + 1 };
	struct buf *out = &r->out;
	struct buf outcome = BUF_INIT(0);

	report_put_outcome(&outcome, r->run, s);
	c.skipped = junit->n_allowed;
	c.errors = junit->n_problems - junit->n_allowed + !s->complete;
	put_suite(r, STR("ivslint.inventory"), &c);
	put_audit(r, s, buf_str(&outcome));
	buf_put_str(out, buf_str(&junit->problems));
	PUT(out, "<system-out>");
	buf_clear(&junit->shown);
	report_put_matrix(&junit->shown, r->run, s);
	put_outside(junit, out, buf_str(&junit->shown));
	put_line(junit, out, "", buf_str(&outcome));
	put_notes(r, s);
	PUT(out, "</system-out>\n<system-err></system-err>\n</testsuite>\n</testsuites>\n");
	buf_release(&outcome);
}

/* ---- head ---------------------------------------------------------------- */

static bool junit_wants_all(const struct report_options *options)
{
	(void)options;
	return true;
}

/* A class without dots: readers split the name at the last one. */
static void put_class(struct junit *junit, struct buf *b, struct str category)
{
	size_t i;

	buf_clear(&junit->shown);
	for (i = 0; i < category.len; i++)
		buf_putc(&junit->shown, category.data[i] == '.' ? '-' : category.data[i]);
	if (category.len == 0)
		PUT(&junit->shown, "uncategorized");
	put_name(junit, b, buf_str(&junit->shown));
}

static void prepare_rule(struct junit *junit, struct buf *b, const struct rule *rule)
{
	buf_clear(b);
	PUT(b, "<testcase classname=\"");
	put_class(junit, b, rule->category);
	PUT(b, "\" name=\"");
	put_outside(junit, b, rule->id);
	PUT(b, ": ");
	junit->rules[rule->index].head = arena_buf(&junit->arena, b);
}

static void junit_begin(struct report *r)
{
	const struct policy *policy = r->run->policy;
	struct junit *junit = mem_alloc(sizeof(*junit));
	struct buf b = BUF_INIT(0);
	size_t i;

	*junit = (struct junit){ .arena = ARENA_INIT };
	r->state = junit;
	junit->rules = ARENA_ARRAY(&junit->arena, policy->n_rules + 1, struct case_rule);
	junit->seen = ARENA_ARRAY(&junit->arena, SEEN_BITS / 64, uint64_t);
	for (i = 0; i < policy->n_rules; i++)
		prepare_rule(junit, &b, &policy->rules[i]);
	buf_clear(&b);
	text_time_put(&b, r->run->started);
	junit->timestamp = arena_buf(&junit->arena, &b);
	buf_release(&b);
	PUT(&r->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

static void junit_free(struct report *r)
{
	struct junit *junit = r->state;

	if (junit == NULL)
		return;
	arena_release(&junit->arena);
	buf_release(&junit->visible);
	buf_release(&junit->shown);
	buf_release(&junit->id);
	buf_release(&junit->problems);
	free(junit);
}

const struct report_format report_junit = {
	.name = "junit",
	.text = "JUnit XML for CI servers: a suite a resource, a case a rule",
	.wants_all = junit_wants_all,
	.begin = junit_begin,
	.judgement = junit_judgement,
	.problem = junit_problem,
	.end = junit_end,
	.free = junit_free,
};
