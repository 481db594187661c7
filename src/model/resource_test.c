/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows: derived fields, what is unknown and why, defaults, trees, subjects.
 */
#include "model/resource.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/tree_fixture.h"

#define ARN "arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbCdEf123456"
#define ALL (~(field_set)0)

struct fixture {
	struct arena arena;
	struct source source;
	struct resource r;
	struct err err;
};

static void begin(struct fixture *f)
{
	*f = (struct fixture){ .arena = ARENA_INIT };
	source_init(&f->source, "saved.json", STR("\n\n{}"));
	resource_init(&f->r, &f->source, (struct place){ 0, 2 }, SOURCE_JSON);
}

/* The value as a person sees it, and why it is unknown. */
static const char *show(struct arena *a, const struct value *v)
{
	struct buf b = BUF_INIT(0);
	const char *text;

	value_show(&b, v, 200);
	if (v->kind == VALUE_UNKNOWN) {
		buf_puts(&b, ": ");
		buf_puts(&b, v->why);
	}
	text = arena_buf(a, &b).data;
	buf_release(&b);
	return text;
}

static void expect(struct fixture *f, int field, const char *want)
{
	const char *shown = show(&f->arena, &f->r.slots[field]);

	if (strcmp(shown, want) != 0)
		fail_msg("%s: '%s' is not '%s'", field_table[field].path, shown, want);
}

static void put(struct fixture *f, int field, const char *text)
{
	f->r.slots[field] = read_tree(&f->arena, "x", text);
}

static void test_derived(void **state)
{
	static const struct {
		const char *arn, *partition, *region, *account, *id;
	} cases[] = {
		{ ARN, "aws", "us-west-2", "'123456789012'", "AbCdEf123456" },
		{ "''", "absent", "absent", "absent", "absent" },
		{ "arn:aws:s3:::bucket", "aws", "absent", "absent", "absent" },
		{ "arn:aws:ivs:eu-west-1:123456789012:channel/x", "aws", "eu-west-1",
		  "'123456789012'", "absent" },
		{ "arn:aws", "aws", "absent", "absent", "absent" },
		{ "'arn:'", "absent", "absent", "absent", "absent" },
		{ "aws:ivs:us-west-2", "absent", "absent", "absent", "absent" },
		{ "arn:aws:ivs:us-west-2:123456789012:recording-configuration/a:b/c", "aws",
		  "us-west-2", "'123456789012'", "a:b/c" },
		{ "~", "absent", "absent", "absent", "absent" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&f);
		put(&f, FIELD_ARN, cases[i].arn);
		resource_complete(&f.r, ALL, &f.arena);
		expect(&f, FIELD_PARTITION, cases[i].partition);
		expect(&f, FIELD_REGION, cases[i].region);
		expect(&f, FIELD_ACCOUNT, cases[i].account);
		expect(&f, FIELD_ID, cases[i].id);
		arena_release(&f.arena);
	}
	begin(&f);
	f.r.slots[FIELD_ARN] = value_unknown("not known before the deployment");
	f.r.slots[FIELD_REGION] = value_of_str(STR("us-east-1"));
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_REGION, "us-east-1");
	expect(&f, FIELD_ACCOUNT, "unknown: not known before the deployment");
	arena_release(&f.arena);
}

static void test_defaults(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_RECONNECT_WINDOW, "0 (the default)");
	expect(&f, FIELD_RENDITION_SELECTION, "ALL (the default)");
	expect(&f, FIELD_THUMBNAIL_MODE, "INTERVAL (the default)");
	expect(&f, FIELD_THUMBNAIL_INTERVAL, "60 (the default)");
	expect(&f, FIELD_THUMBNAIL_STORAGE, "[SEQUENTIAL] (the default)");
	expect(&f, FIELD_THUMBNAIL_RESOLUTION, "absent");
	expect(&f, FIELD_THUMBNAIL, "absent");
	expect(&f, FIELD_NAME, "absent");
	expect(&f, FIELD_SOURCE_KIND, "json");
	expect(&f, FIELD_SOURCE_FILE, "saved.json");
	expect(&f, FIELD_SOURCE_LINE, "3");
	arena_release(&f.arena);

	begin(&f);
	put(&f, FIELD_THUMBNAIL_MODE, "DISABLED");
	put(&f, FIELD_RECONNECT_WINDOW, "30");
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_THUMBNAIL_INTERVAL, "absent");
	expect(&f, FIELD_THUMBNAIL_STORAGE, "absent");
	expect(&f, FIELD_RECONNECT_WINDOW, "30");
	arena_release(&f.arena);

	/* the mode by itself is not asked for, and has its default all the same */
	begin(&f);
	resource_complete(&f.r, FIELD_BIT(FIELD_THUMBNAIL_INTERVAL), &f.arena);
	expect(&f, FIELD_THUMBNAIL_INTERVAL, "60 (the default)");
	expect(&f, FIELD_THUMBNAIL_MODE, "absent");
	arena_release(&f.arena);

	begin(&f);
	f.r.slots[FIELD_THUMBNAIL_MODE] = value_unknown("a parameter");
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_THUMBNAIL_INTERVAL, "unknown: a parameter");
	expect(&f, FIELD_THUMBNAIL_RESOLUTION, "absent");
	arena_release(&f.arena);
}

