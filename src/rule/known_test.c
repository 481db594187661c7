/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Partial knowledge against all that it leaves open: where an operator holds
 * for a text with gaps, it holds for every text that the gaps can become, and
 * where it does not, for none. Small gaps, all completions, many conditions.
 */
#include "rule/known.h"

#include "rule/cond_fixture.h"
#include "rule/format_known.h"
#include "rule/op.h"

#define COMPLETIONS_MOST 20000
#define TEXT_SIZE        64

/* ---- all completions ------------------------------------------------------- */

struct completions {
	char (*texts)[TEXT_SIZE];
	size_t n;
	bool full;
};

/* Characters of a gap: all of ASCII that it may hold, and one beyond. */
static size_t characters(unsigned chars, char list[][3])
{
	size_t n = 0;
	uint32_t c;

	for (c = 1; c < 0x80; c++)
		if ((chars & chars_of(c)) != 0)
			snprintf(list[n++], 3, "%c", (int)c);
	if ((chars & CHARS_WORLD) != 0)
		snprintf(list[n++], 3, "\xC3\xA9");
	return n;
}

static void complete(struct completions *c, const struct partial *p, uint32_t part, uint32_t taken,
		     const char *before)
{
	const struct partial_part *at = &p->parts[part];
	char text[TEXT_SIZE + 4], list[0x90][3];
	size_t n, i;

	if (part == p->n) {
		if (c->n == COMPLETIONS_MOST) {
			c->full = true;
			return;
		}
		snprintf(c->texts[c->n++], TEXT_SIZE, "%s", before);
		return;
	}
	if (at->text.data != NULL) {
		assert_true(snprintf(text, sizeof(text), "%s%.*s", before, STR_ARG(at->text)) <
			    TEXT_SIZE);
		complete(c, p, part + 1, 0, text);
		return;
	}
	if (taken >= at->least)
		complete(c, p, part + 1, 0, before);
	if (taken == at->most || c->full)
		return;
	n = characters(at->chars, list);
	for (i = 0; i < n && !c->full; i++) {
		assert_true(snprintf(text, sizeof(text), "%s%s", before, list[i]) < TEXT_SIZE);
		complete(c, p, part, taken + 1, text);
	}
}

/* ---- one condition -------------------------------------------------------------- */

struct tally {
	size_t judged, decided, missed;
};

/* What they all say; unknown where they do not agree. */
static enum truth all_say(const struct ops *o, const struct completions *c, struct fixture *f)
{
	struct agreed all = { TRUTH_UNKNOWN, false };
	struct value v;
	size_t i;

	for (i = 0; i < c->n; i++) {
		v = value_of_str(str_of(c->texts[i]));
		agree(&all, ops_judge(o, &v, &f->resource, &f->judge));
		if (all.truth == TRUTH_UNKNOWN)
			break;
	}
	return all.truth;
}

/* exact: nothing that could be decided may be left. */
static void check(struct fixture *f, const struct value *v, const struct completions *c,
		  const char *condition, bool exact, struct tally *tally)
{
	struct source *source = ARENA_NEW(&f->arena, struct source);
	struct ops *o = ops_compile(&f->scope, "name", (struct type){ TYPE_STRING, TYPE_NONE },
				    fixture_yaml(f, source, "condition", condition));
	enum truth truth, want;
	struct buf b = BUF_INIT(0);

	if (o == NULL) { /* a pattern by chance that is none */
		mistakes_release(&f->mistakes);
		mistakes_init(&f->mistakes, &f->arena);
		return;
	}
	truth = ops_judge(o, v, &f->resource, &f->judge);
	want = all_say(o, c, f);
	tally->judged++;
	tally->decided += truth != TRUTH_UNKNOWN;
	tally->missed += truth == TRUTH_UNKNOWN && want != TRUTH_UNKNOWN;
	if (truth != want && (truth != TRUTH_UNKNOWN || exact)) {
		value_show(&b, v, 200);
		fail_msg("%.*s: %s is %s, and its completions say %s", STR_ARG(buf_str(&b)),
			 condition, truth_name(truth), truth_name(want));
	}
	ops_release(o);
	buf_release(&b);
}

/* ---- many ---------------------------------------------------------------------- */

static uint32_t seed = 12345;

static uint32_t chance(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % n;
}

static const char *choose(const char *const *list, size_t n)
{
	return list[chance((uint32_t)n)];
}
#define CHOOSE(list) choose(list, sizeof(list) / sizeof(*(list)))

