/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit XML as both Jenkins' and Ant's schema accept it: a suite a resource, a
 * case a rule, and a last suite for the audit itself, so that there is always a
 * case. Suites carry counts of their own, so the document is streamed. Does
 * not measure time: it is 0, and the same input gives the same bytes.
 */
#include <stdlib.h>

#include "base/text.h"
#include "report/junit_inside.h"
#include "report/report_part.h"

struct counts {
	uint64_t tests, failures, errors, skipped;
};

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

#define TRIES_MOST 64 /* numbers that are tried for a name */

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

	if (!seen_before(&junit->seen, buf_str(id)))
		return;
	PUT(id, " (");
	junit_put(junit, id, report_str(file));
	PUT(id, ")");
	len = id->len;
	for (n = 2; seen_before(&junit->seen, buf_str(id)); n++) {
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
	enum outcome outcome;
	size_t i;

	for (i = 0; i < j->n_findings; i++) {
		outcome = junit_outcome(r->run, &j->findings[i]);
		c.failures += outcome == OUTCOME_FAILURE;
		c.errors += outcome == OUTCOME_ERROR;
		c.skipped += outcome == OUTCOME_SKIPPED;
	}
	buf_clear(&junit->id);
	junit_put_name(junit, &junit->id, j->subject.id);
	if (j->is_group)
		PUT(&junit->id, " (group rules)");
	make_unique(junit, j->subject.file);
	put_suite(r, buf_str(&junit->id), &c);
	for (i = 0; i < j->n_findings; i++) {
		junit_put_case(r, j, &j->findings[i]);
		report_spill(r);
	}
	put_suite_end(&r->out);
}

/* ---- the audit itself ---------------------------------------------------- */

static void junit_problem(struct report *r, const struct problem *p)
{
	struct junit *junit = r->state;
	struct buf *out = &junit->problems;
	struct report_place place;

	junit->n_problems++;
	junit->n_allowed += !problem_counts(p->kind);
	PUT(out, "<testcase classname=\"ivslint-inventory\" name=\"");
	buf_puts(out, problem_kind_name(p->kind));
	PUT(out, ": ");
	junit_put_place(junit, out, p->file, (struct place){ p->line, p->column });
	/* Names of cases must be unique, and a file may be refused twice in a line. */
	PUT(out, " (problem ");
	buf_put_uint(out, junit->n_problems);
	PUT(out, ")\" time=\"0\"");
	if (junit->places != NULL) {
		place = report_place_of_problem(junit->places, p);
		junit_put_file(junit, out, &place);
	}
	if (!problem_counts(p->kind)) {
		PUT(out, "><skipped message=\"");
		junit_put(junit, out, report_str(p->text));
		PUT(out, "\"/></testcase>\n");
		return;
	}
	PUT(out, "><error type=\"");
	buf_puts(out, problem_kind_name(p->kind));
	PUT(out, "\" message=\"");
	junit_put(junit, out, report_str(p->text));
	PUT(out, "\">");
	junit_put(junit, out, report_str(p->text));
	PUT(out, "\nplace: ");
	junit_put_place(junit, out, p->file, (struct place){ p->line, p->column });
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
	junit_put(junit, out, outcome);
	PUT(out, "\">");
	junit_put(junit, out, outcome);
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
			junit_put_line(junit, &r->out, "note: ", buf_str(&junit->shown));
	}
	for (i = 0; buf_clear(&junit->shown), report_put_note(&junit->shown, s, i); i++)
		junit_put_line(junit, &r->out, "note: ", buf_str(&junit->shown));
	if (report_nothing_applied(s))
		junit_put_line(junit, &r->out, "note: ", STR("no rule applied to anything"));
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
	junit_put(junit, out, buf_str(&junit->shown));
	junit_put_line(junit, out, "", buf_str(&outcome));
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
	junit_put_name(junit, b, buf_str(&junit->shown));
}

static void prepare_rule(struct junit *junit, struct buf *b, const struct rule *rule)
{
	buf_clear(b);
	PUT(b, "<testcase classname=\"");
	put_class(junit, b, rule->category);
	PUT(b, "\" name=\"");
	junit_put(junit, b, rule->id);
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
	if (r->options.junit_gitlab)
		junit->places = report_places_new(r->run);
	r->state = junit;
	junit->rules = ARENA_ARRAY(&junit->arena, policy->n_rules + 1, struct case_rule);
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
	report_places_free(junit->places);
	seen_release(&junit->seen);
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
