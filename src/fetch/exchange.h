/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request that credentials need, until it is answered or given up: signed
 * where it must be, anew at each attempt, and tried again as retry says.
 */
#ifndef FETCH_EXCHANGE_H
#define FETCH_EXCHANGE_H

#include "fetch/answer.h"
#include "fetch/creds.h"
#include "fetch/endpoint.h"
#include "fetch/session.h"
#include "fetch/transport.h"

struct exchange {
	const struct session *session;
	const char *whom; /* in words, for errors: "STS" */
	const char *method;
	struct str url;
	const struct http_header *headers; /* besides Host, User-Agent and what signing adds */
	size_t n_headers;
	struct str body;
	struct str secrets[2]; /* what of the body errors must not say; data NULL for nothing */
	const struct creds *keys;        /* NULL: not signed */
	const struct endpoint *endpoint; /* what it is signed for */
	int attempts;                    /* most; 0 for the session's */
	int64_t connect_ms, deadline_ms; /* 0 for a service's */
	bool direct;                     /* a metadata service: no proxy */
	bool xml;                        /* errors come in XML */
};

/* 0 for an answer with status 200. -1 otherwise: err says what happened; answer and
 * error hold what there was of it. The caller releases the answer in both cases. */
int exchange_run(const struct exchange *x, struct http_answer *answer, struct answer_error *error,
		 struct err *err);

#endif
