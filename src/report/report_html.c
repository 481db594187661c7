/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML: one page for a compliance review that asks nothing of any network. The
 * verdict and the sums of everything come first, so findings wait in a spool,
 * the most severe first; the page lists as many as a browser bears, and says
 * how many it does not. What runs in it is src/report/html/page.js.
 */
#include <stdlib.h>

#include "base/limit.h"
#include "base/text.h"
#include "report/html_findings.h"
#include "report/html_inside.h"
#include "report/html_js.h"
#include "report/report_part.h"

static bool html_wants_all(const struct report_options *options)
{
	return options->all;
}

static bool html_wants_excerpts(const struct report_options *options)
{
	(void)options;
	return true;
}

static void html_begin(struct report *r)
{
	const struct policy *policy = r->run->policy;
	struct html *h = mem_alloc(sizeof(*h));
	uint32_t n = 0;
	size_t i;

	*h = (struct html){ .findings = ranked_new(1, LIMIT_HTML_FINDINGS),
			    .plain = ranked_new(1, LIMIT_HTML_PLAIN),
			    .problems = ranked_new(1, LIMIT_HTML_ROWS) };
	names_init(&h->scope_names, &h->arena);
	h->rule_numbers = ARENA_ARRAY(&h->arena, policy->n_rules + 1, uint32_t);
	for (i = 0; i < policy->n_rules; i++)
		h->rule_numbers[i] = policy_rule_judged(policy, &policy->rules[i]) ? n++ : 0;
	r->state = h;
}

static void html_judgement(struct report *r, const struct judgement *j)
{
	struct html *h = r->state;
	const struct finding *f;
	size_t i = 0;

	html_scope_count(h, j);
	while ((f = report_next_shown(r, j, &i)) != NULL) {
		if (ranked_wants(h->findings, 0, rank_of(f))) {
			html_finding_json(h, r->run->policy, j, f);
			ranked_put(h->findings, 0, rank_of(f), buf_str(&h->item));
		}
		if (ranked_wants(h->plain, 0, rank_of(f))) {
			html_finding_row(h, j, f);
			ranked_put(h->plain, 0, rank_of(f), buf_str(&h->item));
		}
	}
}

static void html_problem(struct report *r, const struct problem *p)
{
	struct html *h = r->state;

	h->n_problems++;
	if (!ranked_wants(h->problems, 0, RANK_ERROR))
		return;
	html_problem_row(h, p);
	ranked_put(h->problems, 0, RANK_ERROR, buf_str(&h->item));
}

/* ---- the end: everything is written here --------------------------------------- */

static void put_row(void *to, struct str item)
{
	struct report *r = to;

	buf_put_str(&r->out, item);
	report_spill(r);
}

static void put_json(void *to, struct str item)
{
	struct report *r = to;
	struct html *h = r->state;

	buf_puts(&r->out, h->some ? ",\n" : "\n");
	h->some = true;
	put_row(to, item);
}

static void put_problems(struct report *r)
{
	struct html *h = r->state;
	struct buf *out = &r->out;

	if (h->n_problems == 0)
		return;
	PUT(out, "<section class=\"part problems\" aria-labelledby=\"problems\">\n"
		 "<h2 id=\"problems\">Not audited</h2>\n"
		 "<p>Nothing is known of what could not be read: it is no part of the sums.</p>\n"
		 "<div class=\"wide\" role=\"group\" aria-labelledby=\"problems\" tabindex=\"0\">\n"
		 "<table class=\"list\" aria-labelledby=\"problems\"><thead><tr>"
		 "<th scope=\"col\">Problem</th><th scope=\"col\">Where</th>"
		 "<th scope=\"col\">What</th></tr></thead>\n<tbody>\n");
	ranked_each(h->problems, r, 0, put_row, r);
	PUT(out, "</tbody></table>\n</div>\n");
	html_put_left_out(out, ranked_left_out(h->problems, 0), "problems");
	PUT(out, "</section>\n");
}

static void put_left_out(struct report *r)
{
	struct html *h = r->state;
	uint64_t left = ranked_left_out(h->findings, 0);

	if (left == 0)
		return;
	PUT(&r->out, "<p class=\"cut\">The most severe ");
	html_put_number(&r->out, LIMIT_HTML_FINDINGS);
	PUT(&r->out, " are listed here. ");
	html_put_number(&r->out, left);
	PUT(&r->out, " more are left out of this list, not of the sums: the other reports hold "
		     "them.</p>\n");
}

