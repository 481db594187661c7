/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotations of GitHub's workflows: commands to the runner, at the end of the
 * run, the most severe first, no more than a step is shown. The whole is in the
 * Markdown summary, which is a report of its own.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/limit.h"
#include "report/finding_part.h"
#include "report/ranked.h"
#include "report/report_part.h"
#include "report/report_place.h"

/* What a step shows ten of, each. */
enum level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, N_LEVELS };

static const char *const level_names[N_LEVELS] = { "error", "warning", "notice" };

struct github {
	struct report_places *places;
	struct ranked *ranked; /* a set a level */
	struct buf visible, shown, item;
};

static enum level level_of(const struct run *run, const struct finding *f)
{
	if (f->verdict == VERDICT_ERROR)
		return LEVEL_ERROR;
	if (f->verdict == VERDICT_UNDECIDED)
		return run->fail_on_undecided ? LEVEL_ERROR : LEVEL_WARNING;
	if (f->severity >= SEVERITY_HIGH)
		return LEVEL_ERROR;
	return f->severity >= SEVERITY_LOW ? LEVEL_WARNING : LEVEL_NOTICE;
}

/* ---- escaping ---------------------------------------------------------------- */

/* Of data, and of what stands in a property. Line ends of what came from outside
 * are visible by then; "%0A" in it is its own. */
static void put_escaped(struct github *g, struct str s, bool property)
{
	struct buf *b = &g->item;
	size_t i;

	s = finding_visible(&g->visible, s);
	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '%')
			PUT(b, "%25");
		else if (property && s.data[i] == ':')
			PUT(b, "%3A");
		else if (property && s.data[i] == ',')
			PUT(b, "%2C");
		else
			buf_putc(b, s.data[i]);
	}
}

/* A line of the text of its own. */
static void put_line(struct github *g, const char *label, struct str s)
{
	if (s.len == 0)
		return;
	PUT(&g->item, "%0A");
	buf_puts(&g->item, label);
	put_escaped(g, s, false);
}

static void put_shown_line(struct github *g, const char *label)
{
	put_line(g, label, buf_str(&g->shown));
	buf_clear(&g->shown);
}

/* ---- commands ---------------------------------------------------------------- */

static void put_command(struct github *g, enum level level, const struct report_place *place,
			struct str title)
{
	struct buf *b = &g->item;

	buf_clear(b);
	buf_printf(b, "::%s ", level_names[level]);
	if (place != NULL && !place->outside) {
		PUT(b, "file=");
		put_escaped(g, place->path, true);
		buf_printf(b, ",line=%u,col=%u,", place->line, place->column);
	}
	PUT(b, "title=");
	put_escaped(g, title, true);
	PUT(b, "::");
}

static void put_title(struct github *g, const struct finding *f)
{
	buf_puts(&g->shown, f->verdict == VERDICT_FAIL ? severity_name(f->severity)
						       : verdict_name(f->verdict));
	PUT(&g->shown, ": ");
	buf_put_str(&g->shown, f->rule->id);
}

static void put_finding(struct github *g, const struct judgement *j, const struct finding *f,
			enum level level)
{
	struct report_place place = report_place_of_finding(g->places, j, f);
	struct buf title = BUF_INIT(0);

	put_title(g, f);
	buf_put_str(&title, buf_str(&g->shown));
	buf_clear(&g->shown);
	put_command(g, level, &place, buf_str(&title));
	buf_release(&title);
	put_escaped(g, finding_sentence(f), false);
	put_line(g, "", finding_reason(f));
	put_line(g, "resource: ", j->subject.id);
	finding_put_actual(&g->shown, f);
	put_shown_line(g, "actual: ");
	put_line(g, "expected: ", f->expected);
	finding_put_folded(&g->shown, f->rule->remediation);
	put_shown_line(g, "fix: ");
	ranked_put(g->ranked, level, rank_of(f), buf_str(&g->item));
}

