/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of reports: scenes written to files of a folder, which are held against
 * goldens (UPDATE=1 writes them) and handed to parsers that are not ours. Run from
 * the top of the tree.
 */
#ifndef REPORT_WRITTEN_FIXTURE_H
#define REPORT_WRITTEN_FIXTURE_H

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "report/scenes_fixture.h"

#define SCHEMA "man/ivslint-report.schema.json"
#define LOTS   (32u << 20)

/* ---- writing ---------------------------------------------------------------- */

struct variant {
	const char *format, *suffix;
	struct report_options options;
};

static const struct variant variants[] = {
	{ "text", "", { 0 } },
	{ "text", "-all", { .all = true } },
	{ "text", "-quiet", { .quiet = true } },
	{ "json", "", { 0 } },
	{ "json", "-all", { .all = true } },
	{ "ndjson", "", { 0 } },
	{ "ndjson", "-all", { .all = true } },
	{ "junit", "", { 0 } },
	{ "junit", "-gitlab", { .junit_gitlab = true } },
	{ "sarif", "", { 0 } },
	{ "sarif", "-all", { .all = true } },
	{ "csv", "", { 0 } },
	{ "csv", "-all", { .all = true } },
	{ "gitlab", "", { 0 } },
	{ "github", "", { 0 } },
	{ "markdown", "", { 0 } },
	{ "markdown", "-all", { .all = true } },
	{ "html", "", { 0 } },
	{ "html", "-all", { .all = true } },
	{ "ocsf", "", { 0 } },
	{ "ocsf", "-all", { .all = true } },
	{ "asff", "", { 0 } },
	{ "asff", "-all", { .all = true } },
};
#define N_VARIANTS   (sizeof(variants) / sizeof(variants[0]))
#define MOST_FORMATS 32

static char folder[] = "/tmp/ivslint-report-XXXXXX";

static inline const char *in_folder(struct scene *c, const char *name)
{
	return arena_printf(&c->arena, "%s/%s", folder, name);
}

/* As the audit hands judgements on: without what nobody asked for. */
static inline void feed(struct reports *rs, const struct scene *c, bool all)
{
	struct finding kept[MOST_RULES];
	struct judgement j;
	size_t i, k, n;

	for (i = 0; i < c->n_problems / 2; i++)
		reports_problem(rs, &c->problems[i]);
	for (i = 0; i < c->n_judgements; i++) {
		j = c->judgements[i];
		for (n = k = 0; k < j.n_findings; k++)
			if (all || (j.findings[k].verdict != VERDICT_PASS &&
				    j.findings[k].verdict != VERDICT_NOT_APPLICABLE))
				kept[n++] = j.findings[k];
		j.findings = kept;
		j.n_findings = n;
		reports_judgement(rs, &j);
	}
	for (i = c->n_problems / 2; i < c->n_problems; i++)
		reports_problem(rs, &c->problems[i]);
}

static inline int write_reports(const struct scene *c, const struct report_request *requests,
				size_t n, const struct report_options *options, struct err *err)
{
	struct reports *rs = reports_open(requests, n, &c->run, options, err);

	if (rs == NULL)
		return -1;
	feed(rs, c, reports_want_all(requests, n, options));
	return reports_close(rs, &c->summary, err);
}

static inline int write_one(const struct scene *c, const struct variant *v, const char *path,
			    struct err *err)
{
	struct report_request request = { report_find(str_of(v->format)), path, false };

	assert_non_null(request.format);
	return write_reports(c, &request, 1, &v->options, err);
}

static inline void read_whole(struct buf *b, const char *path)
{
	struct err err;

	*b = BUF_INIT(LOTS);
	if (file_read(b, path, &err) == -1)
		fail_msg("%s", err.text);
}

/* ---- other programs --------------------------------------------------------- */

/* Exit status, or -1 when the program is not here. */
static inline int run_program(const char *const *argv)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}

/* n reports, each in a format. */
static inline void prove(const char *const *formats, const char *const *paths, size_t n)
{
	static const char *const pythons[] = { "/usr/bin/python3", "python3" };
	const char *argv[3 + 2 * N_VARIANTS + 1] = { NULL, "testdata/report/prove.py", SCHEMA };
	int status = -1;
	size_t i;

	assert_true(n <= N_VARIANTS);
	for (i = 0; i < n; i++) {
		argv[3 + 2 * i] = formats[i];
		argv[4 + 2 * i] = paths[i];
	}
	for (i = 0; i < 2 && status == -1; i++) {
		argv[0] = pythons[i];
		status = run_program(argv);
	}
	if (status == -1)
		print_message("skipped: no python3\n");
	else
		assert_int_equal(status, 0);
}

