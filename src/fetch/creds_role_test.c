/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles: the SDKs' cases for profiles that lead to profiles; what STS is asked,
 * again and again where it must be; web identities.
 */
#include "fetch/test_conformance.h"
#include "fetch/test_creds.h"

/* ---- conformance ----------------------------------------------------------- */

static void put_sections(struct secret *to, const char *kind, const struct answer_value *sections)
{
	const struct answer_value *section, *property;
	struct str value;

	for (section = answer_first(sections); section; section = answer_next(section)) {
		secret_puts(to, kind);
		secret_put_str(to, answer_name(section));
		secret_puts(to, "]\n");
		for (property = answer_first(section); property; property = answer_next(property)) {
			assert_true(answer_string(property, &value));
			secret_put_str(to, answer_name(property));
			secret_puts(to, " = ");
			secret_put_str(to, value);
			secret_puts(to, "\n");
		}
	}
}

/* Each member that is wanted of a step is what its profile says. */
static bool same_step(const struct profiles *p, const struct creds_step *step,
		      const struct answer_value *want)
{
	static const char *const kinds[] = { "AccessKey", "NamedSource", "WebIdentityToken",
					     "Sso",       "Process",     "AssumeRole" };
	const struct answer_value *inside = answer_first(want), *v;
	struct str name = STR(""), text, got, session;
	struct arena arena = ARENA_INIT;
	bool ok = str_is(answer_name(inside), kinds[step->kind]);

	if (answer_string(inside, &name))
		ok = ok &&
		     profile_get(p, PROFILE_PROFILE, step->profile, "credential_source", &got) &&
		     str_equal(got, name);
	for (v = answer_first(inside); v != NULL; v = answer_next(v)) {
		const char *key = arena_strdup(&arena, arena_str(&arena, answer_name(v)).data);

		assert_true(answer_string(v, &text));
		if (step->kind == STEP_KEYS)
			key = arena_printf(&arena, "aws_%s", key);
		if (!profile_get(p, PROFILE_PROFILE, step->profile, key, &got) &&
		    !(profile_get(p, PROFILE_PROFILE, step->profile, "sso_session", &session) &&
		      profile_get(p, PROFILE_SSO_SESSION, session, key, &got)))
			ok = false;
		else
			ok = ok && str_equal(got, text);
	}
	arena_release(&arena);
	return ok;
}

static bool run_chain(const void *self, const struct answer_value *one)
{
	const struct answer_value *input = answer_member(one, "input"), *step;
	const struct answer_value *output = answer_member(one, "output");
	struct profiles p = PROFILES_INIT;
	struct secret text = SECRET_INIT(0);
	struct creds_steps steps;
	struct err err = { 0 };
	struct str error;
	size_t n = 0;
	bool ok = true;
	int rc;

	(void)self;
	put_sections(&text, "[profile ", answer_member(input, "profiles"));
	put_sections(&text, "[sso-session ", answer_member(input, "sso_sessions"));
	assert_int_equal(profiles_parse(&p, PROFILE_CONFIG, &text, &err), 0);
	rc = creds_profile_steps(&p, json_text(input, "selected_profile"), &steps, &err);
	if (answer_text(output, "Error", &error)) {
		ok = rc != CREDS_FOUND && text_holds(err.text, error);
	} else {
		for (step = answer_first(answer_member(output, "ProfileChain")); step != NULL;
		     step = answer_next(step), n++)
			ok = ok && n < steps.n && same_step(&p, &steps.list[n], step);
		ok = ok && rc == CREDS_FOUND && n == steps.n;
	}
	if (!ok)
		printf("conformance: assume-role: %.*s: differs: %s\n",
		       STR_ARG(json_text(one, "docs")), err.text);
	profiles_release(&p);
	secret_release(&text);
	return ok;
}

static void chains(void **state)
{
	(void)state;
	conformance_run("credentials/assume-role-tests.json", NULL, "assume-role chains", 28,
			run_chain, NULL);
}

/* ---- profiles and roles ------------------------------------------------------- */