static void test_null_is_absent(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r.slots[FIELD_NAME] = (struct value){ .kind = VALUE_NULL, .place = { 5, 6 } };
	f.r.slots[FIELD_RECONNECT_WINDOW] = f.r.slots[FIELD_NAME];
	f.r.slots[FIELD_BUCKET_VERSIONING] = f.r.slots[FIELD_NAME];
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_NAME, "absent");
	assert_int_equal(f.r.slots[FIELD_NAME].place.line, 5);
	expect(&f, FIELD_RECONNECT_WINDOW, "0 (the default)");
	assert_int_equal(f.r.slots[FIELD_RECONNECT_WINDOW].place.line, 5);
	/* gathered, and never enabled */
	expect(&f, FIELD_BUCKET_VERSIONING, "absent");
	expect(&f, FIELD_BUCKET_ENCRYPTION, "unknown: the bucket was not looked at");
	arena_release(&f.arena);
}

static void test_places_of_what_is_absent(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r.slots[FIELD_THUMBNAIL] =
	    (struct value){ .kind = VALUE_MAP, .flags = VALUE_WRITTEN, .place = { 7, 3 } };
	resource_complete(&f.r, ALL, &f.arena);
	assert_int_equal(f.r.slots[FIELD_THUMBNAIL_INTERVAL].place.line, 7);
	assert_int_equal(f.r.slots[FIELD_THUMBNAIL_RESOLUTION].place.line, 7);
	assert_int_equal(f.r.slots[FIELD_NAME].place.line, 0);
	assert_int_equal(f.r.slots[FIELD_NAME].place.column, 2);
	arena_release(&f.arena);
}

static void test_summary(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r.summary = true;
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_NAME, "absent");
	expect(&f, FIELD_TAGS, "absent");
	expect(&f, FIELD_THUMBNAIL_INTERVAL,
	       "unknown: list-recording-configurations does not print it; "
	       "get-recording-configuration does");
	assert_int_equal(f.r.slots[FIELD_RECONNECT_WINDOW].kind, VALUE_UNKNOWN);
	assert_int_equal(f.r.slots[FIELD_RENDITIONS].kind, VALUE_UNKNOWN);
	expect(&f, FIELD_TEMPLATE_ACTION, "unknown: only a template or a plan has it");
	arena_release(&f.arena);
}

static void test_unknown_parent(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.r.slots[FIELD_THUMBNAIL] = value_unknown("!If");
	f.r.slots[FIELD_DESTINATION] = value_unknown("!Ref");
	put(&f, FIELD_THUMBNAIL_STORAGE, "[LATEST]");
	resource_complete(&f.r,
			  FIELD_BIT(FIELD_THUMBNAIL_INTERVAL) | FIELD_BIT(FIELD_BUCKET_NAME) |
			      FIELD_BIT(FIELD_THUMBNAIL_STORAGE),
			  &f.arena);
	expect(&f, FIELD_THUMBNAIL_INTERVAL, "unknown: !If");
	expect(&f, FIELD_BUCKET_NAME, "unknown: !Ref");
	expect(&f, FIELD_THUMBNAIL_STORAGE, "[LATEST]");
	/* what nobody needs is left alone */
	assert_int_equal(f.r.slots[FIELD_THUMBNAIL_MODE].kind, VALUE_ABSENT);
	arena_release(&f.arena);
}

