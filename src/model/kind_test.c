/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds: their names, the fields that each has, and the row of a channel: what is
 * derived, what is not known, and what the API prints for none.
 */
#include "model/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/partial.h"
#include "model/resource.h"
#include "model/tree_fixture.h"

#define ARN "arn:aws-cn:ivs:eu-west-1:123456789012:channel/AbCdEf123456"

static void test_names(void **state)
{
	enum kind kind;
	int k;

	(void)state;
	for (k = 0; k < N_KINDS; k++) {
		assert_true(kind_find(str_of(kind_table[k].name), &kind));
		assert_int_equal(kind, k);
		assert_true(str_ends(kind_table[k].arn, STR("/")));
	}
	assert_false(kind_find(STR("channels"), &kind));
	assert_false(kind_find(STR(""), &kind));
	assert_false(kind_find(STR("channel\0"), &kind));
}

/* The row of a recording configuration ends where channels alone have fields: nothing
 * behind is emptied with it. */
static void test_fields(void **state)
{
	field_set both, all = 0;
	int i, k;

	(void)state;
	for (i = 0; i < N_FIELDS; i++) {
		assert_int_equal(field_is_of(i, KIND_RECORDING_CONFIGURATION),
				 i < FIELD_FIRST_OF_CHANNELS);
		for (k = 0; k < N_KINDS; k++) {
			both = field_set_of((enum kind)k);
			assert_int_equal((both >> i & 1) != 0, field_is_of(i, (enum kind)k));
			if (field_is_of(i, (enum kind)k) && field_parent(i) >= 0)
				assert_true(field_is_of(field_parent(i), (enum kind)k));
			all |= both;
		}
	}
	assert_true(all == resource_closure(all));
	both = field_set_of(KIND_RECORDING_CONFIGURATION) & field_set_of(KIND_CHANNEL);
	assert_true((both & FIELD_BIT(FIELD_TAGS)) != 0);
	assert_true((both & FIELD_BIT(FIELD_STATE)) == 0);
}

struct fixture {
	struct arena arena;
	struct source source;
	struct resource r;
	struct err err;
};

static void begin(struct fixture *f)
{
	*f = (struct fixture){ .arena = ARENA_INIT };
	source_init(&f->source, "channels.json", STR("\n\n{}"));
	resource_init_kind(&f->r, KIND_CHANNEL, &f->source, (struct place){ 0, 2 }, SOURCE_JSON);
}

static void expect(struct fixture *f, int field, const char *want)
{
	const struct value *v = &f->r.slots[field];
	struct buf b = BUF_INIT(0);

	value_show(&b, v, 200);
	if (v->kind == VALUE_UNKNOWN)
		buf_printf(&b, ": %s", v->why);
	if (!str_is(buf_str(&b), want))
		fail_msg("%s: '%.*s' is not '%s'", field_table[field].path, STR_ARG(buf_str(&b)),
			 want);
	buf_release(&b);
}

static void take_tree(struct fixture *f, const char *text, int rc, const char *said)
{
	struct value v = read_tree(&f->arena, "given", text);

	assert_int_equal(resource_from_value(&f->r, &v, NULL, 0, &f->arena, &f->err), rc);
	if (rc == -1)
		assert_string_equal(f->err.text, said);
}

