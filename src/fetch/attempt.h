/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attempt at a request: its headers, with those of retries and of the
 * signature, which is made anew each time.
 */
#ifndef FETCH_ATTEMPT_H
#define FETCH_ATTEMPT_H

#include "fetch/creds.h"
#include "fetch/endpoint.h"
#include "fetch/retry.h"
#include "fetch/sigv4.h"
#include "fetch/transport.h"
#include "fetch/url.h"

#define ATTEMPT_HEADERS 16
#define ATTEMPT_ID_SIZE 37

struct attempt {
	struct http_header headers[ATTEMPT_HEADERS];
	size_t n_headers;
	struct sigv4 signature;
	char sdk[RETRY_HEADER_SIZE];
	char id[ATTEMPT_ID_SIZE]; /* amz-sdk-invocation-id: the same for all attempts */
	int64_t ttl;              /* as retry_header has it */
};

struct attempt_of {
	const char *method;
	const struct url *url;
	const struct http_header *headers; /* besides those that are put here */
	size_t n_headers;
	struct str body;
	const struct retry_call *call;   /* NULL: no headers of retries */
	const struct creds *keys;        /* NULL: not signed */
	const struct endpoint *endpoint; /* what it is signed for */
	int64_t now;                     /* by the server's clock */
};

/* A random UUID. */
void attempt_id(const struct world *world, char id[ATTEMPT_ID_SIZE]);
/* Host, User-Agent, what is given, the rest. They borrow from both structs and the keys. */
int attempt_put(struct attempt *a, const struct attempt_of *of, struct err *err);
/* Wipes the signature. */
void attempt_release(struct attempt *a);

#endif
