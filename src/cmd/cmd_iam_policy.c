/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint iam-policy: the least that a scan under the policy in force must be
 * allowed, made from the calls that its rules need; where roles are named, what
 * whoever assumes them must be allowed.
 */
#include "ask/ask.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "cmd/needs.h"

/* IVS is in no other partition. */
#define PARTITION "aws"

#define MANAGED_POLICY 6144 /* characters, but for blanks, of a managed policy */

static const struct opt *const tables[] = { cmd_policy_opts, ask_role_opts, NULL };

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

/* Of whoever scans by roles: the calls of IVS are the roles' own. */
static void put_roles(struct buf *b, const char *const *roles, size_t n)
{
	size_t i;

	buf_puts(b, "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n"
		    "      \"Sid\": \"IvslintAssumeRole\",\n"
		    "      \"Effect\": \"Allow\",\n"
		    "      \"Action\": \"sts:AssumeRole\",\n"
		    "      \"Resource\": [");
	for (i = 0; i < n; i++)
		buf_printf(b, "%s\n        \"%s\"", i == 0 ? "" : ",", roles[i]);
	buf_puts(b, "\n      ]\n    }\n  ]\n}\n");
}

/* A role's ARN holds no quote and no backslash. */
static int print_roles(const struct ask *ask)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT(0);
	const char **roles;
	size_t n, i, size = 0;
	struct err err;
	int status = STATUS_USAGE;

	if (ask_check(ask, &err) == -1 ||
	    ask_roles(ask, PARTITION, &arena, &roles, &n, &err) == -1) {
		log_error("iam-policy: %s (see ivslint help iam-policy)", err.text);
	} else {
		put_roles(&b, roles, n);
		for (i = 0; i < b.len; i++)
			size += b.data[i] != ' ' && b.data[i] != '\n';
		if (size > MANAGED_POLICY)
			log_warning("it has %zu characters, and a managed policy holds %d: name "
				    "fewer roles at one time",
				    size, MANAGED_POLICY);
		status = cmd_print(&b);
	}
	buf_release(&b);
	arena_release(&arena);
	return status;
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
	if (s.ask.roles != NULL || s.ask.accounts != NULL || s.ask.role_name != NULL) {
		status = print_roles(&s.ask);
	} else {
		put_policy(&b, policy);
		status = cmd_print(&b);
	}
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
