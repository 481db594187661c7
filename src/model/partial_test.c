/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makers of partial values: what they make, how it is shown, and their bounds.
 */
#include "model/partial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/limit.h"
#include "model/write_json.h"

static void expect(const struct value *v, const char *want)
{
	struct buf b = BUF_INIT(0);

	value_show(&b, v, 200);
	if (!str_is(buf_str(&b), want))
		fail_msg("%.*s, not %s", (int)b.len, b.data, want);
	buf_release(&b);
}

static struct value text(const char *s)
{
	return value_of_str(str_of(s));
}

static struct value account(struct arena *a)
{
	return value_gap(a, "AWS::AccountId", "AWS::AccountId is known after the deploy",
			 CHARS_DIGIT, 12, 12);
}

static void test_concat(void **state)
{
	struct arena a = ARENA_INIT;
	struct value stages[] = { text("dev"), text("prod") }, pieces[4], v, stage, twice;
	uint64_t least, most;

	(void)state;
	pieces[0] = text("acme-");
	pieces[1] = text("live-");
	v = value_concat(&a, pieces, 2);
	assert_int_equal(v.kind, VALUE_STRING);
	expect(&v, "acme-live-");
	v = value_concat(&a, pieces, 0);
	assert_true(v.kind == VALUE_STRING && v.n == 0);

	pieces[2] = account(&a);
	pieces[3] = text("-an");
	v = value_concat(&a, pieces, 4);
	expect(&v, "acme-live-{AWS::AccountId}-an");
	assert_string_equal(v.why, "AWS::AccountId is known after the deploy");
	assert_int_equal(value_partial(&v)->n, 3); /* texts side by side are one part */
	partial_length(value_partial(&v), &least, &most);
	assert_true(least == 25 && most == 25);

	stage = value_one_of(&a, "the parameter Stage has no value", stages, 2);
	expect(&stage, "one of [dev, prod]");
	pieces[1] = stage;
	v = value_concat(&a, pieces, 2);
	expect(&v, "one of [acme-dev, acme-prod]");
	assert_string_equal(v.why, "the parameter Stage has no value");
	v = value_concat(&a, pieces, 4);
	expect(&v, "one of [acme-dev{AWS::AccountId}-an, acme-prod{AWS::AccountId}-an]");
	/* in two steps the same as in one */
	pieces[0] = value_concat(&a, pieces, 2);
	pieces[1] = text("-x");
	twice = value_concat(&a, pieces, 2);
	expect(&twice, "one of [acme-dev-x, acme-prod-x]");

	pieces[0] = text("acme-");
	pieces[1] = value_unknown("!ImportValue is not known");
	v = value_concat(&a, pieces, 2);
	expect(&v, "acme-{unknown}");
	partial_length(value_partial(&v), &least, &most);
	assert_true(least == 5 && most == UINT64_MAX);

	pieces[1] = value_of_number(number_of_int(5));
	v = value_concat(&a, pieces, 2);
	assert_null(value_partial(&v));
	expect(&v, "unknown");
	arena_release(&a);
}

static void test_one_of(void **state)
{
	struct arena a = ARENA_INIT;
	struct value items[4] = { text("a"), text("b"), text("a"), { .kind = VALUE_NULL } }, v;

	(void)state;
	v = value_one_of(&a, "why", items, 4);
	expect(&v, "one of [a, b, null]");
	v = value_one_of(&a, "why", items, 1);
	assert_int_equal(v.kind, VALUE_STRING);
	items[1] = value_one_of(&a, "inner", items, 2); /* taken apart */
	v = value_one_of(&a, "why", items, 4);
	expect(&v, "one of [a, b, null]");
	items[1] = value_unknown("no idea");
	v = value_one_of(&a, "why", items, 4);
	assert_true(v.kind == VALUE_UNKNOWN && value_partial(&v) == NULL);
	assert_string_equal(v.why, "why");
	v = value_one_of(&a, "why", items, 0);
	assert_null(value_partial(&v));
	arena_release(&a);
}

