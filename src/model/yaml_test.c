/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML: what a scalar is, places, anchors and merging, every refusal with its
 * place, and hostile documents, which have to end at once.
 */
#include "model/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "base/limit.h"

struct fixture {
	struct arena arena;
	struct mistakes mistakes;
	struct source source;
	struct value root;
	struct buf shown;
};

static int read_text(struct fixture *f, struct str text)
{
	*f = (struct fixture){ .arena = ARENA_INIT, .shown = BUF_INIT(0) };
	mistakes_init(&f->mistakes, &f->arena);
	source_init(&f->source, "x.yaml", text);
	return yaml_read(&f->source, &f->arena, &f->root, &f->mistakes);
}

static void release(struct fixture *f)
{
	buf_release(&f->shown);
	mistakes_release(&f->mistakes);
	arena_release(&f->arena);
}

static const char *show(struct fixture *f)
{
	value_show(&f->shown, &f->root, 100000);
	return f->shown.data;
}

static void test_values(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ "", "null" },
		{ "# nothing\n", "null" },
		{ "---\n", "null" },
		{ "---\n...\n", "null" },
		{ "%YAML 1.1\n---\na", "a" },
		{ "%YAML 1.2\n---\na", "a" },
		{ "\xEF\xBB\xBF"
		  "a: 1",
		  "{a: 1}" },
		{ "a: 1\r\nb: 2\r\n", "{a: 1, b: 2}" },
		{ "[~, null, Null, NULL, ]", "[null, null, null, null]" },
		{ "a:\nb:", "{a: null, b: null}" },
		{ "[true, True, TRUE, false, False, FALSE]",
		  "[true, true, true, false, false, false]" },
		{ "[no, yes, on, off, y, n, 'true', \"null\"]",
		  "[no, yes, on, off, y, n, 'true', 'null']" },
		{ "[1, +1, -1, 1.50, 1e3, +0.5]", "[1, 1, -1, 1.5, 1000, 0.5]" },
		{ "[1:30, 2027-03-31, 012345678901, 1_000, 0o8, +-1, +, -, 10.0.0.1]",
		  "[1:30, 2027-03-31, 012345678901, 1_000, 0o8, +-1, +, '-', 10.0.0.1]" },
		{ "['1', \"60\", '']", "['1', '60', '']" },
		{ "!!str 60", "'60'" },
		{ "!!int '60'", "60" },
		{ "!!float 60", "60" },
		{ "!!bool \"true\"", "true" },
		{ "!!null ''", "null" },
		{ "!!map {a: !!seq [1]}", "{a: [1]}" },
		{ "!!str a: 1", "{a: 1}" },
		{ "? a\n: 1\n", "{a: 1}" },
		{ "|\n  a\n  b\n", "'a\\nb\\n'" },
		{ "'it''s'", "it's" },
		{ "{\"a\": \"\\u00e9\"}", "{a: \xC3\xA9}" },
		/* anchors */
		{ "[&a 1, *a]", "[1, 1]" },
		{ "a: &x {b: 1}\nc: *x", "{a: {b: 1}, c: {b: 1}}" },
		{ "[&a 1, *a, &a 2, *a]", "[1, 1, 2, 2]" },
		{ "[&k key, {*k : 1}]", "[key, {key: 1}]" },
		{ "{&k key: 1, b: *k}", "{key: 1, b: key}" },
		/* merging */
		{ "[&a {x: 1, y: 2}, {<<: *a, y: 3}]", "[{x: 1, y: 2}, {y: 3, x: 1}]" },
		{ "[&a {x: 1}, &b {x: 2, y: 2}, {<<: [*a, *b]}]",
		  "[{x: 1}, {x: 2, y: 2}, {x: 1, y: 2}]" },
		{ "{<<: {x: 1}}", "{x: 1}" },
		{ "{'<<': 1}", "{<<: 1}" },
		{ "{<<: []}", "{}" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (read_text(&f, str_of(cases[i].text)) == -1)
			fail_msg("'%s': %s", cases[i].text, f.mistakes.list[0].text);
		assert_string_equal(show(&f), cases[i].shown);
		release(&f);
	}
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text;
		uint32_t line, column;
		const char *says, *hint;
	} cases[] = {
		{ "a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a'", "line 1" },
		{ "{a: 1, 'a': 2}", 1, 8, "duplicate key 'a'", "line 1" },
		{ "{<<: {a: 1}, <<: {b: 1}}", 1, 14, "duplicate merge key", "<<: [*a, *b]" },
		{ "{1: a}", 1, 2, "a key has to be a string, and this is a number", "'1'" },
		{ "{true: a}", 1, 2, "and this is true or false", "'true'" },
		{ "{[a]: b}", 1, 2, "and this is a list", NULL },
		{ "{~: b}", 1, 2, "and this is null", NULL },
		{ "?\n: b", 1, 2, "and this is null", NULL },
		{ "a: !Ref b", 1, 4, "the tag '!Ref' is not known", "!!str" },
		{ "a: ! b", 1, 4, "the tag '!' is not known", NULL },
		{ "a: ! {}", 1, 4, "the tag '!' is not known", NULL },
		{ "a: !!binary b", 1, 4, "the tag 'tag:yaml.org,2002:binary'", NULL },
		{ "a: !!timestamp b", 1, 4, "2002:timestamp", NULL },
		{ "!!int a", 1, 1, "no !!int", NULL },
		{ "!!int 1.5", 1, 1, "no !!int", NULL },
		{ "!!map a", 1, 1, "no !!map", NULL },
		{ "!!str [a]", 1, 1, "no !!str", NULL },
		{ "!!seq {}", 1, 1, "no !!seq", NULL },
		{ "!!null x", 1, 1, "no !!null", NULL },
		{ "[a, 0x1F]", 1, 5, "a number that cannot be taken", "decimal" },
		{ "0o17", 1, 1, "a number that cannot be taken", "decimal" },
		{ "-.inf", 1, 1, "a number that cannot be taken", "finite" },
		{ ".NaN", 1, 1, "a number that cannot be taken", "finite" },
		{ ".5", 1, 1, "a number that cannot be taken", "both sides" },
		{ "5.", 1, 1, "a number that cannot be taken", "both sides" },
		{ "1234567890123456789", 1, 1, "a number that cannot be taken", "18" },
		{ "a\n---\nb\n", 2, 1, "a second document begins here", NULL },
		{ "%TAG ! tag:x,2000:\n---\na", 1, 1, "%TAG", NULL },
		{ "%YAML 2.0\n---\na", 1, 1, "incompatible", NULL },
		{ "%FOO\n---\na", 1, 5, "unknown directive", NULL },
		{ "[a, *b]", 1, 5, "no anchor '&b'", NULL },
		{ "&a [1, *a]", 1, 8, "inside what it stands for", NULL },
		{ "&a {x: {y: *a}}", 1, 12, "inside what it stands for", NULL },
		{ "{<<: 1}", 1, 6, "a merge key (<<) takes a mapping", NULL },
		{ "{<<: [{}, x]}", 1, 11, "not a string", NULL },
		{ "a: b: c", 1, 5, "mapping values are not allowed", "quote a text" },
		{ "a:\n\t- b", 2, 1, "cannot start any token", "tabs" },
		{ "a: @b", 1, 4, "cannot start any token", "begins with '@'" },
		{ "a: [b", 1, 6, "did not find expected", "line 1" },
		{ "{a['b']: c}", 1, 3, "expected ',' or '}'", "quote a text that holds '['" },
		{ "[^a{2}$]", 1, 4, "expected ',' or ']'", "quote a text that holds '{'" },
		{ "a: 'b", 1, 6, "unexpected end of stream", "line 1" },
		{ "a: \xC3\xA9\xFF", 1, 5, "0xFF here is not UTF-8", "UTF-8" },
		{ "\xFF\xFE"
		  "a",
		  1, 1, "UTF-16", "UTF-8" },
		{ "\xFE\xFF", 1, 1, "UTF-16", NULL },
		{ "a: b\n# c\xC2\x85"
		  "d: e",
		  2, 4, "U+0085 ends a line", "\"\\u0085\"" },
		{ "a: 'b\xE2\x80\xA8"
		  "c'",
		  1, 6, "U+2028 ends a line", "\"\\u2028\"" },
		{ "a: b\xE2\x80\xA9"
		  "c: d",
		  1, 5, "U+2029 ends a line", "\"\\u2029\"" },
		{ "a: b # \xE2\x80\xAE"
		  "c",
		  1, 8, "U+202E shows what follows in another order", "\"\\u202E\"" },
		{ "a: \xE2\x81\xA6"
		  "b",
		  1, 4, "U+2066 shows what follows", "leave it out" },
		{ "a\nb \x01", 2, 3, "control characters", "\\x01" },
		{ "\xEF\xBB\xBF"
		  "a: \x01",
		  1, 4, "control characters", NULL },
		{ "\xC3\xA9\xC3\xA9: [0x1]", 1, 6, "cannot be taken", NULL },
		{ "a: 1\r\nb: 0x1\r\n", 2, 4, "cannot be taken", NULL },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct mistake *m;

		if (read_text(&f, str_of(cases[i].text)) != -1)
			fail_msg("'%s' is taken", cases[i].text);
		m = &f.mistakes.list[0];
		if (strstr(m->text, cases[i].says) == NULL)
			fail_msg("'%s': %s", cases[i].text, m->text);
		if (m->place.line != cases[i].line || m->place.column != cases[i].column)
			fail_msg("'%s': %u:%u %s", cases[i].text, m->place.line, m->place.column,
				 m->text);
		if (cases[i].hint != NULL &&
		    (m->hint == NULL || strstr(m->hint, cases[i].hint) == NULL))
			fail_msg("'%s': hint '%s'", cases[i].text, m->hint ? m->hint : "");
		assert_int_equal(f.mistakes.n, 1);
		release(&f);
	}
}

