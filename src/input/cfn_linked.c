/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What linked templates ask of one another: parameters and tags that a stack
 * hands to those nested in it, their outputs, and exports of other stacks. Each
 * question goes one level deeper, and circles end at LIMIT_TEMPLATE_STACKS.
 */
#include "input/cfn_run_inside.h"

#include "input/cfn_given.h"
#include "input/cfn_tags.h"

/* Whether a function or a macro has a say in what stands in the map. */
static bool is_made_up(const struct value *map)
{
	uint32_t i;

	for (i = 0; map->kind == VALUE_MAP && i < map->n; i++)
		if (str_starts(map->entries[i].key, STR("Fn::")))
			return true;
	return false;
}

/* A property of a stack, as it is written where nothing but that counts; else *made is
 * what is known of it. NULL and ABSENT where there is none. */
static const struct value *property(struct cfn *t, const struct cfn_resource *stack,
				    const char *key, struct value *made)
{
	const struct value *properties = cfn_get(stack, "Properties");

	*made = (struct value){ 0 };
	if (cfn_get(stack, CFN_MACRO) != NULL) {
		*made = value_unknown("a macro (Fn::Transform) makes the stack on deployment");
		return NULL;
	}
	if (properties == NULL || !is_made_up(properties))
		return value_get(properties, str_of(key));
	*made = cfn_eval(t, properties, stack->named.scope);
	*made = cfn_member(t->arena, made, key);
	return NULL;
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
	parameters = property(t, stack, "Parameters", &made);
	if (parameters != NULL) {
		v = value_get(parameters, name);
		if (v != NULL && !is_made_up(parameters))
			return cfn_eval(t, v, stack->named.scope);
		made = cfn_eval(t, parameters, stack->named.scope);
	}
	return cfn_member(t->arena, &made, arena_str(t->arena, name).data);
}

/* The same, where a parameter that is handed nothing has its default. */
static struct value handed_or(const struct cfn_referrer *from, struct str name,
			      const struct value *fallback)
{
	struct value v = handed(from, name);

	if (fallback == NULL)
		return v;
	return v.kind == VALUE_ABSENT ? *fallback : cfn_or(from->unit->t.arena, &v, fallback);
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
		may[n] = handed_or(r, name, fallback);
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
	struct value tags = cfn_stack_tags(t), own = { 0 };
	const struct value *v = stack != NULL ? property(t, stack, "Tags", &own) : NULL;

	if (v != NULL)
		own = cfn_eval(t, v, stack->named.scope);
	if (own.kind != VALUE_ABSENT)
		own = cfn_tag_map(t->arena, &own);
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

struct cfn_unit *cfn_linked_unit(const struct cfn_run *run, const struct cfn_resource *stack)
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
	struct cfn_unit *u = cfn_linked_unit(run, stack);
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

void cfn_linked_stack(struct cfn_unit *u, struct cfn_stack *stack)
{
	stack->to = u;
	stack->parameter = linked_parameter;
	stack->origin = linked_origin;
	stack->import = linked_import;
	stack->output = linked_output;
	stack->inherited = linked_tags;
}
