/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ivslint report: of two runs it makes, in every format, the bytes that one run
 * over everything makes; what does not go together is refused, and a report that
 * was cut anywhere is no report. Run from the top of the tree.
 */
#define _DEFAULT_SOURCE /* realpath, mkdtemp, setenv */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "report/report.h"

static char program[4096], scratch[64];

static void read_whole(struct buf *b, const char *name)
{
	char path[200], part[8192];
	FILE *from;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	from = fopen(path, "rb");
	assert_non_null(from);
	buf_clear(b);
	while ((n = fread(part, 1, sizeof(part), from)) > 0)
		buf_put(b, part, n);
	fclose(from);
}

static void write_whole(const char *name, struct str s)
{
	char path[200];
	FILE *to;

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	to = fopen(path, "wb");
	assert_non_null(to);
	assert_int_equal(fwrite(s.data, 1, s.len, to), s.len);
	assert_int_equal(fclose(to), 0);
}

/* In a folder of testdata, the program with arguments, in which @ is the scratch
 * folder. Standard output goes to `out` there, error to "err". The exit status. */
__attribute__((format(printf, 3, 4))) static int run(const char *folder, const char *out,
						     const char *format, ...)
{
	struct buf line = BUF_INIT(0), arguments = BUF_INIT(0);
	va_list args;
	size_t i;
	int status;

	va_start(args, format);
	buf_vprintf(&arguments, format, args);
	va_end(args);
	buf_printf(&line, "cd 'testdata/%s' && '%s' ", folder, program);
	for (i = 0; i < arguments.len; i++) {
		if (arguments.data[i] == '@')
			buf_puts(&line, scratch);
		else
			buf_putc(&line, arguments.data[i]);
	}
	buf_printf(&line, " >%s/%s 2>%s/err", scratch, out, scratch);
	status = system(line.data);
	buf_release(&line);
	buf_release(&arguments);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static const char *errors(void)
{
	static struct buf text;

	read_whole(&text, "err");
	return text.data == NULL ? "" : text.data;
}

#define assert_says(part)                                                                          \
	do {                                                                                       \
		const char *said_ = errors();                                                      \
		if (strstr(said_, (part)) == NULL)                                                 \
			fail_msg("'%s' is not in: %s", (part), said_);                             \
	} while (0)

/* ---- the same bytes ----------------------------------------------------------- */

struct scene {
	const char *folder, *options, *a, *b;
	const char *merge; /* options of report */
};

static const struct scene scenes[] = {
	/* waivers, undecided verdicts, and paths that cannot be read on both sides */
	{ "demo", "--as-of 2026-07-16",
	  "saved/acme-prod-clips.json nosuch.json saved/list-ap-northeast-1.json saved/dev.ndjson",
	  "saved/legacy.json saved/wrong-region.json also-none.json saved/acme-prod-replay.json",
	  "" },
	/* overrides, which give severities and words of their own */
	{ "cases/policy-overrides", "-p policy.yaml", "in.ndjson", "../waiver-in-force/in.json",
	  "" },
	/* what a baseline accepts */
	{ "cases/baseline", "-p policy.yaml --skip name-alone --baseline @/baseline.json",
	  "then.ndjson", "worse.ndjson", "" },
	/* refused in the middle, a page of several, names that do harm */
	{ "hostile/json",
	  "-p ivslint:strict --skip 'bucket-shared*' --skip duplicate-names --skip '*-quota'",
	  "bad-line-between.ndjson list-cut.json names-that-act.json",
	  "next-page.json empty.json nul-in-string.json list-bad-member.json half-line.ndjson",
	  "" },
	/* nothing at all */
	{ "cases/status-clean", "--allow-empty", "/dev/null", "/dev/null", "" },
	/* rules of groups that do not reach over both */
	{ "cases/policy-groups",
	  "-p ivslint:strict --rule duplicate-names --rule bucket-shared-by-environments",
	  "in/a.ndjson in/b.json", "../../demo/saved/list-ap-northeast-1.json", "--groups-apart" },
	/* plans: values that are unknown, and that are secret */
	{ "tf", "", "plan-actions.json plan-awscc.json", "plan-addresses.json", "" },
	/* a template: values of which a part is known */
	{ "cases/template-known", "-p policy.yaml", "template.yaml", "../template-yaml/template.yaml",
	  "" },
	{ "cases/status-undecided-only", "--fail-on-undecided", "list.json",
	  "../waiver-in-force/in.json", "" },
};

static void compare(const struct scene *c, const char *format, const char *all)
{
	struct buf one = BUF_INIT(0), two = BUF_INIT(0);
	int status, merged;

	status =
	    run(c->folder, "one", "check %s %s -f %s %s %s", c->options, all, format, c->a, c->b);
	merged =
	    run(c->folder, "two", "report %s %s -f %s @/a.json @/b.json", c->merge, all, format);
	if (merged != status)
		fail_msg("%s %s %s: status %d, merged %d: %s", c->folder, format, all, status,
			 merged, errors());
	read_whole(&one, "one");
	read_whole(&two, "two");
	if (!str_equal(buf_str(&one), buf_str(&two)))
		fail_msg("%s %s %s: other bytes (see %s/one, %s/two)", c->folder, format, all,
			 scratch, scratch);
	/* asff: what is in no account cannot be imported, and there is no batch of nothing */
	assert_true(status == 2 || one.len != 0 || strcmp(format, "github") == 0 ||
		    strcmp(format, "text") == 0 || strcmp(format, "asff") == 0);
	buf_release(&one);
	buf_release(&two);
}

static void same_bytes(void **state)
{
	const struct scene *c;
	size_t i, k;

	(void)state;
	assert_int_equal(
	    run("cases/baseline", "out", "baseline -p policy.yaml -o @/baseline.json then.ndjson"),
	    0);
	for (i = 0; i < sizeof(scenes) / sizeof(*scenes); i++) {
		c = &scenes[i];
		run(c->folder, "a.json", "check %s -f json --all %s", c->options, c->a);
		run(c->folder, "b.json", "check %s -f json --all %s", c->options, c->b);
		for (k = 0; k < report_n; k++) {
			compare(c, report_table[k]->name, "");
			compare(c, report_table[k]->name, "--all");
		}
	}
}

/* Without --all the formats that ask for no passes are the same as well. */
static void without_all(void **state)
{
	const struct scene *c = &scenes[0];

	(void)state;
	run(c->folder, "a.json", "check %s -f json %s", c->options, c->a);
	run(c->folder, "b.json", "check %s -f json %s", c->options, c->b);
	compare(c, "text", "");
	compare(c, "ndjson", "");
	compare(c, "json", "");
	compare(c, "markdown", "");
	assert_int_equal(run("demo", "out", "report -f junit @/a.json @/b.json"), 2);
	assert_says("without --all");
	assert_int_equal(run("demo", "out", "report --all @/a.json"), 2);
}

/* A report of a report is that report, from a pipe as well. */
static void again(void **state)
{
	struct buf one = BUF_INIT(0), two = BUF_INIT(0);

	(void)state;
	run("demo", "a.json", "check -f json --all saved");
	read_whole(&one, "a.json");
	assert_int_equal(run("demo", "two", "report -f json --all @/a.json"), 1);
	read_whole(&two, "two");
	assert_true(str_equal(buf_str(&one), buf_str(&two)));
	assert_int_equal(run("demo", "two", "report -f json --all - < @/a.json"), 1);
	read_whole(&two, "two");
	assert_true(str_equal(buf_str(&one), buf_str(&two)));
	buf_release(&one);
	buf_release(&two);
}

/* ---- what does not go together -------------------------------------------------- */

static void refused(void **state)
{
	(void)state;
	run("demo", "a.json", "check -f json --all saved/legacy.json");
	run("demo", "b.json",
	    "check -f json --all --set 'thumbnail_interval={max: 20}' "
	    "saved/dev.ndjson");
	assert_int_equal(run("demo", "out", "report @/a.json @/b.json"), 2);
	assert_says("the policies differ");
	run("demo", "b.json", "check -f json --as-of 2027-01-01 saved/dev.ndjson");
	assert_int_equal(run("demo", "out", "report @/a.json @/b.json"), 2);
	assert_says("as of different days: 2026-01-01 and 2027-01-01");
	run("demo", "b.json", "check -f json --skip 'tag*' saved/dev.ndjson");
	assert_int_equal(run("demo", "out", "report @/a.json @/b.json"), 2);
	assert_says("other rules were judged");
	run("demo", "b.json", "check -f json --fail-on info saved/dev.ndjson");
	assert_int_equal(run("demo", "out", "report @/a.json @/b.json"), 2);
	assert_says("--fail-on");
	assert_int_equal(run("demo", "out", "report --fail-on critical @/a.json @/b.json"), 0);
	assert_int_equal(run("demo", "out", "report"), 2);
	assert_int_equal(run("demo", "out", "report @/nosuch.json"), 3);
	assert_says("nosuch.json: cannot be opened: No such file");
	assert_int_equal(run("demo", "out", "report saved/legacy.json"), 3);
	assert_says("saved/legacy.json:2:");
	run("demo", "b.json", "check -f ndjson saved/dev.ndjson");
	assert_int_equal(run("demo", "out", "report @/b.json"), 3);
	assert_says("not a report that ivslint -f json wrote");
}

/* Replaces one text in a report. */
static void edit(const char *from, const char *to)
{
	struct buf b = BUF_INIT(0), out = BUF_INIT(0);
	char *at;

	read_whole(&b, "a.json");
	at = strstr(b.data, from);
	assert_non_null(at);
	buf_put(&out, b.data, (size_t)(at - b.data));
	buf_puts(&out, to);
	buf_puts(&out, at + strlen(from));
	write_whole("b.json", buf_str(&out));
	buf_release(&b);
	buf_release(&out);
}

static void changed(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} rows[] = {
		{ "ivslint-report/2", "ivslint-report/1",
		  "b.json:2:13: a report of another version" },
		{ "\"verdict\":\"fail\"", "\"verdict\":\"pass\"", "it was changed" },
		{ "\"verdict\":\"fail\"", "\"verdict\":\"good\"", "not a verdict" },
		{ "\"severity\":\"medium\"", "\"severity\":2", "'severity' is not a string" },
		{ "\"failOn\"", "\"failon\"", "not known" },
		{ "\"asOf\":\"2026-01-01\"", "\"asOf\":\"2026-02-30\"", "a day" },
		{ "  \"problems\": [],\n", "", "not the member of a report that comes here" },
		{ "\"findings\": [", "\"findings\": [,", "value" },
		{ "\"all\":true", "\"all\":true,\"all\":true", "twice" },
		{ "\"status\":1", "\"status\":01", "number" },
		{ "\"resources\":1,", "\"resources\":-1,", "a count expected" },
		{ "\"fingerprint\":\"", "\"fingerprint\":\"\\\"", "not a digest" },
		{ "\n}\n", "\n}\n{}", "something stands behind the report" },
	};
	size_t i;

	(void)state;
	run("demo", "a.json", "check -f json --all saved/wrong-region.json");
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		edit(rows[i].from, rows[i].to);
		assert_int_equal(run("demo", "out", "report @/b.json"), 3);
		assert_says(rows[i].says);
	}
}

