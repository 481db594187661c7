/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of groups, shared by the files that remember resources
 * (group_keep.c), judge (group.c) and explain (group_text.c).
 */
#ifndef RULE_GROUP_INSIDE_H
#define RULE_GROUP_INSIDE_H

#include "rule/group.h"
#include "rule/group_rule.h"

#define NONE       UINT32_MAX
#define NAMED_MOST 5 /* values or members that a message names */

/* What is kept of a resource for one rule. */
struct kept_member {
	const struct compiled *c;
	uint32_t *values; /* of `require`: numbers of values, NONE for unknown */
	struct place *places;
	const uint8_t *waivers; /* enum waiver_match; NULL: none */
	uint32_t group;         /* NONE: in no known group */
	uint32_t reason;        /* number of a text, NONE for none */
	uint32_t field;
	uint8_t state;
};

struct kept {
	struct kept *next;
	struct subject subject;
	struct place place;
	struct kept_member members[];
};

/* How often one value occurs in one group. */
struct tied {
	uint32_t n_in, n_all;
	struct kept *few[NAMED_MOST + 1];
};

/* One field of `require` in one group. */
struct asked {
	uint32_t n_values, n_values_all; /* different ones, of members and of all */
	uint32_t n_unknown, n_unknown_all;
	uint32_t few[NAMED_MOST]; /* numbers of values of members */
};

struct group {
	uint32_t n_in, n_maybe;
	uint32_t *keys; /* numbers of values */
	struct kept *few[NAMED_MOST + 1];
	enum truth count;
	struct asked asked[];
};

/* Growing pointers in an arena. */
struct shelf {
	void **list;
	size_t cap;
};

struct group_store {
	const struct compiled *base;
	const struct group_rule *rule;
	struct names group_names; /* by the numbers of the keys' values */
	struct shelf groups;      /* struct group */
	struct names tied_names;  /* by group, path and value */
	struct shelf ties;        /* struct tied */
	uint64_t n_anywhere;      /* resources that may be in any group */
};

struct groups {
	struct arena arena;
	const struct policy *p;
	struct group_store *rules;
	size_t n;
	struct names texts;       /* files, accounts, reasons ... */
	struct names value_names; /* canonical bytes of values */
	struct shelf values;      /* struct value */
	struct kept *first, **last;
	struct buf text;
	int32_t as_of;
	bool all;
	struct baseline *baseline; /* or NULL */
};

/* ---- group_keep.c ---- */

/* "" for NONE. */
struct str group_kept_text(const struct groups *g, uint32_t i);
const struct value *group_kept_value(const struct groups *g, uint32_t i);
/* How often a value occurs in a group, for the field of `require` that `path` numbers. */
struct tied *group_tied(struct groups *g, struct group_store *s, uint32_t group, size_t path,
			uint32_t value);
/* Whether the rule is one of the kind that the subject is. */
bool group_judges(const struct group_store *s, const struct subject *subject);

/* ---- group.c ---- */

/* One entry of `require` for a member of a known group. */
enum truth group_judge_ask(struct groups *g, struct group_store *s, const struct kept_member *m,
			   size_t ask);

/* ---- group_text.c ---- */

/* The finding of a verdict that is worth one. */
void group_explain(struct groups *g, struct group_store *s, const struct kept *k,
		   const struct kept_member *m, enum verdict verdict, struct tally *tally,
		   struct arena *arena, struct finding *f);

#endif
