/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lines as people write them, wrong ones included, and the usage text.
 */
#include "base/opt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* What was taken, in order: "policy=x;quiet;". */
static int take_policy(void *to, const char *value, struct err *err)
{
	if (strcmp(value, "bad") == 0)
		return err_set(err, ERR_SYSTEM, "'%s' is no policy", value);
	buf_printf(to, "policy=%s;", value);
	return 0;
}

static int take_format(void *to, const char *value, struct err *err)
{
	(void)err;
	buf_printf(to, "format=%s;", value);
	return 0;
}

static int take_quiet(void *to, const char *value, struct err *err)
{
	(void)err;
	buf_puts(to, value == NULL ? "quiet;" : "quiet with a value;");
	return 0;
}

static int take_verbose(void *to, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	buf_puts(to, "verbose;");
	return 0;
}

static const struct opt common[] = {
	{ "quiet", 'q', NULL, "errors only", take_quiet },
	{ "verbose", 'v', NULL,
	  "more on standard error; twice for even more, such as the files that were left out",
	  take_verbose },
	OPT_END,
};

static const struct opt own[] = {
	{ "policy", 'p', "FILE", "the policy (default: .ivslint.yaml)", take_policy },
	{ "format", 'f', "FORMAT[=FILE]", "the report", take_format },
	{ "fail-on-something-long", 0, "SEVERITY", "exit status 1 from here on", take_format },
	OPT_END,
};

static const struct opt *const tables[] = { own, common, NULL };

static void good_lines(void **state)
{
	static const struct {
		const char *argv[8];
		const char *taken, *operands;
	} cases[] = {
		{ { "x" }, "", "" },
		{ { "x", "a", "b" }, "", "a b " },
		{ { "x", "--policy", "p.yaml", "a" }, "policy=p.yaml;", "a " },
		{ { "x", "--policy=p.yaml", "a" }, "policy=p.yaml;", "a " },
		{ { "x", "--policy=" }, "policy=;", "" },
		{ { "x", "--policy=a=b" }, "policy=a=b;", "" },
		{ { "x", "a", "-p", "f", "b", "-q" }, "policy=f;quiet;", "a b " },
		{ { "x", "-pf", "-qv" }, "policy=f;quiet;verbose;", "" },
		{ { "x", "-qpf" }, "quiet;policy=f;", "" },
		{ { "x", "-qp", "f" }, "quiet;policy=f;", "" },
		{ { "x", "-", "-q" }, "quiet;", "- " },
		{ { "x", "-q", "--", "-q", "--policy", "--" }, "quiet;", "-q --policy -- " },
		{ { "x", "-p", "-" }, "policy=-;", "" },
		{ { "x", "-vv", "a", "--quiet" }, "verbose;verbose;quiet;", "a " },
		{ { "x", "-f", "text", "-f", "json=o" }, "format=text;format=json=o;", "" },
	};
	struct buf taken = BUF_INIT(0), operands = BUF_INIT(0);
	char words[8][32], *argv[9];
	struct err err;
	size_t i;
	int argc, j, n;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		buf_clear(&taken);
		buf_clear(&operands);
		buf_puts(&taken, "");
		buf_puts(&operands, "");
		for (argc = 0; argc < 8 && cases[i].argv[argc] != NULL; argc++) {
			argv[argc] = words[argc];
			memcpy(words[argc], cases[i].argv[argc], strlen(cases[i].argv[argc]) + 1);
		}
		argv[argc] = NULL;
		n = opt_parse(tables, argc, argv, &taken, &err);
		if (n == -1)
			fail_msg("case %zu: %s", i, err.text);
		for (j = 1; j <= n; j++)
			buf_printf(&operands, "%s ", argv[j]);
		assert_null(argv[n + 1]);
		assert_string_equal(taken.data, cases[i].taken);
		assert_string_equal(operands.data, cases[i].operands);
	}
	buf_release(&taken);
	buf_release(&operands);
}

static void bad_lines(void **state)
{
	static const struct {
		const char *words[2];
		const char *text;
	} cases[] = {
		{ { "--formt" }, "unknown option '--formt', did you mean '--format'?" },
		{ { "--formt=json" }, "unknown option '--formt', did you mean '--format'?" },
		{ { "--Quiet" }, "unknown option '--Quiet', did you mean '--quiet'?" },
		{ { "--pol" }, "unknown option '--pol'" }, /* no abbreviations */
		{ { "--x\x1B[m" }, "unknown option '--x\\x1B[m'" },
		{ { "--=x" }, "unknown option '--'" },
		{ { "-x" }, "unknown option '-x'" },
		{ { "-qx" }, "unknown option '-x'" },
		{ { "-q\xC3\xA9" }, "unknown option '-\xC3\xA9'" },
		{ { "-q\xFF" }, "unknown option '-\\xFF'" },
		{ { "-verbose" }, "unknown option '-verbose', did you mean '--verbose'?" },
		{ { "--policy" }, "option '--policy' needs a value: --policy FILE" },
		{ { "-qp" }, "option '--policy' needs a value: --policy FILE" },
		{ { "--quiet=1" }, "option '--quiet' takes no value" },
		{ { "--quiet=" }, "option '--quiet' takes no value" },
		{ { "--policy", "bad" }, "option '--policy': 'bad' is no policy" },
	};
	struct buf taken = BUF_INIT(0);
	char name[] = "x", words[2][32], *argv[4] = { name };
	struct err err;
	size_t i;
	int argc;

	(void)state;
	for (i = 0; i < N(cases); i++) {
		for (argc = 1; argc <= 2 && cases[i].words[argc - 1] != NULL; argc++) {
			argv[argc] = words[argc - 1];
			memcpy(argv[argc], cases[i].words[argc - 1],
			       strlen(cases[i].words[argc - 1]) + 1);
		}
		argv[argc] = NULL;
		assert_int_equal(opt_parse(tables, argc, argv, &taken, &err), -1);
		assert_string_equal(err.text, cases[i].text);
		assert_int_equal(err.kind, ERR_USAGE);
	}
	buf_release(&taken);
}

static void no_words_at_all(void **state)
{
	char *argv[] = { NULL };
	struct err err;

	(void)state;
	assert_int_equal(opt_parse(tables, 0, argv, NULL, &err), 0);
}

static void usage(void **state)
{
	struct buf b = BUF_INIT(0);

	(void)state;
	opt_usage(tables, &b);
	assert_string_equal(
	    b.data,
	    "  -p, --policy FILE           the policy (default: .ivslint.yaml)\n"
	    "  -f, --format FORMAT[=FILE]  the report\n"
	    "      --fail-on-something-long SEVERITY\n"
	    "                              exit status 1 from here on\n"
	    "  -q, --quiet                 errors only\n"
	    "  -v, --verbose               more on standard error; twice for even more, such\n"
	    "                              as the files that were left out\n");
	buf_release(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_lines),
		cmocka_unit_test(bad_lines),
		cmocka_unit_test(no_words_at_all),
		cmocka_unit_test(usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
