/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ASFF: what all findings have, and texts that the import takes: never blank, and
 * none too long.
 */
#include "base/text.h"
#include "report/asff_inside.h"

void asff_put_text(struct asff *a, struct buf *b, const char *name, struct str s,
		   struct str instead, size_t most)
{
	buf_puts(b, name);
	json_text_put(&a->text, b, text_is_blank(s) ? instead : s, most);
}

void asff_put_some(struct asff *a, struct buf *b, const char *name, struct str s, size_t most)
{
	if (!text_is_blank(s))
		asff_put_text(a, b, name, s, s, most);
}

void asff_put_some_shown(struct asff *a, struct buf *b, const char *name, size_t most)
{
	asff_put_some(a, b, name, buf_str(&a->text.shown), most);
	buf_clear(&a->text.shown);
}

static const char *label_of(enum severity severity)
{
	static const char *const labels[N_SEVERITIES] = { "INFORMATIONAL", "LOW", "MEDIUM", "HIGH",
							  "CRITICAL" };

	return labels[severity];
}

/* Up to what it is about. */
void asff_put_start(struct buf *b, const struct run *run, const struct asff_scope *scope,
		    const char *hex)
{
	buf_clear(b);
	/* The scope, for what puts batches together; all of it is plain. */
	buf_printf(b, "%.*s %.*s\n", STR_ARG(scope->account), STR_ARG(scope->region));
	buf_printf(b, "{\"SchemaVersion\":\"2018-10-08\",\"Id\":\"%.*s/%.*s/ivslint/%s\"",
		   STR_ARG(scope->region), STR_ARG(scope->account), hex);
	buf_printf(b, ",\"ProductArn\":\"arn:%.*s:securityhub:%.*s:%.*s:product/%.*s/default\"",
		   STR_ARG(scope->partition), STR_ARG(scope->region), STR_ARG(scope->account),
		   STR_ARG(scope->account));
	buf_printf(b, ",\"ProductName\":\"ivslint\",\"AwsAccountId\":\"%.*s\",\"Region\":\"%.*s\"",
		   STR_ARG(scope->account), STR_ARG(scope->region));
	PUT(b, ",\"CreatedAt\":\"");
	text_time_put(b, run->started);
	PUT(b, "Z\",\"UpdatedAt\":\"");
	text_time_put(b, run->started);
	PUT(b, "Z\"");
}

#define TYPES "[\"Software and Configuration Checks\"]"

/* Once for creating, and once for updating, where the first is not looked at. */
void asff_put_severity(struct buf *b, enum severity severity)
{
	const char *label = label_of(severity), *name = severity_name(severity);

	buf_printf(b,
		   ",\"Types\":" TYPES ",\"Severity\":{\"Label\":\"%s\",\"Original\":\"%s\"}"
		   ",\"FindingProviderFields\":{\"Types\":" TYPES
		   ",\"Severity\":{\"Label\":\"%s\",\"Original\":\"%s\"}}",
		   label, name, label, name);
}
