/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests that rules carry, run. A test sees the rule as its author wrote it, with
 * the parameters that its own file sets, so that a team's policy never changes what a
 * pack's tests say: no `configure`, no overrides, no waivers.
 */
#include "rule/rule_test_run.h"

#include "base/text.h"
#include "rule/engine.h"
#include "rule/group.h"
#include "rule/rule_test_read.h"
#include "rule/variant.h"
#include "rule/verdict.h"

/* What running passes around. */
struct run {
	struct policy *p;
	struct tally tally; /* of group rules; nobody asks for it */
	struct buf text;
	const struct rule_test_watch *watch;
	size_t n_failed;
	/* the verdicts of a group test, one after the other */
	struct rule_test *test;
	struct rule_test_result *result;
	size_t at;
};

static void say(struct run *run, struct rule_test_result *result)
{
	if (result->said.len == 0) {
		result->said = arena_buf(run->test->arena, &run->text);
		result->passed = false;
	}
	buf_clear(&run->text);
}

/* Holds one verdict against what the test expects of the configuration `at`. */
static void compare(struct run *run, const struct finding *f)
{
	const struct rule_test *t = run->test;
	const struct value *expect = t->expect;
	struct str said = f->verdict == VERDICT_FAIL ? f->message : f->reason;
	enum verdict expected = VERDICT_PASS;

	if (run->watch->verdict != NULL)
		run->watch->verdict(run->watch->to, f->verdict);
	if (expect->kind == VALUE_LIST)
		expect = &expect->items[run->at];
	rule_test_verdict(value_str(expect), &expected);
	buf_clear(&run->text);
	if (t->given->kind == VALUE_LIST)
		buf_printf(&run->text, "configuration %zu: ", run->at + 1);
	if (f->verdict != expected) {
		buf_printf(&run->text, "expected %s, got %s", verdict_name(expected),
			   verdict_name(f->verdict));
		if (said.len != 0) {
			buf_puts(&run->text, ": ");
			buf_put_str(&run->text, said);
		}
		say(run, run->result);
	} else if (!text_has(said, t->message)) {
		buf_puts(&run->text, "the message lacks ");
		text_put_quoted(&run->text, t->message, LIMIT_SHOWN_VALUE);
		buf_puts(&run->text, ": ");
		buf_put_str(&run->text, said);
		say(run, run->result);
	}
}

static int compare_group(void *to, const struct judgement *j)
{
	struct run *run = to;

	compare(run, &j->findings[0]);
	run->at++;
	return 0;
}

static void run_group(struct run *run, const struct compiled *c)
{
	struct rule_test *t = run->test;
	struct groups *groups = groups_new(NULL, &c, 1, 0, true);
	struct resource *r;
	struct group_fact fact;
	struct group_member member;
	uint32_t i;

	for (i = 0; i < t->given->n; i++) {
		r = ARENA_NEW(t->arena, struct resource);
		if (t->given->items[i].kind != VALUE_MAP ||
		    !rule_test_fill(t, &t->given->items[i], i + 1, r))
			goto out;
		if (run->watch->given != NULL)
			run->watch->given(run->watch->to, c, r);
		group_look(c, c, r, true, t->arena, &member);
		fact = (struct group_fact){ .place = r->place, .members = &member };
		resource_subject(r, t->arena, &fact.subject);
		groups_add(groups, &fact);
	}
	groups_finish(groups, &run->tally, compare_group, run);
out:
	groups_free(groups);
}

static void run_single(struct run *run, const struct compiled *c)
{
	struct rule_test *t = run->test;
	struct resource *r = ARENA_NEW(t->arena, struct resource);
	struct buf text = BUF_INIT(1 << 20);
	struct evidence e;
	struct explain x;
	struct finding f;
	enum verdict verdict;

	if (!rule_test_fill(t, t->given, 1, r))
		return;
	if (run->watch->given != NULL)
		run->watch->given(run->watch->to, c, r);
	explain_init(&x, t->arena, &text);
	verdict = verdict_of(c, r, &x.judge);
	explain_verdict(&x, c, verdict, r, &f, &e);
	buf_release(&text);
	compare(run, &f);
}

/* A test that could not be run says what is wrong with it. */
static void say_mistake(struct run *run, const struct mistakes *m)
{
	buf_clear(&run->text);
	buf_puts(&run->text, m->list[0].text);
	say(run, run->result);
}

static void run_test(struct run *run, const struct rule *rule, const struct value *node)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct rule_test t = {
		.p = run->p, .rule = rule, .shape = { rule->source, &mistakes }, .arena = &arena
	};
	struct rule_test_result result = { rule,    STR(""),      true,       true,
					   STR(""), rule->source, node->place };
	struct compiled c = { .rule = rule };

	mistakes_init(&mistakes, &arena);
	run->test = &t;
	run->result = &result;
	run->at = 0;
	rule_test_read(&t, node);
	result.name = t.name;
	if (mistakes.n == 0)
		variant_compile_plain(rule, &t.in_force, &arena, &mistakes, &c);
	if (mistakes.n == 0 && rule->group_by != NULL)
		run_group(run, &c);
	else if (mistakes.n == 0)
		run_single(run, &c);
	if (mistakes.n != 0)
		say_mistake(run, &mistakes);
	result.ran = mistakes.n == 0;
	run->n_failed += !result.passed;
	if (run->watch->take != NULL)
		run->watch->take(run->watch->to, &result);
	run->test = NULL;
	run->result = NULL;
	compiled_release(&c);
	mistakes_release(&mistakes);
	arena_release(&arena);
}

static void run_rule(struct run *run, const struct rule *rule)
{
	struct rule_test_result none = {
		rule, STR(""), false, false, STR("carries no test"), rule->source, rule->place
	};
	uint32_t i;

	if (rule->tests == NULL || rule->tests->n == 0) {
		run->n_failed++;
		if (run->watch->take != NULL)
			run->watch->take(run->watch->to, &none);
		return;
	}
	for (i = 0; i < rule->tests->n; i++) {
		run_test(run, rule, &rule->tests->items[i]);
		if (run->watch->stop && run->n_failed != 0)
			return;
	}
}

size_t rule_tests_watch(struct policy *p, const struct rule *rule,
			const struct rule_test_watch *watch)
{
	struct arena arena = ARENA_INIT;
	struct run run = { .p = p, .watch = watch, .text = BUF_INIT(1 << 20) };

	tally_init(&run.tally, p, &arena);
	run_rule(&run, rule);
	buf_release(&run.text);
	arena_release(&arena);
	return run.n_failed;
}

size_t rule_tests_run(struct policy *p, rule_test_take *take, void *to)
{
	const struct rule_test_watch watch = { .take = take, .to = to };
	size_t i, n_failed = 0;

	for (i = 0; i < p->n_rules; i++)
		if (p->inside->rules[i].judged)
			n_failed += rule_tests_watch(p, &p->rules[i], &watch);
	return n_failed;
}
