/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items that wait until it is known what stands before them: several streams
 * in one unlinked temporary file. What is little stays in memory, and what is
 * much takes no more of it. Does not know what an item is.
 */
#ifndef REPORT_SPOOL_H
#define REPORT_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct spool;

struct spool *spool_new(size_t n_streams);
/* Accepts NULL. */
void spool_free(struct spool *s);

/* Adds an item to a stream. A failure (a full disk) is kept for spool_read. */
void spool_put(struct spool *s, size_t stream, struct str item);
uint64_t spool_count(const struct spool *s, size_t stream);

/* The item is good until it returns. */
typedef void spool_take(void *to, struct str item);
/* Hands over the first `most` items of a stream, in the order put. -1 when
 * anything of the spool could not be written or read; streams may be read once
 * all is put, in any order and again. */
int spool_read(struct spool *s, size_t stream, uint64_t most, spool_take *take, void *to,
	       struct err *err);

#endif
