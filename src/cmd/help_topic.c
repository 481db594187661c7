/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Topics of help. Knows what fits on a screen of 24 lines and 80 columns; the
 * manual has the rest.
 */
#include "cmd/help_topic.h"

#include <stdio.h>
#include <string.h>

#include "report/report.h"
#include "rule/op.h"
#include "rule/policy.h"

#define COLUMNS 80

/* Names one behind the other, wrapped. */
struct names_line {
	struct buf *b;
	size_t column;
};

static void add_name(struct names_line *l, const char *name)
{
	size_t len = strlen(name);

	if (l->column == 0 || l->column + 1 + len > COLUMNS) {
		buf_puts(l->b, l->column == 0 ? "  " : "\n  ");
		l->column = 2;
	} else {
		buf_putc(l->b, ' ');
		l->column++;
	}
	buf_puts(l->b, name);
	l->column += len;
}

static void put_formats(struct buf *b)
{
	size_t i;

	PUT(b, "Formats of reports, for -f FORMAT or -f FORMAT=FILE:\n\n");
	for (i = 0; i < report_n; i++)
		buf_printf(b, "  %-9s %s\n", report_table[i]->name, report_table[i]->text);
	PUT(b, "  auto      text, and what a known CI system shows beside the code\n\n"
	       "Several may be written in one run. A file is written whole or not at all.\n"
	       "`ivslint report` makes any of them of json reports written before.\n");
}

static void put_status(struct buf *b)
{
	PUT(b, "Exit status:\n\n"
	       "  0  everything was audited, and no finding is at or above the threshold\n"
	       "  1  everything was audited, and there are findings at or above it\n"
	       "  2  the command line or the policy is wrong; nothing was audited\n"
	       "  3  the audit is incomplete: the report says what is missing\n\n"
	       "The threshold is --fail-on, else the policy's fail_on, else low. 3 outranks 1:\n"
	       "nothing passes that was not checked.\n");
}

static void put_inputs(struct buf *b)
{
	PUT(b, "What `ivslint check` reads; each is told by its content, not by its name:\n\n"
	       "  output of aws ivs get-, create- and list-recording-configuration(s)\n"
	       "  recording configurations alone, in arrays, or one a line (NDJSON)\n"
	       "  what `ivslint fetch` writes\n"
	       "  CloudFormation, SAM and CDK templates, in YAML and JSON\n"
	       "  plans and states of terraform show -json\n"
	       "  where a rule says kind: channel, the channels of all these, and the output of\n"
	       "  aws ivs get-, create-, batch-get- and list-channel(s)\n\n"
	       "Files, folders, and - for standard input. What a list or a template does not\n"
	       "say is unknown, and rules that need it are undecided: never a pass.\n");
}

static void put_policies(struct buf *b)
{
	struct names_line l = { b, 0 };
	char name[80];
	size_t i;

	PUT(b, "The policy is -p FILE, else the nearest .ivslint.yaml here or above, else\n"
	       "ivslint:recommended. Shipped packs, which a policy may extend:\n\n");
	for (i = 0; i < pack_n; i++) {
		snprintf(name, sizeof(name), "ivslint:%s", pack_table[i].name);
		add_name(&l, name);
	}
	PUT(b, "\n\nivslint init          writes a policy to begin with\n"
	       "ivslint rules         lists the rules in force\n"
	       "ivslint explain RULE  says why a rule is there and what it requires\n"
	       "ivslint test          runs the tests that rules carry\n"
	       "ivslint diff OLD NEW  says which verdicts a change flips\n\n"
	       "The language is in ivslint-rules(5).\n");
}

static void put_fields(struct buf *b)
{
	PUT(b, "Fields are paths, as the API names them:\n\n"
	       "  thumbnailConfiguration.targetIntervalSeconds\n"
	       "  tags.Owner\n"
	       "  tags['aws:cloudformation:stack-name']   a key with other signs in it\n"
	       "  channels[*].type                        a list: of every channel\n\n"
	       "`ivslint fields` lists them with type, values and default;\n"
	       "ivslint-rules(5) says where each comes from.\n");
}

static void put_operators(struct buf *b)
{
	struct names_line l = { b, 0 };
	size_t i;

	PUT(b, "Operators, as in `tags: {has_keys: [Owner]}`:\n\n");
	for (i = 0; i < N_OPS; i++)
		add_name(&l, op_table[i].name);
	PUT(b, "\n\nConditions are put together with all, any and not. ivslint-rules(5) has each\n"
	       "operator with an example.\n");
}

static const struct {
	const char *name;
	void (*put)(struct buf *b);
} topics[] = {
	{ "exit-status", put_status }, { "fields", put_fields },       { "formats", put_formats },
	{ "inputs", put_inputs },      { "operators", put_operators }, { "policies", put_policies },
};

const char *help_topic(size_t i)
{
	return i < sizeof(topics) / sizeof(*topics) ? topics[i].name : NULL;
}

bool help_topic_put(struct buf *b, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(topics) / sizeof(*topics); i++) {
		if (strcmp(topics[i].name, name) != 0)
			continue;
		topics[i].put(b);
		return true;
	}
	return false;
}
