/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of fields: that what is ready made says what the rows' texts say.
 */
#include "model/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/mistake.h"
#include "model/value.h"
#include "model/yaml.h"

static void test_find(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < N_FIELDS; i++) {
		assert_int_equal(field_find(str_of(field_table[i].path)), i);
		for (j = 0; j < i; j++)
			assert_string_not_equal(field_table[i].path, field_table[j].path);
	}
	assert_int_equal(field_find(STR("")), -1);
	assert_int_equal(field_find(STR("tag")), -1);
	assert_int_equal(field_find(STR("arn\0")), -1);
	for (i = 0; i < (int)field_n_members; i++)
		assert_ptr_equal(field_find_member(str_of(field_members[i].path)),
				 &field_members[i]);
	assert_null(field_find_member(STR("channels[*].colour")));
}

static void test_parents(void **state)
{
	const char *dot;
	int i, parent;

	(void)state;
	for (i = 0; i < N_FIELDS; i++) {
		dot = strrchr(field_table[i].path, '.');
		parent = dot == NULL
			     ? -1
			     : field_find((struct str){ field_table[i].path,
							(size_t)(dot - field_table[i].path) });
		if (field_parent(i) != parent)
			fail_msg("%s: field_parent has to give %d", field_table[i].path, parent);
		assert_true(parent < i);
		if (parent >= 0)
			assert_int_equal(field_table[parent].type.base, TYPE_OBJECT);
	}
}

static void test_fallbacks(void **state)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct source source;
	struct value want;
	int i;

	(void)state;
	mistakes_init(&mistakes, &arena);
	for (i = 0; i < N_FIELDS; i++) {
		const struct value *v = field_fallback(i);

		if (field_table[i].fallback == NULL) {
			assert_null(v);
			continue;
		}
		source_init(&source, "fallback", str_of(field_table[i].fallback));
		assert_int_equal(yaml_read(&source, &arena, &want, &mistakes), 0);
		if (v == NULL || !value_equal(v, &want))
			fail_msg("%s: field_fallback is not %s", field_table[i].path,
				 field_table[i].fallback);
		assert_int_equal(v->flags, VALUE_DEFAULT);
	}
	mistakes_release(&mistakes);
	arena_release(&arena);
}

/* A default of a member is one of its values, and its list is there. */
static void test_members(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < field_n_members; i++) {
		const struct field_member *m = &field_members[i];
		struct value v = field_member_fallback(m);

		assert_int_equal(field_list_of(m)->type.element, TYPE_OBJECT);
		assert_int_equal(v.kind == VALUE_ABSENT, m->fallback == NULL);
		if (v.kind == VALUE_STRING)
			assert_true(field_allows(m->values, value_str(&v)));
		if (v.kind != VALUE_ABSENT) {
			assert_int_equal(v.kind == VALUE_BOOLEAN, m->type.base == TYPE_BOOLEAN);
			assert_int_equal(v.flags, VALUE_DEFAULT);
		}
	}
}

static void test_only_if(void **state)
{
	int i, other;

	(void)state;
	for (i = 0; i < N_FIELDS; i++) {
		const char *text = field_table[i].only_if;
		const char *sign = text != NULL ? strchr(text, '=') : NULL;
		struct str value;

		other = field_only_if(i, &value);
		if (text == NULL) {
			assert_int_equal(other, -1);
			continue;
		}
		assert_non_null(sign);
		assert_int_equal(other, field_find((struct str){ text, (size_t)(sign - text) }));
		assert_true(other >= 0 && other < i);
		assert_true(str_is(value, sign + 1));
		assert_true(field_allows(field_table[other].values, value));
	}
}

static void test_allows(void **state)
{
	static const struct {
		const char *values, *value;
		bool allowed;
	} cases[] = {
		{ "ALL|NONE|CUSTOM", "ALL", true },
		{ "ALL|NONE|CUSTOM", "NONE", true },
		{ "ALL|NONE|CUSTOM", "CUSTOM", true },
		{ "ALL|NONE|CUSTOM", "CUST", false },
		{ "ALL|NONE|CUSTOM", "ALL|NONE", false },
		{ "ALL|NONE|CUSTOM", "", false },
		{ "ALL|NONE|CUSTOM", "all", false },
		{ NULL, "anything", true },
		{ "ONE", "ONE", true },
		{ "ONE", "ON", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(field_allows(cases[i].values, str_of(cases[i].value)),
				 cases[i].allowed);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(type_name(field_table[FIELD_ARN].type), "string");
	assert_string_equal(type_name(field_table[FIELD_TAGS].type), "map<string>");
	assert_string_equal(type_name(field_table[FIELD_CHANNELS].type), "list<object>");
	assert_string_equal(type_name(field_table[FIELD_RENDITIONS].type), "list<string>");
	assert_string_equal(type_name(field_table[FIELD_TEMPLATE_METADATA].type), "map<any>");
	assert_string_equal(type_name((struct type){ TYPE_RANGE, TYPE_NONE }), "range");
	assert_string_equal(type_name((struct type){ TYPE_LIST, TYPE_NONE }), "list");
	assert_string_equal(type_name((struct type){ 200, TYPE_NONE }), "none");
	assert_string_equal(origin_name(ORIGIN_BUCKET), "bucket");
	assert_string_equal(field_table[FIELD_BUCKET_NAME].name, "BUCKET_NAME");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),      cmocka_unit_test(test_parents),
		cmocka_unit_test(test_fallbacks), cmocka_unit_test(test_only_if),
		cmocka_unit_test(test_members),   cmocka_unit_test(test_allows),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
