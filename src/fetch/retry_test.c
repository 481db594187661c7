/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Retries against the published tables of the standard mode, with the newer
 * mode's tables where only numbers differ, and what the tables leave out.
 */
#include "fetch/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fetch/test_conformance.h"
#include "fetch/when.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const struct retry_rules newer = {
	.attempts = 3,
	.base_ms = 50,
	.most_ms = 20000,
	.quota = 500,
	.cost = 14,
	.cost_timeout = 14,
	.cost_throttle = 5,
};

static size_t n_cases, n_ok;

static void tally(bool ok, const char *table)
{
	n_cases++;
	n_ok += ok;
	if (!ok)
		printf("conformance: retry: a case of %s differs\n", table);
}

static int64_t number(const struct answer_value *v, const char *name)
{
	int64_t n = 0;

	(void)answer_number(answer_member(v, name), &n);
	return n;
}

/* ---- the tables ------------------------------------------------------------ */

static struct retry_outcome outcome_of(const struct answer_value *v)
{
	struct retry_outcome o = { .status = (int)number(v, "status"),
				   .code = json_text(v, "code") };
	struct str io = json_text(v, "io");

	if (io.len != 0)
		o.end = str_is(io, "connection error") ? TRANSPORT_NO_CONNECTION : TRANSPORT_CUT;
	return o;
}

static void classes(const struct answer_value *root)
{
	const struct answer_value *v;
	struct retry_outcome o;

	for (v = answer_first(answer_member(root, "throttled")); v; v = answer_next(v)) {
		o = outcome_of(v);
		tally(retry_is_throttled(&o) == json_true(v, "retryable"), "throttled");
	}
	for (v = answer_first(answer_member(root, "transient")); v; v = answer_next(v)) {
		o = outcome_of(v);
		tally(retry_is_transient(&o) == json_true(v, "retryable"), "transient");
	}
}

static void attempts(const struct answer_value *root)
{
	struct retry_quota quota = RETRY_QUOTA_INIT(&retry_standard);
	struct retry_call call = RETRY_CALL_INIT(&retry_standard, &quota);
	const struct answer_value *v;
	int64_t wait;

	for (v = answer_first(answer_member(root, "max_attempts")); v; v = answer_next(v)) {
		call.attempt = (int)number(v, "attempt");
		tally((retry_next(&call, RETRY_TRANSIENT, RETRY_ASKED_NOTHING, 0, &wait) ==
		       RETRY_GO) == json_true(v, "retry"),
		      "max_attempts");
	}
}

static void backoff(const struct retry_rules *rules, const int64_t *want_ms, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		tally(retry_backoff_ms(rules, (int)i + 1, UINT32_MAX) == want_ms[i], "backoff");
		assert_int_equal(retry_backoff_ms(rules, (int)i + 1, 0), 0);
	}
	assert_int_equal(retry_backoff_ms(rules, 1000000, UINT32_MAX), rules->most_ms);
}

static enum retry_kind kind_named(struct str s)
{
	return str_is(s, "timeout")      ? RETRY_TIMEOUT
	       : str_is(s, "throttling") ? RETRY_THROTTLED
					 : RETRY_TRANSIENT;
}

/* Of a number of seconds with a fraction. */
static int64_t milliseconds(const struct answer_value *v, const char *name)
{
	struct secret text = SECRET_INIT(0);
	int64_t ms;

	answer_put(answer_member(v, name), &text);
	ms = (int64_t)(strtod(text.data, NULL) * 1000 + 0.5);
	secret_release(&text);
	return ms;
}

