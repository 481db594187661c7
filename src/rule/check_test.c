/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules laid flat give the verdicts of rules judged one by one, and what is quick in
 * operators gives what is said of them, for values of every kind.
 */
#include "rule/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/partial.h"
#include "rule/known.h"
#include "rule/verdict.h"

/* no pack is needed */
const struct pack pack_table[] = { { "none", "", 0, NULL } };
const size_t pack_n = 0;

static unsigned seed = 5;

static unsigned random_below(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 12) % n;
}

#define PICK(list) (list)[random_below(sizeof(list) / sizeof(*(list)))]

/* ---- values ------------------------------------------------------------------ */

static const char *const texts[] = {
	"dev",
	"stage",
	"prod",
	"",
	"a",
	"b",
	"ACTIVE",
	"acme-dev-ivs-x",
	"acme-prod-ivs-live-123",
	"FULL_HD",
	"HD",
	"LOWEST_RESOLUTION",
	"5",
	"60",
	"Owner",
	"acme-stage-of-a-longer-name-yet",
};

static const char *const keys[] = { "Owner", "Environment", "Team", "CostCenter", "a", "Level" };

/* Takes a pattern of the policy to its limit, which takes a while. */
#define TOO_MUCH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"

/* A copy of its own, so that what is read beside it is found. */
static struct str random_text(struct arena *a)
{
	const char *text = PICK(texts);
	size_t len = strlen(text);
	char *copy = arena_room(a, len);

	memcpy(copy, text, len);
	return (struct str){ copy, len };
}

static struct value random_scalar(struct arena *a)
{
	switch (random_below(8)) {
	case 0:
		return value_of_boolean(random_below(2) == 0);
	case 1:
		return (struct value){ .kind = random_below(2) == 0 ? VALUE_NULL : VALUE_ABSENT };
	case 2:
		return value_of_number((struct number){ (int64_t)random_below(70) - 5,
							random_below(4) == 0 ? -1 : 0 });
	case 3:
		return value_of_number((struct number){ random_below(3) * 100000000000000000, 0 });
	default:
		return value_of_str(random_text(a));
	}
}

static struct value random_unknown(struct arena *a)
{
	struct number least = { random_below(40), 0 }, most = { 40 + random_below(40), 0 };
	struct value some[3];
	size_t i;

	switch (random_below(4)) {
	case 0:
		for (i = 0; i < 3; i++)
			some[i] = value_of_str(random_text(a));
		return value_one_of(a, "not known", some, 3);
	case 1:
		return value_between(a, "not known", &least, &most);
	case 2:
		some[0] = value_of_str(random_text(a));
		some[1] = value_gap(a, "Gap", "not known", CHARS_LOWER, 1, 5);
		return value_concat(a, some, 2);
	default:
		return value_unknown("not known");
	}
}

static struct value random_member(struct arena *a)
{
	unsigned which = random_below(10);

	if (which == 0)
		return random_unknown(a);
	return which < 3 ? random_scalar(a) : value_of_str(random_text(a));
}

static struct value random_list(struct arena *a)
{
	struct value list = { .kind = VALUE_LIST, .n = random_below(5) }, *items;
	uint32_t i;

	list.items = items = ARENA_ARRAY(a, list.n, struct value);
	for (i = 0; i < list.n; i++)
		items[i] = random_member(a);
	list.flags = random_below(6) == 0 ? VALUE_OPEN : 0;
	return list;
}

/* No key twice, in any order. */
static struct value random_map(struct arena *a)
{
	struct value map = { .kind = VALUE_MAP };
	struct entry *entries = ARENA_ARRAY(a, 8, struct entry);
	unsigned first = random_below(6), i;

	for (i = 0; i < 6; i++) {
		if (random_below(3) == 0)
			continue;
		entries[map.n].key = str_of(keys[(first + i * 5) % 6]);
		entries[map.n++].value = random_member(a);
	}
	map.entries = entries;
	map.flags = random_below(6) == 0 ? VALUE_OPEN : 0;
	return map;
}

