/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Credentials of a profile: first the steps, by its settings alone, then each
 * step in its turn. Does not know how a step comes to its answer.
 */
#include "fetch/creds.h"

#include "base/text.h"
#include "fetch/creds_inside.h"

static bool setting(const struct profiles *p, struct str profile, const char *key,
		    struct str *value)
{
	return profile_get(p, PROFILE_PROFILE, profile, key, value);
}

static bool has(const struct profiles *p, struct str profile, const char *key)
{
	struct str ignored;

	return setting(p, profile, key, &ignored);
}

/* ---- what a profile starts with --------------------------------------------- */

static int check_keys(const struct profiles *p, struct str profile, struct err *err)
{
	if (!has(p, profile, "aws_access_key_id"))
		return err_set(err, ERR_INPUT, "profile missing aws_access_key_id: '%.*s'",
			       STR_ARG(profile));
	if (!has(p, profile, "aws_secret_access_key"))
		return err_set(err, ERR_INPUT, "profile missing aws_secret_access_key: '%.*s'",
			       STR_ARG(profile));
	return 0;
}

static bool has_keys(const struct profiles *p, struct str profile)
{
	return has(p, profile, "aws_access_key_id") || has(p, profile, "aws_secret_access_key");
}

static bool keys_are_in(const struct profiles *p, struct str profile, enum profile_file file)
{
	const struct profile_entry *id =
	    profile_entry(p, PROFILE_PROFILE, profile, "aws_access_key_id");
	const struct profile_entry *key =
	    profile_entry(p, PROFILE_PROFILE, profile, "aws_secret_access_key");

	return (id != NULL && id->file == file) || (key != NULL && key->file == file);
}

/* What a session says may be said again in the profile, and no other thing. */
static int check_same(const struct profiles *p, struct str profile, struct str session,
		      const char *key, struct err *err)
{
	struct str in_profile, in_session;

	if (!setting(p, profile, key, &in_profile))
		return 0;
	if (profile_get(p, PROFILE_SSO_SESSION, session, key, &in_session) &&
	    str_equal(in_profile, in_session))
		return 0;
	return err_set(
	    err, ERR_INPUT,
	    "`%s` can only be specified in the [sso-session] config when a session name is "
	    "given, in profile '%.*s'",
	    key, STR_ARG(profile));
}

static int check_sso_place(const struct profiles *p, struct str profile, struct err *err)
{
	static const char *const keys[] = { "sso_region", "sso_start_url" };
	bool by_session;
	struct str session;
	size_t i;

	by_session = setting(p, profile, "sso_session", &session);
	if (by_session && !profile_exists(p, PROFILE_SSO_SESSION, session))
		return err_set(
		    err, ERR_INPUT,
		    "sso-session named `%.*s` (referenced by profile `%.*s`) was not found",
		    STR_ARG(session), STR_ARG(profile));
	for (i = 0; by_session && i < 2; i++)
		if (check_same(p, profile, session, keys[i], err) == -1)
			return -1;
	for (i = 0; i < 2; i++) {
		struct str ignored;

		if (by_session ? !profile_get(p, PROFILE_SSO_SESSION, session, keys[i], &ignored)
			       : !has(p, profile, keys[i]))
			return err_set(err, ERR_INPUT, "`%s` is missing for profile '%.*s'",
				       keys[i], STR_ARG(profile));
	}
	return 0;
}

static int check_sso(const struct profiles *p, struct str profile, struct err *err)
{
	static const char *const both[] = { "sso_role_name", "sso_account_id" };
	int i;

	for (i = 0; i < 2; i++)
		if (has(p, profile, both[i]) && !has(p, profile, both[1 - i]))
			return err_set(
			    err, ERR_INPUT,
			    "if `%s` is set, then `%s` must also be set, in profile '%.*s'",
			    both[i], both[1 - i], STR_ARG(profile));
	return check_sso_place(p, profile, err);
}

/* In the order of the AWS command line: keys of the credentials file go before a process,
 * those of the config file behind it. */
static int first_step(const struct profiles *p, struct str profile, struct creds_step *step,
		      struct err *err)
{
	int rc = 0;

