/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manual pages and the README against the program: their lists are the
 * program's, their examples are run. The comments at the top of each say in
 * which form; nothing here knows what an example is about.
 *
 * IVSLINT names the program; the present folder is that of the sources.
 */
#define _DEFAULT_SOURCE /* realpath, and setenv at once */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/opt.h"
#include "cmd/cmd.h"
#include "model/field.h"
#include "report/report.h"
#include "rule/cond.h"
#include "rule/finding.h"

#define PAGE         "man/ivslint.1"
#define RULES        "man/ivslint-rules.5"
#define README       "README.md"
#define LIMITS       "src/base/limit.h"
#define MAKEFILE     "Makefile"
#define SCRATCH      "build/manual"
#define MOST_BYTES   ((size_t)16 << 20)
#define MOST_SECONDS 60
/* The day of the examples, on which their waivers are in force: 2026-11-20. */
#define THE_DAY      "1795132800"

/* A text in its lines. */
struct page {
	const char *name;
	struct buf text;
	char **lines;
	size_t n;
};

/* Some lines of a page. */
struct part {
	const struct page *page;
	size_t from, to;
};

static struct page page_1, page_5, readme, limits, makefile;

/* ---- pages ---------------------------------------------------------------- */

static void read_whole(struct buf *b, const char *name)
{
	FILE *from = fopen(name, "rb");
	char part[8192];
	size_t n;

	if (from == NULL) {
		perror(name);
		exit(1);
	}
	while ((n = fread(part, 1, sizeof(part), from)) > 0)
		buf_put(b, part, n);
	fclose(from);
	buf_putc(b, '\0');
	b->len--;
}

static void page_read(struct page *p, const char *name)
{
	char *at;
	size_t i;

	*p = (struct page){ .name = name, .text = BUF_INIT(MOST_BYTES) };
	read_whole(&p->text, name);
	for (i = 0; i < p->text.len; i++)
		p->n += p->text.data[i] == '\n';
	p->lines = calloc(p->n + 1, sizeof(*p->lines));
	if (p->lines == NULL)
		abort();
	at = p->text.data;
	for (i = 0; i < p->n; i++) {
		p->lines[i] = at;
		at += strcspn(at, "\n");
		*at++ = '\0';
	}
}

static void page_release(struct page *p)
{
	buf_release(&p->text);
	free(p->lines);
}

static bool starts(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* What follows the line `head`, up to the next that begins with `next` or with
 * ".Sh". */
static struct part part_of(struct part in, const char *head, const char *next)
{
	size_t i = in.from, k;

	while (i < in.to && strcmp(in.page->lines[i], head) != 0)
		i++;
	if (i == in.to)
		fail_msg("%s has no line '%s'", in.page->name, head);
	for (k = i + 1; k < in.to; k++)
		if (starts(in.page->lines[k], next) || starts(in.page->lines[k], ".Sh "))
			break;
	return (struct part){ in.page, i + 1, k };
}

static struct part whole(const struct page *p)
{
	return (struct part){ p, 0, p->n };
}

static struct part section(const struct page *p, const char *name)
{
	char head[100];

	snprintf(head, sizeof(head), ".Sh %s", name);
	return part_of(whole(p), head, ".Sh ");
}

static struct part subsection(const struct page *p, const char *of, const char *name)
{
	char head[100];

	snprintf(head, sizeof(head), ".Ss %s", name);
	return part_of(section(p, of), head, ".Ss ");
}

/* The line number of a line, or 0. */
static size_t find_line(struct part in, const char *line)
{
	size_t i;

	for (i = in.from; i < in.to; i++)
		if (strcmp(in.page->lines[i], line) == 0)
			return i + 1;
	return 0;
}

static void need_line(struct part in, const char *line)
{
	if (find_line(in, line) == 0)
		fail_msg("%s:%zu: no line '%s' in this section", in.page->name, in.from, line);
}

static size_t count_lines(struct part in, const char *beginning)
{
	size_t i, n = 0;

	for (i = in.from; i < in.to; i++)
		n += starts(in.page->lines[i], beginning);
	return n;
}

/* Holds the items of a part to a list of names, in both directions. */
static void need_items(struct part in, const char *macro, const char *const *names, size_t n)
{
	char line[200];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(line, sizeof(line), "%s%s", macro, names[i]);
		need_line(in, line);
	}
	if (count_lines(in, macro) != n)
		fail_msg("%s:%zu: %zu items '%s' in this section, and the program has %zu",
			 in.page->name, in.from, count_lines(in, macro), macro, n);
}

