/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints: AWS's own cases for IVS and STS, configured endpoints, and names
 * that must not become part of a host's.
 */
#include "fetch/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fetch/session.h"
#include "fetch/test_conformance.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- resolution ------------------------------------------------------------ */

static bool same_scheme(const struct answer_value *endpoint, const struct endpoint *got)
{
	const struct answer_value *scheme =
	    answer_first(answer_member(answer_member(endpoint, "properties"), "authSchemes"));

	return scheme == NULL || (str_is(json_text(scheme, "signingRegion"), got->signing_region) &&
				  str_is(json_text(scheme, "signingName"), got->signing_name));
}

static bool run_case(const void *service, const struct answer_value *one)
{
	const struct answer_value *params = answer_member(one, "params");
	const struct answer_value *expect = answer_member(one, "expect"), *endpoint;
	struct endpoint_want want = {
		.service = service,
		.region = json_text(params, "Region"),
		.custom = json_text(params, "Endpoint"),
		.fips = json_true(params, "UseFIPS"),
		.dual_stack = json_true(params, "UseDualStack"),
		.sts_global = json_true(params, "UseGlobalEndpoint"),
	};
	struct str error = json_text(expect, "error");
	struct endpoint got;
	struct err err = { 0 };
	int rc = endpoint_resolve(&want, &got, &err);

	endpoint = answer_member(expect, "endpoint");
	if (error.len != 0)
		return rc == -1 && text_holds(err.text, error);
	return rc == 0 && str_is(json_text(endpoint, "url"), got.url) &&
	       same_scheme(endpoint, &got);
}

static void ivs(void **state)
{
	(void)state;
	conformance_run("endpoints/ivs/endpoint-tests-1.json", "testCases", "endpoints of ivs", 27,
			run_case, &endpoint_ivs);
}

static void sts(void **state)
{
	(void)state;
	conformance_run("endpoints/sts/endpoint-tests-1.json", "testCases", "endpoints of sts", 69,
			run_case, &endpoint_sts);
}

/* ---- configured endpoints -------------------------------------------------- */

static const struct answer_value *member(const struct answer_value *v, const char *group,
					 struct str name)
{
	struct arena arena = ARENA_INIT;

	v = answer_member(answer_member(v, group), arena_str(&arena, name).data);
	arena_release(&arena);
	return v;
}

static void put_property(struct secret *to, const char *indent, const struct answer_value *v)
{
	struct str s = STR("");

	assert_true(answer_string(v, &s));
	secret_puts(to, indent);
	secret_put_str(to, answer_name(v));
	secret_puts(to, " = ");
	secret_put_str(to, s);
	secret_puts(to, "\n");
}

/* The shared profiles and services of the suite as a config file. */
static void put_config(struct secret *to, const struct answer_value *suite)
{
	const struct answer_value *v, *group, *p;

	for (v = answer_first(answer_member(suite, "profiles")); v; v = answer_next(v)) {
		secret_puts(to, "[profile ");
		secret_put_str(to, answer_name(v));
		secret_puts(to, "]\n");
		for (p = answer_first(v); p; p = answer_next(p))
			put_property(to, "", p);
	}
	for (v = answer_first(answer_member(suite, "services")); v; v = answer_next(v)) {
		secret_puts(to, "[services ");
		secret_put_str(to, answer_name(v));
		secret_puts(to, "]\n");
		for (group = answer_first(v); group; group = answer_next(group)) {
			secret_put_str(to, answer_name(group));
			secret_puts(to, " =\n");
			for (p = answer_first(group); p; p = answer_next(p))
				put_property(to, "  ", p);
		}
	}
}

