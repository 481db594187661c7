/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run that is interrupted, or whose reader goes away: no half report under a
 * final name, nothing left beside it, and a status that says so.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const char configuration[] =
    "{\"arn\":\"arn:aws:ivs:us-west-2:123456789012:recording-configuration/a\","
    "\"name\":\"n\",\"tags\":{},\"thumbnailConfiguration\":{}}\n";

struct run {
	char folder[64], report[80];
	pid_t child;
	int to; /* its standard input */
	bool nohup;
};

static void start(struct run *r, const char *workers, int out)
{
	char format[100];
	int ends[2];

	strcpy(r->folder, "/tmp/ivslint-interrupt-XXXXXX");
	assert_non_null(mkdtemp(r->folder));
	snprintf(r->report, sizeof(r->report), "%s/report.json", r->folder);
	snprintf(format, sizeof(format), "json=%s", r->report);
	assert_int_equal(pipe(ends), 0);
	r->child = fork();
	assert_true(r->child != -1);
	if (r->child == 0) {
		int null = open("/dev/null", O_WRONLY);

		signal(SIGPIPE, SIG_DFL);
		signal(SIGHUP, r->nohup ? SIG_IGN : SIG_DFL);
		dup2(ends[0], STDIN_FILENO);
		dup2(out != -1 ? out : null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl(getenv("IVSLINT"), "ivslint", "check", "-p", "ivslint:recommended", "-j",
		      workers, "-f", format, "-f", "ndjson", "-", (char *)NULL);
		_exit(127);
	}
	close(ends[0]);
	r->to = ends[1];
}

/* Enough for several stretches, so that all workers are at it. */
static void feed(struct run *r)
{
	int i;

	for (i = 0; i < 10000; i++)
		if (write(r->to, configuration, sizeof(configuration) - 1) == -1)
			break;
}

static int finish(struct run *r)
{
	struct dirent *entry;
	unsigned files = 0;
	int status;
	DIR *folder;

	assert_int_equal(waitpid(r->child, &status, 0), r->child);
	folder = opendir(r->folder);
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL)
		files += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(folder);
	assert_int_equal(files, 0);
	assert_int_equal(rmdir(r->folder), 0);
	return status;
}

static void test_signals_leave_nothing_behind(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	static const char *const workers[] = { "1", "2", "4" };
	const struct timespec moment = { .tv_nsec = 100000000 };
	struct run r = { .nohup = false };
	int status;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++) {
			start(&r, workers[k], -1);
			feed(&r);
			/* it has all there is and waits for more */
			nanosleep(&moment, NULL);
			assert_int_equal(kill(r.child, signals[i]), 0);
			status = finish(&r);
			close(r.to);
			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status), signals[i]);
		}
}

/* Under nohup the end of the terminal is none of the run. */
static void test_nohup(void **state)
{
	const struct timespec moment = { .tv_nsec = 100000000 };
	struct run r = { .nohup = true };
	int status;

	(void)state;
	start(&r, "2", -1);
	feed(&r);
	nanosleep(&moment, NULL);
	assert_int_equal(kill(r.child, SIGHUP), 0);
	close(r.to);
	assert_int_equal(waitpid(r.child, &status, 0), r.child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_int_equal(unlink(r.report), 0);
	assert_int_equal(rmdir(r.folder), 0);
}

/* One report cannot be written: status 3, and the other is whole all the same. */
static void test_a_reader_that_goes_away(void **state)
{
	char text[1 << 16];
	struct run r = { .nohup = false };
	int ends[2], status, fd;
	ssize_t len;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	/* or the program would read its own report */
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	start(&r, "2", ends[1]);
	close(ends[1]);
	close(ends[0]);
	feed(&r);
	close(r.to);
	assert_int_equal(waitpid(r.child, &status, 0), r.child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	fd = open(r.report, O_RDONLY);
	assert_true(fd != -1);
	lseek(fd, -(off_t)(sizeof(text) - 1), SEEK_END);
	len = read(fd, text, sizeof(text) - 1);
	assert_true(len > 0);
	text[len] = '\0';
	close(fd);
	assert_non_null(strstr(text, "\"resources\":10000"));
	assert_non_null(strstr(text, "\"complete\":true"));
	unlink(r.report);
	assert_int_equal(rmdir(r.folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_leave_nothing_behind),
		cmocka_unit_test(test_nohup),
		cmocka_unit_test(test_a_reader_that_goes_away),
	};

	return cmocka_run_group_tests_name("interrupt", tests, NULL, NULL);
}
