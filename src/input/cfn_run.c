/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the templates of a run know of each other. Files are looked at a second
 * time only where a template speaks of other stacks; linked templates are read
 * one at a time, so that what one asks of another is found out only once.
 */
#include "input/cfn_run.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "input/cfn_given.h"
#include "input/cfn_tags.h"
#include "input/input.h"
#include "model/json.h"

#define HEAD_SIZE ((size_t)64 << 10)

struct missing {
	struct cfn_unit *unit;
	struct place place;
	const char *text;
};

struct cfn_run {
	const char *const *paths;
	size_t n_paths;
	const struct cfn_given *given;
	pthread_mutex_t lock;
	struct arena arena, scratch;
	bool surveyed, linked;
	struct cfn_unit *units, **last;
	size_t n_units;
	struct cfn_set set;
	unsigned depth; /* of templates that ask one another */
	struct missing *missing;
	size_t n_missing, cap_missing;
};

struct cfn_run *cfn_run_new(const char *const *paths, size_t n, const struct cfn_given *given)
{
	struct cfn_run *run = mem_alloc(sizeof(*run));

	*run = (struct cfn_run){ .paths = paths, .n_paths = n, .given = given };
	pthread_mutex_init(&run->lock, NULL);
	run->last = &run->units;
	return run;
}

void cfn_run_free(struct cfn_run *run)
{
	struct cfn_unit *u;

	if (run == NULL)
		return;
	for (u = run->units; u != NULL; u = u->next)
		cfn_close(&u->t);
	pthread_mutex_destroy(&run->lock);
	arena_release(&run->arena);
	arena_release(&run->scratch);
	free(run->missing);
	free(run);
}

/* ---- files ---------------------------------------------------------------------- */

/* dirname(path)/name */
static char *beside(struct arena *a, const char *path, struct str name)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash + 1 - path) : 0;
	char *made = arena_alloc(a, len + name.len + 1);

	for (; str_starts(name, STR("./")); name.data += 2, name.len -= 2)
		;
	memcpy(made, path, len);
	memcpy(made + len, name.data, name.len);
	return made;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Opens a regular file; -1 with errno otherwise. */
