/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The charts of the HTML page: rows of a table, each with a bar in SVG and the
 * numbers that the bar draws, so that a chart is its own alternative text. Its
 * sums are those of the whole audit, whatever the page lists.
 */
#include <stdlib.h>

#include "base/limit.h"
#include "report/finding_part.h"
#include "report/html_inside.h"
#include "report/report_part.h"
#include "report/report_place.h"

#define TOP       10   /* rows of a chart; the rest is folded, or in another table */
#define BAR_WIDTH 1000 /* units of the drawing, not of the page */
#define LEAST     4    /* units: what is there is seen */

/* ---- bars -------------------------------------------------------------------- */

void html_put_bar(struct buf *out, const struct html_part *parts, size_t n, uint64_t whole)
{
	uint64_t x = 0, before = 0, end;
	size_t i;

	PUT(out, "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
		 "aria-hidden=\"true\" focusable=\"false\">");
	for (i = 0; i < n; i++) {
		if (parts[i].n == 0 || whole == 0)
			continue;
		/* Numbers are far from 2^64 / 1000. */
		before += parts[i].n;
		end = before * BAR_WIDTH / whole;
		if (end < x + LEAST)
			end = x + LEAST;
		buf_printf(out, "<rect class=\"%s\" x=\"%u\" width=\"%u\" height=\"10\"/>",
			   parts[i].class, (unsigned)x, (unsigned)(end - x));
		x = end;
	}
	PUT(out, "</svg>");
}

void html_put_verdicts_bar(struct buf *out, const uint64_t counts[N_VERDICTS], bool all,
			   uint64_t whole)
{
	const struct html_part parts[] = {
		{ "v-fail", counts[VERDICT_FAIL] },
		{ "v-error", counts[VERDICT_ERROR] },
		{ "v-undecided", counts[VERDICT_UNDECIDED] },
		{ "v-waived", counts[VERDICT_WAIVED] },
		{ "v-pass", all ? counts[VERDICT_PASS] : 0 },
		{ "v-na", all ? counts[VERDICT_NOT_APPLICABLE] : 0 },
	};

	html_put_bar(out, parts, sizeof(parts) / sizeof(parts[0]), whole);
}

/* ---- rows -------------------------------------------------------------------- */

/* What a chart counts: the verdicts that are findings or their like. */
static const enum verdict columns[] = { VERDICT_FAIL, VERDICT_ERROR, VERDICT_UNDECIDED,
					VERDICT_WAIVED };
#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static uint64_t counted(const uint64_t counts[N_VERDICTS])
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < N_COLUMNS; i++)
		n += counts[columns[i]];
	return n;
}

/* The more fails the further to the front; then by what is not known, then by
 * what is waived. */
static int compare_counts(const uint64_t a[N_VERDICTS], const uint64_t b[N_VERDICTS])
{
	size_t i;

	for (i = 0; i < N_COLUMNS; i++)
		if (a[columns[i]] != b[columns[i]])
			return a[columns[i]] > b[columns[i]] ? -1 : 1;
	return 0;
}

static void put_chart_head(struct buf *out, const char *id, const char *title)
{
	buf_printf(out,
		   "<section class=\"chart\" aria-labelledby=\"%s\">\n"
		   "<h3 id=\"%s\">%s</h3>\n",
		   id, id, title);
}

/* A column of zeros tells nothing: only fails always have one. `sums` are those
 * of all rows. */
static bool has_column(const uint64_t sums[N_VERDICTS], size_t column)
{
	return column == 0 || sums[columns[column]] != 0;
}

static void add_counts(uint64_t sums[N_VERDICTS], const uint64_t counts[N_VERDICTS])
{
	int v;

	for (v = 0; v < N_VERDICTS; v++)
		sums[v] += counts[v];
}

static void put_table_head(struct buf *out, const char *id, const char *what,
			   const uint64_t sums[N_VERDICTS])
{
	static const char *const classes[] = { "v-fail", "v-error", "v-undecided", "v-waived" };
	size_t i;

	buf_printf(out, "<table aria-labelledby=\"%s\">\n<thead><tr><th scope=\"col\">%s</th>", id,
		   what);
	for (i = 0; i < N_COLUMNS; i++)
		if (has_column(sums, i))
			buf_printf(
			    out,
			    "<th scope=\"col\" class=\"n\"><span class=\"mark %s\"></span>%s</th>",
			    classes[i], verdict_name(columns[i]));
	PUT(out, "</tr></thead>\n<tbody>\n");
}

