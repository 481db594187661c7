/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which request may start when: lanes, hosts, caps and paces. Knows no libcurl,
 * and not what is asked.
 */
#include "fetch/http_inside.h"

#include "fetch/answer.h"
#include "fetch/url.h"

int http_lane_open(struct http *h, struct http_lane *lane, struct str text, struct pace *pace,
		   struct err *err)
{
	struct http_host *host;
	struct url url;

	if (url_parse(text, &url, err) == -1)
		return -1;
	if (!url.tls && !url_may_be_plain(&url))
		return err_set(err, ERR_INPUT, "it is not https, and its host is not this machine");
	for (host = h->hosts; host != NULL; host = host->next)
		if (str_equal(host->authority, url.authority))
			break;
	if (host == NULL) {
		host = ARENA_NEW(&h->arena, struct http_host);
		host->authority = arena_str(&h->arena, url.authority);
		host->next = h->hosts;
		h->hosts = host;
	}
	*lane = (struct http_lane){ .pace = pace, .host = host, .next = h->lanes };
	lane->end = &lane->first;
	h->lanes = lane;
	h->n_lanes++;
	return 0;
}

void http_lane_close(struct http *h, struct http_lane *lane)
{
	struct http_lane **at = &h->lanes;

	if (lane->host == NULL)
		return;
	while (*at != lane)
		at = &(*at)->next;
	*at = lane->next;
	h->n_lanes--;
	h->turn = NULL;
	lane->host = NULL;
}

void http_queue(struct http *h, struct http_job *job)
{
	struct http_lane *lane = job->lane;
	struct http_job **at;

	h->waiting++;
	lane->n_waiting++;
	job->next = NULL;
	if (job->not_before_us == 0) {
		*lane->end = job;
		lane->end = &job->next;
		return;
	}
	for (at = &lane->later; *at != NULL && (*at)->not_before_us <= job->not_before_us;)
		at = &(*at)->next;
	job->next = *at;
	*at = job;
}

static void put_first(struct http_lane *lane, struct http_job *job)
{
	job->next = lane->first;
	lane->first = job;
	if (job->next == NULL)
		lane->end = &job->next;
}

static struct http_job *take_first(struct http_lane *lane)
{
	struct http_job *job = lane->first;

	lane->first = job->next;
	if (lane->first == NULL)
		lane->end = &lane->first;
	return job;
}

static bool may_start(const struct http *h, const struct http_lane *lane, int64_t now_us)
{
	return lane->first != NULL && !lane->held &&
	       lane->host->flying < h->options.most_per_host &&
	       (lane->pace == NULL || pace_may(lane->pace, now_us));
}

static void refuse(struct http_job *job, const char *why)
{
	struct http_answer answer = HTTP_ANSWER_INIT;

	answer.end = TRANSPORT_REFUSED;
	job->elapsed_ms = 0;
	answer_show(str_of(why), answer.detail, sizeof(answer.detail));
	job->done(job, &answer);
}

/* Starts the first of a lane. */
static void start_one(struct http *h, struct http_lane *lane, int64_t now_us)
{
	struct http_request request = { 0 };
	struct http_job *job = take_first(lane);
	struct err err = { 0 };
	struct http_slot *s;
	int rc = job->start(job, &request, &err);

	if (rc == 1) {
		put_first(lane, job);
		lane->held = true;
		return;
	}
	h->waiting--;
	lane->n_waiting--;
	s = rc == 0 ? http_begin(h, &request, job->ca_bundle) : NULL;
	if (s == NULL) {
		refuse(job, err.text);
		return;
	}
	s->job = job;
	lane->host->flying++;
	lane->n_flying++;
	if (lane->pace != NULL)
		pace_took(lane->pace, now_us);
}

/* Those whose time has come are next. */
static void bring_forward(struct http_lane *lane, int64_t now_us)
{
	struct http_job *due = lane->later, **end = &due;

	while (*end != NULL && (*end)->not_before_us <= now_us)
		end = &(*end)->next;
	if (end == &due)
		return;
	lane->later = *end;
	*end = lane->first;
	if (lane->first == NULL)
		lane->end = end;
	lane->first = due;
}

static void start_all(struct http *h)
{
	struct http_lane *lane = h->turn != NULL ? h->turn : h->lanes;
	int64_t now_us = http_now_us();
	size_t idle = 0;

	/* one each in turn, so that no lane waits for another's end */
	while (idle < h->n_lanes && h->flying < h->options.most) {
		if (lane->later != NULL && !lane->held)
			bring_forward(lane, now_us);
		idle++;
		if (may_start(h, lane, now_us)) {
			start_one(h, lane, now_us);
			idle = 0;
		}
		lane = lane->next != NULL ? lane->next : h->lanes;
	}
	h->turn = lane;
}

/* Milliseconds until something may start that may not yet; -1 for never. */
static int64_t next_start_ms(const struct http *h)
{
	int64_t now_us = http_now_us(), soonest = INT64_MAX;
	const struct http_lane *lane;
	int64_t at;

	for (lane = h->lanes; lane != NULL; lane = lane->next) {
		if (lane->held)
			continue;
		if (lane->later != NULL && lane->later->not_before_us < soonest)
			soonest = lane->later->not_before_us;
		if (lane->first == NULL || lane->host->flying >= h->options.most_per_host ||
		    h->flying >= h->options.most)
			continue;
		at = lane->pace != NULL ? lane->pace->next_us : 0;
		if (at < soonest)
			soonest = at;
	}
	if (soonest == INT64_MAX)
		return -1;
	/* rounded up: a turn too early would start nothing */
	return soonest <= now_us ? 0 : (soonest - now_us + 999) / 1000;
}

static void finish(struct http *h, struct http_slot *s)
{
	struct http_job *job = s->job;
	struct http_answer answer;

	http_land(h, s);
	job->lane->host->flying--;
	job->lane->n_flying--;
	job->elapsed_ms = (http_now_us() - s->begun_us) / 1000;
	/* the slot may be used again by what done queues */
	answer = s->answer;
	s->answer = HTTP_ANSWER_INIT;
	http_slot_clear(s);
	job->done(job, &answer);
	http_answer_release(&answer);
}

static bool finish_all(struct http *h)
{
	bool some = false;
	struct http_slot *s;

	for (s = h->slots; s != NULL; s = s->next)
		if (s->flying && s->finished && s->job != NULL) {
			finish(h, s);
			some = true;
		}
	return some;
}

void http_turn(struct http *h, int most_ms)
{
	int64_t wait_ms;

	if (http_stopped(h)) {
		http_stop(h);
		return;
	}
	start_all(h);
	http_perform(h);
	if (finish_all(h))
		return;
	wait_ms = next_start_ms(h);
	if (wait_ms == -1 || wait_ms > most_ms)
		wait_ms = most_ms;
	if (wait_ms != 0)
		http_wait(h, (int)wait_ms);
}

void http_stop(struct http *h)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct http_lane *lane;
	struct http_job *job;
	struct http_slot *s;

	for (s = h->slots; s != NULL; s = s->next)
		if (s->flying && s->job != NULL)
			finish(h, s);
	for (lane = h->lanes; lane != NULL; lane = lane->next) {
		bring_forward(lane, INT64_MAX);
		while (lane->first != NULL) {
			job = take_first(lane);
			h->waiting--;
			lane->n_waiting--;
			job->elapsed_ms = 0;
			answer.end = TRANSPORT_STOPPED;
			job->done(job, &answer);
		}
	}
}