static int open_regular(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd == -1)
		return -1;
	if (fstat(fd, st) == -1 || !S_ISREG(st->st_mode)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

/* Up to `most` bytes, with padding behind them; *len is how many. */
static char *read_bytes(struct arena *a, int fd, size_t most, size_t *len)
{
	char *bytes = arena_alloc(a, most + JSON_PADDING);
	ssize_t got;

	*len = 0;
	while (*len < most) {
		got = read(fd, bytes + *len, most - *len);
		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		*len += (size_t)got;
	}
	memset(bytes + *len, 0, JSON_PADDING);
	return bytes;
}

static struct str without_mark(char *bytes, size_t len)
{
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		return (struct str){ bytes + 3, len - 3 };
	return (struct str){ bytes, len };
}

/* Whether a template asks other stacks for something. */
static bool speaks_of_others(struct str s)
{
	return cfn_contains(s, CFN_STACK) || cfn_contains(s, "ImportValue") ||
	       cfn_contains(s, CFN_APPLICATION);
}

/* ---- the manifest of CDK ----------------------------------------------------------- */

/* "aws://123456789012/us-west-2" */
static void take_environment(struct arena *a, struct str s, struct cfn_stack *stack)
{
	const char *slash;
	struct str account, region;

	if (!str_starts(s, STR("aws://")))
		return;
	s.data += 6;
	s.len -= 6;
	slash = memchr(s.data, '/', s.len);
	if (slash == NULL)
		return;
	account = (struct str){ s.data, (size_t)(slash - s.data) };
	region = (struct str){ slash + 1, (size_t)(s.data + s.len - slash - 1) };
	if (!str_is(account, "unknown-account"))
		stack->account = arena_str(a, account);
	if (!str_is(region, "unknown-region"))
		stack->region = arena_str(a, region);
}

static const struct value *text_at(const struct value *map, const char *key)
{
	const struct value *v = value_get(map, str_of(key));

	return v != NULL && v->kind == VALUE_STRING ? v : NULL;
}

/* What the deploy would tag the stack with; tags that were given win. */
static void take_tags(struct arena *a, const struct value *v, struct cfn_stack *stack)
{
	struct value tags = cfn_tag_map(a, v);

	if (tags.kind == VALUE_MAP)
		stack->tags =
		    stack->tags.kind == VALUE_MAP ? cfn_tags_over(a, &stack->tags, &tags) : tags;
}

/* In properties.tags, and of older versions in the metadata alone. */
static void take_manifest_tags(struct arena *a, const struct value *artifact,
			       struct cfn_stack *stack)
{
	const struct value *tags = value_get(value_get(artifact, STR("properties")), STR("tags")),
			   *metadata = value_get(artifact, STR("metadata")), *type, *data;
	uint32_t i, k;

	if (tags != NULL) {
		take_tags(a, tags, stack);
		return;
	}
	for (i = 0; metadata != NULL && metadata->kind == VALUE_MAP && i < metadata->n; i++) {
		const struct value *list = &metadata->entries[i].value;

		for (k = 0; list->kind == VALUE_LIST && k < list->n; k++) {
			type = text_at(&list->items[k], "type");
			data = value_get(&list->items[k], STR("data"));
			if (type != NULL && data != NULL &&
			    str_is(value_str(type), "aws:cdk:stack-tags"))
				take_tags(a, data, stack);
		}
	}
}

/* Region, account, name and tags of the stack that a template in a cdk.out is for. */
static void take_manifest(struct arena *a, const char *path, struct cfn_stack *stack)
{
	const struct value *artifacts, *properties, *v;
	struct json j;
	struct value root;
	struct stat st;
	struct str bytes;
	size_t len;
	uint32_t i;
	int fd;

	if (!str_ends(str_of(path), STR(".template.json")))
		return;
	fd = open_regular(beside(a, path, STR("manifest.json")), &st);
	if (fd == -1)
		return;
	len = st.st_size > 0 && (size_t)st.st_size < LIMIT_TEMPLATE_SIZE ? (size_t)st.st_size : 0;
	bytes.data = read_bytes(a, fd, len, &bytes.len);
	close(fd);
	json_init(&j, bytes, a);
	if (len == 0 || json_value(&j, &root) == -1)
		return;
	artifacts = value_get(&root, STR("artifacts"));
	for (i = 0; artifacts != NULL && artifacts->kind == VALUE_MAP && i < artifacts->n; i++) {
		const struct value *artifact = &artifacts->entries[i].value;

		properties = value_get(artifact, STR("properties"));
		v = text_at(properties, "templateFile");
		if (v == NULL || !str_is(value_str(v), base_name(path)))
			continue;
		if ((v = text_at(artifact, "environment")) != NULL)
			take_environment(a, value_str(v), stack);
		if ((v = text_at(properties, "stackName")) != NULL)
			stack->name = value_str(v);
		take_manifest_tags(a, artifact, stack);
	}
}

/* ---- stacks -------------------------------------------------------------------------- */

static const struct value *given_parameter(void *to, const struct cfn *t, struct str name)
{
	const struct cfn_run *run = to;

	(void)t;
	return cfn_given_parameter(run->given, name);
}

static const char *given_origin(void *to, const struct cfn *t, struct str name)
{
	const struct cfn_run *run = to;

	(void)t;
	return cfn_given_origin(run->given, name);
}

void cfn_run_stack(struct cfn_run *run, const char *path, struct arena *arena,
		   struct cfn_stack *stack)
{
	*stack = (struct cfn_stack){
		.region = cfn_given_region(run->given),
		.account = cfn_given_account(run->given),
		.name = cfn_given_stack_name(run->given),
		.tags = cfn_given_tags(run->given),
		.to = run,
		.parameter = given_parameter,
		.origin = given_origin,
	};
	take_manifest(arena, path, stack);
}

/* What a stack hands to a parameter of the template that it is made of; ABSENT
 * where it hands nothing. */
static struct value handed(const struct cfn_referrer *from, struct str name)
{
	struct cfn *t = &from->unit->t;
	const struct cfn_resource *stack = cfn_resource_find(t, from->stack);
	const struct value *parameters, *v;
	struct value made;

	if (stack == NULL)
		return (struct value){ 0 };
	parameters = value_get(cfn_get(stack, "Properties"), STR("Parameters"));
	if (parameters == NULL)
		return (struct value){ 0 };
	if (parameters->kind == VALUE_MAP && (v = value_get(parameters, name)) != NULL)
		return cfn_eval(t, v, stack->named.scope);
	made = cfn_eval(t, parameters, stack->named.scope);
	return cfn_member(t->arena, &made, arena_str(t->arena, name).data);
}

/* Whether the stack is made, as far as is known. */
static bool is_made(const struct cfn_referrer *r)
{
	const struct cfn_resource *stack = cfn_resource_find(&r->unit->t, r->stack);
	const char *why;

	return stack == NULL || cfn_exists(&r->unit->t, stack, &why) != CFN_FALSE;
}

bool cfn_run_made(const struct cfn_unit *unit)
{
	const struct cfn_referrer *r;

	for (r = unit->referrers; r != NULL; r = r->next)
		if (is_made(r))
			return true;
	return unit->referrers == NULL;
}

static bool go_deeper(struct cfn_run *run)
{
	if (run->depth >= LIMIT_TEMPLATE_STACKS)
		return false;
	run->depth++;
	return true;
}

static const struct value *linked_parameter(void *to, const struct cfn *t, struct str name)
{
	struct cfn_unit *u = to;
	struct arena *a = &u->run->arena;
	const struct cfn_referrer *r;
	const struct value *fallback = NULL;
	struct value *made, *may;
	size_t n = 0, i;

	if (u->referrers == NULL)
		return cfn_given_parameter(u->run->given, name);
	for (r = u->referrers; r != NULL; r = r->next)
		n++;
	made = ARENA_NEW(a, struct value);
	if (!go_deeper(u->run)) {
		*made = value_unknown("nested stacks hand on their parameters in a circle");
		return made;
	}
	may = ARENA_ARRAY(a, n, struct value);
	n = 0;
	for (i = 0; i < t->n_parameters; i++)
		if (str_equal(t->parameters[i].name, name))
			fallback = value_get(t->parameters[i].raw, STR("Default"));
	for (r = u->referrers; r != NULL; r = r->next) {
		may[n] = handed(r, name);
		if (may[n].kind == VALUE_ABSENT && fallback != NULL)
			may[n] = *fallback;
		if (may[n].kind != VALUE_ABSENT)
			n++;
	}
	u->run->depth--;
	if (n == 0)
		return NULL;
	*made = cfn_one_of(a, may, n, NULL);
	return made;
}

static const char *linked_origin(void *to, const struct cfn *t, struct str name)
{
	struct cfn_unit *u = to;
	const struct cfn_referrer *from = u->referrers;
	struct place place;

	(void)t;
	if (from == NULL)
		return cfn_given_origin(u->run->given, name);
	if (from->next != NULL)
		return "of the stacks that are made of it";
	place = cfn_resource_find(&from->unit->t, from->stack)->named.place;
	place = source_place(&from->unit->source, place);
	return arena_printf(&u->run->arena, "of the stack at %s:%u:%u", from->unit->path,
			    (unsigned)place.line, (unsigned)place.column);
}

/* The tags of the parent, and those that it gives the stack itself. */
static struct value handed_tags(const struct cfn_referrer *from)
{
	struct cfn *t = &from->unit->t;
	const struct cfn_resource *stack = cfn_resource_find(t, from->stack);
	const struct value *v =
	    stack != NULL ? value_get(cfn_get(stack, "Properties"), STR("Tags")) : NULL;
	struct value tags = cfn_stack_tags(t), own = { 0 };

	if (v != NULL) {
		own = cfn_eval(t, v, stack->named.scope);
		own = cfn_tag_map(t->arena, &own);
	}
	return cfn_tags_over(t->arena, &own, &tags);
}

static struct value linked_tags(void *to, struct cfn *t)
{
	struct cfn_unit *u = to;
	const struct cfn_referrer *r;
	struct value *may, made;
	size_t n = 0;

	if (u->referrers == NULL)
		return t->stack.tags;
	if (!go_deeper(u->run))
		return value_unknown("nested stacks hand on their tags in a circle");
	for (r = u->referrers; r != NULL; r = r->next)
		n++;
	may = ARENA_ARRAY(t->arena, n, struct value);
	n = 0;
	for (r = u->referrers; r != NULL; r = r->next)
		may[n++] = handed_tags(r);
	u->run->depth--;
	made = cfn_one_of(t->arena, may, n, "several stacks are made of the template");
	return made;
}

static struct cfn_unit *unit_of(const struct cfn_run *run, const struct cfn_resource *stack)
{
	struct cfn_unit *u;
	struct cfn_referrer *r;

	for (u = run->units; u != NULL; u = u->next)
		for (r = u->referrers; r != NULL; r = r->next)
			if (&r->unit->t == stack->in && str_equal(r->stack, stack->named.name))
				return u;
	return NULL;
}

static struct value output_value(struct cfn_run *run, struct cfn_unit *u,
				 const struct cfn_named *output)
{
	const struct value *v = value_get(output->raw, STR("Value"));
	struct value made;

	if (v == NULL)
		return value_unknown("an output without a Value");
	if (!go_deeper(run))
		return value_unknown("stacks ask one another for outputs in a circle");
	made = cfn_eval(&u->t, v, output->scope);
	run->depth--;
	return made;
}

static struct value linked_output(void *to, const struct cfn_resource *stack, struct str name)
{
	struct cfn_run *run = ((struct cfn_unit *)to)->run;
	struct cfn_unit *u = unit_of(run, stack);
	size_t i;

	if (u == NULL)
		return value_unknown(
		    arena_printf(&run->arena, "the template of the nested stack '%.*s' is not here",
				 STR_ARG(stack->named.name)));
	for (i = 0; i < u->t.n_outputs; i++)
		if (str_equal(u->t.outputs[i].name, name))
			return output_value(run, u, &u->t.outputs[i]);
	return value_unknown(arena_printf(&run->arena, "the nested stack '%.*s' has no such output",
					  STR_ARG(stack->named.name)));
}

static bool same_place(struct str x, struct str y)
{
	return x.len == 0 || y.len == 0 || str_equal(x, y);
}

static struct value linked_import(void *to, struct cfn *t, struct str name)
{
	struct cfn_unit *from = to, *u;
	struct cfn_run *run = from->run;
	struct value found = { 0 }, export;
	const struct value *v;
	unsigned n = 0;
	size_t i;

	for (u = run->units; u != NULL; u = u->next) {
		if (u == from || !same_place(u->t.stack.region, t->stack.region) ||
		    !same_place(u->t.stack.account, t->stack.account))
			continue;
		for (i = 0; i < u->t.n_outputs; i++) {
			v = value_get(value_get(u->t.outputs[i].raw, STR("Export")), STR("Name"));
			if (v == NULL || !go_deeper(run))
				continue;
			export = cfn_eval(&u->t, v, u->t.outputs[i].scope);
			run->depth--;
			if (export.kind != VALUE_STRING || !str_equal(value_str(&export), name))
				continue;
			if (n++ == 0)
				found = output_value(run, u, &u->t.outputs[i]);
		}
	}
	if (n == 1)
		return found;
	return value_unknown(arena_printf(
	    &run->arena,
	    n == 0 ? "the export '%.*s' is of a stack whose template is not in this run"
		   : "several templates of this run have the export '%.*s'",
	    (int)(name.len < 80 ? name.len : 80), name.data));
}

/* ---- the survey ------------------------------------------------------------------------- */

static bool begins_as_one(struct cfn_run *run, const char *path, int fd)
{
	struct input_head head = { .name = path };
	size_t len;
	bool is;

	head.text.data = read_bytes(&run->scratch, fd, HEAD_SIZE, &len);
	head.text = without_mark((char *)(uintptr_t)head.text.data, len);
	head.first = *json_scan_blanks(head.text.data);
	head.json = head.first == '{' || head.first == '[';
	is = input_recognise(&head, &run->scratch) == &input_cfn;
	arena_reset(&run->scratch);
	return is;
}

/* Reads a file that is a template as a unit; NULL for anything else. */
static struct cfn_unit *add_unit(struct cfn_run *run, const char *path, bool in_run, bool any)
{
	struct cfn_unit *u;
	struct place place;
	const char *text;
	struct stat st;
	struct str bytes;
	char *raw;
	size_t len;
	int fd = open_regular(path, &st);

	if (fd == -1)
		return NULL;
	for (u = run->units; u != NULL; u = u->next)
		if (u->device == st.st_dev && u->inode == st.st_ino) {
			close(fd);
			u->in_run |= in_run;
			return u;
		}
	if ((size_t)st.st_size > LIMIT_TEMPLATE_SIZE || (!any && !begins_as_one(run, path, fd))) {
		close(fd);
		return NULL;
	}
	lseek(fd, 0, SEEK_SET);
	raw = read_bytes(&run->arena, fd, (size_t)st.st_size, &len);
	close(fd);
	bytes = without_mark(raw, len);
	u = ARENA_NEW(&run->arena, struct cfn_unit);
	u->path = arena_strdup(&run->arena, path);
	u->in_run = in_run;
	u->run = run;
	u->device = st.st_dev;
	u->inode = st.st_ino;
	source_init(&u->source, u->path, bytes);
	u->t.arena = &run->arena;
	u->t.source = &u->source;
	if (cfn_read_tree(&u->source, &run->arena, &u->t.root, &place, &text) == -1 ||
	    !cfn_is_template(&u->t.root))
		return NULL;
	cfn_run_stack(run, u->path, &run->arena, &u->t.stack);
	u->t.stack.to = u;
	u->t.stack.parameter = linked_parameter;
	u->t.stack.origin = linked_origin;
	u->t.stack.import = linked_import;
	u->t.stack.output = linked_output;
	u->t.stack.inherited = linked_tags;
	run->linked |= speaks_of_others(bytes);
	*run->last = u;
	run->last = &u->next;
	run->n_units++;
	return u;
}

static void survey_path(struct cfn_run *run, const char *path)
{
	struct file_walk *walk;
	struct stat st;
	struct err err;
	int rc;

	if (strcmp(path, "-") == 0 || stat(path, &st) == -1)
		return;
	if (!S_ISDIR(st.st_mode)) {
		add_unit(run, path, true, false);
		return;
	}
	walk = file_walk_new(path, &err);
	if (walk == NULL)
		return;
	while ((rc = file_walk_next(walk, &path, &err)) != 0 && run->n_units < LIMIT_TEMPLATES)
		if (rc == 1)
			add_unit(run, path, true, false);
	file_walk_free(walk);
}

bool cfn_is_nested(const struct cfn_resource *r)
{
	return str_is(r->type, CFN_STACK) || str_is(r->type, CFN_APPLICATION);
}

/* A path, not a URL, of a file that looks like one. */
static bool names_a_template(struct str s)
{
	static const char *const endings[] = { ".yaml", ".yml", ".json", ".template" };
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends(s, str_of(endings[i])))
			return !cfn_contains(s, "://");
	return false;
}

