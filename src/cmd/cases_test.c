/* SPDX-License-Identifier: Apache-2.0 */
/*
 * End-to-end cases: the folders of testdata/cases, each a few command lines
 * and the bytes and exit statuses that they must give. testdata/cases/README.md
 * says what a case is made of. Knows nothing of what the program does.
 *
 * IVSLINT names the program, CASES the folder (testdata/cases); UPDATE=1 writes
 * want.* anew, all but want.status: what a run exits with is a promise.
 * CASE, a shell pattern, runs only those.
 */
#define _DEFAULT_SOURCE /* realpath, mkdir and setenv at once */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

#define MOST_SECONDS   60
#define MOST_BYTES     ((size_t)64 << 20)
#define MOST_LINES     100
#define MOST_ARGUMENTS 64

/* Where runs may write, and where make wrote: cases name both from their own
 * folder, as ../../../build/cases/out and ../../../build/cases/made. */
#define SCRATCH "build/cases"
#define OUT     SCRATCH "/out"
#define MADE    SCRATCH "/made"

static char program[PATH_MAX], root[PATH_MAX];
static bool update;

/* What one case gave, all its command lines one after the other. */
struct outcome {
	struct buf out, err, status;
};

struct command {
	char *arguments[MOST_ARGUMENTS];
	size_t n;
};

/* ---- files -------------------------------------------------------------- */