/* ---- lists of ivslint(1) -------------------------------------------------- */

static const struct {
	const struct opt *table;
	const char *name;
} tables[] = {
	{ cmd_policy_opts, "Policy options" },       { cmd_report_opts, "Report options" },
	{ cmd_audit_opts, "Audit options" },         { cmd_chatter_opts, "Chatter options" },
	{ cmd_json_opts, "List options" },           { cmd_baseline_opts, "Baseline options" },
	{ cmd_output_opts, "Output options" },       { cmd_test_opts, "Test options" },
	{ cmd_explain_opts, "Explain options" },     { cmd_merge_opts, "Merge options" },
	{ cmd_progress_opts, "Progress options" },   { ask_opts, "Fetch options" },
	{ ask_fetch_opts, "Fetch command options" }, { cmd_scan_opts, "Scan options" },
	{ cmd_stack_opts, "Stack options" },         { cmd_field_opts, "Field options" },
};
#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

/* The next of "RULE [PATH...]" of a usage as the synopsis has it; what follows it,
 * NULL where there is none. */
static const char *operand_line(const char *operands, char *line, size_t size)
{
	const char *name = operands + (*operands == '[');
	size_t len = strcspn(name, ".] "), all = strcspn(operands, " ");

	if (*operands == '\0')
		return NULL;
	snprintf(line, size, "%s%.*s%s", *operands == '[' ? ".Op Ar " : ".Ar ", (int)len, name,
		 memchr(operands, '.', all) != NULL ? " ..." : "");
	return operands + all + (operands[all] == ' ');
}

static void test_synopsis(void **state)
{
	struct part synopsis = section(&page_1, "SYNOPSIS"), own;
	const char *operands;
	char line[100];
	size_t i;

	(void)state;
	for (i = 0; i < cmd_n; i++) {
		snprintf(line, sizeof(line), ".Cm %s", cmd_table[i]->name);
		own = part_of(synopsis, line, ".Nm");
		assert_int_equal(find_line(own, ".Op Ar OPTION ...") != 0,
				 cmd_table[i]->opts[0] != NULL);
		operands = cmd_table[i]->operands;
		while ((operands = operand_line(operands, line, sizeof(line))) != NULL)
			need_line(own, line);
		if (*cmd_table[i]->operands == '\0')
			assert_int_equal(own.to - own.from, cmd_table[i]->opts[0] != NULL);
	}
	assert_int_equal(count_lines(synopsis, ".Cm "), cmd_n);
}

static bool takes(const struct cmd *cmd, const struct opt *table)
{
	const struct opt *const *t;

	for (t = cmd->opts; *t != NULL; t++)
		if (*t == table)
			return true;
	return false;
}

static void test_commands(void **state)
{
	struct part commands = subsection(&page_1, "DESCRIPTION", "Commands"), own;
	char line[100];
	size_t i, k, n;

	(void)state;
	for (i = 0; i < cmd_n; i++) {
		snprintf(line, sizeof(line), ".It Cm %s", cmd_table[i]->name);
		own = part_of(commands, line, ".It ");
		for (k = 0; k < N_TABLES; k++) {
			snprintf(line, sizeof(line), ".Sx %s", tables[k].name);
			n = count_lines(own, line);
			if (n != takes(cmd_table[i], tables[k].table))
				fail_msg("%s:%zu: %s and '%s'", PAGE, own.from, cmd_table[i]->name,
					 tables[k].name);
		}
	}
	assert_int_equal(count_lines(commands, ".It Cm "), cmd_n);
}

/* ".It Fl f , -format Ar FORMAT Ns Op = Ns Ar FILE" */
static void option_line(const struct opt *o, char *line, size_t size)
{
	const char *optional = o->argument != NULL ? strstr(o->argument, "[=") : NULL;
	int len = snprintf(line, size, ".It Fl ");

	if (o->letter != 0)
		len += snprintf(line + len, size - (size_t)len, "%c , ", o->letter);
	len += snprintf(line + len, size - (size_t)len, "-%s", o->name);
	if (optional != NULL)
		snprintf(line + len, size - (size_t)len, " Ar %.*s Ns Op = Ns Ar %.*s",
			 (int)(optional - o->argument), o->argument,
			 (int)strcspn(optional + 2, "]"), optional + 2);
	else if (o->argument != NULL)
		snprintf(line + len, size - (size_t)len, " Ar %s", o->argument);
}

