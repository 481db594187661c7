/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules, waivers and sums as JSON objects, and what those and findings are made
 * of. Does not know whether a document or a stream of lines is being written.
 */
#include "report/json_parts.h"

#include <stdlib.h>

#include "base/limit.h"
#include "base/text.h"
#include "model/source.h"
#include "model/write_json.h"
#include "report/json_inside.h"
#include "report/report_part.h"

/* ---- members ------------------------------------------------------------- */

void json_put_odd_string(struct json_parts *p, struct buf *out, struct str s)
{
	bool cut;

	s = report_cut(s, &cut);
	if (text_utf8_valid(s) == s.len && !cut) {
		write_json_escape(out, s);
		return;
	}
	buf_clear(&p->scratch);
	text_put_visible(&p->scratch, s);
	if (cut)
		PUT(&p->scratch, "...");
	write_json_escape(out, buf_str(&p->scratch));
}

void json_put_number(struct buf *out, const char *name, uint64_t n)
{
	buf_puts(out, name);
	buf_put_uint(out, n);
}

static void put_boolean(struct buf *out, const char *name, bool yes)
{
	buf_puts(out, name);
	buf_puts(out, yes ? "true" : "false");
}

void json_put_day(struct buf *out, const char *name, int32_t day)
{
	buf_puts(out, name);
	buf_putc(out, '"');
	text_day_put(out, day);
	buf_putc(out, '"');
}

void json_put_place(struct json_parts *p, struct buf *out, const char *file, struct place place)
{
	PUT(out, ",\"place\":{\"file\":");
	json_put_string(p, out, report_str(file));
	if (place.line != 0) {
		json_put_number(out, ",\"line\":", place.line);
		json_put_number(out, ",\"column\":", place.column);
	}
	buf_putc(out, '}');
}

void json_put_value(struct buf *out, const struct value *v)
{
	struct write_json w;

	write_json_init(&w, out, false);
	write_json_value(&w, v);
}

void json_put_controls(struct buf *out, const struct rule *rule)
{
	if (rule->controls == NULL || rule->controls->n == 0)
		return;
	PUT(out, ",\"controls\":");
	json_put_value(out, rule->controls);
}

/* ---- problems ------------------------------------------------------------ */

void json_put_problem(struct json_parts *p, struct buf *out, const struct problem *problem,
		      uint64_t after)
{
	size_t from = out->len;

	PUT(out, "{\"problem\":\"");
	buf_puts(out, problem_kind_name(problem->kind));
	buf_putc(out, '"');
	json_put_place(p, out, problem->file, (struct place){ problem->line, problem->column });
	PUT_MEMBER(p, out, ",\"message\":", report_str(problem->text));
	if (after != UINT64_MAX)
		json_put_number(out, ",\"after\":", after);
	buf_putc(out, '}');
	json_guard(p, out, from);
}

/* ---- the run ------------------------------------------------------------- */

void json_put_tool(struct json_parts *p, struct buf *out, const struct run *run)
{
	PUT(out, "{\"name\":\"ivslint\"");
	PUT_MEMBER(p, out, ",\"version\":", report_str(run->version));
	buf_putc(out, '}');
}

void json_put_run(struct json_parts *p, struct buf *out, const struct run *run, bool all)
{
	(void)p;
	PUT(out, "{\"started\":\"");
	text_time_put(out, run->started);
	PUT(out, "Z\"");
	json_put_day(out, ",\"asOf\":", run->as_of);
	PUT(out, ",\"failOn\":\"");
	buf_puts(out, severity_name(run->fail_on));
	PUT(out, "\"");
	if (run->fail_on_undecided)
		PUT(out, ",\"failOnUndecided\":true");
	if (run->allow_empty)
		PUT(out, ",\"allowEmpty\":true");
	put_boolean(out, ",\"all\":", all);
	buf_putc(out, '}');
}

void json_put_policy(struct json_parts *p, struct buf *out, const struct run *run)
{
	const struct policy *policy = run->policy;
	size_t from = out->len;

	PUT_MEMBER(p, out, "{\"file\":", report_str(policy->file));
	PUT_SOME(p, out, ",\"name\":", policy->name);
	PUT_SOME(p, out, ",\"description\":", policy->description);
	PUT_MEMBER(p, out, ",\"digest\":", report_str(policy_digest(policy)));
	buf_putc(out, '}');
	json_guard(p, out, from);
}

