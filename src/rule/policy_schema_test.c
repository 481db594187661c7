/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema against the loader, by a validator that is not ours: what the
 * loader takes is valid, and what it refuses is not, but for the list below.
 * Every kind of value of the operator tests goes through as well.
 */
#include "rule/policy_schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/limit.h"
#include "model/write_json.h"
#include "model/yaml.h"
#include "rule/policy.h"

#define ERRORS "testdata/policy-errors"
#define BUNDLE "build/policy-schema-test.json"

/* What no schema can tell. */
static const char *const untold[] = {
	/* the names that a file declares, its own or that of another */
	"condition-param",
	"configure-param-type",
	"configure-param",
	"configure-rule",
	"override-param",
	"override-rule",
	"param-twice",
	"param-type",
	"param-unknown-none",
	"param-unknown",
	"param-value-missing",
	"rule-of-later",
	"rule-of-pack",
	"rule-twice",
	"override-kind",
	"test-param-missing",
	"test-param-type",
	"test-param-wrong",
	"test-param",
	"waiver-rule",
	"override-makes-wrong",
	/* other files, and versions of packs */
	"extends-circle",
	"extends-itself",
	"extends-missing",
	"extends-version",
	/* two numbers or lengths against each other, and what is in force in the end */
	"bounds",
	"param-range",
	"rule-since",
	"rules-disabled",
	"rules-none",
	"test-group-count",
	/* a field in an operand, where a parameter is fine */
	"group-count-field",
	/* expressions, and fields in texts */
	"configure-message",
	"group-message",
	"message-field",
	"param-pattern",
	"pattern",
	/* the command line */
	"only-disabled",
	"only-pattern",
	"only-unknown",
	"set-syntax",
	"set-type",
	"set-unknown",
	"set-yaml",
	"skip-all",
	"skip-unknown",
	NULL,
};

struct bundle {
	struct arena arena;
	struct buf out;
	struct write_json w;
	const char **packs;
	size_t n_packs, n;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Reads a file; false where it is no YAML that we read: then a schema has
 * nothing to say. */
static bool put_document(struct bundle *b, const char *path)
{
	struct buf text = BUF_INIT(LIMIT_POLICY_SIZE);
	struct mistakes mistakes;
	struct source source;
	struct value root;
	struct err err;
	bool good;

	if (file_read(&text, path, &err) == -1)
		fail_msg("%s", err.text);
	mistakes_init(&mistakes, &b->arena);
	source_init(&source, path, arena_buf(&b->arena, &text));
	good = yaml_read(&source, &b->arena, &root, &mistakes) == 0;
	if (good) {
		write_json_key_str(&b->w, str_of(arena_strdup(&b->arena, base_name(path))));
		write_json_value(&b->w, &root);
		b->n++;
	}
	mistakes_release(&mistakes);
	buf_release(&text);
	return good;
}

static void put_folder(struct bundle *b, const char *folder, bool all_good)
{
	struct file_walk *walk;
	const char *path;
	struct err err;

	walk = file_walk_new(folder, &err);
	if (walk == NULL)
		fail_msg("%s", err.text);
	while (file_walk_next(walk, &path, &err) == 1) {
		if (!str_ends(str_of(path), STR(".yaml")) ||
		    str_starts(str_of(path), STR(ERRORS "/more/")))
			continue;
		if (!put_document(b, path) && all_good)
			fail_msg("%s is no YAML", path);
	}
	file_walk_free(walk);
}

static void find_packs(struct bundle *b)
{
	struct file_walk *walk;
	const char *path;
	struct err err;
	struct str name;

	b->packs = ARENA_ARRAY(&b->arena, 100, const char *);
	b->packs[b->n_packs++] = "sample"; /* that of the bad policies */
	walk = file_walk_new("rules", &err);
	assert_non_null(walk);
	while (file_walk_next(walk, &path, &err) == 1) {
		name = str_of(base_name(path));
		if (str_ends(name, STR(".yaml")) && b->n_packs < 100)
			b->packs[b->n_packs++] =
			    arena_str(&b->arena, (struct str){ name.data, name.len - 5 }).data;
	}
	file_walk_free(walk);
}

/* The exit status, or -1 where the program is not there. */
static int run_program(const char *const *argv)
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}

static void write_bundle(const struct bundle *b)
{
	struct file_out *f;
	struct err err;

	mkdir("build", 0777);
	f = file_out_open(BUNDLE, &err);
	assert_non_null(f);
	file_out_put(f, buf_str(&b->out));
	assert_int_equal(file_out_commit(f, &err), 0);
}

static void prove(void)
{
	static const char *const pythons[] = { "/usr/bin/python3", "python3" };
	const char *argv[] = { NULL, "testdata/schema/prove.py", BUNDLE, NULL };
	int status = -1;
	size_t i;

	for (i = 0; i < 2 && (status == -1 || status == 77); i++) {
		argv[0] = pythons[i];
		status = run_program(argv);
	}
	if (status == -1 || status == 77)
		print_message("skipped: no python3, or no python3-jsonschema\n");
	else
		assert_int_equal(status, 0);
}

static void test_every_form_loads(void **state)
{
	const struct policy_options options = { .n_set = 0 };
	struct arena arena = ARENA_INIT;
	struct mistakes mistakes;
	struct buf b = BUF_INIT(0);
	struct policy *p;
	struct err err = { 0 };

	(void)state;
	mistakes_init(&mistakes, &arena);
	p = policy_load("testdata/schema/every.yaml", &options, &mistakes, &err);
	mistakes_print(&mistakes, &b);
	if (p == NULL)
		fail_msg("%s%s", err.text, buf_str(&b).data);
	policy_free(p);
	mistakes_release(&mistakes);
	arena_release(&arena);
	buf_release(&b);
}

static void test_schema_and_loader_agree(void **state)
{
	struct bundle b = { .arena = ARENA_INIT };
	struct buf schema = BUF_INIT(0);
	size_t i;

	(void)state;
	find_packs(&b);
	policy_schema_put(&schema, b.packs, b.n_packs);
	buf_puts(&b.out, "{\"schema\":");
	buf_put_str(&b.out, buf_str(&schema));
	buf_puts(&b.out, ",\"good\":");
	write_json_init(&b.w, &b.out, false);
	write_json_object(&b.w);
	put_folder(&b, "rules", true);
	put_document(&b, "testdata/demo/.ivslint.yaml");
	put_document(&b, "testdata/schema/every.yaml");
	assert_true(b.n >= 4);
	write_json_object_end(&b.w);
	buf_puts(&b.out, ",\"bad\":");
	write_json_init(&b.w, &b.out, false);
	write_json_object(&b.w);
	put_folder(&b, ERRORS, false);
	assert_true(b.n > 100);
	write_json_object_end(&b.w);
	buf_puts(&b.out, ",\"untold\":");
	write_json_init(&b.w, &b.out, false);
	write_json_array(&b.w);
	for (i = 0; untold[i] != NULL; i++)
		write_json_text(&b.w, arena_printf(&b.arena, "%s.yaml", untold[i]));
	write_json_array_end(&b.w);
	buf_puts(&b.out, "}\n");
	write_bundle(&b);
	prove();
	buf_release(&b.out);
	buf_release(&schema);
	arena_release(&b.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form_loads),
		cmocka_unit_test(test_schema_and_loader_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
