/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From bytes to what stands in a template: the tree, short forms made long;
 * parameters, conditions, resources and outputs. Loops are cfn_loop.c's, what
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
	const struct value *macro = value_get(root, STR("Transform"));

	/* a macro may make the resources: a name, several, or {Name, Parameters} */
	return value_get(root, STR("Resources")) != NULL ||
	       value_get(root, STR("AWSTemplateFormatVersion")) != NULL ||
	       value_get(root, STR("Fn::Transform")) != NULL ||
	       (macro != NULL && (macro->kind == VALUE_STRING || macro->kind == VALUE_LIST ||
				  value_get(macro, STR("Name")) != NULL));
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

/* The type that a resource has, in a loop with the variables put in; "" where it has none,
 * or where that is not known. */
static struct str type_of(struct cfn *t, const struct cfn_named *named)
{
	const struct value *type = value_get(named->raw, STR("Type"));
	struct value made;

	if (type == NULL)
		return STR("");
	made = cfn_eval(t, type, named->scope);
	return made.kind == VALUE_STRING ? value_str(&made) : STR("");
}

static int open_resources(struct cfn *t, const struct value *v, struct place *place,
			  const char **text)
{
	struct cfn_list list = { 0 };
	int rc = 0;
	size_t i;

	cfn_unroll(t, v, NULL, &list);
	t->resources = ARENA_ARRAY(t->arena, list.n, struct cfn_resource);
	for (i = 0; i < list.n && rc == 0; i++) {
		t->resources[t->n_resources++] = (struct cfn_resource){
			.named = list.list[i], .type = type_of(t, &list.list[i]), .in = t
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
	cfn_sort_loops(t);
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
