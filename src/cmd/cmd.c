/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands share: their table, their usage, and printing. Options are
 * opts.c's, what they come to settings.c's.
 */
#include "cmd/cmd.h"

#include <string.h>

#include "base/log.h"
#include "rule/baseline.h"

const struct cmd *const cmd_table[] = {
#define CMD(name) &cmd_##name,
#include "cmd/cmd_list.h"
#undef CMD
};

const size_t cmd_n = sizeof(cmd_table) / sizeof(*cmd_table);

const struct cmd *cmd_find(const char *name)
{
	size_t i;

	for (i = 0; i < cmd_n; i++)
		if (strcmp(cmd_table[i]->name, name) == 0)
			return cmd_table[i];
	return NULL;
}

/* From the table, so that no format is forgotten here. */
static void put_formats(struct buf *b)
{
	size_t i;

	buf_puts(b, "\nFormats:\n");
	for (i = 0; i < report_n; i++)
		buf_printf(b, "  %-9s %s\n", report_table[i]->name, report_table[i]->text);
}

void cmd_usage(const struct cmd *cmd, struct buf *b)
{
	const struct opt *const *tables;

	buf_printf(b, "Usage: ivslint %s%s%s%s\n\n%s.\n\nOptions:\n", cmd->name,
		   cmd->opts[0] != NULL ? " [OPTION...]" : "", *cmd->operands != '\0' ? " " : "",
		   cmd->operands, cmd->text);
	opt_usage(cmd->opts, b);
	for (tables = cmd->opts; *tables != NULL; tables++)
		if (*tables == cmd_report_opts)
			put_formats(b);
}

/* A screen of 24 lines and 80 columns. */
void cmd_brief(const struct cmd *cmd, struct buf *b)
{
	buf_printf(b, "Usage: ivslint %s%s%s%s\n\n%s.\n", cmd->name,
		   cmd->opts[0] != NULL ? " [OPTION...]" : "", *cmd->operands != '\0' ? " " : "",
		   cmd->operands, cmd->text);
	if (cmd->opts[0] == NULL)
		return;
	buf_putc(b, '\n');
	opt_usage_brief(cmd->opts, b);
	buf_printf(b, "\n`ivslint help %s` explains each option, `ivslint help` lists topics.\n",
		   cmd->name);
}

int cmd_write(const struct buf *b, const char *path)
{
	struct file_out *out;
	struct err err;

	out = file_out_open(path, &err);
	if (out == NULL) {
		log_error("%s", err.text);
		return STATUS_INCOMPLETE;
	}
	file_out_put(out, buf_str(b));
	if (file_out_commit(out, &err) == -1) {
		log_error("%s", err.text);
		return STATUS_INCOMPLETE;
	}
	return STATUS_PASS;
}

int cmd_print(const struct buf *b)
{
	return cmd_write(b, "-");
}

void cmd_tell_problem(void *to, const struct problem *p)
{
	(void)to;
	if (!problem_counts(p->kind))
		log_note("%s:%u:%u: %s", p->file, p->line, p->column, p->text);
	else if (p->line != 0)
		log_error("%s:%u:%u: %s", p->file, p->line, p->column, p->text);
	else
		log_error("%s: %s", p->file, p->text);
}

void cmd_tell_notes(const struct reports *reports)
{
	struct buf notes = BUF_INIT(0);
	char *line, *end;

	reports_notes(reports, &notes);
	for (line = notes.data; notes.len != 0 && *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		log_warning("%s", line);
	}
	buf_release(&notes);
}

int cmd_write_baseline(struct baseline *b, const char *path)
{
	struct buf text = BUF_INIT(0);
	int status;

	baseline_put(b, &text);
	status = cmd_write(&text, path);
	buf_release(&text);
	return status;
}