static void roles(void **state)
{
	static const char config[] =
	    "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = b\n"
	    "external_id = x/y\nduration_seconds = 900\nregion = eu-west-1\n"
	    "mfa_serial = arn:aws:iam::123456789012:mfa/auditor\n"
	    "[profile b]\nrole_arn = arn:aws:iam::123456789012:role/B\nsource_profile = c\n"
	    "role_session_name = me\n"
	    "[profile c]\naws_access_key_id = AKIDC\naws_secret_access_key = HUSHC\n";
	static const struct scene scenes[] = {
		{ "POST",
		  STS,
		  { "Credential=AKIDC/20231114/eu-west-1/sts/aws4_request",
		    "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FB&RoleSessionName=me",
		    "amz-sdk-request: attempt=1\n" },
		  200,
		  TRANSPORT_ANSWERED,
		  ASSUMED("AssumeRole", "IDB"),
		  NULL },
		{ "POST",
		  STS,
		  { "X-Amz-Security-Token: TOKEN-IDB",
		    "&RoleSessionName=ivslint-1700000000&ExternalId=x%2Fy&DurationSeconds=900&"
		    "SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fauditor&TokenCode="
		    "123456" },
		  200,
		  TRANSPORT_ANSWERED,
		  ASSUMED("AssumeRole", "IDA"),
		  NULL },
	};
	static const struct scene denied[] = {
		{ "POST",
		  STS,
		  { NULL },
		  403,
		  TRANSPORT_ANSWERED,
		  "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
		  "<RequestId>r-7</RequestId></ErrorResponse>",
		  NULL },
	};
	struct stage st = { .environment = { OFF } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };

	(void)state;
	open_stage(&st, config, "a", scenes, N(scenes));
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "IDA", "HUSH-IDA", "TOKEN-IDA");
	assert_int_equal(c.expires, NOW + 3600);
	assert_string_equal(c.account, "210987654321");
	assert_string_equal(c.source, "the role arn:aws:iam::123456789012:role/A");
	close_stage(&st);
	/* no terminal */
	open_stage(&st, config, "a", scenes, 1);
	st.world.ask = NULL;
	FAILS(&st, "credentials from profile", "role/A' with credentials from the role",
	      "there is no terminal to ask on");
	close_stage(&st);
	open_stage(&st, config, "a", denied, 1);
	FAILS(&st, "role/B'", "STS answered AccessDenied: no (request id r-7)");
	close_stage(&st);
	creds_release(&c);
}

static void retried(void **state)
{
	static const char config[] =
	    "[default]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = default\n"
	    "aws_access_key_id = AKIDC\naws_secret_access_key = HUSHC\nregion = eu-west-1\n";
	static const struct scene scenes[] = {
		{ "POST",
		  STS,
		  { "amz-sdk-request: attempt=1\n" },
		  503,
		  TRANSPORT_ANSWERED,
		  "busy",
		  "Date: Tue, 14 Nov 2023 22:13:30 GMT\r\nRetry-After: 30\r\n" },
		{ "POST",
		  STS,
		  { "amz-sdk-request: ttl=20231114T221400Z; attempt=2; max=3\n",
		    "X-Amz-Date: 20231114T221320Z" },
		  403,
		  TRANSPORT_ANSWERED,
		  "<ErrorResponse><Error><Code>RequestTimeTooSkewed</Code></Error></ErrorResponse>",
		  "Date: Tue, 14 Nov 2023 23:13:20 GMT\r\n" },
		{ "POST",
		  STS,
		  { "attempt=3; max=3\n", "X-Amz-Date: 20231114T231320Z" },
		  200,
		  TRANSPORT_ANSWERED,
		  ASSUMED("AssumeRole", "IDA"),
		  NULL },
	};
	static const struct scene dead[] = {
		{ "POST", STS, { NULL }, 0, TRANSPORT_TIMEOUT, NULL, NULL },
		{ "POST", STS, { NULL }, 0, TRANSPORT_NO_HOST, NULL, NULL },
		{ "POST", STS, { NULL }, 0, TRANSPORT_CUT, NULL, NULL },
	};
	static const struct scene no_token[] = {
		{ "POST",
		  STS,
		  { NULL },
		  200,
		  TRANSPORT_ANSWERED,
		  "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>"
		  "<SecretAccessKey>HUSH</SecretAccessKey>"
		  "<Expiration>2023-11-14T23:13:20Z</Expiration></Credentials>"
		  "</AssumeRoleResult></AssumeRoleResponse>",
		  NULL },
	};
	static const struct scene odd[] = {
		{ "POST",
		  STS,
		  { NULL },
		  200,
		  TRANSPORT_ANSWERED,
		  "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>"
		  "<SecretAccessKey>HUSH",
		  NULL },
	};
	struct stage st = { .environment = { OFF } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };

	(void)state;
	open_stage(&st, config, NULL, scenes, N(scenes));
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	assert_int_equal(st.paused_ms, 30000);
	close_stage(&st);
	open_stage(&st, config, NULL, dead, N(dead));
	FAILS(&st, "STS: its answer was cut off");
	close_stage(&st);
	open_stage(&st, config, NULL, odd, N(odd));
	FAILS(&st, "the answer of STS: it is not the XML of an answer: it is cut off");
	close_stage(&st);
	open_stage(&st, config, NULL, no_token, N(no_token));
	FAILS(&st, "the answer of STS: it has no SessionToken");
	close_stage(&st);
	creds_release(&c);
}

