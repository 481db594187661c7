/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports read back. Knows the members of version 2 of the JSON report and what
 * they were made of; json_parts.c writes them. Does not know how reports are
 * merged.
 */
#include "report/saved.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limit.h"
#include "base/text.h"
#include "model/json.h"
#include "report/json_parts.h"
#include "report/saved_inside.h"
#include "report/saved_stream.h"
#include "rule/policy_recorded.h"

/* ---- head ------------------------------------------------------------------- */

static int take_schema(struct reading *x, const struct value *v)
{
	if (v->kind != VALUE_STRING || !str_starts(value_str(v), STR("ivslint-report/")))
		return saved_fail(x, v, "not a report of ivslint");
	if (!str_is(value_str(v), JSON_SCHEMA))
		return saved_fail(
		    x, v, "a report of another version, %.*s: this ivslint reads " JSON_SCHEMA,
		    (int)(v->n < 40 ? v->n : 40), v->text);
	return 0;
}

static int take_tool(struct reading *x, const struct value *v)
{
	enum { NAME, VERSION, N };
	static const struct member table[N] = { { "name", VALUE_STRING, REQUIRED },
						{ "version", VALUE_STRING, REQUIRED } };
	const struct value *m[N];

	if (saved_members(x, v, table, N, m) == -1)
		return -1;
	if (!str_is(value_str(m[NAME]), "ivslint"))
		return saved_fail(x, m[NAME], "not a report of ivslint");
	x->s->tool = saved_kept(x, m[VERSION]);
	return 0;
}

static int time_from(struct reading *x, const struct value *v, int64_t *seconds)
{
	struct str s = value_str(v);
	struct buf again = BUF_INIT(0);
	int32_t day;
	bool ok;

	if (s.len != 20 || !text_day((struct str){ s.data, 10 }, &day))
		return saved_fail(x, v, "a time such as 2027-03-31T12:00:00Z expected");
	*seconds = (int64_t)day * 86400 + ((s.data[11] - '0') * 10 + (s.data[12] - '0')) * 3600 +
		   ((s.data[14] - '0') * 10 + (s.data[15] - '0')) * 60 +
		   ((s.data[17] - '0') * 10 + (s.data[18] - '0'));
	text_time_put(&again, *seconds);
	buf_putc(&again, 'Z');
	ok = str_equal(buf_str(&again), s);
	buf_release(&again);
	return ok ? 0 : saved_fail(x, v, "a time such as 2027-03-31T12:00:00Z expected");
}

static int take_run(struct reading *x, const struct value *v)
{
	enum { STARTED, AS_OF, FAIL_ON, UNDECIDED, EMPTY, ALL, N };
	static const struct member table[N] = {
		{ "started", VALUE_STRING, REQUIRED },
		{ "asOf", VALUE_STRING, REQUIRED },
		{ "failOn", VALUE_STRING, REQUIRED },
		{ "failOnUndecided", VALUE_BOOLEAN, OPTIONAL },
		{ "allowEmpty", VALUE_BOOLEAN, OPTIONAL },
		{ "all", VALUE_BOOLEAN, REQUIRED },
	};
	const struct value *m[N];
	struct saved *s = x->s;

	if (saved_members(x, v, table, N, m) == -1 || time_from(x, m[STARTED], &s->started) == -1 ||
	    saved_day(x, m[AS_OF], &s->as_of) == -1 ||
	    saved_severity(x, m[FAIL_ON], &s->fail_on) == -1)
		return -1;
	s->fail_on_undecided = saved_is_true(m[UNDECIDED]);
	s->allow_empty = saved_is_true(m[EMPTY]);
	s->all = saved_is_true(m[ALL]);
	return 0;
}

static int take_policy(struct reading *x, const struct value *v, struct policy *facts)
{
	enum { FILE_NAME, NAME, DESCRIPTION, DIGEST, N };
	static const struct member table[N] = { { "file", VALUE_STRING, REQUIRED },
						{ "name", VALUE_STRING, OPTIONAL },
						{ "description", VALUE_STRING, OPTIONAL },
						{ "digest", VALUE_STRING, REQUIRED } };
	const struct value *m[N];

	if (saved_members(x, v, table, N, m) == -1)
		return -1;
	if (saved_digest(x, m[DIGEST], facts->digest) == -1)
		return -1;
	facts->file = arena_printf(x->arena, "%.*s", STR_ARG(value_str(m[FILE_NAME])));
	facts->name = saved_kept(x, m[NAME]);
	facts->description = saved_kept(x, m[DESCRIPTION]);
	return 0;
}

