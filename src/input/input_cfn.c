/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudFormation, SAM and CDK templates, YAML and JSON, to resources. Knows how
 * one is recognised and in which order it is read; functions are cfn_fn.c's, and
 * what resources say cfn_resource.c's.
 */
#include "input/input.h"

#include <string.h>

#include "base/limit.h"
#include "input/cfn_resource.h"

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

/* Tells of a template, or of a resource in it, what keeps it from being audited. */
static void tell(const struct input_sink *sink, struct source *source, struct place place,
		 const char *text)
{
	place = source_place(source, place);
	sink->trouble(sink->to, TROUBLE_REFUSED, place.line, place.column, text);
}

static void read_resources(struct cfn *t, field_set needs, const struct input_sink *sink)
{
	struct cfn *list[] = { t };
	struct cfn_set set = { .list = list, .n = 1 };
	struct resource *row = NULL;
	enum cfn_truth exists;
	const char *why;
	uint32_t index = 0;
	size_t i;

	for (i = 0; i < t->n_resources; i++) {
		struct cfn_resource *r = &t->resources[i];

		if (!str_is(r->type, CFN_CONFIGURATION))
			continue;
		exists = cfn_exists(t, r, &why);
		if (exists == CFN_FALSE)
			continue;
		if (row == NULL)
			row = ARENA_NEW(t->arena, struct resource);
		resource_init(row, t->source, r->named.place, SOURCE_CLOUDFORMATION);
		row->index = ++index;
		cfn_fill(t, r, exists, why, row);
		cfn_relate(&set, r, row, needs);
		if (t->exhausted != NULL)
			break;
		resource_complete(row, needs, t->arena);
		if (sink->resource(sink->to, row))
			row = NULL;
	}
	for (i = 0; i < t->n_loops; i++)
		tell(sink, t->source, t->loops[i].place,
		     "recording configurations in a loop (Fn::ForEach) over what is not known "
		     "before "
		     "the deploy");
	if (t->exhausted != NULL)
		tell(sink, t->source, t->root.place, t->exhausted);
	else if (index == 0 && t->n_loops == 0)
		sink->other(sink->to, STR("Resources"));
}

static void read_segment(struct segment *segment, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct input_sink *sink)
{
	struct cfn t = { .arena = arena, .source = &segment->source };
	struct place place = { 1, 1 };
	const char *text;

	(void)inputs;
	if (cfn_read_tree(&segment->source, arena, &t.root, &place, &text) == -1) {
		tell(sink, &segment->source, place, text);
		return;
	}
	if (t.root.kind != VALUE_MAP && t.root.kind != VALUE_NULL) {
		tell(sink, &segment->source, t.root.place,
		     arena_printf(arena, "a template is a map, and this is %s",
				  value_kind_name((enum value_kind)t.root.kind)));
		return;
	}
	if (!cfn_is_template(&t.root)) {
		sink->other(sink->to, t.root.kind == VALUE_MAP && t.root.n > 0
					  ? t.root.entries[0].key
					  : STR(""));
		return;
	}
	if (cfn_open(&t, &place, &text) == -1)
		tell(sink, &segment->source, place, text);
	else
		read_resources(&t, needs, sink);
	cfn_close(&t);
}

const struct input input_cfn = { .name = "cfn",
				 .takes = INPUT_WHOLE,
				 .limit = LIMIT_TEMPLATE_SIZE,
				 .recognise = recognise,
				 .read = read_segment };
