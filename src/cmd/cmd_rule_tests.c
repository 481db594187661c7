/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint test: runs the tests that the rules of policies carry, and says what
 * those tests are worth: coverage of conditions, and changes that they notice.
 */
#include "base/log.h"
#include "base/text.h"
#include "cmd/settings_inside.h"
#include "rule/coverage.h"
#include "rule/mutate.h"
#include "rule/rule_test_run.h"

SETTINGS_SWITCH(take_coverage, coverage)
SETTINGS_SWITCH(take_mutate, mutate)

static int percentage(const char *value, unsigned *to, struct err *err)
{
	unsigned n = 0;
	const char *p;

	for (p = value; *p >= '0' && *p <= '9' && n <= 100; p++)
		n = n * 10 + (unsigned)(*p - '0');
	if (p == value || *p != '\0' || n > 100)
		return err_set(err, ERR_USAGE, "'%s' is not a whole number from 0 to 100", value);
	*to = n;
	return 0;
}

static int take_min_coverage(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	s->coverage = true;
	return percentage(value, &s->min_coverage, err);
}

static int take_min_score(void *to, const char *value, struct err *err)
{
	struct settings *s = to;

	s->mutate = true;
	return percentage(value, &s->min_score, err);
}

const struct opt cmd_test_opts[] = {
	{ "coverage", 0, NULL, "say which conditions no test decides both ways", take_coverage },
	{ "min-coverage", 0, "N",
	  "exit status 1 where coverage is below N percent; implies --coverage",
	  take_min_coverage },
	{ "mutate", 0, NULL, "change each rule in small ways; say which changes no test notices",
	  take_mutate },
	{ "min-score", 0, "N",
	  "exit status 1 where less than N percent of the changes are noticed; implies --mutate",
	  take_min_score },
	OPT_END,
};

static const struct opt *const tables[] = { cmd_test_opts, cmd_policy_opts, cmd_chatter_opts,
					    NULL };

struct counts {
	struct buf *out;
	const struct settings *s;
	size_t passed, failed;
	struct coverage coverage;
	struct mutation mutation;
};

static void put_place(struct counts *c, const struct rule *rule, struct place place)
{
	text_put_visible(c->out, str_of(rule->source->name));
	buf_printf(c->out, ":%u:%u: ", place.line, place.column);
}

static void take_node(void *to, const struct coverage_node *node)
{
	struct counts *c = to;
	bool yes = node->found[TRUTH_TRUE] != 0, no = node->found[TRUTH_FALSE] != 0;

	if (yes && no)
		return;
	put_place(c, node->rule, node->place);
	buf_puts(c->out, "not covered: ");
	text_put_visible(c->out, node->rule->id);
	buf_puts(c->out, node->in_when ? ": when: " : ": require: ");
	text_put_visible(c->out, node->text);
	buf_printf(c->out, ": no test finds it %s\n",
		   yes  ? "false"
		   : no ? "true"
			: "either true or false");
}

static void take_survivor(void *to, const struct survivor *s)
{
	struct counts *c = to;

	put_place(c, s->rule, s->place);
	buf_puts(c->out, "not noticed: ");
	text_put_visible(c->out, s->rule->id);
	buf_puts(c->out, ": ");
	text_put_visible(c->out, s->what);
	buf_putc(c->out, '\n');
}

/* Whole percents, rounded down: 100 is all of them. */
static unsigned percent(size_t part, size_t all)
{
	return all != 0 ? (unsigned)(part * 100 / all) : 100;
}

static void put_coverage(const struct coverage *sum, struct buf *b)
{
	buf_printf(b,
		   "coverage: %zu of %zu outcomes of %zu condition%s, %u %%; "
		   "%zu also undecided\n",
		   sum->decided, 2 * sum->conditions, sum->conditions,
		   sum->conditions == 1 ? "" : "s", percent(sum->decided, 2 * sum->conditions),
		   sum->undecided);
}

/* Nothing is noticed by tests that fail anyway. */
static unsigned score(const struct mutation *sum)
{
	if (sum->noticed == 0 && sum->unfit != 0)
		return 0;
	return percent(sum->noticed, sum->noticed + sum->survived);
}

static void put_mutation(const struct mutation *sum, struct buf *b)
{
	buf_printf(b, "mutation: %zu of %zu changes noticed, %u %%", sum->noticed,
		   sum->noticed + sum->survived, score(sum));
	if (sum->unfit != 0)
		buf_printf(b, "; not changed for tests that fail as they are: %zu rule%s",
			   sum->unfit, sum->unfit == 1 ? "" : "s");
	if (sum->left_out != 0)
		buf_printf(b, "; %zu changes were not tried", sum->left_out);
	buf_putc(b, '\n');
}

