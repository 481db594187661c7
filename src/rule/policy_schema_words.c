/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small words of JSON Schema, as members of what is being written.
 */
#include "rule/policy_schema_inside.h"

void schema_text(struct schema *s, const char *key, const char *text)
{
	write_json_key(&s->w, key);
	write_json_text(&s->w, text);
}

void schema_int(struct schema *s, const char *key, int64_t n)
{
	write_json_key(&s->w, key);
	write_json_int(&s->w, n);
}

void schema_object(struct schema *s, const char *key)
{
	write_json_key(&s->w, key);
	write_json_object(&s->w);
}

void schema_object_end(struct schema *s)
{
	write_json_object_end(&s->w);
}

void schema_list(struct schema *s, const char *key)
{
	write_json_key(&s->w, key);
	write_json_array(&s->w);
}

void schema_list_end(struct schema *s)
{
	write_json_array_end(&s->w);
}

void schema_closed(struct schema *s)
{
	write_json_key(&s->w, "additionalProperties");
	write_json_boolean(&s->w, false);
}

void schema_ref(struct schema *s, const char *name)
{
	schema_text(s, "$ref", arena_printf(&s->arena, "#/definitions/%s", name));
}

void schema_ref_object(struct schema *s, const char *name)
{
	write_json_object(&s->w);
	schema_ref(s, name);
	schema_object_end(s);
}

void schema_ref_member(struct schema *s, const char *key, const char *name)
{
	write_json_key_str(&s->w, str_of(key)); /* may be a pattern */
	schema_ref_object(s, name);
}

void schema_type_object(struct schema *s, const char *type)
{
	write_json_object(&s->w);
	schema_text(s, "type", type);
	schema_object_end(s);
}

/* {"type": "string", "pattern": ...} */
void schema_pattern_object(struct schema *s, const char *pattern)
{
	write_json_object(&s->w);
	schema_text(s, "type", "string");
	schema_text(s, "pattern", pattern);
	schema_object_end(s);
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

void schema_enum(struct schema *s, const char *values)
{
	struct str part;

	schema_list(s, "enum");
	while (next_value(&values, &part))
		write_json_str(&s->w, part);
	schema_list_end(s);
}

void schema_severities(struct schema *s)
{
	int i;

	schema_list(s, "enum");
	for (i = N_SEVERITIES - 1; i >= 0; i--)
		write_json_text(&s->w, severity_name((enum severity)i));
	schema_list_end(s);
}

/* Without what no test can see: nothing waives in a test. */
void schema_verdicts(struct schema *s)
{
	int i;

	schema_list(s, "enum");
	for (i = 0; i < N_VERDICTS; i++)
		if (i != VERDICT_WAIVED)
			write_json_text(&s->w, verdict_name((enum verdict)i));
	schema_list_end(s);
}
