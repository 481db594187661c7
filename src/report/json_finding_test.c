/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finding as it is written at one go, against the same finding written member by
 * member by the streaming writer: whatever is in its texts and values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limit.h"
#include "base/text.h"
#include "model/write_json.h"
#include "report/json_parts.h"

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* ---- findings of all sorts ------------------------------------------------ */

static struct str some_text(struct arena *a, uint32_t *seed, size_t most)
{
	static const struct str odd[] = {
		STR("\""),
		STR("\\"),
		STR("\n"),
		STR("\x7F"),
		STR("\0"),
		STR("\xC3\xA9"),
		STR("\xE2\x80\xAE"),
		STR("##["),
		STR("#"),
		STR("\xC2\x85"),
		STR("\t"),
		STR("\x1F"),
		STR("\xF0\x9F\x98\x80"),
	};
	size_t len = next_random(seed) % (most + 1), at;
	char *text = arena_alloc(a, len + 8);
	struct str piece;
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = (char)(' ' + 1 + next_random(seed) % 94);
	for (i = 0; i < len; i++)
		if (text[i] == '"' || text[i] == '\\')
			text[i] = 'x';
	/* most hold nothing odd; in the others it is anywhere */
	if (len != 0 && next_random(seed) % 4 == 0) {
		piece = odd[next_random(seed) % (sizeof(odd) / sizeof(odd[0]))];
		at = next_random(seed) % len;
		if (at + piece.len <= len)
			memcpy(text + at, piece.data, piece.len);
	}
	return (struct str){ text, len };
}

static struct value some_value(struct arena *a, uint32_t *seed, int depth)
{
	struct value v = { .kind = VALUE_NULL };
	struct entry *entries;
	struct value *items;
	uint32_t i;

	switch (next_random(seed) % (depth < 4 ? 9 : 6)) {
	case 0:
		v = value_of_boolean(next_random(seed) % 2 == 0);
		break;
	case 1:
		v = value_of_number((struct number){
		    (int64_t)(((uint64_t)next_random(seed) << 40 | next_random(seed)) >>
			      next_random(seed) % 60),
		    0 });
		if (next_random(seed) % 2 == 0)
			v.mantissa = -v.mantissa;
		break;
	case 2:
		v = value_of_number((struct number){ 1000000000 * (int64_t)next_random(seed),
						     (int16_t)(next_random(seed) % 5) });
		break;
	case 3:
	case 4:
		v = value_of_str(some_text(a, seed, 60));
		if (next_random(seed) % 16 == 0)
			v.flags |= VALUE_SENSITIVE;
		break;
	case 5:
		v = next_random(seed) % 2 == 0 ? v : value_unknown("of a parameter \"x\"");
		break;
	case 6:
		v.kind = VALUE_LIST;
		v.n = next_random(seed) % 5;
		v.items = items = ARENA_ARRAY(a, v.n, struct value);
		for (i = 0; i < v.n; i++)
			items[i] = some_value(a, seed, depth + 1);
		break;
	default:
		v.kind = VALUE_MAP;
		v.n = next_random(seed) % 5;
		v.entries = entries = ARENA_ARRAY(a, v.n, struct entry);
		for (i = 0; i < v.n; i++) {
			entries[i].key = some_text(a, seed, 20);
			entries[i].value = some_value(a, seed, depth + 1);
			if (next_random(seed) % 8 == 0)
				entries[i].value.flags |= VALUE_DEFAULT;
		}
		break;
	}
	return v;
}

static void some_finding(struct arena *a, uint32_t *seed, struct judgement *j, struct finding *f)
{
	struct value *actual = ARENA_NEW(a, struct value);
	size_t most = next_random(seed) % 40 == 0 ? 2 * LIMIT_REPORT_TEXT : 90;

	*actual = some_value(a, seed, 0);
	j->subject = (struct subject){
		.id = some_text(a, seed, most),
		.arn = some_text(a, seed, 90),
		.name = some_text(a, seed, 20),
		.account = some_text(a, seed, 12),
		.region = some_text(a, seed, 12),
		.file = arena_strdup(a, "folder/a \"file\"\x80.json"),
		.place = { 1 + next_random(seed) % 100000, next_random(seed) },
	};
	j->is_group = next_random(seed) % 8 == 0;
	f->verdict = (enum verdict)(next_random(seed) % N_VERDICTS);
	f->severity = (enum severity)(next_random(seed) % N_SEVERITIES);
	f->field = some_text(a, seed, 40);
	f->actual = next_random(seed) % 8 == 0 ? NULL : actual;
	f->expected = some_text(a, seed, 70);
	f->message = some_text(a, seed, most);
	f->reason = next_random(seed) % 2 == 0 ? STR("") : some_text(a, seed, 80);
	f->place = (struct place){ next_random(seed) % 2, 1u << next_random(seed) % 20 };
	f->baselined = next_random(seed) % 8 == 0;
	memset(f->fingerprint, 'a' + (int)(next_random(seed) % 6), sizeof(f->fingerprint) - 1);
	f->fingerprint[next_random(seed) % 8 == 0 ? 0 : sizeof(f->fingerprint) - 1] = '\0';
}

/* ---- the streaming writer's ------------------------------------------------- */

