/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IAM Identity Center: the token that `aws sso login` left in its cache, its
 * renewal, and a role's credentials for it.
 */
#include "fetch/creds.h"

#include "base/arena.h"
#include "base/digest.h"
#include "fetch/creds_inside.h"
#include "fetch/url.h"
#include "fetch/when.h"

#define RENEW_TOKEN_S 900 /* before it expires, as the AWS command line does */

struct sso {
	const struct session *session;
	struct arena arena;
	struct str profile;
	struct str name; /* of its sso-session; empty for the older form */
	struct str start_url, region, account, role;
	const char *cache; /* path of the token */
	struct answer *token;
	struct secret access; /* the token itself */
	int64_t expires;
	struct err renewal; /* why it was not renewed; its kind is ERR_NONE otherwise */
};

/* ---- settings and the cache -------------------------------------------------- */

static struct str of_profile(const struct sso *o, const char *key)
{
	struct str s = STR("");

	(void)profile_get(o->session->profiles, PROFILE_PROFILE, o->profile, key, &s);
	return s;
}

static struct str of_session(const struct sso *o, const char *key)
{
	struct str s = STR("");

	(void)profile_get(o->session->profiles, PROFILE_SSO_SESSION, o->name, key, &s);
	return s;
}

static int say_login(const struct sso *o, const char *why, struct err *err)
{
	if (o->name.len != 0)
		return err_set(err, ERR_INPUT, "%s: run `aws sso login --sso-session %.*s`", why,
			       STR_ARG(o->name));
	return err_set(err, ERR_INPUT, "%s: run `aws sso login --profile %.*s`", why,
		       STR_ARG(o->profile));
}

static int settle(struct sso *o, struct err *err)
{
	char hex[DIGEST_SHA1_HEX_SIZE];
	struct arena *a = &o->arena;
	const char *folder;

	o->name = of_profile(o, "sso_session");
	o->start_url =
	    o->name.len != 0 ? of_session(o, "sso_start_url") : of_profile(o, "sso_start_url");
	o->region = o->name.len != 0 ? of_session(o, "sso_region") : of_profile(o, "sso_region");
	o->account = of_profile(o, "sso_account_id");
	o->role = of_profile(o, "sso_role_name");
	if (o->account.len == 0 || o->role.len == 0)
		return err_set(err, ERR_INPUT, "`sso_account_id` and `sso_role_name` are missing");
	folder = profile_expand(o->session->world, STR("~/.aws/sso/cache"), a);
	if (folder[0] == '~')
		return err_set(err, ERR_INPUT, "there is no home folder with a token cache");
	digest_sha1(o->name.len != 0 ? o->name : o->start_url, hex);
	o->cache = arena_printf(a, "%s/%s.json", folder, hex);
	return 0;
}

static int take_token(struct sso *o, struct err *err)
{
	struct str access, expires;

	if (!answer_text(answer_root(o->token), "accessToken", &access) || access.len == 0 ||
	    !answer_text(answer_root(o->token), "expiresAt", &expires) ||
	    !when_parse_iso(expires, &o->expires))
		return say_login(o, "the cached SSO token cannot be read", err);
	secret_set(&o->access, access);
	return 0;
}

static int load_token(struct sso *o, struct err *err)
{
	struct secret text = SECRET_INIT(LIMIT_CREDENTIALS_SIZE);
	bool missing;
	int rc;

	answer_free(o->token);
	o->token = NULL;
	rc = secret_read_file(&text, o->cache, &missing, err);
	if (rc == -1 && missing)
		say_login(o, "there is no SSO token", err);
	if (rc == 0) {
		o->token = answer_parse(secret_str(&text), err);
		rc = o->token != NULL ? take_token(o, err)
				      : say_login(o, "the cached SSO token cannot be read", err);
	}
	secret_release(&text);
	return rc;
}

/* ---- renewing the token ------------------------------------------------------- */

