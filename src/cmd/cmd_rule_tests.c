/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint test: runs the tests that the rules of policies carry.
 */
#include "base/log.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "rule/rule_test_run.h"

static const struct opt *const tables[] = { cmd_policy_opts, cmd_chatter_opts, NULL };

struct counts {
	struct buf *out;
	size_t passed, failed;
};

static void take_result(void *to, const struct rule_test_result *r)
{
	struct counts *c = to;
	struct place place = source_place(r->source, r->place);

	if (r->passed)
		c->passed++;
	else
		c->failed++;
	if (r->passed && log_level_now() < LOG_VERBOSE)
		return;
	text_put_visible(c->out, str_of(r->source->name));
	buf_printf(c->out, ":%u: %s: ", place.line, r->passed ? "ok" : "FAILED");
	text_put_visible(c->out, r->rule->id);
	if (r->name.len != 0) {
		buf_puts(c->out, ": ");
		text_put_visible(c->out, r->name);
	}
	if (!r->passed) {
		buf_puts(c->out, ": ");
		text_put_visible(c->out, r->said);
	}
	buf_putc(c->out, '\n');
}

static int test_policy(struct policy *policy, struct counts *c)
{
	if (policy == NULL)
		return STATUS_USAGE;
	rule_tests_run(policy, take_result, c);
	policy_free(policy);
	return STATUS_PASS;
}

static int run_test(int argc, char **argv)
{
	struct buf b = BUF_INIT(0);
	struct counts counts = { .out = &b };
	int status, worst = STATUS_PASS, n, i;
	struct settings s;

	n = settings_parse(&s, &cmd_test, argc, argv, &status);
	if (n == -1)
		return status;
	if (n == 0)
		worst = test_policy(settings_policy(&s), &counts);
	for (i = 1; i <= n; i++) {
		status = test_policy(settings_policy_named(&s, argv[i]), &counts);
		if (status > worst)
			worst = status;
	}
	buf_printf(&b, "rules: %zu passed, %zu failed\n", counts.passed, counts.failed);
	if (worst == STATUS_PASS && counts.failed != 0)
		worst = STATUS_FINDINGS;
	/* a run without a test has shown nothing */
	if (worst == STATUS_PASS && counts.passed == 0)
		worst = STATUS_INCOMPLETE;
	/* a policy that did not load has been told of, and was not tested */
	status = worst != STATUS_USAGE || counts.passed + counts.failed != 0 ? cmd_print(&b)
									     : STATUS_PASS;
	buf_release(&b);
	return status > worst ? status : worst;
}

const struct cmd cmd_test = {
	.name = "test",
	.operands = "[POLICY...]",
	.text = "Runs the tests that rules carry; a rule without one fails",
	.opts = tables,
	.run = run_test,
};