static struct value random_value(struct arena *a, unsigned form)
{
	if (random_below(12) == 0)
		return random_unknown(a);
	switch (random_below(8) == 0 ? random_below(4) : form) {
	case 0:
		return value_of_str(random_text(a));
	case 1:
		return random_list(a);
	case 2:
		return random_map(a);
	default:
		return random_scalar(a);
	}
}

static void random_resource(struct resource *r, struct source *source, struct arena *a)
{
	resource_init(r, source, (struct place){ 0, 0 }, SOURCE_JSON);
	r->slots[FIELD_NAME] = random_value(a, 0);
	r->slots[FIELD_STATE] = random_value(a, 0);
	r->slots[FIELD_BUCKET_NAME] = random_value(a, 0);
	r->slots[FIELD_RECONNECT_WINDOW] = random_value(a, 3);
	r->slots[FIELD_THUMBNAIL_INTERVAL] = random_value(a, 3);
	r->slots[FIELD_RENDITIONS] = random_value(a, 1);
	r->slots[FIELD_TAGS] = random_value(a, 2);
}

/* ---- rules ------------------------------------------------------------------- */

static const char *const requires[] = {
	"{state: ACTIVE}",
	"{state: {not_equals: ACTIVE}}",
	"{recordingReconnectWindowSeconds: {min: 5, max: 60}}",
	"{recordingReconnectWindowSeconds: {greater_than: 5, less_than: 60}}",
	"{recordingReconnectWindowSeconds: {min: 5, max: 60.5, multiple_of: 5}}",
	"{recordingReconnectWindowSeconds: {min: -4, multiple_of: 0.5}}",
	"{recordingReconnectWindowSeconds: 60}",
	"{recordingReconnectWindowSeconds: {not_equals: 60}}",
	"{thumbnailConfiguration.targetIntervalSeconds: {multiple_of: 5}}",
	"{thumbnailConfiguration.targetIntervalSeconds: {multiple_of: 10000000000}}",
	"{thumbnailConfiguration.targetIntervalSeconds: {max: {field: "
	"recordingReconnectWindowSeconds}}}",
	"{name: {matches: '^acme-(dev|stage|prod)-ivs-[a-z0-9-]+$'}}",
	"{name: {not_matches: 'dev'}}",
	"{name: {matches: '^(a+)+$'}}",
	"{name: {matches: '^(a+)+$'}, state: ACTIVE}",
	"{any: [{name: {matches: '^(a+)+$'}}, {state: ACTIVE}]}",
	"{tags: {values: {not_matches: '^(a+)+$'}}, state: ACTIVE}",
	"{tags: {some: {value: {matches: '^(a+)+$'}}}}",
	"{tags: {has_keys: [Owner, Environment]}}",
	"{tags: {has_any_key: [Owner, Environment]}}",
	"{tags: {lacks_keys: [Team]}}",
	"{tags: {allowed_values: {Environment: [dev, stage, prod], Owner: [a, 'acme-*']}}}",
	"{tags.Environment: {in: [dev, stage, prod]}}",
	"{tags.Environment: {not_in: [dev, stage, prod]}}",
	"{tags.Level: {exists: true}}",
	"{tags: {exists: false}}",
	"{renditionConfiguration.renditions: {contains: FULL_HD}}",
	"{renditionConfiguration.renditions: {not_contains: HD}}",
	"{renditionConfiguration.renditions: {contains: {field: tags.a}}}",
	"{destinationConfiguration.s3.bucketName: {contains: {field: tags.Environment}}}",
	"{destinationConfiguration.s3.bucketName: {contains: {field: tags.Environment, else: "
	"dev}}}",
	"{destinationConfiguration.s3.bucketName: {not_contains: dev}}",
	"{destinationConfiguration.s3.bucketName: {equals: {format: "
	"'acme-{tags.Environment}-ivs-x'}}}",
	"{none: [{state: ACTIVE}, {name: a}]}",
	"{not: {any: [{state: ACTIVE}, {name: a}]}}",
	"{not: {state: ACTIVE, name: a}}",
	"{not: {none: [{state: ACTIVE}, {name: a}]}}",
	"{not: {not: {recordingReconnectWindowSeconds: {min: 5, max: 60}}}}",
	"{not: {recordingReconnectWindowSeconds: {min: 5}}, none: [{name: b}]}",
	"{all: [{state: ACTIVE}, {any: [{name: a}, {tags.Owner: a}]}, {name: {in: [a, b]}}]}",
};