/* ---- rules and waivers ------------------------------------------------------ */

static struct source *source_of(struct reading *x, const char *file)
{
	struct source *one = ARENA_NEW(x->arena, struct source);

	source_init(one, file == NULL ? "" : file, STR(""));
	return one;
}

static int take_rule(struct reading *x, const struct value *v)
{
	enum {
		ID,
		TITLE,
		KIND,
		SEVERITY,
		CATEGORY,
		RATIONALE,
		REMEDIATION,
		REFERENCES,
		CONTROLS,
		GROUP,
		PLACE,
		N
	};
	static const struct member table[N] = {
		{ "id", VALUE_STRING, REQUIRED },          { "title", VALUE_STRING, OPTIONAL },
		{ "kind", VALUE_STRING, OPTIONAL },        { "severity", VALUE_STRING, REQUIRED },
		{ "category", VALUE_STRING, OPTIONAL },    { "rationale", VALUE_STRING, OPTIONAL },
		{ "remediation", VALUE_STRING, OPTIONAL }, { "references", VALUE_LIST, OPTIONAL },
		{ "controls", VALUE_MAP, OPTIONAL },       { "group", VALUE_BOOLEAN, OPTIONAL },
		{ "place", VALUE_MAP, OPTIONAL },
	};
	static const struct value by = { .kind = VALUE_LIST };
	struct saved_inside *in = x->s->inside;
	const struct value *m[N];
	struct value *copy;
	struct rule *r;
	size_t i;
	const char *file = NULL;

	if (saved_members(x, v, table, N, m) == -1)
		return -1;
	for (i = 0; i < in->n_rules; i++)
		if (str_equal(in->rules[i].id, value_str(m[ID])))
			return saved_fail(x, m[ID], "the rule is there twice");
	if (in->n_rules == LIMIT_RULES)
		return saved_fail(x, v, "more than LIMIT_RULES (%d) rules", LIMIT_RULES);
	if (in->n_rules == in->cap_rules) {
		in->cap_rules = in->cap_rules != 0 ? in->cap_rules * 2 : 64;
		in->rules = mem_grow(in->rules, in->cap_rules * sizeof(*in->rules));
	}
	r = &in->rules[in->n_rules];
	*r = (struct rule){ .id = saved_kept(x, m[ID]),
			    .title = saved_kept(x, m[TITLE]),
			    .category = saved_kept(x, m[CATEGORY]),
			    .rationale = saved_kept(x, m[RATIONALE]),
			    .remediation = saved_kept(x, m[REMEDIATION]),
			    .group_by = saved_is_true(m[GROUP]) ? &by : NULL };
	if (saved_severity(x, m[SEVERITY], &r->severity) == -1 ||
	    saved_kind(x, m[KIND], &r->kind) == -1)
		return -1;
	if (m[REFERENCES] != NULL) {
		r->references = copy = ARENA_NEW(x->arena, struct value);
		*copy = value_copy(x->arena, m[REFERENCES]);
	}
	if (m[CONTROLS] != NULL) {
		r->controls = copy = ARENA_NEW(x->arena, struct value);
		*copy = value_copy(x->arena, m[CONTROLS]);
	}
	if (m[PLACE] != NULL && saved_place(x, m[PLACE], &file, &r->place) == -1)
		return -1;
	if (m[PLACE] != NULL)
		r->source = source_of(x, file);
	x->s->groups = x->s->groups || r->group_by != NULL;
	in->n_rules++;
	return 0;
}

