/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole runs against a service on loopback, with STS replaced by a function:
 * what is written, byte for byte, and that each failure is one named entry.
 */
#include "fetch/fetch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <cmocka.h>

#include "fetch/http.h"
#include "fetch/test_server.h"
#include "fetch/when.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define NOW      1700000000
#define WEST     "arn:aws:ivs:us-west-2:123456789012:recording-configuration/"
#define MANY     400

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
static void between(const char *text, const char *before, const char *ends, char *to, size_t size)
{
	const char *at = text != NULL ? strstr(text, before) : NULL;

	to[0] = '\0';
	if (at != NULL)
		snprintf(to, size, "%.*s", (int)strcspn(at + strlen(before), ends),
			 at + strlen(before));
}

/* Roles' key ids are "ASIA", the account, and a count. */
static void account_of(const struct service *v, char account[13])
{
	if (strncmp(v->key_id, "ASIA", 4) == 0)
		snprintf(account, 13, "%.12s", v->key_id + 4);
	else
		snprintf(account, 13, "%s", v->account != NULL ? v->account : "123456789012");
}

static void put_list(struct service *v, int from, struct buf *b)
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
static void need(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return;
	fprintf(stderr, "'%s' is not in:\n%s\n", part, text);
	abort();
}

static void serve(void *to, const struct test_request *request, struct test_reply *reply)
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
		put_list(v, atoi(token), &reply->body);
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

static void fail_with(struct test_reply *reply, int status, const char *body)
{
	reply->status = status;
	buf_puts(&reply->body, body);
}

/* ---- STS, and the rest of the world ---------------------------------------- */

static void sts(void *self, const struct http_request *request, struct http_answer *answer)
{
	struct service *v = self;
	char role[100], account[100], text[600], expires[21];

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
	when_iso(v->now + (v->token_s != 0 ? v->token_s : 3600), expires);
	snprintf(text, sizeof(text),
		 "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
		 "<AccessKeyId>ASIA%s%d</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
		 "<SessionToken>token</SessionToken><Expiration>%s</Expiration></Credentials>"
		 "<AssumedRoleUser><Arn>arn:aws:sts::%s:assumed-role/a/b</Arn></AssumedRoleUser>"
		 "</AssumeRoleResult></AssumeRoleResponse>",
		 account, ++v->count, expires, account);
	secret_puts(&answer->body, text);
}

static int64_t now_of(void *self)
{
	return ((struct service *)self)->now;
}

/* No chance: no wait before a retry. */
static void random_of(void *self, void *bytes, size_t size)
{
	(void)self;
	memset(bytes, 0, size);
}

static bool pause_of(void *self, int64_t ms)
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

static void told(void *to, const struct api_told *t)
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

static char *read_back(const char *path)
{
	struct buf b = BUF_INIT(1 << 20);
	struct err err;

	assert_int_equal(file_read(&b, path, &err), 0);
	return b.data;
}

