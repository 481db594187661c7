/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain patterns give the answers of PCRE2, and only what is plain is taken for it.
 */
#include "base/pattern_plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/pattern.h"

static void which(void **state)
{
	static const struct {
		const char *expression;
		bool plain;
	} cases[] = {
		{ "^$", true },
		{ "^acme-(dev|stage|prod)-ivs-[a-z0-9-]+$", true },
		{ "^[a-z][a-z0-9-]{2,60}$", true },
		{ "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", true },
		{ "^[0-9]{12}$", true },
		{ "^arn:aws:ivs:[a-z0-9-]+:[0-9]{12}:recording-configuration/[A-Za-z0-9]+$", true },
		{ "^a\\.b\\$c$", true },
		{ "^(?:a|b)c?$", true },
		{ "a$", false },
		{ "^a", false },
		{ "^a\\$", false },
		{ "^a.c$", false },
		{ "^\\w+$", false },
		{ "^[^a]$", false },
		{ "^[\\w]$", false },
		{ "^[[:alpha:]]$", false },
		{ "^(a|ab)c$", false }, /* one begins the other */
		{ "^(a|b)+$", false },
		{ "^(a|)$", false },
		{ "^a|b$", false },
		{ "^a+?$", false },
		{ "^a++$", false },
		{ "^(?i)a$", false },
		{ "^a{,3}$", false },
		{ "^a*[a-c]*b$", false }, /* who takes which a? */
		{ "^[a-c]+a(b|cd)$", false },
		{ "^a?a?b$", false },
		{ "^\xC3\xA9$", false },
		{ "^[a-z-9]$", false },
		{ "^[+--]$", false },
	};
	struct pattern_plain *p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		p = pattern_plain_new(str_of(cases[i].expression));
		if ((p != NULL) != cases[i].plain)
			fail_msg("'%s'", cases[i].expression);
		pattern_plain_free(p);
	}
	pattern_plain_free(NULL);
}

static unsigned seed = 7;

static unsigned random_below(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 12) % n;
}

#define PICK(list) (list)[random_below(sizeof(list) / sizeof(*(list)))]

static void make_expression(struct buf *b)
{
	static const char *const atoms[] = { "a",         "b",        "ab-",  "\\.",   "[ab]",
					     "[a-c]",     "[b-d-]",   "[.c]", "(a|b)", "(ab|c)",
					     "(ab|ac|d)", "(?:b|cd)", "-",    "c" };
	static const char *const times[] = { "",    "",      "",      "?",    "*",   "+",
					     "{2}", "{0,2}", "{1,3}", "{2,}", "{0}", "{1}" };
	unsigned n = random_below(6);

	buf_putc(b, '^');
	while (n-- > 0) {
		buf_puts(b, PICK(atoms));
		if (b->data[b->len - 1] != ')' || random_below(4) == 0)
			buf_puts(b, PICK(times));
	}
	buf_putc(b, '$');
}

static void make_subject(struct buf *b)
{
	static const char *const pieces[] = { "a", "b",   "c",  "d",        "ab", "-",
					      ".", "ab-", "aa", "\xC3\xA9", "\n", "" };
	unsigned n = random_below(9);

	while (n-- > 0)
		buf_puts(b, PICK(pieces));
}

/* A group without an option in front leaves the meaning and is not plain. */
static struct pattern *of_pcre(struct str expression)
{
	struct buf b = BUF_INIT(0);
	struct pattern *p;
	const char *why;
	size_t offset;

	PUT(&b, "(?:)");
	buf_put_str(&b, expression);
	assert_null(pattern_plain_new(buf_str(&b)));
	p = pattern_new(buf_str(&b), &offset, &why);
	buf_release(&b);
	return p;
}

static void same_answers(void **state)
{
	struct buf expression = BUF_INIT(0), subject = BUF_INIT(0);
	struct pattern_plain *plain;
	unsigned i, k, n = 0, yes = 0;
	struct pattern *p;
	bool matches;

	(void)state;
	for (i = 0; i < 4000; i++) {
		buf_clear(&expression);
		make_expression(&expression);
		plain = pattern_plain_new(buf_str(&expression));
		if (plain == NULL)
			continue;
		n++;
		p = of_pcre(buf_str(&expression));
		assert_non_null(p);
		for (k = 0; k < 60; k++) {
			buf_clear(&subject);
			make_subject(&subject);
			matches = pattern_plain_matches(plain, buf_str(&subject));
			yes += matches;
			if ((pattern_search(p, buf_str(&subject)) == PATTERN_YES) != matches)
				fail_msg("'%s' and '%s'", expression.data, buf_str(&subject).data);
		}
		pattern_free(p);
		pattern_plain_free(plain);
	}
	assert_true(n > 1000 && yes > 1000);
	buf_release(&expression);
	buf_release(&subject);
}

/* ---- many bytes at a time ---------------------------------------------------- */

/* Names of all lengths, and now and then a byte that no part of the pattern has. */
static void make_name(struct buf *b)
{
	static const char *const begins[] = { "acme-",
					      "acme-dev-",
					      "acme-stage-",
					      "",
					      "a",
					      "b-",
					      "acme-production-recordings-",
					      "acme-production-recordings-of-" };
	static const char *const ends[] = { "", "", "-ivs", "-1", ".x", "9" };
	static const char *const bytes[] = { "a", "b", "z", "0", "9", "-", "q", "m" };
	static const char *const others[] = { "A", "\xC3\xA9", "`", "{", "\n", ".", "/", ":", " " };
	unsigned n = random_below(4) == 0 ? random_below(80) : random_below(36);
	unsigned other = random_below(3) == 0 ? random_below(40) : 1000;

	buf_puts(b, PICK(begins));
	while (n-- > 0)
		buf_puts(b, n == other ? PICK(others) : PICK(bytes));
	buf_puts(b, PICK(ends));
}

