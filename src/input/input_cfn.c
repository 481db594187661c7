/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudFormation, SAM and CDK templates, YAML and JSON, to resources. Knows in which
 * order one is read; how it is recognised is cfn_recognise.c's, functions are
 * cfn_fn.c's, and what resources say cfn_resource.c's.
 */
#include "input/input.h"

#include <string.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/text.h"
#include "input/cfn_channel.h"
#include "input/cfn_parameter.h"
#include "input/cfn_recognise.h"
#include "input/cfn_resource.h"
#include "input/cfn_run.h"
#include "input/cfn_unseen.h"

/* A template being read. */
struct reading {
	struct cfn *t;
	struct cfn_set *set;   /* what is looked at for what is related */
	struct source *source; /* of the template */
	struct source *file;   /* that it is read with: the same, or the one that nests it */
	struct cfn_run *run;
	struct arena *arena; /* for rows */
	field_set needs;
	bool channels; /* are wanted as well, with these fields */
	field_set channel_needs;
	const struct input_sink *sink;
	uint64_t seen, made; /* what is audited; of it what is under no false condition */
};

/* Tells of a template, or of a resource in it, what keeps it from being audited. */
static void tell_as(const struct reading *x, enum trouble kind, struct place place,
		    const char *text)
{
	const struct input_sink *sink = x->sink;

	place = source_place(x->source, place);
	if (x->source == x->file)
		sink->trouble(sink->to, kind, place.line, place.column, text);
	else if (sink->trouble_in != NULL)
		sink->trouble_in(sink->to, x->source->name, kind, place, text);
	else
		sink->trouble(sink->to, kind, 1, 1,
			      arena_printf(x->arena, "%s:%u:%u: %s", x->source->name,
					   (unsigned)place.line, (unsigned)place.column, text));
}

static void tell(const struct reading *x, struct place place, const char *text)
{
	tell_as(x, TROUBLE_REFUSED, place, text);
}

static void on_unseen(void *to, struct place place, const char *text)
{
	const struct reading *x = to;

	tell_as(x, TROUBLE_UNSEEN, place, text);
}

static void on_refused(void *to, struct place place, const char *text)
{
	tell(to, place, text);
}

/* Whether a resource is audited, and as what. */
static bool is_audited(const struct reading *x, const struct cfn_resource *r, enum kind *kind)
{
	if (str_is(r->type, CFN_CONFIGURATION)) {
		*kind = KIND_RECORDING_CONFIGURATION;
		return true;
	}
	*kind = KIND_CHANNEL;
	return x->channels && str_is(r->type, CFN_CHANNEL);
}

static void fill(struct reading *x, struct cfn_resource *r, enum cfn_truth exists, const char *why,
		 struct resource *row)
{
	if (row->kind == KIND_CHANNEL) {
		cfn_channel_fill(r, exists, why, row);
		return;
	}
	cfn_fill(x->t, r, exists, why, row);
	cfn_relate(x->set, r, row, x->needs);
}

static void tell_loops(struct reading *x, const struct cfn_named *loops, size_t n, enum kind kind)
{
	size_t i;

	for (i = 0; i < n; i++)
		tell(x, loops[i].place,
		     arena_printf(x->arena,
				  "%s in a loop (Fn::ForEach) over what is not known before the "
				  "deploy",
				  kind_table[kind].many));
	x->seen += n;
	x->made += n;
}

/* A member of Resources that says not what it is: CloudFormation refuses it too, unless
 * a macro makes something of it, which is told. */
static void tell_untyped(struct reading *x)
{
	const struct cfn_resource *r;
	size_t i;

	for (i = 0; i < x->t->n_resources; i++) {
		r = &x->t->resources[i];
		if (r->type.len == 0 && !str_is(r->named.name, CFN_MACRO) &&
		    cfn_get(r, CFN_MACRO) == NULL)
			tell(x, r->named.place,
			     arena_printf(x->arena, "the resource %s has no Type that is known",
					  cfn_quoted(x->arena, r->named.name)));
	}
}