static bool can_renew(const struct sso *o)
{
	const struct answer_value *token = answer_root(o->token);
	struct str text;
	int64_t until;

	return o->name.len != 0 && answer_text(token, "clientId", &text) &&
	       answer_text(token, "clientSecret", &text) &&
	       answer_text(token, "refreshToken", &text) &&
	       answer_text(token, "registrationExpiresAt", &text) && when_parse_iso(text, &until) &&
	       until > world_now(o->session->world);
}

static void copy_text(const struct sso *o, const char *from, struct answer *to, const char *name)
{
	struct str text = STR("");

	(void)answer_text(answer_root(o->token), from, &text);
	answer_set_text(to, name, text);
}

static int put_question(const struct sso *o, struct secret *body, struct err *err)
{
	struct answer *question = answer_parse(STR("{\"grantType\":\"refresh_token\"}"), err);

	if (question == NULL)
		return -1;
	copy_text(o, "clientId", question, "clientId");
	copy_text(o, "clientSecret", question, "clientSecret");
	copy_text(o, "refreshToken", question, "refreshToken");
	answer_put(answer_root(question), body);
	answer_free(question);
	return body->failed ? err_set(err, ERR_INPUT, "the SSO token is too large") : 0;
}

/* Into the cache, for the AWS command line too: the old refresh token is spent. */
static int keep_token(struct sso *o, const struct http_answer *http, struct err *err)
{
	struct answer *fresh = answer_parse(secret_str(&http->body), err);
	struct secret text = SECRET_INIT(LIMIT_CREDENTIALS_SIZE);
	struct err ignored = { 0 };
	struct str access, refresh;
	int64_t seconds;
	char until[21];
	int rc = -1;

	if (!answer_text(answer_root(fresh), "accessToken", &access) || access.len == 0 ||
	    !answer_number(answer_member(answer_root(fresh), "expiresIn"), &seconds) ||
	    seconds < 0) {
		err_set(err, ERR_INPUT, "the answer holds no token");
		goto out;
	}
	when_iso(world_now(o->session->world) + seconds, until);
	answer_set_text(o->token, "accessToken", access);
	answer_set_text(o->token, "expiresAt", str_of(until));
	if (answer_text(answer_root(fresh), "refreshToken", &refresh))
		answer_set_text(o->token, "refreshToken", refresh);
	answer_put(answer_root(o->token), &text);
	/* a cache that cannot be written is no reason not to use the token */
	if (!text.failed)
		(void)secret_write_file(secret_str(&text), o->cache, &ignored);
	rc = take_token(o, err);
out:
	answer_free(fresh);
	secret_release(&text);
	return rc;
}

static int renew_token(struct sso *o, struct err *err)
{
	static const struct http_header headers[] = {
		{ STR("Content-Type"), STR("application/json") },
	};
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct secret body = SECRET_INIT(LIMIT_CREDENTIALS_SIZE);
	struct answer_error error;
	struct endpoint endpoint;
	struct exchange x = { .session = o->session,
			      .whom = "the SSO token service",
			      .method = "POST",
			      .headers = headers,
			      .n_headers = 1 };
	int rc = -1;

	if (session_endpoint(o->session, &endpoint_sso_oidc, o->region, &endpoint, err) == -1 ||
	    put_question(o, &body, err) == -1)
		goto out;
	x.url = str_of(arena_printf(&o->arena, "%s/token", endpoint.url));
	x.body = x.secrets[0] = secret_str(&body);
	rc = exchange_run(&x, &answer, &error, err);
	if (rc == 0)
		rc = keep_token(o, &answer, err);
out:
	http_answer_release(&answer);
	secret_release(&body);
	return rc;
}

/* Where it cannot be renewed, somebody else may have done it, and left a newer one. */
static int renew_if_needed(struct sso *o, struct err *err)
{
	if (load_token(o, err) == -1)
		return -1;
	if (o->expires - world_now(o->session->world) >= RENEW_TOKEN_S || !can_renew(o) ||
	    renew_token(o, &o->renewal) == 0)
		return 0;
	if (o->renewal.kind == ERR_INTERRUPTED)
		return err_set(err, ERR_INTERRUPTED, "stopped");
	return load_token(o, err);
}

