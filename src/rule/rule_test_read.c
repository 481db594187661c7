/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests that rules carry: read and checked. Knows their keys, and where a mistake in
 * one is to be shown.
 */
#include "rule/rule_test_read.h"

#include "base/text.h"
#include "rule/rule_test_run.h"
#include "rule/variant.h"

enum {
	TEST_NAME,
	TEST_GIVEN,
	TEST_UNKNOWN,
	TEST_PARTIAL,
	TEST_EXPECT,
	TEST_MESSAGE,
	TEST_PARAMS,
	N_TEST
};

/* A test of a rule of one resource, and of a rule over groups, differ in two of them. */
#define TEST_KEYS(given, expect)                                                                   \
	{                                                                                          \
		[TEST_NAME] = { "name", SHAPE_STRING, true, "What the example shows" },            \
		[TEST_GIVEN] = { "given", given, true,                                             \
				 "The resource, as the API prints it; what is left out is "        \
				 "absent" },                                                       \
		[TEST_UNKNOWN] = { "unknown", SHAPE_LIST, false,                                   \
				   "Paths of fields that are unknown" },                           \
		[TEST_PARTIAL] = { "partial", SHAPE_MAP, false,                                    \
				   "What is known of fields that are not known whole" },           \
		[TEST_EXPECT] = { "expect", expect, true, "The outcome" },                         \
		[TEST_MESSAGE] = { "message", SHAPE_STRING, false,                                 \
				   "A piece of the message or the reason" },                       \
		[TEST_PARAMS] = { "params", SHAPE_MAP, false, "Values of parameters" },            \
	}

static const struct shape_key single_keys[N_TEST] = TEST_KEYS(SHAPE_MAP, SHAPE_STRING);
static const struct shape_key group_keys[N_TEST] = TEST_KEYS(SHAPE_LIST, SHAPE_STRING | SHAPE_LIST);

const struct shape_table shape_test = { single_keys, N_TEST };
const struct shape_table shape_group_test = { group_keys, N_TEST };

bool rule_test_verdict(struct str name, enum verdict *verdict)
{
	int v;

	for (v = 0; v < N_VERDICTS; v++) {
		if (v == VERDICT_WAIVED || !str_is(name, verdict_name((enum verdict)v)))
			continue;
		*verdict = (enum verdict)v;
		return true;
	}
	return false;
}

static void check_verdict(const struct rule_test *t, const struct value *expect)
{
	const char *names[N_VERDICTS];
	enum verdict verdict;
	size_t v, n = 0;

	if (rule_test_verdict(value_str(expect), &verdict))
		return;
	if (str_is(value_str(expect), verdict_name(VERDICT_WAIVED))) {
		shape_mistake(&t->shape, expect, "waivers take no part in tests");
		mistakes_hint(t->shape.mistakes, "expect 'fail'");
		return;
	}
	for (v = 0; v < N_VERDICTS; v++)
		if (v != VERDICT_WAIVED)
			names[n++] = verdict_name((enum verdict)v);
	shape_mistake(&t->shape, expect, "unknown outcome %s",
		      shape_quote(&t->shape, value_str(expect)));
	if (text_nearest(value_str(expect), names, n) != NULL)
		shape_hint_nearest(&t->shape, text_nearest(value_str(expect), names, n));
	else
		mistakes_hint(t->shape.mistakes,
			      "one of pass, fail, not-applicable, undecided, error");
}

static void check_expect(const struct rule_test *t)
{
	uint32_t i;

	if (t->expect->kind == VALUE_STRING) {
		check_verdict(t, t->expect);
		return;
	}
	for (i = 0; i < t->expect->n; i++)
		if (shape_is(&t->shape, "a member of expect", &t->expect->items[i], SHAPE_STRING))
			check_verdict(t, &t->expect->items[i]);
	if (t->given != NULL && t->expect->n != t->given->n)
		shape_mistake(&t->shape, t->expect,
			      "'expect' has %u outcomes for %u configurations",
			      (unsigned)t->expect->n, (unsigned)t->given->n);
}

static void read_unknown(struct rule_test *t, const struct value *unknown)
{
	uint32_t i;

	if (unknown == NULL || !shape_list(&t->shape, "unknown", unknown, SHAPE_STRING))
		return;
	t->unknown_node = unknown;
	t->unknown = ARENA_ARRAY(t->arena, unknown->n, struct str);
	for (i = 0; i < unknown->n; i++)
		t->unknown[t->n_unknown++] = value_str(&unknown->items[i]);
}

static void check_param(struct rule_test *t, const struct entry *e)
{
	const struct policy_inside *in = t->p->inside;
	size_t i = names_find(&in->param_names, e->key);

	if (i == NAMES_NONE && t->p->params.incomplete &&
	    names_nearest(&in->param_names, e->key) == NULL)
		return;
	if (i == NAMES_NONE) {
		shape_mistake_key(&t->shape, e, "no parameter %s is declared",
				  shape_quote(&t->shape, e->key));
		if (!shape_full(&t->shape))
			shape_hint_nearest(&t->shape, names_nearest(&in->param_names, e->key));
		return;
	}
	param_check(t->p->params.list[i].type, &e->value, t->shape.source, t->shape.mistakes);
}

/* A parameter that the rule reads must have a value in its tests too. */
static void check_all_set(struct rule_test *t, const struct value *node)
{
	const struct rule_more *more = &t->p->inside->rules[t->rule->index];
	const struct param *param;
	size_t i;

	for (i = 0; i < more->n_params; i++) {
		param = &t->in_force.list[more->params[i]];
		if (param->value != NULL)
			continue;
		shape_mistake(&t->shape, node, "the test needs a value for parameter '%s'",
			      t->p->inside->param_names.list[more->params[i]]);
		mistakes_hint(t->shape.mistakes,
			      "it has no default: write 'params: {%s: ...}' in the test",
			      t->p->inside->param_names.list[more->params[i]]);
	}
}

