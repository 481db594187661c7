/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions of templates as a table: what stands in the template, and what it
 * comes to before the deploy.
 */
#include "input/cfn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/json.h"

/* more values than are told one by one */
#define TEN(d)                                                                                     \
	"k" d "0: v" d "0, k" d "1: v" d "1, k" d "2: v" d "2, k" d "3: v" d "3, k" d "4: v" d     \
	"4, k" d "5: v" d "5, k" d "6: v" d "6, k" d "7: v" d "7, k" d "8: v" d "8, k" d "9: v" d  \
	"9, "
#define WIDE TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6") "z: z"

#define UNSURE "unknown: what an unquoted text of YAML is to CloudFormation is not known"

static const char base[] =
    "AWSTemplateFormatVersion: 2010-09-09\n"
    "Transform: AWS::LanguageExtensions\n"
    "Parameters:\n"
    "  Stage: {Type: String, AllowedValues: [dev, prod]}\n"
    "  Size: {Type: Number, Default: 30}\n"
    "  Switch: {Type: String, Default: on}\n"
    "  Flag: {Type: String, Default: TRUE}\n"
    "  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}\n"
    "  Open: {Type: String}\n"
    "  Secret: {Type: String, NoEcho: true, Default: x}\n"
    "  Ssm: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}\n"
    "Mappings:\n"
    "  Buckets:\n"
    "    us-west-2: {dev: acme-dev-usw2, prod: acme-prod-usw2}\n"
    "    eu-west-1: {dev: acme-dev-euw1, prod: acme-prod-euw1}\n"
    "  Numbers: {'1': {32: small}}\n"
    "  Included: {a: {b: c, 'Fn::Transform': {Name: AWS::Include}}}\n"
    "  Wide: {a: {" WIDE "}}\n"
    "Conditions:\n"
    "  Yes: !Equals [a, a]\n"
    "  No: !Equals [a, b]\n"
    "  Prod: !Equals [!Ref Stage, prod]\n"
    "  Big: !Equals [!Ref Size, '30']\n"
    "  Circle: !Not [!Condition Other]\n"
    "  Other: !Condition Circle\n"
    "  Staged: !Or [!Equals [!Ref Stage, dev], !Equals [!Ref Stage, prod]]\n"
    "Resources:\n"
    "  Literal: {Type: 'AWS::S3::Bucket', Properties: {BucketName: acme-literal}}\n"
    "  Made: {Type: 'AWS::S3::Bucket'}\n"
    "  Prefixed: {Type: 'AWS::S3::Bucket', Properties: {BucketNamePrefix: acme-pre}}\n"
    "  Self: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref Self}}\n"
    "  Loop: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${Loop}-x'}}\n"
    "  Rec: {Type: 'AWS::IVS::RecordingConfiguration'}\n"
    "  Topic: {Type: 'AWS::SNS::Topic'}\n"
    "Outputs:\n"
    "  X:\n"
    "    Value: ";