/* A waiver names a rule by its id; the rule is looked for when all are read. */
static int take_waiver(struct reading *x, const struct value *v)
{
	enum { RULE, STATE, REASON, OWNER, EXPIRES, DAYS, PLACE, WAIVED, EXPIRED, OTHER, N };
	static const struct member table[N] = {
		{ "rule", VALUE_STRING, REQUIRED },    { "state", VALUE_STRING, REQUIRED },
		{ "reason", VALUE_STRING, REQUIRED },  { "owner", VALUE_STRING, OPTIONAL },
		{ "expires", VALUE_STRING, REQUIRED }, { "daysLeft", VALUE_NUMBER, REQUIRED },
		{ "place", VALUE_MAP, OPTIONAL },      { "waived", VALUE_NUMBER, REQUIRED },
		{ "expired", VALUE_NUMBER, REQUIRED }, { "otherValue", VALUE_NUMBER, REQUIRED },
	};
	struct saved_inside *in = x->s->inside;
	size_t i = in->n_waivers;
	const struct value *m[N];
	struct rule *named;
	struct waiver *w;
	const char *file = NULL;

	if (saved_members(x, v, table, N, m) == -1)
		return -1;
	if (in->n_waivers == LIMIT_WAIVERS)
		return saved_fail(x, v, "more than LIMIT_WAIVERS (%d) waivers", LIMIT_WAIVERS);
	if (in->n_waivers == in->cap_waivers) {
		in->cap_waivers = in->cap_waivers != 0 ? in->cap_waivers * 2 : 64;
		in->waivers = mem_grow(in->waivers, in->cap_waivers * sizeof(*in->waivers));
		in->waived = mem_grow(in->waived, in->cap_waivers * sizeof(*in->waived));
		in->expired = mem_grow(in->expired, in->cap_waivers * sizeof(*in->expired));
		in->other = mem_grow(in->other, in->cap_waivers * sizeof(*in->other));
	}
	w = &in->waivers[i];
	named = ARENA_NEW(x->arena, struct rule); /* until link_waivers */
	named->id = saved_kept(x, m[RULE]);
	*w = (struct waiver){ .rule = named,
			      .reason = saved_kept(x, m[REASON]),
			      .owner = saved_kept(x, m[OWNER]) };
	if (saved_day(x, m[EXPIRES], &w->expires) == -1 ||
	    saved_count(x, m[WAIVED], &in->waived[i]) == -1 ||
	    saved_count(x, m[EXPIRED], &in->expired[i]) == -1 ||
	    saved_count(x, m[OTHER], &in->other[i]) == -1 ||
	    (m[PLACE] != NULL && saved_place(x, m[PLACE], &file, &w->place) == -1))
		return -1;
	if (m[PLACE] != NULL)
		w->source = source_of(x, file);
	in->n_waivers++;
	return 0;
}

static int take_problem(struct reading *x, const struct value *v)
{
	enum { KIND, PLACE, MESSAGE, AFTER, N };
	static const struct member table[N] = { { "problem", VALUE_STRING, REQUIRED },
						{ "place", VALUE_MAP, REQUIRED },
						{ "message", VALUE_STRING, REQUIRED },
						{ "after", VALUE_NUMBER, REQUIRED } };
	struct saved_inside *in = x->s->inside;
	struct saved *s = x->s;
	const struct value *m[N];
	struct saved_problem *p;
	struct place place;
	int kind;

	if (saved_members(x, v, table, N, m) == -1)
		return -1;
	if (s->n_problems == in->cap_problems) {
		in->cap_problems = in->cap_problems != 0 ? in->cap_problems * 2 : 64;
		s->problems = mem_grow(s->problems, in->cap_problems * sizeof(*s->problems));
	}
	p = &s->problems[s->n_problems];
	*p = (struct saved_problem){ .after = 0 };
	for (kind = 0; kind < N_PROBLEMS; kind++)
		if (str_is(value_str(m[KIND]), problem_kind_name((enum problem_kind)kind)))
			break;
	if (kind == N_PROBLEMS)
		return saved_fail(x, m[KIND], "not a kind of problem");
	if (memchr(m[MESSAGE]->text, '\0', m[MESSAGE]->n) != NULL)
		return saved_fail(x, m[MESSAGE], "a message with a NUL");
	if (saved_place(x, m[PLACE], &p->problem.file, &place) == -1 ||
	    saved_count(x, m[AFTER], &p->after) == -1)
		return -1;
	if (s->n_problems != 0 && p->after < p[-1].after)
		return saved_fail(x, m[AFTER], "problems are not in order");
	p->problem.kind = (enum problem_kind)kind;
	p->problem.line = place.line;
	p->problem.column = place.line != 0 ? place.column : 0;
	p->problem.text = arena_printf(x->arena, "%.*s", STR_ARG(value_str(m[MESSAGE])));
	s->n_problems++;
	s->n_counted += problem_counts(p->problem.kind);
	return 0;
}

/* ---- sums ------------------------------------------------------------------- */

