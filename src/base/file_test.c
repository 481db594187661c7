/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading with a ceiling, files that come whole or not at all, and the order
 * of a walk, all in a folder that is made for it and removed.
 */
#define _DEFAULT_SOURCE /* mkdtemp's neighbours, seteuid */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/limit.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* ---- a folder of our own --------------------------------------------------- */

static void remove_below(int folder)
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
			remove_below(fd);
		unlinkat(folder, d->d_name, fd != -1 ? AT_REMOVEDIR : 0);
	}
	closedir(stream);
}

/* Permissions mean nothing to root. */
static void lose_root(void)
{
	if (geteuid() == 0)
		assert_int_equal(seteuid(65534), 0);
}

static void regain_root(void)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

static int enter(void **state)
{
	char name[] = "/tmp/ivslint-file-test-XXXXXX";

	if (mkdtemp(name) == NULL || chmod(name, 0777) == -1 || chdir(name) == -1)
		return -1;
	*state = strdup(name);
	return *state != NULL ? 0 : -1;
}

static int leave(void **state)
{
	regain_root();
	remove_below(open(".", O_RDONLY | O_DIRECTORY));
	if (chdir("/") == -1 || rmdir(*state) == -1)
		return -1;
	free(*state);
	return 0;
}

static void make_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void assert_holds(const char *path, const char *text)
{
	struct buf b = BUF_INIT(1 << 20);
	struct err err;

	if (file_read(&b, path, &err) == -1)
		fail_msg("%s", err.text);
	assert_string_equal(b.data, text);
	buf_release(&b);
}

static size_t entries_here(void)
{
	DIR *stream = opendir(".");
	size_t n = 0;

	assert_non_null(stream);
	while (readdir(stream) != NULL)
		n++;
	closedir(stream);
	return n - 2;
}

/* ---- reading --------------------------------------------------------------- */

static void read_sizes(void **state)
{
	static const size_t sizes[] = { 0, 1, 127, 16383, 16384, 16385, 50000 };
	struct buf b = BUF_INIT(50000), text = BUF_INIT(0);
	struct err err;
	size_t i, round;
	int fd;

	(void)state;
	for (round = 0; round < 2; round++) {
		for (i = 0; i < N(sizes); i++) {
			buf_clear(&text);
			while (text.len < sizes[i])
				buf_putc(&text, (char)(text.len * 7 % 251));
			fd = open("f", O_WRONLY | O_CREAT | O_TRUNC, 0644);
			assert_int_equal(write(fd, text.data ? text.data : "", text.len), text.len);
			close(fd);
			assert_int_equal(file_read(&b, "f", &err), 0);
			assert_true(str_equal(buf_str(&b), buf_str(&text)));
			assert_int_equal(b.data[b.len], 0);
		}
		buf_release(&b);
		b.limit = 50000;
	}
	buf_release(&b);
	buf_release(&text);
}

static void read_ceiling(void **state)
{
	struct buf b = BUF_INIT(5);
	struct err err;
	int ends[2], standard;

	(void)state;
	make_file("five", "12345");
	make_file("six", "123456");
	assert_int_equal(file_read(&b, "five", &err), 0);
	assert_string_equal(b.data, "12345");
	assert_int_equal(file_read(&b, "six", &err), -1);
	assert_string_equal(err.text, "'six' is larger than 5 bytes");
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(b.len, 0);
	/* what does not tell its size */
	assert_int_equal(file_read(&b, "/proc/self/stat", &err), -1);
	assert_int_equal(file_read(&b, "/dev/zero", &err), -1);
	/* a large file is refused by its size */
	b.limit = 100000;
	assert_int_equal(truncate("six", 1L << 40), 0);
	assert_int_equal(file_read(&b, "six", &err), -1);
	/* standard input, from a pipe and more than fits */
	b.limit = 5;
	standard = dup(STDIN_FILENO);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "1234567", 7), 7);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	assert_int_equal(file_read(&b, "-", &err), -1);
	assert_string_equal(err.text, "'standard input' is larger than 5 bytes");
	dup2(standard, STDIN_FILENO);
	close(standard);
	buf_release(&b);
}

