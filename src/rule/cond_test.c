/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions: three values, the leaf that decided, the texts, and each
 * mistake with its place. Operators by themselves are op_test.c's.
 */
#include "rule/cond_fixture.h"

#include <stdlib.h>

#include "base/limit.h"

static const char sample[] =
    "arn: 'arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbCdEf'\n" /* 1 */
    "name: acme-live\n"
    "state: ACTIVE\n" /* 3 */
    "destinationConfiguration:\n"
    "  s3: {bucketName: acme-recordings}\n" /* 5 */
    "recordingReconnectWindowSeconds: 30\n"
    "renditionConfiguration: {renditionSelection: CUSTOM, renditions: [HD, SD]}\n" /* 7 */
    "tags: {owner: video, Env: Prod, Max: '20', 'a.b': dotted}\n"
    "channels:\n" /* 9 */
    "  - {name: one, type: BASIC, tags: {Team: x}}\n"
    "  - {name: two, type: STANDARD, insecureIngest: true}\n"    /* 11 */
    "template: {Metadata: {acme: {tier: gold, list: [1, 2]}},\n" /* 12 */
    "  mistakes: [{property: Name, text: too long}]}\n";

static void add_params(struct fixture *f)
{
	fixture_param_yaml(f, "range", "range", "{min: 5, max: 30}");
	fixture_param_yaml(f, "from", "range", "{min: 5}");
	fixture_param_yaml(f, "names", "list<string>", "[Owner, Environment]");
	fixture_param_yaml(f, "name", "string", "prod");
	fixture_param_yaml(f, "number", "number", "7");
	fixture_param_yaml(f, "limits", "map<number>", "{low: 5, high: 7}");
	fixture_param(f, "unset", "string", NULL);
}

static void start(struct fixture *f)
{
	fixture_init(f);
	add_params(f);
	fixture_give(f, sample, "bucket");
}

/* ---- three values ---------------------------------------------------------- */

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
	start(&f);
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

/* ---- mistakes -------------------------------------------------------------- */

struct mistake_case {
	const char *text;
	uint32_t line, column;
	const char *message, *hint; /* pieces */
};

