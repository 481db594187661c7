/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compliance by control framework: a control is what its rules are, the worst
 * of them first. What was not read is nobody's proof: the page says so.
 */
#include <stdlib.h>

#include "base/limit.h"
#include "report/finding_part.h"
#include "report/html_inside.h"
#include "report/report_part.h"
#include "report/report_place.h"

/* From the worst. */
enum control_state {
	CONTROL_FAILED,
	CONTROL_UNKNOWN,
	CONTROL_WAIVED,
	CONTROL_MET,
	CONTROL_IDLE, /* no rule of it applied to anything */
	N_CONTROL_STATES
};

static const char *const state_names[] = { "failed", "undecided", "waived", "met",
					   "not applicable" };
static const char *const state_classes[] = { "v-fail", "v-undecided", "v-waived", "v-pass",
					     "v-na" };

/* A rule that a control has. */
struct link {
	struct str framework, id;
	const struct rule *rule;
};

/* A control: its links stand together. */
struct control {
	const struct link *links;
	size_t n;
	enum control_state state;
};

struct controls {
	struct link *links;
	size_t n_links;
	struct control *list;
	size_t n;
};

/* ---- gathering ----------------------------------------------------------------- */

static int compare_links(const void *a, const void *b)
{
	const struct link *one = a, *two = b;
	int order = str_compare(one->framework, two->framework);

	if (order == 0)
		order = str_compare(one->id, two->id);
	if (order == 0 && one->rule->index != two->rule->index)
		order = one->rule->index < two->rule->index ? -1 : 1;
	return order;
}

static void gather_links(struct controls *c, const struct policy *policy)
{
	struct str framework, id;
	size_t i, at, cap = 0;

	for (i = 0; i < policy->n_rules; i++) {
		if (!policy_rule_judged(policy, &policy->rules[i]))
			continue;
		at = 0;
		while (finding_next_control(&policy->rules[i], &at, &framework, &id)) {
			if (c->n_links == cap) {
				cap = cap == 0 ? 64 : 2 * cap;
				c->links = mem_grow(c->links, cap * sizeof(*c->links));
			}
			c->links[c->n_links++] = (struct link){ framework, id, &policy->rules[i] };
		}
	}
	if (c->n_links != 0)
		qsort(c->links, c->n_links, sizeof(*c->links), compare_links);
}

static enum control_state state_of_rule(const uint64_t counts[N_VERDICTS])
{
	if (counts[VERDICT_FAIL] != 0)
		return CONTROL_FAILED;
	if (counts[VERDICT_UNDECIDED] + counts[VERDICT_ERROR] != 0)
		return CONTROL_UNKNOWN;
	if (counts[VERDICT_WAIVED] != 0)
		return CONTROL_WAIVED;
	return counts[VERDICT_PASS] != 0 ? CONTROL_MET : CONTROL_IDLE;
}

static bool same_control(const struct link *a, const struct link *b)
{
	return str_equal(a->framework, b->framework) && str_equal(a->id, b->id);
}

static void gather(struct controls *c, const struct policy *policy, const struct tally *t)
{
	enum control_state state;
	struct control *control = NULL;
	size_t i;

	gather_links(c, policy);
	c->list = mem_alloc((c->n_links + 1) * sizeof(*c->list));
	for (i = 0; t->rules != NULL && i < c->n_links; i++) {
		if (control == NULL || !same_control(control->links, &c->links[i])) {
			control = &c->list[c->n++];
			*control = (struct control){ &c->links[i], 0, CONTROL_IDLE };
		}
		control->n++;
		state = state_of_rule(t->rules[c->links[i].rule->index]);
		if (state < control->state)
			control->state = state;
	}
}

/* ---- drawing ------------------------------------------------------------------- */

/* Controls of the framework that stands at `from`. */
static size_t n_of_framework(const struct controls *c, size_t from)
{
	size_t i = from;

	while (i < c->n && str_equal(c->list[i].links->framework, c->list[from].links->framework))
		i++;
	return i - from;
}

/* How many are in each state. */
static void count_states(struct html_part parts[N_CONTROL_STATES], const struct control *list,
			 size_t n)
{
	size_t i;

	for (i = 0; i < N_CONTROL_STATES; i++)
		parts[i] = (struct html_part){ state_classes[i], 0 };
	for (i = 0; i < n; i++)
		parts[list[i].state].n++;
}

/* A column of zeros tells nothing, but for these two. */
static bool has_column(const struct html_part all[N_CONTROL_STATES], size_t state)
{
	return state == CONTROL_FAILED || state == CONTROL_MET || all[state].n != 0;
}

