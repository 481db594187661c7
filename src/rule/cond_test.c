/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions: three values, limits, and the memory that judging takes. Operators by
 * themselves are op_test.c's.
 */
#include "rule/cond_fixture.h"

#include "base/limit.h"

/* @T, @F and @U below are conditions that are true, false and unknown. */
static char *spell(struct arena *a, const char *text)
{
	static const char *const meanings[][2] = {
		{ "@T", "{name: acme-live}" },
		{ "@F", "{name: other}" },
		{ "@U", "{bucket.region: us-west-2}" },
	};
	struct buf b = BUF_INIT(0);
	char *spelt;
	size_t i;

	while (*text != '\0') {
		for (i = 0; i < 3 && strncmp(text, meanings[i][0], 2) != 0; i++)
			;
		if (i < 3)
			buf_puts(&b, meanings[i][1]);
		else
			buf_putc(&b, *text);
		text += i < 3 ? 2 : 1;
	}
	spelt = arena_strdup(a, buf_str(&b).data);
	buf_release(&b);
	return spelt;
}

static void test_kleene(void **state)
{
	static const struct {
		const char *text;
		enum truth truth;
	} cases[] = {
		{ "@T", TRUTH_TRUE },
		{ "@F", TRUTH_FALSE },
		{ "@U", TRUTH_UNKNOWN },
		{ "{not: @T}", TRUTH_FALSE },
		{ "{not: @F}", TRUTH_TRUE },
		{ "{not: @U}", TRUTH_UNKNOWN },
		{ "{all: [@T, @T]}", TRUTH_TRUE },
		{ "{all: [@T, @U]}", TRUTH_UNKNOWN },
		{ "{all: [@U, @F]}", TRUTH_FALSE },
		{ "{all: [@F, @U]}", TRUTH_FALSE },
		{ "{any: [@F, @F]}", TRUTH_FALSE },
		{ "{any: [@F, @U]}", TRUTH_UNKNOWN },
		{ "{any: [@U, @T]}", TRUTH_TRUE },
		{ "{any: [@T, @U]}", TRUTH_TRUE },
		{ "{none: [@F, @F]}", TRUTH_TRUE },
		{ "{none: [@F, @U]}", TRUTH_UNKNOWN },
		{ "{none: [@U, @T]}", TRUTH_FALSE },
		{ "{all: [{any: [@F, @T]}, {none: [@F]}, {not: @F}]}", TRUTH_TRUE },
		{ "{all: [@T], any: [@F, @U]}", TRUTH_UNKNOWN },
		{ "{not: {not: {not: @U}}}", TRUTH_UNKNOWN },
		{ "{name: acme-live, state: CREATING}", TRUTH_FALSE },
		{ "{name: {starts_with: acme, ends_with: x}}", TRUTH_FALSE },
		{ "{recordingReconnectWindowSeconds: {min: 5, max: 60}}", TRUTH_TRUE },
		{ "{thumbnailConfiguration.targetIntervalSeconds: 60}", TRUTH_TRUE },
		{ "{thumbnailConfiguration.targetIntervalSeconds: {exists: true}}", TRUTH_FALSE },
		{ "{thumbnailConfiguration: {exists: true}}", TRUTH_FALSE },
		{ "{destinationConfiguration.s3: {exists: true}}", TRUTH_TRUE },
		{ "{tags.owner: video}", TRUTH_TRUE },
		{ "{tags.Owner: video}", TRUTH_FALSE },
		{ "{tags.Owner: {exists: false}}", TRUTH_TRUE },
		{ "{\"tags['a.b']\": dotted}", TRUTH_TRUE },
		{ "{'tags[\"a.b\"]': dotted}", TRUTH_TRUE },
		{ "{template.Metadata.acme.tier: gold}", TRUTH_TRUE },
		{ "{template.Metadata.acme.list: {contains: 2}}", TRUTH_TRUE },
		{ "{template.Metadata.acme.tier.deeper: gold}", TRUTH_FALSE },
		{ "{template.Metadata: {has_keys: [acme]}}", TRUTH_TRUE },
		{ "{'channels[*].type': {contains: BASIC}}", TRUTH_TRUE },
		{ "{'channels[*].type': {each: {equals: BASIC}}}", TRUTH_FALSE },
		{ "{'channels[*].tags.Team': {some: {equals: x}}}", TRUTH_TRUE },
		{ "{'channels[*].tags': {some: {has_keys: [Team]}}}", TRUTH_TRUE },
		{ "{channels: {count: {min: 2}}}", TRUTH_TRUE },
		{ "{channels: {some: {name: two, insecureIngest: true}}}", TRUTH_TRUE },
		{ "{channels: {some: {name: one, insecureIngest: true}}}", TRUTH_FALSE },
		{ "{channels: {each: {authorized: false}}}", TRUTH_TRUE },
		{ "{'channels[*].latencyMode': {each: {equals: LOW}}}", TRUTH_TRUE },
		{ "{'template.mistakes[*].property': {contains: Name}}", TRUTH_TRUE },
		{ "{template.mistakes: {no: {text: {contains: long}}}}", TRUTH_FALSE },
		{ "{template.mistakes: {count: {max: 0}}}", TRUTH_FALSE },
		{ "{'bucket.lifecycle[*].prefix': {some: {equals: ''}}}", TRUTH_UNKNOWN },
		{ "{$number: {max: 5}}", TRUTH_FALSE },
		{ "{$range.max: {max: 30}}", TRUTH_TRUE },
		{ "{$from.max: {exists: true}}", TRUTH_FALSE },
		{ "{$limits.low: 5}", TRUTH_TRUE },
		{ "{$names: {contains: Owner}}", TRUTH_TRUE },
		{ "{bucket.region: {exists: true}}", TRUTH_UNKNOWN },
		{ "{source.kind: cloudformation}", TRUTH_TRUE },
		{ "{account: '123456789012', region: us-west-2, id: AbCdEf}", TRUTH_TRUE },
	};
	struct fixture f;
	struct cond *c;
	size_t i;

	(void)state;
	fixture_start(&f);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		c = fixture_cond(&f, spell(&f.arena, cases[i].text));
		if (cond_judge(c, &f.resource, &f.judge) != cases[i].truth)
			fail_msg("%s is not %s", cases[i].text, truth_name(cases[i].truth));
		cond_warm(c);
		assert_int_equal(cond_judge(c, &f.resource, &f.judge), cases[i].truth);
		cond_release(c);
	}
	cond_release(NULL);
	cond_warm(NULL);
	fixture_release(&f);
}

