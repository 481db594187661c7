/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint completion: what a shell offers behind ivslint, made from the tables of
 * commands and options. Knows how three shells are told; what there is to tell it
 * finds in the tables.
 */
#include <string.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/help_topic.h"

static const struct opt *const tables[] = { NULL };

/* Ids of the rules in force, one a line: a rule's first line is not indented. */
#define RULES "ivslint rules 2>/dev/null | sed -n 's/^[a-z][a-z]*  *\\([^ ]*\\).*/\\1/p'"

/* ---- what is offered ---------------------------------------------------------- */

enum offer { OFFER_NOTHING, OFFER_FILES, OFFER_RULES, OFFER_FORMATS, OFFER_WORDS };

/* By the name of the argument, in options and operands. */
struct offered {
	const char *argument;
	enum offer offer;
	const char *words;
};

static const struct offered offers[] = {
	{ "FILE", OFFER_FILES, "" },
	{ "PATH", OFFER_FILES, "" },
	{ "POLICY", OFFER_FILES, "" },
	{ "OLD", OFFER_FILES, "" },
	{ "ID", OFFER_RULES, "" },
	{ "RULE", OFFER_RULES, "" },
	{ "FORMAT", OFFER_FORMATS, "" },
	{ "SEVERITY", OFFER_WORDS, "critical high medium low info" },
	{ "WHEN", OFFER_WORDS, "auto always never" },
	{ "FLAVOR", OFFER_WORDS, "strict gitlab" },
	{ "WHAT", OFFER_WORDS, "resource rule severity file" },
};

static size_t name_length(const char *argument)
{
	return strspn(argument, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static const struct offered *offered_for(const char *argument)
{
	static const struct offered nothing = { "", OFFER_NOTHING, "" };
	struct str name;
	size_t i;

	if (argument == NULL)
		return &nothing;
	name = (struct str){ argument, name_length(argument) };
	for (i = 0; i < sizeof(offers) / sizeof(*offers); i++)
		if (str_is(name, offers[i].argument))
			return &offers[i];
	return &nothing;
}

static void put_formats(struct buf *b)
{
	size_t i;

	PUT(b, "auto");
	for (i = 0; i < report_n; i++)
		buf_printf(b, " %s", report_table[i]->name);
}

/* Words that an operand may be: "policy|report", or the names of commands. */
static void put_operand_words(struct buf *b, const struct cmd *cmd)
{
	const char *p, *name;
	size_t i;

	if (strcmp(cmd->name, "help") == 0) {
		for (i = 0; i < cmd_n; i++)
			buf_printf(b, "%s%s", i == 0 ? "" : " ", cmd_table[i]->name);
		for (i = 0; (name = help_topic(i)) != NULL; i++)
			buf_printf(b, " %s", name);
		return;
	}
	for (p = cmd->operands; (*p >= 'a' && *p <= 'z') || *p == '-' || *p == '|'; p++)
		buf_putc(b, *p == '|' ? ' ' : *p);
}

/* What the first operand is, and the others. */
static enum offer first_operand(const struct cmd *cmd)
{
	return offered_for(cmd->operands + strspn(cmd->operands, "["))->offer;
}

static bool takes_files(const struct cmd *cmd)
{
	return strstr(cmd->operands, "PATH") != NULL || strstr(cmd->operands, "FILE") != NULL ||
	       strstr(cmd->operands, "POLICY") != NULL;
}

/* A text between single quotes; in zsh's specifications some more are special. */
static void put_quoted(struct buf *b, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			PUT(b, "'\\''");
			continue;
		}
		if (strchr(special, *text) != NULL)
			buf_putc(b, '\\');
		buf_putc(b, *text);
	}
}

/* ---- bash --------------------------------------------------------------------- */

static void put_bash_options(struct buf *b, const struct cmd *cmd)
{
	const struct opt *const *t;
	const struct opt *o;

	PUT(b, "--help");
	for (t = cmd->opts; *t != NULL; t++)
		for (o = *t; o->name != NULL; o++)
			buf_printf(b, " --%s", o->name);
}

