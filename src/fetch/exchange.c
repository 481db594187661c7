/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanges for credentials. Knows the order of signing, sending and waiting;
 * does not know what the answer is for.
 */
#include "fetch/exchange.h"

#include "base/buf.h"
#include "base/limit.h"
#include "fetch/attempt.h"
#include "fetch/retry.h"
#include "fetch/url.h"

#define CONNECT_MS  10000
#define DEADLINE_MS 30000

static void send(const struct exchange *x, const struct attempt *a, struct http_answer *answer)
{
	struct http_request request = {
		.method = x->method,
		.url = x->url,
		.headers = a->headers,
		.n_headers = a->n_headers,
		.body = x->body,
		.connect_ms = x->connect_ms != 0 ? x->connect_ms : CONNECT_MS,
		.deadline_ms = x->deadline_ms != 0 ? x->deadline_ms : DEADLINE_MS,
		.answer_limit = LIMIT_CREDENTIAL_ANSWER,
		.direct = x->direct,
	};
	const struct transport *t = &x->session->world->transport;

	http_answer_release(answer);
	answer->end = TRANSPORT_REFUSED;
	t->send(t->self, &request, answer);
}

static int tell(const struct exchange *x, const struct http_answer *answer,
		const struct answer_error *error, struct err *err)
{
	enum err_kind kind = answer->end == TRANSPORT_STOPPED ? ERR_INTERRUPTED : ERR_INPUT;
	const char *gap = error->message[0] != '\0' ? ": " : "";

	if (answer->end != TRANSPORT_ANSWERED)
		return err_set(err, kind, "%s: %s%s%s", x->whom, transport_end_text(answer->end),
			       answer->detail[0] != '\0' ? ": " : "", answer->detail);
	if (error->request_id[0] != '\0')
		return err_set(err, kind, "%s answered %s%s%s (request id %s)", x->whom,
			       error->code, gap, error->message, error->request_id);
	return err_set(err, kind, "%s answered %s%s%s", x->whom, error->code, gap, error->message);
}

static void hide(const struct exchange *x, struct answer_error *error)
{
	size_t i;

	for (i = 0; i < x->n_headers; i++)
		answer_hide(error, x->headers[i].value);
	if (x->keys != NULL)
		answer_hide(error, secret_str(&x->keys->token));
	for (i = 0; i < 2; i++)
		answer_hide(error, x->secrets[i]);
}

/* After an attempt: 0 for a good one, 1 when there is to be another, -1 at the end. */
static int judge(const struct exchange *x, struct retry_call *call, struct attempt *a,
		 int64_t *skew, const struct http_answer *answer, struct answer_error *error,
		 struct err *err)
{
	const struct world *world = x->session->world;
	int64_t now = world_now(world), wait_ms = 0;
	struct retry_outcome outcome;
	enum retry_kind kind;

	*error = (struct answer_error){ 0 };
	if (answer->end == TRANSPORT_ANSWERED && answer->status == 200) {
		retry_succeeded(call);
		return 0;
	}
	if (x->xml)
		answer_error_xml(answer, error);
	else
		answer_error(answer, error);
	hide(x, error);
	outcome = (struct retry_outcome){ answer->end, answer->status, str_of(error->code) };
	kind = retry_classify(&outcome);
	if (kind == RETRY_EXPIRED || (kind == RETRY_SKEWED && !retry_skew(answer, now, skew)))
		kind = RETRY_NOT;
	if (retry_skew(answer, now, &a->ttl))
		a->ttl += now + DEADLINE_MS / 1000;
	else
		a->ttl = 0;
	if (retry_next(call, kind, retry_asked(answer, now), world_chance(world), &wait_ms) !=
	    RETRY_GO)
		return tell(x, answer, error, err);
	if (!world->pause(world->self, wait_ms))
		return err_set(err, ERR_INTERRUPTED, "%s: stopped", x->whom);
	return 1;
}

int exchange_run(const struct exchange *x, struct http_answer *answer, struct answer_error *error,
		 struct err *err)
{
	struct retry_rules rules = retry_standard;
	struct retry_quota quota = RETRY_QUOTA_INIT(&rules);
	struct retry_call call = RETRY_CALL_INIT(&rules, &quota);
	struct attempt a = { 0 };
	struct url url;
	struct attempt_of of = { .method = x->method,
				 .url = &url,
				 .headers = x->headers,
				 .n_headers = x->n_headers,
				 .body = x->body,
				 .call = x->direct ? NULL : &call,
				 .keys = x->keys,
				 .endpoint = x->endpoint };
	int64_t skew = 0;
	int rc;

	*error = (struct answer_error){ 0 };
	if (url_parse(x->url, &url, err) == -1)
		return err_wrap(err, "the URL of %s", x->whom);
	if (!url.tls && !url_may_be_plain(&url))
		return err_set(err, ERR_INPUT, "the URL of %s is not https", x->whom);
	rules.attempts =
	    x->attempts != 0 ? x->attempts : session_attempts(x->session, rules.attempts);
	attempt_id(x->session->world, a.id);
	do {
		of.now = world_now(x->session->world) + skew;
		rc = attempt_put(&a, &of, err);
		if (rc == 0) {
			send(x, &a, answer);
			rc = judge(x, &call, &a, &skew, answer, error, err);
		}
		attempt_release(&a);
	} while (rc == 1);
	return rc;
}
