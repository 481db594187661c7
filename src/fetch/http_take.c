/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An answer as it comes, piece by piece. Knows its ceilings; does not know who
 * hands it over.
 */
#include "fetch/http_inside.h"

#include <string.h>

size_t http_take_header(char *line, size_t size, size_t n, void *to)
{
	struct http_slot *s = to;
	size_t len = size * n, put = len;

	/* an interim answer (1xx) is followed by the one that counts */
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		secret_clear(&s->answer.headers);
		return len;
	}
	while (put != 0 && (line[put - 1] == '\r' || line[put - 1] == '\n'))
		put--;
	if (put == 0)
		return len;
	secret_put(&s->answer.headers, line, put);
	secret_put(&s->answer.headers, "\n", 1);
	s->too_large = s->too_large || s->answer.headers.failed;
	return s->too_large ? 0 : len;
}

size_t http_take_body(char *bytes, size_t size, size_t n, void *to)
{
	struct http_slot *s = to;
	size_t len = size * n;

	if (len > s->answer_limit - s->answer.body.len) {
		s->too_large = true;
		return 0;
	}
	secret_put(&s->answer.body, bytes, len);
	return len;
}
