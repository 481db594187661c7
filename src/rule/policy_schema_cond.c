/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on resources, and the configurations that tests judge: the paths of the
 * table of fields, as deep as they go.
 */
#include "rule/policy_schema_inside.h"

#include "base/limit.h"

/* ---- conditions on resources ------------------------------------------------ */

/* A path as a pattern: "tags" and what is below it. */
static const char *below_pattern(struct schema *s, const char *path, const char *end)
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

static void put_fields(struct schema *s)
{
	size_t i;

	for (i = 0; i < N_FIELDS; i++)
		schema_path(s, field_table[i].path, field_table[i].text,
			    schema_field_kind(s, &field_table[i]));
	for (i = 0; i < field_n_members; i++)
		schema_path(s, field_members[i].path, field_members[i].text,
			    schema_projected_kind(&field_members[i]));
}

/* What is below a map: tags.Owner, tags['a.b']. */
static void put_below_maps(struct schema *s)
{
	struct schema_kind k;
	size_t i;

	for (i = 0; i < N_FIELDS; i++) {
		if (field_table[i].type.base != TYPE_MAP)
			continue;
		k = schema_field_kind(s, &field_table[i]);
		schema_ref_member(s, below_pattern(s, field_table[i].path, "[.\\[]"),
				  schema_kind_name(s, "test", schema_element_kind(&k)));
	}
	for (i = 0; i < field_n_members; i++)
		if (field_members[i].type.base == TYPE_MAP)
			schema_ref_member(
			    s, below_pattern(s, field_members[i].path, "[.\\[]"),
			    schema_kind_name(s, "test", schema_plain_kind(TYPE_LIST)));
	schema_ref_member(s, OF_PARAM_PATTERN,
			  schema_kind_name(s, "test", schema_plain_kind(TYPE_ANY)));
}

void schema_condition(struct schema *s)
{
	schema_object(s, "condition");
	schema_text(s, "description", "A condition: every entry must hold");
	schema_text(s, "type", "object");
	schema_int(s, "minProperties", 1);
	schema_closed(s);
	schema_object(s, "properties");
	schema_connectives(s, "condition");
	put_fields(s);
	schema_object_end(s);
	schema_object(s, "patternProperties");
	put_below_maps(s);
	schema_object_end(s);
	schema_object_end(s);
}

static void put_const(struct schema *s, const char *value, const char *text)
{
	write_json_object(&s->w);
	schema_text(s, "const", value);
	schema_text(s, "description", text);
	schema_object_end(s);
}

/* The path of a field with one value, as group_by takes it. */
void schema_group_path(struct schema *s)
{
	size_t i;

	schema_object(s, "group-path");
	schema_list(s, "anyOf");
	for (i = 0; i < N_FIELDS; i++)
		if (field_table[i].type.base != TYPE_OBJECT &&
		    field_table[i].type.element != TYPE_OBJECT)
			put_const(s, field_table[i].path, field_table[i].text);
	for (i = 0; i < N_FIELDS; i++)
		if (field_table[i].type.base == TYPE_MAP)
			schema_pattern_object(s, below_pattern(s, field_table[i].path, "[.\\[]."));
	schema_list_end(s);
	schema_object_end(s);
}

/* What a path stands below and the tables have no row for. `before` is the last that
 * was put, since rows of one parent stand together. */
static void put_parents(struct schema *s, struct str path, struct str *before)
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
void schema_unknown_path(struct schema *s)
{
	struct str before = STR("");
	size_t i;

	schema_object(s, "unknown-path");
	schema_text(s, "type", "string");
	schema_list(s, "anyOf");
	for (i = 0; i < N_FIELDS; i++) {
		put_parents(s, str_of(field_table[i].path), &before);
		put_const(s, field_table[i].path, field_table[i].text);
	}
	for (i = 0; i < N_FIELDS; i++)
		if (field_table[i].type.base == TYPE_MAP)
			schema_pattern_object(s, below_pattern(s, field_table[i].path, "[.\\[]."));
	for (i = 0; i < field_n_members; i++) {
		put_parents(s, str_of(field_members[i].path), &before);
		put_const(s, field_members[i].path, field_members[i].text);
	}
	schema_list_end(s);
	schema_object_end(s);
}

