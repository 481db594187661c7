/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether two paths lead to one place, in a folder that is made for it.
 */
#define _DEFAULT_SOURCE /* mkdtemp and symlink at once */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
/* after those that it needs */
#include <cmocka.h>

#include "base/file.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void test_places(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		/* what is there */
		{ "there", "there", true },
		{ "there", ".//there", true },
		{ "there", "d/../there", true },
		{ "there", "hard", true },
		{ "there", "soft", true },
		{ "there", "other", false },
		{ "there", "new", false },
		{ "pipe", "e/../pipe", true },
		/* and what is not yet */
		{ "new", "new", true },
		{ "new", "./new", true },
		{ "d/new", "e/new", true },
		{ "d/new", "new", false },
		{ "d/new", "d/newer", false },
		{ "dangling", "d/new", true },
		{ "dangling", "e/new", true },
		{ "dangling", "d/newer", false },
		{ "round", "new", false },
		{ "no/new", "no/newer", false },
		/* descriptors, and devices */
		{ "-", "-", true },
		{ "-", "/dev/stdout", true },
		{ "/dev/fd/1", "/dev/stdout", true },
		{ "-", "/dev/stderr", false },
		{ "-", "new", false },
		{ "/dev/null", "/dev/null", false },
		{ "/dev/null", "new", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < N(rows); i++)
		if (file_same_place(rows[i].a, rows[i].b) != rows[i].same ||
		    file_same_place(rows[i].b, rows[i].a) != rows[i].same)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
}

/* Standard output that leads to a file which is named besides. */
static void test_redirected(void **state)
{
	int keep, fd;
	bool same, other;

	(void)state;
	fflush(stdout);
	keep = dup(STDOUT_FILENO);
	fd = open("there", O_WRONLY);
	dup2(fd, STDOUT_FILENO);
	same = file_same_place("-", "soft");
	other = file_same_place("-", "other");
	dup2(keep, STDOUT_FILENO);
	close(keep);
	close(fd);
	assert_true(same);
	assert_false(other);
}

/* ---- a folder of our own --------------------------------------------------- */

static char folder[] = "/tmp/ivslint-place-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) == -1)
		return -1;
	close(open("there", O_WRONLY | O_CREAT, 0600));
	close(open("other", O_WRONLY | O_CREAT, 0600));
	return mkdir("d", 0700) == -1 || symlink("d", "e") == -1 || link("there", "hard") == -1 ||
	       symlink("there", "soft") == -1 || symlink("d/new", "dangling") == -1 ||
	       symlink("round", "round") == -1 || mkfifo("pipe", 0600) == -1;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "there", "other",    "hard",  "soft", "e",
					     "d",     "dangling", "round", "pipe" };
	size_t i;

	(void)state;
	for (i = 0; i < N(names); i++)
		remove(names[i]);
	return chdir("/") == -1 || rmdir(folder) == -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_redirected),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