static void make_names_expression(struct buf *b)
{
	static const char *const begins[] = {
		"",
		"acme-",
		"acme-(dev|stage|prod)-",
		"(acme-|b-)",
		"(?:acme|a|b)-",
		"[a-z]",
		"[a-b][a-z]-?",
		"acme-production-(recordings|x)-(of-)?",
		"acme-production-(recordings|x)-",
		"(acme-production-recordings-of-|acme-production-a)"
	};
	static const char *const runs[] = { "[a-z0-9-]",     "[a-z0-9.-]", "[0-9]", "[a-z]",
					    "[A-Za-z0-9/-]", "[ab0 .:z]",  "a" };
	static const char *const times[] = { "*",      "+",       "{2,60}", "{3}", "{16}",
					     "{0,15}", "{17,33}", "{30,}",  "" };
	static const char *const ends[] = { "", "", "-ivs", "[0-9]", "-[0-9]", "\\.x", "(-|\\.)1" };

	buf_putc(b, '^');
	buf_puts(b, PICK(begins));
	buf_puts(b, PICK(runs));
	buf_puts(b, PICK(times));
	buf_puts(b, PICK(ends));
	buf_putc(b, '$');
}

/* The subject alone, so that what is read beside it is found. */
static struct str alone(struct str text)
{
	struct str copy = { mem_alloc(text.len), text.len };

	memcpy((char *)copy.data, text.data, text.len);
	return copy;
}

static void same_of_names(void **state)
{
	struct buf expression = BUF_INIT(0), name = BUF_INIT(0);
	struct pattern_plain *plain;
	unsigned i, k, n = 0, yes = 0;
	struct pattern *p;
	struct str subject;
	bool matches;

	(void)state;
	for (i = 0; i < 1500; i++) {
		buf_clear(&expression);
		make_names_expression(&expression);
		plain = pattern_plain_new(buf_str(&expression));
		if (plain == NULL)
			continue;
		n++;
		p = of_pcre(buf_str(&expression));
		assert_non_null(p);
		for (k = 0; k < 200; k++) {
			buf_clear(&name);
			make_name(&name);
			subject = alone(buf_str(&name));
			matches = pattern_plain_matches(plain, subject);
			yes += matches;
			if ((pattern_search(p, subject) == PATTERN_YES) != matches ||
			    pattern_plain_matches_slowly(plain, subject) != matches)
				fail_msg("'%s' and '%.*s'", buf_str(&expression).data,
					 STR_ARG(subject));
			free((char *)subject.data);
		}
		pattern_free(p);
		pattern_plain_free(plain);
	}
	assert_true(n > 1000 && yes > 3000);
	buf_release(&expression);
	buf_release(&name);
}

/* Each byte at each place of names of each length: in the set or not. */
static void each_byte(void **state)
{
	static const char *const expressions[] = { "^[a-z0-9-]+$", "^[ -Z]*$", "^[!0b~]*$",
						   "^acme-[A-Za-z0-9]{2,60}$", "^[a-z]{33}$" };
	char text[70];
	struct pattern_plain *plain;
	struct str subject;
	size_t i, len, at;
	int c;

	(void)state;
	for (i = 0; i < sizeof(expressions) / sizeof(*expressions); i++) {
		plain = pattern_plain_new(str_of(expressions[i]));
		if (plain == NULL)
			continue;
		for (len = 0; len <= sizeof(text); len++) {
			memset(text, 'b', sizeof(text));
			memcpy(text, "acme-", i == 3 ? 5 : 0);
			subject = alone((struct str){ text, len });
			for (at = 0; at < len; at++)
				for (c = 0; c < 256; c += len % 8 == 0 ? 1 : 5) {
					char *byte = (char *)subject.data + at, old = *byte;

					*byte = (char)c;
					assert_int_equal(
					    pattern_plain_matches(plain, subject),
					    pattern_plain_matches_slowly(plain, subject));
					*byte = old;
				}
			free((char *)subject.data);
		}
		pattern_plain_free(plain);
	}
}

/* The pattern that rules use takes this way, and keeps the ceiling on what it looks at. */
static void in_use(void **state)
{
	const char *why;
	size_t offset;
	struct pattern *p = pattern_new(STR("^a{3,5}(b|cd)$"), &offset, &why);

	(void)state;
	assert_int_equal(pattern_search(p, STR("aaacd")), PATTERN_YES);
	assert_int_equal(pattern_search(p, STR("aacd")), PATTERN_NO);
	assert_int_equal(pattern_search(p, STR("aaab\n")), PATTERN_NO);
	assert_int_equal(pattern_search(p, STR("aaab\0")), PATTERN_NO);
	pattern_warm(p);
	assert_int_equal(pattern_search(p, STR("aaaaab")), PATTERN_YES);
	assert_int_equal(pattern_search(p, STR("aaaaaab")), PATTERN_NO);
	pattern_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(which),         cmocka_unit_test(same_answers),
		cmocka_unit_test(same_of_names), cmocka_unit_test(each_byte),
		cmocka_unit_test(in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
