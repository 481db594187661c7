/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipeline. Knows the order of things; knows neither formats nor rules.
 */
#include "cmd/audit.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/log.h"
#include "input/fetched.h"
#include "input/input.h"
#include "input/survey.h"
#include "report/share.h"

/* From here on a run is worth the time that fast patterns take to make. */
#define WARM_SIZE ((size_t)96 << 10)

static volatile sig_atomic_t signal_came;
static int wake[2] = { -1, -1 }; /* a pipe that ends waiting for input */

struct trouble_told {
	enum trouble kind;
	uint32_t line, column;
	const char *text;
	const char *file; /* NULL: of the segment */
};

struct mark_told {
	struct fetch_mark mark;
	uint64_t resources; /* of its segment, before it */
};

/* What a stretch held, until its turn comes. */
struct event {
	size_t segment;
	enum {
		EVENT_WRITTEN, /* a piece of the share */
		EVENT_JUDGEMENT,
		EVENT_TROUBLE,
		EVENT_MARK,
		EVENT_NOTE,
	} kind;
	union {
		const struct judgement *judgement;
		struct trouble_told trouble;
		struct mark_told mark;
		const char *note;
	};
};

struct audit {
	struct policy *policy;
	const struct audit_options *options;
	struct reports *reports;
	struct engine *engine;
	struct feed *feed;
	struct inputs *inputs;
	field_set needs;
	bool alone; /* one worker: every turn is its own, nothing has to wait */
	bool groups;
	bool nothing_came;        /* from the latest file */
	atomic_bool nobody_reads; /* every report failed: the run stops early */

	pthread_mutex_t feed_lock;
	bool warmed;

	pthread_mutex_t turn_lock;
	pthread_cond_t turn_came;
	uint64_t turn;

	/* Under the turn: */
	struct summary *summary;
	uint64_t in_argument; /* recording configurations of the argument so far */
	uint64_t problems_in_argument;
	uint64_t bytes; /* read */

	pthread_mutex_t unknown_lock;
	struct arena unknown_arena;
	struct str unknown[64]; /* fields that the table does not have, told once each */
	size_t n_unknown;
};

struct worker {
	struct audit *audit;
	struct engine_worker *engine;
	struct json_learned *learned;
	struct stretch stretch;
	struct arena arena;
	/* Of events alone: the reader takes back what it used for a configuration
	 * that is not kept, and what was allocated since. */
	struct arena told;
	struct event *events;
	size_t n_events, cap_events;
	struct share *share;       /* what it writes of reports by itself, or NULL */
	bool direct;               /* it is this worker's turn: what is read is taken at once */
	size_t handed, next_event; /* segments and events that were taken */
	size_t segment;
	/* of the segment being read, when there is nobody to wait for: of the file */
	struct {
		uint64_t resources, others;
		char what_else[64];
	} * counts;
	size_t cap_counts;
	pthread_t thread;
	bool started;
};

/* ---- signals ---------------------------------------------------------- */

static void on_signal(int number)
{
	int saved = errno;

	signal_came = number;
	/* whoever waits for input is another thread, maybe; a full pipe wakes as well */
	if (write(wake[1], "", 1) == -1)
		errno = saved;
	errno = saved;
}

void audit_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	if (pipe(wake) == -1)
		wake[0] = -1;
	sigemptyset(&action.sa_mask);
	/* a second one ends the program as if there were no handler */
	action.sa_flags = (int)SA_RESETHAND;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_flags = 0;
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

int audit_signal(void)
{
	return signal_came;
}

int audit_wake_fd(void)
{
	return wake[0];
}

int audit_end_by_signal(const char *text)
{
	int number = signal_came;

	log_error("interrupted: %s", text);
	signal(number, SIG_DFL);
	raise(number);
	return 128 + number;
}

/* ---- under the turn: in the order of reading -------------------------- */

static void tell_problem(struct audit *a, enum problem_kind kind, const char *file, uint32_t line,
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

/* share: what of its reports was written already, or NULL. */
static void take_judgement(struct audit *a, const struct judgement *j, struct share *share)
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
		tell_problem(a, a->options->allow_unseen ? PROBLEM_ALLOWED : PROBLEM_UNSEEN,
			     t->file != NULL ? t->file : file->name, t->line, t->column, t->text);
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
	tell_problem(a, kinds[t->kind], t->file != NULL ? t->file : file->name, t->line, t->column,
		     t->text);
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
	char text[300];

	if (!file->opened)
		snprintf(text, sizeof(text), "no recording configuration: it is empty");
	else if (file->others == 0)
		snprintf(text, sizeof(text), "no recording configuration in it");
	else if (file->what_else[0] != '\0')
		snprintf(text, sizeof(text), "no recording configuration: it holds '%s'",
			 file->what_else);
	else
		snprintf(text, sizeof(text), "no recording configuration: it holds something else");
	tell_problem(a, PROBLEM_EMPTY, file->name, 0, 0, text);
}