static void random_text(char *to, size_t size)
{
	static const char *const pieces[] = {
		"a",
		"acme-",
		"-",
		"1",
		"A",
		".",
		"-an",
		"xn--",
		"\xC3\xA9",
		"[x d 1 1]",
		"[x d 0 2]",
		"[x hp 0 2]",
		"[x h 1 2]",
		"[x l 1 1]",
		"[x lu 1 1]",
		"[x w 0 1]",
		"[x ludhpnsmw 0 1]",
	};
	uint32_t n = 1 + chance(4);
	size_t len = 0;

	to[0] = '\0';
	while (n-- > 0)
		len += (size_t)snprintf(to + len, size - len, "%s", CHOOSE(pieces));
}

static void random_operand(char *to, size_t size, bool glob)
{
	static const char *const pieces[] = { "a", "acme-", "-",   "1",        "A",
					      ".", "b",     "-an", "\xC3\xA9", "3" };
	static const char *const wild[] = { "*", "?", "[0-9]", "[!a]", "[a-c]", "\\-", "*" };
	uint32_t n = chance(4) + (glob ? 1 : 0);
	size_t len = 0;

	to[0] = '\0';
	while (n-- > 0)
		len += (size_t)snprintf(to + len, size - len, "%s",
					glob && chance(2) == 0 ? CHOOSE(wild) : CHOOSE(pieces));
}

static void random_pattern(char *to, size_t size)
{
	static const char *const pieces[] = {
		"a", "acme-", "-",   "1",      "A", "\\.", "[0-9]", "\\d+", ".",     "(?!a)",
		"$", "^",     "\\b", "(?<=a)", "*", "+",   "?",     "|",    "(?=1)", "(a|1)",
	};
	uint32_t n = 1 + chance(5);
	size_t len = (size_t)snprintf(to, size, "%s", chance(2) == 0 ? "^" : "");

	while (n-- > 0)
		len += (size_t)snprintf(to + len, size - len, "%s", CHOOSE(pieces));
}

static void random_condition(char *to, size_t size, bool *exact)
{
	static const char *const texts[] = { "equals",    "not_equals", "starts_with",
					     "ends_with", "contains",   "not_contains" };
	static const char *const formats[] = {
		"s3-bucket-name",
		"s3-bucket-name-without-periods",
		"account-id",
		"recording-configuration-name",
		"tag-key",
		"tag-value",
		"region",
		"arn",
		"date",
		"email-address",
		"aws-access-key-id",
		"private-key",
		"ivs-region",
	};
	char operand[64], other[64];

	*exact = true;
	switch (chance(6)) {
	case 0:
		random_operand(operand, sizeof(operand), true);
		snprintf(to, size, "{%s: '%s'}", chance(2) == 0 ? "like" : "not_like", operand);
		break;
	case 1:
		random_operand(operand, sizeof(operand), false);
		random_operand(other, sizeof(other), false);
		snprintf(to, size, "{in: ['%s', '%s']}", operand, other);
		*exact = false;
		break;
	case 2:
		snprintf(to, size, "{%s: %u}", chance(2) == 0 ? "min_length" : "max_length",
			 chance(9));
		break;
	case 3:
		random_pattern(operand, sizeof(operand));
		snprintf(to, size, "{%s: '%s'}", chance(2) == 0 ? "matches" : "not_matches",
			 operand);
		*exact = false;
		break;
	case 4:
		snprintf(to, size, "{%s: %s}", chance(2) == 0 ? "is" : "is_not", CHOOSE(formats));
		*exact = false;
		break;
	default:
		random_operand(operand, sizeof(operand), false);
		snprintf(to, size, "{%s: '%s'}", CHOOSE(texts), operand);
		break;
	}
}

static void test_by_force(void **state)
{
	struct completions c = { .texts = mem_alloc(COMPLETIONS_MOST * TEXT_SIZE) };
	struct tally tally = { 0 };
	struct fixture f;
	char text[256], condition[256];
	const struct partial *p;
	struct value v;
	bool exact;
	int i, k;

	(void)state;
	for (i = 0; i < 250; i++) {
		fixture_init(&f);
		resource_init(&f.resource, &f.resource_source, PLACE_NONE, SOURCE_API);
		random_text(text, sizeof(text));
		v = fixture_text(&f.arena, text);
		p = value_partial(&v);
		c.n = 0;
		c.full = false;
		if (p != NULL)
			complete(&c, p, 0, 0, "");
		for (k = 0; p != NULL && !c.full && k < 40; k++) {
			random_condition(condition, sizeof(condition), &exact);
			check(&f, &v, &c, condition, exact, &tally);
		}
		fixture_release(&f);
	}
	free(c.texts);
	print_message("%zu conditions judged, %zu decided, %zu that could be were not\n",
		      tally.judged, tally.decided, tally.missed);
	assert_true(tally.judged > 4000 && tally.decided > tally.judged / 2);
	assert_true(tally.missed < tally.judged / 8); /* patterns, nearly all */
}

