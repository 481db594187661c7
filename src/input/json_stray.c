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
	return text_has(arn, STR(":recording-configuration/"));
}

/* A member of channels that what speaks of one has not. */
static bool is_telling_of_channel(struct str key)
{
	return json_key_is_like(key, STR("latencyMode")) ||
	       json_key_is_like(key, STR("insecureIngest")) ||
	       json_key_is_like(key, STR("authorized")) ||
	       json_key_is_like(key, STR("recordingConfigurationArn"));
}

/* A type of resource, as templates and plans have it. */
static bool is_planned_type(struct str type)
{
	return str_is(type, "AWS::IVS::RecordingConfiguration") ||
	       str_is(type, "aws_ivs_recording_configuration") ||
	       str_is(type, "awscc_ivs_recording_configuration");
}

/* What such a resource has, and what only speaks of one has not. */
static bool is_planned_body(struct str key)
{
	return str_is(key, "Properties") || str_is(key, "change") || str_is(key, "values") ||
	       str_is(key, "instances");
}

/* The text of a template, as `aws cloudformation get-template` prints one in YAML. */
static bool is_template_text(struct str key, struct str text)
{
	return str_is(key, "TemplateBody") &&
	       text_has(text, STR("AWS::IVS::RecordingConfiguration"));
}

/* What was seen of an object. */
struct seen {
	bool named; /* its place is that of a configuration */
	bool telling, arn;
	bool type, body;
	bool template_text;
	bool of_channel, channel_arn;
};

/* named: the place is that of configurations. */
static struct json_stray find(struct json *j, bool named, bool channels);

/* The string before which j stands. */
static void see_string(struct json *j, struct str key, struct seen *seen)
{
	struct str text;

	if (json_string(j, &text) == -1)
		return;
	if (json_key_is_like(key, STR("arn"))) {
		seen->arn |= is_configuration_arn(text);
		seen->channel_arn |= text_has(text, STR(":channel/"));
	} else if (str_is(key, "Type") || str_is(key, "type")) {
		seen->type |= is_planned_type(text);
	} else {
		seen->template_text |= is_template_text(key, text);
	}
}

static struct json_stray find_in_object(struct json *j, bool named, bool channels)
{
	struct json_stray found = { NULL, NULL };
	struct seen seen = { .named = named };
	const char *start = j->next;
	struct str key;
	bool first;
	char c;

	if (json_open(j, '{') == -1)
		return found;
	for (first = true; json_member(j, first, &key) == 1; first = false) {
		c = json_peek(j);
		seen.telling |= c != 'n' && is_telling(key);
		seen.of_channel |= c != 'n' && is_telling_of_channel(key);
		seen.body |= (c == '{' || c == '[') && is_planned_body(key);
		if (c == '"')
			see_string(j, key, &seen);
		else
			found = find(j, is_of_configurations(key), channels);
		if (found.at != NULL)
			return found;
		if (seen.telling && (seen.arn || seen.named))
			return (struct json_stray){ start, JSON_STRAY };
		if ((seen.type && seen.body) || seen.template_text)
			return (struct json_stray){ start, JSON_STRAY_PLANNED };
		if (channels && seen.of_channel && seen.channel_arn)
			return (struct json_stray){ start, JSON_STRAY_CHANNEL };
	}
	return found;
}

static struct json_stray find(struct json *j, bool named, bool channels)
{
	struct json_stray found = { NULL, NULL };
	bool first;

	switch (json_peek(j)) {
	case '{':
		return find_in_object(j, named, channels);
	case '[':
		if (json_open(j, '[') == -1)
			return found;
		for (first = true; found.at == NULL && json_item(j, first) == 1; first = false)
			found = find(j, named, channels);
		return found;
	default:
		json_skip(j);
		return found;
	}
}

struct json_stray json_find_stray(const struct json *j, struct str key, bool channels)
{
	struct json_stray found = { NULL, NULL };
	struct arena_mark mark = arena_mark(j->arena);
	struct json peek = *j;

	if (json_peek(&peek) != '{' && *peek.next != '[')
		return found;
	found = find(&peek, is_of_configurations(key), channels);
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
