/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint baseline: writes the findings that there are, to be accepted.
 */
#include "rule/baseline.h"

#include <stdio.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "cmd/audit.h"
#include "cmd/outputs.h"

static const struct opt *const tables[] = {
	cmd_policy_opts, cmd_output_opts, cmd_stack_opts, cmd_chatter_opts, NULL,
};

static void take_judgement(void *to, const struct judgement *j)
{
	size_t i;

	for (i = 0; i < j->n_findings; i++)
		baseline_add(to, &j->subject, &j->findings[i]);
}

static void tell_written(const struct baseline *b, const struct tally *t)
{
	uint64_t channels = tally_resources(t, KIND_CHANNEL), rest = t->resources - channels;
	char others[48] = "";

	if (channels != 0)
		snprintf(others, sizeof(others), " and %llu channel%s",
			 (unsigned long long)channels, channels == 1 ? "" : "s");
	log_note("%zu finding%s of %llu recording configuration%s%s %s in the baseline",
		 baseline_n(b), baseline_n(b) == 1 ? "" : "s", (unsigned long long)rest,
		 rest == 1 ? "" : "s", others, baseline_n(b) == 1 ? "is" : "are");
}

static int write_baseline(const struct settings *s, struct policy *policy, const char *const *paths,
			  size_t n)
{
	struct baseline *b = baseline_new(s->output);
	const struct audit_taker taker = { b, take_judgement, cmd_tell_problem };
	const struct audit_options options = {
		.paths = paths,
		.n_paths = n,
		.workers = s->workers,
		.given = s->given,
		.allow_unseen = s->allow_unseen,
		.engine = { .as_of = s->as_of, .values = true },
		.taker = &taker,
	};
	struct arena arena = ARENA_INIT;
	struct summary summary;
	int status;

	interrupt_catch();
	audit_run(policy, &options, NULL, &arena, &summary);
	if (summary.interrupted) {
		status = interrupt_end("no baseline was written");
	} else if (!summary.complete || summary.empty) {
		log_error("the audit is incomplete: no baseline was written");
		status = STATUS_INCOMPLETE;
	} else {
		status = cmd_write_baseline(b, s->output != NULL ? s->output : "-");
		if (status == STATUS_PASS)
			tell_written(b, summary.tally);
	}
	arena_release(&arena);
	baseline_free(b);
	return status;
}

static int run_baseline(int argc, char **argv)
{
	static const char *const here[] = { "." };
	struct ground ground;
	struct settings s;
	struct inputs in;
	int status, n;

	n = settings_parse(&s, &cmd_baseline, argc, argv, &status);
	if (n == -1)
		return status;
	if (settings_ground(&s, true, &ground) != STATUS_PASS)
		return STATUS_USAGE;
	sandbox_no_network();
	in = (struct inputs){ &s, ground.policy, n == 0 ? here : (const char *const *)argv + 1,
			      n == 0 ? 1 : (size_t)n };
	if (s.output != NULL && outputs_check(&in, "the baseline", s.output) == -1)
		status = STATUS_USAGE;
	else
		status = write_baseline(&s, ground.policy, in.paths, in.n);
	settings_given_free(&s, true);
	settings_ground_free(&ground);
	return status;
}

const struct cmd cmd_baseline = {
	.name = "baseline",
	.operands = "[PATH...]",
	.text = "Writes the findings that there are, for check --baseline to accept",
	.opts = tables,
	.run = run_baseline,
};
