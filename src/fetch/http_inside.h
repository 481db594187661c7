/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the lanes, which know when a request may start, and http.c, which
 * knows libcurl. Not for others: they ask http.h.
 */
#ifndef FETCH_HTTP_INSIDE_H
#define FETCH_HTTP_INSIDE_H

#include "base/arena.h"
#include "fetch/http.h"

#define HTTP_ERROR_SIZE 256 /* libcurl's */

struct curl_slist;

/* A handle and what it is at. Handles are used again, as their connections are. */
struct http_slot {
	void *easy;           /* CURL */
	struct http_job *job; /* NULL: free, or a request that http_send waits for */
	bool flying, finished;
	int code; /* CURLcode */
	struct curl_slist *headers;
	struct http_answer answer;
	size_t answer_limit;
	bool too_large;
	int64_t begun_us;
	char error[HTTP_ERROR_SIZE];
	struct http_slot *next;
};

struct http_host {
	struct str authority;
	unsigned flying;
	struct http_host *next;
};

/* Taken apart, as libcurl says back in its messages the URL that it was given. */
struct http_proxy {
	struct secret url; /* without user and password; empty for no proxy */
	struct secret user, password;
	bool has_user, here; /* on this machine */
};

struct http {
	struct http_options options;
	void *multi; /* CURLM */
	struct http_slot *slots;
	struct http_lane *lanes, *turn; /* whose turn it is to start something */
	size_t n_lanes;
	struct http_host *hosts;
	struct arena arena;
	unsigned flying;
	size_t waiting;
	int64_t silent_us; /* when nobody had answered in time, last; 0 for never */
	struct http_proxy https_proxy, http_proxy;
	const char *no_proxy;
};

/* What the environment says of proxies. */
void http_proxies_read(struct http *h);
void http_proxies_release(struct http *h);
/* The one for a request; NULL for none. */
const struct http_proxy *http_proxy_for(const struct http *h, const struct http_request *r,
					bool tls);
/* For libcurl: a header line, and a piece of the body; `to` is the slot. What they take,
 * or 0 when a ceiling is passed. */
size_t http_take_header(char *line, size_t size, size_t n, void *to);
size_t http_take_body(char *bytes, size_t size, size_t n, void *to);
bool http_stopped(const struct http *h);
/* Begins a request; NULL when it may not be made. `ca_bundle` may be NULL. */
struct http_slot *http_begin(struct http *h, const struct http_request *r, const char *ca_bundle);
/* Drives what is in flight, and marks what ended as finished. */
void http_perform(struct http *h);
/* Takes a slot out of flight; its answer stays, and is that of a stopped one unless it
 * had finished. */
void http_land(struct http *h, struct http_slot *s);
/* Wipes headers and answer. */
void http_slot_clear(struct http_slot *s);
/* Until something happens, a wake, or so many milliseconds. */
void http_wait(struct http *h, int ms);

#endif
