/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint rules: the rules in force, after extends, configure and --set.
 */
#include "base/text.h"
#include "cmd/cmd.h"
#include "model/write_json.h"

static const struct opt *const tables[] = { cmd_policy_opts, cmd_json_opts, NULL };

static void put_text(struct buf *b, const struct policy *p, const struct rule *r)
{
	bool enabled = policy_rule_enabled(p, r);

	buf_printf(b, "%-8s  ", enabled ? severity_name(policy_rule_severity(p, r)) : "off");
	text_put_visible(b, r->id);
	buf_puts(b, "\n          ");
	text_put_visible(b, r->title);
	buf_puts(b, "\n          from ");
	text_put_visible(b, str_of(r->source->name));
	if (r->category.len != 0) {
		buf_puts(b, "; ");
		text_put_visible(b, r->category);
	}
	if (r->kind != KIND_RECORDING_CONFIGURATION)
		buf_printf(b, "; of %s", kind_table[r->kind].many);
	buf_putc(b, '\n');
}

static void put_json(struct write_json *w, const struct policy *p, const struct rule *r)
{
	write_json_object(w);
	write_json_key(w, "id");
	write_json_str(w, r->id);
	write_json_key(w, "title");
	write_json_str(w, r->title);
	write_json_key(w, "kind");
	write_json_text(w, kind_table[r->kind].name);
	write_json_key(w, "enabled");
	write_json_boolean(w, policy_rule_enabled(p, r));
	write_json_key(w, "severity");
	write_json_text(w, severity_name(policy_rule_severity(p, r)));
	write_json_key(w, "category");
	write_json_str(w, r->category);
	write_json_key(w, "source");
	write_json_text(w, r->source->name);
	write_json_key(w, "line");
	write_json_int(w, r->place.line);
	write_json_object_end(w);
}

static int run_rules(int argc, char **argv)
{
	struct buf b = BUF_INIT(0);
	struct policy *policy;
	struct write_json w;
	struct settings s;
	int status;
	size_t i;

	if (settings_parse(&s, &cmd_rules, argc, argv, &status) == -1)
		return status;
	policy = settings_policy(&s);
	if (policy == NULL)
		return STATUS_USAGE;
	write_json_init(&w, &b, true);
	if (s.json)
		write_json_array(&w);
	for (i = 0; i < policy->n_rules; i++) {
		if (s.json)
			put_json(&w, policy, &policy->rules[i]);
		else
			put_text(&b, policy, &policy->rules[i]);
	}
	if (s.json) {
		write_json_array_end(&w);
		buf_putc(&b, '\n');
	} else {
		buf_printf(&b, "%zu rules, %zu in force\n", policy->n_rules,
			   policy_n_enabled(policy));
	}
	status = cmd_print(&b);
	buf_release(&b);
	policy_free(policy);
	return status;
}

const struct cmd cmd_rules = {
	.name = "rules",
	.operands = "",
	.text = "Lists the rules in force under the policy",
	.opts = tables,
	.run = run_rules,
};