/* What stands where no script runs: a browser that runs scripts reads it as text. */
static void put_plain(struct report *r)
{
	struct html *h = r->state;
	struct buf *out = &r->out;
	uint64_t left = ranked_left_out(h->plain, 0);

	PUT(out, "<noscript>\n<p class=\"quiet\">Without scripts this list cannot be searched, "
		 "filtered or sorted.");
	if (left != 0) {
		PUT(out, " It shows the first ");
		html_put_number(out, LIMIT_HTML_PLAIN);
		PUT(out, "; with scripts it shows ");
		html_put_number(out,
				ranked_offered(h->findings, 0) - ranked_left_out(h->findings, 0));
		PUT(out, ".");
	}
	PUT(out, "</p>\n<div class=\"wide\" role=\"group\" aria-labelledby=\"findings\" "
		 "tabindex=\"0\">\n"
		 "<table class=\"list\" aria-labelledby=\"findings\"><thead><tr>"
		 "<th scope=\"col\">Severity</th><th scope=\"col\">Verdict</th>"
		 "<th scope=\"col\">Finding</th><th scope=\"col\">Resource</th>"
		 "<th scope=\"col\">Account</th><th scope=\"col\">Region</th>"
		 "</tr></thead>\n<tbody>\n");
	ranked_each(h->plain, r, 0, put_row, r);
	PUT(out, "</tbody></table>\n</div>\n</noscript>\n");
}

static void put_findings(struct report *r)
{
	struct html *h = r->state;
	struct buf *out = &r->out;

	PUT(out, "<section class=\"part\" aria-labelledby=\"findings\">\n"
		 "<h2 id=\"findings\" tabindex=\"-1\">Findings</h2>\n");
	put_left_out(r);
	if (ranked_offered(h->findings, 0) == 0) {
		PUT(out, "<p class=\"quiet\">There is no finding.</p>\n</section>\n");
		return;
	}
	buf_put(out, html_findings, html_findings_size);
	put_plain(r);
	PUT(out, "</section>\n");
}

static void put_data(struct report *r)
{
	struct html *h = r->state;
	struct buf *out = &r->out;

	PUT(out, "<script type=\"application/json\" id=\"data-rules\">");
	html_rules_json(h, out, r->run->policy);
	PUT(out, "</script>\n<script type=\"application/json\" id=\"data-findings\">[");
	ranked_each(h->findings, r, 0, put_json, r);
	PUT(out, "\n]</script>\n<script>");
	buf_put(out, html_js, html_js_size);
	PUT(out, "</script>\n</body>\n</html>\n");
}

static void put_footer(struct report *r)
{
	struct html *h = r->state;
	struct buf *out = &r->out;

	PUT(out, "</main>\n<footer>\n<p>Made by ivslint ");
	html_put(h, out, report_str(r->run->version));
	PUT(out, " at ");
	text_time_put(out, r->run->started);
	PUT(out, " UTC. This page asks nothing of any network.</p>\n"
		 "<p>SHA-256 of the policy: <span class=\"mono\">");
	html_put(h, out, report_str(policy_digest(r->run->policy)));
	PUT(out, "</span></p>\n</footer>\n");
}

static void html_end(struct report *r, const struct summary *s)
{
	struct html *h = r->state;

	html_put_head(h, &r->out, r->run, s);
	put_problems(r);
	html_put_charts(h, &r->out, r->run, s);
	put_findings(r);
	html_put_waivers(h, &r->out, r->run, s);
	html_put_rules(h, &r->out, r->run, s);
	put_footer(r);
	put_data(r);
}

static void html_free(struct report *r)
{
	struct html *h = r->state;

	if (h == NULL)
		return;
	ranked_free(h->findings);
	ranked_free(h->plain);
	ranked_free(h->problems);
	free(h->scopes);
	arena_release(&h->arena);
	buf_release(&h->visible);
	buf_release(&h->shown);
	buf_release(&h->item);
	free(h);
}

const struct report_format report_html = {
	.name = "html",
	.text = "one page for a review: sums, charts, findings to search and filter",
	.wants_all = html_wants_all,
	.wants_excerpts = html_wants_excerpts,
	.begin = html_begin,
	.judgement = html_judgement,
	.problem = html_problem,
	.end = html_end,
	.free = html_free,
};
