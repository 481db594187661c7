/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 (OASIS, errata 01) as code scanning takes it: a run for each
 * account and region, so that a region that was not read closes no alert; all
 * rules in each; every result at a relative path and a line; the most severe
 * first, as readers keep only so many.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/limit.h"
#include "base/text.h"
#include "report/finding_part.h"
#include "report/json_text.h"
#include "report/ranked.h"
#include "report/report_part.h"
#include "report/report_place.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"
#define GUIDE        "https://docs.aws.amazon.com/ivs/latest/LowLatencyUserGuide/record-to-s3.html"
#define KEPT_RESULTS 5000 /* of a run, by code scanning */
#define MOST_TAGS    20
#define MOST_TEXT    1000 /* of a description: code scanning takes 1024 characters */

/* Sets of `ranked`: results by run, and behind them the notifications. */
#define NOTIFICATIONS LIMIT_SARIF_RUNS

struct sarif_scope {
	struct str account, region;
};

struct sarif {
	struct arena arena;
	struct report_places *places;
	struct ranked *ranked;
	struct json_text text;
	struct buf item, markdown, plain;
	struct sarif_scope scopes[LIMIT_SARIF_RUNS];
	size_t n_scopes;
	bool more; /* the last run holds what had no run of its own */
	uint32_t
	    *index; /* of a rule among the run's, UINT32_MAX for none; by index in the policy */
	bool some;  /* an item of the array being written is there */
	uint64_t most, room; /* results of a run, and how many of them there is room for yet */
};

/* ---- escaping ---------------------------------------------------------------- */

/* Readers make links of "[text](target)" in a message (3.11.6): no text from
 * outside may. */
static struct str without_links(struct sarif *sarif, struct str s)
{
	struct buf *b = &sarif->plain;
	size_t i;

	s = finding_visible(&sarif->text.visible, s);
	buf_clear(b);
	for (i = 0; i < s.len; i++) {
		buf_putc(b, s.data[i]);
		if (s.data[i] == ']' && i + 1 < s.len && s.data[i + 1] == '(')
			buf_putc(b, ' ');
	}
	return buf_str(b);
}

static void put_message(struct sarif *sarif, struct buf *out, const char *name, struct str s)
{
	json_text_member(&sarif->text, out, name, without_links(sarif, s));
}

/* An author's text as Markdown that says just that. */
static void put_markdown(struct sarif *sarif, struct str s)
{
	struct buf *out = &sarif->markdown;
	size_t i;

	buf_clear(&sarif->plain);
	finding_put_folded(&sarif->plain, s);
	s = finding_visible(&sarif->text.visible, buf_str(&sarif->plain));
	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '<')
			PUT(out, "&lt;");
		else if (s.data[i] == '&')
			PUT(out, "&amp;");
		else if (strchr("\\`*_[]()#!|~:@>+-=.", s.data[i]) != NULL)
			buf_printf(out, "\\%c", s.data[i]);
		else
			buf_putc(out, s.data[i]);
	}
}

/* ---- results ----------------------------------------------------------------- */

static const char *level_of(const struct finding *f)
{
	static const char *const levels[N_SEVERITIES] = { "note", "note", "warning", "error",
							  "error" };

	if (f->verdict != VERDICT_FAIL && f->verdict != VERDICT_WAIVED)
		return "none";
	return levels[f->severity];
}

static const char *kind_of(const struct finding *f)
{
	static const char *const kinds[N_VERDICTS] = {
		[VERDICT_PASS] = "pass",      [VERDICT_FAIL] = "fail",
		[VERDICT_WAIVED] = "fail",    [VERDICT_NOT_APPLICABLE] = "notApplicable",
		[VERDICT_UNDECIDED] = "open", [VERDICT_ERROR] = "open",
	};

	return kinds[f->verdict];
}

/* A place that code scanning accepts: relative, percent-encoded, of line 1 on.
 * What lies outside of the current folder is relative to the root of the file
 * system, by a base id, since a path with a scheme or a leading slash would get
 * the whole file refused. */
