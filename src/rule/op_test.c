/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators: runs the rows of testdata/ops/OPERATOR.yaml, and holds the table
 * against the folder: an operator without a file fails.
 *
 * A file is a list of rows, in each of which a key left out is taken from the
 * row before:
 *	field	 path whose type and enumeration the value has
 *	value	 what is judged; <unknown>, <absent>, <default 60>, <text a-[x d 1 2]>
 *		 (fixture_text), <between 5 30> stand for such, a list that begins with
 *		 <one of> for one of the rest, and one or a map with <more> at its end
 *		 may have more members
 *	operand	 of the operator
 *	outcome	 true, false, unknown, or `mistake`
 * and only for the row itself:
 *	given	 the rest of the resource, for operands that are fields
 *	unknown	 a path of it that is
 *	expected, detail, mistake	a piece of the text
 */
#include "rule/cond_fixture.h"

#include <stdlib.h>

#include "base/file.h"
#include "rule/op.h"
#include "rule/path.h"

struct row {
	const struct value *field, *value, *operand;
};

static const struct value *row_get(const struct value *row, const char *key)
{
	return value_get(row, str_of(key));
}

static bool is_word(const struct value *v, const char *word)
{
	return v->kind == VALUE_STRING && str_is(value_str(v), word);
}

/* "<between 5 30>", "<between 5 *>" */
static struct value between(struct fixture *f, struct str text)
{
	char least[16], most[16];
	struct number bounds[2];

	assert_int_equal(
	    sscanf(arena_str(&f->arena, text).data, "<between %15s %15[0-9*]>", least, most), 2);
	return value_between(&f->arena, "the parameter has no value",
			     number_parse(str_of(least), &bounds[0]) ? &bounds[0] : NULL,
			     number_parse(str_of(most), &bounds[1]) ? &bounds[1] : NULL);
}

/* "<unknown>" and so on to what they stand for, deep. */
static struct value meant(struct fixture *f, const struct value *v)
{
	struct value *items, to = *v;
	struct entry *entries;
	struct number n;
	uint32_t i;

	if (v->kind == VALUE_STRING && str_is(value_str(v), "<unknown>"))
		return value_unknown("known after the deploy");
	if (v->kind == VALUE_STRING && str_is(value_str(v), "<absent>"))
		return value_none;
	if (v->kind == VALUE_STRING && str_starts(value_str(v), STR("<default "))) {
		assert_true(number_parse((struct str){ v->text + 9, v->n - 10 }, &n));
		to = value_of_number(n);
		to.flags = VALUE_DEFAULT;
	} else if (v->kind == VALUE_STRING && str_starts(value_str(v), STR("<text "))) {
		return fixture_text(
		    &f->arena, arena_str(&f->arena, (struct str){ v->text + 6, v->n - 7 }).data);
	} else if (v->kind == VALUE_STRING && str_starts(value_str(v), STR("<between "))) {
		return between(f, value_str(v));
	} else if (v->kind == VALUE_LIST) {
		items = ARENA_ARRAY(&f->arena, v->n, struct value);
		for (i = 0; i < v->n; i++)
			items[i] = meant(f, &v->items[i]);
		to.items = items;
		if (v->n != 0 && is_word(&v->items[0], "<one of>"))
			return value_one_of(&f->arena, "the parameter has no value", items + 1,
					    v->n - 1);
		if (v->n != 0 && is_word(&v->items[v->n - 1], "<more>")) {
			to.n--;
			to.flags |= VALUE_OPEN;
		}
	} else if (v->kind == VALUE_MAP) {
		entries = ARENA_ARRAY(&f->arena, v->n, struct entry);
		for (i = 0; i < v->n; i++) {
			entries[i] = v->entries[i];
			entries[i].value = meant(f, &v->entries[i].value);
		}
		to.entries = entries;
		if (v->n != 0 && str_is(v->entries[v->n - 1].key, "<more>")) {
			to.n--;
			to.flags |= VALUE_OPEN;
		}
	}
	return to;
}

