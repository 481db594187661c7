/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls of a service: built and signed at each attempt, paced, tried again as
 * retry says, with renewed credentials and a corrected clock where an answer
 * asks for that. Many at one time, told when they end.
 */
#ifndef FETCH_API_H
#define FETCH_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "fetch/answer.h"
#include "fetch/endpoint.h"
#include "fetch/http.h"
#include "fetch/identity.h"
#include "fetch/retry.h"
#include "fetch/session.h"

/* An operation, as ask/call_list.h has it: POST /<operation>, JSON both ways. */
struct api_op {
	const char *operation;
	int tps; /* quota */
};

#define CALL(id, ...) extern const struct api_op api_##id;
#include "ask/call_list.h"
#undef CALL

/* What was done so far. */
struct api_stats {
	uint64_t made, retried, throttled;
	int64_t waited_ms; /* before retries */
};

/* An attempt that ended, for a log. */
struct api_told {
	const char *operation;
	const char *region, *account; /* may be empty */
	int attempt;
	enum transport_end end;
	int status; /* where it was answered */
	int64_t ms;
	const char *request_id; /* may be empty */
	const char *code;       /* of a failure, may be empty */
};

/* What the calls of an account's region share. */
struct api_place {
	struct http *http;
	const struct world *world;
	struct identities *identities;
	struct identity *identity;
	const char *region;
	struct endpoint endpoint;
	struct retry_rules rules;
	struct retry_quota quota;
	int64_t skew_s; /* the server's clock is ahead by so much */
	int64_t timeout_ms;
	struct api_stats *stats;
	void (*tell)(void *to, const struct api_told *told); /* may be NULL */
	void *tell_to;
	void *owner; /* whoever uses it: no concern of the calls */
};

/* -1 when the endpoint's configuration is wrong. */
int api_place_init(struct api_place *p, const struct session *s, const char *region, int attempts,
		   struct err *err);

/* How a call ended. */
struct api_end {
	bool ok;                   /* status 200 and a body that was read */
	struct answer_error error; /* otherwise; codes of our own where nothing was answered */
};

struct api_call {
	struct http_job job; /* first: a job is cast to its call */
	struct api_place *place;
	const struct api_op *op;
	struct str body; /* JSON; stays until done */
	size_t answer_limit;
	/* Reads a body; -1 with err for one that is not what was asked for. */
	int (*read)(struct api_call *call, struct str body, struct err *err);
	/* The call may be queued again, or be gone, when this returns. */
	void (*done)(struct api_call *call, const struct api_end *end);
	/* api's */
	struct retry_call retry;
	struct flight *flight; /* of the present attempt */
	unsigned generation;   /* of the credentials that it was signed with */
	int64_t ttl;
	char id[37];
};

/* Queues it as a new one. place, op, body, read, done, job.lane and answer_limit are set. */
void api_queue(struct api_call *call);

/* ---- IVS (api_ivs.c) ------------------------------------------------------- */

/* "arn:aws:ivs:<region>:<account>:recording-configuration/<id>", and nothing that needs
 * care in JSON, a header or a terminal. The parts may be NULL. */
bool api_ivs_arn(struct str arn, struct str *region, struct str *account);

/* A page of ListRecordingConfigurations. Slices of the body. */
struct api_ivs_page {
	struct str list;  /* raw JSON */
	struct str token; /* raw JSON text of nextToken with its quotes; empty at the end */
};
int api_ivs_page(struct str body, struct api_ivs_page *page, struct err *err);
/* The ARN of a summary or a configuration, in raw JSON: a slice of it. */
int api_ivs_arn_of(struct str object, struct str *arn, struct err *err);
/* The configuration of GetRecordingConfiguration's answer, which has to be this one's. */
int api_ivs_configuration(struct str body, struct str arn, struct str *configuration,
			  struct err *err);

/* ---- STS (api_sts.c) ------------------------------------------------------- */

/* The account that these credentials are of. Waits for the answer. */
int api_sts_account(const struct session *s, const struct creds *keys, char account[13],
		    struct err *err);

#endif
