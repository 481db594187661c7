/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said of conditions: the leaf that decided, the texts, and the steps.
 */
#include "rule/cond_fixture.h"

#include "base/limit.h"

/* ---- evidence -------------------------------------------------------------- */

struct evidence_case {
	const char *text;
	enum truth truth;
	const char *field, *actual, *expected, *detail;
	uint32_t line, column;
	size_t more; /* leaves that hang behind */
};

static const struct evidence_case evidence_cases[] = {
	{ "name: other", TRUTH_FALSE, "name", "acme-live", "other", "", 2, 7, 0 },
	{ "name: acme-live", TRUTH_TRUE, "name", "acme-live", "acme-live", "", 2, 7, 0 },
	{ "thumbnailConfiguration.targetIntervalSeconds: {max: 30}", TRUTH_FALSE,
	  "thumbnailConfiguration.targetIntervalSeconds", "60 (the default)", "at most 30", "", 1,
	  1, 0 },
	{ "recordingReconnectWindowSeconds: {min: 40, max: 60}", TRUTH_FALSE,
	  "recordingReconnectWindowSeconds", "30", "at least 40", "", 6, 34, 0 },
	{ "recordingReconnectWindowSeconds: {multiple_of: 7, min: 40}", TRUTH_FALSE,
	  "recordingReconnectWindowSeconds", "30", "a multiple of 7", "", 6, 34, 1 },
	{ "recordingReconnectWindowSeconds: {max: {field: tags.Max}}", TRUTH_FALSE,
	  "recordingReconnectWindowSeconds", "30", "at most '20' (field tags.Max)", "", 6, 34, 0 },
	{ "recordingReconnectWindowSeconds: {max: {field: tags.Max, else: 5}}", TRUTH_FALSE,
	  "recordingReconnectWindowSeconds", "30", "at most '20' (field tags.Max)", "", 6, 34, 0 },
	{ "recordingReconnectWindowSeconds: {max: {field: tags.Most, else: 5}}", TRUTH_FALSE,
	  "recordingReconnectWindowSeconds", "30", "at most 5", "", 6, 34, 0 },
	{ "recordingReconnectWindowSeconds: {max: {field: tags.Most, else: {field: tags.Max}}}",
	  TRUTH_FALSE, "recordingReconnectWindowSeconds", "30", "at most '20' (field tags.Max)", "",
	  6, 34, 0 },
	{ "tags: {has_keys: $names}", TRUTH_FALSE, "tags",
	  "{owner: video, Env: Prod, Max: '20', a.b: dotted}", "keys [Owner, Environment]",
	  "missing Owner, Environment ('owner' is near to 'Owner')", 8, 7, 0 },
	{ "tags.Owner: {exists: true}", TRUTH_FALSE, "tags.Owner", "absent", "a value", "", 8, 7,
	  0 },
	{ "tags.Env: prod", TRUTH_FALSE, "tags.Env", "Prod", "prod",
	  "differs from 'prod' in case only", 8, 27, 0 },
	{ "tags: {allowed_values: {Env: [prod, 'dev-*']}}", TRUTH_FALSE, "tags.Env", "Prod",
	  "one of [prod, 'dev-*']", "", 8, 27, 0 },
	{ "tags: {keys: {not_contains: .}}", TRUTH_FALSE, "tags", "a.b", "a text without .",
	  "a key", 8, 44, 0 },
	{ "tags: {values: {max_length: 5}}", TRUTH_FALSE, "tags['a.b']", "dotted",
	  "a length of at most 5", "it has 6 characters", 8, 51, 0 },
	{ "tags: {no: {equals: video}}", TRUTH_FALSE, "tags.owner", "video",
	  "no member that is video", "", 8, 15, 0 },
	{ "destinationConfiguration.s3.bucketName: {is_not: s3-bucket-name}", TRUTH_FALSE,
	  "destinationConfiguration.s3.bucketName", "acme-recordings", "no s3-bucket-name", "", 5,
	  20, 0 },
	{ "thumbnailConfiguration.resolution: HD", TRUTH_FALSE, "thumbnailConfiguration.resolution",
	  "absent", "HD", "", 1, 1, 0 },
	{ "renditionConfiguration.renditions: {each: {equals: HD}}", TRUTH_FALSE,
	  "renditionConfiguration.renditions[*]", "SD", "HD", "member 2 of 2", 7, 71, 0 },
	{ "renditionConfiguration.renditions: {count: {max: 1}}", TRUTH_FALSE,
	  "renditionConfiguration.renditions", "2", "a count of at most 1", "", 7, 66, 0 },
	{ "channels: {each: {type: STANDARD}}", TRUTH_FALSE, "channels[*].type", "BASIC",
	  "STANDARD", "member 1 of 2", 10, 23, 0 },
	{ "channels: {each: {tags.Team: x}}", TRUTH_FALSE, "channels[*].tags.Team", "absent", "x",
	  "member 2 of 2", 11, 5, 0 },
	{ "channels: {no: {insecureIngest: true}}", TRUTH_FALSE, "channels[*]",
	  "{name: two, type: STANDARD, insecureIngest: true}",
	  "no member where insecureIngest is true", "member 2 of 2", 11, 5, 0 },
	{ "channels: {count: {where: {type: BASIC}, min: 2}}", TRUTH_FALSE, "channels", "1",
	  "a count of at least 2 where type is BASIC", "1 of 2", 10, 3, 0 },
	{ "'channels[*].type': {contains: ADVANCED_HD}", TRUTH_FALSE, "channels[*].type",
	  "[BASIC, STANDARD]", "a list with ADVANCED_HD", "", 10, 3, 0 },
	{ "tags: {each: {any: [{key: {starts_with: 'aws:'}}, {value: {max_length: 5}}]}}",
	  TRUTH_FALSE, "tags['a.b']", "dotted",
	  "a length of at most 5, or that key starts with 'aws:'", "it has 6 characters", 8, 51,
	  0 },
	/* all: the first that does not hold, and the others behind it */
	{ "name: other\nstate: CREATING\nregion: us-west-2", TRUTH_FALSE, "name", "acme-live",
	  "other", "", 2, 7, 1 },
	/* any: the last tried, with all of them */
	{ "any: [{state: CREATING}, {state: CREATE_FAILED}]", TRUTH_FALSE, "state", "ACTIVE",
	  "CREATING or CREATE_FAILED", "", 3, 8, 0 },
	{ "any: [{renditionConfiguration.renditionSelection: ALL}, "
	  "{renditionConfiguration.renditions: {contains: FULL_HD}}]",
	  TRUTH_FALSE, "renditionConfiguration.renditions", "[HD, SD]",
	  "a list with FULL_HD, or that renditionConfiguration.renditionSelection is ALL", "", 7,
	  66, 0 },
	{ "any: [{recordingReconnectWindowSeconds: 0}, {recordingReconnectWindowSeconds: {min: 60, "
	  "max: 90}}]",
	  TRUTH_FALSE, "recordingReconnectWindowSeconds", "30",
	  "0, or that recordingReconnectWindowSeconds is at least 60 and is at most 90", "", 6, 34,
	  0 },
	/* not and none: what was not to be */
	{ "not: {state: ACTIVE}", TRUTH_FALSE, "state", "ACTIVE", "anything but ACTIVE", "", 3, 8,
	  0 },
	{ "none: [{state: CREATING}, {state: ACTIVE}]", TRUTH_FALSE, "state", "ACTIVE",
	  "anything but ACTIVE", "", 3, 8, 0 },
	{ "not: {state: ACTIVE, name: acme-live}", TRUTH_FALSE, "name", "acme-live",
	  "anything but acme-live, or that state is not ACTIVE", "", 2, 7, 0 },
	{ "not: {any: [{state: ACTIVE}, {name: other}]}", TRUTH_FALSE, "state", "ACTIVE",
	  "anything but ACTIVE", "", 3, 8, 0 },
	{ "not: {recordingReconnectWindowSeconds: {min: 5}}", TRUTH_FALSE,
	  "recordingReconnectWindowSeconds", "30", "less than 5", "", 6, 34, 0 },
	{ "not: {name: {exists: true}}", TRUTH_FALSE, "name", "acme-live", "no value", "", 2, 7,
	  0 },
	{ "not: {tags: {lacks_keys: [x]}}", TRUTH_FALSE, "tags",
	  "{owner: video, Env: Prod, Max: '20', a.b: dotted}", "one of the keys [x]", "missing x",
	  8, 7, 0 },
	{ "not: {not: {name: other}}", TRUTH_FALSE, "name", "acme-live", "other", "", 2, 7, 0 },
	/* unknown: the first, with its reason */
	{ "all: [{name: acme-live}, {bucket.region: x}, {bucket.versioning: Enabled}]",
	  TRUTH_UNKNOWN, "bucket.region", "unknown", "x", "", 1, 1, 0 },
	{ "any: [{name: other}, {bucket.region: x}]", TRUTH_UNKNOWN, "bucket.region", "unknown",
	  "x", "", 1, 1, 0 },
	{ "name: {equals: {field: bucket.region}}", TRUTH_UNKNOWN, "name", "acme-live",
	  "field bucket.region, which is unknown", "", 2, 7, 0 },
	{ "none: [{bucket.region: x}]", TRUTH_UNKNOWN, "bucket.region", "unknown", "anything but x",
	  "", 1, 1, 0 },
	/* parameters have no place in the configuration */
	{ "$number: {max: 5}", TRUTH_FALSE, "$number", "7", "at most 5", "", 1, 1, 0 },
};

