/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP against a server on loopback: what is sent, byte for byte; each way in
 * which an answer can fail; what is never asked; proxies.
 */
#include "fetch/test_http.h"

/* ---- what is sent ---------------------------------------------------------- */

static void sent(void **state)
{
	struct http_header headers[] = {
		{ STR("Host"), STR("ivs.example") },
		{ STR("X-Empty"), STR("") },
		{ STR("Authorization"), STR("AWS4 x") },
	};
	struct record r = { .body = "hello", .reply = { .headers = "X-A: 1\r\nx-b:2\r\n" } };
	struct http *h = open_http(1);
	struct http_answer answer;
	struct test_server server;
	struct str value;
	char url[100];

	(void)state;
	test_server_start(&server, record, &r);
	send_with(
	    h,
	    (struct http_request){ .method = "POST",
				   .url = url_of(url, sizeof(url), server.port, "/a/../b%2F?x=%20"),
				   .headers = headers,
				   .n_headers = N(headers),
				   .body = STR("{}") },
	    &answer);
	assert_int_equal(answer.end, TRANSPORT_ANSWERED);
	assert_int_equal(answer.status, 200);
	assert_true(str_is(secret_str(&answer.body), "hello"));
	assert_true(http_answer_header(&answer, "x-a", &value) && str_is(value, "1"));
	assert_true(http_answer_header(&answer, "X-B", &value) && str_is(value, "2"));
	http_answer_release(&answer);
	send_with(h,
		  (struct http_request){ .url = url_of(url, sizeof(url), server.port, "/"),
					 .headers = headers,
					 .n_headers = 1 },
		  &answer);
	http_answer_release(&answer);
	send_with(h,
		  (struct http_request){ .method = "PUT",
					 .url = url_of(url, sizeof(url), server.port, "/t"),
					 .headers = headers,
					 .n_headers = 1 },
		  &answer);
	http_answer_release(&answer);
	http_free(h);
	test_server_stop(&server);
	/* nothing of libcurl's own, the path as it is, and one connection for all */
	assert_string_equal(r.text, "[1] POST /a/../b%2F?x=%20 HTTP/1.1\n"
				    "Host: ivs.example\r\nX-Empty:\r\nAuthorization: AWS4 x\r\n"
				    "Content-Length: 2\r\n\n{}\n"
				    "[1] GET / HTTP/1.1\nHost: ivs.example\r\n\n\n"
				    "[1] PUT /t HTTP/1.1\nHost: ivs.example\r\n"
				    "Content-Length: 0\r\n\n\n");
}

/* ---- what comes back ------------------------------------------------------- */

static void ends(void **state)
{
	static char many[70000];
	static const struct {
		struct test_reply reply;
		const char *body;
		enum transport_end want;
		int status;
	} cases[] = {
		{ { .status = 302, .headers = "Location: http://127.0.0.1:1/\r\n" },
		  "",
		  TRANSPORT_ANSWERED,
		  302 },
		{ { .status = 500 }, "x", TRANSPORT_ANSWERED, 500 },
		{ { .how = REPLY_RAW },
		  "HTTP/1.1 103 Hints\r\nX-A: 0\r\n\r\nHTTP/1.1 200 OK\r\nX-B: "
		  "1\r\nContent-Length: 0\r\n\r\n",
		  TRANSPORT_ANSWERED,
		  200 },
		{ { .how = REPLY_CUT }, "half of it", TRANSPORT_CUT, 0 },
		{ { .how = REPLY_DROP }, "", TRANSPORT_NO_CONNECTION, 0 },
		{ { .how = REPLY_RAW }, "garbage\r\n\r\n", TRANSPORT_CUT, 0 },
		{ { .how = REPLY_RAW },
		  "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n",
		  TRANSPORT_CUT,
		  0 },
		{ { .how = REPLY_RAW },
		  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		  TRANSPORT_CUT,
		  0 },
		{ { .how = REPLY_HANG }, "", TRANSPORT_TIMEOUT, 0 },
		{ { .how = REPLY_DRIP }, "", TRANSPORT_TIMEOUT, 0 },
		{ { .headers = many }, "", TRANSPORT_TOO_LARGE, 0 },
		{ { 0 }, many, TRANSPORT_TOO_LARGE, 0 },
	};
	struct http *h = open_http(1);
	struct http_answer answer;
	struct str value;
	char url[100];
	size_t i;

	(void)state;
	memset(many, 'a', sizeof(many) - 3);
	memcpy(many, "X: ", 3);
	memcpy(many + sizeof(many) - 3, "\r\n", 2);
	for (i = 0; i < N(cases); i++) {
		struct record r = { .reply = cases[i].reply, .body = cases[i].body };
		struct test_server server;

		test_server_start(&server, record, &r);
		send_with(h,
			  (struct http_request){ .url = url_of(url, sizeof(url), server.port, "/"),
						 .deadline_ms = 300 },
			  &answer);
		if (answer.end != cases[i].want || answer.status != cases[i].status)
			fail_msg("case %zu: %s, status %d: %s", i, transport_end_text(answer.end),
				 answer.status, answer.detail);
		assert_int_equal(answer.detail[0] != '\0', answer.end != TRANSPORT_ANSWERED &&
							       answer.end != TRANSPORT_TOO_LARGE);
		/* of interim answers nothing stays */
		assert_false(http_answer_header(&answer, "x-a", &value));
		http_answer_release(&answer);
		test_server_stop(&server);
	}
	http_free(h);
}

