/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GitLab's Code Quality: one JSON array, the most severe first. Fingerprints
 * are what GitLab compares branches by: each is there once, and holds neither
 * line nor time. Waived findings are not degradations: they are left out.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/limit.h"
#include "report/finding_part.h"
#include "report/json_text.h"
#include "report/ranked.h"
#include "report/report_part.h"
#include "report/report_place.h"
#include "report/seen.h"

struct gitlab {
	struct report_places *places;
	struct ranked *ranked;
	struct json_text text;
	struct buf item;
	struct seen seen;
	bool some; /* an item was written */
};

/* ---- fingerprints ------------------------------------------------------------ */

/* With a salt where the same finding is met again (a resource that is in the
 * audit twice). */
static void print_of(struct gitlab *g, struct str of, char hex[DIGEST_HEX_SIZE])
{
	uint64_t times = seen_times(&g->seen, of);
	char salt[24];
	struct str parts[3] = { STR("ivslint/v1"), of, STR("") };

	snprintf(salt, sizeof(salt), "%llu", (unsigned long long)times);
	parts[2] = str_of(salt);
	digest_parts(parts, times == 0 ? 2 : 3, hex);
}

/* ---- items ------------------------------------------------------------------- */

static void put_place(struct gitlab *g, struct buf *b, const struct report_place *place)
{
	PUT(b, ",\"location\":{\"path\":");
	json_text_put(&g->text, b, place->path, 0);
	PUT(b, ",\"lines\":{\"begin\":");
	buf_put_uint(b, place->line);
	PUT(b, "}}}");
}

static void keep(struct gitlab *g, enum rank rank)
{
	ranked_put(g->ranked, 0, rank, buf_str(&g->item));
}

static const char *level_of(const struct run *run, const struct finding *f)
{
	static const char *const levels[N_SEVERITIES] = { "info", "minor", "major", "critical",
							  "blocker" };

	if (f->verdict == VERDICT_ERROR)
		return "blocker";
	if (f->verdict == VERDICT_UNDECIDED && run->fail_on_undecided)
		return "major";
	return f->verdict == VERDICT_FAIL ? levels[f->severity] : "info";
}

static void put_description(struct gitlab *g, struct buf *b, const struct judgement *j,
			    const struct finding *f)
{
	struct buf *shown = &g->text.shown;

	if (f->verdict == VERDICT_UNDECIDED)
		PUT(shown, "undecided: ");
	if (f->verdict == VERDICT_ERROR)
		PUT(shown, "error: ");
	buf_put_str(shown, finding_sentence(f));
	if (finding_reason(f).len != 0 && f->verdict != VERDICT_WAIVED) {
		PUT(shown, " (");
		buf_put_str(shown, finding_reason(f));
		buf_putc(shown, ')');
	}
	PUT(shown, " [");
	buf_put_str(shown, j->subject.id);
	buf_putc(shown, ']');
	json_text_shown(&g->text, b, "\"description\":");
}

/* An item begins with its fingerprint, 64 bytes, for the end to make unique. */
static void put_finding(struct gitlab *g, const struct run *run, const struct judgement *j,
			const struct finding *f)
{
	struct report_place place = report_place_of_finding(g->places, j, f);
	struct str parts[] = { str_of(f->fingerprint), place.path };
	char hex[DIGEST_HEX_SIZE];
	struct buf *b = &g->item;

	buf_clear(b);
	digest_parts(parts, 2, hex);
	buf_put(b, hex, DIGEST_HEX_SIZE - 1);
	put_description(g, b, j, f);
	json_text_member(&g->text, b, ",\"check_name\":", f->rule->id);
	PUT(b, ",\"severity\":\"");
	buf_puts(b, level_of(run, f));
	buf_putc(b, '"');
	put_place(g, b, &place);
	keep(g, rank_of(f));
}

static void gitlab_judgement(struct report *r, const struct judgement *j)
{
	struct gitlab *g = r->state;
	const struct finding *f;
	size_t i = 0;

	while ((f = report_next_open(j, &i)) != NULL)
		if (ranked_wants(g->ranked, 0, rank_of(f)))
			put_finding(g, r->run, j, f);
}

/* Of the audit: not of a rule. The description is in g->text.shown; `which` tells
 * it from others of the name. */
