/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under the turn: what was read and judged goes to reports, group rules and takers
 * in the order of reading. Does not know who read it.
 */
#include "cmd/audit_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/log.h"
#include "input/fetched.h"
#include "input/survey.h"

void audit_tell_problem(struct audit *a, enum problem_kind kind, const char *file, uint32_t line,
			uint32_t column, const char *text)
{
	struct problem problem = {
		.kind = kind, .file = file, .line = line, .column = column, .text = text
	};

	if (problem_counts(kind)) {
		a->summary->problems++;
		a->problems_in_argument++;
	} else {
		a->summary->allowed++;
	}
	if (a->options->taker != NULL)
		a->options->taker->problem(a->options->taker->to, &problem);
	if (a->reports != NULL)
		reports_problem(a->reports, &problem);
}

void audit_take_judgement(struct audit *a, const struct judgement *j, struct share *share)
{
	if (a->groups)
		engine_collect(a->engine, j);
	if (a->options->taker != NULL)
		a->options->taker->judgement(a->options->taker->to, j);
	if (a->reports == NULL || j->n_findings == 0)
		return;
	if (share != NULL)
		share_rest(share, j);
	else
		reports_judgement(a->reports, j);
	if (reports_failed(a->reports))
		a->nobody_reads = true;
}

static void take_written(struct audit *a, struct share *share)
{
	share_hand_over(share);
	if (reports_failed(a->reports))
		a->nobody_reads = true;
}

/* Parts that are in no file: the file itself was read, and may be empty. */
static void take_unseen(struct audit *a, struct input_file *file, const struct trouble_told *t)
{
	if (++file->unseen <= LIMIT_PROBLEMS_PER_FILE)
		audit_tell_problem(a, a->options->allow_unseen ? PROBLEM_ALLOWED : PROBLEM_UNSEEN,
				   t->file != NULL ? t->file : file->name, t->line, t->column,
				   t->text);
}

static void take_trouble(struct audit *a, struct input_file *file, const struct trouble_told *t)
{
	static const enum problem_kind kinds[] = {
		[TROUBLE_UNREADABLE] = PROBLEM_UNREADABLE,
		[TROUBLE_REFUSED] = PROBLEM_REFUSED,
		[TROUBLE_CUT] = PROBLEM_CUT,
		[TROUBLE_MISSING] = PROBLEM_MISSING,
		[TROUBLE_NOT_FETCHED] = PROBLEM_MISSING,
	};

	if (t->kind == TROUBLE_UNSEEN) {
		take_unseen(a, file, t);
		return;
	}
	if (t->kind == TROUBLE_NOT_FETCHED)
		file->not_fetched++;
	else if (++file->refusals > LIMIT_PROBLEMS_PER_FILE)
		return;
	audit_tell_problem(a, kinds[t->kind], t->file != NULL ? t->file : file->name, t->line,
			   t->column, t->text);
}

/* NULL: the end of the file. */
static void take_mark(struct audit *a, struct input_file *file, const struct fetch_mark *mark,
		      uint64_t resources)
{
	struct trouble_told told = { 0 };

	told.text = fetched_take(&file->fetched, mark, file->resources + resources, file->refusals,
				 &told.kind, &told.line);
	if (told.text == NULL)
		return;
	told.column = told.line != 0;
	take_trouble(a, file, &told);
}

/* Nothing may pass for having held nothing to check. */
static void tell_empty_file(struct audit *a, const struct input_file *file)
{
	const char *none = a->channels ? "no recording configuration and no channel"
				       : "no recording configuration";
	char text[300];

	if (!file->opened)
		snprintf(text, sizeof(text), "%s: it is empty", none);
	else if (file->others == 0)
		snprintf(text, sizeof(text), "%s in it", none);
	else if (file->what_else[0] != '\0')
		snprintf(text, sizeof(text), "%s: it holds '%s'", none, file->what_else);
	else
		snprintf(text, sizeof(text), "%s: it holds something else", none);
	audit_tell_problem(a, PROBLEM_EMPTY, file->name, 0, 0, text);
}

/* Channels that rules ask for are no recording configurations, and were no mistake. */
static bool is_related(const struct audit *a, const struct input_file *file)
{
	return ((a->needs & FIELD_BIT(FIELD_CHANNELS)) != 0 || a->channels) &&
	       a->options->n_paths > 1 && file->others != 0 &&
	       survey_is_of(str_of(file->what_else));
}

/* A file of a folder that is named as JSON and holds nothing at all is no JSON: it is what
 * a command that failed leaves of its answer. One of lines may have none. */
static bool is_hollow(const struct input_file *file)
{
	static const char *const endings[] = { ".json", NULL };

	return !file->opened && file->refusals == 0 && input_named(file->name, endings);
}

/* What was too many to be told one by one. */
static void tell_more(struct audit *a, const struct input_file *file, uint64_t n,
		      enum problem_kind kind, const char *what)
{
	char text[100];