static const struct {
	const char *text, *want;
} rows[] = {
	/* what is no function */
	{ "plain", "plain" },
	{ "[a, 'b']", "[a, b]" },
	{ "{a: 1, b: {c: x}}", "{a: '1', b: {c: x}}" },
	{ "{Ref: a, Other: b}", "{Ref: a, Other: b}" },
	/* Ref */
	{ "!Ref Size", "'30'" },
	{ "{Ref: Size}", "'30'" },
	{ "!Ref Names", "[a, b, c]" },
	{ "!Ref Stage", "one of [dev, prod]" },
	{ "!Ref Open", "{Open}" },
	{ "!Ref Secret", "unknown: the parameter 'Secret' is a secret (NoEcho)" },
	{ "!Ref Ssm",
	  "unknown: the parameter 'Ssm' is the value of an SSM parameter, which is read "
	  "on deployment" },
	{ "!Ref AWS::NoValue", "absent" },
	{ "!Ref AWS::Region", "us-west-2" },
	{ "!Ref AWS::Partition", "aws" },
	{ "!Ref AWS::URLSuffix", "amazonaws.com" },
	{ "!Ref AWS::AccountId", "{AWS::AccountId}" },
	{ "!Ref AWS::StackName", "{AWS::StackName}" },
	{ "!Ref AWS::Nonsense", "unknown: 'AWS::Nonsense' is no pseudo parameter that is known" },
	{ "!Ref Nobody",
	  "unknown: there is no parameter and no resource 'Nobody' in the template" },
	{ "!Ref Literal", "acme-literal" },
	{ "!Ref Made", "{Made}" },
	{ "!Ref Prefixed", "acme-pre{Prefixed}" },
	{ "!Ref Rec", "arn:aws:ivs:us-west-2:{AWS::AccountId}:recording-configuration/{Rec.ARN}" },
	{ "!Ref Topic", "{Topic.Ref}" },
	{ "!Ref [a]", "unknown: Ref is not written as it has to be" },
	/* a member that may be absent moves those behind it */
	{ "!Join ['-', [!If [Prod, x, !Ref AWS::NoValue], a]]", "one of [x-a, a]" },
	{ "!Join ['-', [a, !If [Prod, x, !Ref AWS::NoValue], !If [Prod, !Ref AWS::NoValue, y]]]",
	  "one of [a-x-y, a-x, a-y, a]" },
	{ "!Join ['-', [!If [Prod, x, !Ref AWS::NoValue]]]", "one of [x, ]" },
	{ "!Join ['-', [!If [Yes, !Ref AWS::NoValue, x], a, b]]", "a-b" },
	{ "!Select [0, [a, !If [Prod, x, !Ref AWS::NoValue], b]]", "a" },
	{ "!Select [1, [!If [Prod, x, !Ref AWS::NoValue], a, b]]",
	  "unknown: the condition 'Prod' is not decided: the parameter 'Stage' has no default; "
	  "--set-parameter or --parameters gives it" },
	{ "!Select [!Ref Open, [!If [Prod, x, !Ref AWS::NoValue], a]]",
	  "unknown: the parameter 'Open' has no default; --set-parameter or --parameters gives "
	  "it" },
	{ "{'Fn::Length': [!If [Prod, x, !Ref AWS::NoValue], a]}",
	  "unknown: the condition 'Prod' is not decided: the parameter 'Stage' has no default; "
	  "--set-parameter or --parameters gives it" },
	/* what an unquoted text is to CloudFormation is not always known */
	{ "!Equals [yes, yes]", "true" },
	{ "!Equals ['yes', yes]", UNSURE },
	{ "!Equals [yes, 'true']", UNSURE },
	{ "!Equals [Off, false]", UNSURE },
	{ "!Equals [yes, 'maybe']", "false" },
	{ "!Equals [True, 'true']", "true" },
	{ "!Equals ['True', 'true']", "false" },
	{ "!Equals ['1.50', 1.50]", UNSURE },
	{ "!Equals [1.5, 1.50]", UNSURE },
	{ "!Equals [3.10, '3.11']", "false" },
	{ "!Equals ['8', 010]", UNSURE },
	{ "!Equals [1e3, '1000']", UNSURE },
	{ "!Equals [010, 'x']", "false" },
	{ "!Equals [2010-09-09, '2010-09-09']", "true" },
	{ "!Equals [10.0.0.1, '10.0.0.1']", "true" },
	{ "!Equals [!Ref Switch, 'true']", UNSURE },
	{ "!Equals [!Ref Switch, on]", "true" },
	{ "!Sub '${Flag}'", "'true'" },
	/* circles */
	{ "!Ref Self", "unknown: the name of the bucket 'Self' refers to itself" },
	{ "!If [Circle, a, b]", "one of [a, b]" },
	/* GetAtt */
	{ "!GetAtt Literal.Arn", "arn:aws:s3:::acme-literal" },
	{ "!GetAtt [Literal, Arn]", "arn:aws:s3:::acme-literal" },
	{ "{'Fn::GetAtt': [Topic, TopicName]}", "{Topic.attribute 'TopicName'}" },
	{ "!GetAtt Nobody.Arn", "unknown: there is no resource 'Nobody' in the template" },
	{ "!GetAtt Nobody", "unknown: Fn::GetAtt is not written as it has to be" },
	/* Sub */
	{ "!Sub acme-${AWS::Region}", "acme-us-west-2" },
	{ "!Sub 'acme-${AWS::AccountId}-x'", "acme-{AWS::AccountId}-x" },
	{ "!Sub '${!Literal} ${Size}'", "${Literal} 30" },
	{ "!Sub ['${a}-${Stage}', {a: !Ref Size}]", "one of [30-dev, 30-prod]" },
	{ "!Sub ['${Size}', {Size: own}]", "own" },
	{ "!Sub '${Literal.Arn}/*'", "arn:aws:s3:::acme-literal/*" },
	{ "!Sub 'no variable'", "no variable" },
	{ "!Sub 'a ${ b'", "a ${ b" },
	{ "!Sub ''", "" },
	{ "!Sub [a, b]", "unknown: Fn::Sub is not written as it has to be" },
	/* Join */
	{ "!Join ['-', [a, b, c]]", "a-b-c" },
	{ "!Join ['', [acme-, !Ref 'AWS::AccountId']]", "acme-{AWS::AccountId}" },
	{ "!Join ['/', !Ref Names]", "a/b/c" },
	{ "!Join ['-', [a, !Ref 'AWS::NoValue', b]]", "a-b" },
	{ "!Join ['-', [a, [b]]]", "unknown: Fn::Join is not written as it has to be" },
	{ "!Join ['-', !Ref Open]", "unknown: the parameter 'Open' has no default; --set-parameter "
				    "or --parameters gives it" },
	/* Select, Split, Length */
	{ "!Select [1, [a, b, c]]", "b" },
	{ "!Select ['2', !Ref Names]", "c" },
	{ "!Select [9, [a]]", "unknown: Fn::Select asks for member 9 of 1" },
	{ "!Select [0, !GetAZs '']", "unknown: the function 'Fn::GetAZs' is not evaluated" },
	{ "!Split [',', 'a,b']", "[a, b]" },
	{ "!Select [2, !Split ['-', a-b-c]]", "c" },
	{ "!Split ['--', 'a--b---c']", "[a, b, -c]" },
	{ "!Split ['', x]", "unknown: Fn::Split is not written as it has to be" },
	{ "!Select [1, !Split ['-', !Ref 'AWS::StackName']]",
	  "unknown: AWS::StackName is not known before the deploy; --stack-name gives it" },
	/* of a text with gaps, where no gap can hold the delimiter */
	{ "!Select [4, !Split [':', !GetAtt Rec.Arn]]", "{AWS::AccountId}" },
	{ "!Select [1, !Split ['/', !Ref Rec]]", "{Rec.ARN}" },
	{ "{'Fn::Length': !Split [':', !Ref Rec]}", "6" },
	{ "!Split [':', !Sub ':a${AWS::AccountId}b::']", "['', unknown, '', '']" },
	{ "!Select [1, !Split [':', !Sub ':a${AWS::AccountId}b::']]", "a{AWS::AccountId}b" },
	{ "!Select [0, !Split ['1', !Sub 'a1${AWS::AccountId}']]",
	  "unknown: AWS::AccountId is not known before the deploy; --account gives it" },
	{ "!Select [0, !Split ['::', !Sub 'a::${AWS::AccountId}']]",
	  "unknown: AWS::AccountId is not known before the deploy; --account gives it" },
	{ "!Select [0, !Split [':', !Sub 'a:${Open}']]",
	  "unknown: the parameter 'Open' has no default; --set-parameter or --parameters gives "
	  "it" },
	{ "{'Fn::Length': [a, b]}", "2" },
	{ "{'Fn::Length': !Ref Names}", "3" },
	/* FindInMap */
	{ "!FindInMap [Buckets, us-west-2, prod]", "acme-prod-usw2" },
	{ "!FindInMap [Buckets, !Ref 'AWS::Region', dev]", "acme-dev-usw2" },
	{ "!FindInMap [Buckets, us-west-2, !Ref Stage]", "one of [acme-dev-usw2, acme-prod-usw2]" },
	{ "!FindInMap [Buckets, !Ref Open, dev]", "one of [acme-dev-usw2, acme-dev-euw1]" },
	{ "!FindInMap [Numbers, 1, 32]", "small" },
	{ "!FindInMap [Buckets, nowhere, dev]",
	  "unknown: Fn::FindInMap finds no such key in the mapping" },
	{ "!FindInMap [Buckets, nowhere, dev, {DefaultValue: other}]", "other" },
	{ "!FindInMap [Buckets, us-west-2, dev, {DefaultValue: other}]", "acme-dev-usw2" },
	{ "!FindInMap [Nowhere, a, b, {DefaultValue: other}]", "other" },
	{ "!FindInMap [Buckets, nowhere, dev, {DefaultValue: !Ref Stage}]", "one of [dev, prod]" },
	{ "!FindInMap [Buckets, nowhere, dev, {DefaultValue: !Cidr [a]}]",
	  "unknown: the function 'Fn::Cidr' is not evaluated" },
	{ "!FindInMap [Wide, a, !Ref Open, {DefaultValue: other}]",
	  "unknown: the parameter 'Open' has no default; --set-parameter or --parameters gives "
	  "it" },
	{ "!FindInMap [Included, a, b]", "c" },
	{ "!FindInMap [Included, a, x, {DefaultValue: other}]",
	  "unknown: a macro (Fn::Transform) adds to the mapping on deployment" },
	{ "!FindInMap [Included, a, !Ref Open]", "unknown: the parameter 'Open' has no default; "
						 "--set-parameter or --parameters gives it" },
	{ "!FindInMap [Buckets, dev]", "unknown: Fn::FindInMap is not written as it has to be" },
	/* If and conditions */
	{ "!If [Yes, a, b]", "a" },
	{ "!If [No, a, b]", "b" },
	{ "!If [No, a, !Ref 'AWS::NoValue']", "absent" },
	{ "!If [Prod, a, b]", "one of [a, b]" },
	{ "!If [Prod, a, a]", "a" },
	{ "!If [Prod, a, !Ref 'AWS::NoValue']", "one of [a, absent]" },
	{ "!If [Big, a, b]", "a" },
	{ "!If [Nowhere, a, b]", "one of [a, b]" },
	{ "!If [a, b]", "unknown: Fn::If is not written as it has to be" },
	{ "!Equals [!Sub 'acme-${Open}', other-x]", "false" },
	{ "!Equals [!Sub 'acme-${Open}', acme-x]", "unknown: the parameter 'Open' has no default; "
						   "--set-parameter or --parameters gives it" },
	{ "!Equals [!Ref Open, !Ref Open]", "true" },
	{ "!Equals [!Ref Stage, neither]", "false" },
	{ "!Equals ['', '']", "true" },
	{ "!And [!Condition Yes, !Condition No, !Condition Prod]", "false" },
	{ "!And [!Condition Yes, !Condition Prod]",
	  "unknown: the condition 'Prod' is not decided: the parameter 'Stage' has no default; "
	  "--set-parameter or --parameters gives it" },
	{ "!Or [!Condition Prod, !Condition Yes]", "true" },
	{ "!Or [!Condition No, !Condition No]", "false" },
	{ "!Not [!Condition No]", "true" },
	{ "!Equals [!Cidr [a], !Cidr [a]]", "unknown: the function 'Fn::Cidr' is not evaluated" },
	{ "!Equals [!Sub 'a${AWS::AccountId}', !Join ['', [a, !Ref 'AWS::AccountId']]]", "true" },
	{ "!Equals [!Sub ['x${a}', {a: !Cidr [a]}], !Sub ['x${a}', {a: !Cidr [b]}]]",
	  "unknown: the function 'Fn::Cidr' is not evaluated" },
	/* ToJsonString and the rest */
	{ "{'Fn::ToJsonString': {a: [b, !Ref Size]}}", "{\"a\":[\"b\",\"30\"]}" },
	{ "{'Fn::ToJsonString': {a: !Ref Open}}", "unknown: the parameter 'Open' has no default; "
						  "--set-parameter or --parameters gives it" },
	{ "!Base64 ''", "" },
	{ "!Base64 f", "Zg==" },
	{ "!Base64 fo", "Zm8=" },
	{ "!Base64 foo", "Zm9v" },
	{ "!Base64 \"\\xe9\\xff\"", "w6nDvw==" },
	{ "{'Fn::Base64': !Ref Size}", "MzA=" },
	{ "{'Fn::Base64': !Ref Open}",
	  "unknown: the parameter 'Open' has no default; --set-parameter "
	  "or --parameters gives it" },
	{ "!Base64 [a]", "unknown: Fn::Base64 is not written as it has to be" },
	{ "!Cidr [10.0.0.0/16, 1, 8]", "unknown: the function 'Fn::Cidr' is not evaluated" },
	{ "{'Fn::Transform': {Name: AWS::Include}}",
	  "unknown: a macro (Fn::Transform) makes it on deployment" },
	{ "{a: b, 'Fn::Transform': {Name: AWS::Include}}",
	  "unknown: a macro (Fn::Transform) adds to it on deployment" },
	{ "!ImportValue x", "unknown: the export 'x' is of another stack" },
	{ "'a-{{resolve:ssm:/x:1}}-b'", "a-{{{resolve:ssm:/x:1}}}-b" },
	/* loops */
	{ "{'Fn::ForEach::L': [V, [a, b], {'k${V}': !Sub 'x-${V}', 'o${V}': !Ref V}]}",
	  "{ka: x-a, oa: a, kb: x-b, ob: b}" },
	{ "{'Fn::ForEach::L': [V, !Ref Names, {'k&{V}': '${V}!'}]}", "{ka: a!, kb: b!, kc: c!}" },
	{ "{'Fn::ForEach::L': [V, !Ref Open, {'k${V}': x}]}",
	  "unknown: what Fn::ForEach goes over is not known" },
};