static const char *const whens[] = {
	"",
	"",
	"",
	"",
	"when: {state: ACTIVE}",
	"when: {tags.Environment: prod}",
	"when: {none: [{tags.Environment: dev}], name: {exists: true}}",
	"when: {any: [{name: a}, {state: ACTIVE}]}",
	"when: {name: {matches: '^(a+)+$'}}",
	"when: {recordingReconnectWindowSeconds: {min: 1, max: 50}}",
};

#define N_REQUIRES (sizeof(requires) / sizeof(*requires))
#define N_WHENS    (sizeof(whens) / sizeof(*whens))

static struct policy *load(struct buf *text)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct policy *p;
	struct err err;
	size_t i, k;

	mistakes_init(&mistakes, &arena);
	*text = BUF_INIT(0);
	buf_puts(text, "version: 1\nrules:\n");
	for (i = 0; i < N_REQUIRES; i++)
		for (k = 3; k < N_WHENS; k++)
			buf_printf(text,
				   "  - id: r%zu-%zu\n    title: T\n    severity: low\n    %s\n"
				   "    require: %s\n",
				   i, k, whens[k], requires[i]);
	buf_puts(text, "  - id: off\n    title: T\n    severity: low\n    enabled: false\n"
		       "    require: {state: ACTIVE}\n");
	p = policy_load_text("policy.yaml", buf_str(text), NULL, &mistakes, &err);
	if (p == NULL) {
		mistakes_print(&mistakes, text);
		fail_msg("%s", buf_str(text).data);
	}
	mistakes_release(&mistakes);
	arena_release(&arena);
	return p;
}

/* Where keys were found last may be anything. */
static void forget(struct judge *j)
{
	size_t i;

	if (j->near != NULL && random_below(3) == 0)
		for (i = 0; i < JUDGE_SITES; i++)
			j->near[i] = (uint8_t)(random_below(4) == 0 ? UINT8_MAX : random_below(7));
}

static void same_verdicts(void **state)
{
	struct arena arena = ARENA_INIT, scratch = ARENA_INIT;
	uint8_t near[JUDGE_SITES] = { 0 };
	struct judge flat = { .arena = &scratch, .near = near }, single = { .arena = &scratch };
	unsigned seen[N_VERDICTS] = { 0 };
	struct entry entry = { .key = STR("Owner"), .value = value_of_str(STR(TOO_MUCH)) };
	struct value too_much = { .kind = VALUE_MAP, .n = 1, .entries = &entry };
	struct outcome *outcomes;
	struct source source;
	struct resource r;
	struct buf text;
	struct policy *p = load(&text);
	const struct policy_inside *in = p->inside;
	size_t i, k, n, next;
	enum verdict verdict;

	(void)state;
	source_init(&source, "given.json", STR(""));
	outcomes = mem_alloc((in->n_singles + 1) * sizeof(*outcomes));
	for (i = 0; i < 1000; i++) {
		random_resource(&r, &source, &arena);
		if (i % 200 == 0)
			r.slots[FIELD_NAME] = value_of_str(STR(TOO_MUCH));
		if (i % 200 == 100)
			r.slots[FIELD_TAGS] = too_much;
		forget(&flat);
		n = checks_run(&in->base, &r, &flat, outcomes);
		assert_null(flat.error);
		for (k = 0, next = 0; k < in->n_singles; k++) {
			forget(&single);
			verdict = verdict_of(in->base.singles[k], &r, &single);
			seen[verdict]++;
			if (verdict == VERDICT_PASS)
				continue;
			assert_true(next < n);
			if (outcomes[next].c != in->base.singles[k] ||
			    outcomes[next].verdict != verdict)
				fail_msg("resource %zu, %.*s", i,
					 STR_ARG(in->base.singles[k]->rule->id));
			assert_int_equal(outcomes[next++].unsure, 0);
		}
		assert_int_equal(next, n);
		arena_reset(&scratch);
		arena_reset(&arena);
	}
	assert_true(seen[VERDICT_PASS] > 1000 && seen[VERDICT_FAIL] > 1000 &&
		    seen[VERDICT_UNDECIDED] > 1000 && seen[VERDICT_ERROR] > 50 &&
		    seen[VERDICT_NOT_APPLICABLE] > 1000);
	free(outcomes);
	policy_free(p);
	buf_release(&text);
	arena_release(&scratch);
	arena_release(&arena);
}

