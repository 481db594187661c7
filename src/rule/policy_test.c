/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading: what extends what, who sets a parameter last, which rules are in
 * force. Mistakes are in policy_errors_test.c.
 */
#include "rule/policy.h"

#include <stdio.h>

#include "base/folder_fixture.h"

#define RULE(id, more) "  - id: " id "\n    title: T\n    severity: medium\n    require: " more "\n"

static const char base_pack[] = "version: 1\npack_version: 3\nfail_on: high\n"
				"params:\n"
				"  n: {type: number, default: 1}\n"
				"  tags: {type: list<string>, default: [Owner]}\n"
				"rules:\n" RULE("has-tags", "{tags: {has_keys: $tags}}")
				    RULE("window", "{recordingReconnectWindowSeconds: {max: $n}}");
static const char strict_pack[] = "version: 1\npack_version: 1\nextends: [ivslint:base]\n"
				  "params: {n: 2}\n"
				  "configure: {window: {severity: high}}\n"
				  "rules:\n" RULE("named", "{name: {exists: true}}");

#define SINCE(id, version) RULE(id, "{name: acme}") "    since: " version "\n"

/* Three that grew: group has the rules, chosen takes them, outer takes chosen. */
static const char group_pack[] =
    "version: 1\npack_version: 3\nrules:\n" RULE("first", "{name: acme}") SINCE("second", "2")
	SINCE("third", "3");
static const char chosen_pack[] = "version: 1\npack_version: 2\nextends: [ivslint:group]\n"
				  "configure: {second: {severity: low}, own: {severity: low}}\n"
				  "rules:\n" SINCE("own", "2");
static const char outer_pack[] = "version: 1\npack_version: 3\nextends: [ivslint:chosen]\n"
				 "configure: {own: {severity: high}}\n";

const struct pack pack_table[] = {
	{ "group", group_pack, sizeof(group_pack) - 1, NULL },
	{ "chosen", chosen_pack, sizeof(chosen_pack) - 1, NULL },
	{ "outer", outer_pack, sizeof(outer_pack) - 1, NULL },
	{ "base", base_pack, sizeof(base_pack) - 1, NULL },
	{ "strict", strict_pack, sizeof(strict_pack) - 1, NULL },
};
const size_t pack_n = sizeof(pack_table) / sizeof(pack_table[0]);

static struct policy *load(const char *name, const struct policy_options *options)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct buf b = BUF_INIT(0);
	struct policy *p;
	struct err err;

	mistakes_init(&mistakes, &arena);
	p = policy_load(name, options, &mistakes, &err);
	mistakes_print(&mistakes, &b);
	if (p == NULL)
		print_error("%s\n%s", err.text, buf_str(&b).data);
	buf_release(&b);
	mistakes_release(&mistakes);
	arena_release(&arena);
	return p;
}

static struct policy *load_text(const char *text, const struct policy_options *options)
{
	struct policy *p;

	folder_file("policy.yaml", text);
	p = load("policy.yaml", options);
	assert_non_null(p);
	return p;
}

/* Loads what does not load; gives err's text. */
static void refuse(const char *name, const char *want)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct err err;

	mistakes_init(&mistakes, &arena);
	assert_null(policy_load(name, NULL, &mistakes, &err));
	assert_int_equal(err.kind, ERR_POLICY);
	assert_int_equal(mistakes.n, 0);
	assert_string_equal(err.text, want);
	mistakes_release(&mistakes);
	arena_release(&arena);
}

static void refuse_file(const char *path)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct err err;

	mistakes_init(&mistakes, &arena);
	assert_null(policy_load(path, NULL, &mistakes, &err));
	assert_int_equal(mistakes.n, 1);
	mistakes_release(&mistakes);
	arena_release(&arena);
}

static const struct rule *rule_of(const struct policy *p, const char *id)
{
	const struct rule *r = policy_find_rule(p, str_of(id));

	assert_non_null(r);
	return r;
}

static void check_number(const struct policy *p, const char *name, int64_t n, const char *set_by)
{
	const struct param *param = params_find(&p->params, str_of(name));

	assert_non_null(param);
	assert_int_equal(param->value->mantissa, n);
	assert_string_equal(param->set_by, set_by);
}