	step->profile = profile;
	if (has(p, profile, "web_identity_token_file")) {
		step->kind = STEP_WEB;
		if (!has(p, profile, "role_arn"))
			rc = err_set(err, ERR_INPUT, "`role_arn` was missing in profile '%.*s'",
				     STR_ARG(profile));
	} else if (has(p, profile, "sso_account_id") || has(p, profile, "sso_role_name") ||
		   (has(p, profile, "sso_session") && !has_keys(p, profile) &&
		    !has(p, profile, "credential_process"))) {
		step->kind = STEP_SSO;
		rc = check_sso(p, profile, err);
	} else if (has(p, profile, "credential_process") &&
		   !keys_are_in(p, profile, PROFILE_CREDENTIALS)) {
		step->kind = STEP_PROCESS;
	} else if (has_keys(p, profile)) {
		step->kind = STEP_KEYS;
		rc = check_keys(p, profile, err);
	} else {
		err_set(err, ERR_INPUT, "profile `%.*s` did not contain credential information",
			STR_ARG(profile));
		return CREDS_NOTHING;
	}
	return rc == 0 ? CREDS_FOUND : CREDS_FAILED;
}

/* ---- from one to the next --------------------------------------------------- */

struct walk {
	const struct profiles *profiles;
	struct str seen[LIMIT_ROLE_CHAIN];
	size_t n_seen; /* the roles on the way, the wanted one first */
};

static int visit(struct walk *w, struct str profile, struct err *err)
{
	size_t i;

	if (w->n_seen != 0 && !profile_exists(w->profiles, PROFILE_PROFILE, profile))
		return err_set(err, ERR_INPUT,
			       "could not find source profile %.*s referenced from %.*s",
			       STR_ARG(profile), STR_ARG(w->seen[w->n_seen - 1]));
	for (i = 0; i < w->n_seen; i++)
		if (str_equal(w->seen[i], profile))
			return err_set(err, ERR_INPUT,
				       "profile formed an infinite loop: '%.*s' again",
				       STR_ARG(profile));
	if (w->n_seen == LIMIT_ROLE_CHAIN)
		return err_set(err, ERR_INPUT, "source_profile leads over more than %d profiles",
			       LIMIT_ROLE_CHAIN);
	w->seen[w->n_seen++] = profile;
	return 0;
}

/* The profile that a role is assumed with. 1 and *next; 0 when the role's own profile or a
 * named source gives the first step; -1. */
static int next_profile(const struct profiles *p, struct str profile, struct str *next,
			struct err *err)
{
	bool source = setting(p, profile, "source_profile", next);
	bool named = has(p, profile, "credential_source");

	if (source && named)
		return err_set(
		    err, ERR_INPUT,
		    "profile contained both source_profile and credential_source: '%.*s'",
		    STR_ARG(profile));
	if (!source && !named)
		return err_set(
		    err, ERR_INPUT,
		    "profile must contain `source_profile` or `credential_source` beside "
		    "role_arn: '%.*s'",
		    STR_ARG(profile));
	return source && !str_equal(*next, profile);
}

/* To the profile that has the first step. The roles are w->seen, but for the last of them
 * when *is_role is false. */
static int follow(struct walk *w, struct str profile, struct creds_step *first, bool *is_role,
		  struct err *err)
{
	const struct profiles *p = w->profiles;
	struct str next = STR("");
	int rc;

	for (;; profile = next) {
		if (visit(w, profile, err) == -1)
			return -1;
		*is_role = false;
		if (w->n_seen > 1 && has_keys(p, profile)) {
			*first = (struct creds_step){ STEP_KEYS, profile };
			return check_keys(p, profile, err) == 0 ? CREDS_FOUND : CREDS_FAILED;
		}
		if (!has(p, profile, "role_arn") || has(p, profile, "web_identity_token_file"))
			break;
		*is_role = true;
		rc = next_profile(p, profile, &next, err);
		if (rc == -1)
			return -1;
		if (rc == 1)
			continue;
		if (!has(p, profile, "credential_source"))
			break;
		*first = (struct creds_step){ STEP_SOURCE, profile };
		return CREDS_FOUND;
	}
	rc = first_step(p, profile, first, err);
	/* a role that is wanted and cannot be had is no reason to ask elsewhere */
	return rc == CREDS_NOTHING && (w->n_seen > 1 || *is_role) ? CREDS_FAILED : rc;
}

int creds_profile_steps(const struct profiles *p, struct str profile, struct creds_steps *steps,
			struct err *err)
{
	struct walk w = { .profiles = p };
	bool is_role = false;
	size_t roles;
	int rc;

	steps->n = 0;
	if (p->n_entries == 0) {
		err_set(err, ERR_INPUT, "no profiles were defined");
		return CREDS_NOTHING;
	}
	if (!profile_exists(p, PROFILE_PROFILE, profile)) {
		err_set(err, ERR_INPUT, "there is no profile '%.*s'", STR_ARG(profile));
		return CREDS_NOTHING;
	}
	rc = follow(&w, profile, &steps->list[0], &is_role, err);
	if (rc != CREDS_FOUND)
		return rc;
	steps->n = 1;
	for (roles = is_role ? w.n_seen : w.n_seen - 1; roles != 0; roles--)
		steps->list[steps->n++] = (struct creds_step){ STEP_ROLE, w.seen[roles - 1] };
	return CREDS_FOUND;
}

