/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of parameters against what the template says of them. Knows the rules
 * of CloudFormation; where they are not sure to be ours, nothing is told.
 */
#include "input/cfn_parameter.h"

#include <string.h>

#include "base/pattern.h"
#include "base/text.h"

/* CloudFormation's own limits. */
#define MOST_PARAMETERS 200
#define MOST_BYTES      4096
/* Ours: a pattern may take milliseconds. */
#define MOST_SEARCHES   200

struct checking {
	struct cfn *t;
	const struct cfn_parameter *p;
	bool number, list;  /* its type: a number or a text, or a list of these */
	unsigned *searches; /* of the template so far */
};

__attribute__((format(printf, 2, 3))) static const char *say(struct arena *a, const char *format,
							     ...)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	const char *text;
	va_list args;

	va_start(args, format);
	buf_vprintf(&b, format, args);
	va_end(args);
	text = arena_buf(a, &b).data;
	buf_release(&b);
	return text;
}

/* A constraint as a text; false where there is none, or it is no scalar. */
static bool constraint(const struct checking *x, const char *key, struct str *text)
{
	const struct value *v = value_get(x->p->raw, str_of(key));

	return v != NULL && cfn_text(x->t->arena, v, text);
}

/* Of digits, with a sign, a point and an exponent: more than JSON takes for a number. */
static bool looks_like_number(struct str s)
{
	size_t i, digits = 0;

	for (i = 0; i < s.len; i++) {
		digits += s.data[i] >= '0' && s.data[i] <= '9';
		if (strchr("0123456789+-.eE", s.data[i]) == NULL || s.data[i] == '\0')
			return false;
	}
	return digits > 0;
}

static bool same_number(struct str a, struct str b)
{
	struct number x, y;

	return number_parse(a, &x) && number_parse(b, &y) && number_compare(x, y) == 0;
}

static const char *against_allowed(const struct checking *x, struct str text)
{
	const struct value *allowed = value_get(x->p->raw, STR("AllowedValues"));
	struct buf b = BUF_INIT(0);
	const char *why;
	struct str one;
	uint32_t i;

	if (allowed == NULL || allowed->kind != VALUE_LIST || allowed->n == 0)
		return NULL;
	for (i = 0; i < allowed->n; i++)
		if (!cfn_text(x->t->arena, &allowed->items[i], &one) || str_equal(one, text) ||
		    (x->number && same_number(one, text)))
			return NULL;
	value_show(&b, allowed, LIMIT_SHOWN_VALUE);
	why = say(x->t->arena, "none of its AllowedValues %s", b.data);
	buf_release(&b);
	return why;
}

/* Java's patterns and ours agree but for these. */
static bool is_ours(struct str pattern)
{
	return !text_has(pattern, STR("&&")) && !text_has(pattern, STR("[[")) &&
	       !text_has(pattern, STR("\\p")) && !text_has(pattern, STR("\\P")) &&
	       !text_has(pattern, STR("(?"));
}

static enum pattern_result match_whole(struct str expression, struct str text)
{
	struct buf b = BUF_INIT(LIMIT_PATTERN_SIZE);
	enum pattern_result result = PATTERN_LIMIT;
	struct pattern *alone, *whole = NULL;
	const char *why;
	size_t at;

	alone = pattern_new(expression, &at, &why);
	buf_puts(&b, "^(?:");
	buf_put_str(&b, expression);
	buf_puts(&b, ")$");
	if (alone != NULL && !b.failed)
		whole = pattern_new(buf_str(&b), &at, &why);
	if (whole != NULL)
		result = pattern_search(whole, text);
	pattern_free(alone);
	pattern_free(whole);
	buf_release(&b);
	return result;
}

static const char *against_pattern(const struct checking *x, struct str text)
{
	struct str pattern;

	if (!constraint(x, "AllowedPattern", &pattern) || !is_ours(pattern) ||
	    ++*x->searches > MOST_SEARCHES || match_whole(pattern, text) != PATTERN_NO)
		return NULL;
	return say(x->t->arena, "not as its AllowedPattern %s wants it",
		   cfn_quoted(x->t->arena, pattern));
}

static const char *against_length(const struct checking *x, struct str text)
{
	struct number bound, n = number_of_int((int64_t)text_length(text));
	struct str s;

	if (constraint(x, "MinLength", &s) && number_parse(s, &bound) &&
	    number_compare(n, bound) < 0)
		return say(x->t->arena, "shorter than its MinLength %s",
			   cfn_quoted(x->t->arena, s));
	if (constraint(x, "MaxLength", &s) && number_parse(s, &bound) &&
	    number_compare(n, bound) > 0)
		return say(x->t->arena, "longer than its MaxLength %s", cfn_quoted(x->t->arena, s));
	return NULL;
}

static const char *against_range(const struct checking *x, struct str text)
{
	struct number bound, n;
	struct str s;

	if (!looks_like_number(text))
		return "no number, and its Type is one";
	if (!number_parse(text, &n))
		return NULL;
	if (constraint(x, "MinValue", &s) && number_parse(s, &bound) &&
	    number_compare(n, bound) < 0)
		return say(x->t->arena, "less than its MinValue %s", cfn_quoted(x->t->arena, s));
	if (constraint(x, "MaxValue", &s) && number_parse(s, &bound) &&
	    number_compare(n, bound) > 0)
		return say(x->t->arena, "more than its MaxValue %s", cfn_quoted(x->t->arena, s));
	return NULL;
}