static bool holds(struct str text, const char *key, const struct value *row)
{
	const struct value *want = row_get(row, key);
	struct str piece;
	size_t i;

	if (want == NULL)
		return true;
	assert_int_equal(want->kind, VALUE_STRING);
	piece = value_str(want);
	if (piece.len == 0)
		return text.len == 0;
	for (i = 0; i + piece.len <= text.len; i++) {
		if (memcmp(text.data + i, piece.data, piece.len) == 0)
			return true;
	}
	fprintf(stderr, "%s: '%.*s' is not in '%.*s'\n", key, STR_ARG(piece), STR_ARG(text));
	return false;
}

static bool check_mistake(struct fixture *f, const struct value *row, struct str outcome)
{
	struct buf b = BUF_INIT(0);
	bool right;

	mistakes_print(&f->mistakes, &b);
	right =
	    str_is(outcome, "mistake") && f->mistakes.n != 0 && holds(buf_str(&b), "mistake", row);
	if (!right)
		fprintf(stderr, "%s", buf_str(&b).data);
	buf_release(&b);
	mistakes_release(&f->mistakes);
	mistakes_init(&f->mistakes, &f->arena);
	return right;
}

static bool check_evidence(struct fixture *f, const struct test *t, const struct value *v,
			   enum truth truth, const struct value *row)
{
	struct arena arena = ARENA_INIT;
	struct judge judge = { .arena = &arena };
	struct eval e = { &f->resource, &judge, NULL };
	struct evidence ev = { .field = STR("field") }, contrary = { .field = STR("field") };
	bool right;

	test_explain(t, v, &e, false, &arena, &ev);
	test_explain(t, v, &e, true, &arena, &contrary);
	right = ev.truth == truth && contrary.truth == truth_not(truth) && ev.actual != NULL &&
		ev.expected.len != 0 && contrary.expected.len != 0 &&
		(ev.why != NULL) == (truth == TRUTH_UNKNOWN) &&
		holds(ev.expected, "expected", row) && holds(ev.detail, "detail", row);
	arena_release(&arena);
	return right;
}

static bool check_row(struct fixture *f, const struct op *op, const struct row *r,
		      const struct value *row)
{
	struct str outcome = STR("");
	const struct value *want = row_get(row, "outcome"), *given = row_get(row, "given");
	const struct value *unknown = row_get(row, "unknown");
	struct str forget = STR("");
	static const struct value empty = { .kind = VALUE_MAP };
	struct gathered got = { 0 };
	struct compile c = { .scope = &f->scope, .got = &got };
	struct eval e = { &f->resource, &f->judge, NULL };
	struct value v = meant(f, r->value);
	struct path path;
	struct test t;
	enum truth truth;
	bool right;

	assert_non_null(want);
	if (want->kind == VALUE_BOOLEAN)
		outcome = str_of(want->boolean ? "true" : "false");
	else
		outcome = value_str(want);
	if (unknown != NULL)
		forget = value_str(unknown);
	fixture_give_value(f, given != NULL ? given : &empty, &forget, unknown != NULL);
	assert_int_equal(path_compile(&c, value_str(r->field), r->field->place, false, &path), 0);
	f->judge.error = NULL;
	if (test_compile(&c, value_str(r->field), &path.nature, op, r->operand->place, r->operand,
			 &t) == -1) {
		right = check_mistake(f, row, outcome);
	} else {
		truth = test_judge(&t, &v, &e);
		right = str_is(outcome, truth_name(truth)) && check_evidence(f, &t, &v, truth, row);
		if (!right)
			fprintf(stderr, "got %s\n", truth_name(truth));
	}
	gathered_release(&got);
	return right;
}

static void add_params(struct fixture *f)
{
	fixture_param_yaml(f, "range", "range", "{min: 5, max: 30}");
	fixture_param_yaml(f, "from", "range", "{min: 5}");
	fixture_param_yaml(f, "none", "list<string>", "[]");
	fixture_param_yaml(f, "names", "list<string>", "[Owner, Environment]");
	fixture_param_yaml(f, "name", "string", "prod");
	fixture_param_yaml(f, "number", "number", "7");
	fixture_param_yaml(f, "flag", "boolean", "true");
	fixture_param_yaml(f, "pattern", "pattern", "'^acme-'");
	fixture_param_yaml(f, "allowed", "map<list<string>>", "{Environment: [prod, 'dev-*']}");
	fixture_param_yaml(f, "nothing", "map<list<string>>", "{}");
	fixture_param_yaml(f, "limits", "map<number>", "{low: 5, high: 7}");
}