static void show(struct buf *b, const struct value *v)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	uint32_t i;

	if (v->kind == VALUE_STRING && (v->flags & VALUE_PLAIN) == 0 && v->n > 0 &&
	    memchr(v->text, ' ', v->n) != NULL) {
		buf_put_str(b, value_str(v));
	} else if (v->kind == VALUE_STRING &&
		   (v->n == 0 || v->text[0] == '{' || v->text[0] == '$')) {
		buf_put_str(b, value_str(v));
	} else if (u != NULL && u->n_parts > 0) {
		for (i = 0; i < u->n_parts; i++) {
			buf_put_str(b, u->parts[i].text);
			if (u->parts[i].gap != NULL)
				buf_printf(b, "{%s}", u->parts[i].gap);
		}
	} else if (u != NULL && u->n_may > 0) {
		buf_puts(b, "one of [");
		for (i = 0; i < u->n_may; i++) {
			buf_puts(b, i > 0 ? ", " : "");
			show(b, &u->may[i]);
		}
		buf_putc(b, ']');
	} else if (v->kind == VALUE_UNKNOWN) {
		buf_printf(b, "unknown: %s", v->why);
	} else {
		value_show(b, v, 500);
	}
}

static void evaluate(const char *text, struct buf *b)
{
	struct arena arena = ARENA_INIT;
	size_t len = sizeof(base) - 1 + strlen(text);
	char *bytes = arena_alloc(&arena, len + JSON_PADDING);
	struct source source;
	struct cfn t = { .arena = &arena, .source = &source };
	struct place place;
	const char *wrong;
	struct value v;

	memcpy(bytes, base, sizeof(base) - 1);
	memcpy(bytes + sizeof(base) - 1, text, strlen(text));
	source_init(&source, "t.yaml", (struct str){ bytes, len });
	t.stack =
	    (struct cfn_stack){ .region = STR("us-west-2"), .account = STR(""), .name = STR("") };
	if (cfn_read_tree(&source, &arena, &t.root, &place, &wrong) == -1 ||
	    cfn_open(&t, &place, &wrong) == -1)
		fail_msg("%s: %u:%u: %s", text, place.line, place.column, wrong);
	v = cfn_eval(&t, value_get(t.outputs[0].raw, STR("Value")), NULL);
	show(b, &v);
	cfn_close(&t);
	arena_release(&arena);
}

static void test_table(void **state)
{
	struct buf b = BUF_INIT(0);
	unsigned wrong = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_clear(&b);
		evaluate(rows[i].text, &b);
		if (strcmp(b.data != NULL ? b.data : "", rows[i].want) != 0) {
			print_error("%s\n  want: %s\n  got : %s\n", rows[i].text, rows[i].want,
				    b.data);
			wrong++;
		}
	}
	buf_release(&b);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
