/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What services answer: JSON that is refused, errors in all their spellings,
 * and the little XML of STS.
 */
#include "fetch/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fetch/test_conformance.h"
#include "fetch/xml.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- JSON ------------------------------------------------------------------ */

static void refused(void **state)
{
	static const struct str cases[] = {
		STR(""),
		STR(" "),
		STR("{"),
		STR("{} {}"),
		STR("{}x"),
		STR("{\"a\":\"b\0\"}"),
		STR("{\"a\":\"b\\u0000c\"}"),
		STR("{\"a\":\"\\\\\\u0000\"}"),
		STR("{\"a\":\"\xff\"}"),
		STR("<a/>"),
	};
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++)
		assert_null(answer_parse(cases[i], &err));
}

static void members(void **state)
{
	struct answer *a;
	const struct answer_value *root, *list;
	struct secret text = SECRET_INIT(0);
	struct str s;
	int64_t n;
	struct err err = { 0 };

	(void)state;
	a = answer_parse(
	    STR(" {\"s\":\"\\\\u0000\",\"S\":\"big\",\"n\":1577836800000,\"f\":1.5,"
		"\"e\":1e300,\"two\":1,\"two\":2,\"l\":[1,\"x\",null],\"t\":true}\r\n"),
	    &err);
	assert_non_null(a);
	root = answer_root(a);
	/* an escaped backslash is no NUL, and names keep their case */
	assert_true(answer_text(root, "s", &s));
	assert_true(str_is(s, "\\u0000"));
	assert_true(answer_text(root, "S", &s));
	assert_true(str_is(s, "big"));
	assert_true(answer_number(answer_member(root, "n"), &n));
	assert_int_equal(n, 1577836800000);
	assert_false(answer_number(answer_member(root, "f"), &n));
	assert_false(answer_number(answer_member(root, "e"), &n));
	assert_false(answer_number(answer_member(root, "s"), &n));
	assert_null(answer_member(root, "two"));
	assert_null(answer_member(NULL, "two"));
	assert_true(answer_is_true(answer_member(root, "t")));
	list = answer_first(answer_member(root, "l"));
	assert_int_equal(answer_kind(list), ANSWER_NUMBER);
	list = answer_next(list);
	assert_true(answer_string(list, &s));
	list = answer_next(list);
	assert_int_equal(answer_kind(list), ANSWER_NULL);
	assert_null(answer_next(list));
	assert_null(answer_first(answer_member(root, "s")));
	answer_set_text(a, "S", STR("new"));
	answer_put(answer_member(root, "l"), &text);
	assert_string_equal(text.data, "[1,\"x\",null]");
	assert_true(answer_text(root, "S", &s));
	assert_true(str_is(s, "new"));
	secret_release(&text);
	answer_free(a);
	answer_free(NULL);
}

/* What was sent is not said back, cut or not; what is like it by accident is. */
static void hides(void **state)
{
	static const char token[] = "FwoGZXIvYXdzEBYaDKLMnopqrstuvwxyz0123456789";
	static const struct {
		const char *message, *want;
	} rows[] = {
		{ "token FwoGZXIvYXdzEBYaDKLMnopqrstuvwxyz0123456789 is wrong",
		  "token *** is wrong" },
		{ "x-amz-security-token:FwoGZXIvYXdzEBYaDKLM", "x-amz-security-token:***" },
		{ "nopqrstuvwxyz0123456789 FwoGZXIvYXdzEBYaDKLM", "*** ***" },
		{ "FwoGZXIvYXdz begins many", "FwoGZXIvYXdz begins many" },
		{ "", "" },
	};
	struct answer_error error = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(error.message, sizeof(error.message), "%s", rows[i].message);
		answer_hide(&error, STR(""));
		answer_hide(&error, STR("short"));
		assert_string_equal(error.message, rows[i].message);
		answer_hide(&error, str_of(token));
		assert_string_equal(error.message, rows[i].want);
	}
	/* a short one as a whole, and wherever it is */
	error = (struct answer_error){ "123456", "code 123456, not 12345", "x123456" };
	answer_hide(&error, STR("123456"));
	assert_string_equal(error.code, "***");
	assert_string_equal(error.message, "code ***, not 12345");
	assert_string_equal(error.request_id, "x***");
}

/* ---- errors ---------------------------------------------------------------- */

static void fill(struct http_answer *to, const struct answer_value *response)
{
	const struct answer_value *header = answer_first(answer_member(response, "headers"));
	struct str s;
	int64_t status = 0;

	*to = HTTP_ANSWER_INIT;
	assert_true(answer_number(answer_member(response, "status_code"), &status));
	to->status = (int)status;
	for (; header != NULL; header = answer_next(header)) {
		assert_true(answer_string(header, &s));
		secret_put_str(&to->headers, answer_name(header));
		secret_puts(&to->headers, ": ");
		secret_put_str(&to->headers, s);
		secret_puts(&to->headers, "\r\n");
	}
	secret_put_str(&to->body, json_text(response, "body"));
}

