/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Region, service and options to a URL: partitions, FIPS, dual stack, STS's
 * global endpoint, an endpoint of the user's own. Pure.
 */
#ifndef FETCH_ENDPOINT_H
#define FETCH_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/limit.h"
#include "base/str.h"

struct partition {
	const char *name;
	const char *areas; /* first parts of its regions' names, |-separated */
	const char *dns, *dual_stack_dns;
	const char *global_region; /* where what has no region of its own is signed */
};

struct endpoint_service {
	const char *signing_name;
	const char *host;     /* the host's first part */
	const char *settings; /* AWS_ENDPOINT_URL_<SETTINGS>; of a services section in lower case */
	bool is_sts;          /* has a global endpoint, and no FIPS names in aws-us-gov */
};

extern const struct endpoint_service endpoint_ivs, endpoint_sts, endpoint_sso, endpoint_sso_oidc;

struct endpoint_want {
	const struct endpoint_service *service;
	struct str region; /* empty where none is known */
	struct str custom; /* an endpoint URL instead; empty where none is */
	bool fips, dual_stack;
	bool sts_global; /* STS's regional endpoint is not wanted where regions are old */
};

#define ENDPOINT_REGION_SIZE 64

struct endpoint {
	char url[LIMIT_URL_SIZE + 1]; /* without a slash at the end */
	char signing_region[ENDPOINT_REGION_SIZE];
	const char *signing_name;
	const struct partition *partition; /* of the region; "aws" for one that none knows */
};

int endpoint_resolve(const struct endpoint_want *want, struct endpoint *to, struct err *err);
const struct partition *endpoint_partition(struct str region);
/* Whether it can be a region's name: it becomes part of a host's. */
bool endpoint_is_region(struct str region);
/* The regions where IVS is, in the order of their names; ended by NULL. */
extern const char *const endpoint_ivs_regions[];
/* -1 with an error that names those that have it. */
int endpoint_check_ivs_region(struct str region, struct err *err);

#endif
