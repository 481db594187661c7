/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of mappings: rules, their tests, and parameters, from the tables of their shapes.
 */
#include "rule/policy_schema_inside.h"

#include "rule/op.h"
#include "rule/shape.h"

/* ---- keys of mappings ------------------------------------------------------- */

static void put_kinds_of_value(struct schema *s, unsigned kinds)
{
	static const struct {
		unsigned kind;
		const char *name;
	} names[] = {
		{ SHAPE_STRING, "string" },   { SHAPE_NUMBER, "number" },
		{ SHAPE_BOOLEAN, "boolean" }, { SHAPE_LIST, "array" },
		{ SHAPE_MAP, "object" },      { SHAPE_NULL | SHAPE_KEEP_NULL, "null" },
	};
	size_t i;

	schema_list(s, "type");
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if ((kinds & names[i].kind) != 0)
			write_json_text(&s->w, names[i].name);
	schema_list_end(s);
}

static void put_property(struct schema *s, const struct shape_key *key,
			 const struct schema_more *more, size_t n)
{
	size_t i;

	schema_object(s, key->name);
	schema_text(s, "title", key->name);
	schema_text(s, "description", key->text);
	put_kinds_of_value(s, key->kinds);
	for (i = 0; i < n; i++)
		if (strcmp(more[i].key, key->name) == 0)
			more[i].put(s);
	schema_object_end(s);
}

void schema_table(struct schema *s, const struct shape_table *table, const struct schema_more *more,
		  size_t n)
{
	size_t i;

	schema_text(s, "type", "object");
	schema_closed(s);
	schema_list(s, "required");
	for (i = 0; i < table->n; i++)
		if (table->keys[i].required)
			write_json_text(&s->w, table->keys[i].name);
	schema_list_end(s);
	schema_object(s, "properties");
	for (i = 0; i < table->n; i++)
		put_property(s, &table->keys[i], more, n);
	schema_object_end(s);
}

static void one_of_definition(struct schema *s, const char *name)
{
	schema_list(s, "allOf");
	schema_ref_object(s, name);
	schema_list_end(s);
}

void schema_more_condition(struct schema *s)
{
	one_of_definition(s, "condition");
}

void schema_more_severity(struct schema *s)
{
	schema_severities(s);
}

void schema_more_id(struct schema *s)
{
	schema_text(s, "pattern", ID_PATTERN);
	schema_int(s, "maxLength", 100);
}

/* A text with fields in it: braces come in pairs. */
void schema_more_message(struct schema *s)
{
	schema_text(s, "pattern", "^([^{}]|\\{\\{|\\}\\}|\\{[^{}]+\\})*$");
}

void schema_more_positive(struct schema *s)
{
	schema_int(s, "multipleOf", 1);
	schema_int(s, "minimum", 1);
	schema_int(s, "maximum", INT32_MAX);
}

static void more_strings(struct schema *s)
{
	schema_object(s, "items");
	schema_text(s, "type", "string");
	schema_object_end(s);
}

void schema_more_params(struct schema *s)
{
	schema_object(s, "propertyNames");
	schema_text(s, "pattern", PARAM_PATTERN);
	schema_object_end(s);
	schema_object(s, "additionalProperties");
	schema_object(s, "not");
	schema_text(s, "type", "null");
	schema_object_end(s);
	schema_object_end(s);
}

void schema_more_configure(struct schema *s)
{
	schema_object(s, "propertyNames");
	schema_text(s, "pattern", ID_PATTERN);
	schema_object_end(s);
	schema_ref_member(s, "additionalProperties", "configure");
}

/* ---- tests ------------------------------------------------------------------ */

static void more_given(struct schema *s)
{
	one_of_definition(s, "given");
}

static void more_given_list(struct schema *s)
{
	schema_ref_member(s, "items", "given");
}

static void more_unknown(struct schema *s)
{
	schema_ref_member(s, "items", "unknown-path");
}

/* By paths; which there are is under "unknown". */
static void more_partial(struct schema *s)
{
	schema_ref_member(s, "propertyNames", "unknown-path");
	schema_object(s, "additionalProperties");
	schema_list(s, "anyOf");
	write_json_object(&s->w);
	schema_text(s, "type", "string");
	schema_object_end(s);
	write_json_object(&s->w);
	schema_text(s, "type", "object");
	schema_object_end(s);
	schema_list_end(s);
	schema_object_end(s);
}

