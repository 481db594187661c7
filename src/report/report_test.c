/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every format over the same scenes, against goldens (UPDATE=1 writes them) and
 * against parsers that are not ours.
 */
#include "report/written_fixture.h"

static void test_goldens(void **state)
{
	const char *paths[N_VARIANTS];
	struct scene *c;
	size_t i, k;

	(void)state;
	for (i = 0; i < N_SCENES; i++) {
		c = scene_new(&scenes[i]);
		write_variants(c, paths);
		for (k = 0; k < N_VARIANTS; k++)
			same_as_golden(paths[k],
				       arena_printf(&c->arena, "testdata/report/%s/want.%s%s",
						    scenes[i].name, variants[k].format,
						    variants[k].suffix));
		prove_variants(c, paths);
		scene_free(c);
	}
}

static void test_random(void **state)
{
	const char *paths[N_VARIANTS];
	struct scene *c;
	uint32_t seed;

	(void)state;
	for (seed = 1; seed <= 8; seed++) {
		c = mem_alloc(sizeof(*c));
		scene_init(c);
		scene_random(c, seed);
		scene_sum(c);
		write_variants(c, paths);
		prove_variants(c, paths);
		scene_free(c);
	}
}

/* Several at once are what each is alone, though one of them wants everything. */
static void test_together(void **state)
{
	struct report_request requests[MOST_FORMATS];
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	struct err err;
	size_t i;

	(void)state;
	assert_true(report_n <= MOST_FORMATS);
	for (i = 0; i < report_n; i++)
		requests[i] = (struct report_request){ report_table[i],
						       in_folder(c, report_table[i]->name), false };
	assert_true(reports_want_all(requests, report_n, &options));
	if (write_reports(c, requests, report_n, &options, &err) == -1)
		fail_msg("%s", err.text);
	for (i = 0; i < report_n; i++)
		same_as_golden(requests[i].path,
			       arena_printf(&c->arena, "testdata/report/mixed/want.%s",
					    report_table[i]->name));
	scene_free(c);
}

static void test_names(void **state)
{
	(void)state;
	assert_ptr_equal(report_find(STR("junit"))->name, report_table[3]->name);
	assert_null(report_find(STR("jun")));
	assert_null(report_find(STR("")));
	assert_string_equal(problem_kind_name(PROBLEM_CUT), "cut");
}

/* The HTML page of every scene, for the test in a browser. */
static void test_pages(void **state)
{
	const struct variant variant = { "html", "", { 0 } };
	const char *to = getenv("IVSLINT_KEEP_PAGES");
	struct scene *c;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < N_SCENES; i++) {
		c = scene_new(&scenes[i]);
		assert_int_equal(
		    write_one(c, &variant,
			      arena_printf(&c->arena, "%s/%s.html", to, scenes[i].name), &err),
		    0);
		scene_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_together),
	};
	const struct CMUnitTest pages[] = { cmocka_unit_test(test_pages) };

	if (getenv("IVSLINT_KEEP_PAGES") != NULL)
		return cmocka_run_group_tests(pages, NULL, NULL);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
