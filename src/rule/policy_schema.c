/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy's schema. Knows how what the tables say is said in JSON Schema;
 * knows no key, field or operator by itself but those whose value has a shape of
 * its own. What no schema can tell (names that must be declared, patterns that
 * must compile) is left to the loader.
 */
#include "rule/policy_schema.h"

#include <assert.h>

#include "base/arena.h"
#include "base/limit.h"
#include "model/field.h"
#include "model/write_json.h"
#include "rule/op.h"
#include "rule/shape.h"

#define ID_PATTERN        "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
#define PARAM_PATTERN     "^[A-Za-z_][A-Za-z0-9_]*$"
#define OF_PARAM_PATTERN  "^\\$[A-Za-z_]"
#define NO_DOLLAR_PATTERN "^([^$]|$)|^\\$[A-Za-z_$]"
#define KINDS_MOST        128

/* What stands in one place of a condition: a definition each. */
struct kind_of_value {
	struct type type;
	uint8_t member;     /* type of what a projected map holds; TYPE_NONE */
	const char *values; /* enumeration, or NULL */
	const char *below;  /* where members are objects: "channels[*]."; or NULL */
};

struct writer {
	struct write_json w;
	struct arena arena;
	const char *const *packs;
	size_t n_packs;
	struct kind_of_value kinds[KINDS_MOST];
	size_t n_kinds, n_written;
};

/* ---- small words ----------------------------------------------------------- */

static void text_member(struct writer *s, const char *key, const char *text)
{
	write_json_key(&s->w, key);
	write_json_text(&s->w, text);
}

static void int_member(struct writer *s, const char *key, int64_t n)
{
	write_json_key(&s->w, key);
	write_json_int(&s->w, n);
}

static void open_member(struct writer *s, const char *key)
{
	write_json_key(&s->w, key);
	write_json_object(&s->w);
}

static void close_object(struct writer *s)
{
	write_json_object_end(&s->w);
}

static void open_list(struct writer *s, const char *key)
{
	write_json_key(&s->w, key);
	write_json_array(&s->w);
}

static void close_list(struct writer *s)
{
	write_json_array_end(&s->w);
}

static void closed(struct writer *s)
{
	write_json_key(&s->w, "additionalProperties");
	write_json_boolean(&s->w, false);
}

static void ref(struct writer *s, const char *name)
{
	text_member(s, "$ref", arena_printf(&s->arena, "#/definitions/%s", name));
}

static void ref_object(struct writer *s, const char *name)
{
	write_json_object(&s->w);
	ref(s, name);
	close_object(s);
}

static void ref_member(struct writer *s, const char *key, const char *name)
{
	write_json_key_str(&s->w, str_of(key)); /* may be a pattern */
	ref_object(s, name);
}

static void type_object(struct writer *s, const char *type)
{
	write_json_object(&s->w);
	text_member(s, "type", type);
	close_object(s);
}

/* {"type": "string", "pattern": ...} */
static void pattern_object(struct writer *s, const char *pattern)
{
	write_json_object(&s->w);
	text_member(s, "type", "string");
	text_member(s, "pattern", pattern);
	close_object(s);
}

/* Each of "A|B" in turn: the next part, or false. */
static bool next_value(const char **at, struct str *part)
{
	size_t len;

	if (*at == NULL)
		return false;
	len = strcspn(*at, "|");
	*part = (struct str){ *at, len };
	*at = (*at)[len] == '|' ? *at + len + 1 : NULL;
	return true;
}

static void enum_member(struct writer *s, const char *values)
{
	struct str part;

	open_list(s, "enum");
	while (next_value(&values, &part))
		write_json_str(&s->w, part);
	close_list(s);
}

static void severities(struct writer *s)
{
	int i;

	open_list(s, "enum");
	for (i = N_SEVERITIES - 1; i >= 0; i--)
		write_json_text(&s->w, severity_name((enum severity)i));
	close_list(s);
}

/* Without what no test can see: nothing waives in a test. */
static void verdicts(struct writer *s)
{
	int i;

	open_list(s, "enum");
	for (i = 0; i < N_VERDICTS; i++)
		if (i != VERDICT_WAIVED)
			write_json_text(&s->w, verdict_name((enum verdict)i));
	close_list(s);
}

/* ---- definitions of what stands in conditions ------------------------------ */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static const char *kind_name(struct writer *s, const char *what, struct kind_of_value kind)
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

static struct kind_of_value plain_kind(enum type_base base)
{
	return (struct kind_of_value){ .type = { (uint8_t)base, TYPE_NONE } };
}

/* What the paths of a list's members begin with, or NULL: "channels[*]." */
static const char *members_of(struct writer *s, const struct field *f)
{
	return f->type.element == TYPE_OBJECT ? arena_printf(&s->arena, "%s[*].", f->path) : NULL;
}

static struct kind_of_value field_kind(struct writer *s, const struct field *f)
{
	return (struct kind_of_value){ f->type, TYPE_NONE, f->values, members_of(s, f) };
}

static struct kind_of_value member_kind(const struct field_member *m)
{
	return (struct kind_of_value){ m->type, TYPE_NONE, m->values, NULL };
}

