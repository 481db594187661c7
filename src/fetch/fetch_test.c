/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole runs against a service on loopback, with STS replaced by a function:
 * what is written, byte for byte; by ARN; interrupted; and what is refused.
 */
#include <signal.h>

#include "fetch/test_fetch.h"

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

/* ---- by ARN ---------------------------------------------------------------- */

static bool fault_gone(struct service *v, const struct test_request *request, const char *operation,
		       const char *what, struct test_reply *reply)
{
	(void)v;
	(void)request;
	(void)operation;
	if (strcmp(what, "a") != 0)
		return false;
	reply->headers = "x-amzn-RequestId: r-a\r\n"
			 "x-amzn-ErrorType: ResourceNotFoundException:http://x/\r\n";
	fail_with(reply, 404, "{\"exceptionMessage\":\"gone\"}");
	return true;
}

static void by_arn(void **state)
{
	struct service v = { .n = 2, .page = 2, .fault = fault_gone };
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
		{ "--endpoint-url https://x/?", "the endpoint URL of IVS has a query" },
		{ "--endpoint-url http://192.0.2.1 --arn " WEST "a",
		  "the endpoint URL of IVS is not https" },
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
		cmocka_unit_test(whole),  cmocka_unit_test(summaries),   cmocka_unit_test(empty),
		cmocka_unit_test(by_arn), cmocka_unit_test(interrupted), cmocka_unit_test(usage),
	};
	struct err err;

	if (http_start_library(&err) == -1)
		return 1;
	return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
