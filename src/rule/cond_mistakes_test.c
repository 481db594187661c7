/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each mistake that a condition can have, with its place and its hint.
 */
#include "rule/cond_fixture.h"

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
	{ "tags.*: x", 1, 1, "'*' stands for no keys", "'keys', 'values'" },
	{ "tags.Cost*: {not_equals: x}", 1, 1, "'*' stands for no keys", "brackets" },
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
	{ "tags: [Owner]", 1, 7, "a list stands where an operator is expected",
	  "{has_keys: [...]}" },
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
	{ "name: {equals: {format: '{name}{tags.$name}'}}", 1, 33, "'$name' in a path",
	  "['$name']" },
	{ "tags.$name: x", 1, 1, "'$name' in a path: a parameter names no field or key",
	  "{tags: {has_keys: $names}}" },
	{ "thumbnailConfiguration: {targetIntervalSeconds: 5}", 1, 26,
	  "unknown operator 'targetIntervalSeconds'",
	  "field of its own: 'thumbnailConfiguration.targetIntervalSeconds'" },
	{ "destinationConfiguration: {s3: {bucketName: x}}", 1, 28, "unknown operator 's3'",
	  "field of its own: 'destinationConfiguration.s3'" },
	{ "tags: {Owner: x}", 1, 8, "unknown operator 'Owner'", "field of its own: 'tags.Owner'" },
	{ "tags: {a.b: x}", 1, 8, "unknown operator 'a.b'", "'tags['a.b']'" },
	{ "or: [{name: x}]", 1, 1, "unknown field 'or'", "did you mean 'any'?" },
	{ "name: {equals: {feild: region}}", 1, 16, "takes a string, not a map", "{field: PATH}" },
	{ "tags: {$name: x}", 1, 8, "unknown operator '$name'", NULL },
	{ "channels: {each: {tags.$name: x}}", 1, 19, "'$name' in a path", NULL },
	{ "recordingReconnectWindowSeconds: {max: 1_000}", 1, 40, "takes a number, not a string",
	  "digits alone" },
	{ "recordingReconnectWindowSeconds: 060", 1, 34, "takes a number, not a string",
	  "without a 0 before" },
	{ "name: {exists: yes}", 1, 16, "takes true or false, not a string",
	  "write true or false" },
	{ "name: {exists: 'true'}", 1, 16, "takes true or false, not a string", "without quotes" },
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
	fixture_start(&f);
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
	fixture_start(&f);
	assert_null(cond_compile(
	    &f.scope, fixture_yaml(&f, &f.source, "p.yaml",
				   "nam: x\nany: [{state: ACTIV}, {name: {mim: 5, matches: '('}}]\n"
				   "tags: {has_keys: [], each: {min: 5}}\n")));
	assert_int_equal(f.mistakes.n, 6);
	fixture_release(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_many_mistakes),
	};

	return cmocka_run_group_tests_name("cond_mistakes", tests, NULL, NULL);
}