static void put_bash_value(struct buf *b, const struct opt *o)
{
	const struct offered *offer = offered_for(o->argument);

	if (o->argument == NULL)
		return;
	buf_printf(b, "\t--%s", o->name);
	if (o->letter != 0)
		buf_printf(b, "|-%c", o->letter);
	PUT(b, ") ");
	switch (offer->offer) {
	case OFFER_FILES:
		PUT(b, "kind=files");
		break;
	case OFFER_RULES:
		PUT(b, "words=$(_ivslint_rules)");
		break;
	case OFFER_FORMATS:
		PUT(b, "words='");
		put_formats(b);
		PUT(b, "'");
		break;
	case OFFER_WORDS:
		buf_printf(b, "words='%s'", offer->words);
		break;
	default:
		PUT(b, "kind=none");
		break;
	}
	PUT(b, " ;;\n");
}

/* Each option once, whatever the number of commands that take it. */
static bool is_first(const struct cmd *cmd, const struct opt *const *table)
{
	const struct opt *const *t;
	size_t i;

	for (i = 0; i < cmd_n; i++)
		for (t = cmd_table[i]->opts; *t != NULL; t++)
			if (*t == *table)
				return cmd_table[i] == cmd;
	return false;
}

static void put_bash_values(struct buf *b)
{
	const struct opt *const *t;
	const struct opt *o;
	size_t i;

	for (i = 0; i < cmd_n; i++)
		for (t = cmd_table[i]->opts; *t != NULL; t++)
			for (o = *t; is_first(cmd_table[i], t) && o->name != NULL; o++)
				put_bash_value(b, o);
}

static void put_bash_commands(struct buf *b)
{
	const struct cmd *cmd;
	size_t i;

	for (i = 0; i < cmd_n; i++) {
		cmd = cmd_table[i];
		buf_printf(b, "\t%s)\n\t\toptions='", cmd->name);
		put_bash_options(b, cmd);
		PUT(b, "'\n");
		if (first_operand(cmd) == OFFER_RULES)
			PUT(b, "\t\t((operands == 0)) && words=$(_ivslint_rules)\n");
		PUT(b, "\t\t((operands == 0)) && words=\"$words ");
		put_operand_words(b, cmd);
		PUT(b, "\"\n");
		buf_printf(b, "\t\tfiles=%d ;;\n", takes_files(cmd));
	}
}

static void put_bash(struct buf *b)
{
	size_t i;

	PUT(b, "# Completion of ivslint for bash; made by: ivslint completion bash\n"
	       "_ivslint_rules() {\n\t" RULES "\n}\n\n"
	       "_ivslint() {\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\tlocal before='' command=${COMP_WORDS[1]} words='' options='' kind='' files=0 "
	       "operands=0 i\n"
	       "\tCOMPREPLY=()\n"
	       "\tif ((COMP_CWORD == 1)); then\n"
	       "\t\tCOMPREPLY=($(compgen -W '");
	for (i = 0; i < cmd_n; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : " ", cmd_table[i]->name);
	PUT(b, "' -- \"$cur\"))\n\t\treturn\n\tfi\n"
	       "\t# --option=value comes as three words\n"
	       "\tif [[ $cur == = ]]; then\n\t\tcur=''\n"
	       "\telif [[ $prev == = ]]; then\n"
	       "\t\tprev=${COMP_WORDS[COMP_CWORD-2]} before=${COMP_WORDS[COMP_CWORD-3]}\n\tfi\n"
	       "\t# -f FORMAT=FILE\n"
	       "\tif [[ $prev != -* && ($before == -f || $before == --format || $before == =) ]]; "
	       "then\n"
	       "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\t\treturn\n\tfi\n"
	       "\tcase $prev in\n");
	put_bash_values(b);
	PUT(b, "\tesac\n"
	       "\tif [[ $kind == files ]]; then\n"
	       "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\t\treturn\n"
	       "\telif [[ $kind == none ]]; then\n\t\treturn\n"
	       "\telif [[ -n $words ]]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n\t\treturn\n\tfi\n"
	       "\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
	       "\t\t[[ ${COMP_WORDS[i]} != -* ]] && operands=$((operands + 1))\n\tdone\n"
	       "\tcase $command in\n");
	put_bash_commands(b);
	PUT(b, "\tesac\n"
	       "\tif [[ $cur == -* ]]; then\n"
	       "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n\t\treturn\n\tfi\n"
	       "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	       "\t((files)) && COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
	       "}\n\ncomplete -o filenames -F _ivslint ivslint\n");
}

