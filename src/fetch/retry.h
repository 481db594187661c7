/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether and when a failed call is tried again: the SDKs' standard mode. Pure:
 * clock and chance are arguments, the quota belongs to the caller.
 */
#ifndef FETCH_RETRY_H
#define FETCH_RETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "fetch/transport.h"

struct retry_rules {
	int attempts;      /* most, the first included */
	int64_t base_ms;   /* most that is waited after the first attempt */
	int64_t most_ms;   /* most that is waited on our own account */
	int quota;         /* what retries may cost in all */
	int cost;          /* of one */
	int cost_timeout;  /* of one after no answer in time */
	int cost_throttle; /* of one after too many calls */
};

extern const struct retry_rules retry_standard;

enum retry_kind {
	RETRY_NOT, /* a success, or a failure that would be the same again */
	RETRY_TRANSIENT,
	RETRY_TIMEOUT,
	RETRY_THROTTLED,
	RETRY_SKEWED,  /* the server's clock says something else: once, with its time */
	RETRY_EXPIRED, /* the session token: once, with new credentials */
};

struct retry_outcome {
	enum transport_end end;
	int status;      /* where it was answered */
	struct str code; /* the service's, bare; may be empty */
};

bool retry_is_throttled(const struct retry_outcome *outcome);
bool retry_is_transient(const struct retry_outcome *outcome);
enum retry_kind retry_classify(const struct retry_outcome *outcome);

/* Shared by the calls of one account and region, so that an outage is not
 * multiplied by retries. */
struct retry_quota {
	int left;
	int most;
};

#define RETRY_QUOTA_INIT(rules) ((struct retry_quota){ (rules)->quota, (rules)->quota })

/* One call, over its attempts. */
struct retry_call {
	const struct retry_rules *rules;
	struct retry_quota *quota;
	int attempt;    /* the one being made: 1 at first */
	int taken;      /* from the quota, for the latest retry */
	bool corrected; /* a skewed clock or an expired token was put right already */
};

#define RETRY_CALL_INIT(rules_, quota_) ((struct retry_call){ (rules_), (quota_), .attempt = 1 })

/* A wait that an answer asks for. */
struct retry_asked {
	int64_t ms;
	bool modest; /* no more than five seconds above our own wait */
};

#define RETRY_ASKED_NOTHING ((struct retry_asked){ 0 })

enum retry_stop {
	RETRY_GO,
	RETRY_STOP_KIND,     /* nothing to try again for */
	RETRY_STOP_ATTEMPTS, /* every attempt was made */
	RETRY_STOP_QUOTA,    /* too much fails at present */
};

/*
 * After a failed attempt: RETRY_GO, with the milliseconds to wait, and the call
 * is at its next attempt; or why it ends. `asked` is what the service asked for;
 * `chance` is any number, all alike.
 */
enum retry_stop retry_next(struct retry_call *call, enum retry_kind kind, struct retry_asked asked,
			   uint32_t chance, int64_t *wait_ms);
/* After a success: gives back to the quota. */
void retry_succeeded(struct retry_call *call);

/* Full jitter: up to base * 2^(attempt - 1), and no more than most. */
int64_t retry_backoff_ms(const struct retry_rules *rules, int attempt, uint32_t chance);
/* What an answer asks for: x-amz-retry-after (ms) or Retry-After (seconds, or a date),
 * the latter up to a minute. */
struct retry_asked retry_asked(const struct http_answer *answer, int64_t now);
/* Seconds by which the server's clock is ahead of `now`; false without a Date. */
bool retry_skew(const struct http_answer *answer, int64_t now, int64_t *seconds);
/* amz-sdk-request: "attempt=1", then "ttl=20190601T000011Z; attempt=2; max=3". `ttl` is
 * when, by the server's clock, nobody waits any longer; 0 when its clock is not known. */
#define RETRY_HEADER_SIZE 80
void retry_header(const struct retry_call *call, int64_t ttl, char text[RETRY_HEADER_SIZE]);

#endif