/* channels[*].type is a list of the members' values. */
static struct kind_of_value projected_kind(const struct field_member *m)
{
	return (
	    struct kind_of_value){ { TYPE_LIST, m->type.base }, m->type.element, m->values, NULL };
}

static struct kind_of_value element_kind(const struct kind_of_value *k)
{
	return (struct kind_of_value){
		{ k->type.element == TYPE_NONE ? TYPE_ANY : k->type.element, k->member },
		TYPE_NONE,
		k->values,
		k->below,
	};
}

/* A literal of the type. A parameter may always stand there, and is a string. */
static void put_literal(struct writer *s, const struct kind_of_value *k)
{
	write_json_object(&s->w);
	switch ((enum type_base)k->type.base) {
	case TYPE_STRING:
	case TYPE_PATTERN:
		if (k->values != NULL) {
			enum_member(s, k->values);
		} else {
			text_member(s, "type", "string");
			text_member(s, "pattern", NO_DOLLAR_PATTERN);
		}
		break;
	case TYPE_NUMBER:
		text_member(s, "type", "number");
		break;
	case TYPE_BOOLEAN:
		text_member(s, "type", "boolean");
		break;
	case TYPE_LIST:
		text_member(s, "type", "array");
		break;
	case TYPE_MAP:
	case TYPE_OBJECT:
	case TYPE_RANGE:
		text_member(s, "type", "object");
		break;
	case TYPE_ANY:
	case TYPE_NONE:
		open_list(s, "type");
		write_json_text(&s->w, "string");
		write_json_text(&s->w, "number");
		write_json_text(&s->w, "boolean");
		write_json_text(&s->w, "array");
		close_list(s);
		break;
	}
	close_object(s);
}

/* "anyOf": a literal, a parameter, a computed operand. */
static void put_operand(struct writer *s, const struct kind_of_value *k)
{
	open_list(s, "anyOf");
	put_literal(s, k);
	ref_object(s, "parameter");
	ref_object(s, "computed");
	close_list(s);
}

/* A literal in a list, or a parameter. */
static void put_items(struct writer *s, const struct kind_of_value *k)
{
	open_member(s, "items");
	if (k->type.base != TYPE_ANY) {
		open_list(s, "anyOf");
		put_literal(s, k);
		ref_object(s, "parameter");
		close_list(s);
	}
	close_object(s);
}

static void put_list_operand(struct writer *s, enum op_id op, const struct kind_of_value *k)
{
	struct kind_of_value item = plain_kind(TYPE_STRING);

	if (op == OP_in || op == OP_not_in)
		item = *k;
	else if (k->type.base == TYPE_LIST)
		item = element_kind(k);
	else if (k->type.base == TYPE_ANY)
		item = plain_kind(TYPE_ANY);
	open_list(s, "anyOf");
	write_json_object(&s->w);
	text_member(s, "type", "array");
	if (op == OP_in || op == OP_not_in)
		int_member(s, "minItems", 1);
	put_items(s, &item);
	close_object(s);
	ref_object(s, "parameter");
	ref_object(s, "computed");
	close_list(s);
}

static void put_formats(struct writer *s)
{
	size_t i;

	open_member(s, "format");
	open_list(s, "anyOf");
	for (i = 0; i < format_n_rows; i++) {
		write_json_object(&s->w);
		text_member(s, "const", format_rows[i].name);
		text_member(s, "description", format_rows[i].text);
		close_object(s);
	}
	ref_object(s, "parameter");
	close_list(s);
	close_object(s);
}

static void put_condition_or_ops(struct writer *s, const struct kind_of_value *element)
{
	open_list(s, "anyOf");
	if (element->type.base != TYPE_OBJECT)
		ref_object(s, kind_name(s, "operators", *element));
	ref_object(s, kind_name(s, "member", *element));
	close_list(s);
}

static void put_op_properties(struct writer *s, const struct kind_of_value *k);

static void put_count(struct writer *s, const struct kind_of_value *element)
{
	struct kind_of_value number = plain_kind(TYPE_NUMBER);

	text_member(s, "type", "object");
	int_member(s, "minProperties", 1);
	closed(s);
	open_member(s, "properties");
	open_member(s, "where");
	put_condition_or_ops(s, element);
	close_object(s);
	put_op_properties(s, &number);
	close_object(s);
}

static void put_allowed(struct writer *s)
{
	open_list(s, "anyOf");
	write_json_object(&s->w);
	text_member(s, "type", "object");
	open_member(s, "additionalProperties");
	open_list(s, "anyOf");
	type_object(s, "array");
	ref_object(s, "parameter");
	close_list(s);
	close_object(s);
	close_object(s);
	ref_object(s, "parameter");
	close_list(s);
}

