/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One compiled rule and one resource: the verdict, and the finding that says
 * why. Waivers and overrides are the engine's.
 */
#ifndef RULE_VERDICT_H
#define RULE_VERDICT_H

#include "rule/policy_inside.h"

/*
 * `when` false: not applicable. `require` true: pass, also where it is not known
 * whether the rule applies, since neither outcome is a violation. Otherwise
 * undecided where either is unknown, else fail. What cannot be evaluated is an
 * error. Allocates nothing but what operands build, in j->arena.
 */
enum verdict verdict_of(const struct compiled *c, const struct resource *r, struct judge *j);

/* The last step of that: where the rule applies, or may. */
enum verdict verdict_of_truths(enum truth applies, enum truth holds, const struct judge *j);

/* What the makers of findings share. */
struct explain {
	struct arena *arena; /* of the findings */
	struct buf *text;    /* used again and again */
	bool excerpts;       /* wanted in findings */
	struct judge judge;  /* its arena is that of the findings */
};

/* Both are borrowed; text may be NULL where nothing but explain_unknown is called. */
void explain_init(struct explain *x, struct arena *arena, struct buf *text);
/*
 * Fills a finding of a verdict of verdict_of, with all texts; e is the evidence
 * of a fail. The subject's id goes into the fingerprint.
 */
void explain_verdict(struct explain *x, const struct compiled *c, enum verdict verdict,
		     const struct resource *r, struct finding *f, struct evidence *e);
/* "tags.Owner is unknown: known after the deploy"; with what is known of it:
 * "name is acme-{AWS::AccountId}: AWS::AccountId is known after the deploy". */
const char *explain_not_known(struct arena *arena, struct str field, const struct value *v,
			      const char *why);
/* The same of a condition. */
const char *explain_unknown(struct explain *x, const struct cond *c, const struct resource *r,
			    struct evidence *e);
/* All values of the evidence of a fail, as a list; NULL where there is one. */
const struct value *evidence_values(const struct evidence *e, struct arena *arena);
/* Takes the reason from x->text, and makes the message of a verdict that has
 * nothing but a reason: "bucket-name cannot be decided". */
void explain_reason(struct explain *x, struct finding *f);
/* A finding without texts. */
void finding_init(struct finding *f, const struct compiled *c, enum verdict verdict);
/* Of rule, subject and field: the same in every run. */
void finding_fingerprint(struct finding *f, struct str subject);
/* What was put into x->text, cut to LIMIT_MESSAGE_SIZE, in the arena. */
struct str explain_take(struct explain *x);

#endif
