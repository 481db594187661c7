/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are used again: emptied of what was there and of what resource_complete may
 * have filled, the next one is as if it were new, whatever a policy needs.
 */
#include "model/resource.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define ARN "arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbCdEf123456"

static const struct place place = { 0, 2 };

/* As an input fills those of the API's fields that are in the set. */
static void fill(struct resource *r, field_set there)
{
	int i;

	r->there = there;
	for (i = 0; i < N_FIELDS; i++)
		if ((there & FIELD_BIT(i)) != 0)
			r->slots[i] = value_of_str(STR(ARN));
}

static void test_again(void **state)
{
	static const struct resource untouched;
	static struct resource again, anew;
	struct arena arena = ARENA_INIT;
	struct source source;
	field_set needs, there, api = 0, stale;
	unsigned seed = 1;
	int field, i;

	(void)state;
	source_init(&source, "saved.json", STR("\n\n{}"));
	for (i = 0; i < N_FIELDS; i++)
		if (field_table[i].origin == ORIGIN_API &&
		    field_is_of(i, KIND_RECORDING_CONFIGURATION))
			api |= FIELD_BIT(i);
	for (field = 0; field <= N_FIELDS; field++) {
		needs = resource_closure(field == N_FIELDS ? ~(field_set)0 : FIELD_BIT(field));
		again = untouched;
		stale = 0;
		for (i = 0; i < 50; i++) {
			seed = seed * 1103515245 + 12345;
			there = api & (seed >> 8);
			resource_init(&anew, &source, place, SOURCE_JSON);
			resource_begin(&again, &source, place, SOURCE_JSON);
			again.summary = anew.summary = seed >> 30 == 0;
			fill(&anew, there);
			fill(&again, there);
			resource_empty(&again, stale & ~there);
			assert_memory_equal(again.slots, anew.slots, sizeof(again.slots));
			resource_complete(&anew, needs, &arena);
			resource_complete(&again, needs, &arena);
			assert_memory_equal(again.slots, anew.slots, sizeof(again.slots));
			stale = there | resource_fills(needs);
		}
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
