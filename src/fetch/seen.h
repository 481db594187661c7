/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of texts that were seen, by their digests.
 */
#ifndef FETCH_SEEN_H
#define FETCH_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct seen_entry;

/* Empty when zeroed. */
struct seen {
	struct seen_entry *entries;
	size_t n, size;
};

/* Puts the text in; true when it was there before. */
bool seen_add(struct seen *s, struct str text);
void seen_release(struct seen *s);

#endif