static void put_framework(struct html *h, struct buf *out, const struct control *list, size_t n,
			  const struct html_part all[N_CONTROL_STATES])
{
	struct html_part parts[N_CONTROL_STATES];
	size_t i;

	count_states(parts, list, n);
	PUT(out, "<tr><th scope=\"row\"><div class=\"drawn\"><span>");
	html_put(h, out, list->links->framework);
	PUT(out, "</span>");
	html_put_bar(out, parts, N_CONTROL_STATES, n);
	PUT(out, "</div></th>");
	for (i = 0; i < N_CONTROL_STATES; i++) {
		if (!has_column(all, i))
			continue;
		buf_puts(out, parts[i].n == 0 ? "<td class=\"n zero\">" : "<td class=\"n\">");
		html_put_number(out, parts[i].n);
		PUT(out, "</td>");
	}
	PUT(out, "</tr>\n");
}

static void put_control(struct html *h, struct buf *out, const struct control *control)
{
	size_t i;

	PUT(out, "<tr><th scope=\"row\">");
	html_put(h, out, control->links->framework);
	PUT(out, " ");
	html_put(h, out, control->links->id);
	buf_printf(out, "</th><td><span class=\"mark %s\"></span>%s</td><td>",
		   state_classes[control->state], state_names[control->state]);
	for (i = 0; i < control->n; i++) {
		buf_puts(out, i == 0 ? "<a class=\"mono\" href=\"#rule="
				     : ", <a class=\"mono\" href=\"#rule=");
		buf_clear(&h->item);
		buf_put_str(&h->item, finding_visible(&h->visible, control->links[i].rule->id));
		report_put_uri(out, buf_str(&h->item));
		PUT(out, "\">");
		html_put(h, out, control->links[i].rule->id);
		PUT(out, "</a>");
	}
	PUT(out, "</td></tr>\n");
}

static void put_list(struct html *h, struct buf *out, const struct controls *c)
{
	size_t i, n = c->n < LIMIT_HTML_ROWS ? c->n : LIMIT_HTML_ROWS;

	PUT(out, "<details><summary>");
	html_put_number(out, c->n);
	buf_puts(out, c->n == 1 ? " control" : " controls");
	PUT(out,
	    ", one by one</summary>\n"
	    "<table class=\"list\"><thead><tr><th scope=\"col\">Control</th>"
	    "<th scope=\"col\">State</th><th scope=\"col\">Rules</th></tr></thead>\n<tbody>\n");
	for (i = 0; i < n; i++)
		put_control(h, out, &c->list[i]);
	PUT(out, "</tbody></table>\n");
	html_put_left_out(out, c->n - n, "controls");
	PUT(out, "</details>\n");
}

static void put_frameworks(struct html *h, struct buf *out, const struct controls *c)
{
	struct html_part all[N_CONTROL_STATES];
	size_t i, n_frameworks = 0;

	count_states(all, c->list, c->n);
	PUT(out,
	    "<table aria-labelledby=\"by-control\">\n<thead><tr><th scope=\"col\">Framework</th>");
	for (i = 0; i < N_CONTROL_STATES; i++)
		if (has_column(all, i))
			buf_printf(
			    out,
			    "<th scope=\"col\" class=\"n\"><span class=\"mark %s\"></span>%s</th>",
			    state_classes[i], state_names[i]);
	PUT(out, "</tr></thead>\n<tbody>\n");
	for (i = 0; i < c->n; i += n_of_framework(c, i))
		if (n_frameworks++ < LIMIT_HTML_ROWS)
			put_framework(h, out, &c->list[i], n_of_framework(c, i), all);
	PUT(out, "</tbody></table>\n");
	if (n_frameworks > LIMIT_HTML_ROWS)
		html_put_left_out(out, n_frameworks - LIMIT_HTML_ROWS, "frameworks");
}

void html_put_controls(struct html *h, struct buf *out, const struct run *run,
		       const struct summary *s)
{
	struct controls c = { .n = 0 };

	gather(&c, run->policy, s->tally);
	PUT(out, "<section class=\"chart\" aria-labelledby=\"by-control\">\n"
		 "<h3 id=\"by-control\">Controls, by framework</h3>\n");
	if (c.n == 0) {
		PUT(out, "<p class=\"quiet\">No rule of this policy names a control.</p>\n");
	} else {
		put_frameworks(h, out, &c);
		if (!s->complete)
			PUT(out, "<p class=\"quiet\">The audit is incomplete: what is met here is "
				 "met by "
				 "what could be read.</p>\n");
		put_list(h, out, &c);
	}
	PUT(out, "</section>\n");
	free(c.links);
	free(c.list);
}