static bool run_configured(const struct answer_value *suite, const struct profiles *profiles,
			   const struct answer_value *one)
{
	static const struct endpoint_service services[] = {
		{ "s3", "s3", "S3", false }, { "dynamodb", "dynamodb", "DYNAMODB", false }
	};
	const struct endpoint_service *service =
	    str_is(json_text(one, "service"), "s3") ? &services[0] : &services[1];
	const struct answer_value *client =
	    member(suite, "client_configs", json_text(one, "client_config"));
	const struct answer_value *v =
	    answer_first(member(suite, "environments", json_text(one, "environment")));
	struct arena arena = ARENA_INIT;
	const char *environment[16] = { NULL };
	struct world world = { .environment = environment };
	struct session_options options = {
		.profile = arena_str(&arena, json_text(one, "profile")).data,
		.ignore_endpoints = json_true(client, "ignore_configured_endpoint_urls"),
	};
	struct endpoint_want want = { .service = service, .custom = STR("") };
	struct endpoint got;
	struct session session;
	struct err err = { 0 };
	struct str s = STR("");
	size_t n = 0;
	bool ok;

	for (; v != NULL; v = answer_next(v)) {
		assert_true(answer_string(v, &s));
		environment[n++] =
		    arena_printf(&arena, "%.*s=%.*s", STR_ARG(answer_name(v)), STR_ARG(s));
	}
	assert_int_equal(session_init(&session, &world, profiles, &options, &err), 0);
	want.region = session.region;
	assert_int_not_equal(session_endpoint_url(&session, service,
						  json_text(client, "endpoint_url"), &want.custom,
						  &err),
			     -1);
	ok = endpoint_resolve(&want, &got, &err) == 0 &&
	     str_is(json_text(answer_member(one, "output"), "endpointUrl"), got.url);
	arena_release(&arena);
	return ok;
}

static void configured(void **state)
{
	struct answer *file =
	    conformance_json("credentials/configured-endpoint-profile-tests.json");
	const struct answer_value *suite =
	    answer_first(answer_member(answer_root(file), "testSuites"));
	const struct answer_value *one;
	struct profiles profiles = PROFILES_INIT;
	struct secret text = SECRET_INIT(0);
	struct err err = { 0 };
	size_t n = 0, ok = 0;

	(void)state;
	if (file == NULL)
		skip();
	put_config(&text, suite);
	assert_int_equal(profiles_parse(&profiles, PROFILE_CONFIG, &text, &err), 0);
	for (one = answer_first(answer_member(suite, "endpointUrlTests")); one != NULL;
	     one = answer_next(one), n++)
		ok += run_configured(suite, &profiles, one);
	profiles_release(&profiles);
	answer_free(file);
	printf("conformance: configured endpoints %zu of %zu\n", ok, n);
	assert_int_equal(n, 39);
	assert_int_equal(ok, n);
}

/* ---- our own --------------------------------------------------------------- */

