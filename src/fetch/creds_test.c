/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials: the SDKs' cases for profiles that lead to profiles and for
 * containers; each source against a network that is a table; the chain's order,
 * its errors, which hold no secret; renewal against a clock that is set.
 */
#include "fetch/creds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/digest.h"
#include "fetch/test_conformance.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

#define NOW 1700000000 /* 2023-11-14T22:13:20Z */

/* ---- a world --------------------------------------------------------------- */

/* One exchange: what has to be asked, and what is answered. */
struct scene {
	const char *method, *url;
	const char *want[3]; /* each somewhere in headers or body */
	int status;
	enum transport_end end;
	const char *body;
	const char *headers;
};

struct stage {
	struct world world;
	const char *environment[16];
	struct profiles profiles;
	struct session session;
	int64_t now, paused_ms;
	const struct scene *scenes;
	size_t n_scenes, at;
	char folder[64];
};

static int64_t now_of(void *self)
{
	return ((struct stage *)self)->now;
}

static void random_of(void *self, void *bytes, size_t size)
{
	(void)self;
	memset(bytes, 0x5a, size);
}

static bool pause_of(void *self, int64_t ms)
{
	((struct stage *)self)->paused_ms += ms;
	return true;
}

static int ask_of(void *self, const char *prompt, struct secret *answer, struct err *err)
{
	(void)self;
	(void)err;
	assert_string_equal(prompt, "MFA code for arn:aws:iam::123456789012:mfa/auditor: ");
	secret_puts(answer, "123456");
	return 0;
}

static void send_of(void *self, const struct http_request *request, struct http_answer *answer)
{
	struct stage *st = self;
	const struct scene *scene;
	struct secret all = SECRET_INIT(0);
	size_t i;

	assert_true(st->at < st->n_scenes);
	scene = &st->scenes[st->at++];
	assert_string_equal(request->method, scene->method);
	if (!str_is(request->url, scene->url))
		fail_msg("asked %.*s, not %s", STR_ARG(request->url), scene->url);
	assert_true(request->answer_limit != 0 && request->deadline_ms > 0);
	for (i = 0; i < request->n_headers; i++) {
		secret_put_str(&all, request->headers[i].name);
		secret_puts(&all, ": ");
		secret_put_str(&all, request->headers[i].value);
		secret_puts(&all, "\n");
	}
	secret_put_str(&all, request->body);
	for (i = 0; i < 3 && scene->want[i] != NULL; i++)
		if (strstr(all.data, scene->want[i]) == NULL)
			fail_msg("'%s' is not in:\n%s", scene->want[i], all.data);
	secret_release(&all);
	answer->end = scene->end;
	answer->status = scene->status;
	if (scene->body != NULL)
		secret_puts(&answer->body, scene->body);
	if (scene->headers != NULL)
		secret_puts(&answer->headers, scene->headers);
}

static void open_stage(struct stage *st, const char *config, const char *profile,
		       const struct scene *scenes, size_t n)
{
	struct session_options options = { .profile = profile };
	struct secret text = SECRET_INIT(0);
	struct err err = { 0 };

	st->world = (struct world){ .environment = st->environment,
				    .home = st->folder,
				    .transport = { send_of, st },
				    .now = now_of,
				    .random = random_of,
				    .pause = pause_of,
				    .ask = ask_of,
				    .self = st,
				    .process_ms = 5000 };
	st->profiles = PROFILES_INIT;
	st->now = NOW;
	st->scenes = scenes;
	st->n_scenes = n;
	st->at = 0;
	st->paused_ms = 0;
	secret_puts(&text, config);
	assert_int_equal(profiles_parse(&st->profiles, PROFILE_CONFIG, &text, &err), 0);
	assert_int_equal(session_init(&st->session, &st->world, &st->profiles, &options, &err), 0);
}

static void close_stage(struct stage *st)
{
	assert_int_equal(st->at, st->n_scenes);
	profiles_release(&st->profiles);
}

static void is_keys(const struct creds *c, const char *id, const char *key, const char *token)
{
	assert_true(str_is(secret_str(&c->key_id), id));
	assert_true(str_is(secret_str(&c->key), key));
	assert_true(str_is(secret_str(&c->token), token));
}

/* What comes of the chain: an error that holds all of these, in this order. */
static void fails(struct stage *st, const char *const *parts, size_t n)
{
	struct creds c = CREDS_INIT;
	struct err err = { 0 };
	const char *at = err.text;
	size_t i;

	assert_int_equal(creds_chain(&st->session, &c, &err), -1);
	assert_null(c.key.data);
	assert_null(strstr(err.text, "HUSH"));
	for (i = 0; i < n; i++) {
		const char *found = strstr(at, parts[i]);

		if (found == NULL)
			fail_msg("'%s' is not in: %s", parts[i], err.text);
		at = found;
	}
}

