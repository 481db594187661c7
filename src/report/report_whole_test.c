/* SPDX-License-Identifier: Apache-2.0 */
/*
 * That no report looks whole which is not, and that none grows past what its
 * reader takes.
 */
#include "base/digest.h"
#include "base/limit.h"
#include "report/written_fixture.h"

/* What is different about a format. */
static const struct trait {
	const char *format;
	const char *bug; /* how it says that the sums are wrong; NULL: it has no word for it */
	off_t most;      /* bytes of the longest report; 0: it grows */
} traits[] = {
	{ "text", "INCOMPLETE: bug: ", 0 },
	{ "json", "\"bug\":\"", 0 },
	{ "ndjson", "\"bug\":\"", 0 },
	{ "junit", "message=\"INCOMPLETE: bug: ", 0 },
	{ "sarif", "\"text\":\"INCOMPLETE: bug: ", 64 << 20 },
	{ "csv", "\"INCOMPLETE: bug: ", 0 },
	{ "gitlab", "\"INCOMPLETE: bug: ", 64 << 20 },
	{ "github", "::error title=ivslint::INCOMPLETE: bug: ", 32 << 10 },
	{ "markdown", "**INCOMPLETE: bug: ", LIMIT_MARKDOWN },
	{ "html", "<h2 id=\"verdict\">Incomplete</h2>\n<p>bug: ", 32 << 20 },
	{ "ocsf", "\"message\":\"INCOMPLETE: bug: ", 0 },
	{ "asff", "\"Description\":\"INCOMPLETE: bug: ", 0 },
};

static const struct trait *trait_of(const struct report_format *format)
{
	size_t i;

	for (i = 0; i < sizeof(traits) / sizeof(traits[0]); i++)
		if (strcmp(traits[i].format, format->name) == 0)
			return &traits[i];
	fail_msg("no traits of %s", format->name);
	return NULL;
}

/* Sums that do not add up: no report may look whole. */
static void test_bugs(void **state)
{
	const char *sign;
	struct report_request requests[MOST_FORMATS];
	struct report_options options = { 0 };
	struct scene *c;
	struct buf b;
	struct err err;
	size_t i, k;

	(void)state;
	for (k = 0; k < 6; k++) {
		c = scene_new(&scenes[1]);
		switch (k) {
		case 0: /* a resource too many */
			c->tally.resources++;
			break;
		case 1: /* a finding was counted, and lost on the way to the report */
			c->tally.verdicts[VERDICT_FAIL]++;
			c->tally.verdicts[VERDICT_PASS]--;
			c->tally.fails[SEVERITY_LOW]++;
			c->by_rule[0][VERDICT_FAIL]++;
			c->by_rule[1][VERDICT_PASS]--;
			break;
		case 2:
			c->tally.fails[SEVERITY_LOW]++;
			break;
		case 3:
			c->by_rule[2][VERDICT_PASS]++;
			break;
		case 4: /* complete, it says */
			problem(c, PROBLEM_REFUSED, "x", 1, 1, "no");
			break;
		case 5:
			c->summary.interrupted = true;
			break;
		}
		for (i = 0; i < report_n; i++)
			requests[i] =
			    (struct report_request){ report_table[i],
						     in_folder(c, report_table[i]->name), false };
		assert_int_equal(write_reports(c, requests, report_n, &options, &err), -1);
		assert_non_null(strstr(err.text, "bug: "));
		for (i = 0; i < report_n; i++) {
			read_whole(&b, requests[i].path);
			sign = trait_of(report_table[i])->bug;
			if (sign != NULL && strstr(buf_str(&b).data, sign) == NULL)
				fail_msg("case %zu: %s", k, buf_str(&b).data);
			assert_null(strstr(buf_str(&b).data, "\"complete\":true"));
			buf_release(&b);
		}
		scene_free(c);
	}
}

/* What fails a run is shown as what does. */
static void test_fail_on_undecided(void **state)
{
	static const struct {
		const char *format, *with, *without;
	} rows[] = {
		{ "junit", "<error type=\"undecided\" message=\"thumbnailConfiguration is unknown",
		  "<skipped message=\"undecided: thumbnailConfiguration is unknown" },
		{ "github", "::error file=saved/list.json,line=4,col=12,title=undecided%3A",
		  "::warning file=saved/list.json,line=4,col=12,title=undecided%3A" },
		{ "gitlab", "\"check_name\":\"thumbnail-interval\",\"severity\":\"major\"",
		  "\"check_name\":\"thumbnail-interval\",\"severity\":\"info\"" },
	};
	struct scene *c = scene_new(&scenes[4]);
	struct variant variant = { "", "", { 0 } };
	const char *path = in_folder(c, "undecided");
	struct err err;
	struct buf b;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (k = 0; k < 2; k++) {
			c->run.fail_on_undecided = k == 1;
			c->summary.status = k;
			variant.format = rows[i].format;
			assert_int_equal(write_one(c, &variant, path, &err), 0);
			read_whole(&b, path);
			if (strstr(b.data, k == 1 ? rows[i].with : rows[i].without) == NULL)
				fail_msg("%s: %s", rows[i].format, b.data);
			buf_release(&b);
			prove(&rows[i].format, &path, 1);
		}
	scene_free(c);
}

/* A resource that is in two files: readers that keep findings by an id keep both, and the
 * pass of one file closes nothing that the other opened. */