/* The head of a row is its name, and the bar beside it, or below it where the
 * page is narrow. */
#define ROW_START "<tr><th scope=\"row\"><div class=\"drawn\"><span>"
#define ROW_NAMED "</span>"
#define ROW_DRAWN "</div></th>"

/* Behind the name. */
static void put_counts(struct buf *out, const uint64_t counts[N_VERDICTS],
		       const uint64_t sums[N_VERDICTS], uint64_t whole)
{
	size_t i;

	PUT(out, ROW_NAMED);
	html_put_verdicts_bar(out, counts, false, whole);
	PUT(out, ROW_DRAWN);
	for (i = 0; i < N_COLUMNS; i++) {
		if (!has_column(sums, i))
			continue;
		buf_puts(out,
			 counts[columns[i]] == 0 ? "<td class=\"n zero\">" : "<td class=\"n\">");
		html_put_number(out, counts[columns[i]]);
		PUT(out, "</td>");
	}
	PUT(out, "</tr>\n");
}

static void put_nothing(struct buf *out)
{
	PUT(out, "<p class=\"quiet\">Nothing to show: no finding.</p>\n");
}

/* ---- by severity ----------------------------------------------------------------- */

static void put_severities(struct buf *out, const struct tally *t)
{
	static const char *const classes[N_SEVERITIES] = { "s-info", "s-low", "s-medium", "s-high",
							   "s-critical" };
	struct html_part part;
	uint64_t most = 0;
	int i;

	for (i = 0; i < N_SEVERITIES; i++)
		if (t->fails[i] > most)
			most = t->fails[i];
	put_chart_head(out, "by-severity", "Failed, by severity");
	PUT(out,
	    "<table aria-labelledby=\"by-severity\">\n<thead><tr><th scope=\"col\">Severity</th>"
	    "<th scope=\"col\" class=\"n\">fail</th></tr></thead>\n<tbody>\n");
	for (i = N_SEVERITIES - 1; i >= 0; i--) {
		part = (struct html_part){ classes[i], t->fails[i] };
		buf_printf(out,
			   ROW_START "<a href=\"#verdict=fail&amp;severity=%s\">%s</a>" ROW_NAMED,
			   severity_name((enum severity)i), severity_name((enum severity)i));
		html_put_bar(out, &part, 1, most);
		buf_puts(out, t->fails[i] == 0 ? ROW_DRAWN "<td class=\"n zero\">"
					       : ROW_DRAWN "<td class=\"n\">");
		html_put_number(out, t->fails[i]);
		PUT(out, "</td></tr>\n");
	}
	PUT(out, "</tbody></table>\n</section>\n");
}

/* ---- by rule ------------------------------------------------------------------- */

struct rule_row {
	const struct rule *rule;
	const uint64_t *counts;
};

static int compare_rules(const void *a, const void *b)
{
	const struct rule_row *one = a, *two = b;
	int order = compare_counts(one->counts, two->counts);

	return order != 0 ? order : one->rule->index < two->rule->index ? -1 : 1;
}

static void put_rule_rows(struct html *h, struct buf *out, const struct rule_row *rows, size_t n)
{
	uint64_t most = 0, sums[N_VERDICTS] = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		add_counts(sums, rows[i].counts);
		if (counted(rows[i].counts) > most)
			most = counted(rows[i].counts);
	}
	put_table_head(out, "by-rule", "Rule", sums);
	for (i = 0; i < n; i++) {
		PUT(out, ROW_START "<a class=\"mono\" href=\"#rule=");
		buf_clear(&h->item);
		buf_put_str(&h->item, finding_visible(&h->visible, rows[i].rule->id));
		report_put_uri(out, buf_str(&h->item));
		PUT(out, "\">");
		html_put(h, out, rows[i].rule->id);
		PUT(out, "</a>");
		put_counts(out, rows[i].counts, sums, most);
	}
	PUT(out, "</tbody></table>\n");
}

