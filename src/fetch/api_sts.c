/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose credentials these are, by STS, which answers anybody. Only where
 * nothing else said so.
 */
#include "fetch/api.h"

#include <stdio.h>

#include "base/arena.h"
#include "fetch/exchange.h"
#include "fetch/xml.h"

/* Who asks IVS somewhere else, and STS not, is not at AWS: nobody there is asked. */
static bool is_elsewhere(const struct session *s)
{
	struct str custom = STR(""), url;
	struct err ignored;

	if (s->options.endpoint_url != NULL)
		custom = str_of(s->options.endpoint_url);
	return session_endpoint_url(s, &endpoint_ivs, custom, &url, &ignored) == 1 &&
	       session_endpoint_url(s, &endpoint_sts, STR(""), &url, &ignored) != 1;
}

int api_sts_account(const struct session *s, const struct creds *keys, char account[13],
		    struct err *err)
{
	static const struct http_header headers[] = {
		{ STR("Content-Type"), STR("application/x-www-form-urlencoded; charset=utf-8") },
	};
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct secret text = SECRET_INIT(64);
	struct arena arena = ARENA_INIT;
	struct answer_error error;
	struct endpoint endpoint;
	struct exchange x = { .session = s,
			      .whom = "STS",
			      .method = "POST",
			      .headers = headers,
			      .n_headers = 1,
			      .body = STR("Action=GetCallerIdentity&Version=2011-06-15"),
			      .keys = keys,
			      .endpoint = &endpoint,
			      .attempts = 2,
			      .xml = true };
	int rc = -1;

	if (is_elsewhere(s))
		return err_set(err, ERR_INPUT,
			       "STS is not asked, as IVS has an endpoint URL and STS has none");
	if (session_endpoint(s, &endpoint_sts, s->region, &endpoint, err) == -1)
		goto out;
	x.url = str_of(arena_printf(&arena, "%s/", endpoint.url));
	if (exchange_run(&x, &answer, &error, err) == -1)
		goto out;
	if (xml_text(secret_str(&answer.body),
		     "GetCallerIdentityResponse/GetCallerIdentityResult/Account", &text,
		     err) != 0 ||
	    text.len != 12 || strspn(text.data, "0123456789") != 12) {
		err_set(err, ERR_INPUT, "the answer of STS names no account");
		goto out;
	}
	snprintf(account, 13, "%s", text.data);
	rc = 0;
out:
	secret_release(&text);
	http_answer_release(&answer);
	arena_release(&arena);
	return rc;
}
