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

/* ---- the pen --------------------------------------------------------------- */

/* Writes where room was made for a whole finding, so that nobody asks for each piece of
 * it. What has to be escaped, and what is rare, goes the buffer's own way in between. */
struct pen {
	struct json_parts *p;
	struct buf *out;
	char *at;
	size_t room; /* enough for a finding in which nothing is escaped */
};

/* Names, numbers and what stands between them. */
#define PEN_ROOM 1024

static void pen_begin(struct pen *pen)
{
	/* without a ceiling there is room, or the program has ended */
	pen->at = buf_reserve(pen->out, pen->room);
}

static struct buf *pen_end(struct pen *pen)
{
	*pen->at = '\0';
	pen->out->len = (size_t)(pen->at - pen->out->data);
	return pen->out;
}

#define DRAW(pen, literal)                                                                         \
	do {                                                                                       \
		memcpy((pen)->at, "" literal, sizeof(literal) - 1);                                \
		(pen)->at += sizeof(literal) - 1;                                                  \
	} while (0)

static inline void draw(struct pen *pen, struct str s)
{
	str_put(pen->at, s.data, s.len);
	pen->at += s.len;
}

/* The room that a string takes. */
static inline size_t room_of(struct str s)
{
	return s.len <= LIMIT_REPORT_TEXT ? s.len : 0;
}

static inline void draw_string(struct pen *pen, struct str s)
{
	char *end = s.len <= LIMIT_REPORT_TEXT ? write_json_plain_at(pen->at, s) : NULL;

	if (end != NULL) {
		pen->at = end;
		return;
	}
	json_put_odd_string(pen->p, pen_end(pen), s);
	pen_begin(pen);
}

/* Nothing where there is nothing to say. */
#define DRAW_SOME(pen, name, s)                                                                    \
	do {                                                                                       \
		if ((s).len != 0) {                                                                \
			DRAW(pen, name);                                                           \
			draw_string(pen, s);                                                       \
		}                                                                                  \
	} while (0)

/* ---- values -------------------------------------------------------------- */

/* What is left of the bytes that a value may have, and what it needs of a pen's room. */
struct fit {
	size_t left, need;
};

/* Whether v can be written whole: held in one piece, all of it known, not too deep, and not more
 * than f->left bytes. */
static bool value_fits(const struct value *v, int depth, struct fit *f)
{
	size_t need = 8;
	uint32_t i;

	if (depth > VALUE_DEPTH || (v->flags & (VALUE_WRITTEN | VALUE_SHOWN | VALUE_OPEN)) != 0)
		return false;
	if (v->kind == VALUE_STRING)
		need += v->n;
	if (need > f->left)
		return false;
	f->left -= need;
	/* quotes of a key and its value, a colon and a comma are less than eight */
	f->need += need + (v->kind == VALUE_STRING ? 0 : BUF_UINT_SIZE);
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		if (!value_fits(&v->items[i], depth + 1, f))
			return false;
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++) {
		if (v->entries[i].key.len > f->left)
			return false;
		f->left -= v->entries[i].key.len;
		f->need += v->entries[i].key.len;
		if (!value_fits(&v->entries[i].value, depth + 1, f))
			return false;
	}
	return true;
}

/* A string of a value, which is never cut. */
static void draw_text(struct pen *pen, struct str s)
{
	char *end = write_json_plain_at(pen->at, s);

	if (end != NULL) {
		pen->at = end;
		return;
	}
	write_json_escape(pen_end(pen), s);
	pen_begin(pen);
}

static void draw_value(struct pen *pen, const struct value *v);

static void draw_list(struct pen *pen, const struct value *v)
{
	uint32_t i;

	DRAW(pen, "[");
	for (i = 0; i < v->n; i++) {
		if (i != 0)
			DRAW(pen, ",");
		draw_value(pen, &v->items[i]);
	}
	DRAW(pen, "]");
}