static void named_sources(void **state)
{
	static const char config[] =
	    "[profile e]\nrole_arn = arn:aws:iam::123456789012:role/A\nregion = eu-west-1\n"
	    "credential_source = Environment\n"
	    "[profile m]\nrole_arn = arn:aws:iam::123456789012:role/A\n"
	    "credential_source = Mars\n";
	static const struct scene scenes[] = {
		{ "POST",
		  STS,
		  { "Credential=AKIDE/" },
		  200,
		  TRANSPORT_ANSWERED,
		  ASSUMED("AssumeRole", "IDA"),
		  NULL },
	};
	struct stage st = { .environment = { "AWS_ACCESS_KEY_ID=AKIDE",
					     "AWS_SECRET_ACCESS_KEY=HUSH", OFF } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };

	(void)state;
	open_stage(&st, config, "e", scenes, 1);
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "IDA", "HUSH-IDA", "TOKEN-IDA");
	st.environment[0] = "AWS_ACCESS_KEY_ID=";
	FAILS(&st, "credential_source Environment of profile 'e': AWS_ACCESS_KEY_ID is not set");
	close_stage(&st);
	open_stage(&st, config, "m", NULL, 0);
	FAILS(&st, "credential_source of profile 'm' is neither");
	close_stage(&st);
	creds_release(&c);
}

/* ---- web identities ------------------------------------------------------------ */

static void web_identity(void **state)
{
	static const struct scene scenes[] = {
		{ "POST",
		  STS,
		  { "Action=AssumeRoleWithWebIdentity&", "&WebIdentityToken=JWT.HUSH\0",
		    "&RoleSessionName=ci&" },
		  200,
		  TRANSPORT_ANSWERED,
		  ASSUMED("AssumeRoleWithWebIdentity", "IDW"),
		  NULL },
		{ "POST",
		  STS,
		  { NULL },
		  400,
		  TRANSPORT_ANSWERED,
		  "<ErrorResponse><Error><Code>InvalidIdentityToken</Code></Error></ErrorResponse>",
		  NULL },
	};
	char path[100], variable[140];
	struct stage st = { .environment = { "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/W",
					     "AWS_REGION=eu-west-1", "AWS_ROLE_SESSION_NAME=ci",
					     OFF, variable } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };

	(void)state;
	make_folder(&st);
	snprintf(path, sizeof(path), "%s/token", st.folder);
	snprintf(variable, sizeof(variable), "AWS_WEB_IDENTITY_TOKEN_FILE=%s", path);
	open_stage(&st, "", NULL, scenes, N(scenes));
	FAILS(&st, "credentials from web identity: cannot open '", "; asked before: environment (");
	put_file(path, "JWT.HUSH\n");
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "IDW", "HUSH-IDW", "TOKEN-IDW");
	FAILS(&st, "with a web identity: STS answered InvalidIdentityToken");
	put_file(path, "\n");
	FAILS(&st, "is empty");
	st.environment[0] = "AWS_ROLE_ARN=";
	FAILS(&st, "but not AWS_ROLE_ARN");
	close_stage(&st);
	creds_release(&c);
	unlink(path);
	rmdir(st.folder);
}

