/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was met before: a table with open addressing, never more than half full.
 */
#include "report/seen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static size_t slot_of(const struct seen *s, struct print p)
{
	size_t i = (size_t)p.a & (s->cap - 1);

	while (s->prints[i].a != 0 && (s->prints[i].a != p.a || s->prints[i].b != p.b))
		i = (i + 1) & (s->cap - 1);
	return i;
}

static void grow(struct seen *s)
{
	struct seen next = { .cap = s->cap == 0 ? 64 : s->cap * 2 };
	size_t i;

	next.prints = mem_alloc(next.cap * sizeof(*next.prints));
	memset(next.prints, 0, next.cap * sizeof(*next.prints));
	for (i = 0; i < s->cap; i++)
		if (s->prints[i].a != 0)
			next.prints[slot_of(&next, s->prints[i])] = s->prints[i];
	next.n = s->n;
	free(s->prints);
	*s = next;
}

static uint64_t hex_number(const char *hex)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < 16; i++)
		n = n << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
	return n;
}

uint64_t seen_times(struct seen *s, const char *hex)
{
	struct print p = { hex_number(hex), hex_number(hex + 16), 0 };
	size_t i;

	if (p.a == 0)
		p.a = 1;
	if (2 * (s->n + 1) > s->cap)
		grow(s);
	i = slot_of(s, p);
	if (s->prints[i].a == 0) {
		s->prints[i] = p;
		s->n++;
	}
	return s->prints[i].times++;
}

void seen_release(struct seen *s)
{
	free(s->prints);
	*s = (struct seen){ .cap = 0 };
}
