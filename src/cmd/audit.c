/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipeline. Knows the order of things; knows neither formats nor rules.
 */
#include "cmd/audit_inside.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/limit.h"
#include "base/log.h"
#include "cmd/cmd.h"

/* From here on a run is worth the time that fast patterns take to make. */
#define WARM_SIZE ((size_t)96 << 10)

/* What a fetch has read is audited to its end, which a signal makes come soon. */
static bool is_interrupted(const struct audit *a)
{
	return interrupt_signal() != 0 && a->options->stream == NULL;
}

/* The next stretch into a sheet of the worker that is free. */
static bool take_stretch(struct worker *w)
{
	struct audit *a = w->audit;
	/* the one that was used last is nearest, where its turn had come */
	struct turn_item *sheets[1 + SHEETS] = { &w->sheet->turn };
	struct stretch *stretch;
	bool more;
	size_t i;

	for (i = 0; i < SHEETS; i++)
		sheets[1 + i] = &w->sheets[i].turn;
	w->sheet = (struct sheet *)turn_pick(&a->turn, sheets, 1 + SHEETS);
	stretch = &w->sheet->stretch;
	pthread_mutex_lock(&a->feed_lock);
	more = !is_interrupted(a) && !a->nobody_reads && feed_claim(a->feed, stretch);
	/* nobody judges before the first stretch is out */
	if (more && !a->warmed) {
		a->warmed = true;
		if (stretch->used >= WARM_SIZE)
			policy_warm(a->policy);
	}
	pthread_mutex_unlock(&a->feed_lock);
	if (more)
		feed_read(a->feed, stretch);
	return more;
}

static void *work(void *worker)
{
	struct worker *w = worker;

	while (take_stretch(w))
		audit_read_sheet(w);
	return NULL;
}

static void make_shares(struct audit *a, struct worker *workers, unsigned n)
{
	unsigned i;
	size_t k;

	for (i = 0; i < n && a->reports != NULL; i++)
		for (k = 0; k < SHEETS; k++)
			workers[i].sheets[k].share = share_new(a->reports);
}

/* Threads cost more than a small audit does: the first stretch shows whether
 * there is anything to share. */
static void work_together(struct audit *a, struct worker *workers, unsigned n)
{
	unsigned i;

	if (!take_stretch(&workers[0]))
		return;
	if (workers[0].sheet->stretch.used >= WARM_SIZE / 2 && n > 1) {
		a->alone = false;
		make_shares(a, workers, n);
		for (i = 1; i < n; i++)
			workers[i].started =
			    pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
	}
	audit_read_sheet(&workers[0]);
	work(&workers[0]);
	for (i = 1; i < n; i++)
		if (workers[i].started)
			pthread_join(workers[i].thread, NULL);
}

static void start_worker(struct worker *w, struct audit *a, struct arena *arena)
{
	size_t k;

	w->audit = a;
	w->engine = engine_worker_new(a->engine);
	w->learned = json_learned_new(inputs_json_shape(a->inputs), arena);
	for (k = 0; k < SHEETS; k++)
		w->sheets[k].audit = a;
	w->sheet = &w->sheets[0];
}

static void end_worker(struct worker *w)
{
	size_t k;

	engine_worker_free(w->engine);
	for (k = 0; k < SHEETS; k++)
		sheet_release(&w->sheets[k]);
}

/* ---- the whole -------------------------------------------------------- */

static int take_group_judgement(void *to, const struct judgement *j)
{
	struct audit *a = to;

	if (a->options->taker != NULL)
		a->options->taker->judgement(a->options->taker->to, j);
	if (a->reports != NULL && j->n_findings != 0)
		reports_judgement(a->reports, j);
	return 0;
}

/* The fetch is told that nobody reads any more before it is waited for. */
static void tell_ended(struct audit *a)
{
	const struct audit_stream *stream = a->options->stream;
	struct problem problem;

	if (stream == NULL)
		return;
	feed_free(a->feed);
	a->feed = NULL;
	while (stream->ended(stream->to, a->summary->problems, &problem))
		audit_tell_problem(a, problem.kind, problem.file, problem.line, problem.column,
				   problem.text);
	if (a->nothing_came && a->summary->problems == 0)
		audit_tell_problem(a, PROBLEM_CUT, stream->name, 0, 0, "the fetch wrote nothing");
	if (a->channels)
		audit_tell_problem(
		    a, PROBLEM_MISSING, stream->name, 0, 0,
		    "no channel was fetched, and rules of 'kind: channel' judge them: check "
		    "the output of 'aws ivs list-channels', and --skip these rules here");
}

