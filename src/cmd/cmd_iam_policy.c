/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint iam-policy: the least that a scan under the policy in force must be
 * allowed, made from the calls that its rules need.
 */
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "cmd/needs.h"

static const struct opt *const tables[] = { cmd_policy_opts, NULL };

static void put_policy(struct buf *b, bool get)
{
	/* a list is not of one resource; a configuration is */
	buf_puts(b, "{\n"
		    "  \"Version\": \"2012-10-17\",\n"
		    "  \"Statement\": [\n"
		    "    {\n"
		    "      \"Sid\": \"IvslintList\",\n"
		    "      \"Effect\": \"Allow\",\n"
		    "      \"Action\": \"ivs:ListRecordingConfigurations\",\n"
		    "      \"Resource\": \"*\"\n"
		    "    }");
	if (get)
		buf_puts(b, ",\n"
			    "    {\n"
			    "      \"Sid\": \"IvslintGet\",\n"
			    "      \"Effect\": \"Allow\",\n"
			    "      \"Action\": \"ivs:GetRecordingConfiguration\",\n"
			    "      \"Resource\": \"arn:aws:ivs:*:*:recording-configuration/*\"\n"
			    "    }");
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
	put_policy(&b, needs_get(policy));
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