static void draw_map(struct pen *pen, const struct value *v)
{
	const struct entry *e;
	bool some = false;

	DRAW(pen, "{");
	for (e = v->entries; e < v->entries + v->n; e++) {
		if ((e->value.flags & VALUE_DEFAULT) != 0)
			continue; /* nobody wrote it, as write_json_value has it */
		if (some)
			DRAW(pen, ",");
		some = true;
		draw_text(pen, e->key);
		DRAW(pen, ":");
		draw_value(pen, &e->value);
	}
	DRAW(pen, "}");
}

static void draw_number(struct pen *pen, int64_t n)
{
	if (n < 0)
		DRAW(pen, "-");
	pen->at = buf_uint_at(pen->at, n < 0 ? (uint64_t) - (n + 1) + 1 : (uint64_t)n);
}

/* Whether a number is written as the digits of its mantissa; larger ones may not be. */
static bool is_short_integer(const struct value *v)
{
	return v->exponent == 0 && v->mantissa > -INT64_C(1000000000000000) &&
	       v->mantissa < INT64_C(1000000000000000);
}

/* As write_json_value; v fits. */
static void draw_value(struct pen *pen, const struct value *v)
{
	if (v->kind == VALUE_STRING && !value_is_secret(v)) {
		draw_text(pen, value_str(v));
	} else if (v->kind == VALUE_NUMBER && is_short_integer(v) && !value_is_secret(v)) {
		draw_number(pen, v->mantissa);
	} else if (v->kind == VALUE_LIST && !value_is_secret(v)) {
		draw_list(pen, v);
	} else if (v->kind == VALUE_MAP && v->n != 0 && !value_is_secret(v)) {
		draw_map(pen, v);
	} else {
		json_put_value(pen_end(pen), v);
		pen_begin(pen);
	}
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
static void put_other_actual(struct json_parts *p, struct buf *out, const struct finding *f)
{
	const struct value *v = f->actual;

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
		put_shown(p, out, ",\"actualCut\":", f);
		break;
	}
}

static void draw_actual(struct pen *pen, const struct finding *f, bool fits)
{
	const struct value *v = f->actual;

	if (fits) {
		DRAW(pen, ",\"actual\":");
		draw_value(pen, v);
	}
	if (!fits) {
		put_other_actual(pen->p, pen_end(pen), f);
		pen_begin(pen);
	} else if (pen->p->whole && (f->actual_shown.len != 0 || is_peculiar(v))) {
		put_shown(pen->p, pen_end(pen), ",\"shown\":", f);
		pen_begin(pen);
	}
	if ((v->flags & VALUE_DEFAULT) != 0 && v->kind != VALUE_ABSENT && v->kind != VALUE_UNKNOWN)
		DRAW(pen, ",\"default\":true");
}

/* ---- findings ------------------------------------------------------------ */

static void draw_place(struct pen *pen, struct place place)
{
	DRAW(pen, ",\"line\":");
	pen->at = buf_uint_at(pen->at, place.line);
	DRAW(pen, ",\"column\":");
	pen->at = buf_uint_at(pen->at, place.column);
}

