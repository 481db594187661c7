/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules over several resources: what they ask, what they remember of each
 * resource, and the verdicts when all have been read.
 */
#ifndef RULE_GROUP_H
#define RULE_GROUP_H

#include <stdint.h>

#include "rule/engine.h"
#include "rule/policy_inside.h"
#include "rule/waiver.h"

struct group_rule;

/* The paths of group_by and the entries of require. NULL with mistakes. */
struct group_rule *group_compile(const struct scope *scope, const struct rule *rule);
/* Accepts NULL. */
void group_rule_release(struct group_rule *g);
field_set group_rule_needs(const struct group_rule *g);
/* The fields that its messages can show: what is remembered of a resource. */
field_set group_rule_shows(const struct group_rule *g);

/* How a resource stands to a rule's groups. */
enum group_state {
	GROUP_OUT, /* `when` does not hold, or a field of group_by is absent */
	GROUP_IN,
	GROUP_UNSURE_WHEN, /* perhaps in its group */
	GROUP_UNSURE_KEY,  /* perhaps in any group */
	GROUP_ERROR,
};

/* One resource and one rule. What it points to is the resource's or the unit's. */
struct group_member {
	enum group_state state;
	const struct compiled *c;         /* severity and message in force for this resource */
	struct str reason;                /* of what is neither in nor plainly out */
	struct str field;                 /* that is unknown or absent */
	const struct value **values;      /* of group_by, then of require */
	struct place *places;             /* counted, of the same */
	const enum waiver_match *waivers; /* by the order of the rule's waivers; NULL: none */
};

struct group_fact {
	struct subject subject;
	struct place place;           /* counted, of the resource */
	struct group_member *members; /* one for each rule */
};

/*
 * Looks at a resource for one rule. c: as the overrides leave it; its groups
 * are those of `base`. reasons: also why it is plainly out. What is made is in
 * `arena`.
 */
void group_look(const struct compiled *c, const struct compiled *base, const struct resource *r,
		bool reasons, struct arena *arena, struct group_member *m);

/* All groups of some rules. p: for waivers, or NULL. */
struct groups;
struct groups *groups_new(const struct policy *p, const struct compiled *const *rules, size_t n,
			  int32_t as_of, bool all);
/* Findings of b are accepted; NULL: none are. */
void groups_accept(struct groups *g, struct baseline *b);
/* Accepts NULL. */
void groups_free(struct groups *g);
/* Copies what must be remembered. */
void groups_add(struct groups *g, const struct group_fact *fact);
/* See engine_finish. */
int groups_finish(struct groups *g, struct tally *tally, engine_take *take, void *to);

#endif
