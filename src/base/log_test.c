/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reaches standard error, by level, and what is made visible before.
 */
#include "base/log.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buf.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static FILE *caught;
static int standard;

static int catch_errors(void **state)
{
	(void)state;
	caught = tmpfile();
	standard = dup(STDERR_FILENO);
	return caught == NULL || dup2(fileno(caught), STDERR_FILENO) == -1 ? -1 : 0;
}

static int let_go(void **state)
{
	(void)state;
	log_set_level(LOG_NORMAL);
	dup2(standard, STDERR_FILENO);
	close(standard);
	return fclose(caught);
}

/* What was written since the start, whole. */
static void caught_so_far(struct buf *b)
{
	ssize_t got;

	buf_clear(b);
	buf_reserve(b, 1 << 20);
	got = pread(fileno(caught), b->data, 1 << 20, 0);
	assert_true(got >= 0);
	b->len = (size_t)got;
	b->data[b->len] = '\0';
}

static void levels(void **state)
{
	static const struct {
		enum log_level level;
		const char *lines;
	} cases[] = {
		{ LOG_QUIET, "ivslint: error: e1\n" },
		{ LOG_NORMAL, "ivslint: error: e1\nivslint: warning: w2\nivslint: note: n3\n" },
		{ LOG_VERBOSE, "ivslint: error: e1\nivslint: warning: w2\nivslint: note: n3\n"
			       "ivslint: v4\n" },
		{ LOG_DEBUG, "ivslint: error: e1\nivslint: warning: w2\nivslint: note: n3\n"
			     "ivslint: v4\n" },
	};
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		assert_int_equal(ftruncate(fileno(caught), 0), 0);
		lseek(fileno(caught), 0, SEEK_SET);
		log_set_level(cases[i].level);
		assert_int_equal(log_level_now(), cases[i].level);
		log_error("e%d", 1);
		log_warning("w%d", 2);
		log_note("n%d", 3);
		log_verbose("v%d", 4);
		caught_so_far(&b);
		assert_string_equal(b.data, cases[i].lines);
	}
	buf_release(&b);
}

static void hostile_text(void **state)
{
	struct buf b = BUF_INIT(0), large = BUF_INIT(0);

	(void)state;
	log_error("%s", "a\x1B[2J\nivslint: note: all is well\xE2\x80\xAE\xFF");
	while (large.len < 100000)
		buf_puts(&large, "xxxxxxxxxx");
	log_error("%s", large.data);
	caught_so_far(&b);
	assert_string_equal(b.data, "ivslint: error: a\\x1B[2J\\nivslint: note: all is "
				    "well\\u{202E}\\xFF\n"
				    "ivslint: error: (a message that is too long)\n");
	buf_release(&b);
	buf_release(&large);
}

static void *chatter(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < 200; i++)
		log_note("%s", "0123456789012345678901234567890123456789");
	return NULL;
}

static void lines_stay_whole(void **state)
{
	static const char line[] = "ivslint: note: 0123456789012345678901234567890123456789\n";
	pthread_t threads[4];
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < N(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, chatter, NULL), 0);
	for (i = 0; i < N(threads); i++)
		pthread_join(threads[i], NULL);
	caught_so_far(&b);
	assert_int_equal(b.len, 800 * (sizeof(line) - 1));
	for (i = 0; i < b.len; i += sizeof(line) - 1)
		assert_memory_equal(b.data + i, line, sizeof(line) - 1);
	buf_release(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(levels, catch_errors, let_go),
		cmocka_unit_test_setup_teardown(hostile_text, catch_errors, let_go),
		cmocka_unit_test_setup_teardown(lines_stay_whole, catch_errors, let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
