/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole templates: those that other people published, beside the repository
 * (skipped where they are not), and those that mean harm, made here.
 */
#include "input/cfn_fixture.h"

#include <unistd.h>

#include "base/file.h"

/* ---- published -------------------------------------------------------------------- */

#define FOLDER "../shared/conformance"

/* All that is in any of them; cfn_oracle_test.c compares places with cfn-lint. What is not
 * here holds no recording configuration, all of it is seen, and nobody refuses it. */
static const struct {
	const char *path, *want;
} published[] = {
	{ "templates/auto-record-to-s3/r2s3-serverless@60fd482.yaml",
	  "IvsRecordingConfiguration 1332:3; " },
	{ "templates/aws-docs/recordingconfiguration-example-2023.json.invalid",
	  "RecordingConfiguration 6:5; ~10:9 Name; " },
	{ "templates/aws-docs/recordingconfiguration-example-2023.yaml",
	  "RecordingConfiguration 5:2; " },
	{ "templates/aws-docs/recordingconfiguration-example-oldest.yaml",
	  "RecordingConfiguration 5:2; " },
	{ "templates/aws-docs/streamkey-example-2023.yaml",
	  "!2:11 mapping values are not allowed in this context: quote a text that holds ': ', or "
	  "mend the indentation; " },
	{ "templates/cdk/aws-cdk-integ-ivs-recording-configuration.template.json",
	  "RecordingConfigurationA528CBBF 153:3; " },
	{ "templates/cdk-synth/IvsRecordingConsumer.template.json", "RC 3:3; " },
	{ "templates/cdk-synth/IvsRecordingFull.template.json", "Recording 234:3; " },
	{ "templates/clip-manifest/serverless-template@3913dd6.yaml",
	  "IVSRecordingConfiguration 139:3; " },
	{ "cfn-syntax/bad/core/config_invalid_json.json",
	  "!8:6 unexpected '\"', expected ',' or ']'; " },
	{ "cfn-syntax/bad/core/config_invalid_yaml.yaml",
	  "!8:7 did not find expected key: while parsing a block mapping that begins on line 6; " },
	{ "cfn-syntax/bad/core/parse_invalid_map.yaml",
	  "!18:41 a key has to be a string, and this is a map: quote it: 'Fn::Sub'; " },
	{ "cfn-syntax/bad/duplicate.json", "!17:3 the key 'MySNSTopic' is there twice; " },
	{ "cfn-syntax/bad/duplicate.yaml",
	  "!9:3 duplicate key 'mySnsTopic': it is on line 3 already; " },
	{ "cfn-syntax/bad/string.yaml", "!1:1 a template is a map, and this is a string; " },
	{ "cfn-syntax/good/functions/sub.yaml",
	  "?41:3 the template of the nested stack 'mySubStack' is in no file of this run; "
	  "?64:3 the template of the nested stack 'MyStack' is in no file of this run; " },
	{ "cfn-syntax/good/generic.yaml",
	  "?31:3 what the module 'MyModule' makes on deployment is not seen; "
	  "?140:3 the template of the nested stack 'IamPipeline' is in no file of this run; " },
	{ "cfn-syntax/good/minimal.yaml",
	  "?5:3 the template of the nested stack 'IamPipeline' is in no file of this run; " },
	{ "cfn-syntax/good/transform.yaml",
	  "?18:3 the template of the nested stack 'AppName' is in no file of this run; " },
	{ "cfn-syntax/bad/templates/base_null.yaml",
	  "!1:1 AWSTemplateFormatVersion is not '2010-09-09'; " },
};

static const char *wanted(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(published) / sizeof(*published); i++)
		if (str_ends(str_of(path), str_of(published[i].path)))
			return published[i].want;
	return "";
}

static void test_published(void **state)
{
	unsigned files = 0, wrong = 0, found = 0, refused = 0;
	static const char *const folders[] = { FOLDER "/templates", FOLDER "/cfn-syntax" };
	struct file_walk *walk;
	const char *path;
	struct err err;
	size_t i;
	int rc;

	(void)state;
	if (access(FOLDER, R_OK) == -1) {
		print_message("%s is not there: skipped\n", FOLDER);
		skip();
	}
	for (i = 0; i < 2; i++) {
		walk = file_walk_new(folders[i], &err);
		assert_non_null(walk);
		while ((rc = file_walk_next(walk, &path, &err)) == 1) {
			struct log log = { .text = BUF_INIT(0) };

			read_path(path, &log);
			files++;
			found += log.resources;
			refused += buf_str(&log.text).data[0] == '!';
			if (!str_is(buf_str(&log.text), wanted(path))) {
				print_error("%s\n  want: %s\n  got : %s\n", path, wanted(path),
					    buf_str(&log.text).data);
				wrong++;
			}
			buf_release(&log.text);
		}
		assert_int_equal(rc, 0);
		file_walk_free(walk);
	}
	print_message("conformance: %u templates and other files, %u recording configurations, "
		      "%u refused\n",
		      files, found, refused);
	assert_int_equal(wrong, 0);
}

