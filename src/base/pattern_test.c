/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns: what matches, what is refused, and that no pattern runs away,
 * interpreted or compiled.
 */
#include "base/pattern.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/limit.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static struct pattern *compiled(struct str expression)
{
	const char *why = "";
	size_t offset = 0;
	struct pattern *p = pattern_new(expression, &offset, &why);

	if (p == NULL)
		fail_msg("'%s' at %zu: %s", expression.data, offset, why);
	return p;
}

static void searches(void **state)
{
	static const struct {
		struct str expression, subject;
		enum pattern_result result;
	} cases[] = {
		{ STR(""), STR(""), PATTERN_YES },
		{ STR("prod"), STR("acme-prod-ivs"), PATTERN_YES },
		{ STR("^acme-(dev|prod)-"), STR("acme-prod-ivs"), PATTERN_YES },
		{ STR("^acme-(dev|prod)-"), STR("acme-test-ivs"), PATTERN_NO },
		{ STR("^acme"), STR("x\nacme"), PATTERN_NO },
		/* a newline at the end must not slip past an anchor */
		{ STR("^prod$"), STR("prod\n"), PATTERN_NO },
		{ STR("(?m)^prod$"), STR("prod\n"), PATTERN_YES },
		{ STR("^prod$"), STR("prod\0"), PATTERN_NO },
		{ STR("a\\x00b"), STR("a\0b"), PATTERN_YES },
		{ STR("^.$"), STR("\xE2\x82\xAC"), PATTERN_YES },
		{ STR("^\\w+$"), STR("\xC3\xA9t\xC3\xA9"), PATTERN_YES },
		{ STR("(?i)^\xC3\x89"), STR("\xC3\xA9"), PATTERN_YES },
		{ STR("^\\p{Lu}"), STR("\xC3\x89"), PATTERN_YES },
		{ STR("(a)(b)(c)(d)\\4\\3"), STR("abcddc"), PATTERN_YES },
		{ STR("(*NO_JIT)^a"), STR("ab"), PATTERN_YES },
		{ STR("(*UTF)(*UCP)^\\w$"), STR("\xC3\xA9"), PATTERN_YES },
		{ STR("a(?C1)b"), STR("ab"), PATTERN_YES }, /* nobody is called */
	};
	struct pattern *p;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		p = compiled(cases[i].expression);
		if (pattern_search(p, cases[i].subject) != cases[i].result)
			fail_msg("case %zu: '%s'", i, cases[i].expression.data);
		pattern_warm(p);
		pattern_warm(p);
		if (pattern_search(p, cases[i].subject) != cases[i].result)
			fail_msg("case %zu, warm: '%s'", i, cases[i].expression.data);
		pattern_free(p);
	}
	pattern_free(NULL);
}

static void refusals(void **state)
{
	static const struct {
		struct str expression;
		size_t offset;
	} cases[] = {
		{ STR("a("), 2 },
		{ STR("a[b"), 3 },
		{ STR("*a"), 0 },
		{ STR("ab\\C"), 4 },
		{ STR("a\xFF"), 1 },
		{ STR("(?<=a*)b"), 0 },
		{ STR("\\p{Nonsense}"), 12 },
		{ STR("((a{1000}){1000}){1000}"), 23 },
	};
	struct buf longest = BUF_INIT(0);
	const char *why;
	size_t offset, i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		offset = SIZE_MAX;
		why = NULL;
		assert_null(pattern_new(cases[i].expression, &offset, &why));
		assert_non_null(why);
		if (offset != cases[i].offset || why[0] == '\0')
			fail_msg("'%s': %zu: %s", cases[i].expression.data, offset, why);
	}
	for (i = 0; i < LIMIT_PATTERN_SIZE; i++)
		buf_putc(&longest, 'a');
	pattern_free(compiled(buf_str(&longest)));
	buf_putc(&longest, 'a');
	assert_null(pattern_new(buf_str(&longest), &offset, &why));
	assert_int_equal(offset, LIMIT_PATTERN_SIZE);
	buf_release(&longest);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Ways to run away: exponential, polynomial, in the stack, in what is not counted. */
static void nothing_runs_away(void **state)
{
	static const struct str expressions[] = {
		STR("(a+)+$"),
		STR("(a*)*x"),
		STR("(?:a|aa)+$"),
		STR("a*a*a*a*a*b$"),
		STR("(?:a?){40}a{40}$"),
		STR(".*.*.*.*x$"),
		STR("\\w+\\s*\\w+\\s*\\w+\\s*$"),
		STR("a*+(?:a|b)*?c$"),
		STR("[a-z]+[0-9]"),
		STR("^(?:a|b)*$"),
		STR("(?R)?a$"),
		STR("(?=(a+))(a+)+$"),
		STR("(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)(*LIMIT_HEAP=4000000000)"
		    "(a+)+$"),
	};
	static const size_t lengths[] = { 40, 1000, LIMIT_PATTERN_SUBJECT - 1 };
	struct buf subject = BUF_INIT(0);
	enum pattern_result cold;
	struct pattern *p;
	size_t i, j;
	double start;

	(void)state;
	for (i = 0; i < N(expressions); i++) {
		p = compiled(expressions[i]);
		for (j = 0; j < N(lengths); j++) {
			buf_clear(&subject);
			while (subject.len < lengths[j])
				buf_putc(&subject, 'a');
			buf_putc(&subject, '!');
			start = now();
			cold = pattern_search(p, buf_str(&subject));
			assert_int_not_equal(cold, PATTERN_YES);
			if (now() - start > 5)
				fail_msg("'%s' over %zu", expressions[i].data, lengths[j]);
		}
		pattern_free(p);
	}
	buf_release(&subject);
}

