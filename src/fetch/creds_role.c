/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles: STS's query protocol, and the code of a second factor. Does not know
 * which profile or option asked for the role.
 */
#include "fetch/creds.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "fetch/creds_inside.h"
#include "fetch/url.h"
#include "fetch/when.h"
#include "fetch/xml.h"

void creds_form(struct secret *form, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	secret_puts(form, "&");
	secret_puts(form, name);
	secret_puts(form, "=");
	url_put_encoded(form, value, false);
}

void creds_form_session(const struct session *s, struct secret *form, struct str name)
{
	char own[40];

	snprintf(own, sizeof(own), "ivslint-%" PRId64, world_now(s->world));
	creds_form(form, "RoleSessionName", name.len != 0 ? name : str_of(own));
}

/* The text of <ActionResponse><ActionResult>path; empty where it is not there. */
static int element(const struct http_answer *answer, const char *action, const char *path,
		   struct secret *to, struct err *err)
{
	struct arena arena = ARENA_INIT;
	int rc;

	secret_clear(to);
	rc =
	    xml_text(secret_str(&answer->body),
		     arena_printf(&arena, "%sResponse/%sResult/%s", action, action, path), to, err);
	arena_release(&arena);
	return rc == -1 ? -1 : 0;
}

static int read_answer(const struct http_answer *answer, const char *action, struct creds *out,
		       struct err *err)
{
	struct secret text = SECRET_INIT(0);
	int rc = -1;

	if (element(answer, action, "Credentials/AccessKeyId", &out->key_id, err) == -1 ||
	    element(answer, action, "Credentials/SecretAccessKey", &out->key, err) == -1 ||
	    element(answer, action, "Credentials/SessionToken", &out->token, err) == -1 ||
	    element(answer, action, "Credentials/Expiration", &text, err) == -1)
		goto out;
	if (!when_parse_iso(secret_str(&text), &out->expires)) {
		err_set(err, ERR_INPUT, "its Expiration is no time");
		goto out;
	}
	if (element(answer, action, "AssumedRoleUser/Arn", &text, err) == -1)
		goto out;
	creds_set_account_of(out, secret_str(&text));
	/* a role's are temporary: without a token no service would know them */
	rc = out->token.len != 0 ? creds_check(out, err)
				 : err_set(err, ERR_INPUT, "it has no SessionToken");
out:
	if (rc == -1)
		err_wrap(err, "the answer of STS");
	secret_release(&text);
	return rc;
}

int creds_sts(const struct session *s, const char *action, const struct secret *form,
	      struct str secret, const struct creds *keys, struct creds *out, struct err *err)
{
	static const struct http_header headers[] = {
		{ STR("Content-Type"), STR("application/x-www-form-urlencoded; charset=utf-8") },
	};
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct answer_error error;
	struct arena arena = ARENA_INIT;
	struct endpoint endpoint;
	struct exchange x = { .session = s,
			      .whom = "STS",
			      .method = "POST",
			      .headers = headers,
			      .n_headers = 1,
			      .body = secret_str(form),
			      .keys = keys,
			      .endpoint = &endpoint,
			      .xml = true };
	const char *last = strrchr(form->data, '=') + 1;
	int rc = -1;

	if (session_endpoint(s, &endpoint_sts, s->region, &endpoint, err) == -1)
		goto out;
	x.url = str_of(arena_printf(&arena, "%s/", endpoint.url));
	/* as it is, and as it was sent */
	if (secret.len != 0) {
		x.secrets[0] = secret;
		x.secrets[1] = str_of(last);
	}
	if (exchange_run(&x, &answer, &error, err) == 0)
		rc = read_answer(&answer, action, out, err);
out:
	http_answer_release(&answer);
	arena_release(&arena);
	return rc;
}

static int put_code(const struct session *s, struct str serial, struct secret *code,
		    struct secret *form, struct err *err)
{
	struct buf prompt = BUF_INIT(0);
	int rc = -1;

	if (s->world->ask == NULL) {
		err_set(
		    err, ERR_INPUT,
		    "it needs a code of the MFA device '%.*s', and there is no terminal to ask on",
		    STR_ARG(serial));
		goto out;
	}
	/* it goes to a terminal, and comes from a file */
	buf_puts(&prompt, "MFA code for ");
	text_put_visible(&prompt, serial);
	buf_puts(&prompt, ": ");
	if (s->world->ask(s->world->self, prompt.data, code, err) == -1)
		goto out;
	creds_form(form, "SerialNumber", serial);
	creds_form(form, "TokenCode", secret_str(code));
	rc = 0;
out:
	buf_release(&prompt);
	return rc;
}

int creds_assume(const struct session *s, const struct creds *base, const struct creds_role *role,
		 struct creds *out, struct err *err)
{
	struct secret form = SECRET_INIT(0), code = SECRET_INIT(64);
	char seconds[16];
	int rc = -1;

	secret_puts(&form, "Action=AssumeRole&Version=2011-06-15");
	creds_form(&form, "RoleArn", role->arn);
	creds_form_session(s, &form, role->session_name);
	creds_form(&form, "ExternalId", role->external_id);
	snprintf(seconds, sizeof(seconds), "%d", role->duration);
	creds_form(&form, "DurationSeconds", role->duration > 0 ? str_of(seconds) : STR(""));
	if (role->mfa_serial.len != 0 && put_code(s, role->mfa_serial, &code, &form, err) == -1)
		goto out;
	rc = creds_sts(s, "AssumeRole", &form, secret_str(&code), base, out, err);
	if (rc == 0)
		creds_name(out, "the role %.*s", STR_ARG(role->arn));
out:
	if (rc == -1)
		err_wrap(err, "the role '%.*s' with credentials from %s", STR_ARG(role->arn),
			 base->source);
	secret_release(&form);
	secret_release(&code);
	return rc;
}