/* What may stand to the right of an operator on such a value. */
static void put_right_side(struct writer *s, enum op_id op, const struct kind_of_value *k)
{
	struct kind_of_value element = element_kind(k), string = plain_kind(TYPE_STRING),
			     number = plain_kind(TYPE_NUMBER), boolean = plain_kind(TYPE_BOOLEAN);
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
		ref(s, "format");
	else if (strcmp(operand, "operators") == 0)
		ref(s, kind_name(s, "operators", op == OP_keys ? string : element));
	else if (strcmp(operand, "condition or operators") == 0)
		put_condition_or_ops(s, &element);
	else if (strcmp(operand, "operators, where: condition") == 0)
		put_count(s, &element);
	else if (strcmp(operand, "map of lists") == 0)
		put_allowed(s);
	else
		put_operand(s, &string); /* string, pattern, shell pattern */
}

static void put_op_properties(struct writer *s, const struct kind_of_value *k)
{
	size_t i;

	for (i = 0; i < op_n_rows; i++) {
		if ((op_table[i].on & (1u << k->type.base)) == 0)
			continue;
		open_member(s, op_rows[i].name);
		text_member(s, "description", op_rows[i].text);
		put_right_side(s, (enum op_id)i, k);
		close_object(s);
	}
}

static void put_operators(struct writer *s, const struct kind_of_value *k)
{
	write_json_object(&s->w);
	text_member(s, "type", "object");
	int_member(s, "minProperties", 1);
	closed(s);
	open_member(s, "properties");
	put_op_properties(s, k);
	close_object(s);
	close_object(s);
}

/* FIELD: a scalar, a parameter, or operators. */
static void put_test(struct writer *s, const struct kind_of_value *k)
{
	write_json_object(&s->w);
	open_list(s, "anyOf");
	if (k->type.base != TYPE_LIST && k->type.base != TYPE_MAP && k->type.base != TYPE_OBJECT) {
		if (k->type.base == TYPE_ANY) {
			type_object(s, "string");
			type_object(s, "number");
			type_object(s, "boolean");
		} else {
			put_literal(s, k);
		}
	}
	if (k->type.base != TYPE_OBJECT)
		ref_object(s, "parameter");
	ref_object(s, kind_name(s, "operators", *k));
	close_list(s);
	close_object(s);
}

/* `all`, `any`, `none` and `not`, with conditions of the name. */
static void put_connectives(struct writer *s, const char *condition)
{
	static const char *const words[][2] = {
		{ "all", "Each condition holds" },
		{ "any", "At least one condition holds" },
		{ "none", "No condition holds" },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		open_member(s, words[i][0]);
		text_member(s, "description", words[i][1]);
		text_member(s, "type", "array");
		int_member(s, "minItems", 1);
		ref_member(s, "items", condition);
		close_object(s);
	}
	open_member(s, "not");
	text_member(s, "description", "The condition does not hold");
	open_list(s, "allOf");
	ref_object(s, condition);
	close_list(s);
	close_object(s);
}

static void put_path(struct writer *s, const char *path, const char *text, struct kind_of_value k)
{
	write_json_key(&s->w, path);
	write_json_object(&s->w);
	text_member(s, "title", arena_printf(&s->arena, "%s: %s", path, type_name(k.type)));
	text_member(s, "description", text);
	open_list(s, "allOf");
	ref_object(s, kind_name(s, "test", k));
	close_list(s);
	close_object(s);
}

/* A condition on the members of a list or a map. */
static void put_member_condition(struct writer *s, const struct kind_of_value *k, const char *name)
{
	const char *path;
	size_t i;

	write_json_object(&s->w);
	text_member(s, "type", "object");
	int_member(s, "minProperties", 1);
	closed(s);
	open_member(s, "properties");
	put_connectives(s, name);
	for (i = 0; k->below != NULL && i < field_n_members; i++) {
		path = field_members[i].path;
		if (str_starts(str_of(path), str_of(k->below)))
			put_path(s, path + strlen(k->below), field_members[i].text,
				 member_kind(&field_members[i]));
	}
	if (k->below == NULL) {
		put_path(s, "key", "The member's key", plain_kind(TYPE_STRING));
		put_path(s, "value", "The member's value", *k);
	}
	close_object(s);
	open_member(s, "patternProperties");
	ref_member(s, OF_PARAM_PATTERN, kind_name(s, "test", plain_kind(TYPE_ANY)));
	ref_member(s, k->below != NULL ? "^tags[.\\[]" : "^value[.\\[]",
		   kind_name(s, "test", plain_kind(TYPE_ANY)));
	close_object(s);
	close_object(s);
}

/* Of every kind of value that was met, also while writing those of others. */
static void put_kinds(struct writer *s)
{
	struct kind_of_value k;
	const char *name;

	for (; s->n_written < s->n_kinds; s->n_written++) {
		k = s->kinds[s->n_written];
		write_json_key(&s->w, kind_name(s, "operators", k));
		put_operators(s, &k);
		write_json_key(&s->w, kind_name(s, "test", k));
		put_test(s, &k);
		name = kind_name(s, "member", k);
		write_json_key(&s->w, name);
		put_member_condition(s, &k, name);
	}
}

/* ---- conditions on resources ------------------------------------------------ */

/* A path as a pattern: "tags" and what is below it. */
static const char *below_pattern(struct writer *s, const char *path, const char *end)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	const char *p, *pattern;

	buf_putc(&b, '^');
	for (p = path; *p != '\0'; p++) {
		if (strchr(".[]*", *p) != NULL)
			buf_putc(&b, '\\');
		buf_putc(&b, *p);
	}
	buf_puts(&b, end);
	pattern = arena_buf(&s->arena, &b).data;
	buf_release(&b);
	return pattern;
}

