/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often something was met before, by its digest: for readers that keep one of two
 * that have a name. 48 bytes each, or twice that.
 */
#ifndef REPORT_SEEN_H
#define REPORT_SEEN_H

#include <stddef.h>
#include <stdint.h>

struct seen {
	struct print {
		uint64_t a, b;  /* of the fingerprint */
		uint64_t times; /* that it was seen */
	} * prints;
	size_t cap, n;
};

/* How many times before this one. hex: a digest, of which 32 digits are looked at. All zero
 * is an empty table. */
uint64_t seen_times(struct seen *s, const char *hex);
void seen_release(struct seen *s);

#endif
