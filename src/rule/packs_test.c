/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packs that ship: each loads alone and passes its own tests, each rule says
 * all that a team needs, and no version of a pack that people may have asked for
 * changes. What a rule means is tested by the tests that it carries.
 */
#include "rule/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "rule/rule_test_run.h"

/* What rules serve. A framework of several versions names the one it means. */
static const char *const frameworks[] = { "aws-config", "security-hub", "nist-800-53-r5" };

static struct policy *load(const char *name)
{
	static const struct policy_options with_tests = { .tests = true };
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct buf b = BUF_INIT(0);
	struct policy *p;
	struct err err;

	mistakes_init(&mistakes, &arena);
	p = policy_load(name, &with_tests, &mistakes, &err);
	mistakes_print(&mistakes, &b);
	if (p == NULL)
		print_error("%s: %s\n%s", name, err.text, buf_str(&b).data);
	assert_non_null(p);
	buf_release(&b);
	mistakes_release(&mistakes);
	arena_release(&arena);
	return p;
}

static struct policy *load_pack(size_t i)
{
	struct buf name = BUF_INIT(0);
	struct policy *p;

	buf_printf(&name, "ivslint:%s", pack_table[i].name);
	p = load(buf_str(&name).data);
	assert_true(str_equal(p->name, buf_str(&name)));
	buf_release(&name);
	return p;
}

/* ---- what a rule says ------------------------------------------------------ */

static bool expects(const struct value *expect, const char *outcome)
{
	uint32_t i;

	if (expect->kind == VALUE_STRING)
		return str_is(value_str(expect), outcome);
	for (i = 0; i < expect->n; i++)
		if (str_is(value_str(&expect->items[i]), outcome))
			return true;
	return false;
}

static bool has_test(const struct rule *r, const char *outcome)
{
	uint32_t i;

	for (i = 0; r->tests != NULL && i < r->tests->n; i++)
		if (expects(value_get(&r->tests->items[i], STR("expect")), outcome))
			return true;
	return false;
}

static bool all_known_frameworks(const struct value *controls)
{
	size_t k, n = sizeof(frameworks) / sizeof(frameworks[0]);
	uint32_t i;

	for (i = 0; controls != NULL && i < controls->n; i++) {
		for (k = 0; k < n && !str_is(controls->entries[i].key, frameworks[k]); k++)
			;
		if (k == n || controls->entries[i].value.n == 0)
			return false;
	}
	return true;
}

static bool all_addresses(const struct value *references)
{
	uint32_t i;

	for (i = 0; references != NULL && i < references->n; i++)
		if (!str_starts(value_str(&references->items[i]),
				STR("https://docs.aws.amazon.com/")))
			return false;
	return references != NULL && references->n != 0;
}

/* What is wrong with a rule, or NULL. */
static const char *fault(const struct rule *r)
{
	/* Its condition reads the policy's parameters alone. */
	bool reads_nothing = str_is(r->id, "keyframe-interval");

	if (r->title.len == 0 || str_ends(r->title, STR(".")))
		return "a title is one line without a full stop";
	if (r->category.len == 0)
		return "no category";
	if (!str_ends(r->rationale, STR(".")))
		return "a rationale is a sentence";
	if (!str_ends(r->remediation, STR(".")))
		return "a remediation is a sentence";
	if (!all_addresses(r->references))
		return "no reference, or one to elsewhere than AWS";
	if (!all_known_frameworks(r->controls))
		return "a framework that nobody knows, or without a control";
	if (!has_test(r, "pass"))
		return "no test that passes";
	if (!has_test(r, "fail"))
		return "no test that fails";
	if (r->when != NULL && !has_test(r, "not-applicable"))
		return "no test that does not apply";
	if (!reads_nothing && !has_test(r, "undecided"))
		return "no test that is undecided";
	return NULL;
}

static void test_rules_are_whole(void **state)
{
	struct policy *p;
	const char *what;
	size_t i, k, n_bad = 0;

	(void)state;
	for (i = 0; i < pack_n; i++) {
		p = load_pack(i);
		for (k = 0; k < p->n_rules; k++) {
			what = fault(&p->rules[k]);
			if (what == NULL)
				continue;
			print_error("%s: %.*s: %s\n", pack_table[i].name, STR_ARG(p->rules[k].id),
				    what);
			n_bad++;
		}
		for (k = 0; k < p->params.n; k++)
			assert_int_not_equal(p->params.list[k].description.len, 0);
		policy_free(p);
	}
	assert_int_equal(n_bad, 0);
}

static void take(void *to, const struct rule_test_result *r)
{
	(void)to;
	if (!r->passed)
		print_error("%.*s: %.*s: %.*s\n", STR_ARG(r->rule->id), STR_ARG(r->name),
			    STR_ARG(r->said));
}

