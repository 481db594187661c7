/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finding as a JSON object. Straight into the buffer, since findings are what a
 * large audit spends its writing on.
 */
#include "base/limit.h"
#include "base/text.h"
#include "model/partial.h"
#include "model/write_json.h"
#include "report/finding_part.h"
#include "report/json_inside.h"
#include "report/report_part.h"

#define VALUE_DEPTH 24 /* less than the writer's own */

_Static_assert(VALUE_DEPTH < WRITE_JSON_DEPTH, "a value fits the writer's stack");

/* ---- values -------------------------------------------------------------- */

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
			json_put_value(out, v);
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
	json_put_string(p, out, s->id);
	if (s->kind != KIND_RECORDING_CONFIGURATION)
		PUT_MEMBER(p, out, ",\"kind\":", str_of(kind_table[s->kind].name));
	PUT_SOME(p, out, ",\"arn\":", s->arn);
	PUT_SOME(p, out, ",\"name\":", s->name);
	PUT_SOME(p, out, ",\"account\":", s->account);
	PUT_SOME(p, out, ",\"region\":", s->region);
	if (p->whole && s->place.line != 0) {
		json_put_number(out, ",\"line\":", s->place.line);
		json_put_number(out, ",\"column\":", s->place.column);
	}
	buf_putc(out, '}');
}

static void put_finding_waiver(struct json_parts *p, struct buf *out, const struct finding *f)
{
	const struct waiver *w = f->waiver;

	PUT(out, ",\"waiver\":{\"reason\":");
	json_put_string(p, out, w->reason);
	PUT_SOME(p, out, ",\"owner\":", w->owner);
	json_put_day(out, ",\"expires\":", w->expires);
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

/* What the policy says of the rule, or an override in its place. */
static void put_tail(struct json_parts *p, struct buf *out, const struct rule *rule)
{
	if (rule == p->rules[rule->index].rule) {
		buf_put_str(out, p->rules[rule->index].tail);
		return;
	}
	PUT_SOME(p, out, ",\"category\":", rule->category);
	PUT_SOME(p, out, ",\"remediation\":", rule->remediation);
	json_put_controls(out, rule);
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
	json_put_place(p, out, j->subject.file, place);
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

/* ---- rules --------------------------------------------------------------- */

static struct str keep(struct json_parts *p, struct buf *b)
{
	struct str kept;

	json_guard(p, b, 0);
	kept = arena_buf(&p->arena, b);
	buf_clear(b);
	return kept;
}

void json_prepare_rule(struct json_parts *p, struct buf *b, const struct rule *rule)
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
	json_put_controls(b, rule);
	buf_putc(b, '}');
	to->tail = keep(p, b);
}
