/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole runs whose credentials expire, are refused, or are several.
 */
#include "fetch/test_fetch.h"

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

/* Answered when there are new credentials, by what says the old ones back. */
static bool fault_said_back(struct service *v, const struct test_request *request,
			    const char *operation, const char *what, struct test_reply *reply)
{
	char token[100];

	if (fault_expired(v, request, operation, what, reply)) {
		if (strcmp(what, "a") != 0)
			return true;
		buf_clear(&reply->body);
		between(request->headers, "X-Amz-Security-Token: ", "\r", token, sizeof(token));
		need(token, SESSION "-1");
		buf_printf(&reply->body, "{\"__type\":\"x\",\"message\":\"not %s\"}", token);
		reply->delay_ms = 400;
		return true;
	}
	return false;
}

static void old_token(void **state)
{
	struct service v = { .n = 2, .page = 2, .fault = fault_said_back };
	struct run r;

	(void)state;
	run(&r, &v, "--assume-role " ROLE, NULL);
	has(&r, "recording-configuration/b\"}}\n");
	has(&r, "\"code\":\"x\",\"message\":\"not ***\"");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(renewed),        cmocka_unit_test(old_token),
		cmocka_unit_test(not_renewed),    cmocka_unit_test(renewed_in_time),
		cmocka_unit_test(accounts),       cmocka_unit_test(same_account),
		cmocka_unit_test(no_credentials),
	};
	struct err err;

	if (http_start_library(&err) == -1)
		return 1;
	return cmocka_run_group_tests_name("fetch: credentials", tests, NULL, NULL);
}
