/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in conditions: a definition for each kind of value, and the operators
 * that it takes, from the tables of fields and of operators.
 */
#include "rule/policy_schema_inside.h"

#include <assert.h>

#include "rule/op.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

const char *schema_kind_name(struct schema *s, const char *what, struct schema_kind kind)
{
	size_t i;

	for (i = 0; i < s->n_kinds; i++)
		if (s->kinds[i].type.base == kind.type.base &&
		    s->kinds[i].type.element == kind.type.element &&
		    s->kinds[i].member == kind.member && s->kinds[i].values == kind.values &&
		    same_text(s->kinds[i].below, kind.below))
			break;
	if (i == s->n_kinds) {
		assert(i < KINDS_MOST);
		s->kinds[s->n_kinds++] = kind;
	}
	return arena_printf(&s->arena, "%s-%zu", what, i);
}

struct schema_kind schema_plain_kind(enum type_base base)
{
	return (struct schema_kind){ .type = { (uint8_t)base, TYPE_NONE } };
}

/* What the paths of a list's members begin with, or NULL: "channels[*]." */
const char *schema_members_of(struct schema *s, const struct field *f)
{
	return f->type.element == TYPE_OBJECT ? arena_printf(&s->arena, "%s[*].", f->path) : NULL;
}

struct schema_kind schema_field_kind(struct schema *s, const struct field *f)
{
	return (struct schema_kind){ f->type, TYPE_NONE, f->values, schema_members_of(s, f) };
}

static struct schema_kind member_kind(const struct field_member *m)
{
	return (struct schema_kind){ m->type, TYPE_NONE, m->values, NULL };
}

/* channels[*].type is a list of the members' values. */
struct schema_kind schema_projected_kind(const struct field_member *m)
{
	return (
	    struct schema_kind){ { TYPE_LIST, m->type.base }, m->type.element, m->values, NULL };
}

struct schema_kind schema_element_kind(const struct schema_kind *k)
{
	return (struct schema_kind){
		{ k->type.element == TYPE_NONE ? TYPE_ANY : k->type.element, k->member },
		TYPE_NONE,
		k->values,
		k->below,
	};
}

/* A literal of the type. A parameter may always stand there, and is a string. */
static void put_literal(struct schema *s, const struct schema_kind *k)
{
	write_json_object(&s->w);
	switch ((enum type_base)k->type.base) {
	case TYPE_STRING:
	case TYPE_PATTERN:
		if (k->values != NULL) {
			schema_enum(s, k->values);
		} else {
			schema_text(s, "type", "string");
			schema_text(s, "pattern", NO_DOLLAR_PATTERN);
		}
		break;
	case TYPE_NUMBER:
		schema_text(s, "type", "number");
		break;
	case TYPE_BOOLEAN:
		schema_text(s, "type", "boolean");
		break;
	case TYPE_LIST:
		schema_text(s, "type", "array");
		break;
	case TYPE_MAP:
	case TYPE_OBJECT:
	case TYPE_RANGE:
		schema_text(s, "type", "object");
		break;
	case TYPE_ANY:
	case TYPE_NONE:
		schema_list(s, "type");
		write_json_text(&s->w, "string");
		write_json_text(&s->w, "number");
		write_json_text(&s->w, "boolean");
		write_json_text(&s->w, "array");
		schema_list_end(s);
		break;
	}
	schema_object_end(s);
}

/* "anyOf": a literal, a parameter, a computed operand. */
static void put_operand(struct schema *s, const struct schema_kind *k)
{
	schema_list(s, "anyOf");
	put_literal(s, k);
	schema_ref_object(s, "parameter");
	schema_ref_object(s, "computed");
	schema_list_end(s);
}

/* A literal in a list, or a parameter. */
static void put_items(struct schema *s, const struct schema_kind *k)
{
	schema_object(s, "items");
	if (k->type.base != TYPE_ANY) {
		schema_list(s, "anyOf");
		put_literal(s, k);
		schema_ref_object(s, "parameter");
		schema_list_end(s);
	}
	schema_object_end(s);
}

