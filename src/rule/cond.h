/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions: compiled and checked when the policy is loaded, judged in three
 * values for each resource, explained when somebody wants to know why.
 * The language is described in ivslint-rules(5).
 */
#ifndef RULE_COND_H
#define RULE_COND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/field.h"
#include "model/mistake.h"
#include "model/resource.h"
#include "model/value.h"
#include "rule/params.h"

/* Kleene's logic: UNKNOWN lies between. The order makes `all` a minimum and
 * `any` a maximum. */
enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

/* What a condition is compiled in. */
struct scope {
	unsigned kinds; /* KINDS_*: a path is of one of them */
	const struct params *params;
	struct source *source; /* where the condition is written */
	struct mistakes *mistakes;
	struct arena *arena; /* the policy's: what is compiled lives there */
};

#define JUDGE_SITES 64

/* What a judgement needs besides the condition and the resource; one for each
 * worker, used again and again. */
struct judge {
	struct arena *arena; /* scratch: what an operand has to build */
	/* NULL, or why the condition could not be evaluated (a pattern's limit
	 * was reached): then the rule's verdict is error, whatever the truth.
	 * Judging sets it and never clears it: the caller does. */
	const char *error;
	/* For cond_explain: whether it looks for each member that is not as it should be,
	 * and not only for the first. */
	bool every;
	/* Where keys of maps were found last (rule/key.h): JUDGE_SITES of them, zeroed by the
	 * caller; or NULL. */
	uint8_t *near;
};

struct cond;

/* Gives NULL when anything was added to scope->mistakes. node: a mapping. */
struct cond *cond_compile(const struct scope *scope, const struct value *node);
/* Frees what is not memory of the arena (patterns); accepts NULL. */
void cond_release(struct cond *c);
/* Makes patterns fast, for an audit of many; see pattern_warm. */
void cond_warm(struct cond *c);
/* The fields that it reads. */
field_set cond_needs(const struct cond *c);

/* Whether it holds for r, which has all fields that it needs. Takes memory of j->arena for
 * what operands build, and gives it back. */
enum truth cond_judge(const struct cond *c, const struct resource *r, struct judge *j);

/*
 * The leaf that decided: for a false `all` the first false member, for a false
 * `any` the member that came nearest (the last one tried in the order written)
 * with all of them in `expected`, for an unknown condition the first unknown.
 * For a true condition the first member that is true.
 */
struct evidence {
	enum truth truth;
	struct str field; /* path as the rule's author wrote it; "" when many are concerned */
	const struct value *actual; /* never NULL: absent, unknown and so on are values */
	struct str
	    expected;       /* "at least 5", "one of [a, b]": reads after "must be" or "expected" */
	struct str detail;  /* more for the message: "'owner' is near to 'Owner'", "" */
	const char *why;    /* for unknown: which value, why; NULL otherwise */
	struct place place; /* of the actual value; of the parent or the resource when absent */
	struct place cond_place; /* of the leaf in the policy */
	/* Further leaves of the same `all` that do not hold, for messages. */
	const struct evidence *next;
	/* Further members for which the same leaf does not hold, where the judge was asked
	 * for every one: of them `actual` and `also` count. */
	const struct evidence *also;
};

/* Texts are in `arena`. Evaluates again; call it for what did not pass. */
void cond_explain(const struct cond *c, const struct resource *r, struct judge *j,
		  struct arena *arena, struct evidence *evidence);

/* One line: "tags has keys [Owner, Environment]". For `rules` and `explain`. */
void cond_describe(const struct cond *c, struct buf *b);

/*
 * The evaluation step by step: `step` is called for every node in the order of
 * evaluation, parents before members, with its depth, a description, its truth
 * and where it is written; leaves come with their evidence (else NULL). Members
 * are told although another may have decided before them.
 */
typedef void cond_step(void *to, int depth, struct str description, enum truth truth,
		       struct place place, const struct evidence *leaf);
void cond_trace(const struct cond *c, const struct resource *r, struct judge *j,
		struct arena *arena, cond_step *step, void *to);

/*
 * Operators alone, on a value of a known type: `{min: 1, max: $n}` on the size
 * of a group. `what` names the subject in mistakes ("count").
 */
struct ops;
struct ops *ops_compile(const struct scope *scope, const char *what, struct type type,
			const struct value *node);
void ops_release(struct ops *o);
enum truth ops_judge(const struct ops *o, const struct value *v, const struct resource *r,
		     struct judge *j);
/* "at least 1 and at most 20" */
void ops_describe(const struct ops *o, struct buf *b);

/*
 * Texts with fields in them: '{name} drops the 1080p rendition'. `{{` and `}}`
 * are braces. Besides fields: {$param}, and in messages {actual}, {expected},
 * {field}, {detail}.
 */
struct format;
/* message: whether {actual} and so on are allowed. */
struct format *format_compile(const struct scope *scope, const struct value *text, bool message);
field_set format_needs(const struct format *f);
/* Puts the text; e may be NULL where no message. A value that is absent shows
 * as "absent". Gives TRUTH_UNKNOWN when a field is unknown, TRUTH_FALSE when one
 * is absent, else TRUTH_TRUE. */
enum truth format_put(const struct format *f, const struct resource *r, const struct evidence *e,
		      struct buf *b);

/* The table of operators, for lists, help and the schema. */
struct op_row {
	const char *name;
	const char *types;   /* "number", "string, list, map", "any" */
	const char *operand; /* "number", "list", "pattern", "true or false" ... */
	const char *text;    /* one line of documentation */
};
extern const struct op_row op_rows[];
extern const size_t op_n_rows;
/* The named formats of `is` and `is_not`. */
struct format_row {
	const char *name;
	const char *text;
};
extern const struct format_row format_rows[];
extern const size_t format_n_rows;

#endif