void schema_operand_definitions(struct schema *s)
{
	static const char *const words[][2] = {
		{ "field", "Another field of the same resource" },
		{ "member", "A path of the member" },
		{ "format", "A text with the fields of the resource in braces" },
	};
	size_t i;

	schema_object(s, "parameter");
	schema_text(s, "description", "A parameter: $name or $name.member");
	schema_text(s, "type", "string");
	schema_text(s, "pattern", "^\\$[A-Za-z_$]");
	schema_object_end(s);
	schema_object(s, "computed");
	schema_text(s, "type", "object");
	schema_list(s, "anyOf");
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		write_json_object(&s->w);
		schema_list(s, "required");
		write_json_text(&s->w, words[i][0]);
		schema_list_end(s);
		schema_object_end(s);
	}
	schema_list_end(s);
	schema_closed(s);
	schema_object(s, "properties");
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		schema_object(s, words[i][0]);
		schema_text(s, "description", words[i][1]);
		schema_text(s, "type", "string");
		schema_object_end(s);
	}
	schema_object(s, "else");
	schema_text(s, "description", "The operand where the path is absent");
	schema_object_end(s);
	schema_object_end(s);
	schema_object_end(s);
}

/* ---- the configurations of tests -------------------------------------------- */

static void put_given_value(struct schema *s, struct type type, const char *values)
{
	struct schema_kind k = { .type = { type.element, TYPE_NONE }, .values = values };

	schema_list(s, "anyOf");
	if (type.base == TYPE_LIST || type.base == TYPE_MAP) {
		write_json_object(&s->w);
		schema_text(s, "type", type.base == TYPE_LIST ? "array" : "object");
		if (type.element == TYPE_STRING) {
			write_json_key(&s->w,
				       type.base == TYPE_LIST ? "items" : "additionalProperties");
			write_json_object(&s->w);
			if (k.values != NULL)
				schema_enum(s, k.values);
			else
				schema_text(s, "type", "string");
			schema_object_end(s);
		}
		schema_object_end(s);
	} else if (values != NULL) {
		write_json_object(&s->w);
		schema_enum(s, values);
		schema_object_end(s);
	} else {
		schema_type_object(s, type.base == TYPE_NUMBER    ? "number"
				      : type.base == TYPE_BOOLEAN ? "boolean"
								  : "string");
	}
	schema_type_object(s, "null");
	schema_list_end(s);
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

static void put_given_property(struct schema *s, bool members, size_t i, struct str prefix,
			       struct str name)
{
	const char *path = row_path(members, i);
	struct str whole = { path, prefix.len + name.len };
	bool leaf = path[whole.len] == '\0';

	write_json_key_str(&s->w, name);
	write_json_object(&s->w);
	if (leaf)
		schema_text(s, "description",
			    members ? field_members[i].text : field_table[i].text);
	if (leaf && members) {
		put_given_value(s, field_members[i].type, field_members[i].values);
	} else if (leaf && field_table[i].type.element == TYPE_OBJECT) {
		schema_object(s, "items");
		schema_given(s, true, str_of(schema_members_of(s, &field_table[i])));
		schema_object_end(s);
		schema_list(s, "type");
		write_json_text(&s->w, "array");
		write_json_text(&s->w, "null");
		schema_list_end(s);
	} else if (leaf && field_table[i].type.base != TYPE_OBJECT) {
		put_given_value(s, field_table[i].type, field_table[i].values);
	} else {
		schema_given(s, members, str_of(arena_printf(&s->arena, "%.*s.", STR_ARG(whole))));
	}
	schema_object_end(s);
}

void schema_given(struct schema *s, bool members, struct str prefix)
{
	struct str path, name;
	size_t i;

	schema_list(s, "type");
	write_json_text(&s->w, "object");
	write_json_text(&s->w, "null");
	schema_list_end(s);
	schema_closed(s);
	schema_object(s, "properties");
	for (i = 0; row_path(members, i) != NULL; i++) {
		path = str_of(row_path(members, i));
		if (!str_starts(path, prefix))
			continue;
		name = (struct str){ path.data + prefix.len, strcspn(path.data + prefix.len, ".") };
		if (is_first(members, prefix, i, name))
			put_given_property(s, members, i, prefix, name);
	}
	schema_object_end(s);
}
