/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is offered to a file and taken in blocks is what is put: in files of our
 * own, in files that others opened, and where there are no blocks.
 */
#include "base/folder_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static size_t some_size(uint32_t *seed)
{
	switch (next_random(seed) % 8) {
	case 0:
		return 0;
	case 1:
		return next_random(seed) % 400000;
	case 2:
		return (size_t)(1 + next_random(seed) % 3) << 17;
	default:
		return next_random(seed) % 3000;
	}
}

/* As reports do: what is not taken is offered again, with more behind it. */
static void offer(struct file_out *f, struct buf *held, struct str text)
{
	size_t least = file_out_least(f), size = held->len + text.len, taken;

	taken = file_out_take(f, buf_str(held), text);
	assert_true(taken <= size);
	assert_int_equal(taken != 0, size >= least);
	/* what is left is not worth the asking */
	assert_true(size - taken < file_out_least(f));
	if (taken < held->len) {
		buf_drop(held, taken);
		taken = 0;
	} else {
		taken -= held->len;
		buf_clear(held);
	}
	buf_put(held, text.data + taken, text.len - taken);
}

/* Gives the text that went to f. */
static void write_some(struct file_out *f, uint32_t seed, struct buf *all)
{
	struct buf held = BUF_INIT(0);
	size_t i, k, size;

	for (i = 0; i < 60; i++) {
		size = some_size(&seed);
		for (k = 0; k < size; k++)
			buf_putc(all, (char)('a' + next_random(&seed) % 26));
		offer(f, &held, (struct str){ all->data + all->len - size, size });
		if (next_random(&seed) % 16 != 0)
			continue;
		file_out_put(f, buf_str(&held));
		buf_clear(&held);
	}
	file_out_put(f, buf_str(&held));
	buf_release(&held);
}

static void assert_report(const struct buf *all)
{
	struct buf b = BUF_INIT(64u << 20);
	struct err err;

	assert_int_equal(file_read(&b, "report", &err), 0);
	assert_int_equal(b.len, all->len);
	assert_memory_equal(b.data, all->data, b.len);
	buf_release(&b);
}

static void our_own(void **state)
{
	struct buf all = BUF_INIT(0);
	struct file_out *f;
	struct err err;
	struct stat st;
	uint32_t seed;

	(void)state;
	for (seed = 0; seed < 20; seed++) {
		f = file_out_open("report", &err);
		assert_non_null(f);
		buf_clear(&all);
		write_some(f, seed, &all);
		assert_int_equal(file_out_commit(f, &err), 0);
		assert_report(&all);
		/* room that was made and not used was given back */
		assert_int_equal(stat("report", &st), 0);
		assert_true((size_t)st.st_blocks * 512 < all.len + (512u << 10));
	}
	buf_release(&all);
}

static void of_others(void **state)
{
	static const int flags[] = { O_WRONLY, O_WRONLY | O_APPEND };
	struct buf all = BUF_INIT(0);
	char path[32];
	struct file_out *f;
	struct err err;
	uint32_t seed;
	int fd;

	(void)state;
	for (seed = 0; seed < 20; seed++) {
		fd = open("report", O_CREAT | O_TRUNC | flags[seed % 2], 0666);
		assert_int_equal(write(fd, "before", 6), 6);
		buf_clear(&all);
		buf_puts(&all, "before");
		snprintf(path, sizeof(path), "/dev/fd/%d", fd);
		f = file_out_open(path, &err);
		assert_non_null(f);
		write_some(f, seed, &all);
		assert_int_equal(file_out_commit(f, &err), 0);
		close(fd);
		assert_report(&all);
	}
	buf_release(&all);
}

static void nothing_is_kept_back(void **state)
{
	struct file_out *f;
	struct err err;
	char text[70000];

	(void)state;
	memset(text, 'x', sizeof(text));
	f = file_out_open("/dev/null", &err);
	assert_int_equal(file_out_take(f, STR("short"), STR("text")), 0);
	assert_int_equal(file_out_take(f, STR("short"), (struct str){ text, sizeof(text) }),
			 sizeof(text) + 5);
	assert_int_equal(file_out_commit(f, &err), 0);
}

static void failures_stay(void **state)
{
	struct rlimit before, small = { 300000, 300000 };
	struct buf large = BUF_INIT(0);
	struct file_out *f;
	struct err err;

	(void)state;
	while (large.len < 1000000)
		buf_puts(&large, "0123456789");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	f = file_out_open("report", &err);
	/* room for more than that is no failure yet */
	assert_true(file_out_take(f, STR(""), (struct str){ large.data, 200000 }) > 0);
	assert_false(file_out_failed(f));
	assert_true(file_out_take(f, STR(""), buf_str(&large)) > 0);
	assert_true(file_out_failed(f));
	assert_true(file_out_take(f, STR(""), buf_str(&large)) > 0);
	assert_int_equal(file_out_commit(f, &err), -1);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_string_equal(err.text, "cannot write 'report': File too large");
	assert_int_equal(access("report", F_OK), -1);
	buf_release(&large);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_FOLDER(our_own),
		IN_FOLDER(of_others),
		IN_FOLDER(nothing_is_kept_back),
		IN_FOLDER(failures_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