/* ---- operators ----------------------------------------------------------------- */

/* What is said of has_keys: the key is there, and its value is. */
static enum truth expect_keys(const struct value *v, const struct str *wanted, size_t n)
{
	const struct value *found;
	size_t i;

	if (v->kind == VALUE_UNKNOWN)
		return TRUTH_UNKNOWN;
	for (i = 0; i < n; i++) {
		found = v->kind == VALUE_MAP ? value_get(v, wanted[i]) : NULL;
		if (found == NULL || !value_is_there(found))
			return v->kind == VALUE_MAP && (v->flags & VALUE_OPEN) != 0 ? TRUTH_UNKNOWN
										    : TRUTH_FALSE;
	}
	return TRUTH_TRUE;
}

static bool holds_text(struct str text, struct str needle)
{
	size_t i;

	for (i = 0; i + needle.len <= text.len; i++)
		if (memcmp(text.data + i, needle.data, needle.len) == 0)
			return true;
	return false;
}

static struct ops *compile(const struct scope *scope, struct type type, const char *op,
			   const struct value *operand)
{
	struct entry *entry = ARENA_NEW(scope->arena, struct entry);
	struct value *node = ARENA_NEW(scope->arena, struct value);
	struct ops *ops;

	*entry = (struct entry){ .key = str_of(op), .value = *operand };
	*node = (struct value){ .kind = VALUE_MAP, .n = 1, .entries = entry };
	ops = ops_compile(scope, "it", type, node);
	assert_non_null(ops);
	return ops;
}

struct bench {
	struct arena arena, scratch;
	struct mistakes mistakes;
	struct source source;
	struct params params;
	struct scope scope;
	struct judge judge;
	uint8_t near[JUDGE_SITES];
};

static void bench_init(struct bench *b)
{
	*b = (struct bench){ .arena = ARENA_INIT };
	mistakes_init(&b->mistakes, &b->arena);
	source_init(&b->source, "policy.yaml", STR(""));
	b->judge.arena = &b->scratch;
	b->judge.near = b->near;
	b->scope = (struct scope){ KINDS_RECORDING_CONFIGURATION, &b->params, &b->source,
				   &b->mistakes, &b->arena };
}

static void bench_release(struct bench *b)
{
	mistakes_release(&b->mistakes);
	arena_release(&b->scratch);
	arena_release(&b->arena);
}

