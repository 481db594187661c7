/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint schema: the JSON Schemas of a policy file and of the JSON report.
 */
#include <stdlib.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "report/report_schema.h"
#include "rule/policy_schema.h"

static const struct opt *const tables[] = { NULL };

static void put_policy(struct buf *b)
{
	const char **names = mem_alloc((pack_n + 1) * sizeof(*names));
	size_t i;

	for (i = 0; i < pack_n; i++)
		names[i] = pack_table[i].name;
	policy_schema_put(b, names, pack_n);
	free(names);
}

static int run_schema(int argc, char **argv)
{
	struct buf b = BUF_INIT(0);
	struct settings s;
	int status, n;

	n = settings_parse(&s, &cmd_schema, argc, argv, &status);
	if (n == -1)
		return status;
	if (n == 1 && strcmp(argv[1], "policy") == 0) {
		put_policy(&b);
	} else if (n == 1 && strcmp(argv[1], "report") == 0) {
		buf_put(&b, report_schema, report_schema_size);
	} else {
		log_error("schema: name one of policy and report");
		return STATUS_USAGE;
	}
	status = cmd_print(&b);
	buf_release(&b);
	return status;
}

const struct cmd cmd_schema = {
	.name = "schema",
	.operands = "policy|report",
	.text = "Prints the JSON Schema of a policy file, or of the JSON report",
	.opts = tables,
	.run = run_schema,
};
