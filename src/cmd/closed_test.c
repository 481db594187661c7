/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run that is started with closed standard descriptors, as services and
 * schedulers start programs: nothing that is opened takes their place, what was to
 * be read from them or written to them is told as not done, and it ends.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char clean[] =
    "{\"arn\":\"arn:aws:ivs:us-west-2:123456789012:recording-configuration/a\","
    "\"name\":\"acme-live\",\"tags\":{\"Owner\":\"video\"},"
    "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"acme-ivs\"}},\"state\":\"ACTIVE\"}\n";

static char folder[64], saved[96], report[96];

static int set_up(void **state)
{
	FILE *f;

	(void)state;
	strcpy(folder, "/tmp/ivslint-closed-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(saved, sizeof(saved), "%s/saved.json", folder);
	snprintf(report, sizeof(report), "%s/report.json", folder);
	f = fopen(saved, "w");
	if (f == NULL)
		return -1;
	fputs(clean, f);
	return fclose(f);
}

static int tear_down(void **state)
{
	(void)state;
	unlink(saved);
	unlink(report);
	return rmdir(folder);
}

/* The exit status of the command, with those descriptors closed whose bit is set. */
static int run(unsigned closed, const char *command, const char *path)
{
	char format[110];
	int status, fd;
	pid_t child;

	snprintf(format, sizeof(format), "json=%s", report);
	child = fork();
	assert_true(child != -1);
	if (child == 0) {
		fd = open("/dev/null", O_RDWR);
		for (int i = 0; i < 3; i++)
			if ((closed >> i & 1) != 0)
				close(i);
			else
				dup2(fd, i);
		close(fd);
		alarm(20); /* a run that waits for itself is ended by that */
		if (strcmp(command, "check") == 0)
			execl(getenv("IVSLINT"), "ivslint", command, "-v", "--progress", "never",
			      "-p", "ivslint:recommended", "-f", format, path, (char *)NULL);
		else
			execl(getenv("IVSLINT"), "ivslint", command, path, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A closed standard input is neither empty nor waited for: it cannot be read. */
static void test_standard_input(void **state)
{
	(void)state;
	assert_int_equal(run(1, "check", "-"), 3);
	assert_int_equal(run(1, "baseline", "-"), 3);
	assert_int_equal(run(1, "report", "-"), 3);
	assert_int_equal(run(7, "check", "-"), 3);
}

/* Whatever is closed, the report is one JSON document and nothing besides. */
static void test_reports(void **state)
{
	char text[1 << 16];
	ssize_t len;
	int fd;

	(void)state;
	for (unsigned closed = 0; closed < 8; closed++) {
		unlink(report);
		assert_int_equal(run(closed, "check", folder), 0);
		fd = open(report, O_RDONLY);
		assert_true(fd != -1);
		len = read(fd, text, sizeof(text) - 1);
		close(fd);
		assert_true(len > 2);
		text[len] = '\0';
		assert_memory_equal(text, "{\n", 2);
		assert_string_equal(text + len - 2, "}\n");
		assert_null(strstr(text, "ivslint: "));
	}
}

/* What was to be written to a closed standard output was not. */
static void test_standard_output(void **state)
{
	(void)state;
	assert_int_equal(run(2, "version", NULL), 3);
	assert_int_equal(run(3, "version", NULL), 3);
	assert_int_equal(run(0, "version", NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_standard_input),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_standard_output),
	};

	return cmocka_run_group_tests_name("closed", tests, set_up, tear_down);
}
