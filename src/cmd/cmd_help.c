/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint help: the commands and topics, or one of them.
 */
#include "base/log.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/help_topic.h"

static const struct opt *const tables[] = { NULL };

static void put_commands(struct buf *b)
{
	const char *topic;
	size_t i;

	buf_puts(b, "Usage: ivslint COMMAND [OPTION...] [OPERAND...]\n\nCommands:\n");
	for (i = 0; i < cmd_n; i++)
		buf_printf(b, "  %-10s %s\n", cmd_table[i]->name, cmd_table[i]->text);
	buf_puts(b, "\nTopics:");
	for (i = 0; (topic = help_topic(i)) != NULL; i++)
		buf_printf(b, "%s %s", i == 0 ? "" : ",", topic);
	buf_puts(b, ".\n`ivslint help COMMAND|TOPIC` explains one; ivslint(1) the rest.\n");
}

static int put_one(struct buf *b, const char *name)
{
	const struct cmd *cmd = cmd_find(name);
	const char *names[64], *nearest;
	struct buf topic = BUF_INIT(0);
	size_t n = 0, i;

	/* fields is both: what the command takes, and below it what fields are */
	if (cmd != NULL)
		cmd_usage(cmd, b);
	if (help_topic_put(&topic, name)) {
		buf_puts(b, cmd != NULL ? "\n" : "");
		buf_put(b, topic.data, topic.len);
	}
	buf_release(&topic);
	if (b->len != 0)
		return 0;
	for (i = 0; i < cmd_n && n < 32; i++)
		names[n++] = cmd_table[i]->name;
	for (i = 0; help_topic(i) != NULL && n < 64; i++)
		names[n++] = help_topic(i);
	nearest = text_nearest(str_of(name), names, n);
	log_error("help: there is no command or topic '%s'%s%s%s", name,
		  nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
		  nearest != NULL ? "'?" : "");
	return -1;
}

static int run_help(int argc, char **argv)
{
	struct buf b = BUF_INIT(0);
	struct settings s;
	int status, n;

	n = settings_parse(&s, &cmd_help, argc, argv, &status);
	if (n == -1)
		return status;
	if (n > 1) {
		log_error("help: name one command or topic (ivslint help lists them)");
		return STATUS_USAGE;
	}
	if (n == 0)
		put_commands(&b);
	else if (put_one(&b, argv[1]) == -1)
		return STATUS_USAGE;
	status = cmd_print(&b);
	buf_release(&b);
	return status;
}

const struct cmd cmd_help = {
	.name = "help",
	.operands = "[COMMAND|TOPIC]",
	.text = "Lists the commands and topics, or explains one",
	.opts = tables,
	.run = run_help,
};
