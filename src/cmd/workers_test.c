/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same bytes whatever the number of workers, where there is enough to read for
 * several: many stretches, several files, findings and problems between each other,
 * in mixes of formats that are written by the workers apart, or under the turn.
 */
#define _DEFAULT_SOURCE /* realpath and mkdtemp at once */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#define MOST_REPORTS 6

static char program[PATH_MAX];
static char folder[] = "/tmp/ivslint-workers-XXXXXX";

/* ---- what is read ------------------------------------------------------------ */

static void write_file(const char *name, const struct buf *b)
{
	char path[200];
	FILE *to;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	to = fopen(path, "wb");
	assert_non_null(to);
	assert_int_equal(fwrite(b->data, 1, b->len, to), b->len);
	assert_int_equal(fclose(to), 0);
}

static void put_configuration(struct buf *b, unsigned i)
{
	buf_printf(b,
		   "{\"recordingConfiguration\":{\"arn\":\"arn:aws:ivs:us-west-2:%012u:"
		   "recording-configuration/r%u\",\"name\":\"%s-%u\",\"state\":\"ACTIVE\","
		   "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"bucket-%u\"}},"
		   "\"tags\":{%s\"Note\":\"of no importance, but of some length\"},"
		   "\"thumbnailConfiguration\":{\"recordingMode\":\"INTERVAL\","
		   "\"targetIntervalSeconds\":%u}}}",
		   i % 3, i, i % 7 == 0 ? "Wrong Name" : "name", i, i % 50,
		   i % 5 == 0 ? "" : "\"Owner\":\"video\",", i % 90);
}

/* Several stretches; places that are refused, and a trailer that does not add up, stand
 * between findings. */
static void make_lines(void)
{
	struct buf b = BUF_INIT(0);
	unsigned i;

	buf_puts(&b, "{\"ivslintFetch\":{\"format\":1,\"version\":\"0.1.0\"}}\n");
	for (i = 0; i < 1800; i++) {
		put_configuration(&b, i);
		buf_putc(&b, '\n');
		if (i % 400 == 200)
			buf_puts(&b, "{\"recordingConfiguration\":{\"arn\":5}}\n");
		if (i % 700 == 500)
			buf_puts(&b, "{\"channel\":{}}\n{\"arn\":\"a\",\"arn\":\"b\"}\n");
		if (i % 900 == 600)
			buf_printf(&b, "{\"ivslintFetch\":{\"format\":1,\"complete\":true,"
				       "\"recordingConfigurations\":12}}\n"
				       "{\"ivslintFetch\":{\"format\":1,\"version\":\"0.1.0\"}}\n");
	}
	write_file("lines.ndjson", &b);
	buf_release(&b);
}

static void make_list(void)
{
	struct buf b = BUF_INIT(0);
	unsigned i;

	buf_puts(&b, "{\"recordingConfigurations\":[\n");
	for (i = 0; i < 1200; i++) {
		buf_puts(&b, i != 0 ? ",\n" : "");
		buf_puts(&b, "{\"arn\":\"arn:aws:ivs:us-west-2:123456789012:");
		buf_printf(&b, "recording-configuration/L%u\",\"name\":\"in a list\",", i);
		buf_puts(&b, "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"b\"}},"
			     "\"tags\":{\"Owner\":\"video\",\"Note\":\"of some length, too\","
			     "\"More\":\"so that the list is of more than one stretch\"},"
			     "\"state\":\"ACTIVE\"}");
	}
	buf_puts(&b, "],\"nextToken\":\"more\"}\n");
	write_file("list.json", &b);
	buf_release(&b);
}

/* More of one stretch than may wait for its turn. */
static void make_tiny(void)
{
	struct buf b = BUF_INIT(0);
	unsigned i;

	for (i = 0; i < 4500; i++) {
		buf_printf(&b, "{\"arn\":\"a:recording-configuration/%u\"}\n", i);
		if (i == 4300)
			buf_puts(&b, "{\"arn\":5}\n");
	}
	write_file("tiny.ndjson", &b);
	buf_release(&b);
}

static void make_small(void)
{
	struct buf b = BUF_INIT(0);
	char name[40];
	unsigned i;

	for (i = 0; i < 300; i++) {
		buf_clear(&b);
		put_configuration(&b, 10000 + i);
		if (i % 40 == 7)
			b.len -= 9;
		snprintf(name, sizeof(name), "small-%03u.json", i);
		write_file(name, &b);
	}
	buf_release(&b);
}