static void test_depth(void **state)
{
	struct fixture f;
	struct buf b = BUF_INIT(0);
	int i, depth;

	(void)state;
	fixture_start(&f);
	for (depth = LIMIT_CONDITION_DEPTH; depth <= LIMIT_CONDITION_DEPTH + 1; depth++) {
		buf_clear(&b);
		for (i = 1; i < depth; i++)
			buf_puts(&b, "{not: ");
		buf_puts(&b, "{name: x}");
		for (i = 1; i < depth; i++)
			buf_puts(&b, "}");
		assert_int_equal(
		    cond_compile(&f.scope, fixture_yaml(&f, &f.source, "p.yaml", b.data)) != NULL,
		    depth == LIMIT_CONDITION_DEPTH);
	}
	assert_int_equal(f.mistakes.n, 1);
	assert_non_null(strstr(f.mistakes.list[0].text, "nested deeper than 32"));
	buf_release(&b);
	fixture_release(&f);
}

static void test_needs(void **state)
{
	static const struct {
		const char *text;
		field_set needs;
	} cases[] = {
		{ "name: x", FIELD_BIT(FIELD_NAME) },
		{ "tags.Owner: x", FIELD_BIT(FIELD_TAGS) },
		{ "not: {any: [{state: ACTIVE}, {'channels[*].type': {contains: BASIC}}]}",
		  FIELD_BIT(FIELD_STATE) | FIELD_BIT(FIELD_CHANNELS) },
		{ "name: {equals: {field: region, else: {field: account}}}",
		  FIELD_BIT(FIELD_NAME) | FIELD_BIT(FIELD_REGION) | FIELD_BIT(FIELD_ACCOUNT) },
		{ "name: {equals: {format: '{id}-{tags.x}'}}",
		  FIELD_BIT(FIELD_NAME) | FIELD_BIT(FIELD_ID) | FIELD_BIT(FIELD_TAGS) },
		{ "channels: {each: {name: {equals: {field: name}}}}",
		  FIELD_BIT(FIELD_CHANNELS) | FIELD_BIT(FIELD_NAME) },
		{ "$number: 5", 0 },
	};
	struct fixture f;
	struct cond *c;
	size_t i;

	(void)state;
	fixture_start(&f);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		c = fixture_cond(&f, cases[i].text);
		assert_int_equal(cond_needs(c), cases[i].needs);
		cond_release(c);
	}
	assert_int_equal(cond_needs(NULL), 0);
	fixture_release(&f);
}

