/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output that the AWS CLI's own examples print: each file is audited, or
 * refused with a reason. Read where it is, beside the repository; skipped where
 * it is not.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER "../shared/conformance/cli-outputs"

static char output[1 << 16];

/* Runs check on one file; its whole output is in `output`. Gives the status. */
static int check(const char *path)
{
	const char *program = getenv("IVSLINT");
	int ends[2], status;
	size_t len = 0;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child != -1);
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl(program, program, "check", "-p", "ivslint:recommended", "--color", "never",
		      path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((got = read(ends[0], output + len, sizeof(output) - 1 - len)) > 0)
		len += (size_t)got;
	close(ends[0]);
	output[len] = '\0';
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool holds_configurations(const char *name)
{
	return strstr(name, "recording-configuration") != NULL;
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

static void check_file(const char *name)
{
	char path[600];
	int status;

	snprintf(path, sizeof(path), "%s/%s", FOLDER, name);
	status = check(path);
	if (ends_with(name, ".invalid")) {
		/* not JSON as published: refused, with line and column */
		if (status != 3 ||
		    (strstr(output, ": refused: ") == NULL && strstr(output, ": cut: ") == NULL) ||
		    strstr(output, ".invalid:") == NULL)
			fail_msg("%s: status %d\n%s", name, status, output);
	} else if (holds_configurations(name)) {
		if ((status != 0 && status != 1) || strstr(output, "complete") == NULL ||
		    strstr(output, "recording configuration") == NULL)
			fail_msg("%s: status %d\n%s", name, status, output);
	} else if (status != 3 ||
		   /* one of them has a key twice, and a session the configuration of its time */
		   (strstr(output, "no recording configuration: it holds '") == NULL &&
		    strstr(output, ": refused: the key '") == NULL &&
		    strstr(output, ": refused: a recording configuration that is not where") ==
			NULL)) {
		fail_msg("%s: status %d\n%s", name, status, output);
	}
}

static void test_every_output_of_the_cli(void **state)
{
	DIR *folder = opendir(FOLDER);
	struct dirent *entry;
	unsigned n = 0;

	(void)state;
	if (folder == NULL) {
		print_message("%s is not there: skipped\n", FOLDER);
		skip();
	}
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		check_file(entry->d_name);
		n++;
	}
	closedir(folder);
	print_message("conformance: %u outputs of the AWS CLI\n", n);
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_output_of_the_cli) };

	return cmocka_run_group_tests_name("conformance", tests, NULL, NULL);
}
