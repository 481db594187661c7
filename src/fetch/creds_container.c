/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials that a container is given (ECS, EKS Pod Identity): which URL may
 * be asked for them, and its answer.
 */
#include "fetch/creds.h"

#include "base/arena.h"
#include "fetch/creds_inside.h"
#include "fetch/url.h"

#define ECS_HOST    "169.254.170.2"
#define DEADLINE_MS 2000
#define ATTEMPTS    3

static bool is_allowed(const struct url *url)
{
	static const char *const hosts[] = { ECS_HOST, "169.254.170.23", "fd00:ec2::23" };
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (str_is(url->host, hosts[i]))
			return true;
	return url->tls || url_is_loopback(url->host);
}

int creds_container_url(const struct world *world, struct buf *url, struct err *err)
{
	const char *relative = world_env(world, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const char *full = world_env(world, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
	struct url parts;

	if (relative == NULL && full == NULL) {
		err_set(err, ERR_INPUT,
			"no environment variables were set to configure ECS provider");
		return CREDS_NOTHING;
	}
	if (relative != NULL)
		buf_printf(url, "http://" ECS_HOST "%s", relative);
	else
		buf_puts(url, full);
	if (url_parse(buf_str(url), &parts, err) == -1)
		return err_wrap(err, "the URI of the container's credentials");
	if (!is_allowed(&parts))
		return err_set(
		    err, ERR_INPUT,
		    "the URI of the container's credentials is neither https nor loopback "
		    "nor one of " ECS_HOST ", 169.254.170.23 and [fd00:ec2::23]");
	return CREDS_FOUND;
}

/* The file goes before the variable; its token may change, and is read each time. */
static int read_authorization(const struct session *s, struct secret *token, struct err *err)
{
	const char *file = world_env(s->world, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	const char *text = world_env(s->world, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
	struct arena arena = ARENA_INIT;
	int rc = 0;
	size_t i;

	if (file != NULL)
		rc = secret_read_file(token, profile_expand(s->world, str_of(file), &arena), NULL,
				      err);
	else if (text != NULL)
		secret_set(token, str_of(text));
	for (i = 0; rc == 0 && i < token->len; i++)
		if ((unsigned char)token->data[i] < ' ' || token->data[i] == 0x7F)
			rc =
			    err_set(err, ERR_INPUT,
				    "the container's authorization token holds a character that no "
				    "header may hold");
	arena_release(&arena);
	return rc;
}

static int ask(const struct session *s, struct str url, struct str token, struct creds *out,
	       struct err *err)
{
	struct http_header headers[] = {
		{ STR("Accept"), STR("application/json") },
		{ STR("Authorization"), token },
	};
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct answer_error error;
	struct answer *document = NULL;
	struct exchange x = { .session = s,
			      .whom = "the container's credentials service",
			      .method = "GET",
			      .url = url,
			      .headers = headers,
			      .n_headers = token.len != 0 ? 2 : 1,
			      .body = STR(""),
			      .attempts = ATTEMPTS,
			      .connect_ms = DEADLINE_MS,
			      .deadline_ms = DEADLINE_MS,
			      .direct = true };
	int rc = exchange_run(&x, &answer, &error, err);

	if (rc == 0) {
		document = answer_parse(secret_str(&answer.body), err);
		if (document == NULL || creds_read(answer_root(document), "Token", out, err) == -1)
			rc = err_wrap(err, "the answer of %s", x.whom);
	}
	answer_free(document);
	http_answer_release(&answer);
	return rc;
}

int creds_container(const struct session *s, struct creds *out, struct err *err)
{
	struct secret token = SECRET_INIT(LIMIT_CREDENTIALS_SIZE);
	struct buf url = BUF_INIT(LIMIT_URL_SIZE + 64);
	int rc = creds_container_url(s->world, &url, err);

	if (rc == CREDS_FOUND && (read_authorization(s, &token, err) == -1 ||
				  ask(s, buf_str(&url), secret_str(&token), out, err) == -1))
		rc = CREDS_FAILED;
	if (rc == CREDS_FOUND)
		creds_name(out, "the container");
	secret_release(&token);
	buf_release(&url);
	return rc;
}