static void test_template_and_related(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_TEMPLATE_DELETION, "unknown: only a template or a plan has it");
	expect(&f, FIELD_CHANNELS, "unknown: channels were not gathered");
	expect(&f, FIELD_KEYFRAME_MAXIMUM, "unknown: streams were not measured");
	expect(&f, FIELD_BUCKET_REGION, "unknown: the bucket was not looked at");
	arena_release(&f.arena);
	begin(&f);
	f.r.source_kind = SOURCE_CLOUDFORMATION;
	put(&f, FIELD_CHANNELS, "[]");
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_TEMPLATE_DELETION, "absent");
	expect(&f, FIELD_CHANNELS, "[]");
	expect(&f, FIELD_SOURCE_KIND, "cloudformation");
	arena_release(&f.arena);
	/* an input that looked at the bucket and found nothing written */
	begin(&f);
	put(&f, FIELD_BUCKET_ENCRYPTION, "null");
	put(&f, FIELD_BUCKET_PUBLIC_ACCESS, "null");
	put(&f, FIELD_BUCKET_OWNERSHIP, "ObjectWriter");
	put(&f, FIELD_BUCKET_VERSIONING, "null");
	put(&f, FIELD_BUCKET_LIFECYCLE, "null");
	resource_complete(&f.r, ALL, &f.arena);
	expect(&f, FIELD_BUCKET_ENCRYPTION, "AES256 (the default)");
	expect(&f, FIELD_BUCKET_PUBLIC_ACCESS, "true (the default)");
	expect(&f, FIELD_BUCKET_OWNERSHIP, "ObjectWriter");
	expect(&f, FIELD_BUCKET_VERSIONING, "absent");
	expect(&f, FIELD_BUCKET_LIFECYCLE, "absent");
	expect(&f, FIELD_BUCKET_REGION, "unknown: the bucket was not looked at");
	arena_release(&f.arena);
}

static void test_closure(void **state)
{
	int i;

	(void)state;
	assert_int_equal(resource_closure(0), 0);
	assert_int_equal(resource_closure(FIELD_BIT(FIELD_NAME)), FIELD_BIT(FIELD_NAME));
	assert_int_equal(resource_closure(FIELD_BIT(FIELD_REGION)),
			 FIELD_BIT(FIELD_REGION) | FIELD_BIT(FIELD_ARN));
	assert_int_equal(resource_closure(FIELD_BIT(FIELD_BUCKET_NAME)),
			 FIELD_BIT(FIELD_BUCKET_NAME) | FIELD_BIT(FIELD_DESTINATION_S3) |
			     FIELD_BIT(FIELD_DESTINATION));
	assert_int_equal(resource_closure(FIELD_BIT(FIELD_THUMBNAIL_INTERVAL)),
			 FIELD_BIT(FIELD_THUMBNAIL_INTERVAL) | FIELD_BIT(FIELD_THUMBNAIL_MODE) |
			     FIELD_BIT(FIELD_THUMBNAIL));
	for (i = 0; i < N_FIELDS; i++) {
		field_set once = resource_closure(FIELD_BIT(i));

		assert_true((once & FIELD_BIT(i)) != 0);
		assert_true(resource_closure(once) == once);
	}
	assert_true(resource_closure(ALL) >> (N_FIELDS - 1) == 1);
}

static int from_text(struct fixture *f, const char *text, const char *const *paths, size_t n)
{
	struct value tree = read_tree(&f->arena, "x", text);
	struct str unknown[8];
	size_t i;

	for (i = 0; i < n; i++)
		unknown[i] = str_of(paths[i]);
	return resource_from_value(&f->r, &tree, unknown, n, &f->arena, &f->err);
}