static void put_fields(struct writer *s)
{
	size_t i;

	for (i = 0; i < N_FIELDS; i++)
		put_path(s, field_table[i].path, field_table[i].text,
			 field_kind(s, &field_table[i]));
	for (i = 0; i < field_n_members; i++)
		put_path(s, field_members[i].path, field_members[i].text,
			 projected_kind(&field_members[i]));
}

/* What is below a map: tags.Owner, tags['a.b']. */
static void put_below_maps(struct writer *s)
{
	struct kind_of_value k;
	size_t i;

	for (i = 0; i < N_FIELDS; i++) {
		if (field_table[i].type.base != TYPE_MAP)
			continue;
		k = field_kind(s, &field_table[i]);
		ref_member(s, below_pattern(s, field_table[i].path, "[.\\[]"),
			   kind_name(s, "test", element_kind(&k)));
	}
	for (i = 0; i < field_n_members; i++)
		if (field_members[i].type.base == TYPE_MAP)
			ref_member(s, below_pattern(s, field_members[i].path, "[.\\[]"),
				   kind_name(s, "test", plain_kind(TYPE_LIST)));
	ref_member(s, OF_PARAM_PATTERN, kind_name(s, "test", plain_kind(TYPE_ANY)));
}

static void put_condition(struct writer *s)
{
	open_member(s, "condition");
	text_member(s, "description", "A condition: every entry must hold");
	text_member(s, "type", "object");
	int_member(s, "minProperties", 1);
	closed(s);
	open_member(s, "properties");
	put_connectives(s, "condition");
	put_fields(s);
	close_object(s);
	open_member(s, "patternProperties");
	put_below_maps(s);
	close_object(s);
	close_object(s);
}

static void put_const(struct writer *s, const char *value, const char *text)
{
	write_json_object(&s->w);
	text_member(s, "const", value);
	text_member(s, "description", text);
	close_object(s);
}

/* The path of a field with one value, as group_by takes it. */
static void put_group_path(struct writer *s)
{
	size_t i;

	open_member(s, "group-path");
	open_list(s, "anyOf");
	for (i = 0; i < N_FIELDS; i++)
		if (field_table[i].type.base != TYPE_OBJECT &&
		    field_table[i].type.element != TYPE_OBJECT)
			put_const(s, field_table[i].path, field_table[i].text);
	for (i = 0; i < N_FIELDS; i++)
		if (field_table[i].type.base == TYPE_MAP)
			pattern_object(s, below_pattern(s, field_table[i].path, "[.\\[]."));
	close_list(s);
	close_object(s);
}

/* What a path stands below and the tables have no row for. `before` is the last that
 * was put, since rows of one parent stand together. */
static void put_parents(struct writer *s, struct str path, struct str *before)
{
	size_t len;

	for (len = strcspn(path.data, "."); len < path.len;
	     len += 1 + strcspn(path.data + len + 1, ".")) {
		struct str parent = { path.data, len };

		if (field_find(parent) >= 0 || field_find_member(parent) != NULL ||
		    str_ends(parent, STR("[*]")) || str_equal(parent, *before))
			continue;
		*before = parent;
		put_const(s, arena_str(&s->arena, parent).data, "All that is below it");
	}
}

/* The path of what a test leaves unknown: a field, or all below one. */
static void put_unknown_path(struct writer *s)
{
	struct str before = STR("");
	size_t i;

	open_member(s, "unknown-path");
	text_member(s, "type", "string");
	open_list(s, "anyOf");
	for (i = 0; i < N_FIELDS; i++) {
		put_parents(s, str_of(field_table[i].path), &before);
		put_const(s, field_table[i].path, field_table[i].text);
	}
	for (i = 0; i < N_FIELDS; i++)
		if (field_table[i].type.base == TYPE_MAP)
			pattern_object(s, below_pattern(s, field_table[i].path, "[.\\[]."));
	for (i = 0; i < field_n_members; i++) {
		put_parents(s, str_of(field_members[i].path), &before);
		put_const(s, field_members[i].path, field_members[i].text);
	}
	close_list(s);
	close_object(s);
}

static void put_operand_definitions(struct writer *s)
{
	static const char *const words[][2] = {
		{ "field", "Another field of the same resource" },
		{ "member", "A path of the member" },
		{ "format", "A text with the fields of the resource in braces" },
	};
	size_t i;

	open_member(s, "parameter");
	text_member(s, "description", "A parameter: $name or $name.member");
	text_member(s, "type", "string");
	text_member(s, "pattern", "^\\$[A-Za-z_$]");
	close_object(s);
	open_member(s, "computed");
	text_member(s, "type", "object");
	open_list(s, "anyOf");
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		write_json_object(&s->w);
		open_list(s, "required");
		write_json_text(&s->w, words[i][0]);
		close_list(s);
		close_object(s);
	}
	close_list(s);
	closed(s);
	open_member(s, "properties");
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		open_member(s, words[i][0]);
		text_member(s, "description", words[i][1]);
		text_member(s, "type", "string");
		close_object(s);
	}
	open_member(s, "else");
	text_member(s, "description", "The operand where the path is absent");
	close_object(s);
	close_object(s);
	close_object(s);
}

