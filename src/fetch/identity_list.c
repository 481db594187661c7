/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of identities. Knows which options make which identity; does not
 * know credentials, and asks nobody.
 */
#include "fetch/identity.h"

#include <string.h>

#include "base/file.h"
#include "base/limit.h"
#include "base/text.h"
#include "fetch/endpoint.h"

static bool is_role_arn(struct str arn)
{
	struct str account;
	size_t i;

	if (!str_starts(arn, STR("arn:aws")) || arn.len > 2048)
		return false;
	for (i = 0; i < arn.len; i++)
		if ((unsigned char)arn.data[i] <= ' ' || (unsigned char)arn.data[i] >= 0x7F ||
		    arn.data[i] == '"' || arn.data[i] == '\\')
			return false;
	for (i = 7; i < arn.len && arn.data[i] != ':'; i++)
		;
	if (arn.len < i + 24 || memcmp(arn.data + i, ":iam::", 6) != 0)
		return false;
	account = (struct str){ arn.data + i + 6, 12 };
	for (i = 0; i < 12; i++)
		if (account.data[i] < '0' || account.data[i] > '9')
			return false;
	arn.len -= (size_t)(account.data + 12 - arn.data);
	arn.data = account.data + 12;
	return str_starts(arn, STR(":role/")) && arn.len > 6;
}

/* The account of an ARN that is_role_arn knows. */
static void take_account(struct identity *id, struct str arn)
{
	const char *at = strstr(arn.data, ":iam::");

	memcpy(id->account, at + 6, 12);
	id->account[12] = '\0';
}

static int open_source(struct identities *ids, const struct ask *ask, const char *profile,
		       const char *region, struct err *err)
{
	struct source *s = &ids->sources[ids->n_sources];
	struct session_options options = { .profile = profile,
					   .region = region,
					   .endpoint_url = ask->endpoint_url };
	struct str path;

	if (session_init(&s->session, ids->world, &ids->profiles, &options, err) == -1)
		return -1;
	s->holder = CREDS_HOLDER_INIT(&s->session, NULL, NULL);
	if (session_setting(&s->session, "AWS_CA_BUNDLE", "ca_bundle", &path))
		s->ca_bundle = profile_expand(ids->world, path, &ids->arena);
	pthread_mutex_init(&s->lock, NULL);
	ids->n_sources++;
	return 0;
}

static struct identity *add(struct identities *ids, struct source *source, const char *profile)
{
	struct identity *id = &ids->list[ids->n++];

	*id = (struct identity){ .source = source, .creds = CREDS_INIT, .fresh = CREDS_INIT };
	id->name = profile != NULL ? arena_printf(&ids->arena, "profile '%s'", profile)
				   : "the default credentials";
	return id;
}

static int add_role(struct identities *ids, struct source *source, const char *profile,
		    const char *arn, const struct ask *ask, struct err *err)
{
	struct identity *id;
	struct buf shown = BUF_INIT(0);

	if (!is_role_arn(str_of(arn))) {
		text_put_quoted(&shown, str_of(arn), 200);
		err_set(err, ERR_USAGE, "%s is no ARN of a role", shown.data);
		buf_release(&shown);
		return -1;
	}
	id = add(ids, source, profile);
	id->has_role = true;
	id->role =
	    (struct creds_role){ .arn = str_of(arn),
				 .external_id = str_of(ask->external_id ? ask->external_id : ""),
				 .session_name = STR(""),
				 .mfa_serial = STR("") };
	id->name = profile != NULL
		       ? arena_printf(&ids->arena, "profile '%s', role %s", profile, arn)
		       : arena_printf(&ids->arena, "role %s", arn);
	take_account(id, str_of(arn));
	return 0;
}

/* A line an account: twelve digits; blank lines and what follows # say nothing. */
static int read_accounts(struct identities *ids, const char *path, const char ***accounts,
			 size_t *n, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_ACCOUNTS_SIZE);
	struct str line;
	char *at, *end;
	size_t number = 0, i;
	int rc = file_read(&text, path, err);

	*n = 0;
	if (rc == 0)
		*accounts = ARENA_ARRAY(&ids->arena, LIMIT_ACCOUNTS, const char *);
	for (at = text.data; rc == 0 && at != NULL && at < text.data + text.len; at = end + 1) {
		end = memchr(at, '\n', text.len - (size_t)(at - text.data));
		if (end == NULL)
			end = text.data + text.len;
		number++;
		line = (struct str){ at, (size_t)(end - at) };
		for (i = 0; i < line.len && line.data[i] != '#'; i++)
			;
		line.len = i;
		while (line.len != 0 && strchr(" \t\r", line.data[line.len - 1]) != NULL)
			line.len--;
		while (line.len != 0 && (*line.data == ' ' || *line.data == '\t')) {
			line.data++;
			line.len--;
		}
		if (line.len == 0)
			continue;
		for (i = 0; i < line.len && line.data[i] >= '0' && line.data[i] <= '9'; i++)
			;
		if (line.len != 12 || i != 12)
			rc = err_set(err, ERR_USAGE,
				     "'%s', line %zu: no account's number, which has "
				     "twelve digits",
				     path, number);
		else if (*n == LIMIT_ACCOUNTS)
			rc = err_set(err, ERR_USAGE, "'%s': more than %d accounts", path,
				     LIMIT_ACCOUNTS);
		else
			(*accounts)[(*n)++] = arena_str(&ids->arena, line).data;
	}
	if (rc == 0 && *n == 0)
		rc = err_set(err, ERR_USAGE, "'%s' names no account", path);
	if (rc == -1)
		err->kind = ERR_USAGE;
	buf_release(&text);
	return rc;
}

