/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy's schema. Knows how what the tables say is said in JSON Schema;
 * knows no key, field or operator by itself but those whose value has a shape of
 * its own. What no schema can tell (names that must be declared, patterns that
 * must compile) is left to the loader.
 */
#include "rule/policy_schema.h"

#include "base/limit.h"
#include "rule/policy_schema_inside.h"
#include "rule/shape.h"

static void put_configure(struct schema *s)
{
	static const struct schema_more configure[] = { { "severity", schema_more_severity },
							{ "params", schema_more_params },
							{ "message", schema_more_message } };
	static const struct schema_more override[] = {
		{ "when", schema_more_condition },
		{ "params", schema_more_params },
		{ "configure", schema_more_configure },
	};
	static const char *const either[] = { "params", "configure" };
	size_t i;

	schema_object(s, "configure");
	SCHEMA_TABLE(s, shape_configure, configure);
	schema_int(s, "minProperties", 1);
	schema_object_end(s);
	schema_object(s, "override");
	SCHEMA_TABLE(s, shape_override, override);
	schema_list(s, "anyOf");
	for (i = 0; i < 2; i++) {
		write_json_object(&s->w);
		schema_list(s, "required");
		write_json_text(&s->w, either[i]);
		schema_list_end(s);
		schema_object(s, "properties");
		schema_object(s, either[i]);
		schema_int(s, "minProperties", 1);
		schema_object_end(s);
		schema_object_end(s);
		schema_object_end(s);
	}
	schema_list_end(s);
	schema_object_end(s);
}

static void more_reason(struct schema *s)
{
	schema_text(s, "pattern", "[^ \\t\\r\\n]");
}

static void more_day(struct schema *s)
{
	schema_text(s, "pattern",
		    "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|"
		    "(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$");
	schema_object(s, "not");
	schema_text(s, "type", "number");
	schema_object_end(s);
}

static void put_waiver(struct schema *s)
{
	static const struct schema_more more[] = {
		{ "rule", schema_more_id },
		{ "match", schema_more_condition },
		{ "reason", more_reason },
		{ "expires", more_day },
	};

	schema_object(s, "waiver");
	SCHEMA_TABLE(s, shape_waiver, more);
	schema_object_end(s);
}

static void more_version(struct schema *s)
{
	schema_int(s, "const", 1);
}

static void put_extended(struct schema *s)
{
	size_t i;

	schema_list(s, "anyOf");
	for (i = 0; i < s->n_packs; i++) {
		write_json_object(&s->w);
		schema_text(s, "const", arena_printf(&s->arena, "ivslint:%s", s->packs[i]));
		schema_text(s, "description", "A pack that ships with the program");
		schema_object_end(s);
	}
	for (i = 0; i < s->n_packs; i++)
		schema_pattern_object(
		    s, arena_printf(&s->arena, "^ivslint:%s@0*[1-9][0-9]*$", s->packs[i]));
	write_json_object(&s->w);
	schema_text(s, "description", "A file, by its path from this file");
	schema_text(s, "type", "string");
	schema_text(s, "pattern", "^(?!ivslint:).");
	schema_object_end(s);
	schema_list_end(s);
}

static void more_extends(struct schema *s)
{
	schema_list(s, "anyOf");
	schema_type_object(s, "null");
	schema_ref_object(s, "extended");
	write_json_object(&s->w);
	schema_text(s, "type", "array");
	schema_ref_member(s, "items", "extended");
	schema_object_end(s);
	schema_list_end(s);
}

static void more_file_params(struct schema *s)
{
	schema_object(s, "propertyNames");
	schema_text(s, "pattern", PARAM_PATTERN);
	schema_object_end(s);
	schema_ref_member(s, "additionalProperties", "parameter-entry");
}

static void more_overrides(struct schema *s)
{
	schema_ref_member(s, "items", "override");
	schema_int(s, "maxItems", LIMIT_OVERRIDES);
}

static void more_waivers(struct schema *s)
{
	schema_ref_member(s, "items", "waiver");
	schema_int(s, "maxItems", LIMIT_WAIVERS);
}

static void more_rules(struct schema *s)
{
	schema_ref_member(s, "items", "rule");
	schema_int(s, "maxItems", LIMIT_RULES);
}

/* Only the rules of a pack with a version have a version in which they joined. */
static void put_since(struct schema *s)
{
	schema_object(s, "if");
	schema_object(s, "not");
	schema_list(s, "required");
	write_json_text(&s->w, "pack_version");
	schema_list_end(s);
	schema_object_end(s);
	schema_object_end(s);
	schema_object(s, "then");
	schema_object(s, "properties");
	schema_object(s, "rules");
	schema_object(s, "items");
	schema_object(s, "not");
	schema_list(s, "required");
	write_json_text(&s->w, "since");
	schema_list_end(s);
	schema_object_end(s);
	schema_object_end(s);
	schema_object_end(s);
	schema_object_end(s);
	schema_object_end(s);
}

static void put_definitions(struct schema *s)
{
	schema_object(s, "definitions");
	schema_object(s, "extended");
	put_extended(s);
	schema_object_end(s);
	schema_param(s);
	put_configure(s);
	put_waiver(s);
	schema_rule(s);
	schema_group_require(s);
	schema_tests(s);
	schema_condition(s);
	schema_group_path(s);
	schema_unknown_path(s);
	schema_operand_definitions(s);
	schema_formats(s);
	schema_kinds(s);
	schema_object_end(s);
}

void policy_schema_put(struct buf *out, const char *const *packs, size_t n)
{
	static const struct schema_more more[] = {
		{ "version", more_version },
		{ "pack_version", schema_more_positive },
		{ "extends", more_extends },
		{ "params", more_file_params },
		{ "configure", schema_more_configure },
		{ "overrides", more_overrides },
		{ "waivers", more_waivers },
		{ "fail_on", schema_more_severity },
		{ "rules", more_rules },
	};
	struct schema s = { .arena = ARENA_INIT, .packs = packs, .n_packs = n };

	write_json_init(&s.w, out, true);
	write_json_object(&s.w);
	schema_text(&s, "$schema", "http://json-schema.org/draft-07/schema#");
	schema_text(&s, "title", "Policy of ivslint");
	schema_text(&s, "description",
		    "A policy file or a pack of rules, version 1 of the language; see "
		    "ivslint-rules(5)");
	SCHEMA_TABLE(&s, shape_policy, more);
	put_since(&s);
	put_definitions(&s);
	write_json_object_end(&s.w);
	buf_putc(out, '\n');
	arena_release(&s.arena);
}