static void test_limits(void **state)
{
	struct arena a = ARENA_INIT;
	struct value items[LIMIT_CANDIDATES + 1], pieces[2 * LIMIT_PARTIAL_PARTS + 2], v;
	size_t i;

	(void)state;
	for (i = 0; i <= LIMIT_CANDIDATES; i++)
		items[i] = value_of_number(number_of_int((int64_t)i));
	v = value_one_of(&a, "why", items, LIMIT_CANDIDATES + 1);
	assert_null(value_partial(&v));
	v = value_one_of(&a, "why", items, LIMIT_CANDIDATES);
	assert_int_equal(value_partial(&v)->n, LIMIT_CANDIDATES);

	/* more combinations than are tried: the last become gaps */
	for (i = 0; i < LIMIT_CANDIDATES; i++)
		items[i] = value_of_str(str_of(arena_printf(&a, "%zu", i)));
	pieces[0] = value_one_of(&a, "why", items, LIMIT_CANDIDATES / 2);
	pieces[1] = value_one_of(&a, "why", items, LIMIT_CANDIDATES);
	v = value_concat(&a, pieces, 2);
	assert_int_equal(value_partial(&v)->n, LIMIT_CANDIDATES / 2);
	expect(&value_partial(&v)->items[3], "3{unknown}");

	for (i = 0; i < sizeof(pieces) / sizeof(*pieces); i++)
		pieces[i] = i % 2 == 0 ? account(&a) : text("-");
	v = value_concat(&a, pieces, LIMIT_PARTIAL_PARTS);
	assert_int_equal(value_partial(&v)->n, LIMIT_PARTIAL_PARTS);
	v = value_concat(&a, pieces, LIMIT_PARTIAL_PARTS + 1);
	assert_true(v.kind == VALUE_UNKNOWN && value_partial(&v) == NULL);
	/* what makes no sense says nothing */
	v = value_gap(&a, "x", "why", 0, 1, 2);
	assert_null(value_partial(&v));
	v = value_gap(&a, "x", "why", CHARS_ANY, 3, 2);
	assert_null(value_partial(&v));
	v = value_between(&a, "why", NULL, NULL);
	assert_null(value_partial(&v));
	arena_release(&a);
}

static void test_copy_and_show(void **state)
{
	struct arena a = ARENA_INIT, b = ARENA_INIT;
	struct number five = number_of_int(5), nine = number_of_int(9);
	struct value pieces[2], items[2], v[4], copy[4], secret;
	struct write_json w;
	struct buf out = BUF_INIT(0);
	size_t i;

	(void)state;
	pieces[0] = text("acme-\x1B");
	pieces[1] = account(&a);
	v[0] = value_concat(&a, pieces, 2);
	items[0] = v[0];
	items[1] = (struct value){ .kind = VALUE_ABSENT };
	v[1] = value_one_of(&a, "why", items, 2);
	v[2] = value_between(&a, "why", &five, &nine);
	v[3] = value_between(&a, "why", NULL, &nine);
	for (i = 0; i < 4; i++)
		copy[i] = value_copy(&b, &v[i]);
	arena_release(&a);
	expect(&copy[0], "acme-\\x1B{AWS::AccountId}");
	expect(&copy[1], "one of [acme-\\x1B{AWS::AccountId}, absent]");
	expect(&copy[2], "at least 5 and at most 9");
	expect(&copy[3], "at most 9");
	assert_string_equal(copy[0].why, "AWS::AccountId is known after the deploy");
	assert_true(copy[0].why == value_partial(&copy[0])->why);

	write_json_init(&w, &out, false);
	write_json_value(&w, &copy[3]);
	assert_string_equal(out.data, "{\"unknown\":\"why\",\"known\":\"at most 9\"}");
	buf_release(&out);

	pieces[0] = text("hunter2");
	pieces[0].flags |= VALUE_SENSITIVE;
	pieces[1] = account(&a);
	secret = value_concat(&a, pieces, 2);
	expect(&secret, "unknown");
	pieces[1] = text("-x");
	secret = value_concat(&a, pieces, 2);
	expect(&secret, "(sensitive)");
	arena_release(&a);
	arena_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_concat),
		cmocka_unit_test(test_one_of),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_copy_and_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
