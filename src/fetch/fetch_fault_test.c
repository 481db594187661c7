/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults of the service: each is one named entry, or passes by.
 */
#include "fetch/test_fetch.h"

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

/* More than one token, or one whose name is written another way: no page is lost by that. */
static bool fault_tokens(struct service *v, const struct test_request *request,
			 const char *operation, const char *what, struct test_reply *reply)
{
	(void)request;
	if (strcmp(operation, "ListRecordingConfigurations") != 0 || *what != '\0')
		return false;
	fail_with(reply, 200,
		  strcmp(v->region, "us-west-2") == 0
		      ? "{\"recordingConfigurations\":[],\"next\\u0054oken\":\"t\\u002f1\"}"
		      : "{\"recordingConfigurations\":[],\"nextToken\":\"x\",\"nextToken\":\"\"}");
	return true;
}

static void tokens(void **state)
{
	struct service v = { .n = 2, .page = 1, .fault = fault_tokens };
	struct run r;

	(void)state;
	run(&r, &v, "--region us-west-2,eu-west-1 --max-attempts 1", NULL);
	has(&r, HEADER LINE(WEST "a") "{\"ivslintFetch\":{\"format\":1,\"complete\":false,");
	has(&r, "\"region\":\"eu-west-1\",\"operation\":\"ListRecordingConfigurations\","
		"\"code\":\"MalformedAnswer\",\"message\":\"it has more than one nextToken\"");
	assert_int_equal(r.summary.n_missing, 1);
	free(r.text);
}

/* A service that gives the same to each region, and one whose token is a page itself. */
static bool fault_places(struct service *v, const struct test_request *request,
			 const char *operation, const char *what, struct test_reply *reply)
{
	int i;

	(void)request;
	(void)what;
	if (strcmp(operation, "ListRecordingConfigurations") != 0)
		return false;
	if (strcmp(v->region, "us-west-2") != 0) {
		buf_puts(&reply->body, "{\"recordingConfigurations\":[{\"arn\":\"" WEST "a\"}]}");
		return true;
	}
	buf_puts(&reply->body, "{\"recordingConfigurations\":[],\"nextToken\":\"");
	for (i = 0; i < LIMIT_PAGE_TOKEN; i++)
		buf_puts(&reply->body, "x");
	buf_puts(&reply->body, "\"}");
	return true;
}

static void places(void **state)
{
	struct service v = { .n = 2, .page = 1, .fault = fault_places };
	struct run r;

	(void)state;
	run(&r, &v, "--region us-west-2,eu-west-1 --max-attempts 1", NULL);
	has(&r, "\"recordingConfigurations\":0,\"read\":[],");
	has(&r, "\"region\":\"us-west-2\",\"operation\":\"ListRecordingConfigurations\",\"code\":"
		"\"MalformedAnswer\",\"message\":\"its nextToken is longer than 4096 bytes\"");
	has(&r, "\"region\":\"eu-west-1\",\"operation\":\"ListRecordingConfigurations\",\"code\":"
		"\"MalformedAnswer\",\"message\":\"it lists recording configurations of the region "
		"us-west-2\"");
	assert_int_equal(r.summary.n_missing, 2);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures),  cmocka_unit_test(lists),  cmocka_unit_test(twice),
		cmocka_unit_test(tokens),    cmocka_unit_test(places), cmocka_unit_test(endless),
		cmocka_unit_test(throttled), cmocka_unit_test(skewed),
	};
	struct err err;

	if (http_start_library(&err) == -1)
		return 1;
	return cmocka_run_group_tests_name("fetch: faults", tests, NULL, NULL);
}