static char *path_of(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = malloc(size);

	if (path == NULL)
		abort();
	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

/* False when there is no such file; then b is empty. */
static bool read_whole(struct buf *b, const char *path)
{
	FILE *from = fopen(path, "rb");
	char part[8192];
	size_t n;

	if (from == NULL)
		return false;
	while ((n = fread(part, 1, sizeof(part), from)) > 0)
		buf_put(b, part, n);
	fclose(from);
	return true;
}

static void write_whole(const char *path, const struct buf *b)
{
	FILE *to;

	if (b->len == 0) {
		unlink(path);
		return;
	}
	to = fopen(path, "wb");
	assert_non_null(to);
	assert_int_equal(fwrite(b->data, 1, b->len, to), b->len);
	assert_int_equal(fclose(to), 0);
}

static int not_dotted(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Also what begins with a dot: a temporary file that was left behind. */
static int not_folder(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void empty_folder(const char *folder)
{
	struct dirent **names;
	int i, n;

	mkdir("build", 0777);
	mkdir(SCRATCH, 0777);
	mkdir(folder, 0777);
	n = scandir(folder, &names, not_folder, alphasort);
	if (n < 0)
		abort();
	for (i = 0; i < n; i++) {
		char *path = path_of(folder, names[i]->d_name);

		if (unlink(path) == -1)
			abort();
		free(path);
		free(names[i]);
	}
	free(names);
}

/* ---- running ------------------------------------------------------------ */

/* Splits a line at blanks; '...' holds blanks. The line is changed. */
static void split(struct command *c, char *line)
{
	char *to = line;

	c->n = 0;
	for (;;) {
		line += strspn(line, " ");
		if (*line == '\0')
			break;
		assert_true(c->n < MOST_ARGUMENTS - 4);
		c->arguments[c->n++] = to = line;
		while (*line != '\0' && *line != ' ') {
			if (*line != '\'') {
				*to++ = *line++;
				continue;
			}
			for (line++; *line != '\'' && *line != '\0'; line++)
				*to++ = *line;
			assert_int_equal(*line, '\'');
			line++;
		}
		if (*line != '\0')
			line++;
		*to = '\0';
	}
	c->arguments[c->n] = NULL;
}

/* Puts the number of workers in, where a command has one and none is said. */
static void add_workers(struct command *c, char *workers)
{
	size_t i;

	if (c->n == 0 || strcmp(c->arguments[0], "check") != 0)
		return;
	for (i = 1; i < c->n; i++)
		if (strncmp(c->arguments[i], "-j", 2) == 0)
			return;
	memmove(c->arguments + 2, c->arguments + 1, c->n * sizeof(*c->arguments));
	c->arguments[1] = workers;
	c->n++;
}

static void set_environment(void)
{
	static const char *const unset[] = {
		"CI",
		"GITHUB_ACTIONS",
		"GITLAB_CI",
		"NO_COLOR",
		"CLICOLOR_FORCE",
		"COLUMNS",
		"IVSLINT_POLICY",
		"LC_ALL",
		"FORCE_COLOR",
		"GITHUB_STEP_SUMMARY",
		"GITHUB_SERVER_URL",
		"CI_PROJECT_URL",
	};
	size_t i;

	for (i = 0; i < sizeof(unset) / sizeof(*unset); i++)
		unsetenv(unset[i]);
	setenv("SOURCE_DATE_EPOCH", "1767225600", 1);
	setenv("TERM", "dumb", 1);
}

static void redirect(const char *path, int flags, int to)
{
	int fd = open(path, flags, 0666);

	if (fd == -1 || dup2(fd, to) == -1)
		_exit(126);
	close(fd);
}

static void run_child(const char *folder, struct command *c)
{
	static char name[] = "ivslint";

	redirect(SCRATCH "/stdout", O_WRONLY | O_CREAT | O_TRUNC, 1);
	redirect(SCRATCH "/stderr", O_WRONLY | O_CREAT | O_TRUNC, 2);
	if (chdir(folder) == -1)
		_exit(126);
	redirect(access("stdin", F_OK) == 0 ? "stdin" : "/dev/null", O_RDONLY, 0);
	set_environment();
	alarm(MOST_SECONDS);
	memmove(c->arguments + 1, c->arguments, (c->n + 1) * sizeof(*c->arguments));
	c->arguments[0] = name;
	execv(program, c->arguments);
	_exit(127);
}

static void run_command(const char *folder, char *line, char *workers, bool alone,
			struct outcome *o)
{
	struct command c;
	int status;
	pid_t child;

	if (!alone) {
		buf_printf(&o->out, "$ ivslint %s\n", line);
		buf_printf(&o->err, "$ ivslint %s\n", line);
	}
	split(&c, line);
	add_workers(&c, workers);
	child = fork();
	assert_true(child != -1);
	if (child == 0)
		run_child(folder, &c);
	while (waitpid(child, &status, 0) == -1)
		assert_int_equal(errno, EINTR);
	read_whole(&o->out, SCRATCH "/stdout");
	read_whole(&o->err, SCRATCH "/stderr");
	if (WIFEXITED(status))
		buf_printf(&o->status, "%d\n", WEXITSTATUS(status));
	else if (WTERMSIG(status) == SIGALRM)
		buf_printf(&o->status, "longer than %d s\n", MOST_SECONDS);
	else
		buf_printf(&o->status, "signal %d\n", WTERMSIG(status));
}

/* The commands of the case are the lines of `cmd`; # begins a comment line. */
static void run_commands(const char *folder, char *workers, struct outcome *o)
{
	struct buf text = BUF_INIT(MOST_BYTES);
	char *path = path_of(folder, "cmd"), *lines[MOST_LINES], *at;
	size_t n = 0, i;

	if (!read_whole(&text, path))
		fail_msg("%s is missing", path);
	buf_putc(&text, '\0');
	for (at = text.data; *at != '\0';) {
		char *end = at + strcspn(at, "\n");
		bool last = *end == '\0';

		*end = '\0';
		if (*at != '#' && *at != '\0') {
			assert_true(n < MOST_LINES);
			lines[n++] = at;
		}
		at = last ? end : end + 1;
	}
	for (i = 0; i < n; i++)
		run_command(folder, lines[i], workers, n == 1, o);
	buf_release(&text);
	free(path);
}

/* ---- comparing ---------------------------------------------------------- */

static size_t line_at(const struct buf *b, size_t offset)
{
	size_t line = 1, i;

	for (i = 0; i < offset && i < b->len; i++)
		line += b->data[i] == '\n';
	return line;
}

static void show_line(const char *which, const struct buf *b, size_t line)
{
	size_t i, at = 1, from = 0;

	for (i = 0; i < b->len && at < line; i++)
		if (b->data[i] == '\n') {
			at++;
			from = i + 1;
		}
	for (i = from; i < b->len && b->data[i] != '\n'; i++)
		;
	if (at < line || from >= b->len)
		print_error("    %s: (ends)\n", which);
	else
		print_error("    %s: %.*s\n", which, (int)(i - from < 1000 ? i - from : 1000),
			    b->data + from);
}

static bool same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* Tells where the two differ; gives whether they do. */
static bool differs(const char *what, const struct buf *want, const struct buf *got)
{
	size_t i = 0, line;

	if (same(want, got))
		return false;
	while (i < want->len && i < got->len && want->data[i] == got->data[i])
		i++;
	line = line_at(want, i);
	print_error("  %s differs in line %zu:\n", what, line);
	show_line("want", want, line);
	show_line("got ", got, line);
	return true;
}

static bool check_file(const char *folder, const char *name, const struct buf *got, bool promise)
{
	struct buf want = BUF_INIT(MOST_BYTES);
	char *path = path_of(folder, name);
	bool wrong = false;

	read_whole(&want, path);
	if (update && !promise)
		write_whole(path, got);
	else
		wrong = differs(path, &want, got);
	buf_release(&want);
	free(path);
	return wrong;
}

/* What the run wrote into OUT, each file against want.<name>, and none missing. */
static bool check_written(const char *folder)
{
	struct dirent **names;
	int i, n = scandir(OUT, &names, not_folder, alphasort);
	bool wrong = false;

	assert_true(n >= 0);
	for (i = 0; i < n; i++) {
		struct buf got = BUF_INIT(MOST_BYTES);
		char *path = path_of(OUT, names[i]->d_name);
		char want[NAME_MAX + 16];

		snprintf(want, sizeof(want), "want.%s", names[i]->d_name);
		read_whole(&got, path);
		wrong |= check_file(folder, want, &got, false);
		buf_release(&got);
		free(path);
		free(names[i]);
	}
	free(names);
	return wrong;
}

static bool check_none_missing(const char *folder)
{
	struct dirent **names;
	int i, n = scandir(folder, &names, not_dotted, alphasort);
	bool wrong = false;

	assert_true(n >= 0);
	for (i = 0; i < n; i++) {
		const char *name = names[i]->d_name;

		if (strncmp(name, "want.", 5) == 0 && strcmp(name, "want.out") != 0 &&
		    strcmp(name, "want.err") != 0 && strcmp(name, "want.status") != 0) {
			char *path = path_of(OUT, name + 5);

			if (access(path, F_OK) != 0) {
				print_error("  %s/%s: nothing was written\n", folder, name);
				wrong = true;
			}
			free(path);
		}
		free(names[i]);
	}
	free(names);
	return wrong;
}

static void outcome_init(struct outcome *o)
{
	*o = (struct outcome){ BUF_INIT(MOST_BYTES), BUF_INIT(MOST_BYTES), BUF_INIT(MOST_BYTES) };
}

static void outcome_release(struct outcome *o)
{
	buf_release(&o->out);
	buf_release(&o->err);
	buf_release(&o->status);
}

static void run_case(void **state)
{
	static char workers[2][8] = { "-j1", "-j8" };
	const char *folder = *state;
	bool wrong = false;
	size_t i;

	assert_int_equal(chdir(root), 0);
	for (i = 0; i < 2; i++) {
		bool keep = update;
		struct outcome o;

		outcome_init(&o);
		empty_folder(OUT);
		run_commands(folder, workers[i], &o);
		/* the second run never writes: it must give what the first gave */
		update = update && i == 0;
		wrong |= check_file(folder, "want.status", &o.status, true);
		wrong |= check_file(folder, "want.out", &o.out, false);
		wrong |= check_file(folder, "want.err", &o.err, false);
		wrong |= check_written(folder);
		wrong |= check_none_missing(folder);
		update = keep;
		outcome_release(&o);
		if (wrong) {
			print_error("  in %s, with %s\n", folder, workers[i]);
			break;
		}
	}
	assert_false(wrong);
}

/* ---- all ---------------------------------------------------------------- */

static void make_hostile(void)
{
	static char shell[] = "sh", script[] = "testdata/hostile/make", to[] = MADE;
	char *arguments[] = { shell, script, to, NULL };
	int status;
	pid_t child;

	empty_folder(MADE);
	child = fork();
	if (child == 0) {
		execv("/bin/sh", arguments);
		_exit(127);
	}
	if (child == -1 || waitpid(child, &status, 0) == -1 || status != 0) {
		fprintf(stderr, "testdata/hostile/make failed\n");
		exit(1);
	}
}

int main(void)
{
	const char *cases = getenv("CASES"), *only = getenv("CASE"), *name = getenv("IVSLINT");
	struct CMUnitTest *tests;
	struct dirent **names;
	size_t n_tests = 0;
	int i, n, failed;

	if (cases == NULL)
		cases = "testdata/cases";
	if (name == NULL || realpath(name, program) == NULL || getcwd(root, sizeof(root)) == NULL) {
		fprintf(stderr, "cases_test: IVSLINT must name the program\n");
		return 1;
	}
	update = getenv("UPDATE") != NULL;
	n = scandir(cases, &names, not_dotted, alphasort);
	if (n < 0) {
		perror(cases);
		return 1;
	}
	make_hostile();
	tests = calloc((size_t)n + 1, sizeof(*tests));
	for (i = 0; i < n; i++) {
		char *folder = path_of(cases, names[i]->d_name);
		struct stat st;

		if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode) &&
		    (only == NULL || fnmatch(only, names[i]->d_name, 0) == 0))
			tests[n_tests++] = (struct CMUnitTest){ .name = names[i]->d_name,
								.test_func = run_case,
								.initial_state = folder };
		else
			free(folder);
	}
	/* the function behind cmocka_run_group_tests, which wants an array of
	 * known size */
	failed = _cmocka_run_group_tests("cases", tests, n_tests, NULL, NULL);
	while (n_tests > 0)
		free(tests[--n_tests].initial_state);
	free(tests);
	while (n > 0)
		free(names[--n]);
	free(names);
	return failed != 0;
}