static void put_physical(struct sarif *sarif, struct buf *b, const struct report_place *place)
{
	buf_clear(&sarif->plain);
	report_put_uri(&sarif->plain, place->path);
	PUT(b, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
	buf_put_str(b, buf_str(&sarif->plain));
	PUT(b, "\",\"uriBaseId\":\"");
	buf_puts(b, place->outside ? "FILESYSTEM" : "%SRCROOT%");
	buf_printf(b, "\"},\"region\":{\"startLine\":%u,\"startColumn\":%u}}", place->line,
		   place->column);
}

static void put_location(struct sarif *sarif, struct buf *b, const struct judgement *j,
			 const struct finding *f)
{
	struct report_place place = report_place_of_finding(sarif->places, j, f);

	PUT(b, ",\"locations\":[{");
	put_physical(sarif, b, &place);
	json_text_member(
	    &sarif->text, b,
	    ",\"logicalLocations\":[{\"kind\":\"resource\",\"fullyQualifiedName\":", j->subject.id);
	json_text_some(&sarif->text, b, ",\"name\":", j->subject.name);
	PUT(b, "}]}]");
}

static void put_properties(struct sarif *sarif, struct buf *b, const struct judgement *j,
			   const struct finding *f)
{
	struct json_text *t = &sarif->text;

	PUT(b, ",\"properties\":{\"verdict\":\"");
	buf_puts(b, verdict_name(f->verdict));
	PUT(b, "\",\"severity\":\"");
	buf_puts(b, severity_name(f->severity));
	PUT(b, "\"");
	json_text_member(t, b, ",\"resource\":", j->subject.id);
	json_text_some(t, b, ",\"account\":", j->subject.account);
	json_text_some(t, b, ",\"region\":", j->subject.region);
	json_text_some(t, b, ",\"field\":", f->field);
	finding_put_actual(&t->shown, f);
	json_text_some_shown(t, b, ",\"actual\":");
	json_text_some(t, b, ",\"expected\":", f->expected);
	json_text_some(t, b, ",\"reason\":", f->reason);
	if (j->is_group)
		PUT(b, ",\"group\":true");
	PUT(b, "}");
}

static void put_text(struct sarif *sarif, struct buf *b, const struct finding *f)
{
	struct buf *shown = &sarif->text.shown;

	buf_put_str(shown, finding_sentence(f));
	if (f->verdict != VERDICT_WAIVED && finding_reason(f).len != 0) {
		PUT(shown, " (");
		buf_put_str(shown, finding_reason(f));
		PUT(shown, ")");
	}
	if (shown->len == 0)
		buf_puts(shown, verdict_name(f->verdict));
	put_message(sarif, b, ",\"message\":{\"text\":", buf_str(shown));
	buf_clear(shown);
	PUT(b, "}");
}

static void put_suppressions(struct sarif *sarif, struct buf *b, const struct finding *f)
{
	PUT(b, ",\"suppressions\":[");
	if (f->verdict == VERDICT_WAIVED) {
		finding_put_waiver(&sarif->text.shown, f);
		json_text_shown(
		    &sarif->text, b,
		    "{\"kind\":\"external\",\"status\":\"accepted\",\"justification\":");
		PUT(b, "}");
	}
	PUT(b, "]");
}

static void put_result(struct sarif *sarif, const struct judgement *j, const struct finding *f)
{
	struct buf *b = &sarif->item;

	buf_clear(b);
	json_text_member(&sarif->text, b, "{\"ruleId\":", f->rule->id);
	if (sarif->index[f->rule->index] != UINT32_MAX)
		buf_printf(b, ",\"ruleIndex\":%u", sarif->index[f->rule->index]);
	buf_printf(b, ",\"kind\":\"%s\",\"level\":\"%s\"", kind_of(f), level_of(f));
	put_text(sarif, b, f);
	put_location(sarif, b, j, f);
	if (f->fingerprint[0] != '\0')
		buf_printf(b, ",\"partialFingerprints\":{\"ivslint/v1\":\"%s\"}", f->fingerprint);
	put_suppressions(sarif, b, f);
	put_properties(sarif, b, j, f);
	PUT(b, "}");
}

/* The run of an account and region; the last one is of all that are too many. */
static size_t run_of(struct sarif *sarif, const struct subject *s)
{
	struct sarif_scope *scope;
	size_t i;

	for (i = 0; i < sarif->n_scopes; i++)
		if (str_equal(sarif->scopes[i].account, s->account) &&
		    str_equal(sarif->scopes[i].region, s->region))
			return i;
	if (sarif->n_scopes == LIMIT_SARIF_RUNS - 1) {
		sarif->more = true;
		return LIMIT_SARIF_RUNS - 1;
	}
	scope = &sarif->scopes[sarif->n_scopes];
	scope->account = arena_str(&sarif->arena, s->account);
	scope->region = arena_str(&sarif->arena, s->region);
	return sarif->n_scopes++;
}

static void sarif_judgement(struct report *r, const struct judgement *j)
{
	struct sarif *sarif = r->state;
	size_t i, run = run_of(sarif, &j->subject);
	const struct finding *f;

	for (i = 0; i < j->n_findings; i++) {
		f = &j->findings[i];
		if (!report_shows(r, f) || !ranked_wants(sarif->ranked, run, rank_of(f)))
			continue;
		put_result(sarif, j, f);
		ranked_put(sarif->ranked, run, rank_of(f), buf_str(&sarif->item));
	}
}

static void sarif_problem(struct report *r, const struct problem *p)
{
	struct sarif *sarif = r->state;
	struct report_place place;
	struct buf *b = &sarif->item;

	if (!ranked_wants(sarif->ranked, NOTIFICATIONS, RANK_ERROR))
		return;
	place = report_place_of_problem(sarif->places, p);
	buf_clear(b);
	buf_printf(b, "{\"level\":\"%s\",\"descriptor\":{\"id\":\"%s",
		   problem_counts(p->kind) ? "error" : "note", problem_kind_name(p->kind));
	PUT(b, "\"}");
	buf_put_str(&sarif->text.shown, report_str(p->file));
	if (sarif->text.shown.len != 0)
		PUT(&sarif->text.shown, ": ");
	buf_put_str(&sarif->text.shown, report_str(p->text));
	put_message(sarif, b, ",\"message\":{\"text\":", buf_str(&sarif->text.shown));
	buf_clear(&sarif->text.shown);
	PUT(b, "},\"locations\":[{");
	put_physical(sarif, b, &place);
	PUT(b, "}]}");
	ranked_put(sarif->ranked, NOTIFICATIONS, RANK_ERROR, buf_str(b));
}

/* ---- rules ------------------------------------------------------------------- */

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
	json_text_put(&sarif->text, out, without_links(sarif, buf_str(shown)), MOST_TEXT);
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
	put_markdown(sarif, rule->title.len != 0 ? rule->title : rule->id);
	PUT(b, "**\n");
	if (rule->rationale.len != 0) {
		PUT(b, "\n");
		put_markdown(sarif, rule->rationale);
		PUT(b, "\n");
	}
	if (rule->remediation.len != 0) {
		PUT(b, "\n**What to do:** ");
		put_markdown(sarif, rule->remediation);
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
	put_message(sarif, out, ",\"help\":{\"text\":", buf_str(shown));
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
	buf_printf(out, ",\"defaultConfiguration\":{\"level\":\"%s\"}", level_of(&as_fail));
	PUT(out, ",\"properties\":{");
	put_tags(sarif, out, rule);
	buf_printf(
	    out, ",\"severity\":\"%s\",\"security-severity\":\"%s\",\"precision\":\"very-high\"}}",
	    severity_name(severity), security_severity(severity));
}

static void put_item_start(struct report *r)
{
	struct sarif *sarif = r->state;

	buf_puts(&r->out, sarif->some ? ",\n" : "\n");
	sarif->some = true;
}

static void put_driver(struct report *r)
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
		put_item_start(r);
		put_rule(r, &policy->rules[i]);
		report_spill(r);
	}
	PUT(out, "]}}");
}