void rule_test_read(struct rule_test *t, const struct value *node)
{
	const struct value *found[N_TEST];
	struct policy_file *file = t->p->inside->rules[t->rule->index].file;
	uint32_t i;

	t->source = *t->rule->source;
	shape_map(&t->shape, "a test", node, t->rule->group_by != NULL ? group_keys : single_keys,
		  N_TEST, found);
	t->name = shape_str(found[TEST_NAME]);
	t->message = shape_str(found[TEST_MESSAGE]);
	t->given = found[TEST_GIVEN];
	t->expect = found[TEST_EXPECT];
	t->params = found[TEST_PARAMS];
	read_unknown(t, found[TEST_UNKNOWN]);
	if (found[TEST_PARTIAL] != NULL)
		t->n_parts = rule_test_parts(&t->shape, found[TEST_PARTIAL], t->arena, &t->parts);
	if (t->expect != NULL)
		check_expect(t);
	t->in_force = policy_file_params(t->p, file, t->arena);
	if (t->params != NULL) {
		for (i = 0; i < t->params->n; i++)
			check_param(t, &t->params->entries[i]);
		params_apply(t->p->inside, &t->in_force, t->params);
	}
	check_all_set(t, node);
}

/* Characters of the word that stands at a place. */
static size_t word_length(const struct source *source, struct place place)
{
	struct str line = source_line(source, place.line);
	size_t n = place.column - 1, from;

	while (n > 0 && line.len > 0) { /* columns count characters */
		from = text_utf8_step(line.data, line.len);
		line.data += from != 0 ? from : 1;
		line.len -= from != 0 ? from : 1;
		n--;
	}
	for (n = 0; n < line.len && memchr(",:]} \t", line.data[n], 6) == NULL; n++)
		;
	return n;
}

/* The member of `unknown` that a text is about. */
static const struct value *unknown_in(const struct rule_test *t, struct str text)
{
	uint32_t i;

	for (i = 0; t->unknown_node != NULL && i < t->unknown_node->n; i++)
		if (text_has(text, value_str(&t->unknown_node->items[i])))
			return &t->unknown_node->items[i];
	return t->unknown_node;
}

/* The text of an err ends with the nearest name, which is a hint here. */
static void given_mistake(const struct rule_test *t, const struct err *err,
			  const struct value *given)
{
	const char *hint = strstr(err->text, "; did you mean");
	int len = hint != NULL ? (int)(hint - err->text) : (int)strlen(err->text);
	const struct value *at = NULL;
	struct place place = { err->line, err->column };

	if (err->line == 0 || err->column == 0) {
		at = unknown_in(t, (struct str){ err->text, (size_t)len });
		place = at != NULL ? at->place : given->place;
	}
	mistakes_add(t->shape.mistakes, t->shape.source, place,
		     shape_full(&t->shape) ? 0 : word_length(t->shape.source, place), "%.*s", len,
		     err->text);
	if (hint != NULL)
		mistakes_hint(t->shape.mistakes, "%s", hint + 2);
}

bool rule_test_fill(struct rule_test *t, const struct value *given, size_t index,
		    struct resource *r)
{
	struct err err = { .kind = ERR_NONE };

	resource_init_kind(r, t->rule->kind, &t->source, given->place, SOURCE_JSON);
	r->index = (uint32_t)index;
	if (resource_from_parts(r, given, t->unknown, t->n_unknown, t->parts, t->n_parts, t->arena,
				&err) == 0)
		return true;
	given_mistake(t, &err, given);
	return false;
}

static void check_given(struct rule_test *t)
{
	struct resource *r = ARENA_NEW(t->arena, struct resource);
	uint32_t i;

	if (t->given == NULL)
		return;
	if (t->given->kind == VALUE_MAP) {
		rule_test_fill(t, t->given, 1, r);
		return;
	}
	for (i = 0; i < t->given->n; i++)
		if (shape_is(&t->shape, "a member of given", &t->given->items[i], SHAPE_MAP))
			rule_test_fill(t, &t->given->items[i], i + 1, r);
}

static size_t n_mistakes(const struct mistakes *m)
{
	return m->n + m->dropped;
}

void rule_tests_check(const struct policy *p, const struct rule *rule, struct mistakes *mistakes)
{
	struct arena arena = ARENA_INIT;
	struct rule_test t;
	struct compiled c;
	size_t before;
	uint32_t i;

	for (i = 0; rule->tests != NULL && i < rule->tests->n; i++) {
		t = (struct rule_test){
			.p = p, .rule = rule, .shape = { rule->source, mistakes }, .arena = &arena
		};
		before = n_mistakes(mistakes);
		rule_test_read(&t, &rule->tests->items[i]);
		check_given(&t);
		/* a rule that is wrong by itself is told already */
		if (t.params != NULL && n_mistakes(mistakes) == before &&
		    p->inside->rules[rule->index].base.error == NULL) {
			variant_compile_plain(rule, &t.in_force, &arena, mistakes, &c);
			if (mistakes->n != 0 && n_mistakes(mistakes) != before &&
			    mistakes->list[mistakes->n - 1].hint == NULL)
				mistakes_hint(mistakes,
					      "with the parameters of the test at line %u",
					      (unsigned)rule->tests->items[i].place.line);
			compiled_release(&c);
		}
		arena_reset(&arena);
	}
	arena_release(&arena);
}
