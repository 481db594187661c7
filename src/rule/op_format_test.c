/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named formats: what each takes, and which rule it says is broken.
 */
#include "rule/cond_fixture.h"

#include "rule/op.h"

#define X63  "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"
#define X128 X63 X63 "hh"

struct format_case {
	const char *format, *text;
	const char *why; /* a piece of what is wrong, or NULL when it is of the format */
};

static const struct format_case cases[] = {
	/* S3 user guide, "General purpose bucket naming rules", rule by rule */
	{ "s3-bucket-name", "acme-prod-ivs", NULL },
	{ "s3-bucket-name", "abc", NULL },
	{ "s3-bucket-name", "1.2.3.a", NULL },
	{ "s3-bucket-name", "acme.recordings", NULL },
	{ "s3-bucket-name", X63, NULL },
	{ "s3-bucket-name", X63 "a", "is longer than 63" },
	{ "s3-bucket-name", "ab", "is shorter than 3" },
	{ "s3-bucket-name", "", "is shorter than 3" },
	{ "s3-bucket-name", "Acme", "has a capital letter" },
	{ "s3-bucket-name", "acme_prod", "a character other than" },
	{ "s3-bucket-name", "acme prod", "a character other than" },
	{ "s3-bucket-name", "acmé-prod", "a character other than" },
	{ "s3-bucket-name", "acme..prod", "two periods" },
	{ "s3-bucket-name", ".acme", "begins with a period" },
	{ "s3-bucket-name", "-acme", "begins with a hyphen" },
	{ "s3-bucket-name", "acme.", "ends with a period" },
	{ "s3-bucket-name", "acme-", "ends with a hyphen" },
	{ "s3-bucket-name", "192.168.5.4", "IP address" },
	{ "s3-bucket-name", "999.1.1.1", "IP address" },
	{ "s3-bucket-name", "1.2.3", NULL },
	{ "s3-bucket-name", "1.2.3.4.5", NULL },
	{ "s3-bucket-name", "1.2.3.4444", NULL },
	{ "s3-bucket-name", "xn--acme", "'xn--'" },
	{ "s3-bucket-name", "sthree-acme", "'sthree-'" },
	{ "s3-bucket-name", "sthree-configurator-acme", "'sthree-'" },
	{ "s3-bucket-name", "amzn-s3-demo-acme", "'amzn-s3-demo-'" },
	{ "s3-bucket-name", "acme-s3alias", "'-s3alias'" },
	{ "s3-bucket-name", "acme--ol-s3", "'--ol-s3'" },
	{ "s3-bucket-name", "acme.mrap", "'.mrap'" },
	{ "s3-bucket-name", "acme--use1-az4--x-s3", "'--x-s3'" },
	{ "s3-bucket-name", "acme--table-s3", "'--table-s3'" },
	{ "s3-bucket-name", "acme-an", "ends with '-an'" },
	{ "s3-bucket-name", "acme-123456789012-us-west-2-an", NULL },
	{ "s3-bucket-name", "acme-12345678901-us-west-2-an", "ends with '-an'" },
	{ "s3-bucket-name", "acme-123456789012-us-west-an", "ends with '-an'" },
	{ "s3-bucket-name", "123456789012-us-west-2-an", "ends with '-an'" },
	{ "s3-bucket-name-without-periods", "acme-prod", NULL },
	{ "s3-bucket-name-without-periods", "acme.prod", "has a period" },
	{ "s3-bucket-name-without-periods", "Acme", "has a capital letter" },
	{ "account-regional-bucket-name", "acme-123456789012-ap-northeast-1-an", NULL },
	{ "account-regional-bucket-name", "a-123456789012-999999999999-us-west-2-an", NULL },
	{ "account-regional-bucket-name", "acme", "does not end with" },
	{ "arn", "arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbC", NULL },
	{ "arn", "arn:aws:s3:::bucket", NULL },
	{ "arn", "arn:aws:iam::aws:policy/IVSReadOnlyAccess", NULL },
	{ "arn", "arn:aws:sns:us-west-2:123456789012:a:b:c", NULL },
	{ "arn", "arn:aws:ivs:us-west-2", "fewer than six" },
	{ "arn", "urn:aws:ivs:us-west-2:123456789012:x", "'arn:'" },
	{ "arn", "arn::ivs:us-west-2:123456789012:x", "empty partition" },
	{ "arn", "arn:aws:ivs:us-west-2:12345:x", "account" },
	{ "arn", "arn:aws:ivs:US-WEST-2:123456789012:x", "a character" },
	{ "arn", "arn:aws:ivs:us-west-2:123456789012:", "empty resource" },
	{ "region", "us-west-2", NULL },
	{ "region", "us-gov-east-1", NULL },
	{ "region", "ap-northeast-11", NULL },
	{ "region", "us-west", "word and a number" },
	{ "region", "us-2", "word and a number" },
	{ "region", "us-west-2-", "word and a number" },
	{ "region", "us--2", "empty part" },
	{ "region", "u-west-2", "single letter" },
	{ "region", "US-west-2", "lower-case" },
	{ "region", "", "is empty" },
	{ "ivs-region", "eu-central-1", NULL },
	{ "ivs-region", "eu-central-2", "no region in which IVS" },
	{ "account-id", "123456789012", NULL },
	{ "account-id", "12345678901", "12 characters" },
	{ "account-id", "12345678901x", "no digit" },
	{ "recording-configuration-name", "", NULL },
	{ "recording-configuration-name", "Acme_live-1", NULL },
	{ "recording-configuration-name", X128, NULL },
	{ "recording-configuration-name", X128 "a", "longer than 128" },
	{ "recording-configuration-name", "acme live", "a character" },
	{ "recording-configuration-arn",
	  "arn:aws:ivs:us-west-2:123456789012:recording-configuration/AbC-1", NULL },
	{ "recording-configuration-arn", "arn:aws:ivs:us-west-2:123456789012:channel/AbC",
	  "another resource" },
	{ "recording-configuration-arn",
	  "arn:aws:s3:us-west-2:123456789012:recording-configuration/AbC", "another service" },
	{ "recording-configuration-arn", "arn:aws:ivs:us-west-2::recording-configuration/AbC",
	  "no region or account" },
	{ "recording-configuration-arn", "arn:aws:ivs::123456789012:recording-configuration/AbC",
	  "no region or account" },
	{ "recording-configuration-arn",
	  "arn:other:ivs:us-west-2:123456789012:recording-configuration/AbC", "partition" },
	{ "recording-configuration-arn",
	  "arn:aws:ivs:us-west-2:123456789012:recording-configuration/a_b", "id" },
	{ "recording-configuration-arn",
	  "arn:aws:ivs:us-west-2:123456789012:recording-configuration/", "empty id" },
	{ "tag-key", "Owner", NULL },
	{ "tag-key", "a b_c.d:e/f=g+h-i@j1", NULL },
	{ "tag-key", "Größe \xe5\x8b\x95\xe7\x94\xbb", NULL },
	{ "tag-key", X128, NULL },
	{ "tag-key", X128 "a", "longer than 128" },
	{ "tag-key", "", "is empty" },
	{ "tag-key", "Owner!", "a character" },
	{ "tag-key", "a\tb", "a character" },
	{ "tag-key", "a\xe2\x9c\x82", "no letter" },
	{ "tag-value", "", NULL },
	{ "tag-value", X128 X128, NULL },
	{ "tag-value", X128 X128 "a", "longer than 256" },
	{ "tag-value", "a, b", "a character" },
	{ "date", "2024-02-29", NULL },
	{ "date", "2023-02-29", "no day that exists" },
	{ "date", "2024-2-9", "no day that exists" },
	{ "email-address", "video@example.com", NULL },
	{ "email-address", "first.last+ivs@mail.example.com", NULL },
	{ "email-address", "video", "has no '@'" },
	{ "email-address", "@example.com", "no name" },
	{ "email-address", "video@", "no domain" },
	{ "email-address", "video@example", "one part" },
	{ "email-address", "video@example.com.", "no domain" },
	{ "email-address", "video@-example.com", "a part that may not" },
	{ "email-address", "video@exam ple.com", "a character that may not" },
	{ "email-address", "vi deo@example.com", "a character that may not" },
	{ "email-address", "vi..deo@example.com", "two periods" },
	{ "email-address", ".video@example.com", "begins or ends with a period" },
	{ "email-address", "a@b@example.com", "a character that may not" },
	{ "aws-access-key-id", "AKIAIOSFODNN7EXAMPLE", NULL },
	{ "aws-access-key-id", "key=ASIAIOSFODNN7EXAMPLE;", NULL },
	{ "aws-access-key-id", "AKIAIOSFODNN7EXAMPL", "holds no" },
	{ "aws-access-key-id", "AKIAIOSFODNN7EXAMPLEX", "holds no" },
	{ "aws-access-key-id", "XAKIAIOSFODNN7EXAMPLE", "holds no" },
	{ "aws-access-key-id", "AKIAiosfodnn7example", "holds no" },
	{ "aws-access-key-id", "", "holds no" },
	{ "private-key", "-----BEGIN PRIVATE KEY-----", NULL },
	{ "private-key", "x -----BEGIN OPENSSH PRIVATE KEY-----", NULL },
	{ "private-key", "-----BEGIN CERTIFICATE-----", "holds no" },
	{ "private-key", "-----BEGIN ", "holds no" },
	{ "private-key", "", "holds no" },
};

