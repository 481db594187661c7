/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One HTTP exchange, as those see it who need an answer and not a network:
 * credentials, above all. The program puts curl behind it, tests put a table
 * there. Nothing is retried, signed or followed below this line.
 */
#ifndef FETCH_TRANSPORT_H
#define FETCH_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limit.h"
#include "base/str.h"
#include "fetch/secret.h"

struct http_header {
	struct str name, value;
};

struct http_request {
	const char *method; /* GET, PUT, POST */
	struct str url;
	const struct http_header *headers; /* all of them, Host too: what is signed is sent */
	size_t n_headers;
	struct str body;
	int64_t connect_ms;  /* most milliseconds until the connection stands */
	int64_t deadline_ms; /* most milliseconds for the whole exchange */
	size_t answer_limit; /* most bytes of a body */
	bool direct;         /* never through a proxy: an address of this machine or its link */
};

/* How an exchange ended. ANSWERED says nothing about the status. */
enum transport_end {
	TRANSPORT_ANSWERED,
	TRANSPORT_NO_HOST,       /* the name has no address */
	TRANSPORT_NO_CONNECTION, /* refused, unreachable, closed before an answer */
	TRANSPORT_TIMEOUT,       /* a deadline passed */
	TRANSPORT_TLS,           /* the certificate or the handshake */
	TRANSPORT_CUT,           /* the answer is not whole, or not HTTP */
	TRANSPORT_TOO_LARGE,     /* the answer passes its ceiling */
	TRANSPORT_REFUSED,       /* the request is none that may be made */
	TRANSPORT_STOPPED,       /* the program is to end */
};

struct http_answer {
	enum transport_end end;
	int status;            /* where it was answered */
	struct secret headers; /* "name: value" lines, each ended by a newline */
	struct secret body;
	char detail[160]; /* in words, where it was not answered; may be empty */
};

#define HTTP_ANSWER_INIT ((struct http_answer){ .headers.limit = LIMIT_HEADERS_SIZE })

/* Makes the exchange and waits for its end. The answer is empty when it comes. */
struct transport {
	void (*send)(void *self, const struct http_request *request, struct http_answer *answer);
	void *self;
};

void http_answer_release(struct http_answer *answer);
/* The value of the first header of this name, whatever its case; false when there
 * is none. Borrowed. */
bool http_answer_header(const struct http_answer *answer, const char *name, struct str *value);
/* "the connection timed out" and so on. */
const char *transport_end_text(enum transport_end end);

#endif