static void test_from_value(void **state)
{
	static const struct {
		const char *text;
		int field;
		const char *want;
	} cases[] = {
		{ "{}", FIELD_THUMBNAIL_INTERVAL, "60 (the default)" },
		{ "", FIELD_NAME, "absent" },
		{ "{name: a}", FIELD_NAME, "a" },
		{ "{recordingConfiguration: {name: a}}", FIELD_NAME, "a" },
		{ "{arn: '" ARN "'}", FIELD_REGION, "us-west-2" },
		{ "{region: eu-west-1}", FIELD_REGION, "eu-west-1" },
		{ "{account: '123456789012'}", FIELD_ACCOUNT, "'123456789012'" },
		{ "{account: '123456789012'}", FIELD_REGION, "absent" },
		{ "{tags: {Owner: video, Cost: '100'}}", FIELD_TAGS,
		  "{Owner: video, Cost: '100'}" },
		{ "{tags: {}}", FIELD_TAGS, "{}" },
		{ "{tags: {a.b: x}}", FIELD_TAGS, "{a.b: x}" },
		{ "{destinationConfiguration: {s3: {bucketName: b}}}", FIELD_BUCKET_NAME, "b" },
		{ "{destinationConfiguration: {s3: {bucketName: b}}}", FIELD_DESTINATION, "{...}" },
		{ "{thumbnailConfiguration: {recordingMode: DISABLED}}", FIELD_THUMBNAIL_INTERVAL,
		  "absent" },
		{ "{thumbnailConfiguration: null}", FIELD_THUMBNAIL, "absent" },
		{ "{thumbnailConfiguration: null}", FIELD_THUMBNAIL_MODE,
		  "INTERVAL (the default)" },
		{ "{renditionConfiguration: {renditions: [HD]}}", FIELD_RENDITIONS, "[HD]" },
		{ "{source: {kind: terraform, file: x.json, line: 7}}", FIELD_SOURCE_LINE, "7" },
		{ "{source: {kind: terraform}}", FIELD_SOURCE_KIND, "terraform" },
		{ "{source: {kind: terraform}}", FIELD_TEMPLATE_ACTION, "absent" },
		{ "{template: {DeletionPolicy: Retain}}", FIELD_TEMPLATE_DELETION, "Retain" },
		{ "{template: {DeletionPolicy: Retain}}", FIELD_TEMPLATE_REPLACE, "absent" },
		{ "{template: {DeletionPolicy: Retain}}", FIELD_SOURCE_KIND, "cloudformation" },
		{ "{template: {action: create}}", FIELD_SOURCE_KIND, "terraform" },
		{ "{template: {Metadata: {a: {b: [1]}}}}", FIELD_TEMPLATE_METADATA,
		  "{a: {b: [1]}}" },
		{ "{channels: [{type: BASIC, multitrackInputConfiguration: {enabled: true}, "
		  "tags: {a: b}}]}",
		  FIELD_CHANNELS,
		  "[{type: BASIC, multitrackInputConfiguration: {enabled: true}, tags: {a: b}}]" },
		{ "{channels: []}", FIELD_CHANNELS, "[]" },
		{ "{stream: {keyframeIntervalSeconds: {maximum: 2.5}}}", FIELD_KEYFRAME_MAXIMUM,
		  "2.5" },
		{ "{stream: {}}", FIELD_KEYFRAME_MAXIMUM, "unknown: streams were not measured" },
		{ "{bucket: {region: us-west-2, publicAccessBlocked: true}}",
		  FIELD_BUCKET_PUBLIC_ACCESS, "true" },
		{ "{bucket: {versioning: null}}", FIELD_BUCKET_VERSIONING, "absent" },
		{ "{bucket: null}", FIELD_BUCKET_VERSIONING,
		  "unknown: the bucket was not looked at" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&f);
		if (from_text(&f, cases[i].text, NULL, 0) == -1)
			fail_msg("%s: %s", cases[i].text, f.err.text);
		expect(&f, cases[i].field, cases[i].want);
		arena_release(&f.arena);
	}
}