/* Where the template of a nested stack is, relative to its parent, or "". */
static struct str nested_path(struct cfn *t, const struct cfn_resource *r)
{
	const struct value *metadata = cfn_get(r, "Metadata"),
			   *properties = cfn_get(r, "Properties"), *v;
	struct value made;

	if ((v = text_at(metadata, "aws:asset:path")) != NULL)
		return value_str(v);
	v = value_get(properties,
		      str_is(r->type, CFN_STACK) ? STR("TemplateURL") : STR("Location"));
	if (v == NULL)
		return STR("");
	made = cfn_eval(t, v, r->named.scope);
	if (made.kind != VALUE_STRING || !names_a_template(value_str(&made)) ||
	    memchr(made.text, '\0', made.n) != NULL)
		return STR("");
	return value_str(&made);
}

bool cfn_run_knows(const struct cfn_run *run, const struct cfn_resource *stack)
{
	size_t i;

	for (i = 0; i < run->n_missing; i++)
		if (&run->missing[i].unit->t == stack->in &&
		    run->missing[i].place.line == stack->named.place.line &&
		    run->missing[i].place.column == stack->named.place.column)
			return true;
	return unit_of(run, stack) != NULL;
}

const char *cfn_run_like(const struct cfn_run *run, struct str name)
{
	const struct cfn_unit *u;

	for (u = run->units; u != NULL; u = u->next)
		if (u->in_run && str_is(name, base_name(u->path)))
			return u->path;
	return NULL;
}

