/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists at the end of the HTML page: waivers with their state, and every
 * rule with its verdicts and what its author wrote.
 */
#include "base/limit.h"
#include "base/text.h"
#include "model/source.h"
#include "report/finding_part.h"
#include "report/html_inside.h"
#include "report/report_part.h"

void html_put_left_out(struct buf *out, uint64_t n, const char *what)
{
	if (n == 0)
		return;
	PUT(out, "<p class=\"cut\">");
	html_put_number(out, n);
	buf_printf(out, " more %s are left out of this page: the other reports hold them.</p>\n",
		   what);
}

/* ---- waivers ------------------------------------------------------------------- */

static const char *state_text(enum waiver_state state)
{
	static const char *const texts[] = {
		[WAIVER_USED] = "in force",
		[WAIVER_EXPIRED] = "expired",
		[WAIVER_OTHER_VALUE] = "another value",
		[WAIVER_STALE] = "stale",
		[WAIVER_UNUSED] = "not met",
	};

	return texts[state];
}

static void put_days(struct buf *out, int64_t days)
{
	if (days < 0) {
		report_put_count(out, (uint64_t)-days, "day ago", "days ago");
		return;
	}
	if (days == 0)
		PUT(out, "last day");
	else
		report_put_count(out, (uint64_t)days, "day left", "days left");
}

static void put_waiver(struct html *h, struct buf *out, const struct run *run,
		       const struct summary *s, const struct waiver *w)
{
	enum waiver_state state = report_waiver_state(run, s, w);
	const uint64_t *waived = s->tally->waivers;

	PUT(out, "<tr><th scope=\"row\" class=\"mono\">");
	html_put(h, out, w->rule->id);
	buf_printf(out, "</th><td><span class=\"mark %s\"></span>%s",
		   state == WAIVER_USED     ? "v-waived"
		   : state == WAIVER_UNUSED ? "v-na"
					    : "v-fail",
		   state_text(state));
	if (report_put_waiver_note(&h->shown, run, s, w)) {
		PUT(out, "<span class=\"note\">");
		html_put_shown(h, out);
		PUT(out, "</span>");
	}
	PUT(out, "</td><td>");
	html_put(h, out, w->reason);
	PUT(out, "</td><td>");
	html_put(h, out, w->owner);
	PUT(out, "</td><td class=\"day\">");
	text_day_put(out, w->expires);
	PUT(out, "<span class=\"note\">");
	put_days(out, (int64_t)w->expires - run->as_of);
	PUT(out, "</span></td><td class=\"n\">");
	html_put_number(out, waived == NULL ? 0 : waived[w->index]);
	PUT(out, "</td></tr>\n");
}

/* Of waivers in templates. */
static void put_notes(struct html *h, struct buf *out, const struct summary *s)
{
	uint64_t i;

	for (i = 0; report_put_note(&h->shown, s, i); i++) {
		PUT(out, "<p>");
		html_put_shown(h, out);
		PUT(out, "</p>\n");
	}
}

void html_put_waivers(struct html *h, struct buf *out, const struct run *run,
		      const struct summary *s)
{
	const struct policy *policy = run->policy;
	size_t i, n = policy->n_waivers < LIMIT_HTML_ROWS ? policy->n_waivers : LIMIT_HTML_ROWS;

	PUT(out, "<section class=\"part\" aria-labelledby=\"waivers\">\n<h2 "
		 "id=\"waivers\">Waivers</h2>\n");
	if (n == 0)
		PUT(out, "<p class=\"quiet\">The policy has no waiver.</p>\n");
	put_notes(h, out, s);
	if (n == 0) {
		PUT(out, "</section>\n");
		return;
	}
	PUT(out,
	    "<div class=\"wide\" role=\"group\" aria-labelledby=\"waivers\" tabindex=\"0\">\n"
	    "<table class=\"list\" aria-labelledby=\"waivers\"><thead><tr><th "
	    "scope=\"col\">Rule</th>"
	    "<th scope=\"col\">State</th><th scope=\"col\">Reason</th><th scope=\"col\">Owner</th>"
	    "<th scope=\"col\">Last day</th><th scope=\"col\" class=\"n\">Waived</th>"
	    "</tr></thead>\n<tbody>\n");
	for (i = 0; i < n; i++)
		put_waiver(h, out, run, s, &policy->waivers[i]);
	PUT(out, "</tbody></table>\n</div>\n");
	html_put_left_out(out, policy->n_waivers - n, "waivers");
	PUT(out, "</section>\n");
}

/* ---- rules --------------------------------------------------------------------- */

static void put_text(struct html *h, struct buf *out, const char *label, struct str s)
{
	if (s.len == 0)
		return;
	buf_printf(out, "<dt>%s</dt><dd>", label);
	finding_put_folded(&h->shown, s);
	html_put_shown(h, out);
	PUT(out, "</dd>");
}