static void test_from_value_refuses(void **state)
{
	static const struct {
		const char *text;
		uint32_t column;
		const char *says;
	} cases[] = {
		{ "[]", 1, "a configuration is a map, and this is a list" },
		{ "{nam: a}", 2, "there is no field 'nam'; did you mean 'name'?" },
		{ "{colour: a}", 2, "there is no field 'colour'" },
		{ "{thumbnailConfiguration: {targetIntervalSecond: 1}}", 27,
		  "did you mean 'thumbnailConfiguration.targetIntervalSeconds'?" },
		{ "{destinationConfiguration.s3.bucketName: b}", 2, "there is no field" },
		{ "{name: 5}", 8, "'name' takes a string, and this is a number: quote it ('5')" },
		{ "{account: 123456789012}", 11, "quote it ('123456789012')" },
		{ "{name: []}", 8, "'name' takes a string, and this is a list" },
		{ "{tags: {Cost: 100}}", 15,
		  "'tags.Cost' takes a string, and this is a number: "
		  "quote it ('100')" },
		{ "{tags: {Live: true}}", 15, "quote it ('true')" },
		{ "{tags: [a]}", 8, "'tags' takes a map, and this is a list" },
		{ "{recordingReconnectWindowSeconds: '5'}", 35,
		  "takes a number, and this is a string" },
		{ "{state: ACTIV}", 9,
		  "'ACTIV' is not a value of 'state', which has "
		  "CREATING|CREATE_FAILED|ACTIVE; did you mean 'ACTIVE'?" },
		{ "{renditionConfiguration: {renditions: [HD, UHD]}}", 44,
		  "'UHD' is not a value of 'renditionConfiguration.renditions[*]'" },
		{ "{renditionConfiguration: {renditions: [1]}}", 40, "takes a string" },
		{ "{thumbnailConfiguration: DISABLED}", 26, "takes a map, and this is a string" },
		{ "{bucket: name}", 10, "'bucket' takes a map" },
		{ "{channels: {}}", 12, "'channels' takes a list" },
		{ "{channels: [a]}", 13, "takes a map" },
		{ "{channels: [{typ: BASIC}]}", 14, "did you mean 'channels[*].type'?" },
		{ "{channels: [{type: HUGE}]}", 20, "'HUGE' is not a value of 'channels[*].type'" },
		{ "{channels: [{authorized: 'true'}]}", 26, "takes true or false" },
		{ "{bucket: {lifecycle: [{prefx: a}]}}", 24,
		  "did you mean 'bucket.lifecycle[*].prefix'?" },
		{ "{template: {mistakes: [{text: 5}]}}", 31,
		  "'template.mistakes[*].text' takes a string" },
		{ "{\"na\\0me\": a}", 2, "there is no field 'na\\x00me'" },
		{ "{bucket: {publicAccessBlocked: yes}}", 32,
		  "takes true or false, and this is a string" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&f);
		if (from_text(&f, cases[i].text, NULL, 0) != -1)
			fail_msg("%s is taken", cases[i].text);
		if (strstr(f.err.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].text, f.err.text);
		if (f.err.line != 1 || f.err.column != cases[i].column)
			fail_msg("%s: %u:%u", cases[i].text, f.err.line, f.err.column);
		arena_release(&f.arena);
	}
}

static void test_unknown_by_the_test(void **state)
{
	static const char said[] = "unknown: said to be unknown by the test";
	static const char *const paths[] = { "arn",
					     "thumbnailConfiguration",
					     "bucket",
					     "tags.Owner",
					     "tags['aws:x']",
					     "tags.New",
					     "recordingReconnectWindowSeconds" };
	static const char *const none[] = { "tag" };
	struct fixture f;

	(void)state;
	begin(&f);
	assert_int_equal(from_text(&f,
				   "{tags: {Owner: a, 'aws:x': b, c: d}, "
				   "thumbnailConfiguration: {recordingMode: DISABLED}}",
				   paths, 7),
			 0);
	expect(&f, FIELD_ARN, said);
	expect(&f, FIELD_REGION, said);
	expect(&f, FIELD_THUMBNAIL, said);
	expect(&f, FIELD_THUMBNAIL_MODE, said);
	expect(&f, FIELD_THUMBNAIL_INTERVAL, said);
	expect(&f, FIELD_BUCKET_ENCRYPTION, said);
	expect(&f, FIELD_RECONNECT_WINDOW, said);
	expect(&f, FIELD_RENDITION_SELECTION, "ALL (the default)");
	expect(&f, FIELD_TAGS, "{Owner: unknown, aws:x: unknown, c: d, New: unknown}");
	arena_release(&f.arena);
	begin(&f);
	assert_int_equal(from_text(&f, "{}", none, 1), -1);
	assert_string_equal(f.err.text, "there is no field 'tag'; did you mean 'tags'?");
	assert_int_equal(f.err.line, 0);
	arena_release(&f.arena);
}

