/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of identities. Knows which options make which identity; does not
 * know credentials, and asks nobody.
 */
#include "fetch/identity.h"

#include <string.h>

#include "base/limit.h"
#include "fetch/endpoint.h"

/* The account of a role's ARN. */
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

static void add_role(struct identities *ids, struct source *source, const char *profile,
		     const char *arn, const struct ask *ask)
{
	struct identity *id = add(ids, source, profile);

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
}

static int form_list(struct identities *ids, const struct ask *ask, const char **profiles,
		     size_t n_profiles, struct err *err)
{
	const char **roles, *profile;
	size_t n_roles, i, k;

	if (ask_roles(ask, endpoint_partition(ids->sources[0].session.region)->name, &ids->arena,
		      &roles, &n_roles, err) == -1)
		return -1;
	if (ids->n_sources * (n_roles + 1) > LIMIT_ACCOUNTS + LIMIT_PROFILES)
		return err_set(err, ERR_USAGE, "more than %d identities", LIMIT_ACCOUNTS);
	ids->list = ARENA_ARRAY(&ids->arena, ids->n_sources * (n_roles + 1), struct identity);
	for (i = 0; i < ids->n_sources; i++) {
		profile = n_profiles != 0 ? profiles[i] : NULL;
		if (n_roles == 0)
			add(ids, &ids->sources[i], profile);
		for (k = 0; k < n_roles; k++)
			add_role(ids, &ids->sources[i], profile, roles[k], ask);
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