/* ---- the configurations of tests -------------------------------------------- */

static void put_given_value(struct writer *s, struct type type, const char *values)
{
	struct kind_of_value k = { .type = { type.element, TYPE_NONE }, .values = values };

	open_list(s, "anyOf");
	if (type.base == TYPE_LIST || type.base == TYPE_MAP) {
		write_json_object(&s->w);
		text_member(s, "type", type.base == TYPE_LIST ? "array" : "object");
		if (type.element == TYPE_STRING) {
			write_json_key(&s->w,
				       type.base == TYPE_LIST ? "items" : "additionalProperties");
			write_json_object(&s->w);
			if (k.values != NULL)
				enum_member(s, k.values);
			else
				text_member(s, "type", "string");
			close_object(s);
		}
		close_object(s);
	} else if (values != NULL) {
		write_json_object(&s->w);
		enum_member(s, values);
		close_object(s);
	} else {
		type_object(s, type.base == TYPE_NUMBER    ? "number"
			       : type.base == TYPE_BOOLEAN ? "boolean"
							   : "string");
	}
	type_object(s, "null");
	close_list(s);
}

/* The row whose path is `prefix` and a name, and is the first with that name;
 * rows are the fields, or with `members` those of lists of objects. */
static const char *row_path(bool members, size_t i)
{
	if (members)
		return i < field_n_members ? field_members[i].path : NULL;
	return i < N_FIELDS ? field_table[i].path : NULL;
}

static bool is_first(bool members, struct str prefix, size_t i, struct str name)
{
	struct str other;
	size_t k;

	for (k = 0; k < i; k++) {
		other = str_of(row_path(members, k));
		if (!str_starts(other, prefix))
			continue;
		other =
		    (struct str){ other.data + prefix.len, strcspn(other.data + prefix.len, ".") };
		if (str_equal(other, name))
			return false;
	}
	return true;
}

static void put_given(struct writer *s, bool members, struct str prefix);

static void put_given_property(struct writer *s, bool members, size_t i, struct str prefix,
			       struct str name)
{
	const char *path = row_path(members, i);
	struct str whole = { path, prefix.len + name.len };
	bool leaf = path[whole.len] == '\0';

	write_json_key_str(&s->w, name);
	write_json_object(&s->w);
	if (leaf)
		text_member(s, "description",
			    members ? field_members[i].text : field_table[i].text);
	if (leaf && members) {
		put_given_value(s, field_members[i].type, field_members[i].values);
	} else if (leaf && field_table[i].type.element == TYPE_OBJECT) {
		open_member(s, "items");
		put_given(s, true, str_of(members_of(s, &field_table[i])));
		close_object(s);
		open_list(s, "type");
		write_json_text(&s->w, "array");
		write_json_text(&s->w, "null");
		close_list(s);
	} else if (leaf && field_table[i].type.base != TYPE_OBJECT) {
		put_given_value(s, field_table[i].type, field_table[i].values);
	} else {
		put_given(s, members, str_of(arena_printf(&s->arena, "%.*s.", STR_ARG(whole))));
	}
	close_object(s);
}

/* As deep as paths have dots. */
static void put_given(struct writer *s, bool members, struct str prefix)
{
	struct str path, name;
	size_t i;

	open_list(s, "type");
	write_json_text(&s->w, "object");
	write_json_text(&s->w, "null");
	close_list(s);
	closed(s);
	open_member(s, "properties");
	for (i = 0; row_path(members, i) != NULL; i++) {
		path = str_of(row_path(members, i));
		if (!str_starts(path, prefix))
			continue;
		name = (struct str){ path.data + prefix.len, strcspn(path.data + prefix.len, ".") };
		if (is_first(members, prefix, i, name))
			put_given_property(s, members, i, prefix, name);
	}
	close_object(s);
}

/* ---- keys of mappings ------------------------------------------------------- */

typedef void put_more(struct writer *s);

/* A key whose value has a shape of its own. */
struct more {
	const char *key;
	put_more *put;
};

static void put_kinds_of_value(struct writer *s, unsigned kinds)
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

	open_list(s, "type");
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if ((kinds & names[i].kind) != 0)
			write_json_text(&s->w, names[i].name);
	close_list(s);
}

static void put_property(struct writer *s, const struct shape_key *key, const struct more *more,
			 size_t n)
{
	size_t i;

	open_member(s, key->name);
	text_member(s, "title", key->name);
	text_member(s, "description", key->text);
	put_kinds_of_value(s, key->kinds);
	for (i = 0; i < n; i++)
		if (strcmp(more[i].key, key->name) == 0)
			more[i].put(s);
	close_object(s);
}

