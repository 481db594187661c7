/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing, stage by stage: AWS's own suite of header signatures, and what the
 * suite leaves out: S3's path, ceilings, bytes that no header may hold.
 */
#include "fetch/sigv4.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limit.h"
#include "fetch/test_conformance.h"

#define SUITE "sigv4/v4/"

/* ---- the suite ------------------------------------------------------------- */

struct parsed {
	struct sigv4_request request;
	struct http_header headers[20];
	char method[16];
};

static struct str take_line(struct str *rest)
{
	const char *end = memchr(rest->data, '\n', rest->len);
	struct str line = { rest->data, end ? (size_t)(end - rest->data) : rest->len };

	rest->data += end ? line.len + 1 : line.len;
	rest->len -= end ? line.len + 1 : line.len;
	return line;
}

/* The request line's target may hold blanks: it ends at the last one. */
static void parse_first(struct parsed *p, struct str line)
{
	size_t begin, end, mark;

	begin = (size_t)((const char *)memchr(line.data, ' ', line.len) - line.data);
	memcpy(p->method, line.data, begin);
	p->method[begin] = '\0';
	p->request.method = p->method;
	for (end = line.len; line.data[end - 1] != ' '; end--)
		;
	for (mark = begin + 1; mark < end - 1 && line.data[mark] != '?'; mark++)
		;
	p->request.path = (struct str){ line.data + begin + 1, mark - begin - 1 };
	p->request.query =
	    mark < end - 1 ? (struct str){ line.data + mark + 1, end - 1 - mark - 1 } : STR("");
}

static void parse_request(struct parsed *p, struct str text)
{
	struct http_header *last = NULL;
	struct str line;
	const char *colon;

	memset(p, 0, sizeof(*p));
	parse_first(p, take_line(&text));
	while (text.len != 0) {
		line = take_line(&text);
		if (line.len == 0)
			break;
		if (line.data[0] == ' ' && last != NULL) { /* folded */
			last->value.len = (size_t)(line.data + line.len - last->value.data);
			continue;
		}
		colon = memchr(line.data, ':', line.len);
		assert_non_null(colon);
		last = &p->headers[p->request.n_headers++];
		last->name = (struct str){ line.data, (size_t)(colon - line.data) };
		last->value = (struct str){ colon + 1, line.len - last->name.len - 1 };
	}
	p->request.headers = p->headers;
	p->request.body = text;
}

static bool same(const char *name, const char *stage, struct str got)
{
	struct arena arena = ARENA_INIT;
	struct secret want = SECRET_INIT(0);
	bool equal;

	equal =
	    conformance_read(arena_printf(&arena, SUITE "%s/header-%s.txt", name, stage), &want) &&
	    str_equal(secret_str(&want), got);
	if (!equal)
		printf("conformance: sigv4: %s: %s differs:\n%.*s\n", name, stage, STR_ARG(got));
	secret_release(&want);
	arena_release(&arena);
	return equal;
}

static bool run_case(const char *name)
{
	struct arena arena = ARENA_INIT;
	struct answer *context =
	    conformance_json(arena_printf(&arena, SUITE "%s/context.json", name));
	const struct answer_value *root = answer_root(context);
	const struct answer_value *keys = answer_member(root, "credentials");
	struct sigv4_scope scope = { .region = json_text(root, "region"),
				     .service = json_text(root, "service"),
				     .keep_path = !json_true(root, "normalize"),
				     .content_digest = json_true(root, "sign_body"),
				     .token_unsigned = json_true(root, "omit_session_token") };
	struct sigv4_keys key = { json_text(keys, "access_key_id"),
				  json_text(keys, "secret_access_key"), json_text(keys, "token") };
	struct secret text = SECRET_INIT(0);
	struct sigv4 signed_as;
	struct parsed parsed;
	struct err err = { 0 };
	bool ok;

	assert_non_null(context);
	assert_true(when_parse_iso(json_text(root, "timestamp"), &scope.now));
	assert_true(conformance_read(arena_printf(&arena, SUITE "%s/request.txt", name), &text));
	parse_request(&parsed, secret_str(&text));
	assert_int_equal(sigv4_sign(&parsed.request, &key, &scope, &signed_as, &err), 0);
	ok = same(name, "canonical-request", secret_str(&signed_as.canonical)) &&
	     same(name, "string-to-sign", secret_str(&signed_as.to_sign)) &&
	     same(name, "signature", str_of(signed_as.signature));
	/* and the header as a whole */
	secret_release(&text);
	assert_true(conformance_read(
	    arena_printf(&arena, SUITE "%s/header-signed-request.txt", name), &text));
	ok = ok && strstr(text.data, signed_as.authorization.data) != NULL;
	sigv4_release(&signed_as);
	secret_release(&text);
	answer_free(context);
	arena_release(&arena);
	return ok;
}