/* What was typed, and a token, are not said back, as they are nor as they were sent. */
static void said_back(void **state)
{
	static const struct scene typed[] = {
		{ "POST",
		  STS,
		  { "&TokenCode=123456" },
		  403,
		  TRANSPORT_ANSWERED,
		  "<ErrorResponse><Error><Code>AccessDenied</Code><Message>code 123456 is wrong"
		  "</Message></Error><RequestId>r-123456</RequestId></ErrorResponse>",
		  NULL },
	};
	static const struct scene token[] = {
		{ "POST",
		  STS,
		  { "&WebIdentityToken=a%2BHUSH%2Fb%2BHUSH%2Fc%2BHUSH%2Fd%3D" },
		  400,
		  TRANSPORT_ANSWERED,
		  "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>neither "
		  "a+HUSH/b+HUSH/c+HUSH/d= nor a%2BHUSH%2Fb%2BHUSH%2Fc%2BHUSH%2Fd%3D"
		  "</Message></Error></ErrorResponse>",
		  NULL },
	};
	char path[100], variable[140];
	struct stage st = { .environment = { OFF, NULL } };

	(void)state;
	open_stage(&st,
		   "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = a\n"
		   "mfa_serial = arn:aws:iam::123456789012:mfa/auditor\nregion = eu-west-1\n"
		   "aws_access_key_id = AKIDC\naws_secret_access_key = HUSHC\n",
		   "a", typed, N(typed));
	FAILS(&st, "STS answered AccessDenied: code *** is wrong (request id r-***)");
	close_stage(&st);
	make_folder(&st);
	snprintf(path, sizeof(path), "%s/token", st.folder);
	put_file(path, "a+HUSH/b+HUSH/c+HUSH/d=");
	snprintf(variable, sizeof(variable), "AWS_WEB_IDENTITY_TOKEN_FILE=%s", path);
	st.environment[1] = variable;
	st.environment[2] = "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/W";
	st.environment[3] = "AWS_REGION=eu-west-1";
	open_stage(&st, "", NULL, token, N(token));
	FAILS(&st, "STS answered InvalidIdentityToken: neither *** nor ***");
	close_stage(&st);
	unlink(path);
	rmdir(st.folder);
}

static int ask_hostile(void *self, const char *prompt, struct secret *answer, struct err *err)
{
	(void)self;
	(void)answer;
	assert_string_equal(prompt, "MFA code for x\\x1B]0;y\\x07: ");
	return err_set(err, ERR_INPUT, "no code was typed");
}

/* A serial from a file steers no terminal. */
static void prompted(void **state)
{
	struct stage st = { .environment = { OFF } };

	(void)state;
	open_stage(&st,
		   "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/A\nsource_profile = a\n"
		   "mfa_serial = x\x1b]0;y\x07\nregion = eu-west-1\n"
		   "aws_access_key_id = AKIDC\naws_secret_access_key = HUSHC\n",
		   "a", NULL, 0);
	st.world.ask = ask_hostile;
	FAILS(&st, "no code was typed");
	close_stage(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains),       cmocka_unit_test(roles),
		cmocka_unit_test(retried),      cmocka_unit_test(named_sources),
		cmocka_unit_test(web_identity), cmocka_unit_test(said_back),
		cmocka_unit_test(prompted),
	};

	return cmocka_run_group_tests_name("creds: roles", tests, NULL, NULL);
}