static void judge_format(struct fixture *f, const char *format, const struct value *v,
			 enum truth *truth, const char **detail)
{
	struct gathered got = { 0 };
	struct compile c = { .scope = &f->scope, .got = &got };
	struct nature nature = nature_of_type((struct type){ TYPE_STRING, TYPE_NONE });
	struct value operand = value_of_str(str_of(format));
	struct eval e = { &f->resource, &f->judge, NULL };
	struct evidence ev = { .field = STR("x") };
	struct test t;

	operand.place = (struct place){ 1, 1 };
	if (test_compile(&c, STR("x"), &nature, &op_table[OP_is], operand.place, &operand, &t) ==
	    -1)
		fail_msg("no format '%s'", format);
	*truth = test_judge(&t, v, &e);
	test_explain(&t, v, &e, false, &f->scratch, &ev);
	*detail = arena_str(&f->arena, ev.detail).data;
	gathered_release(&got);
}

static void test_cases(void **state)
{
	struct fixture f;
	const char *detail;
	struct value v;
	enum truth truth;
	size_t i;

	(void)state;
	fixture_init(&f);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		v = value_of_str(str_of(cases[i].text));
		judge_format(&f, cases[i].format, &v, &truth, &detail);
		if (truth != (cases[i].why == NULL ? TRUTH_TRUE : TRUTH_FALSE) ||
		    (cases[i].why != NULL && strstr(detail, cases[i].why) == NULL) ||
		    (cases[i].why == NULL && *detail != '\0'))
			fail_msg("%s '%s': %s, '%s'", cases[i].format, cases[i].text,
				 truth_name(truth), detail);
	}
	fixture_release(&f);
}

/* A NUL ends no text early, and every format has cases of both kinds. */
static void test_every_format(void **state)
{
	struct fixture f;
	const char *detail;
	struct value v;
	enum truth truth;
	bool yes, no;
	size_t i, k;

	(void)state;
	fixture_init(&f);
	for (i = 0; i < format_n_rows; i++) {
		yes = no = false;
		for (k = 0; k < sizeof(cases) / sizeof(*cases); k++) {
			if (strcmp(cases[k].format, format_rows[i].name) == 0) {
				yes = yes || cases[k].why == NULL;
				no = no || cases[k].why != NULL;
			}
		}
		if (!yes || !no)
			fail_msg("format '%s' lacks cases", format_rows[i].name);
		assert_true(strlen(format_rows[i].text) > 0);
		v = value_of_str((struct str){ "us-west-2\0x", 11 });
		judge_format(&f, format_rows[i].name, &v, &truth, &detail);
		assert_int_equal(truth, TRUTH_FALSE);
	}
	fixture_release(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_every_format),
	};

	return cmocka_run_group_tests_name("op_format", tests, NULL, NULL);
}
