/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies and configurations in, what is said of them out: each case is a
 * policy, a list of configurations, and the lines that they must give.
 */
#include "rule/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "model/yaml.h"

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

static void write_file(const char *path, const char *text)
{
	struct err err;
	struct file_out *f = file_out_open(path, &err);

	assert_non_null(f);
	file_out_put(f, str_of(text));
	assert_int_equal(file_out_commit(f, &err), 0);
}

static void print_finding(struct buf *b, const char *head, const struct finding *f)
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

static void print_judgement(struct scene *s, const struct judgement *j)
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

static int take(void *to, const struct judgement *j)
{
	assert_true(j->is_group);
	print_judgement(to, j);
	return 0;
}

static void scene_load(struct scene *s, const char *policy, const struct policy_options *options)
{
	struct mistakes mistakes;
	struct buf text = BUF_INIT(0);
	struct err err;

	*s = (struct scene){ .out = BUF_INIT(0) };
	write_file(FILE_NAME, policy);
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
static void judge_one(struct scene *s, const struct value *node, size_t index)
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

static void scene_run(struct scene *s, const char *resources, const struct engine_options *options)
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

static void scene_release(struct scene *s)
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

static int32_t day(const char *text)
{
	int32_t d = 0;

	assert_true(text_day(str_of(text), &d));
	return d;
}

static void run_examples(const struct example *list, size_t n)
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

static void test_verdicts(void **state)
{
	static const struct example list[] = {
		{ .policy = RULES RULE("a", "require: {name: acme}"),
		  .resources = "[{name: acme}, {name: other}, {}]",
		  .want = "in.json#other a fail medium: name is other, expected acme\n"
			  "in.json#3 a fail medium: name is absent, expected acme\n" },
		/* when: false, unknown, and unknown where require holds or not */
		{ .policy = RULES RULE("a", "when: {tags.E: prod}\n    require: {name: acme}"),
		  .resources = "[{name: x, tags: {E: dev}}, {name: acme, unknown: [tags]}, "
			       "{name: y, unknown: [tags]}, {tags: {E: prod}, unknown: [name]}, "
			       "{name: z, tags: {E: dev}, unknown: [state]}]",
		  .want = "in.json#y a undecided medium: whether the rule applies is not known: "
			  "tags.E is unknown: said to be unknown by the test\n"
			  "in.json#4 a undecided medium: name is unknown: said to be unknown by "
			  "the test\n" },
		{ .policy = RULES RULE("a", "when: {tags.E: prod}\n    require: {name: acme}"),
		  .resources = "[{name: x, tags: {E: dev}}, {name: acme, tags: {E: prod}}]",
		  .all = true,
		  .want = "in.json#x a not-applicable medium ['when' does not hold: tags.E is dev, "
			  "expected prod]\n"
			  "in.json#acme a pass medium\n" },
		/* a pattern that hits its limits is an error, never a pass */
		{ .policy = RULES RULE("a", "require: {name: {not_matches: '(a+)+$'}}"),
		  .resources = "[{name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!}]",
		  .want =
		      "in.json#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! a error "
		      "medium: the pattern at policy.yaml:6 reached its step limit\n" },
		{ .policy = RULES RULE("a", "require: {name: acme, state: ACTIVE}"),
		  .resources = "[{name: x, state: CREATING}]",
		  .want = "in.json#x a fail medium: name is x, expected acme; state is CREATING, "
			  "expected ACTIVE\n" },
		{ .policy = RULES RULE("a", "require: {name: acme}\n    message: '{name} is not "
					    "{expected}'"),
		  .resources = "[{name: x}]",
		  .want = "in.json#x a fail medium: x is not acme\n" },
	};

	(void)state;
	RUN(list);
}

#define OVERRIDDEN                                                                                 \
	"version: 1\nparams: {n: {type: number, default: 10}}\n"                                   \
	"overrides:\n"                                                                             \
	"  - when: {tags.E: prod}\n    params: {n: 20}\n"                                          \
	"    configure: {b: {severity: critical}}\n"                                               \
	"  - when: {name: quiet}\n    configure: {a: {enabled: false}}\n"                          \
	"rules:\n" RULE("a", "require: {recordingReconnectWindowSeconds: {min: $n}}")              \
	    RULE("b", "require: {state: ACTIVE}")

static void test_overrides(void **state)
{
	static const struct example list[] = {
		{ .policy = OVERRIDDEN,
		  .resources = "[{name: x, recordingReconnectWindowSeconds: 15, state: CREATING}, "
			       "{name: p, tags: {E: prod}, recordingReconnectWindowSeconds: 15, "
			       "state: CREATING}, "
			       "{name: quiet, tags: {E: prod}, recordingReconnectWindowSeconds: 1, "
			       "state: ACTIVE}]",
		  .want =
		      "in.json#x b fail medium: state is CREATING, expected ACTIVE\n"
		      "in.json#p a fail medium: recordingReconnectWindowSeconds is 15, expected "
		      "at least 20\n"
		      "in.json#p b fail critical: state is CREATING, expected ACTIVE\n" },
		/* not known which holds: both ways agree for 5 and for b, not for 15 */
		{ .policy = OVERRIDDEN,
		  .resources = "[{name: x, recordingReconnectWindowSeconds: 5, state: CREATING, "
			       "unknown: [tags]}, "
			       "{name: y, recordingReconnectWindowSeconds: 15, state: ACTIVE, "
			       "unknown: [tags]}]",
		  .want =
		      "in.json#x a fail medium: recordingReconnectWindowSeconds is 5, expected "
		      "at least 10\n"
		      "in.json#x b fail critical: state is CREATING, expected ACTIVE\n"
		      "in.json#y a undecided medium: whether the override at policy.yaml:4 holds "
		      "is not known: tags.E is unknown: said to be unknown by the test\n" },
		/* --set is the last word */
		{ .policy = OVERRIDDEN,
		  .set = "n=12",
		  .resources = "[{name: p, tags: {E: prod}, recordingReconnectWindowSeconds: 15, "
			       "state: ACTIVE}, "
			       "{name: q, recordingReconnectWindowSeconds: 11, state: ACTIVE}]",
		  .want =
		      "in.json#q a fail medium: recordingReconnectWindowSeconds is 11, expected "
		      "at least 12\n" },
		{ .policy = OVERRIDDEN,
		  .all = true,
		  .resources = "[{name: quiet, state: ACTIVE}]",
		  .want = "in.json#quiet a not-applicable medium [an override disables the rule "
			  "here]\n"
			  "in.json#quiet b pass medium\n" },
		/* later ones win; a rule's own params of a file yield to an override's */
		{ .policy = "version: 1\nparams: {n: {type: number, default: 1}}\n"
			    "configure: {a: {params: {n: 2}}, b: {message: no}}\n"
			    "overrides:\n"
			    "  - {when: {tags.A: y}, params: {n: 3}}\n"
			    "  - {when: {tags.B: y}, params: {n: 4}, configure: {a: {params: {n: "
			    "5}}}}\n"
			    "  - {when: {tags.C: y}, params: {n: 6}}\n"
			    "rules:\n" RULE("a", "require: {recordingReconnectWindowSeconds: $n}")
				RULE("b", "require: {recordingReconnectWindowSeconds: $n}"),
		  .resources =
		      "[{name: z, recordingReconnectWindowSeconds: 0}, "
		      "{name: a, recordingReconnectWindowSeconds: 0, tags: {A: y}}, "
		      "{name: ab, recordingReconnectWindowSeconds: 0, tags: {A: y, B: y}}, "
		      "{name: bc, recordingReconnectWindowSeconds: 0, tags: {B: y, C: y}}]",
		  .want =
		      "in.json#z a fail medium: recordingReconnectWindowSeconds is 0, expected 2\n"
		      "in.json#z b fail medium: no\n"
		      "in.json#a a fail medium: recordingReconnectWindowSeconds is 0, expected 3\n"
		      "in.json#a b fail medium: no\n"
		      "in.json#ab a fail medium: recordingReconnectWindowSeconds is 0, expected "
		      "5\n"
		      "in.json#ab b fail medium: no\n"
		      "in.json#bc a fail medium: recordingReconnectWindowSeconds is 0, expected "
		      "6\n"
		      "in.json#bc b fail medium: no\n" },
		/* more unknown ones than are tried: what they touch is undecided, whatever
		 * it would be; what they do not touch is judged */
		{ .policy = "version: 1\nparams: {n: {type: number, default: 1}}\n"
			    "overrides:\n"
			    "  - {when: {tags.A: y}, params: {n: 1}}\n"
			    "  - {when: {tags.B: y}, params: {n: 1}}\n"
			    "  - {when: {tags.C: y}, params: {n: 1}}\n"
			    "  - {when: {tags.D: y}, params: {n: 1}}\n"
			    "  - {when: {tags.E: y}, params: {n: 1}}\n"
			    "rules:\n" RULE("a", "require: {recordingReconnectWindowSeconds: $n}")
				RULE("b", "require: {name: y}"),
		  .resources = "[{name: x, recordingReconnectWindowSeconds: 1, unknown: [tags]}]",
		  .want =
		      "in.json#x a undecided medium: whether the override at policy.yaml:4 holds "
		      "is not known: tags.A is unknown: said to be unknown by the test\n"
		      "in.json#x b fail medium: name is x, expected y\n" },
		/* each is right alone, both together are not */
		{ .policy =
		      "version: 1\nparams: {lo: {type: number, default: 1}, "
		      "hi: {type: number, default: 9}}\n"
		      "overrides:\n"
		      "  - {when: {tags.A: y}, params: {lo: 8}}\n"
		      "  - {when: {tags.B: y}, params: {hi: 2}}\n"
		      "rules:\n" RULE(
			  "a", "require: {recordingReconnectWindowSeconds: {min: $lo, max: $hi}}"),
		  .resources =
		      "[{name: x, recordingReconnectWindowSeconds: 5, tags: {A: y, B: y}}]",
		  .want =
		      "in.json#x a error medium: the overrides that hold together make it invalid: "
		      "'min' and 'max' leave no value between them\n" },
	};

	(void)state;
	RUN(list);
}

#define WAIVED(more)                                                                               \
	"version: 1\nrules:\n" RULE(                                                               \
	    "a",                                                                                   \
	    "require: {name: acme}") "waivers:\n"                                                  \
				     "  - rule: a\n    reason: Legacy.\n    owner: video\n" more

static void test_waivers(void **state)
{
	static const struct example list[] = {
		{ .policy = WAIVED("    expires: 2027-03-01\n"),
		  .resources = "[{name: x}, {name: acme}]",
		  .want = "in.json#x a waived medium: name is x, expected acme [Legacy.] (0 days "
			  "left)\n" },
		{ .policy = WAIVED("    expires: 2027-02-28\n"),
		  .resources = "[{name: x}]",
		  .want = "in.json#x a fail medium: name is x, expected acme [waiver at "
			  "policy.yaml:8 ended on 2027-02-28]\n" },
		{ .policy = WAIVED("    expires: 2027-03-31\n    value: x\n"),
		  .resources = "[{name: x}, {name: y}, {}]",
		  .want = "in.json#x a waived medium: name is x, expected acme [Legacy.] (30 days "
			  "left)\n"
			  "in.json#y a fail medium: name is y, expected acme [waiver at "
			  "policy.yaml:8 accepted x, found y]\n"
			  "in.json#3 a fail medium: name is absent, expected acme [waiver at "
			  "policy.yaml:8 accepted x, found absent]\n" },
		{ .policy = WAIVED("    expires: 2027-03-31\n    value: null\n"),
		  .resources = "[{name: y}, {}]",
		  .want = "in.json#y a fail medium: name is y, expected acme [waiver at "
			  "policy.yaml:8 accepted null, found y]\n"
			  "in.json#2 a waived medium: name is absent, expected acme [Legacy.] (30 "
			  "days left)\n" },
		{ .policy = WAIVED("    expires: 2027-03-31\n    match: {tags.E: dev}\n"),
		  .resources = "[{name: x, tags: {E: dev}}, {name: y, tags: {E: prod}}, "
			       "{name: z, unknown: [tags]}]",
		  .want =
		      "in.json#x a waived medium: name is x, expected acme [Legacy.] (30 days "
		      "left)\n"
		      "in.json#y a fail medium: name is y, expected acme\n"
		      "in.json#z a fail medium: name is z, expected acme [whether the waiver at "
		      "policy.yaml:8 applies is not known: tags.E is unknown: said to be unknown "
		      "by "
		      "the test]\n" },
		/* the one that still holds counts, whatever ended before */
		{ .policy = WAIVED("    expires: 2027-01-31\n"
				   "  - {rule: a, reason: Again., expires: 2027-04-01}\n"),
		  .resources = "[{name: x}]",
		  .want = "in.json#x a waived medium: name is x, expected acme [Again.] (31 days "
			  "left)\n" },
		/* undecided stays so */
		{ .policy = WAIVED("    expires: 2027-03-31\n"),
		  .resources = "[{unknown: [name]}]",
		  .want = "in.json#1 a undecided medium: name is unknown: said to be unknown by "
			  "the test\n" },
	};

	(void)state;
	RUN(list);
}

/* A value accepted for one field does not cover another that fails as well. */
static void test_waiver_of_two_values(void **state)
{
	static const struct example list[] = {
		{ .policy = "version: 1\nrules:\n" RULE(
		      "a",
		      "require: {name: acme, state: ACTIVE}") "waivers: [{rule: a, reason: R, "
							      "expires: 2027-04-01, value: x}]\n",
		  .resources = "[{name: x, state: ACTIVE}, {name: x, state: CREATING}]",
		  .want =
		      "in.json#x a waived medium: name is x, expected acme [R] (31 days left)\n"
		      "in.json#x a fail medium: name is x, expected acme; state is CREATING, "
		      "expected ACTIVE [waiver at policy.yaml:7 accepted x, found CREATING]\n" },
	};

	(void)state;
	RUN(list);
}

static void test_tally(void **state)
{
	struct engine_options options = { .as_of = day("2027-03-01") };
	struct scene s;

	(void)state;
	scene_load(&s,
		   WAIVED("    expires: 2027-03-31\n    value: x\n"
			  "  - {rule: a, reason: R, expires: 2026-01-01}\n"
			  "  - {rule: a, reason: R, expires: 2028-01-01, match: {name: never}}\n"),
		   NULL);
	scene_run(&s, "[{name: x}, {name: y}, {name: acme}]", &options);
	assert_int_equal(s.total.waivers[0], 1);
	assert_int_equal(s.total.waivers_other_value[0], 1);
	assert_int_equal(s.total.waivers_expired[1], 2);
	assert_int_equal(s.total.waivers[1], 0);
	assert_int_equal(s.total.waivers[2], 0);
	assert_int_equal(s.total.rules[0][VERDICT_FAIL], 1);
	assert_int_equal(s.total.rules[0][VERDICT_WAIVED], 1);
	assert_int_equal(s.total.rules[0][VERDICT_PASS], 1);
	assert_int_equal(s.total.fails[SEVERITY_MEDIUM], 1);
	scene_release(&s);
}

#define GROUP(by, require)                                                                         \
	"version: 1\nrules:\n" RULE("g", "group_by: [" by "]\n    require: " require)

static void test_groups(void **state)
{
	static const struct example list[] = {
		{ .policy = GROUP("tags.B", "{tags.E: {same: true}}"),
		  .resources =
		      "[{name: a, tags: {B: x, E: dev}}, {name: b, tags: {B: x, E: prod}}, "
		      "{name: c, tags: {B: y, E: prod}}, {name: d, tags: {E: prod}}]",
		  .want = "in.json#a g fail medium: tags.E is dev, expected the same in the 2 "
			  "recording configurations with tags.B x: found dev, prod\n"
			  "in.json#b g fail medium: tags.E is prod, expected the same in the 2 "
			  "recording configurations with tags.B x: found dev, prod\n" },
		/* absent is a value; a group of one is the same whatever it holds */
		{ .policy = GROUP("tags.B", "{tags.E: {same: true}}"),
		  .all = true,
		  .resources = "[{name: a, tags: {B: x}}, {name: b, tags: {B: x}}, "
			       "{name: c, tags: {B: y}}, {name: d}]",
		  .want = "in.json#a g pass medium\nin.json#b g pass medium\n"
			  "in.json#c g pass medium\n"
			  "in.json#d g not-applicable medium [tags.B is absent]\n" },
		/* only those that are alike fail; absent ones are not alike */
		{ .policy = GROUP("region", "{name: {unique: true}}"),
		  .resources = "[{name: a, region: us-west-2}, {name: b, region: us-west-2}, "
			       "{name: a, region: us-west-2}, {name: a, region: eu-west-1}, "
			       "{region: us-west-2}, {region: us-west-2}]",
		  .want =
		      "in.json#a g fail medium: name is a, expected unique among the 5 recording "
		      "configurations with region us-west-2: also in.json#a\n"
		      "in.json#a g fail medium: name is a, expected unique among the 5 recording "
		      "configurations with region us-west-2: also in.json#a\n" },
		{ .policy = GROUP("region", "{group: {count: {max: 2}}}"),
		  .resources = "[{name: a, region: us-west-2}, {name: b, region: us-west-2}, "
			       "{name: c, region: us-west-2}, {name: d, region: eu-west-1}]",
		  .want = "in.json#a g fail medium: 3 recording configurations with region "
			  "us-west-2, expected at most 2: also in.json#b, in.json#c\n"
			  "in.json#b g fail medium: 3 recording configurations with region "
			  "us-west-2, expected at most 2: also in.json#a, in.json#c\n"
			  "in.json#c g fail medium: 3 recording configurations with region "
			  "us-west-2, expected at most 2: also in.json#a, in.json#b\n" },
		/* a resource that may be in any group leaves none sure to pass */
		{ .policy = GROUP("region", "{group: {count: {max: 2}}}"),
		  .resources = "[{name: a, region: us-west-2}, {name: b, region: us-west-2}, "
			       "{name: d, region: eu-west-1}, {name: e, unknown: [arn, region]}]",
		  .want =
		      "in.json#a g undecided medium: 2 recording configurations with region "
		      "us-west-2: 1 more may be among them\n"
		      "in.json#b g undecided medium: 2 recording configurations with region "
		      "us-west-2: 1 more may be among them\n"
		      "in.json#e g undecided medium: its group is not known: region is unknown: "
		      "said to be unknown by the test\n" },
		/* unknown values matter only where they could */
		{ .policy = GROUP("region", "{name: {same: true}}"),
		  .resources = "[{name: a, region: x}, {region: x, unknown: [name]}, "
			       "{region: y, unknown: [name]}, "
			       "{name: a, region: z}, {name: b, region: z}, "
			       "{region: z, unknown: [name]}]",
		  .want =
		      "in.json#a g undecided medium: 2 recording configurations with region x: "
		      "not every value is known\n"
		      "in.json#2 g undecided medium: 2 recording configurations with region x: "
		      "not every value is known\n"
		      "in.json#a g fail medium: name is a, expected the same in the 3 recording "
		      "configurations with region z: found a, b\n"
		      "in.json#b g fail medium: name is b, expected the same in the 3 recording "
		      "configurations with region z: found a, b\n"
		      "in.json#6 g fail medium: name is unknown, expected the same in the 3 "
		      "recording configurations with region z: found a, b\n" },
		{ .policy = GROUP("region", "{name: {same: true}}\n    when: {tags.E: prod}\n"
					    "    message: '{name} of {region}: {actual}'"),
		  .resources = "[{name: a, region: x, tags: {E: prod}}, "
			       "{name: b, region: x, tags: {E: dev}}, "
			       "{name: c, region: x, tags: {E: prod}}, "
			       "{name: d, region: y, tags: {E: prod}}, "
			       "{name: e, region: y, unknown: [tags]}]",
		  .want =
		      "in.json#a g fail medium: a of x: a\n"
		      "in.json#c g fail medium: c of x: c\n"
		      "in.json#d g undecided medium: 1 recording configuration with region y: 1 "
		      "more may be among them\n"
		      "in.json#e g undecided medium: whether the rule applies is not known: "
		      "tags.E is unknown: said to be unknown by the test\n" },
		{ .policy = GROUP("region",
				  "{name: {unique: true}}") "waivers:\n"
							    "  - {rule: g, match: {tags.E: dev}, "
							    "reason: R, expires: 2027-04-01}\n"
							    "  - {rule: g, match: {tags.E: old}, "
							    "reason: R, expires: 2027-02-01}\n",
		  .resources = "[{name: a, region: x, tags: {E: dev}}, "
			       "{name: a, region: x, tags: {E: old}}]",
		  .want =
		      "in.json#a g waived medium: name is a, expected unique among the 2 "
		      "recording configurations with region x: also in.json#a [R] (31 days "
		      "left)\n"
		      "in.json#a g fail medium: name is a, expected unique among the 2 recording "
		      "configurations with region x: also in.json#a [waiver at policy.yaml:10 "
		      "ended on 2027-02-01]\n" },
	};

	(void)state;
	RUN(list);
}

/* Who is a member, and how severe it is for it, is as its own overrides say; what
 * the group must be is as it is written. */
static void test_group_overrides(void **state)
{
	static const struct example list[] = {
		{ .policy = "version: 1\nparams: {most: {type: number, default: 1}}\n"
			    "overrides:\n"
			    "  - when: {tags.E: prod}\n"
			    "    params: {most: 99}\n"
			    "    configure: {g: {severity: critical}}\n"
			    "  - {when: {tags.E: dev}, configure: {g: {enabled: false}}}\n"
			    "rules:\n" RULE("g", "group_by: [region]\n"
						 "    require: {group: {count: {max: $most}}}"),
		  .resources = "[{name: a, region: x, tags: {E: prod}}, {name: b, region: x}, "
			       "{name: c, region: x, tags: {E: dev}}, "
			       "{name: d, region: y, unknown: [tags]}]",
		  .want =
		      "in.json#a g fail critical: 2 recording configurations with region x, "
		      "expected at most 1: also in.json#b\n"
		      "in.json#b g fail medium: 2 recording configurations with region x, "
		      "expected at most 1: also in.json#a\n"
		      "in.json#d g undecided critical: whether the override at policy.yaml:4 "
		      "holds is not known: tags.E is unknown: said to be unknown by the test\n" },
	};

	(void)state;
	RUN(list);
}

/* A message has an end, and it is not within a character. */
static void test_long_message(void **state)
{
	struct engine_options options = { .as_of = 0 };
	struct buf list = BUF_INIT(0);
	struct scene s;
	const char *at;
	int i;

	(void)state;
	buf_puts(&list, "[{name: aa");
	for (i = 0; i < 2000; i++)
		buf_puts(&list, "\xe5\x8b\x95");
	buf_puts(&list, "}]");
	scene_load(&s, RULES RULE("a", "require: {name: x}\n    message: '{name}'"), NULL);
	scene_run(&s, buf_str(&list).data, &options);
	at = strstr(buf_str(&s.out).data, "medium: ") + 8;
	assert_int_equal(strlen(at), 2 + 1363 * 3 + 3 + 1); /* the newline is the test's */
	assert_memory_equal(at + strlen(at) - 7, "\xe5\x8b\x95...\n", 7);
	scene_release(&s);
	buf_release(&list);
}

/* A few are named, the rest is counted. */
static void test_group_of_many(void **state)
{
	struct engine_options options = { .as_of = 0 };
	struct buf many = BUF_INIT(0);
	struct scene s;
	int i;

	(void)state;
	buf_puts(&many, "[");
	for (i = 0; i < 40; i++)
		buf_printf(&many, "%s{name: n%d, region: x}", i != 0 ? ", " : "", i);
	buf_puts(&many, "]");
	scene_load(&s, GROUP("region", "{group: {count: {max: 20}}}"), NULL);
	scene_run(&s, buf_str(&many).data, &options);
	assert_int_equal(s.total.rules[0][VERDICT_FAIL], 40);
	assert_non_null(strstr(buf_str(&s.out).data,
			       "in.json#n7 g fail medium: 40 recording configurations with region "
			       "x, expected at most 20: also in.json#n0, in.json#n1, in.json#n2, "
			       "in.json#n3, in.json#n4 and 34 more\n"));
	assert_non_null(strstr(buf_str(&s.out).data, "in.json#n1 g fail medium: 40 recording "
						     "configurations with region x, expected at "
						     "most 20: also in.json#n0, in.json#n2, "
						     "in.json#n3, in.json#n4, in.json#n5 and 34 "
						     "more\n"));
	scene_release(&s);
	buf_release(&many);
}

/* More mixes of overrides than are kept: an error of the rule, never a pass. */
static void test_many_mixes(void **state)
{
	struct engine_options options = { .as_of = 0 };
	struct buf policy = BUF_INIT(0), list = BUF_INIT(0);
	struct scene s;
	int i, k;

	(void)state;
	buf_puts(&policy, "version: 1\nparams: {n: {type: number, default: 0}}\noverrides:\n");
	for (k = 0; k < 10; k++)
		buf_printf(&policy, "  - {when: {tags.T%d: y}, params: {n: %d}}\n", k, k);
	buf_puts(&policy, "rules:\n" RULE("a", "require: {recordingReconnectWindowSeconds: {min: "
					       "$n}}") RULE("b", "require: {name: x}"));
	buf_puts(&list, "[");
	for (i = 0; i < 400; i++) {
		buf_printf(&list, "%s{name: x, recordingReconnectWindowSeconds: 300, tags: {Z: y",
			   i != 0 ? ", " : "");
		for (k = 0; k < 10; k++)
			if (i >> k & 1)
				buf_printf(&list, ", T%d: y", k);
		buf_puts(&list, "}}");
	}
	buf_puts(&list, "]");
	scene_load(&s, buf_str(&policy).data, NULL);
	scene_run(&s, buf_str(&list).data, &options);
	assert_true(s.total.rules[0][VERDICT_ERROR] > 100);
	assert_int_equal(s.total.rules[0][VERDICT_ERROR] + s.total.rules[0][VERDICT_PASS], 400);
	assert_int_equal(s.total.rules[1][VERDICT_PASS], 400);
	scene_release(&s);
	buf_release(&policy);
	buf_release(&list);
}

static int enter_folder(void **state)
{
	static char name[] = "/tmp/ivslint-engine-XXXXXX";

	*state = name;
	return mkdtemp(name) == NULL || chdir(name) != 0;
}

static int leave_folder(void **state)
{
	return unlink(FILE_NAME) != 0 || chdir("/") != 0 || rmdir(*state) != 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),        cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_waivers),         cmocka_unit_test(test_waiver_of_two_values),
		cmocka_unit_test(test_tally),           cmocka_unit_test(test_groups),
		cmocka_unit_test(test_group_overrides), cmocka_unit_test(test_long_message),
		cmocka_unit_test(test_group_of_many),   cmocka_unit_test(test_many_mixes),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
