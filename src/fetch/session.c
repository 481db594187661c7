/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings of one identity. Knows which name goes by which in environment and
 * files; does not know credentials.
 */
#include "fetch/session.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"

bool session_setting(const struct session *s, const char *variable, const char *key,
		     struct str *value)
{
	const char *text = variable != NULL ? world_env(s->world, variable) : NULL;

	if (text != NULL) {
		*value = str_of(text);
		return true;
	}
	return key != NULL && profile_get(s->profiles, PROFILE_PROFILE, s->profile, key, value);
}

bool session_flag(const struct session *s, const char *variable, const char *key, bool otherwise)
{
	struct str value;

	if (!session_setting(s, variable, key, &value))
		return otherwise;
	return text_equal_nocase_ascii(value, STR("true"));
}

int session_attempts(const struct session *s, int otherwise)
{
	struct str value;
	int n = 0;
	size_t i;

	if (!session_setting(s, "AWS_MAX_ATTEMPTS", "max_attempts", &value) || value.len > 4)
		return otherwise;
	for (i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			return otherwise;
		n = 10 * n + (value.data[i] - '0');
	}
	return n >= 1 ? n : otherwise;
}

/* ---- profile and region ---------------------------------------------------- */

static void select_profile(struct session *s)
{
	const char *name = s->options.profile;

	/* in the order of the AWS command line */
	if (name == NULL)
		name = world_env(s->world, "AWS_DEFAULT_PROFILE");
	if (name == NULL)
		name = world_env(s->world, "AWS_PROFILE");
	s->named = name != NULL;
	s->profile = str_of(name != NULL ? name : "default");
}

static bool find_region(const struct session *s, struct str *region)
{
	if (s->options.region != NULL) {
		*region = str_of(s->options.region);
		return true;
	}
	return session_setting(s, "AWS_REGION", NULL, region) ||
	       session_setting(s, "AWS_DEFAULT_REGION", "region", region);
}

int session_init(struct session *s, const struct world *world, const struct profiles *profiles,
		 const struct session_options *options, struct err *err)
{
	struct buf shown = BUF_INIT(0);

	*s = (struct session){ .world = world, .profiles = profiles, .region = STR("") };
	if (options != NULL)
		s->options = *options;
	select_profile(s);
	if (s->named && !profile_exists(profiles, PROFILE_PROFILE, s->profile)) {
		text_put_quoted(&shown, s->profile, 100);
		err_set(err, ERR_USAGE, "the profile %s could not be found in %s or %s", shown.data,
			profiles->paths[0] != NULL ? profiles->paths[0] : "a config file",
			profiles->paths[1] != NULL ? profiles->paths[1] : "a credentials file");
		buf_release(&shown);
		return -1;
	}
	if (find_region(s, &s->region) && !endpoint_is_region(s->region)) {
		text_put_quoted(&shown, s->region, 100);
		err_set(err, ERR_USAGE, "%s is no name of a region", shown.data);
		buf_release(&shown);
		return -1;
	}
	return 0;
}

/* ---- endpoints ------------------------------------------------------------- */

/* "SSO_OIDC" in lower case, as a services section has it. */
static void lower(const char *from, char to[32])
{
	size_t i;

	for (i = 0; i < 31 && from[i] != '\0'; i++)
		to[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] + 32 : from[i]);
	to[i] = '\0';
}

static int from_services(const struct session *s, const struct endpoint_service *service,
			 struct str *url, struct err *err)
{
	struct buf shown = BUF_INIT(0);
	struct str section;
	char group[32];

	if (!profile_get(s->profiles, PROFILE_PROFILE, s->profile, "services", &section))
		return 0;
	if (!profile_exists(s->profiles, PROFILE_SERVICES, section)) {
		text_put_quoted(&shown, section, 100);
		err_set(err, ERR_USAGE, "the profile names [services %s], which is not there",
			shown.data);
		buf_release(&shown);
		return -1;
	}
	lower(service->settings, group);
	return profile_get_nested(s->profiles, PROFILE_SERVICES, section, group, "endpoint_url",
				  url);
}

int session_endpoint_url(const struct session *s, const struct endpoint_service *service,
			 struct str custom, struct str *url, struct err *err)
{
	char variable[64];
	const char *text;
	int found;

	if (custom.len != 0) {
		*url = custom;
		return 1;
	}
	if (s->options.ignore_endpoints || session_flag(s, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
							"ignore_configured_endpoint_urls", false))
		return 0;
	snprintf(variable, sizeof(variable), "AWS_ENDPOINT_URL_%s", service->settings);
	text = world_env(s->world, variable);
	if (text == NULL)
		text = world_env(s->world, "AWS_ENDPOINT_URL");
	if (text != NULL) {
		*url = str_of(text);
		return 1;
	}
	found = from_services(s, service, url, err);
	if (found != 0)
		return found;
	return profile_get(s->profiles, PROFILE_PROFILE, s->profile, "endpoint_url", url);
}

int session_endpoint(const struct session *s, const struct endpoint_service *service,
		     struct str region, struct endpoint *to, struct err *err)
{
	struct endpoint_want want = { .service = service, .region = region, .custom = STR("") };
	struct str custom = STR(""), mode;

	if (service == &endpoint_ivs && s->options.endpoint_url != NULL)
		custom = str_of(s->options.endpoint_url);
	if (session_endpoint_url(s, service, custom, &want.custom, err) == -1)
		return -1;
	want.fips = session_flag(s, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", false);
	want.dual_stack =
	    session_flag(s, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", false);
	want.sts_global =
	    session_setting(s, "AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints", &mode) &&
	    text_equal_nocase_ascii(mode, STR("legacy"));
	/* STS alone answers where no region is known */
	if (want.region.len == 0 && service->is_sts)
		want.region = STR("aws-global");
	return endpoint_resolve(&want, to, err);
}