/* An object of six counts, and perhaps the id of a rule. */
static int verdicts_from(struct reading *x, const struct value *v, const struct value **rule,
			 uint64_t to[N_VERDICTS])
{
	struct member table[N_VERDICTS + 1] = { { 0 } };
	const struct value *m[N_VERDICTS + 1];
	size_t n = N_VERDICTS, i;

	for (i = 0; i < N_VERDICTS; i++)
		table[i] = (struct member){ verdict_name((enum verdict)i), VALUE_NUMBER, REQUIRED };
	if (rule != NULL)
		table[n++] = (struct member){ "rule", VALUE_STRING, REQUIRED };
	if (saved_members(x, v, table, n, m) == -1)
		return -1;
	for (i = 0; i < N_VERDICTS; i++)
		if (saved_count(x, m[i], &to[i]) == -1)
			return -1;
	if (rule != NULL)
		*rule = m[N_VERDICTS];
	return 0;
}

static int fails_from(struct reading *x, const struct value *v, uint64_t to[N_SEVERITIES])
{
	struct member table[N_SEVERITIES];
	const struct value *m[N_SEVERITIES];
	size_t i;

	for (i = 0; i < N_SEVERITIES; i++)
		table[i] =
		    (struct member){ severity_name((enum severity)i), VALUE_NUMBER, REQUIRED };
	if (saved_members(x, v, table, N_SEVERITIES, m) == -1)
		return -1;
	for (i = 0; i < N_SEVERITIES; i++)
		if (saved_count(x, m[i], &to[i]) == -1)
			return -1;
	return 0;
}

/* By rule, in the order of the rules. */
static int by_rule_from(struct reading *x, const struct value *v)
{
	struct saved_inside *in = x->s->inside;
	const struct value *rule;
	uint32_t i;

	in->n_by_rule = v->n;
	in->by_rule = mem_alloc((v->n + (size_t)1) * sizeof(*in->by_rule));
	for (i = 0; i < v->n; i++) {
		if (verdicts_from(x, &v->items[i], &rule, in->by_rule[i]) == -1)
			return -1;
		if (i >= in->n_rules || !str_equal(value_str(rule), in->rules[i].id))
			return saved_fail(x, rule, "not the rule that stands there in 'rules'");
	}
	if (v->n != in->n_rules)
		return saved_fail(x, v, "not every rule has its sums");
	return 0;
}

/* Resources by kind; without it all are recording configurations. */
static int kinds_from(struct reading *x, const struct value *v)
{
	enum { KIND, RESOURCES, RULES, N };
	static const struct member table[N] = { { "kind", VALUE_STRING, REQUIRED },
						{ "resources", VALUE_NUMBER, REQUIRED },
						{ "rules", VALUE_NUMBER, REQUIRED } };
	struct tally *t = &x->s->tally;
	const struct value *m[N];
	uint64_t n, sum = 0;
	enum kind kind;
	uint32_t i;

	for (i = 0; v != NULL && i < v->n; i++) {
		if (saved_members(x, &v->items[i], table, N, m) == -1 ||
		    saved_kind(x, m[KIND], &kind) == -1 || saved_count(x, m[RESOURCES], &n) == -1)
			return -1;
		if (t->of_kind[kind] != 0 || n > t->resources - sum)
			return saved_fail(x, &v->items[i], "not as many resources as in all");
		sum += n;
		if (kind != KIND_RECORDING_CONFIGURATION)
			t->of_kind[kind] = n;
	}
	if (v != NULL && sum != t->resources)
		return saved_fail(x, v, "not as many resources as in all");
	return 0;
}

