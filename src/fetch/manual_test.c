/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint-fetch(1) against the program: its options, the environment that the
 * sources name, the codes of what is missing. The present folder is that of
 * the sources.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ask/ask.h"
#include "base/file.h"

#define PAGE "man/ivslint-fetch.1"

static struct buf page = BUF_INIT(1 << 20);

static bool has_line(const char *line)
{
	char whole[300];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	return strstr(page.data, whole) != NULL;
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		n++;
	return n;
}

static void options(void **state)
{
	const struct opt *const tables[] = { ask_opts, ask_role_opts, ask_fetch_opts };
	const struct opt *o;
	char line[200], letter[8];
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < 3; i++)
		for (o = tables[i]; o->name != NULL; o++, n++) {
			snprintf(letter, sizeof(letter), "%c , ", o->letter);
			snprintf(line, sizeof(line), ".It Fl %s-%s%s%s",
				 o->letter != 0 ? letter : "", o->name,
				 o->argument != NULL ? " Ar " : "",
				 o->argument != NULL ? o->argument : "");
			if (!has_line(line))
				fail_msg("%s has no line '%s'", PAGE, line);
		}
	assert_int_equal(count(page.data, "\n.It Fl "), n);
	assert_true(count(page.data, "\nDefault:") >= n);
}

/* Of each string literal of a source that is a name of the environment. */
static size_t need_names(const char *text)
{
	static const char *const beginnings[] = { "\"AWS_",  "\"HTTP",   "\"NO_PROXY\"",
						  "\"http_", "\"https_", "\"no_proxy\"",
						  "\"HOME\"" };
	char name[100], line[120];
	size_t i, len, n = 0;
	const char *at;

	for (i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		for (at = text; (at = strstr(at, beginnings[i])) != NULL; at++) {
			len = strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_httpsnorxy");
			/* AWS_ENDPOINT_URL_%s is four names */
			if (at[1 + len] != '"' || len >= sizeof(name))
				continue;
			snprintf(name, sizeof(name), "%.*s", (int)len, at + 1);
			snprintf(line, sizeof(line), ".It Ev %s", name);
			if (strchr(name, '_') == NULL && strcmp(name, "HOME") != 0)
				continue;
			if (!has_line(line))
				fail_msg("%s has no line '%s'", PAGE, line);
			n++;
		}
	return n;
}

static size_t each_source(size_t (*take)(const char *text))
{
	struct dirent *entry;
	char path[300];
	size_t n = 0;
	DIR *folder = opendir("src/fetch");

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		struct buf text = BUF_INIT(1 << 20);
		struct err err;

		if (strstr(entry->d_name, "_test.") != NULL ||
		    strcmp(entry->d_name + strlen(entry->d_name) - 2, ".c") != 0)
			continue;
		snprintf(path, sizeof(path), "src/fetch/%s", entry->d_name);
		assert_int_equal(file_read(&text, path, &err), 0);
		n += take(text.data);
		buf_release(&text);
	}
	closedir(folder);
	return n;
}

static void environment(void **state)
{
	(void)state;
	assert_true(each_source(need_names) >= 30);
}

static void codes(void **state)
{
	static const char *const names[] = {
		"NoCredentials", "NoHost",       "NoConnection",   "Timeout",
		"TLSFailed",     "CutAnswer",    "TooLargeAnswer", "MalformedAnswer",
		"RepeatedToken", "TooManyPages", "NoRoom",         "NotAsked",
		"Interrupted",   "HTTP NNN",
	};
	char line[60];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(line, sizeof(line), ".It Ql %s", names[i]);
		if (!has_line(line))
			fail_msg("%s has no line '%s'", PAGE, line);
	}
	assert_int_equal(count(page.data, "\n.It Ql "), i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options),
		cmocka_unit_test(environment),
		cmocka_unit_test(codes),
	};
	struct err err;
	int failed;

	if (file_read(&page, PAGE, &err) == -1) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	failed = cmocka_run_group_tests_name("fetch manual", tests, NULL, NULL);
	buf_release(&page);
	return failed;
}
