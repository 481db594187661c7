/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shared files: the SDKs' parser and location tests, and what they leave
 * out: quoted names, broken bytes, indented comments, nothing of a secret in
 * an error.
 */
#include "fetch/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/limit.h"
#include "fetch/test_conformance.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static int parse(struct profiles *p, struct str config, struct str credentials, struct err *err)
{
	struct secret text = SECRET_INIT(0);
	int rc;

	*p = PROFILES_INIT;
	secret_put_str(&text, config);
	rc = profiles_parse(p, PROFILE_CONFIG, &text, err);
	secret_put_str(&text, credentials);
	if (rc == 0)
		rc = profiles_parse(p, PROFILE_CREDENTIALS, &text, err);
	secret_release(&text);
	return rc;
}

/* ---- the parser's suite ---------------------------------------------------- */

/* All that is wanted is there... */
static bool has_all(const struct profiles *p, enum profile_kind kind,
		    const struct answer_value *want)
{
	const struct answer_value *section, *property;
	const struct profile_entry *e;
	struct arena arena = ARENA_INIT;
	struct str value;
	bool ok = true;

	for (section = answer_first(want); section != NULL; section = answer_next(section)) {
		ok = ok && profile_exists(p, kind, answer_name(section));
		for (property = answer_first(section); property != NULL;
		     property = answer_next(property)) {
			assert_true(answer_string(property, &value));
			e = profile_entry(p, kind, answer_name(section),
					  arena_str(&arena, answer_name(property)).data);
			ok = ok && e != NULL && str_equal(e->value, value);
		}
	}
	arena_release(&arena);
	return ok;
}

static const struct answer_value *member(const struct answer_value *v, struct str name)
{
	for (v = answer_first(v); v != NULL; v = answer_next(v))
		if (str_equal(answer_name(v), name))
			return v;
	return NULL;
}

/* ...and nothing else. */
static bool has_only(const struct profiles *p, enum profile_kind kind,
		     const struct answer_value *want)
{
	const struct profile_entry *e;
	const struct answer_value *section;
	size_t i;

	for (i = 0; i < p->n_entries; i++) {
		e = &p->entries[i];
		if (e->kind != kind || e->hidden)
			continue;
		section = member(want, e->section);
		if (section == NULL || (e->key.len != 0 && member(section, e->key) == NULL))
			return false;
	}
	return true;
}

static bool run_case(const void *self, const struct answer_value *one)
{
	const struct answer_value *input = answer_member(one, "input");
	const struct answer_value *output = answer_member(one, "output");
	const struct answer_value *config = answer_member(output, "config"), *profiles, *sessions;
	struct str error = json_text(output, "errorContaining");
	struct profiles p;
	struct err err = { 0 };
	int rc =
	    parse(&p, json_text(input, "configFile"), json_text(input, "credentialsFile"), &err);
	bool ok;

	(void)self;
	profiles = answer_member(config, "profiles");
	sessions = answer_member(config, "sso_sessions");
	if (error.len != 0)
		ok = rc == -1 && text_holds(err.text, error);
	else
		ok = rc == 0 && has_all(&p, PROFILE_PROFILE, profiles) &&
		     has_only(&p, PROFILE_PROFILE, profiles) &&
		     has_all(&p, PROFILE_SSO_SESSION, sessions) &&
		     has_only(&p, PROFILE_SSO_SESSION, sessions);
	if (!ok)
		printf("conformance: profile parser: %.*s: differs %s\n",
		       STR_ARG(json_text(one, "name")), err.text);
	profiles_release(&p);
	return ok;
}

static void suite(void **state)
{
	(void)state;
	conformance_run("credentials/profile-parser-tests.json", "tests", "profile parser", 65,
			run_case, NULL);
}

/* ---- locations ------------------------------------------------------------- */

#define MOST_ENV 16

/* On the systems we are made for; on others a home folder of another name counts. */
static bool run_location(const struct answer_value *one)
{
	struct arena arena = ARENA_INIT;
	const char *environment[MOST_ENV + 1] = { NULL };
	const struct answer_value *v = answer_first(answer_member(one, "environment"));
	struct world world = { .environment = environment };
	struct str value;
	size_t n = 0;
	bool ok;

	for (; v != NULL && n < MOST_ENV; v = answer_next(v), n++) {
		assert_true(answer_string(v, &value));
		environment[n] =
		    arena_printf(&arena, "%.*s=%.*s", STR_ARG(answer_name(v)), STR_ARG(value));
	}
	ok = str_is(json_text(one, "configLocation"),
		    profile_path(&world, PROFILE_CONFIG, &arena)) &&
	     str_is(json_text(one, "credentialsLocation"),
		    profile_path(&world, PROFILE_CREDENTIALS, &arena));
	arena_release(&arena);
	return ok;
}

static void locations(void **state)
{
	struct answer *file = conformance_json("credentials/file-location-tests.json");
	const struct answer_value *one;
	size_t n = 0, ok = 0, elsewhere = 0;

	(void)state;
	if (file == NULL)
		skip();
	for (one = answer_first(answer_member(answer_root(file), "tests")); one != NULL;
	     one = answer_next(one), n++) {
		if (str_is(json_text(one, "platform"), "windows"))
			elsewhere++;
		else
			ok += run_location(one);
	}
	answer_free(file);
	printf("conformance: file locations %zu of %zu (%zu are of Windows)\n", ok, n, elsewhere);
	assert_int_equal(n, 9);
	assert_int_equal(ok + elsewhere, n);
}

