/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where reports go: files that are whole or not there, disks that are full, two
 * reports at one place, standard output, the summary of a step.
 */
#include "base/limit.h"
#include "report/written_fixture.h"

/* Standard output, as a terminal and not. */
static void test_terminal(void **state)
{
	static const struct report_options looks[] = {
		{ .color = true, .width = 60 },
		{ .all = true, .width = 79 },
	};
	static const char *const goldens[] = { "testdata/report/mixed/want.text-color",
					       "testdata/report/mixed/want.text-width" };
	struct report_request request = { report_find(STR("text")), "-", false };
	struct scene *c = scene_new(&scenes[1]);
	const char *path = in_folder(c, "stdout");
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(write_shown(c, &request, 1, &looks[i], path), 0);
		same_as_golden(path, goldens[i]);
	}
	scene_free(c);
}

static void test_full_disk(void **state)
{
	struct scene *c = scene_new(&scenes[1]);
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < N_VARIANTS; i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(write_one(c, &variants[i], "/dev/full", &err), -1);
		assert_int_equal(err.kind, ERR_OUTPUT);
		assert_non_null(strstr(err.text, "/dev/full"));
	}
	scene_free(c);
}

static void test_one_fails(void **state)
{
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	struct report_request requests[] = {
		{ report_find(STR("text")), "/dev/full", false },
		{ report_find(STR("ndjson")), in_folder(c, "kept"), false },
	};
	struct err err;

	(void)state;
	assert_int_equal(write_reports(c, requests, 2, &options, &err), -1);
	assert_int_equal(err.kind, ERR_OUTPUT);
	same_as_golden(requests[1].path, "testdata/report/mixed/want.ndjson");
	scene_free(c);
}

static void test_same_place(void **state)
{
	struct scene *c = scene_new(&scenes[0]);
	struct report_options options = { 0 };
	struct report_request requests[2];
	struct err err;

	(void)state;
	requests[0] = (struct report_request){ report_find(STR("text")), "a.json", false };
	requests[1] = (struct report_request){ report_find(STR("json")), ".//a.json", false };
	assert_null(reports_open(requests, 2, &c->run, &options, &err));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_non_null(strstr(err.text, "two reports (text and json)"));
	assert_int_equal(access("a.json", F_OK), -1);
	scene_free(c);
}

/* One output that cannot be opened leaves nothing of the others. */
static void test_open_fails(void **state)
{
	struct scene *c = scene_new(&scenes[0]);
	struct report_options options = { 0 };
	struct report_request requests[] = {
		{ report_find(STR("junit")), in_folder(c, "never"), false },
		{ report_find(STR("json")), in_folder(c, "no/such/folder"), false },
	};
	struct reports *rs;
	struct err err;

	(void)state;
	assert_null(reports_open(requests, 2, &c->run, &options, &err));
	assert_int_equal(access(requests[0].path, F_OK), -1);
	/* Neither does a run that was given up. */
	rs = reports_open(requests, 1, &c->run, &options, &err);
	assert_non_null(rs);
	feed(rs, c, true);
	reports_abandon(rs);
	reports_abandon(NULL);
	assert_int_equal(access(requests[0].path, F_OK), -1);
	scene_free(c);
}

/* Annotations behind a text, as --format auto has them in a workflow. */
static void test_follow(void **state)
{
	struct report_request requests[] = { { report_find(STR("text")), "-", false },
					     { report_find(STR("github")), "-", false } };
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	const char *path = in_folder(c, "follow");
	struct buf got, want, rest;
	struct err err;

	(void)state;
	assert_int_equal(write_shown(c, requests, 2, &options, path), 0);
	read_whole(&got, path);
	read_whole(&want, "testdata/report/mixed/want.text");
	read_whole(&rest, "testdata/report/mixed/want.github");
	buf_put_str(&want, buf_str(&rest));
	assert_string_equal(got.data, want.data);
	buf_release(&got);
	buf_release(&want);
	buf_release(&rest);
	/* The other way round they would be mixed up. */
	requests[0].format = report_find(STR("github"));
	requests[1].format = report_find(STR("text"));
	assert_null(reports_open(requests, 2, &c->run, &options, &err));
	assert_int_equal(err.kind, ERR_USAGE);
	scene_free(c);
}

/* The summary of a step: behind what others wrote, and never past its limit. */
static void test_step_summary(void **state)
{
	static const size_t before[] = { 0, 100, LIMIT_STEP_SUMMARY - 5000, LIMIT_STEP_SUMMARY - 10,
					 LIMIT_STEP_SUMMARY + 1 };
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	struct report_request request = { report_find(STR("markdown")), in_folder(c, "step"),
					  true };
	struct buf b;
	struct err err;
	FILE *f;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		f = fopen(request.path, "w");
		assert_non_null(f);
		for (k = 0; k < before[i]; k++)
			fputc('x', f);
		fclose(f);
		assert_int_equal(write_reports(c, &request, 1, &options, &err), 0);
		read_whole(&b, request.path);
		assert_true(b.len >= before[i]);
		assert_true(b.len <= LIMIT_STEP_SUMMARY || b.len == before[i]);
		if (i < 3)
			assert_non_null(strstr(b.data + before[i], "## ivslint: failed"));
		for (k = 0; k < before[i]; k++)
			assert_int_equal(b.data[k], 'x');
		buf_release(&b);
	}
	scene_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminal),     cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_one_fails),    cmocka_unit_test(test_same_place),
		cmocka_unit_test(test_open_fails),   cmocka_unit_test(test_follow),
		cmocka_unit_test(test_step_summary),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