static const struct mistake_case mistake_cases[] = {
	{ "{}", 1, 1, "a condition is a mapping, not an empty one", "{FIELD: VALUE}" },
	{ "[a]", 1, 1, "a condition is a mapping, not a list", NULL },
	{ "x", 1, 1, "a condition is a mapping, not a string", NULL },
	{ "all: {name: x}", 1, 6, "'all' takes a list of conditions, not a map",
	  "begins with '- '" },
	{ "any: []", 1, 6, "'any' of no condition", NULL },
	{ "not: [name]", 1, 6, "a condition is a mapping, not a list", NULL },
	{ "all:\n  - {name: x}\n  - {nam: x}", 3, 6, "unknown field 'nam'",
	  "did you mean 'name'?" },
	{ "group: {count: {max: 5}}", 1, 1, "'group' is for rules with group_by", NULL },
	{ "name: {same: true}", 1, 8, "'same' is for rules with group_by", NULL },
	{ "name: {unique: true}", 1, 8, "'unique' is for rules with group_by", NULL },
	/* paths */
	{ "thumbnailConfiguration.targetInterval: 5", 1, 1, "unknown field",
	  "'thumbnailConfiguration.targetIntervalSeconds'" },
	{ "thumbnailConfiguraton.recordingMode: INTERVAL", 1, 1, "unknown field",
	  "'thumbnailConfiguration.recordingMode'" },
	{ "bucketName: x", 1, 1, "unknown field 'bucketName'",
	  "'destinationConfiguration.s3.bucketName'" },
	{ "source: x", 1, 1, "unknown field 'source'", "it has members: 'source.kind'" },
	{ "zzzzzz: x", 1, 1, "unknown field 'zzzzzz'", "'ivslint fields' lists the fields" },
	{ "name.first: x", 1, 1, "unknown field", "'name' is a string" },
	{ "tags.a.b: x", 1, 1, "deeper than a map of strings", "tags['a.b']" },
	{ "'tags[*]': x", 1, 1, "is for lists of objects", "'keys', 'values'" },
	{ "'tags[a]': x", 1, 1, "malformed path", "a key in quotes" },
	{ "\"tags['a]\": x", 1, 1, "malformed path", NULL },
	{ "\"tags['a']b\": x", 1, 1, "malformed path", "a dot is missing" },
	{ "tags.: x", 1, 1, "a name is missing", NULL },
	{ ".name: x", 1, 1, "a name is missing", NULL },
	{ "'': x", 1, 1, "a name is missing", NULL },
	{ "channels.type: x", 1, 1, "'channels' is a list of objects", "'channels[*].type'" },
	{ "'channels[0].type': x", 1, 1, "malformed path", "[*] stands for all of them" },
	{ "'channels[*].typ': x", 1, 1, "members of 'channels' have no 'typ'", "'type'" },
	{ "'channels[*]': x", 1, 1, "names no field", "'channels' is the list itself" },
	{ "'renditionConfiguration.renditions[*]': x", 1, 1, "is a list without members",
	  "'each'" },
	{ "thumbnailConfiguration: x", 1, 1, "is an object", "{exists: true}" },
	{ "thumbnailConfiguration: {equals: x}", 1, 26, "'equals' is for any",
	  "there is only exists" },
	/* shapes */
	{ "name: [a, b]", 1, 7, "a list stands where an operator is expected", "{in: [...]}" },
	{ "renditionConfiguration.renditions: [HD]", 1, 36, "a list stands",
	  "{contains_all: [...]}" },
	{ "name: null", 1, 7, "takes a string, not null", "{exists: true}" },
	{ "name: {}", 1, 7, "operators are expected, {OPERATOR: OPERAND}, not an empty map", NULL },
	{ "name: {mtches: x}", 1, 8, "unknown operator 'mtches'", "did you mean 'matches'?" },
	{ "name: {regex: x}", 1, 8, "unknown operator 'regex'", "did you mean 'matches'?" },
	{ "name: {field: region}", 1, 8, "unknown operator 'field'", "{equals: {field: PATH}}" },
	{ "name: {matches: 'ab(c'}", 1, 22, "invalid pattern", NULL },
	{ "name: {matches: ab(c}", 1, 21, "invalid pattern", NULL },
	{ "name:\n  matches: >-\n    ab(c", 2, 12, "invalid pattern", NULL },
	{ "account: 123456789012", 1, 10, "'equals' on 'account' takes a string, not a number",
	  "quote it: '123456789012'" },
	{ "tags.Flag: true", 1, 12, "takes a string, not true or false", "quote it: 'true'" },
	{ "recordingReconnectWindowSeconds: {min: 10, max: 5}", 1, 35,
	  "'min' and 'max' leave no value between them", NULL },
	{ "recordingReconnectWindowSeconds: {max: 5, greater_than: 5}", 1, 43,
	  "'greater_than' and 'max' leave no value", NULL },
	{ "recordingReconnectWindowSeconds: {min: $number, less_than: 7}", 1, 35, "leave no value",
	  NULL },
	{ "name: {min_length: 5, max_length: 4}", 1, 8, "leave no value", NULL },
	{ "renditionConfiguration.renditionSelection: BOTH", 1, 44,
	  "is never 'BOTH', it is one of ALL, NONE, CUSTOM", NULL },
	{ "renditionConfiguration.renditionSelection: CUSTM", 1, 44, "is never 'CUSTM'",
	  "did you mean 'CUSTOM'?" },
	/* parameters */
	{ "name: $nam", 1, 7, "unknown parameter 'nam'", "did you mean '$name'?" },
	{ "name: $unset", 1, 7, "parameter 'unset' has no value", NULL },
	{ "$nam: x", 1, 1, "unknown parameter 'nam'", NULL },
	{ "$range: {min: 1}", 1, 1, "parameter 'range' is a range", "'$range.min'" },
	{ "$limits.mid: 5", 1, 1, "parameter 'limits' has no member 'mid'", NULL },
	{ "$name: {min: 5}", 1, 9, "'min' is for number", NULL },
	{ "name: {in: [a, '$bad']}", 1, 17, "unknown parameter 'bad'", NULL },
	{ "name: {in: [$number]}", 1, 13, "takes a string, not a number", NULL },
	/* operands */
	{ "name: {equals: {field: nme}}", 1, 24, "unknown field 'nme'", "did you mean 'name'?" },
	{ "name: {equals: {format: '{nme}-x'}}", 1, 27, "unknown field 'nme'", NULL },
	{ "name: {equals: {format: 'a}b'}}", 1, 27, "'}' without '{'", "'}}'" },
	{ "name: {equals: {format: 'a{b'}}", 1, 27, "'{' without '}'", "'{{'" },
	{ "name: {equals: {format: 'a{}b'}}", 1, 28, "path is missing", NULL },
	{ "name: {equals: {format: '{actual}'}}", 1, 27, "unknown field 'actual'", NULL },
	{ "name: {equals: {format: '{channels}'}}", 1, 27, "has no text", NULL },
	{ "name: {equals: {format: x, else: y}}", 1, 28, "'else' does not go with 'format'", NULL },
	{ "tags: {each: {region: x}}", 1, 15, "unknown operator 'region'", NULL },
	{ "tags: {each: {key: x, region: y}}", 1, 23, "the members here have no 'region'",
	  "'key' and 'value'" },
	{ "'bucket.lifecycle[*].prefx': x", 1, 1, "members of 'bucket.lifecycle' have no 'prefx'",
	  "'prefix'" },
	{ "bucket.lifecycle.prefix: x", 1, 1, "'bucket.lifecycle' is a list of objects",
	  "'bucket.lifecycle[*].prefix'" },
	{ "channels: {each: {region: x}}", 1, 19, "members of 'channels' have no 'region'",
	  "{field: region}" },
	{ "channels: {each: {type: {equals: {member: typ}}}}", 1, 43, "have no 'typ'", "'type'" },
};

