/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain of credentials: its order, its errors, which hold no secret, what
 * programs give, and renewal against a clock that is set.
 */
#include "fetch/test_creds.h"

/* ---- environment and order -------------------------------------------------- */

static void environment(void **state)
{
	struct stage st = { .environment = { "AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=HUSH",
					     "AWS_SESSION_TOKEN=TOKEN",
					     "AWS_ACCOUNT_ID=123456789012", OFF } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };

	(void)state;
	open_stage(&st, "[default]\naws_access_key_id = OTHER\naws_secret_access_key = HUSH\n",
		   NULL, NULL, 0);
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "AKID", "HUSH", "TOKEN");
	assert_string_equal(c.account, "123456789012");
	assert_int_equal(c.expires, CREDS_NEVER);
	/* half of a pair is a mistake, not a reason to be somebody else */
	st.environment[1] = "AWS_SECRET_ACCESS_KEY=";
	FAILS(&st, "credentials from environment", "but not AWS_SECRET_ACCESS_KEY");
	st.environment[1] = "AWS_SECRET_ACCESS_KEY=HUSH";
	st.environment[2] = "AWS_SESSION_TOKEN=HUSH\r\nX-Y: z";
	FAILS(&st, "holds a character that cannot be sent");
	st.environment[2] = "AWS_CREDENTIAL_EXPIRATION=2023-11-14T22:13:20Z";
	FAILS(&st, "have expired");
	st.environment[2] = "AWS_CREDENTIAL_EXPIRATION=2023-11-14T23:13:20Z";
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	assert_int_equal(c.expires, NOW + 3600);
	close_stage(&st);
	/* a profile that the command line names goes before the environment */
	open_stage(&st, "[profile p]\naws_access_key_id = MINE\naws_secret_access_key = HUSH2\n",
		   "p", NULL, 0);
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "MINE", "HUSH2", "");
	assert_string_equal(c.source, "the profile 'p'");
	creds_release(&c);
	close_stage(&st);
}

static void nothing(void **state)
{
	struct stage st = { .environment = { OFF } };

	(void)state;
	open_stage(&st, "", NULL, NULL, 0);
	FAILS(&st,
	      "no credentials; asked in this order:", "environment (AWS_ACCESS_KEY_ID is not set)",
	      "web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set)",
	      "profile (no profiles were defined)", "container (no environment variables",
	      "instance metadata (disabled by AWS_EC2_METADATA_DISABLED)");
	close_stage(&st);
	open_stage(&st, "[profile p]\nregion=us-east-1\n[default]\n", "p", NULL, 0);
	FAILS(&st, "environment (not asked, as a profile was chosen)",
	      "profile `p` did not contain credential information", "container (");
	close_stage(&st);
}

/* ---- programs ---------------------------------------------------------------- */

static void process(void **state)
{
	static const struct {
		const char *command;
		const char *error;
	} bad[] = {
		{ "echo HUSH; exit 3", "it ended with status 3" },
		{ "kill -9 $$", "it was ended by signal 9" },
		{ "echo HUSH", "its output: it is not JSON" },
		{ "true", "its output: it is empty" },
		{ "echo '{\"Version\":2}'", "the Version of its output is not 1" },
		{ "echo '{\"Version\":1,\"AccessKeyId\":\"HUSH\"}'", "is missing" },
		{ "echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"HUSH\","
		  "\"Expiration\":\"soon\"}'",
		  "its Expiration is no time" },
		{ "echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"HUSH\","
		  "\"Expiration\":\"2023-11-14T22:13:20Z\"}'",
		  "have expired" },
		{ "head -c 70000 /dev/zero", "it wrote more than 65536 bytes" },
	};
	struct stage st = { .environment = { "PATH=/usr/bin:/bin", "ID=AKIDP", OFF } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };
	char config[400];
	size_t i;

	(void)state;
	open_stage(
	    &st,
	    "[default]\ncredential_process = echo \"{\\\"Version\\\": 1, \\\"AccessKeyId\\\": "
	    "\\\"$ID\\\", \\\"SecretAccessKey\\\": \\\"S\\\", \\\"SessionToken\\\": \\\"T\\\", "
	    "\\\"Expiration\\\": \\\"2023-11-14T23:13:20Z\\\"}\"\n"
	    "aws_account_id = 123456789012\n",
	    NULL, NULL, 0);
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "AKIDP", "S", "T");
	assert_string_equal(c.account, "123456789012");
	assert_int_equal(c.expires, NOW + 3600);
	creds_release(&c);
	close_stage(&st);
	for (i = 0; i < N(bad); i++) {
		snprintf(config, sizeof(config), "[default]\ncredential_process = %s\n",
			 bad[i].command);
		open_stage(&st, config, NULL, NULL, 0);
		FAILS(&st, "credential_process of profile 'default'", bad[i].error);
		close_stage(&st);
	}
	/* one that hangs, and one that closed its output and hangs */
	for (i = 0; i < 2; i++) {
		open_stage(&st,
			   i == 0 ? "[default]\ncredential_process = sleep 60\n"
				  : "[default]\ncredential_process = exec >/dev/null; sleep 60\n",
			   NULL, NULL, 0);
		st.world.process_ms = 100;
		FAILS(&st, "it took longer than 0 seconds");
		close_stage(&st);
	}
}