/* The members of an object's schema; the caller opens and closes it. */
static void put_table(struct writer *s, const struct shape_table *table, const struct more *more,
		      size_t n)
{
	size_t i;

	text_member(s, "type", "object");
	closed(s);
	open_list(s, "required");
	for (i = 0; i < table->n; i++)
		if (table->keys[i].required)
			write_json_text(&s->w, table->keys[i].name);
	close_list(s);
	open_member(s, "properties");
	for (i = 0; i < table->n; i++)
		put_property(s, &table->keys[i], more, n);
	close_object(s);
}

#define PUT_TABLE(s, table, more) put_table(s, &(table), more, sizeof(more) / sizeof(*(more)))

static void one_of_definition(struct writer *s, const char *name)
{
	open_list(s, "allOf");
	ref_object(s, name);
	close_list(s);
}

static void more_condition(struct writer *s)
{
	one_of_definition(s, "condition");
}

static void more_severity(struct writer *s)
{
	severities(s);
}

static void more_id(struct writer *s)
{
	text_member(s, "pattern", ID_PATTERN);
	int_member(s, "maxLength", 100);
}

/* A text with fields in it: braces come in pairs. */
static void more_message(struct writer *s)
{
	text_member(s, "pattern", "^([^{}]|\\{\\{|\\}\\}|\\{[^{}]+\\})*$");
}

static void more_positive(struct writer *s)
{
	int_member(s, "multipleOf", 1);
	int_member(s, "minimum", 1);
	int_member(s, "maximum", INT32_MAX);
}

static void more_strings(struct writer *s)
{
	open_member(s, "items");
	text_member(s, "type", "string");
	close_object(s);
}

static void more_params(struct writer *s)
{
	open_member(s, "propertyNames");
	text_member(s, "pattern", PARAM_PATTERN);
	close_object(s);
	open_member(s, "additionalProperties");
	open_member(s, "not");
	text_member(s, "type", "null");
	close_object(s);
	close_object(s);
}

static void more_configure(struct writer *s)
{
	open_member(s, "propertyNames");
	text_member(s, "pattern", ID_PATTERN);
	close_object(s);
	ref_member(s, "additionalProperties", "configure");
}

/* ---- tests ------------------------------------------------------------------ */

static void more_given(struct writer *s)
{
	one_of_definition(s, "given");
}

static void more_given_list(struct writer *s)
{
	ref_member(s, "items", "given");
}

static void more_unknown(struct writer *s)
{
	ref_member(s, "items", "unknown-path");
}

/* By paths; which there are is under "unknown". */
static void more_partial(struct writer *s)
{
	ref_member(s, "propertyNames", "unknown-path");
	open_member(s, "additionalProperties");
	open_list(s, "anyOf");
	write_json_object(&s->w);
	text_member(s, "type", "string");
	close_object(s);
	write_json_object(&s->w);
	text_member(s, "type", "object");
	close_object(s);
	close_list(s);
	close_object(s);
}

static void more_expect(struct writer *s)
{
	verdicts(s);
}

static void more_expect_list(struct writer *s)
{
	open_list(s, "anyOf");
	write_json_object(&s->w);
	verdicts(s);
	close_object(s);
	write_json_object(&s->w);
	text_member(s, "type", "array");
	open_member(s, "items");
	verdicts(s);
	close_object(s);
	close_object(s);
	close_list(s);
}

static void put_tests(struct writer *s)
{
	static const struct more single[] = {
		{ "given", more_given },
		{ "unknown", more_unknown },
		{ "partial", more_partial },
		{ "expect", more_expect },
		{ "params", more_params },
	};
	static const struct more group[] = {
		{ "given", more_given_list },
		{ "unknown", more_unknown },
		{ "partial", more_partial },
		{ "expect", more_expect_list },
		{ "params", more_params },
	};

	open_member(s, "given");
	put_given(s, false, STR(""));
	close_object(s);
	open_member(s, "test");
	PUT_TABLE(s, shape_test, single);
	close_object(s);
	open_member(s, "group-test");
	PUT_TABLE(s, shape_group_test, group);
	close_object(s);
}

/* ---- rules ------------------------------------------------------------------ */

static void more_kind(struct writer *s)
{
	size_t i;

	open_list(s, "enum");
	for (i = 0; i < N_KINDS; i++)
		write_json_text(&s->w, kind_table[i].name);
	close_list(s);
}

static void more_group_by(struct writer *s)
{
	int_member(s, "minItems", 1);
	ref_member(s, "items", "group-path");
}

static void more_controls(struct writer *s)
{
	open_member(s, "additionalProperties");
	text_member(s, "type", "array");
	more_strings(s);
	close_object(s);
}

static void more_true(struct writer *s)
{
	write_json_key(&s->w, "const");
	write_json_boolean(&s->w, true);
}

static void more_count(struct writer *s)
{
	one_of_definition(s, kind_name(s, "operators", plain_kind(TYPE_NUMBER)));
}

