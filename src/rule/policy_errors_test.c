/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of mistake in a policy with the exact text that it gets:
 * testdata/policy-errors/NAME.yaml and NAME.want. A first line `# options:`
 * holds --set, --rule and --skip. UPDATE=1 writes the wanted texts anew.
 */
#include "rule/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/limit.h"

#define FOLDER       "testdata/policy-errors"
#define OPTIONS_MOST 4

static const char sample[] = "version: 1\n"
			     "name: ivslint:sample\n"
			     "pack_version: 2\n"
			     "params:\n"
			     "  sample_interval: {type: number, default: 60}\n"
			     "  sample_tags: {type: list<string>, default: [Owner]}\n"
			     "rules:\n"
			     "  - id: sample-tags\n"
			     "    title: It has tags\n"
			     "    severity: low\n"
			     "    require: {tags: {has_keys: $sample_tags}}\n"
			     "  - id: sample-interval\n"
			     "    title: Thumbnails are often enough\n"
			     "    severity: low\n"
			     "    require: {thumbnailConfiguration.targetIntervalSeconds: "
			     "{max: $sample_interval}}\n"
			     "  - id: sample-late\n"
			     "    title: It is of the second version\n"
			     "    severity: low\n"
			     "    since: 2\n"
			     "    require: {name: {exists: true}}\n";

/* In place of the packs that ship, so that theirs can change. */
const struct pack pack_table[] = { { "sample", sample, sizeof(sample) - 1, NULL } };
const size_t pack_n = 1;

struct arguments {
	const char *set[OPTIONS_MOST], *only[OPTIONS_MOST], *skip[OPTIONS_MOST];
	struct policy_options options;
};

static void take_argument(struct arguments *a, struct str option, const char *value)
{
	if (str_is(option, "--set"))
		a->set[a->options.n_set++] = value;
	else if (str_is(option, "--rule"))
		a->only[a->options.n_only++] = value;
	else if (str_is(option, "--skip"))
		a->skip[a->options.n_skip++] = value;
	else
		fail_msg("unknown option in a test: %.*s", STR_ARG(option));
}

/* "# options: --set a=1 --rule b" */
static void read_arguments(struct arena *arena, const struct buf *text, struct arguments *a)
{
	static const char head[] = "# options: ";
	char *line, *word, *value;

	*a = (struct arguments){ .options = { .n_set = 0 } };
	a->options.set = a->set;
	a->options.only = a->only;
	a->options.skip = a->skip;
	if (text->len < sizeof(head) || memcmp(text->data, head, sizeof(head) - 1) != 0)
		return;
	line = arena_strdup(arena, text->data) + sizeof(head) - 1;
	line[strcspn(line, "\n")] = '\0';
	for (word = line; *word != '\0'; word = value + strcspn(value, " ")) {
		word += strspn(word, " ");
		value = strchr(word, ' ');
		assert_non_null(value);
		*value++ = '\0';
		take_argument(a, str_of(word),
			      arena_str(arena, (struct str){ value, strcspn(value, " ") }).data);
	}
}

static void read_file(struct buf *b, const char *path)
{
	struct err err;

	if (file_read(b, path, &err) == -1)
		fail_msg("%s", err.text);
}

static void mistakes_of(struct arena *arena, const char *path, struct buf *out)
{
	struct buf text = BUF_INIT(LIMIT_POLICY_SIZE);
	struct mistakes mistakes;
	struct arguments arguments;
	struct policy *p;
	struct err err;

	read_file(&text, path);
	read_arguments(arena, &text, &arguments);
	mistakes_init(&mistakes, arena);
	p = policy_load(path, &arguments.options, &mistakes, &err);
	if (p != NULL)
		print_error("%s loads\n", path);
	assert_null(p);
	assert_int_equal(err.kind, ERR_POLICY);
	mistakes_print(&mistakes, out);
	mistakes_release(&mistakes);
	buf_release(&text);
}

static void hold_against(const char *want_path, const struct buf *got)
{
	struct buf want = BUF_INIT(LIMIT_POLICY_SIZE);
	struct file_out *f;
	struct err err;

	if (getenv("UPDATE") != NULL) {
		f = file_out_open(want_path, &err);
		assert_non_null(f);
		file_out_put(f, buf_str(got));
		assert_int_equal(file_out_commit(f, &err), 0);
		return;
	}
	read_file(&want, want_path);
	if (!str_equal(buf_str(&want), buf_str(got))) {
		print_error("--- %s\n%s+++ got\n%s", want_path, buf_str(&want).data,
			    buf_str(got).data);
		fail();
	}
	buf_release(&want);
}

static void test_every_mistake(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf got = BUF_INIT(0);
	struct file_walk *walk;
	const char *path;
	struct err err;
	size_t n = 0;

	(void)state;
	walk = file_walk_new(FOLDER, &err);
	assert_non_null(walk);
	while (file_walk_next(walk, &path, &err) == 1) {
		if (!str_ends(str_of(path), STR(".yaml")) ||
		    str_starts(str_of(path), STR(FOLDER "/more/")))
			continue;
		buf_clear(&got);
		mistakes_of(&arena, path, &got);
		hold_against(arena_printf(&arena, "%.*s.want", (int)strlen(path) - 5, path), &got);
		n++;
	}
	file_walk_free(walk);
	assert_true(n > 100);
	buf_release(&got);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
