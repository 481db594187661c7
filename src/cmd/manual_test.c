/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The examples of the manual pages and the README are run. The comments at the top of
 * each say in which form; nothing here knows what an example is about. Their lists are
 * manual_lists_test.c's.
 *
 * IVSLINT names the program; the present folder is that of the sources.
 */
#define _DEFAULT_SOURCE /* realpath, and setenv at once */
#include "cmd/manual_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rule/cond.h"

#define SCRATCH      "build/manual"
#define MOST_SECONDS 60
/* The day of the examples, on which their waivers are in force: 2026-11-20. */
#define THE_DAY      "1795132800"

static struct page page_1, page_5, readme;

/* ---- running -------------------------------------------------------------- */

static void run_child(const char *folder, const char *command)
{
	static char shell[] = "/bin/sh", c[] = "-c";
	char *copy = strdup(command);
	char *arguments[] = { shell, c, copy, NULL };
	int out = open(SCRATCH "/out", O_WRONLY | O_CREAT | O_TRUNC, 0666);
	int none = open("/dev/null", O_RDONLY);

	if (out == -1 || none == -1 || dup2(none, 0) == -1 || dup2(out, 1) == -1 ||
	    dup2(out, 2) == -1 || chdir(folder) == -1)
		_exit(126);
	alarm(MOST_SECONDS);
	execv(shell, arguments);
	_exit(127);
}