/* What a group rule requires: of fields, or of the group. */
static void put_group_require(struct writer *s)
{
	static const struct more ask[] = { { "same", more_true }, { "unique", more_true } };
	static const struct more group[] = { { "count", more_count } };

	open_member(s, "ask");
	PUT_TABLE(s, shape_ask, ask);
	int_member(s, "minProperties", 1);
	int_member(s, "maxProperties", 1);
	close_object(s);
	open_member(s, "group-require");
	text_member(s, "type", "object");
	int_member(s, "minProperties", 1);
	ref_member(s, "propertyNames", "group-word");
	open_member(s, "properties");
	open_member(s, "group");
	text_member(s, "description", "The group's size");
	PUT_TABLE(s, shape_group, group);
	close_object(s);
	close_object(s);
	ref_member(s, "additionalProperties", "ask");
	close_object(s);
	open_member(s, "group-word");
	open_list(s, "anyOf");
	write_json_object(&s->w);
	text_member(s, "const", "group");
	close_object(s);
	ref_object(s, "group-path");
	close_list(s);
	close_object(s);
}

static void put_rule_branch(struct writer *s, const char *key, const char *require,
			    const char *test)
{
	open_member(s, key);
	open_member(s, "properties");
	ref_member(s, "require", require);
	open_member(s, "tests");
	ref_member(s, "items", test);
	close_object(s);
	close_object(s);
	close_object(s);
}

static void put_rule(struct writer *s)
{
	static const struct more more[] = {
		{ "id", more_id },
		{ "kind", more_kind },
		{ "severity", more_severity },
		{ "when", more_condition },
		{ "group_by", more_group_by },
		{ "references", more_strings },
		{ "controls", more_controls },
		{ "message", more_message },
		{ "since", more_positive },
	};

	open_member(s, "rule");
	PUT_TABLE(s, shape_rule, more);
	open_member(s, "if");
	open_list(s, "required");
	write_json_text(&s->w, "group_by");
	close_list(s);
	close_object(s);
	put_rule_branch(s, "then", "group-require", "group-test");
	put_rule_branch(s, "else", "condition", "test");
	close_object(s);
}

/* ---- parameters ------------------------------------------------------------- */

static const char *const scalar_types[] = { "string", "number", "boolean", "pattern" };
#define N_SCALARS (sizeof(scalar_types) / sizeof(*scalar_types))

/* The schema of a value of a scalar type; of "list<string>" for N_SCALARS. */
static void put_scalar_type(struct writer *s, size_t scalar)
{
	write_json_object(&s->w);
	if (scalar == N_SCALARS) {
		text_member(s, "type", "array");
		more_strings(s);
	} else {
		text_member(s, "type", scalar == 3 ? "string" : scalar_types[scalar]);
	}
	close_object(s);
}

/* Gives the name of the n-th type that a parameter can have, or NULL. */
static const char *param_type(struct writer *s, size_t n)
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

static void put_range(struct writer *s)
{
	static const char *const bounds[] = { "min", "max" };
	size_t i;

	write_json_object(&s->w);
	text_member(s, "type", "object");
	closed(s);
	open_member(s, "properties");
	for (i = 0; i < 2; i++) {
		open_member(s, bounds[i]);
		text_member(s, "type", "number");
		close_object(s);
	}
	close_object(s);
	close_object(s);
}

/* The schema of a value of the n-th type. */
static void put_param_value(struct writer *s, size_t n)
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
	text_member(s, "type", n < N_SCALARS ? "array" : "object");
	write_json_key(&s->w, n < N_SCALARS ? "items" : "additionalProperties");
	put_scalar_type(s, n < N_SCALARS ? n : n - N_SCALARS);
	close_object(s);
}

static void more_param_type(struct writer *s)
{
	const char *type;
	size_t i;

	open_list(s, "enum");
	for (i = 0; (type = param_type(s, i)) != NULL; i++)
		write_json_text(&s->w, type);
	close_list(s);
}

static void put_param(struct writer *s)
{
	static const struct more more[] = { { "type", more_param_type } };
	const char *type;
	size_t i;

	open_member(s, "parameter-declaration");
	PUT_TABLE(s, shape_param, more);
	open_list(s, "allOf");
	for (i = 0; (type = param_type(s, i)) != NULL; i++) {
		write_json_object(&s->w);
		open_member(s, "if");
		open_member(s, "properties");
		open_member(s, "type");
		text_member(s, "const", type);
		close_object(s);
		close_object(s);
		close_object(s);
		open_member(s, "then");
		open_member(s, "properties");
		write_json_key(&s->w, "default");
		put_param_value(s, i);
		close_object(s);
		close_object(s);
		close_object(s);
	}
	close_list(s);
	close_object(s);
	/* set, or declared: what has a `type` */
	open_member(s, "parameter-entry");
	open_member(s, "if");
	text_member(s, "type", "object");
	open_list(s, "required");
	write_json_text(&s->w, "type");
	close_list(s);
	close_object(s);
	ref_member(s, "then", "parameter-declaration");
	open_member(s, "else");
	open_member(s, "not");
	text_member(s, "type", "null");
	close_object(s);
	close_object(s);
	close_object(s);
}

/* ---- the rest of a file ----------------------------------------------------- */

