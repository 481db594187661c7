/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of an http or https URL, and which hosts may be spoken to without
 * TLS. Percent signs stay as they are.
 */
#ifndef FETCH_URL_H
#define FETCH_URL_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "fetch/secret.h"

/* Slices of the text that was parsed. */
struct url {
	bool tls;
	struct str host;      /* without the brackets of an IPv6 address */
	struct str authority; /* host and port, as the Host header wants them */
	struct str port;      /* empty where none is named */
	struct str path;      /* "/" where there is none */
	struct str query;     /* without its '?' */
};

/* -1 when the text is no URL that we would ask: user names, fragments, control
 * characters, blanks and non-ASCII bytes are refused. The error does not repeat it. */
int url_parse(struct str text, struct url *url, struct err *err);
/* Loopback: localhost, 127.0.0.0/8, ::1. */
bool url_is_loopback(struct str host);
/* Without TLS only on this machine or its link: loopback, 169.254.0.0/16,
 * fd00:ec2::/32, where the metadata services are. */
bool url_may_be_plain(const struct url *url);
/* Puts the bytes percent-encoded: all but unreserved ones (RFC 3986, 2.3), and '/'
 * where `keep_slashes`. */
void url_put_encoded(struct secret *to, struct str bytes, bool keep_slashes);

#endif
