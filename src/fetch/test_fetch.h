/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of whole runs share this: IVS on loopback, STS as a function, and what
 * was written. Header for tests alone.
 */
#ifndef FETCH_TEST_FETCH_H
#define FETCH_TEST_FETCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fetch/fetch.h"
#include "fetch/http.h"
#include "fetch/test_server.h"
#include "fetch/when.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define NOW      1700000000
#define WEST     "arn:aws:ivs:us-west-2:123456789012:recording-configuration/"
#define SESSION  "hush-session-token-of-many-bytes"
#define ROLE     "arn:aws:iam::111111111111:role/Auditor"

/* ---- the service ----------------------------------------------------------- */

struct service {
	int n, page;         /* configurations of each account and region; of one page */
	const char *account; /* where the credentials do not tell */
	/* True when it has made the reply. `what` is an ARN's id or a page's token. */
	bool (*fault)(struct service *v, const struct test_request *request, const char *operation,
		      const char *what, struct test_reply *reply);
	int n_calls;
	atomic_int n_sts, count; /* workers count too */
	char key_id[64], region[32], date[32];
	const char *refuse_role; /* STS refuses roles with this in them */
	int token_s;             /* seconds that a role's credentials are good for */
	_Atomic int64_t now;
	atomic_int stop;
};

/* The text behind `before` up to one of `ends`. */
static inline void between(const char *text, const char *before, const char *ends, char *to,
			   size_t size)
{
	const char *at = text != NULL ? strstr(text, before) : NULL;

	to[0] = '\0';
	if (at != NULL)
		snprintf(to, size, "%.*s", (int)strcspn(at + strlen(before), ends),
			 at + strlen(before));
}

/* Roles' key ids are "ASIA", the account, and a count. */
static inline void account_of(const struct service *v, char account[13])
{
	if (strncmp(v->key_id, "ASIA", 4) == 0)
		snprintf(account, 13, "%.12s", v->key_id + 4);
	else
		snprintf(account, 13, "%s", v->account != NULL ? v->account : "123456789012");
}

static inline void put_list(struct service *v, int from, struct buf *b)
{
	char account[13];
	int i;

	account_of(v, account);
	buf_puts(b, "{\"recordingConfigurations\": [ ");
	/* the last comes first, so that order is ours */
	for (i = from; i < v->n && i < from + v->page; i++)
		buf_printf(b,
			   "%s{\"arn\": \"arn:aws:ivs:%s:%s:recording-configuration/%c\", "
			   "\"name\": \"n\"}",
			   i == from ? "" : " , ", v->region, account, 'a' + v->n - 1 - i);
	buf_puts(b, " ]");
	if (from + v->page < v->n)
		buf_printf(b, ", \"nextToken\": \"t\\u002f%d\"", from + v->page);
	buf_puts(b, "}");
}

/* Not in the thread of the test: cmocka's own would not do. */
static inline void need(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return;
	fprintf(stderr, "'%s' is not in:\n%s\n", part, text);
	abort();
}

static inline void serve(void *to, const struct test_request *request, struct test_reply *reply)
{
	struct service *v = to;
	char operation[64], what[64], token[64];

	v->n_calls++;
	between(request->line, "POST /", " ", operation, sizeof(operation));
	between(request->headers, "Credential=", "/", v->key_id, sizeof(v->key_id));
	between(strstr(request->headers, "Credential="), "/20", "", what, sizeof(what));
	between(what, "/", "/", v->region, sizeof(v->region));
	between(request->headers, "X-Amz-Date: ", "\r", v->date, sizeof(v->date));
	between(request->body, "nextToken\":\"t\\u002f", "\"", token, sizeof(token));
	between(request->body, "recording-configuration/", "\"", what, sizeof(what));
	need(request->headers, "User-Agent: ivslint/" IVSLINT_VERSION "\r\n");
	need(request->headers, "amz-sdk-request: ");
	need(request->headers, "amz-sdk-invocation-id: ");
	need(request->headers, "Content-Type: application/json\r\n");
	reply->headers = "x-amzn-RequestId: req-1\r\n";
	if (v->fault != NULL && v->fault(v, request, operation, *what ? what : token, reply))
		return;
	if (strcmp(operation, "ListRecordingConfigurations") == 0) {
		put_list(v, (int)strtol(token, NULL, 10), &reply->body);
		return;
	}
	between(request->body, "\"arn\":\"", "\"", what, sizeof(what));
	between(request->body, "\"arn\":", "}", operation, sizeof(operation));
	buf_printf(
	    &reply->body,
	    "{\"recordingConfiguration\": {\"new\": 12345678901234567890,\n\t\"arn\": %.*s }}",
	    (int)strcspn(strstr(request->body, "arn\":") + 5, "}"),
	    strstr(request->body, "arn\":") + 5);
}

static inline void fail_with(struct test_reply *reply, int status, const char *body)
{
	reply->status = status;
	buf_puts(&reply->body, body);
}

/* ---- STS, and the rest of the world ---------------------------------------- */

