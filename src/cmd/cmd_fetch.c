/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint fetch: becomes ivslint-fetch, which holds the network and the
 * credentials. Nothing of it is in this program.
 */
#include "ask/ask.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/fetcher.h"

static const struct opt *const tables[] = { ask_opts, ask_role_opts, ask_fetch_opts, NULL };

static int run_fetch(int argc, char **argv)
{
	struct arena arena = ARENA_INIT;
	const char *path;
	struct err err;

	(void)argc;
	path = fetcher_path(&arena, &err);
	if (path != NULL)
		fetcher_become(path, (const char *const *)argv + 1, &err);
	log_error("fetch: %s", err.text);
	arena_release(&arena);
	return STATUS_INCOMPLETE;
}

const struct cmd cmd_fetch = {
	.name = "fetch",
	.operands = "",
	.text = "Reads live recording configurations from AWS, for check to audit",
	.opts = tables,
	.run = run_fetch,
};
