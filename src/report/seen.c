/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was met before: a Bloom filter.
 */
#include "report/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BITS       ((uint64_t)1 << 24)
#define PROBES     6  /* bits of a name */
#define TRIES_MOST 64 /* numbers that are tried for a name */

static uint64_t hash_of(struct str name)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.data[i]) * UINT64_C(1099511628211);
	return hash ^ hash >> 29;
}

static bool was_marked(struct seen *s, uint64_t hash)
{
	uint64_t step = hash >> 32 | 1, bit;
	bool was = true;
	size_t i;

	if (s->bits == NULL) {
		s->bits = mem_alloc(BITS / 8);
		memset(s->bits, 0, BITS / 8);
	}
	s->n++;
	for (i = 0; i < PROBES; i++) {
		bit = (hash + i * step) % BITS;
		was &= s->bits[bit / 64] >> bit % 64 & 1;
		s->bits[bit / 64] |= (uint64_t)1 << bit % 64;
	}
	return was;
}

bool seen_before(struct seen *s, struct str name)
{
	return was_marked(s, hash_of(name));
}

uint64_t seen_times(struct seen *s, struct str name)
{
	uint64_t hash = hash_of(name), n;

	if (!was_marked(s, hash))
		return 0;
	for (n = 1; n <= TRIES_MOST; n++)
		if (!was_marked(s, (hash + n) * UINT64_C(0x9e3779b97f4a7c15)))
			return n;
	return TRIES_MOST + s->n;
}

void seen_release(struct seen *s)
{
	free(s->bits);
	*s = (struct seen){ .bits = NULL };
}
