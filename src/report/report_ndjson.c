/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NDJSON: a JSON object a line, for pipes. Findings and problems in the order
 * of reading, and a last line with the waivers and the sums, without which the
 * stream was cut. The objects are json_parts.c's.
 */
#include "report/json_parts.h"
#include "report/report_part.h"

static bool ndjson_wants_all(const struct report_options *options)
{
	return options->all;
}

static void ndjson_begin(struct report *r)
{
	r->state = json_parts_new(r->run->policy);
}

static bool ndjson_begin_apart(struct report *r, const struct report *of)
{
	r->state = json_parts_apart(of->state);
	return true;
}

static void put_line(struct report *r, const struct judgement *j, const struct finding *f)
{
	json_put_finding(r->state, &r->out, j, f);
	buf_putc(&r->out, '\n');
}

static void ndjson_judgement(struct report *r, const struct judgement *j)
{
	report_put_shown(r, j, put_line);
}

static void ndjson_problem(struct report *r, const struct problem *p)
{
	json_put_problem(r->state, &r->out, p, UINT64_MAX);
	buf_putc(&r->out, '\n');
}

static void ndjson_end(struct report *r, const struct summary *s)
{
	const struct policy *policy = r->run->policy;
	struct buf *out = &r->out;
	size_t i;

	PUT(out, "{\"summary\":");
	json_put_summary(r->state, out, r->run, s);
	PUT(out, ",\"waivers\":[");
	for (i = 0; i < policy->n_waivers; i++) {
		if (i != 0)
			buf_putc(out, ',');
		json_put_waiver(r->state, out, r->run, s, &policy->waivers[i]);
	}
	PUT(out, "],\"schema\":\"" JSON_SCHEMA "\",\"tool\":");
	json_put_tool(r->state, out, r->run);
	PUT(out, ",\"run\":");
	json_put_run(r->state, out, r->run, r->options.all);
	PUT(out, ",\"policy\":");
	json_put_policy(r->state, out, r->run);
	PUT(out, "}\n");
}

static void ndjson_free(struct report *r)
{
	json_parts_free(r->state);
}

const struct report_format report_ndjson = {
	.name = "ndjson",
	.text = "a JSON object a line: findings, problems, and the sums last",
	.wants_all = ndjson_wants_all,
	.begin = ndjson_begin,
	.judgement = ndjson_judgement,
	.problem = ndjson_problem,
	.end = ndjson_end,
	.free = ndjson_free,
	.begin_apart = ndjson_begin_apart,
};
