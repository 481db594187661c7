/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URLs taken apart, those that are refused, and the hosts that may be spoken
 * to without TLS.
 */
#include "fetch/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limit.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void parts(void **state)
{
	static const struct {
		struct str text;
		bool tls;
		const char *host, *authority, *port, *path, *query;
	} cases[] = {
		{ STR("https://ivs.us-east-1.amazonaws.com"), true, "ivs.us-east-1.amazonaws.com",
		  "ivs.us-east-1.amazonaws.com", "", "/", "" },
		{ STR("HTTP://localhost:8080/a/b?c=d&e"), false, "localhost", "localhost:8080",
		  "8080", "/a/b", "c=d&e" },
		{ STR("http://[fd00:ec2::23]/v1"), false, "fd00:ec2::23", "[fd00:ec2::23]", "",
		  "/v1", "" },
		{ STR("http://[::1]:80?x"), false, "::1", "[::1]:80", "80", "/", "x" },
	};
	struct url url;
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		assert_int_equal(url_parse(cases[i].text, &url, &err), 0);
		assert_int_equal(url.tls, cases[i].tls);
		assert_true(str_is(url.host, cases[i].host));
		assert_true(str_is(url.authority, cases[i].authority));
		assert_true(str_is(url.port, cases[i].port));
		assert_true(str_is(url.path, cases[i].path));
		assert_true(str_is(url.query, cases[i].query));
	}
}

static void refused(void **state)
{
	static const struct str cases[] = {
		STR(""),
		STR("/credentials"),
		STR("example.com"),
		STR("ftp://example.com"),
		STR("file:///etc/passwd"),
		STR("http:example.com"),
		STR("http://"),
		STR("http:///x"),
		STR("http://user@example.com/"),
		STR("http://127.0.0.1@evil.example/"),
		STR("http://example.com#127.0.0.1"),
		STR("http://example.com:0/"),
		STR("http://example.com:65536/"),
		STR("http://example.com:80a/"),
		STR("http://exam ple.com/"),
		STR("http://example.com/\r\nX: y"),
		STR("http://example.com/\0"),
		STR("http://example.com\\@evil.example/"),
		STR("http://[::1/"),
		STR("http://[example.com]/"),
		STR("http://ex%61mple.com/"),
		STR("http://ex\xc3\xa4mple.com/"),
	};
	char *large = malloc(LIMIT_URL_SIZE + 1);
	struct url url;
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		assert_int_equal(url_parse(cases[i], &url, &err), -1);
	assert_non_null(large);
	memset(large, 'a', LIMIT_URL_SIZE + 1);
	memcpy(large, "https://", 8);
	large[200] = '/';
	assert_int_equal(url_parse((struct str){ large, LIMIT_URL_SIZE }, &url, &err), 0);
	assert_int_equal(url_parse((struct str){ large, LIMIT_URL_SIZE + 1 }, &url, &err), -1);
	free(large);
}

static void plain(void **state)
{
	static const struct {
		struct str url;
		bool loopback, plain;
	} cases[] = {
		{ STR("http://localhost/"), true, true },
		{ STR("http://LocalHost:1/"), true, true },
		{ STR("http://127.9.9.9/"), true, true },
		{ STR("http://[::1]/"), true, true },
		{ STR("http://[0:0:0:0:0:0:0:1]/"), true, true },
		{ STR("http://169.254.169.254/"), false, true },
		{ STR("http://169.254.170.23/"), false, true },
		{ STR("http://[fd00:ec2::254]/"), false, true },
		{ STR("http://10.0.0.1/"), false, false },
		{ STR("http://127.0.0.1.example.com/"), false, false },
		{ STR("http://localhost.example.com/"), false, false },
		{ STR("http://[::ffff:10.0.0.1]/"), false, false },
		{ STR("http://[fd00:ec3::254]/"), false, false },
		{ STR("http://2130706433/"), false, false },
	};
	struct url url;
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		assert_int_equal(url_parse(cases[i].url, &url, &err), 0);
		assert_int_equal(url_is_loopback(url.host), cases[i].loopback);
		assert_int_equal(url_may_be_plain(&url), cases[i].plain);
	}
}

static void encoded(void **state)
{
	struct secret s = SECRET_INIT(0);

	(void)state;
	url_put_encoded(&s, STR("aZ9-._~ /+%:\0\xe1"), false);
	assert_string_equal(s.data, "aZ9-._~%20%2F%2B%25%3A%00%E1");
	secret_clear(&s);
	url_put_encoded(&s, STR("a/b"), true);
	assert_string_equal(s.data, "a/b");
	secret_release(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts),
		cmocka_unit_test(refused),
		cmocka_unit_test(plain),
		cmocka_unit_test(encoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
