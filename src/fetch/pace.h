/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast calls may follow each other: a bucket for each operation, account
 * and region, since that is what a quota is for. Pure: the clock is an
 * argument.
 */
#ifndef FETCH_PACE_H
#define FETCH_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Calls one by one, evenly: a service that counts over any second sees no more. */
struct pace {
	int64_t step_us; /* between two calls; 0 for no bound */
	int64_t next_us; /* of the next call */
};

/* `tps` calls a second and a little less, so that jitter on the way does not make more
 * of them; 0 for no bound. */
void pace_init(struct pace *p, int tps);
/* Whether a call may start now. */
bool pace_may(const struct pace *p, int64_t now_us);
/* One started. */
void pace_took(struct pace *p, int64_t now_us);
/* The service said that it were too many: nothing for about a second. */
void pace_throttled(struct pace *p, int64_t now_us);

/* Buckets by name: identities that are one account share its quota. */
struct pace_table;

struct pace_table *pace_table_new(void);
void pace_table_free(struct pace_table *t);
/* Made at its first use. It stays where it is until the table goes. */
struct pace *pace_find(struct pace_table *t, const char *operation, struct str account,
		       struct str region, int tps);

#endif