static void partitions(void **state)
{
	static const struct {
		struct str region;
		const char *want;
	} cases[] = {
		{ STR("us-east-1"), "aws" },
		{ STR("mx-central-1"), "aws" },
		{ STR("us-gov-west-1"), "aws-us-gov" },
		{ STR("us-isob-east-1"), "aws-iso-b" },
		{ STR("us-iso-east-1"), "aws-iso" },
		{ STR("eu-isoe-west-1"), "aws-iso-e" },
		{ STR("eusc-de-east-1"), "aws-eusc" },
		{ STR("cn-north-1"), "aws-cn" },
		{ STR("aws-cn-global"), "aws-cn" },
		{ STR("aws-global"), "aws" },
		{ STR("mars-north-1"), "aws" },
		{ STR(""), "aws" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		assert_string_equal(endpoint_partition(cases[i].region)->name, cases[i].want);
}

static void regions(void **state)
{
	static const struct str good[] = { STR("us-east-1"), STR("fake-region-10"), STR("a") };
	static const struct str bad[] = {
		STR(""),
		STR("-a"),
		STR("a-"),
		STR("123"),
		STR("us-east-1.evil.example/"),
		STR("us_east_1"),
		STR("us-east-1\n"),
		STR("us-east-1#"),
		STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	};
	struct endpoint_want want = { .service = &endpoint_ivs, .custom = STR("") };
	struct endpoint got;
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < N(good); i++)
		assert_true(endpoint_is_region(good[i]));
	for (i = 0; i < N(bad); i++) {
		assert_false(endpoint_is_region(bad[i]));
		want.region = bad[i];
		assert_int_equal(endpoint_resolve(&want, &got, &err), -1);
	}
	assert_int_equal(endpoint_check_ivs_region(STR("eu-west-1"), &err), 0);
	assert_int_equal(endpoint_check_ivs_region(STR("eu-north-1"), &err), -1);
	assert_string_equal(
	    err.text, "IVS is not in the region 'eu-north-1'; it is in ap-northeast-1, "
		      "ap-northeast-2, ap-south-1, eu-central-1, eu-west-1, us-east-1, us-west-2");
}

static void settings(void **state)
{
	static const char *const environment[] = {
		"AWS_DEFAULT_REGION=eu-west-1",
		"AWS_ENDPOINT_URL_STS=http://127.0.0.1:1/sts/",
		"AWS_USE_FIPS_ENDPOINT=True",
		"AWS_MAX_ATTEMPTS=7",
		"AWS_PROFILE=p",
		NULL,
	};
	struct world world = { .environment = environment };
	struct profiles profiles = PROFILES_INIT;
	struct secret text = SECRET_INIT(0);
	struct session s;
	struct session_options missing = { .profile = "q" },
			       here = { .endpoint_url = "http://[::1]:2" };
	struct endpoint e;
	struct err err = { 0 };

	(void)state;
	secret_puts(&text, "[profile p]\nregion = us-west-2\nmax_attempts = 2\nservices = none\n");
	assert_int_equal(profiles_parse(&profiles, PROFILE_CONFIG, &text, &err), 0);
	assert_int_equal(session_init(&s, &world, &profiles, &missing, &err), -1);
	assert_non_null(strstr(err.text, "the profile 'q' could not be found"));
	assert_int_equal(session_init(&s, &world, &profiles, NULL, &err), 0);
	assert_true(str_is(s.region, "eu-west-1"));
	assert_int_equal(session_attempts(&s, 3), 7);
	/* a custom endpoint and FIPS exclude each other; services that are not there are told */
	assert_int_equal(session_endpoint(&s, &endpoint_sts, s.region, &e, &err), -1);
	assert_non_null(strstr(err.text, "FIPS and custom endpoint"));
	assert_int_equal(session_endpoint(&s, &endpoint_ivs, s.region, &e, &err), -1);
	assert_non_null(strstr(err.text, "[services 'none'], which is not there"));
	world.environment = environment + 3;
	assert_int_equal(session_init(&s, &world, &profiles, &here, &err), 0);
	assert_true(str_is(s.region, "us-west-2"));
	assert_int_equal(session_endpoint(&s, &endpoint_ivs, s.region, &e, &err), 0);
	assert_string_equal(e.url, "http://[::1]:2");
	assert_string_equal(e.signing_region, "us-west-2");
	profiles_release(&profiles);
	/* without files and a region */
	world.environment = environment + 5;
	assert_int_equal(session_init(&s, &world, &profiles, NULL, &err), 0);
	assert_int_equal(session_endpoint(&s, &endpoint_sts, s.region, &e, &err), 0);
	assert_string_equal(e.url, "https://sts.amazonaws.com");
	assert_string_equal(e.signing_region, "us-east-1");
	assert_int_equal(session_endpoint(&s, &endpoint_ivs, s.region, &e, &err), -1);
	assert_int_equal(session_endpoint(&s, &endpoint_sso, STR("eu-west-1"), &e, &err), 0);
	assert_string_equal(e.url, "https://portal.sso.eu-west-1.amazonaws.com");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ivs),        cmocka_unit_test(sts),
		cmocka_unit_test(configured), cmocka_unit_test(partitions),
		cmocka_unit_test(regions),    cmocka_unit_test(settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
