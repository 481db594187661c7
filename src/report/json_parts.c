/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings, rules, waivers and sums as JSON objects. Straight into the buffer,
 * since findings are what a large audit spends its writing on. Does not know
 * whether a document or a stream of lines is being written.
 */
#include "report/json_parts.h"

#include <stdlib.h>

#include "base/limit.h"
#include "base/text.h"
#include "model/partial.h"
#include "model/source.h"
#include "model/write_json.h"
#include "report/finding_part.h"
#include "report/report_part.h"

#define VALUE_DEPTH 24 /* less than the writer's own */

_Static_assert(VALUE_DEPTH < WRITE_JSON_DEPTH, "a value fits the writer's stack");

/* ---- members ------------------------------------------------------------- */

/* A string from outside: cut, and of well-formed UTF-8 whatever it was (the
 * name of a file may be any bytes). */
static void put_odd_string(struct json_parts *p, struct buf *out, struct str s)
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

/* Nearly all are short and need no escapes. */
static inline void put_string(struct json_parts *p, struct buf *out, struct str s)
{
	if (s.len > LIMIT_REPORT_TEXT || !write_json_plain(out, s))
		put_odd_string(p, out, s);
}

/* name: a literal, the program's own, with what stands around it: `,"file":` */
#define PUT_MEMBER(p, out, name, s)                                                                \
	do {                                                                                       \
		PUT(out, name);                                                                    \
		put_string(p, out, s);                                                             \
	} while (0)

/* Nothing where there is nothing to say. */
#define PUT_SOME(p, out, name, s)                                                                  \
	do {                                                                                       \
		if ((s).len != 0)                                                                  \
			PUT_MEMBER(p, out, name, s);                                               \
	} while (0)

static void put_number(struct buf *out, const char *name, uint64_t n)
{
	buf_puts(out, name);
	buf_put_uint(out, n);
}

static void put_boolean(struct buf *out, const char *name, bool yes)
{
	buf_puts(out, name);
	buf_puts(out, yes ? "true" : "false");
}

static void put_day(struct buf *out, const char *name, int32_t day)
{
	buf_puts(out, name);
	buf_putc(out, '"');
	text_day_put(out, day);
	buf_putc(out, '"');
}

static void put_place(struct json_parts *p, struct buf *out, const char *file, struct place place)
{
	PUT(out, ",\"place\":{\"file\":");
	put_string(p, out, report_str(file));
	if (place.line != 0) {
		put_number(out, ",\"line\":", place.line);
		put_number(out, ",\"column\":", place.column);
	}
	buf_putc(out, '}');
}

static void put_value(struct buf *out, const struct value *v)
{
	struct write_json w;

	write_json_init(&w, out, false);
	write_json_value(&w, v);
}

/* Whether v can be written whole: held in one piece, all of it known, not too deep, and not more
 * than *left bytes. */
static bool value_fits(const struct value *v, int depth, size_t *left)
{
	size_t need = 8;
	uint32_t i;

	if (depth > VALUE_DEPTH || (v->flags & (VALUE_WRITTEN | VALUE_SHOWN | VALUE_OPEN)) != 0)
		return false;
	if (v->kind == VALUE_STRING)
		need += v->n;
	if (need > *left)
		return false;
	*left -= need;
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		if (!value_fits(&v->items[i], depth + 1, left))
			return false;
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++) {
		if (v->entries[i].key.len > *left)
			return false;
		*left -= v->entries[i].key.len;
		if (!value_fits(&v->entries[i].value, depth + 1, left))
			return false;
	}
	return true;
}

/* Whether JSON does not say how v is shown: something in it is not known, secret, or
 * nobody's. v fits, so its depth is bounded. */
static bool is_peculiar(const struct value *v)
{
	uint32_t i;

	if (v->kind == VALUE_UNKNOWN || v->kind == VALUE_ABSENT || value_is_secret(v) ||
	    (v->flags & VALUE_OPEN) != 0 ||
	    (v->kind == VALUE_STRING && (v->flags & VALUE_OF_STACK) != 0))
		return true;
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		if ((v->items[i].flags & VALUE_DEFAULT) != 0 || is_peculiar(&v->items[i]))
			return true;
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++)
		if (is_peculiar(&v->entries[i].value))
			return true;
	return false;
}

/* name: as put_member's */
static void put_shown(struct json_parts *p, struct buf *out, const char *name,
		      const struct finding *f)
{
	buf_clear(&p->scratch);
	finding_show(&p->scratch, f);
	buf_puts(out, name);
	write_json_escape(out, buf_str(&p->scratch));
}

/* A value that was there is "actual", null included; that there was none, or
 * that it is not known, is said by members of other names. */
