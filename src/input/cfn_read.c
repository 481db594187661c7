/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From bytes to what stands in a template: the tree, short forms made long;
 * parameters, conditions, resources and outputs with loops unrolled. What
 * functions come to is for cfn_fn.c, what resources mean for others.
 */
#include "input/cfn.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/json.h"
#include "model/yaml.h"

/* ---- the tree ----------------------------------------------------------------- */

/* !Ref and !Condition are short for their own names, all others for Fn::X. */
static const char *long_form(struct arena *arena, const char *tag)
{
	const char *p = tag + 1;

	for (; *p != '\0'; p++)
		if (!((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
		      (*p >= '0' && *p <= '9') || *p == ':'))
			return NULL;
	if (strcmp(tag, "!Ref") == 0)
		return "Ref";
	if (strcmp(tag, "!Condition") == 0)
		return "Condition";
	return arena_printf(arena, "Fn::%.60s", tag + 1);
}

static int read_yaml(struct source *source, struct arena *arena, struct value *root,
		     struct place *place, const char **text)
{
	static const struct yaml_dialect dialect = { long_form };
	struct mistakes mistakes;
	int rc;

	mistakes_init(&mistakes, arena);
	rc = yaml_read_dialect(source, arena, &dialect, root, &mistakes);
	if (rc == -1) {
		*place = mistakes.list[0].place;
		*text = mistakes.list[0].hint != NULL
			    ? arena_printf(arena, "%s: %s", mistakes.list[0].text,
					   mistakes.list[0].hint)
			    : mistakes.list[0].text;
	}
	mistakes_release(&mistakes);
	return rc;
}

int cfn_read_tree(struct source *source, struct arena *arena, struct value *root,
		  struct place *place, const char **text)
{
	struct json j;
	struct place yaml_place;
	const char *yaml_text;

	json_init(&j, source->bytes, arena);
	if (json_peek(&j) != '{')
		return read_yaml(source, arena, root, place, text);
	if (json_value(&j, root) == 0) {
		if (json_at_end(&j))
			return 0;
		json_fail(&j, j.next, "something follows the template");
	}
	*place = json_place(&j, j.error_at);
	*text = j.error;
	/* what is no JSON may be YAML, as CloudFormation takes it */
	return read_yaml(source, arena, root, &yaml_place, &yaml_text);
}

bool cfn_is_template(const struct value *root)
{
	const struct value *resources = value_get(root, STR("Resources"));

	return resources != NULL || value_get(root, STR("AWSTemplateFormatVersion")) != NULL;
}

const char *cfn_quoted(struct arena *a, struct str s)
{
	struct buf b = BUF_INIT(0);
	const char *text;

	text_put_quoted(&b, s, 80);
	text = arena_buf(a, &b).data;
	buf_release(&b);
	return text;
}

bool cfn_contains(struct str s, const char *what)
{
	size_t len = strlen(what);
	const char *p = s.data, *end = s.data + s.len;

	while ((size_t)(end - p) >= len &&
	       (p = memchr(p, what[0], (size_t)(end - p) - len + 1)) != NULL) {
		if (memcmp(p, what, len) == 0)
			return true;
		p++;
	}
	return false;
}

bool cfn_mentions_type(const struct value *v, const char *type)
{
	uint32_t i;

	if (v->kind == VALUE_LIST)
		for (i = 0; i < v->n; i++)
			if (cfn_mentions_type(&v->items[i], type))
				return true;
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++) {
		const struct entry *e = &v->entries[i];

		if (str_is(e->key, "Type") && e->value.kind == VALUE_STRING &&
		    str_is(value_str(&e->value), type))
			return true;
		if (cfn_mentions_type(&e->value, type))
			return true;
	}
	return false;
}

/* ---- loops ----------------------------------------------------------------------- */

static void add_named(struct cfn *t, struct cfn_list *list, struct cfn_named named)
{
	if (list->n >= LIMIT_TEMPLATE_RESOURCES) {
		t->exhausted =
		    arena_printf(t->arena, "more than %d members of one section, loops unrolled",
				 LIMIT_TEMPLATE_RESOURCES);
		return;
	}
	if (list->n == list->cap) {
		list->cap = list->cap != 0 ? list->cap * 2 : 32;
		list->list = mem_grow(list->list, list->cap * sizeof(*list->list));
	}
	list->list[list->n++] = named;
}

/* A key with the loop's variables put in: ${Name} and &{Name}, the latter
 * without what no logical id may hold. */
static struct str put_variables(struct cfn *t, struct str key, const struct cfn_scope *scope)
{
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	const struct cfn_scope *s;
	struct str made;
	size_t i = 0, k;