static void put_list_operand(struct schema *s, enum op_id op, const struct schema_kind *k)
{
	struct schema_kind item = schema_plain_kind(TYPE_STRING);

	if (op == OP_in || op == OP_not_in)
		item = *k;
	else if (k->type.base == TYPE_LIST)
		item = schema_element_kind(k);
	else if (k->type.base == TYPE_ANY)
		item = schema_plain_kind(TYPE_ANY);
	schema_list(s, "anyOf");
	write_json_object(&s->w);
	schema_text(s, "type", "array");
	if (op == OP_in || op == OP_not_in)
		schema_int(s, "minItems", 1);
	put_items(s, &item);
	schema_object_end(s);
	schema_ref_object(s, "parameter");
	schema_ref_object(s, "computed");
	schema_list_end(s);
}

void schema_formats(struct schema *s)
{
	size_t i;

	schema_object(s, "format");
	schema_list(s, "anyOf");
	for (i = 0; i < format_n_rows; i++) {
		write_json_object(&s->w);
		schema_text(s, "const", format_rows[i].name);
		schema_text(s, "description", format_rows[i].text);
		schema_object_end(s);
	}
	schema_ref_object(s, "parameter");
	schema_list_end(s);
	schema_object_end(s);
}

static void put_condition_or_ops(struct schema *s, const struct schema_kind *element)
{
	schema_list(s, "anyOf");
	if (element->type.base != TYPE_OBJECT)
		schema_ref_object(s, schema_kind_name(s, "operators", *element));
	schema_ref_object(s, schema_kind_name(s, "member", *element));
	schema_list_end(s);
}

static void put_op_properties(struct schema *s, const struct schema_kind *k);

static void put_count(struct schema *s, const struct schema_kind *element)
{
	struct schema_kind number = schema_plain_kind(TYPE_NUMBER);

	schema_text(s, "type", "object");
	schema_int(s, "minProperties", 1);
	schema_closed(s);
	schema_object(s, "properties");
	schema_object(s, "where");
	put_condition_or_ops(s, element);
	schema_object_end(s);
	put_op_properties(s, &number);
	schema_object_end(s);
}

static void put_allowed(struct schema *s)
{
	schema_list(s, "anyOf");
	write_json_object(&s->w);
	schema_text(s, "type", "object");
	schema_object(s, "additionalProperties");
	schema_list(s, "anyOf");
	schema_type_object(s, "array");
	schema_ref_object(s, "parameter");
	schema_list_end(s);
	schema_object_end(s);
	schema_object_end(s);
	schema_ref_object(s, "parameter");
	schema_list_end(s);
}

/* What may stand to the right of an operator on such a value. */
static void put_right_side(struct schema *s, enum op_id op, const struct schema_kind *k)
{
	struct schema_kind element = schema_element_kind(k),
			   string = schema_plain_kind(TYPE_STRING),
			   number = schema_plain_kind(TYPE_NUMBER),
			   boolean = schema_plain_kind(TYPE_BOOLEAN);
	const char *operand = op_rows[op].operand;

	if (strcmp(operand, "value") == 0)
		put_operand(s, k);
	else if (strcmp(operand, "list") == 0)
		put_list_operand(s, op, k);
	else if (strcmp(operand, "true or false") == 0)
		put_operand(s, &boolean);
	else if (strcmp(operand, "number") == 0)
		put_operand(s, &number);
	else if (strcmp(operand, "string or member") == 0)
		put_operand(s, k->type.base == TYPE_LIST ? &element : k);
	else if (strcmp(operand, "format") == 0)
		schema_ref(s, "format");
	else if (strcmp(operand, "operators") == 0)
		schema_ref(s, schema_kind_name(s, "operators", op == OP_keys ? string : element));
	else if (strcmp(operand, "condition or operators") == 0)
		put_condition_or_ops(s, &element);
	else if (strcmp(operand, "operators, where: condition") == 0)
		put_count(s, &element);
	else if (strcmp(operand, "map of lists") == 0)
		put_allowed(s);
	else
		put_operand(s, &string); /* string, pattern, shell pattern */
}

static void put_op_properties(struct schema *s, const struct schema_kind *k)
{
	size_t i;

	for (i = 0; i < op_n_rows; i++) {
		if ((op_table[i].on & (1u << k->type.base)) == 0)
			continue;
		schema_object(s, op_rows[i].name);
		schema_text(s, "description", op_rows[i].text);
		put_right_side(s, (enum op_id)i, k);
		schema_object_end(s);
	}
}

