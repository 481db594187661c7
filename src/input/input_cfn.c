/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudFormation, SAM and CDK templates, YAML and JSON, to resources. Knows how
 * one is recognised and in which order it is read; functions are cfn_fn.c's, and
 * what resources say cfn_resource.c's.
 */
#include "input/input.h"

#include <string.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/text.h"
#include "input/cfn_resource.h"
#include "input/cfn_run.h"

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
	/* of a folder only what is named as YAML: a line of prose may look like a key */
	if (!head->asked_for && !is_yaml_name(head->name))
		return false;
	return looks_like_yaml(head->text) || (head->asked_for && is_yaml_name(head->name));
}

/* Tells of a template, or of a resource in it, what keeps it from being audited. */
static void tell_as(const struct input_sink *sink, enum trouble kind, struct source *source,
		    struct place place, const char *text)
{
	place = source_place(source, place);
	sink->trouble(sink->to, kind, place.line, place.column, text);
}

static void tell(const struct input_sink *sink, struct source *source, struct place place,
		 const char *text)
{
	tell_as(sink, TROUBLE_REFUSED, source, place, text);
}

/* A template being read. */
struct reading {
	struct cfn *t;
	struct cfn_set *set; /* what is looked at for what is related */
	struct source *source;
	struct arena *arena; /* for rows */
	field_set needs;
	const struct input_sink *sink;
	uint64_t seen, made; /* recording configurations; those under no false condition */
};

static void note(const struct reading *x, const char *format, struct str name)
{
	struct buf shown = BUF_INIT(0), text = BUF_INIT(0);

	if (x->sink->note == NULL)
		return;
	text_put_quoted(&shown, name, 80);
	buf_puts(&text, format);
	buf_puts(&text, shown.data);
	x->sink->note(x->sink->to, text.data);
	buf_release(&shown);
	buf_release(&text);
}

/* Transforms of AWS that make no recording configuration of their own. */
static bool adds_nothing(struct str transform)
{
	return str_is(transform, "AWS::LanguageExtensions") ||
	       str_is(transform, "AWS::SecretsManager-2020-07-23") ||
	       str_is(transform, "AWS::SecretsManager-2024-09-16") ||
	       str_is(transform, "AWS::CodeDeployBlueGreen") ||
	       str_starts(transform, STR("AWS::Serverless-"));
}

static void note_transform(const struct reading *x, const struct value *v)
{
	const struct value *name = v->kind == VALUE_MAP ? value_get(v, STR("Name")) : v;

	if (name != NULL && name->kind == VALUE_STRING && !adds_nothing(value_str(name)))
		note(x, "what this macro adds on deployment is not seen: ", value_str(name));
}

/* What the deploy would add, and is in no file: it was not audited, and that is said. */
static void note_unseen(const struct reading *x)
{
	const struct value *transform = value_get(&x->t->root, STR("Transform"));
	const struct value *resources = value_get(&x->t->root, STR("Resources"));
	const char *why;
	uint32_t i;
	size_t k;

	if (transform != NULL && transform->kind == VALUE_LIST)
		for (i = 0; i < transform->n; i++)
			note_transform(x, &transform->items[i]);
	else if (transform != NULL)
		note_transform(x, transform);
	if (value_get(&x->t->root, STR("Fn::Transform")) != NULL ||
	    (resources != NULL && value_get(resources, STR("Fn::Transform")) != NULL))
		note(x, "what this macro adds on deployment is not seen: ", STR("Fn::Transform"));
	for (k = 0; k < x->t->n_resources; k++)
		if (cfn_is_remote(x->t, &x->t->resources[k]) &&
		    cfn_exists(x->t, &x->t->resources[k], &why) != CFN_FALSE)
			note(x,
			     "the template of this nested stack is in no file here, so check it as "
			     "well: ",
			     x->t->resources[k].named.name);
}

