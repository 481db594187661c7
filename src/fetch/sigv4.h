/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Signature Version 4, in headers: a pure function of request, keys, scope
 * and time. Each stage is kept, so that a test can tell which step is wrong.
 */
#ifndef FETCH_SIGV4_H
#define FETCH_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "fetch/secret.h"
#include "fetch/transport.h"
#include "fetch/when.h"

struct sigv4_request {
	const char *method;
	struct str path;  /* as it is sent */
	struct str query; /* as it is sent, without its '?' */
	/* Host must be among them. What a proxy may change (User-Agent and the like)
	 * is not signed. X-Amz-Date and X-Amz-Security-Token are put by the signer. */
	const struct http_header *headers;
	size_t n_headers;
	struct str body;
};

struct sigv4_keys {
	struct str key_id, key;
	struct str token; /* empty where there is none */
};

struct sigv4_scope {
	struct str region, service;
	int64_t now; /* by the server's clock, as well as it is known */
	/* As S3 wants them; all other services want neither. */
	bool keep_path;      /* the path is not normalised... */
	bool encode_once;    /* ...nor encoded again */
	bool content_digest; /* X-Amz-Content-SHA256 is sent and signed */
	bool token_unsigned; /* the token is sent, but not signed */
};

/* What the caller sends, and the stages on the way there. */
struct sigv4 {
	char date[WHEN_BASIC_SIZE];    /* X-Amz-Date */
	char payload[DIGEST_HEX_SIZE]; /* X-Amz-Content-SHA256 */
	char signature[DIGEST_HEX_SIZE];
	struct secret canonical, to_sign; /* a session token may be in it */
	struct secret authorization;      /* Authorization */
};

/* -1 when the request cannot be signed: a ceiling, or bytes that no header may hold. */
int sigv4_sign(const struct sigv4_request *request, const struct sigv4_keys *keys,
	       const struct sigv4_scope *scope, struct sigv4 *out, struct err *err);
void sigv4_release(struct sigv4 *out);

#endif
