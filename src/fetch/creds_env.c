/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials in environment variables. Knows their names.
 */
#include "fetch/creds.h"

#include "fetch/creds_inside.h"
#include "fetch/when.h"

int creds_env(const struct session *s, struct creds *out, struct err *err)
{
	const char *id = world_env(s->world, "AWS_ACCESS_KEY_ID");
	const char *key = world_env(s->world, "AWS_SECRET_ACCESS_KEY");
	const char *token = world_env(s->world, "AWS_SESSION_TOKEN");
	const char *expires = world_env(s->world, "AWS_CREDENTIAL_EXPIRATION");
	const char *account = world_env(s->world, "AWS_ACCOUNT_ID");

	if (id == NULL) {
		err_set(err, ERR_INPUT, "AWS_ACCESS_KEY_ID is not set");
		return CREDS_NOTHING;
	}
	if (key == NULL)
		return err_set(err, ERR_INPUT,
			       "AWS_ACCESS_KEY_ID is set, but not AWS_SECRET_ACCESS_KEY");
	if (token == NULL)
		token = world_env(s->world, "AWS_SECURITY_TOKEN");
	secret_set(&out->key_id, str_of(id));
	secret_set(&out->key, str_of(key));
	if (token != NULL)
		secret_set(&out->token, str_of(token));
	if (account != NULL)
		creds_set_account(out, str_of(account));
	if (expires != NULL && !when_parse_iso(str_of(expires), &out->expires))
		return err_set(err, ERR_INPUT, "AWS_CREDENTIAL_EXPIRATION is no time");
	if (out->expires <= world_now(s->world))
		return err_set(err, ERR_INPUT,
			       "they have expired, as AWS_CREDENTIAL_EXPIRATION says");
	creds_name(out, "environment");
	return creds_check(out, err) == 0 ? CREDS_FOUND : CREDS_FAILED;
}