static void read_failures(void **state)
{
	struct buf b = BUF_INIT(100);
	struct err err;

	(void)state;
	assert_int_equal(file_read(&b, "none", &err), -1);
	assert_string_equal(err.text, "cannot open 'none': No such file or directory");
	assert_int_equal(mkdir("folder", 0755), 0);
	assert_int_equal(file_read(&b, "folder", &err), -1);
	assert_string_equal(err.text, "cannot read 'folder': Is a directory");
	make_file("secret", "x");
	assert_int_equal(chmod("secret", 0), 0);
	lose_root();
	assert_int_equal(file_read(&b, "secret", &err), -1);
	assert_string_equal(err.text, "cannot open 'secret': Permission denied");
	buf_release(&b);
}

/* ---- writing --------------------------------------------------------------- */

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
	assert_int_equal(entries_here(), 1);
	assert_int_equal(file_out_commit(f, &err), 0);
	umask(before);
	assert_int_equal(stat("report", &st), 0);
	assert_int_equal(st.st_size, 200000);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(entries_here(), 1);
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
	make_file("report", "old");
	assert_int_equal(chmod("report", 0600), 0);
	f = file_out_open("report", &err);
	file_out_put(f, STR("new"));
	assert_holds("report", "old");
	assert_int_equal(file_out_commit(f, &err), 0);
	assert_holds("report", "new");
	assert_int_equal(stat("report", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	f = file_out_open("report", &err);
	file_out_put(f, STR("newer"));
	file_out_abandon(f);
	file_out_abandon(NULL);
	assert_holds("report", "new");
	assert_int_equal(entries_here(), 1);
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
	make_file("folder/there", "old");
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
		assert_holds(targets[i], "text");
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
	make_file("file", "");
	make_file("fixed", "");
	assert_int_equal(chmod("fixed", 0444), 0);
	lose_root();
	for (i = 0; i < N(cases); i++) {
		f = file_out_open(cases[i].path, &err);
		if (f != NULL)
			fail_msg("'%s' was opened", cases[i].path);
		assert_string_equal(err.text, cases[i].text);
		assert_int_equal(err.kind, ERR_OUTPUT);
	}
	assert_int_equal(entries_here(), 4);
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
	make_file("log", "before ");
	fd = open("log", O_WRONLY | O_APPEND);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	f = file_out_open(path, &err);
	file_out_put(f, STR("after"));
	assert_int_equal(file_out_commit(f, &err), 0);
	close(fd);
	assert_holds("log", "before after");
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
	make_file("old", "old");
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
	assert_holds("old", "old");
	assert_int_equal(entries_here(), 1);
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
	make_file("b", "old");
	child = fork();
	if (child == 0) {
		sigaction(SIGTERM, &action, NULL);
		if (file_out_open("a", &err) == NULL || file_out_open("b", &err) == NULL ||
		    entries_here() != 3)
			_exit(1);
		raise(SIGTERM);
		_exit(2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 9);
	assert_int_equal(entries_here(), 1);
	assert_holds("b", "old");
}

static void abandoned_cannot_commit(void **state)
{
	struct file_out *f;
	struct err err;

	(void)state;
	f = file_out_open("report", &err);
	file_out_abandon_all();
	assert_int_equal(file_out_commit(f, &err), -1);
	assert_int_equal(entries_here(), 0);
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
		assert_int_equal(entries_here(), N(files));
	}
}

/* ---- walking --------------------------------------------------------------- */

static void walk_all(const char *folder, struct buf *seen, size_t *skipped)
{
	struct err err;
	struct file_walk *w = file_walk_new(folder, &err);
	const char *path;
	int rc;

	if (w == NULL)
		fail_msg("%s", err.text);
	while ((rc = file_walk_next(w, &path, &err)) != 0)
		buf_printf(seen, "%s%s\n", rc == -1 ? "!" : "", path);
	*skipped = file_walk_skipped(w);
	file_walk_free(w);
}

static void walk_order(void **state)
{
	static const char *const folders[] = { "in",     "in/a",    "in/a/empty",
					       "in/a-b", "in/.git", "in/b" };
	static const char *const files[] = { "in/a/2",        "in/a/10", "in/a.json",
					     "in/a-b/x",      "in/a0",   "in/B",
					     "in/b/\xC3\xA9", "in/b/z",  "in/.env",
					     "in/.git/config" };
	struct buf seen = BUF_INIT(0);
	size_t i, skipped;

	(void)state;
	for (i = 0; i < N(folders); i++)
		assert_int_equal(mkdir(folders[i], 0755), 0);
	for (i = 0; i < N(files); i++)
		make_file(files[i], "");
	assert_int_equal(symlink("a.json", "in/link"), 0);
	assert_int_equal(symlink("..", "in/up"), 0);
	assert_int_equal(mkfifo("in/fifo", 0644), 0);
	walk_all("in", &seen, &skipped);
	assert_string_equal(seen.data, "in/B\nin/a-b/x\nin/a.json\nin/a/10\nin/a/2\nin/a0\n"
				       "in/b/z\nin/b/\xC3\xA9\n");
	/* .env, .git, two links, a FIFO */
	assert_int_equal(skipped, 5);
	buf_clear(&seen);
	assert_int_equal(symlink("in", "outside"), 0);
	walk_all("outside//", &seen, &skipped);
	assert_int_equal(strncmp(seen.data, "outside//B\n", 11), 0);
	buf_release(&seen);
}

static void walk_failures(void **state)
{
	struct buf seen = BUF_INIT(0);
	size_t skipped;
	struct err err;

	(void)state;
	make_file("file", "");
	assert_null(file_walk_new("none", &err));
	assert_string_equal(err.text, "cannot open folder 'none': No such file or directory");
	assert_null(file_walk_new("file", &err));
	assert_int_equal(mkdir("in", 0755), 0);
	assert_int_equal(mkdir("in/closed", 0), 0);
	make_file("in/after", "");
	make_file("in/z", "");
	lose_root();
	walk_all("in", &seen, &skipped);
	assert_string_equal(seen.data, "in/after\n!in/closed\nin/z\n");
	buf_release(&seen);
}

static void walk_depth(void **state)
{
	struct buf seen = BUF_INIT(0), path = BUF_INIT(0);
	size_t i, skipped, n = 0;

	(void)state;
	buf_puts(&path, "in");
	assert_int_equal(mkdir(path.data, 0755), 0);
	for (i = 0; i < LIMIT_PATH_DEPTH + 10; i++) {
		buf_puts(&path, "/d");
		assert_int_equal(mkdir(path.data, 0755), 0);
	}
	make_file("in/f", "");
	walk_all("in", &seen, &skipped);
	/* the error for the folder that is too deep, and the file */
	for (i = 0; i < seen.len; i++)
		n += seen.data[i] == '\n';
	assert_int_equal(n, 2);
	assert_int_equal(seen.data[0], '!');
	assert_true(str_ends(buf_str(&seen), STR("d\nin/f\n")));
	buf_release(&seen);
	buf_release(&path);
}

static void walk_stopped(void **state)
{
	struct file_walk *w;
	const char *path;
	struct err err;

	(void)state;
	assert_int_equal(mkdir("in", 0755), 0);
	assert_int_equal(mkdir("in/a", 0755), 0);
	make_file("in/a/f", "");
	w = file_walk_new("in", &err);
	assert_int_equal(file_walk_next(w, &path, &err), 1);
	file_walk_free(w);
	file_walk_free(NULL);
	w = file_walk_new("in", &err);
	assert_int_equal(file_walk_next(w, &path, &err), 1);
	assert_int_equal(file_walk_next(w, &path, &err), 0);
	assert_int_equal(file_walk_next(w, &path, &err), 0);
	file_walk_free(w);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		HERE(read_sizes),
		HERE(read_ceiling),
		HERE(read_failures),
		HERE(write_whole),
		HERE(write_large_pieces),
		HERE(write_replaces),
		HERE(write_through_links),
		HERE(write_refusals),
		HERE(write_straight_through),
		HERE(full_disk),
		HERE(failure_leaves_nothing),
		HERE(killed_half_way),
		HERE(abandoned_cannot_commit),
		HERE(many_outputs),
		HERE(walk_order),
		HERE(walk_failures),
		HERE(walk_depth),
		HERE(walk_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