static void put_text(struct write_json *w, const char *name, struct str s)
{
	struct buf visible = BUF_INIT(0);
	size_t len = s.len;

	write_json_key(w, name);
	if (s.len <= LIMIT_REPORT_TEXT && text_utf8_valid(s) == s.len) {
		write_json_str(w, s);
		return;
	}
	/* no text of this test has a character that the cut falls into */
	len = len > LIMIT_REPORT_TEXT ? LIMIT_REPORT_TEXT : len;
	while (len > LIMIT_REPORT_TEXT - 4 && ((unsigned char)s.data[len] & 0xC0) == 0x80)
		len--;
	text_put_visible(&visible, (struct str){ s.data, len });
	if (s.len > LIMIT_REPORT_TEXT)
		PUT(&visible, "...");
	write_json_str(w, buf_str(&visible));
	buf_release(&visible);
}

static void some(struct write_json *w, const char *name, struct str s)
{
	if (s.len != 0)
		put_text(w, name, s);
}

static void put_int(struct write_json *w, const char *name, int64_t n)
{
	write_json_key(w, name);
	write_json_int(w, n);
}

static void put_true(struct write_json *w, const char *name, bool is)
{
	if (!is)
		return;
	write_json_key(w, name);
	write_json_boolean(w, true);
}

static void stream(struct buf *out, const struct judgement *j, const struct finding *f)
{
	struct place place = f->place.line != 0 ? f->place : j->subject.place;
	const struct value *v = f->actual;
	struct write_json w;

	write_json_init(&w, out, false);
	write_json_object(&w);
	put_text(&w, "rule", f->rule->id);
	put_text(&w, "severity", str_of(severity_name(f->severity)));
	put_text(&w, "verdict", str_of(verdict_name(f->verdict)));
	write_json_key(&w, "resource");
	write_json_object(&w);
	put_text(&w, "id", j->subject.id);
	some(&w, "arn", j->subject.arn);
	some(&w, "name", j->subject.name);
	some(&w, "account", j->subject.account);
	some(&w, "region", j->subject.region);
	write_json_object_end(&w);
	put_true(&w, "group", j->is_group);
	some(&w, "field", f->field);
	if (v != NULL && v->kind == VALUE_UNKNOWN) {
		put_text(&w, "unknown", str_of(v->why));
	} else if (v != NULL) {
		write_json_key(&w, "actual");
		write_json_value(&w, v);
	}
	some(&w, "expected", f->expected);
	write_json_key(&w, "place");
	write_json_object(&w);
	put_text(&w, "file", str_of(j->subject.file));
	put_int(&w, "line", place.line);
	put_int(&w, "column", place.column);
	write_json_object_end(&w);
	some(&w, "message", f->message);
	some(&w, "reason", f->reason);
	if (f->fingerprint[0] != '\0')
		put_text(&w, "fingerprint", str_of(f->fingerprint));
	put_true(&w, "baselined", f->baselined);
	some(&w, "category", f->rule->category);
	if (f->verdict != VERDICT_PASS && f->verdict != VERDICT_NOT_APPLICABLE)
		some(&w, "remediation", f->rule->remediation);
	write_json_object_end(&w);
}

/* A command of a runner's log is broken wherever it stands. */
static void guard(struct buf *b)
{
	struct buf guarded = BUF_INIT(0);
	size_t i;

	for (i = 0; i < b->len; i++) {
		if (b->len - i >= 3 && memcmp(b->data + i, "##[", 3) == 0) {
			PUT(&guarded, "#\\u0023");
			i++;
			continue;
		}
		buf_putc(&guarded, b->data[i]);
	}
	buf_clear(b);
	buf_put_str(b, buf_str(&guarded));
	buf_release(&guarded);
}

/* ---- both ------------------------------------------------------------------- */

static void same_as_streamed(void **state)
{
	struct rule rules[2] = {
		{ .id = STR("one"), .category = STR("tags"), .remediation = STR(""), .index = 0 },
		{ .id = STR("two"),
		  .category = STR("a \"b\""),
		  .remediation = STR("do\nthis"),
		  .index = 1 },
	};
	struct rule override = { .id = STR("two"),
				 .category = STR("a \"b\""),
				 /* no override changes it */ .remediation = STR("that"),
				 .index = 1 };
	struct policy policy = { .rules = rules, .n_rules = 2 };
	struct json_parts *p = json_parts_new(&policy), *apart = json_parts_apart(p);
	struct buf got = BUF_INIT(0), wanted = BUF_INIT(0);
	struct arena a = ARENA_INIT;
	uint32_t seed = 1;
	size_t k;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct judgement j = { 0 };
		struct finding f = { .rule = i % 7 == 0 ? &override : &rules[i % 2] };

		arena_reset(&a);
		some_finding(&a, &seed, &j, &f);
		/* in memory that has just room, or none */
		buf_release(&got);
		buf_clear(&wanted);
		if (i % 3 == 0)
			PUT(&got, "before");
		json_put_finding(i % 2 == 0 ? p : apart, &got, &j, &f);
		if (i % 3 == 0)
			buf_drop(&got, 6);
		stream(&wanted, &j, &f);
		guard(&wanted);
		for (k = 0; k < got.len && k < wanted.len && got.data[k] == wanted.data[k];)
			k++;
		if (k != got.len || k != wanted.len)
			fail_msg("%d: %.99s, not %.99s", i, got.data + k, wanted.data + k);
		assert_int_equal(got.data[got.len], '\0');
	}
	buf_release(&got);
	buf_release(&wanted);
	arena_release(&a);
	json_parts_free(apart);
	json_parts_free(p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_streamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