static void test_mistakes(void **state)
{
	const struct mistake_case *k;
	const struct mistake *m;
	struct fixture f;
	size_t i;

	(void)state;
	start(&f);
	for (i = 0; i < sizeof(mistake_cases) / sizeof(*mistake_cases); i++) {
		k = &mistake_cases[i];
		mistakes_release(&f.mistakes);
		mistakes_init(&f.mistakes, &f.arena);
		if (cond_compile(&f.scope, fixture_yaml(&f, &f.source, "p.yaml", k->text)) != NULL)
			fail_msg("compiles: %s", k->text);
		assert_true(f.mistakes.n >= 1);
		m = &f.mistakes.list[0];
		if (f.mistakes.n != 1 || m->place.line != k->line || m->place.column != k->column ||
		    strstr(m->text, k->message) == NULL ||
		    (k->hint != NULL && (m->hint == NULL || strstr(m->hint, k->hint) == NULL))) {
			fixture_print(&f);
			fail_msg("%s: expected %u:%u: %s (%s)", k->text, k->line, k->column,
				 k->message, k->hint != NULL ? k->hint : "");
		}
	}
	fixture_release(&f);
}

/* Every mistake in one run, not only the first. */
static void test_many_mistakes(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	assert_null(cond_compile(
	    &f.scope, fixture_yaml(&f, &f.source, "p.yaml",
				   "nam: x\nany: [{state: ACTIV}, {name: {mim: 5, matches: '('}}]\n"
				   "tags: {has_keys: [], each: {min: 5}}\n")));
	assert_int_equal(f.mistakes.n, 6);
	fixture_release(&f);
}

static void test_depth(void **state)
{
	struct fixture f;
	struct buf b = BUF_INIT(0);
	int i, depth;

	(void)state;
	start(&f);
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
	start(&f);
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
	start(&f);
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
	start(&f);
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
	start(&f);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		c = fixture_cond(&f, cases[i].text);
		assert_int_equal(cond_needs(c), cases[i].needs);
		cond_release(c);
	}
	assert_int_equal(cond_needs(NULL), 0);
	fixture_release(&f);
}

/* ---- limits and memory ----------------------------------------------------- */

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
	start(&f);
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

/* ---- judge and explain agree ------------------------------------------------ */

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void put_random(struct buf *b, uint32_t *seed, int depth)
{
	static const char *const leaves[] = {
		"name: a",
		"name: {starts_with: a}",
		"tags: {has_keys: [A, B]}",
		"tags.A: {in: [x, y]}",
		"tags: {each: {in: [x, y]}}",
		"tags: {count: {where: {value: x}, max: 1}}",
		"recordingReconnectWindowSeconds: {min: 5, max: {field: tags.A, else: 60}}",
		"renditionConfiguration.renditions: {some: {equals: HD}}",
		"renditionConfiguration.renditions: {contains_all: [HD, SD]}",
		"renditionConfiguration.renditionSelection: ALL",
		"channels: {no: {type: BASIC, name: {equals: {field: name}}}}",
		"channels: {each: {any: [{type: BASIC}, {not: {tags.A: x}}]}}",
		"'channels[*].type': {contains: BASIC}",
		"tags: {allowed_values: {A: [x], B: ['y*']}}",
		"name: {ends_with: {format: '{tags.A}'}}",
		"tags: {keys: {matches: '^[AB]$'}}",
		"thumbnailConfiguration.targetIntervalSeconds: {not_equals: 60}",
		"tags: {only_keys: [A]}",
		"tags.B: {exists: false}",
		"name: {not_in: [a, b]}",
	};
	static const char *const words[] = { "all", "any", "none" };
	uint32_t i, n;

	buf_putc(b, '{');
	if (depth == 0 || next_random(seed) % 4 == 0) {
		buf_puts(b, leaves[next_random(seed) % (sizeof(leaves) / sizeof(*leaves))]);
	} else if (next_random(seed) % 4 == 0) {
		buf_puts(b, "not: ");
		put_random(b, seed, depth - 1);
	} else {
		n = 1 + next_random(seed) % 3;
		buf_printf(b, "%s: [", words[next_random(seed) % 3]);
		for (i = 0; i < n; i++) {
			buf_puts(b, i != 0 ? ", " : "");
			put_random(b, seed, depth - 1);
		}
		buf_putc(b, ']');
	}
	buf_putc(b, '}');
}

