/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of a document a line that are read in parts, by one thread or several, and
 * that change meanwhile: the same lines come out, with their numbers.
 */
#include "input/feed_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/uio.h>

#include "base/limit.h"

/* Lines of every length: documents, blanks, what is none or a part of one, ends with CR and
 * without. */
static void make_lines(struct buf *text, unsigned seed)
{
	int i, n = 80;

	buf_clear(text);
	buf_puts(text, ONE("first") "\n" ONE("second") "\n");
	for (i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		switch (seed >> 16 & 15) {
		case 0:
			break;
		case 1:
			buf_printf(text, "%*s", (int)(seed >> 20 & 255), "");
			break;
		case 2:
			buf_puts(text, "{\"arn\": tru}");
			break;
		case 3:
			buf_printf(text, "{\"x\": \"%0*d\"}", (int)(seed >> 20 & 1023) + 1, 0);
			break;
		/* what goes on in the next line if anybody lets it */
		case 4:
			buf_puts(text, "[");
			break;
		case 5:
			buf_puts(text, "{\"recordingConfiguration\": ");
			break;
		case 6:
			buf_puts(text, "{\"nextToken\": \"x\", \"recordingConfigurations\": [");
			break;
		case 7:
			buf_puts(text, "]}");
			break;
		default:
			put_configuration(text, i, "");
			break;
		}
		if (i != n - 1 || (seed >> 19 & 1) != 0)
			buf_puts(text, (seed >> 24 & 1) != 0 ? "\r\n" : "\n");
	}
}

static void test_lines_at_every_cut(void **state)
{
	struct buf text = BUF_INIT(0), want, got;
	unsigned seed;

	(void)state;
	for (seed = 1; seed <= 12; seed++) {
		make_lines(&text, seed);
		test_stretch_size = 1 << 20;
		want = read_text("", buf_str(&text));
		for (test_stretch_size = 256; test_stretch_size < 1500;
		     test_stretch_size += 1 + test_stretch_size / 50) {
			got = read_text("", buf_str(&text));
			if (strcmp(got.data, want.data) != 0)
				fail_msg("seed %u, stretches of %zu:\n%s\nwanted:\n%s", seed,
					 test_stretch_size, got.data, want.data);
			buf_release(&got);
		}
		buf_release(&want);
	}
	buf_release(&text);
}

struct crowd {
	pthread_mutex_t lock;
	struct feed *feed;
	struct buf *texts; /* by ticket */
	size_t n;
};

#define CROWD_MOST 4096

static void *read_along(void *to)
{
	struct crowd *crowd = to;
	struct inputs *inputs = inputs_new(NULL);
	struct stretch stretch = { 0 };
	bool more;

	for (;;) {
		struct log log = { .text = BUF_INIT(0) };

		pthread_mutex_lock(&crowd->lock);
		more = feed_claim(crowd->feed, &stretch);
		pthread_mutex_unlock(&crowd->lock);
		if (!more)
			break;
		feed_read(crowd->feed, &stretch);
		log_stretch(&log, &stretch, inputs);
		assert_true(stretch.ticket < CROWD_MOST);
		crowd->texts[stretch.ticket] = log.text;
		free_files(&stretch);
	}
	stretch_release(&stretch);
	inputs_free(inputs);
	return NULL;
}

/* Who reads which stretch, and when, is left to chance: the lines have their numbers. */
static void test_lines_side_by_side(void **state)
{
	char path[] = "/tmp/ivslint-feed-XXXXXX";
	const char *const paths[] = { path };
	struct buf text = BUF_INIT(0), want, got;
	struct crowd crowd = { .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t threads[4];
	int fd = mkstemp(path);
	unsigned seed, i;
	size_t k;

	(void)state;
	assert_true(fd != -1);
	close(fd);
	crowd.texts = mem_alloc(CROWD_MOST * sizeof(*crowd.texts));
	for (seed = 20; seed < 60; seed++) {
		make_lines(&text, seed);
		fd = open(path, O_WRONLY | O_TRUNC);
		assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
		close(fd);
		test_stretch_size = 1 << 20;
		want = read_path(path);
		for (k = 0; k < CROWD_MOST; k++)
			crowd.texts[k] = BUF_INIT(0);
		crowd.feed = feed_new(paths, 1, -1);
		crowd.feed->stretch_size = 256 + 13 * (seed % 20);
		for (i = 0; i < 4; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, read_along, &crowd), 0);
		for (i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
		assert_true(crowd.feed->n_claims > 2);
		feed_free(crowd.feed);
		got = BUF_INIT(0);
		for (k = 0; k < CROWD_MOST; k++) {
			buf_put_str(&got, buf_str(&crowd.texts[k]));
			buf_release(&crowd.texts[k]);
		}
		assert_string_equal(got.data, want.data);
		buf_release(&got);
		buf_release(&want);
	}
	free(crowd.texts);
	unlink(path);
	buf_release(&text);
}

/* Past the limit, at it, and with other lines around: only that line is lost. */
static void test_lines_past_the_limit(void **state)
{
	static const struct {
		int more; /* bytes than the limit, its newline counted */
		const char *want;
	} cases[] = {
		{ 1, "first 1:1\nsecond 2:1\n! 3:1 a line larger than the limit of 16777216 bytes\n"
		     "third 4:1\nfourth 5:1\n" },
		{ 0, "first 1:1\nsecond 2:1\n? x\nthird 4:1\nfourth 5:1\n" },
	};
	static const size_t sizes[] = { 256, 4096, 256 << 10 };
	struct buf text = BUF_INIT(0), got;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&text);
		buf_puts(&text, ONE("first") "\n" ONE("second") "\n");
		buf_puts(&text, "{\"x\": 1");
		for (k = 0; k < (size_t)(LIMIT_DOCUMENT_SIZE + cases[i].more - 9); k++)
			buf_putc(&text, ' ');
		buf_puts(&text, "}\n" ONE("third") "\n" ONE("fourth"));
		for (k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
			test_stretch_size = sizes[k];
			got = read_text("", buf_str(&text));
			assert_string_equal(got.data, cases[i].want);
			buf_release(&got);
		}
	}
	buf_release(&text);
}

