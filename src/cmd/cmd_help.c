/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint help: the commands, or the options of one.
 */
#include "base/log.h"
#include "base/text.h"
#include "cmd/cmd.h"

static const struct opt *const tables[] = { NULL };

static void put_commands(struct buf *b)
{
	size_t i;

	buf_puts(b, "Usage: ivslint COMMAND [OPTION...] [OPERAND...]\n\n"
		    "Audits Amazon IVS recording configurations against a policy.\n\nCommands:\n");
	for (i = 0; i < cmd_n; i++)
		buf_printf(b, "  %-10s %s\n", cmd_table[i]->name, cmd_table[i]->text);
	buf_puts(b,
		 "\nExit status: 0 audited and clean, 1 findings, 2 wrong command line or policy,\n"
		 "3 the audit is incomplete.\n\n"
		 "`ivslint help COMMAND` shows a command's options; ivslint(1) and "
		 "ivslint-rules(5) the rest.\n");
}

static int run_help(int argc, char **argv)
{
	const struct cmd *cmd;
	struct buf b = BUF_INIT(0);
	struct settings s;
	int status, n;

	n = settings_parse(&s, &cmd_help, argc, argv, &status);
	if (n == -1)
		return status;
	if (n == 0) {
		put_commands(&b);
	} else {
		cmd = cmd_find(argv[1]);
		if (cmd == NULL) {
			log_error("help: there is no command '%s'", argv[1]);
			return STATUS_USAGE;
		}
		cmd_usage(cmd, &b);
	}
	status = cmd_print(&b);
	buf_release(&b);
	return status;
}

const struct cmd cmd_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.text = "Lists the commands, or the options of one",
	.opts = tables,
	.run = run_help,
};