static void test_options(void **state)
{
	const struct opt *o;
	struct part options, own;
	char line[200];
	size_t k, n;

	(void)state;
	for (k = 0; k < N_TABLES; k++) {
		options = subsection(&page_1, "OPTIONS", tables[k].name);
		for (n = 0, o = tables[k].table; o->name != NULL; o++, n++) {
			option_line(o, line, sizeof(line));
			own = part_of(options, line, ".It ");
			if (count_lines(own, "Default:") != 1)
				fail_msg("%s:%zu: --%s says no default", PAGE, own.from, o->name);
		}
		assert_int_equal(count_lines(options, ".It "), n);
	}
	assert_int_equal(count_lines(section(&page_1, "OPTIONS"), ".Ss "), N_TABLES);
}

/* No command has a table of options that the page does not know. */
static void test_tables(void **state)
{
	const struct opt *const *t;
	size_t i, k;

	(void)state;
	for (i = 0; i < cmd_n; i++)
		for (t = cmd_table[i]->opts; *t != NULL; t++) {
			for (k = 0; k < N_TABLES && tables[k].table != *t; k++)
				;
			assert_true(k < N_TABLES);
		}
}

static void test_formats(void **state)
{
	const char *names[32];
	size_t i;

	(void)state;
	assert_true(report_n <= 32);
	for (i = 0; i < report_n; i++)
		names[i] = report_table[i]->name;
	need_items(section(&page_1, "FORMATS"), ".It Cm ", names, report_n);
}

static void test_diagnostics(void **state)
{
	const char *names[16];
	int i;

	(void)state;
	for (i = 0; i < N_VERDICTS; i++)
		names[i] = verdict_name((enum verdict)i);
	need_items(subsection(&page_1, "DIAGNOSTICS", "Verdicts"), ".It Sy ", names, N_VERDICTS);
	need_items(section(&page_5, "THREE VALUES"), ".It Cm ", names, N_VERDICTS);
	for (i = 0; i < N_PROBLEMS; i++)
		names[i] = problem_kind_name((enum problem_kind)i);
	need_items(subsection(&page_1, "DIAGNOSTICS", "Problems"), ".It Sy ", names, N_PROBLEMS);
}

/* "(16u << 20)", "64": what limit.h holds. */
static unsigned long evaluate(const char *text)
{
	char *end;
	unsigned long n = strtoul(text + (*text == '('), &end, 10);

	end += *end == 'u';
	if (starts(end, " << "))
		n <<= strtoul(end + 4, &end, 10);
	if (*end != ')' && *end != '\0' && *end != '\t' && *end != ' ')
		fail_msg("%s: cannot evaluate '%s'", LIMITS, text);
	return n;
}

static void test_limits(void **state)
{
	struct part part = section(&page_1, "LIMITS");
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < limits.n; i++) {
		const char *name = limits.lines[i] + sizeof("#define ") - 1;
		size_t len = strcspn(limits.lines[i], "\t ") == 7 ? strcspn(name, " ") : 0;
		char line[200];

		if (!starts(limits.lines[i], "#define LIMIT_"))
			continue;
		snprintf(line, sizeof(line), ".It Dv %.*s No = %lu", (int)len, name,
			 evaluate(name + len + 1));
		need_line(part, line);
		n++;
	}
	assert_true(n > 30);
	assert_int_equal(count_lines(part, ".It Dv "), n);
}

/* ---- lists of ivslint-rules(5) -------------------------------------------- */

static void test_operators(void **state)
{
	struct part operators = section(&page_5, "OPERATORS"), own;
	const char *names[100];
	char line[100];
	size_t i;

	(void)state;
	assert_true(op_n_rows <= 100);
	for (i = 0; i < op_n_rows; i++) {
		names[i] = op_rows[i].name;
		snprintf(line, sizeof(line), ".It Ic %s", names[i]);
		own = part_of(operators, line, ".It ");
		if (count_lines(own, "# passes:") == 0 || count_lines(own, "# fails:") == 0)
			fail_msg("%s:%zu: '%s' has no example that passes and one that fails",
				 RULES, own.from, names[i]);
	}
	need_items(operators, ".It Ic ", names, op_n_rows);
}

static void test_named_formats(void **state)
{
	const char *names[100];
	size_t i;

	(void)state;
	assert_true(format_n_rows <= 100);
	for (i = 0; i < format_n_rows; i++)
		names[i] = format_rows[i].name;
	need_items(section(&page_5, "NAMED FORMATS"), ".It Cm ", names, format_n_rows);
}