void json_put_rule(struct json_parts *p, struct buf *out, const struct run *run,
		   const struct rule *rule)
{
	size_t from = out->len;

	PUT_MEMBER(p, out, "{\"id\":", rule->id);
	PUT_SOME(p, out, ",\"title\":", rule->title);
	if (rule->kind != KIND_RECORDING_CONFIGURATION)
		PUT_MEMBER(p, out, ",\"kind\":", str_of(kind_table[rule->kind].name));
	PUT(out, ",\"severity\":\"");
	buf_puts(out, severity_name(policy_rule_severity(run->policy, rule)));
	buf_putc(out, '"');
	PUT_SOME(p, out, ",\"category\":", rule->category);
	PUT_SOME(p, out, ",\"rationale\":", rule->rationale);
	PUT_SOME(p, out, ",\"remediation\":", rule->remediation);
	if (rule->references != NULL && rule->references->n != 0) {
		PUT(out, ",\"references\":");
		json_put_value(out, rule->references);
	}
	json_put_controls(out, rule);
	if (rule->group_by != NULL)
		PUT(out, ",\"group\":true");
	if (rule->source != NULL)
		json_put_place(p, out, rule->source->name, source_place(rule->source, rule->place));
	buf_putc(out, '}');
	json_guard(p, out, from);
}

void json_put_waiver(struct json_parts *p, struct buf *out, const struct run *run,
		     const struct summary *s, const struct waiver *w)
{
	const struct tally *t = s->tally;
	size_t from = out->len;

	PUT_MEMBER(p, out, "{\"rule\":", w->rule->id);
	PUT(out, ",\"state\":\"");
	buf_puts(out, waiver_state_name(report_waiver_state(run, s, w)));
	buf_putc(out, '"');
	PUT_MEMBER(p, out, ",\"reason\":", w->reason);
	PUT_SOME(p, out, ",\"owner\":", w->owner);
	json_put_day(out, ",\"expires\":", w->expires);
	PUT(out, ",\"daysLeft\":");
	buf_put_int(out, (int64_t)w->expires - run->as_of);
	if (w->source != NULL)
		json_put_place(p, out, w->source->name, source_place(w->source, w->place));
	json_put_number(out, ",\"waived\":", t->waivers == NULL ? 0 : t->waivers[w->index]);
	json_put_number(
	    out, ",\"expired\":", t->waivers_expired == NULL ? 0 : t->waivers_expired[w->index]);
	json_put_number(out, ",\"otherValue\":",
			t->waivers_other_value == NULL ? 0 : t->waivers_other_value[w->index]);
	if (t->waivers_unknown != NULL && t->waivers_unknown[w->index] != 0)
		json_put_number(out, ",\"unknown\":", t->waivers_unknown[w->index]);
	buf_putc(out, '}');
	json_guard(p, out, from);
}

/* ---- sums ---------------------------------------------------------------- */

static void put_verdicts(struct buf *out, const uint64_t counts[N_VERDICTS])
{
	int v;

	for (v = 0; v < N_VERDICTS; v++) {
		buf_puts(out, v == 0 ? "\"" : ",\"");
		buf_puts(out, verdict_name((enum verdict)v));
		PUT(out, "\":");
		buf_put_uint(out, counts[v]);
	}
}

static void put_by_severity(struct buf *out, const struct tally *t)
{
	int i;

	PUT(out, ",\"fails\":{");
	for (i = N_SEVERITIES - 1; i >= 0; i--) {
		buf_puts(out, i == N_SEVERITIES - 1 ? "\"" : ",\"");
		buf_puts(out, severity_name((enum severity)i));
		PUT(out, "\":");
		buf_put_uint(out, t->fails[i]);
	}
	buf_putc(out, '}');
}

static void put_by_rule(struct json_parts *p, struct buf *out, const struct run *run,
			const struct tally *t)
{
	const struct policy *policy = run->policy;
	const char *start = "{\"rule\":";
	size_t i;

	PUT(out, ",\"rules\":[");
	for (i = 0; t->rules != NULL && i < policy->n_rules; i++) {
		if (!policy_rule_judged(policy, &policy->rules[i]))
			continue;
		buf_puts(out, start);
		json_put_string(p, out, policy->rules[i].id);
		buf_putc(out, ',');
		put_verdicts(out, t->rules[i]);
		buf_putc(out, '}');
		start = ",{\"rule\":";
	}
	buf_putc(out, ']');
}