static void test_pack(void **state)
{
	struct policy *p = load("ivslint:strict", NULL);

	(void)state;
	assert_non_null(p);
	assert_string_equal(p->file, "ivslint:strict");
	assert_int_equal(p->n_rules, 3);
	/* what is extended comes first */
	assert_true(str_is(p->rules[0].id, "has-tags"));
	assert_true(str_is(p->rules[2].id, "named"));
	assert_int_equal(p->n_sources, 2);
	assert_string_equal(p->sources[0]->name, "ivslint:strict");
	assert_int_equal(p->fail_on, SEVERITY_HIGH);
	assert_int_equal(rule_of(p, "window")->severity, SEVERITY_MEDIUM);
	assert_int_equal(policy_rule_severity(p, rule_of(p, "window")), SEVERITY_HIGH);
	check_number(p, "n", 2, "ivslint:strict");
	assert_null(policy_find_rule(p, STR("nothing")));
	policy_free(p);

	p = load("ivslint:base@3", NULL);
	assert_non_null(p);
	policy_free(p);
	refuse("ivslint:base@4",
	       "there is no such version: 'ivslint:base@4'; the newest is ivslint:base@3");
	refuse("ivslint:base@0",
	       "there is no such version: 'ivslint:base@0'; the newest is ivslint:base@3");
	refuse("ivslint:bases",
	       "no pack of this name ships: 'ivslint:bases'; did you mean 'ivslint:base'?");
}

/* A rule joins a policy that asks for a version only when a newer one is asked
 * for; packs that ship take each other as they were. */
static void test_versions(void **state)
{
	static const struct {
		const char *text;
		const char *rules; /* "" where it does not load */
	} cases[] = {
		/* a pack alone: all that it has */
		{ "extends: [ivslint:group]", "first second third" },
		{ "extends: [ivslint:group@3]", "first second third" },
		{ "extends: [ivslint:group@2]", "first second" },
		{ "extends: [ivslint:group@1]", "first" },
		{ "extends: [ivslint:group@4]", "" },
		/* through another pack, whose version is 2 */
		{ "extends: [ivslint:chosen]", "first second own" },
		{ "extends: [ivslint:chosen@2]", "first second own" },
		{ "extends: [ivslint:chosen@1]", "first" },
		{ "extends: [ivslint:outer@1]", "first" },
		{ "extends: [ivslint:outer]", "first second own" },
		/* the newest that anybody wants, whoever comes first */
		{ "extends: [ivslint:chosen@1, ivslint:group]", "first second third" },
		{ "extends: [ivslint:group, ivslint:chosen@1]", "first second third" },
		{ "extends: [ivslint:outer@1, ivslint:chosen@2]", "first second own" },
		/* an id that is taken later is free */
		{ "extends: [ivslint:group@1]\nrules:\n" RULE("second", "{name: x}"),
		  "first second" },
		{ "extends: [ivslint:group@2]\nrules:\n" RULE("second", "{name: x}"), "" },
		/* nothing names what is not there */
		{ "extends: [ivslint:chosen@1]\nconfigure: {own: {severity: low}}", "" },
	};
	struct buf b = BUF_INIT(0);
	struct policy *p;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		buf_printf(&b, "version: 1\n%s\n", cases[i].text);
		folder_file("policy.yaml", buf_str(&b).data);
		if (cases[i].rules[0] == '\0') {
			refuse_file("policy.yaml");
			continue;
		}
		p = load("policy.yaml", NULL);
		assert_non_null(p);
		buf_clear(&b);
		for (k = 0; k < p->n_rules; k++)
			buf_printf(&b, "%s%.*s", k != 0 ? " " : "", STR_ARG(p->rules[k].id));
		assert_string_equal(buf_str(&b).data, cases[i].rules);
		policy_free(p);
	}
	buf_release(&b);
	p = load("ivslint:outer@1", NULL);
	assert_non_null(p);
	assert_int_equal(p->n_rules, 1);
	policy_free(p);
}

static void test_files(void **state)
{
	struct policy *p;

	(void)state;
	mkdir("sub", 0777);
	folder_file("sub/b.yaml",
		    "version: 1\nextends: [ivslint:base, ./c.yaml]\nparams: {n: 5}\n");
	folder_file("sub/c.yaml", "version: 1\nextends: [ivslint:base]\nparams: {n: 6}\n"
				  "rules:\n" RULE("c", "{name: x}"));
	/* the same file by two ways counts once, and so does the pack */
	p = load_text("version: 1\nname: acme\nfail_on: info\n"
		      "extends: [sub/b.yaml, sub/../sub/c.yaml, ivslint:base]\n",
		      NULL);
	assert_int_equal(p->n_sources, 4);
	assert_int_equal(p->n_rules, 3);
	assert_true(str_is(p->name, "acme"));
	assert_int_equal(p->fail_on, SEVERITY_INFO);
	/* b extends c, so that b has the word */
	check_number(p, "n", 5, "sub/b.yaml");
	assert_string_equal(rule_of(p, "c")->source->name, "sub/c.yaml");
	policy_free(p);
	unlink("sub/b.yaml");
	unlink("sub/c.yaml");
	rmdir("sub");
	refuse("nowhere.yaml", "cannot open 'nowhere.yaml': No such file or directory");
}