static void tell_missing(struct cfn_run *run, struct cfn_unit *unit, struct place place,
			 const char *text)
{
	if (run->n_missing == run->cap_missing) {
		run->cap_missing = run->cap_missing != 0 ? run->cap_missing * 2 : 8;
		run->missing = mem_grow(run->missing, run->cap_missing * sizeof(*run->missing));
	}
	run->missing[run->n_missing++] = (struct missing){ unit, place, text };
}

static void refer(struct cfn_run *run, struct cfn_unit *parent, struct cfn_resource *stack,
		  struct str path)
{
	char *name = beside(&run->arena, path.data[0] == '/' ? "" : parent->path, path);
	struct cfn_unit *child;
	struct cfn_referrer *r, **last;

	if (run->n_units >= LIMIT_TEMPLATES) {
		tell_missing(run, parent, stack->named.place,
			     arena_printf(&run->arena,
					  "the template of a nested stack is not read: the run has "
					  "more than %d that know of each other",
					  LIMIT_TEMPLATES));
		return;
	}
	child = add_unit(run, name, false, true);
	if (child == NULL || child == parent) {
		struct buf b = BUF_INIT(0);

		text_put_quoted(&b, str_of(name), 200);
		tell_missing(
		    run, parent, stack->named.place,
		    arena_printf(&run->arena,
				 "the template %s of a nested stack cannot be read, or is none",
				 b.data));
		buf_release(&b);
		return;
	}
	/* region and account are the parent's; its name is made on deployment */
	child->t.stack.region = parent->t.stack.region;
	child->t.stack.account = parent->t.stack.account;
	child->t.stack.name = STR("");
	if (child->owner == NULL)
		child->owner = parent;
	for (last = &child->referrers; *last != NULL; last = &(*last)->next)
		;
	r = ARENA_NEW(&run->arena, struct cfn_referrer);
	*r = (struct cfn_referrer){ parent, stack->named.name, NULL };
	*last = r;
}