static void test_tests_pass(void **state)
{
	struct policy *p;
	size_t i;

	(void)state;
	for (i = 0; i < pack_n; i++) {
		p = load_pack(i);
		assert_int_equal(rule_tests_run(p, take, NULL), 0);
		policy_free(p);
	}
}

/* An id names one rule whichever pack it is in, so that any packs go together. */
static void test_together(void **state)
{
	const struct value *rules;
	struct policy *p;
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < pack_n; i++) {
		rules = value_get(pack_table[i].tree, STR("rules"));
		n += rules != NULL ? rules->n : 0;
	}
	p = load("ivslint:strict");
	assert_int_equal(p->n_rules, n); /* it extends them all */
	policy_free(p);
}

/* ---- what a version has ---------------------------------------------------- */

#define RECOMMENDED_1                                                                              \
	"tagged required-tags tag-limits configuration-name configuration-name-pattern "           \
	"bucket-name bucket-account-region bucket-name-periods thumbnails-enabled "                \
	"thumbnail-interval thumbnail-interval-missing thumbnail-interval-unused "                 \
	"thumbnail-keyframe keyframe-interval recording-state reconnect-window video-recorded "    \
	"custom-renditions renditions-unused "
#define RECOMMENDED_2                                                                              \
	RECOMMENDED_1                                                                              \
	"tag-values-allowed tag-value-patterns tag-prefix-reserved tag-secrets thumbnail-storage " \
	"thumbnail-every-second required-renditions "
#define RELATED_3                                                                                  \
	"bucket-encryption bucket-encryption-dsse bucket-public-access bucket-ownership "          \
	"bucket-latest-versions renditions-of-basic thumbnail-resolution-multitrack "              \
	"configuration-used "
#define RECOMMENDED_3                                                                              \
	RECOMMENDED_2                                                                              \
	"template-mistakes template-condition template-deletion-policy "                           \
	"terraform-replaced terraform-thumbnails-disabled terraform-interval-missing "             \
	"terraform-interval-range "                                                                \
	RELATED_3
#define STRICT_1                                                                                   \
	RECOMMENDED_1                                                                              \
	"retention-tag thumbnail-resolution region-allowed duplicate-names "                       \
	"bucket-shared-by-environments recording-configuration-quota "
#define STRICT_2                                                                                   \
	STRICT_1                                                                                   \
	"tag-values-allowed tag-value-patterns tag-key-spelling tag-prefix-reserved tag-secrets "  \
	"tag-email bucket-environment thumbnail-storage thumbnail-every-second "                   \
	"thumbnail-keyframe-multiple required-renditions account-allowed "

#define STRICT_3                                                                                   \
	STRICT_2                                                                                   \
	"template-mistakes template-condition template-deletion-policy "                           \
	"terraform-replaced terraform-thumbnails-disabled terraform-interval-missing "             \
	"terraform-interval-range bucket-lifecycle "                                               \
	RELATED_3

/* The rules that are in force. A list is added for each new version; none ever
 * changes, because somebody's pipeline is green by it. */
static const struct {
	const char *name, *rules;
} versions[] = {
	{ "ivslint:recommended@1", RECOMMENDED_1 }, { "ivslint:recommended@2", RECOMMENDED_2 },
	{ "ivslint:recommended@3", RECOMMENDED_3 }, { "ivslint:recommended", RECOMMENDED_3 },
	{ "ivslint:strict@1", STRICT_1 },           { "ivslint:strict@2", STRICT_2 },
	{ "ivslint:strict@3", STRICT_3 },           { "ivslint:strict@4", STRICT_3 },
	{ "ivslint:strict", STRICT_3 },             { "ivslint:channels@4", "channel-records " },
};

static bool lists(const char *rules, struct str id)
{
	struct str one;

	for (; *rules != '\0'; rules += one.len + 1) {
		one = (struct str){ rules, strcspn(rules, " ") };
		if (str_equal(one, id))
			return true;
	}
	return false;
}

static size_t words(const char *rules)
{
	size_t n = 0;

	for (; *rules != '\0'; rules++)
		n += *rules == ' ';
	return n;
}

static void test_versions(void **state)
{
	struct policy *p;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		p = load(versions[i].name);
		for (k = 0, n = 0; k < p->n_rules; k++) {
			if (!policy_rule_enabled(p, &p->rules[k]))
				continue;
			n++;
			if (!lists(versions[i].rules, p->rules[k].id))
				fail_msg("%s has %.*s, which was not in that version",
					 versions[i].name, STR_ARG(p->rules[k].id));
		}
		assert_int_equal(n, words(versions[i].rules));
		policy_free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_are_whole),
		cmocka_unit_test(test_tests_pass),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