/* ---- zsh ---------------------------------------------------------------------- */

static void put_zsh_action(struct buf *b, const char *argument)
{
	const struct offered *offer = offered_for(argument);

	buf_printf(b, ":%.*s:", (int)name_length(argument), argument);
	switch (offer->offer) {
	case OFFER_FILES:
		PUT(b, "_files");
		break;
	case OFFER_RULES:
		PUT(b, "_ivslint_rules");
		break;
	case OFFER_FORMATS:
		PUT(b, "_ivslint_formats");
		break;
	case OFFER_WORDS:
		buf_printf(b, "(%s)", offer->words);
		break;
	default:
		PUT(b, " ");
		break;
	}
}

static void put_zsh_option(struct buf *b, const struct opt *o)
{
	const char *joined = o->argument != NULL ? "=" : "";

	PUT(b, " \\\n\t\t\t");
	if (o->letter != 0)
		buf_printf(b, "'*'{-%c%s,--%s%s}'[", o->letter, o->argument != NULL ? "+" : "",
			   o->name, joined);
	else
		buf_printf(b, "'*--%s%s[", o->name, joined);
	put_quoted(b, o->help, "[]:\\");
	PUT(b, "]");
	if (o->argument != NULL)
		put_zsh_action(b, o->argument);
	PUT(b, "'");
}

static void put_zsh_operands(struct buf *b, const struct cmd *cmd)
{
	struct buf words = BUF_INIT(0);

	put_operand_words(&words, cmd);
	if (words.len != 0)
		buf_printf(b, " \\\n\t\t\t'1:operand:(%s)'", words.data);
	else if (first_operand(cmd) == OFFER_RULES)
		PUT(b, " \\\n\t\t\t'1:rule:_ivslint_rules'");
	if (takes_files(cmd))
		PUT(b, " \\\n\t\t\t'*:file:_files'");
	buf_release(&words);
}

static void put_zsh(struct buf *b)
{
	const struct opt *const *t;
	const struct opt *o;
	size_t i;

	PUT(b,
	    "#compdef ivslint\n# Completion of ivslint for zsh; made by: ivslint completion zsh\n"
	    "_ivslint_rules() {\n\tlocal -a ids\n\tids=(${(f)\"$(" RULES ")\"})\n"
	    "\tcompadd -a ids\n}\n\n"
	    "_ivslint_formats() {\n"
	    "\tif [[ $PREFIX == *=* ]]; then\n\t\tcompset -P '*='\n\t\t_files\n\t\treturn\n\tfi\n"
	    "\tcompadd -- ");
	put_formats(b);
	PUT(b,
	    "\n}\n\n_ivslint() {\n\tlocal -a commands\n\tlocal command=$words[2]\n\tcommands=(\n");
	for (i = 0; i < cmd_n; i++) {
		buf_printf(b, "\t\t'%s:", cmd_table[i]->name);
		put_quoted(b, cmd_table[i]->text, ":\\");
		PUT(b, "'\n");
	}
	PUT(b, "\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe -t commands command commands\n"
	       "\t\treturn\n\tfi\n\tshift words\n\t((CURRENT--))\n\tcase $command in\n");
	for (i = 0; i < cmd_n; i++) {
		buf_printf(b, "\t%s)\n\t\t_arguments -s -S", cmd_table[i]->name);
		PUT(b, " \\\n\t\t\t'(- *)'{-h,--help}'[shows the options]'");
		for (t = cmd_table[i]->opts; *t != NULL; t++)
			for (o = *t; o->name != NULL; o++)
				put_zsh_option(b, o);
		put_zsh_operands(b, cmd_table[i]);
		PUT(b, " ;;\n");
	}
	PUT(b, "\tesac\n}\n\n"
	       "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n\t_ivslint \"$@\"\n"
	       "elif (($+functions[compdef])); then\n\tcompdef _ivslint ivslint\nfi\n");
}