static void put_actual(struct json_parts *p, struct buf *out, const struct finding *f)
{
	const struct value *v = f->actual;
	size_t left = LIMIT_REPORT_VALUE;

	switch (v->kind) {
	case VALUE_ABSENT:
		PUT(out, ",\"absent\":true");
		return;
	case VALUE_UNKNOWN:
		PUT_MEMBER(p, out, ",\"unknown\":", report_str(v->why));
		if (value_partial(v) != NULL || f->actual_shown.len != 0)
			put_shown(p, out, ",\"known\":", f);
		return;
	default:
		break;
	}
	if (value_fits(v, 0, &left)) {
		PUT(out, ",\"actual\":");
		if (v->kind != VALUE_STRING || value_is_secret(v) ||
		    !write_json_plain(out, value_str(v)))
			put_value(out, v);
		if (p->whole && (f->actual_shown.len != 0 || is_peculiar(v)))
			put_shown(p, out, ",\"shown\":", f);
	} else {
		put_shown(p, out, ",\"actualCut\":", f);
	}
	if ((v->flags & VALUE_DEFAULT) != 0)
		PUT(out, ",\"default\":true");
}

/* ---- findings ------------------------------------------------------------ */

static void put_subject(struct json_parts *p, struct buf *out, const struct subject *s)
{
	PUT(out, ",\"resource\":{\"id\":");
	put_string(p, out, s->id);
	if (s->kind != KIND_RECORDING_CONFIGURATION)
		PUT_MEMBER(p, out, ",\"kind\":", str_of(kind_table[s->kind].name));
	PUT_SOME(p, out, ",\"arn\":", s->arn);
	PUT_SOME(p, out, ",\"name\":", s->name);
	PUT_SOME(p, out, ",\"account\":", s->account);
	PUT_SOME(p, out, ",\"region\":", s->region);
	if (p->whole && s->place.line != 0) {
		put_number(out, ",\"line\":", s->place.line);
		put_number(out, ",\"column\":", s->place.column);
	}
	buf_putc(out, '}');
}

static void put_finding_waiver(struct json_parts *p, struct buf *out, const struct finding *f)
{
	const struct waiver *w = f->waiver;

	PUT(out, ",\"waiver\":{\"reason\":");
	put_string(p, out, w->reason);
	PUT_SOME(p, out, ",\"owner\":", w->owner);
	put_day(out, ",\"expires\":", w->expires);
	if (f->verdict == VERDICT_WAIVED) {
		PUT(out, ",\"daysLeft\":");
		buf_put_int(out, f->waiver_days_left);
	}
	buf_putc(out, '}');
}

/* The line of the source: empty parts are left out. */
static void put_excerpt(struct json_parts *p, struct buf *out, const struct excerpt *e)
{
	PUT_SOME(p, out, ",\"excerpt\":{\"value\":", e->value);
	PUT_SOME(p, out, ",\"before\":", e->before);
	PUT_SOME(p, out, ",\"after\":", e->after);
	if (e->cut_before)
		PUT(out, ",\"cutBefore\":true");
	if (e->cut_after)
		PUT(out, ",\"cutAfter\":true");
	buf_putc(out, '}');
}

static void put_controls(struct buf *out, const struct rule *rule)
{
	if (rule->controls == NULL || rule->controls->n == 0)
		return;
	PUT(out, ",\"controls\":");
	put_value(out, rule->controls);
}

/* What the policy says of the rule, or an override in its place. */
static void put_tail(struct json_parts *p, struct buf *out, const struct rule *rule)
{
	if (rule == p->rules[rule->index].rule) {
		buf_put_str(out, p->rules[rule->index].tail);
		return;
	}
	PUT_SOME(p, out, ",\"category\":", rule->category);
	PUT_SOME(p, out, ",\"remediation\":", rule->remediation);
	put_controls(out, rule);
	buf_putc(out, '}');
}

void json_put_finding(struct json_parts *p, struct buf *out, const struct judgement *j,
		      const struct finding *f)
{
	const struct json_rule *rule = &p->rules[f->rule->index];
	bool plain = f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE;
	struct place place = f->place.line != 0 ? f->place : j->subject.place;
	size_t from = out->len;

	buf_put_str(out, rule->head);
	buf_puts(out, severity_name(f->severity));
	PUT(out, "\",\"verdict\":\"");
	buf_puts(out, verdict_name(f->verdict));
	buf_putc(out, '"');
	put_subject(p, out, &j->subject);
	if (j->is_group)
		PUT(out, ",\"group\":true");
	PUT_SOME(p, out, ",\"field\":", f->field);
	if (f->actual != NULL)
		put_actual(p, out, f);
	PUT_SOME(p, out, ",\"expected\":", f->expected);
	put_place(p, out, j->subject.file, place);
	PUT_SOME(p, out, ",\"message\":", f->message);
	PUT_SOME(p, out, ",\"reason\":", f->reason);
	if (f->waiver != NULL)
		put_finding_waiver(p, out, f);
	if (f->fingerprint[0] != '\0') {
		PUT(out, ",\"fingerprint\":\"");
		buf_puts(out, f->fingerprint);
		buf_putc(out, '"');
	}
	if (f->baselined)
		PUT(out, ",\"baselined\":true");
	if (p->whole && f->excerpt.value.data != NULL && f->excerpt.value.len != 0)
		put_excerpt(p, out, &f->excerpt);
	if (plain)
		buf_put_str(out, rule->plain_tail);
	else
		put_tail(p, out, f->rule);
	json_guard(p, out, from);
}