#define FAILS(st, ...)                                                                             \
	fails((st), (const char *const[]){ __VA_ARGS__ },                                          \
	      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

#define OFF "AWS_EC2_METADATA_DISABLED=true"

#define STS "https://sts.eu-west-1.amazonaws.com/"

#define ASSUMED(action, id)                                                                        \
	"<" action "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" action         \
	"Result>"                                                                                  \
	"<AssumedRoleUser><Arn>arn:aws:sts::210987654321:assumed-role/R/s</Arn></AssumedRoleUser>" \
	"<Credentials><AccessKeyId>" id "</AccessKeyId><SecretAccessKey>HUSH-" id                  \
	"</SecretAccessKey><SessionToken>TOKEN-" id "</SessionToken>"                              \
	"<Expiration>2023-11-14T23:13:20Z</Expiration></Credentials></" action "Result></" action  \
	"Response>"

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

static bool run_chain(const struct answer_value *one)
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
	struct answer *file = conformance_json("credentials/assume-role-tests.json");
	const struct answer_value *one;
	size_t n = 0, ok = 0;

	(void)state;
	if (file == NULL)
		skip();
	for (one = answer_first(answer_root(file)); one != NULL; one = answer_next(one), n++)
		ok += run_chain(one);
	answer_free(file);
	printf("conformance: assume-role chains %zu of %zu\n", ok, n);
	assert_int_equal(n, 28);
	assert_int_equal(ok, n);
}

static bool run_container(const struct answer_value *one)
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
	struct answer *file = conformance_json("credentials/ecs-tests.json");
	const struct answer_value *one;
	size_t n = 0, ok = 0;

	(void)state;
	if (file == NULL)
		skip();
	for (one = answer_first(answer_member(answer_root(file), "tests")); one != NULL;
	     one = answer_next(one), n++)
		ok += run_container(one);
	answer_free(file);
	printf("conformance: container credentials %zu of %zu\n", ok, n);
	assert_int_equal(n, 11);
	assert_int_equal(ok, n);
}

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

/* ---- files: web identity, processes, SSO -------------------------------------- */

static void make_folder(struct stage *st)
{
	snprintf(st->folder, sizeof(st->folder), "/tmp/ivslint-creds-XXXXXX");
	assert_non_null(mkdtemp(st->folder));
}

static void put_file(const char *path, const char *text)
{
	struct err err = { 0 };

	assert_int_equal(secret_write_file(str_of(text), path, &err), 0);
}

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

static const char *cache_file(struct stage *st, const char *name, char path[200])
{
	char hex[DIGEST_SHA1_HEX_SIZE];

	digest_sha1(str_of(name), hex);
	snprintf(path, 200, "%s/.aws/sso/cache/%s.json", st->folder, hex);
	return path;
}

