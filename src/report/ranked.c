/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranks over a spool: a stream a rank. Knows how many a reader takes; does not
 * know which reader.
 */
#include "report/ranked.h"

#include <stdlib.h>

#include "base/arena.h"

struct ranked {
	struct spool *spool;
	uint64_t most;
	size_t n_sets;
	uint64_t (*offered)[N_RANKS];
};

enum rank rank_of(const struct finding *f)
{
	switch (f->verdict) {
	case VERDICT_ERROR:
		return RANK_ERROR;
	case VERDICT_FAIL:
		return (enum rank)(RANK_INFO - (int)f->severity);
	case VERDICT_UNDECIDED:
		return RANK_UNDECIDED;
	case VERDICT_WAIVED:
		return RANK_WAIVED;
	default:
		return RANK_REST;
	}
}

struct ranked *ranked_new(size_t n_sets, uint64_t most)
{
	struct ranked *k = mem_alloc(sizeof(*k));

	*k =
	    (struct ranked){ .spool = spool_new(n_sets * N_RANKS), .most = most, .n_sets = n_sets };
	k->offered = mem_alloc(n_sets * sizeof(*k->offered));
	memset(k->offered, 0, n_sets * sizeof(*k->offered));
	return k;
}

void ranked_free(struct ranked *k)
{
	if (k == NULL)
		return;
	spool_free(k->spool);
	free(k->offered);
	free(k);
}

static size_t stream_of(size_t set, int rank)
{
	return set * N_RANKS + (size_t)rank;
}

bool ranked_wants(struct ranked *k, size_t set, enum rank rank)
{
	uint64_t before = 0;
	int i;

	for (i = 0; i <= (int)rank; i++)
		before += k->offered[set][i];
	k->offered[set][rank]++;
	return before < k->most;
}

void ranked_put(struct ranked *k, size_t set, enum rank rank, struct str item)
{
	spool_put(k->spool, stream_of(set, (int)rank), item);
}

uint64_t ranked_offered(const struct ranked *k, size_t set)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < N_RANKS; i++)
		n += k->offered[set][i];
	return n;
}

uint64_t ranked_left_out(const struct ranked *k, size_t set)
{
	uint64_t n = ranked_offered(k, set);

	return n > k->most ? n - k->most : 0;
}

uint64_t ranked_offered_of(const struct ranked *k, size_t set, enum rank rank)
{
	return k->offered[set][rank];
}

static void each_of(struct ranked *k, struct report *r, size_t stream, uint64_t most,
		    spool_take *take, void *to)
{
	struct err err;

	if (spool_read(k->spool, stream, most, take, to, &err) == -1 && r->err.kind == ERR_NONE)
		r->err = err;
}

void ranked_each_of(struct ranked *k, struct report *r, size_t set, enum rank rank,
		    spool_take *take, void *to)
{
	each_of(k, r, stream_of(set, (int)rank), k->most, take, to);
}

void ranked_each(struct ranked *k, struct report *r, size_t set, spool_take *take, void *to)
{
	uint64_t left = k->most, n;
	int i;

	for (i = 0; i < N_RANKS; i++) {
		n = spool_count(k->spool, stream_of(set, i));
		each_of(k, r, stream_of(set, i), left, take, to);
		left -= n < left ? n : left;
	}
}
