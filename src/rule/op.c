/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of operators, and what all of them share: finding them, checking
 * that they are for the type, the texts, and operators that exclude each other.
 */
#include "rule/op.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limit.h"
#include "base/text.h"
#include "rule/place.h"

const struct op op_table[N_OPS] = {
#define OP(name, on, family, negated, opposite, expect, describe, operand, text)                   \
	{                                                                                          \
		OP_##name, #name,         ON_##on, op_##family##_prepare,                          \
		negated,   OP_##opposite, expect,  describe                                        \
	},
#include "rule/op_list.h"
#undef OP
};

const struct op_row op_rows[] = {
#define OP(name, on, family, negated, opposite, expect, describe, operand, text)                   \
	{ #name, ON_##on##_text, operand, text },
#include "rule/op_list.h"
#undef OP
};
const size_t op_n_rows = N_OPS;

/* What people write who come from elsewhere. */
static const struct {
	const char *wrong, *right;
} other_words[] = {
	{ "eq", "equals" },
	{ "ne", "not_equals" },
	{ "equal", "equals" },
	{ "gt", "greater_than" },
	{ "lt", "less_than" },
	{ "gte", "min" },
	{ "lte", "max" },
	{ "minimum", "min" },
	{ "maximum", "max" },
	{ "regex", "matches" },
	{ "pattern", "matches" },
	{ "glob", "like" },
	{ "one_of", "in" },
	{ "enum", "in" },
	{ "any_of", "in" },
	{ "present", "exists" },
	{ "required", "exists" },
	{ "is_set", "exists" },
	{ "prefix", "starts_with" },
	{ "suffix", "ends_with" },
	{ "format", "is" },
	{ "length", "min_length" },
	{ "size", "min_length" },
	{ "every", "each" },
	{ "all", "each" },
	{ "any", "some" },
	{ "none", "no" },
	{ "has_key", "has_keys" },
	{ "required_keys", "has_keys" },
};

const struct op *op_find(struct str name)
{
	size_t i;

	for (i = 0; i < N_OPS; i++) {
		if (str_is(name, op_table[i].name))
			return &op_table[i];
	}
	return NULL;
}

/* ---- mistakes ------------------------------------------------------------ */

int prepare_mistake(const struct prepare *p, const struct value *at, const char *format, ...)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	va_list args;

	va_start(args, format);
	buf_vprintf(&b, format, args);
	va_end(args);
	mistakes_add(p->c->scope->mistakes, p->c->scope->source, at->place, place_span(at), "%s",
		     buf_str(&b).data);
	buf_release(&b);
	return -1;
}

/* What is below an object or behind a key, written as if it were within. */
static bool hint_below(const struct compile *c, struct str what, const struct nature *nature,
		       struct str name)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	struct str path;
	bool is_field;
	int i;

	path_put_key(&b, what, name);
	path = buf_str(&b);
	is_field = nature->type.base == TYPE_MAP;
	for (i = 0; i < N_FIELDS && !is_field; i++)
		is_field = str_equal(str_of(field_table[i].path), path) ||
			   (str_starts(str_of(field_table[i].path), path) &&
			    field_table[i].path[path.len] == '.');
	if (is_field)
		mistakes_hint(c->scope->mistakes, "it is a field of its own: '%.*s'",
			      STR_ARG(path));
	buf_release(&b);
	return is_field;
}

static bool hint_op(const struct compile *c, struct str name)
{
	const char *names[N_OPS], *near;
	size_t i;

	for (i = 0; i < sizeof(other_words) / sizeof(*other_words); i++) {
		if (text_equal_nocase_ascii(name, str_of(other_words[i].wrong))) {
			mistakes_hint(c->scope->mistakes, "did you mean '%s'?",
				      other_words[i].right);
			return true;
		}
	}
	if (str_is(name, "field") || str_is(name, "member")) {
		mistakes_hint(c->scope->mistakes, "an operator comes first: {equals: {%.*s: PATH}}",
			      STR_ARG(name));
		return true;
	}
	for (i = 0; i < N_OPS; i++)
		names[i] = op_table[i].name;
	near = text_nearest(name, names, N_OPS);
	if (near != NULL)
		mistakes_hint(c->scope->mistakes, "did you mean '%s'?", near);
	return near != NULL;
}

