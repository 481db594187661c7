/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint check: audits files, folders and standard input.
 */
#include "base/log.h"
#include "base/sandbox.h"
#include "cmd/audit_report.h"
#include "cmd/cmd.h"
#include "rule/baseline.h"

static const struct opt *const tables[] = {
	cmd_policy_opts,
	cmd_baseline_opts,
	cmd_report_opts,
	cmd_audit_opts,
	cmd_stack_opts,
	cmd_progress_opts,
	cmd_chatter_opts,
	NULL,
};

static int run_check(int argc, char **argv)
{
	static const char *const here[] = { "." };
	struct baseline *baseline = NULL;
	struct settings s;
	struct policy *policy;
	struct err err;
	int status, n;

	n = settings_parse(&s, &cmd_check, argc, argv, &status);
	if (n == -1)
		return status;
	if (s.prune && s.baseline == NULL) {
		log_error("check: --prune is for --baseline");
		return STATUS_USAGE;
	}
	policy = settings_policy(&s);
	if (policy == NULL)
		return STATUS_USAGE;
	if (s.baseline != NULL && (baseline = baseline_read(s.baseline, &err)) == NULL) {
		log_error("%s", err.text);
		policy_free(policy);
		return STATUS_USAGE;
	}
	if (settings_given(&s) != STATUS_PASS) {
		baseline_free(baseline);
		policy_free(policy);
		return STATUS_USAGE;
	}
	/* from here on there is no way to anybody else's machine */
	sandbox_no_network();
	if (n == 0)
		status = audit_paths(&s, policy, baseline, here, 1);
	else
		status = audit_paths(&s, policy, baseline, (const char *const *)argv + 1,
				     (size_t)n);
	settings_given_free(&s, status != STATUS_USAGE);
	baseline_free(baseline);
	policy_free(policy);
	return status;
}

const struct cmd cmd_check = {
	.name = "check",
	.operands = "[PATH...]",
	.text = "Audits saved recording configurations: files, folders, or -",
	.opts = tables,
	.run = run_check,
};
