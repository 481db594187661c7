/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the functions of a template come to before it is deployed: the table of
 * functions, and the walk over a tree. Everything that is not known has a reason
 * that a reader of the report can act on. Depth and steps are counted, and what
 * goes in a circle is found.
 */
#include "input/cfn_fn_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/write_json.h"

struct value cfn_fn_unknown(struct cfn *t, const char *format, ...)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	struct value v;
	va_list args;

	va_start(args, format);
	buf_vprintf(&b, format, args);
	va_end(args);
	v = value_unknown(arena_buf(t->arena, &b).data);
	buf_release(&b);
	return v;
}

struct value cfn_fn_wrong(struct cfn *t, const char *name)
{
	return cfn_fn_unknown(t, "%s is not written as it has to be", name);
}

/* ---- functions of a few lines ---------------------------------------------------------- */

static struct value fn_ref(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value name = cfn_eval(t, v, scope);

	if (name.kind != VALUE_STRING)
		return name.kind == VALUE_UNKNOWN ? name : cfn_fn_wrong(t, fn);
	return cfn_fn_named(t, value_str(&name), scope);
}

static struct value fn_get_att(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value parts[2] = { { 0 } };
	struct str id, name;
	const char *dot;

	if (v->kind == VALUE_STRING) {
		parts[0] = cfn_eval(t, v, scope);
		if (parts[0].kind != VALUE_STRING)
			return cfn_fn_wrong(t, fn);
		id = value_str(&parts[0]);
		dot = memchr(id.data, '.', id.len);
		if (dot == NULL)
			return cfn_fn_wrong(t, fn);
		name = (struct str){ dot + 1, (size_t)(id.data + id.len - dot - 1) };
		id.len = (size_t)(dot - id.data);
		return cfn_fn_named_attribute(t, id, name);
	}
	if (v->kind != VALUE_LIST || v->n != 2)
		return cfn_fn_wrong(t, fn);
	parts[0] = cfn_eval(t, &v->items[0], scope);
	parts[1] = cfn_eval(t, &v->items[1], scope);
	if (parts[0].kind != VALUE_STRING || parts[1].kind != VALUE_STRING)
		return cfn_fn_unknown(t, "which attribute Fn::GetAtt asks for is not known");
	return cfn_fn_named_attribute(t, value_str(&parts[0]), value_str(&parts[1]));
}

static struct value fn_length(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value list = cfn_eval(t, v, scope);
	uint32_t i;

	if (list.kind == VALUE_UNKNOWN)
		return value_unknown(list.why);
	for (i = 0; list.kind == VALUE_LIST && i < list.n; i++)
		if (cfn_may_be_absent(&list.items[i]))
			return value_unknown(list.items[i].why);
	return list.kind == VALUE_LIST ? value_of_number(number_of_int(list.n))
				       : cfn_fn_wrong(t, fn);
}

/* The first thing that is not known, or NULL. */
static const char *unknown_in(const struct value *v)
{
	const char *why = NULL;
	uint32_t i;

	if (v->kind == VALUE_UNKNOWN)
		return v->why;
	if (v->kind == VALUE_LIST)
		for (i = 0; i < v->n && why == NULL; i++)
			why = unknown_in(&v->items[i]);
	if (v->kind == VALUE_MAP)
		for (i = 0; i < v->n && why == NULL; i++)
			why = unknown_in(&v->entries[i].value);
	return why;
}

static struct value fn_to_json(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	struct value made = cfn_eval(t, v, scope);
	const char *why = unknown_in(&made);
	struct write_json w;

	if (why != NULL)
		return value_unknown(why);
	if (made.kind != VALUE_LIST && made.kind != VALUE_MAP)
		return cfn_fn_wrong(t, fn);
	write_json_init(&w, &b, false);
	write_json_value(&w, &made);
	if (b.failed)
		made = cfn_fn_unknown(t, "Fn::ToJsonString makes a text beyond the limits");
	else
		made = value_of_str(arena_buf(t->arena, &b));
	buf_release(&b);
	return made;
}

static struct value fn_import(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value name = cfn_eval(t, v, scope);

	if (name.kind != VALUE_STRING)
		return name.kind == VALUE_UNKNOWN ? value_unknown(name.why) : cfn_fn_wrong(t, fn);
	if (t->stack.import != NULL)
		return t->stack.import(t->stack.to, t, value_str(&name));
	return cfn_fn_unknown(t, "the export %s is of another stack",
			      cfn_quoted(t->arena, value_str(&name)));
}

static const struct function {
	const char *name;
	struct value (*call)(struct cfn *t, const char *fn, const struct value *v, scope_t *scope);
} functions[] = {
	{ "Ref", fn_ref },
	{ "Fn::GetAtt", fn_get_att },
	{ "Fn::Sub", cfn_fn_sub },
	{ "Fn::Join", cfn_fn_join },
	{ "Fn::Select", cfn_fn_select },
	{ "Fn::Split", cfn_fn_split },
	{ "Fn::FindInMap", cfn_fn_find_in_map },
	{ "Fn::If", cfn_fn_if },
	{ "Fn::Equals", cfn_fn_equals },
	{ "Fn::And", cfn_fn_and },
	{ "Fn::Or", cfn_fn_or },
	{ "Fn::Not", cfn_fn_not },
	{ "Fn::Base64", cfn_fn_base64 },
	{ "Fn::Length", fn_length },
	{ "Fn::ToJsonString", fn_to_json },
	{ "Fn::ImportValue", fn_import },
};

