/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is quick in operators gives what is said of them, for values of every kind.
 */
#include "rule/op.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "rule/random_fixture.h"

/* What is said of has_keys: the key is there, and its value is. */
static enum truth expect_keys(const struct value *v, const struct str *wanted, size_t n)
{
	const struct value *found;
	size_t i;

	if (v->kind == VALUE_UNKNOWN)
		return TRUTH_UNKNOWN;
	for (i = 0; i < n; i++) {
		found = v->kind == VALUE_MAP ? value_get(v, wanted[i]) : NULL;
		if (found == NULL || !value_is_there(found))
			return v->kind == VALUE_MAP && (v->flags & VALUE_OPEN) != 0 ? TRUTH_UNKNOWN
										    : TRUTH_FALSE;
	}
	return TRUTH_TRUE;
}

static bool holds_text(struct str text, struct str needle)
{
	size_t i;

	for (i = 0; i + needle.len <= text.len; i++)
		if (memcmp(text.data + i, needle.data, needle.len) == 0)
			return true;
	return false;
}

static struct ops *compile(const struct scope *scope, struct type type, const char *op,
			   const struct value *operand)
{
	struct entry *entry = ARENA_NEW(scope->arena, struct entry);
	struct value *node = ARENA_NEW(scope->arena, struct value);
	struct ops *ops;

	*entry = (struct entry){ .key = str_of(op), .value = *operand };
	*node = (struct value){ .kind = VALUE_MAP, .n = 1, .entries = entry };
	ops = ops_compile(scope, "it", type, node);
	assert_non_null(ops);
	return ops;
}

struct bench {
	struct arena arena, scratch;
	struct mistakes mistakes;
	struct source source;
	struct params params;
	struct scope scope;
	struct judge judge;
	uint8_t near[JUDGE_SITES];
};

static void bench_init(struct bench *b)
{
	*b = (struct bench){ .arena = ARENA_INIT };
	mistakes_init(&b->mistakes, &b->arena);
	source_init(&b->source, "policy.yaml", STR(""));
	b->judge.arena = &b->scratch;
	b->judge.near = b->near;
	b->scope = (struct scope){ KINDS_RECORDING_CONFIGURATION, &b->params, &b->source,
				   &b->mistakes, &b->arena };
}

static void bench_release(struct bench *b)
{
	mistakes_release(&b->mistakes);
	arena_release(&b->scratch);
	arena_release(&b->arena);
}

static void has_keys(void **state)
{
	static const struct type map = { TYPE_MAP, TYPE_STRING };
	struct value items[3], list = { .kind = VALUE_LIST, .items = items };
	struct str wanted[3];
	struct bench b;
	struct ops *ops;
	struct value v;
	size_t i, k;

	(void)state;
	bench_init(&b);
	for (i = 0; i < 200; i++) {
		list.n = 1 + random_below(3);
		for (k = 0; k < list.n; k++)
			items[k] = value_of_str(wanted[k] = str_of(PICK(keys)));
		ops = compile(&b.scope, map, "has_keys", &list);
		for (k = 0; k < 50; k++) {
			v = random_value(&b.scratch, 2);
			if ((v.flags & VALUE_PARTIAL) != 0)
				continue; /* known_test's */
			forget(&b.judge);
			assert_int_equal(ops_judge(ops, &v, NULL, &b.judge),
					 expect_keys(&v, wanted, list.n));
		}
		arena_reset(&b.scratch);
		ops_release(ops);
	}
	bench_release(&b);
}

/* Needles of all lengths in texts of all lengths, of few letters so that much is alike. */
static void contains(void **state)
{
	static const struct type string = { TYPE_STRING, TYPE_NONE };
	char needle[80], *text;
	struct value operand, v;
	struct bench b;
	struct ops *ops;
	size_t i, k, n, len, at, yes = 0;

	(void)state;
	bench_init(&b);
	for (i = 0; i < 500; i++) {
		n = random_below(random_below(5) == 0 ? 70 : 12);
		for (k = 0; k < n; k++)
			needle[k] = "ab-"[random_below(random_below(3) == 0 ? 3 : 2)];
		operand = value_of_str((struct str){ needle, n });
		ops = compile(&b.scope, string, "contains", &operand);
		for (k = 0; k < 100; k++) {
			len = random_below(90);
			text = mem_alloc(len);
			for (at = 0; at < len; at++)
				text[at] = "ab-"[random_below(random_below(3) == 0 ? 3 : 2)];
			if (len >= n && n != 0 && random_below(2) == 0)
				memcpy(text + random_below((unsigned)(len - n) + 1), needle, n);
			v = value_of_str((struct str){ text, len });
			yes += holds_text(value_str(&v), value_str(&operand));
			assert_int_equal(ops_judge(ops, &v, NULL, &b.judge),
					 truth_of(holds_text(value_str(&v), value_str(&operand))));
			free(text);
		}
		arena_reset(&b.scratch);
		ops_release(ops);
	}
	assert_true(yes > 10000);
	bench_release(&b);
}

/* One of a list, short texts and long ones, and the values that a key may have. */
static void one_of(void **state)
{
	static const struct type string = { TYPE_STRING, TYPE_NONE };
	static const struct type map = { TYPE_MAP, TYPE_STRING };
	struct value items[20], list = { .kind = VALUE_LIST, .items = items }, v, m;
	struct entry allowed = { .key = STR("a") }, entry = { .key = STR("a") };
	struct value allow = { .kind = VALUE_MAP, .n = 1, .entries = &allowed };
	struct ops *in, *values;
	struct bench b;
	enum truth truth;
	size_t i, k, j;

	(void)state;
	bench_init(&b);
	for (i = 0; i < 300; i++) {
		list.n = 1 + random_below(i % 2 == 0 ? 4 : 20);
		for (k = 0; k < list.n; k++)
			items[k] = value_of_str(random_text(&b.arena));
		allowed.value = list;
		in = compile(&b.scope, string, "in", &list);
		values = compile(&b.scope, map, "allowed_values", &allow);
		for (k = 0; k < 50; k++) {
			v = value_of_str(random_text(&b.scratch));
			entry.value = v;
			m = (struct value){ .kind = VALUE_MAP, .n = 1, .entries = &entry };
			for (truth = TRUTH_FALSE, j = 0; j < list.n; j++)
				if (value_equal(&items[j], &v))
					truth = TRUTH_TRUE;
			forget(&b.judge);
			assert_int_equal(ops_judge(in, &v, NULL, &b.judge), truth);
			assert_int_equal(ops_judge(values, &m, NULL, &b.judge), truth);
		}
		arena_reset(&b.scratch);
		ops_release(in);
		ops_release(values);
	}
	bench_release(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_keys),
		cmocka_unit_test(contains),
		cmocka_unit_test(one_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