/* With "a b c" as options; `config` is the text of a config file. */
static void run(struct run *r, struct service *v, const char *line, const char *config)
{
	static const struct opt *const tables[] = { ask_opts, ask_fetch_opts, NULL };
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
	char *at;
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
	for (at = strtok(copy, " "); at != NULL; at = strtok(NULL, " "))
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

static void is_text(const struct run *r, const char *want)
{
	if (strcmp(r->text, want) != 0)
		fail_msg("written:\n%s\nwanted:\n%s", r->text, want);
}

static void has(const struct run *r, const char *want)
{
	if (strstr(r->text, want) == NULL) {
		fprintf(stderr, "%s", r->text);
		fail_msg("'%s' is not there", want);
	}
}

#define HEADER "{\"ivslintFetch\":{\"format\":1,\"version\":\"" IVSLINT_VERSION "\"}}\n"
#define LINE(arn)                                                                                  \
	"{\"recordingConfiguration\":{\"new\":12345678901234567890,\"arn\":\"" arn "\"}}\n"

/* ---- what is written ------------------------------------------------------- */

static void whole(void **state)
{
	struct service v = { .n = 5, .page = 2 };
	struct run r;

	(void)state;
	run(&r, &v, "", NULL);
	is_text(&r,
		HEADER LINE(WEST "a") LINE(WEST "b") LINE(WEST "c") LINE(WEST "d") LINE(
		    WEST
		    "e") "{\"ivslintFetch\":{\"format\":1,\"complete\":true,"
			 "\"recordingConfigurations\":5,"
			 "\"read\":[{\"account\":\"123456789012\",\"region\":\"us-west-2\","
			 "\"recordingConfigurations\":5}],\"missing\":[],\"deleted\":[],"
			 "\"calls\":{\"made\":8,\"retried\":0,\"throttled\":0,\"waitedMs\":0}}}\n");
	assert_true(r.summary.complete);
	assert_int_equal(r.summary.read, 5);
	assert_int_equal(v.n_calls, 8);
	assert_int_equal(v.n_sts, 0);
	assert_non_null(strstr(r.told, "ListRecordingConfigurations us-west-2 1 200 req-1 \n"));
	free(r.text);
}

static void summaries(void **state)
{
	struct service v = { .n = 3, .page = 2 };
	struct run r;

	(void)state;
	run(&r, &v, "--needs summary --region eu-west-1,us-west-2", NULL);
	has(&r,
	    HEADER "{\"recordingConfigurations\":[{\"arn\":\"arn:aws:ivs:eu-west-1:123456789012:"
		   "recording-configuration/a\",\"name\":\"n\"}]}\n");
	has(&r, "{\"recordingConfigurations\":[{\"arn\":\"" WEST "c\",\"name\":\"n\"}]}\n{\"ivs");
	has(&r, "\"complete\":true,\"recordingConfigurations\":6,");
	assert_int_equal(v.n_calls, 4);
	free(r.text);
}

/* Nothing is there: whose account it is has to be asked. */
static void empty(void **state)
{
	struct service v = { .page = 2 };
	struct run r;

	(void)state;
	run(&r, &v, "", NULL);
	has(&r, HEADER "{\"ivslintFetch\":{\"format\":1,\"complete\":true,"
		       "\"recordingConfigurations\":0,\"read\":[{\"account\":\"123456789012\","
		       "\"region\":\"us-west-2\",\"recordingConfigurations\":0}]");
	assert_int_equal(v.n_sts, 1);
	free(r.text);
}

/* ---- faults ---------------------------------------------------------------- */

static bool fault_gets(struct service *v, const struct test_request *request, const char *operation,
		       const char *what, struct test_reply *reply)
{
	(void)v;
	(void)request;
	if (strcmp(operation, "GetRecordingConfiguration") != 0)
		return false;
	switch (what[0]) {
	case 'a':
		reply->headers = "x-amzn-RequestId: r-a\r\n"
				 "x-amzn-ErrorType: ResourceNotFoundException:http://x/\r\n";
		fail_with(reply, 404, "{\"exceptionMessage\":\"gone\"}");
		return true;
	case 'b':
		fail_with(reply, 403,
			  "{\"__type\":\"x#AccessDeniedException\",\"Message\":\"no\\\"\\u001b\"}");
		return true;
	case 'c':
		fail_with(reply, 200, "{\"recordingConfiguration\":{}");
		return true;
	case 'd':
		fail_with(reply, 200, "{\"recordingConfiguration\":{\"arn\":\"" WEST "x\"}}");
		return true;
	case 'e':
		reply->how = REPLY_CUT;
		fail_with(reply, 200, "{\"recordingConfiguration\":{\"arn\":\"" WEST "e\"}}");
		return true;
	case 'f':
		fail_with(reply, 503, "<html>");
		return true;
	default:
		return false;
	}
}

static void failures(void **state)
{
	struct service v = { .n = 7, .page = 10, .fault = fault_gets };
	struct run r;

	(void)state;
	run(&r, &v, "", NULL);
	has(&r, HEADER LINE(WEST "g") "{\"ivslintFetch\":{\"format\":1,\"complete\":false,"
				      "\"recordingConfigurations\":1,");
#define ENTRY(id, code, message)                                                                   \
	"{\"account\":\"123456789012\",\"region\":\"us-west-2\",\"arn\":\"" WEST id                \
	"\",\"operation\":\"GetRecordingConfiguration\",\"code\":\"" code                          \
	"\",\"message\":\"" message "\""
	has(&r, "\"missing\":[" ENTRY(
		    "b", "AccessDeniedException",
		    "no\\\"\\\\x1B") ",\"requestId\":\"req-1\"}," ENTRY("c", "MalformedAnswer",
									"it is not JSON"));
	has(&r, ENTRY("d", "MalformedAnswer", "it is of another recording configuration"));
	has(&r, ENTRY("e", "CutAnswer",
		      "its answer was cut off: transfer closed with 49 bytes remaining to read"));
	has(&r, "\"operation\":\"GetRecordingConfiguration\",\"code\":\"HTTP 503\",\"requestId\"");
	has(&r, "\"deleted\":[\"" WEST "a\"]");
	/* those that might have been better the next time were asked three times */
	has(&r, "\"calls\":{\"made\":16,\"retried\":8,");
	assert_false(r.summary.complete);
	assert_int_equal(r.summary.n_missing, 5);
	free(r.text);
}

static bool fault_lists(struct service *v, const struct test_request *request,
			const char *operation, const char *what, struct test_reply *reply)
{
	(void)request;
	if (strcmp(operation, "ListRecordingConfigurations") != 0)
		return false;
	if (strcmp(v->region, "eu-west-1") == 0) {
		fail_with(reply, 403, "{\"code\":\"AccessDeniedException\",\"message\":\"no\"}");
		return true;
	}
	if (strcmp(v->region, "us-east-1") == 0) {
		fail_with(reply, 200, "{\"recordingConfigurations\":[{\"arn\":\"arn:aws:x\"}]}");
		return true;
	}
	/* each second page leads to itself */
	if (strcmp(what, "2") == 0) {
		fail_with(reply, 200,
			  "{\"recordingConfigurations\":[],\"nextToken\":\"t\\u002f2\"}");
		return true;
	}
	return false;
}

static void lists(void **state)
{
	struct service v = { .n = 5, .page = 2, .fault = fault_lists };
	struct run r;

	(void)state;
	run(&r, &v, "--region eu-west-1,us-east-1,us-west-2", NULL);
	has(&r, HEADER LINE(WEST "d") LINE(WEST "e") "{\"ivslintFetch\":");
	has(&r, "\"read\":[{\"account\":\"123456789012\",\"region\":\"us-west-2\","
		"\"recordingConfigurations\":2}]");
	has(&r,
	    "\"missing\":[{\"account\":\"123456789012\",\"region\":\"eu-west-1\","
	    "\"operation\":\"ListRecordingConfigurations\",\"code\":\"AccessDeniedException\","
	    "\"message\":\"no\",\"requestId\":\"req-1\"},{\"account\":\"123456789012\","
	    "\"region\":\"us-east-1\",\"operation\":\"ListRecordingConfigurations\","
	    "\"code\":\"MalformedAnswer\",\"message\":\"the arn of a recording configuration is "
	    "not the ARN of one\",\"requestId\":\"req-1\"},{\"account\":\"123456789012\","
	    "\"region\":\"us-west-2\",\"operation\":\"ListRecordingConfigurations\","
	    "\"code\":\"RepeatedToken\",\"message\":\"a page's nextToken came a second time\","
	    "\"requestId\":\"req-1\"}]");
	free(r.text);
}

/* The same configuration on two pages is one. */
static bool fault_twice(struct service *v, const struct test_request *request,
			const char *operation, const char *what, struct test_reply *reply)
{
	(void)v;
	(void)request;
	if (strcmp(operation, "ListRecordingConfigurations") != 0 || *what == '\0')
		return false;
	fail_with(reply, 200,
		  "{\"recordingConfigurations\":[{\"arn\":\"" WEST "b\"}],"
		  "\"nextToken\":null}");
	return true;
}

static void twice(void **state)
{
	struct service v = { .n = 2, .page = 1, .fault = fault_twice };
	struct run r;

	(void)state;
	run(&r, &v, "", NULL);
	has(&r, HEADER LINE(WEST "b") "{\"ivslintFetch\":{\"format\":1,\"complete\":true,"
				      "\"recordingConfigurations\":1,");
	assert_int_equal(v.n_calls, 3);
	free(r.text);
}

/* Pages that never end, each with a token of its own. */
static bool fault_endless(struct service *v, const struct test_request *request,
			  const char *operation, const char *what, struct test_reply *reply)
{
	(void)request;
	(void)operation;
	(void)what;
	buf_printf(&reply->body, "{\"recordingConfigurations\":[],\"nextToken\":\"%d\"}",
		   ++v->count);
	return true;
}

static void endless(void **state)
{
	struct service v = { .fault = fault_endless };
	struct run r;

	(void)state;
	run(&r, &v, "", NULL);
	has(&r, "\"code\":\"TooManyPages\"");
	assert_int_equal(v.n_calls, LIMIT_PAGES + 1);
	free(r.text);
}

static bool fault_throttle(struct service *v, const struct test_request *request,
			   const char *operation, const char *what, struct test_reply *reply)
{
	(void)operation;
	(void)what;
	need(request->headers, v->count == 0 ? "attempt=1\r" : "max=3\r");
	if (v->count++ == 2)
		v->fault = NULL;
	else
		fail_with(reply, 429, "{\"message\":\"slow\"}");
	return v->fault != NULL;
}

static void throttled(void **state)
{
	struct service v = { .n = 1, .page = 1, .fault = fault_throttle };
	struct run r;

	(void)state;
	run(&r, &v, "", NULL);
	has(&r, "\"complete\":true,\"recordingConfigurations\":1,");
	has(&r, "\"calls\":{\"made\":4,\"retried\":2,\"throttled\":2,\"waitedMs\":0}");
	assert_non_null(strstr(r.told, "ListRecordingConfigurations us-west-2 3 200"));
	free(r.text);
}

static bool fault_skew(struct service *v, const struct test_request *request, const char *operation,
		       const char *what, struct test_reply *reply)
{
	(void)request;
	(void)operation;
	(void)what;
	if (strncmp(v->date, "20300101T0000", 13) == 0)
		return false;
	reply->headers = "Date: Tue, 01 Jan 2030 00:00:00 GMT\r\n"
			 "x-amzn-ErrorType: RequestTimeTooSkewed\r\n";
	fail_with(reply, 403, "{}");
	return true;
}

static void skewed(void **state)
{
	struct service v = { .n = 2, .page = 5, .fault = fault_skew };
	struct run r;

	(void)state;
	run(&r, &v, "", NULL);
	has(&r, "\"complete\":true,\"recordingConfigurations\":2,");
	/* once: what was learnt holds for the calls that follow */
	has(&r, "\"calls\":{\"made\":4,\"retried\":1,");
	free(r.text);
}

/* ---- credentials ----------------------------------------------------------- */

#define ROLE "arn:aws:iam::111111111111:role/Auditor"

/* The first credentials are no longer taken once listing is done. */
static bool fault_expired(struct service *v, const struct test_request *request,
			  const char *operation, const char *what, struct test_reply *reply)
{
	(void)request;
	(void)what;
	if (strcmp(operation, "GetRecordingConfiguration") != 0 ||
	    strcmp(v->key_id, "ASIA1111111111111") != 0)
		return false;
	fail_with(reply, 403, "{\"__type\":\"ExpiredTokenException\",\"message\":\"old\"}");
	return true;
}

static void renewed(void **state)
{
	struct service v = { .n = 4, .page = 2, .fault = fault_expired };
	struct run r;

	(void)state;
	run(&r, &v, "--assume-role " ROLE, NULL);
	has(&r, "\"complete\":true,\"recordingConfigurations\":4,\"read\":[{\"account\":"
		"\"111111111111\"");
	/* however many calls failed: one new role */
	assert_int_equal(v.count, 2);
	free(r.text);
}

static bool fault_always_expired(struct service *v, const struct test_request *request,
				 const char *operation, const char *what, struct test_reply *reply)
{
	(void)v;
	(void)request;
	(void)operation;
	(void)what;
	fail_with(reply, 403, "{\"__type\":\"ExpiredTokenException\",\"message\":\"old\"}");
	return true;
}

static void not_renewed(void **state)
{
	struct service v = { .n = 4, .page = 2, .fault = fault_always_expired };
	struct run r;

	(void)state;
	run(&r, &v, "", NULL);
	has(&r, "\"operation\":\"ListRecordingConfigurations\",\"code\":\"ExpiredTokenException\","
		"\"message\":\"old\"");
	has(&r, "\"calls\":{\"made\":2,");
	free(r.text);
}

/* Each call takes three minutes of the credentials' ten. */
static bool fault_clock(struct service *v, const struct test_request *request,
			const char *operation, const char *what, struct test_reply *reply)
{
	(void)request;
	(void)operation;
	(void)what;
	(void)reply;
	v->now += 180;
	return false;
}

static void renewed_in_time(void **state)
{
	struct service v = { .n = 9, .page = 3, .token_s = 600, .fault = fault_clock };
	struct run r;

	(void)state;
	run(&r, &v, "--concurrency 1 --assume-role " ROLE, NULL);
	has(&r, "\"complete\":true,\"recordingConfigurations\":9,");
	/* twelve calls, none with credentials that had run out */
	has(&r, "\"calls\":{\"made\":12,\"retried\":0,");
	assert_true(v.count >= 4);
	assert_non_null(strstr(r.told, "AssumeRole  1 200 "));
	free(r.text);
}

static void accounts(void **state)
{
	struct service v = { .n = 1, .page = 2, .refuse_role = "222222222222" };
	char path[] = "/tmp/ivslint-accounts-XXXXXX", line[200];
	static const char file[] = "# ours\n111111111111\n\n  222222222222 # refused\r\n"
				   "333333333333";
	int fd = mkstemp(path);
	struct run r;

	(void)state;
	assert_int_equal(write(fd, file, sizeof(file) - 1), sizeof(file) - 1);
	close(fd);
	snprintf(line, sizeof(line), "--accounts %s --role-name audit/Auditor --external-id e",
		 path);
	run(&r, &v, line, NULL);
	has(&r, HEADER LINE("arn:aws:ivs:us-west-2:111111111111:recording-configuration/a")
		    LINE("arn:aws:ivs:us-west-2:333333333333:recording-configuration/a") "{\"ivs");
	has(&r, "\"missing\":[{\"account\":\"222222222222\",\"operation\":\"AssumeRole\",\"code\":"
		"\"AccessDenied\",\"message\":"
		"\"the role "
		"'arn:aws:iam::222222222222:role/audit/Auditor' with credentials from "
		"environment: STS answered AccessDenied: not you (request id "
		"sts-1)\",\"requestId\":\"sts-1\"}]");
	free(r.text);
	unlink(path);
}

/* Two profiles of one account: read by both, written once. */
static void same_account(void **state)
{
	static const char config[] =
	    "[profile a]\naws_access_key_id=AKIDA\naws_secret_access_key=s\nregion=us-west-2\n"
	    "[profile b]\naws_access_key_id=AKIDB\naws_secret_access_key=s\n";
	struct service v = { .n = 2, .page = 2 };
	struct run r;

	(void)state;
	run(&r, &v, "--profile a,b", config);
	has(&r, HEADER LINE(WEST "a") LINE(WEST "b") "{\"ivslintFetch\":{\"format\":1,"
						     "\"complete\":true,"
						     "\"recordingConfigurations\":2,\"read\":[");
	assert_int_equal(v.n_sts, 2);
	free(r.text);
}

static void no_credentials(void **state)
{
	static const char config[] = "[profile a]\nrole_arn = " ROLE "\nsource_profile = b\n"
				     "[profile b]\nregion = us-west-2\n";
	struct service v = { .n = 2, .page = 2 };
	struct run r;

	(void)state;
	run(&r, &v, "--profile a", config);
	has(&r, HEADER "{\"ivslintFetch\":{\"format\":1,\"complete\":false,"
		       "\"recordingConfigurations\":0,\"read\":[],\"missing\":[{\"code\":"
		       "\"NoCredentials\",\"message\":\"profile 'a': ");
	assert_int_equal(v.n_calls, 0);
	free(r.text);
}

/* ---- by ARN ---------------------------------------------------------------- */

static void by_arn(void **state)
{
	struct service v = { .n = 2, .page = 2, .fault = fault_gets };
	struct run r;

	(void)state;
	run(&r, &v,
	    "--arn " WEST "z --arn arn:aws:ivs:eu-west-1:123456789012:recording-configuration/y "
	    "--arn " WEST "a",
	    NULL);
	has(&r, HEADER LINE(WEST "z")
		    LINE("arn:aws:ivs:eu-west-1:123456789012:recording-configuration/y") "{\"ivs");
	/* what was asked for by its name is missing when it is not there */
	has(&r,
	    "\"missing\":[{\"account\":\"123456789012\",\"region\":\"us-west-2\",\"arn\":\"" WEST
	    "a\",\"operation\":\"GetRecordingConfiguration\",\"code\":"
	    "\"ResourceNotFoundException\",\"message\":\"gone\",\"requestId\":\"r-a\"}],"
	    "\"deleted\":[]");
	assert_int_equal(v.n_calls, 3);
	assert_int_equal(v.n_sts, 0);
	free(r.text);
	/* each by the role of its account, and one by none */
	v = (struct service){ .n = 2, .page = 2 };
	run(&r, &v,
	    "--assume-role " ROLE ",arn:aws:iam::222222222222:role/Auditor "
	    "--arn arn:aws:ivs:us-west-2:222222222222:recording-configuration/z --arn " WEST "z",
	    NULL);
	has(&r,
	    HEADER LINE("arn:aws:ivs:us-west-2:222222222222:recording-configuration/z") "{\"ivs");
	has(&r,
	    "\"missing\":[{\"account\":\"123456789012\",\"region\":\"us-west-2\",\"arn\":\"" WEST
	    "z\",\"code\":\"NoCredentials\"");
	assert_int_equal(v.n_calls, 1);
	free(r.text);
}

/* ---- the end of it --------------------------------------------------------- */

static bool fault_stop(struct service *v, const struct test_request *request, const char *operation,
		       const char *what, struct test_reply *reply)
{
	(void)request;
	(void)reply;
	(void)what;
	if (strcmp(operation, "GetRecordingConfiguration") == 0 && ++v->count == 6)
		atomic_store(&v->stop, SIGTERM);
	return false;
}

static size_t count(const char *text, const char *of)
{
	size_t n = 0;

	for (; (text = strstr(text, of)) != NULL; text++)
		n++;
	return n;
}

static void interrupted(void **state)
{
	struct service v = { .n = 20, .page = 7, .fault = fault_stop };
	struct run r;

	(void)state;
	run(&r, &v, "--region us-west-2,us-east-1", NULL);
	has(&r, "\"complete\":false,\"interrupted\":\"SIGTERM\",");
	assert_true(count(r.text, "{\"recordingConfiguration\":") >= 1);
	assert_int_equal(count(r.text, "{\"recordingConfiguration\":"), r.summary.read);
	assert_int_equal(count(r.text, "\"code\":\"Interrupted\""), r.summary.n_missing);
	assert_true(r.text[strlen(r.text) - 1] == '\n');
	assert_false(r.summary.complete);
	free(r.text);
}

static void usage(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "--region eu-north-1", "IVS is not in the region 'eu-north-1'; it is in ap-" },
		{ "--region us-west-2,us-west-2", "option '--region': us-west-2 is named twice" },
		{ "--region us-west-2,", "option '--region': a member of it is empty" },
		{ "--arn x", "option '--arn': 'x' is no ARN of a recording configuration" },
		{ "--arn arn:aws:ivs:us-west-2:123456789012:channel/x", "option '--arn': " },
		{ "--profile x", "the profile 'x' could not be found" },
		{ "--assume-role x", "'x' is no ARN of a role" },
		{ "--assume-role arn:aws:iam::123:role/x", "'arn:aws:iam::123:role/x' is no ARN" },
		{ "--accounts /nowhere --role-name x", "option '--accounts': cannot open" },
		{ "--accounts /dev/null --role-name x",
		  "option '--accounts': '/dev/null' names no" },
		{ "--accounts /dev/null --role-name x:y", "option '--role-name': it is no name" },
		{ "--endpoint-url http://192.0.2.1", "the endpoint URL of IVS is not https" },
		{ "--endpoint-url x", "the endpoint URL of IVS: " },
	};
	struct service v = { .n = 1, .page = 1 };
	struct run r;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		run(&r, &v, cases[i].line, NULL);
		assert_false(r.opened);
		assert_int_equal(r.err.kind, ERR_USAGE);
		if (strstr(r.err.text, cases[i].want) == NULL)
			fail_msg("%s: %s", cases[i].line, r.err.text);
	}
	assert_int_equal(v.n_calls + v.n_sts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),          cmocka_unit_test(summaries),
		cmocka_unit_test(empty),          cmocka_unit_test(failures),
		cmocka_unit_test(lists),          cmocka_unit_test(twice),
		cmocka_unit_test(endless),        cmocka_unit_test(throttled),
		cmocka_unit_test(skewed),         cmocka_unit_test(renewed),
		cmocka_unit_test(not_renewed),    cmocka_unit_test(renewed_in_time),
		cmocka_unit_test(accounts),       cmocka_unit_test(same_account),
		cmocka_unit_test(no_credentials), cmocka_unit_test(by_arn),
		cmocka_unit_test(interrupted),    cmocka_unit_test(usage),
	};
	struct err err;

	if (http_start_library(&err) == -1)
		return 1;
	return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