static void test_precedence(void **state)
{
	static const char *const set[] = { "n=9", "tags=[A, B]" };
	struct policy_options options = { .set = set, .n_set = 2 };
	struct policy *p, *q;

	(void)state;
	p = load_text("version: 1\nextends: [ivslint:strict]\nparams: {n: 4}\n", NULL);
	check_number(p, "n", 4, "policy.yaml");
	q = load_text("version: 1\nextends: [ivslint:strict]\nparams: {n: 4}\n", &options);
	check_number(q, "n", 9, "--set");
	assert_int_equal(params_find(&q->params, STR("tags"))->value->n, 2);
	/* the digest names the policy with what was set */
	assert_string_not_equal(policy_digest(p), policy_digest(q));
	assert_int_equal(strlen(policy_digest(p)), 64);
	policy_free(p);
	policy_free(q);
}

static void test_configure(void **state)
{
	struct policy *p = load_text("version: 1\nextends: [ivslint:strict]\n"
				     "configure:\n"
				     "  window: {severity: low, remediation: Ask.}\n"
				     "  named: {enabled: false}\n",
				     NULL);

	(void)state;
	assert_int_equal(policy_rule_severity(p, rule_of(p, "window")), SEVERITY_LOW);
	assert_true(str_is(rule_of(p, "window")->remediation, "Ask."));
	assert_false(policy_rule_enabled(p, rule_of(p, "named")));
	assert_true(policy_rule_enabled(p, rule_of(p, "has-tags")));
	assert_int_equal(policy_n_enabled(p), 2);
	assert_non_null(policy_rule_require(p, rule_of(p, "named")));
	assert_null(policy_rule_when(p, rule_of(p, "named")));
	policy_free(p);
}

static void test_selection(void **state)
{
	static const char *const only[] = { "has-*", "window" }, *const skip[] = { "win*" };
	struct policy_options options = { .only = only, .n_only = 2, .skip = skip, .n_skip = 1 };
	struct policy *p = load("ivslint:strict", &options);

	(void)state;
	assert_non_null(p);
	assert_int_equal(policy_n_enabled(p), 1);
	assert_true(policy_rule_enabled(p, rule_of(p, "has-tags")));
	/* what a rule that is left out reads is not needed */
	assert_true(policy_needs(p) & FIELD_BIT(FIELD_TAGS));
	assert_false(policy_needs(p) & FIELD_BIT(FIELD_RECONNECT_WINDOW));
	policy_free(p);
}

/* A rule that only an override enables is judged everywhere, so that the number
 * of verdicts is the same for every resource. */
static void test_enabled_by_override(void **state)
{
	struct policy *p = load_text("version: 1\nextends: [ivslint:base]\n"
				     "configure: {window: {enabled: false}}\n"
				     "overrides:\n"
				     "  - when: {state: ACTIVE}\n"
				     "    configure: {window: {enabled: true}}\n",
				     NULL);

	(void)state;
	assert_int_equal(policy_n_enabled(p), 2);
	assert_false(policy_rule_enabled(p, rule_of(p, "window")));
	assert_true(policy_needs(p) & FIELD_BIT(FIELD_STATE));
	policy_free(p);
}

static void test_waivers(void **state)
{
	struct policy *p = load_text("version: 1\nextends: [ivslint:base]\nwaivers:\n"
				     "  - {rule: window, reason: R, owner: O, expires: 1970-01-03, "
				     "value: 5}\n",
				     NULL);

	(void)state;
	assert_int_equal(p->n_waivers, 1);
	assert_ptr_equal(p->waivers[0].rule, rule_of(p, "window"));
	assert_int_equal(p->waivers[0].expires, 2);
	assert_int_equal(p->waivers[0].value->mantissa, 5);
	assert_int_equal(p->waivers[0].place.line, 4);
	assert_true(str_is(p->waivers[0].owner, "O"));
	policy_free(p);
}

static void test_many_extends(void **state)
{
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct err err;
	char name[32], text[200];
	int i;

	(void)state;
	for (i = 0; i < 70; i++) {
		snprintf(name, sizeof(name), "f%d.yaml", i);
		snprintf(text, sizeof(text), "version: 1\nextends: [f%d.yaml]\n", i + 1);
		folder_file(name, text);
	}
	mistakes_init(&mistakes, &arena);
	assert_null(policy_load("f0.yaml", NULL, &mistakes, &err));
	assert_int_equal(mistakes.n, 1);
	assert_string_equal(mistakes.list[0].text, "more than 64 files and packs in one policy");
	mistakes_release(&mistakes);
	arena_release(&arena);
	for (i = 0; i < 70; i++) {
		snprintf(name, sizeof(name), "f%d.yaml", i);
		unlink(name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_configure),
		cmocka_unit_test(test_selection),
		cmocka_unit_test(test_enabled_by_override),
		cmocka_unit_test(test_waivers),
		cmocka_unit_test(test_many_extends),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