/* ---- hostile ----------------------------------------------------------------------- */

#define RECORDING                                                                                  \
	"{Type: 'AWS::IVS::RecordingConfiguration', Properties: {Name: "                           \
	"%s, DestinationConfiguration: {S3: {BucketName: acme}}}}\n"

static void read_text(const struct buf *text, struct log *log)
{
	char path[] = "/tmp/ivslint-cfn-XXXXXX";
	int fd = mkstemp(path);
	char *named = NULL;

	assert_true(fd != -1);
	assert_int_equal(write(fd, text->data, text->len), (ssize_t)text->len);
	close(fd);
	named = mem_alloc(sizeof(path) + 5);
	memcpy(named, path, sizeof(path) - 1);
	memcpy(named + sizeof(path) - 1, ".yaml", 6);
	assert_int_equal(rename(path, named), 0);
	read_path(named, log);
	unlink(named);
	free(named);
}

static void expect(const char *name, struct buf *text, const char *want)
{
	struct log log = { .text = BUF_INIT(0) };

	read_text(text, &log);
	if (strncmp(buf_str(&log.text).data, want, strlen(want)) != 0)
		fail_msg("%s\n  want: %s\n  got : %.300s", name, want, buf_str(&log.text).data);
	buf_release(&log.text);
	buf_release(text);
}

static void repeat(struct buf *b, const char *text, unsigned n)
{
	for (; n > 0; n--)
		buf_puts(b, text);
}

/* What a loop over what is not known would make. */
#define OTHERS "?3:3 stacks, modules or macros in a loop"
static const struct {
	const char *body, *want;
} makers[] = {
	{ "'R${A}': {Type: 'AWS::CloudFormation::Stack'}", OTHERS },
	{ "'R${A}': {Type: 'AWS::CloudFormation::StackSet'}", OTHERS },
	{ "'R${A}': {Type: 'Acme::IVS::Recording::MODULE'}", OTHERS },
	{ "'R${A}': {Type: 'AWS::ServiceCatalog::CloudFormationProvisionedProduct'}", OTHERS },
	{ "'R${A}': {'Fn::Transform': {Name: AcmeAny}}", OTHERS },
	{ "'Fn::Transform': {Name: AcmeAny}", OTHERS },
	{ "'R${A}': {Type: '${A}'}", "!3:3 recording configurations in a loop" },
	{ "'R${A}': {Type: 'AWS::SNS::Topic', Properties: {Type: '${A}'}}", "" },
};

