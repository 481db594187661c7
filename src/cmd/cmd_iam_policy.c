/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint iam-policy: the least that a scan under the policy in force must be
 * allowed, made from the calls that its rules need.
 */
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "cmd/needs.h"

static const struct opt *const tables[] = { cmd_policy_opts, NULL };

static const struct {
	const char *operation;
	const char *(*needs)(const struct policy *policy);
} calls[] = {
#define CALL(id, operation, tps) { operation, needs_##id },
#include "ask/call_list.h"
#undef CALL
};

static void put_policy(struct buf *b, const struct policy *policy)
{
	const char *resource, *comma = "";
	size_t i;

	buf_puts(b, "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [");
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		resource = calls[i].needs(policy);
		if (resource == NULL)
			continue;
		buf_printf(b,
			   "%s\n    {\n"
			   "      \"Sid\": \"Ivslint%s\",\n"
			   "      \"Effect\": \"Allow\",\n"
			   "      \"Action\": \"ivs:%s\",\n"
			   "      \"Resource\": \"%s\"\n"
			   "    }",
			   comma, calls[i].operation, calls[i].operation, resource);
		comma = ",";
	}
	buf_puts(b, "\n  ]\n}\n");
}

static int run_iam_policy(int argc, char **argv)
{
	struct buf b = BUF_INIT(0);
	struct settings s;
	struct policy *policy;
	int status, n;

	n = settings_parse(&s, &cmd_iam_policy, argc, argv, &status);
	if (n == -1)
		return status;
	policy = settings_policy(&s);
	if (policy == NULL)
		return STATUS_USAGE;
	sandbox_no_network();
	put_policy(&b, policy);
	status = cmd_print(&b);
	buf_release(&b);
	policy_free(policy);
	return status;
}

const struct cmd cmd_iam_policy = {
	.name = "iam-policy",
	.operands = "",
	.text = "Prints the least IAM policy that a scan under the policy needs",
	.opts = tables,
	.run = run_iam_policy,
};
