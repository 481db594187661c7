/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same policy over the same configurations from three sources: what the API
 * printed, a template, a plan. Every verdict, field and message is the same; only
 * places and ids differ, the rules that are about templates and plans, and those
 * that ask for channels, which what the API printed of a configuration has not.
 */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static const char *const policies[] = { "ivslint:recommended", "testdata/same/policy.yaml" };
static const char *const paths[] = { "testdata/same/api.ndjson", "testdata/same/template.yaml",
				     "testdata/same/plan.json" };

#define OF_CHANNELS                                                                                \
	"--skip thumbnail-keyframe --skip thumbnail-every-second --skip renditions-of-basic "      \
	"--skip thumbnail-resolution-multitrack --skip configuration-used"

/* Takes a member of an object in one piece out of the line: "place":{...}. */
static void cut_member(char *line, const char *member)
{
	char *at = strstr(line, member), *end;

	if (at == NULL)
		return;
	for (end = at + strlen(member); *end != '\0' && *end != '}'; end++)
		;
	if (*end == '}')
		memmove(at, end + 1, strlen(end + 1) + 1);
}

/* Why a rule does not apply may be told by where a configuration is from. */
static void cut_reason(char *line)
{
	char *at = strstr(line, "\"reason\":\"");

	if (at != NULL && strstr(line, "\"verdict\":\"not-applicable\"") != NULL)
		snprintf(at, strlen(at) + 1, "\n");
}

/* The findings of a path as lines without what may differ. */
static void read_findings(const char *policy, const char *path, struct buf *out)
{
	static char line[1 << 16];
	char command[500];
	FILE *from;

	snprintf(command, sizeof(command),
		 "'%s' check --all -f ndjson -p '%s' " OF_CHANNELS " '%s'", getenv("IVSLINT"),
		 policy, path);
	from = popen(command, "r");
	assert_non_null(from);
	while (fgets(line, sizeof(line), from) != NULL) {
		if (strncmp(line, "{\"rule\":", 8) != 0 ||
		    strncmp(line + 8, "\"template-", 10) == 0 ||
		    strncmp(line + 8, "\"terraform-", 11) == 0)
			continue;
		cut_member(line, "\"resource\":{");
		cut_member(line, "\"place\":{");
		cut_member(line, "\"excerpt\":{");
		cut_reason(line);
		buf_puts(out, line);
	}
	pclose(from);
}

/* They are of the id, which differs. */
static void cut_fingerprints(struct buf *b)
{
	char *at = b->data;

	while (at != NULL && (at = strstr(at, "\"fingerprint\":\"")) != NULL) {
		for (at += 15; *at != '\0' && *at != '"'; at++)
			*at = 'x';
	}
}

static void test_same(void **state)
{
	struct buf first = BUF_INIT(0), other = BUF_INIT(0);
	size_t i, k, lines = 0;
	const char *p;

	(void)state;
	for (i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		buf_clear(&first);
		read_findings(policies[i], paths[0], &first);
		cut_fingerprints(&first);
		for (lines = 0, p = buf_str(&first).data; *p != '\0'; p++)
			lines += *p == '\n';
		assert_true(lines >= 80);
		for (k = 1; k < sizeof(paths) / sizeof(paths[0]); k++) {
			buf_clear(&other);
			read_findings(policies[i], paths[k], &other);
			cut_fingerprints(&other);
			assert_string_equal(buf_str(&first).data, buf_str(&other).data);
		}
	}
	buf_release(&first);
	buf_release(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same) };

	if (getenv("IVSLINT") == NULL) {
		fprintf(stderr, "same_test: IVSLINT is not set\n");
		return 1;
	}
	return cmocka_run_group_tests_name("same", tests, NULL, NULL);
}
