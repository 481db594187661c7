/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Retries. Knows codes, statuses, waits and a budget; does not know what was
 * asked, makes no call and never waits itself.
 */
#include "fetch/retry.h"

#include <stdio.h>

#include "fetch/when.h"

#define ASKED_MOST_MS 60000 /* no service may stop a run for longer */
#define MODEST_MS     5000

const struct retry_rules retry_standard = {
	.attempts = 3,
	.base_ms = 1000,
	.most_ms = 20000,
	.quota = 500,
	.cost = 5,
	.cost_timeout = 10,
	.cost_throttle = 5,
};

static bool is_one_of(struct str code, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (str_is(code, names[i]))
			return true;
	return false;
}

#define IS_ONE_OF(code, names) is_one_of((code), (names), sizeof(names) / sizeof((names)[0]))

bool retry_is_throttled(const struct retry_outcome *outcome)
{
	static const char *const codes[] = {
		"RequestThrottledException",
		"ProvisionedThroughputExceededException",
		"TransactionInProgressException",
		"RequestLimitExceeded",
		"BandwidthLimitExceeded",
		"LimitExceededException",
		"RequestThrottled",
		"SlowDown",
		"PriorRequestNotComplete",
		"EC2ThrottledException",
	};

	if (outcome->end != TRANSPORT_ANSWERED || outcome->status < 400)
		return false;
	/* the services' models do not name throttling everywhere that it happens */
	return outcome->status == 429 || str_starts(outcome->code, STR("Throttl")) ||
	       str_starts(outcome->code, STR("TooManyRequests")) || IS_ONE_OF(outcome->code, codes);
}

bool retry_is_transient(const struct retry_outcome *outcome)
{
	static const char *const codes[] = { "RequestTimeout", "RequestTimeoutException",
					     "PriorRequestNotComplete", "IDPCommunicationError" };
	int status = outcome->status;

	switch (outcome->end) {
	case TRANSPORT_ANSWERED:
		return status == 500 || status == 502 || status == 503 || status == 504 ||
		       (status >= 400 && IS_ONE_OF(outcome->code, codes));
	case TRANSPORT_NO_HOST:
	case TRANSPORT_NO_CONNECTION:
	case TRANSPORT_TIMEOUT:
	case TRANSPORT_CUT:
		return true;
	case TRANSPORT_TLS:
	case TRANSPORT_TOO_LARGE:
	case TRANSPORT_REFUSED:
	case TRANSPORT_STOPPED:
		break;
	}
	return false;
}

enum retry_kind retry_classify(const struct retry_outcome *outcome)
{
	static const char *const skewed[] = { "RequestTimeTooSkewed", "RequestInTheFuture",
					      "RequestExpired", "InvalidSignatureException",
					      "SignatureDoesNotMatch" };
	static const char *const expired[] = { "ExpiredToken", "ExpiredTokenException" };

	if (outcome->end == TRANSPORT_TIMEOUT)
		return RETRY_TIMEOUT;
	if (retry_is_throttled(outcome))
		return RETRY_THROTTLED;
	if (retry_is_transient(outcome))
		return RETRY_TRANSIENT;
	if (outcome->end != TRANSPORT_ANSWERED || outcome->status < 400)
		return RETRY_NOT;
	if (IS_ONE_OF(outcome->code, expired))
		return RETRY_EXPIRED;
	return IS_ONE_OF(outcome->code, skewed) ? RETRY_SKEWED : RETRY_NOT;
}

int64_t retry_backoff_ms(const struct retry_rules *rules, int attempt, uint32_t chance)
{
	int64_t most = rules->base_ms;
	int i;

	for (i = 1; i < attempt && most < rules->most_ms; i++)
		most *= 2;
	if (most > rules->most_ms)
		most = rules->most_ms;
	return (int64_t)((double)most * chance / UINT32_MAX + 0.5);
}

static int64_t wait_ms_of(const struct retry_call *call, enum retry_kind kind,
			  struct retry_asked asked, uint32_t chance)
{
	int64_t own = retry_backoff_ms(call->rules, call->attempt, chance);

	if (kind == RETRY_SKEWED || kind == RETRY_EXPIRED)
		return 0;
	if (asked.modest && asked.ms > own + MODEST_MS)
		return own + MODEST_MS;
	return asked.ms > own ? asked.ms : own;
}

enum retry_stop retry_next(struct retry_call *call, enum retry_kind kind, struct retry_asked asked,
			   uint32_t chance, int64_t *wait_ms)
{
	bool corrects = kind == RETRY_SKEWED || kind == RETRY_EXPIRED;
	int cost;

	if (kind == RETRY_NOT || (corrects && call->corrected))
		return RETRY_STOP_KIND;
	if (call->attempt >= call->rules->attempts)
		return RETRY_STOP_ATTEMPTS;
	cost = kind == RETRY_TIMEOUT     ? call->rules->cost_timeout
	       : kind == RETRY_THROTTLED ? call->rules->cost_throttle
					 : call->rules->cost;
	if (call->quota->left < cost)
		return RETRY_STOP_QUOTA;
	call->quota->left -= cost;
	call->taken = cost;
	call->corrected = call->corrected || corrects;
	*wait_ms = wait_ms_of(call, kind, asked, chance);
	call->attempt++;
	return RETRY_GO;
}

void retry_succeeded(struct retry_call *call)
{
	struct retry_quota *quota = call->quota;

	quota->left += call->attempt > 1 ? call->taken : 1;
	if (quota->left > quota->most)
		quota->left = quota->most;
	call->taken = 0;
}

/* ---- headers --------------------------------------------------------------- */

static bool whole_number(struct str s, int64_t *n)
{
	size_t i;

	if (s.len == 0 || s.len > 9)
		return false;
	*n = 0;
	for (i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		*n = 10 * *n + (s.data[i] - '0');
	}
	return true;
}

static struct retry_asked up_to_most(int64_t ms)
{
	return (struct retry_asked){ ms < ASKED_MOST_MS ? ms : ASKED_MOST_MS, false };
}

struct retry_asked retry_asked(const struct http_answer *answer, int64_t now)
{
	struct str text;
	int64_t n;

	if (http_answer_header(answer, "x-amz-retry-after", &text))
		return whole_number(text, &n) ? (struct retry_asked){ n, true }
					      : RETRY_ASKED_NOTHING;
	if (!http_answer_header(answer, "retry-after", &text))
		return RETRY_ASKED_NOTHING;
	if (whole_number(text, &n))
		return up_to_most(n * 1000);
	if (when_parse_http(text, &n) && n > now)
		return up_to_most((n - now) * 1000);
	return RETRY_ASKED_NOTHING;
}

bool retry_skew(const struct http_answer *answer, int64_t now, int64_t *seconds)
{
	struct str text;
	int64_t date;

	if (!http_answer_header(answer, "date", &text) || !when_parse_http(text, &date))
		return false;
	*seconds = date - now;
	return true;
}

void retry_header(const struct retry_call *call, int64_t ttl, char text[RETRY_HEADER_SIZE])
{
	char date[WHEN_BASIC_SIZE];

	if (call->attempt == 1) {
		snprintf(text, RETRY_HEADER_SIZE, "attempt=1");
	} else if (ttl == 0) {
		snprintf(text, RETRY_HEADER_SIZE, "attempt=%d; max=%d", call->attempt,
			 call->rules->attempts);
	} else {
		when_basic(ttl, date);
		snprintf(text, RETRY_HEADER_SIZE, "ttl=%s; attempt=%d; max=%d", date, call->attempt,
			 call->rules->attempts);
	}
}
