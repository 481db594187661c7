/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanges for credentials. Knows the order of signing, sending and waiting;
 * does not know what the answer is for.
 */
#include "fetch/exchange.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/limit.h"
#include "fetch/retry.h"
#include "fetch/sigv4.h"
#include "fetch/url.h"

#define CONNECT_MS   10000
#define DEADLINE_MS  30000
#define MOST_HEADERS 16

#define USER_AGENT "ivslint/" IVSLINT_VERSION

struct attempt {
	struct http_header headers[MOST_HEADERS];
	size_t n_headers;
	struct sigv4 signature;
	char sdk[RETRY_HEADER_SIZE];
	char id[EXCHANGE_ID_SIZE];
	int64_t ttl, skew;
};

void exchange_id(const struct world *world, char id[EXCHANGE_ID_SIZE])
{
	unsigned char bytes[16];
	char hex[33];

	world->random(world->self, bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40); /* RFC 9562, version 4 */
	bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
	digest_hex(bytes, sizeof(bytes), hex);
	snprintf(id, EXCHANGE_ID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
		 hex + 16, hex + 20);
}

static void add(struct attempt *a, struct str name, struct str value)
{
	if (a->n_headers < MOST_HEADERS)
		a->headers[a->n_headers++] = (struct http_header){ name, value };
}

static int put_signature(const struct exchange *x, const struct url *url, struct attempt *a,
			 struct err *err)
{
	struct sigv4_request request = { .method = x->method,
					 .path = url->path,
					 .query = url->query,
					 .headers = a->headers,
					 .n_headers = a->n_headers,
					 .body = x->body };
	struct sigv4_keys keys = { secret_str(&x->keys->key_id), secret_str(&x->keys->key),
				   secret_str(&x->keys->token) };
	struct sigv4_scope scope = { .region = str_of(x->endpoint->signing_region),
				     .service = str_of(x->endpoint->signing_name),
				     .now = world_now(x->session->world) + a->skew };

	if (sigv4_sign(&request, &keys, &scope, &a->signature, err) == -1)
		return -1;
	add(a, STR("X-Amz-Date"), str_of(a->signature.date));
	if (keys.token.len != 0)
		add(a, STR("X-Amz-Security-Token"), keys.token);
	add(a, STR("Authorization"), secret_str(&a->signature.authorization));
	return 0;
}

static int put_headers(const struct exchange *x, const struct retry_call *call,
		       const struct url *url, struct attempt *a, struct err *err)
{
	size_t i;

	a->n_headers = 0;
	add(a, STR("Host"), url->authority);
	add(a, STR("User-Agent"), STR(USER_AGENT));
	for (i = 0; i < x->n_headers; i++)
		add(a, x->headers[i].name, x->headers[i].value);
	if (!x->direct) {
		retry_header(call, a->ttl, a->sdk);
		add(a, STR("amz-sdk-invocation-id"), str_of(a->id));
		add(a, STR("amz-sdk-request"), str_of(a->sdk));
	}
	return x->keys != NULL ? put_signature(x, url, a, err) : 0;
}

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

/* After an attempt: 0 for a good one, 1 when there is to be another, -1 at the end. */
static int judge(const struct exchange *x, struct retry_call *call, struct attempt *a,
		 const struct http_answer *answer, struct answer_error *error, struct err *err)
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
	outcome = (struct retry_outcome){ answer->end, answer->status, str_of(error->code) };
	kind = retry_classify(&outcome);
	if (kind == RETRY_EXPIRED || (kind == RETRY_SKEWED && !retry_skew(answer, now, &a->skew)))
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
	int rc;

	*error = (struct answer_error){ 0 };
	if (url_parse(x->url, &url, err) == -1)
		return err_wrap(err, "the URL of %s", x->whom);
	if (!url.tls && !url_may_be_plain(&url))
		return err_set(err, ERR_INPUT, "the URL of %s is not https", x->whom);
	rules.attempts =
	    x->attempts != 0 ? x->attempts : session_attempts(x->session, rules.attempts);
	exchange_id(x->session->world, a.id);
	do {
		rc = put_headers(x, &call, &url, &a, err);
		if (rc == 0) {
			send(x, &a, answer);
			rc = judge(x, &call, &a, answer, error, err);
		}
		sigv4_release(&a.signature);
	} while (rc == 1);
	return rc;
}