static void github_judgement(struct report *r, const struct judgement *j)
{
	struct github *g = r->state;
	const struct finding *f;
	enum level level;
	size_t i = 0;

	while ((f = report_next_open(j, &i)) != NULL) {
		level = level_of(r->run, f);
		if (ranked_wants(g->ranked, level, rank_of(f)))
			put_finding(g, j, f, level);
	}
}

static void github_problem(struct report *r, const struct problem *p)
{
	enum level level = problem_counts(p->kind) ? LEVEL_ERROR : LEVEL_NOTICE;
	struct github *g = r->state;
	struct report_place place;

	if (!ranked_wants(g->ranked, level, RANK_ERROR))
		return;
	place = report_place_of_problem(g->places, p);
	put_command(g, level, &place, STR("not audited"));
	put_escaped(g, report_str(p->file), false);
	if (report_str(p->file).len != 0)
		PUT(&g->item, ": ");
	put_escaped(g, report_str(p->text), false);
	ranked_put(g->ranked, level, RANK_ERROR, buf_str(&g->item));
}

/* ---- whole ------------------------------------------------------------------- */

struct shower {
	struct report *r;
	uint64_t left;
};

static void show(void *to, struct str item)
{
	struct shower *s = to;

	if (s->left == 0)
		return;
	s->left--;
	buf_put_str(&s->r->out, item);
	buf_putc(&s->r->out, '\n');
}

/* `room` commands; the last of them says how many there are besides. */
static void show_level(struct report *r, enum level level, uint64_t room)
{
	struct github *g = r->state;
	uint64_t n = ranked_offered(g->ranked, level);
	struct shower shower = { r, n > room ? room - 1 : n };

	ranked_each(g->ranked, r, level, show, &shower);
	if (n <= room)
		return;
	put_command(g, level, NULL, STR("ivslint"));
	report_put_count(&g->item, n - (room - 1), "more finding", "more findings");
	PUT(&g->item, " of this level: see the whole report");
	buf_put_str(&r->out, buf_str(&g->item));
	buf_putc(&r->out, '\n');
}

static void github_end(struct report *r, const struct summary *s)
{
	struct github *g = r->state;
	uint64_t room = LIMIT_ANNOTATIONS;
	int level;

	report_put_outcome(&g->shown, r->run, s);
	if (s->status != 0 && s->status != 1) {
		put_command(g, LEVEL_ERROR, NULL, STR("ivslint"));
		put_escaped(g, buf_str(&g->shown), false);
		buf_put_str(&r->out, buf_str(&g->item));
		buf_putc(&r->out, '\n');
		room--;
	}
	for (level = 0; level < N_LEVELS; level++)
		show_level(r, (enum level)level, level == LEVEL_ERROR ? room : LIMIT_ANNOTATIONS);
	/* An ordinary line, so that a clean run is told from one that never was. */
	PUT(&r->out, "ivslint: ");
	buf_put_str(&r->out, finding_visible(&g->visible, buf_str(&g->shown)));
	PUT(&r->out, "\n");
}

static bool github_wants_all(const struct report_options *options)
{
	(void)options;
	return false;
}

static void github_begin(struct report *r)
{
	struct github *g = mem_alloc(sizeof(*g));

	*g = (struct github){ .places = report_places_new(r->run),
			      .ranked = ranked_new(N_LEVELS, LIMIT_ANNOTATIONS) };
	r->state = g;
}

static void github_free(struct report *r)
{
	struct github *g = r->state;

	if (g == NULL)
		return;
	report_places_free(g->places);
	ranked_free(g->ranked);
	buf_release(&g->visible);
	buf_release(&g->shown);
	buf_release(&g->item);
	free(g);
}

const struct report_format report_github = {
	.name = "github",
	.text = "annotations of GitHub's workflows, and the summary of the step",
	.wants_all = github_wants_all,
	.begin = github_begin,
	.judgement = github_judgement,
	.problem = github_problem,
	.end = github_end,
	.free = github_free,
	.at_end = true,
};
