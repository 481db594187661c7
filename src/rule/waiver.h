/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accepted exceptions: read with the policy, matched with what fails. A waiver
 * ends with its day, covers the value that was accepted where it names one, and
 * never applies where it is not known whether it matches.
 */
#ifndef RULE_WAIVER_H
#define RULE_WAIVER_H

#include <stdint.h>

#include "rule/engine.h"
#include "rule/policy_inside.h"

/* Reads `waivers` of all files, and hands each rule its own. */
void policy_read_waivers(struct loading *l);
/* The fields that their conditions read of a kind of resource. */
field_set waivers_needs(const struct policy *p, enum kind kind);

/* How a waiver stands to a resource: that its condition holds, and if not
 * known, why. */
enum waiver_match { WAIVER_NO, WAIVER_YES, WAIVER_UNKNOWN };
enum waiver_match waiver_matches(const struct waiver *w, const struct resource *r, struct judge *j);

/* What fails, for waivers to be held against. */
struct waiver_case {
	const struct resource *resource;  /* NULL where matched already gives the matches */
	const enum waiver_match *matched; /* by the order of the rule's waivers */
	const struct evidence *evidence;  /* NULL where no one value decided */
	struct judge *judge;
	int32_t as_of;
};

/*
 * Holds the waivers of the finding's rule against it: makes a fail waived, or
 * says in `reason` why a waiver that seemed to be meant does not apply. Texts
 * are in `arena`; what happened is counted in `tally`.
 */
void waivers_apply(const struct policy *p, const struct waiver_case *c, struct finding *f,
		   struct tally *tally, struct arena *arena);

/* Counts of a verdict that is undecided, or an error, the waivers that may be needed once it
 * is decided: they are not stale. The case has no evidence. */
void waivers_leave_open(const struct policy *p, const struct waiver_case *c,
			const struct rule *rule, struct tally *tally);

#endif
