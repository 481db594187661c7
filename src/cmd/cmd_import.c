/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint import: rules from what another system enforces.
 */
#include <stdio.h>

#include "base/limit.h"
#include "base/log.h"
#include "cmd/outputs.h"
#include "rule/tag_policy.h"

static const struct opt *const tables[] = { cmd_output_opts, cmd_chatter_opts, NULL };

/* What could not be expressed, a line each. */
static void tell_left(const struct buf *left)
{
	const char *line = left->data, *end;

	for (; line != NULL && *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		log_warning("not expressed: %.*s", (int)(end - line), line);
	}
}

static int import(const struct settings *s, const char *path)
{
	struct buf text = BUF_INIT(LIMIT_POLICY_SIZE), out = BUF_INIT(0), left = BUF_INIT(0);
	struct err err;
	int status;

	if (file_read(&text, path, &err) == -1) {
		log_error("%s", err.text);
		status = STATUS_INCOMPLETE;
	} else if (tag_policy_import(buf_str(&text), path, &out, &left, &err) == -1) {
		tell_left(&left);
		log_error("%s", err.text);
		status = STATUS_INCOMPLETE;
	} else {
		tell_left(&left);
		status = cmd_write(&out, s->output != NULL ? s->output : "-");
	}
	buf_release(&text);
	buf_release(&out);
	buf_release(&left);
	return status;
}

static int run_import(int argc, char **argv)
{
	struct settings s;
	struct inputs in;
	int status, n;

	n = settings_parse(&s, &cmd_import, argc, argv, &status);
	if (n == -1)
		return status;
	if (n != 2 || strcmp(argv[1], "tag-policy") != 0) {
		log_error("import: name what to import: import tag-policy FILE");
		return STATUS_USAGE;
	}
	in = (struct inputs){ &s, NULL, (const char *const *)argv + 2, 1 };
	if (s.output != NULL && outputs_check(&in, "the rules", s.output) == -1)
		return STATUS_USAGE;
	return import(&s, argv[2]);
}

const struct cmd cmd_import = {
	.name = "import",
	.operands = "tag-policy FILE",
	.text = "Makes rules from a tag policy of AWS Organizations",
	.opts = tables,
	.run = run_import,
};
