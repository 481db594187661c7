/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions: the one door to PCRE2. UTF and UCP, searched and not
 * anchored, with limits on steps, depth and heap; no \C, no callouts. A `$`
 * without (?m) is the very end of the text, not also before a last newline.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stddef.h>

#include "base/str.h"

struct pattern;
struct pattern_plain;

enum pattern_result {
	PATTERN_NO,
	PATTERN_YES,
	PATTERN_LIMIT, /* a limit was reached: neither yes nor no */
};

/* Compiles; NULL on failure, with the offset in bytes and a text (borrowed
 * until the next call in this thread, or static). The caller frees. */
struct pattern *pattern_new(struct str expression, size_t *offset, const char **why);
void pattern_free(struct pattern *p);
/* NULL where it needs PCRE2. Else pattern_plain_matches has the answer, of a subject of
 * LIMIT_PATTERN_SUBJECT bytes at most. */
const struct pattern_plain *pattern_plain_of(const struct pattern *p);
/* Makes searches faster at a cost of about 50 us: for many subjects. Not to
 * be called while another thread searches with p. Harmless where there is no JIT. */
void pattern_warm(struct pattern *p);
/* Whether it is found anywhere in the subject, which must be well-formed
 * UTF-8. Safe from several threads on one pattern. */
enum pattern_result pattern_search(const struct pattern *p, struct str subject);

/*
 * What every text with this beginning has in common: PATTERN_YES where the
 * pattern is found in all of them, PATTERN_NO where it is found in none,
 * PATTERN_LIMIT where that is not known. It knows only by what the beginning
 * decides: it is not empty, and either holds a match that nothing behind it
 * can undo, or breaks a pattern that is anchored to the beginning.
 */
enum pattern_result pattern_search_beginning(const struct pattern *p, struct str beginning);

#endif
