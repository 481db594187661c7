/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint check: audits files, folders and standard input.
 */
#include <signal.h>
#include <stdio.h>

#include "base/log.h"
#include "base/sandbox.h"
#include "cmd/audit.h"
#include "cmd/cmd.h"

static const struct opt *const tables[] = {
	cmd_policy_opts, cmd_report_opts, cmd_audit_opts, cmd_chatter_opts, NULL,
};

/* Ends as the signal would have ended us, now that nothing half-written is left. */
static int end_by_signal(void)
{
	int number = audit_signal();

	log_error("interrupted: nothing is reported as audited, and no report file was written");
	signal(number, SIG_DFL);
	raise(number);
	return 128 + number;
}

static int audit(const struct settings *s, struct policy *policy, const char *const *paths,
		 size_t n)
{
	const struct run run = {
		.policy = policy,
		.version = IVSLINT_VERSION,
		.as_of = s->as_of,
		.started = s->now,
		.fail_on = s->fail_on_set ? s->fail_on : policy->fail_on,
	};
	const struct audit_options options = {
		.paths = paths,
		.n_paths = n,
		.workers = s->workers,
		.allow_empty = s->allow_empty,
		.fail_on_undecided = s->fail_on_undecided,
		.fail_on = run.fail_on,
		.engine = { .all = reports_want_all(s->reports, s->n_reports, &s->report),
			    .as_of = s->as_of },
	};
	struct arena arena = ARENA_INIT;
	struct reports *reports;
	struct summary summary;
	struct err err;
	int status;

	audit_catch_signals();
	reports = reports_open(s->reports, s->n_reports, &run, &s->report, &err);
	if (reports == NULL) {
		log_error("%s", err.text);
		return err.kind == ERR_USAGE ? STATUS_USAGE : STATUS_INCOMPLETE;
	}
	audit_run(policy, &options, reports, &arena, &summary);
	if (summary.interrupted) {
		reports_abandon(reports);
		status = end_by_signal();
	} else if (reports_close(reports, &summary, &err) == -1) {
		log_error("%s", err.text);
		status = STATUS_INCOMPLETE;
	} else {
		status = summary.status;
	}
	arena_release(&arena);
	return status;
}

static int run_check(int argc, char **argv)
{
	static const char *const here[] = { "." };
	struct settings s;
	struct policy *policy;
	int status, n;

	n = settings_parse(&s, &cmd_check, argc, argv, &status);
	if (n == -1)
		return status;
	policy = settings_policy(&s);
	if (policy == NULL)
		return STATUS_USAGE;
	/* from here on there is no way to anybody else's machine */
	sandbox_no_network();
	if (n == 0)
		status = audit(&s, policy, here, 1);
	else
		status = audit(&s, policy, (const char *const *)argv + 1, (size_t)n);
	policy_free(policy);
	return status;
}

const struct cmd cmd_check = {
	.name = "check",
	.operands = "[PATH...]",
	.text = "Audits saved recording configurations in files, folders and standard input (-)",
	.opts = tables,
	.run = run_check,
};
