/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules laid flat give the verdicts of rules judged one by one, for values of every kind.
 */
#include "rule/check.h"

#include "rule/random_fixture.h"
#include "rule/rule_fixture.h"
#include "rule/verdict.h"

static const char *const requires[] = {
	"{state: ACTIVE}",
	"{state: {not_equals: ACTIVE}}",
	"{recordingReconnectWindowSeconds: {min: 5, max: 60}}",
	"{recordingReconnectWindowSeconds: {greater_than: 5, less_than: 60}}",
	"{recordingReconnectWindowSeconds: {min: 5, max: 60.5, multiple_of: 5}}",
	"{recordingReconnectWindowSeconds: {min: -4, multiple_of: 0.5}}",
	"{recordingReconnectWindowSeconds: 60}",
	"{recordingReconnectWindowSeconds: {not_equals: 60}}",
	"{thumbnailConfiguration.targetIntervalSeconds: {multiple_of: 5}}",
	"{thumbnailConfiguration.targetIntervalSeconds: {multiple_of: 10000000000}}",
	"{thumbnailConfiguration.targetIntervalSeconds: {max: {field: "
	"recordingReconnectWindowSeconds}}}",
	"{name: {matches: '^acme-(dev|stage|prod)-ivs-[a-z0-9-]+$'}}",
	"{name: {not_matches: 'dev'}}",
	"{name: {matches: '^(a+)+$'}}",
	"{name: {matches: '^(a+)+$'}, state: ACTIVE}",
	"{any: [{name: {matches: '^(a+)+$'}}, {state: ACTIVE}]}",
	"{tags: {values: {not_matches: '^(a+)+$'}}, state: ACTIVE}",
	"{tags: {some: {value: {matches: '^(a+)+$'}}}}",
	"{tags: {has_keys: [Owner, Environment]}}",
	"{tags: {has_any_key: [Owner, Environment]}}",
	"{tags: {lacks_keys: [Team]}}",
	"{tags: {allowed_values: {Environment: [dev, stage, prod], Owner: [a, 'acme-*']}}}",
	"{tags.Environment: {in: [dev, stage, prod]}}",
	"{tags.Environment: {not_in: [dev, stage, prod]}}",
	"{tags.Level: {exists: true}}",
	"{tags: {exists: false}}",
	"{renditionConfiguration.renditions: {contains: FULL_HD}}",
	"{renditionConfiguration.renditions: {not_contains: HD}}",
	"{renditionConfiguration.renditions: {contains: {field: tags.a}}}",
	"{destinationConfiguration.s3.bucketName: {contains: {field: tags.Environment}}}",
	"{destinationConfiguration.s3.bucketName: {contains: {field: tags.Environment, else: "
	"dev}}}",
	"{destinationConfiguration.s3.bucketName: {not_contains: dev}}",
	"{destinationConfiguration.s3.bucketName: {equals: {format: "
	"'acme-{tags.Environment}-ivs-x'}}}",
	"{none: [{state: ACTIVE}, {name: a}]}",
	"{not: {any: [{state: ACTIVE}, {name: a}]}}",
	"{not: {state: ACTIVE, name: a}}",
	"{not: {none: [{state: ACTIVE}, {name: a}]}}",
	"{not: {not: {recordingReconnectWindowSeconds: {min: 5, max: 60}}}}",
	"{not: {recordingReconnectWindowSeconds: {min: 5}}, none: [{name: b}]}",
	"{all: [{state: ACTIVE}, {any: [{name: a}, {tags.Owner: a}]}, {name: {in: [a, b]}}]}",
};

static const char *const whens[] = {
	"",
	"",
	"",
	"",
	"when: {state: ACTIVE}",
	"when: {tags.Environment: prod}",
	"when: {none: [{tags.Environment: dev}], name: {exists: true}}",
	"when: {any: [{name: a}, {state: ACTIVE}]}",
	"when: {name: {matches: '^(a+)+$'}}",
	"when: {recordingReconnectWindowSeconds: {min: 1, max: 50}}",
};

#define N_REQUIRES (sizeof(requires) / sizeof(*requires))
#define N_WHENS    (sizeof(whens) / sizeof(*whens))

/* Each of what is required where each of the conditions holds; and one that is off. */
static struct policy *load(struct buf *text)
{
	size_t i, k;

	*text = BUF_INIT(0);
	buf_puts(text, "version: 1\nrules:\n");
	for (i = 0; i < N_REQUIRES; i++)
		for (k = 3; k < N_WHENS; k++)
			buf_printf(text,
				   "  - id: r%zu-%zu\n    title: T\n    severity: low\n    %s\n"
				   "    require: %s\n",
				   i, k, whens[k], requires[i]);
	buf_puts(text, "  - id: off\n    title: T\n    severity: low\n    enabled: false\n"
		       "    require: {state: ACTIVE}\n");
	return load_text(text);
}

static void same_verdicts(void **state)
{
	struct arena arena = ARENA_INIT, scratch = ARENA_INIT;
	uint8_t near[JUDGE_SITES] = { 0 };
	struct judge flat = { .arena = &scratch, .near = near }, single = { .arena = &scratch };
	unsigned seen[N_VERDICTS] = { 0 };
	struct entry entry = { .key = STR("Owner"), .value = value_of_str(STR(TOO_MUCH)) };
	struct value too_much = { .kind = VALUE_MAP, .n = 1, .entries = &entry };
	struct outcome *outcomes;
	struct source source;
	struct resource r;
	struct buf text;
	struct policy *p = load(&text);
	const struct policy_inside *in = p->inside;
	size_t i, k, n, next;
	enum verdict verdict;

	(void)state;
	source_init(&source, "given.json", STR(""));
	outcomes = mem_alloc((in->n_singles + 1) * sizeof(*outcomes));
	for (i = 0; i < 1000; i++) {
		random_resource(&r, &source, &arena);
		if (i % 200 == 0)
			r.slots[FIELD_NAME] = value_of_str(STR(TOO_MUCH));
		if (i % 200 == 100)
			r.slots[FIELD_TAGS] = too_much;
		forget(&flat);
		n = checks_run(&in->base, &r, &flat, outcomes);
		assert_null(flat.error);
		for (k = 0, next = 0; k < in->n_singles; k++) {
			forget(&single);
			verdict = verdict_of(in->base.singles[k], &r, &single);
			seen[verdict]++;
			if (verdict == VERDICT_PASS)
				continue;
			assert_true(next < n);
			if (outcomes[next].c != in->base.singles[k] ||
			    outcomes[next].verdict != verdict)
				fail_msg("resource %zu, %.*s", i,
					 STR_ARG(in->base.singles[k]->rule->id));
			assert_int_equal(outcomes[next++].unsure, 0);
		}
		assert_int_equal(next, n);
		arena_reset(&scratch);
		arena_reset(&arena);
	}
	assert_true(seen[VERDICT_PASS] > 1000 && seen[VERDICT_FAIL] > 1000 &&
		    seen[VERDICT_UNDECIDED] > 1000 && seen[VERDICT_ERROR] > 50 &&
		    seen[VERDICT_NOT_APPLICABLE] > 1000);
	free(outcomes);
	policy_free(p);
	buf_release(&text);
	arena_release(&scratch);
	arena_release(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
