/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finding and a problem in the HTML page: as JSON for the page's script, which
 * draws, sorts and filters, and as the row of a table for where no script runs.
 */
#include "base/text.h"
#include "report/finding_part.h"
#include "report/html_inside.h"
#include "report/report_part.h"

/* ---- for the script ------------------------------------------------------------ */

static void put_waiver(struct html *h, struct buf *b, const struct finding *f)
{
	const struct waiver *w = f->waiver;

	if (w == NULL)
		return;
	html_json_member(h, b, ",\"waiver\":{\"reason\":", w->reason);
	html_json_some(h, b, ",\"owner\":", w->owner);
	PUT(b, ",\"expires\":\"");
	text_day_put(b, w->expires);
	PUT(b, "\"");
	if (f->verdict == VERDICT_WAIVED) {
		PUT(b, ",\"daysLeft\":");
		buf_put_int(b, f->waiver_days_left);
	}
	PUT(b, "}");
}

/* The line of the source, with the value told apart. */
static void put_excerpt(struct html *h, struct buf *b, const struct excerpt *e)
{
	if (e->value.data == NULL || e->value.len == 0)
		return;
	html_json_member(h, b, ",\"excerpt\":[", e->before);
	html_json_member(h, b, ",", e->value);
	html_json_member(h, b, ",", e->after);
	buf_printf(b, ",%d,%d]", e->cut_before, e->cut_after);
}

/* What the rule's own text does not say: an override may word it anew. */
static void put_other_words(struct html *h, struct buf *b, const struct policy *policy,
			    const struct finding *f)
{
	if (str_equal(f->rule->remediation, policy->rules[f->rule->index].remediation))
		return;
	finding_put_folded(&h->shown, f->rule->remediation);
	html_json_some_shown(h, b, ",\"remediation\":");
}

void html_finding_json(struct html *h, const struct policy *policy, const struct judgement *j,
		       const struct finding *f)
{
	struct buf *b = &h->item;

	buf_clear(b);
	buf_printf(b, "{\"rule\":%u,\"severity\":\"%s\",\"verdict\":\"%s\"",
		   h->rule_numbers[f->rule->index], severity_name(f->severity),
		   verdict_name(f->verdict));
	html_json_member(h, b, ",\"resource\":", j->subject.id);
	html_json_some(h, b, ",\"name\":", j->subject.name);
	html_json_some(h, b, ",\"account\":", j->subject.account);
	html_json_some(h, b, ",\"region\":", j->subject.region);
	if (j->is_group)
		PUT(b, ",\"group\":true");
	html_show_place(h, j->subject.file, f->place.line != 0 ? f->place : j->subject.place);
	html_json_some_shown(h, b, ",\"place\":");
	html_json_some(h, b, ",\"field\":", f->field);
	finding_put_actual(&h->shown, f);
	html_json_some_shown(h, b, ",\"actual\":");
	html_json_some(h, b, ",\"expected\":", f->expected);
	html_json_member(h, b, ",\"message\":", finding_sentence(f));
	/* Of a waived one the waiver says it. */
	if (f->verdict != VERDICT_WAIVED || f->waiver == NULL)
		html_json_some(h, b, ",\"reason\":", finding_reason(f));
	put_excerpt(h, b, &f->excerpt);
	put_other_words(h, b, policy, f);
	put_waiver(h, b, f);
	if (f->fingerprint[0] != '\0')
		buf_printf(b, ",\"fingerprint\":\"%s\"", f->fingerprint);
	PUT(b, "}");
}

static void put_references(struct html *h, struct buf *out, const struct rule *rule)
{
	const char *separator = "";
	struct str text;
	size_t at = 0;

	PUT(out, ",\"references\":[");
	while (finding_next_reference(rule, &at, &text)) {
		html_json_member(h, out, separator, text);
		separator = ",";
	}
	PUT(out, "]");
}

static void put_controls(struct html *h, struct buf *out, const struct rule *rule)
{
	struct str framework, id;
	size_t at = 0;

	PUT(out, ",\"controls\":[");
	while (finding_next_control(rule, &at, &framework, &id)) {
		buf_puts(out, at == 1 ? "" : ",");
		buf_put_str(&h->shown, framework);
		PUT(&h->shown, " ");
		buf_put_str(&h->shown, id);
		html_json(h, out, buf_str(&h->shown));
		buf_clear(&h->shown);
	}
	PUT(out, "]}");
}

void html_rules_json(struct html *h, struct buf *out, const struct policy *policy)
{
	const struct rule *rule;
	bool first = true;
	size_t i;

	PUT(out, "[");
	for (i = 0; i < policy->n_rules; i++) {
		rule = &policy->rules[i];
		if (!policy_rule_judged(policy, rule))
			continue;
		buf_puts(out, first ? "\n" : ",\n");
		first = false;
		html_json_member(h, out, "{\"id\":", rule->id);
		html_json_some(h, out, ",\"title\":", rule->title);
		html_json_some(h, out, ",\"category\":", rule->category);
		finding_put_folded(&h->shown, rule->rationale);
		html_json_some_shown(h, out, ",\"rationale\":");
		finding_put_folded(&h->shown, rule->remediation);
		html_json_some_shown(h, out, ",\"remediation\":");
		put_references(h, out, rule);
		put_controls(h, out, rule);
	}
	PUT(out, "\n]");
}

/* ---- without one --------------------------------------------------------------- */

static void put_cell(struct html *h, struct buf *b, struct str s)
{
	PUT(b, "</td><td>");
	html_put(h, b, s);
}

static void put_line(struct html *h, struct buf *b, const char *label, struct str s)
{
	if (s.len == 0)
		return;
	PUT(b, "<br>");
	buf_puts(b, label);
	html_put(h, b, s);
}

void html_finding_row(struct html *h, const struct judgement *j, const struct finding *f)
{
	struct buf *b = &h->item;

	buf_clear(b);
	buf_printf(b, "<tr><td>%s</td><td>%s", severity_name(f->severity),
		   verdict_name(f->verdict));
	put_cell(h, b, f->rule->id);
	put_line(h, b, "", finding_sentence(f));
	finding_put_actual(&h->shown, f);
	put_line(h, b, "actual: ", buf_str(&h->shown));
	buf_clear(&h->shown);
	put_line(h, b, "expected: ", f->expected);
	if (f->verdict == VERDICT_WAIVED) {
		finding_put_waiver(&h->shown, f);
		put_line(h, b, "", buf_str(&h->shown));
		buf_clear(&h->shown);
	} else {
		put_line(h, b, "", finding_reason(f));
	}
	put_cell(h, b, j->subject.name);
	put_line(h, b, "", j->subject.id);
	html_show_place(h, j->subject.file, f->place.line != 0 ? f->place : j->subject.place);
	put_line(h, b, "", buf_str(&h->shown));
	buf_clear(&h->shown);
	put_cell(h, b, j->subject.account);
	put_cell(h, b, j->subject.region);
	PUT(b, "</td></tr>\n");
}

void html_problem_row(struct html *h, const struct problem *p)
{
	struct buf *b = &h->item;

	buf_clear(b);
	buf_printf(b, "<tr><th scope=\"row\">%s</th><td class=\"mono\">",
		   problem_kind_name(p->kind));
	html_show_place(h, p->file, (struct place){ p->line, p->column });
	html_put_shown(h, b);
	PUT(b, "</td><td>");
	html_put(h, b, report_str(p->text));
	PUT(b, "</td></tr>\n");
}