static void read_resources(struct reading *x)
{
	struct resource *row = NULL;
	struct cfn *t = x->t;
	enum cfn_truth exists;
	const char *why;
	uint32_t index = 0;
	size_t i;

	for (i = 0; i < t->n_resources && t->exhausted == NULL; i++) {
		struct cfn_resource *r = &t->resources[i];

		if (!str_is(r->type, CFN_CONFIGURATION))
			continue;
		x->seen++;
		exists = cfn_exists(t, r, &why);
		if (exists == CFN_FALSE) {
			log_verbose("%s: %.*s is under a condition that does not hold, and is not "
				    "audited",
				    x->source->name,
				    (int)(r->named.name.len < 80 ? r->named.name.len : 80),
				    r->named.name.data);
			continue;
		}
		x->made++;
		if (row == NULL)
			row = ARENA_NEW(x->arena, struct resource);
		resource_init(row, x->source, r->named.place, SOURCE_CLOUDFORMATION);
		row->index = ++index;
		cfn_fill(t, r, exists, why, row);
		cfn_relate(x->set, r, row, x->needs);
		if (t->exhausted != NULL)
			break;
		resource_complete(row, x->needs, t->arena);
		if (x->sink->resource(x->sink->to, row))
			row = NULL;
	}
	for (i = 0; i < t->n_loops; i++)
		tell(x->sink, x->source, t->loops[i].place,
		     "recording configurations in a loop (Fn::ForEach) over what is not known "
		     "before "
		     "the deploy");
	x->seen += t->n_loops;
	x->made += t->n_loops;
	if (t->exhausted != NULL)
		tell(x->sink, x->source, t->root.place, t->exhausted);
	else
		note_unseen(x);
}

/* A unit, and the nested templates that are read with it. */
static void read_unit(struct reading *x, struct cfn_run *run, struct cfn_unit *u)
{
	struct cfn_unit *child;
	struct place place;
	const char *text;
	size_t at = 0;

	x->t = &u->t;
	read_resources(x);
	while ((text = cfn_run_missing(run, u, &at, &place)) != NULL)
		tell_as(x->sink, TROUBLE_MISSING, x->source, place, text);
	for (child = cfn_run_units(run); child != NULL; child = child->next) {
		struct reading y = *x;

		if (child->in_run || child->owner != u || !cfn_run_made(child))
			continue;
		y.source = &child->source;
		y.seen = y.made = 0;
		read_unit(&y, run, child);
		x->seen += y.seen;
		x->made += y.made;
	}
}

static void read_alone(struct reading *x, struct cfn *t)
{
	struct cfn_set set = { .list = &t, .n = 1 };

	x->t = t;
	x->set = &set;
	read_resources(x);
}

static void read_template(struct segment *segment, struct cfn_run *run, struct cfn *t,
			  struct reading *x)
{
	struct cfn_unit *u;
	struct place place;
	const char *text;

	if (cfn_open(t, &place, &text) == -1) {
		tell(x->sink, x->source, place, text);
		return;
	}
	u = cfn_run_enter(run, &segment->source);
	if (u != NULL) {
		x->set = cfn_run_set(run);
		read_unit(x, run, u);
		cfn_run_leave(run);
	} else {
		read_alone(x, t);
	}
	if (x->seen == 0)
		x->sink->other(x->sink->to, STR("Resources"));
	else if (x->made == 0)
		x->sink->other(x->sink->to, STR("conditions that do not hold"));
}

static void read_segment(struct segment *segment, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct input_sink *sink)
{
	struct cfn t = { .arena = arena, .source = &segment->source };
	struct reading x = {
		.source = &segment->source, .arena = arena, .needs = needs, .sink = sink
	};
	struct cfn_run *run = inputs_cfn_run(inputs);
	struct place place = { 1, 1 };
	const char *text;

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
	cfn_run_stack(run, segment->source.name, arena, &t.stack);
	read_template(segment, run, &t, &x);
	cfn_close(&t);
}

const struct input input_cfn = { .name = "cfn",
				 .takes = INPUT_WHOLE,
				 .limit = LIMIT_TEMPLATE_SIZE,
				 .recognise = recognise,
				 .read = read_segment };