static void no_home(void **state)
{
	const char *none[] = { "HOME=", NULL };
	struct world world = { .environment = none };
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_null(profile_path(&world, PROFILE_CONFIG, &arena));
	world.home = "/there";
	assert_string_equal(profile_path(&world, PROFILE_CONFIG, &arena), "/there/.aws/config");
	assert_string_equal(profile_expand(&world, STR("~/a"), &arena), "/there/a");
	assert_string_equal(profile_expand(&world, STR("~a/b"), &arena), "~a/b");
	arena_release(&arena);
}

/* ---- our own --------------------------------------------------------------- */

static void more(void **state)
{
	struct profiles p;
	struct err err = { 0 };
	struct str value;

	(void)state;
	assert_int_equal(
	    parse(&p,
		  STR("\xef\xbb\xbf[profile \"a b\"]\r\nregion = eu-west-1\r\n"
		      "  # a comment\r\ns3 =\r\n  Endpoint_URL = https://x\r\n"
		      "  other=\r\n[services s]\nivs =\n  endpoint_url = https://y # z\n"
		      "[plugins]\nx = y\n[profile c]\naws_access_key_id = config\n"),
		  STR("[c]\naws_access_key_id = credentials\n[d]"), &err),
	    0);
	assert_true(profile_get(&p, PROFILE_PROFILE, STR("a b"), "region", &value));
	assert_true(str_is(value, "eu-west-1"));
	assert_true(
	    profile_get_nested(&p, PROFILE_PROFILE, STR("a b"), "s3", "endpoint_url", &value));
	assert_true(str_is(value, "https://x"));
	assert_false(profile_get_nested(&p, PROFILE_PROFILE, STR("a b"), "s3", "other", &value));
	assert_false(
	    profile_get_nested(&p, PROFILE_PROFILE, STR("a b"), "region", "other", &value));
	assert_true(profile_get(&p, PROFILE_PROFILE, STR("c"), "aws_access_key_id", &value));
	assert_true(str_is(value, "credentials"));
	assert_true(profile_exists(&p, PROFILE_PROFILE, STR("d")));
	assert_false(profile_exists(&p, PROFILE_PROFILE, STR("plugins")));
	assert_false(profile_exists(&p, PROFILE_SERVICES, STR("d")));
	assert_int_equal(profile_entry(&p, PROFILE_PROFILE, STR("c"), "aws_access_key_id")->file,
			 PROFILE_CREDENTIALS);
	profiles_release(&p);
	profiles_release(&p);
}

static void errors(void **state)
{
	static const struct {
		struct str text;
		unsigned line;
	} cases[] = {
		{ STR("[a]\naws_secret_access_key\nSECRET"), 2 },
		{ STR("[a]\naws_secret_access_key : SECRET"), 2 },
		{ STR("[a]\n\n= SECRET"), 3 },
		{ STR("[a]\nx = SECRET\0"), 2 },
		{ STR("[a]\nx = SECRET\xff"), 2 },
		{ STR("[SECRET"), 1 },
	};
	struct profiles p;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		err = (struct err){ 0 };
		assert_int_equal(parse(&p, STR(""), cases[i].text, &err), -1);
		assert_int_equal(err.line, cases[i].line);
		assert_null(strstr(err.text, "SECRET"));
		assert_non_null(strstr(err.text, "credentials', line "));
		profiles_release(&p);
	}
}

static void put_file(const char *path, const char *text)
{
	struct err err = { 0 };

	assert_int_equal(secret_write_file(str_of(text), path, &err), 0);
}

static void from_files(void **state)
{
	char folder[] = "/tmp/ivslint-profile-XXXXXX", config[64], credentials[64], env1[100],
	     env2[100];
	const char *environment[] = { env1, env2, NULL };
	struct world world = { .environment = environment };
	struct profiles p = PROFILES_INIT;
	struct err err = { 0 };
	struct str value;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(config, sizeof(config), "%s/config", folder);
	snprintf(credentials, sizeof(credentials), "%s/credentials", folder);
	snprintf(env1, sizeof(env1), "AWS_CONFIG_FILE=%s", config);
	snprintf(env2, sizeof(env2), "AWS_SHARED_CREDENTIALS_FILE=%s", credentials);
	assert_int_equal(profiles_read(&p, &world, &err), 0);
	assert_int_equal(p.n_entries, 0);
	profiles_release(&p);
	put_file(config, "[default]\nregion = us-east-1\n");
	put_file(credentials, "[default]\naws_access_key_id = AKID\n");
	assert_int_equal(profiles_read(&p, &world, &err), 0);
	assert_true(profile_get(&p, PROFILE_PROFILE, STR("default"), "region", &value));
	assert_true(profile_get(&p, PROFILE_PROFILE, STR("default"), "aws_access_key_id", &value));
	profiles_release(&p);
	put_file(config, "[default");
	assert_int_equal(profiles_read(&p, &world, &err), -1);
	assert_non_null(strstr(err.text, config));
	profiles_release(&p);
	snprintf(env1, sizeof(env1), "AWS_CONFIG_FILE=%s", folder);
	assert_int_equal(profiles_read(&p, &world, &err), -1);
	profiles_release(&p);
	unlink(config);
	unlink(credentials);
	rmdir(folder);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(suite), cmocka_unit_test(locations), cmocka_unit_test(no_home),
		cmocka_unit_test(more),  cmocka_unit_test(errors),    cmocka_unit_test(from_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