static void quotas(const struct answer_value *root)
{
	struct retry_quota quota;
	struct retry_call call;
	const struct answer_value *v, *kind;
	enum retry_stop stop = RETRY_GO;
	struct str s, then;
	int64_t wait;
	bool ok;

	for (v = answer_first(answer_member(root, "quota")); v; v = answer_next(v)) {
		quota = (struct retry_quota){ (int)number(v, "start"), 500 };
		call = RETRY_CALL_INIT(&retry_standard, &quota);
		for (kind = answer_first(answer_member(v, "acquire")); kind;
		     kind = answer_next(kind)) {
			assert_true(answer_string(kind, &s));
			stop = retry_next(&call, kind_named(s), RETRY_ASKED_NOTHING, 0, &wait);
		}
		then = json_text(v, "then");
		if (str_starts(then, STR("success")) || str_starts(then, STR("a success")))
			retry_succeeded(&call);
		ok = json_true(v, "second_refused") ? stop == RETRY_STOP_QUOTA
						    : quota.left == number(v, "after");
		tally(ok, "quota");
	}
}

/* How many requests a call makes that is answered this way for ever. */
static int requests(struct retry_quota *quota, const struct retry_rules *rules,
		    const struct retry_outcome *o)
{
	struct retry_call call = RETRY_CALL_INIT(rules, quota);
	int64_t wait;

	while (retry_next(&call, retry_classify(o), RETRY_ASKED_NOTHING, 0, &wait) == RETRY_GO)
		;
	return call.attempt;
}

static void whole_client(const struct answer_value *root)
{
	const struct answer_value *v, *want;
	struct retry_rules rules;
	struct retry_quota quota;
	struct retry_outcome o;
	struct str s;
	int64_t n;

	for (v = answer_first(answer_member(root, "whole_client")); v; v = answer_next(v)) {
		rules = retry_standard;
		if (number(v, "max_attempts") != 0)
			rules.attempts = (int)number(v, "max_attempts");
		quota = RETRY_QUOTA_INIT(&rules);
		o = (struct retry_outcome){ .code = STR("") };
		want = answer_member(v, "responses");
		if (answer_string(want, &s))
			o.status =
			    (s.data[0] - '0') * 100 + (s.data[1] - '0') * 10 + (s.data[2] - '0');
		else if (answer_kind(want) == ANSWER_OBJECT) {
			o.status = (int)number(want, "status");
			o.code = json_text(answer_member(want, "body"), "__type");
		} else {
			o.status = 200;
		}
		want = answer_first(answer_member(v, "expected_requests_per_call"));
		if (want == NULL)
			tally(requests(&quota, &rules, &o) == number(v, "expected_requests"),
			      "whole_client");
		for (; want != NULL; want = answer_next(want)) {
			assert_true(answer_number(want, &n));
			tally(requests(&quota, &rules, &o) == n, "whole_client");
		}
	}
}

static int64_t time_read(const struct answer_value *list, size_t at)
{
	struct str s = STR("");
	int64_t t = 0;

	for (list = answer_first(list); at != 0; at--)
		list = answer_next(list);
	assert_true(answer_string(list, &s));
	if (str_starts(s, STR("signing ")))
		s = (struct str){ s.data + 8, s.len - 8 };
	assert_true(when_parse_iso(s, &t));
	return t;
}

/* The clock is read for signing, at the answer, and before the next request. */
static void header(const struct answer_value *one, int64_t timeout)
{
	const struct answer_value *reads = answer_member(one, "client_clock_reads");
	const struct answer_value *response = answer_first(answer_member(one, "responses"));
	const struct answer_value *want = answer_first(answer_member(one, "headers"));
	struct retry_quota quota = RETRY_QUOTA_INIT(&retry_standard);
	struct retry_call call = RETRY_CALL_INIT(&retry_standard, &quota);
	struct http_answer answer = HTTP_ANSWER_INIT;
	char text[RETRY_HEADER_SIZE];
	int64_t ttl = 0, skew, wait;
	size_t at = 1;
	struct str s;

	for (; want != NULL; want = answer_next(want), response = answer_next(response), at += 3) {
		retry_header(&call, ttl, text);
		assert_true(answer_string(want, &s));
		tally(str_is(s, text), "amz-sdk-request");
		if (answer_next(want) == NULL)
			break;
		secret_clear(&answer.headers);
		secret_puts(&answer.headers, "Date: ");
		secret_put_str(&answer.headers, json_text(response, "date"));
		secret_puts(&answer.headers, "\r\n");
		assert_true(retry_skew(&answer, time_read(reads, at), &skew));
		ttl = time_read(reads, at + 1) + skew + timeout;
		assert_int_equal(retry_next(&call, RETRY_TRANSIENT, RETRY_ASKED_NOTHING, 0, &wait),
				 RETRY_GO);
	}
	http_answer_release(&answer);
}