	if (scope == NULL || memchr(key.data, '{', key.len) == NULL)
		return key;
	while (i < key.len) {
		struct str rest = { key.data + i, key.len - i };

		for (s = scope; s != NULL; s = s->outer)
			if (rest.len > s->name.len + 2 &&
			    (rest.data[0] == '$' || rest.data[0] == '&') && rest.data[1] == '{' &&
			    rest.data[s->name.len + 2] == '}' &&
			    memcmp(rest.data + 2, s->name.data, s->name.len) == 0)
				break;
		if (s == NULL) {
			buf_putc(&b, key.data[i++]);
			continue;
		}
		for (k = 0; k < s->value.len; k++) {
			char c = s->value.data[k];

			if (rest.data[0] == '$' || (c >= '0' && c <= '9') ||
			    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
				buf_putc(&b, c);
		}
		i += s->name.len + 3;
	}
	made = arena_buf(t->arena, &b);
	buf_release(&b);
	return made;
}

static void unroll(struct cfn *t, const struct value *section, const struct cfn_scope *scope,
		   struct cfn_list *list, unsigned depth);

/* ["Identifier", [values], {body}]; what is no such thing is passed over, as
 * its resources are none. */
static void unroll_loop(struct cfn *t, const struct entry *loop, const struct cfn_scope *scope,
			struct cfn_list *list, unsigned depth)
{
	const struct value *v = &loop->value;
	struct cfn_scope *inner;
	struct value values;
	struct str text;
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n != 3 || v->items[0].kind != VALUE_STRING || depth > 5) {
		add_named(t, &t->unknown_loops,
			  (struct cfn_named){ loop->key, loop->key_place, v, scope });
		return;
	}
	values = cfn_eval(t, &v->items[1], scope);
	if (values.kind != VALUE_LIST) {
		add_named(t, &t->unknown_loops,
			  (struct cfn_named){ loop->key, loop->key_place, &v->items[2], scope });
		return;
	}
	for (i = 0; i < values.n && t->exhausted == NULL; i++) {
		if (!cfn_text(t->arena, &values.items[i], &text)) {
			add_named(
			    t, &t->unknown_loops,
			    (struct cfn_named){ loop->key, loop->key_place, &v->items[2], scope });
			return;
		}
		inner = ARENA_NEW(t->arena, struct cfn_scope);
		*inner = (struct cfn_scope){ value_str(&v->items[0]), text, scope };
		unroll(t, &v->items[2], inner, list, depth + 1);
	}
}

static void unroll(struct cfn *t, const struct value *section, const struct cfn_scope *scope,
		   struct cfn_list *list, unsigned depth)
{
	uint32_t i;

	for (i = 0; section->kind == VALUE_MAP && i < section->n && t->exhausted == NULL; i++) {
		const struct entry *e = &section->entries[i];

		if (++t->steps > LIMIT_TEMPLATE_STEPS)
			t->exhausted =
			    arena_printf(t->arena, "more than %d steps", LIMIT_TEMPLATE_STEPS);
		else if (str_starts(e->key, STR("Fn::ForEach::")))
			unroll_loop(t, e, scope, list, depth);
		else
			add_named(t, list,
				  (struct cfn_named){ put_variables(t, e->key, scope), e->key_place,
						      &e->value, scope });
	}
}

void cfn_unroll(struct cfn *t, const struct value *section, const struct cfn_scope *scope,
		struct cfn_list *list)
{
	if (section != NULL)
		unroll(t, section, scope, list, 0);
}

/* ---- sections ---------------------------------------------------------------------- */

/* A section that is a map where it is there. */
static const struct value *section(struct cfn *t, const char *name, struct place *place,
				   const char **text)
{
	const struct value *v = value_get(&t->root, str_of(name));

	if (v == NULL || v->kind == VALUE_MAP || v->kind == VALUE_NULL)
		return v != NULL && v->kind == VALUE_MAP ? v : NULL;
	*place = v->place;
	*text = arena_printf(t->arena, "'%s' is a map, and this is %s", name,
			     value_kind_name((enum value_kind)v->kind));
	return NULL;
}

static void open_parameters(struct cfn *t, const struct value *v)
{
	uint32_t i;

	if (v == NULL)
		return;
	t->parameters = ARENA_ARRAY(t->arena, v->n, struct cfn_parameter);
	for (i = 0; i < v->n; i++)
		t->parameters[t->n_parameters++] =
		    (struct cfn_parameter){ .name = v->entries[i].key,
					    .raw = &v->entries[i].value };
}

static void open_conditions(struct cfn *t, const struct value *v)
{
	struct cfn_list list = { 0 };
	size_t i;

	cfn_unroll(t, v, NULL, &list);
	t->conditions = ARENA_ARRAY(t->arena, list.n, struct cfn_condition);
	for (i = 0; i < list.n; i++)
		t->conditions[t->n_conditions++].named = list.list[i];
	free(list.list);
}

