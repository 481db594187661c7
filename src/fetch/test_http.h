/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of HTTP share this: requests that are waited for, and a server that
 * writes down what it was asked. Header for tests alone.
 */
#ifndef FETCH_TEST_HTTP_H
#define FETCH_TEST_HTTP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fetch/http.h"
#include "fetch/test_server.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const char *const no_environment[] = { NULL };
static struct world world = { .environment = no_environment };

static inline struct http *open_http(unsigned most)
{
	struct http_options options = {
		.world = &world, .most = most, .most_per_host = most, .stop_fd = -1
	};

	return http_new(&options);
}

static inline struct str url_of(char *text, size_t size, int port, const char *path)
{
	snprintf(text, size, "http://127.0.0.1:%d%s", port, path);
	return str_of(text);
}

static inline void send_with(struct http *h, struct http_request request,
			     struct http_answer *answer)
{
	struct http_client client = { h, NULL };

	*answer = HTTP_ANSWER_INIT;
	if (request.method == NULL)
		request.method = "GET";
	if (request.body.data == NULL)
		request.body = STR("");
	if (request.connect_ms == 0)
		request.connect_ms = 5000;
	if (request.deadline_ms == 0)
		request.deadline_ms = 5000;
	if (request.answer_limit == 0)
		request.answer_limit = 1000;
	http_send(&client, &request, answer);
}

struct record {
	char text[4096]; /* requests one after the other */
	struct test_reply reply;
	const char *body;
};

static inline void record(void *to, const struct test_request *request, struct test_reply *reply)
{
	struct record *r = to;
	size_t len = strlen(r->text);

	snprintf(r->text + len, sizeof(r->text) - len, "[%d] %s\n%s\n%s\n", request->connection,
		 request->line, request->headers, request->body);
	*reply = r->reply;
	reply->body = BUF_INIT(0);
	buf_puts(&reply->body, r->body != NULL ? r->body : "");
}

#endif