static void standard(void **state)
{
	static const int64_t waits[] = {
		1000, 2000, 4000, 8000, 16000, 20000, 20000, 20000, 20000
	};
	struct answer *file = conformance_json("retry/standard-mode-cases.json");
	const struct answer_value *root = answer_root(file), *table, *v;

	(void)state;
	if (file == NULL)
		skip();
	n_cases = n_ok = 0;
	classes(root);
	attempts(root);
	backoff(&retry_standard, waits, N(waits));
	quotas(root);
	whole_client(root);
	table = answer_member(root, "amz_sdk_request_header");
	for (v = answer_first(answer_member(table, "cases")); v; v = answer_next(v))
		header(v, number(table, "read_timeout_seconds"));
	answer_free(file);
	printf("conformance: retry, standard mode %zu of %zu\n", n_ok, n_cases);
	assert_true(n_cases > 100);
	assert_int_equal(n_ok, n_cases);
}

/* Where the gated mode differs in numbers alone, the same code must give them. */
static void gated(void **state)
{
	static const int64_t waits[] = { 50,   100,  200,   400,   800,  1600,
					 3200, 6400, 12800, 20000, 20000 };
	struct answer *file = conformance_json("retry/standard-mode-2026-gated-cases.json");
	const struct answer_value *root = answer_root(file), *v;
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct retry_quota quota;
	struct retry_call call;
	int64_t wait;

	(void)state;
	if (file == NULL)
		skip();
	n_cases = n_ok = 0;
	backoff(&newer, waits, N(waits));
	for (v = answer_first(answer_member(root, "x_amz_retry_after_ms")); v; v = answer_next(v)) {
		quota = RETRY_QUOTA_INIT(&newer);
		call = RETRY_CALL_INIT(&newer, &quota);
		secret_clear(&answer.headers);
		secret_puts(&answer.headers, "x-amz-retry-after: ");
		secret_put_str(&answer.headers, json_text(v, "header"));
		secret_puts(&answer.headers, "\n");
		assert_int_equal(
		    retry_next(&call, RETRY_TRANSIENT, retry_asked(&answer, 0), UINT32_MAX, &wait),
		    RETRY_GO);
		tally(quota.left == number(v, "capacity_after_failure"), "x-amz-retry-after");
		tally(wait == milliseconds(v, "delay"), "x-amz-retry-after");
		retry_succeeded(&call);
		tally(quota.left == number(v, "capacity_after_success"), "x-amz-retry-after");
	}
	http_answer_release(&answer);
	answer_free(file);
	printf("conformance: retry, newer mode's numbers %zu of %zu\n", n_ok, n_cases);
	assert_int_equal(n_ok, n_cases);
}

/* ---- our own --------------------------------------------------------------- */