static void suite(void **state)
{
	DIR *folder = opendir(CONFORMANCE SUITE);
	const struct dirent *d;
	size_t n = 0, ok = 0;

	(void)state;
	if (folder == NULL) {
		printf("conformance: sigv4: skipped, there is no %s\n", CONFORMANCE SUITE);
		skip();
	}
	while ((d = readdir(folder)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		n++;
		ok += run_case(d->d_name);
	}
	closedir(folder);
	printf("conformance: sigv4 %zu of %zu\n", ok, n);
	assert_int_equal(n, 38);
	assert_int_equal(ok, n);
}

/* ---- our own --------------------------------------------------------------- */

static const struct sigv4_keys example_keys = { STR("AKIDEXAMPLE"),
						STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
						STR("") };

static void paths(void **state)
{
	static const struct {
		struct str path;
		bool once, keep;
		const char *want;
	} cases[] = {
		/* an ARN in a path is encoded, and for the signature once more */
		{ STR("/tags/arn%3Aaws%3Aivs"), false, false, "/tags/arn%253Aaws%253Aivs" },
		{ STR("/a%20b/../c"), true, true, "/a%20b/../c" },
		{ STR("/a/../../b"), false, false, "/b" },
		{ STR("/../.."), false, false, "/" },
		{ STR(""), false, false, "/" },
		{ STR("/a/b/.."), false, false, "/a/" },
		{ STR("/a~b-c_d.e"), false, false, "/a~b-c_d.e" },
	};
	struct http_header host = { STR("Host"), STR("ivs.us-east-1.amazonaws.com") };
	struct sigv4 out;
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sigv4_request request = { "GET", cases[i].path, STR(""), &host, 1, STR("") };
		struct sigv4_scope scope = { STR("us-east-1"), STR("ivs"),
					     .keep_path = cases[i].keep,
					     .encode_once = cases[i].once };
		struct str line;

		assert_int_equal(sigv4_sign(&request, &example_keys, &scope, &out, &err), 0);
		line = secret_str(&out.canonical);
		take_line(&line);
		line = take_line(&line);
		assert_true(str_is(line, cases[i].want));
		sigv4_release(&out);
	}
}

static void unsigned_headers(void **state)
{
	struct http_header headers[] = {
		{ STR("Host"), STR("ivs.us-east-1.amazonaws.com") },
		{ STR("User-Agent"), STR("ivslint/1") },
		{ STR("Authorization"), STR("an older one") },
		{ STR("X-Amzn-Trace-Id"), STR("Root=1") },
	};
	struct sigv4_request request = { "GET", STR("/"), STR(""), headers, 4, STR("") };
	struct sigv4_scope scope = { .region = STR("us-east-1"), .service = STR("ivs") };
	struct sigv4 out;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(sigv4_sign(&request, &example_keys, &scope, &out, &err), 0);
	assert_non_null(strstr(out.authorization.data, "SignedHeaders=host;x-amz-date,"));
	sigv4_release(&out);
}

static void refused(void **state)
{
	static const struct sigv4_keys keys[] = {
		{ STR(""), STR("secret"), STR("") },
		{ STR("AKID"), STR(""), STR("") },
		{ STR("AKID\r\nX: y"), STR("secret"), STR("") },
		{ STR("AKID"), STR("secret"), STR("token\nX: y") },
	};
	static struct http_header many[LIMIT_HEADERS + 1];
	struct sigv4_request request = { "GET", STR("/"), STR(""), many, 1, STR("") };
	struct sigv4_scope scope = { .region = STR("us-east-1"), .service = STR("ivs") };
	struct secret query = SECRET_INIT(0);
	struct sigv4 out;
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < LIMIT_HEADERS + 1; i++)
		many[i] = (struct http_header){ STR("a"), STR("b") };
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_int_equal(sigv4_sign(&request, &keys[i], &scope, &out, &err), -1);
		assert_null(strstr(err.text, "AKID"));
		assert_null(out.canonical.data);
	}
	request.n_headers = LIMIT_HEADERS + 1;
	assert_int_equal(sigv4_sign(&request, &example_keys, &scope, &out, &err), -1);
	request.n_headers = 1;
	for (i = 0; i < LIMIT_QUERY_PARAMS; i++)
		secret_puts(&query, "a=b&");
	request.query = secret_str(&query);
	assert_int_equal(sigv4_sign(&request, &example_keys, &scope, &out, &err), 0);
	sigv4_release(&out);
	secret_puts(&query, "a=b&");
	request.query = secret_str(&query);
	assert_int_equal(sigv4_sign(&request, &example_keys, &scope, &out, &err), -1);
	secret_release(&query);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(suite),
		cmocka_unit_test(paths),
		cmocka_unit_test(unsigned_headers),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