static void put_by_rule(struct html *h, struct buf *out, const struct run *run,
			const struct tally *t)
{
	const struct policy *policy = run->policy;
	struct rule_row *rows = mem_alloc((policy->n_rules + 1) * sizeof(*rows));
	size_t i, n = 0;

	for (i = 0; t->rules != NULL && i < policy->n_rules; i++)
		if (policy_rule_judged(policy, &policy->rules[i]) && counted(t->rules[i]) != 0)
			rows[n++] = (struct rule_row){ &policy->rules[i], t->rules[i] };
	qsort(rows, n, sizeof(*rows), compare_rules);
	put_chart_head(out, "by-rule", "By rule");
	if (n == 0)
		put_nothing(out);
	else
		put_rule_rows(h, out, rows, n < TOP ? n : TOP);
	if (n > TOP) {
		PUT(out, "<p class=\"quiet\">");
		html_put_number(out, n - TOP);
		PUT(out, " more: <a href=\"#rules\">all rules with their verdicts</a>.</p>\n");
	}
	PUT(out, "</section>\n");
	free(rows);
}

/* ---- by account and region ------------------------------------------------------- */

static int compare_scopes(const void *a, const void *b)
{
	const struct html_scope *one = a, *two = b;
	int order = compare_counts(one->counts, two->counts);

	if (order == 0)
		order = str_compare(one->account, two->account);
	return order != 0 ? order : str_compare(one->region, two->region);
}

static void put_query(struct html *h, struct buf *out, const char *name, struct str s)
{
	if (s.len == 0)
		return;
	buf_puts(out, name);
	buf_clear(&h->item);
	buf_put_str(&h->item, finding_visible(&h->visible, s));
	report_put_uri(out, buf_str(&h->item));
}

static void put_scope_name(struct html *h, struct buf *out, const struct html_scope *scope)
{
	if (scope->account.len == 0 && scope->region.len == 0) {
		PUT(out, "not deployed, or not known");
		return;
	}
	PUT(out, "<a href=\"#");
	put_query(h, out, "account=", scope->account);
	put_query(h, out, "&amp;region=", scope->region);
	PUT(out, "\"><span class=\"mono\">");
	html_put(h, out, scope->account);
	PUT(out, "</span> ");
	html_put(h, out, scope->region);
	PUT(out, "</a>");
}

static void put_scope_rows(struct html *h, struct buf *out, const struct html_scope *scopes,
			   size_t n, const uint64_t sums[N_VERDICTS], uint64_t most)
{
	size_t i;

	put_table_head(out, "by-scope", "Account and region", sums);
	for (i = 0; i < n; i++) {
		PUT(out, ROW_START);
		put_scope_name(h, out, &scopes[i]);
		put_counts(out, scopes[i].counts, sums, most);
	}
}

static void put_by_scope(struct html *h, struct buf *out)
{
	size_t i, n = h->scope_names.n;
	uint64_t most = counted(h->more.counts), sums[N_VERDICTS] = { 0 };

	put_chart_head(out, "by-scope", "By account and region");
	if (n == 0) {
		put_nothing(out);
		PUT(out, "</section>\n");
		return;
	}
	/* The numbers of names are not needed from here on. */
	qsort(h->scopes, n, sizeof(*h->scopes), compare_scopes);
	add_counts(sums, h->more.counts);
	for (i = 0; i < n; i++) {
		add_counts(sums, h->scopes[i].counts);
		if (counted(h->scopes[i].counts) > most)
			most = counted(h->scopes[i].counts);
	}
	put_scope_rows(h, out, h->scopes, n < TOP ? n : TOP, sums, most);
	PUT(out, "</tbody></table>\n");
	if (n > TOP) {
		PUT(out, "<details><summary>");
		html_put_number(out, n - TOP);
		PUT(out, " more</summary>\n");
		put_scope_rows(h, out, h->scopes + TOP, n - TOP, sums, most);
		if (counted(h->more.counts) != 0) {
			PUT(out, ROW_START "all others together");
			put_counts(out, h->more.counts, sums, most);
		}
		PUT(out, "</tbody></table>\n</details>\n");
	}
	PUT(out, "</section>\n");
}

/* ---- whole ------------------------------------------------------------------- */

void html_put_charts(struct html *h, struct buf *out, const struct run *run,
		     const struct summary *s)
{
	PUT(out, "<section class=\"part\" aria-labelledby=\"overview\">\n"
		 "<h2 id=\"overview\">Overview</h2>\n<div class=\"charts\">\n");
	put_severities(out, s->tally);
	put_by_scope(h, out);
	put_by_rule(h, out, run, s->tally);
	html_put_controls(h, out, run, s);
	PUT(out, "</div>\n</section>\n");
}