static void make_policies(void)
{
	struct buf b = BUF_INIT(0);

	buf_puts(&b, "version: 1\nname: single\nrules:\n"
		     "  - {id: owner, title: Owner, severity: high,"
		     " require: {tags: {has_keys: [Owner]}}}\n"
		     "  - {id: name, title: Name, severity: low,"
		     " require: {name: {matches: '^[a-z0-9-]+$'}}}\n"
		     "  - {id: interval, title: Interval, severity: info,"
		     " require: {thumbnailConfiguration.targetIntervalSeconds: {min: 9}}}\n"
		     "waivers:\n"
		     "  - {rule: owner, match: {name: {matches: '0$'}}, reason: known,"
		     " expires: 2999-01-01}\n");
	write_file("single.yaml", &b);
	buf_clear(&b);
	buf_puts(&b, "version: 1\nname: grouped\nextends: [single.yaml]\nrules:\n"
		     "  - {id: one-state, title: One state, severity: low,"
		     " group_by: [destinationConfiguration.s3.bucketName],"
		     " require: {name: {same: true}}}\n");
	write_file("grouped.yaml", &b);
	buf_release(&b);
}

static int set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	make_lines();
	make_list();
	make_tiny();
	make_small();
	make_policies();
	return 0;
}

static int tear_down(void **state)
{
	char command[100];
	FILE *f;

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	f = popen(command, "r");
	return f == NULL ? -1 : pclose(f);
}

/* ---- what is written --------------------------------------------------------- */

struct mix {
	const char *policy, *options;
	const char *formats[MOST_REPORTS + 1];
};

static const struct mix mixes[] = {
	/* all are written apart */
	{ "single.yaml", "", { "ndjson", "json", "csv", "ocsf", "text" } },
	{ "single.yaml", "-q", { "text", "ndjson" } },
	{ "single.yaml", "--all", { "json", "text", "ndjson" } },
	/* some, and none */
	{ "single.yaml", "--group-by file", { "text", "json", "junit", "sarif" } },
	{ "single.yaml", "--group-by rule", { "text", "gitlab", "html", "asff" } },
	/* judgements that more is wanted of */
	{ "grouped.yaml", "-v", { "ndjson", "json", "text" } },
	{ "grouped.yaml", "--all", { "csv", "markdown" } },
};

static void run(const struct mix *m, unsigned workers, struct buf *told)
{
	char command[2000];
	size_t used, i, n;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	FILE *from;

	used = (size_t)snprintf(command, sizeof(command),
				"cd '%s' && SOURCE_DATE_EPOCH=1700000000 '%s' check -j %u -p %s %s",
				folder, program, workers, m->policy, m->options);
	for (i = 0; m->formats[i] != NULL; i++) {
		used += (size_t)snprintf(command + used, sizeof(command) - used, " -f %s=%u-%zu",
					 m->formats[i], workers, i);
	}
	snprintf(command + used, sizeof(command) - used,
		 " list.json tiny.ndjson lines.ndjson small-*.json 2>&1; echo status $?");
	from = popen(command, "r");
	assert_non_null(from);
	buf_clear(told);
	for (n = 0; (len = getline(&line, &size, from)) > 0; n++)
		buf_put(told, line, (size_t)len);
	free(line);
	assert_int_equal(pclose(from), 0);
	assert_true(n != 0);
}

static void read_report(struct buf *b, unsigned workers, size_t i)
{
	char path[200];
	struct err err;

	snprintf(path, sizeof(path), "%s/%u-%zu", folder, workers, i);
	buf_clear(b);
	if (file_read(b, path, &err) == -1)
		fail_msg("%s", err.text);
	assert_true(b->len > 1000);
}

static void test_same(void **state)
{
	struct buf one = BUF_INIT(0), told = BUF_INIT(0), several = BUF_INIT(0);
	unsigned workers;
	size_t i, n;

	(void)state;
	one.limit = several.limit = (size_t)256 << 20;
	for (i = 0; i < sizeof(mixes) / sizeof(mixes[0]); i++) {
		run(&mixes[i], 1, &told);
		if (strstr(told.data, "status 3") == NULL)
			fail_msg("mix %zu: %s", i, told.data);
		workers = i % 2 == 0 ? 2 : 5;
		run(&mixes[i], workers, &several);
		assert_string_equal(told.data, several.data);
		for (n = 0; mixes[i].formats[n] != NULL; n++) {
			read_report(&one, 1, n);
			read_report(&several, workers, n);
			if (one.len != several.len || memcmp(one.data, several.data, one.len) != 0)
				fail_msg("%s of mix %zu differs with %u workers",
					 mixes[i].formats[n], i, workers);
		}
	}
	buf_release(&one);
	buf_release(&told);
	buf_release(&several);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same) };

	if (getenv("IVSLINT") == NULL || realpath(getenv("IVSLINT"), program) == NULL) {
		fprintf(stderr, "workers_test: IVSLINT is not set\n");
		return 1;
	}
	return cmocka_run_group_tests_name("workers", tests, set_up, tear_down);
}
