/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions: true, false, or not known before the deploy; and what hangs on
 * them.
 */
#include "input/cfn_fn_inside.h"

#include "base/text.h"

struct value cfn_fn_if(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value name, branches[2];
	enum cfn_truth truth;
	const char *why;

	if (v->kind != VALUE_LIST || v->n != 3)
		return cfn_fn_wrong(t, fn);
	name = cfn_eval(t, &v->items[0], scope);
	if (name.kind != VALUE_STRING)
		return name.kind == VALUE_UNKNOWN ? value_unknown(name.why) : cfn_fn_wrong(t, fn);
	truth = cfn_holds(t, value_str(&name), &why);
	if (truth != CFN_UNKNOWN)
		return cfn_eval(t, &v->items[truth == CFN_TRUE ? 1 : 2], scope);
	branches[0] = cfn_eval(t, &v->items[1], scope);
	branches[1] = cfn_eval(t, &v->items[2], scope);
	return cfn_one_of(t->arena, branches, 2, why);
}

/* Truth as a value, which Fn::If and conditions take back. */
static struct value truth_value(enum cfn_truth truth, const char *why)
{
	return truth == CFN_UNKNOWN ? value_unknown(why) : value_of_boolean(truth == CFN_TRUE);
}

static enum cfn_truth truth_of(struct cfn *t, const struct value *v, const char **why)
{
	struct str text;

	if (v->kind == VALUE_BOOLEAN)
		return v->boolean ? CFN_TRUE : CFN_FALSE;
	if (v->kind == VALUE_STRING && cfn_text(t->arena, v, &text)) {
		if (text_equal_nocase_ascii(text, STR("true")))
			return CFN_TRUE;
		if (text_equal_nocase_ascii(text, STR("false")))
			return CFN_FALSE;
	}
	*why = v->kind == VALUE_UNKNOWN ? v->why : "a condition is not written as it has to be";
	return CFN_UNKNOWN;
}

struct value cfn_fn_condition(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value name = cfn_eval(t, v, scope);
	const char *why = NULL;
	enum cfn_truth truth;

	if (name.kind != VALUE_STRING)
		return cfn_fn_wrong(t, fn);
	truth = cfn_holds(t, value_str(&name), &why);
	return truth_value(truth, why);
}

struct value cfn_fn_equals(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	static const char unsure[] =
	    "what an unquoted text of YAML is to CloudFormation is not known";
	struct value x, y;
	enum cfn_truth truth;

	if (v->kind != VALUE_LIST || v->n != 2)
		return cfn_fn_wrong(t, fn);
	x = cfn_eval(t, &v->items[0], scope);
	y = cfn_eval(t, &v->items[1], scope);
	truth = cfn_equal(t->arena, &x, &y);
	return truth_value(truth, x.kind == VALUE_UNKNOWN   ? x.why
				  : y.kind == VALUE_UNKNOWN ? y.why
							    : unsure);
}

static struct value all_or_any(struct cfn *t, const char *fn, const struct value *v, scope_t *scope,
			       enum cfn_truth decides)
{
	const char *why = NULL, *first = NULL;
	enum cfn_truth truth;
	struct value one;
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n == 0)
		return cfn_fn_wrong(t, fn);
	for (i = 0; i < v->n; i++) {
		one = cfn_eval(t, &v->items[i], scope);
		truth = truth_of(t, &one, &why);
		if (truth == decides)
			return truth_value(decides, "");
		if (truth == CFN_UNKNOWN && first == NULL)
			first = why;
	}
	if (first != NULL)
		return value_unknown(first);
	return truth_value(decides == CFN_TRUE ? CFN_FALSE : CFN_TRUE, "");
}

struct value cfn_fn_and(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	return all_or_any(t, fn, v, scope, CFN_FALSE);
}

struct value cfn_fn_or(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	return all_or_any(t, fn, v, scope, CFN_TRUE);
}

struct value cfn_fn_not(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	const char *why = NULL;
	enum cfn_truth truth;
	struct value one;

	if (v->kind == VALUE_LIST && v->n == 1)
		v = &v->items[0];
	else if (v->kind == VALUE_LIST)
		return cfn_fn_wrong(t, fn);
	one = cfn_eval(t, v, scope);
	truth = truth_of(t, &one, &why);
	return truth_value(truth == CFN_UNKNOWN ? truth
			   : truth == CFN_TRUE  ? CFN_FALSE
						: CFN_TRUE,
			   why);
}

/* ---- conditions ------------------------------------------------------------------------ */

enum cfn_truth cfn_holds(struct cfn *t, struct str name, const char **why)
{
	struct cfn_condition *c = NULL;
	struct value v;
	size_t i;

	for (i = 0; i < t->n_conditions && c == NULL; i++)
		if (str_equal(t->conditions[i].named.name, name))
			c = &t->conditions[i];
	if (c == NULL) {
		*why =
		    arena_printf(t->arena, "there is no condition %s", cfn_quoted(t->arena, name));
		return CFN_UNKNOWN;
	}
	if (c->state == CFN_VISITING) {
		*why = arena_printf(t->arena, "the condition %s refers to itself",
				    cfn_quoted(t->arena, name));
		return CFN_UNKNOWN;
	}
	if (c->state == CFN_NEW) {
		c->state = CFN_VISITING;
		c->why = NULL;
		v = cfn_eval(t, c->named.raw, c->named.scope);
		c->truth = truth_of(t, &v, &c->why);
		if (c->truth == CFN_UNKNOWN)
			c->why = arena_printf(t->arena, "the condition %s is not decided: %s",
					      cfn_quoted(t->arena, name), c->why);
		c->state = CFN_DONE;
	}
	*why = c->why;
	return c->truth;
}

enum cfn_truth cfn_exists(struct cfn *t, const struct cfn_resource *r, const char **why)
{
	const struct value *condition = cfn_get(r, "Condition");
	struct value name;

	*why = NULL;
	if (condition == NULL)
		return CFN_TRUE;
	name = cfn_eval(t, condition, r->named.scope);
	if (name.kind != VALUE_STRING) {
		*why =
		    name.kind == VALUE_UNKNOWN ? name.why : "its Condition is not the name of one";
		return CFN_UNKNOWN;
	}
	return cfn_holds(t, value_str(&name), why);
}