static int unknown_op(const struct compile *c, struct str what, const struct nature *nature,
		      struct str name, struct place place)
{
	struct mistakes *mistakes = c->scope->mistakes;

	if (str_is(name, "same") || str_is(name, "unique")) {
		mistakes_add(mistakes, c->scope->source, place, name.len,
			     "'%.*s' is for rules with group_by", STR_ARG(name));
		return -1;
	}
	mistakes_add(mistakes, c->scope->source, place, text_length(name),
		     "unknown operator '%.*s'", STR_ARG(name));
	if (nature->type.base == TYPE_OBJECT && hint_below(c, what, nature, name))
		return -1;
	if (!hint_op(c, name) && nature->type.base == TYPE_MAP)
		hint_below(c, what, nature, name);
	return -1;
}

static int wrong_type(const struct compile *c, struct str what, const struct nature *nature,
		      const struct op *op, struct place place)
{
	struct mistakes *mistakes = c->scope->mistakes;
	struct buf b = BUF_INIT(0);
	size_t i;

	mistakes_add(mistakes, c->scope->source, place, strlen(op->name),
		     "'%s' is for %s, and '%.*s' is a %s", op->name, op_rows[op->id].types,
		     STR_ARG(what), type_name(nature->type));
	if (nature->type.base == TYPE_LIST && (op->on & (1u << nature->member.base)) != 0) {
		mistakes_hint(mistakes, "for its members: {each: {%s: ...}} or {some: {%s: ...}}",
			      op->name, op->name);
		return -1;
	}
	for (i = 0; i < N_OPS; i++) {
		if ((op_table[i].on & (1u << nature->type.base)) == 0)
			continue;
		buf_puts(&b, b.len != 0 ? ", " : "");
		buf_puts(&b, op_table[i].name);
	}
	mistakes_hint(mistakes, "for a %s there %s %s", type_name(nature->type),
		      memchr(buf_str(&b).data, ',', b.len) != NULL ? "are" : "is only",
		      buf_str(&b).data);
	buf_release(&b);
	return -1;
}

int prepare_wrong_type(const struct prepare *p)
{
	return wrong_type(p->c, p->what, &p->test->nature, p->test->op, p->test->place);
}

/* ---- operands ------------------------------------------------------------ */

int prepare_operand(const struct prepare *p, const struct nature *wanted, bool mixed)
{
	if (operand_compile(p->c, p->node, &p->test->operand) == -1)
		return -1;
	return operand_check(p->c, &p->test->operand, wanted, mixed, p->test->op->name, p->what);
}

int prepare_list(const struct prepare *p, const struct nature *wanted, bool never)
{
	const struct value *list;

	if (prepare_operand(p, wanted, false) == -1)
		return -1;
	if (p->test->operand.form == OPERAND_UNBOUNDED)
		return prepare_mistake(p, p->node, "the range has no such bound");
	list = operand_literal(&p->test->operand);
	if (list == NULL || list->n != 0)
		return 0;
	if (never)
		return prepare_mistake(p, p->node, "'%s' of an empty list never holds",
				       p->test->op->name);
	/* A parameter may well be empty: it switches the requirement off. */
	if (p->test->operand.from_param)
		return 0;
	return prepare_mistake(p, p->node, "'%s' of an empty list asks for nothing",
			       p->test->op->name);
}

/* ---- compiling ----------------------------------------------------------- */

int test_compile(const struct compile *c, struct str what, const struct nature *nature,
		 const struct op *op, struct place place, const struct value *node, struct test *t)
{
	struct prepare p = { c, t, what, node };
	struct buf b = BUF_INIT(0);

	*t = (struct test){ .op = op,
			    .negated = op->negated,
			    .nature = *nature,
			    .place = place,
			    .expect = STR("") };
	if ((op->on & (1u << nature->type.base)) == 0) {
		/* A tag's text may be compared with a number field: the
		 * operator looks at its operand then. */
		if (nature->type.base != TYPE_STRING || (op->on & ON(NUMBER)) == 0 ||
		    node->kind != VALUE_MAP)
			return wrong_type(c, what, nature, op, place);
	}
	if (op->prepare(&p) == -1)
		return -1;
	/* said of every value that is not as expected, often of very many */
	if (operand_literal(&t->operand) != NULL) {
		test_put(t, NULL, SAY_EXPECT, false, &b);
		t->expect = arena_buf(c->scope->arena, &b);
		buf_release(&b);
	}
	return 0;
}

