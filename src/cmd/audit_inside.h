/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the pipeline, shared by its files. Nobody else includes this.
 */
#ifndef CMD_AUDIT_INSIDE_H
#define CMD_AUDIT_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "cmd/audit.h"
#include "cmd/turn.h"
#include "input/input.h"
#include "report/share.h"

struct audit {
	struct policy *policy;
	const struct audit_options *options;
	struct reports *reports;
	struct engine *engine;
	struct feed *feed;
	struct inputs *inputs;
	field_set needs;
	bool channels; /* some rules judge them */
	bool alone; /* one worker: every turn is its own, nothing has to wait */
	bool groups;
	bool nothing_came;        /* from the latest file */
	atomic_bool nobody_reads; /* every report failed: the run stops early */

	pthread_mutex_t feed_lock;
	bool warmed;

	struct turn turn;

	/* Under the turn: */
	struct summary *summary;
	uint64_t in_argument; /* recording configurations of the argument so far */
	uint64_t problems_in_argument;
	uint64_t bytes; /* read */
	const char **notes; /* room for LIMIT_WAIVER_NOTES, in kept */
	struct arena *kept; /* what outlives the run */

	pthread_mutex_t unknown_lock;
	struct arena unknown_arena;
	struct str unknown[64]; /* fields that the table does not have, told once each */
	size_t n_unknown;
};

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
		EVENT_WAIVER_NOTE,
	} kind;
	union {
		const struct judgement *judgement;
		struct trouble_told trouble;
		struct mark_told mark;
		const char *note;
	};
};

/* A stretch, and what it held until its turn comes. */
struct sheet {
	struct turn_item turn; /* the first: turns are about sheets */
	struct audit *audit;
	struct stretch stretch;
	struct arena arena;
	/* Of events alone: the reader takes back what it used for a configuration
	 * that is not kept, and what was allocated since. */
	struct arena told;
	struct event *events;
	size_t n_events, cap_events;
	struct share *share;       /* what its worker writes of reports by itself, or NULL */
	bool direct;               /* it is its turn: what is read is taken at once */
	size_t handed, next_event; /* segments and events that were taken */
	size_t segment;
	/* of the segment being read, when there is nobody to wait for: of the file */
	struct {
		uint64_t resources, others;
		char what_else[64];
	} * counts;
	size_t cap_counts;
};

/* While one sheet waits for its turn a worker goes on with another. Each may come to hold
 * a document of the largest size. */
#define SHEETS 2

struct worker {
	struct audit *audit;
	struct engine_worker *engine;
	struct json_learned *learned;
	struct sheet sheets[SHEETS];
	struct sheet *sheet; /* that is being read */
	pthread_t thread;
	bool started;
};

/* ---- audit_read.c: side by side ------------------------------------------------- */

/* Reads the stretch of w->sheet, and takes what it held or leaves it to who has the turn. */
void audit_read_sheet(struct worker *w);
void sheet_release(struct sheet *s);

/* ---- audit_take.c: under the turn, in the order of reading ---------------------- */

/* Counts a problem, and tells taker and reports of it. */
void audit_tell_problem(struct audit *a, enum problem_kind kind, const char *file, uint32_t line,
			uint32_t column, const char *text);
/* share: what of its reports was written already, or NULL. */
void audit_take_judgement(struct audit *a, const struct judgement *j, struct share *share);
void audit_take_event(struct sheet *s, struct input_file *file, const struct event *e);
/* What was read of the segments before `before`, and so far of that one, of which
 * nothing was taken yet. */
void audit_take_segments(struct sheet *s, size_t before);
/* What is left of a sheet that was read: a turn_take. */
void audit_take_sheet(void *to, struct turn_item *item);

#endif
