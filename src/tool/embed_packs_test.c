/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packs in the program say what their texts say: every value, every place, but
 * for the tests of rules, which are read from the text where they are wanted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/yaml.h"
#include "rule/policy.h"

static void expect_place(struct place a, struct place b)
{
	assert_int_equal(a.line, b.line);
	assert_int_equal(a.column, b.column);
}

static void expect_same(const struct value *a, const struct value *b)
{
	uint32_t i;

	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->flags, b->flags);
	expect_place(a->place, b->place);
	if (a->kind == VALUE_LIST || a->kind == VALUE_MAP)
		assert_int_equal(a->n, b->n);
	else
		assert_true(value_equal(a, b));
	for (i = 0; a->kind == VALUE_LIST && i < a->n; i++)
		expect_same(&a->items[i], &b->items[i]);
	for (i = 0; a->kind == VALUE_MAP && i < a->n; i++) {
		assert_true(str_equal(a->entries[i].key, b->entries[i].key));
		expect_place(a->entries[i].key_place, b->entries[i].key_place);
		expect_same(&a->entries[i].value, &b->entries[i].value);
	}
}

static void expect_same_rule(const struct value *text, const struct value *tree)
{
	uint32_t i, n = 0;

	for (i = 0; i < text->n; i++) {
		const struct entry *e = &text->entries[i];

		if (str_is(e->key, "tests"))
			continue;
		assert_true(n < tree->n);
		assert_true(str_equal(e->key, tree->entries[n].key));
		expect_place(e->key_place, tree->entries[n].key_place);
		expect_same(&e->value, &tree->entries[n++].value);
	}
	assert_int_equal(n, tree->n);
}

static void expect_same_pack(const struct value *text, const struct value *tree)
{
	uint32_t i, k;

	assert_int_equal(text->n, tree->n);
	for (i = 0; i < text->n; i++) {
		const struct entry *a = &text->entries[i], *b = &tree->entries[i];

		assert_true(str_equal(a->key, b->key));
		if (!str_is(a->key, "rules")) {
			expect_same(&a->value, &b->value);
			continue;
		}
		assert_int_equal(a->value.n, b->value.n);
		for (k = 0; k < a->value.n; k++)
			expect_same_rule(&a->value.items[k], &b->value.items[k]);
	}
}

static void test_trees(void **state)
{
	size_t i;

	(void)state;
	assert_true(pack_n > 0);
	for (i = 0; i < pack_n; i++) {
		struct arena arena = ARENA_INIT;
		struct mistakes mistakes;
		struct source source;
		struct value root;

		mistakes_init(&mistakes, &arena);
		source_init(&source, pack_table[i].name,
			    (struct str){ pack_table[i].text, pack_table[i].size });
		assert_int_equal(yaml_read(&source, &arena, &root, &mistakes), 0);
		expect_same_pack(&root, pack_table[i].tree);
		mistakes_release(&mistakes);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