static bool known_bound(const struct test *t, struct number *n)
{
	const struct value *v = operand_literal(&t->operand);

	if (v == NULL || v->kind != VALUE_NUMBER)
		return false;
	*n = value_number(v);
	return true;
}

/* Lower and upper bounds that leave nothing between them. */
static int check_pair(const struct compile *c, const struct test *low, const struct test *high)
{
	struct number a, b;
	bool open = low->op->id == OP_greater_than || high->op->id == OP_less_than;
	int order;

	if (!known_bound(low, &a) || !known_bound(high, &b))
		return 0;
	order = number_compare(a, b);
	if (order < 0 || (order == 0 && !open))
		return 0;
	mistakes_add(c->scope->mistakes, c->scope->source, low->place, strlen(low->op->name),
		     "'%s' and '%s' leave no value between them", low->op->name, high->op->name);
	return -1;
}

static int check_bounds(const struct compile *c, const struct ops *o)
{
	static const enum op_id pairs[][2] = {
		{ OP_min, OP_max },
		{ OP_min, OP_less_than },
		{ OP_greater_than, OP_max },
		{ OP_greater_than, OP_less_than },
		{ OP_min_length, OP_max_length },
	};
	size_t i, j, k;

	for (i = 0; i < o->n; i++) {
		for (j = 0; j < o->n; j++) {
			for (k = 0; k < sizeof(pairs) / sizeof(*pairs); k++) {
				if (o->tests[i].op->id == pairs[k][0] &&
				    o->tests[j].op->id == pairs[k][1] &&
				    check_pair(c, &o->tests[i], &o->tests[j]) == -1)
					return -1;
			}
		}
	}
	return 0;
}

struct ops *ops_build(const struct compile *c, struct str what, const struct nature *nature,
		      const struct value *node)
{
	struct ops *o = ARENA_NEW(c->scope->arena, struct ops);
	const struct entry *entry;
	const struct op *op;
	int rc = 0;
	uint32_t i;

	if (node->kind != VALUE_MAP || node->n == 0) {
		mistakes_add(c->scope->mistakes, c->scope->source, node->place, place_span(node),
			     "operators are expected, {OPERATOR: OPERAND}, not %s",
			     node->kind == VALUE_MAP ? "an empty map"
						     : value_kind_name(node->kind));
		return NULL;
	}
	o->tests = ARENA_ARRAY(c->scope->arena, node->n, struct test);
	for (i = 0; i < node->n; i++) {
		entry = &node->entries[i];
		op = op_find(entry->key);
		if (op == NULL)
			rc = unknown_op(c, what, nature, entry->key, entry->key_place);
		else if (test_compile(c, what, nature, op, entry->key_place, &entry->value,
				      &o->tests[i]) == -1)
			rc = -1;
	}
	o->n = node->n;
	return rc == 0 && check_bounds(c, o) == 0 ? o : NULL;
}

/* ---- judging ------------------------------------------------------------- */

enum truth ops_run(const struct ops *o, const struct value *v, const struct eval *e)
{
	enum truth all = TRUTH_TRUE, one;
	size_t i;

	for (i = 0; i < o->n && all != TRUTH_FALSE; i++) {
		one = test_judge(&o->tests[i], v, e);
		if (one < all)
			all = one;
	}
	return all;
}

/* ---- texts --------------------------------------------------------------- */

/* Patterns and formats are texts of the rule: quoted, whatever is in them. */
static void put_operand(const struct test *t, const struct eval *e, struct buf *b)
{
	const struct value *v = operand_literal(&t->operand);

	if (v != NULL && v->kind == VALUE_STRING &&
	    (t->op->prepare == op_matches_prepare || t->op->prepare == op_like_prepare ||
	     t->op->prepare == op_affix_prepare))
		text_put_quoted(b, value_str(v), LIMIT_SHOWN_VALUE);
	else
		operand_put(&t->operand, e, b);
}