static void test_nul(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(read_text(&f, STR("a: x\0y")), -1);
	assert_int_equal(f.mistakes.list[0].place.column, 5);
	release(&f);
	assert_int_equal(read_text(&f, STR("a: \"x\\0y\"")), 0);
	assert_int_equal(f.root.entries[0].value.n, 3);
	assert_memory_equal(f.root.entries[0].value.text, "x\0y", 3);
	release(&f);
	/* UTF-16 without its mark */
	assert_int_equal(read_text(&f, STR("a\0:\0 \0b\0")), -1);
	release(&f);
}

static void test_all_duplicates_in_one_run(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(read_text(&f, STR("a: 1\nb: {c: 1, c: 2}\na: 2\na: 3\n")), -1);
	assert_int_equal(f.mistakes.n, 3);
	assert_int_equal(f.root.n, 2);
	assert_int_equal(f.root.entries[0].value.mantissa, 1);
	release(&f);
}

static void test_places_and_flags(void **state)
{
	const struct entry *e;
	struct fixture f;

	(void)state;
	assert_int_equal(read_text(&f, STR("k\xC3\xA9y: 'v'\n\nlist:\n  - 1\n  - x\n")), 0);
	assert_int_equal(f.root.place.line, 1);
	assert_int_equal(f.root.place.column, 1);
	e = &f.root.entries[0];
	assert_int_equal(e->key_place.line, 1);
	assert_int_equal(e->value.place.column, 6);
	assert_int_equal(e->value.flags, 0);
	e = &f.root.entries[1];
	assert_int_equal(e->key_place.line, 3);
	assert_int_equal(e->key_place.column, 1);
	assert_int_equal(e->value.place.line, 4);
	assert_int_equal(e->value.items[1].place.line, 5);
	assert_int_equal(e->value.items[1].place.column, 5);
	assert_int_equal(e->value.items[0].flags, VALUE_PLAIN);
	assert_int_equal(e->value.items[1].flags, VALUE_PLAIN);
	release(&f);
	assert_int_equal(read_text(&f, STR("[!!str 1, |\n a\n]")), -1);
	release(&f);
	assert_int_equal(read_text(&f, STR("- !!str 1\n- |\n a\n- \"b\"\n")), 0);
	assert_int_equal(f.root.items[0].flags | f.root.items[1].flags | f.root.items[2].flags, 0);
	release(&f);
}