/* Number of rows that were as they should be; all must. */
static size_t run_file(const struct op *op)
{
	struct fixture f;
	struct buf text = BUF_INIT(1 << 20);
	struct err err;
	const struct value *rows, *row, *v;
	struct row r = { 0 };
	char path[256];
	size_t wrong = 0, n;
	uint32_t i;

	fixture_init(&f);
	snprintf(path, sizeof(path), "testdata/ops/%s.yaml", op->name);
	if (file_read(&text, path, &err) == -1)
		fail_msg("%s", err.text);
	rows = fixture_yaml(&f, &f.source, path, buf_str(&text).data);
	add_params(&f);
	assert_int_equal(rows->kind, VALUE_LIST);
	for (i = 0; i < rows->n; i++) {
		row = &rows->items[i];
		if ((v = row_get(row, "field")) != NULL)
			r.field = v;
		if ((v = row_get(row, "value")) != NULL)
			r.value = v;
		if ((v = row_get(row, "operand")) != NULL)
			r.operand = v;
		assert_true(r.field != NULL && r.value != NULL && r.operand != NULL);
		if (!check_row(&f, op, &r, row)) {
			fprintf(stderr, "%s:%u: wrong\n", path, row->place.line);
			wrong++;
		}
	}
	n = rows->n;
	buf_release(&text);
	fixture_release(&f);
	assert_int_equal(wrong, 0);
	return n;
}

/* What every file must hold: the values that are easily forgotten. */
static void test_operators(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N_OPS; i++)
		assert_true(run_file(&op_table[i]) >= 5);
}

static void test_tables(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(op_n_rows, N_OPS);
	for (i = 0; i < N_OPS; i++) {
		assert_int_equal(op_table[i].id, i);
		assert_string_equal(op_table[i].name, op_rows[i].name);
		assert_ptr_equal(op_find(str_of(op_rows[i].name)), &op_table[i]);
		assert_true(strlen(op_rows[i].text) > 0 && strlen(op_rows[i].operand) > 0);
		if (op_table[i].opposite != OP_none)
			assert_true(op_table[i].opposite < N_OPS);
	}
	assert_null(op_find(STR("mim")));
	assert_null(op_find(STR("")));
}

static void test_ops_alone(void **state)
{
	static const struct {
		int64_t n;
		enum truth truth;
	} cases[] = {
		{ 0, TRUTH_FALSE }, { 1, TRUTH_TRUE }, { 7, TRUTH_TRUE }, { 8, TRUTH_FALSE }
	};
	struct fixture f;
	struct buf b = BUF_INIT(0);
	struct value v;
	struct ops *o;
	size_t i;

	(void)state;
	fixture_init(&f);
	add_params(&f);
	o = ops_compile(&f.scope, "count", (struct type){ TYPE_NUMBER, TYPE_NONE },
			fixture_yaml(&f, &f.source, "policy.yaml", "{min: 1, max: $number}"));
	assert_non_null(o);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		v = value_of_number(number_of_int(cases[i].n));
		assert_int_equal(ops_judge(o, &v, &f.resource, &f.judge), cases[i].truth);
	}
	ops_describe(o, &b);
	assert_string_equal(b.data, "at least 1 and at most 7");
	ops_release(o);
	ops_release(NULL);
	assert_null(ops_compile(&f.scope, "count", (struct type){ TYPE_NUMBER, TYPE_NONE },
				fixture_yaml(&f, &f.source, "policy.yaml", "{matches: x}")));
	assert_int_equal(f.mistakes.n, 1);
	assert_non_null(strstr(f.mistakes.list[0].text, "'matches' is for string"));
	buf_release(&b);
	fixture_release(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_ops_alone),
	};

	return cmocka_run_group_tests_name("op", tests, NULL, NULL);
}