void json_put_problem(struct json_parts *p, struct buf *out, const struct problem *problem,
		      uint64_t after)
{
	size_t from = out->len;

	PUT(out, "{\"problem\":\"");
	buf_puts(out, problem_kind_name(problem->kind));
	buf_putc(out, '"');
	put_place(p, out, problem->file, (struct place){ problem->line, problem->column });
	PUT_MEMBER(p, out, ",\"message\":", report_str(problem->text));
	if (after != UINT64_MAX)
		put_number(out, ",\"after\":", after);
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
	put_day(out, ",\"asOf\":", run->as_of);
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
		put_value(out, rule->references);
	}
	put_controls(out, rule);
	if (rule->group_by != NULL)
		PUT(out, ",\"group\":true");
	if (rule->source != NULL)
		put_place(p, out, rule->source->name, source_place(rule->source, rule->place));
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
	put_day(out, ",\"expires\":", w->expires);
	PUT(out, ",\"daysLeft\":");
	buf_put_int(out, (int64_t)w->expires - run->as_of);
	if (w->source != NULL)
		put_place(p, out, w->source->name, source_place(w->source, w->place));
	put_number(out, ",\"waived\":", t->waivers == NULL ? 0 : t->waivers[w->index]);
	put_number(out,
		   ",\"expired\":", t->waivers_expired == NULL ? 0 : t->waivers_expired[w->index]);
	put_number(out, ",\"otherValue\":",
		   t->waivers_other_value == NULL ? 0 : t->waivers_other_value[w->index]);
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
		put_string(p, out, policy->rules[i].id);
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
		put_number(out, "\",\"resources\":", tally_resources(t, (enum kind)k));
		put_number(out, ",\"rules\":", policy_n_enabled_of(run->policy, (enum kind)k));
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
	put_number(out, ",\"documents\":", s->files);
	put_number(out, ",\"otherDocuments\":", s->other_documents);
	put_number(out, ",\"problems\":", s->problems);
	put_number(out, ",\"matrix\":{\"resources\":", t->resources);
	put_number(out, ",\"rules\":", policy_n_enabled(run->policy));
	put_number(out, ",\"verdicts\":", report_verdicts(t));
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

static struct str keep(struct json_parts *p, struct buf *b)
{
	struct str kept;

	json_guard(p, b, 0);
	kept = arena_buf(&p->arena, b);
	buf_clear(b);
	return kept;
}

static void prepare_rule(struct json_parts *p, struct buf *b, const struct rule *rule)
{
	struct json_rule *to = &p->rules[rule->index];

	to->rule = rule;
	PUT_MEMBER(p, b, "{\"rule\":", rule->id);
	PUT(b, ",\"severity\":\"");
	to->head = keep(p, b);
	PUT_SOME(p, b, ",\"category\":", rule->category);
	buf_putc(b, '}');
	to->plain_tail = keep(p, b);
	PUT_SOME(p, b, ",\"category\":", rule->category);
	PUT_SOME(p, b, ",\"remediation\":", rule->remediation);
	put_controls(b, rule);
	buf_putc(b, '}');
	to->tail = keep(p, b);
}

struct json_parts *json_parts_new(const struct policy *policy)
{
	struct json_parts *p = mem_alloc(sizeof(*p));
	struct buf b = BUF_INIT(0);
	size_t i;

	*p = (struct json_parts){ .arena = ARENA_INIT };
	p->rules = ARENA_ARRAY(&p->arena, policy->n_rules + 1, struct json_rule);
	for (i = 0; i < policy->n_rules; i++)
		prepare_rule(p, &b, &policy->rules[i]);
	buf_release(&b);
	return p;
}

struct json_parts *json_parts_apart(const struct json_parts *of)
{
	struct json_parts *p = mem_alloc(sizeof(*p));

	*p = (struct json_parts){ .rules = of->rules, .whole = of->whole };
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
