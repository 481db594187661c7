/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint check: audits files, folders and standard input.
 */
#include "base/log.h"
#include "base/sandbox.h"
#include "cmd/audit_report.h"
#include "cmd/cmd.h"

static const struct opt *const tables[] = {
	cmd_policy_opts, cmd_baseline_opts, cmd_report_opts,  cmd_audit_opts,
	cmd_stack_opts,  cmd_progress_opts, cmd_chatter_opts, NULL,
};

static int run_check(int argc, char **argv)
{
	static const char *const here[] = { "." };
	struct ground ground;
	struct settings s;
	int status, n;

	n = settings_parse(&s, &cmd_check, argc, argv, &status);
	if (n == -1)
		return status;
	if (s.prune && s.baseline == NULL) {
		log_error("check: --prune is for --baseline");
		return STATUS_USAGE;
	}
	if (settings_ground(&s, true, &ground) != STATUS_PASS)
		return STATUS_USAGE;
	/* from here on there is no way to anybody else's machine */
	sandbox_no_network();
	status = audit_paths(&s, ground.policy, ground.baseline,
			     n == 0 ? here : (const char *const *)argv + 1, n == 0 ? 1 : (size_t)n);
	settings_given_free(&s, status != STATUS_USAGE);
	settings_ground_free(&ground);
	return status;
}

const struct cmd cmd_check = {
	.name = "check",
	.operands = "[PATH...]",
	.text = "Audits saved recording configurations: files, folders, or -",
	.opts = tables,
	.run = run_check,
};