/* ---- fish --------------------------------------------------------------------- */

static void put_fish_start(struct buf *b, const struct cmd *cmd)
{
	buf_printf(b, "complete -c ivslint -n '__ivslint_command %s'", cmd->name);
}

static void put_fish_option(struct buf *b, const struct cmd *cmd, const struct opt *o)
{
	const struct offered *offer = offered_for(o->argument);

	put_fish_start(b, cmd);
	if (o->letter != 0)
		buf_printf(b, " -s %c", o->letter);
	buf_printf(b, " -l %s", o->name);
	switch (offer->offer) {
	case OFFER_FILES:
		PUT(b, " -r -F");
		break;
	case OFFER_RULES:
		PUT(b, " -x -a '(__ivslint_rules)'");
		break;
	case OFFER_FORMATS:
		PUT(b, " -r -f -a '");
		put_formats(b);
		PUT(b, "'");
		break;
	case OFFER_WORDS:
		buf_printf(b, " -x -a '%s'", offer->words);
		break;
	default:
		buf_puts(b, o->argument != NULL ? " -x" : "");
		break;
	}
	PUT(b, " -d '");
	put_quoted(b, o->help, "\\");
	PUT(b, "'\n");
}

static void put_fish_command(struct buf *b, const struct cmd *cmd)
{
	const struct opt *const *t;
	const struct opt *o;
	struct buf words = BUF_INIT(0);

	put_fish_start(b, cmd);
	PUT(b, " -s h -l help -d 'shows the options'\n");
	for (t = cmd->opts; *t != NULL; t++)
		for (o = *t; o->name != NULL; o++)
			put_fish_option(b, cmd, o);
	put_operand_words(&words, cmd);
	if (words.len != 0) {
		put_fish_start(b, cmd);
		buf_printf(b, " -a '%s'\n", words.data);
	} else if (first_operand(cmd) == OFFER_RULES) {
		put_fish_start(b, cmd);
		PUT(b, " -a '(__ivslint_rules)'\n");
	}
	if (takes_files(cmd)) {
		put_fish_start(b, cmd);
		PUT(b, " -F\n");
	}
	buf_release(&words);
}

static void put_fish(struct buf *b)
{
	size_t i;

	PUT(b, "# Completion of ivslint for fish; made by: ivslint completion fish\n"
	       "function __ivslint_rules\n\t" RULES "\nend\n\n"
	       "function __ivslint_command\n\tset -l words (commandline -opc)\n"
	       "\ttest (count $words) -ge 2; and test $words[2] = $argv[1]\nend\n\n"
	       "function __ivslint_no_command\n\ttest (count (commandline -opc)) -lt 2\nend\n\n"
	       "complete -c ivslint -f\n");
	for (i = 0; i < cmd_n; i++) {
		buf_printf(b, "complete -c ivslint -n __ivslint_no_command -a %s -d '",
			   cmd_table[i]->name);
		put_quoted(b, cmd_table[i]->text, "\\");
		PUT(b, "'\n");
	}
	for (i = 0; i < cmd_n; i++)
		put_fish_command(b, cmd_table[i]);
}

/* ---- the command -------------------------------------------------------------- */

static int run_completion(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*put)(struct buf *b);
	} shells[] = { { "bash", put_bash }, { "zsh", put_zsh }, { "fish", put_fish } };
	struct buf b = BUF_INIT(0);
	struct settings s;
	int status, n;
	size_t i;

	n = settings_parse(&s, &cmd_completion, argc, argv, &status);
	if (n == -1)
		return status;
	for (i = 0; n == 1 && i < sizeof(shells) / sizeof(*shells); i++) {
		if (strcmp(argv[1], shells[i].name) != 0)
			continue;
		shells[i].put(&b);
		status = cmd_print(&b);
		buf_release(&b);
		return status;
	}
	log_error("completion: bash, zsh or fish? (see ivslint help completion)");
	return STATUS_USAGE;
}

const struct cmd cmd_completion = {
	.name = "completion",
	.operands = "bash|zsh|fish",
	.text = "Prints what makes a shell complete ivslint's commands and options",
	.opts = tables,
	.run = run_completion,
};
