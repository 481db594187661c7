/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A web identity token, as Kubernetes and CI give it in a file, for a role. The
 * token is read anew each time, as it is short-lived.
 */
#include "fetch/creds.h"

#include "base/arena.h"
#include "fetch/creds_inside.h"

static int read_token(const struct session *s, struct str file, struct secret *token,
		      struct err *err)
{
	struct arena arena = ARENA_INIT;
	int rc;

	rc = secret_read_file(token, profile_expand(s->world, file, &arena), NULL, err);
	while (rc == 0 && token->len != 0 && strchr(" \t\r\n", token->data[token->len - 1]) != NULL)
		token->len--;
	if (rc == 0 && token->len == 0)
		rc = err_set(err, ERR_INPUT, "the token file '%.*s' is empty", STR_ARG(file));
	arena_release(&arena);
	return rc;
}

int creds_web_role(const struct session *s, struct str token_file, struct str role_arn,
		   struct str session_name, struct creds *out, struct err *err)
{
	struct secret token = SECRET_INIT(LIMIT_CREDENTIALS_SIZE), form = SECRET_INIT(0);
	int rc = -1;

	if (read_token(s, token_file, &token, err) == -1)
		goto out;
	secret_puts(&form, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15");
	creds_form(&form, "RoleArn", role_arn);
	creds_form_session(s, &form, session_name);
	creds_form(&form, "WebIdentityToken", secret_str(&token));
	if (creds_sts(s, "AssumeRoleWithWebIdentity", &form, secret_str(&token), NULL, out, err) ==
	    -1) {
		err_wrap(err, "the role '%.*s' with a web identity", STR_ARG(role_arn));
		goto out;
	}
	creds_name(out, "the role %.*s with a web identity", STR_ARG(role_arn));
	rc = 0;
out:
	secret_release(&token);
	secret_release(&form);
	return rc;
}

int creds_web(const struct session *s, struct creds *out, struct err *err)
{
	const char *file = world_env(s->world, "AWS_WEB_IDENTITY_TOKEN_FILE");
	struct str role, name = STR("");

	if (file == NULL) {
		err_set(err, ERR_INPUT, "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
		return CREDS_NOTHING;
	}
	if (!session_setting(s, "AWS_ROLE_ARN", "role_arn", &role))
		return err_set(err, ERR_INPUT,
			       "AWS_WEB_IDENTITY_TOKEN_FILE is set, but not AWS_ROLE_ARN");
	(void)session_setting(s, "AWS_ROLE_SESSION_NAME", "role_session_name", &name);
	return creds_web_role(s, str_of(file), role, name, out, err) == 0 ? CREDS_FOUND
									  : CREDS_FAILED;
}
