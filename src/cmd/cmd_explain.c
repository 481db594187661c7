/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint explain: all that is written about one rule, and with paths its
 * evaluation for what they hold.
 */
#include "base/limit.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "cmd/explain.h"
#include "cmd/settings_inside.h"

SETTINGS_TEXT(take_resource, resource)

const struct opt cmd_explain_opts[] = {
	{ "resource", 0, "NAME",
	  "of the recording configurations, or channels, in PATH only those with this ARN or name; "
	  "may hold * and ?",
	  take_resource },
	OPT_END,
};

static const struct opt *const tables[] = { cmd_policy_opts, cmd_explain_opts, cmd_stack_opts,
					    NULL };

static void put_paragraph(struct buf *b, const char *head, struct str text)
{
	if (text.len == 0)
		return;
	buf_printf(b, "\n%s\n    ", head);
	text_put_visible(b, text);
	buf_putc(b, '\n');
}

static void put_condition(struct buf *b, const char *head, const struct cond *c)
{
	struct buf text = BUF_INIT(LIMIT_MESSAGE_SIZE);

	if (c == NULL)
		return;
	cond_describe(c, &text);
	put_paragraph(b, head, buf_str(&text));
	buf_release(&text);
}

static void put_controls(struct buf *b, const struct value *controls)
{
	uint32_t i;

	if (controls == NULL || controls->kind != VALUE_MAP || controls->n == 0)
		return;
	buf_puts(b, "\nControls\n");
	for (i = 0; i < controls->n; i++) {
		buf_puts(b, "    ");
		text_put_visible(b, controls->entries[i].key);
		buf_puts(b, ": ");
		value_show(b, &controls->entries[i].value, LIMIT_MESSAGE_SIZE);
		buf_putc(b, '\n');
	}
}

static void put_references(struct buf *b, const struct value *references)
{
	uint32_t i;

	if (references == NULL || references->kind != VALUE_LIST || references->n == 0)
		return;
	buf_puts(b, "\nReferences\n");
	for (i = 0; i < references->n; i++) {
		buf_puts(b, "    ");
		text_put_visible(b, value_str(&references->items[i]));
		buf_putc(b, '\n');
	}
}

/* The tests a rule carries are its examples. */
static void put_examples(struct buf *b, const struct value *tests)
{
	static const char *const shown[] = { "given", "unknown", "partial", "params" };
	const struct value *v;
	uint32_t i;
	size_t k;

	if (tests == NULL || tests->kind != VALUE_LIST || tests->n == 0)
		return;
	buf_puts(b, "\nExamples\n");
	for (i = 0; i < tests->n; i++) {
		const struct value *name = value_get(&tests->items[i], STR("name"));
		const struct value *expect = value_get(&tests->items[i], STR("expect"));

		buf_puts(b, "    ");
		if (name != NULL && name->kind == VALUE_STRING)
			text_put_visible(b, value_str(name));
		buf_puts(b, ": ");
		if (expect != NULL)
			value_show(b, expect, LIMIT_SHOWN_VALUE);
		buf_putc(b, '\n');
		for (k = 0; k < sizeof(shown) / sizeof(*shown); k++) {
			v = value_get(&tests->items[i], str_of(shown[k]));
			if (v == NULL)
				continue;
			buf_printf(b, "        %s ", shown[k]);
			value_show(b, v, LIMIT_MESSAGE_SIZE);
			buf_putc(b, '\n');
		}
	}
}

static void put_head(struct buf *b, const struct policy *p, const struct rule *r)
{
	bool enabled = policy_rule_enabled(p, r);

	text_put_visible(b, r->id);
	buf_printf(b, " (%s%s", severity_name(policy_rule_severity(p, r)),
		   enabled ? "" : ", not enabled");
	if (r->category.len != 0) {
		buf_puts(b, ", ");
		text_put_visible(b, r->category);
	}
	if (r->kind != KIND_RECORDING_CONFIGURATION)
		buf_printf(b, ", of %s", kind_table[r->kind].many);
	buf_puts(b, ")\n    ");
	text_put_visible(b, r->title);
	buf_puts(b, "\n    ");
	text_put_visible(b, str_of(r->source->name));
	buf_printf(b, ":%u\n", r->place.line);
}

static void put_rule(struct buf *b, const struct policy *p, const struct rule *r)
{
	put_head(b, p, r);
	put_paragraph(b, "Why", r->rationale);
	put_condition(b, "Applies when", policy_rule_when(p, r));
	put_condition(b, "Requires", policy_rule_require(p, r));
	explain_params(p, r, b);
	put_paragraph(b, "What to do", r->remediation);
	put_examples(b, r->tests);
	put_controls(b, r->controls);
	put_references(b, r->references);
}

static void tell_unknown(const struct policy *p, const char *id)
{
	const char *nearest = policy_nearest_rule(p, str_of(id));

	log_error("explain: the policy has no rule '%s'%s%s%s", id,
		  nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
		  nearest != NULL ? "'?" : "");
}

static int run_explain(int argc, char **argv)
{
	const struct rule *rule;
	struct buf b = BUF_INIT(0);
	struct policy *policy;
	struct ground ground;
	struct settings s;
	int status, worst, n;

	n = settings_parse(&s, &cmd_explain, argc, argv, &status);
	if (n == -1)
		return status;
	if (n == 0) {
		log_error("explain: name one rule (ivslint rules lists them)");
		return STATUS_USAGE;
	}
	if (n == 1 && s.resource != NULL) {
		log_error("explain: --resource names a configuration of a PATH, and there is none");
		return STATUS_USAGE;
	}
	s.pack_tests = true; /* they are shown as examples */
	if (settings_ground(&s, true, &ground) != STATUS_PASS)
		return STATUS_USAGE;
	policy = ground.policy;
	sandbox_no_network();
	rule = policy_find_rule(policy, str_of(argv[1]));
	if (rule == NULL) {
		tell_unknown(policy, argv[1]);
		status = STATUS_USAGE;
	} else if (n == 1) {
		put_rule(&b, policy, rule);
		status = cmd_print(&b);
	} else {
		put_head(&b, policy, rule);
		worst = explain_paths(&s, policy, rule, (const char *const *)argv + 2,
				      (size_t)n - 1, &b);
		status = cmd_print(&b);
		if (worst > status)
			status = worst;
	}
	settings_given_free(&s, n > 1 && status != STATUS_USAGE);
	buf_release(&b);
	settings_ground_free(&ground);
	return status;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.operands = "RULE [PATH...]",
	.text = "Explains a rule, and with PATH why it passes or fails there",
	.opts = tables,
	.run = run_explain,
};
