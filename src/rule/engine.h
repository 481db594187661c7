/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy judges resources: one verdict for each enabled rule and resource.
 * resources x rules = pass + fail + waived + not applicable + undecided + error,
 * summed over the kinds of resource: rules of a kind judge resources of that kind.
 */
#ifndef RULE_ENGINE_H
#define RULE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "rule/baseline.h"
#include "rule/finding.h"
#include "rule/policy.h"

struct engine_options {
	bool all;                  /* findings for passes and not-applicable ones too */
	int32_t as_of;             /* the day, UTC, on which waivers are judged */
	bool excerpts;             /* findings show their line of the source */
	struct baseline *baseline; /* findings that are accepted, or NULL */
	bool values;               /* what is observed of a fail is told whole, to be accepted */
};

/* Sums. Adding up those of several workers is tally_add. */
struct tally {
	uint64_t resources;
	uint64_t of_kind[N_KINDS]; /* but of the first kind: see tally_resources */
	uint64_t verdicts[N_VERDICTS];
	uint64_t fails[N_SEVERITIES];  /* fails by severity in force */
	uint64_t (*rules)[N_VERDICTS]; /* by rule index */
	uint64_t *waivers;             /* by waiver index: findings waived */
	uint64_t *waivers_expired;     /* ... it would have waived but for its end */
	uint64_t *waivers_other_value; /* ... but for another value */
	uint64_t *waivers_unknown;     /* ... it may waive: it is not known whether */
};

struct engine;
struct engine_worker;

/* Never NULL. The policy, and the baseline of the options, must outlive it. */
struct engine *engine_new(struct policy *policy, const struct engine_options *options);
/* After its workers; accepts NULL. */
void engine_free(struct engine *e);

/* A worker is used by one thread at a time. */
struct engine_worker *engine_worker_new(struct engine *e);
void engine_worker_free(struct engine_worker *w);
/* The sums so far. */
const struct tally *engine_worker_tally(struct engine_worker *w);

/*
 * Judges r, which is complete (resource_complete). What out holds lives in
 * `arena` and in r. Nothing is allocated for a resource that passes everything
 * unless `all` was asked.
 */
void engine_judge(struct engine_worker *w, struct resource *r, struct arena *arena,
		  struct judgement *out);

/* Whether the policy has group rules: then engine_collect must be called with
 * every judgement, in the order of reading, from one thread at a time. */
bool engine_has_groups(const struct engine *e);
void engine_collect(struct engine *e, const struct judgement *j);
/*
 * After the last resource: the verdicts of the group rules, resource by
 * resource in the order of reading. `take` is called for each; what it is
 * handed is good until it returns. Counted into `tally`.
 */
typedef int engine_take(void *to, const struct judgement *j);
int engine_finish(struct engine *e, struct tally *tally, engine_take *take, void *to);

/* How many of the resources are of a kind. */
static inline uint64_t tally_resources(const struct tally *t, enum kind kind)
{
	uint64_t n = t->resources;
	int k;

	if (kind != KIND_RECORDING_CONFIGURATION)
		return t->of_kind[kind];
	for (k = 0; k < N_KINDS; k++)
		n -= t->of_kind[k];
	return n;
}

/* All zero, with room in the arena for the rules and waivers of p. */
void tally_init(struct tally *t, const struct policy *p, struct arena *arena);
/* Adds another one of the same policy. */
void tally_add(struct tally *t, const struct tally *more, const struct policy *p);

#endif
