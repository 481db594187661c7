/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF: the tool and its rules. All that are judged stand there, found or not, so
 * that alerts of what is mended close; none says anything of one result.
 */
#include "report/finding_part.h"
#include "report/report_part.h"
#include "report/sarif_inside.h"

#define GUIDE     "https://docs.aws.amazon.com/ivs/latest/LowLatencyUserGuide/record-to-s3.html"
#define MOST_TAGS 20
#define MOST_TEXT 1000 /* of a description: code scanning takes 1024 characters */

static const char *security_severity(enum severity severity)
{
	/* in the middle of what code scanning calls by these names */
	static const char *const scores[N_SEVERITIES] = { "1.0", "3.0", "5.5", "8.0", "9.5" };

	return scores[severity];
}

static void put_described(struct sarif *sarif, struct buf *out, const char *name, struct str s)
{
	struct buf *shown = &sarif->text.shown;

	finding_put_folded(shown, s);
	buf_puts(out, name);
	PUT(out, "{\"text\":");
	json_text_put(&sarif->text, out, sarif_plain(sarif, buf_str(shown)), MOST_TEXT);
	buf_clear(shown);
	PUT(out, "}");
}

struct tags {
	struct str list[MOST_TAGS];
	size_t n;
};

static void add_tag(struct sarif *sarif, struct tags *tags, struct str tag)
{
	size_t i;

	tag = finding_visible(&sarif->text.visible, tag);
	for (i = 0; i < tags->n; i++)
		if (str_equal(tags->list[i], tag))
			return;
	if (tag.len != 0 && tags->n < MOST_TAGS)
		tags->list[tags->n++] = arena_str(&sarif->arena, tag);
}

static void put_tags(struct sarif *sarif, struct buf *out, const struct rule *rule)
{
	struct tags tags = { .n = 0 };
	struct str framework, id;
	struct buf control = BUF_INIT(0);
	size_t at = 0, i;

	add_tag(sarif, &tags, STR("security"));
	add_tag(sarif, &tags, STR("amazon-ivs"));
	add_tag(sarif, &tags, rule->category);
	while (finding_next_control(rule, &at, &framework, &id)) {
		buf_clear(&control);
		buf_put_str(&control, framework);
		buf_putc(&control, '/');
		buf_put_str(&control, id);
		add_tag(sarif, &tags, buf_str(&control));
	}
	buf_release(&control);
	PUT(out, "\"tags\":[");
	for (i = 0; i < tags.n; i++) {
		if (i != 0)
			PUT(out, ",");
		json_text_put(&sarif->text, out, tags.list[i], 0);
	}
	PUT(out, "]");
}

/* What the rule is for and what to do, the same for every result. */
static void put_help(struct sarif *sarif, struct buf *out, const struct rule *rule)
{
	struct buf *b = &sarif->markdown, *shown = &sarif->text.shown;
	struct str reference = finding_reference(rule);

	buf_clear(b);
	PUT(b, "**");
	sarif_put_markdown(sarif, rule->title.len != 0 ? rule->title : rule->id);
	PUT(b, "**\n");
	if (rule->rationale.len != 0) {
		PUT(b, "\n");
		sarif_put_markdown(sarif, rule->rationale);
		PUT(b, "\n");
	}
	if (rule->remediation.len != 0) {
		PUT(b, "\n**What to do:** ");
		sarif_put_markdown(sarif, rule->remediation);
		PUT(b, "\n");
	}
	if (reference.len != 0) {
		PUT(b, "\nSee <");
		buf_put_str(b, reference);
		PUT(b, ">\n");
	}
	finding_put_folded(shown, rule->remediation.len != 0 ? rule->remediation : rule->title);
	if (shown->len == 0)
		buf_put_str(shown, rule->id);
	sarif_put_message(sarif, out, ",\"help\":{\"text\":", buf_str(shown));
	buf_clear(shown);
	json_text_raw(&sarif->text, out, ",\"markdown\":", buf_str(b));
	PUT(out, "}");
	json_text_member(&sarif->text, out,
			 ",\"helpUri\":", reference.len != 0 ? reference : STR(GUIDE));
}

static void put_rule(struct report *r, const struct rule *rule)
{
	struct sarif *sarif = r->state;
	enum severity severity = policy_rule_severity(r->run->policy, rule);
	const struct finding as_fail = { .verdict = VERDICT_FAIL, .severity = severity };
	struct buf *out = &r->out;
	struct str title = rule->title.len != 0 ? rule->title : rule->id;

	json_text_member(&sarif->text, out, "{\"id\":", rule->id);
	put_described(sarif, out, ",\"shortDescription\":", title);
	put_described(sarif, out,
		      ",\"fullDescription\":", rule->rationale.len != 0 ? rule->rationale : title);
	put_help(sarif, out, rule);
	buf_printf(out, ",\"defaultConfiguration\":{\"level\":\"%s\"}", sarif_level(&as_fail));
	PUT(out, ",\"properties\":{");
	put_tags(sarif, out, rule);
	buf_printf(
	    out, ",\"severity\":\"%s\",\"security-severity\":\"%s\",\"precision\":\"very-high\"}}",
	    severity_name(severity), security_severity(severity));
}

void sarif_start_item(struct report *r)
{
	struct sarif *sarif = r->state;

	buf_puts(&r->out, sarif->some ? ",\n" : "\n");
	sarif->some = true;
}

void sarif_put_driver(struct report *r)
{
	const struct policy *policy = r->run->policy;
	struct sarif *sarif = r->state;
	struct buf *out = &r->out;
	size_t i;

	PUT(out, "{\"tool\":{\"driver\":{\"name\":\"ivslint\"");
	json_text_member(&sarif->text, out, ",\"version\":", report_str(r->run->version));
	json_text_member(&sarif->text, out, ",\"semanticVersion\":", report_str(r->run->version));
	PUT(out, ",\"rules\":[");
	sarif->some = false;
	for (i = 0; i < policy->n_rules; i++) {
		if (sarif->index[i] == UINT32_MAX)
			continue;
		sarif_start_item(r);
		put_rule(r, &policy->rules[i]);
		report_spill(r);
	}
	PUT(out, "]}}");
}