/* ---- hostile documents -------------------------------------------------------- */

struct text {
	char *data;
	size_t len, cap;
};

static void add(struct text *t, const char *more, size_t times)
{
	size_t len = strlen(more);

	for (; times > 0; times--) {
		if (t->len + len + 1 > t->cap) {
			t->cap = (t->len + len + 1) * 2;
			t->data = realloc(t->data, t->cap);
			assert_non_null(t->data);
		}
		memcpy(t->data + t->len, more, len);
		t->len += len;
		t->data[t->len] = '\0';
	}
}

/* Reads, lets go of the text, and says whether it was taken. Every case has to
 * end within a second even under sanitizers. */
static int end_soon(struct text *t, const char *says)
{
	struct timespec from, to;
	struct fixture f;
	double seconds;
	int rc;

	clock_gettime(CLOCK_MONOTONIC, &from);
	rc = read_text(&f, (struct str){ t->data, t->len });
	clock_gettime(CLOCK_MONOTONIC, &to);
	seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	if (seconds > 2.0)
		fail_msg("%.40s...: %.2f s", t->data, seconds);
	if (getenv("SHOW_TIMES") != NULL)
		print_message("%.3f s %d %.20s...\n", seconds, rc, t->data);
	if (rc == -1 && says == NULL)
		fail_msg("%.40s...: %s", t->data, f.mistakes.list[0].text);
	if (says != NULL && (rc != -1 || strstr(f.mistakes.list[0].text, says) == NULL))
		fail_msg("%.40s...: not '%s'", t->data, says);
	release(&f);
	free(t->data);
	return rc;
}