static void test_pattern_limit(void **state)
{
	struct fixture f;
	struct arena arena = ARENA_INIT;
	struct evidence ev;
	struct cond *c;

	(void)state;
	fixture_init(&f);
	fixture_give(&f,
		     "name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		     NULL);
	c = fixture_cond(&f, "all:\n  - name: {matches: '^(a|aa|a?)+$'}");
	assert_int_equal(cond_judge(c, &f.resource, &f.judge), TRUTH_UNKNOWN);
	assert_string_equal(f.judge.error, "the pattern at policy.yaml:2 reached its step limit");
	f.judge.error = NULL;
	cond_explain(c, &f.resource, &f.judge, &arena, &ev);
	assert_int_equal(ev.truth, TRUTH_UNKNOWN);
	assert_string_equal(ev.why, "the pattern at policy.yaml:2 reached its step limit");
	assert_non_null(f.judge.error);
	cond_release(c);
	arena_release(&arena);
	fixture_release(&f);
}

/* What builds nothing takes no memory; what builds gives it back. */
static void test_memory(void **state)
{
	struct fixture f;
	struct judge none = { .arena = NULL };
	struct arena_mark before, after;
	struct cond *c;
	int i;

	(void)state;
	fixture_start(&f);
	c = fixture_cond(&f, "all:\n"
			     "  - tags: {has_keys: [owner], keys: {max_length: 128}}\n"
			     "  - name: {matches: '^acme', in: [acme-live, x]}\n"
			     "  - recordingReconnectWindowSeconds: {min: 5, multiple_of: 2}\n"
			     "  - channels: {each: {name: {min_length: 1}}, count: {max: 5}}\n");
	assert_int_equal(cond_judge(c, &f.resource, &none), TRUTH_TRUE);
	cond_release(c);
	c = fixture_cond(&f, "name: {ends_with: {format: '{tags.x}-live'}}\n"
			     "'channels[*].name': {contains: one}\n"
			     "tags.x: {exists: false}");
	cond_judge(c, &f.resource, &f.judge);
	before = arena_mark(&f.scratch);
	for (i = 0; i < 100; i++)
		cond_judge(c, &f.resource, &f.judge);
	after = arena_mark(&f.scratch);
	assert_ptr_equal(before.block, after.block);
	assert_ptr_equal(before.next, after.next);
	cond_release(c);
	fixture_release(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kleene), cmocka_unit_test(test_depth),
		cmocka_unit_test(test_needs),  cmocka_unit_test(test_pattern_limit),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests_name("cond", tests, NULL, NULL);
}