/* What stands behind a path of the first channel. */
static void expect_first(const struct value *list, const char *key, const char *below,
			 const char *want)
{
	const struct value *v = value_get(&list->items[0], str_of(key));
	struct buf b = BUF_INIT(0);

	if (below != NULL)
		v = value_get(v, str_of(below));
	assert_non_null(v);
	value_show(&b, v, 200);
	if (!str_is(buf_str(&b), want))
		fail_msg("%s is %.*s, not %s", key, (int)b.len, b.data, want);
	buf_release(&b);
}

static void test_members(void **state)
{
	static const char *const unknown[] = { "channels[*].type",
					       "channels[*].multitrackInputConfiguration.enabled",
					       "bucket.lifecycle[*].prefix" };
	static const char text[] = "{channels: [{name: a, multitrackInputConfiguration: {policy: "
				   "ALLOW}}], bucket: {lifecycle: [{status: Enabled}]}}";
	const struct value *v;
	struct fixture f;

	(void)state;
	begin(&f);
	assert_int_equal(from_text(&f, text, NULL, 0), 0);
	v = &f.r.slots[FIELD_CHANNELS];
	expect_first(v, "type", NULL, "STANDARD (the default)");
	expect_first(v, "authorized", NULL, "false (the default)");
	expect_first(v, "multitrackInputConfiguration", "enabled", "false (the default)");
	expect_first(v, "multitrackInputConfiguration", "policy", "ALLOW");
	assert_null(value_get(&v->items[0], STR("preset")));
	/* defaults are not shown */
	expect(&f, FIELD_CHANNELS, "[{name: a, multitrackInputConfiguration: {policy: ALLOW}}]");
	expect(&f, FIELD_BUCKET_LIFECYCLE, "[{status: Enabled}]");
	expect_first(&f.r.slots[FIELD_BUCKET_LIFECYCLE], "prefix", NULL, "'' (the default)");
	arena_release(&f.arena);

	begin(&f);
	assert_int_equal(from_text(&f, text, unknown, 3), 0);
	v = &f.r.slots[FIELD_CHANNELS];
	expect_first(v, "type", NULL, "unknown");
	expect_first(v, "name", NULL, "a");
	expect_first(v, "multitrackInputConfiguration", "enabled", "unknown");
	expect_first(v, "multitrackInputConfiguration", "policy", "ALLOW");
	expect_first(&f.r.slots[FIELD_BUCKET_LIFECYCLE], "prefix", NULL, "unknown");
	arena_release(&f.arena);

	/* what is unknown as a whole has no defaults */
	begin(&f);
	assert_int_equal(from_text(&f, "{channels: [{name: a}]}",
				   (const char *const[]){ "channels[*]."
							  "multitrackInputConfiguration" },
				   1),
			 0);
	v = &f.r.slots[FIELD_CHANNELS];
	expect_first(v, "multitrackInputConfiguration", NULL, "unknown");
	arena_release(&f.arena);
}

static void test_subject(void **state)
{
	struct subject s;
	struct fixture f;

	(void)state;
	begin(&f);
	f.r.index = 4;
	resource_subject(&f.r, &f.arena, &s);
	assert_true(str_is(s.id, "saved.json#4"));
	assert_true(str_is(s.arn, "") && str_is(s.name, "") && str_is(s.account, ""));
	assert_int_equal(s.place.line, 3);
	put(&f, FIELD_NAME, "a");
	resource_subject(&f.r, &f.arena, &s);
	assert_true(str_is(s.id, "saved.json#a"));
	f.r.logical_id = STR("Recording");
	resource_subject(&f.r, &f.arena, &s);
	assert_true(str_is(s.id, "saved.json#Recording"));
	put(&f, FIELD_ARN, ARN);
	resource_subject(&f.r, &f.arena, &s);
	assert_true(str_is(s.id, ARN));
	assert_true(str_is(s.region, "us-west-2"));
	assert_true(str_is(s.account, "123456789012"));
	assert_true(str_is(s.name, "a"));
	assert_string_equal(s.file, "saved.json");
	arena_release(&f.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_derived),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_null_is_absent),
		cmocka_unit_test(test_places_of_what_is_absent),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_unknown_parent),
		cmocka_unit_test(test_template_and_related),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_closure),
		cmocka_unit_test(test_from_value),
		cmocka_unit_test(test_from_value_refuses),
		cmocka_unit_test(test_unknown_by_the_test),
		cmocka_unit_test(test_subject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