static const char *why_refused(const struct checking *x, struct str text)
{
	const char *why = x->number ? against_range(x, text) : NULL;

	if (why == NULL)
		why = against_allowed(x, text);
	if (why == NULL && !x->number)
		why = against_pattern(x, text);
	return why == NULL && !x->number && !x->list ? against_length(x, text) : why;
}

/* The members of a list, "a, b"; the first that is refused is left in *text. */
static const char *why_list_refused(const struct checking *x, struct str *text)
{
	const char *p = text->data, *end = text->data + text->len, *comma, *why;
	struct str part;
	int left;

	for (left = LIMIT_LIST; left > 0; left--, p = comma + 1) {
		comma = memchr(p, ',', (size_t)(end - p));
		part = (struct str){ p, (size_t)((comma != NULL ? comma : end) - p) };
		for (; part.len > 0 && part.data[0] == ' '; part.data++, part.len--)
			;
		for (; part.len > 0 && part.data[part.len - 1] == ' '; part.len--)
			;
		why = why_refused(x, part);
		if (why != NULL) {
			*text = part;
			return why;
		}
		if (comma == NULL)
			break;
	}
	return NULL;
}

/* What is wrong with a value that is known; *shown is what of it. */
static const char *why_value_refused(const struct checking *x, const struct value *v,
				     struct str *shown)
{
	if (!cfn_text(x->t->arena, v, shown))
		return NULL;
	if (shown->len > MOST_BYTES)
		return say(x->t->arena, "longer than %d bytes", MOST_BYTES);
	return x->list ? why_list_refused(x, shown) : why_refused(x, *shown);
}

/* The same of one that is not: each that it may be is refused. */
static const char *why_any_refused(const struct checking *x, const struct value *v,
				   struct str *shown)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	const char *why = NULL;
	uint32_t i;

	if (v->kind != VALUE_UNKNOWN)
		return why_value_refused(x, v, shown);
	for (i = 0; u != NULL && i < u->n_may; i++) {
		why = why_value_refused(x, &u->may[i], shown);
		if (why == NULL)
			return NULL;
	}
	return why;
}

/* Whether the type is one whose values are known to be checked so. */
static bool take_type(struct checking *x)
{
	const struct value *type = value_get(x->p->raw, STR("Type"));
	struct str name = type != NULL && type->kind == VALUE_STRING ? value_str(type) : STR("");

	x->number = str_is(name, "Number") || str_is(name, "List<Number>");
	x->list = str_is(name, "List<Number>") || str_is(name, "CommaDelimitedList");
	return x->number || x->list || str_is(name, "String");
}

static bool is_secret(const struct checking *x)
{
	struct str text;

	return constraint(x, "NoEcho", &text) && text_equal_nocase_ascii(text, STR("true"));
}

static void check(struct checking *x, struct place at, cfn_parameter_told *tell, void *to)
{
	const struct cfn_stack *stack = &x->t->stack;
	struct arena *a = x->t->arena;
	const struct value *v = NULL, *standard = value_get(x->p->raw, STR("Default"));
	const char *why, *from = "its Default", *name = cfn_quoted(a, x->p->name);
	struct str shown = STR("");

	if (!take_type(x))
		return;
	if (stack->parameter != NULL)
		v = stack->parameter(stack->to, x->t, x->p->name);
	/* a nested stack that hands nothing leaves the Default */
	if (v == NULL || (standard != NULL && v->kind == VALUE_STRING &&
			  v->kind == standard->kind && v->text == standard->text)) {
		v = standard;
		at = v != NULL ? v->place : at;
	} else if (stack->origin != NULL) {
		from = stack->origin(stack->to, x->t, x->p->name);
	}
	if (v == NULL || (why = why_any_refused(x, v, &shown)) == NULL)
		return;
	tell(to, at,
	     say(a, "the parameter %s is %s (%s), which is %s: CloudFormation refuses it", name,
		 is_secret(x) ? "a secret" : cfn_quoted(a, shown), from, why));
}

void cfn_check_parameters(struct cfn *t, cfn_parameter_told *tell, void *to)
{
	const struct value *all = value_get(&t->root, STR("Parameters"));
	unsigned searches = 0;
	size_t i;

	if (t->n_parameters > MOST_PARAMETERS) {
		tell(to, all->place,
		     say(t->arena, "more than %d parameters: CloudFormation refuses them",
			 MOST_PARAMETERS));
		return;
	}
	for (i = 0; i < t->n_parameters; i++) {
		struct checking x = { .t = t, .p = &t->parameters[i], .searches = &searches };

		check(&x, value_entry(all, x.p->name)->key_place, tell, to);
	}
	if (searches > MOST_SEARCHES)
		tell(to, all->place,
		     say(t->arena,
			 "more than %d values to be held against an AllowedPattern: the rest was "
			 "not",
			 MOST_SEARCHES));
}