static void put_operators(struct schema *s, const struct schema_kind *k)
{
	write_json_object(&s->w);
	schema_text(s, "type", "object");
	schema_int(s, "minProperties", 1);
	schema_closed(s);
	schema_object(s, "properties");
	put_op_properties(s, k);
	schema_object_end(s);
	schema_object_end(s);
}

/* FIELD: a scalar, a parameter, or operators. */
static void put_test(struct schema *s, const struct schema_kind *k)
{
	write_json_object(&s->w);
	schema_list(s, "anyOf");
	if (k->type.base != TYPE_LIST && k->type.base != TYPE_MAP && k->type.base != TYPE_OBJECT) {
		if (k->type.base == TYPE_ANY) {
			schema_type_object(s, "string");
			schema_type_object(s, "number");
			schema_type_object(s, "boolean");
		} else {
			put_literal(s, k);
		}
	}
	if (k->type.base != TYPE_OBJECT)
		schema_ref_object(s, "parameter");
	schema_ref_object(s, schema_kind_name(s, "operators", *k));
	schema_list_end(s);
	schema_object_end(s);
}

/* `all`, `any`, `none` and `not`, with conditions of the name. */
void schema_connectives(struct schema *s, const char *condition)
{
	static const char *const words[][2] = {
		{ "all", "Each condition holds" },
		{ "any", "At least one condition holds" },
		{ "none", "No condition holds" },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		schema_object(s, words[i][0]);
		schema_text(s, "description", words[i][1]);
		schema_text(s, "type", "array");
		schema_int(s, "minItems", 1);
		schema_ref_member(s, "items", condition);
		schema_object_end(s);
	}
	schema_object(s, "not");
	schema_text(s, "description", "The condition does not hold");
	schema_list(s, "allOf");
	schema_ref_object(s, condition);
	schema_list_end(s);
	schema_object_end(s);
}

void schema_path(struct schema *s, const char *path, const char *text, struct schema_kind k)
{
	write_json_key(&s->w, path);
	write_json_object(&s->w);
	schema_text(s, "title", arena_printf(&s->arena, "%s: %s", path, type_name(k.type)));
	schema_text(s, "description", text);
	schema_list(s, "allOf");
	schema_ref_object(s, schema_kind_name(s, "test", k));
	schema_list_end(s);
	schema_object_end(s);
}

/* A condition on the members of a list or a map. */
static void put_member_condition(struct schema *s, const struct schema_kind *k, const char *name)
{
	const char *path;
	size_t i;

	write_json_object(&s->w);
	schema_text(s, "type", "object");
	schema_int(s, "minProperties", 1);
	schema_closed(s);
	schema_object(s, "properties");
	schema_connectives(s, name);
	for (i = 0; k->below != NULL && i < field_n_members; i++) {
		path = field_members[i].path;
		if (str_starts(str_of(path), str_of(k->below)))
			schema_path(s, path + strlen(k->below), field_members[i].text,
				    member_kind(&field_members[i]));
	}
	if (k->below == NULL) {
		schema_path(s, "key", "The member's key", schema_plain_kind(TYPE_STRING));
		schema_path(s, "value", "The member's value", *k);
	}
	schema_object_end(s);
	schema_object(s, "patternProperties");
	schema_ref_member(s, OF_PARAM_PATTERN,
			  schema_kind_name(s, "test", schema_plain_kind(TYPE_ANY)));
	schema_ref_member(s, k->below != NULL ? "^tags[.\\[]" : "^value[.\\[]",
			  schema_kind_name(s, "test", schema_plain_kind(TYPE_ANY)));
	schema_object_end(s);
	schema_object_end(s);
}

/* Of every kind of value that was met, also while writing those of others. */
void schema_kinds(struct schema *s)
{
	struct schema_kind k;
	const char *name;

	for (; s->n_written < s->n_kinds; s->n_written++) {
		k = s->kinds[s->n_written];
		write_json_key(&s->w, schema_kind_name(s, "operators", k));
		put_operators(s, &k);
		write_json_key(&s->w, schema_kind_name(s, "test", k));
		put_test(s, &k);
		name = schema_kind_name(s, "member", k);
		write_json_key(&s->w, name);
		put_member_condition(s, &k, name);
	}
}
