/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker does for one identity: credentials, its account, and a word of
 * each exchange. Knows what roles of one profile share; does not know threads
 * but for the lock of that.
 */
#include "fetch/identity_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/api.h"
#include "fetch/url.h"

static void copy_creds(struct creds *to, const struct creds *from)
{
	creds_release(to);
	secret_put_str(&to->key_id, secret_str(&from->key_id));
	secret_put_str(&to->key, secret_str(&from->key));
	secret_put_str(&to->token, secret_str(&from->token));
	to->expires = from->expires;
	memcpy(to->account, from->account, sizeof(to->account));
	memcpy(to->source, from->source, sizeof(to->source));
}

/* Those of the profile or chain, which roles share. */
static int get_base(struct identity *id, const struct session *session, bool expire,
		    struct creds *to, struct err *err)
{
	struct source *source = id->source;
	const struct creds *creds;
	int rc = -1;

	pthread_mutex_lock(&source->lock);
	if (expire)
		creds_holder_expire(&source->holder);
	if (source->failed && !expire) {
		*err = source->why;
		id->fresh_refusal = source->refusal;
	} else {
		source->holder.session = session;
		rc = creds_holder_get(&source->holder, &creds, err);
		source->holder.session = &source->session;
		source->failed = rc == -1;
		source->refusal = id->fresh_refusal;
		if (rc == -1)
			source->why = *err;
		else
			copy_creds(to, creds);
	}
	pthread_mutex_unlock(&source->lock);
	return rc;
}

static int get_creds(struct identity *id, const struct session *session, struct err *err)
{
	struct creds base = CREDS_INIT;
	int rc;

	if (!id->has_role)
		return get_base(id, session, id->expire, &id->fresh, err);
	rc = get_base(id, session, false, &base, err);
	if (rc == 0)
		rc = creds_assume(session, &base, &id->role, &id->fresh, err);
	creds_release(&base);
	return rc;
}

static void get_account(struct identity *id, const struct session *session,
			const struct creds *creds)
{
	id->fresh_account[0] = '\0';
	if (creds->account[0] != '\0')
		memcpy(id->fresh_account, creds->account, sizeof(creds->account));
	else if (id->want_account)
		(void)api_sts_account(session, creds, id->fresh_account, &id->account_err);
}

/* A worker's way to the network, which says what went over it. */
struct way {
	struct transport inner;
	struct identities *ids;
	struct identity *id;
};

/* "AssumeRole" of a form, or "GET 169.254.169.254": never a path, which may hold more. */
static void put_operation(const struct http_request *request, char *to, size_t size)
{
	static const struct str action = STR("Action=");
	struct url url;
	struct err ignored;
	size_t len = 0;

	if (str_starts(request->body, action)) {
		for (len = action.len; len < request->body.len && request->body.data[len] != '&';)
			len++;
		snprintf(to, size, "%.*s", (int)(len - action.len),
			 request->body.data + action.len);
	} else if (url_parse(request->url, &url, &ignored) == 0) {
		snprintf(to, size, "%s %.*s", request->method, STR_ARG(url.host));
	} else {
		snprintf(to, size, "%s", request->method);
	}
}

static int attempt_of(const struct http_request *request)
{
	static const struct str before = STR("attempt=");
	struct str value;
	size_t i, at;

	for (i = 0; i < request->n_headers; i++) {
		value = request->headers[i].value;
		if (!str_is(request->headers[i].name, "amz-sdk-request"))
			continue;
		for (at = 0; at + before.len < value.len; at++)
			if (memcmp(value.data + at, before.data, before.len) == 0)
				return (int)strtol(value.data + at + before.len, NULL, 10);
	}
	return 1;
}

static void tell(const struct way *way, const char *operation, const struct http_request *request,
		 const struct http_answer *answer, int64_t begun_us)
{
	struct answer_error error;
	struct api_told told = { .operation = operation, .region = "", .code = "" };

	answer_request_id(answer, &error);
	told.account = way->id->has_role ? way->id->account : "";
	told.attempt = attempt_of(request);
	told.end = answer->end;
	told.status = answer->status;
	told.ms = (http_now_us() - begun_us) / 1000;
	told.request_id = error.request_id;
	way->ids->tell(way->ids->tell_to, &told);
}

/* The last word of STS is why there are no credentials, if there are none. */
static void note_refusal(struct refusal *r, const char *operation,
			 const struct http_request *request, const struct http_answer *answer)
{
	struct answer_error error;
	size_t i;

	*r = (struct refusal){ 0 };
	if (!str_starts(request->body, STR("Action=")) || answer->end != TRANSPORT_ANSWERED ||
	    answer->status == 200)
		return;
	answer_error_xml(answer, &error);
	answer_hide(&error, request->body);
	for (i = 0; i < request->n_headers; i++)
		if (str_is(request->headers[i].name, "X-Amz-Security-Token"))
			answer_hide(&error, request->headers[i].value);
	snprintf(r->operation, sizeof(r->operation), "%s", operation);
	snprintf(r->code, sizeof(r->code), "%s", error.code);
	snprintf(r->request_id, sizeof(r->request_id), "%s", error.request_id);
}

static void send_and_tell(void *self, const struct http_request *request,
			  struct http_answer *answer)
{
	struct way *way = self;
	int64_t begun_us = http_now_us();
	char operation[40];

	way->inner.send(way->inner.self, request, answer);
	put_operation(request, operation, sizeof(operation));
	if (!way->id->only_account)
		note_refusal(&way->id->fresh_refusal, operation, request, answer);
	if (way->ids->tell != NULL)
		tell(way, operation, request, answer, begun_us);
}

void identity_work(struct identities *ids, struct http *http, struct identity *id)
{
	struct world world = *ids->world;
	struct session session = id->source->session;
	struct http_client client = { http, id->source->ca_bundle };
	struct way way = { world.transport, ids, id };

	if (way.inner.send == NULL)
		way.inner = (struct transport){ http_send, &client };
	world.transport = (struct transport){ send_and_tell, &way };
	session.world = &world;
	id->fresh_err = id->account_err = (struct err){ 0 };
	id->fresh_refusal = (struct refusal){ 0 };
	id->rc = 0;
	if (!id->only_account)
		id->rc = get_creds(id, &session, &id->fresh_err);
	if (id->rc == 0)
		get_account(id, &session, id->only_account ? &id->creds : &id->fresh);
}