static void test_deep(void **state)
{
	static const char *const openers[] = { "[", "{a: ",    "- ",   "? ",
					       "{", "!!seq [", "&a [", "[\n" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(openers) / sizeof(openers[0]); i++) {
		struct text t = { 0 };

		add(&t, openers[i], 100000);
		end_soon(&t, "nested deeper than 64 levels");
	}
}

static void test_depth_is_exact(void **state)
{
	struct text t = { 0 };

	(void)state;
	add(&t, "[", LIMIT_YAML_DEPTH);
	add(&t, "]", LIMIT_YAML_DEPTH);
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	add(&t, "[", LIMIT_YAML_DEPTH + 1);
	add(&t, "]", LIMIT_YAML_DEPTH + 1);
	end_soon(&t, "nested deeper");
	/* and through aliases */
	t = (struct text){ 0 };
	add(&t, "- &a ", 1);
	add(&t, "[", 40);
	add(&t, "]", 40);
	add(&t, "\n- ", 1);
	add(&t, "[", 30);
	add(&t, "*a", 1);
	add(&t, "]", 30);
	end_soon(&t, "nested deeper");
}

static void test_laughs(void **state)
{
	struct text t = { 0 };
	char line[64];
	int i;

	(void)state;
	add(&t, "- &a0 [x, x, x, x, x, x, x, x, x, x]\n", 1);
	for (i = 1; i < 30; i++) {
		snprintf(line, sizeof(line), "- &a%d [", i);
		add(&t, line, 1);
		snprintf(line, sizeof(line), "*a%d, ", i - 1);
		add(&t, line, 10);
		add(&t, "]\n", 1);
	}
	end_soon(&t, "counting what aliases stand for");
	t = (struct text){ 0 };
	add(&t, "- &a {", 1);
	for (i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "k%d: 1, ", i);
		add(&t, line, 1);
	}
	add(&t, "}\n", 1);
	add(&t, "- {<<: *a}\n", 10000);
	end_soon(&t, "counting what aliases stand for");
}

static void test_many(void **state)
{
	struct text t = { 0 };
	char line[64];
	int i;

	(void)state;
	add(&t, "- x\n", 190000);
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	add(&t, "- x\n", 300000);
	end_soon(&t, "more than 200000 nodes");
	t = (struct text){ 0 };
	add(&t, "[", 1);
	add(&t, ",", 1);
	end_soon(&t, "did not find expected");
	t = (struct text){ 0 };
	add(&t, "a: 1\n", 90000); /* each a duplicate */
	end_soon(&t, "duplicate key");
	t = (struct text){ 0 };
	for (i = 0; i < 90000; i++) {
		snprintf(line, sizeof(line), "key%d:\n", i * 7919 % 90001);
		add(&t, line, 1);
	}
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	for (i = 0; i < 100000; i++) {
		snprintf(line, sizeof(line), "- &a%d x\n", i);
		add(&t, line, 1);
	}
	end_soon(&t, "more than 1000 anchors");
	t = (struct text){ 0 };
	for (i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "- &a%d x\n", i);
		add(&t, line, 1);
	}
	add(&t, "- *a0\n", 190000);
	end_soon(&t, NULL);
}

