/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One rule followed: the parameters that it reads, and the evaluation for one
 * resource step by step, for somebody who wants to know why.
 */
#ifndef RULE_TRACE_H
#define RULE_TRACE_H

#include "rule/policy.h"

struct trace_param {
	const struct param *param;
	struct place place; /* counted, of the value in param->set_in */
	bool is_default;    /* as it is declared: no file and no option sets it */
};

/* One node of a condition. */
struct trace_step {
	bool in_when;
	int depth; /* 0: the whole of `when` or `require` */
	struct str text;
	enum truth truth;
	struct place place;          /* counted, in the rule's source */
	const struct evidence *leaf; /* NULL for all, any, none and not */
	struct place found_at;       /* counted, of the leaf's value in the resource's source */
};

struct tracer {
	void *to;
	/* Each override that can change the rule and holds for the resource, or may. */
	void (*override)(void *to, const char *name, enum truth truth);
	void (*param)(void *to, const struct trace_param *param);
	void (*step)(void *to, const struct trace_step *step);
};

/* The parameters that the rule's texts mention, in the order written, as they
 * are in force without overrides. */
void trace_params(const struct policy *p, const struct rule *rule, const struct tracer *t);
/* What must be read of a resource so that the rule can be followed, also where
 * it is not enabled. */
field_set trace_needs(const struct policy *p, const struct rule *rule);
/*
 * The rule as the overrides that hold leave it: the overrides, the parameters
 * where one holds, then `when`, and `require` where `when` is not false. Of a
 * group rule `when` alone: the rest needs the whole group.
 */
void trace_resource(struct policy *p, const struct rule *rule, struct resource *r,
		    const struct tracer *t);

#endif
