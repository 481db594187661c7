/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP, and the one door to libcurl: many requests at one time in one thread,
 * each begun when its lane, its host and the caps allow. Knows neither AWS nor
 * what an answer means; retries nothing, follows nothing.
 */
#ifndef FETCH_HTTP_H
#define FETCH_HTTP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "fetch/pace.h"
#include "fetch/transport.h"
#include "fetch/world.h"

struct http;

struct http_options {
	const struct world *world; /* HTTPS_PROXY, HTTP_PROXY, NO_PROXY are read from it */
	unsigned most;             /* requests at one time, in all */
	unsigned most_per_host;
	const atomic_int *stop; /* not 0: everything ends as TRANSPORT_STOPPED; may be NULL */
	int stop_fd;            /* becomes readable then; -1 where there is none */
};

/* Once, before any thread and any other call here; -1 when libcurl cannot be used. */
int http_start_library(struct err *err);

struct http *http_new(const struct http_options *options);
/* Ends what is in flight without a word to anyone. */
void http_free(struct http *h);
/* Microseconds of a clock that is never set. */
int64_t http_now_us(void);

/* ---- one request, waited for ----------------------------------------------- */

/* For struct transport: `self` is a struct http_client. */
struct http_client {
	struct http *http;
	const char *ca_bundle; /* a file instead of the system's; NULL for that */
};
void http_send(void *self, const struct http_request *request, struct http_answer *answer);

/* ---- many ------------------------------------------------------------------ */

struct http_job;

/* Requests that wait for the same things: first in, first out, but for those with a
 * time of their own. */
struct http_lane {
	struct pace *pace; /* shared by lanes of one quota; NULL for none */
	bool held;         /* nothing of it starts */
	/* http's */
	struct http_job *first, **end; /* may start */
	struct http_job *later;        /* not before their times, in their order */
	struct http_host *host;
	struct http_lane *next;
	size_t n_waiting, n_flying;
};

/* One request. It belongs to the caller, and stays where it is until done. */
struct http_job {
	struct http_lane *lane;
	const char *ca_bundle;
	int64_t not_before_us; /* 0: at once */
	/*
	 * Builds the request when it may start; all that it points to stays until done.
	 * 0; 1 when it cannot be built at present: it goes to the head of its lane, which the
	 * caller holds; -1 with err, and it is done as TRANSPORT_REFUSED.
	 */
	int (*start)(struct http_job *job, struct http_request *request, struct err *err);
	/* Takes nothing: the answer goes when this returns. May queue jobs, this one too. */
	void (*done)(struct http_job *job, struct http_answer *answer);
	int64_t elapsed_ms; /* for done */
	/* http's */
	struct http_job *next;
};

/* `url` says which host it is for. -1 when it is no URL that may be asked. */
int http_lane_open(struct http *h, struct http_lane *lane, struct str url, struct pace *pace,
		   struct err *err);
/* One that is empty; safe on one that never opened. */
void http_lane_close(struct http *h, struct http_lane *lane);
void http_queue(struct http *h, struct http_job *job);
/*
 * Starts what may start and tells those whose requests ended. When there were none it
 * waits until something happens, but no longer than `most_ms`.
 */
void http_turn(struct http *h, int most_ms);
/* Ends the wait of http_turn, now or at its next; from any thread. */
void http_wake(struct http *h);
/* Everything queued or in flight is done as TRANSPORT_STOPPED. */
void http_stop(struct http *h);

#endif