/* Conditions on what is below one of a few: each of them by itself says the same. */
static void test_below(void **state)
{
	static const char *const whole[][3] = {
		{ "tags: {Owner: a, Env: prod}", "tags: {Owner: b}", "tags: null" },
		{ "channels: [{type: BASIC}]", "channels: [{type: BASIC, name: x}, {}]",
		  "channels: []" },
	};
	static const char *const conditions[] = {
		"tags.Owner: a",
		"tags.Owner: {exists: true}",
		"tags.Owner: {in: [a, b]}",
		"tags.Env: {not_equals: dev}",
		"tags.Env: {exists: false}",
		"tags: {has_keys: [Owner]}",
		"tags: {each: {key: {min_length: 3}}}",
		"tags: {values: {max_length: 4}}",
		"not: {tags.Owner: c}",
		"'channels[*].type': {contains: BASIC}",
		"'channels[*].type': {each: {in: [BASIC, STANDARD]}}",
		"'channels[*].name': {contains: x}",
		"channels: {some: {type: BASIC}}",
		"channels: {count: {where: {type: BASIC}, max: 1}}",
		"channels: {each: {latencyMode: LOW}}",
		"name: {starts_with: {field: tags.Owner}}",
	};
	const enum field_id fields[] = { FIELD_TAGS, FIELD_CHANNELS };
	size_t i, k, n, c, decided = 0;

	(void)state;
	for (k = 0; k < 2; k++) {
		for (n = 2; n <= 3; n++) {
			for (c = 0; c < sizeof(conditions) / sizeof(*conditions); c++) {
				struct value items[3];
				struct agreed all = { TRUTH_UNKNOWN, false };
				struct fixture f;
				struct cond *cond;
				enum truth truth;

				fixture_init(&f);
				cond = fixture_cond(&f, conditions[c]);
				for (i = 0; i < n; i++) {
					fixture_give(&f, whole[k][i], NULL);
					if (fields[k] == FIELD_TAGS) /* what the others need */
						f.resource.slots[FIELD_NAME] =
						    value_of_str(STR("acme"));
					items[i] = f.resource.slots[fields[k]];
					agree(&all, cond_judge(cond, &f.resource, &f.judge));
				}
				f.resource.slots[fields[k]] =
				    value_one_of(&f.arena, "both sides of a condition", items, n);
				truth = cond_judge(cond, &f.resource, &f.judge);
				if (truth != all.truth)
					fail_msg("%s: %s, not %s", conditions[c], truth_name(truth),
						 truth_name(all.truth));
				decided += truth != TRUTH_UNKNOWN;
				cond_release(cond);
				fixture_release(&f);
			}
		}
	}
	assert_true(decided > 15);
}

/* Gaps that are longer than what is counted only add texts. */
static void test_long_gaps(void **state)
{
	static const struct {
		const char *text, *wanted;
		enum known_where where;
		enum truth truth;
	} cases[] = {
		{ "a[x d 300 *]", "a1", KNOWN_START, TRUTH_UNKNOWN },
		{ "a[x d 300 *]", "ab", KNOWN_START, TRUTH_FALSE },
		{ "a[x d 0 600]b", "b", KNOWN_END, TRUTH_TRUE },
		{ "a[x d 0 600]b", "c", KNOWN_INSIDE, TRUTH_FALSE },
		{ "[x ludhpnsmw 0 *]", "", KNOWN_WHOLE, TRUTH_UNKNOWN },
		{ "[x ludhpnsmw 0 *]", "", KNOWN_INSIDE, TRUTH_TRUE },
	};
	struct arena arena = ARENA_INIT;
	struct value v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		v = fixture_text(&arena, cases[i].text);
		if (known_text(value_partial(&v), str_of(cases[i].wanted), cases[i].where) !=
		    cases[i].truth)
			fail_msg("%s: %s", cases[i].text, cases[i].wanted);
	}
	/* what is too much is not decided, and costs no more than the limit */
	v = fixture_text(&arena, "[a l 0 200][b d 0 200][c l 0 200][d d 0 200]");
	assert_int_equal(known_glob(value_partial(&v), STR("*a*1*b*2")), TRUTH_UNKNOWN);
	arena_release(&arena);
}

/* A gap of one character may be what model/partial.h says, and nothing else. */
static void test_classes(void **state)
{
	struct partial_part part = { .least = 1, .most = 1 };
	union {
		struct partial partial;
		char room[sizeof(struct partial) + 1];
	} p = { .partial = { .form = PARTIAL_TEXT, .n = 1 } };
	char c;
	uint32_t i;

	(void)state;
	p.partial.parts = &part;
	for (part.chars = 1; part.chars <= CHARS_MARK; part.chars <<= 1) {
		for (i = 0; i < 0x80; i++) {
			c = (char)i;
			if ((known_text(&p.partial, (struct str){ &c, 1 }, KNOWN_WHOLE) !=
			     TRUTH_FALSE) != ((chars_of(i) & part.chars) != 0))
				fail_msg("character %d of the class %d", (int)i, (int)part.chars);
		}
	}
}

