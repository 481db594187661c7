/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepted findings in a JSON file that a person reads and reviews: each with
 * its fingerprint and the value that was found. Another value is a new finding.
 */
#ifndef RULE_BASELINE_H
#define RULE_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "rule/finding.h"

struct baseline;

/* Empty, to be filled with baseline_add and written; findings are held against one that
 * was read alone. `name` is borrowed. */
struct baseline *baseline_new(const char *name);
/* Reads a file, whose path is borrowed and named in reasons; NULL with err (ERR_POLICY). */
struct baseline *baseline_read(const char *path, struct err *err);
/* Accepts NULL. */
void baseline_free(struct baseline *b);

/* Puts in a failure; others are passed over, and one that is there already.
 * Not while another thread uses b. */
void baseline_add(struct baseline *b, const struct subject *subject, const struct finding *f);
size_t baseline_n(const struct baseline *b);

/*
 * A failure that is accepted becomes waived, with the reason in `arena`; where
 * another value was accepted the reason says so. The entry is marked as met;
 * safe from several threads at once.
 */
void baseline_apply(struct baseline *b, struct finding *f, struct arena *arena);

/* An undecided verdict or an error: what was accepted of the rule there is not
 * gone, as far as anybody knows. Safe from several threads as well. */
void baseline_unsure(struct baseline *b, struct str subject, const struct finding *f);

/* How many entries were met, and how many were not. */
size_t baseline_n_met(const struct baseline *b);
/* One line without an end for the next entry that was not met; *at begins
 * with 0. False when there is none left. */
bool baseline_next_gone(const struct baseline *b, size_t *at, struct buf *line);
/* Forgets entries that were not met. Afterwards it can only be written. */
void baseline_prune(struct baseline *b);

/* The file, sorted by resource, rule and field. */
void baseline_put(struct baseline *b, struct buf *out);

#endif
