/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress: what the line says, when it is drawn and that nothing is left of
 * it. Time is an argument, so nothing here waits.
 */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */
#include "base/progress.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void lines(void **state)
{
	static const struct {
		struct progress_line line;
		unsigned width;
		const char *want;
	} rows[] = {
		/* the width is never reached, lest the terminal wraps */
		{ { "reading", NULL, 250000000, 1000000000, 50000000 },
		  80,
		  "reading [======>                   ]  25%  250 MB of 1.0 GB  50 MB/s  15 s "
		  "left" },
		{ { "reading", NULL, 250000000, 1000000000, 50000000 },
		  120,
		  "reading [==========>                             ]  25%  250 MB of 1.0 GB  50 "
		  "MB/s  15 s left" },
		{ { "reading", NULL, 250000000, 1000000000, 50000000 },
		  60,
		  "reading  25%  250 MB of 1.0 GB  50 MB/s  15 s left" },
		{ { "reading", NULL, 250000000, 1000000000, 50000000 },
		  40,
		  "reading  25%  250 MB of 1.0 GB  50 MB/s" },
		{ { "reading", NULL, 250000000, 1000000000, 50000000 }, 20, "reading  25%" },
		{ { "reading", NULL, 250000000, 1000000000, 50000000 }, 8, "" },
		{ { "reading", NULL, 250000000, 1000000000, 50000000 },
		  0,
		  "reading  25%  250 MB of 1.0 GB  50 MB/s  15 s left" },
		/* neither total nor rate */
		{ { "reading", NULL, 980, 0, 0 }, 80, "reading 980 B" },
		{ { "reading", NULL, 1234567, 0, 1999 }, 80, "reading 1.2 MB  1.9 kB/s" },
		/* more than was said: a file that grows */
		{ { "reading", NULL, 2000, 1000, 0 }, 80, "reading 2.0 kB" },
		{ { "fetching", "calls", 31, 200, 2 },
		  60,
		  "fetching  15%  31 of 200 calls  2/s  1 min 24 s left" },
		{ { "fetching", "calls", 31, 0, 2 }, 60, "fetching 31 calls  2/s" },
		{ { "a", "b", 100, 100, 7 },
		  50,
		  "a [=====================] 100%  100 of 100 b  7/s" },
		{ { "a", "b", 0, 10000000, 100 },
		  0,
		  "a   0%  0 of 10000000 b  100/s  27 h 46 min left" },
		{ { "a", "b", 0, UINT64_MAX, 1 },
		  0,
		  "a   0%  0 of 18446744073709551615 b  1/s  days left" },
	};
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < N(rows); i++) {
		buf_clear(&b);
		progress_line_put(&b, &rows[i].line, rows[i].width);
		if (rows[i].width != 0)
			assert_true(b.len < rows[i].width);
		assert_string_equal(b.data == NULL ? "" : b.data, rows[i].want);
	}
	buf_release(&b);
}

static void rates(void **state)
{
	(void)state;
	assert_int_equal(progress_rate(0, 100, 500), 200);
	assert_int_equal(progress_rate(200, 100, 0), 200);
	assert_int_equal(progress_rate(200, 100, -5), 200);
	/* a pause pulls it down slowly, not to nothing */
	assert_in_range(progress_rate(1000, 0, 100), 960, 970);
	assert_in_range(progress_rate(1000, 100, 100), 1000, 1000);
	assert_int_equal(progress_rate(1000, 0, 1000000), 2);
}

static void words(void **state)
{
	enum progress_when when;

	(void)state;
	assert_true(progress_when_find(STR("always"), &when) && when == PROGRESS_ALWAYS);
	assert_true(progress_when_find(STR("never"), &when) && when == PROGRESS_NEVER);
	assert_true(progress_when_find(STR("auto"), &when) && when == PROGRESS_AUTO);
	assert_false(progress_when_find(STR(""), &when));
	assert_false(progress_when_find(STR("Auto"), &when));
}