struct glob_case {
	const char *text, *glob;
	enum truth truth;
};

static void check_globs(const struct glob_case *cases, size_t n)
{
	struct arena arena = ARENA_INIT;
	struct value v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = fixture_text(&arena, cases[i].text);
		if (known_glob(value_partial(&v), str_of(cases[i].glob)) != cases[i].truth)
			fail_msg("%s: %s", cases[i].text, cases[i].glob);
	}
	arena_release(&arena);
}

/* Seen at the ends of both; and what only looks so. */
static void test_ends(void **state)
{
	static const struct glob_case cases[] = {
		{ "acme-[x d 12 12]", "xn--*", TRUTH_FALSE },
		{ "acme-[x d 12 12]-live", "*-s3alias", TRUTH_FALSE },
		{ "acme-[x d 12 12]-live", "*-live", TRUTH_TRUE },
		{ "acme-[x d 12 12]-live", "*e-live", TRUTH_FALSE },
		{ "acme-[x d 12 12]s", "*-s3alias", TRUTH_FALSE },
		{ "acme-[x ldh 0 12]s", "*-s3alias", TRUTH_UNKNOWN },
		{ "[x d 1 12]-x", "a*", TRUTH_FALSE },
		{ "[x d 0 12]a", "a*", TRUTH_UNKNOWN },
		{ "[x d 1 12]", "*a", TRUTH_FALSE },
		{ "[x w 1 12]", "*\xC3\xA9", TRUTH_UNKNOWN },
		{ "a[x d 1 2]]b", "*[]]b", TRUTH_TRUE },
		{ "a[x d 1 2]*", "*\\*", TRUTH_TRUE },
		{ "a[x d 1 2]", "a", TRUTH_FALSE },
		{ "[x d 0 2]a", "a", TRUTH_UNKNOWN },
		{ "[x d 0 2]a", "b", TRUTH_FALSE },
		{ "[x d 0 2]", "", TRUTH_UNKNOWN },
		{ "[x d 1 2]", "", TRUTH_FALSE },
	};

	(void)state;
	check_globs(cases, sizeof(cases) / sizeof(*cases));
}

/* What has to be looked into from end to end, and is long. */
static void test_long_ways(void **state)
{
	static const struct glob_case cases[] = {
		{ "[x luh 1 128]-x", "*-x", TRUTH_TRUE },
		{ "[x l 0 200]1[y l 0 200]", "*1*", TRUTH_TRUE },
		{ "[x ld 0 200]a[y ld 0 200]1", "*a*1", TRUTH_TRUE },
		{ "[x l 3 200]", "*??*?*", TRUTH_TRUE },
		{ "[x l 2 200]", "*??*?*", TRUTH_UNKNOWN },
		{ "[x l 0 *]a[y l 0 *]", "*a*", TRUTH_TRUE },
		{ "[x l 0 *]a[y l 0 *]", "*1*", TRUTH_FALSE },
		{ "[x w 0 *]\xC3\xA9[y w 1 1]", "*\xC3\xA9?", TRUTH_TRUE },
		{ "[x w 0 3]\xC3\xA9", "*\xC3\xA9\xC3\xA9", TRUTH_UNKNOWN },
	};
	struct arena arena = ARENA_INIT;
	struct partial_part shape = { .chars = CHARS_ANY, .most = 256 };
	struct value v;

	(void)state;
	check_globs(cases, sizeof(cases) / sizeof(*cases));
	v = fixture_text(&arena, "a[x luh 1 126]-[y luh 1 128]");
	assert_int_equal(known_shape(value_partial(&v), &shape, 1), TRUTH_TRUE);
	shape.most = 255;
	assert_int_equal(known_shape(value_partial(&v), &shape, 1), TRUTH_UNKNOWN);
	arena_release(&arena);
}

/* Every named format is known here too. */
static void test_formats(void **state)
{
	struct arena arena = ARENA_INIT;
	struct value mark = fixture_text(&arena, "\x01#[x d 1 1]");
	size_t i, refused = 0;

	(void)state;
	for (i = 0; i < format_n_rows; i++)
		refused +=
		    format_known(str_of(format_rows[i].name), value_partial(&mark)) == TRUTH_FALSE;
	assert_int_equal(refused, format_n_rows);
	arena_release(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_force),  cmocka_unit_test(test_below),
		cmocka_unit_test(test_long_gaps), cmocka_unit_test(test_classes),
		cmocka_unit_test(test_ends),      cmocka_unit_test(test_long_ways),
		cmocka_unit_test(test_formats),
	};

	return cmocka_run_group_tests_name("known", tests, NULL, NULL);
}