/* ---- runs -------------------------------------------------------------------- */

static void put_item(void *to, struct str item)
{
	struct report *r = to;

	put_item_start(r);
	buf_put_str(&r->out, item);
	report_spill(r);
}

/* Of the results of a run, the most severe first. */
static void put_kept(void *to, struct str item)
{
	struct report *r = to;
	struct sarif *sarif = r->state;

	if (sarif->room == 0)
		return;
	sarif->room--;
	put_item(r, item);
}

static void put_note(struct report *r, const char *level, struct str text)
{
	struct sarif *sarif = r->state;

	put_item_start(r);
	buf_printf(&r->out, "{\"level\":\"%s\"", level);
	put_message(sarif, &r->out, ",\"message\":{\"text\":", text);
	PUT(&r->out, "}}");
}

static void put_limits(struct report *r, size_t run)
{
	struct sarif *sarif = r->state;
	struct buf *shown = &sarif->text.shown;
	uint64_t n = ranked_offered(sarif->ranked, run);

	buf_clear(shown);
	if (n > sarif->most)
		buf_printf(shown,
			   "%llu of %llu results are left out, the least severe: a run holds %llu",
			   (unsigned long long)(n - sarif->most), (unsigned long long)n,
			   (unsigned long long)sarif->most);
	else if (n > KEPT_RESULTS)
		buf_printf(shown,
			   "of %llu results code scanning keeps the first %d, the most severe",
			   (unsigned long long)n, KEPT_RESULTS);
	if (shown->len != 0)
		put_note(r, "warning", buf_str(shown));
	buf_clear(shown);
	if (run != LIMIT_SARIF_RUNS - 1)
		return;
	buf_printf(shown, "this run holds what is of more than %d accounts and regions",
		   LIMIT_SARIF_RUNS - 1);
	put_note(r, "note", buf_str(shown));
	buf_clear(shown);
}

