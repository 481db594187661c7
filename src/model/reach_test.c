/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that are used again: whatever a policy needs, what is filled in is among the slots
 * that the next one empties, and so the next one is as if it were new.
 */
#include "model/resource.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define ARN "arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbCdEf123456"

static const struct place place = { 0, 2 };

/* As an input of the API's fields does, all that there are. */
static void fill(struct resource *r)
{
	int i;

	for (i = 0; i < N_FIELDS; i++)
		if (field_table[i].origin == ORIGIN_API &&
		    field_is_of(i, KIND_RECORDING_CONFIGURATION))
			r->slots[i] = value_of_str(STR(ARN));
}

/* Each field by itself, and all together: of a configuration that has all, of one that
 * has nothing, of a summary. */
static void test_reach(void **state)
{
	static const struct resource untouched;
	static struct resource again, anew;
	struct arena arena = ARENA_INIT;
	struct source source;
	size_t reach, i;
	field_set needs;
	int field, way;

	(void)state;
	source_init(&source, "saved.json", STR("\n\n{}"));
	for (field = 0; field <= FIELD_FIRST_OF_CHANNELS; field++) {
		needs = field == FIELD_FIRST_OF_CHANNELS ? ~(field_set)0 : FIELD_BIT(field);
		needs = resource_closure(needs);
		reach = resource_reach(needs);
		again = untouched;
		for (way = 0; way < 4; way++) {
			resource_init_again(&again, reach, &source, place, SOURCE_JSON);
			resource_init(&anew, &source, place, SOURCE_JSON);
			again.summary = anew.summary = way == 2;
			if (way == 0) {
				fill(&again);
				fill(&anew);
			}
			assert_int_equal(again.there, 0);
			assert_memory_equal(again.slots, anew.slots, sizeof(again.slots));
			resource_complete(&again, needs, &arena);
			resource_complete(&anew, needs, &arena);
			assert_memory_equal(again.slots, anew.slots, sizeof(again.slots));
			for (i = reach; i < N_FIELDS; i++)
				assert_memory_equal(&again.slots[i], &untouched.slots[i],
						    sizeof(again.slots[i]));
		}
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
