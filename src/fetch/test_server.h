/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server on loopback for tests: a thread a connection, and answers that a
 * function of the test makes, faults among them. Header for tests alone.
 */
#ifndef FETCH_TEST_SERVER_H
#define FETCH_TEST_SERVER_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

enum reply_how {
	REPLY_WHOLE,
	REPLY_CUT,  /* half of the body that was announced, then the end */
	REPLY_DROP, /* the end, without an answer */
	REPLY_HANG, /* nothing until the other side goes */
	REPLY_DRIP, /* a byte each 20 ms */
	REPLY_RAW,  /* the body is all that is sent, then the end */
};

struct test_request {
	const char *line;    /* "POST /x HTTP/1.1" */
	const char *headers; /* lines ended by \r\n */
	const char *body;
	int number, connection; /* from 1 on */
	int at_once;            /* requests being answered, this one too */
};

struct test_reply {
	enum reply_how how;
	int status;          /* 0: 200 */
	const char *headers; /* more lines, each ended by \r\n; may be NULL */
	struct buf body;
	int delay_ms;
};

struct test_server {
	int fd, port;
	void (*answer)(void *to, const struct test_request *request, struct test_reply *reply);
	void *to;
	pthread_mutex_t lock; /* held while answer runs */
	pthread_t thread;
	int n_requests, n_connections, n_at_once, n_ended, fds[256];
	bool over;
};

struct test_connection {
	struct test_server *server;
	int fd, number;
};

static inline void test_sleep_ms(int ms)
{
	struct timespec moment = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&moment, NULL);
}

static inline bool test_send(int fd, const char *bytes, size_t len)
{
	ssize_t put;

	for (; len != 0; bytes += put, len -= (size_t)put) {
		put = send(fd, bytes, len, MSG_NOSIGNAL);
		if (put <= 0)
			return false;
	}
	return true;
}

/* True when the connection goes on. */
static inline bool test_reply_send(int fd, const struct test_reply *reply)
{
	struct buf head = BUF_INIT(0);
	struct str body = buf_str(&reply->body);
	bool rc = true;
	size_t i;
	char c;

	if (reply->delay_ms != 0)
		test_sleep_ms(reply->delay_ms);
	buf_printf(&head, "HTTP/1.1 %d Some\r\nContent-Length: %zu\r\n%s\r\n",
		   reply->status != 0 ? reply->status : 200, body.len,
		   reply->headers != NULL ? reply->headers : "");
	switch (reply->how) {
	case REPLY_WHOLE:
		buf_put_str(&head, body);
		rc = test_send(fd, head.data, head.len);
		break;
	case REPLY_CUT:
		(void)test_send(fd, head.data, head.len);
		(void)test_send(fd, body.data, body.len / 2);
		rc = false;
		break;
	case REPLY_RAW:
		(void)test_send(fd, body.data, body.len);
		rc = false;
		break;
	case REPLY_HANG:
		(void)!recv(fd, &c, 1, 0);
		rc = false;
		break;
	case REPLY_DRIP:
		for (i = 0; rc && i < head.len; i++) {
			rc = test_send(fd, head.data + i, 1);
			test_sleep_ms(20);
		}
		break;
	case REPLY_DROP:
		rc = false;
		break;
	}
	buf_release(&head);
	return rc;
}

/* One request into `b`: false at the end. The body begins at *body. */
static inline bool test_request_read(int fd, struct buf *b, size_t *body)
{
	const char *end, *length;
	size_t want = 0;
	char piece[4096];
	ssize_t got;

	buf_clear(b);
	for (;;) {
		end = b->len != 0 ? strstr(b->data, "\r\n\r\n") : NULL;
		if (end != NULL) {
			length = strstr(b->data, "Content-Length:");
			want = length != NULL && length < end ? strtoul(length + 15, NULL, 10) : 0;
			*body = (size_t)(end - b->data) + 4;
			if (b->len >= *body + want)
				return true;
		}
		got = recv(fd, piece, sizeof(piece), 0);
		if (got <= 0)
			return false;
		buf_put(b, piece, (size_t)got);
	}
}

static inline bool test_serve_one(struct test_connection *c, struct buf *b)
{
	struct test_server *s = c->server;
	struct test_request request = { .connection = c->number };
	struct test_reply reply = { .how = REPLY_WHOLE };
	size_t body;
	char *end;
	bool rc;

	if (!test_request_read(c->fd, b, &body))
		return false;
	request.line = b->data;
	request.body = b->data + body;
	b->data[body - 2] = '\0';
	end = strstr(b->data, "\r\n");
	*end = '\0';
	request.headers = end + 2;
	pthread_mutex_lock(&s->lock);
	request.number = ++s->n_requests;
	request.at_once = ++s->n_at_once;
	s->answer(s->to, &request, &reply);
	pthread_mutex_unlock(&s->lock);
	rc = test_reply_send(c->fd, &reply);
	pthread_mutex_lock(&s->lock);
	s->n_at_once--;
	pthread_mutex_unlock(&s->lock);
	buf_release(&reply.body);
	return rc;
}

static inline void *test_serve(void *to)
{
	struct test_connection *c = to;
	struct test_server *s = c->server;
	struct buf b = BUF_INIT(0);

	while (test_serve_one(c, &b))
		;
	buf_release(&b);
	pthread_mutex_lock(&s->lock);
	close(c->fd);
	s->fds[c->number - 1] = -1;
	s->n_ended++;
	pthread_mutex_unlock(&s->lock);
	free(c);
	return NULL;
}

static inline void *test_accept(void *to)
{
	struct test_server *s = to;
	struct test_connection *c;
	pthread_t thread;
	int fd;

	while ((fd = accept(s->fd, NULL, NULL)) != -1) {
		pthread_mutex_lock(&s->lock);
		if (s->over || s->n_connections == 256) {
			close(fd);
			pthread_mutex_unlock(&s->lock);
			break;
		}
		c = malloc(sizeof(*c));
		*c = (struct test_connection){ s, fd, ++s->n_connections };
		s->fds[c->number - 1] = fd;
		pthread_mutex_unlock(&s->lock);
		pthread_create(&thread, NULL, test_serve, c);
		pthread_detach(thread);
	}
	return NULL;
}

static inline void test_server_start(struct test_server *s,
				     void (*answer)(void *to, const struct test_request *request,
						    struct test_reply *reply),
				     void *to)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);

	*s = (struct test_server){ .answer = answer, .to = to };
	pthread_mutex_init(&s->lock, NULL);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (s->fd == -1 || bind(s->fd, (struct sockaddr *)&address, size) == -1 ||
	    listen(s->fd, 128) == -1 ||
	    getsockname(s->fd, (struct sockaddr *)&address, &size) == -1)
		abort();
	s->port = ntohs(address.sin_port);
	pthread_create(&s->thread, NULL, test_accept, s);
}

/* Ends all connections, and waits for their threads. */
static inline void test_server_stop(struct test_server *s)
{
	int i, left;

	pthread_mutex_lock(&s->lock);
	s->over = true;
	pthread_mutex_unlock(&s->lock);
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
	do {
		pthread_mutex_lock(&s->lock);
		for (i = 0; i < s->n_connections; i++)
			if (s->fds[i] != -1)
				shutdown(s->fds[i], SHUT_RDWR);
		left = s->n_connections - s->n_ended;
		pthread_mutex_unlock(&s->lock);
		if (left != 0)
			test_sleep_ms(1);
	} while (left != 0);
	pthread_mutex_destroy(&s->lock);
}

#endif
