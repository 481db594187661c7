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
#include "base/text.h"
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

/* ---- the whole -------------------------------------------------------------- */

enum part { SCHEMA, TOOL, RUN, POLICY, RULES, FINDINGS, PROBLEMS, WAIVERS, SUMMARY, N_PARTS };

static const char *const part_names[N_PARTS] = { "schema",   "tool",    "run",
						 "policy",   "rules",   "findings",
						 "problems", "waivers", "summary" };

static int take_item(struct reading *x, enum part part, const struct value *v)
{
	return part == RULES     ? saved_take_rule(x, v)
	       : part == WAIVERS ? saved_take_waiver(x, v)
				 : saved_take_problem(x, v);
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
		return saved_take_summary(x, &v);
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
		/* a rule that was judged was not left out, whatever its waiver is */
		in->waivers[i].left_out &= k >= s->n_judged;
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
	s->tally.waivers_unknown = in->unknown;
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
	free(in->unknown);
	free(in->by_rule);
	free(s->problems);
	free(in);
	free(s);
}