static void rest_json_errors(void **state)
{
	struct answer *file = conformance_json("protocols/output/rest-json.errors-only.json");
	const struct answer_value *suite, *one;
	struct http_answer http;
	struct answer_error error;
	size_t n = 0, ok = 0;
	struct str want;

	(void)state;
	if (file == NULL)
		skip();
	for (suite = answer_first(answer_root(file)); suite != NULL; suite = answer_next(suite))
		for (one = answer_first(answer_member(suite, "cases")); one != NULL;
		     one = answer_next(one)) {
			fill(&http, answer_member(one, "response"));
			answer_error(&http, &error);
			want = json_text(one, "errorMessage");
			n++;
			ok += str_is(json_text(one, "errorCode"), error.code) &&
			      str_is(want, error.message);
			http_answer_release(&http);
		}
	answer_free(file);
	printf("conformance: rest-json errors %zu of %zu\n", ok, n);
	assert_int_equal(n, 12);
	assert_int_equal(ok, n);
}

static void errors(void **state)
{
	static const struct {
		bool xml;
		int status;
		const char *headers, *body, *code, *message, *id;
	} cases[] = {
		{ false, 403, "X-Amzn-RequestId: 12-34\nx-amzn-ErrorType: AccessDeniedException\n",
		  "{\"exceptionMessage\":\"no\"}", "AccessDeniedException", "no", "12-34" },
		{ false, 403, "", "{\"__type\":\"a#B\",\"Message\":\"x\\u001b[31m\"}", "B",
		  "x\\x1B[31m", "" },
		{ false, 502, "", "<html>", "HTTP 502", "", "" },
		{ false, 500, "x-amzn-errortype:\n", "", "HTTP 500", "", "" },
		{ false, 400, "", "{\"code\":7,\"message\":[]}", "HTTP 400", "", "" },
		{ true, 403, "",
		  "<ErrorResponse xmlns=\"https://x/\">\n "
		  "<Error><Type>Sender</Type><Code>AccessDenied"
		  "</Code><Message>a &lt;b&gt; &#x41;</Message></Error><RequestId>r-1</RequestId>"
		  "</ErrorResponse>",
		  "AccessDenied", "a <b> A", "r-1" },
		{ true, 503, "", "busy", "HTTP 503", "", "" },
	};
	struct http_answer http = HTTP_ANSWER_INIT;
	struct answer_error error;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		http.status = cases[i].status;
		secret_puts(&http.headers, cases[i].headers);
		secret_puts(&http.body, cases[i].body);
		if (cases[i].xml)
			answer_error_xml(&http, &error);
		else
			answer_error(&http, &error);
		assert_string_equal(error.code, cases[i].code);
		assert_string_equal(error.message, cases[i].message);
		assert_string_equal(error.request_id, cases[i].id);
		http_answer_release(&http);
	}
}

static void shown(void **state)
{
	char small[8];

	(void)state;
	answer_show(STR("abcdef\xc3\xa4xyz"), small, sizeof(small));
	assert_string_equal(small, "abcdef");
	answer_show(STR(""), small, sizeof(small));
	assert_string_equal(small, "");
}

/* ---- XML ------------------------------------------------------------------- */

static void xml(void **state)
{
	static const struct {
		struct str text;
		const char *path;
		int rc;
		const char *want;
	} cases[] = {
		{ STR("<a><b>x</b></a>"), "a/b", 0, "x" },
		{ STR("<?xml version='1.0'?><!-- <a> --><a q='>'><b/><b>x&amp;y</b><b>z</b></a>"),
		  "a/b", 0, "x&y" },
		{ STR("<a><c><b>no</b></c><b>yes</b></a>"), "a/b", 0, "yes" },
		{ STR("<a>t<b>u</b>v</a>"), "a", 0, "tv" },
		{ STR("<a></a>"), "a", 0, "" },
		{ STR("<a><b>x</b></a>"), "b", 1, "" },
		{ STR("<a><b>x</b></a>"), "a/b/c", 1, "" },
		{ STR(""), "a", -1, "" },
		{ STR("text"), "a", -1, "" },
		{ STR("<a><b>x"), "a/b", -1, "x" },
		{ STR("<a></b>"), "a/b", -1, "" },
		{ STR("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), "a", -1, "" },
		{ STR("<a>&x;</a>"), "a", -1, "" },
		{ STR("<a>&#0;</a>"), "a", -1, "" },
		{ STR("<a>&#xD800;</a>"), "a", -1, "" },
		{ STR("<a b=\"<\">x</a>"), "a", 0, "x" },
		{ STR("<"), "a", -1, "" },
		{ STR("<a"), "a", -1, "" },
	};
	struct secret text = SECRET_INIT(0);
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		secret_clear(&text);
		assert_int_equal(xml_text(cases[i].text, cases[i].path, &text, &err), cases[i].rc);
		assert_true(str_is(secret_str(&text), cases[i].want));
	}
	secret_clear(&text);
	for (i = 0; i < 40; i++)
		secret_puts(&text, "<a>");
	{
		struct secret out = SECRET_INIT(0);

		assert_int_equal(xml_text(secret_str(&text), "b", &out, &err), -1);
		assert_non_null(strstr(err.text, "nested too deeply"));
		secret_release(&out);
	}
	secret_release(&text);
	text = SECRET_INIT(2);
	assert_int_equal(xml_text(STR("<a>long</a>"), "a", &text, &err), -1);
	secret_release(&text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused), cmocka_unit_test(members),
		cmocka_unit_test(hides),   cmocka_unit_test(rest_json_errors),
		cmocka_unit_test(errors),  cmocka_unit_test(shown),
		cmocka_unit_test(xml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