static inline void sts(void *self, const struct http_request *request, struct http_answer *answer)
{
	struct service *v = self;
	char role[100], account[100], text[600], expires[21];
	int count;

	answer->end = TRANSPORT_ANSWERED;
	answer->status = 200;
	v->n_sts++;
	if (strstr(request->body.data, "Action=GetCallerIdentity") != NULL) {
		secret_puts(&answer->body,
			    "<GetCallerIdentityResponse><GetCallerIdentityResult>"
			    "<Account>123456789012</Account>"
			    "</GetCallerIdentityResult></GetCallerIdentityResponse>");
		return;
	}
	between(request->body.data, "RoleArn=", "&", role, sizeof(role));
	between(role, "iam%3A%3A", "%", account, sizeof(account));
	if (v->refuse_role != NULL && strstr(role, v->refuse_role) != NULL) {
		answer->status = 403;
		secret_puts(&answer->body,
			    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you"
			    "</Message></Error><RequestId>sts-1</RequestId></ErrorResponse>");
		return;
	}
	count = ++v->count;
	when_iso(v->now + (v->token_s != 0 ? v->token_s : 3600), expires);
	snprintf(text, sizeof(text),
		 "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
		 "<AccessKeyId>ASIA%s%d</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
		 "<SessionToken>" SESSION "-%d</SessionToken><Expiration>%s</Expiration>"
		 "</Credentials>"
		 "<AssumedRoleUser><Arn>arn:aws:sts::%s:assumed-role/a/b</Arn></AssumedRoleUser>"
		 "</AssumeRoleResult></AssumeRoleResponse>",
		 account, count, count, expires, account);
	secret_puts(&answer->body, text);
}

static inline int64_t now_of(void *self)
{
	return ((struct service *)self)->now;
}

/* No chance: no wait before a retry. */
static inline void random_of(void *self, void *bytes, size_t size)
{
	(void)self;
	memset(bytes, 0, size);
}

static inline bool pause_of(void *self, int64_t ms)
{
	(void)self;
	(void)ms;
	return true;
}

/* ---- a run ----------------------------------------------------------------- */

struct run {
	char *text; /* all that was written */
	struct fetch_summary summary;
	struct err err;
	bool opened;
	pthread_mutex_t lock;
	char told[4000];
};

static inline void told(void *to, const struct api_told *t)
{
	struct run *r = to;
	size_t len;

	/* what credentials take is told by other threads */
	pthread_mutex_lock(&r->lock);
	len = strlen(r->told);
	snprintf(r->told + len, sizeof(r->told) - len, "%s %s %d %d %s %s\n", t->operation,
		 t->region, t->attempt, t->status, t->request_id, t->code);
	pthread_mutex_unlock(&r->lock);
}

static inline char *read_back(const char *path)
{
	struct buf b = BUF_INIT(1 << 20);
	struct err err;

	assert_int_equal(file_read(&b, path, &err), 0);
	return b.data;
}

/* With "a b c" as options; `config` is the text of a config file. */
static inline void run(struct run *r, struct service *v, const char *line, const char *config)
{
	static const struct opt *const tables[] = { ask_opts, ask_role_opts, ask_fetch_opts, NULL };
	char name[] = "x", *argv[40] = { name }, copy[1000], url[64],
	     path[] = "/tmp/ivslint-fetch-XXXXXX";
	char config_path[64] = "AWS_CONFIG_FILE=/tmp/ivslint-config-XXXXXX";
	const char *environment[] = { "AWS_REGION=us-west-2",
				      config_path,
				      "AWS_SHARED_CREDENTIALS_FILE=/nowhere",
				      "AWS_EC2_METADATA_DISABLED=true",
				      "AWS_ENDPOINT_URL_STS=https://sts.example",
				      config != NULL ? NULL : "AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
				      "AWS_SECRET_ACCESS_KEY=secret",
				      NULL };
	struct world world = { .environment = environment,
			       .transport = { sts, v },
			       .now = now_of,
			       .random = random_of,
			       .pause = pause_of,
			       .self = v };
	struct fetch_options options = {
		.world = &world, .stop = &v->stop, .stop_fd = -1, .tell = told, .to = r
	};
	struct test_server server;
	struct file_out *out;
	struct fetch *f;
	struct ask ask;
	char *at, *next;
	int argc = 1, fd = mkstemp(config_path + 16);

	*r = (struct run){ .lock = PTHREAD_MUTEX_INITIALIZER };
	if (config != NULL)
		assert_int_equal(write(fd, config, strlen(config)), strlen(config));
	close(fd);
	close(mkstemp(path));
	if (v->now == 0)
		v->now = NOW;
	test_server_start(&server, serve, v);
	snprintf(url, sizeof(url), "--endpoint-url=http://127.0.0.1:%d", server.port);
	argv[argc++] = url;
	snprintf(copy, sizeof(copy), "--max-tps=0 --concurrency=4 %s", line);
	for (at = strtok_r(copy, " ", &next); at != NULL; at = strtok_r(NULL, " ", &next))
		argv[argc++] = at;
	ask_init(&ask);
	options.ask = &ask;
	if (opt_parse(tables, argc, argv, &ask, &r->err) == -1 || ask_check(&ask, &r->err) == -1)
		fail_msg("%s", r->err.text);
	f = fetch_open(&options, &r->err);
	r->opened = f != NULL;
	if (f != NULL) {
		out = file_out_open(path, &r->err);
		fetch_run(f, out, &r->summary);
		assert_int_equal(file_out_commit(out, &r->err), 0);
		fetch_free(f);
		r->text = read_back(path);
	}
	test_server_stop(&server);
	unlink(path);
	unlink(config_path + 16);
}

static inline void is_text(const struct run *r, const char *want)
{
	if (strcmp(r->text, want) != 0)
		fail_msg("written:\n%s\nwanted:\n%s", r->text, want);
}

static inline void has(const struct run *r, const char *want)
{
	if (strstr(r->text, want) == NULL) {
		fprintf(stderr, "%s", r->text);
		fail_msg("'%s' is not there", want);
	}
}

#define HEADER "{\"ivslintFetch\":{\"format\":1,\"version\":\"" IVSLINT_VERSION "\"}}\n"
#define LINE(arn)                                                                                  \
	"{\"recordingConfiguration\":{\"new\":12345678901234567890,\"arn\":\"" arn "\"}}\n"

#endif