static void kinds(void **state)
{
	static const struct {
		struct retry_outcome outcome;
		enum retry_kind want;
	} cases[] = {
		{ { TRANSPORT_ANSWERED, 200, STR("") }, RETRY_NOT },
		{ { TRANSPORT_ANSWERED, 200, STR("ThrottlingException") }, RETRY_NOT },
		{ { TRANSPORT_ANSWERED, 429, STR("") }, RETRY_THROTTLED },
		{ { TRANSPORT_ANSWERED, 403, STR("AccessDeniedException") }, RETRY_NOT },
		{ { TRANSPORT_ANSWERED, 402, STR("ServiceQuotaExceededException") }, RETRY_NOT },
		{ { TRANSPORT_ANSWERED, 501, STR("") }, RETRY_NOT },
		{ { TRANSPORT_ANSWERED, 403, STR("RequestTimeTooSkewed") }, RETRY_SKEWED },
		{ { TRANSPORT_ANSWERED, 403, STR("InvalidSignatureException") }, RETRY_SKEWED },
		{ { TRANSPORT_ANSWERED, 403, STR("ExpiredTokenException") }, RETRY_EXPIRED },
		{ { TRANSPORT_TIMEOUT, 0, STR("") }, RETRY_TIMEOUT },
		{ { TRANSPORT_NO_HOST, 0, STR("") }, RETRY_TRANSIENT },
		{ { TRANSPORT_TLS, 0, STR("") }, RETRY_NOT },
		{ { TRANSPORT_TOO_LARGE, 0, STR("") }, RETRY_NOT },
		{ { TRANSPORT_STOPPED, 0, STR("") }, RETRY_NOT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		assert_int_equal(retry_classify(&cases[i].outcome), cases[i].want);
}

/* A clock that is wrong is put right once; then the signature itself is wrong. */
static void corrected_once(void **state)
{
	struct retry_quota quota = RETRY_QUOTA_INIT(&retry_standard);
	struct retry_call call = RETRY_CALL_INIT(&retry_standard, &quota);
	int64_t wait = -1;

	(void)state;
	assert_int_equal(retry_next(&call, RETRY_SKEWED, RETRY_ASKED_NOTHING, UINT32_MAX, &wait),
			 RETRY_GO);
	assert_int_equal(wait, 0);
	assert_int_equal(retry_next(&call, RETRY_SKEWED, RETRY_ASKED_NOTHING, 0, &wait),
			 RETRY_STOP_KIND);
	assert_int_equal(retry_next(&call, RETRY_EXPIRED, RETRY_ASKED_NOTHING, 0, &wait),
			 RETRY_STOP_KIND);
	assert_int_equal(retry_next(&call, RETRY_TRANSIENT, RETRY_ASKED_NOTHING, 0, &wait),
			 RETRY_GO);
	assert_int_equal(retry_next(&call, RETRY_TRANSIENT, RETRY_ASKED_NOTHING, 0, &wait),
			 RETRY_STOP_ATTEMPTS);
}

static void asked(void **state)
{
	static const struct {
		const char *headers;
		int64_t want;
	} cases[] = {
		{ "", 0 },
		{ "Retry-After: 7\r\n", 7000 },
		{ "retry-after: 99999\n", 60000 },
		{ "Retry-After: soon\n", 0 },
		{ "Retry-After: -1\n", 0 },
		{ "Retry-After: Thu, 01 Jan 1970 00:00:30 GMT\n", 20000 },
		{ "Retry-After: Thu, 01 Jan 1970 00:00:01 GMT\n", 0 },
		{ "x-amz-retry-after: 1500\nRetry-After: 7\n", 1500 },
	};
	struct retry_quota quota = RETRY_QUOTA_INIT(&retry_standard);
	struct retry_call call = RETRY_CALL_INIT(&retry_standard, &quota);
	struct http_answer answer = HTTP_ANSWER_INIT;
	int64_t wait;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		secret_puts(&answer.headers, cases[i].headers);
		assert_int_equal(retry_asked(&answer, 10).ms, cases[i].want);
		http_answer_release(&answer);
	}
	assert_int_equal(
	    retry_next(&call, RETRY_THROTTLED, (struct retry_asked){ 7000, false }, 0, &wait),
	    RETRY_GO);
	assert_int_equal(wait, 7000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(standard),       cmocka_unit_test(gated), cmocka_unit_test(kinds),
		cmocka_unit_test(corrected_once), cmocka_unit_test(asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
