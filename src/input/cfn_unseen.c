/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of a template that are in no file. Knows what could hold a recording
 * configuration; does not know what becomes of what it tells.
 */
#include "input/cfn_unseen.h"

#include "base/text.h"

#define STACK_SET "AWS::CloudFormation::StackSet"
#define PRODUCT   "AWS::ServiceCatalog::CloudFormationProvisionedProduct"
#define MODULE    "::MODULE"

struct telling {
	struct cfn *t;
	const struct cfn_run *run;
	field_set needs;
	cfn_unseen_told *tell;
	void *to;
};

bool cfn_type_makes_others(struct str type)
{
	return str_is(type, CFN_STACK) || str_is(type, CFN_APPLICATION) ||
	       str_is(type, STACK_SET) || str_is(type, PRODUCT) || str_ends(type, STR(MODULE));
}

/* ---- macros ------------------------------------------------------------------- */

/* Transforms of AWS that make and alter no recording configuration. */
static bool adds_nothing(struct str transform)
{
	static const char *const families[] = { "AWS::Serverless-", "AWS::SecretsManager-" };
	static const char *const names[] = { "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen",
					     "AWS::CodeDeployHooks", "AWS::ServiceCatalog" };
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (str_starts(transform, str_of(families[i])))
			return true;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_is(transform, names[i]))
			return true;
	return false;
}

/* Of "Name", or of {Name: ..., Parameters: ...}. */
static void tell_macro(const struct telling *x, const struct value *v, struct place place,
		       const char *does)
{
	const struct value *name = v->kind == VALUE_MAP ? value_get(v, STR("Name")) : v;
	bool known = name != NULL && name->kind == VALUE_STRING;

	if (known && adds_nothing(value_str(name)))
		return;
	x->tell(x->to, place,
		arena_printf(x->t->arena, "what the macro%s%s %s on deployment is not seen",
			     known ? " " : "",
			     known ? cfn_quoted(x->t->arena, value_str(name)) : "", does));
}

/* The template goes through these, one after the other. */
static void tell_transforms(const struct telling *x)
{
	static const char does[] = "makes of the template";
	const struct value *v = value_get(&x->t->root, STR("Transform"));
	const struct entry *e = value_entry(&x->t->root, STR(CFN_MACRO));
	uint32_t i;

	if (v != NULL && v->kind == VALUE_LIST)
		for (i = 0; i < v->n; i++)
			tell_macro(x, &v->items[i], v->items[i].place, does);
	else if (v != NULL && v->kind != VALUE_NULL)
		tell_macro(x, v, v->place, does);
	if (e != NULL)
		tell_macro(x, &e->value, e->key_place, "adds to the template");
}

/* Whether rules will ask for a resource of the type: what a macro alters of any other
 * is nobody's here. Without a type it may be one. */
static bool is_asked_for(const struct telling *x, struct str type)
{
	if (str_is(type, CFN_CHANNEL))
		return (x->needs & FIELD_BIT(FIELD_CHANNELS)) != 0;
	if (str_is(type, CFN_BUCKET))
		return (x->needs & CFN_BUCKET_FIELDS) != 0;
	return type.len == 0 || str_is(type, CFN_CONFIGURATION) || cfn_type_makes_others(type);
}

/* ---- stacks -------------------------------------------------------------------- */

/* The name of the file behind the last slash of a URL. */
static struct str last_part(struct str url)
{
	size_t i, from = 0, end = url.len;

	for (i = 0; i < url.len; i++)
		if (url.data[i] == '?' || url.data[i] == '#') {
			end = i;
			break;
		}
	for (i = 0; i < end; i++)
		if (url.data[i] == '/')
			from = i + 1;
	return (struct str){ url.data + from, end - from };
}

/* A template of the run that may be the one: nobody can say that it is. */
static const char *maybe(const struct telling *x, const struct cfn_resource *r)
{
	const struct value *v = value_get(cfn_get(r, "Properties"), STR("TemplateURL"));
	const char *path;
	struct value made;

	if (v == NULL)
		return "";
	made = cfn_eval(x->t, v, r->named.scope);
	if (made.kind != VALUE_STRING ||
	    (path = cfn_run_like(x->run, last_part(value_str(&made)))) == NULL)
		return "";
	return arena_printf(x->t->arena,
			    "; if it is %s, check it before it is packaged, with that path as its "
			    "TemplateURL",
			    cfn_quoted(x->t->arena, str_of(path)));
}

