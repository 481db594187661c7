/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths for readers in a repository, and as URIs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* after those that it needs */
#include <cmocka.h>

#include "report/report_place.h"

static void test_paths(void **state)
{
	static const struct {
		const char *folder, *file;
		const char *path; /* NULL: none */
		bool outside;
	} rows[] = {
		{ "/repo", "a.json", "a.json", false },
		{ "/repo", "./a.json", "a.json", false },
		{ "/repo", ".//x/./a.json", "x/a.json", false },
		{ "/repo", "x/../a.json", "a.json", false },
		{ "/repo", "x//y///a.json", "x/y/a.json", false },
		{ "/repo", "...", "...", false },
		{ "/repo", "..a/b", "..a/b", false },
		{ "/repo", "/repo/a.json", "a.json", false },
		{ "/repo", "/repo/./x/../a.json", "a.json", false },
		{ "/repo", "/repository/a.json", "repository/a.json", true },
		{ "/repo", "/tmp/a.json", "tmp/a.json", true },
		{ "/repo", "../a.json", "a.json", true },
		{ "/repo", "../repo/a.json", "a.json", false },
		{ "/repo", "x/../../a.json", "a.json", true },
		{ "/repo/sub", "../a.json", "repo/a.json", true },
		{ "/repo/sub", "../../../../a.json", "a.json", true },
		{ "/", "/a.json", "a.json", true },
		{ "/", "a.json", "a.json", false },
		{ "", "a.json", "a.json", false },
		{ "", "/x/a.json", "x/a.json", true },
		{ "", "../a.json", "a.json", true },
		{ "/repo", "/repo", "repo", true },
		{ "/repo", "", NULL, false },
		{ "/repo", "-", NULL, false },
		{ "/repo", "<stdin>", NULL, false },
		{ "/repo", "ivslint:recommended", NULL, false },
		{ "/repo", ".", NULL, false },
		{ "/repo", "./", NULL, false },
		{ "/repo", "/", NULL, false },
		{ "/repo", "x/..", NULL, false },
	};
	struct buf b = BUF_INIT(0);
	bool outside;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		if (report_path_put(&b, str_of(rows[i].folder), str_of(rows[i].folder),
				    str_of(rows[i].file), &outside) != (rows[i].path != NULL))
			fail_msg("%s in %s", rows[i].file, rows[i].folder);
		if (rows[i].path == NULL)
			continue;
		assert_string_equal(buf_str(&b).data, rows[i].path);
		assert_int_equal(outside, rows[i].outside);
		/* Behind something else as well. */
		buf_clear(&b);
		buf_puts(&b, "../x/");
		report_path_put(&b, str_of(rows[i].folder), str_of(rows[i].folder),
				str_of(rows[i].file), &outside);
		assert_string_equal(b.data + 5, rows[i].path);
	}
	buf_release(&b);
}

/* From a folder inside of a repository. */
static void test_paths_below_top(void **state)
{
	static const struct {
		const char *folder, *top, *file;
		const char *path;
		bool outside;
	} rows[] = {
		{ "/repo/infra", "/repo", "a.json", "infra/a.json", false },
		{ "/repo/infra", "/repo", "./x/../a.json", "infra/a.json", false },
		{ "/repo/infra", "/repo", "../a.json", "a.json", false },
		{ "/repo/infra", "/repo", "../../a.json", "a.json", true },
		{ "/repo/infra", "/repo", "/repo/infra/a.json", "infra/a.json", false },
		{ "/repo/infra", "/repo", "/repo/a.json", "a.json", false },
		{ "/repo/infra", "/repo", "/tmp/a.json", "tmp/a.json", true },
		{ "/repo/infra", "/rep", "a.json", "repo/infra/a.json", true },
		{ "/repo", "/repo", "a.json", "a.json", false },
	};
	struct buf b = BUF_INIT(0);
	bool outside;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		assert_true(report_path_put(&b, str_of(rows[i].folder), str_of(rows[i].top),
					    str_of(rows[i].file), &outside));
		assert_string_equal(buf_str(&b).data, rows[i].path);
		assert_int_equal(outside, rows[i].outside);
	}
	buf_release(&b);
}

static void test_uris(void **state)
{
	static const char *const rows[][2] = {
		{ "a/b-c_d.e~f.json", "a/b-c_d.e~f.json" },
		{ "c:/x?y#z", "c%3A/x%3Fy%23z" },
		{ "a b%20c", "a%20b%2520c" },
		{ "\xC3\xA9\xFF\n", "%C3%A9%FF%0A" },
	};
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		report_put_uri(&b, str_of(rows[i][0]));
		assert_string_equal(b.data, rows[i][1]);
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_paths_below_top),
		cmocka_unit_test(test_uris),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