static inline void prove_xsd(struct scene *c, const char *path)
{
	static const char *const files[] = { "jenkins-junit-10.xsd", "windyroad-JUnit.xsd" };
	const char *from = getenv("IVSLINT_JUNIT_XSD");
	const char *argv[] = { "xmllint", "--nonet", "--noout", "--schema", NULL, path, NULL };
	size_t i;
	int status;

	if (from == NULL)
		from = "../shared/schemas/junit";
	for (i = 0; i < 2; i++) {
		argv[4] = arena_printf(&c->arena, "%s/%s", from, files[i]);
		if (access(argv[4], R_OK) != 0) {
			print_message("skipped: no %s (IVSLINT_JUNIT_XSD names its folder)\n",
				      files[i]);
			continue;
		}
		status = run_program(argv);
		if (status == -1)
			print_message("skipped: no xmllint\n");
		else
			assert_int_equal(status, 0);
	}
}

/* ---- what came of it ---------------------------------------------------------- */

/* What the reports put on standard output, into the file. */
static inline int write_shown(const struct scene *c, const struct report_request *requests,
			      size_t n, const struct report_options *options, const char *path)
{
	struct err err;
	int keep, fd, rc;

	fflush(stdout);
	keep = dup(STDOUT_FILENO);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDOUT_FILENO);
	rc = write_reports(c, requests, n, options, &err);
	fflush(stdout);
	dup2(keep, STDOUT_FILENO);
	close(keep);
	close(fd);
	return rc;
}

/* What stands between the two words, all over, becomes "...". */
static inline void leave_out(struct buf *b, const char *from, const char *to)
{
	struct buf kept = BUF_INIT(LOTS);
	const char *at = buf_str(b).data, *start, *end;

	while ((start = strstr(at, from)) != NULL &&
	       (end = strstr(start + strlen(from), to)) != NULL) {
		buf_put(&kept, at, (size_t)(start - at) + strlen(from));
		PUT(&kept, "...");
		at = end;
	}
	buf_puts(&kept, at);
	buf_release(b);
	*b = kept;
}

/* The page's style and script are files of their own. */
static inline void leave_out_embedded(struct buf *b)
{
	leave_out(b, "<style>", "</style>");
	leave_out(b, "<script>", "</script>");
	leave_out(b, "'sha256-", "='");
}

static inline void same_as_golden(const char *path, const char *golden)
{
	struct buf got, want;
	FILE *f;

	read_whole(&got, path);
	if (strstr(golden, "want.html") != NULL)
		leave_out_embedded(&got);
	if (getenv("UPDATE") != NULL) {
		f = fopen(golden, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(buf_str(&got).data, 1, got.len, f), got.len);
		fclose(f);
	}
	read_whole(&want, golden);
	if (!str_equal(buf_str(&got), buf_str(&want)))
		fail_msg("%s: got\n%s\nwant\n%s", golden, buf_str(&got).data, buf_str(&want).data);
	buf_release(&got);
	buf_release(&want);
}

/* Every variant, each to a file of its own. */
static inline void write_variants(struct scene *c, const char *paths[N_VARIANTS])
{
	const struct variant *v;
	struct err err;
	size_t i;

	for (i = 0; i < N_VARIANTS; i++) {
		v = &variants[i];
		paths[i] = in_folder(c, arena_printf(&c->arena, "%s%s", v->format, v->suffix));
		if (write_one(c, v, paths[i], &err) == -1)
			fail_msg("%s: %s", v->format, err.text);
	}
}

static inline void prove_variants(struct scene *c, const char *const paths[N_VARIANTS])
{
	const char *formats[N_VARIANTS];
	size_t i;

	for (i = 0; i < N_VARIANTS; i++)
		formats[i] = variants[i].format;
	prove(formats, paths, N_VARIANTS);
	for (i = 0; i < N_VARIANTS; i++)
		if (strcmp(variants[i].format, "junit") == 0 && variants[i].suffix[0] == '\0')
			prove_xsd(c, paths[i]);
}

static inline int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static inline int remove_folder(void **state)
{
	const char *const argv[] = { "rm", "-rf", folder, NULL };

	(void)state;
	return run_program(argv);
}

#endif