static void more_expect(struct schema *s)
{
	schema_verdicts(s);
}

static void more_expect_list(struct schema *s)
{
	schema_list(s, "anyOf");
	write_json_object(&s->w);
	schema_verdicts(s);
	schema_object_end(s);
	write_json_object(&s->w);
	schema_text(s, "type", "array");
	schema_object(s, "items");
	schema_verdicts(s);
	schema_object_end(s);
	schema_object_end(s);
	schema_list_end(s);
}

void schema_tests(struct schema *s)
{
	static const struct schema_more single[] = {
		{ "given", more_given },          { "unknown", more_unknown },
		{ "partial", more_partial },      { "expect", more_expect },
		{ "params", schema_more_params },
	};
	static const struct schema_more group[] = {
		{ "given", more_given_list },     { "unknown", more_unknown },
		{ "partial", more_partial },      { "expect", more_expect_list },
		{ "params", schema_more_params },
	};

	schema_object(s, "given");
	schema_given(s, false, STR(""));
	schema_object_end(s);
	schema_object(s, "test");
	SCHEMA_TABLE(s, shape_test, single);
	schema_object_end(s);
	schema_object(s, "group-test");
	SCHEMA_TABLE(s, shape_group_test, group);
	schema_object_end(s);
}

/* ---- rules ------------------------------------------------------------------ */

static void more_kind(struct schema *s)
{
	size_t i;

	schema_list(s, "enum");
	for (i = 0; i < N_KINDS; i++)
		write_json_text(&s->w, kind_table[i].name);
	schema_list_end(s);
}

static void more_group_by(struct schema *s)
{
	schema_int(s, "minItems", 1);
	schema_ref_member(s, "items", "group-path");
}

static void more_controls(struct schema *s)
{
	schema_object(s, "additionalProperties");
	schema_text(s, "type", "array");
	more_strings(s);
	schema_object_end(s);
}

static void more_true(struct schema *s)
{
	write_json_key(&s->w, "const");
	write_json_boolean(&s->w, true);
}

static void more_count(struct schema *s)
{
	one_of_definition(s, schema_kind_name(s, "operators", schema_plain_kind(TYPE_NUMBER)));
}

/* What a group rule requires: of fields, or of the group. */
void schema_group_require(struct schema *s)
{
	static const struct schema_more ask[] = { { "same", more_true }, { "unique", more_true } };
	static const struct schema_more group[] = { { "count", more_count } };

	schema_object(s, "ask");
	SCHEMA_TABLE(s, shape_ask, ask);
	schema_int(s, "minProperties", 1);
	schema_int(s, "maxProperties", 1);
	schema_object_end(s);
	schema_object(s, "group-require");
	schema_text(s, "type", "object");
	schema_int(s, "minProperties", 1);
	schema_ref_member(s, "propertyNames", "group-word");
	schema_object(s, "properties");
	schema_object(s, "group");
	schema_text(s, "description", "The group's size");
	SCHEMA_TABLE(s, shape_group, group);
	schema_object_end(s);
	schema_object_end(s);
	schema_ref_member(s, "additionalProperties", "ask");
	schema_object_end(s);
	schema_object(s, "group-word");
	schema_list(s, "anyOf");
	write_json_object(&s->w);
	schema_text(s, "const", "group");
	schema_object_end(s);
	schema_ref_object(s, "group-path");
	schema_list_end(s);
	schema_object_end(s);
}

static void put_rule_branch(struct schema *s, const char *key, const char *require,
			    const char *test)
{
	schema_object(s, key);
	schema_object(s, "properties");
	schema_ref_member(s, "require", require);
	schema_object(s, "tests");
	schema_ref_member(s, "items", test);
	schema_object_end(s);
	schema_object_end(s);
	schema_object_end(s);
}

void schema_rule(struct schema *s)
{
	static const struct schema_more more[] = {
		{ "id", schema_more_id },
		{ "kind", more_kind },
		{ "severity", schema_more_severity },
		{ "when", schema_more_condition },
		{ "group_by", more_group_by },
		{ "references", more_strings },
		{ "controls", more_controls },
		{ "message", schema_more_message },
		{ "since", schema_more_positive },
	};

	schema_object(s, "rule");
	SCHEMA_TABLE(s, shape_rule, more);
	schema_object(s, "if");
	schema_list(s, "required");
	write_json_text(&s->w, "group_by");
	schema_list_end(s);
	schema_object_end(s);
	put_rule_branch(s, "then", "group-require", "group-test");
	put_rule_branch(s, "else", "condition", "test");
	schema_object_end(s);
}

