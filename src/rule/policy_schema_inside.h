/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the policy's schema, shared by the files that write it
 * (policy_schema*.c). What is put goes to the writer of JSON: an object or a member
 * of the one that is open. Nobody else may include this.
 */
#ifndef RULE_POLICY_SCHEMA_INSIDE_H
#define RULE_POLICY_SCHEMA_INSIDE_H

#include "base/arena.h"
#include "model/field.h"
#include "model/write_json.h"
#include "rule/shape.h"

#define ID_PATTERN        "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
#define PARAM_PATTERN     "^[A-Za-z_][A-Za-z0-9_]*$"
#define OF_PARAM_PATTERN  "^\\$[A-Za-z_]"
#define NO_DOLLAR_PATTERN "^([^$]|$)|^\\$[A-Za-z_$]"
#define KINDS_MOST        128

/* What stands in one place of a condition: a definition each. */
struct schema_kind {
	struct type type;
	uint8_t member;     /* type of what a projected map holds; TYPE_NONE */
	const char *values; /* enumeration, or NULL */
	const char *below;  /* where members are objects: "channels[*]."; or NULL */
};

struct schema {
	struct write_json w;
	struct arena arena;
	const char *const *packs;
	size_t n_packs;
	struct schema_kind kinds[KINDS_MOST];
	size_t n_kinds, n_written;
};

/* ---- policy_schema_words.c: small words ------------------------------------- */

/* Members of the object that is open: a text, a number. */
void schema_text(struct schema *s, const char *key, const char *text);
void schema_int(struct schema *s, const char *key, int64_t n);
/* A member that is an object or a list; the end of either. */
void schema_object(struct schema *s, const char *key);
void schema_object_end(struct schema *s);
void schema_list(struct schema *s, const char *key);
void schema_list_end(struct schema *s);
/* No other members than those told. */
void schema_closed(struct schema *s);
/* {"$ref": "#/definitions/NAME"}: its member, the whole, and as a member. */
void schema_ref(struct schema *s, const char *name);
void schema_ref_object(struct schema *s, const char *name);
void schema_ref_member(struct schema *s, const char *key, const char *name);
/* {"type": TYPE} */
void schema_type_object(struct schema *s, const char *type);
/* {"type": "string", "pattern": ...} */
void schema_pattern_object(struct schema *s, const char *pattern);
/* "enum" of the |-separated values, of severities, of verdicts. */
void schema_enum(struct schema *s, const char *values);
void schema_severities(struct schema *s);
/* Without what no test can see: nothing waives in a test. */
void schema_verdicts(struct schema *s);

/* ---- policy_schema_kinds.c: what stands in conditions ------------------------- */

/* The definition's name: "value", "operators" and so on of a kind, which is noted. */
const char *schema_kind_name(struct schema *s, const char *what, struct schema_kind kind);
/* What a field, and a member of it, holds. */
struct schema_kind schema_plain_kind(enum type_base base);
/* What the paths of a list's members begin with, or NULL: "channels[*]." */
const char *schema_members_of(struct schema *s, const struct field *f);
struct schema_kind schema_field_kind(struct schema *s, const struct field *f);
/* channels[*].type is a list of the members' values. */
struct schema_kind schema_projected_kind(const struct field_member *m);
struct schema_kind schema_element_kind(const struct schema_kind *k);
/* Definitions: of named formats, and of texts with fields in them. */
void schema_formats(struct schema *s);
/* `all`, `any`, `none` and `not`, with conditions of the name. */
void schema_connectives(struct schema *s, const char *condition);
/* A property for a path with its documentation. */
void schema_path(struct schema *s, const char *path, const char *text, struct schema_kind k);
/* Of every kind of value that was met, also while writing those of others. */
void schema_kinds(struct schema *s);

/* ---- policy_schema_cond.c: conditions, and the configurations of tests -------- */

/* A condition on a resource. */
void schema_condition(struct schema *s);
/* The path of a field with one value, as group_by takes it. */
void schema_group_path(struct schema *s);
/* The path of what a test leaves unknown: a field, or all below one. */
void schema_unknown_path(struct schema *s);
/* Definitions of what may stand behind an operator. */
void schema_operand_definitions(struct schema *s);
/* The properties of a configuration in a test, below a prefix. */
void schema_given(struct schema *s, bool members, struct str prefix);

/* ---- policy_schema_rules.c: keys, tests, rules, parameters --------------------- */

/* A key whose value has a shape of its own. */
struct schema_more {
	const char *key;
	void (*put)(struct schema *s);
};

/* The members of an object's schema, from the table of its shape; the caller opens and
 * closes it. */
void schema_table(struct schema *s, const struct shape_table *table, const struct schema_more *more,
		  size_t n);
#define SCHEMA_TABLE(s, table, more) schema_table(s, &(table), more, sizeof(more) / sizeof(*(more)))

/* Values of keys whose shape is their own. */
void schema_more_condition(struct schema *s);
void schema_more_severity(struct schema *s);
void schema_more_id(struct schema *s);
/* A text with fields in it: braces come in pairs. */
void schema_more_message(struct schema *s);
void schema_more_positive(struct schema *s);
void schema_more_params(struct schema *s);
void schema_more_configure(struct schema *s);
/* Lists of tests, rules, parameters. */
void schema_tests(struct schema *s);
/* What a group rule requires: of fields, or of the group. */
void schema_group_require(struct schema *s);
void schema_rule(struct schema *s);
void schema_param(struct schema *s);

#endif
