/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short texts as numbers, and sets of them, against comparing byte by byte.
 */
#include "base/few.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"

static unsigned seed = 11;

static unsigned random_below(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 12) % n;
}

/* The text alone in its memory, so that what is read beside it is found. */
static struct str random_text(size_t len)
{
	char *text = mem_alloc(len);
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = "ab\0\xff"[random_below(random_below(4) == 0 ? 4 : 2)];
	return (struct str){ text, len };
}

static void numbers(void **state)
{
	unsigned char bytes[FEW];
	struct str text;
	struct few f;
	size_t i, n;

	(void)state;
	for (i = 0; i < 4000; i++) {
		n = i % (FEW + 1);
		text = random_text(n);
		f = few_of(text.data, n);
		memcpy(bytes, &f, sizeof(f));
		assert_memory_equal(bytes, text.data, n);
		for (; n < FEW; n++)
			assert_int_equal(bytes[n], 0);
		free((char *)text.data);
	}
}

static bool is_one(const struct str *texts, size_t n, struct str text)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (str_equal(texts[i], text))
			return true;
	return false;
}

static void sets(void **state)
{
	struct str texts[100], text;
	struct arena arena = ARENA_INIT;
	const struct few_set *set;
	size_t i, k, n, made = 0, yes = 0;

	(void)state;
	for (i = 0; i < 600; i++) {
		n = random_below(i % 3 == 0 ? 100 : 8);
		for (k = 0; k < n; k++)
			texts[k] = random_text(random_below(FEW + 1));
		set = few_set_new(texts, n, &arena);
		made += set != NULL;
		for (k = 0; set != NULL && k < 300; k++) {
			text = random_text(random_below(FEW + 3));
			yes += few_set_has(set, text.data, text.len);
			assert_int_equal(few_set_has(set, text.data, text.len),
					 is_one(texts, n, text));
			free((char *)text.data);
		}
		for (k = 0; k < n; k++) {
			if (set != NULL)
				assert_true(few_set_has(set, texts[k].data, texts[k].len));
			free((char *)texts[k].data);
		}
		arena_reset(&arena);
	}
	assert_true(made > 300 && yes > 1000);
	arena_release(&arena);
}

static void no_set(void **state)
{
	static const struct str texts[] = { { "a", 1 }, { "seventeen letters", 17 } };
	struct arena arena = ARENA_INIT;

	(void)state;
	assert_null(few_set_new(texts, 2, &arena));
	assert_non_null(few_set_new(texts, 1, &arena));
	assert_false(few_set_has(few_set_new(texts, 0, &arena), "", 0));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(sets),
		cmocka_unit_test(no_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