static void test_long(void **state)
{
	struct text t = { 0 };

	(void)state;
	add(&t, "x", 4 << 20);
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	add(&t, "x ", 2 << 20);
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	add(&t, "x\n", 2 << 20);
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	add(&t, "'\n", 1);
	add(&t, "\n", 4 << 20);
	end_soon(&t, "unexpected end of stream");
	t = (struct text){ 0 };
	add(&t, "#\n", 2 << 20);
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	add(&t, "9", 1 << 20);
	end_soon(&t, "cannot be taken");
	t = (struct text){ 0 };
	add(&t, "&", 1);
	add(&t, "a", 4 << 20);
	add(&t, " x", 1);
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	add(&t, "[", 1);
	add(&t, "{?,?,?,?},", 9000);
	add(&t, "]", 1);
	end_soon(&t, "a key has to be a string");
	t = (struct text){ 0 };
	add(&t, "[", 1);
	add(&t, "a,", 190000); /* one line */
	add(&t, "]", 1);
	end_soon(&t, NULL);
	t = (struct text){ 0 };
	add(&t, "%YAML 1.2\n", 1);
	add(&t, "%x y\n", 100000);
	end_soon(&t, "directive");
	t = (struct text){ 0 };
	add(&t, "---\n", 100000);
	end_soon(&t, "second document");
	t = (struct text){ 0 };
	add(&t, "\"", 1);
	add(&t, "\\x41", 1 << 20);
	add(&t, "\"", 1);
	end_soon(&t, NULL);
}

/* !x is short for {long-x: ...}; !no is not known. */
static const char *long_form(struct arena *arena, const char *tag)
{
	return strcmp(tag, "!no") == 0 ? NULL : arena_printf(arena, "long-%s", tag + 1);
}

/* Tags of one's own; plain scalars stay as they are written until somebody asks. */
static void test_dialect(void **state)
{
	static const struct yaml_dialect dialect = { long_form };
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ "!x a", "{long-x: a}" },
		{ "a: !x [b, !y {c: d}]", "{a: {long-x: [b, {long-y: {c: d}}]}}" },
		{ "[&a !x b, *a]", "[{long-x: b}, {long-x: b}]" },
		{ "[007, 1.10, true, ~, 2010-09-09]", "[007, '1.10', 'true', null, 2010-09-09]" },
		{ "{32: a, true: b}", "{'32': a, 'true': b}" },
		{ "[! 1, ! a]", "['1', a]" },
		{ "!!str 1", "'1'" },
		{ "!no a", NULL },
		{ "!!binary a", NULL },
		{ "{!x a: b}", NULL },
		{ "[!x &a [*a]]", NULL },
	};
	struct value plain;
	struct fixture f;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f = (struct fixture){ .arena = ARENA_INIT, .shown = BUF_INIT(0) };
		mistakes_init(&f.mistakes, &f.arena);
		source_init(&f.source, "x.yaml", str_of(cases[i].text));
		rc = yaml_read_dialect(&f.source, &f.arena, &dialect, &f.root, &f.mistakes);
		assert_int_equal(rc, cases[i].shown != NULL ? 0 : -1);
		if (rc == 0)
			assert_string_equal(show(&f), cases[i].shown);
		release(&f);
	}
	plain = value_of_str(STR("1.10"));
	assert_int_equal(yaml_plain(plain).kind, VALUE_STRING);
	plain.flags = VALUE_PLAIN;
	assert_int_equal(yaml_plain(plain).kind, VALUE_NUMBER);
}

/* Templates are read by readers of YAML 1.1: what ends a line there is taken, and
 * places are counted in lines that end as our own do. */
static void test_ends_of_lines(void **state)
{
	static const struct yaml_dialect dialect = { long_form };
	struct fixture f = { .arena = ARENA_INIT, .shown = BUF_INIT(0) };
	int rc;

	(void)state;
	source_init(&f.source, "file", STR("a: 'x\xE2\x80\xA8y' # c\xC2\x85\nb: 1\nb: 2\n"));
	mistakes_init(&f.mistakes, &f.arena);
	rc = yaml_read_dialect(&f.source, &f.arena, &dialect, &f.root, &f.mistakes);
	assert_int_equal(rc, -1);
	assert_non_null(strstr(f.mistakes.list[0].text, "duplicate key 'b'"));
	assert_int_equal(f.mistakes.list[0].place.line, 3);
	release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialect),
		cmocka_unit_test(test_ends_of_lines),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_all_duplicates_in_one_run),
		cmocka_unit_test(test_places_and_flags),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_depth_is_exact),
		cmocka_unit_test(test_laughs),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