static void put_notes(struct report *r, const struct summary *s)
{
	const struct policy *policy = r->run->policy;
	struct sarif *sarif = r->state;
	struct buf *shown = &sarif->text.shown;
	size_t i;

	for (i = 0; i < policy->n_waivers; i++) {
		buf_clear(shown);
		if (report_put_waiver_note(shown, r->run, s, &policy->waivers[i]))
			put_note(r, "note", buf_str(shown));
	}
	for (i = 0; buf_clear(shown), report_put_note(shown, s, i); i++)
		put_note(r, "note", buf_str(shown));
	buf_clear(shown);
	if (ranked_left_out(sarif->ranked, NOTIFICATIONS) != 0) {
		buf_printf(shown, "%llu more problems are left out",
			   (unsigned long long)ranked_left_out(sarif->ranked, NOTIFICATIONS));
		put_note(r, "error", buf_str(shown));
		buf_clear(shown);
	}
}

static void put_invocation(struct report *r, const struct summary *s, size_t run)
{
	struct sarif *sarif = r->state;
	struct buf *out = &r->out;
	bool whole = s->status == 0 || s->status == 1;

	PUT(out, ",\n\"invocations\":[{\"executionSuccessful\":");
	buf_puts(out, whole ? "true" : "false");
	buf_printf(out, ",\"exitCode\":%d,\"startTimeUtc\":\"", s->status);
	text_time_put(out, r->run->started);
	PUT(out, "Z\",\"toolExecutionNotifications\":[");
	sarif->some = false;
	if (!whole) {
		report_put_outcome(&sarif->text.shown, r->run, s);
		put_note(r, "error", buf_str(&sarif->text.shown));
		buf_clear(&sarif->text.shown);
	}
	put_limits(r, run);
	/* What is of the audit and of no account is said once. */
	if (run == 0) {
		ranked_each(sarif->ranked, r, NOTIFICATIONS, put_item, r);
		put_notes(r, s);
	}
	PUT(out, "]}]");
}

static void put_category(struct sarif *sarif, struct buf *shown, size_t run)
{
	const struct sarif_scope *scope = &sarif->scopes[run];

	PUT(shown, "ivslint/");
	if (run == LIMIT_SARIF_RUNS - 1) {
		PUT(shown, "more/");
		return;
	}
	buf_put_str(shown, scope->account);
	if (scope->account.len != 0)
		PUT(shown, "/");
	buf_put_str(shown, scope->region);
	if (scope->region.len != 0)
		PUT(shown, "/");
}