	if (n <= LIMIT_PROBLEMS_PER_FILE)
		return;
	snprintf(text, sizeof(text), "and %llu more %s",
		 (unsigned long long)(n - LIMIT_PROBLEMS_PER_FILE), what);
	audit_tell_problem(a, kind, file->name, 0, 0, text);
}

static void end_file(struct audit *a, struct input_file *file)
{
	/* of a live fetch that gave nothing at all its end says why */
	if (file->fetched.is && (file->opened || a->options->stream == NULL))
		take_mark(a, file, NULL, 0);
	a->nothing_came = !file->opened;
	tell_more(a, file, file->refusals, PROBLEM_REFUSED, "places that were refused");
	tell_more(a, file, file->unseen,
		  a->options->allow_unseen ? PROBLEM_ALLOWED : PROBLEM_UNSEEN,
		  "parts that are in no file");
	/* what is not seen may be a recording configuration: that is said already */
	if ((file->asked_for || is_hollow(file)) && file->resources == 0 && file->refusals == 0 &&
	    file->not_fetched == 0 && (file->unseen == 0 || a->options->allow_unseen) &&
	    !a->options->allow_empty && !is_related(a, file))
		tell_empty_file(a, file);
	else if (file->resources == 0 && file->others != 0)
		log_verbose("%s: no recording configuration in it%s%s%s", file->name,
			    file->what_else[0] != '\0' ? ": it holds '" : "", file->what_else,
			    file->what_else[0] != '\0' ? "'" : "");
	if (file->opened)
		a->summary->files++;
	a->summary->other_documents += file->others;
	a->in_argument += file->resources;
	free(file->name);
	free(file);
}

static void end_argument(struct audit *a, const struct segment *g)
{
	/* a folder; a file has told by itself */
	if (g->file == NULL && a->in_argument == 0 && a->problems_in_argument == 0 &&
	    !a->options->allow_empty)
		audit_tell_problem(a, PROBLEM_EMPTY, g->ends_argument, 0, 0,
				   a->channels
				       ? "no recording configuration and no channel in this folder"
				       : "no recording configuration in this folder");
	a->in_argument = 0;
	a->problems_in_argument = 0;
}

static void end_segment(struct sheet *s, struct segment *g, size_t i)
{
	struct audit *a = s->audit;

	if (g->file != NULL) {
		g->file->resources += s->counts[i].resources;
		if (g->file->others == 0)
			memcpy(g->file->what_else, s->counts[i].what_else,
			       sizeof(g->file->what_else));
		g->file->others += s->counts[i].others;
	}
	if (g->kind == SEGMENT_TROUBLE)
		take_trouble(a, g->file,
			     &(struct trouble_told){ g->trouble, g->source.first_line,
						     g->source.first_column, g->text, NULL });
	if (g->ends_file)
		end_file(a, g->file);
	if (g->ends_argument != NULL)
		end_argument(a, g);
}

static void tell_progress(struct audit *a, const struct stretch *s)
{
	if (a->options->progress == NULL)
		return;
	a->bytes += s->used;
	progress_at(a->options->progress, a->bytes, progress_clock());
}

static void take_waiver_note(struct audit *a, const char *text)
{
	struct summary *s = a->summary;

	if (s->n_notes == LIMIT_WAIVER_NOTES) {
		s->notes_left_out++;
		return;
	}
	a->notes[s->n_notes++] = arena_strdup(a->kept, text);
}

void audit_take_event(struct sheet *s, struct input_file *file, const struct event *e)
{
	struct audit *a = s->audit;

	switch (e->kind) {
	case EVENT_WRITTEN:
		take_written(a, s->share);
		break;
	case EVENT_JUDGEMENT:
		audit_take_judgement(a, e->judgement, s->share);
		break;
	case EVENT_TROUBLE:
		take_trouble(a, file, &e->trouble);
		break;
	case EVENT_MARK:
		take_mark(a, file, &e->mark.mark, e->mark.resources);
		break;
	case EVENT_NOTE:
		log_note("%s: %s", file->name, e->note);
		break;
	case EVENT_WAIVER_NOTE:
		take_waiver_note(a, e->note);
		break;
	}
}

void audit_take_segments(struct sheet *s, size_t before)
{
	struct segment *segments = s->stretch.segments;

	for (;; s->handed++) {
		for (; s->next_event < s->n_events && s->events[s->next_event].segment == s->handed;
		     s->next_event++)
			audit_take_event(s, segments[s->handed].file, &s->events[s->next_event]);
		if (s->handed == before)
			break;
		end_segment(s, &segments[s->handed], s->handed);
	}
}

void audit_take_sheet(void *to, struct turn_item *item)
{
	struct sheet *s = (struct sheet *)item;

	audit_take_segments(s, s->stretch.n);
	tell_progress(to, &s->stretch);
}