/* ---- parameters ------------------------------------------------------------- */

static const char *const scalar_types[] = { "string", "number", "boolean", "pattern" };
#define N_SCALARS (sizeof(scalar_types) / sizeof(*scalar_types))

/* The schema of a value of a scalar type; of "list<string>" for N_SCALARS. */
static void put_scalar_type(struct schema *s, size_t scalar)
{
	write_json_object(&s->w);
	if (scalar == N_SCALARS) {
		schema_text(s, "type", "array");
		more_strings(s);
	} else {
		schema_text(s, "type", scalar == 3 ? "string" : scalar_types[scalar]);
	}
	schema_object_end(s);
}

/* Gives the name of the n-th type that a parameter can have, or NULL. */
static const char *param_type(struct schema *s, size_t n)
{
	if (n < N_SCALARS)
		return scalar_types[n];
	if (n == N_SCALARS)
		return "range";
	n -= N_SCALARS + 1;
	if (n < N_SCALARS)
		return arena_printf(&s->arena, "list<%s>", scalar_types[n]);
	n -= N_SCALARS;
	if (n < N_SCALARS)
		return arena_printf(&s->arena, "map<%s>", scalar_types[n]);
	return n == N_SCALARS ? "map<list<string>>" : NULL;
}

static void put_range(struct schema *s)
{
	static const char *const bounds[] = { "min", "max" };
	size_t i;

	write_json_object(&s->w);
	schema_text(s, "type", "object");
	schema_closed(s);
	schema_object(s, "properties");
	for (i = 0; i < 2; i++) {
		schema_object(s, bounds[i]);
		schema_text(s, "type", "number");
		schema_object_end(s);
	}
	schema_object_end(s);
	schema_object_end(s);
}

/* The schema of a value of the n-th type. */
static void put_param_value(struct schema *s, size_t n)
{
	if (n < N_SCALARS) {
		put_scalar_type(s, n);
		return;
	}
	if (n == N_SCALARS) {
		put_range(s);
		return;
	}
	n -= N_SCALARS + 1;
	write_json_object(&s->w);
	schema_text(s, "type", n < N_SCALARS ? "array" : "object");
	write_json_key(&s->w, n < N_SCALARS ? "items" : "additionalProperties");
	put_scalar_type(s, n < N_SCALARS ? n : n - N_SCALARS);
	schema_object_end(s);
}

static void more_param_type(struct schema *s)
{
	const char *type;
	size_t i;

	schema_list(s, "enum");
	for (i = 0; (type = param_type(s, i)) != NULL; i++)
		write_json_text(&s->w, type);
	schema_list_end(s);
}

void schema_param(struct schema *s)
{
	static const struct schema_more more[] = { { "type", more_param_type } };
	const char *type;
	size_t i;

	schema_object(s, "parameter-declaration");
	SCHEMA_TABLE(s, shape_param, more);
	schema_list(s, "allOf");
	for (i = 0; (type = param_type(s, i)) != NULL; i++) {
		write_json_object(&s->w);
		schema_object(s, "if");
		schema_object(s, "properties");
		schema_object(s, "type");
		schema_text(s, "const", type);
		schema_object_end(s);
		schema_object_end(s);
		schema_object_end(s);
		schema_object(s, "then");
		schema_object(s, "properties");
		write_json_key(&s->w, "default");
		put_param_value(s, i);
		schema_object_end(s);
		schema_object_end(s);
		schema_object_end(s);
	}
	schema_list_end(s);
	schema_object_end(s);
	/* set, or declared: what has a `type` */
	schema_object(s, "parameter-entry");
	schema_object(s, "if");
	schema_text(s, "type", "object");
	schema_list(s, "required");
	write_json_text(&s->w, "type");
	schema_list_end(s);
	schema_object_end(s);
	schema_ref_member(s, "then", "parameter-declaration");
	schema_object(s, "else");
	schema_object(s, "not");
	schema_text(s, "type", "null");
	schema_object_end(s);
	schema_object_end(s);
	schema_object_end(s);
}
