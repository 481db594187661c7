/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of several kinds over resources of several kinds: each rule has a verdict of
 * each resource of its kind, of no other, and overrides are asked for where they can be.
 */
#include "rule/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "model/mistake.h"
#include "rule/policy_inside.h"

static const char both[] =
    "version: 1\n"
    "rules:\n"
    "  - {id: a, kind: channel, title: T, severity: low, require: {type: BASIC}}\n"
    "  - {id: b, title: T, severity: low, require: {state: ACTIVE}}\n"
    "  - {id: c, kind: channel, title: T, severity: low, require: {tags: {has_keys: [Owner]}}}\n"
    "  - {id: d, title: T, severity: low, require: {tags: {has_keys: [Owner]}}}\n"
    "  - {id: e, kind: channel, title: T, severity: low, group_by: [region],\n"
    "     require: {name: {unique: true}}}\n"
    "  - {id: f, title: T, severity: low, group_by: [region], require: {group: {count: {max: "
    "1}}}}\n"
    "overrides:\n"
    "  - {when: {name: quiet}, configure: {c: {enabled: false}, d: {enabled: false}}}\n"
    "  - {when: {latencyMode: NORMAL}, configure: {a: {severity: high}}}\n"
    "  - {when: {state: CREATING}, configure: {b: {severity: high}}}\n";

struct scene {
	struct arena arena;
	struct source source;
	struct policy *p;
	struct engine *e;
	struct engine_worker *w;
	struct tally total;
	struct buf out;
};

static void put(struct scene *s, const struct judgement *j)
{
	size_t i;

	for (i = 0; i < j->n_findings; i++) {
		assert_int_equal(j->findings[i].rule->kind, j->subject.kind);
		buf_printf(&s->out, "%s%.*s %.*s %s %s", s->out.len != 0 ? "; " : "",
			   STR_ARG(j->subject.name), STR_ARG(j->findings[i].rule->id),
			   verdict_name(j->findings[i].verdict),
			   severity_name(j->findings[i].severity));
	}
}

static int take(void *to, const struct judgement *j)
{
	put(to, j);
	return 0;
}

static void begin(struct scene *s, const char *policy, bool all)
{
	const struct engine_options options = { .all = all };
	struct mistakes mistakes;
	struct err err;

	*s = (struct scene){ .out = BUF_INIT(0) };
	source_init(&s->source, "in.json", STR(""));
	mistakes_init(&mistakes, &s->arena);
	s->p = policy_load_text("text", str_of(policy), NULL, &mistakes, &err);
	if (s->p == NULL)
		fail_msg("%s", mistakes.n != 0 ? mistakes.list[0].text : err.text);
	mistakes_release(&mistakes);
	s->e = engine_new(s->p, &options);
	s->w = engine_worker_new(s->e);
}

static void add(struct scene *s, enum kind kind, const char *name, int field, const char *value)
{
	struct resource *r = ARENA_NEW(&s->arena, struct resource);
	struct judgement j;

	resource_init_kind(r, kind, &s->source, (struct place){ 1, 1 }, SOURCE_JSON);
	/* what another kind's row left there is nobody's */
	if (kind == KIND_RECORDING_CONFIGURATION)
		memset(&r->slots[FIELD_FIRST_OF_CHANNELS], 0xff,
		       (N_FIELDS - FIELD_FIRST_OF_CHANNELS) * sizeof(r->slots[0]));
	r->slots[FIELD_NAME] = value_of_str(str_of(name));
	r->slots[FIELD_REGION] = value_of_str(STR("eu-west-1"));
	r->slots[field] = value_of_str(str_of(value));
	resource_complete(r, policy_needs_of(s->p, kind), &s->arena);
	engine_judge(s->w, r, &s->arena, &j);
	put(s, &j);
	engine_collect(s->e, &j);
}

