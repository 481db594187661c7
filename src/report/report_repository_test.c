/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of the repository: places are paths in it, wherever in it the
 * program ran, and SARIF says which version they are of.
 */
#include "report/written_fixture.h"

#define SHA "0123456789abcdef0123456789abcdef01234567"

/* The report, for the caller to release. */
static void write_format(struct scene *c, const char *format, bool junit_gitlab, struct buf *b)
{
	const struct variant variant = { format, "", { .junit_gitlab = junit_gitlab } };
	const char *path = in_folder(c, format);
	struct err err;

	if (write_one(c, &variant, path, &err) == -1)
		fail_msg("%s: %s", format, err.text);
	prove(&format, &path, 1);
	read_whole(b, path);
}

static void has(const struct buf *b, const char *text)
{
	if (strstr(b->data, text) == NULL)
		fail_msg("no %s in\n%s", text, b->data);
}

static void test_revision(void **state)
{
	static const struct {
		struct revision revision;
		const char *root, *said;
	} rows[] = {
		{ { STR("https://github.com/acme/video"), STR(SHA), STR("main"), STR("") },
		  "/",
		  ",\n\"versionControlProvenance\":[{\"repositoryUri\":"
		  "\"https://github.com/acme/video\",\"revisionId\":\"" SHA "\","
		  "\"branch\":\"main\",\"mappedTo\":{\"uriBaseId\":\"%SRCROOT%\"}}]" },
		{ { STR("https://gitlab.com/acme/video"), STR(""), STR(""), STR("v\"1") },
		  NULL,
		  ",\n\"versionControlProvenance\":[{\"repositoryUri\":"
		  "\"https://gitlab.com/acme/video\",\"revisionTag\":\"v\\\"1\"}]" },
	};
	struct scene *c = scene_new(&scenes[1]);
	const char *at;
	struct buf b;
	size_t i, n;

	(void)state;
	write_format(c, "sarif", false, &b);
	assert_null(strstr(b.data, "versionControlProvenance"));
	buf_release(&b);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c->run.revision = &rows[i].revision;
		c->run.root = rows[i].root;
		write_format(c, "sarif", false, &b);
		/* in each of its runs */
		for (n = 0, at = b.data; (at = strstr(at, rows[i].said)) != NULL; at++)
			n++;
		assert_int_equal(n, 2);
		buf_release(&b);
	}
	scene_free(c);
}

/* What is of no account and region leaves its category to who uploads it. */
static void test_category(void **state)
{
	struct scene *c = scene_new(&scenes[1]);
	const char *at;
	struct buf b;
	size_t n;

	(void)state;
	write_format(c, "sarif", false, &b);
	for (n = 0, at = b.data; (at = strstr(at, "\"automationDetails\"")) != NULL; at++)
		n++;
	assert_int_equal(n, 1);
	has(&b, "\"automationDetails\":{\"id\":\"ivslint/123456789012/us-west-2/\"}");
	buf_release(&b);
	scene_free(c);
}

/* The program ran in a folder of the repository. */
static void test_root(void **state)
{
	struct scene *c = scene_new(&scenes[1]);
	char here[4096];
	const char *name;
	struct buf b;

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	name = arena_printf(&c->arena, "%s", strrchr(here, '/') + 1);
	*strrchr(here, '/') = '\0';
	if (here[0] == '\0' ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz-_0123456789.") != strlen(name)) {
		scene_free(c);
		skip();
	}
	c->run.root = here;
	write_format(c, "sarif", false, &b);
	has(&b,
	    arena_printf(&c->arena,
			 "{\"uri\":\"%s/saved/prod.json\",\"uriBaseId\":\"%%SRCROOT%%\"}", name));
	assert_null(strstr(b.data, "\"uri\":\"saved/"));
	buf_release(&b);
	write_format(c, "github", false, &b);
	has(&b, arena_printf(&c->arena, "::error file=%s/saved/prod.json,line=", name));
	assert_null(strstr(b.data, "file=saved/"));
	buf_release(&b);
	write_format(c, "gitlab", false, &b);
	has(&b, arena_printf(&c->arena, "{\"path\":\"%s/saved/prod.json\"", name));
	assert_null(strstr(b.data, "\"path\":\"saved/"));
	buf_release(&b);
	write_format(c, "junit", true, &b);
	has(&b, arena_printf(&c->arena, " file=\"%s/saved/prod.json\"", name));
	assert_null(strstr(b.data, " file=\"saved/"));
	buf_release(&b);
	scene_free(c);
}

/* GitLab's attribute is a path in the repository, however the file was named. */
static void test_junit_files(void **state)
{
	static const char *const rows[][2] = {
		{ "./saved//prod.json", " file=\"saved/prod.json\"" },
		{ "saved/../prod.json", " file=\"prod.json\"" },
		{ "%s/saved/prod.json", " file=\"saved/prod.json\"" }, /* %s: the current folder */
		{ "/tmp/acme/prod.json", NULL },
		{ "../prod.json", NULL },
		{ "-", NULL },
	};
	struct scene *c = scene_new(&scenes[0]);
	char here[4096], file[8192];
	struct buf b;
	size_t i;

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(file, sizeof(file), "%s%s", rows[i][0][0] == '%' ? here : "",
			 rows[i][0] + (rows[i][0][0] == '%' ? 2 : 0));
		c->judgements[0].subject.file = file;
		write_format(c, "junit", true, &b);
		if (rows[i][1] != NULL)
			has(&b, rows[i][1]);
		else
			assert_null(strstr(b.data, " file="));
		buf_release(&b);
	}
	scene_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_revision),
		cmocka_unit_test(test_category),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_junit_files),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
