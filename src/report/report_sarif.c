/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 (OASIS, errata 01) as code scanning takes it: a run for each
 * account and region, so that a region that was not read closes no alert; all
 * rules in each; every result at a relative path and a line; the most severe
 * first, as readers keep only so many.
 */
#include <stdlib.h>

#include "base/text.h"
#include "report/report_part.h"
#include "report/sarif_inside.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"
#define KEPT_RESULTS 5000 /* of a run, by code scanning */

/* Sets of `ranked`: results by run, and behind them the notifications. */
#define NOTIFICATIONS LIMIT_SARIF_RUNS

/* ---- results and problems ---------------------------------------------------- */

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
	size_t i = 0, run = run_of(sarif, &j->subject);
	const struct finding *f;

	while ((f = report_next_shown(r, j, &i)) != NULL) {
		if (!ranked_wants(sarif->ranked, run, rank_of(f)))
			continue;
		sarif_put_result(sarif, j, f);
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
	sarif_put_message(sarif, b, ",\"message\":{\"text\":", buf_str(&sarif->text.shown));
	buf_clear(&sarif->text.shown);
	PUT(b, "},\"locations\":[{");
	sarif_put_physical(sarif, b, &place);
	PUT(b, "}]}");
	ranked_put(sarif->ranked, NOTIFICATIONS, RANK_ERROR, buf_str(b));
}

/* ---- runs -------------------------------------------------------------------- */

static void put_item(void *to, struct str item)
{
	struct report *r = to;

	sarif_start_item(r);
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

	sarif_start_item(r);
	buf_printf(&r->out, "{\"level\":\"%s\"", level);
	sarif_put_message(sarif, &r->out, ",\"message\":{\"text\":", text);
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
	if (report_nothing_applied(s))
		put_note(r, "note", STR("no rule applied to anything"));
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

/*
 * By its id code scanning tells a later run of the same from one of something else,
 * whose alerts it must not close. What is of no account has none: upload-sarif then
 * takes its `category`, or the workflow and the job, and asks for neither where an id
 * is there.
 */
static void put_category(struct sarif *sarif, struct buf *out, size_t run)
{
	const struct sarif_scope *scope = &sarif->scopes[run];
	struct buf *shown = &sarif->text.shown;

	PUT(shown, "ivslint/");
	if (run == LIMIT_SARIF_RUNS - 1) {
		PUT(shown, "more/");
	} else if (scope->account.len == 0 && scope->region.len == 0) {
		buf_clear(shown);
		return;
	} else {
		buf_put_str(shown, scope->account);
		if (scope->account.len != 0)
			PUT(shown, "/");
		buf_put_str(shown, scope->region);
		if (scope->region.len != 0)
			PUT(shown, "/");
	}
	json_text_shown(&sarif->text, out, ",\n\"automationDetails\":{\"id\":");
	PUT(out, "}");
}

/* Which version the files of the results are of, and which folder is its root. */
static void put_provenance(struct sarif *sarif, struct buf *out, const struct run *run)
{
	const struct revision *revision = run->revision;

	if (revision == NULL)
		return;
	json_text_member(&sarif->text, out, ",\n\"versionControlProvenance\":[{\"repositoryUri\":",
			 revision->repository);
	json_text_some(&sarif->text, out, ",\"revisionId\":", revision->commit);
	json_text_some(&sarif->text, out, ",\"branch\":", revision->branch);
	json_text_some(&sarif->text, out, ",\"revisionTag\":", revision->tag);
	if (run->root != NULL)
		PUT(out, ",\"mappedTo\":{\"uriBaseId\":\"%SRCROOT%\"}");
	PUT(out, "}]");
}

static void put_run(struct report *r, const struct summary *s, size_t run)
{
	const struct policy *policy = r->run->policy;
	struct sarif *sarif = r->state;
	struct buf *out = &r->out;

	PUT(out, "\n");
	sarif_put_driver(r);
	put_category(sarif, out, run);
	put_invocation(r, s, run);
	put_provenance(sarif, out, r->run);
	PUT(out, ",\n\"originalUriBaseIds\":{\"%SRCROOT%\":{\"description\":{\"text\":\"");
	buf_puts(out, r->run->root != NULL ? "the folder of the repository"
					   : "the folder that ivslint ran in");
	PUT(out, "\"}},\"FILESYSTEM\":{\"uri\":\"file:///\"}}");
	PUT(out, ",\n\"columnKind\":\"unicodeCodePoints\"");
	json_text_member(&sarif->text, out, ",\n\"properties\":{\"policy\":",
			 policy->name.len != 0 ? policy->name : report_str(policy->file));
	json_text_member(&sarif->text, out,
			 ",\"policyDigest\":", report_str(policy_digest(policy)));
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