static void test_two_looks(void **state)
{
	static const struct {
		const char *format, *id;
	} rows[] = { { "ocsf", "\"finding_info\":{\"uid\":\"" },
		     { "asff", "\"Id\":\"us-west-2/" } };
	struct scene *c = mem_alloc(sizeof(*c));
	struct variant variant = { "", "", { .all = true } };
	char ids[4][DIGEST_HEX_SIZE];
	const char *path, *at;
	struct buf b;
	struct err err;
	size_t i, k, n;

	(void)state;
	scene_init(c);
	rule(c, "bucket-name", SEVERITY_HIGH, "storage");
	path = in_folder(c, "looks");
	finding(c, judgement(c, "monday.json", 1, "", ARN("AbCdEf123456")), 0, VERDICT_FAIL);
	finding(c, judgement(c, "tuesday.json", 1, "", ARN("AbCdEf123456")), 0, VERDICT_PASS);
	finding(c, judgement(c, "monday.json", 9, "", ARN("GhIjKl123456")), 0, VERDICT_FAIL);
	scene_sum(c);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		variant.format = rows[i].format;
		assert_int_equal(write_one(c, &variant, path, &err), 0);
		prove(&rows[i].format, &path, 1);
		read_whole(&b, path);
		for (n = 0, at = b.data; n < 4 && (at = strstr(at, rows[i].id)) != NULL; n++) {
			at += strlen(rows[i].id);
			at += strcspn(at, "/\"") == 12 ? strlen("123456789012/ivslint/") : 0;
			snprintf(ids[n], sizeof(ids[n]), "%.*s", DIGEST_HEX_SIZE - 1, at);
			for (k = 0; k < n; k++)
				assert_string_not_equal(ids[k], ids[n]);
		}
		assert_int_equal(n, 4); /* with that of the audit */
		buf_release(&b);
	}
	scene_free(c);
}

/* An interrupted run is not whole, and no bug. */
static void test_interrupted(void **state)
{
	struct scene *c = scene_new(&scenes[1]);
	const char *path = in_folder(c, "cut");
	struct err err;
	struct buf b;

	(void)state;
	c->summary.interrupted = true;
	c->summary.complete = false;
	c->summary.status = 3;
	c->tally.resources++; /* read, and not judged by the rules of groups */
	assert_int_equal(write_one(c, &variants[0], path, &err), 0);
	read_whole(&b, path);
	assert_non_null(strstr(b.data, "INCOMPLETE: the run was interrupted"));
	assert_non_null(strstr(b.data, "12 verdicts of 16"));
	buf_release(&b);
	scene_free(c);
}

/* Bytes go on as they come: what is held does not grow with the resources. */
static void test_many(void **state)
{
	enum { MANY = 20000 };
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	struct report_request request;
	struct tally *t = &c->tally;
	struct reports *rs;
	struct stat stat_;
	struct err err;
	size_t i, k, v;
	off_t most;

	(void)state;
	t->resources *= MANY;
	for (v = 0; v < N_VERDICTS; v++) {
		t->verdicts[v] *= MANY;
		for (i = 0; i < MOST_RULES; i++)
			c->by_rule[i][v] *= MANY;
	}
	for (v = 0; v < N_SEVERITIES; v++)
		t->fails[v] *= MANY;
	for (i = 0; i < report_n; i++) {
		request = (struct report_request){ report_table[i], in_folder(c, "many"), false };
		rs = reports_open(&request, 1, &c->run, &options, &err);
		assert_non_null(rs);
		for (k = 0; k < MANY; k++)
			feed(rs, c, reports_want_all(&request, 1, &options));
		assert_false(reports_failed(rs));
		assert_int_equal(reports_close(rs, &c->summary, &err), 0);
		assert_int_equal(stat(request.path, &stat_), 0);
		most = trait_of(report_table[i])->most;
		if (most == 0) {
			assert_true(stat_.st_size > MANY * 1000);
			continue;
		}
		assert_true(stat_.st_size <= most);
		prove(&report_table[i]->name, &request.path, 1);
	}
	scene_free(c);
}

/* More accounts and regions than a SARIF file has runs. */
static void test_scopes(void **state)
{
	static const char *const format = "sarif";
	struct variant variant = { format, "", { 0 } };
	struct scene *c = mem_alloc(sizeof(*c));
	const char *path;
	struct judgement *j;
	struct buf b;
	struct err err;
	size_t i;

	(void)state;
	scene_init(c);
	acme_rules(c);
	path = in_folder(c, "scopes");
	for (i = 0; i < 60; i++) {
		j = judgement(c, "saved/all.json", 1, "", ARN("AbCdEf123456"));
		j->subject.region = s_(arena_printf(&c->arena, "xx-north-%zu", i % 30));
		finding(c, j, 0, VERDICT_FAIL)->message = STR("no");
		finding(c, j, 1, VERDICT_PASS);
		finding(c, j, 2, VERDICT_PASS);
		finding(c, j, 3, VERDICT_PASS);
	}
	scene_sum(c);
	assert_int_equal(write_one(c, &variant, path, &err), 0);
	prove(&format, &path, 1);
	read_whole(&b, path);
	assert_non_null(strstr(b.data, "\"id\":\"ivslint/123456789012/xx-north-18/\""));
	assert_null(strstr(b.data, "\"id\":\"ivslint/123456789012/xx-north-19/\""));
	assert_non_null(strstr(b.data, "\"id\":\"ivslint/more/\""));
	buf_release(&b);
	scene_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bugs),      cmocka_unit_test(test_fail_on_undecided),
		cmocka_unit_test(test_two_looks), cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_many),      cmocka_unit_test(test_scopes),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
