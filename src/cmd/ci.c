/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GitHub Actions and GitLab CI, and what has their variables. What they say ends in
 * reports that others read, so it is held to what it must look like; an address with
 * a password in it is none.
 */
#include "cmd/ci.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/text.h"

#define MOST_ADDRESS 2048
#define MOST_REF     1024

/* ---- what is said ------------------------------------------------------------ */

static struct str env(const char *name)
{
	const char *value = getenv(name);

	return str_of(value == NULL ? "" : value);
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_of(struct str s, const char *others)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!is_letter_or_digit(s.data[i]) && strchr(others, s.data[i]) == NULL)
			return false;
	return s.len != 0;
}

/* An http address of what addresses of repositories are made of. There is no `@` among
 * that, which stands behind a job's token where one is in it. Slashes at the end are not
 * part of it. */
static struct str address(struct str s)
{
	size_t scheme = str_starts(s, STR("https://")) ? 8 : str_starts(s, STR("http://")) ? 7 : 0;
	struct str rest;

	while (s.len > scheme && s.data[s.len - 1] == '/')
		s.len--;
	rest = (struct str){ s.data + scheme, s.len - scheme };
	if (scheme == 0 || s.len > MOST_ADDRESS || !is_of(rest, "-._~:/[]") || rest.data[0] == '/')
		return STR("");
	return s;
}

/* "owner/name" */
static bool is_repository(struct str s)
{
	const char *slash = memchr(s.data, '/', s.len);

	return s.len <= MOST_REF && is_of(s, "-._/") && slash != NULL && slash != s.data &&
	       slash + 1 != s.data + s.len &&
	       memchr(slash + 1, '/', s.len - (size_t)(slash + 1 - s.data)) == NULL;
}

/* The digest of a commit, by SHA-1 or SHA-256. */
static struct str commit(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!(s.data[i] >= '0' && s.data[i] <= '9') &&
		    !(s.data[i] >= 'a' && s.data[i] <= 'f'))
			return STR("");
	return s.len == 40 || s.len == 64 ? s : STR("");
}

/* A name that git allows (git-check-ref-format), and that looks like what it is: it is
 * told as it stands, or not at all. */
static struct str ref(struct str s)
{
	struct buf visible = BUF_INIT(0);
	bool is = s.len != 0 && s.len <= MOST_REF && text_utf8_valid(s) == s.len;
	size_t i;

	for (i = 0; is && i < s.len; i++)
		is = (unsigned char)s.data[i] > ' ' && strchr("~^:?*[\\\x7F", s.data[i]) == NULL;
	if (is) {
		text_put_visible(&visible, s);
		is = str_equal(buf_str(&visible), s);
	}
	buf_release(&visible);
	return is ? s : STR("");
}

/* ---- services ---------------------------------------------------------------- */

static void github(struct arena *arena, struct revision *r)
{
	struct str server = address(env("GITHUB_SERVER_URL")), name = env("GITHUB_REPOSITORY");
	bool is_tag = str_is(env("GITHUB_REF_TYPE"), "tag");
	char *joined;

	if (server.len == 0 || !is_repository(name))
		return;
	joined = arena_printf(arena, "%.*s/%.*s", STR_ARG(server), STR_ARG(name));
	r->repository = str_of(joined);
	r->commit = commit(env("GITHUB_SHA"));
	*(is_tag ? &r->tag : &r->branch) = ref(env("GITHUB_REF_NAME"));
}

static void gitlab(struct arena *arena, struct revision *r)
{
	bool is_tag = env("CI_COMMIT_TAG").len != 0;

	(void)arena;
	r->repository = address(env("CI_PROJECT_URL"));
	r->commit = commit(env("CI_COMMIT_SHA"));
	*(is_tag ? &r->tag : &r->branch) = ref(env("CI_COMMIT_REF_NAME"));
}

static const struct service {
	const char *sign;   /* "true" in its jobs */
	const char *folder; /* what it checks out into */
	void (*say)(struct arena *arena, struct revision *r);
} services[] = {
	{ "GITHUB_ACTIONS", "GITHUB_WORKSPACE", github },
	{ "GITLAB_CI", "CI_PROJECT_DIR", gitlab },
};
#define N_SERVICES (sizeof(services) / sizeof(services[0]))

static void ask(const struct service *service, struct arena *arena, struct revision *r)
{
	*r = (struct revision){ STR(""), STR(""), STR(""), STR("") };
	service->say(arena, r);
}

/* The one whose sign is there; where none is, as in a container that was handed the rest
 * alone, the first that names a repository. NULL: none. */
static const struct service *find(struct arena *arena, struct revision *r)
{
	size_t i;

	for (i = 0; i < N_SERVICES; i++)
		if (str_is(env(services[i].sign), "true")) {
			ask(&services[i], arena, r);
			return &services[i];
		}
	for (i = 0; i < N_SERVICES; i++) {
		ask(&services[i], arena, r);
		if (r->repository.len != 0)
			return &services[i];
	}
	return NULL;
}

const struct revision *ci_revision(struct arena *arena)
{
	struct revision *r = ARENA_NEW(arena, struct revision);

	return find(arena, r) != NULL && r->repository.len != 0 ? r : NULL;
}

/* ---- where it is ------------------------------------------------------------- */

/* A folder: of a submodule it is a file, and paths are those of the whole. */
static bool holds_repository(const char *folder)
{
	char git[LIMIT_OUTPUT_PATH + sizeof("/.git")];
	struct stat is;

	snprintf(git, sizeof(git), "%s/.git", folder);
	return stat(git, &is) == 0 && S_ISDIR(is.st_mode);
}

const char *ci_root(struct arena *arena)
{
	struct revision revision;
	const struct service *service = find(arena, &revision);
	struct str top = service != NULL ? env(service->folder) : STR("");
	char folder[LIMIT_OUTPUT_PATH], *slash;
	const char *root = NULL;
	struct stat is, here;

	if (!str_starts(top, STR("/")) || stat(top.data, &is) == -1 ||
	    getcwd(folder, sizeof(folder)) == NULL)
		return NULL;
	while ((slash = strrchr(folder, '/')) != NULL && slash[1] != '\0') {
		if (stat(folder, &here) == -1)
			return NULL;
		if (holds_repository(folder))
			root = arena_printf(arena, "%s", folder);
		if (here.st_dev == is.st_dev && here.st_ino == is.st_ino)
			return root != NULL ? root : arena_printf(arena, "%s", folder);
		*(slash != folder ? slash : slash + 1) = '\0';
	}
	return NULL;
}
