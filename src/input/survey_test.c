/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels from saved answers: which are whose, what is not known of them, and
 * whether they are all.
 */
#include "input/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limit.h"
#include "model/field.h"

#define FOLDER  "build/survey-test"
#define WEST    "us-west-2:123456789012"
#define CONFIG  "arn:aws:ivs:" WEST ":recording-configuration/"
#define CHANNEL "arn:aws:ivs:" WEST ":channel/"
/* of a list, and as batch-get-channel prints it */
#define LISTED(id, config)                                                                         \
	"{\"arn\":\"" CHANNEL id "\",\"name\":\"" id                                               \
	"\",\"type\":\"STANDARD\",\"latencyMode\":\"LOW\",\"authorized\":false,"                   \
	"\"insecureIngest\":false,\"recordingConfigurationArn\":\"" config "\",\"tags\":{}}"
#define WHOLE(id, config, more)                                                                    \
	"{\"arn\":\"" CHANNEL id "\",\"name\":\"" id                                               \
	"\",\"type\":\"BASIC\",\"playbackUrl\":\"https://"                                         \
	"x\",\"recordingConfigurationArn\":\"" config "\"" more "}"

static void put_file(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	mkdir("build", 0777);
	mkdir(FOLDER, 0777);
	snprintf(path, sizeof(path), FOLDER "/%s", name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void clear(void)
{
	static const char *const names[] = { "a.json", "b.json", "c.ndjson" };
	char path[200];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), FOLDER "/%s", names[i]);
		unlink(path);
	}
}

static struct survey *look(void)
{
	static const char *const paths[] = { FOLDER, "-", FOLDER "/missing.json" };

	return survey_new(paths, 3);
}

/* The channels of a configuration as they are shown; "none" where nobody looked. */
static void expect(const struct survey *s, const char *arn, const char *want)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	struct resource r;
	const struct value *list;
	uint32_t i;

	resource_init(&r, NULL, PLACE_NONE, SOURCE_JSON);
	r.slots[FIELD_ARN] = value_of_str(str_of(arn));
	survey_fill(s, &r, &arena);
	list = &r.slots[FIELD_CHANNELS];
	if (list->kind == VALUE_ABSENT)
		buf_puts(&b, "none");
	for (i = 0; i < list->n; i++) {
		buf_puts(&b, i > 0 ? " " : "");
		value_show(&b, value_get(&list->items[i], STR("name")), 100);
		buf_putc(&b, '/');
		value_show(&b, value_get(&list->items[i], STR("containerFormat")), 100);
	}
	if ((list->flags & VALUE_OPEN) != 0)
		buf_puts(&b, " ...");
	if (!str_is(buf_str(&b), want))
		fail_msg("%s: '%.*s', not '%s'", arn, (int)b.len, b.data, want);
	buf_release(&b);
	arena_release(&arena);
}

/* Where nobody was seen to be listed, nothing is known. */
static void expect_none(void)
{
	struct survey *s = look();

	expect(s, CONFIG "A", "none");
	survey_free(s);
}

static void test_none(void **state)
{
	(void)state;
	clear();
	put_file("a.json", "{\"recordingConfiguration\":{\"arn\":\"" CONFIG "A\"}}");
	expect_none();
	expect(NULL, CONFIG "A", "none");
	put_file("b.json", "{\"channels\":[]}"); /* of whom? */
	expect_none();
	put_file("b.json", "{\"channels\":[{\"arn\":5},{},3,{\"arn\":\"x\"}]}");
	expect_none();
	put_file("b.json", "{\"channels\":");
	expect_none();
}

static void test_listed(void **state)
{
	struct survey *s;

	(void)state;
	clear();
	put_file("a.json", "{\"channels\":[" LISTED("two", CONFIG "A") "," LISTED(
			       "one", CONFIG "A") "," LISTED("three", CONFIG
							     "B") "," LISTED("four", "") "]}");
	s = look();
	expect(s, CONFIG "A", "one/unknown two/unknown");
	expect(s, CONFIG "B", "three/unknown");
	expect(s, CONFIG "C", "");
	/* another region, and what is no ARN */
	expect(s, "arn:aws:ivs:eu-west-1:123456789012:recording-configuration/A", "none");
	expect(s, "", "none");
	survey_free(s);
	/* the whole one wins, whatever was read first */
	put_file("b.json", "{\"channels\":[" WHOLE("two", CONFIG "A", "") "," WHOLE(
			       "one", CONFIG "A",
			       ",\"containerFormat\":\"FRAGMENTED_MP4\"") "],\"errors\":[]}");
	s = look();
	expect(s, CONFIG "A", "one/FRAGMENTED_MP4 two/TS (the default)");
	expect(s, CONFIG "C", "");
	survey_free(s);
}

static void test_partial(void **state)
{
	struct survey *s;

	(void)state;
	clear();
	put_file("a.json", "{\"nextToken\":\"x\",\"channels\":[" LISTED("one", CONFIG "A") "]}");
	s = look();
	expect(s, CONFIG "A", "one/unknown ...");
	expect(s, CONFIG "B", " ...");
	survey_free(s);
	/* one by one: nobody said that they are all */
	put_file("a.json", "{\"channel\":" WHOLE("one", CONFIG "A", "") "}");
	s = look();
	expect(s, CONFIG "A", "one/TS (the default) ...");
	survey_free(s);
	/* an empty page of several may be anybody's */
	put_file("a.json", "{\"channels\":[" LISTED("one", CONFIG "A") "]}");
	put_file("b.json", "{\"channels\":[],\"nextToken\":\"x\"}");
	s = look();
	expect(s, CONFIG "B", " ...");
	survey_free(s);
	/* a file that breaks off */
	put_file("b.json", "{\"channels\":[" LISTED("two", CONFIG "A") ",");
	s = look();
	expect(s, CONFIG "A", "one/unknown ...");
	survey_free(s);
}

