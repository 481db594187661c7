/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators: a row in rule/op_list.h and a prepare function in the op_*.c that
 * fits. Prepare runs at load: it checks the operand and binds the function
 * that is run for each value, which cannot fail.
 */
#ifndef RULE_OP_H
#define RULE_OP_H

#include "base/few.h"
#include "rule/compile.h"
#include "model/partial.h"
#include "rule/key.h"
#include "rule/operand.h"

enum op_id {
#define OP(name, ...) OP_##name,
#include "rule/op_list.h"
#undef OP
	OP_none,
	N_OPS = OP_none
};

/* Bits of enum type_base. */
#define ON(base) (1u << TYPE_##base)
enum {
	ON_STRING = ON(STRING) | ON(ANY),
	ON_NUMBER = ON(NUMBER) | ON(ANY),
	ON_LIST = ON(LIST) | ON(ANY),
	ON_MAP = ON(MAP) | ON(ANY),
	ON_SCALAR = ON(STRING) | ON(NUMBER) | ON(BOOLEAN) | ON(ANY),
	ON_STRING_LIST = ON_STRING | ON_LIST,
	ON_LIST_MAP = ON_LIST | ON_MAP,
	ON_SIZED = ON_STRING | ON_LIST | ON_MAP,
	ON_ANY = ON_SCALAR | ON_LIST | ON_MAP,
	ON_ALL = ON_ANY | ON(OBJECT),
};
/* For lists and mistakes. */
#define ON_STRING_text      "string"
#define ON_NUMBER_text      "number"
#define ON_LIST_text        "list"
#define ON_MAP_text         "map"
#define ON_SCALAR_text      "string, number, boolean"
#define ON_STRING_LIST_text "string, list"
#define ON_LIST_MAP_text    "list, map"
#define ON_SIZED_text       "string, list, map"
#define ON_ANY_text         "any"
#define ON_ALL_text         "any"

struct test;

/* What a prepare function works with. */
struct prepare {
	const struct compile *c;
	struct test *test;
	struct str what;          /* the field's path, for mistakes */
	const struct value *node; /* the operand as written */
};

struct op {
	enum op_id id;
	const char *name;
	unsigned on;
	int (*prepare)(const struct prepare *p); /* -1 after adding a mistake */
	bool negated;
	enum op_id opposite;
	const char *expect, *describe;
};

extern const struct op op_table[N_OPS];
/* NULL when there is none of this name. */
const struct op *op_find(struct str name);

/* test_run_fn is in compile.h. */
/* Puts more into the evidence of a test that was judged: the field, the value
 * and the texts are filled already. Builds in `arena`, e->j->arena as well. */
typedef void test_explain_fn(const struct test *t, const struct value *v, const struct eval *e,
			     bool negated, struct arena *arena, struct evidence *ev);

enum say { SAY_EXPECT, SAY_DESCRIBE };
/* Instead of the table's words. e is NULL where no resource is at hand. */
typedef void test_say_fn(const struct test *t, const struct eval *e, enum say say, bool negated,
			 struct buf *b);

/* An allowed value of a key. */
struct allowed_value {
	const struct value *value;
	bool glob;
};

struct allowed {
	struct key key;
	const struct allowed_value *values;
	size_t n;
	const struct few_set *words; /* the same, where all of them are short texts; or NULL */
};

/* An operator with its operand, prepared. */
struct test {
	test_run_fn *run;
	bool negated;
	bool lenient; /* a string that is a number compares as one */
	const struct op *op;
	struct operand operand;
	struct nature nature; /* of the values that it is run on */
	struct place place;   /* of the operator's name */
	struct str expect;    /* what test_put says, where that is always the same; or "" */
	test_explain_fn *explain;
	test_say_fn *say;
	union {
		struct {
			struct pattern *pattern;
			const struct pattern_plain *plain; /* the same, or NULL */
			const char *limit_text;
		};
		struct {
			const struct str *sorted; /* strings of a long list, or NULL */
			size_t n_sorted;
			const struct few_set *words; /* of short strings */
		};
		struct {
			const struct named_format *format;
			struct pattern *format_pattern;
		};
		struct {
			const struct allowed *allowed;
			size_t n_allowed;
		};
		struct {
			struct ops *ops;    /* of the members, or of the count */
			struct node *where; /* condition of the members, or NULL */
			struct ops *where_ops;
		};
		const struct key *keys; /* of an operand that is known */
		struct number number;   /* of a literal operand */
		uint32_t length;
		bool expected;
	};
};