/* Whether an audit is large must not show in its verdicts. */
static void warm_answers_alike(void **state)
{
	static const struct str expressions[] = {
		STR("(a+)+$"),           STR("a*a*a*a*a*b$"), STR("^(?:a|b)*!$"),
		STR("(?:a?){40}a{40}$"), STR("(a|b|ab)*c$"),  STR(".*.*.*.*x$"),
		STR("(?R)?a$"),          STR("^(?:ab?)+!"),   STR("(*LIMIT_MATCH=3)a(b|c)*d"),
	};
	struct buf subject = BUF_INIT(0);
	enum pattern_result cold, warm;
	struct pattern *p, *fast;
	size_t i, len;

	(void)state;
	for (i = 0; i < N(expressions); i++) {
		p = compiled(expressions[i]);
		fast = compiled(expressions[i]);
		pattern_warm(fast);
		for (len = 1; len <= LIMIT_PATTERN_SUBJECT; len *= 4) {
			buf_clear(&subject);
			while (subject.len < len)
				buf_putc(&subject, 'a');
			subject.data[len - 1] = '!';
			cold = pattern_search(p, buf_str(&subject));
			warm = pattern_search(fast, buf_str(&subject));
			if (cold != warm)
				fail_msg("'%s' over %zu: %d, warm %d", expressions[i].data, len,
					 (int)cold, (int)warm);
		}
		pattern_free(p);
		pattern_free(fast);
	}
	buf_release(&subject);
}

static void long_subject(void **state)
{
	struct pattern *p = compiled(STR("a"));
	struct buf subject = BUF_INIT(0);

	(void)state;
	while (subject.len < LIMIT_PATTERN_SUBJECT)
		buf_putc(&subject, 'a');
	assert_int_equal(pattern_search(p, buf_str(&subject)), PATTERN_YES);
	buf_putc(&subject, 'a');
	assert_int_equal(pattern_search(p, buf_str(&subject)), PATTERN_LIMIT);
	buf_release(&subject);
	pattern_free(p);
}

static void *search_often(void *shared)
{
	const struct pattern *p = shared;
	char subject[] = "acme-0-ivs";
	size_t i, wrong = 0;

	for (i = 0; i < 20000; i++) {
		subject[5] = (char)('0' + i % 10);
		wrong += (pattern_search(p, str_of(subject)) == PATTERN_YES) != (i % 10 == 7);
	}
	return wrong != 0 ? shared : NULL;
}

static void threads(void **state)
{
	struct pattern *p = compiled(STR("^acme-(7)-(ivs)$"));
	pthread_t workers[4];
	void *wrong;
	size_t i, round;

	(void)state;
	for (round = 0; round < 2; round++) {
		for (i = 0; i < N(workers); i++)
			assert_int_equal(pthread_create(&workers[i], NULL, search_often, p), 0);
		for (i = 0; i < N(workers); i++) {
			pthread_join(workers[i], &wrong);
			assert_null(wrong);
		}
		pattern_warm(p);
	}
	pattern_free(p);
}

/* What a beginning decides is so for every text that begins so. */
static void test_beginning(void **state)
{
	static const char *const pieces[] = { "a",     "b",   "\\.", ".",    "[ab]",   "(?!a)",
					      "(?!b)", "$",   "\\b", "\\B",  "(?<=a)", "(?<!b)",
					      "*",     "+",   "?",   "|",    "(?=b)",  "(a|b)",
					      "{2}",   "\\z", "^",   "(?i)", "\\d" };
	static const char *const beginnings[] = { "", "a", "b", "ab", "aab", "bb", "a1", ".a" };
	static const char letters[] = "ab1.";
	uint32_t seed = 7;
	size_t decided = 0;
	int i;

	(void)state;
	for (i = 0; i < 6000; i++) {
		char pattern[64] = "", subject[16];
		size_t len = 0, offset, k, n;
		const char *why, *beginning;
		enum pattern_result said;
		struct pattern *p;

		seed = seed * 1664525 + 1013904223;
		if (seed >> 31 != 0)
			len += (size_t)snprintf(pattern, sizeof(pattern), "^");
		for (n = 1 + (seed >> 28) % 5; n > 0; n--) {
			seed = seed * 1664525 + 1013904223;
			len += (size_t)snprintf(
			    pattern + len, sizeof(pattern) - len, "%s",
			    pieces[(seed >> 16) % (sizeof(pieces) / sizeof(*pieces))]);
		}
		p = pattern_new(str_of(pattern), &offset, &why);
		if (p == NULL)
			continue;
		beginning = beginnings[(seed >> 8) % 8];
		said = pattern_search_beginning(p, str_of(beginning));
		decided += said != PATTERN_LIMIT;
		/* continuations of up to three letters */
		for (k = 0; said != PATTERN_LIMIT && k < 5 * 5 * 5; k++) {
			size_t rest = k, at = strlen(beginning);

			memcpy(subject, beginning, at);
			for (n = 0; n < 3; n++, rest /= 5)
				if (rest % 5 != 0)
					subject[at++] = letters[rest % 5 - 1];
			if (pattern_search(p, (struct str){ subject, at }) != said)
				fail_msg("'%s' by '%s': not so for '%.*s'", pattern, beginning,
					 (int)at, subject);
		}
		pattern_free(p);
	}
	assert_true(decided > 500);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beginning),
		cmocka_unit_test(searches),
		cmocka_unit_test(refusals),
		cmocka_unit_test(nothing_runs_away),
		cmocka_unit_test(warm_answers_alike),
		cmocka_unit_test(long_subject),
		cmocka_unit_test(threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