/* Cut anywhere, it is refused. */
static void cut(void **state)
{
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	run("demo", "a.json", "check -f json --rule 'tag*' saved/wrong-region.json");
	read_whole(&b, "a.json");
	for (i = 0; i + 2 < b.len; i += 1 + b.len / 60) {
		write_whole("b.json", (struct str){ b.data, i });
		assert_int_equal(run("demo", "out", "report @/b.json"), 3);
	}
	assert_says("cut");
	buf_release(&b);
}

static void twice(void **state)
{
	struct buf one = BUF_INIT(0), two = BUF_INIT(0);

	(void)state;
	/* overlapping runs: what is the same counts once */
	run("demo", "a.json", "check -f json --all saved/legacy.json saved/dev.ndjson");
	run("demo", "b.json", "check -f json --all saved/dev.ndjson saved/wrong-region.json");
	run("demo", "one",
	    "check -f ndjson saved/legacy.json saved/dev.ndjson "
	    "saved/wrong-region.json");
	run("demo", "two", "report -f ndjson @/a.json @/b.json");
	assert_says("with the same findings: it counts once");
	read_whole(&one, "one");
	read_whole(&two, "two");
	/* but for the documents, which were read twice */
	assert_true(one.len == two.len);
	assert_non_null(strstr(one.data, "\"matrix\":{\"resources\":6,"));
	assert_non_null(strstr(two.data, "\"matrix\":{\"resources\":6,"));
	/* what differs is kept: another place is another configuration file */
	run("demo", "b.json", "check -f json --all - < saved/dev.ndjson");
	run("demo", "two", "report -f ndjson @/a.json @/b.json");
	assert_says("with other findings: both are reported");
	buf_release(&one);
	buf_release(&two);
}