static void check_text(const struct evidence_case *k, const char *what, struct str got,
		       const char *want)
{
	if (!str_is(got, want))
		fail_msg("%s: %s is '%.*s', not '%s'", k->text, what, STR_ARG(got), want);
}

static void check_evidence(struct fixture *f, const struct evidence_case *k)
{
	struct cond *c = fixture_cond(f, k->text);
	struct arena arena = ARENA_INIT;
	struct buf shown = BUF_INIT(0);
	const struct evidence *next;
	struct evidence ev;
	size_t more = 0;

	assert_int_equal(cond_judge(c, &f->resource, &f->judge), k->truth);
	cond_explain(c, &f->resource, &f->judge, &arena, &ev);
	assert_int_equal(ev.truth, k->truth);
	check_text(k, "field", ev.field, k->field);
	value_show(&shown, ev.actual, LIMIT_SHOWN_VALUE);
	check_text(k, "actual", buf_str(&shown), k->actual);
	check_text(k, "expected", ev.expected, k->expected);
	check_text(k, "detail", ev.detail, k->detail);
	assert_int_equal(ev.why != NULL, k->truth == TRUTH_UNKNOWN);
	assert_int_equal(ev.cond_place.line != 0, 1);
	if (ev.place.line != k->line || ev.place.column != k->column)
		fail_msg("%s: place is %u:%u, not %u:%u", k->text, ev.place.line, ev.place.column,
			 k->line, k->column);
	for (next = ev.next; next != NULL; next = next->next)
		more++;
	assert_int_equal(more, k->more);
	buf_release(&shown);
	arena_release(&arena);
	cond_release(c);
}

