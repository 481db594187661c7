/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that come whole or not at all, whatever happens meanwhile. What is taken of them
 * in blocks is file_out_test.c's.
 */
#include "base/folder_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/limit.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void write_whole(void **state)
{
	struct file_out *f;
	struct stat st;
	struct err err;
	mode_t before = umask(027);
	size_t i;

	(void)state;
	f = file_out_open("report", &err);
	assert_non_null(f);
	for (i = 0; i < 20000; i++)
		file_out_put(f, STR("0123456789"));
	/* not there before it is whole */
	assert_int_equal(access("report", F_OK), -1);
	assert_int_equal(folder_entries(), 1);
	assert_int_equal(file_out_commit(f, &err), 0);
	umask(before);
	assert_int_equal(stat("report", &st), 0);
	assert_int_equal(st.st_size, 200000);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(folder_entries(), 1);
}

static void write_large_pieces(void **state)
{
	struct buf piece = BUF_INIT(0), b = BUF_INIT(1 << 20);
	struct file_out *f;
	struct err err;

	(void)state;
	while (piece.len < 100000)
		buf_put_uint(&piece, piece.len);
	f = file_out_open("report", &err);
	file_out_put(f, STR("<"));
	file_out_put(f, buf_str(&piece));
	file_out_put(f, STR(">"));
	assert_int_equal(file_out_commit(f, &err), 0);
	assert_int_equal(file_read(&b, "report", &err), 0);
	assert_int_equal(b.len, piece.len + 2);
	assert_memory_equal(b.data + 1, piece.data, piece.len);
	assert_int_equal(b.data[b.len - 1], '>');
	buf_release(&piece);
	buf_release(&b);
}