/* Opens every unit and follows its nested stacks, which add units at the end. */
static void open_units(struct cfn_run *run)
{
	struct cfn_unit *u;
	struct place place;
	const char *text;
	size_t i;

	for (u = run->units; u != NULL; u = u->next) {
		if (cfn_open(&u->t, &place, &text) == -1)
			continue;
		for (i = 0; i < u->t.n_resources; i++) {
			struct str path;

			if (!cfn_is_nested(&u->t.resources[i]))
				continue;
			path = nested_path(&u->t, &u->t.resources[i]);
			if (path.len > 0)
				refer(run, u, &u->t.resources[i], path);
		}
	}
	/* what was opened before it was known who hands it parameters: once more */
	for (u = run->units; u != NULL; u = u->next)
		if (u->referrers != NULL) {
			struct cfn fresh = { .arena = u->t.arena,
					     .source = u->t.source,
					     .root = u->t.root,
					     .stack = u->t.stack };

			cfn_close(&u->t);
			u->t = fresh;
			cfn_open(&u->t, &place, &text);
		}
	run->set.list = ARENA_ARRAY(&run->arena, run->n_units, struct cfn *);
	for (u = run->units; u != NULL; u = u->next)
		run->set.list[run->set.n++] = &u->t;
}

static void survey(struct cfn_run *run)
{
	size_t i;

	run->surveyed = true;
	for (i = 0; i < run->n_paths && run->n_units < LIMIT_TEMPLATES; i++)
		survey_path(run, run->paths[i]);
	if (run->linked)
		open_units(run);
}

