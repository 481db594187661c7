/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudFormation templates from the inside: what stands in one, and what its
 * functions come to before anything is deployed. Includes SAM and the output of
 * CDK. Used by input_cfn.c and its parts, and by tf_unseen.c.
 *
 * What is not known before the deploy is VALUE_UNKNOWN with its reason; where
 * something of it is known, cfn_unknown_of() says what.
 */
#ifndef INPUT_CFN_H
#define INPUT_CFN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limit.h"
#include "base/str.h"
#include "model/mistake.h"
#include "model/source.h"
#include "model/value.h"

#define CFN_CONFIGURATION "AWS::IVS::RecordingConfiguration"
#define CFN_CHANNEL       "AWS::IVS::Channel"
#define CFN_BUCKET        "AWS::S3::Bucket"
#define CFN_APPLICATION   "AWS::Serverless::Application"
#define CFN_STACK         "AWS::CloudFormation::Stack"
#define CFN_MACRO         "Fn::Transform"

/* ---- values that are not known, or in part ------------------------------------ */

/* A piece of a text: bytes, or a gap named for what is missing there. */
struct cfn_part {
	struct str text;
	const char *gap;            /* NULL for bytes */
	const struct cfn *in;       /* of a gap: two of one name in one template are the same; NULL:
				     * it is the same as no other */
	unsigned chars;             /* CHARS_*, of a gap (model/partial.h) */
	uint32_t least, most;       /* characters of a gap */
	const struct value *number; /* of a gap: the parameter of Type Number, or NULL */
};

struct cfn_unknown {
	const struct cfn_part *parts; /* of a text that is known in part; n_parts 0: none */
	const struct value *may;      /* it is one of these; n_may 0: it may be anything */
	uint32_t n_parts, n_may;
	const struct cfn_resource *of; /* what it stands for, or NULL: the Ref or Arn of this */
	char why[];
};

/* A flag of VALUE_UNKNOWN in this folder: `why` is a cfn_unknown's. */
#define CFN_MORE (1 << 7)

const struct cfn_unknown *cfn_unknown_of(const struct value *v);
struct value cfn_unknown_text(struct arena *a, const struct cfn_part *parts, size_t n,
			      const struct cfn_resource *of, const char *why);
/* One of n values, each once and flat: the value itself when there is only one.
 * NULL for why takes that of the first unknown. */
struct value cfn_one_of(struct arena *a, const struct value *values, size_t n, const char *why);
/* One after the other; texts, numbers, true and false. */
struct value cfn_concat(struct arena *a, const struct value *values, size_t n);
/* A scalar as CloudFormation makes a text of it; false when it is none. */
bool cfn_text(struct arena *a, const struct value *v, struct str *text);
enum cfn_truth { CFN_FALSE, CFN_TRUE, CFN_UNKNOWN };
/* Whether it is one of several values, and none may be it. */
bool cfn_may_be_absent(const struct value *v);
/* The value with the fallback in place of none, where that is among what it may be. */
struct value cfn_or(struct arena *a, const struct value *v, const struct value *fallback);
/* What v may be one of, or NULL where it is no choice. */
const struct cfn_unknown *cfn_choices(const struct value *v);
/* Whether two texts with the same gaps come to the same. */
bool cfn_same_parts(const struct cfn_unknown *x, const struct cfn_unknown *y);
/* Whether two values are equal texts, as far as is known. */
enum cfn_truth cfn_equal(struct arena *a, const struct value *x, const struct value *y);
/* A member of a map, or of each map that it may be; ABSENT where it has none. */
struct value cfn_member(struct arena *a, const struct value *map, const char *key);
/* As everybody else knows partial values: for slots of a resource. A member of a list or a
 * map that may be absent is left out of it, and there may be more than is known. */
struct value cfn_plain(struct arena *a, const struct value *v);
/* The same with every known scalar made another by a function. */
struct value cfn_plain_with(struct arena *a, const struct value *v,
			    struct value (*scalar)(struct value));

/* ---- a template ---------------------------------------------------------------- */

/* A loop variable of Fn::ForEach. */
struct cfn_scope {
	struct str name, value;
	const struct cfn_scope *outer;
};

