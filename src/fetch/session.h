/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one identity is told: the selected profile, the region, the endpoints,
 * by option, environment and shared files, in that order.
 */
#ifndef FETCH_SESSION_H
#define FETCH_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "fetch/endpoint.h"
#include "fetch/profile.h"
#include "fetch/world.h"

/* What the command line says; NULL where it says nothing. */
struct session_options {
	const char *profile;
	const char *region;
	const char *endpoint_url; /* of IVS alone, as the AWS command line has it for its service */
	bool ignore_endpoints;
};

struct session {
	const struct world *world;
	const struct profiles *profiles; /* borrowed: sessions of several profiles share them */
	struct session_options options;
	struct str profile; /* the selected one's name: "default" when none is selected */
	bool named;         /* by the command line or the environment: it has to be there */
	struct str region;  /* empty where none is set */
};

/* -1 when the profile that was named is in neither file, or the region is none. */
int session_init(struct session *s, const struct world *world, const struct profiles *profiles,
		 const struct session_options *options, struct err *err);
/* The environment, else the profile. Either name may be NULL. */
bool session_setting(const struct session *s, const char *variable, const char *key,
		     struct str *value);
/* The same where "true" is true and all else is not; `otherwise` when it is not set. */
bool session_flag(const struct session *s, const char *variable, const char *key, bool otherwise);
/* AWS_MAX_ATTEMPTS, max_attempts: 1 and up, else what is given. */
int session_attempts(const struct session *s, int otherwise);
/* 1 and the URL that is configured for a service; 0 when none is, or it is to be ignored;
 * -1 when the profile names services that no section has. `custom` is what was asked for
 * in the call itself, which wins; empty for nothing. */
int session_endpoint_url(const struct session *s, const struct endpoint_service *service,
			 struct str custom, struct str *url, struct err *err);
/* Endpoint of a service in a region, with everything that is configured. */
int session_endpoint(const struct session *s, const struct endpoint_service *service,
		     struct str region, struct endpoint *to, struct err *err);

#endif
