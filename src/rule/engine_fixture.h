/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of the engine: policies and configurations in, what is said of them out. A
 * case is a policy, a list of configurations, and the lines that they must give.
 */
#ifndef RULE_ENGINE_FIXTURE_H
#define RULE_ENGINE_FIXTURE_H

#include "base/folder_fixture.h"

#include "base/text.h"
#include "model/yaml.h"
#include "rule/engine.h"

/* no pack is needed */
const struct pack pack_table[] = { { "", "", 0, NULL } };
const size_t pack_n = 0;

#define FILE_NAME "policy.yaml"

/* A case while it runs. */
struct scene {
	struct arena arena;
	struct buf out;
	struct policy *p;
	struct engine *e;
	struct engine_worker *w;
	struct tally total;
};

static inline void print_finding(struct buf *b, const char *head, const struct finding *f)
{
	buf_printf(b, "%s %.*s %s %s", head, STR_ARG(f->rule->id), verdict_name(f->verdict),
		   severity_name(f->severity));
	if (f->verdict == VERDICT_UNDECIDED || f->verdict == VERDICT_ERROR) {
		assert_true(str_starts(f->message, f->rule->id));
		buf_printf(b, ": %.*s\n", STR_ARG(f->reason));
		return;
	}
	if (f->message.len != 0)
		buf_printf(b, ": %.*s", STR_ARG(f->message));
	if (f->reason.len != 0)
		buf_printf(b, " [%.*s]", STR_ARG(f->reason));
	if (f->verdict == VERDICT_WAIVED)
		buf_printf(b, " (%d days left)", f->waiver_days_left);
	buf_putc(b, '\n');
}

static inline void print_judgement(struct scene *s, const struct judgement *j)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < j->n_findings; i++) {
		print_finding(&s->out, arena_printf(&s->arena, "%.*s", STR_ARG(j->subject.id)),
			      &j->findings[i]);
		assert_ptr_equal(j->findings[i].rule,
				 policy_find_rule(s->p, j->findings[i].rule->id));
		if (j->findings[i].verdict == VERDICT_FAIL)
			assert_int_equal(strlen(j->findings[i].fingerprint), 64);
	}
	for (i = 0; i < N_VERDICTS; i++)
		sum += j->counts[i];
	if (!j->is_group && !engine_has_groups(s->e))
		assert_int_equal(sum, policy_n_enabled(s->p));
}

static inline int take(void *to, const struct judgement *j)
{
	assert_true(j->is_group);
	print_judgement(to, j);
	return 0;
}

static inline void scene_load(struct scene *s, const char *policy,
			      const struct policy_options *options)
{
	struct mistakes mistakes;
	struct buf text = BUF_INIT(0);
	struct err err;

	*s = (struct scene){ .out = BUF_INIT(0) };
	folder_file(FILE_NAME, policy);
	mistakes_init(&mistakes, &s->arena);
	s->p = policy_load(FILE_NAME, options, &mistakes, &err);
	if (s->p == NULL) {
		mistakes_print(&mistakes, &text);
		print_error("%s\n%s\n", err.text, buf_str(&text).data);
	}
	assert_non_null(s->p);
	mistakes_release(&mistakes);
}

/* A configuration as the API prints it; `unknown` and `summary` beside it. */
static inline void judge_one(struct scene *s, const struct value *node, size_t index)
{
	struct resource *r = ARENA_NEW(&s->arena, struct resource);
	struct source *source = ARENA_NEW(&s->arena, struct source);
	const struct value *unknown = value_get(node, STR("unknown"));
	struct value tree = *node;
	struct str *paths;
	struct entry *entries = ARENA_ARRAY(&s->arena, node->n, struct entry);
	struct judgement j;
	struct err err;
	uint32_t i, n = 0;

	for (i = 0; i < node->n; i++)
		if (!str_is(node->entries[i].key, "unknown"))
			entries[n++] = node->entries[i];
	tree.entries = entries;
	tree.n = n;
	paths = ARENA_ARRAY(&s->arena, unknown != NULL ? unknown->n : 0, struct str);
	for (i = 0; unknown != NULL && i < unknown->n; i++)
		paths[i] = value_str(&unknown->items[i]);
	source_init(source, "in.json", STR(""));
	resource_init(r, source, node->place, SOURCE_JSON);
	r->index = (uint32_t)index;
	if (resource_from_value(r, &tree, paths, unknown != NULL ? unknown->n : 0, &s->arena,
				&err) == -1)
		fail_msg("%s", err.text);
	engine_judge(s->w, r, &s->arena, &j);
	print_judgement(s, &j);
	engine_collect(s->e, &j);
}

static inline void scene_run(struct scene *s, const char *resources,
			     const struct engine_options *options)
{
	struct mistakes mistakes;
	struct source source;
	struct value list;
	uint64_t sum = 0;
	uint32_t i;

	mistakes_init(&mistakes, &s->arena);
	source_init(&source, "in.json", str_of(resources));
	assert_int_equal(yaml_read(&source, &s->arena, &list, &mistakes), 0);
	s->e = engine_new(s->p, options);
	s->w = engine_worker_new(s->e);
	for (i = 0; i < list.n; i++)
		judge_one(s, &list.items[i], i + 1);
	tally_init(&s->total, s->p, &s->arena);
	tally_add(&s->total, engine_worker_tally(s->w), s->p);
	assert_int_equal(engine_finish(s->e, &s->total, take, s), 0);
	/* The promise of every report: nothing is lost. */
	for (i = 0; i < N_VERDICTS; i++)
		sum += s->total.verdicts[i];
	assert_int_equal(s->total.resources, list.n);
	assert_int_equal(sum, list.n * policy_n_enabled(s->p));
	mistakes_release(&mistakes);
}

static inline void scene_release(struct scene *s)
{
	engine_worker_free(s->w);
	engine_free(s->e);
	policy_free(s->p);
	buf_release(&s->out);
	arena_release(&s->arena);
}

struct example {
	const char *policy, *resources, *want;
	bool all;
	const char *set; /* of --set; one */
};

static inline int32_t day(const char *text)
{
	int32_t d = 0;

	assert_true(text_day(str_of(text), &d));
	return d;
}

static inline void run_examples(const struct example *list, size_t n)
{
	struct engine_options options = { .as_of = day("2027-03-01") };
	struct policy_options with = { 0 };
	struct scene s;
	size_t i;

	for (i = 0; i < n; i++) {
		with = (struct policy_options){ .set = &list[i].set, .n_set = list[i].set != NULL };
		options.all = list[i].all;
		scene_load(&s, list[i].policy, &with);
		scene_run(&s, list[i].resources, &options);
		if (!str_is(buf_str(&s.out), list[i].want))
			print_error("case %zu:\n%s", i, list[i].policy);
		assert_string_equal(buf_str(&s.out).data, list[i].want);
		scene_release(&s);
	}
}
#define RUN(list) run_examples(list, sizeof(list) / sizeof((list)[0]))

#define RULE(id, body) "  - id: " id "\n    title: T\n    severity: medium\n    " body "\n"
#define RULES          "version: 1\nrules:\n"

#endif