/* What is known of a value, or of an operand, may decide what `run` could not. */
enum truth test_refine(const struct test *t, const struct value *v, const struct eval *e);

/* What a value is to an operator that is for others: unknown as long as it may be one of
 * them. */
static inline enum truth truth_of_other(const struct value *v)
{
	return v->kind == VALUE_UNKNOWN ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

/* The truth of a test on a value, its negation included. */
static inline enum truth test_judge(const struct test *t, const struct value *v,
				    const struct eval *e)
{
	enum truth truth = t->run(t, v, e);

	if (truth == TRUTH_UNKNOWN &&
	    ((v->flags & VALUE_PARTIAL) != 0 || t->operand.form == OPERAND_PATH))
		truth = test_refine(t, v, e);
	return t->negated ? truth_not(truth) : truth;
}

/* "at least 5"; negated: what the contrary expects. */
void test_put(const struct test *t, const struct eval *e, enum say say, bool negated,
	      struct buf *b);
/* The whole evidence of a test on a value. field: path of the value. */
void test_explain(const struct test *t, const struct value *v, const struct eval *e, bool negated,
		  struct arena *arena, struct evidence *ev);

/* Puts evidence, what comes next of it and the further members of all that behind the last
 * of a list of further members; gives the new last. */
struct evidence *evidence_also(struct evidence *last, struct evidence *more);
/* Shows the place of a member that is written somewhere. */
void evidence_at(struct evidence *ev, const struct value *v);

struct ops {
	struct test *tests;
	size_t n;
	struct gathered *got; /* own, when made by ops_compile */
};

/* what: the subject for mistakes. NULL after adding a mistake. */
struct ops *ops_build(const struct compile *c, struct str what, const struct nature *nature,
		      const struct value *node);
/* Whether all of them hold. */
enum truth ops_run(const struct ops *o, const struct value *v, const struct eval *e);
/* "at least 1 and at most 20" */
void ops_put(const struct ops *o, const struct eval *e, enum say say, bool negated, struct buf *b);
/* Evidence of the test among them that decided. */
void ops_explain(const struct ops *o, const struct value *v, const struct eval *e, bool negated,
		 struct arena *arena, struct evidence *ev);

/* One test by its operator; -1 after adding a mistake. */
int test_compile(const struct compile *c, struct str what, const struct nature *nature,
		 const struct op *op, struct place place, const struct value *node, struct test *t);

/* For prepare functions: reads the operand and checks it. */
int prepare_operand(const struct prepare *p, const struct nature *wanted, bool mixed);
/* Adds a mistake at a value, gives -1. */
int prepare_mistake(const struct prepare *p, const struct value *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds the mistake that the operator is not for the type, gives -1. */
int prepare_wrong_type(const struct prepare *p);
/* A list operand: that it is one, and not empty where that makes no sense.
 * never: an empty one is never satisfied, not even from a parameter. */
int prepare_list(const struct prepare *p, const struct nature *wanted, bool never);

/* Kleene's equality: unknown where a member's being unknown decides. */
enum truth equal_judge(const struct value *a, const struct value *b);
/* The same of two of which one is unknown, by what is known of it. */
enum truth partial_equal(const struct value *a, const struct value *b);
/* Both, where the text of a tag stands beside a number: as a number, if it is one. */
enum truth equal_mixed(const struct value *a, const struct value *b);
enum truth partial_equal_mixed(const struct value *a, const struct value *b);
/* Whether a text that is partly known is one of the values that a key may have. */
enum truth partial_allowed(const struct allowed *a, const struct partial *p);
/* Whether a list has the member. */
enum truth list_has(const struct value *list, const struct value *member);

#define OP(name, on, family, ...) int op_##family##_prepare(const struct prepare *p);
#include "rule/op_list.h"
#undef OP

#endif
