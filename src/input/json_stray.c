/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking for recording configurations where none is read. Only what is no
 * configuration by the rules of json_answer.c is gone over here.
 */
#include "input/json_stray.h"

#include <string.h>

#include "base/text.h"
#include "input/json_learned.h"

static bool is_joint(char c)
{
	return c == '_' || c == '-';
}

bool json_key_is_like_closely(struct str key, struct str name)
{
	size_t at = 0, i;

	for (i = 0; i < key.len; i++) {
		if (is_joint(key.data[i]))
			continue;
		if (at == name.len || !text_equal_nocase_ascii((struct str){ key.data + i, 1 },
							       (struct str){ name.data + at, 1 }))
			return false;
		at++;
	}
	return at == name.len;
}

/* What holds one, or a list of them. */
static bool is_of_configurations(struct str key)
{
	return json_key_is_like(key, STR("recordingConfiguration")) ||
	       json_key_is_like(key, STR("recordingConfigurations"));
}

/* A member that hardly anything else has. */
static bool is_telling(struct str key)
{
	static const struct str names[] = { STR("destinationConfiguration"),
					    STR("thumbnailConfiguration"),
					    STR("renditionConfiguration"),
					    STR("recordingReconnectWindowSeconds") };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (json_key_is_like(key, names[i]))
			return true;
	return false;
}

static bool is_configuration_arn(struct str arn)
{
	static const char part[] = ":recording-configuration/";
	size_t i;

	for (i = 0; i + sizeof(part) - 1 <= arn.len; i++)
		if (memcmp(arn.data + i, part, sizeof(part) - 1) == 0)
			return true;
	return false;
}

static const char *find(struct json *j, bool named);

/* At an object. named: its place is that of a configuration. */
static const char *find_in_object(struct json *j, bool named)
{
	const char *start = j->next, *found;
	bool telling = false, arn = false, first;
	struct str key, text;

	if (json_open(j, '{') == -1)
		return NULL;
	for (first = true; json_member(j, first, &key) == 1; first = false) {
		char c = json_peek(j);

		telling = telling || (c != 'n' && is_telling(key));
		if (c == '"' && json_key_is_like(key, STR("arn"))) {
			if (json_string(j, &text) == -1)
				return NULL;
			arn = arn || is_configuration_arn(text);
		} else if ((found = find(j, is_of_configurations(key))) != NULL) {
			return found;
		}
		if (telling && (arn || named))
			return start;
	}
	return NULL;
}

static const char *find(struct json *j, bool named)
{
	const char *found;
	bool first;

	switch (json_peek(j)) {
	case '{':
		return find_in_object(j, named);
	case '[':
		if (json_open(j, '[') == -1)
			return NULL;
		for (first = true; json_item(j, first) == 1; first = false)
			if ((found = find(j, named)) != NULL)
				return found;
		return NULL;
	default:
		json_skip(j);
		return NULL;
	}
}

const char *json_stray(const struct json *j, struct str key)
{
	struct arena_mark mark = arena_mark(j->arena);
	struct json peek = *j;
	const char *found;

	if (json_peek(&peek) != '{' && *peek.next != '[')
		return NULL;
	found = find(&peek, is_of_configurations(key));
	arena_rewind(j->arena, mark);
	return found;
}

bool json_is_named_as_bare(const struct json *j)
{
	struct arena_mark mark = arena_mark(j->arena);
	struct json peek = *j;
	bool telling = false, other = false, first;
	struct str key, text;
	int field;

	if (json_open(&peek, '{') == -1)
		return false;
	for (first = true; json_member(&peek, first, &key) == 1; first = false) {
		char c = json_peek(&peek);

		field = field_find(key);
		telling = telling || (c != 'n' && field >= 0 && field < N_FIELDS &&
				      (JSON_TELLING & FIELD_BIT(field)) != 0);
		if (c == '"' && str_is(key, "arn")) {
			if (json_string(&peek, &text) == -1)
				break;
			telling = telling || is_configuration_arn(text);
			other = text.len != 0 && !is_configuration_arn(text);
		} else if (json_skip(&peek) == -1) {
			break;
		}
	}
	arena_rewind(j->arena, mark);
	return telling && !other;
}

bool json_may_stand_before(struct str key)
{
	return str_is(key, "nextToken") || str_is(key, "NextToken") ||
	       str_is(key, "ResponseMetadata") || str_is(key, "$metadata");
}
