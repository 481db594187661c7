/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudFormation, SAM and CDK templates, YAML and JSON. Recognised; not read
 * yet, which is told as a document that holds something else.
 */
#include "input/input.h"

#include <string.h>

#include "base/limit.h"

/* Keys that a template has at its top, and hardly anything else. */
static const char *const telling[] = { "AWSTemplateFormatVersion", "Resources", "Transform" };
#define N_TELLING (sizeof(telling) / sizeof(*telling))

/* Whether a line of YAML is the key: plain or quoted, from its first column. */
static bool is_key_line(struct str line, const char *key)
{
	size_t len = strlen(key);
	char quote = line.len > 0 ? line.data[0] : '\0';

	if (quote == '"' || quote == '\'') {
		line.data++;
		line.len--;
	} else {
		quote = '\0';
	}
	if (line.len <= len || memcmp(line.data, key, len) != 0)
		return false;
	line.data += len;
	line.len -= len;
	if (quote != '\0') {
		if (line.data[0] != quote)
			return false;
		line.data++;
		line.len--;
	}
	while (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t')) {
		line.data++;
		line.len--;
	}
	return line.len > 0 && line.data[0] == ':';
}

/* A block mapping with one of the telling keys at the left. */
static bool looks_like_yaml(struct str text)
{
	const char *p = text.data, *end = text.data + text.len, *stop;
	size_t i;

	for (; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		for (i = 0; i < N_TELLING; i++)
			if (is_key_line((struct str){ p, (size_t)(stop - p) }, telling[i]))
				return true;
	}
	return false;
}

static bool is_yaml_name(const char *name)
{
	static const char *const endings[] = { ".yaml", ".yml", ".template", NULL };

	return input_named(name, endings);
}

/* A flow mapping: what begins as JSON does, and is none. */
static bool looks_like_flow(const struct input_head *head)
{
	struct str text = head->text;
	size_t i, k;

	if (head->first != '{' || head->n_keys > 1 || !is_yaml_name(head->name))
		return false;
	for (i = 0; i < N_TELLING; i++)
		for (k = 0; k + strlen(telling[i]) <= text.len; k++)
			if (memcmp(text.data + k, telling[i], strlen(telling[i])) == 0)
				return true;
	return false;
}

static bool recognise(const struct input_head *head)
{
	size_t i;

	if (head->lines)
		return false;
	for (i = 0; i < N_TELLING; i++)
		if (input_head_has(head, telling[i]))
			return true;
	if (head->json)
		return looks_like_flow(head);
	return looks_like_yaml(head->text) || (head->asked_for && is_yaml_name(head->name));
}

static void read_segment(struct segment *segment, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct input_sink *sink)
{
	(void)segment;
	(void)inputs;
	(void)needs;
	(void)arena;
	sink->other(sink->to, STR("Resources"));
}

const struct input input_cfn = { .name = "cfn",
				 .takes = INPUT_WHOLE,
				 .limit = LIMIT_TEMPLATE_SIZE,
				 .recognise = recognise,
				 .read = read_segment };