static void draw_subject(struct pen *pen, const struct subject *s)
{
	draw_string(pen, s->id);
	if (s->kind != KIND_RECORDING_CONFIGURATION) {
		DRAW(pen, ",\"kind\":");
		draw_string(pen, str_of(kind_table[s->kind].name));
	}
	DRAW_SOME(pen, ",\"arn\":", s->arn);
	DRAW_SOME(pen, ",\"name\":", s->name);
	DRAW_SOME(pen, ",\"account\":", s->account);
	DRAW_SOME(pen, ",\"region\":", s->region);
	if (pen->p->whole && s->place.line != 0)
		draw_place(pen, s->place);
	DRAW(pen, "}");
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

/* What an override says in place of the rule. */
static void put_tail(struct json_parts *p, struct buf *out, const struct rule *rule)
{
	PUT_SOME(p, out, ",\"category\":", rule->category);
	PUT_SOME(p, out, ",\"remediation\":", rule->remediation);
	json_put_controls(out, rule);
	buf_putc(out, '}');
}

/* What few findings have, and of which little is said. */
static void put_rare(struct json_parts *p, struct buf *out, const struct finding *f)
{
	if (f->baselined)
		PUT(out, ",\"baselined\":true");
	if (p->whole && f->excerpt.value.data != NULL && f->excerpt.value.len != 0)
		put_excerpt(p, out, &f->excerpt);
}

static bool is_shown_actual(const struct finding *f, struct fit *fit)
{
	return f->actual != NULL && f->actual->kind != VALUE_ABSENT &&
	       f->actual->kind != VALUE_UNKNOWN && value_fits(f->actual, 0, fit);
}

void json_put_finding(struct json_parts *p, struct buf *out, const struct judgement *j,
		      const struct finding *f)
{
	const struct json_rule *rule = &p->rules[f->rule->index];
	const struct subject *s = &j->subject;
	struct str file = report_str(s->file);
	struct fit fit = { .left = LIMIT_REPORT_VALUE };
	bool plain = f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE;
	bool fits = is_shown_actual(f, &fit);
	struct place place = f->place.line != 0 ? f->place : s->place;
	struct pen pen = { .p = p, .out = out };
	size_t from = out->len;

	if (out->failed)
		return;
	pen.room = PEN_ROOM + rule->head.len + rule->tail.len + room_of(s->id) + room_of(s->arn) +
		   room_of(s->name) + room_of(s->account) + room_of(s->region) + room_of(f->field) +
		   room_of(f->expected) + room_of(file) + room_of(f->message) + room_of(f->reason) +
		   fit.need;
	pen_begin(&pen);
	draw(&pen, rule->head);
	draw(&pen, p->severities[f->severity]);
	draw(&pen, p->verdicts[f->verdict]);
	draw_subject(&pen, s);
	if (j->is_group)
		DRAW(&pen, ",\"group\":true");
	DRAW_SOME(&pen, ",\"field\":", f->field);
	if (f->actual != NULL)
		draw_actual(&pen, f, fits);
	DRAW_SOME(&pen, ",\"expected\":", f->expected);
	DRAW(&pen, ",\"place\":{\"file\":");
	draw_string(&pen, file);
	if (place.line != 0)
		draw_place(&pen, place);
	DRAW(&pen, "}");
	DRAW_SOME(&pen, ",\"message\":", f->message);
	DRAW_SOME(&pen, ",\"reason\":", f->reason);
	if (f->waiver != NULL) {
		put_finding_waiver(p, pen_end(&pen), f);
		pen_begin(&pen);
	}
	if (f->fingerprint[0] != '\0') {
		DRAW(&pen, ",\"fingerprint\":\"");
		memcpy(pen.at, f->fingerprint, DIGEST_HEX_SIZE - 1);
		pen.at += DIGEST_HEX_SIZE - 1;
		DRAW(&pen, "\"");
	}
	if (f->baselined || p->whole) {
		put_rare(p, pen_end(&pen), f);
		pen_begin(&pen);
	}
	if (plain)
		draw(&pen, rule->plain_tail);
	else if (f->rule == rule->rule)
		draw(&pen, rule->tail);
	pen_end(&pen);
	if (!plain && f->rule != rule->rule)
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

void json_prepare_names(struct json_parts *p, struct buf *b)
{
	int i;

	for (i = 0; i < N_SEVERITIES; i++) {
		buf_puts(b, severity_name((enum severity)i));
		PUT(b, "\",\"verdict\":\"");
		p->severities[i] = keep(p, b);
	}
	for (i = 0; i < N_VERDICTS; i++) {
		buf_puts(b, verdict_name((enum verdict)i));
		PUT(b, "\",\"resource\":{\"id\":");
		p->verdicts[i] = keep(p, b);
	}
}