static int take_summary(struct reading *x, const struct value *v)
{
	enum {
		RESULT,
		STATUS,
		COMPLETE,
		EMPTY,
		INTERRUPTED,
		BUG,
		DOCUMENTS,
		OTHERS,
		PROBLEMS,
		MATRIX,
		VERDICTS,
		FAILS,
		RULES,
		N
	};
	static const struct member table[N] = {
		{ "result", VALUE_STRING, REQUIRED },
		{ "status", VALUE_NUMBER, REQUIRED },
		{ "complete", VALUE_BOOLEAN, REQUIRED },
		{ "empty", VALUE_BOOLEAN, REQUIRED },
		{ "interrupted", VALUE_BOOLEAN, REQUIRED },
		{ "bug", VALUE_STRING, OPTIONAL },
		{ "documents", VALUE_NUMBER, REQUIRED },
		{ "otherDocuments", VALUE_NUMBER, REQUIRED },
		{ "problems", VALUE_NUMBER, REQUIRED },
		{ "matrix", VALUE_MAP, REQUIRED },
		{ "verdicts", VALUE_MAP, REQUIRED },
		{ "fails", VALUE_MAP, REQUIRED },
		{ "rules", VALUE_LIST, REQUIRED },
	};
	static const struct member matrix[4] = { { "resources", VALUE_NUMBER, REQUIRED },
						 { "rules", VALUE_NUMBER, REQUIRED },
						 { "verdicts", VALUE_NUMBER, REQUIRED },
						 { "kinds", VALUE_LIST, OPTIONAL } };
	struct saved *s = x->s;
	const struct value *m[N], *of[4];
	uint64_t problems;

	if (saved_members(x, v, table, N, m) == -1 ||
	    saved_members(x, m[MATRIX], matrix, 4, of) == -1 ||
	    saved_count(x, of[0], &s->tally.resources) == -1 || kinds_from(x, of[3]) == -1 ||
	    saved_count(x, m[DOCUMENTS], &s->files) == -1 ||
	    saved_count(x, m[OTHERS], &s->other_documents) == -1 ||
	    saved_count(x, m[PROBLEMS], &problems) == -1 ||
	    verdicts_from(x, m[VERDICTS], NULL, s->tally.verdicts) == -1 ||
	    fails_from(x, m[FAILS], s->tally.fails) == -1 || by_rule_from(x, m[RULES]) == -1)
		return -1;
	if (problems != s->n_counted)
		return saved_fail(x, m[PROBLEMS], "not as many problems as are told");
	s->complete = saved_is_true(m[COMPLETE]);
	s->empty = saved_is_true(m[EMPTY]);
	s->interrupted = saved_is_true(m[INTERRUPTED]);
	if (m[BUG] != NULL)
		s->bug = "the run that wrote it found its sums wrong";
	return 0;
}

/* ---- the whole -------------------------------------------------------------- */

enum part { SCHEMA, TOOL, RUN, POLICY, RULES, FINDINGS, PROBLEMS, WAIVERS, SUMMARY, N_PARTS };

static const char *const part_names[N_PARTS] = { "schema",   "tool",    "run",
						 "policy",   "rules",   "findings",
						 "problems", "waivers", "summary" };

static int take_item(struct reading *x, enum part part, const struct value *v)
{
	return part == RULES     ? take_rule(x, v)
	       : part == WAIVERS ? take_waiver(x, v)
				 : take_problem(x, v);
}

static int read_items(struct reading *x, struct saved_stream *stream, enum part part)
{
	struct saved_bytes bytes;
	struct value v;
	bool first;
	int more;

	if (saved_stream_array(stream, x->err) == -1)
		return -1;
	for (first = true; (more = saved_stream_item(stream, first, &bytes, x->err)) == 1;
	     first = false) {
		if (part == FINDINGS) {
			x->s->findings++;
			continue;
		}
		if (saved_parse(x, &bytes, &v) == -1 || take_item(x, part, &v) == -1)
			return -1;
	}
	return more;
}

static int read_part(struct reading *x, struct saved_stream *stream, enum part part,
		     struct policy *facts)
{
	struct saved_bytes bytes;
	struct value v;

	if (part == RULES || part == FINDINGS || part == PROBLEMS || part == WAIVERS)
		return read_items(x, stream, part);
	if (saved_stream_value(stream, &bytes, x->err) == -1 || saved_parse(x, &bytes, &v) == -1)
		return -1;
	switch (part) {
	case SCHEMA:
		return take_schema(x, &v);
	case TOOL:
		return take_tool(x, &v);
	case RUN:
		return take_run(x, &v);
	case POLICY:
		return take_policy(x, &v, facts);
	default:
		return take_summary(x, &v);
	}
}

/* Parts stand in the order in which they are written: sums behind what they are of. */
static int read_parts(struct reading *x, struct saved_stream *stream, struct policy *facts)
{
	struct buf key = BUF_INIT(0);
	int part = -1, more, rc = -1;

	while ((more = saved_stream_member(stream, part == -1, &key, x->err)) == 1) {
		if (++part == N_PARTS || !str_is(buf_str(&key), part_names[part])) {
			err_at(x->err, ERR_INPUT, stream->line, stream->column,
			       part == 0 ? "not a report that ivslint -f json wrote"
					 : "not the member of a report that comes here");
			goto out;
		}
		if (read_part(x, stream, (enum part)part, facts) == -1)
			goto out;
	}
	if (more == 0 && part != N_PARTS - 1)
		err_at(x->err, ERR_INPUT, stream->line, stream->column, "a report without '%s'",
		       part_names[part + 1]);
	else
		rc = more;
out:
	buf_release(&key);
	return rc;
}