static void test_tree(void **state)
{
	static const struct {
		const char *tree, *said;
	} wrong[] = {
		{ "{state: ACTIVE}", "'state' is no field of a channel" },
		{ "{channels: []}", "'channels' is no field of a channel" },
		{ "{latencymode: LOW}",
		  "there is no field 'latencymode'; did you mean 'latencyMode'?" },
		{ "{type: BASE}", "'BASE' is not a value of 'type', which has "
				  "BASIC|STANDARD|ADVANCED_SD|ADVANCED_HD; did you mean 'BASIC'?" },
		{ "{authorized: 'yes'}", "'authorized' takes true or false, and this is a string" },
		{ "{recordingConfiguration: {name: a}}",
		  "there is no field 'recordingConfiguration'; did you mean "
		  "'recordingConfigurationArn'?" },
		{ "[]", "a channel is a map, and this is a list" },
	};
	struct subject subject;
	struct fixture f;
	size_t i;

	(void)state;
	begin(&f);
	take_tree(&f,
		  "{channel: {arn: '" ARN "', preset: '', recordingConfigurationArn: '', "
		  "multitrackInputConfiguration: {policy: ALLOW}}}",
		  0, NULL);
	expect(&f, FIELD_ID, "AbCdEf123456");
	expect(&f, FIELD_REGION, "eu-west-1");
	expect(&f, FIELD_PARTITION, "aws-cn");
	expect(&f, FIELD_CHANNEL_TYPE, "STANDARD (the default)");
	expect(&f, FIELD_CHANNEL_PRESET, "absent");
	expect(&f, FIELD_CHANNEL_RECORDING, "absent");
	expect(&f, FIELD_CHANNEL_MULTITRACK_ENABLED, "false (the default)");
	expect(&f, FIELD_CHANNEL_MULTITRACK_POLICY, "ALLOW");
	resource_subject(&f.r, &f.arena, &subject);
	assert_int_equal(subject.kind, KIND_CHANNEL);
	assert_true(str_is(subject.id, ARN));
	assert_true(str_is(subject.account, "123456789012"));
	arena_release(&f.arena);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		begin(&f);
		take_tree(&f, wrong[i].tree, -1, wrong[i].said);
		arena_release(&f.arena);
	}
}

static void test_summary(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r.summary = true;
	resource_complete(&f.r, ~(field_set)0, &f.arena);
	expect(&f, FIELD_CHANNEL_CONTAINER,
	       "unknown: list-channels does not print it; batch-get-channel does");
	expect(&f, FIELD_CHANNEL_MULTITRACK_ENABLED,
	       "unknown: list-channels does not print it; batch-get-channel does");
	expect(&f, FIELD_CHANNEL_LATENCY, "LOW (the default)");
	expect(&f, FIELD_TEMPLATE_ACTION, "unknown: only a template or a plan has it");
	arena_release(&f.arena);
}

/* What may be '' may be none; what cannot be is left as it is. */
static void test_empty(void **state)
{
	struct value parts[2], few[3];
	struct fixture f;

	(void)state;
	begin(&f);
	f.r.slots[FIELD_CHANNEL_RECORDING] =
	    value_gap(&f.arena, "Arn", "why", CHARS_ANY, 0, GAP_NO_MOST);
	f.r.slots[FIELD_CHANNEL_RESTRICTION] =
	    value_gap(&f.arena, "Arn", "why", CHARS_ANY, 1, GAP_NO_MOST);
	few[0] = value_of_str(STR(""));
	few[1] = value_of_str(STR("arn:x"));
	f.r.slots[FIELD_CHANNEL_AD] = value_one_of(&f.arena, "why", few, 2);
	f.r.slots[FIELD_NAME] = value_of_str(STR(""));
	resource_complete(&f.r, field_set_of(KIND_CHANNEL), &f.arena);
	expect(&f, FIELD_CHANNEL_RECORDING, "one of [{Arn}, absent]: why");
	expect(&f, FIELD_CHANNEL_RESTRICTION, "{Arn}: why");
	expect(&f, FIELD_CHANNEL_AD, "one of [absent, arn:x]: why");
	expect(&f, FIELD_NAME, "''");
	arena_release(&f.arena);

	begin(&f);
	parts[0] = value_of_str(STR("arn:"));
	parts[1] = value_gap(&f.arena, "Id", "why", CHARS_ANY, 0, GAP_NO_MOST);
	few[0] = value_concat(&f.arena, parts, 2);
	few[1] = parts[1];
	few[2] = value_of_str(STR(""));
	f.r.slots[FIELD_CHANNEL_RECORDING] = few[0];
	f.r.slots[FIELD_CHANNEL_AD] = value_one_of(&f.arena, "why", few, 3);
	resource_complete(&f.r, field_set_of(KIND_CHANNEL), &f.arena);
	expect(&f, FIELD_CHANNEL_RECORDING, "arn:{Id}: why");
	expect(&f, FIELD_CHANNEL_AD, "one of [arn:{Id}, {Id}, absent]: why");
	arena_release(&f.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_fields),
		cmocka_unit_test(test_tree),  cmocka_unit_test(test_summary),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