static void never_asked(void **state)
{
	static const char *const urls[] = {
		"http://192.0.2.1/",       "http://ivs.us-west-2.amazonaws.com/",
		"ftp://127.0.0.1/",        "file:///etc/passwd",
		"https://user@127.0.0.1/", "",
	};
	struct http_header header = { STR("X"), STR("a\r\nY: b") };
	struct http *h = open_http(1);
	struct http_answer answer;
	size_t i;

	(void)state;
	for (i = 0; i < N(urls); i++) {
		send_with(h, (struct http_request){ .url = str_of(urls[i]) }, &answer);
		assert_int_equal(answer.end, TRANSPORT_REFUSED);
		http_answer_release(&answer);
	}
	send_with(h,
		  (struct http_request){
		      .url = STR("http://127.0.0.1:9/"), .headers = &header, .n_headers = 1 },
		  &answer);
	assert_int_equal(answer.end, TRANSPORT_REFUSED);
	http_answer_release(&answer);
	http_free(h);
}

static void no_connection(void **state)
{
	struct record r = { 0 };
	struct http *h = open_http(1);
	struct http_answer answer;
	struct test_server server;
	char url[100];

	(void)state;
	test_server_start(&server, record, &r);
	/* plain where TLS is wanted */
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/", server.port);
	send_with(h, (struct http_request){ .url = str_of(url), .deadline_ms = 1000 }, &answer);
	assert_true(answer.end == TRANSPORT_NO_CONNECTION || answer.end == TRANSPORT_TIMEOUT);
	assert_string_equal(r.text, "");
	http_answer_release(&answer);
	test_server_stop(&server);
	url_of(url, sizeof(url), server.port, "/");
	send_with(h, (struct http_request){ .url = str_of(url) }, &answer);
	assert_int_equal(answer.end, TRANSPORT_NO_CONNECTION);
	http_answer_release(&answer);
	http_free(h);
}

/* ---- proxies --------------------------------------------------------------- */

static void proxies(void **state)
{
	struct record r = { 0 }, p = { 0 };
	struct test_server server, proxy;
	char here[100], url[100], no[] = "NO_PROXY=127.0.0.1";
	const char *environment[3] = { here };
	struct world with = { .environment = environment };
	struct http_options options = {
		.world = &with, .most = 1, .most_per_host = 1, .stop_fd = -1
	};
	struct http_answer answer;
	struct http *h;
	size_t i;

	(void)state;
	test_server_start(&server, record, &r);
	test_server_start(&proxy, record, &p);
	for (i = 0; i < 6; i++) {
		r.text[0] = p.text[0] = '\0';
		snprintf(here, sizeof(here), "%s=http://%s:%d",
			 i == 4 ? "HTTPS_PROXY" : "HTTP_PROXY", i == 3 ? "192.0.2.1" : "127.0.0.1",
			 proxy.port);
		environment[1] = i == 2 ? no : NULL;
		h = http_new(&options);
		if (i == 4)
			snprintf(url, sizeof(url), "https://ivs.example/");
		else
			url_of(url, sizeof(url), server.port, "/x");
		p.reply.status = i == 4 ? 407 : 200;
		send_with(h,
			  (struct http_request){ .url = str_of(url), .direct = i == 1 || i == 5 },
			  &answer);
		if (i == 4) {
			/* the proxy is asked for a way, and told nothing else */
			assert_int_equal(answer.end, TRANSPORT_NO_CONNECTION);
			assert_non_null(strstr(p.text, "CONNECT ivs.example:443 HTTP/1.1"));
			assert_null(strstr(p.text, "x-secret"));
		} else {
			assert_int_equal(answer.end, TRANSPORT_ANSWERED);
			assert_int_equal(p.text[0] != '\0', i == 0);
			assert_int_equal(r.text[0] != '\0', i != 0);
		}
		http_answer_release(&answer);
		http_free(h);
	}
	/* what this process's environment says is not asked */
	setenv("http_proxy", here + sizeof("HTTP_PROXY=") - 1, 1);
	setenv("all_proxy", here + sizeof("HTTP_PROXY=") - 1, 1);
	p.text[0] = '\0';
	h = open_http(1);
	send_with(h, (struct http_request){ .url = url_of(url, sizeof(url), server.port, "/") },
		  &answer);
	assert_int_equal(answer.end, TRANSPORT_ANSWERED);
	assert_string_equal(p.text, "");
	http_answer_release(&answer);
	http_free(h);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	test_server_stop(&server);
	test_server_stop(&proxy);
}

