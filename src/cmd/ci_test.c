/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What CI services say of a repository, believed as far as it can be so.
 */
#define _DEFAULT_SOURCE /* realpath, mkdtemp and setenv at once */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* after those that it needs */
#include <cmocka.h>

#include "cmd/ci.h"

#define SHA  "0123456789abcdef0123456789abcdef01234567"
#define SHA2 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void clear_environment(void)
{
	static const char *const names[] = {
		"GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY",
		"GITHUB_SHA",     "GITHUB_REF_NAME",  "GITHUB_REF_TYPE",   "GITLAB_CI",
		"CI_PROJECT_DIR", "CI_PROJECT_URL",   "CI_COMMIT_SHA",     "CI_COMMIT_REF_NAME",
		"CI_COMMIT_TAG",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

/* NAME=VALUE, with a tab between two. */
static void set_environment(const char *text)
{
	char copy[8192], *word, *equals, *rest = copy;

	clear_environment();
	snprintf(copy, sizeof(copy), "%s", text);
	while ((word = strtok_r(rest, "\t", &rest)) != NULL) {
		equals = strchr(word, '=');
		assert_non_null(equals);
		*equals = '\0';
		setenv(word, equals + 1, 1);
	}
}

#define HUB                                                                                        \
	"GITHUB_ACTIONS=true\tGITHUB_SERVER_URL=https://github.com\tGITHUB_REPOSITORY=acme/video"
#define LAB    "GITLAB_CI=true\tCI_PROJECT_URL=https://gitlab.example.com:8443/acme/a.b/video"
#define OF_HUB "https://github.com/acme/video"
#define OF_LAB "https://gitlab.example.com:8443/acme/a.b/video"

static void test_revisions(void **state)
{
	static const struct {
		const char *environment;
		const char *said; /* repository, commit, branch and tag; NULL: nothing */
	} rows[] = {
		{ "", NULL },
		{ "GITHUB_ACTIONS=true", NULL },
		{ "GITLAB_CI=true", NULL },
		{ HUB "\tGITHUB_SHA=" SHA "\tGITHUB_REF_NAME=main\tGITHUB_REF_TYPE=branch",
		  OF_HUB " " SHA " main -" },
		{ HUB "\tGITHUB_SHA=" SHA "\tGITHUB_REF_NAME=v1.0\tGITHUB_REF_TYPE=tag",
		  OF_HUB " " SHA " - v1.0" },
		{ HUB "\tGITHUB_SHA=" SHA "\tGITHUB_REF_NAME=12/merge",
		  OF_HUB " " SHA " 12/merge -" },
		{ LAB "\tCI_COMMIT_SHA=" SHA2 "\tCI_COMMIT_REF_NAME=feature/x",
		  OF_LAB " " SHA2 " feature/x -" },
		{ LAB "\tCI_COMMIT_SHA=" SHA "\tCI_COMMIT_REF_NAME=v1\tCI_COMMIT_TAG=v1",
		  OF_LAB " " SHA " - v1" },
		/* a container that was handed these alone; and whose job it is, where both are */
		{ "GITHUB_SERVER_URL=https://github.com/\tGITHUB_REPOSITORY=acme/video",
		  OF_HUB " - - -" },
		{ "CI_PROJECT_URL=http://gitlab/acme/video", "http://gitlab/acme/video - - -" },
		{ LAB "\tGITHUB_SERVER_URL=https://github.com\tGITHUB_REPOSITORY=acme/video",
		  OF_LAB " - - -" },
		{ "GITHUB_ACTIONS=true\tCI_PROJECT_URL=https://gitlab.com/acme/video", NULL },
		/* no address */
		{ "CI_PROJECT_URL=https://gitlab-ci-token:secret@gitlab.com/acme/video", NULL },
		{ "CI_PROJECT_URL=gitlab.com/acme/video", NULL },
		{ "CI_PROJECT_URL=ssh://gitlab.com/acme/video", NULL },
		{ "CI_PROJECT_URL=javascript:alert(1)", NULL },
		{ "CI_PROJECT_URL=https://", NULL },
		{ "CI_PROJECT_URL=https:///acme", NULL },
		{ "CI_PROJECT_URL=https://gitlab.com/acme video", NULL },
		{ "CI_PROJECT_URL=https://gitlab.com/acme\"},{\"x\":\"", NULL },
		{ "CI_PROJECT_URL=https://gitlab.com/acme?token=secret", NULL },
		{ "CI_PROJECT_URL=https://gitlab.com/acme\n", NULL },
		{ "GITHUB_SERVER_URL=https://github.com\tGITHUB_REPOSITORY=acme", NULL },
		{ "GITHUB_SERVER_URL=https://github.com\tGITHUB_REPOSITORY=acme/", NULL },
		{ "GITHUB_SERVER_URL=https://github.com\tGITHUB_REPOSITORY=/video", NULL },
		{ "GITHUB_SERVER_URL=https://github.com\tGITHUB_REPOSITORY=acme/video/x", NULL },
		{ "GITHUB_SERVER_URL=https://github.com\tGITHUB_REPOSITORY=acme/v@x", NULL },
		{ "GITHUB_REPOSITORY=acme/video", NULL },
		/* no commit, and no name that git has */
		{ HUB "\tGITHUB_SHA=HEAD\tGITHUB_REF_NAME=main", OF_HUB " - main -" },
		{ HUB "\tGITHUB_SHA=" SHA "0", OF_HUB " - - -" },
		{ HUB "\tGITHUB_SHA=0123456789ABCDEF0123456789abcdef01234567", OF_HUB " - - -" },
		{ HUB "\tGITHUB_REF_NAME=a b", OF_HUB " - - -" },
		{ HUB "\tGITHUB_REF_NAME=a\nb", OF_HUB " - - -" },
		{ HUB "\tGITHUB_REF_NAME=a\xFF", OF_HUB " - - -" },
		{ HUB "\tGITHUB_REF_NAME=a\xE2\x80\xAE"
		      "b",
		  OF_HUB " - - -" },
		{ HUB "\tGITHUB_REF_NAME=a\\b", OF_HUB " - - -" },
		{ HUB "\tGITHUB_REF_NAME=\xE6\x97\xA5\"<b>", OF_HUB " - \xE6\x97\xA5\"<b> -" },
	};
	struct arena arena = ARENA_INIT;
	const struct revision *r;
	const char *said;
	struct buf b = BUF_INIT(0);
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set_environment(rows[i].environment);
		r = ci_revision(&arena);
		buf_clear(&b);
		if (r != NULL) {
			const struct str parts[] = { r->repository, r->commit, r->branch, r->tag };

			for (k = 0; k < 4; k++) {
				buf_puts(&b, k == 0 ? "" : " ");
				buf_put_str(&b, parts[k].len != 0 ? parts[k] : STR("-"));
			}
		}
		said = rows[i].said == NULL ? "" : rows[i].said;
		if (strcmp(buf_str(&b).data, said) != 0)
			fail_msg("%s: %s, not %s", rows[i].environment, buf_str(&b).data, said);
	}
	buf_release(&b);
	arena_release(&arena);
}

static void test_too_long(void **state)
{
	struct arena arena = ARENA_INIT;
	char text[4096];

	(void)state;
	set_environment(HUB);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	setenv("GITHUB_REF_NAME", text, 1);
	assert_int_equal(ci_revision(&arena)->branch.len, 0);
	setenv("GITHUB_REPOSITORY", text, 1);
	assert_null(ci_revision(&arena));
	memcpy(text, "https://", 8);
	set_environment("");
	setenv("CI_PROJECT_URL", text, 1);
	assert_null(ci_revision(&arena));
	arena_release(&arena);
}

/* ---- the folder -------------------------------------------------------------- */

static char base[PATH_MAX];

static const char *at(struct arena *arena, const char *path)
{
	return arena_printf(arena, "%s%s", base, path);
}

static void test_roots(void **state)
{
	static const char *const folders[] = {
		"/ws",
		"/ws/infra",
		"/ws/lib",
		"/ws/repo",
		"/ws/repo/.git",
		"/ws/repo/sub",
		"/ws/lib/deep",
		"/elsewhere",
		"/elsewhere/.git",
		"/elsewhere/other",
		"/elsewhere/other/.git",
	};
	static const struct {
		const char *now, *workspace;
		const char *root; /* NULL: none */
	} rows[] = {
		{ "/ws", "/ws", "/ws" },
		{ "/ws/infra", "/ws", "/ws" },
		{ "/ws/infra", "/link", "/ws" },
		{ "/ws/repo", "/ws", "/ws/repo" }, /* checked out into a folder of its own */
		{ "/ws/repo/sub", "/ws", "/ws/repo" },
		{ "/ws/lib/deep", "/ws", "/ws" }, /* a submodule: its .git is a file */
		{ "/elsewhere", "/ws", NULL },
		{ "/elsewhere/other", "/elsewhere", "/elsewhere" }, /* another repository in it */
		{ "/ws", "/ws/infra", NULL },
		{ "/ws", "/none", NULL },
	};
	struct arena arena = ARENA_INIT;
	const char *root;
	char back[PATH_MAX];
	FILE *f;
	size_t i;

	(void)state;
	assert_non_null(getcwd(back, sizeof(back)));
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(at(&arena, folders[i]), 0700), 0);
	assert_int_equal(symlink(at(&arena, "/ws"), at(&arena, "/link")), 0);
	f = fopen(at(&arena, "/ws/lib/.git"), "w");
	assert_non_null(f);
	fclose(f);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		clear_environment();
		setenv(i % 2 == 0 ? "GITHUB_ACTIONS" : "GITLAB_CI", "true", 1);
		setenv(i % 2 == 0 ? "GITHUB_WORKSPACE" : "CI_PROJECT_DIR",
		       at(&arena, rows[i].workspace), 1);
		assert_int_equal(chdir(at(&arena, rows[i].now)), 0);
		root = ci_root(&arena);
		if (rows[i].root == NULL
			? root != NULL
			: root == NULL || strcmp(root, at(&arena, rows[i].root)) != 0)
			fail_msg("%s in %s: %s", rows[i].now, rows[i].workspace,
				 root == NULL ? "none" : root);
	}
	/* No service, no path, no folder. */
	clear_environment();
	assert_null(ci_root(&arena));
	setenv("GITHUB_WORKSPACE", base, 1);
	assert_null(ci_root(&arena));
	setenv("GITHUB_ACTIONS", "true", 1);
	assert_non_null(ci_root(&arena));
	setenv("GITHUB_WORKSPACE", ".", 1);
	assert_null(ci_root(&arena));
	setenv("GITHUB_WORKSPACE", "", 1);
	assert_null(ci_root(&arena));
	setenv("GITHUB_WORKSPACE", "/", 1);
	assert_null(ci_root(&arena));
	assert_int_equal(chdir(back), 0);
	arena_release(&arena);
}

static int make_folder(void **state)
{
	char made[] = "/tmp/ivslint-ci-XXXXXX";

	(void)state;
	return mkdtemp(made) == NULL || realpath(made, base) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = {
		"/link",
		"/ws/lib/.git",
		"/ws/lib/deep",
		"/ws/lib",
		"/ws/infra",
		"/ws/repo/.git",
		"/ws/repo/sub",
		"/ws/repo",
		"/ws",
		"/elsewhere/other/.git",
		"/elsewhere/other",
		"/elsewhere/.git",
		"/elsewhere",
		"",
	};
	struct arena arena = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(at(&arena, names[i]));
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_revisions),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_roots),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