/* ---- each step -------------------------------------------------------------- */

static int take_keys(const struct profiles *p, struct str profile, struct creds *out,
		     struct err *err)
{
	struct str text;

	if (setting(p, profile, "aws_access_key_id", &text))
		secret_set(&out->key_id, text);
	if (setting(p, profile, "aws_secret_access_key", &text))
		secret_set(&out->key, text);
	if (setting(p, profile, "aws_session_token", &text))
		secret_set(&out->token, text);
	if (setting(p, profile, "aws_account_id", &text))
		creds_set_account(out, text);
	creds_name(out, "the profile '%.*s'", STR_ARG(profile));
	return creds_check(out, err);
}

static int take_source(const struct session *s, struct str profile, struct creds *out,
		       struct err *err)
{
	static const struct {
		struct str name;
		int (*get)(const struct session *s, struct creds *out, struct err *err);
	} named[] = {
		{ STR("Environment"), creds_env },
		{ STR("Ec2InstanceMetadata"), creds_imds },
		{ STR("EcsContainer"), creds_container },
	};
	struct str name = STR("");
	size_t i;

	(void)setting(s->profiles, profile, "credential_source", &name);
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (!text_equal_nocase_ascii(name, named[i].name))
			continue;
		if (named[i].get(s, out, err) == CREDS_FOUND)
			return 0;
		return err_wrap(err, "credential_source %s of profile '%.*s'", named[i].name.data,
				STR_ARG(profile));
	}
	return err_set(err, ERR_INPUT,
		       "credential_source of profile '%.*s' is neither Environment nor "
		       "Ec2InstanceMetadata nor EcsContainer",
		       STR_ARG(profile));
}

static int take_web(const struct session *s, struct str profile, struct creds *out, struct err *err)
{
	struct str file = STR(""), role = STR(""), name = STR("");

	(void)setting(s->profiles, profile, "web_identity_token_file", &file);
	(void)setting(s->profiles, profile, "role_arn", &role);
	(void)setting(s->profiles, profile, "role_session_name", &name);
	return creds_web_role(s, file, role, name, out, err);
}

/* What is no number is as if it were not there, as with the AWS command line. */
static int duration_of(struct str text)
{
	int n = 0;
	size_t i;

	if (text.len > 6)
		return 0;
	for (i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return 0;
		n = 10 * n + (text.data[i] - '0');
	}
	return n;
}

static int take_role(const struct session *s, struct str profile, struct creds *creds,
		     struct err *err)
{
	struct creds_role role = { STR(""), STR(""), STR(""), STR(""), 0 };
	struct creds base = *creds;
	struct str text = STR("");
	int rc;

	(void)setting(s->profiles, profile, "role_arn", &role.arn);
	(void)setting(s->profiles, profile, "external_id", &role.external_id);
	(void)setting(s->profiles, profile, "role_session_name", &role.session_name);
	(void)setting(s->profiles, profile, "mfa_serial", &role.mfa_serial);
	if (setting(s->profiles, profile, "duration_seconds", &text))
		role.duration = duration_of(text);
	*creds = CREDS_INIT;
	rc = creds_assume(s, &base, &role, creds, err);
	creds_release(&base);
	return rc;
}

static int take_step(const struct session *s, const struct creds_step *step, struct creds *creds,
		     struct err *err)
{
	struct str command = STR("");

	switch (step->kind) {
	case STEP_KEYS:
		return take_keys(s->profiles, step->profile, creds, err);
	case STEP_SOURCE:
		return take_source(s, step->profile, creds, err);
	case STEP_WEB:
		return take_web(s, step->profile, creds, err);
	case STEP_SSO:
		return creds_sso(s, step->profile, creds, err);
	case STEP_PROCESS:
		(void)setting(s->profiles, step->profile, "credential_process", &command);
		return creds_process(s, command, step->profile, creds, err);
	case STEP_ROLE:
		return take_role(s, step->profile, creds, err);
	}
	return -1;
}

int creds_profile(const struct session *s, struct creds *out, struct err *err)
{
	struct creds_steps steps;
	size_t i;
	int rc = creds_profile_steps(s->profiles, s->profile, &steps, err);

	for (i = 0; rc == CREDS_FOUND && i < steps.n; i++)
		if (take_step(s, &steps.list[i], out, err) == -1)
			rc = CREDS_FAILED;
	return rc;
}