/* The parts of the matrix, where there is more than one. */
static void put_by_kind(struct buf *out, const struct run *run, const struct tally *t)
{
	unsigned kinds = report_kinds(run);
	const char *start = ",\"kinds\":[{\"kind\":\"";
	int k;

	if (kinds == KINDS_RECORDING_CONFIGURATION)
		return;
	for (k = 0; k < N_KINDS; k++) {
		if ((kinds & KIND_BIT(k)) == 0)
			continue;
		buf_puts(out, start);
		buf_puts(out, kind_table[k].name);
		json_put_number(out, "\",\"resources\":", tally_resources(t, (enum kind)k));
		json_put_number(out, ",\"rules\":", policy_n_enabled_of(run->policy, (enum kind)k));
		buf_putc(out, '}');
		start = ",{\"kind\":\"";
	}
	buf_putc(out, ']');
}

static const char *result_name(const struct summary *s)
{
	return s->status == 0 ? "pass" : s->status == 1 ? "fail" : "incomplete";
}

void json_put_summary(struct json_parts *p, struct buf *out, const struct run *run,
		      const struct summary *s)
{
	const struct tally *t = s->tally;
	size_t from = out->len;

	buf_printf(out, "{\"result\":\"%s\",\"status\":%d", result_name(s), s->status);
	put_boolean(out, ",\"complete\":", s->complete);
	put_boolean(out, ",\"empty\":", s->empty);
	put_boolean(out, ",\"interrupted\":", s->interrupted);
	if (s->bug != NULL)
		PUT_MEMBER(p, out, ",\"bug\":", str_of(s->bug));
	json_put_number(out, ",\"documents\":", s->files);
	json_put_number(out, ",\"otherDocuments\":", s->other_documents);
	json_put_number(out, ",\"problems\":", s->problems);
	json_put_number(out, ",\"matrix\":{\"resources\":", t->resources);
	json_put_number(out, ",\"rules\":", policy_n_enabled(run->policy));
	json_put_number(out, ",\"verdicts\":", report_verdicts(t));
	put_by_kind(out, run, t);
	PUT(out, "},\"verdicts\":{");
	put_verdicts(out, t->verdicts);
	buf_putc(out, '}');
	put_by_severity(out, t);
	put_by_rule(p, out, run, t);
	buf_putc(out, '}');
	json_guard(p, out, from);
}

/* ---- guard --------------------------------------------------------------- */

/* Offset of the next "##[" at or after `at`, or s.len. */
static size_t find_command(struct str s, size_t at)
{
	const char *hash;

	while (at < s.len && (hash = memchr(s.data + at, '#', s.len - at)) != NULL) {
		at = (size_t)(hash - s.data);
		if (s.len - at >= 3 && hash[1] == '#' && hash[2] == '[')
			return at;
		at++;
	}
	return s.len;
}

void json_guard(struct json_parts *p, struct buf *out, size_t from)
{
	struct str s = { out->data + from, out->len - from };
	size_t at = 0, next = find_command(s, 0);

	if (next == s.len)
		return;
	buf_clear(&p->scratch);
	while (next < s.len) {
		buf_put(&p->scratch, s.data + at, next + 1 - at);
		PUT(&p->scratch, "\\u0023");
		at = next + 2;
		next = find_command(s, at);
	}
	buf_put(&p->scratch, s.data + at, s.len - at);
	out->len = from;
	buf_put_str(out, buf_str(&p->scratch));
}

/* ---- life ---------------------------------------------------------------- */

struct json_parts *json_parts_new(const struct policy *policy)
{
	struct json_parts *p = mem_alloc(sizeof(*p));
	struct buf b = BUF_INIT(0);
	size_t i;

	*p = (struct json_parts){ .arena = ARENA_INIT };
	p->rules = ARENA_ARRAY(&p->arena, policy->n_rules + 1, struct json_rule);
	for (i = 0; i < policy->n_rules; i++)
		json_prepare_rule(p, &b, &policy->rules[i]);
	json_prepare_names(p, &b);
	buf_release(&b);
	return p;
}

struct json_parts *json_parts_apart(const struct json_parts *of)
{
	struct json_parts *p = mem_alloc(sizeof(*p));

	*p = (struct json_parts){ .rules = of->rules, .whole = of->whole };
	memcpy(p->severities, of->severities, sizeof(p->severities));
	memcpy(p->verdicts, of->verdicts, sizeof(p->verdicts));
	return p;
}

void json_parts_free(struct json_parts *p)
{
	if (p == NULL)
		return;
	arena_release(&p->arena);
	buf_release(&p->scratch);
	free(p);
}