/* Rules that waivers name and that were not judged come behind those that were. */
static void link_waivers(struct saved *s)
{
	struct saved_inside *in = s->inside;
	size_t i, k;

	s->n_judged = in->n_rules;
	in->rules = mem_grow(in->rules, (in->n_rules + in->n_waivers + 1) * sizeof(*in->rules));
	for (i = 0; i < in->n_waivers; i++) {
		for (k = 0; k < in->n_rules; k++)
			if (str_equal(in->rules[k].id, in->waivers[i].rule->id))
				break;
		if (k == in->n_rules)
			in->rules[in->n_rules++] = (struct rule){ .id = in->waivers[i].rule->id,
								  .title = STR(""),
								  .category = STR(""),
								  .rationale = STR(""),
								  .remediation = STR("") };
		in->waivers[i].rule = &in->rules[k];
	}
}

static void make_facts(struct saved *s, struct policy *facts)
{
	struct saved_inside *in = s->inside;
	size_t i;

	link_waivers(s);
	facts->rules = in->rules;
	facts->n_rules = in->n_rules;
	facts->waivers = in->waivers;
	facts->n_waivers = in->n_waivers;
	facts->fail_on = s->fail_on;
	s->policy = policy_recorded(&in->arena, facts, s->n_judged);
	in->by_rule = mem_grow(in->by_rule, (in->n_rules + 1) * sizeof(*in->by_rule));
	for (i = in->n_by_rule; i < in->n_rules; i++)
		memset(in->by_rule[i], 0, sizeof(in->by_rule[i]));
	s->tally.rules = in->by_rule;
	s->tally.waivers = in->waived;
	s->tally.waivers_expired = in->expired;
	s->tally.waivers_other_value = in->other;
}

/* ---- opening ---------------------------------------------------------------- */

/* Reading goes over the file more than once: a pipe is copied first. */
static int copy_pipe(int from, struct err *err)
{
	char bytes[64 << 10];
	ssize_t got, put;
	int to = file_temporary();

	if (to == -1)
		return err_errno(err, ERR_SYSTEM, errno,
				 "no temporary file for what a pipe brings");
	while ((got = read(from, bytes, sizeof(bytes))) != 0) {
		if (got == -1 && errno == EINTR)
			continue;
		put = got == -1 ? -1 : write(to, bytes, (size_t)got);
		if (put != got) {
			err_errno(err, ERR_INPUT, errno, "cannot be read into a temporary file");
			close(to);
			return -1;
		}
	}
	return to;
}

static int open_report(const char *path, struct err *err)
{
	int fd = STDIN_FILENO, copy;

	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return err_errno(err, ERR_INPUT, errno, "cannot be opened");
	if (lseek(fd, 0, SEEK_SET) != -1)
		return fd;
	copy = copy_pipe(fd, err);
	if (fd != STDIN_FILENO)
		close(fd);
	return copy;
}

struct saved *saved_open(const char *path, struct err *err)
{
	struct saved *s = mem_alloc(sizeof(*s));
	struct policy facts = { .name = STR("") };
	struct saved_stream stream = { .fd = -1 };
	struct reading x = { .s = s, .err = err };
	int rc = -1;

	*s = (struct saved){ .path = path };
	s->inside = mem_alloc(sizeof(*s->inside));
	*s->inside = (struct saved_inside){ .fd = -1 };
	x.arena = &s->inside->arena;
	s->inside->text = BUF_INIT(0);
	s->inside->fd = open_report(path, err);
	if (s->inside->fd != -1) {
		rc = saved_stream_open(&stream, s->inside->fd, path, err);
		if (rc == 0)
			rc = read_parts(&x, &stream, &facts);
		saved_stream_release(&stream);
	}
	if (rc == -1) {
		saved_free(s);
		return NULL;
	}
	make_facts(s, &facts);
	return s;
}

void saved_free(struct saved *s)
{
	struct saved_inside *in;

	if (s == NULL)
		return;
	in = s->inside;
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	buf_release(&in->text);
	arena_release(&in->item);
	arena_release(&in->arena);
	free(in->rules);
	free(in->waivers);
	free(in->waived);
	free(in->expired);
	free(in->other);
	free(in->by_rule);
	free(s->problems);
	free(in);
	free(s);
}
