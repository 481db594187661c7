/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of HTTP, to be read. Knows header lines; does not know where they
 * came from.
 */
#include "fetch/transport.h"

#include "base/text.h"

void http_answer_release(struct http_answer *answer)
{
	secret_release(&answer->headers);
	secret_release(&answer->body);
	answer->status = 0;
	answer->detail[0] = '\0';
}

static struct str trim(struct str s)
{
	while (s.len != 0 && strchr(" \t\r", s.data[s.len - 1]) != NULL)
		s.len--;
	while (s.len != 0 && (s.data[0] == ' ' || s.data[0] == '\t')) {
		s.data++;
		s.len--;
	}
	return s;
}

bool http_answer_header(const struct http_answer *answer, const char *name, struct str *value)
{
	struct str rest = secret_str(&answer->headers), line;
	const char *end, *colon;

	while (rest.len != 0) {
		end = memchr(rest.data, '\n', rest.len);
		line = (struct str){ rest.data, end ? (size_t)(end - rest.data) : rest.len };
		rest.data += end ? line.len + 1 : line.len;
		rest.len -= end ? line.len + 1 : line.len;
		colon = memchr(line.data, ':', line.len);
		if (colon == NULL ||
		    !text_equal_nocase_ascii((struct str){ line.data, (size_t)(colon - line.data) },
					     str_of(name)))
			continue;
		*value =
		    trim((struct str){ colon + 1, line.len - (size_t)(colon + 1 - line.data) });
		return true;
	}
	return false;
}

const char *transport_end_text(enum transport_end end)
{
	switch (end) {
	case TRANSPORT_ANSWERED:
		return "it answered";
	case TRANSPORT_NO_HOST:
		return "its name has no address";
	case TRANSPORT_NO_CONNECTION:
		return "no connection";
	case TRANSPORT_TIMEOUT:
		return "no answer in time";
	case TRANSPORT_TLS:
		return "TLS failed";
	case TRANSPORT_CUT:
		return "its answer was cut off";
	case TRANSPORT_TOO_LARGE:
		return "its answer is too large";
	case TRANSPORT_REFUSED:
		return "this request may not be made";
	case TRANSPORT_STOPPED:
		return "stopped";
	}
	return "failed";
}
