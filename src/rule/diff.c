/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts side by side. Knows when two of them differ; does not know how
 * differences are told.
 */
#include "rule/diff.h"

#include <stdlib.h>

#include "rule/names.h"

/* Why a verdict that is neither pass nor not-applicable is what it is. */
struct why {
	size_t rule;
	struct str text;
	const struct why *next;
};

/* What the first policy said of a configuration: a cell for each of its rules. */
struct row {
	struct str id, name;
	const char *file;
	uint8_t *verdicts, *severities;
	const struct why *whys;
	bool answered;
};

struct diff {
	struct arena arena;
	const struct policy *was, *now;
	struct names subjects; /* how often each was met, on either side */
	struct {
		uint32_t was, now;
	} * met;
	size_t cap_met;
	struct names keys; /* subject and how many-th time it was met */
	struct row **rows; /* by key */
	size_t cap_rows;
	bool *told; /* by rule of the first policy; of the row at hand */
};

struct diff *diff_new(const struct policy *was, const struct policy *now)
{
	struct diff *d = mem_alloc(sizeof(*d));

	*d = (struct diff){ .was = was, .now = now };
	names_init(&d->subjects, &d->arena);
	names_init(&d->keys, &d->arena);
	d->told = ARENA_ARRAY(&d->arena, was->n_rules, bool);
	return d;
}

void diff_free(struct diff *d)
{
	if (d == NULL)
		return;
	free(d->met);
	free(d->rows);
	arena_release(&d->arena);
	free(d);
}

const char *diff_verdict_name(int verdict)
{
	return verdict == DIFF_NONE ? "not judged" : verdict_name((enum verdict)verdict);
}

/* ---- which row ---------------------------------------------------------------- */

/* The same configuration may be read twice: the n-th time answers the n-th. */
static size_t key_of(struct diff *d, const struct judgement *j, bool now, bool *is_new)
{
	struct buf b = BUF_INIT(0);
	size_t subject, key;
	uint32_t n;
	bool fresh;

	buf_putc(&b, j->is_group ? 'g' : 's');
	buf_put_str(&b, j->subject.id);
	subject = names_add(&d->subjects, buf_str(&b), &fresh);
	if (subject >= d->cap_met) {
		d->cap_met = d->cap_met != 0 ? d->cap_met * 2 : 256;
		d->met = mem_grow(d->met, d->cap_met * sizeof(*d->met));
	}
	if (fresh)
		d->met[subject].was = d->met[subject].now = 0;
	n = now ? d->met[subject].now++ : d->met[subject].was++;
	buf_putc(&b, '\0');
	buf_put_uint(&b, n);
	key = names_add(&d->keys, buf_str(&b), is_new);
	buf_release(&b);
	return key;
}

static struct row *row_new(struct diff *d, const struct judgement *j, size_t key)
{
	struct row *row = ARENA_NEW(&d->arena, struct row);
	size_t n = d->was->n_rules;

	row->id = arena_str(&d->arena, j->subject.id);
	row->name = arena_str(&d->arena, j->subject.name);
	row->file = arena_strdup(&d->arena, j->subject.file);
	row->verdicts = ARENA_ARRAY(&d->arena, n, uint8_t);
	row->severities = ARENA_ARRAY(&d->arena, n, uint8_t);
	if (n != 0)
		memset(row->verdicts, DIFF_NONE, n);
	if (key >= d->cap_rows) {
		d->cap_rows = d->cap_rows != 0 ? d->cap_rows * 2 : 256;
		d->rows = mem_grow(d->rows, d->cap_rows * sizeof(struct row *));
	}
	d->rows[key] = row;
	return row;
}

/* ---- sides ---------------------------------------------------------------------- */

static struct str why_of(const struct finding *f)
{
	if (f->verdict == VERDICT_FAIL || f->reason.len == 0)
		return f->message;
	return f->reason;
}