static void read_resources(struct reading *x)
{
	struct resource *row = NULL;
	struct cfn *t = x->t;
	enum cfn_truth exists;
	enum kind kind;
	const char *why;
	uint32_t index[N_KINDS] = { 0 };
	size_t i;

	for (i = 0; i < t->n_resources && t->exhausted == NULL; i++) {
		struct cfn_resource *r = &t->resources[i];

		if (!is_audited(x, r, &kind))
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
		if (kind == KIND_RECORDING_CONFIGURATION)
			resource_init(row, x->source, r->named.place, SOURCE_CLOUDFORMATION);
		else
			resource_init_kind(row, kind, x->source, r->named.place,
					   SOURCE_CLOUDFORMATION);
		row->index = ++index[kind];
		fill(x, r, exists, why, row);
		if (t->exhausted != NULL)
			break;
		resource_complete(row, kind == KIND_CHANNEL ? x->channel_needs : x->needs,
				  t->arena);
		if (x->sink->resource(x->sink->to, row))
			row = NULL;
	}
	tell_untyped(x);
	cfn_check_parameters(t, on_refused, x);
	tell_loops(x, t->loops, t->n_loops, KIND_RECORDING_CONFIGURATION);
	if (x->channels)
		tell_loops(x, t->channel_loops, t->n_channel_loops, KIND_CHANNEL);
	if (t->exhausted != NULL)
		tell(x, t->root.place, t->exhausted);
	else
		cfn_unseen(t, x->run, x->needs | (x->channels ? FIELD_BIT(FIELD_CHANNELS) : 0),
			   on_unseen, x);
}

/* A unit, and the nested templates that are read with it. */
static void read_unit(struct reading *x, struct cfn_unit *u)
{
	struct cfn_unit *child;
	struct place place;
	const char *text;
	size_t at = 0;

	x->t = &u->t;
	read_resources(x);
	while ((text = cfn_run_missing(x->run, u, &at, &place)) != NULL)
		tell_as(x, TROUBLE_MISSING, place, text);
	for (child = cfn_run_units(x->run); child != NULL; child = child->next) {
		struct reading y = *x;

		if (child->in_run || child->owner != u || !cfn_run_made(child))
			continue;
		y.source = &child->source;
		y.seen = y.made = 0;
		read_unit(&y, child);
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

static void read_template(struct segment *segment, struct cfn *t, struct reading *x)
{
	struct cfn_unit *u;
	struct place place;
	const char *text;

	if (cfn_open(t, &place, &text) == -1) {
		tell(x, place, text);
		return;
	}
	u = cfn_run_enter(x->run, &segment->source);
	if (u != NULL) {
		x->set = cfn_run_set(x->run);
		read_unit(x, u);
		cfn_run_leave(x->run);
	} else {
		read_alone(x, t);
	}
	if (x->seen == 0)
		x->sink->other(x->sink->to, STR("Resources"));
	else if (x->made == 0)
		x->sink->other(x->sink->to, STR("conditions that do not hold"));
}

/* A saved answer in the same object: nobody else reads the file. */
static void tell_beside(struct reading *x, const struct value *root)
{
	static const struct str names[] = { STR("recordingConfiguration"),
					    STR("recordingConfigurations") };
	const struct entry *e;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names) && root->kind == VALUE_MAP; i++) {
		e = value_entry(root, names[i]);
		if (e != NULL && (e->value.kind == VALUE_MAP || e->value.kind == VALUE_LIST))
			tell(x, e->key_place,
			     "a saved answer beside a template: save each by itself");
	}
}

static void read_segment(struct segment *segment, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct input_sink *sink)
{
	struct cfn t = { .arena = arena, .source = &segment->source };
	struct reading x = { .source = &segment->source,
			     .file = &segment->source,
			     .run = inputs_cfn_run(inputs),
			     .arena = arena,
			     .needs = needs,
			     .sink = sink };
	struct place place = { 1, 1 };
	const char *text;

	if (cfn_read_tree(&segment->source, arena, &t.root, &place, &text) == -1) {
		tell(&x, place, text);
		return;
	}
	if (t.root.kind != VALUE_MAP && t.root.kind != VALUE_NULL) {
		tell(&x, t.root.place,
		     arena_printf(arena, "a template is a map, and this is %s",
				  value_kind_name((enum value_kind)t.root.kind)));
		return;
	}
	tell_beside(&x, &t.root);
	if (!cfn_is_template(&t.root)) {
		sink->other(sink->to, t.root.kind == VALUE_MAP && t.root.n > 0
					  ? t.root.entries[0].key
					  : STR(""));
		return;
	}
	x.channels = inputs_want_channels(inputs, &x.channel_needs);
	cfn_run_stack(x.run, segment->source.name, arena, &t.stack);
	read_template(segment, &t, &x);
	cfn_close(&t);
}

const struct input input_cfn = { .name = "cfn",
				 .takes = INPUT_WHOLE,
				 .limit = LIMIT_TEMPLATE_SIZE,
				 .recognise = cfn_recognise,
				 .read = read_segment };