static void put_references(struct html *h, struct buf *out, const struct rule *rule)
{
	const char *start = "<dt>References</dt><dd>";
	struct str text;
	size_t at = 0;

	while (finding_next_reference(rule, &at, &text)) {
		buf_puts(out, start);
		start = "<br>";
		if (finding_is_address(text)) {
			PUT(out, "<a rel=\"noopener noreferrer\" href=\"");
			html_put(h, out, text);
			PUT(out, "\">");
			html_put(h, out, text);
			PUT(out, "</a>");
		} else {
			html_put(h, out, text);
		}
	}
	if (at != 0 && start[1] == 'b')
		PUT(out, "</dd>");
}

static void put_controls(struct html *h, struct buf *out, const struct rule *rule)
{
	struct str framework, id;
	size_t at = 0;

	while (finding_next_control(rule, &at, &framework, &id)) {
		buf_puts(out, at == 1 ? "<dt>Controls</dt><dd>" : ", ");
		html_put(h, out, framework);
		PUT(out, " ");
		html_put(h, out, id);
	}
	if (at != 0)
		PUT(out, "</dd>");
}

static void put_where(struct html *h, struct buf *out, const struct rule *rule)
{
	if (rule->source == NULL)
		return;
	PUT(out, "<dt>Written in</dt><dd class=\"mono\">");
	html_show_place(h, rule->source->name, source_place(rule->source, rule->place));
	html_put_shown(h, out);
	PUT(out, "</dd>");
}

static void put_rule(struct html *h, struct buf *out, const struct run *run,
		     const struct summary *s, const struct rule *rule)
{
	static const enum verdict order[] = { VERDICT_PASS,      VERDICT_FAIL,
					      VERDICT_WAIVED,    VERDICT_NOT_APPLICABLE,
					      VERDICT_UNDECIDED, VERDICT_ERROR };
	const char *severity = severity_name(policy_rule_severity(run->policy, rule));
	size_t i;
	uint64_t n;

	PUT(out, "<tr><th scope=\"row\"><details><summary><span class=\"mono\">");
	html_put(h, out, rule->id);
	PUT(out, "</span>");
	if (rule->title.len != 0) {
		PUT(out, "<span class=\"note\">");
		html_put(h, out, rule->title);
		PUT(out, "</span>");
	}
	PUT(out, "</summary><dl>");
	put_text(h, out, "Why", rule->rationale);
	put_text(h, out, "What to do", rule->remediation);
	put_references(h, out, rule);
	put_controls(h, out, rule);
	put_text(h, out, "Category", rule->category);
	put_where(h, out, rule);
	buf_printf(out, "</dl></details></th><td><span class=\"mark s-%s\"></span>%s</td>",
		   severity, severity);
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		n = s->tally->rules == NULL ? 0 : s->tally->rules[rule->index][order[i]];
		buf_puts(out, n == 0 ? "<td class=\"n zero\">" : "<td class=\"n\">");
		html_put_number(out, n);
		PUT(out, "</td>");
	}
	PUT(out, "</tr>\n");
}

void html_put_rules(struct html *h, struct buf *out, const struct run *run, const struct summary *s)
{
	const struct policy *policy = run->policy;
	size_t i, n = 0;

	PUT(out,
	    "<section class=\"part\" aria-labelledby=\"rules\">\n<h2 id=\"rules\">Rules</h2>\n"
	    "<div class=\"wide\" role=\"group\" aria-labelledby=\"rules\" tabindex=\"0\">\n"
	    "<table class=\"list rules\" aria-labelledby=\"rules\"><thead><tr>"
	    "<th scope=\"col\">Rule</th><th scope=\"col\">Severity</th>"
	    "<th scope=\"col\" class=\"n\">Pass</th><th scope=\"col\" class=\"n\">Fail</th>"
	    "<th scope=\"col\" class=\"n\">Waived</th>"
	    "<th scope=\"col\" class=\"n\">Not appl.</th>"
	    "<th scope=\"col\" class=\"n\">Undecided</th><th scope=\"col\" class=\"n\">Error</th>"
	    "</tr></thead>\n<tbody>\n");
	for (i = 0; i < policy->n_rules; i++) {
		if (!policy_rule_judged(policy, &policy->rules[i]))
			continue;
		if (n++ < LIMIT_HTML_ROWS)
			put_rule(h, out, run, s, &policy->rules[i]);
	}
	PUT(out, "</tbody></table>\n</div>\n");
	html_put_left_out(out, n > LIMIT_HTML_ROWS ? n - LIMIT_HTML_ROWS : 0, "rules");
	PUT(out, "</section>\n");
}
