/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators `is` and `is_not`: a text and a named format.
 */
#include "base/text.h"
#include "rule/named_format.h"
#include "rule/op.h"

static bool is_ascii(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if ((unsigned char)s.data[i] >= 0x80)
			return false;
	}
	return true;
}

static const char *check(const struct test *t, struct str s)
{
	const char *why = t->format->check(s);

	if (why != NULL || t->format_pattern == NULL || is_ascii(s))
		return why;
	return pattern_search(t->format_pattern, s) == PATTERN_YES
		   ? NULL
		   : "has a character that is no letter, digit or space";
}

static enum truth run_is(const struct test *t, const struct value *v, const struct eval *e)
{
	(void)e;
	if (v->kind != VALUE_STRING)
		return truth_of_other(v);
	return truth_of(check(t, value_str(v)) == NULL);
}

static void explain_is(const struct test *t, const struct value *v, const struct eval *e,
		       bool negated, struct arena *arena, struct evidence *ev)
{
	(void)e;
	(void)arena;
	if (v->kind == VALUE_STRING && ev->truth == TRUTH_FALSE && t->negated == negated)
		ev->detail = str_of(check(t, value_str(v)));
}

static int unknown_format(const struct prepare *p, struct str name)
{
	const char **names = ARENA_ARRAY(p->c->scope->arena, format_n_rows, const char *), *near;
	size_t i;

	for (i = 0; i < format_n_rows; i++)
		names[i] = format_rows[i].name;
	prepare_mistake(p, p->node, "unknown format '%.*s'", STR_ARG(name));
	near = text_nearest(name, names, format_n_rows);
	if (near != NULL)
		mistakes_hint(p->c->scope->mistakes, "did you mean '%s'?", near);
	else
		mistakes_hint(p->c->scope->mistakes, "ivslint-rules(5) lists the formats");
	return -1;
}

int op_format_prepare(const struct prepare *p)
{
	struct nature wanted = nature_of_type((struct type){ TYPE_STRING, TYPE_NONE });
	struct test *t = p->test;
	struct value points;
	size_t i;

	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	if (operand_literal(&t->operand) == NULL)
		return prepare_mistake(p, p->node,
				       "a format's name is written out or is a parameter");
	for (i = 0; i < format_n_rows; i++) {
		if (str_is(value_str(t->operand.value), named_formats[i].name))
			break;
	}
	if (i == format_n_rows)
		return unknown_format(p, value_str(t->operand.value));
	t->format = &named_formats[i];
	t->run = run_is;
	t->explain = explain_is;
	if (t->format->points == NULL)
		return 0;
	points = value_of_str(str_of(t->format->points));
	points.place = p->node->place;
	t->format_pattern = compile_pattern(p->c, &points);
	return t->format_pattern != NULL ? 0 : -1;
}
