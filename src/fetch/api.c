/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls over their attempts. Knows when to sign, to wait and to give up; does
 * not know what an operation is for.
 */
#include "fetch/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "fetch/attempt.h"
#include "fetch/url.h"

#define CONNECT_MS 10000

/* What one attempt needs while it is in flight. */
struct flight {
	struct attempt attempt;
	struct secret token; /* the credentials may be others when it is answered */
	struct url url;
	char text[LIMIT_URL_SIZE + 1];
};

#define CALL(id, name, quota)                                                                      \
	const struct api_op api_##id = { .operation = (name), .tps = (quota) };
#include "ask/call_list.h"
#undef CALL

int api_place_init(struct api_place *p, const struct session *s, const char *region, int attempts,
		   struct err *err)
{
	p->region = region;
	p->rules = retry_standard;
	p->rules.attempts = attempts != 0 ? attempts : session_attempts(s, p->rules.attempts);
	p->quota = RETRY_QUOTA_INIT(&p->rules);
	return session_endpoint(s, &endpoint_ivs, str_of(region), &p->endpoint, err);
}

static void flight_free(struct flight *flight)
{
	attempt_release(&flight->attempt);
	secret_release(&flight->token);
	free(flight);
}

/* ---- an attempt ------------------------------------------------------------ */

static int start(struct http_job *job, struct http_request *request, struct err *err)
{
	static const struct http_header type[] = {
		{ STR("Content-Type"), STR("application/json") },
	};
	struct api_call *call = (struct api_call *)job;
	struct api_place *p = call->place;
	const struct creds *creds;
	struct attempt_of of = { .method = "POST",
				 .headers = type,
				 .n_headers = 1,
				 .body = call->body,
				 .call = &call->retry,
				 .endpoint = &p->endpoint,
				 .now = world_now(p->world) + p->skew_s };
	struct flight *flight;
	int rc = identity_creds(p->identities, p->identity, &creds, err);

	if (rc != 0)
		return rc;
	flight = mem_alloc(sizeof(*flight));
	flight->attempt = (struct attempt){ .ttl = call->ttl };
	flight->token = SECRET_INIT(0);
	secret_put_str(&flight->token, secret_str(&creds->token));
	memcpy(flight->attempt.id, call->id, sizeof(call->id));
	snprintf(flight->text, sizeof(flight->text), "%s/%s", p->endpoint.url, call->op->operation);
	of.url = &flight->url;
	of.keys = creds;
	if (url_parse(str_of(flight->text), &flight->url, err) == -1 ||
	    attempt_put(&flight->attempt, &of, err) == -1) {
		flight_free(flight);
		return -1;
	}
	call->flight = flight;
	call->generation = p->identity->generation;
	*request = (struct http_request){ .method = "POST",
					  .url = str_of(flight->text),
					  .headers = flight->attempt.headers,
					  .n_headers = flight->attempt.n_headers,
					  .body = call->body,
					  .connect_ms = CONNECT_MS,
					  .deadline_ms = p->timeout_ms,
					  .answer_limit = call->answer_limit };
	return 0;
}

static void tell(const struct api_call *call, const struct http_answer *answer,
		 const struct answer_error *error)
{
	const struct api_place *p = call->place;
	struct api_told told = { .operation = call->op->operation,
				 .region = p->region,
				 .account = p->identity->account,
				 .attempt = call->retry.attempt,
				 .end = answer->end,
				 .status = answer->status,
				 .ms = call->job.elapsed_ms,
				 .request_id = error->request_id,
				 .code = error->code };

	if (p->tell != NULL)
		p->tell(p->tell_to, &told);
}

/* Names for what no service has a code for. */
static const char *code_of(enum transport_end end)
{
	switch (end) {
	case TRANSPORT_NO_HOST:
		return "NoHost";
	case TRANSPORT_NO_CONNECTION:
		return "NoConnection";
	case TRANSPORT_TIMEOUT:
		return "Timeout";
	case TRANSPORT_TLS:
		return "TLSFailed";
	case TRANSPORT_CUT:
		return "CutAnswer";
	case TRANSPORT_TOO_LARGE:
		return "TooLargeAnswer";
	case TRANSPORT_REFUSED:
		return "NotAsked";
	case TRANSPORT_STOPPED:
		return "Interrupted";
	case TRANSPORT_ANSWERED:
		break;
	}
	return "Failed";
}