static void has_keys(void **state)
{
	static const struct type map = { TYPE_MAP, TYPE_STRING };
	struct value items[3], list = { .kind = VALUE_LIST, .items = items };
	struct str wanted[3];
	struct bench b;
	struct ops *ops;
	struct value v;
	size_t i, k;

	(void)state;
	bench_init(&b);
	for (i = 0; i < 200; i++) {
		list.n = 1 + random_below(3);
		for (k = 0; k < list.n; k++)
			items[k] = value_of_str(wanted[k] = str_of(PICK(keys)));
		ops = compile(&b.scope, map, "has_keys", &list);
		for (k = 0; k < 50; k++) {
			v = random_value(&b.scratch, 2);
			if ((v.flags & VALUE_PARTIAL) != 0)
				continue; /* known_test's */
			forget(&b.judge);
			assert_int_equal(ops_judge(ops, &v, NULL, &b.judge),
					 expect_keys(&v, wanted, list.n));
		}
		arena_reset(&b.scratch);
		ops_release(ops);
	}
	bench_release(&b);
}

/* Needles of all lengths in texts of all lengths, of few letters so that much is alike. */
static void contains(void **state)
{
	static const struct type string = { TYPE_STRING, TYPE_NONE };
	char needle[80], *text;
	struct value operand, v;
	struct bench b;
	struct ops *ops;
	size_t i, k, n, len, at, yes = 0;

	(void)state;
	bench_init(&b);
	for (i = 0; i < 500; i++) {
		n = random_below(random_below(5) == 0 ? 70 : 12);
		for (k = 0; k < n; k++)
			needle[k] = "ab-"[random_below(random_below(3) == 0 ? 3 : 2)];
		operand = value_of_str((struct str){ needle, n });
		ops = compile(&b.scope, string, "contains", &operand);
		for (k = 0; k < 100; k++) {
			len = random_below(90);
			text = mem_alloc(len);
			for (at = 0; at < len; at++)
				text[at] = "ab-"[random_below(random_below(3) == 0 ? 3 : 2)];
			if (len >= n && n != 0 && random_below(2) == 0)
				memcpy(text + random_below((unsigned)(len - n) + 1), needle, n);
			v = value_of_str((struct str){ text, len });
			yes += holds_text(value_str(&v), value_str(&operand));
			assert_int_equal(ops_judge(ops, &v, NULL, &b.judge),
					 truth_of(holds_text(value_str(&v), value_str(&operand))));
			free(text);
		}
		arena_reset(&b.scratch);
		ops_release(ops);
	}
	assert_true(yes > 10000);
	bench_release(&b);
}

/* One of a list, short texts and long ones, and the values that a key may have. */
static void one_of(void **state)
{
	static const struct type string = { TYPE_STRING, TYPE_NONE };
	static const struct type map = { TYPE_MAP, TYPE_STRING };
	struct value items[20], list = { .kind = VALUE_LIST, .items = items }, v, m;
	struct entry allowed = { .key = STR("a") }, entry = { .key = STR("a") };
	struct value allow = { .kind = VALUE_MAP, .n = 1, .entries = &allowed };
	struct ops *in, *values;
	struct bench b;
	enum truth truth;
	size_t i, k, j;

	(void)state;
	bench_init(&b);
	for (i = 0; i < 300; i++) {
		list.n = 1 + random_below(i % 2 == 0 ? 4 : 20);
		for (k = 0; k < list.n; k++)
			items[k] = value_of_str(random_text(&b.arena));
		allowed.value = list;
		in = compile(&b.scope, string, "in", &list);
		values = compile(&b.scope, map, "allowed_values", &allow);
		for (k = 0; k < 50; k++) {
			v = value_of_str(random_text(&b.scratch));
			entry.value = v;
			m = (struct value){ .kind = VALUE_MAP, .n = 1, .entries = &entry };
			for (truth = TRUTH_FALSE, j = 0; j < list.n; j++)
				if (value_equal(&items[j], &v))
					truth = TRUTH_TRUE;
			forget(&b.judge);
			assert_int_equal(ops_judge(in, &v, NULL, &b.judge), truth);
			assert_int_equal(ops_judge(values, &m, NULL, &b.judge), truth);
		}
		arena_reset(&b.scratch);
		ops_release(in);
		ops_release(values);
	}
	bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_verdicts),
		cmocka_unit_test(has_keys),
		cmocka_unit_test(contains),
		cmocka_unit_test(one_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