static void end(struct scene *s, const char *want)
{
	uint64_t due = 0, sum = 0, of;
	size_t i, k, v;

	tally_init(&s->total, s->p, &s->arena);
	tally_add(&s->total, engine_worker_tally(s->w), s->p);
	assert_int_equal(engine_finish(s->e, &s->total, take, s), 0);
	for (v = 0; v < N_VERDICTS; v++)
		sum += s->total.verdicts[v];
	for (k = 0; k < N_KINDS; k++)
		due += tally_resources(&s->total, (enum kind)k) *
		       policy_n_enabled_of(s->p, (enum kind)k);
	assert_int_equal(sum, due);
	for (i = 0; i < s->p->n_rules; i++) {
		for (of = 0, v = 0; v < N_VERDICTS; v++)
			of += s->total.rules[i][v];
		assert_int_equal(of, tally_resources(&s->total, s->p->rules[i].kind));
	}
	if (!str_is(buf_str(&s->out), want))
		fail_msg("'%.*s' is not '%s'", STR_ARG(buf_str(&s->out)), want);
	engine_worker_free(s->w);
	engine_free(s->e);
	policy_free(s->p);
	buf_release(&s->out);
	arena_release(&s->arena);
}

static void test_each_its_own(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, both, false);
	assert_int_equal(policy_kinds(s.p), KINDS_EVERY);
	assert_int_equal(policy_n_enabled_of(s.p, KIND_CHANNEL), 3);
	add(&s, KIND_RECORDING_CONFIGURATION, "one", FIELD_STATE, "ACTIVE");
	add(&s, KIND_CHANNEL, "live", FIELD_CHANNEL_TYPE, "BASIC");
	add(&s, KIND_CHANNEL, "quiet", FIELD_CHANNEL_LATENCY, "NORMAL");
	add(&s, KIND_RECORDING_CONFIGURATION, "quiet", FIELD_STATE, "CREATING");
	end(&s, "one d fail low; live c fail low; quiet a fail high; quiet b fail high; "
		"one f fail low; quiet f fail low");
}

static void test_passes(void **state)
{
	struct scene s;

	(void)state;
	begin(&s, both, true);
	add(&s, KIND_CHANNEL, "live", FIELD_CHANNEL_TYPE, "BASIC");
	end(&s, "live a pass low; live c fail low; live e pass low");
	begin(&s, both, true);
	end(&s, "");
}

/* The one kind that there is asks for nothing of the other. */
static void test_needs(void **state)
{
	static const char of_channels[] =
	    "version: 1\n"
	    "rules:\n"
	    "  - {id: a, kind: channel, title: T, severity: low, require: {type: BASIC},\n"
	    "     message: '{authorized}'}\n"
	    "waivers:\n"
	    "  - {rule: a, match: {preset: {exists: true}}, reason: R, expires: 2030-01-01}\n";
	static const char of_configurations[] =
	    "version: 1\n"
	    "rules:\n"
	    "  - {id: a, title: T, severity: low, require: {state: ACTIVE}}\n";
	struct scene s;

	(void)state;
	begin(&s, of_channels, false);
	assert_int_equal(policy_kinds(s.p), KINDS_CHANNEL);
	assert_true(policy_needs(s.p) == (FIELD_BIT(FIELD_ARN) | FIELD_BIT(FIELD_NAME)));
	assert_true(policy_needs_of(s.p, KIND_CHANNEL) ==
		    (FIELD_BIT(FIELD_ARN) | FIELD_BIT(FIELD_NAME) | FIELD_BIT(FIELD_CHANNEL_TYPE) |
		     FIELD_BIT(FIELD_CHANNEL_AUTHORIZED) | FIELD_BIT(FIELD_CHANNEL_PRESET)));
	add(&s, KIND_RECORDING_CONFIGURATION, "one", FIELD_STATE, "ACTIVE");
	end(&s, "");
	begin(&s, of_configurations, false);
	assert_int_equal(policy_kinds(s.p), KINDS_RECORDING_CONFIGURATION);
	assert_true((policy_needs(s.p) & ~field_set_of(KIND_RECORDING_CONFIGURATION)) == 0);
	end(&s, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_its_own),
		cmocka_unit_test(test_passes),
		cmocka_unit_test(test_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