static void put_other(struct gitlab *g, struct str name, struct str which,
		      const struct report_place *place, const char *severity)
{
	struct str parts[] = { name, place->path, which };
	char hex[DIGEST_HEX_SIZE];
	struct buf *b = &g->item;

	digest_parts(parts, 3, hex);
	buf_clear(b);
	buf_put(b, hex, DIGEST_HEX_SIZE - 1);
	json_text_shown(&g->text, b, "\"description\":");
	json_text_member(&g->text, b, ",\"check_name\":", name);
	PUT(b, ",\"severity\":\"");
	buf_puts(b, severity);
	buf_putc(b, '"');
	put_place(g, b, place);
}

static void gitlab_problem(struct report *r, const struct problem *p)
{
	struct gitlab *g = r->state;
	struct report_place place;
	struct buf *shown = &g->text.shown;

	if (!ranked_wants(g->ranked, 0, RANK_ERROR))
		return;
	place = report_place_of_problem(g->places, p);
	buf_printf(shown, "not audited (%s): ", problem_kind_name(p->kind));
	buf_put_str(shown, report_str(p->file));
	if (report_str(p->file).len != 0)
		PUT(shown, ": ");
	buf_put_str(shown, report_str(p->text));
	if (problem_counts(p->kind))
		put_other(g, STR("ivslint-incomplete"), report_str(p->text), &place, "blocker");
	else
		put_other(g, STR("ivslint-allowed"), report_str(p->text), &place, "info");
	keep(g, RANK_ERROR);
}

/* ---- whole ------------------------------------------------------------------- */

static bool gitlab_wants_all(const struct report_options *options)
{
	(void)options;
	return false;
}

static void gitlab_begin(struct report *r)
{
	struct gitlab *g = mem_alloc(sizeof(*g));

	*g = (struct gitlab){ .places = report_places_new(r->run),
			      .ranked = ranked_new(1, LIMIT_GITLAB_FINDINGS) };
	r->state = g;
	PUT(&r->out, "[");
}

static void put_item(void *to, struct str item)
{
	struct report *r = to;
	struct gitlab *g = r->state;
	struct str print = { item.data, DIGEST_HEX_SIZE - 1 };
	char hex[DIGEST_HEX_SIZE];

	print_of(g, print, hex);
	buf_puts(&r->out, g->some ? ",\n{" : "\n{");
	g->some = true;
	PUT(&r->out, "\"fingerprint\":\"");
	buf_puts(&r->out, hex);
	PUT(&r->out, "\",");
	buf_put(&r->out, item.data + print.len, item.len - print.len);
	report_spill(r);
}

/* What no finding says: that the audit is not whole, and what was left out. */
static void put_audit(struct report *r, struct str name, const char *severity)
{
	struct gitlab *g = r->state;
	const struct problem nowhere = { .file = "" };
	struct report_place place = report_place_of_problem(g->places, &nowhere);

	put_other(g, name, STR(""), &place, severity);
	put_item(r, buf_str(&g->item));
}

static void gitlab_end(struct report *r, const struct summary *s)
{
	struct gitlab *g = r->state;
	uint64_t left_out = ranked_left_out(g->ranked, 0);

	if (s->status != 0 && s->status != 1) {
		report_put_outcome(&g->text.shown, r->run, s);
		put_audit(r, STR("ivslint-incomplete"), "blocker");
	}
	if (left_out != 0) {
		buf_printf(&g->text.shown, "%llu more findings are not in this report",
			   (unsigned long long)left_out);
		put_audit(r, STR("ivslint-left-out"), "info");
	}
	ranked_each(g->ranked, r, 0, put_item, r);
	PUT(&r->out, "\n]\n");
}

static void gitlab_free(struct report *r)
{
	struct gitlab *g = r->state;

	if (g == NULL)
		return;
	report_places_free(g->places);
	ranked_free(g->ranked);
	json_text_release(&g->text);
	buf_release(&g->item);
	seen_release(&g->seen);
	free(g);
}

const struct report_format report_gitlab = {
	.name = "gitlab",
	.text = "GitLab's Code Quality, for merge requests",
	.wants_all = gitlab_wants_all,
	.begin = gitlab_begin,
	.judgement = gitlab_judgement,
	.problem = gitlab_problem,
	.end = gitlab_end,
	.free = gitlab_free,
};