static void put_run(struct report *r, const struct summary *s, size_t run)
{
	const struct policy *policy = r->run->policy;
	struct sarif *sarif = r->state;
	struct buf *out = &r->out;

	PUT(out, "\n");
	put_driver(r);
	put_category(sarif, &sarif->text.shown, run);
	json_text_shown(&sarif->text, out, ",\n\"automationDetails\":{\"id\":");
	PUT(out, "}");
	put_invocation(r, s, run);
	PUT(out, ",\n\"originalUriBaseIds\":{\"%SRCROOT%\":{\"description\":{\"text\":\"the folder "
		 "that ivslint ran in\"}},\"FILESYSTEM\":{\"uri\":\"file:///\"}}");
	PUT(out, ",\n\"columnKind\":\"unicodeCodePoints\"");
	json_text_member(&sarif->text, out, ",\n\"properties\":{\"policy\":",
			 policy->name.len != 0 ? policy->name : report_str(policy->file));
	json_text_member(&sarif->text, out, ",\"policyDigest\":", report_str(policy_digest(policy)));
	PUT(out, "},\n\"results\":[");
	sarif->some = false;
	sarif->room = sarif->most;
	ranked_each(sarif->ranked, r, run, put_kept, r);
	PUT(out, "]}");
}

/* Code scanning refuses a file of more than 10 MB when packed: one that may be
 * larger holds no more of a run than is kept there anyway. */
static uint64_t most_of_run(const struct sarif *sarif)
{
	uint64_t n = 0;
	size_t run;

	for (run = 0; run < LIMIT_SARIF_RUNS; run++)
		n += ranked_offered(sarif->ranked, run) - ranked_left_out(sarif->ranked, run);
	return n > LIMIT_SARIF_FILE_RESULTS ? KEPT_RESULTS : LIMIT_SARIF_RESULTS;
}

static void sarif_end(struct report *r, const struct summary *s)
{
	struct sarif *sarif = r->state;
	size_t run;

	sarif->most = most_of_run(sarif);
	/* An audit of nothing is a run too, without results. */
	if (sarif->n_scopes == 0)
		sarif->scopes[sarif->n_scopes++] = (struct sarif_scope){ STR(""), STR("") };
	for (run = 0; run < sarif->n_scopes; run++) {
		if (run != 0)
			PUT(&r->out, ",");
		put_run(r, s, run);
	}
	if (sarif->more) {
		PUT(&r->out, ",");
		put_run(r, s, LIMIT_SARIF_RUNS - 1);
	}
	PUT(&r->out, "]}\n");
}

/* An account or region where all passes must have its run, to close its alerts. */
static bool sarif_wants_all(const struct report_options *options)
{
	(void)options;
	return true;
}

static void sarif_begin(struct report *r)
{
	const struct policy *policy = r->run->policy;
	struct sarif *sarif = mem_alloc(sizeof(*sarif));
	uint32_t n = 0;
	size_t i;

	*sarif = (struct sarif){ .arena = ARENA_INIT,
				 .places = report_places_new(r->run),
				 .ranked = ranked_new(LIMIT_SARIF_RUNS + 1, LIMIT_SARIF_RESULTS) };
	r->state = sarif;
	sarif->index = ARENA_ARRAY(&sarif->arena, policy->n_rules + 1, uint32_t);
	for (i = 0; i < policy->n_rules; i++)
		sarif->index[i] = policy_rule_judged(policy, &policy->rules[i]) ? n++ : UINT32_MAX;
	PUT(&r->out, "{\"$schema\":\"" SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[");
}

static void sarif_free(struct report *r)
{
	struct sarif *sarif = r->state;

	if (sarif == NULL)
		return;
	report_places_free(sarif->places);
	ranked_free(sarif->ranked);
	json_text_release(&sarif->text);
	buf_release(&sarif->item);
	buf_release(&sarif->markdown);
	buf_release(&sarif->plain);
	arena_release(&sarif->arena);
	free(sarif);
}

const struct report_format report_sarif = {
	.name = "sarif",
	.text = "SARIF 2.1.0 for code scanning: a run an account and region",
	.wants_all = sarif_wants_all,
	.begin = sarif_begin,
	.judgement = sarif_judgement,
	.problem = sarif_problem,
	.end = sarif_end,
	.free = sarif_free,
};