bool audit_is_empty(const struct policy *policy, const struct tally *t)
{
	unsigned kinds = policy_kinds(policy);
	int k;

	for (k = 0; k < N_KINDS; k++)
		if ((kinds & KIND_BIT(k)) != 0 && tally_resources(t, (enum kind)k) != 0)
			return false;
	return true;
}

int audit_status(const struct audit_options *o, const struct summary *s)
{
	const struct tally *t = s->tally;
	int severity;

	if (!s->complete || (s->empty && !o->allow_empty))
		return STATUS_INCOMPLETE;
	for (severity = (int)o->fail_on; severity < N_SEVERITIES; severity++)
		if (t->fails[severity] != 0)
			return STATUS_FINDINGS;
	if (o->fail_on_undecided && t->verdicts[VERDICT_UNDECIDED] != 0)
		return STATUS_FINDINGS;
	return STATUS_PASS;
}

static struct feed *open_feed(const struct audit_options *o)
{
	struct feed *feed;

	if (o->stream == NULL)
		return feed_new(o->paths, o->n_paths, interrupt_fd());
	feed = feed_new(&o->stream->name, 1, -1);
	feed_from_fd(feed, o->stream->fd, o->stream->copy, o->stream->to);
	return feed;
}

void audit_run(struct policy *policy, const struct audit_options *options, struct reports *reports,
	       struct arena *arena, struct summary *summary)
{
	struct audit a = {
		.policy = policy,
		.options = options,
		.reports = reports,
		.feed_lock = PTHREAD_MUTEX_INITIALIZER,
		.unknown_lock = PTHREAD_MUTEX_INITIALIZER,
		.summary = summary,
		.alone = true,
	};
	struct tally *tally = ARENA_NEW(arena, struct tally);
	unsigned n = options->workers, i;
	struct worker *workers = ARENA_ARRAY(arena, n, struct worker);
	field_set needs = resource_closure(policy_needs(policy));
	bool channels = (policy_kinds(policy) & KINDS_CHANNEL) != 0;
	const struct input_options inputs = { .paths = options->paths,
					      .n_paths = options->n_paths,
					      .given = options->given,
					      .needs = options->stream == NULL ? needs : 0,
					      .channels = channels,
					      .channel_needs =
						  policy_needs_of(policy, KIND_CHANNEL) };

	*summary = (struct summary){ .tally = tally };
	tally_init(tally, policy, arena);
	a.kept = arena;
	summary->notes = a.notes = ARENA_ARRAY(arena, LIMIT_WAIVER_NOTES, const char *);
	a.engine = engine_new(policy, &options->engine);
	a.groups = engine_has_groups(a.engine);
	a.feed = open_feed(options);
	a.inputs = inputs_new(&inputs);
	a.needs = needs;
	a.channels = channels;
	turn_init(&a.turn, (size_t)n * SHEETS);
	for (i = 0; i < n; i++)
		start_worker(&workers[i], &a, arena);

	work_together(&a, workers, n);

	for (i = 0; i < n; i++)
		tally_add(tally, engine_worker_tally(workers[i].engine), policy);
	tell_ended(&a);
	if (!is_interrupted(&a))
		engine_finish(a.engine, tally, take_group_judgement, &a);
	summary->interrupted = is_interrupted(&a);
	summary->empty = audit_is_empty(policy, tally);
	summary->complete = summary->problems == 0 && !summary->interrupted && !a.nobody_reads &&
			    tally->verdicts[VERDICT_ERROR] == 0;
	summary->status = audit_status(options, summary);
	if (a.feed != NULL && feed_skipped(a.feed) != 0)
		log_verbose(
		    "%llu files of folders were not looked at: hidden, links, or of no known kind",
		    (unsigned long long)feed_skipped(a.feed));

	for (i = 0; i < n; i++)
		end_worker(&workers[i]);
	turn_release(&a.turn);
	feed_free(a.feed);
	inputs_free(a.inputs);
	engine_free(a.engine);
	arena_release(&a.unknown_arena);
}