/* One file that asks no other: nothing to look for. */
static bool stands_alone(const struct cfn_run *run, const struct source *source)
{
	return run->n_paths == 0 ||
	       (run->n_paths == 1 && strcmp(run->paths[0], source->name) == 0 &&
		!speaks_of_others(source->bytes));
}

struct cfn_unit *cfn_run_enter(struct cfn_run *run, const struct source *source)
{
	struct cfn_unit *u = NULL;
	struct stat st;

	if (stands_alone(run, source))
		return NULL;
	pthread_mutex_lock(&run->lock);
	if (!run->surveyed)
		survey(run);
	if (run->linked && stat(source->name, &st) == 0)
		for (u = run->units; u != NULL; u = u->next)
			if (u->device == st.st_dev && u->inode == st.st_ino &&
			    str_equal(u->source.bytes, source->bytes))
				break;
	if (u == NULL)
		pthread_mutex_unlock(&run->lock);
	return u;
}

void cfn_run_leave(struct cfn_run *run)
{
	pthread_mutex_unlock(&run->lock);
}

struct cfn_set *cfn_run_set(struct cfn_run *run)
{
	return &run->set;
}

struct cfn_unit *cfn_run_units(struct cfn_run *run)
{
	return run->units;
}

const char *cfn_run_missing(struct cfn_run *run, const struct cfn_unit *unit, size_t *at,
			    struct place *place)
{
	for (; *at < run->n_missing; (*at)++)
		if (run->missing[*at].unit == unit) {
			*place = run->missing[*at].place;
			return run->missing[(*at)++].text;
		}
	return NULL;
}