/* A member of Resources, Conditions or Outputs, loops unrolled. */
struct cfn_named {
	struct str name;
	struct place place; /* of its key */
	const struct value *raw;
	const struct cfn_scope *scope;
};

struct cfn_resource {
	struct cfn_named named;
	struct str type;
	struct cfn *in;
	bool visiting; /* its own Ref is being found out */
};

struct cfn_condition {
	struct cfn_named named;
	enum { CFN_NEW, CFN_VISITING, CFN_DONE } state;
	enum cfn_truth truth;
	const char *why; /* of unknown */
};

struct cfn_parameter {
	struct str name;
	const struct value *raw;
	struct value value;
	int state;
};

struct cfn_list {
	struct cfn_named *list;
	size_t n, cap;
};

/* What is known of the stack besides its template. */
struct cfn_stack {
	struct str region, account, name; /* "" when not known */
	struct value tags;                /* a map, or ABSENT */
	/* The value of a parameter, or NULL; and what other stacks offer. */
	void *to;
	const struct value *(*parameter)(void *to, const struct cfn *t, struct str name);
	/* Where such a value was given, for people; NULL where `parameter` is. */
	const char *(*origin)(void *to, const struct cfn *t, struct str name);
	struct value (*import)(void *to, struct cfn *t, struct str name);
	struct value (*output)(void *to, const struct cfn_resource *stack, struct str name);
	/* The tags of one that other stacks may be around; NULL: `tags` are all. */
	struct value (*inherited)(void *to, struct cfn *t);
};

struct cfn {
	struct arena *arena;
	struct source *source;
	struct value root;
	struct cfn_stack stack;
	struct cfn_parameter *parameters;
	size_t n_parameters;
	struct cfn_condition *conditions;
	size_t n_conditions;
	struct cfn_resource *resources;
	size_t n_resources;
	struct cfn_named *outputs;
	size_t n_outputs;
	const struct value *mappings;  /* or NULL */
	struct cfn_list unknown_loops; /* loops over what is not known */
	/* Those of Resources that hold a recording configuration, others that hold a
	 * channel, and those that hold what makes others: stacks, modules, macros. */
	struct cfn_named *loops, *channel_loops, *unseen_loops;
	size_t n_loops, n_channel_loops, n_unseen_loops;
	unsigned depth;
	uint32_t steps;
	const char *exhausted; /* the limit that was reached, or NULL */
};

/*
 * Reads source->bytes, JSON or YAML. -1 when it is refused: *place and *text say
 * where and why. 0 with root.kind other than VALUE_MAP, or no "Resources", for
 * what is no template. The tree is the arena's or points into the bytes.
 */
int cfn_read_tree(struct source *source, struct arena *arena, struct value *root,
		  struct place *place, const char **text);
bool cfn_is_template(const struct value *root);
/* Finds what stands in it. t->source, arena, root and stack are set. -1 with
 * place and text for what no template has. */
int cfn_open(struct cfn *t, struct place *place, const char **text);
/* Lets go of what is not the arena's. */
void cfn_close(struct cfn *t);

struct cfn_resource *cfn_resource_find(struct cfn *t, struct str id);
const struct value *cfn_get(const struct cfn_resource *r, const char *key);

/* ---- functions ------------------------------------------------------------------ */

/* What v comes to. ABSENT for AWS::NoValue. */
struct value cfn_eval(struct cfn *t, const struct value *v, const struct cfn_scope *scope);
/* Whether a condition holds; *why where that is not known. */
enum cfn_truth cfn_holds(struct cfn *t, struct str name, const char **why);
/* Whether a resource is made. */
enum cfn_truth cfn_exists(struct cfn *t, const struct cfn_resource *r, const char **why);
/* Unrolls the loops of a section into a list. */
void cfn_unroll(struct cfn *t, const struct value *section, const struct cfn_scope *scope,
		struct cfn_list *list);
/* Sorts the loops of Resources over what is not known by what they would make. */
void cfn_sort_loops(struct cfn *t);
/* The name of a bucket: literal, or what is known of it. */
struct value cfn_bucket_name(struct cfn *t, struct cfn_resource *bucket);
const struct value *cfn_parameter_value(struct cfn *t, struct str name);
/* A name in a message: visible, quoted, cut. */
const char *cfn_quoted(struct arena *a, struct str s);

#endif
