/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What shells offer, asked of the shells themselves where they are there; and help,
 * which fits a screen. Run from the top of the tree.
 */
#define _DEFAULT_SOURCE /* realpath */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "cmd/cmd.h"
#include "cmd/help_topic.h"

static char program[4096], folder[4096];

/* Standard output of a shell command, in which @ is the folder of the program. */
static const char *output(const char *command)
{
	static struct buf out;
	struct buf line = BUF_INIT(0);
	char part[4096];
	FILE *from;
	size_t n;

	buf_clear(&out);
	buf_printf(&line, "PATH='%s':$PATH; cd testdata/demo; ", folder);
	buf_puts(&line, command);
	from = popen(line.data, "r");
	assert_non_null(from);
	while ((n = fread(part, 1, sizeof(part), from)) > 0)
		buf_put(&out, part, n);
	pclose(from);
	buf_release(&line);
	return out.data == NULL ? "" : out.data;
}

static bool has_shell(const char *name)
{
	char command[100];

	snprintf(command, sizeof(command), "command -v %s", name);
	if (output(command)[0] != '\0')
		return true;
	print_message("no %s here: its completion was not asked\n", name);
	return false;
}

/* Whether a line of text begins with the word. */
static bool offers(const char *text, const char *word)
{
	size_t len = strlen(word);

	while (text != NULL && *text != '\0') {
		if (strncmp(text, word, len) == 0 && (text[len] == '\n' || text[len] == '\t' ||
						      text[len] == '\0' || text[len] == ' '))
			return true;
		text = strchr(text, '\n');
		text = text == NULL ? NULL : text + 1;
	}
	return false;
}

struct question {
	const char *line;     /* the last word is what is being completed, "" after a blank */
	const char *yes, *no; /* NULL: no matter */
};

static const struct question questions[] = {
	{ "ch", "check", "report" },
	{ "", "completion", "--help" },
	{ "check --fail-on ", "critical", "saved" },
	{ "check --fail-on=me", "medium", "critical" },
	{ "check --col", "--color", "--skip" },
	{ "check --color ", "always", "text" },
	{ "check --group-by ", "severity", "file.json" },
	{ "check -f ma", "markdown", "json" },
	{ "check --rule reconnect", "reconnect-window", "bucket-name" },
	{ "check sav", "saved", "schema" },
	{ "explain reconnect", "reconnect-window", "saved" },
	{ "schema ", "report", "check" },
	{ "completion ", "fish", "check" },
	{ "help ex", "exit-status", "check" },
	{ "version --", "--help", "--rule" },
};

static void ask(const char *shell, const struct question *q, const char *answer)
{
	char trailed[100];

	snprintf(trailed, sizeof(trailed), "%s/", q->yes);
	if (!offers(answer, q->yes) && !offers(answer, trailed))
		fail_msg("%s, '%s': no %s in: %s", shell, q->line, q->yes, answer);
	if (offers(answer, q->no))
		fail_msg("%s, '%s': %s in: %s", shell, q->line, q->no, answer);
}

/* As readline does it: '=' is a word of its own. */
static void in_bash(void **state)
{
	char command[2000];
	size_t i;

	(void)state;
	if (!has_shell("bash"))
		skip();
	for (i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		snprintf(command, sizeof(command),
			 "bash -c 'source <(ivslint completion bash); line=\"ivslint %s\"; "
			 "read -ra COMP_WORDS <<<\"${line//=/ = }\"; [[ $line == *\" \" ]] && "
			 "COMP_WORDS+=(\"\"); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _ivslint; "
			 "printf \"%%s\\n\" \"${COMPREPLY[@]}\"'",
			 questions[i].line);
		ask("bash", &questions[i], output(command));
	}
}

static void in_fish(void **state)
{
	char command[2000];
	const char *answer;
	size_t i;

	(void)state;
	if (!has_shell("fish"))
		skip();
	for (i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		snprintf(command, sizeof(command),
			 "HOME=/nonexistent fish --no-config -c 'ivslint completion fish | source; "
			 "complete -C \"ivslint %s\"' | sed 's/^--[a-z-]*=//'",
			 questions[i].line);
		answer = output(command);
		ask("fish", &questions[i], answer);
	}
}

/* zsh completes only where it is typed to: what its own functions are told is
 * looked at instead, for all commands, and the script is a function's body. */
static void in_zsh(void **state)
{
	static const char harness[] =
	    "zsh -f -c 'compdef() { :; }; source <(ivslint completion zsh); "
	    "_arguments() { print -l -- \"$@\"; }; _describe() { print -l -- ${(P)4}; }; "
	    "compadd() { [[ $1 == -a ]] && print -l -- ${(P)2} || print -l -- \"$@\"; }; ";
	char command[2000];

	(void)state;
	if (!has_shell("zsh"))
		skip();
	snprintf(command, sizeof(command),
		 "%swords=(ivslint c); CURRENT=2; _ivslint' | cut -d: -f1", harness);
	assert_true(offers(output(command), "check"));
	assert_true(offers(output(command), "completion"));
	snprintf(command, sizeof(command), "%s_ivslint_rules'", harness);
	assert_true(offers(output(command), "reconnect-window"));
	snprintf(command, sizeof(command), "%sPREFIX=m; _ivslint_formats'", harness);
	assert_true(offers(output(command), "markdown") || strstr(output(command), "markdown"));
	snprintf(command, sizeof(command), "%swords=(ivslint check x); CURRENT=3; _ivslint'",
		 harness);
	assert_non_null(strstr(output(command), "*--fail-on=["));
	assert_non_null(strstr(output(command), ":SEVERITY:(critical high medium low info)"));
	assert_non_null(strstr(output(command), "*--policy=["));
	assert_non_null(strstr(output(command), "*:file:_files"));
	snprintf(command, sizeof(command), "%swords=(ivslint schema x); CURRENT=3; _ivslint'",
		 harness);
	assert_non_null(strstr(output(command), "1:operand:(policy report)"));
}

/* ---- help ----------------------------------------------------------------------- */

static void fits(const char *what, const char *text)
{
	size_t lines = 0, len;

	assert_true(text[0] != '\0');
	for (; *text != '\0'; text += len + 1) {
		len = strcspn(text, "\n");
		if (len > 80)
			fail_msg("%s: %zu columns: %.*s", what, len, (int)len, text);
		if (++lines > 24)
			fail_msg("%s: more than a screen", what);
	}
}

/* fetch has the help of ivslint-fetch, which is built beside. */
static void help_fits(void **state)
{
	char command[100];
	size_t i;

	(void)state;
	fits("help", output("ivslint help"));
	for (i = 0; i < cmd_n; i++) {
		snprintf(command, sizeof(command), "ivslint %s -h", cmd_table[i]->name);
		fits(command, output(command));
	}
	for (i = 0; help_topic(i) != NULL; i++) {
		snprintf(command, sizeof(command), "ivslint help %s", help_topic(i));
		fits(command, output(command));
	}
}

static int prepare(void **state)
{
	const char *name = getenv("IVSLINT");
	char *slash;

	(void)state;
	if (name == NULL || realpath(name, program) == NULL)
		return -1;
	strcpy(folder, program);
	slash = strrchr(folder, '/');
	*slash = '\0';
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_bash),
		cmocka_unit_test(in_zsh),
		cmocka_unit_test(in_fish),
		cmocka_unit_test(help_fits),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
