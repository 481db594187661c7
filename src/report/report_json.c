/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON report: one document, a member or an item a line, so that it can be
 * searched and compared by line as well. Findings are written as they come;
 * what comes at the end (problems) waits in a buffer. The objects are
 * json_parts.c's.
 */
#include <stdlib.h>

#include "report/json_parts.h"
#include "report/report_part.h"

struct json {
	struct json_parts *parts;
	struct buf problems;
	uint64_t n; /* findings written */
};

static bool json_wants_all(const struct report_options *options)
{
	return options->all;
}

static bool json_wants_excerpts(const struct report_options *options)
{
	(void)options;
	return true;
}

/* Before an item of an array: the comma of the one before. */
static void put_item(struct buf *out, bool *some)
{
	if (*some)
		buf_putc(out, ',');
	PUT(out, "\n    ");
	*some = true;
}

static void put_array_end(struct buf *out, bool some)
{
	if (some)
		PUT(out, "\n  ");
	buf_putc(out, ']');
}

static void json_begin(struct report *r)
{
	struct json *json = mem_alloc(sizeof(*json));
	const struct policy *policy = r->run->policy;
	struct buf *out = &r->out;
	bool some = false;
	size_t i;

	*json = (struct json){ .parts = json_parts_new(policy) };
	json->parts->whole = true;
	r->state = json;
	PUT(out, "{\n  \"schema\": \"" JSON_SCHEMA "\",\n  \"tool\": ");
	json_put_tool(json->parts, out, r->run);
	PUT(out, ",\n  \"run\": ");
	json_put_run(json->parts, out, r->run, r->options.all);
	PUT(out, ",\n  \"policy\": ");
	json_put_policy(json->parts, out, r->run);
	PUT(out, ",\n  \"rules\": [");
	for (i = 0; i < policy->n_rules; i++) {
		if (!policy_rule_judged(policy, &policy->rules[i]))
			continue;
		put_item(out, &some);
		json_put_rule(json->parts, out, r->run, &policy->rules[i]);
	}
	put_array_end(out, some);
	PUT(out, ",\n  \"findings\": [");
}

/* Every finding has the comma of one before it: the first loses it where it is joined. */
static bool json_begin_apart(struct report *r, const struct report *of)
{
	const struct json *whole = of->state;
	struct json *json = mem_alloc(sizeof(*json));

	*json = (struct json){ .parts = json_parts_apart(whole->parts), .n = 1 };
	r->state = json;
	return true;
}

static void json_join(struct report *r, struct str text, uint64_t n)
{
	struct json *json = r->state;

	if (json->n == 0) {
		text.data++;
		text.len--;
	}
	json->n += n;
	report_put_text(r, text);
}

static void put_finding(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct json *json = r->state;
	bool some = json->n++ != 0;

	put_item(&r->out, &some);
	json_put_finding(json->parts, &r->out, j, f);
}

static void json_judgement(struct report *r, const struct judgement *j)
{
	report_put_shown(r, j, put_finding);
}

static void json_problem(struct report *r, const struct problem *p)
{
	struct json *json = r->state;
	bool some = json->problems.len != 0;

	put_item(&json->problems, &some);
	json_put_problem(json->parts, &json->problems, p, json->n);
}

static void json_end(struct report *r, const struct summary *s)
{
	struct json *json = r->state;
	const struct policy *policy = r->run->policy;
	struct buf *out = &r->out;
	bool some = false;
	size_t i;

	put_array_end(out, json->n != 0);
	PUT(out, ",\n  \"problems\": [");
	buf_put_str(out, buf_str(&json->problems));
	put_array_end(out, json->problems.len != 0);
	PUT(out, ",\n  \"waivers\": [");
	for (i = 0; i < policy->n_waivers; i++) {
		put_item(out, &some);
		json_put_waiver(json->parts, out, r->run, s, &policy->waivers[i]);
	}
	put_array_end(out, some);
	PUT(out, ",\n  \"summary\": ");
	json_put_summary(json->parts, out, r->run, s);
	PUT(out, "\n}\n");
}

static void json_free(struct report *r)
{
	struct json *json = r->state;

	if (json == NULL)
		return;
	json_parts_free(json->parts);
	buf_release(&json->problems);
	free(json);
}

const struct report_format report_json = {
	.name = "json",
	.text = "one JSON document, of the schema " JSON_SCHEMA,
	.wants_all = json_wants_all,
	.wants_excerpts = json_wants_excerpts,
	.begin = json_begin,
	.judgement = json_judgement,
	.problem = json_problem,
	.end = json_end,
	.free = json_free,
	.begin_apart = json_begin_apart,
	.join = json_join,
};