void diff_add_was(struct diff *d, const struct judgement *j)
{
	const struct finding *f;
	struct why *why;
	struct row *row;
	bool is_new;
	size_t key, i;

	if (j->n_findings == 0)
		return;
	key = key_of(d, j, false, &is_new);
	row = row_new(d, j, key);
	for (i = 0; i < j->n_findings; i++) {
		f = &j->findings[i];
		row->verdicts[f->rule->index] = (uint8_t)f->verdict;
		row->severities[f->rule->index] = (uint8_t)f->severity;
		if (f->verdict == VERDICT_PASS || why_of(f).len == 0)
			continue;
		why = ARENA_NEW(&d->arena, struct why);
		*why = (struct why){ f->rule->index, arena_str(&d->arena, why_of(f)), row->whys };
		row->whys = why;
	}
}

static struct diff_side side_was(const struct diff *d, const struct row *row, struct str id)
{
	const struct rule *rule = policy_find_rule(d->was, id);
	struct diff_side side = { rule, DIFF_NONE, SEVERITY_INFO, STR("") };
	const struct why *w;

	if (rule == NULL || row == NULL)
		return side;
	side.verdict = row->verdicts[rule->index];
	side.severity = (enum severity)row->severities[rule->index];
	for (w = row->whys; w != NULL; w = w->next)
		if (w->rule == rule->index)
			side.why = w->text;
	return side;
}

static bool is_quiet(int verdict)
{
	return verdict == DIFF_NONE || verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE;
}

/* A rule that is new and passes changes nothing for anybody. */
static bool flips(const struct diff_side *was, const struct diff_side *now)
{
	if (was->verdict == now->verdict)
		return was->verdict == VERDICT_FAIL && was->severity != now->severity;
	if (was->verdict == DIFF_NONE || now->verdict == DIFF_NONE)
		return !is_quiet(was->verdict) || !is_quiet(now->verdict);
	return true;
}

static void tell(const struct diff_flip *flip, diff_take *take, void *to)
{
	if (flips(&flip->was, &flip->now))
		take(to, flip);
}

/* What the first policy's rules said and nothing answered. */
static void tell_unanswered(struct diff *d, const struct row *row, diff_take *take, void *to)
{
	struct diff_flip flip = { row->id, row->name, row->file, STR(""), { 0 }, { 0 } };
	size_t i;

	for (i = 0; i < d->was->n_rules; i++) {
		if (d->told[i] || row->verdicts[i] == DIFF_NONE)
			continue;
		flip.rule = d->was->rules[i].id;
		flip.was = side_was(d, row, flip.rule);
		flip.now = (struct diff_side){ policy_find_rule(d->now, flip.rule), DIFF_NONE,
					       SEVERITY_INFO, STR("") };
		tell(&flip, take, to);
	}
}

void diff_add_now(struct diff *d, const struct judgement *j, diff_take *take, void *to)
{
	struct diff_flip flip = { j->subject.id, j->subject.name, j->subject.file,
				  STR(""),       { 0 },           { 0 } };
	const struct finding *f;
	struct row *row;
	bool is_new;
	size_t key, i;

	if (j->n_findings == 0)
		return;
	key = key_of(d, j, true, &is_new);
	row = is_new ? row_new(d, j, key) : d->rows[key];
	row->answered = true;
	if (d->was->n_rules != 0)
		memset(d->told, 0, d->was->n_rules * sizeof(*d->told));
	for (i = 0; i < j->n_findings; i++) {
		f = &j->findings[i];
		flip.rule = f->rule->id;
		flip.was = side_was(d, row, flip.rule);
		flip.now = (struct diff_side){ f->rule, f->verdict, f->severity, why_of(f) };
		if (flip.was.rule != NULL)
			d->told[flip.was.rule->index] = true;
		tell(&flip, take, to);
	}
	tell_unanswered(d, row, take, to);
}

void diff_finish(struct diff *d, diff_take *take, void *to)
{
	size_t i;

	if (d->was->n_rules != 0)
		memset(d->told, 0, d->was->n_rules * sizeof(*d->told));
	for (i = 0; i < d->keys.n; i++)
		if (!d->rows[i]->answered)
			tell_unanswered(d, d->rows[i], take, to);
}
