/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container and an instance are given: the SDKs' cases for which URL may
 * be asked, and each answer.
 */
#include "fetch/test_conformance.h"
#include "fetch/test_creds.h"

/* ---- conformance ----------------------------------------------------------- */

static bool run_container(const void *self, const struct answer_value *one)
{
	const struct answer_value *v = answer_first(answer_member(one, "env"));
	const struct answer_value *result = answer_member(one, "result");
	const char *environment[8] = { NULL };
	struct world world = { .environment = environment };
	struct arena arena = ARENA_INIT;
	struct buf url = BUF_INIT(0);
	struct err err = { 0 };
	struct str text;
	size_t n = 0;
	bool ok;
	int rc;

	(void)self;
	for (; v != NULL; v = answer_next(v)) {
		assert_true(answer_string(v, &text));
		environment[n++] =
		    arena_printf(&arena, "%.*s=%.*s", STR_ARG(answer_name(v)), STR_ARG(text));
	}
	rc = creds_container_url(&world, &url, &err);
	if (answer_text(result, "Ok", &text))
		ok = rc == CREDS_FOUND && str_equal(buf_str(&url), text);
	else
		ok = rc != CREDS_FOUND && text_holds(err.text, json_text(result, "ErrorContains"));
	buf_release(&url);
	arena_release(&arena);
	return ok;
}

static void containers(void **state)
{
	(void)state;
	conformance_run("credentials/ecs-tests.json", "tests", "container credentials", 11,
			run_container, NULL);
}

/* ---- containers ------------------------------------------------------------ */

static void container(void **state)
{
	static const struct scene scenes[] = {
		{ "GET",
		  "http://169.254.170.2/v2/x",
		  { "Authorization: HUSH-A\n" },
		  500,
		  TRANSPORT_ANSWERED,
		  "",
		  NULL },
		{ "GET",
		  "http://169.254.170.2/v2/x",
		  { "Host: 169.254.170.2\n" },
		  200,
		  TRANSPORT_ANSWERED,
		  DOCUMENT,
		  NULL },
		{ "GET",
		  "http://169.254.170.2/v2/x",
		  { NULL },
		  404,
		  TRANSPORT_ANSWERED,
		  "{\"code\":\"NoId\",\"message\":\"Invalid relative URI\"}",
		  NULL },
		{ "GET",
		  "http://169.254.170.2/v2/x",
		  { NULL },
		  200,
		  TRANSPORT_ANSWERED,
		  "{}",
		  NULL },
	};
	struct stage st = { .environment = { OFF, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x",
					     "AWS_CONTAINER_AUTHORIZATION_TOKEN=HUSH-A" } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };

	(void)state;
	open_stage(&st, "", NULL, scenes, N(scenes));
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "IDM", "HUSH", "TOKEN");
	assert_string_equal(c.account, "123456789012");
	FAILS(&st, "credentials from container: the container's credentials service answered NoId: "
		   "Invalid relative URI");
	FAILS(&st, "is missing");
	st.environment[2] = "AWS_CONTAINER_AUTHORIZATION_TOKEN=HUSH\r\nX: y";
	FAILS(&st, "that no header may hold");
	st.environment[2] = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/nowhere/HUS/H";
	FAILS(&st, "cannot open '/nowhere");
	/* other hosts, and what only begins as an allowed one does */
	st.environment[1] = "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://10.0.0.1/x";
	FAILS(&st, "neither https nor loopback");
	st.environment[1] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=.evil.example/x";
	FAILS(&st, "neither https nor loopback");
	st.environment[1] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=@evil.example/x";
	FAILS(&st, "it has a user name");
	close_stage(&st);
	creds_release(&c);
}

/* ---- instances ------------------------------------------------------------- */

#define IMDS      "http://169.254.169.254/latest/"
#define IMDS_ROLE IMDS "meta-data/iam/security-credentials/"

static void imds(void **state)
{
	static const struct scene good[] = {
		{ "PUT",
		  IMDS "api/token",
		  { "x-aws-ec2-metadata-token-ttl-seconds: 21600\n" },
		  200,
		  TRANSPORT_ANSWERED,
		  "IMDSTOKEN",
		  NULL },
		{ "GET",
		  IMDS_ROLE,
		  { "x-aws-ec2-metadata-token: IMDSTOKEN\n" },
		  200,
		  TRANSPORT_ANSWERED,
		  "audit-role\n",
		  NULL },
		{ "GET",
		  IMDS_ROLE "audit-role",
		  { "x-aws-ec2-metadata-token: IMDSTOKEN\n" },
		  200,
		  TRANSPORT_ANSWERED,
		  DOCUMENT,
		  NULL },
	};
	static const struct scene none[] = {
		{ "PUT", IMDS "api/token", { NULL }, 0, TRANSPORT_TIMEOUT, NULL, NULL },
	};
	static const struct scene no_token[] = {
		{ "PUT", IMDS "api/token", { NULL }, 200, TRANSPORT_ANSWERED, "\n", NULL },
	};
	static const struct scene old[] = {
		{ "PUT", IMDS "api/token", { NULL }, 404, TRANSPORT_ANSWERED, "", NULL },
		{ "GET", IMDS_ROLE, { NULL }, 200, TRANSPORT_ANSWERED, "r", NULL },
		{ "GET",
		  IMDS_ROLE "r",
		  { NULL },
		  200,
		  TRANSPORT_ANSWERED,
		  "{\"Code\":\"AssumeRoleUn\"}",
		  NULL },
	};
	struct stage st = { .environment = { NULL } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };

	(void)state;
	open_stage(&st, "", NULL, good, N(good));
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "IDM", "HUSH", "TOKEN");
	assert_int_equal(c.expires, NOW + 3600);
	/* expired ones are used while there are no better */
	st.at = 0;
	st.now = NOW + 7200;
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	assert_int_equal(c.expires, NOW + 7200 + 900);
	close_stage(&st);
	open_stage(&st, "", NULL, none, N(none));
	FAILS(&st, "instance metadata (the instance metadata service: no answer in time)");
	close_stage(&st);
	/* an answer without a token is no leave for version 1 */
	open_stage(&st, "", NULL, no_token, 1);
	FAILS(&st, "the instance metadata service gave no token");
	close_stage(&st);
	/* version 1 only where it is allowed */
	open_stage(&st, "", NULL, old, 1);
	FAILS(&st, "answered HTTP 404");
	close_stage(&st);
	st.environment[0] = "AWS_EC2_METADATA_V1_DISABLED=false";
	open_stage(&st, "", NULL, old, N(old));
	FAILS(&st, "its code is AssumeRoleUn");
	close_stage(&st);
	st.environment[0] = "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://evil.example";
	open_stage(&st, "", NULL, NULL, 0);
	FAILS(&st, "neither https nor an address of this machine");
	close_stage(&st);
	st.environment[0] = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6";
	open_stage(&st, "", NULL,
		   (const struct scene[]){ { "PUT",
					     "http://[fd00:ec2::254]/latest/api/token",
					     { NULL },
					     0,
					     TRANSPORT_NO_CONNECTION,
					     NULL,
					     NULL } },
		   1);
	FAILS(&st, "no connection");
	close_stage(&st);
	creds_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(containers),
		cmocka_unit_test(container),
		cmocka_unit_test(imds),
	};

	return cmocka_run_group_tests_name("creds: metadata", tests, NULL, NULL);
}