/* A file that is cut short behind its back: what is left is read, to the last line. */
static void test_a_file_that_shrinks(void **state)
{
	char path[] = "/tmp/ivslint-feed-XXXXXX";
	const char *const paths[] = { path };
	struct log log = { .text = BUF_INIT(0) };
	struct inputs *inputs = inputs_new(NULL);
	struct feed *feed = feed_new(paths, 1, -1);
	struct stretch stretch = { 0 };
	struct buf text = BUF_INIT(0);
	int fd = mkstemp(path), n;

	(void)state;
	for (n = 0; n < 100; n++)
		buf_puts(&text, ONE("a") "\n");
	assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
	feed->stretch_size = 1000;
	for (n = 0; feed_next(feed, &stretch); n++) {
		if (n == 2)
			assert_int_equal(ftruncate(fd, 4010), 0);
		log_stretch(&log, &stretch, inputs);
		free_files(&stretch);
	}
	close(fd);
	unlink(path);
	/* the last line is a part of one, and no more */
	assert_non_null(strstr(log.text.data, "\n! "));
	buf_release(&log.text);
	buf_release(&text);
	stretch_release(&stretch);
	feed_free(feed);
	inputs_free(inputs);
}

/* How many bytes read(2) gives at most, as it does of files of some systems. */
static size_t most_at_once = SIZE_MAX;

ssize_t read(int fd, void *to, size_t size)
{
	const struct iovec part = { to, size < most_at_once ? size : most_at_once };

	return readv(fd, &part, 1);
}

/* Less than was asked for is no end. */
static void test_a_file_that_comes_in_parts(void **state)
{
	struct buf text = BUF_INIT(0), want, got;

	(void)state;
	make_lines(&text, 3);
	for (test_stretch_size = 1000; test_stretch_size < 100000; test_stretch_size *= 10) {
		want = read_text("", buf_str(&text));
		most_at_once = 700;
		got = read_text("", buf_str(&text));
		most_at_once = SIZE_MAX;
		assert_string_equal(got.data, want.data);
		buf_release(&got);
		buf_release(&want);
	}
	buf_release(&text);
}

/* A file that cannot be read any more says so once, and is over. */
static void test_a_file_that_breaks(void **state)
{
	char path[] = "/tmp/ivslint-feed-XXXXXX";
	const char *const paths[] = { path };
	struct log log = { .text = BUF_INIT(0) };
	struct inputs *inputs = inputs_new(NULL);
	struct feed *feed = feed_new(paths, 1, -1);
	struct stretch stretch = { 0 };
	struct buf text = BUF_INIT(0);
	int fd = mkstemp(path), folder = open("/", O_RDONLY), n;
	const char *said;

	(void)state;
	for (n = 0; n < 100; n++)
		buf_puts(&text, ONE("a") "\n");
	assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
	feed->stretch_size = 1000;
	for (n = 0; feed_next(feed, &stretch); n++) {
		/* from a folder read(2) gives EISDIR */
		if (n == 2)
			assert_true(dup2(folder, feed->fd) != -1);
		log_stretch(&log, &stretch, inputs);
		free_files(&stretch);
	}
	close(fd);
	close(folder);
	unlink(path);
	said = strstr(log.text.data, "! 0:0 cannot read: Is a directory\n");
	assert_non_null(said);
	assert_null(strstr(said + 1, "!"));
	buf_release(&log.text);
	buf_release(&text);
	stretch_release(&stretch);
	feed_free(feed);
	inputs_free(inputs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_at_every_cut),
		cmocka_unit_test(test_lines_side_by_side),
		cmocka_unit_test(test_lines_past_the_limit),
		cmocka_unit_test(test_a_file_that_shrinks),
		cmocka_unit_test(test_a_file_that_comes_in_parts),
		cmocka_unit_test(test_a_file_that_breaks),
	};

	return cmocka_run_group_tests_name("feed_lines", tests, NULL, NULL);
}
