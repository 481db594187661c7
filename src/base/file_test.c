/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading with a ceiling, and the order of a walk, in a folder that is made for it.
 */
#include "base/folder_fixture.h"

#include "base/limit.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

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
	folder_file("five", "12345");
	folder_file("six", "123456");
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
	folder_file("secret", "x");
	assert_int_equal(chmod("secret", 0), 0);
	folder_lose_root();
	assert_int_equal(file_read(&b, "secret", &err), -1);
	assert_string_equal(err.text, "cannot open 'secret': Permission denied");
	buf_release(&b);
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
		folder_file(files[i], "");
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
	folder_file("file", "");
	assert_null(file_walk_new("none", &err));
	assert_string_equal(err.text, "cannot open folder 'none': No such file or directory");
	assert_null(file_walk_new("file", &err));
	assert_int_equal(mkdir("in", 0755), 0);
	assert_int_equal(mkdir("in/closed", 0), 0);
	folder_file("in/after", "");
	folder_file("in/z", "");
	folder_lose_root();
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
	folder_file("in/f", "");
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
	folder_file("in/a/f", "");
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_FOLDER(read_sizes),   IN_FOLDER(read_ceiling),  IN_FOLDER(read_failures),
		IN_FOLDER(walk_order),   IN_FOLDER(walk_failures), IN_FOLDER(walk_depth),
		IN_FOLDER(walk_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