static int fresh_token(struct sso *o, struct err *err)
{
	pthread_mutex_t *lock = o->session->world->renewing;
	int rc;

	if (lock != NULL)
		pthread_mutex_lock(lock);
	rc = renew_if_needed(o, err);
	if (lock != NULL)
		pthread_mutex_unlock(lock);
	if (rc == 0 && o->expires <= world_now(o->session->world)) {
		rc = say_login(o, "the SSO session has expired", err);
		if (o->renewal.kind != ERR_NONE)
			err_set(err, err->kind, "%s (it was not renewed: %s)", err->text,
				o->renewal.text);
	}
	return rc;
}

/* ---- the role's credentials ---------------------------------------------------- */

static int read_keys(const struct sso *o, const struct http_answer *http, struct creds *out,
		     struct err *err)
{
	struct answer *document = answer_parse(secret_str(&http->body), err);
	const struct answer_value *keys = answer_member(answer_root(document), "roleCredentials");
	struct str text;
	int64_t ms;
	int rc = -1;

	if (document == NULL)
		goto out;
	if (answer_text(keys, "accessKeyId", &text))
		secret_set(&out->key_id, text);
	if (answer_text(keys, "secretAccessKey", &text))
		secret_set(&out->key, text);
	if (answer_text(keys, "sessionToken", &text))
		secret_set(&out->token, text);
	if (answer_number(answer_member(keys, "expiration"), &ms))
		out->expires = ms / 1000;
	creds_set_account(out, o->account);
	rc = creds_check(out, err);
out:
	answer_free(document);
	return rc == 0 ? 0 : err_wrap(err, "the answer of the SSO portal");
}

static const char *keys_url(struct sso *o, const struct endpoint *endpoint)
{
	struct secret url = SECRET_INIT(LIMIT_URL_SIZE);
	const char *text;

	secret_puts(&url, endpoint->url);
	secret_puts(&url, "/federation/credentials?role_name=");
	url_put_encoded(&url, o->role, false);
	secret_puts(&url, "&account_id=");
	url_put_encoded(&url, o->account, false);
	text = arena_str(&o->arena, secret_str(&url)).data;
	secret_release(&url);
	return text;
}

static int take_keys(struct sso *o, struct creds *out, struct err *err)
{
	struct http_header headers[] = {
		{ STR("x-amz-sso_bearer_token"), secret_str(&o->access) },
	};
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct answer_error error;
	struct endpoint endpoint;
	struct exchange x = { .session = o->session,
			      .whom = "the SSO portal",
			      .method = "GET",
			      .headers = headers,
			      .n_headers = 1,
			      .body = STR("") };
	int rc = -1;

	if (session_endpoint(o->session, &endpoint_sso, o->region, &endpoint, err) == -1)
		goto out;
	x.url = str_of(keys_url(o, &endpoint));
	rc = exchange_run(&x, &answer, &error, err);
	if (rc == 0)
		rc = read_keys(o, &answer, out, err);
	else if (answer.end == TRANSPORT_ANSWERED && answer.status == 401)
		say_login(o, "the SSO session has expired or is not valid any more", err);
out:
	http_answer_release(&answer);
	return rc;
}

int creds_sso(const struct session *s, struct str profile, struct creds *out, struct err *err)
{
	struct sso o = { .session = s, .profile = profile };
	int rc = -1;

	if (settle(&o, err) == -1 || fresh_token(&o, err) == -1 || take_keys(&o, out, err) == -1)
		err_wrap(err, "SSO of profile '%.*s'", STR_ARG(profile));
	else
		rc = 0;
	if (rc == 0)
		creds_name(out, "SSO of the profile '%.*s'", STR_ARG(profile));
	answer_free(o.token);
	secret_release(&o.access);
	arena_release(&o.arena);
	return rc;
}