static bool is_role_name(const char *name)
{
	size_t len = strlen(name);

	return len >= 1 && len <= 512 &&
	       strspn(name,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-/") ==
		   len;
}

/* The ARNs of all roles: those of the option, or those of the accounts' file. */
static int form_roles(struct identities *ids, const struct ask *ask, const char ***roles, size_t *n,
		      struct err *err)
{
	const char **accounts = NULL;
	size_t i;

	if (ask->accounts == NULL) {
		if (ask_split(ask->roles, LIMIT_ACCOUNTS, &ids->arena, roles, n, err) == -1)
			return err_wrap(err, "option '--assume-role'");
		return 0;
	}
	if (!is_role_name(ask->role_name))
		return err_set(err, ERR_USAGE, "option '--role-name': it is no name of a role");
	if (read_accounts(ids, ask->accounts, &accounts, n, err) == -1)
		return err_wrap(err, "option '--accounts'");
	*roles = ARENA_ARRAY(&ids->arena, *n, const char *);
	for (i = 0; i < *n; i++)
		(*roles)[i] = arena_printf(&ids->arena, "arn:%s:iam::%s:role/%s",
					   endpoint_partition(ids->sources[0].session.region)->name,
					   accounts[i], ask->role_name);
	return 0;
}

static int form_list(struct identities *ids, const struct ask *ask, const char **profiles,
		     size_t n_profiles, struct err *err)
{
	const char **roles, *profile;
	size_t n_roles, i, k;

	if (form_roles(ids, ask, &roles, &n_roles, err) == -1)
		return -1;
	if (ids->n_sources * (n_roles + 1) > LIMIT_ACCOUNTS + LIMIT_PROFILES)
		return err_set(err, ERR_USAGE, "more than %d identities", LIMIT_ACCOUNTS);
	ids->list = ARENA_ARRAY(&ids->arena, ids->n_sources * (n_roles + 1), struct identity);
	for (i = 0; i < ids->n_sources; i++) {
		profile = n_profiles != 0 ? profiles[i] : NULL;
		if (n_roles == 0)
			add(ids, &ids->sources[i], profile);
		for (k = 0; k < n_roles; k++)
			if (add_role(ids, &ids->sources[i], profile, roles[k], ask, err) == -1)
				return -1;
	}
	for (i = 0; i < ids->n; i++)
		ids->list[i].want_account = ids->n > 1 && ids->list[i].account[0] == '\0';
	return 0;
}

int identities_init(struct identities *ids, const struct ask *ask, const struct world *world,
		    struct err *err)
{
	const char **profiles, *region = NULL, **regions;
	size_t n_profiles, n_regions, i;

	*ids = (struct identities){ .world = world, .profiles = PROFILES_INIT, .stop_fd = -1 };
	ids->wanted_end = &ids->wanted;
	pthread_mutex_init(&ids->lock, NULL);
	pthread_cond_init(&ids->more, NULL);
	if (ask_split(ask->profiles, LIMIT_PROFILES, &ids->arena, &profiles, &n_profiles, err) ==
	    -1)
		return err_wrap(err, "option '--profile'");
	/* STS is asked in the first region that is read */
	if (ask->regions != NULL && strcmp(ask->regions, "all") != 0) {
		if (ask_split(ask->regions, LIMIT_REGIONS, &ids->arena, &regions, &n_regions,
			      err) == -1)
			return err_wrap(err, "option '--region'");
		region = regions[0];
	}
	if (profiles_read(&ids->profiles, world, err) == -1)
		return -1;
	ids->sources = ARENA_ARRAY(&ids->arena, n_profiles != 0 ? n_profiles : 1, struct source);
	for (i = 0; i < (n_profiles != 0 ? n_profiles : 1); i++)
		if (open_source(ids, ask, n_profiles != 0 ? profiles[i] : NULL, region, err) == -1)
			return -1;
	return form_list(ids, ask, profiles, n_profiles, err);
}
