/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two policies over the same configurations: which verdicts flip. The verdicts
 * of the first are remembered, those of the second held against them.
 */
#ifndef RULE_DIFF_H
#define RULE_DIFF_H

#include "rule/finding.h"
#include "rule/policy.h"

/* The verdict of a rule that a policy does not have, or does not judge. */
#define DIFF_NONE N_VERDICTS

struct diff_side {
	const struct rule *rule; /* NULL where the policy has none of this id */
	int verdict;             /* enum verdict, or DIFF_NONE */
	enum severity severity;
	struct str why; /* message or reason, "" where there is nothing to say */
};

struct diff_flip {
	struct str id, name; /* of the recording configuration */
	const char *file;
	struct str rule;
	struct diff_side was, now;
};

struct diff;

/* Called for each verdict that is another one now. */
typedef void diff_take(void *to, const struct diff_flip *flip);

/* The policies are borrowed. */
struct diff *diff_new(const struct policy *was, const struct policy *now);
/* Accepts NULL. */
void diff_free(struct diff *d);
/* Judgements of the first policy, with the findings of all verdicts. */
void diff_add_was(struct diff *d, const struct judgement *j);
/* Then those of the second, of the same input in the same order. What is handed
 * to `take` is good until it returns. */
void diff_add_now(struct diff *d, const struct judgement *j, diff_take *take, void *to);
/* At the end: verdicts to which nothing of the second policy answered. */
void diff_finish(struct diff *d, diff_take *take, void *to);

/* "pass", ... "not judged" */
const char *diff_verdict_name(int verdict);

#endif