static const char *read_some(int fd)
{
	static char text[4096];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* What comes of a pipe: whole lines, and only when asked for. */
static void pipes(void **state)
{
	struct progress *p;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	assert_null(progress_new(PROGRESS_AUTO, fds[1], "reading", NULL, 100, 0));
	assert_null(progress_new(PROGRESS_NEVER, fds[1], "reading", NULL, 100, 0));
	p = progress_new(PROGRESS_ALWAYS, fds[1], "reading", NULL, 100, 0);
	assert_non_null(p);
	progress_at(p, 10, 499);
	assert_string_equal(read_some(fds[0]), "");
	progress_at(p, 20, 500);
	assert_string_equal(read_some(fds[0]), "reading  20%  20 B of 100 B  40 B/s  2 s left\n");
	progress_at(p, 30, 5499);
	assert_string_equal(read_some(fds[0]), "");
	progress_hide(p);
	progress_at(p, 30, 5500);
	progress_show(p);
	assert_string_equal(read_some(fds[0]), "");
	progress_total(p, 0);
	progress_at(p, 30, 5500);
	assert_string_equal(read_some(fds[0]), "reading 30 B  16 B/s\n");
	progress_free(p);
	assert_string_equal(read_some(fds[0]), "");
	close(fds[0]);
	close(fds[1]);
	/* nobody's progress is nobody's trouble */
	progress_at(NULL, 1, 1);
	progress_total(NULL, 1);
	progress_hide(NULL);
	progress_show(NULL);
	progress_free(NULL);
}

static struct progress *on_terminal(int fd)
{
	return progress_new(PROGRESS_AUTO, fd, "reading", NULL, 0, 1000);
}

static void terminals(void **state)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), fd;
	struct progress *p;

	(void)state;
	if (master == -1 || grantpt(master) == -1 || unlockpt(master) == -1 ||
	    (fd = open(ptsname(master), O_RDWR | O_NOCTTY)) == -1) {
		print_message("no pseudo-terminals here\n");
		skip();
		return;
	}
	assert_int_equal(fcntl(master, F_SETFL, O_NONBLOCK), 0);
	unsetenv("CI");
	setenv("TERM", "dumb", 1);
	assert_null(on_terminal(fd));
	unsetenv("TERM");
	assert_null(on_terminal(fd));
	setenv("TERM", "xterm-256color", 1);
	setenv("CI", "true", 1);
	assert_null(on_terminal(fd));
	setenv("CI", "false", 1);
	p = on_terminal(fd);
	assert_non_null(p);
	/* late, seldom */
	progress_at(p, 10, 1499);
	assert_string_equal(read_some(master), "");
	progress_at(p, 20, 1500);
	assert_string_equal(read_some(master), "\rreading 20 B  40 B/s\033[K");
	progress_at(p, 24, 1599);
	assert_string_equal(read_some(master), "");
	progress_at(p, 24, 1600);
	assert_string_equal(read_some(master), "\rreading 24 B  40 B/s\033[K");
	/* erased once before others write, not drawn while they do */
	progress_hide(p);
	progress_hide(p);
	assert_string_equal(read_some(master), "\r\033[K");
	progress_show(p);
	progress_at(p, 28, 1700);
	assert_string_equal(read_some(master), "");
	progress_show(p);
	progress_at(p, 28, 1700);
	assert_string_equal(read_some(master), "\rreading 28 B  40 B/s\033[K");
	progress_free(p);
	assert_string_equal(read_some(master), "\r\033[K");
	/* what was never drawn is not erased */
	progress_free(on_terminal(fd));
	assert_string_equal(read_some(master), "");
	close(fd);
	close(master);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines), cmocka_unit_test(rates),     cmocka_unit_test(words),
		cmocka_unit_test(pipes), cmocka_unit_test(terminals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
