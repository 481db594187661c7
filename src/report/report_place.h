/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a finding is, as readers in a repository want it: a path below the
 * repository's folder (the current one where that is not known) and a line from 1
 * on. What has neither (standard input, a live resource) is at its rule in the
 * policy. Does not escape.
 */
#ifndef REPORT_REPORT_PLACE_H
#define REPORT_REPORT_PLACE_H

#include "report/report.h"

struct report_place {
	struct str path; /* "saved/a.json"; of a place outside "tmp/a.json": from the root on */
	bool outside;    /* not below the repository's folder */
	bool of_policy;  /* it is that of the rule, since what was audited has none */
	uint32_t line, column; /* from 1 on */
};

struct report_places;

struct report_places *report_places_new(const struct run *run);
/* Accepts NULL. */
void report_places_free(struct report_places *p);
/* Good until the next call. */
struct report_place report_place_of_finding(struct report_places *p, const struct judgement *j,
					    const struct finding *f);
struct report_place report_place_of_problem(struct report_places *p, const struct problem *problem);

/*
 * Puts the path of a file that is named from a folder, without "." and "..": relative
 * to `top`, the folder or one above it, where it is below that, else from the root on
 * without the slash. Both folders are absolute; "" where it is not known. False where
 * the name is no path at all.
 */
bool report_path_put(struct buf *out, struct str folder, struct str top, struct str file,
		     bool *outside);
/* The path as a relative URI reference (RFC 3986): no scheme, percent-encoded. */
void report_put_uri(struct buf *out, struct str path);

#endif