/* What list-channels may have left out, asked to: its answer does not say so. */
static void test_filtered(void **state)
{
	struct survey *s;

	(void)state;
	clear();
	/* by a recording configuration: all of its channels, and of no other's any */
	put_file("a.json",
		 "{\"channels\":[" LISTED("one", CONFIG "A") "," LISTED("two", CONFIG "A") "]}");
	s = look();
	expect(s, CONFIG "A", "one/unknown two/unknown");
	expect(s, CONFIG "B", " ...");
	survey_free(s);
	/* the same of another */
	put_file("b.json",
		 "{\"channels\":[" LISTED("three", CONFIG "B") "," LISTED("four", CONFIG "B") "]}");
	s = look();
	expect(s, CONFIG "A", "one/unknown two/unknown");
	expect(s, CONFIG "B", "four/unknown three/unknown");
	expect(s, CONFIG "C", " ...");
	survey_free(s);
	/* a list that no filter makes says more */
	put_file("b.json",
		 "{\"channels\":[" LISTED("three", CONFIG "B") "," LISTED("four", "") "]}");
	s = look();
	expect(s, CONFIG "B", "three/unknown");
	expect(s, CONFIG "C", "");
	survey_free(s);
	clear();
	/* by name, or the only channel that there is */
	put_file("a.json", "{\"channels\":[" LISTED("one", CONFIG "A") "]}");
	s = look();
	expect(s, CONFIG "A", "one/unknown ...");
	expect(s, CONFIG "B", " ...");
	survey_free(s);
	/* by a policy that restricts playback */
	put_file("a.json",
		 "{\"channels\":[{\"arn\":\"" CHANNEL "A\",\"name\":\"x\","
		 "\"playbackRestrictionPolicyArn\":\"p\",\"recordingConfigurationArn\":\"" CONFIG
		 "A\"},{\"arn\":\"" CHANNEL "B\",\"playbackRestrictionPolicyArn\":\"p\"}]}");
	s = look();
	expect(s, CONFIG "A", "x/unknown ...");
	survey_free(s);
	/* some of them asked for one by one */
	put_file("a.json", "{\"channels\":[" WHOLE("one", CONFIG "A",
						   "") "," WHOLE("two", CONFIG "A", "") "]}");
	s = look();
	expect(s, CONFIG "A", "one/TS (the default) two/TS (the default) ...");
	survey_free(s);
	clear();
}

/* Behind so much else that a first look does not show it. */
static void test_late(void **state)
{
	struct survey *s;
	struct buf b = BUF_INIT(0);
	size_t i, k;

	(void)state;
	for (i = 0; i < 16; i++) {
		clear();
		put_file("a.json", "{\"channels\":[" LISTED("one", CONFIG "A") "," LISTED(
				       "two", CONFIG "B") "]}");
		buf_clear(&b);
		/* the word lies across what is read at a time, in every way */
		buf_puts(&b, "{\"x\":\"");
		for (k = b.len; k < LIMIT_SURVEY_HEAD - 13 + i; k++)
			buf_putc(&b, 'x');
		buf_puts(&b, "\"}{\"channels\":[" LISTED("late", CONFIG "A") "," LISTED("none",
											"") "]}");
		buf_putc(&b, '\0');
		put_file("c.ndjson", b.data);
		s = look();
		assert_true(survey_has_read(s, FOLDER "/a.json"));
		assert_true(survey_has_read(s, FOLDER "/c.ndjson"));
		assert_false(survey_has_read(s, FOLDER "/b.json"));
		expect(s, CONFIG "A", "late/unknown one/unknown");
		survey_free(s);
	}
	/* alone it is not found, and who meets it tells */
	unlink(FOLDER "/a.json");
	s = look();
	assert_false(survey_has_read(s, FOLDER "/c.ndjson"));
	expect(s, CONFIG "A", "none");
	survey_free(s);
	clear();
	buf_release(&b);
}

/* Answers among others, one a line, or in an array. */
static void test_mixed(void **state)
{
	struct survey *s;

	(void)state;
	clear();
	put_file("c.ndjson",
		 "{\"recordingConfiguration\":{\"arn\":\"" CONFIG "A\"}}\n"
		 "[{\"channels\":[" LISTED("one", CONFIG "A") "," LISTED(
		     "none", "") "]}]\n"
				 "{\"channel\":" WHOLE("two", CONFIG "A", ",\"type2\":[[]]") "}\n");
	s = look();
	expect(s, CONFIG "A", "one/unknown two/TS (the default)");
	survey_free(s);
	clear();
}

static void test_of(void **state)
{
	(void)state;
	assert_true(survey_is_of(STR("channels")));
	assert_true(survey_is_of(STR("channel")));
	assert_false(survey_is_of(STR("channelz")));
	assert_false(survey_is_of(STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),     cmocka_unit_test(test_listed),
		cmocka_unit_test(test_partial),  cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_filtered), cmocka_unit_test(test_late),
		cmocka_unit_test(test_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