/* Whether the answer is what was asked for; its failure in `error` otherwise. */
static bool read_answer(struct api_call *call, const struct http_answer *answer,
			struct answer_error *error)
{
	struct err err = { 0 };

	answer_request_id(answer, error); /* of a success too */
	if (answer->end != TRANSPORT_ANSWERED) {
		snprintf(error->code, sizeof(error->code), "%s", code_of(answer->end));
		snprintf(error->message, sizeof(error->message), "%s%s%s",
			 transport_end_text(answer->end), answer->detail[0] != '\0' ? ": " : "",
			 answer->detail);
		return false;
	}
	if (answer->status != 200) {
		answer_error(answer, error);
		return false;
	}
	if (call->read(call, secret_str(&answer->body), &err) == 0)
		return true;
	snprintf(error->code, sizeof(error->code), "MalformedAnswer");
	answer_show(str_of(err.text), error->message, sizeof(error->message));
	return false;
}

static enum retry_kind classify(struct api_call *call, const struct http_answer *answer,
				const struct answer_error *error)
{
	struct api_place *p = call->place;
	struct retry_outcome outcome = { answer->end, answer->status, str_of(error->code) };
	enum retry_kind kind;

	/* a good status with a body that is none: perhaps better the next time */
	if (answer->end == TRANSPORT_ANSWERED && answer->status == 200)
		return RETRY_TRANSIENT;
	if (answer->end != TRANSPORT_ANSWERED)
		outcome.code = STR("");
	kind = retry_classify(&outcome);
	if (kind == RETRY_SKEWED && !retry_skew(answer, world_now(p->world), &p->skew_s))
		return RETRY_NOT;
	if (kind == RETRY_EXPIRED)
		identity_expire(p->identity, call->generation);
	if (kind == RETRY_THROTTLED) {
		p->stats->throttled++;
		if (call->job.lane->pace != NULL)
			pace_throttled(call->job.lane->pace, http_now_us());
	}
	return kind;
}

/* True when the call is in its queue again. */
static bool try_again(struct api_call *call, const struct http_answer *answer, enum retry_kind kind)
{
	struct api_place *p = call->place;
	int64_t now = world_now(p->world), wait_ms = 0, ahead;

	if (retry_next(&call->retry, kind, retry_asked(answer, now), world_chance(p->world),
		       &wait_ms) != RETRY_GO)
		return false;
	call->ttl = retry_skew(answer, now, &ahead) ? now + ahead + p->timeout_ms / 1000 : 0;
	p->stats->retried++;
	p->stats->waited_ms += wait_ms;
	call->job.not_before_us = http_now_us() + 1000 * wait_ms;
	http_queue(p->http, &call->job);
	return true;
}

static void done(struct http_job *job, struct http_answer *answer)
{
	struct api_call *call = (struct api_call *)job;
	struct api_place *p = call->place;
	struct api_end end = { 0 };
	bool was_sent = call->flight != NULL;

	end.ok = read_answer(call, answer, &end.error);
	if (was_sent) {
		answer_hide(&end.error, secret_str(&call->flight->token));
		flight_free(call->flight);
		call->flight = NULL;
		p->stats->made++;
	}
	if (was_sent)
		tell(call, answer, &end.error);
	if (end.ok)
		retry_succeeded(&call->retry);
	else if (try_again(call, answer, classify(call, answer, &end.error)))
		return;
	call->done(call, &end);
}

void api_queue(struct api_call *call)
{
	struct api_place *p = call->place;

	call->retry = RETRY_CALL_INIT(&p->rules, &p->quota);
	call->flight = NULL;
	call->ttl = 0;
	attempt_id(p->world, call->id);
	call->job.start = start;
	call->job.done = done;
	call->job.not_before_us = 0;
	http_queue(p->http, &call->job);
}
