/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint version: what this is, and what protects it here.
 */
#include "base/sandbox.h"
#include "cmd/cmd.h"

static const struct opt *const tables[] = { NULL };

static int run_version(int argc, char **argv)
{
	struct buf b = BUF_INIT(0);
	struct settings s;
	size_t i;
	int status;

	if (settings_parse(&s, &cmd_version, argc, argv, &status) == -1)
		return status;
	/* to be able to say that it works */
	sandbox_no_network();
	buf_printf(&b, "ivslint %s\npacks:", IVSLINT_VERSION);
	for (i = 0; i < pack_n; i++)
		buf_printf(&b, "%s ivslint:%s", i != 0 ? "," : "", pack_table[i].name);
	buf_printf(&b, "\nsandbox: %s\n", sandbox_describe());
	status = cmd_print(&b);
	buf_release(&b);
	return status;
}

const struct cmd cmd_version = {
	.name = "version",
	.operands = "",
	.text = "Prints the version, the packs built in, and the sandbox in force",
	.opts = tables,
	.run = run_version,
};