static void test_evidence(void **state)
{
	struct fixture f;
	size_t i;

	(void)state;
	fixture_start(&f);
	for (i = 0; i < sizeof(evidence_cases) / sizeof(*evidence_cases); i++)
		check_evidence(&f, &evidence_cases[i]);
	fixture_release(&f);
}

/* ---- texts ----------------------------------------------------------------- */

static void test_describe(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "tags: {has_keys: [Owner, Environment]}", "tags has keys [Owner, Environment]" },
		{ "state: ACTIVE", "state is ACTIVE" },
		{ "not: {state: ACTIVE}", "state is not ACTIVE" },
		{ "name: {matches: '^a', max_length: 5}",
		  "name matches '^a' and has a length of at most 5" },
		{ "name: x\nstate: ACTIVE", "name is x and state is ACTIVE" },
		{ "any: [{name: x}, {state: ACTIVE}]", "(name is x or state is ACTIVE)" },
		{ "none: [{name: x}, {state: ACTIVE}]", "name is not x and state is not ACTIVE" },
		{ "not: {all: [{name: x}, {tags.a: {min_length: 5}}]}",
		  "(name is not x or tags.a not: has a length of at least 5)" },
		{ "thumbnailConfiguration.targetIntervalSeconds: {greater_than: {field: "
		  "recordingReconnectWindowSeconds, else: 5}}",
		  "thumbnailConfiguration.targetIntervalSeconds is more than field "
		  "recordingReconnectWindowSeconds or else 5" },
		{ "name: {ends_with: {format: '-{region}'}}", "name ends with '-{region}'" },
		{ "name: {exists: false}", "name does not exist" },
		{ "renditionConfiguration.renditions: {each: {in: [HD, SD]}}",
		  "renditionConfiguration.renditions has only members each of which is one of [HD, "
		  "SD]" },
		{ "channels: {some: {type: BASIC, name: x}}",
		  "channels has some member where type is BASIC and name is x" },
		{ "channels: {count: {min: 1, max: $number}}",
		  "channels has a count of at least 1 and at most 7" },
		{ "recordingReconnectWindowSeconds: {max: $from.max}",
		  "recordingReconnectWindowSeconds is at most anything" },
	};
	struct fixture f;
	struct buf b = BUF_INIT(0);
	struct cond *c;
	size_t i;

	(void)state;
	fixture_start(&f);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		c = fixture_cond(&f, cases[i].text);
		buf_clear(&b);
		cond_describe(c, &b);
		assert_string_equal(b.data, cases[i].want);
		cond_release(c);
	}
	buf_release(&b);
	fixture_release(&f);
}

static void put_step(void *to, int depth, struct str description, enum truth truth,
		     struct place place, const struct evidence *leaf)
{
	assert_int_not_equal(place.column, UINT32_MAX);
	buf_printf(to, "%d %.*s: %s", depth, STR_ARG(description), truth_name(truth));
	if (leaf != NULL) {
		buf_puts(to, ", ");
		value_show(to, leaf->actual, 40);
	}
	buf_putc(to, '\n');
}

static void test_trace(void **state)
{
	struct fixture f;
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	struct cond *c;

	(void)state;
	fixture_start(&f);
	c = fixture_cond(&f, "any: [{name: x}, {not: {bucket.region: y}}]\nstate: ACTIVE");
	cond_trace(c, &f.resource, &f.judge, &arena, put_step, &b);
	assert_string_equal(b.data, "0 all of: unknown\n"
				    "1 any of: unknown\n"
				    "2 name is x: false, acme-live\n"
				    "2 not: unknown\n"
				    "3 bucket.region is y: unknown, unknown\n"
				    "1 state is ACTIVE: true, ACTIVE\n");
	cond_release(c);
	buf_release(&b);
	arena_release(&arena);
	fixture_release(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_describe),
		cmocka_unit_test(test_trace),
	};

	return cmocka_run_group_tests_name("cond_tell", tests, NULL, NULL);
}
