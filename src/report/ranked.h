/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The most severe first, for readers that take only so many: items are kept by
 * rank until the end, and what nobody would be handed is counted, not kept.
 */
#ifndef REPORT_RANKED_H
#define REPORT_RANKED_H

#include <stdbool.h>
#include <stdint.h>

#include "report/report.h"
#include "report/spool.h"

/* From what is shown first. */
enum rank {
	RANK_ERROR, /* what kept the audit from being whole: problems and errors */
	RANK_CRITICAL,
	RANK_HIGH,
	RANK_MEDIUM,
	RANK_LOW,
	RANK_INFO,
	RANK_UNDECIDED,
	RANK_WAIVED,
	RANK_REST, /* passes, and what did not apply */
	N_RANKS
};

enum rank rank_of(const struct finding *f);

struct ranked;

/* `n_sets` lists of their own, each of which hands over at most `most` items. */
struct ranked *ranked_new(size_t n_sets, uint64_t most);
/* Accepts NULL. */
void ranked_free(struct ranked *k);

/* Whether an item of the rank could still be handed over: else it need not be
 * made. Either way it is counted. */
bool ranked_wants(struct ranked *k, size_t set, enum rank rank);
/* After ranked_wants said so. */
void ranked_put(struct ranked *k, size_t set, enum rank rank, struct str item);

/* Items offered, and those of them that are not handed over. */
uint64_t ranked_offered(const struct ranked *k, size_t set);
uint64_t ranked_left_out(const struct ranked *k, size_t set);
uint64_t ranked_offered_of(const struct ranked *k, size_t set, enum rank rank);
/* All that is kept of one rank. */
void ranked_each_of(struct ranked *k, struct report *r, size_t set, enum rank rank,
		    spool_take *take, void *to);
/* Best rank first, in the order put within one. A failure is left in r->err. */
void ranked_each(struct ranked *k, struct report *r, size_t set, spool_take *take, void *to);

#endif
