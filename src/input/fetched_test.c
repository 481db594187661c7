/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of headers and trailers: every way in which one may be missing, come
 * twice, or count something else. Their text is tested by the cases fetch-*.
 */
#include "input/fetched.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* A mark, with what was read and refused since the one before. */
struct step {
	struct fetch_mark mark;
	uint64_t resources, refusals;
};

/* "" for each step that is right, else "r" or "c" for its kind. */
static const char *walk(const struct step *steps, size_t n, uint64_t after)
{
	static char said[20];
	struct fetched f = { .is = true };
	uint64_t resources = 0, refusals = 0;
	enum trouble kind;
	uint32_t line;
	size_t i, len = 0;

	for (i = 0; i <= n; i++) {
		resources += i < n ? steps[i].resources : after;
		refusals += i < n ? steps[i].refusals : 0;
		if (fetched_take(&f, i < n ? &steps[i].mark : NULL, resources, refusals, &kind,
				 &line) == NULL) {
			said[len++] = '.';
			continue;
		}
		assert_int_equal(line, i < n ? steps[i].mark.line : 0);
		said[len++] = kind == TROUBLE_CUT ? 'c' : 'r';
	}
	said[len] = '\0';
	return said;
}

static void test_the_order_of_marks(void **state)
{
	static const struct fetch_mark header = { false, 0, 1 };

	(void)state;
	assert_string_equal(
	    walk((struct step[]){ { header, 0, 0 }, { { true, 2, 4 }, 2, 0 } }, 2, 0), "...");
	/* no trailer */
	assert_string_equal(walk((struct step[]){ { header, 0, 0 } }, 1, 5), ".c");
	assert_string_equal(walk((struct step[]){ { header, 0, 0 } }, 1, 0), ".c");
	/* fewer and more than counted */
	assert_string_equal(
	    walk((struct step[]){ { header, 0, 0 }, { { true, 3, 4 }, 2, 0 } }, 2, 0), ".c.");
	assert_string_equal(
	    walk((struct step[]){ { header, 0, 0 }, { { true, 1, 4 }, 2, 0 } }, 2, 0), ".c.");
	/* what was refused was told already; it does not hide that more is gone */
	assert_string_equal(
	    walk((struct step[]){ { header, 0, 0 }, { { true, 3, 4 }, 2, 1 } }, 2, 0), "...");
	assert_string_equal(
	    walk((struct step[]){ { header, 0, 0 }, { { true, 4, 4 }, 2, 1 } }, 2, 0), ".c.");
	/* several, one after the other */
	assert_string_equal(walk((struct step[]){ { header, 0, 0 },
						  { { true, 2, 4 }, 2, 0 },
						  { { false, 0, 5 }, 0, 0 },
						  { { true, 1, 7 }, 1, 0 } },
				 4, 0),
			    ".....");
	assert_string_equal(walk((struct step[]){ { header, 0, 0 },
						  { { false, 0, 5 }, 2, 0 },
						  { { true, 1, 7 }, 1, 0 } },
				 3, 0),
			    ".c..");
	/* what stands outside */
	assert_string_equal(
	    walk((struct step[]){ { header, 0, 0 }, { { true, 0, 2 }, 0, 0 } }, 2, 1), "..r");
	assert_string_equal(walk((struct step[]){ { header, 0, 0 },
						  { { true, 0, 2 }, 0, 0 },
						  { { false, 0, 4 }, 1, 0 },
						  { { true, 0, 5 }, 0, 0 } },
				 4, 0),
			    "..r..");
	assert_string_equal(walk((struct step[]){ { { true, 0, 1 }, 0, 0 } }, 1, 0), "rc");
	assert_string_equal(walk(NULL, 0, 0), "c");
	assert_string_equal(walk((struct step[]){ { header, 0, 0 },
						  { { true, 0, 2 }, 0, 0 },
						  { { true, 0, 3 }, 0, 0 } },
				 3, 0),
			    "..r.");
}

static void test_beginnings(void **state)
{
	static const struct {
		char text[200];
		bool is;
	} rows[] = {
		{ "{\"ivslintFetch\":{\"format\":1}}", true },
		{ "{ \n\t\"ivslintFetch\" : {", true },
		{ "{\"ivslintFetchX\":1}", false },
		{ "{\"recordingConfiguration\":{}}", false },
		{ "[{\"ivslintFetch\":{}}]", false },
		{ "{", false },
		{ "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(fetched_begins(rows[i].text), rows[i].is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_order_of_marks),
		cmocka_unit_test(test_beginnings),
	};

	return cmocka_run_group_tests_name("fetched", tests, NULL, NULL);
}
