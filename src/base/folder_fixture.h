/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests that need files: a folder of their own.
 */
#ifndef BASE_FOLDER_FIXTURE_H
#define BASE_FOLDER_FIXTURE_H

#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static inline void folder_empty(int folder)
{
	DIR *stream = fdopendir(folder);
	const struct dirent *d;
	struct stat st;
	int fd;

	assert_non_null(stream);
	while ((d = readdir(stream)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		/* links lead elsewhere, and are not to be followed */
		if (fstatat(folder, d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISDIR(st.st_mode))
			assert_int_equal(fchmodat(folder, d->d_name, 0700, 0), 0);
		fd = openat(folder, d->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		if (fd != -1)
			folder_empty(fd);
		unlinkat(folder, d->d_name, fd != -1 ? AT_REMOVEDIR : 0);
	}
	closedir(stream);
}

/* Permissions mean nothing to root. */
static inline void folder_lose_root(void)
{
	if (geteuid() == 0)
		assert_int_equal(seteuid(65534), 0);
}

static inline void folder_regain_root(void)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

/* The setup of a test, and what ends it: the folder is made and entered, and is removed
 * with all that is in it. */
static inline int folder_enter(void **state)
{
	char name[] = "/tmp/ivslint-test-XXXXXX";

	if (mkdtemp(name) == NULL || chmod(name, 0777) == -1 || chdir(name) == -1)
		return -1;
	*state = strdup(name);
	return *state != NULL ? 0 : -1;
}

static inline int folder_leave(void **state)
{
	folder_regain_root();
	folder_empty(open(".", O_RDONLY | O_DIRECTORY));
	if (chdir("/") == -1 || rmdir(*state) == -1)
		return -1;
	free(*state);
	return 0;
}

/* A file of this text, whatever was there. */
static inline void folder_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static inline void folder_holds(const char *path, const char *text)
{
	struct buf b = BUF_INIT(1 << 20);
	struct err err;

	if (file_read(&b, path, &err) == -1)
		fail_msg("%s", err.text);
	assert_string_equal(b.data, text);
	buf_release(&b);
}

/* How many files and folders are in it. */
static inline size_t folder_entries(void)
{
	DIR *stream = opendir(".");
	size_t n = 0;

	assert_non_null(stream);
	while (readdir(stream) != NULL)
		n++;
	closedir(stream);
	return n - 2;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_enter, folder_leave)

#endif