static void put_words(const struct test *t, const struct eval *e, const char *words, struct buf *b)
{
	const char *at = strchr(words, '%');

	if (at == NULL) {
		buf_puts(b, words);
		return;
	}
	buf_put(b, words, (size_t)(at - words));
	put_operand(t, e, b);
	buf_puts(b, at + 1);
}

void test_put(const struct test *t, const struct eval *e, enum say say, bool negated, struct buf *b)
{
	const struct op *op = t->op;

	if (t->say != NULL) {
		t->say(t, e, say, negated, b);
		return;
	}
	if (negated && op->opposite != OP_none)
		op = &op_table[op->opposite];
	else if (negated)
		buf_puts(b, say == SAY_EXPECT ? "other than " : "not: ");
	put_words(t, e, say == SAY_EXPECT ? op->expect : op->describe, b);
}

void ops_put(const struct ops *o, const struct eval *e, enum say say, bool negated, struct buf *b)
{
	size_t i;

	for (i = 0; i < o->n; i++) {
		if (i != 0)
			buf_puts(b, negated ? " or " : " and ");
		test_put(&o->tests[i], e, say, negated, b);
	}
}

/* ---- evidence ------------------------------------------------------------ */

static const char *find_why(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *unknown = value_find_unknown(v);

	if (unknown == NULL && t->operand.node != NULL && t->operand.form != OPERAND_UNBOUNDED)
		unknown = value_find_unknown(operand_value(&t->operand, e));
	if (unknown != NULL && unknown->why != NULL)
		return unknown->why;
	return e->j->error != NULL ? e->j->error : "it depends on a value that is not known";
}

void test_explain(const struct test *t, const struct value *v, const struct eval *e, bool negated,
		  struct arena *arena, struct evidence *ev)
{
	enum truth truth = test_judge(t, v, e);
	struct buf b = BUF_INIT(0);

	ev->truth = negated ? truth_not(truth) : truth;
	ev->actual = v;
	ev->detail = STR("");
	ev->cond_place = t->place;
	ev->expected = t->expect;
	if (negated || t->expect.len == 0) {
		test_put(t, e, SAY_EXPECT, negated, &b);
		ev->expected = arena_buf(arena, &b);
		buf_release(&b);
	}
	if (truth == TRUTH_UNKNOWN)
		ev->why = find_why(t, v, e);
	if (t->explain != NULL)
		t->explain(t, v, e, negated, arena, ev);
	/* details quote the value, tell its length, list its keys */
	if (value_is_secret(v))
		ev->detail = STR("");
}

void ops_explain(const struct ops *o, const struct value *v, const struct eval *e, bool negated,
		 struct arena *arena, struct evidence *ev)
{
	enum truth want = ops_run(o, v, e);
	size_t i;

	for (i = 0; i + 1 < o->n; i++) {
		if (test_judge(&o->tests[i], v, e) == want)
			break;
	}
	test_explain(&o->tests[i], v, e, negated, arena, ev);
}

/* ---- operators alone ------------------------------------------------------ */

struct ops *ops_compile(const struct scope *scope, const char *what, struct type type,
			const struct value *node)
{
	struct gathered *got = ARENA_NEW(scope->arena, struct gathered);
	struct compile c = { .scope = scope, .got = got };
	struct nature nature = nature_of_type(type);
	struct ops *o = ops_build(&c, str_of(what), &nature, node);

	if (o == NULL)
		gathered_release(got);
	else
		o->got = got;
	return o;
}

void ops_release(struct ops *o)
{
	if (o != NULL && o->got != NULL)
		gathered_release(o->got);
}

enum truth ops_judge(const struct ops *o, const struct value *v, const struct resource *r,
		     struct judge *j)
{
	struct eval e = { r, j, NULL };

	return ops_run(o, v, &e);
}

void ops_describe(const struct ops *o, struct buf *b)
{
	ops_put(o, NULL, SAY_EXPECT, false, b);
}