/* What no run could know is a problem, unless it is accepted. */
static void groups(void **state)
{
	(void)state;
	run("cases/policy-groups", "a.json",
	    "check -p ivslint:strict --rule duplicate-names -f json --all in/a.ndjson");
	run("cases/policy-groups", "b.json",
	    "check -p ivslint:strict --rule duplicate-names -f json --all in/b.json");
	assert_int_equal(run("cases/policy-groups", "out", "report -f ndjson @/a.json @/b.json"),
			 3);
	assert_int_not_equal(
	    run("cases/policy-groups", "out", "report --groups-apart -f ndjson @/a.json @/b.json"),
	    3);
	assert_says("judged within each of 2 reports, not across them: duplicate-names");
	assert_int_not_equal(run("cases/policy-groups", "out", "report @/a.json"), 3);
}

static int prepare(void **state)
{
	const char *name = getenv("IVSLINT");

	(void)state;
	if (name == NULL || realpath(name, program) == NULL)
		return -1;
	strcpy(scratch, "/tmp/ivslint-merge-XXXXXX");
	setenv("SOURCE_DATE_EPOCH", "1767225600", 1);
	unsetenv("GITHUB_ACTIONS");
	unsetenv("GITHUB_STEP_SUMMARY");
	unsetenv("GITLAB_CI");
	unsetenv("GITHUB_SERVER_URL");
	unsetenv("CI_PROJECT_URL");
	return mkdtemp(scratch) == NULL ? -1 : 0;
}

static int clean(void **state)
{
	static const char *const names[] = { "a.json", "b.json", "one",          "two",
					     "err",    "out",    "baseline.json" };
	char path[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", scratch, names[i]);
		unlink(path);
	}
	return rmdir(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bytes), cmocka_unit_test(without_all),
		cmocka_unit_test(again),      cmocka_unit_test(refused),
		cmocka_unit_test(changed),    cmocka_unit_test(cut),
		cmocka_unit_test(twice),      cmocka_unit_test(groups),
	};

	return cmocka_run_group_tests(tests, prepare, clean);
}
