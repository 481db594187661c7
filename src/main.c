/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lookup and exit status; nothing else.
 */
#include <string.h>

#include "base/file.h"
#include "base/file.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "cmd/cmd.h"

static int unknown_command(const char *name)
{
	const char *names[32], *nearest;
	size_t i;

	for (i = 0; i < cmd_n && i < sizeof(names) / sizeof(*names); i++)
		names[i] = cmd_table[i]->name;
	nearest = text_nearest(str_of(name), names, i);
	log_error("unknown command '%s'%s%s%s (see ivslint help)", name,
		  nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
		  nearest != NULL ? "'?" : "");
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	const struct cmd *cmd;
	const char *name;

	file_standard_hold();
	sandbox_start();
	if (argc < 2) {
		log_error("no command (see ivslint help)");
		return STATUS_USAGE;
	}
	name = argv[1];
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		name = "version";
	else if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	cmd = cmd_find(name);
	return cmd != NULL ? cmd->run(argc - 1, argv + 1) : unknown_command(name);
}