static void test_hostile(void **state)
{
	struct buf b = BUF_INIT(0);
	unsigned i;

	(void)state;
	/* more values than are held against a pattern */
	buf_puts(&b, "Parameters: {P: {Type: CommaDelimitedList, AllowedPattern: 'a*', Default: '");
	repeat(&b, "aaaa,", 300);
	buf_puts(&b, "'}}\nResources: {}\n");
	expect("pattern", &b, "!1:13 more than 200 values to be held against an AllowedPattern");
	/* deep nesting, as YAML and as JSON */
	buf_puts(&b, "Resources: ");
	repeat(&b, "[", 100000);
	expect("deep yaml", &b, "!1:75 nested deeper than 64 levels");
	buf_puts(&b, "{\"Resources\": ");
	repeat(&b, "{\"a\":", 100000);
	expect("deep json", &b, "!1:330 nested deeper than the limit of 64");
	/* functions inside functions, as deep as a document may be */
	buf_puts(&b, "Resources:\n  R: ");
	buf_printf(&b, RECORDING, "!Ref P0");
	buf_puts(&b, "Parameters:\n  P0: {Type: String, Default: {");
	repeat(&b, "'Fn::Not': [{", 20);
	repeat(&b, "}]", 20);
	buf_puts(&b, "}}\n");
	expect("functions", &b, "R 2:3; ");
	/* an alias bomb */
	buf_puts(&b, "Resources:\n  a0: &a0 {x: y}\n");
	for (i = 1; i < 12; i++)
		buf_printf(&b, "  a%u: &a%u [*a%u,*a%u,*a%u,*a%u,*a%u,*a%u,*a%u,*a%u,*a%u,*a%u]\n",
			   i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1,
			   i - 1);
	expect("alias bomb", &b, "!7:32 the document has more than 200000 nodes");
	/* circles */
	buf_puts(&b, "Conditions: {A: !Condition B, B: !Not [!Condition A]}\nResources:\n  R: ");
	buf_printf(&b, RECORDING, "!If [A, x, !Ref R]");
	expect("circular conditions", &b, "R 3:3; ");
	buf_puts(&b, "Mappings: {M: {a: {b: !FindInMap [M, a, b]}}}\nResources:\n  R: ");
	buf_printf(&b, RECORDING, "!FindInMap [M, a, b]");
	expect("circular FindInMap", &b, "R 3:3; ~3:62 Name; ");
	buf_puts(
	    &b,
	    "Resources:\n  B1: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${B2}'}}\n"
	    "  B2: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${B1}${B1}'}}\n  R: ");
	buf_printf(&b, RECORDING, "!Ref B1");
	expect("circular Ref", &b, "R 4:3; ");
	/* a chain of references, each twice as long as the one before */
	buf_puts(
	    &b,
	    "Resources:\n  B0: {Type: 'AWS::S3::Bucket', Properties: {BucketName: 0123456789}}\n");
	for (i = 1; i < 40; i++)
		buf_printf(&b,
			   "  B%u: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub "
			   "'${B%u}${B%u}'}}\n",
			   i, i - 1, i - 1);
	buf_puts(&b, "  R: ");
	buf_printf(&b, RECORDING, "!Ref B39");
	expect("doubling", &b, "!1:1 its functions take more than 1000000 steps");
	/* a huge Join */
	buf_puts(&b, "Resources:\n  R: ");
	buf_puts(
	    &b, "{Type: 'AWS::IVS::RecordingConfiguration', Properties: {DestinationConfiguration: "
		"{S3: {BucketName: acme}}, Name: !Join ['-', [a");
	repeat(&b, ",aaaaaaaa", 100000);
	buf_puts(&b, "]]}}\n");
	expect("huge Join", &b, "R 2:3; ");
	/* loops that multiply */
	buf_puts(&b, "Transform: AWS::LanguageExtensions\nResources:\n");
	buf_puts(&b, "  'Fn::ForEach::A': [A, [1,2,3,4,5,6,7,8,9,10], {'Fn::ForEach::B': [B, "
		     "[1,2,3,4,5,6,7,8,9,10], {'Fn::ForEach::C': [C, [1,2,3,4,5,6,7,8,9,10], "
		     "{'Fn::ForEach::D': [D, [1,2,3,4,5,6,7,8,9,10], {'R${A}x${B}x${C}x${D}': ");
	buf_puts(&b, "{Type: 'AWS::IVS::RecordingConfiguration'}}]}]}]}]\n");
	expect("loops", &b, "!1:1 more than 5000 members of one section, loops unrolled");
	buf_puts(&b,
		 "Parameters: {L: {Type: CommaDelimitedList}}\nResources:\n  'Fn::ForEach::A': [A, "
		 "!Ref L, {'R${A}': {Type: 'AWS::IVS::RecordingConfiguration'}}]\n");
	expect(
	    "an open loop", &b,
	    "!3:3 recording configurations in a loop (Fn::ForEach) over what is not known before "
	    "the deploy");
	buf_puts(&b, "Resources:\n  'Fn::ForEach::A': [A, [x], [{R: {Type: "
		     "'AWS::IVS::RecordingConfiguration'}}]]\n");
	expect("a loop without a map", &b, "!2:3 recording configurations in a loop");
	buf_puts(&b, "Resources:\n  'Fn::ForEach::A': [A, [RecordingConfiguration], {'R${A}': "
		     "{Type: 'AWS::IVS::${A}'}}]\n");
	expect("a loop over types", &b, "RRecordingConfiguration 2:52; ");
	for (i = 0; i < sizeof(makers) / sizeof(*makers); i++) {
		buf_printf(&b,
			   "Parameters: {L: {Type: CommaDelimitedList}}\nResources:\n  "
			   "'Fn::ForEach::A': [A, !Ref L, {'Fn::ForEach::B': [B, [x], {%s}]}]\n",
			   makers[i].body);
		expect(makers[i].body, &b, makers[i].want);
	}
	buf_puts(&b, "Resources:\n  'Fn::ForEach::A': [A, [x, x], {'R${A}': {Type: "
		     "'AWS::IVS::RecordingConfiguration'}}]\n");
	expect("a loop that repeats", &b, "!2:34 two resources of the name 'Rx'");
	/* duplicate keys, where a bad value hides behind a good one */
	buf_puts(
	    &b, "Resources:\n  R: {Type: 'AWS::IVS::RecordingConfiguration', Properties: {Name: a, "
		"Name: b}}\n");
	expect("duplicate keys", &b, "!2:71 duplicate key 'Name'");
	/* a million resources */
	buf_puts(&b, "Resources:\n");
	for (i = 0; i < 300000; i++)
		buf_printf(&b, "  R%u: {Type: T}\n", i);
	expect("many resources", &b, "!50001:11 the document has more than 200000 nodes");
	buf_puts(&b, "{\"Resources\": {");
	for (i = 0; i < 300000; i++)
		buf_printf(&b, "%s\"R%u\": {\"Type\": \"T\"}", i > 0 ? "," : "", i);
	buf_puts(&b, "}}");
	expect("many resources in JSON", &b, "!1:2388906 an object of more than 100000 members");
	/* what stands before the resources is longer than what is looked at first */
	buf_puts(&b, "{\"Description\": \"x\", \"Mappings\": {");
	for (i = 0; i < 900; i++) {
		buf_printf(&b, "%s\"M%u\": {\"k\": {\"v\": \"", i > 0 ? "," : "", i);
		repeat(&b, "long ", 100);
		buf_puts(&b, "\"}}");
	}
	buf_puts(&b, "}, \"Resources\": {\"R\": {\"Type\": "
		     "\"AWS::IVS::RecordingConfiguration\"}}}");
	expect("late resources", &b, "R 1:");
	/* a text of many variables */
	buf_puts(&b, "Resources:\n  R: {Type: 'AWS::IVS::RecordingConfiguration', Properties: "
		     "{DestinationConfiguration: {S3: {BucketName: acme}}, Name: !Sub '");
	repeat(&b, "${AWS::AccountId}", 50000);
	buf_puts(&b, "'}}\n");
	expect("many variables", &b, "R 2:3; ");
}