static void put_random_resource(struct buf *b, uint32_t *seed)
{
	static const char *const parts[][3] = {
		{ "name: a\n", "name: abx\n", "" },
		{ "tags: {A: x, B: y}\n", "tags: {A: '30', C: x}\n", "" },
		{ "recordingReconnectWindowSeconds: 5\n", "recordingReconnectWindowSeconds: 70\n",
		  "" },
		{ "renditionConfiguration: {renditions: [HD, SD]}\n",
		  "renditionConfiguration: {renditionSelection: NONE, renditions: []}\n", "" },
		{ "channels: [{type: BASIC, name: a}, {tags: {A: x}}]\n", "channels: []\n",
		  "channels: [{type: STANDARD}]\n" },
	};
	size_t i;

	buf_puts(b, "state: ACTIVE\n");
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		buf_puts(b, parts[i][next_random(seed) % 3]);
}

struct steps {
	enum truth root;
	bool wrong;
};

static void take_step(void *to, int depth, struct str description, enum truth truth,
		      struct place place, const struct evidence *leaf)
{
	struct steps *s = to;

	if (depth == 0)
		s->root = truth;
	if (description.len == 0 || place.column == UINT32_MAX ||
	    (leaf != NULL && leaf->truth != truth))
		s->wrong = true;
}

static void agree(struct fixture *f, const char *text, const char *given)
{
	struct cond *c = fixture_cond(f, text), *contrary;
	enum truth truth = cond_judge(c, &f->resource, &f->judge);
	struct arena arena = ARENA_INIT;
	struct steps steps = { TRUTH_FALSE, false };
	struct evidence ev;
	const struct evidence *next;

	cond_explain(c, &f->resource, &f->judge, &arena, &ev);
	cond_trace(c, &f->resource, &f->judge, &arena, take_step, &steps);
	contrary = fixture_cond(f, arena_printf(&arena, "not: %s", text));
	if (ev.truth != truth || steps.root != truth || steps.wrong || ev.actual == NULL ||
	    ev.expected.len == 0 || (ev.why != NULL) != (truth == TRUTH_UNKNOWN) ||
	    cond_judge(contrary, &f->resource, &f->judge) != TRUTH_TRUE - truth)
		fail_msg("judge: %s, explain: %s, trace: %s: %s\n%s", truth_name(truth),
			 truth_name(ev.truth), truth_name(steps.root), text, given);
	for (next = ev.next; next != NULL; next = next->next)
		assert_int_equal(next->truth, TRUTH_FALSE);
	cond_explain(contrary, &f->resource, &f->judge, &arena, &ev);
	assert_int_equal(ev.truth, TRUTH_TRUE - truth);
	arena_release(&arena);
	cond_release(c);
	cond_release(contrary);
}

static void test_random(void **state)
{
	static const char *const unknown[] = { NULL,   "tags",     "tags.A",
					       "name", "channels", "renditionConfiguration" };
	struct buf text = BUF_INIT(0), given = BUF_INIT(0);
	struct fixture f;
	uint32_t seed = 7;
	int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		buf_clear(&text);
		buf_clear(&given);
		put_random(&text, &seed, 3);
		put_random_resource(&given, &seed);
		fixture_init(&f);
		fixture_give(&f, given.data, unknown[next_random(&seed) % 6]);
		agree(&f, text.data, given.data);
		fixture_release(&f);
	}
	buf_release(&text);
	buf_release(&given);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kleene),        cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_many_mistakes), cmocka_unit_test(test_depth),
		cmocka_unit_test(test_evidence),      cmocka_unit_test(test_describe),
		cmocka_unit_test(test_trace),         cmocka_unit_test(test_needs),
		cmocka_unit_test(test_pattern_limit), cmocka_unit_test(test_memory),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("cond", tests, NULL, NULL);
}