static void write_replaces(void **state)
{
	struct file_out *f;
	struct stat st;
	struct err err;

	(void)state;
	folder_file("report", "old");
	assert_int_equal(chmod("report", 0600), 0);
	f = file_out_open("report", &err);
	file_out_put(f, STR("new"));
	folder_holds("report", "old");
	assert_int_equal(file_out_commit(f, &err), 0);
	folder_holds("report", "new");
	assert_int_equal(stat("report", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	f = file_out_open("report", &err);
	file_out_put(f, STR("newer"));
	file_out_abandon(f);
	file_out_abandon(NULL);
	folder_holds("report", "new");
	assert_int_equal(folder_entries(), 1);
}

static void write_through_links(void **state)
{
	static const char *const targets[] = { "folder/there", "folder/new" };
	struct file_out *f;
	struct stat st;
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(mkdir("folder", 0755), 0);
	folder_file("folder/there", "old");
	assert_int_equal(symlink("there", "folder/second"), 0);
	for (i = 0; i < N(targets); i++) {
		unlink("link");
		assert_int_equal(symlink(i == 0 ? "folder/second" : "folder/new", "link"), 0);
		f = file_out_open("link", &err);
		assert_non_null(f);
		file_out_put(f, STR("text"));
		assert_int_equal(file_out_commit(f, &err), 0);
		assert_int_equal(lstat("link", &st), 0);
		assert_true(S_ISLNK(st.st_mode));
		assert_int_equal(lstat(targets[i], &st), 0);
		assert_true(S_ISREG(st.st_mode));
		folder_holds(targets[i], "text");
	}
	assert_int_equal(lstat("folder/second", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_null(file_out_open("loop", &err));
}

static void write_refusals(void **state)
{
	static const struct {
		const char *path, *text;
	} cases[] = {
		{ "folder", "cannot write 'folder': Is a directory" },
		{ "folder/", "cannot write 'folder/': Is a directory" },
		{ "none/report", "cannot write 'none/report': No such file or directory" },
		{ "none/", "cannot write 'none/': No such file or directory" },
		{ "file/report", "cannot write 'file/report': Not a directory" },
		{ "", "cannot write '': No such file or directory" },
		{ "closed/report", "cannot write 'closed/report': Permission denied" },
		{ "fixed", "cannot write 'fixed': Permission denied" },
		{ "/dev/fd/999", "cannot write '/dev/fd/999': Bad file descriptor" },
	};
	struct file_out *f;
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(mkdir("folder", 0777), 0);
	assert_int_equal(mkdir("closed", 0555), 0);
	folder_file("file", "");
	folder_file("fixed", "");
	assert_int_equal(chmod("fixed", 0444), 0);
	folder_lose_root();
	for (i = 0; i < N(cases); i++) {
		f = file_out_open(cases[i].path, &err);
		if (f != NULL)
			fail_msg("'%s' was opened", cases[i].path);
		assert_string_equal(err.text, cases[i].text);
		assert_int_equal(err.kind, ERR_OUTPUT);
	}
	assert_int_equal(folder_entries(), 4);
}

static void write_straight_through(void **state)
{
	char got[16] = "", path[32];
	struct file_out *f;
	struct err err;
	int ends[2], fd;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[1]);
	f = file_out_open(path, &err);
	assert_non_null(f);
	file_out_put(f, STR("piped"));
	assert_int_equal(file_out_commit(f, &err), 0);
	assert_int_equal(read(ends[0], got, sizeof(got)), 5);
	assert_string_equal(got, "piped");
	close(ends[0]);
	close(ends[1]);
	/* a file that a shell appends to keeps what it holds */
	folder_file("log", "before ");
	fd = open("log", O_WRONLY | O_APPEND);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	f = file_out_open(path, &err);
	file_out_put(f, STR("after"));
	assert_int_equal(file_out_commit(f, &err), 0);
	close(fd);
	folder_holds("log", "before after");
	f = file_out_open("/dev/null", &err);
	assert_non_null(f);
	assert_int_equal(file_out_commit(f, &err), 0);
}

static void full_disk(void **state)
{
	struct file_out *f;
	struct err err;

	(void)state;
	f = file_out_open("/dev/full", &err);
	assert_non_null(f);
	file_out_put(f, STR("x"));
	assert_false(file_out_failed(f));
	assert_int_equal(file_out_commit(f, &err), -1);
	assert_string_equal(err.text, "cannot write '/dev/full': No space left on device");
	assert_int_equal(err.kind, ERR_OUTPUT);
}

static void failure_leaves_nothing(void **state)
{
	struct rlimit before, small = { 1000, 1000 };
	struct buf large = BUF_INIT(0);
	struct file_out *f;
	struct err err;

	(void)state;
	folder_file("old", "old");
	while (large.len < 200000)
		buf_puts(&large, "0123456789");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	f = file_out_open("old", &err);
	file_out_put(f, buf_str(&large));
	assert_true(file_out_failed(f));
	assert_int_equal(file_out_commit(f, &err), -1);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_string_equal(err.text, "cannot write 'old': File too large");
	folder_holds("old", "old");
	assert_int_equal(folder_entries(), 1);
	buf_release(&large);
}

static void abandon_in_handler(int number)
{
	(void)number;
	file_out_abandon_all();
	_exit(9);
}

static void killed_half_way(void **state)
{
	struct sigaction action = { .sa_handler = abandon_in_handler };
	struct err err;
	int status;
	pid_t child;

	(void)state;
	folder_file("b", "old");
	child = fork();
	if (child == 0) {
		sigaction(SIGTERM, &action, NULL);
		if (file_out_open("a", &err) == NULL || file_out_open("b", &err) == NULL ||
		    folder_entries() != 3)
			_exit(1);
		raise(SIGTERM);
		_exit(2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 9);
	assert_int_equal(folder_entries(), 1);
	folder_holds("b", "old");
}

static void abandoned_cannot_commit(void **state)
{
	struct file_out *f;
	struct err err;

	(void)state;
	f = file_out_open("report", &err);
	file_out_abandon_all();
	assert_int_equal(file_out_commit(f, &err), -1);
	assert_int_equal(folder_entries(), 0);
}

static void many_outputs(void **state)
{
	struct file_out *files[LIMIT_OUTPUTS], *f;
	struct err err;
	char name[16];
	size_t i, round;

	(void)state;
	for (round = 0; round < 2; round++) {
		for (i = 0; i < N(files); i++) {
			snprintf(name, sizeof(name), "f%zu", i);
			files[i] = file_out_open(name, &err);
			assert_non_null(files[i]);
		}
		assert_null(file_out_open("more", &err));
		assert_non_null(f = file_out_open("/dev/null", &err));
		file_out_abandon(f);
		for (i = 0; i < N(files); i++)
			assert_int_equal(file_out_commit(files[i], &err), 0);
		assert_int_equal(folder_entries(), N(files));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_FOLDER(write_whole),     IN_FOLDER(write_large_pieces),
		IN_FOLDER(write_replaces),  IN_FOLDER(write_through_links),
		IN_FOLDER(write_refusals),  IN_FOLDER(write_straight_through),
		IN_FOLDER(full_disk),       IN_FOLDER(failure_leaves_nothing),
		IN_FOLDER(killed_half_way), IN_FOLDER(abandoned_cannot_commit),
		IN_FOLDER(many_outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
