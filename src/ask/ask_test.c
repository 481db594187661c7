/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options of what is asked: each is taken, wrong ones are refused, what
 * does not go together is named, and the words made of them mean the same.
 */
#include "ask/ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const struct opt *const tables[] = { ask_opts, ask_role_opts, ask_fetch_opts, NULL };

/* "a b c" as a command line. */
static int parse(struct ask *a, const char *line, struct arena *arena, struct err *err)
{
	char name[] = "x", *argv[40] = { name }, *copy = arena_strdup(arena, line);
	int argc = 1;

	ask_init(a);
	*err = (struct err){ 0 };
	while (*copy != '\0') {
		argv[argc++] = copy;
		copy += strcspn(copy, " ");
		if (*copy == ' ')
			*copy++ = '\0';
	}
	if (opt_parse(tables, argc, argv, a, err) == -1)
		return -1;
	return ask_check(a, err);
}

static void taken(void **state)
{
	struct arena arena = ARENA_INIT;
	struct err err;
	struct ask a;

	(void)state;
	assert_int_equal(parse(&a, "", &arena, &err), 0);
	assert_int_equal(a.concurrency, 32);
	assert_int_equal(a.max_tps, -1);
	assert_int_equal(a.attempts, 0);
	assert_int_equal(a.timeout_s, 30);
	assert_null(a.regions);
	assert_int_equal(parse(&a,
			       "--region all --profile=a,b --assume-role r --external-id e "
			       "--endpoint-url u --concurrency 8 --max-tps 0 --max-attempts 5 "
			       "--timeout 7 --progress never -o f --needs summary -v",
			       &arena, &err),
			 0);
	assert_string_equal(a.regions, "all");
	assert_string_equal(a.profiles, "a,b");
	assert_string_equal(a.roles, "r");
	assert_string_equal(a.external_id, "e");
	assert_string_equal(a.endpoint_url, "u");
	assert_int_equal(a.concurrency, 8);
	assert_int_equal(a.max_tps, 0);
	assert_int_equal(a.attempts, 5);
	assert_int_equal(a.timeout_s, 7);
	assert_int_equal(a.progress, PROGRESS_NEVER);
	assert_string_equal(a.output, "f");
	assert_true(a.summary);
	assert_int_equal(a.level, 1);
	assert_int_equal(parse(&a, "--accounts f --role-name r", &arena, &err), 0);
	assert_int_equal(parse(&a, "--arn a --arn b", &arena, &err), 0);
	assert_int_equal(a.n_arns, 2);
	assert_string_equal(a.arns[1], "b");
	arena_release(&arena);
}

static void refused(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "--region=", "option '--region': it is empty" },
		{ "--concurrency 0", "option '--concurrency': it is no number from 1 to 256" },
		{ "--concurrency 257", "option '--concurrency': it is no number from 1 to 256" },
		{ "--concurrency 99999999999999999999",
		  "option '--concurrency': it is no number from 1 to 256" },
		{ "--max-tps -1", "option '--max-tps': it is no number from 0 to 1000" },
		{ "--max-tps 3x", "option '--max-tps': it is no number from 0 to 1000" },
		{ "--max-attempts 0", "option '--max-attempts': it is no number from 1 to 100" },
		{ "--timeout 0", "option '--timeout': it is no number from 1 to 3600" },
		{ "--progress yes", "option '--progress': it is neither auto, always nor never" },
		{ "--needs some", "option '--needs': it is neither summary nor all" },
		{ "--regions x", "unknown option '--regions', did you mean '--region'?" },
		{ "--accounts f", "--accounts and --role-name go together" },
		{ "--role-name f", "--accounts and --role-name go together" },
		{ "--accounts f --role-name r --assume-role a",
		  "--accounts and --assume-role do not go together" },
		{ "--external-id e", "--external-id is for --assume-role or --accounts" },
		{ "--arn a --region all",
		  "--arn and --region do not go together: the ARN names its region" },
		{ "--arn a --needs summary", "--arn and --needs summary do not go together" },
	};
	struct arena arena = ARENA_INIT;
	struct err err;
	struct ask a;
	size_t i;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		assert_int_equal(parse(&a, cases[i].line, &arena, &err), -1);
		assert_int_equal(err.kind, ERR_USAGE);
		assert_string_equal(err.text, cases[i].want);
	}
	arena_release(&arena);
}

/* Every row of the shared table comes back as a word. */
static void words(void **state)
{
	static const char *const want[] = {
		"--region=a,b", "--profile=p",      "--assume-role=r",  "--external-id=e",
		"--arn=x",      "--arn=y",          "--endpoint-url=u", "--concurrency=8",
		"--max-tps=0",  "--max-attempts=5", "--timeout=7",      "--progress=always",
	};
	struct arena arena = ARENA_INIT;
	const char **got;
	struct err err = { 0 };
	struct ask a;
	size_t n, i;

	(void)state;
	(void)parse(&a,
		    "--region a,b --profile p --assume-role r --external-id e --arn x --arn y "
		    "--endpoint-url u --concurrency 8 --max-tps 0 --max-attempts 5 --timeout 7 "
		    "--progress always",
		    &arena, &err);
	got = ask_words(&a, &arena, &n);
	assert_int_equal(n, N(want));
	for (i = 0; i < n; i++)
		assert_string_equal(got[i], want[i]);
	assert_null(got[n]);
	assert_int_equal(parse(&a, "--accounts f --role-name r", &arena, &err), 0);
	got = ask_words(&a, &arena, &n);
	assert_int_equal(n, 2);
	assert_string_equal(got[0], "--accounts=f");
	assert_string_equal(got[1], "--role-name=r");
	for (n = 0, i = 0; ask_opts[i].name != NULL; i++)
		n++;
	for (i = 0; ask_role_opts[i].name != NULL; i++)
		n++;
	/* the two that exclude others, and one that is there twice */
	assert_int_equal(n, N(want) + 2 - 1);
	arena_release(&arena);
}

static void split(void **state)
{
	struct arena arena = ARENA_INIT;
	struct err err = { 0 };
	const char **members;
	size_t n;

	(void)state;
	assert_int_equal(ask_split(NULL, 3, &arena, &members, &n, &err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ask_split("a,bc,d", 3, &arena, &members, &n, &err), 0);
	assert_int_equal(n, 3);
	assert_string_equal(members[1], "bc");
	assert_string_equal(members[2], "d");
	assert_int_equal(ask_split("a,b,c,d", 3, &arena, &members, &n, &err), -1);
	assert_int_equal(ask_split("a,,c", 3, &arena, &members, &n, &err), -1);
	assert_int_equal(ask_split("a,", 3, &arena, &members, &n, &err), -1);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken),
		cmocka_unit_test(refused),
		cmocka_unit_test(words),
		cmocka_unit_test(split),
	};

	return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