static void put_list(struct buf *b, const char *between, const char *values)
{
	buf_puts(b, between);
	for (; *values != '\0'; values++)
		if (*values == '|')
			buf_puts(b, ", ");
		else
			buf_putc(b, *values);
}

/* The path and two lines: type, values, default; then the row's text. */
static void need_field(struct part fields, const char *path, struct type type, const char *values,
		       const char *fallback, const struct field *f, const char *text)
{
	struct buf want = BUF_INIT(MOST_BYTES);
	size_t at;

	buf_printf(&want, ".It Va %s", path);
	at = find_line(fields, want.data);
	if (at == 0)
		fail_msg("%s: no field '%s'", RULES, path);
	buf_clear(&want);
	buf_puts(&want, type_name(type));
	if (values != NULL)
		put_list(&want, "; one of ", values);
	if (fallback != NULL)
		buf_printf(&want, "; default %s", fallback);
	if (f != NULL && f->only_if != NULL) {
		size_t len = strcspn(f->only_if, "=");

		buf_printf(&want, " where %.*s is %s", (int)len, f->only_if, f->only_if + len + 1);
	}
	if (f != NULL && f->origin == ORIGIN_API && (f->flags & FIELD_SUMMARY) == 0)
		buf_puts(&want, "; not in lists");
	if (f != NULL && f->kinds != KINDS_RECORDING_CONFIGURATION)
		buf_puts(&want, f->kinds == KINDS_EVERY ? "; of every kind" : "; of channels");
	buf_putc(&want, '.');
	buf_putc(&want, '\0');
	assert_string_equal(fields.page->lines[at], want.data);
	buf_clear(&want);
	buf_printf(&want, "%s.", text);
	assert_string_equal(fields.page->lines[at + 1], want.data);
	buf_release(&want);
}

static void test_fields(void **state)
{
	struct part fields = section(&page_5, "FIELDS");
	const struct field_member *m;
	size_t i;

	(void)state;
	for (i = 0; i < N_FIELDS; i++)
		need_field(fields, field_table[i].path, field_table[i].type, field_table[i].values,
			   field_table[i].fallback, &field_table[i], field_table[i].text);
	for (i = 0; i < field_n_members; i++) {
		m = &field_members[i];
		need_field(fields, m->path, m->type, m->values, m->fallback, NULL, m->text);
	}
	assert_int_equal(count_lines(fields, ".It Va "), N_FIELDS + field_n_members);
}

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

/* Every variable that the Makefile leaves to its user has a row. */
static void test_variables(void **state)
{
	struct part all = whole(&readme);
	char line[100];
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < makefile.n; i++) {
		size_t len = strspn(makefile.lines[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

		len += strspn(makefile.lines[i] + len, " ");
		if (!starts(makefile.lines[i] + len, "?="))
			continue;
		snprintf(line, sizeof(line), "| `%.*s` |", (int)strcspn(makefile.lines[i], " ?"),
			 makefile.lines[i]);
		if (count_lines(all, line) != 1)
			fail_msg("%s: no row '%s'", README, line);
		n++;
	}
	assert_true(n >= 5);
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_synopsis),      cmocka_unit_test(test_commands),
		cmocka_unit_test(test_options),       cmocka_unit_test(test_tables),
		cmocka_unit_test(test_formats),       cmocka_unit_test(test_diagnostics),
		cmocka_unit_test(test_limits),        cmocka_unit_test(test_operators),
		cmocka_unit_test(test_named_formats), cmocka_unit_test(test_fields),
		cmocka_unit_test(test_fields_json),   cmocka_unit_test(test_examples),
		cmocka_unit_test(test_rule_examples), cmocka_unit_test(test_readme),
		cmocka_unit_test(test_variables),
	};
	int failed;

	if (!set_environment()) {
		fprintf(stderr, "manual_test: IVSLINT must name the program, ivslint\n");
		return 1;
	}
	page_read(&page_1, PAGE);
	page_read(&page_5, RULES);
	page_read(&readme, README);
	page_read(&limits, LIMITS);
	page_read(&makefile, MAKEFILE);
	failed = cmocka_run_group_tests(tests, make_scratch, NULL);
	page_release(&page_1);
	page_release(&page_5);
	page_release(&readme);
	page_release(&limits);
	page_release(&makefile);
	return failed != 0;
}