/* ---- renewal ------------------------------------------------------------------- */

#define RELATIVE "http://169.254.170.2/c"

static void renewal(void **state)
{
	static const struct scene scenes[] = {
		{ "GET", RELATIVE, { NULL }, 200, TRANSPORT_ANSWERED, DOCUMENT, NULL },
		/* 5 minutes before the end: fails, and the old ones stay in use */
		{ "GET", RELATIVE, { NULL }, 404, TRANSPORT_ANSWERED, "", NULL },
		/* a minute later, not before */
		{ "GET",
		  RELATIVE,
		  { NULL },
		  200,
		  TRANSPORT_ANSWERED,
		  "{\"AccessKeyId\":\"IDN\",\"SecretAccessKey\":\"HUSH\",\"Token\":\"TOKEN\","
		  "\"Expiration\":\"2023-11-15T00:13:20Z\"}",
		  NULL },
		/* a service said that they had expired */
		{ "GET",
		  RELATIVE,
		  { NULL },
		  200,
		  TRANSPORT_ANSWERED,
		  "{\"AccessKeyId\":\"IDO\",\"SecretAccessKey\":\"HUSH\",\"Token\":\"TOKEN\","
		  "\"Expiration\":\"2023-11-15T00:13:20Z\"}",
		  NULL },
		/* after the end there is nothing to fall back on */
		{ "GET", RELATIVE, { NULL }, 404, TRANSPORT_ANSWERED, "", NULL },
	};
	struct stage st = { .environment = { OFF, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/c" } };
	struct creds_holder h;
	const struct creds *c;
	struct err err = { 0 };
	size_t i;

	(void)state;
	open_stage(&st, "", NULL, scenes, N(scenes));
	h = CREDS_HOLDER_INIT(&st.session, NULL, NULL);
	for (i = 0; i < 3; i++, st.now += 1000) {
		assert_int_equal(creds_holder_get(&h, &c, &err), 0);
		is_keys(c, "IDM", "HUSH", "TOKEN");
	}
	assert_int_equal(st.at, 1);
	st.now = NOW + 3600 - 300;
	for (i = 0; i < 3; i++, st.now += 20)
		assert_int_equal(creds_holder_get(&h, &c, &err), 0);
	is_keys(c, "IDM", "HUSH", "TOKEN");
	assert_int_equal(st.at, 2);
	assert_int_equal(creds_holder_get(&h, &c, &err), 0);
	is_keys(c, "IDN", "HUSH", "TOKEN");
	creds_holder_expire(&h);
	assert_int_equal(creds_holder_get(&h, &c, &err), 0);
	is_keys(c, "IDO", "HUSH", "TOKEN");
	st.now = NOW + 7200;
	assert_int_equal(creds_holder_get(&h, &c, &err), -1);
	creds_holder_release(&h);
	close_stage(&st);
}

/* --assume-role: a role on top of whatever the chain gives */
static void role_on_top(void **state)
{
	static const struct scene scenes[] = {
		{ "POST",
		  STS,
		  { "Credential=AKIDE/", "role%2FAudit" },
		  200,
		  TRANSPORT_ANSWERED,
		  ASSUMED("AssumeRole", "IDA"),
		  NULL },
	};
	static const struct creds_role role = { STR("arn:aws:iam::210987654321:role/Audit"),
						STR(""), STR(""), STR(""), 0 };
	struct stage st = { .environment = { "AWS_ACCESS_KEY_ID=AKIDE",
					     "AWS_SECRET_ACCESS_KEY=HUSH",
					     "AWS_REGION=eu-west-1" } };
	struct creds_holder base, top;
	const struct creds *c;
	struct err err = { 0 };

	(void)state;
	open_stage(&st, "", NULL, scenes, N(scenes));
	base = CREDS_HOLDER_INIT(&st.session, NULL, NULL);
	top = CREDS_HOLDER_INIT(&st.session, &base, &role);
	assert_int_equal(creds_holder_get(&top, &c, &err), 0);
	is_keys(c, "IDA", "HUSH-IDA", "TOKEN-IDA");
	assert_string_equal(c->account, "210987654321");
	assert_int_equal(creds_holder_get(&base, &c, &err), 0);
	is_keys(c, "AKIDE", "HUSH", "");
	creds_holder_release(&top);
	creds_holder_release(&base);
	close_stage(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(environment), cmocka_unit_test(nothing),
		cmocka_unit_test(process),     cmocka_unit_test(renewal),
		cmocka_unit_test(role_on_top),
	};

	return cmocka_run_group_tests_name("creds", tests, NULL, NULL);
}
