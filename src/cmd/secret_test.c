/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plan says is sensitive: no command and no format prints it, whatever a
 * policy asks. Every secret of testdata/tf/plan-sensitive.json has S3cr3t in it;
 * testdata/tf/secrets.yaml asks with every operator that explains itself.
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

#define PLAN   "testdata/tf/plan-sensitive.json"
#define POLICY "testdata/tf/secrets.yaml"

static const char *const formats[] = {
#define REPORT(name) #name,
#include "report/report_list.h"
#undef REPORT
};

/* What the program prints, errors too. Fails where it holds a secret, or nothing. */
static void run(const char *arguments)
{
	struct buf command = BUF_INIT(0), out = BUF_INIT(64 << 20);
	const char *found;
	char bytes[4096];
	size_t got;
	FILE *from;

	buf_printf(&command, "'%s' %s 2>&1", getenv("IVSLINT"), arguments);
	from = popen(command.data, "r");
	assert_non_null(from);
	while ((got = fread(bytes, 1, sizeof(bytes), from)) > 0)
		buf_put(&out, bytes, got);
	pclose(from);
	if (out.len == 0)
		fail_msg("nothing printed: %s", command.data);
	found = strstr(out.data, "S3cr3t");
	if (found != NULL)
		fail_msg("%s prints: %.60s", command.data,
			 found - out.data > 20 ? found - 20 : out.data);
	buf_release(&command);
	buf_release(&out);
}

static void test_formats(void **state)
{
	char arguments[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		snprintf(arguments, sizeof(arguments), "check -v -p " POLICY " -f %s " PLAN,
			 formats[i]);
		run(arguments);
		snprintf(arguments, sizeof(arguments),
			 "check --all -j 4 -p " POLICY " -f %s " PLAN " " PLAN, formats[i]);
		run(arguments);
	}
	run("check -q -p " POLICY " " PLAN);
	run("check -p ivslint:strict -f json --all " PLAN);
}

static void test_commands(void **state)
{
	static const char *const rules[] = { "near-key", "keys", "values",  "each", "allowed",
					     "case",     "text", "message", "any",  "waived" };
	char arguments[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		snprintf(arguments, sizeof(arguments), "explain -p " POLICY " %s " PLAN, rules[i]);
		run(arguments);
	}
	run("baseline -p " POLICY " -o - " PLAN);
	run("init -o - " PLAN);
	run("diff ivslint:recommended " POLICY " " PLAN);
	run("diff " POLICY " ivslint:strict " PLAN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_commands),
	};

	if (getenv("IVSLINT") == NULL) {
		fprintf(stderr, "secret_test: IVSLINT is not set\n");
		return 1;
	}
	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