/* Each form of what is no template, or hardly one. */
static void test_small(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "Resources:\n", "" },
		{ "Resources: []\n", "!1:12 'Resources' is a map, and this is a list" },
		{ "AWSTemplateFormatVersion: 2010-09-09\n", "" },
		{ "AWSTemplateFormatVersion: 2011-01-01\nResources: {}\n",
		  "!1:1 AWSTemplateFormatVersion is not '2010-09-09'" },
		{ "Resources: {R: !Ref x}\n",
		  "!1:13 the resource 'R' has no Type that is known; " },
		{ "Resources: {R: {Type: [x]}}\n",
		  "!1:13 the resource 'R' has no Type that is known; " },
		{ "Resources: {R: {Type: !Ref P}}\nParameters: {P: {Type: String}}\n",
		  "!1:13 the resource 'R' has no Type that is known; " },
		{ "Resources: {R: {Type: !Sub 'AWS::IVS::RecordingConfiguration'}}\n",
		  "R 1:13; ~1:13 DestinationConfiguration; " },
		/* a macro makes the resources */
		{ "Transform: AcmeAll\nRecordings: [a]\n",
		  "?1:12 what the macro 'AcmeAll' makes of the template on deployment is not "
		  "seen; " },
		{ "Fn::Transform: {Name: AWS::Include}\n",
		  "?1:1 what the macro 'AWS::Include' adds to the template on deployment is not "
		  "seen; " },
		{ "Transform: {rotate: 90}\n", "" },
		{ "Resources: {R: {Type: 'AWS::IVS::RecordingConfiguration', Properties: x}}\n",
		  "R 1:13; ~1:59 Properties; " },
		{ "Resources: {R: {Type: 'AWS::IVS::RecordingConfiguration'}}\n",
		  "R 1:13; ~1:13 DestinationConfiguration; " },
		{ "Resources: {R: {Type: 'AWS::IVS::RecordingConfiguration', Properties: !Foo "
		  "x}}\n",
		  "R 1:13; " },
		{ "Resources: {R: {Type: !Bad<tag> x}}\n", "!1:" },
		{ "Conditions: {C: !Equals [a, b]}\nResources: {R: {Type: "
		  "'AWS::IVS::RecordingConfiguration', Condition: C}}\n",
		  "" },
		{ "%TAG ! tag:x,2000:\n---\nResources: {}\n", "!" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf b = BUF_INIT(0);

		buf_puts(&b, rows[i].text);
		expect(rows[i].text, &b, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