/* Nothing of a user and a password is in a message, whatever is wrong with the rest. */
static void proxy_secrets(void **state)
{
	static const char *const proxies[] = {
		"foo://HUSH:HUSH@127.0.0.1:1",
		"http://HUSH:HUSH@[::1",
		"http://HU SH:HUSH@127.0.0.1:0",
		"HUSH:HUSH@127.0.0.1:99999",
		"socks5://HUSH:HU/SH@127.0.0.1:1",
		"HUSH:HUSH@",
		"http://HUSH:HU@SH@",
	};
	char variable[100];
	const char *environment[] = { variable, NULL };
	struct world with = { .environment = environment };
	struct http_options options = {
		.world = &with, .most = 1, .most_per_host = 1, .stop_fd = -1
	};
	struct http_answer answer;
	struct http *h;
	size_t i;

	(void)state;
	for (i = 0; i < N(proxies); i++) {
		snprintf(variable, sizeof(variable), "HTTPS_PROXY=%s", proxies[i]);
		h = http_new(&options);
		/* where it is asked without one it is refused too: nobody listens */
		send_with(h, (struct http_request){ .url = STR("https://127.0.0.1:1/") }, &answer);
		assert_int_not_equal(answer.end, TRANSPORT_ANSWERED);
		assert_int_not_equal(answer.detail[0], '\0');
		assert_null(strstr(answer.detail, "HU"));
		assert_null(strstr(answer.detail, "SH"));
		http_answer_release(&answer);
		http_free(h);
	}
}

/* ---- stopping -------------------------------------------------------------- */

static atomic_int stop;
static int stop_pipe[2];

static void stop_it(void *to, const struct test_request *request, struct test_reply *reply)
{
	(void)to;
	(void)request;
	reply->how = REPLY_HANG;
	atomic_store(&stop, 2);
	assert_int_equal(write(stop_pipe[1], "", 1), 1);
}

static void stopped(void **state)
{
	struct http_options options = {
		.world = &world, .most = 1, .most_per_host = 1, .stop = &stop
	};
	struct http_answer answer;
	struct test_server server;
	struct http *h;
	char url[100];

	(void)state;
	assert_int_equal(pipe(stop_pipe), 0);
	options.stop_fd = stop_pipe[0];
	h = http_new(&options);
	test_server_start(&server, stop_it, NULL);
	send_with(h,
		  (struct http_request){ .url = url_of(url, sizeof(url), server.port, "/"),
					 .deadline_ms = 60000 },
		  &answer);
	assert_int_equal(answer.end, TRANSPORT_STOPPED);
	http_answer_release(&answer);
	/* nor is anything begun */
	send_with(h, (struct http_request){ .url = str_of(url) }, &answer);
	assert_int_equal(answer.end, TRANSPORT_STOPPED);
	http_answer_release(&answer);
	http_free(h);
	test_server_stop(&server);
	atomic_store(&stop, 0);
	close(stop_pipe[0]);
	close(stop_pipe[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sent),        cmocka_unit_test(ends),
		cmocka_unit_test(never_asked), cmocka_unit_test(no_connection),
		cmocka_unit_test(proxies),     cmocka_unit_test(proxy_secrets),
		cmocka_unit_test(stopped),
	};
	struct err err;

	if (http_start_library(&err) == -1)
		return 1;
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