/* Runs a command in a folder; gives its exit status, and what it said in out. */
static int run(const char *folder, const char *command, struct buf *out)
{
	int status;
	pid_t child = fork();

	assert_true(child != -1);
	if (child == 0)
		run_child(folder, command);
	while (waitpid(child, &status, 0) == -1)
		assert_int_equal(errno, EINTR);
	buf_clear(out);
	read_whole(out, SCRATCH "/out");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void need_status(const struct page *p, size_t line, const char *folder, const char *command,
			int want, struct buf *out)
{
	int got = run(folder, command, out);

	if (got != want)
		fail_msg("%s:%zu: '%s' in %s: exit status %d, not %d\n%s", p->name, line + 1,
			 command, folder, got, want, out->data);
}

/* What stands in the page for a reader, without roff's escapes. */
static void put_plain(struct buf *b, const char *line)
{
	while (*line != '\0') {
		if (starts(line, "\\e")) {
			buf_putc(b, '\\');
			line += 2;
		} else if (starts(line, "\\&")) {
			line += 2;
		} else if (starts(line, "\\(dq")) {
			buf_putc(b, '"');
			line += 4;
		} else {
			assert_true(*line != '\\');
			buf_putc(b, *line++);
		}
	}
}

static const char *plain(struct buf *b, const char *line)
{
	buf_clear(b);
	put_plain(b, line);
	buf_putc(b, '\0');
	return b->data;
}

/* ---- examples of ivslint(1) ------------------------------------------------ */

#define COMMAND ".Dl $ "

static void test_examples(void **state)
{
	struct buf out = BUF_INIT(MOST_BYTES), text = BUF_INIT(MOST_BYTES);
	char folder[100], path[200];
	int want, n = 0;
	size_t i;

	(void)state;
	for (i = 1; i < page_1.n; i++) {
		if (!starts(page_1.lines[i], COMMAND))
			continue;
		if (starts(page_1.lines[i - 1], ".\\\" not run: ")) {
			assert_null(strstr(page_1.lines[i], "ivslint"));
			continue;
		}
		if (sscanf(page_1.lines[i - 1], ".\\\" in %90[a-z/-]: %d", folder, &want) != 2)
			fail_msg("%s:%zu: nothing says where this is run", PAGE, i + 1);
		snprintf(path, sizeof(path), SCRATCH "/%s", folder);
		need_status(&page_1, i, path, plain(&text, page_1.lines[i] + sizeof(COMMAND) - 1),
			    want, &out);
		n++;
	}
	assert_true(n >= 10);
	buf_release(&out);
	buf_release(&text);
}

/* ---- examples of ivslint-rules(5) ------------------------------------------ */

#define PASSES "# passes:"
#define FAILS  "# fails:"

/* A test of the example's rule. */
static void put_test(struct buf *b, const char *given, const char *expect)
{
	while (*given == ' ')
		given++;
	buf_printf(b, "      - name: %s\n        given: ", expect);
	put_plain(b, given);
	buf_printf(b, "\n        expect: %s\n", expect);
}

/* A condition becomes a rule, with what passes and fails it as its tests. */
static void put_condition(struct buf *b, struct part block)
{
	size_t i;

	buf_puts(b, "version: 1\nrules:\n  - id: example\n    title: An example\n"
		    "    severity: low\n    require:\n");
	for (i = block.from; i < block.to; i++) {
		if (*block.page->lines[i] == '#')
			continue;
		buf_puts(b, "      ");
		put_plain(b, block.page->lines[i]);
		buf_putc(b, '\n');
	}
	buf_puts(b, "    tests:\n");
	for (i = block.from; i < block.to; i++) {
		if (starts(block.page->lines[i], PASSES))
			put_test(b, block.page->lines[i] + sizeof(PASSES) - 1, "pass");
		else if (starts(block.page->lines[i], FAILS))
			put_test(b, block.page->lines[i] + sizeof(FAILS) - 1, "fail");
	}
}

static void write_file(const char *path, const struct buf *b)
{
	FILE *to = fopen(path, "wb");

	if (to == NULL)
		fail_msg("cannot write %s", path);
	assert_int_equal(fwrite(b->data, 1, b->len, to), b->len);
	assert_int_equal(fclose(to), 0);
}

static void run_block(struct part block, int want, struct buf *out)
{
	struct buf policy = BUF_INIT(MOST_BYTES);
	size_t i;

	if (count_lines(block, PASSES) != 0) {
		assert_true(count_lines(block, FAILS) != 0);
		put_condition(&policy, block);
	} else {
		assert_true(find_line(block, "version: 1") != 0);
		for (i = block.from; i < block.to; i++) {
			put_plain(&policy, block.page->lines[i]);
			buf_putc(&policy, '\n');
		}
	}
	write_file(SCRATCH "/example.yaml", &policy);
	need_status(block.page, block.from, SCRATCH, "ivslint test example.yaml", want, out);
	buf_release(&policy);
}

static void test_rule_examples(void **state)
{
	struct buf out = BUF_INIT(MOST_BYTES);
	struct part block = whole(&page_5);
	size_t i, n = 0;

	(void)state;
	for (i = 1; i < page_5.n; i++) {
		if (!starts(page_5.lines[i], ".Bd -literal"))
			continue;
		block.from = i + 1;
		for (block.to = i; strcmp(page_5.lines[block.to], ".Ed") != 0; block.to++)
			assert_true(block.to + 1 < page_5.n);
		run_block(block, strcmp(page_5.lines[i - 1], ".\\\" refused") == 0 ? 2 : 0, &out);
		n++;
	}
	assert_true(n >= op_n_rows);
	buf_release(&out);
}

/* The paths that the program prints are those of the page, in its order. */
static void test_fields_json(void **state)
{
	static const char key[] = "\"path\": \"";
	struct part fields = section(&page_5, "FIELDS");
	struct buf out = BUF_INIT(MOST_BYTES), line = BUF_INIT(MOST_BYTES);
	const char *at;
	size_t n = 0, last = 0, here;

	(void)state;
	need_status(&page_5, fields.from, ".", "ivslint fields --json", 0, &out);
	for (at = out.data; (at = strstr(at, key)) != NULL; n++) {
		at += sizeof(key) - 1;
		buf_clear(&line);
		buf_printf(&line, ".It Va %.*s", (int)strcspn(at, "\""), at);
		here = find_line(fields, line.data);
		if (here <= last)
			fail_msg("%s: no '%s', or in another order", RULES, line.data);
		last = here;
	}
	assert_int_equal(n, count_lines(fields, ".It Va "));
	buf_release(&out);
	buf_release(&line);
}

/* ---- the README ------------------------------------------------------------ */

/*
 * Before a block of the README stands a comment that says what it is:
 *	<!-- file: FOLDER/NAME -->	a file, for the commands that follow
 *	<!-- run in FOLDER: STATUS -->	commands behind "$ ", and what they say;
 *					"..." stands for what is left out
 *	<!-- shown -->			nothing to run
 */
#define FENCE "```"

/* Whether the output begins with the line of the README; steps over it. */
static bool take_line(const char **out, const char *line)
{
	size_t len = strcspn(*out, "\n"), shown = strlen(line);
	bool cut = shown > 3 && strcmp(line + shown - 3, "...") == 0;

	if (**out == '\0')
		return false;
	if (cut ? len < shown - 3 || strncmp(*out, line, shown - 3) != 0
		: len != shown || strncmp(*out, line, len) != 0)
		return false;
	*out += len + ((*out)[len] == '\n');
	return true;
}

/* Lines from..to are what the command must have said; none: it is not told. */
static void need_output(struct part said, const char *out)
{
	bool some = said.to > said.from, gap = false;
	size_t i;

	for (i = said.from; i < said.to; i++) {
		if (strcmp(readme.lines[i], "...") == 0) {
			gap = true;
			continue;
		}
		while (gap && *out != '\0') {
			const char *next = out;

			if (take_line(&next, readme.lines[i]))
				break;
			out += strcspn(out, "\n");
			out += *out == '\n';
		}
		gap = false;
		if (!take_line(&out, readme.lines[i]))
			fail_msg("%s:%zu: '%s', and the program says:\n%s", README, i + 1,
				 readme.lines[i], out);
	}
	if (some && !gap && *out != '\0')
		fail_msg("%s:%zu: the program goes on:\n%s", README, i + 1, out);
}

static void run_commands(struct part block, const char *folder, int want, struct buf *out)
{
	struct part said = block;
	size_t i;

	for (i = block.from; i < block.to; i = said.to) {
		assert_true(starts(readme.lines[i], "$ "));
		said.from = said.to = i + 1;
		while (said.to < block.to && !starts(readme.lines[said.to], "$ "))
			said.to++;
		need_status(&readme, i, folder, readme.lines[i] + 2, want, out);
		need_output(said, out->data);
	}
}

static void make_file(struct part block, const char *path)
{
	struct buf text = BUF_INIT(MOST_BYTES);
	size_t i;

	for (i = block.from; i < block.to; i++) {
		buf_puts(&text, readme.lines[i]);
		buf_putc(&text, '\n');
	}
	write_file(path, &text);
	buf_release(&text);
}

static void take_block(struct part block, const char *comment, struct buf *out)
{
	char name[100], path[200];
	int want;

	if (strcmp(comment, "<!-- shown -->") == 0)
		return;
	if (sscanf(comment, "<!-- file: %90[^ ] -->", name) == 1) {
		snprintf(path, sizeof(path), SCRATCH "/%s", name);
		make_file(block, path);
	} else if (sscanf(comment, "<!-- run in %90[^:]: %d -->", name, &want) == 2) {
		snprintf(path, sizeof(path), SCRATCH "/%s", name);
		run_commands(block, path, want, out);
	} else {
		fail_msg("%s:%zu: nothing says what this block is", README, block.from);
	}
}

static void test_readme(void **state)
{
	struct buf out = BUF_INIT(MOST_BYTES);
	struct part block = whole(&readme);
	size_t i, n = 0;

	(void)state;
	for (i = 1; i < readme.n; i = block.to + 1) {
		block.to = i;
		if (!starts(readme.lines[i], FENCE))
			continue;
		block.from = i + 1;
		do {
			block.to++;
			assert_true(block.to < readme.n);
		} while (strcmp(readme.lines[block.to], FENCE) != 0);
		take_block(block, readme.lines[i - 1], &out);
		n++;
	}
	assert_true(n >= 5);
	buf_release(&out);
}

/* ---- all ------------------------------------------------------------------- */

/* The program is found as a reader finds it: by its name. */
static bool set_environment(void)
{
	static const char *const unset[] = {
		"CI",        "NO_COLOR",          "CLICOLOR_FORCE", "COLUMNS", "GITHUB_ACTIONS",
		"GITLAB_CI", "GITHUB_SERVER_URL", "CI_PROJECT_URL",
	};
	char program[PATH_MAX], *path, *slash;
	const char *name = getenv("IVSLINT"), *old = getenv("PATH");
	size_t size, i;

	if (name == NULL || realpath(name, program) == NULL)
		return false;
	slash = strrchr(program, '/');
	if (slash == NULL || strcmp(slash, "/ivslint") != 0)
		return false;
	*slash = '\0';
	size = strlen(program) + strlen(old != NULL ? old : "") + 2;
	path = malloc(size);
	if (path == NULL)
		abort();
	snprintf(path, size, "%s:%s", program, old != NULL ? old : "");
	setenv("PATH", path, 1);
	free(path);
	for (i = 0; i < sizeof(unset) / sizeof(unset[0]); i++)
		unsetenv(unset[i]);
	setenv("SOURCE_DATE_EPOCH", THE_DAY, 1);
	setenv("TERM", "dumb", 1);
	return true;
}

/* Folders for the examples: a copy of the demo, and those of the tour. */
static int make_scratch(void **state)
{
	struct buf out = BUF_INIT(MOST_BYTES);
	int status;

	(void)state;
	mkdir("build", 0777);
	mkdir(SCRATCH, 0777);
	status = run(".",
		     "rm -rf " SCRATCH "/demo " SCRATCH "/tour " SCRATCH "/own " SCRATCH "/live && "
		     "cp -R testdata/demo " SCRATCH "/demo && "
		     "mkdir " SCRATCH "/tour " SCRATCH "/own " SCRATCH "/live && "
		     "cp testdata/demo/saved/wrong-region.json " SCRATCH "/tour/x.json && "
		     "cp testdata/demo/saved/dev.ndjson " SCRATCH "/own/saved.ndjson",
		     &out);
	if (status != 0)
		fprintf(stderr, "%s", out.data);
	buf_release(&out);
	return status;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_rule_examples),
		cmocka_unit_test(test_fields_json),
		cmocka_unit_test(test_readme),
	};
	int failed;

	if (!set_environment()) {
		fprintf(stderr, "manual_test: IVSLINT must name the program, ivslint\n");
		return 1;
	}
	page_read(&page_1, PAGE);
	page_read(&page_5, RULES);
	page_read(&readme, README);
	failed = cmocka_run_group_tests(tests, make_scratch, NULL);
	page_release(&page_1);
	page_release(&page_5);
	page_release(&readme);
	return failed != 0;
}