static void coverage_add(struct coverage *to, const struct coverage *more)
{
	to->conditions += more->conditions;
	to->decided += more->decided;
	to->undecided += more->undecided;
}

static void mutation_add(struct mutation *to, const struct mutation *more)
{
	to->noticed += more->noticed;
	to->survived += more->survived;
	to->left_out += more->left_out;
	to->unfit += more->unfit;
}

/* What the tests of one rule are worth; a line for each under -v. */
static void weigh_rule(struct policy *policy, const struct rule *rule, struct counts *c)
{
	struct coverage coverage = { 0 };
	struct mutation mutation = { 0 };
	bool verbose = log_level_now() >= LOG_VERBOSE;

	if (c->s->coverage) {
		coverage_rule(policy, rule, take_node, c, &coverage);
		coverage_add(&c->coverage, &coverage);
		if (verbose) {
			text_put_visible(c->out, rule->id);
			buf_puts(c->out, ": ");
			put_coverage(&coverage, c->out);
		}
	}
	if (c->s->mutate) {
		mutate_rule(policy, rule, take_survivor, c, &mutation);
		mutation_add(&c->mutation, &mutation);
		if (verbose) {
			text_put_visible(c->out, rule->id);
			buf_puts(c->out, ": ");
			put_mutation(&mutation, c->out);
		}
	}
}

static bool is_below(const char *what, unsigned got, unsigned least)
{
	if (got >= least)
		return false;
	log_error("test: %s is %u %%, and at least %u %% is asked for", what, got, least);
	return true;
}

static bool put_sums(const struct counts *c)
{
	bool below = false;

	if (c->s->coverage) {
		put_coverage(&c->coverage, c->out);
		below = is_below("the coverage",
				 percent(c->coverage.decided, 2 * c->coverage.conditions),
				 c->s->min_coverage);
	}
	if (c->s->mutate) {
		put_mutation(&c->mutation, c->out);
		if (is_below("the score of the mutation", score(&c->mutation), c->s->min_score))
			below = true;
	}
	return below;
}

static void take_result(void *to, const struct rule_test_result *r)
{
	struct counts *c = to;
	struct place place = source_place(r->source, r->place);

	if (r->passed)
		c->passed++;
	else
		c->failed++;
	if (r->passed && log_level_now() < LOG_VERBOSE)
		return;
	text_put_visible(c->out, str_of(r->source->name));
	buf_printf(c->out, ":%u: %s: ", place.line, r->passed ? "ok" : "FAILED");
	text_put_visible(c->out, r->rule->id);
	if (r->name.len != 0) {
		buf_puts(c->out, ": ");
		text_put_visible(c->out, r->name);
	}
	if (!r->passed) {
		buf_puts(c->out, ": ");
		text_put_visible(c->out, r->said);
	}
	buf_putc(c->out, '\n');
}

static int test_policy(struct policy *policy, struct counts *c)
{
	size_t i;

	if (policy == NULL)
		return STATUS_USAGE;
	rule_tests_run(policy, take_result, c);
	for (i = 0; i < policy->n_rules; i++)
		if (policy_rule_judged(policy, &policy->rules[i]))
			weigh_rule(policy, &policy->rules[i], c);
	policy_free(policy);
	return STATUS_PASS;
}

static int run_test(int argc, char **argv)
{
	struct buf b = BUF_INIT(0);
	struct settings s;
	struct counts counts = { .out = &b, .s = &s };
	int status, worst = STATUS_PASS, n, i;
	bool below;

	n = settings_parse(&s, &cmd_test, argc, argv, &status);
	if (n == -1)
		return status;
	s.pack_tests = true;
	if (n == 0)
		worst = test_policy(settings_policy(&s), &counts);
	for (i = 1; i <= n; i++) {
		status = test_policy(settings_policy_named(&s, argv[i]), &counts);
		if (status > worst)
			worst = status;
	}
	buf_printf(&b, "rules: %zu passed, %zu failed\n", counts.passed, counts.failed);
	below = put_sums(&counts);
	if (worst == STATUS_PASS && (counts.failed != 0 || below))
		worst = STATUS_FINDINGS;
	/* a run without a test has shown nothing */
	if (worst == STATUS_PASS && counts.passed == 0)
		worst = STATUS_INCOMPLETE;
	/* a policy that did not load has been told of, and was not tested */
	status = worst != STATUS_USAGE || counts.passed + counts.failed != 0 ? cmd_print(&b)
									     : STATUS_PASS;
	buf_release(&b);
	return status > worst ? status : worst;
}

const struct cmd cmd_test = {
	.name = "test",
	.operands = "[POLICY...]",
	.text = "Runs the tests that rules carry; a rule without one fails",
	.opts = tables,
	.run = run_test,
};