/* Channels that rules ask for are no recording configurations, and were no mistake. */
static bool is_related(const struct audit *a, const struct input_file *file)
{
	return (a->needs & FIELD_BIT(FIELD_CHANNELS)) != 0 && a->options->n_paths > 1 &&
	       file->others != 0 && survey_is_of(str_of(file->what_else));
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
	tell_problem(a, kind, file->name, 0, 0, text);
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
	if (file->asked_for && file->resources == 0 && file->refusals == 0 &&
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
		tell_problem(a, PROBLEM_EMPTY, g->ends_argument, 0, 0,
			     "no recording configuration in this folder");
	a->in_argument = 0;
	a->problems_in_argument = 0;
}

static void end_segment(struct worker *w, struct segment *g, size_t i)
{
	struct audit *a = w->audit;

	if (g->file != NULL) {
		g->file->resources += w->counts[i].resources;
		if (g->file->others == 0)
			memcpy(g->file->what_else, w->counts[i].what_else,
			       sizeof(g->file->what_else));
		g->file->others += w->counts[i].others;
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

static void wait_for_turn(struct audit *a, uint64_t ticket)
{
	if (a->alone)
		return;
	pthread_mutex_lock(&a->turn_lock);
	while (a->turn != ticket)
		pthread_cond_wait(&a->turn_came, &a->turn_lock);
	pthread_mutex_unlock(&a->turn_lock);
}

static void tell_progress(struct audit *a, const struct stretch *s)
{
	if (a->options->progress == NULL)
		return;
	a->bytes += s->used;
	progress_at(a->options->progress, a->bytes, progress_clock());
}

static void pass_turn(struct audit *a)
{
	if (a->alone)
		return;
	pthread_mutex_lock(&a->turn_lock);
	a->turn++;
	pthread_cond_broadcast(&a->turn_came);
	pthread_mutex_unlock(&a->turn_lock);
}

static void take_event(struct worker *w, struct input_file *file, const struct event *e)
{
	struct audit *a = w->audit;

	switch (e->kind) {
	case EVENT_WRITTEN:
		take_written(a, w->share);
		break;
	case EVENT_JUDGEMENT:
		take_judgement(a, e->judgement, w->share);
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
	}
}

/* What was read of the stretch before a segment, of which nothing was handed over yet. */
static void hand_over(struct worker *w, size_t before)
{
	struct stretch *s = &w->stretch;

	for (; w->handed < before; w->handed++) {
		for (; w->next_event < w->n_events && w->events[w->next_event].segment == w->handed;
		     w->next_event++)
			take_event(w, s->segments[w->handed].file, &w->events[w->next_event]);
		end_segment(w, &s->segments[w->handed], w->handed);
	}
}

/* ---- side by side ----------------------------------------------------- */

static struct event *add_event(struct worker *w)
{
	struct event *e;

	if (w->n_events == w->cap_events) {
		w->cap_events = w->cap_events != 0 ? w->cap_events * 2 : 64;
		w->events = mem_grow(w->events, w->cap_events * sizeof(*w->events));
	}
	e = &w->events[w->n_events++];
	*e = (struct event){ .segment = w->segment };
	return e;
}

/* What comes next is told after the findings so far. */
static void end_piece(struct worker *w)
{
	if (w->share != NULL && share_cut(w->share))
		add_event(w)->kind = EVENT_WRITTEN;
}

/* Whether the judgement is needed yet when its turn comes; what can be written of it
 * now is. */
static bool is_to_be_kept(struct worker *w, const struct judgement *j)
{
	bool kept = w->audit->options->taker != NULL && j->n_findings != 0;

	if (j->n_findings != 0 && w->audit->reports != NULL)
		kept = w->share == NULL || share_judgement(w->share, j) || kept;
	return kept || j->facts != NULL;
}

static bool on_resource(void *to, struct resource *r)
{
	struct worker *w = to;
	struct judgement judgement, *kept;

	w->counts[w->segment].resources++;
	engine_judge(w->engine, r, &w->arena, &judgement);
	if (w->direct) {
		take_judgement(w->audit, &judgement, NULL);
		return false;
	}
	if (!is_to_be_kept(w, &judgement))
		return false;
	kept = ARENA_NEW(&w->told, struct judgement);
	*kept = judgement;
	*add_event(w) =
	    (struct event){ .segment = w->segment, .kind = EVENT_JUDGEMENT, .judgement = kept };
	return true;
}

static void on_trouble_in(void *to, const char *file, enum trouble kind, struct place place,
			  const char *text)
{
	struct worker *w = to;
	struct trouble_told told = { kind, place.line, place.column, text, file };

	if (w->direct) {
		take_trouble(w->audit, w->stretch.segments[w->segment].file, &told);
		return;
	}
	end_piece(w);
	told.text = arena_strdup(&w->told, text);
	if (file != NULL)
		told.file = arena_strdup(&w->told, file);
	*add_event(w) =
	    (struct event){ .segment = w->segment, .kind = EVENT_TROUBLE, .trouble = told };
}

static void on_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
		       const char *text)
{
	on_trouble_in(to, NULL, kind, (struct place){ line, column }, text);
}

static void on_mark(void *to, const struct fetch_mark *mark)
{
	struct worker *w = to;
	const struct event e = { .segment = w->segment,
				 .kind = EVENT_MARK,
				 .mark = { *mark, w->counts[w->segment].resources } };

	if (w->direct) {
		take_event(w, w->stretch.segments[w->segment].file, &e);
		return;
	}
	end_piece(w);
	*add_event(w) = e;
}

static void on_note(void *to, const char *text)
{
	struct worker *w = to;

	if (w->direct)
		log_note("%s: %s", w->stretch.segments[w->segment].file->name, text);
	else
		*add_event(w) = (struct event){ .segment = w->segment,
						.kind = EVENT_NOTE,
						.note = arena_strdup(&w->told, text) };
}

static void on_other(void *to, struct str first)
{
	struct worker *w = to;
	size_t len = first.len;

	if (w->counts[w->segment].others++ != 0)
		return;
	if (len >= sizeof(w->counts->what_else))
		len = 0;
	memcpy(w->counts[w->segment].what_else, first.data, len);
	w->counts[w->segment].what_else[len] = '\0';
}

/* Under -v: each name once, whatever the number of configurations. */
static void on_unknown(void *to, const char *parent, struct str name)
{
	struct worker *w = to;
	struct audit *a = w->audit;
	struct buf path = BUF_INIT(500);
	size_t i;

	buf_printf(&path, "%s%s", parent, *parent != '\0' ? "." : "");
	buf_put_str(&path, name);
	pthread_mutex_lock(&a->unknown_lock);
	for (i = 0; i < a->n_unknown; i++)
		if (str_equal(a->unknown[i], buf_str(&path)))
			break;
	if (i == a->n_unknown && i < sizeof(a->unknown) / sizeof(*a->unknown)) {
		a->unknown[a->n_unknown++] = arena_buf(&a->unknown_arena, &path);
		log_verbose("%s: the field '%s' is not known to this version and was passed over",
			    w->stretch.segments[w->segment].source.name, path.data);
	}
	pthread_mutex_unlock(&a->unknown_lock);
	buf_release(&path);
}

static void read_stretch(struct worker *w)
{
	struct audit *a = w->audit;
	const struct input_sink sink = {
		.to = w,
		.learned = w->learned,
		.resource = on_resource,
		.trouble = on_trouble,
		.trouble_in = on_trouble_in,
		.other = on_other,
		.unknown = log_level_now() >= LOG_VERBOSE ? on_unknown : NULL,
		.mark = on_mark,
		.note = on_note,
	};
	size_t i;

	w->n_events = w->next_event = w->handed = 0;
	if (w->stretch.n > w->cap_counts) {
		w->cap_counts = w->stretch.n;
		w->counts = mem_grow(w->counts, w->cap_counts * sizeof(*w->counts));
	}
	memset(w->counts, 0, w->stretch.n * sizeof(*w->counts));
	w->direct = a->alone;
	for (i = 0; i < w->stretch.n; i++) {
		struct segment *g = &w->stretch.segments[i];

		w->segment = i;
		/* what is read piece by piece may be of any size: nothing of it is kept */
		if (g->fd != -1 && !w->direct) {
			wait_for_turn(a, w->stretch.ticket);
			hand_over(w, i);
			w->direct = true;
		}
		if (g->source.bytes.len != 0)
			input_read(g, a->inputs, a->needs, &w->arena, &sink);
		if (w->direct) {
			arena_reset(&w->arena);
			hand_over(w, i + 1);
		} else {
			end_piece(w);
		}
	}
	if (!w->direct) {
		wait_for_turn(a, w->stretch.ticket);
		hand_over(w, w->stretch.n);
	}
	tell_progress(a, &w->stretch);
	if (!a->alone) {
		pass_turn(a);
		arena_reset(&w->arena);
		arena_reset(&w->told);
		if (w->share != NULL)
			share_clear(w->share);
	}
}

/* What a fetch has read is audited to its end, which a signal makes come soon. */
static bool is_interrupted(const struct audit *a)
{
	return signal_came != 0 && a->options->stream == NULL;
}

static bool take_stretch(struct worker *w)
{
	struct audit *a = w->audit;
	bool more;

	pthread_mutex_lock(&a->feed_lock);
	more = !is_interrupted(a) && !a->nobody_reads && feed_next(a->feed, &w->stretch);
	/* nobody judges before the first stretch is out */
	if (more && !a->warmed) {
		a->warmed = true;
		if (w->stretch.used >= WARM_SIZE)
			policy_warm(a->policy);
	}
	pthread_mutex_unlock(&a->feed_lock);
	return more;
}

static void *work(void *worker)
{
	struct worker *w = worker;

	while (take_stretch(w))
		read_stretch(w);
	return NULL;
}

/* Threads cost more than a small audit does: the first stretch shows whether
 * there is anything to share. */
static void work_together(struct audit *a, struct worker *workers, unsigned n)
{
	unsigned i;

	if (!take_stretch(&workers[0]))
		return;
	if (workers[0].stretch.used >= WARM_SIZE / 2 && n > 1) {
		a->alone = false;
		for (i = 0; i < n && a->reports != NULL; i++)
			workers[i].share = share_new(a->reports);
		for (i = 1; i < n; i++)
			workers[i].started =
			    pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
	}
	read_stretch(&workers[0]);
	work(&workers[0]);
	for (i = 1; i < n; i++)
		if (workers[i].started)
			pthread_join(workers[i].thread, NULL);
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
		tell_problem(a, problem.kind, problem.file, problem.line, problem.column,
			     problem.text);
	if (a->nothing_came && a->summary->problems == 0)
		tell_problem(a, PROBLEM_CUT, stream->name, 0, 0, "the fetch wrote nothing");
}

int audit_status(const struct audit_options *o, const struct summary *s)
{
	const struct tally *t = s->tally;
	int severity;

	if (!s->complete || (s->empty && !o->allow_empty))
		return 3;
	for (severity = (int)o->fail_on; severity < N_SEVERITIES; severity++)
		if (t->fails[severity] != 0)
			return 1;
	if (o->fail_on_undecided && t->verdicts[VERDICT_UNDECIDED] != 0)
		return 1;
	return 0;
}

static struct feed *open_feed(const struct audit_options *o)
{
	struct feed *feed;

	if (o->stream == NULL)
		return feed_new(o->paths, o->n_paths, wake[0]);
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
		.turn_lock = PTHREAD_MUTEX_INITIALIZER,
		.turn_came = PTHREAD_COND_INITIALIZER,
		.unknown_lock = PTHREAD_MUTEX_INITIALIZER,
		.summary = summary,
		.alone = true,
	};
	struct tally *tally = ARENA_NEW(arena, struct tally);
	unsigned n = options->workers, i;
	struct worker *workers = ARENA_ARRAY(arena, n, struct worker);
	field_set needs = resource_closure(policy_needs(policy));
	const struct input_options inputs = { .paths = options->paths,
					      .n_paths = options->n_paths,
					      .given = options->given,
					      .needs = options->stream == NULL ? needs : 0 };

	*summary = (struct summary){ .tally = tally };
	tally_init(tally, policy, arena);
	a.engine = engine_new(policy, &options->engine);
	a.groups = engine_has_groups(a.engine);
	a.feed = open_feed(options);
	a.inputs = inputs_new(&inputs);
	a.needs = needs;
	for (i = 0; i < n; i++) {
		workers[i].audit = &a;
		workers[i].engine = engine_worker_new(a.engine);
		workers[i].learned = json_learned_new(inputs_json_shape(a.inputs), arena);
	}

	work_together(&a, workers, n);

	for (i = 0; i < n; i++)
		tally_add(tally, engine_worker_tally(workers[i].engine), policy);
	tell_ended(&a);
	if (!is_interrupted(&a))
		engine_finish(a.engine, tally, take_group_judgement, &a);
	summary->interrupted = is_interrupted(&a);
	summary->empty = tally->resources == 0;
	summary->complete = summary->problems == 0 && !summary->interrupted && !a.nobody_reads &&
			    tally->verdicts[VERDICT_ERROR] == 0;
	summary->status = audit_status(options, summary);
	if (a.feed != NULL && feed_skipped(a.feed) != 0)
		log_verbose(
		    "%llu files of folders were not looked at: hidden, links, or of no known kind",
		    (unsigned long long)feed_skipped(a.feed));

	for (i = 0; i < n; i++) {
		engine_worker_free(workers[i].engine);
		stretch_release(&workers[i].stretch);
		arena_release(&workers[i].arena);
		arena_release(&workers[i].told);
		share_free(workers[i].share);
		free(workers[i].events);
		free(workers[i].counts);
	}
	feed_free(a.feed);
	inputs_free(a.inputs);
	engine_free(a.engine);
	arena_release(&a.unknown_arena);
}