static int compare_names(const void *a, const void *b)
{
	const struct cfn_named *left = a, *right = b;

	return str_compare(left->name, right->name);
}

/* Loops may make a name twice, which no reader of the tree could see. */
static int check_names(struct cfn *t, const struct cfn_list *list, struct place *place,
		       const char **text)
{
	struct cfn_named *sorted;
	size_t i;
	int rc = 0;

	if (list->n < 2)
		return 0;
	sorted = mem_alloc(list->n * sizeof(*sorted));
	memcpy(sorted, list->list, list->n * sizeof(*sorted));
	qsort(sorted, list->n, sizeof(*sorted), compare_names);
	for (i = 1; i < list->n && rc == 0; i++)
		if (str_equal(sorted[i - 1].name, sorted[i].name)) {
			*place = sorted[i].place;
			*text =
			    arena_printf(t->arena, "two resources of the name '%.*s'",
					 (int)(sorted[i].name.len < 60 ? sorted[i].name.len : 60),
					 sorted[i].name.data);
			rc = -1;
		}
	free(sorted);
	return rc;
}

static int open_resources(struct cfn *t, const struct value *v, struct place *place,
			  const char **text)
{
	struct cfn_list list = { 0 };
	const struct value *type;
	int rc = 0;
	size_t i;

	cfn_unroll(t, v, NULL, &list);
	t->resources = ARENA_ARRAY(t->arena, list.n, struct cfn_resource);
	for (i = 0; i < list.n && rc == 0; i++) {
		type = value_get(list.list[i].raw, STR("Type"));
		t->resources[t->n_resources++] = (struct cfn_resource){
			.named = list.list[i],
			.type =
			    type != NULL && type->kind == VALUE_STRING ? value_str(type) : STR(""),
			.in = t,
		};
	}
	rc = check_names(t, &list, place, text);
	free(list.list);
	return rc;
}

static void open_outputs(struct cfn *t, const struct value *v)
{
	struct cfn_list list = { 0 };

	cfn_unroll(t, v, NULL, &list);
	t->outputs = ARENA_ARRAY(t->arena, list.n, struct cfn_named);
	if (list.n > 0)
		memcpy(t->outputs, list.list, list.n * sizeof(*list.list));
	t->n_outputs = list.n;
	free(list.list);
}

/* Of the loops that are not known only those matter that hold what is judged. */
static void keep_loops_that_matter(struct cfn *t)
{
	size_t i;

	t->loops = ARENA_ARRAY(t->arena, t->unknown_loops.n, struct cfn_named);
	t->channel_loops = ARENA_ARRAY(t->arena, t->unknown_loops.n, struct cfn_named);
	for (i = 0; i < t->unknown_loops.n; i++)
		if (cfn_mentions_type(t->unknown_loops.list[i].raw, CFN_CONFIGURATION))
			t->loops[t->n_loops++] = t->unknown_loops.list[i];
		else if (cfn_mentions_type(t->unknown_loops.list[i].raw, CFN_CHANNEL))
			t->channel_loops[t->n_channel_loops++] = t->unknown_loops.list[i];
}

/* The one version that there is, where one is written. */
static void check_version(struct cfn *t, struct place *place, const char **text)
{
	const struct entry *e = value_entry(&t->root, STR("AWSTemplateFormatVersion"));

	if (e == NULL ||
	    (e->value.kind == VALUE_STRING && str_is(value_str(&e->value), "2010-09-09")))
		return;
	*place = e->key_place;
	*text = "AWSTemplateFormatVersion is not '2010-09-09'";
}

int cfn_open(struct cfn *t, struct place *place, const char **text)
{
	const struct value *parameters, *conditions, *resources, *outputs;
	int rc;

	*text = NULL;
	check_version(t, place, text);
	parameters = section(t, "Parameters", place, text);
	t->mappings = section(t, "Mappings", place, text);
	conditions = section(t, "Conditions", place, text);
	outputs = section(t, "Outputs", place, text);
	resources = section(t, "Resources", place, text);
	if (*text != NULL)
		return -1;
	open_parameters(t, parameters);
	open_conditions(t, conditions);
	rc = open_resources(t, resources, place, text);
	keep_loops_that_matter(t);
	open_outputs(t, outputs);
	return rc;
}

void cfn_close(struct cfn *t)
{
	free(t->unknown_loops.list);
	t->unknown_loops = (struct cfn_list){ 0 };
}

struct cfn_resource *cfn_resource_find(struct cfn *t, struct str id)
{
	size_t i;

	for (i = 0; i < t->n_resources; i++)
		if (str_equal(t->resources[i].named.name, id))
			return &t->resources[i];
	return NULL;
}

const struct value *cfn_get(const struct cfn_resource *r, const char *key)
{
	return value_get(r->named.raw, str_of(key));
}