/* ---- evaluating ------------------------------------------------------------------------ */

/* Whether a map is a function's call, and which. Condition is one only where it
 * names a condition and nothing else stands in the map. */
static bool is_call(const struct value *map)
{
	struct str key;

	if (map->n != 1)
		return false;
	key = map->entries[0].key;
	return str_is(key, "Ref") ||
	       (str_starts(key, STR("Fn::")) && !str_starts(key, STR("Fn::ForEach::"))) ||
	       (str_is(key, "Condition") && map->entries[0].value.kind == VALUE_STRING);
}

static struct value call(struct cfn *t, const struct value *map, scope_t *scope)
{
	struct str key = map->entries[0].key;
	const struct value *operand = &map->entries[0].value;
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (str_is(key, functions[i].name))
			return functions[i].call(t, functions[i].name, operand, scope);
	if (str_is(key, "Condition"))
		return cfn_fn_condition(t, "Condition", operand, scope);
	if (str_is(key, "Fn::Transform"))
		return cfn_fn_unknown(t, "a macro (Fn::Transform) makes it on deployment");
	return cfn_fn_unknown(t, "the function %s is not evaluated", cfn_quoted(t->arena, key));
}

static struct value eval_list(struct cfn *t, const struct value *v, scope_t *scope)
{
	struct value *items = ARENA_ARRAY(t->arena, v->n, struct value), made = *v;
	uint32_t i, n = 0;

	for (i = 0; i < v->n; i++) {
		items[n] = cfn_eval(t, &v->items[i], scope);
		if (items[n].kind != VALUE_ABSENT)
			n++;
	}
	made.items = items;
	made.n = n;
	return made;
}

/* A map with loops among its keys. */
static struct value eval_loops(struct cfn *t, const struct value *v, scope_t *scope)
{
	size_t i, n = 0, before = t->unknown_loops.n;
	struct cfn_list list = { 0 };
	struct value made = *v;
	struct entry *entries;

	cfn_unroll(t, v, scope, &list);
	if (t->unknown_loops.n > before) {
		t->unknown_loops.n = before;
		free(list.list);
		return cfn_fn_unknown(t, "what Fn::ForEach goes over is not known");
	}
	entries = ARENA_ARRAY(t->arena, list.n, struct entry);
	for (i = 0; i < list.n; i++) {
		entries[n].key = list.list[i].name;
		entries[n].key_place = list.list[i].place;
		entries[n].value = cfn_eval(t, list.list[i].raw, list.list[i].scope);
		if (entries[n].value.kind != VALUE_ABSENT)
			n++;
	}
	free(list.list);
	made.entries = entries;
	made.n = (uint32_t)n;
	return made;
}

static struct value eval_map(struct cfn *t, const struct value *v, scope_t *scope)
{
	struct value made = *v;
	struct entry *entries;
	bool loops = false;
	uint32_t i, n = 0;

	for (i = 0; i < v->n; i++) {
		if (str_is(v->entries[i].key, "Fn::Transform"))
			return cfn_fn_unknown(t,
					      "a macro (Fn::Transform) adds to it on deployment");
		loops |= str_starts(v->entries[i].key, STR("Fn::ForEach::"));
	}
	if (loops)
		return eval_loops(t, v, scope);
	entries = ARENA_ARRAY(t->arena, v->n, struct entry);
	for (i = 0; i < v->n; i++) {
		entries[n] = v->entries[i];
		entries[n].value = cfn_eval(t, &v->entries[i].value, scope);
		if (entries[n].value.kind != VALUE_ABSENT)
			n++;
	}
	made.entries = entries;
	made.n = n;
	return made;
}

struct value cfn_eval(struct cfn *t, const struct value *v, scope_t *scope)
{
	struct value made = *v;

	if (++t->steps > LIMIT_TEMPLATE_STEPS || t->depth >= LIMIT_TEMPLATE_DEPTH) {
		if (t->exhausted == NULL)
			t->exhausted =
			    t->steps > LIMIT_TEMPLATE_STEPS
				? arena_printf(t->arena, "its functions take more than %d steps",
					       LIMIT_TEMPLATE_STEPS)
				: arena_printf(t->arena,
					       "its functions need one another deeper than %d",
					       LIMIT_TEMPLATE_DEPTH);
		return value_unknown(t->exhausted);
	}
	t->depth++;
	if (v->kind == VALUE_STRING)
		made = cfn_fn_text(t, v, scope);
	else if (v->kind == VALUE_LIST)
		made = eval_list(t, v, scope);
	else if (v->kind == VALUE_MAP)
		made = is_call(v) ? call(t, v, scope) : eval_map(t, v, scope);
	t->depth--;
	made.place = v->place;
	return made;
}
