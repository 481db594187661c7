/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places within scalars: where the caret goes, and where there is none.
 */
#include "rule/cond_fixture.h"

#include "rule/place.h"

static void test_inside(void **state)
{
	static const struct {
		const char *text; /* of a list of one string */
		size_t offset;
		uint32_t line, column;
		size_t span;
	} cases[] = {
		{ "[abc]", 0, 1, 2, 3 },         { "[abc]", 2, 1, 4, 3 },
		{ "[abc]", 3, 1, 5, 3 },         { "[abc]", 4, 1, 2, 3 },
		{ "['abc']", 1, 1, 4, 5 },       { "[\"abc\"]", 1, 1, 4, 5 },
		{ "['äöc']", 4, 1, 5, 5 },       { "[ä, äb]", 2, 1, 3, 1 },
		{ "['a''b']", 2, 1, 2, 5 }, /* an escape: not letter by letter */
		{ "[\"a\\x41b\"]", 2, 1, 2, 5 }, { "- a\n  b\n", 2, 1, 3, 3 }, /* two lines */
		{ "- >\n  abc\n", 1, 1, 3, 1 },                                /* a block */
		{ "-\n  abc\n", 1, 2, 4, 3 },    { "- 60", 0, 1, 3, 2 },
		{ "- true", 0, 1, 3, 4 },        { "- [1]", 0, 1, 3, 1 },
	};
	const struct value *v;
	struct fixture f;
	struct place place;
	size_t i;

	(void)state;
	fixture_init(&f);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		v = &fixture_yaml(&f, &f.source, "p.yaml", cases[i].text)->items[0];
		place = v->place;
		if (v->kind == VALUE_STRING)
			place = place_inside(&f.source, v, cases[i].offset);
		if (place.line != cases[i].line || place.column != cases[i].column ||
		    place_span(v) != cases[i].span)
			fail_msg("%s: %u:%u, %zu", cases[i].text, place.line, place.column,
				 place_span(v));
	}
	fixture_release(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_inside) };

	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
