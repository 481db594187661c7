/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IAM Identity Center: the token in its cache, its renewal, a role's keys.
 */
#include <sys/stat.h>

#include "base/digest.h"
#include "fetch/test_creds.h"

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
	FAILS(&st,
	      "the SSO session has expired: run `aws sso login --sso-session corp` (it was not "
	      "renewed: the SSO token service answered HTTP 400)");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sso_session),
		cmocka_unit_test(sso_legacy),
	};

	return cmocka_run_group_tests_name("creds: sso", tests, NULL, NULL);
}
