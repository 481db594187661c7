/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists of the manual pages and the README are the program's: commands, options,
 * limits, operators, fields. Their examples are manual_test.c's.
 */
#include "cmd/manual_fixture.h"

#include "base/opt.h"
#include "cmd/cmd.h"
#include "model/field.h"
#include "report/report.h"
#include "rule/cond.h"
#include "rule/finding.h"

#define LIMITS   "src/base/limit.h"
#define MAKEFILE "Makefile"

static struct page page_1, page_5, readme, limits, makefile;

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
	{ ask_role_opts, "Role options" },           { cmd_stack_opts, "Stack options" },
	{ cmd_field_opts, "Field options" },
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

/* ---- lists of the README --------------------------------------------------- */

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_synopsis),      cmocka_unit_test(test_commands),
		cmocka_unit_test(test_options),       cmocka_unit_test(test_tables),
		cmocka_unit_test(test_formats),       cmocka_unit_test(test_diagnostics),
		cmocka_unit_test(test_limits),        cmocka_unit_test(test_operators),
		cmocka_unit_test(test_named_formats), cmocka_unit_test(test_fields),
		cmocka_unit_test(test_variables),
	};
	int failed;

	page_read(&page_1, PAGE);
	page_read(&page_5, RULES);
	page_read(&readme, README);
	page_read(&limits, LIMITS);
	page_read(&makefile, MAKEFILE);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	page_release(&page_1);
	page_release(&page_5);
	page_release(&readme);
	page_release(&limits);
	page_release(&makefile);
	return failed != 0;
}
