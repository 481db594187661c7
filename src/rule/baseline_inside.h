/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of a baseline, shared by baseline.c, which holds findings against it, and
 * baseline_file.c, which reads and writes it.
 */
#ifndef RULE_BASELINE_INSIDE_H
#define RULE_BASELINE_INSIDE_H

#include <stdatomic.h>

#include "base/arena.h"
#include "rule/baseline.h"

/* Texts that say which finding it is, in the order of the file. Only the first
 * is compared; the others are for people, and for the order. */
enum {
	TEXT_FINGERPRINT,
	TEXT_RULE,
	TEXT_SEVERITY,
	TEXT_RESOURCE,
	TEXT_NAME,
	TEXT_FIELD,
	TEXT_MESSAGE,
	TEXT_NOTE,
	N_TEXTS
};

struct accepted {
	struct str texts[N_TEXTS];
	struct str value; /* as JSON; of a large one its digest, a JSON string too */
	atomic_bool met;
};

struct baseline {
	const char *name;
	struct arena arena;
	struct accepted **list;
	struct accepted **by_resource; /* the same by resource and rule; made by read */
	size_t n, cap;
	bool sorted; /* by fingerprint and value: what apply looks for */
};

/* For qsort, of pointers to entries: by resource, rule and field, then as what they are
 * compared by, fingerprint and value. */
int baseline_by_resource(const void *a, const void *b);
/* An entry without texts. */
struct accepted *baseline_entry(struct baseline *b);
/* Sorts for searching, and drops what is there twice. */
void baseline_sort(struct baseline *b);
/* A value as it is compared and written, in the arena: as JSON that is the same for equal
 * values; a large one as its digest. NULL: null. */
struct str baseline_value(struct arena *arena, const struct value *v);

#endif