bool cfn_text_makes_nothing(struct str template)
{
	/* Behind \u, \x or the end of a line in quotes stands what it comes to, and a loop
	 * may put a type together. */
	static const char *const words[] = { "AWS::IVS::", "Transform", MODULE,         CFN_STACK,
					     PRODUCT,      "\\u",       "\\U",          "\\x",
					     "\\\n",       "\\\r",      "Fn::ForEach::" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_has(template, str_of(words[i])))
			return false;
	return true;
}

/* Whether the template of a stack set stands in it, and speaks of nothing that matters. */
static bool holds_nothing(const struct telling *x, const struct cfn_resource *r)
{
	const struct value *v = value_get(cfn_get(r, "Properties"), STR("TemplateBody"));
	struct value body;

	if (v == NULL)
		return false;
	body = cfn_eval(x->t, v, r->named.scope);
	return body.kind == VALUE_STRING && cfn_text_makes_nothing(value_str(&body));
}

/* Whether a text in the tree speaks of the call that makes a recording configuration. */
static bool calls_the_api(const struct value *v)
{
	uint32_t i;

	if (v->kind == VALUE_STRING)
		return text_has(value_str(v), STR("reateRecordingConfiguration"));
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		if (calls_the_api(&v->items[i]))
			return true;
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++)
		if (calls_the_api(&v->entries[i].value))
			return true;
	return false;
}

/* A custom resource may do anything; one that CDK makes of a call says which. */
static bool is_call(const struct cfn_resource *r)
{
	const struct value *properties = cfn_get(r, "Properties");

	return (str_starts(r->type, STR("Custom::")) ||
		str_is(r->type, "AWS::CloudFormation::CustomResource")) &&
	       properties != NULL && calls_the_api(properties);
}

static void tell_resource(const struct telling *x, const struct cfn_resource *r)
{
	const struct entry *e = value_entry(r->named.raw, STR(CFN_MACRO));
	const char *why, *name = cfn_quoted(x->t->arena, r->named.name), *text;

	if (str_is(r->named.name, CFN_MACRO)) {
		tell_macro(x, r->named.raw, r->named.place, "adds to the resources");
		return;
	}
	if (cfn_exists(x->t, r, &why) == CFN_FALSE)
		return;
	if (e != NULL && is_asked_for(x, r->type))
		tell_macro(x, &e->value, e->key_place,
			   arena_printf(x->t->arena, "makes of the resource %s", name));
	if (cfn_is_nested(r) && !cfn_run_knows(x->run, r))
		text = arena_printf(
		    x->t->arena, "the template of the nested stack %s is in no file of this run%s",
		    name, maybe(x, r));
	else if (str_is(r->type, STACK_SET) && !holds_nothing(x, r))
		text = arena_printf(
		    x->t->arena, "what the stack set %s makes in its accounts is not seen", name);
	else if (str_is(r->type, PRODUCT))
		text = arena_printf(
		    x->t->arena, "what Service Catalog makes of the product %s is not seen", name);
	else if (is_call(r))
		text = arena_printf(
		    x->t->arena,
		    "the recording configuration that the custom resource %s makes is not seen",
		    name);
	else if (str_ends(r->type, STR(MODULE)))
		text = arena_printf(x->t->arena,
				    "what the module %s makes on deployment is not seen", name);
	else
		return;
	x->tell(x->to, r->named.place, text);
}

void cfn_unseen(struct cfn *t, const struct cfn_run *run, field_set needs, cfn_unseen_told *tell,
		void *to)
{
	const struct telling x = { t, run, needs, tell, to };
	size_t i;

	tell_transforms(&x);
	for (i = 0; i < t->n_unseen_loops; i++)
		tell(to, t->unseen_loops[i].place,
		     "stacks, modules or macros in a loop (Fn::ForEach) over what is not known "
		     "before the deploy");
	for (i = 0; i < t->n_resources; i++)
		tell_resource(&x, &t->resources[i]);
}
