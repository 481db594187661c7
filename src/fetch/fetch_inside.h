/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run's parties, between their forming and their reading. Not for others: they
 * ask fetch.h.
 */
#ifndef FETCH_FETCH_INSIDE_H
#define FETCH_FETCH_INSIDE_H

#include "fetch/fetch.h"
#include "fetch/identity.h"
#include "fetch/pace.h"
#include "fetch/region.h"
#include "fetch/seen.h"

enum party_state {
	PARTY_WAITING, /* for credentials */
	PARTY_READING,
	PARTY_OVER,
	PARTY_WRITTEN,
};

/* An identity and its regions. */
struct party {
	struct identity *identity;
	enum party_state state;
	const char **regions; /* until it is begun: those that it is to read */
	size_t n_regions;
	struct region_read *reads;
	size_t n_reads;
	struct err why; /* why there are no reads */
};

/* One --arn. */
struct wanted {
	struct str arn, region, account;
	bool taken; /* by an identity */
};

struct fetch {
	struct fetch_options options;
	struct arena arena;
	struct identities identities;
	struct http *http;
	struct pace_table *paces;
	struct region_shared shared;
	struct api_stats stats;
	struct party *parties;
	size_t n_parties, n_written;
	struct wanted *wanted;
	size_t n_wanted;
	struct seen seen; /* ARNs that are written, where two identities may be one account */
	struct stream stream;
	size_t n_regions, n_regions_done;
};

/* The parties and the ARNs that are wanted, of options and identities. -1 with
 * ERR_USAGE when there is a mistake in them. */
int fetch_form(struct fetch *f, struct err *err);
size_t fetch_n_ivs_regions(void);

#endif