static void put_configure(struct writer *s)
{
	static const struct more configure[] = { { "severity", more_severity },
						 { "params", more_params },
						 { "message", more_message } };
	static const struct more override[] = {
		{ "when", more_condition },
		{ "params", more_params },
		{ "configure", more_configure },
	};
	static const char *const either[] = { "params", "configure" };
	size_t i;

	open_member(s, "configure");
	PUT_TABLE(s, shape_configure, configure);
	close_object(s);
	open_member(s, "override");
	PUT_TABLE(s, shape_override, override);
	open_list(s, "anyOf");
	for (i = 0; i < 2; i++) {
		write_json_object(&s->w);
		open_list(s, "required");
		write_json_text(&s->w, either[i]);
		close_list(s);
		close_object(s);
	}
	close_list(s);
	close_object(s);
}

static void more_reason(struct writer *s)
{
	int_member(s, "minLength", 1);
}

static void more_day(struct writer *s)
{
	text_member(s, "pattern",
		    "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|"
		    "(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$");
	open_member(s, "not");
	text_member(s, "type", "number");
	close_object(s);
}

static void put_waiver(struct writer *s)
{
	static const struct more more[] = {
		{ "rule", more_id },
		{ "match", more_condition },
		{ "reason", more_reason },
		{ "expires", more_day },
	};

	open_member(s, "waiver");
	PUT_TABLE(s, shape_waiver, more);
	close_object(s);
}

static void more_version(struct writer *s)
{
	int_member(s, "const", 1);
}

static void put_extended(struct writer *s)
{
	size_t i;

	open_list(s, "anyOf");
	for (i = 0; i < s->n_packs; i++) {
		write_json_object(&s->w);
		text_member(s, "const", arena_printf(&s->arena, "ivslint:%s", s->packs[i]));
		text_member(s, "description", "A pack that ships with the program");
		close_object(s);
	}
	for (i = 0; i < s->n_packs; i++)
		pattern_object(s,
			       arena_printf(&s->arena, "^ivslint:%s@0*[1-9][0-9]*$", s->packs[i]));
	write_json_object(&s->w);
	text_member(s, "description", "A file, by its path from this file");
	text_member(s, "type", "string");
	text_member(s, "pattern", "^(?!ivslint:).");
	close_object(s);
	close_list(s);
}

static void more_extends(struct writer *s)
{
	open_list(s, "anyOf");
	type_object(s, "null");
	ref_object(s, "extended");
	write_json_object(&s->w);
	text_member(s, "type", "array");
	ref_member(s, "items", "extended");
	close_object(s);
	close_list(s);
}

static void more_file_params(struct writer *s)
{
	open_member(s, "propertyNames");
	text_member(s, "pattern", PARAM_PATTERN);
	close_object(s);
	ref_member(s, "additionalProperties", "parameter-entry");
}

static void more_overrides(struct writer *s)
{
	ref_member(s, "items", "override");
	int_member(s, "maxItems", LIMIT_OVERRIDES);
}

static void more_waivers(struct writer *s)
{
	ref_member(s, "items", "waiver");
	int_member(s, "maxItems", LIMIT_WAIVERS);
}

static void more_rules(struct writer *s)
{
	ref_member(s, "items", "rule");
	int_member(s, "maxItems", LIMIT_RULES);
}

/* Only the rules of a pack with a version have a version in which they joined. */
static void put_since(struct writer *s)
{
	open_member(s, "if");
	open_member(s, "not");
	open_list(s, "required");
	write_json_text(&s->w, "pack_version");
	close_list(s);
	close_object(s);
	close_object(s);
	open_member(s, "then");
	open_member(s, "properties");
	open_member(s, "rules");
	open_member(s, "items");
	open_member(s, "not");
	open_list(s, "required");
	write_json_text(&s->w, "since");
	close_list(s);
	close_object(s);
	close_object(s);
	close_object(s);
	close_object(s);
	close_object(s);
}

static void put_definitions(struct writer *s)
{
	open_member(s, "definitions");
	open_member(s, "extended");
	put_extended(s);
	close_object(s);
	put_param(s);
	put_configure(s);
	put_waiver(s);
	put_rule(s);
	put_group_require(s);
	put_tests(s);
	put_condition(s);
	put_group_path(s);
	put_unknown_path(s);
	put_operand_definitions(s);
	put_formats(s);
	put_kinds(s);
	close_object(s);
}

void policy_schema_put(struct buf *out, const char *const *packs, size_t n)
{
	static const struct more more[] = {
		{ "version", more_version },     { "pack_version", more_positive },
		{ "extends", more_extends },     { "params", more_file_params },
		{ "configure", more_configure }, { "overrides", more_overrides },
		{ "waivers", more_waivers },     { "fail_on", more_severity },
		{ "rules", more_rules },
	};
	struct writer s = { .arena = ARENA_INIT, .packs = packs, .n_packs = n };

	write_json_init(&s.w, out, true);
	write_json_object(&s.w);
	text_member(&s, "$schema", "http://json-schema.org/draft-07/schema#");
	text_member(&s, "title", "Policy of ivslint");
	text_member(&s, "description",
		    "A policy file or a pack of rules, version 1 of the language; see "
		    "ivslint-rules(5)");
	PUT_TABLE(&s, shape_policy, more);
	put_since(&s);
	put_definitions(&s);
	write_json_object_end(&s.w);
	buf_putc(out, '\n');
	arena_release(&s.arena);
}