static void make_cache(struct stage *st)
{
	static const char *const below[] = { "/.aws", "/.aws/sso", "/.aws/sso/cache" };
	char path[200];
	size_t i;

	make_folder(st);
	for (i = 0; i < N(below); i++) {
		snprintf(path, sizeof(path), "%s%s", st->folder, below[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
}

static void drop_cache(struct stage *st, const char *name)
{
	static const char *const below[] = { "/.aws/sso/cache", "/.aws/sso", "/.aws", "" };
	char path[200];
	size_t i;

	unlink(cache_file(st, name, path));
	for (i = 0; i < N(below); i++) {
		snprintf(path, sizeof(path), "%s%s", st->folder, below[i]);
		assert_int_equal(rmdir(path), 0);
	}
}

#define PORTAL                                                                                     \
	"https://portal.sso.us-east-1.amazonaws.com/federation/credentials?role_name=Audit%2FAll&" \
	"account_id=123456789012"
#define ROLE_KEYS                                                                                  \
	"{\"roleCredentials\":{\"accessKeyId\":\"IDS\",\"secretAccessKey\":\"HUSH\","              \
	"\"sessionToken\":\"TOKEN\",\"expiration\":1700003600000}}"

static void sso_session(void **state)
{
	static const char config[] =
	    "[profile s]\nsso_session = corp\nsso_account_id = 123456789012\n"
	    "sso_role_name = Audit/All\n"
	    "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = "
	    "https://acme.example/start\n";
	static const char expiring[] =
	    "{\"accessToken\":\"HUSH-OLD\",\"expiresAt\":\"2023-11-14T22:20:00Z\","
	    "\"clientId\":\"cid\",\"clientSecret\":\"HUSH-C\",\"refreshToken\":\"HUSH-R1\","
	    "\"registrationExpiresAt\":\"2023-12-14T22:20:00Z\",\"other\":7}";
	static const struct scene renewed[] = {
		{ "POST",
		  "https://oidc.us-east-1.amazonaws.com/token",
		  { "\"grantType\":\"refresh_token\"", "\"refreshToken\":\"HUSH-R1\"",
		    "\"clientSecret\":\"HUSH-C\"" },
		  200,
		  TRANSPORT_ANSWERED,
		  "{\"accessToken\":\"HUSH-NEW\",\"expiresIn\":3600,\"refreshToken\":\"HUSH-"
		  "R2\"}",
		  NULL },
		{ "GET",
		  PORTAL,
		  { "x-amz-sso_bearer_token: HUSH-NEW\n" },
		  200,
		  TRANSPORT_ANSWERED,
		  ROLE_KEYS,
		  NULL },
		{ "GET",
		  PORTAL,
		  { "x-amz-sso_bearer_token: HUSH-NEW\n" },
		  401,
		  TRANSPORT_ANSWERED,
		  "{\"message\":\"Session token not found\"}",
		  NULL },
	};
	static const struct scene refused[] = {
		{ "POST",
		  "https://oidc.us-east-1.amazonaws.com/token",
		  { NULL },
		  400,
		  TRANSPORT_ANSWERED,
		  "{\"error\":\"invalid_grant\"}",
		  NULL },
		{ "GET",
		  PORTAL,
		  { "x-amz-sso_bearer_token: HUSH-OLD\n" },
		  200,
		  TRANSPORT_ANSWERED,
		  ROLE_KEYS,
		  NULL },
		{ "POST",
		  "https://oidc.us-east-1.amazonaws.com/token",
		  { NULL },
		  400,
		  TRANSPORT_ANSWERED,
		  "{\"error\":\"invalid_grant\"}",
		  NULL },
	};
	struct stage st = { .environment = { OFF } };
	struct secret kept = SECRET_INIT(LIMIT_CREDENTIALS_SIZE);
	struct creds c = CREDS_INIT;
	struct err err = { 0 };
	char path[200];

	(void)state;
	make_cache(&st);
	open_stage(&st, config, "s", renewed, N(renewed));
	FAILS(&st,
	      "SSO of profile 's': there is no SSO token: run `aws sso login --sso-session corp`");
	put_file(cache_file(&st, "corp", path), expiring);
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "IDS", "HUSH", "TOKEN");
	assert_int_equal(c.expires, NOW + 3600);
	assert_string_equal(c.account, "123456789012");
	/* the new token is in the cache, and what others keep there stays */
	assert_int_equal(secret_read_file(&kept, path, NULL, &err), 0);
	assert_non_null(strstr(kept.data, "HUSH-R2"));
	assert_non_null(strstr(kept.data, "2023-11-14T23:13:20Z"));
	assert_non_null(strstr(kept.data, "\"other\":7"));
	FAILS(&st, "not valid any more: run `aws sso login --sso-session corp`");
	close_stage(&st);
	put_file(path, expiring);
	open_stage(&st, config, "s", refused, N(refused));
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	st.now += 3600;
	FAILS(&st, "the SSO session has expired: run `aws sso login --sso-session corp`");
	put_file(path, "{HUSH");
	FAILS(&st, "the cached SSO token cannot be read: run `aws sso login");
	close_stage(&st);
	drop_cache(&st, "corp");
	secret_release(&kept);
	creds_release(&c);
}

static void sso_legacy(void **state)
{
	static const char config[] =
	    "[profile s]\nsso_start_url = https://acme.example/start\nsso_region = us-east-1\n"
	    "sso_account_id = 123456789012\nsso_role_name = Audit/All\n";
	static const struct scene scenes[] = {
		{ "GET",
		  PORTAL,
		  { "x-amz-sso_bearer_token: HUSH-T\n" },
		  200,
		  TRANSPORT_ANSWERED,
		  ROLE_KEYS,
		  NULL },
	};
	struct stage st = { .environment = { OFF } };
	struct creds c = CREDS_INIT;
	struct err err = { 0 };
	char path[200];

	(void)state;
	make_cache(&st);
	open_stage(&st, config, "s", scenes, N(scenes));
	put_file(cache_file(&st, "https://acme.example/start", path),
		 "{\"accessToken\":\"HUSH-T\",\"expiresAt\":\"2023-11-14T23:00:00UTC\"}");
	assert_int_equal(creds_chain(&st.session, &c, &err), 0);
	is_keys(&c, "IDS", "HUSH", "TOKEN");
	st.now += 7200;
	FAILS(&st, "has expired: run `aws sso login --profile s`");
	close_stage(&st);
	drop_cache(&st, "https://acme.example/start");
	creds_release(&c);
}

/* ---- containers and instances --------------------------------------------------- */

#define DOCUMENT                                                                                   \
	"{\"AccessKeyId\":\"IDM\",\"SecretAccessKey\":\"HUSH\",\"Token\":\"TOKEN\","               \
	"\"Expiration\":\"2023-11-14T23:13:20Z\",\"AccountId\":\"123456789012\",\"Code\":"         \
	"\"Success\"}"

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
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains),        cmocka_unit_test(containers),
		cmocka_unit_test(environment),   cmocka_unit_test(nothing),
		cmocka_unit_test(roles),         cmocka_unit_test(retried),
		cmocka_unit_test(named_sources), cmocka_unit_test(web_identity),
		cmocka_unit_test(process),       cmocka_unit_test(sso_session),
		cmocka_unit_test(sso_legacy),    cmocka_unit_test(container),
		cmocka_unit_test(imds),          cmocka_unit_test(renewal),
		cmocka_unit_test(role_on_top),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
