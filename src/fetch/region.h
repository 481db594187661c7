/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One account's region: its recording configurations listed page by page, each
 * got while listing goes on, and kept until their turn to be written.
 */
#ifndef FETCH_REGION_H
#define FETCH_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limit.h"
#include "fetch/api.h"
#include "fetch/seen.h"
#include "fetch/stream.h"

enum item_state {
	ITEM_WAITING, /* for its call */
	ITEM_READ,
	ITEM_DELETED, /* between the list and its call */
	ITEM_MISSING,
};

struct region_read;

/* A recording configuration. */
struct item {
	struct api_call call; /* first: a call is cast to its item */
	struct region_read *region;
	struct str arn;
	enum item_state state;
	char *json; /* compact; freed when written */
	size_t json_len;
	struct missing why; /* of MISSING */
	struct item *next;
};

/* What all regions share. */
struct region_shared {
	struct http *http;
	struct pace_table *paces;
	int max_tps; /* -1: quotas */
	bool summary;
	size_t held; /* bytes of configurations in memory */
	uint64_t n_read, n_items;
};

struct region_read {
	struct region_shared *shared;
	struct api_place place;
	struct arena arena;
	struct http_lane list_lane, get_lane;
	struct api_call list;
	struct buf list_body;
	bool listing, listed; /* to its end */
	bool named;           /* by ARNs: nothing is listed */
	struct str token;     /* raw, of the page that was read last */
	struct seen tokens;   /* of all pages */
	struct item *items, **items_end;
	size_t n_items, n_open; /* calls under way, listing included */
	struct item **index;    /* to find an ARN again */
	size_t index_size;
	struct missing list_why; /* why listing ended early; its code is empty otherwise */
	char account[13];        /* of the first ARN of a list */
};

/* `place` is set up but for what is here. -1 with err when its endpoint cannot be. */
int region_init(struct region_read *r, struct region_shared *shared, struct err *err);
void region_release(struct region_read *r);
/* Begins: everything, or the configurations that were added by their ARNs. */
void region_list(struct region_read *r);
void region_add(struct region_read *r, struct str arn);
/* Lets calls go on that waited for credentials. */
void region_resume(struct region_read *r);
static inline bool region_over(const struct region_read *r)
{
	return r->n_open == 0;
}
/* Writes everything in the order of ARNs, but those that `skip` says are there already. */
void region_write(struct region_read *r, struct stream *to,
		  bool (*skip)(void *self, struct str arn), void *self);

#endif
