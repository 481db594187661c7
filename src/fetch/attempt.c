/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Headers of one attempt. Knows their order and what is signed; does not know
 * what becomes of it.
 */
#include "fetch/attempt.h"

#include <stdio.h>

#include "base/digest.h"

#define USER_AGENT "ivslint/" IVSLINT_VERSION

void attempt_id(const struct world *world, char id[ATTEMPT_ID_SIZE])
{
	unsigned char bytes[16];
	char hex[33];

	world->random(world->self, bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40); /* RFC 9562, version 4 */
	bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
	digest_hex(bytes, sizeof(bytes), hex);
	snprintf(id, ATTEMPT_ID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
		 hex + 20);
}

static void add(struct attempt *a, struct str name, struct str value)
{
	if (a->n_headers < ATTEMPT_HEADERS)
		a->headers[a->n_headers++] = (struct http_header){ name, value };
}

static int put_signature(struct attempt *a, const struct attempt_of *of, struct err *err)
{
	struct sigv4_request request = { .method = of->method,
					 .path = of->url->path,
					 .query = of->url->query,
					 .headers = a->headers,
					 .n_headers = a->n_headers,
					 .body = of->body };
	struct sigv4_keys keys = { secret_str(&of->keys->key_id), secret_str(&of->keys->key),
				   secret_str(&of->keys->token) };
	struct sigv4_scope scope = { .region = str_of(of->endpoint->signing_region),
				     .service = str_of(of->endpoint->signing_name),
				     .now = of->now };

	if (sigv4_sign(&request, &keys, &scope, &a->signature, err) == -1)
		return -1;
	add(a, STR("X-Amz-Date"), str_of(a->signature.date));
	if (keys.token.len != 0)
		add(a, STR("X-Amz-Security-Token"), keys.token);
	add(a, STR("Authorization"), secret_str(&a->signature.authorization));
	return 0;
}

int attempt_put(struct attempt *a, const struct attempt_of *of, struct err *err)
{
	size_t i;

	a->n_headers = 0;
	add(a, STR("Host"), of->url->authority);
	add(a, STR("User-Agent"), STR(USER_AGENT));
	for (i = 0; i < of->n_headers; i++)
		add(a, of->headers[i].name, of->headers[i].value);
	if (of->call != NULL) {
		retry_header(of->call, a->ttl, a->sdk);
		add(a, STR("amz-sdk-invocation-id"), str_of(a->id));
		add(a, STR("amz-sdk-request"), str_of(a->sdk));
	}
	return of->keys != NULL ? put_signature(a, of, err) : 0;
}

void attempt_release(struct attempt *a)
{
	sigv4_release(&a->signature);
}
