/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings of a report that is read back, put together to judgements again: those
 * of one recording configuration that came from one look at it. Keeps one
 * judgement at a time.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limit.h"
#include "report/saved_inside.h"
#include "rule/policy_recorded.h"

/* What is being put together. */
struct gathering {
	struct reading x;
	const struct policy *policy;
	bool groups, all;
	const struct saved_taker *taker;
	struct judgement j;
	struct finding *findings;
	size_t n, cap;
	size_t last_rule; /* index of the rule of the last finding, whether it was kept or not */
	bool some, stopped;
	uint64_t n_read; /* findings of the report so far */
	size_t problem;  /* the next one to tell */
	uint64_t seen[N_VERDICTS];
};

/* ---- one finding ------------------------------------------------------------ */

enum {
	RULE,
	SEVERITY,
	VERDICT,
	RESOURCE,
	GROUP,
	FIELD,
	ACTUAL,
	ACTUAL_CUT,
	ABSENT,
	UNKNOWN,
	KNOWN,
	SHOWN,
	DEFAULT,
	EXPECTED,
	PLACE,
	MESSAGE,
	REASON,
	WAIVER,
	BASELINED,
	EXCERPT,
	FINGERPRINT,
	CATEGORY,
	REMEDIATION,
	CONTROLS,
	N_MEMBERS
};

static const struct member members[N_MEMBERS] = {
	[RULE] = { "rule", VALUE_STRING, REQUIRED },
	[SEVERITY] = { "severity", VALUE_STRING, REQUIRED },
	[VERDICT] = { "verdict", VALUE_STRING, REQUIRED },
	[RESOURCE] = { "resource", VALUE_MAP, REQUIRED },
	[GROUP] = { "group", VALUE_BOOLEAN, OPTIONAL },
	[FIELD] = { "field", VALUE_STRING, OPTIONAL },
	[ACTUAL] = { "actual", ANY, OPTIONAL },
	[ACTUAL_CUT] = { "actualCut", VALUE_STRING, OPTIONAL },
	[ABSENT] = { "absent", VALUE_BOOLEAN, OPTIONAL },
	[UNKNOWN] = { "unknown", VALUE_STRING, OPTIONAL },
	[KNOWN] = { "known", VALUE_STRING, OPTIONAL },
	[SHOWN] = { "shown", VALUE_STRING, OPTIONAL },
	[DEFAULT] = { "default", VALUE_BOOLEAN, OPTIONAL },
	[EXPECTED] = { "expected", VALUE_STRING, OPTIONAL },
	[PLACE] = { "place", VALUE_MAP, REQUIRED },
	[MESSAGE] = { "message", VALUE_STRING, OPTIONAL },
	[REASON] = { "reason", VALUE_STRING, OPTIONAL },
	[WAIVER] = { "waiver", VALUE_MAP, OPTIONAL },
	[BASELINED] = { "baselined", VALUE_BOOLEAN, OPTIONAL },
	[EXCERPT] = { "excerpt", VALUE_MAP, OPTIONAL },
	[FINGERPRINT] = { "fingerprint", VALUE_STRING, OPTIONAL },
	[CATEGORY] = { "category", VALUE_STRING, OPTIONAL },
	[REMEDIATION] = { "remediation", VALUE_STRING, OPTIONAL },
	[CONTROLS] = { "controls", VALUE_MAP, OPTIONAL },
};

static int take_subject(struct reading *x, const struct value *v, struct subject *s)
{
	enum { ID, KIND, ARN, NAME, ACCOUNT, REGION, LINE, COLUMN, N };
	static const struct member table[N] = {
		{ "id", VALUE_STRING, REQUIRED },      { "kind", VALUE_STRING, OPTIONAL },
		{ "arn", VALUE_STRING, OPTIONAL },     { "name", VALUE_STRING, OPTIONAL },
		{ "account", VALUE_STRING, OPTIONAL }, { "region", VALUE_STRING, OPTIONAL },
		{ "line", VALUE_NUMBER, OPTIONAL },    { "column", VALUE_NUMBER, OPTIONAL },
	};
	const struct value *m[N];

	if (saved_members(x, v, table, N, m) == -1)
		return -1;
	*s = (struct subject){ .id = saved_kept(x, m[ID]),
			       .arn = saved_kept(x, m[ARN]),
			       .name = saved_kept(x, m[NAME]),
			       .account = saved_kept(x, m[ACCOUNT]),
			       .region = saved_kept(x, m[REGION]) };
	if (saved_kind(x, m[KIND], &s->kind) == -1)
		return -1;
	if ((m[LINE] == NULL) != (m[COLUMN] == NULL))
		return saved_fail(x, v, "a line goes with a column");
	if (m[LINE] != NULL && (saved_place_number(x, m[LINE], &s->place.line) == -1 ||
				saved_place_number(x, m[COLUMN], &s->place.column) == -1))
		return -1;
	return 0;
}

/* The value as JSON has it; what JSON cannot say of it is in the text. */
static int take_actual(struct reading *x, const struct value *const *m, struct finding *f)
{
	int n = (m[ACTUAL] != NULL) + (m[ACTUAL_CUT] != NULL) + (m[ABSENT] != NULL) +
		(m[UNKNOWN] != NULL);
	struct value *v, shared = { .kind = VALUE_ABSENT };

	if (n == 0)
		return 0;
	if (n > 1)
		return saved_fail(x, m[RULE], "more than one actual value");
	if (m[ACTUAL] != NULL) {
		shared = *m[ACTUAL];
		f->actual_shown = saved_kept(x, m[SHOWN]);
	} else if (m[ACTUAL_CUT] != NULL) {
		shared = *m[ACTUAL_CUT];
		shared.flags |= VALUE_SHOWN;
	} else if (m[UNKNOWN] != NULL) {
		shared =
		    value_unknown(arena_printf(x->arena, "%.*s", STR_ARG(value_str(m[UNKNOWN]))));
		f->actual_shown = saved_kept(x, m[KNOWN]);
	}
	if (m[DEFAULT] != NULL)
		shared.flags |= VALUE_DEFAULT;
	v = ARENA_NEW(x->arena, struct value);
	*v = value_copy(x->arena, &shared);
	f->actual = v;
	return 0;
}

static int take_excerpt(struct reading *x, const struct value *v, struct excerpt *e)
{
	enum { THE_VALUE, BEFORE, AFTER, CUT_BEFORE, CUT_AFTER, N };
	static const struct member table[N] = { { "value", VALUE_STRING, REQUIRED },
						{ "before", VALUE_STRING, OPTIONAL },
						{ "after", VALUE_STRING, OPTIONAL },
						{ "cutBefore", VALUE_BOOLEAN, OPTIONAL },
						{ "cutAfter", VALUE_BOOLEAN, OPTIONAL } };
	const struct value *m[N];

	if (saved_members(x, v, table, N, m) == -1)
		return -1;
	*e = (struct excerpt){ .value = saved_kept(x, m[THE_VALUE]),
			       .before = saved_kept(x, m[BEFORE]),
			       .after = saved_kept(x, m[AFTER]),
			       .cut_before = m[CUT_BEFORE] != NULL,
			       .cut_after = m[CUT_AFTER] != NULL };
	return 0;
}

/* One of the policy's where it is: reports say more of those. */
static const struct waiver *waiver_of(struct gathering *g, const struct rule *rule,
				      const struct waiver *like)
{
	const struct waiver *w = g->policy->waivers, *end = w + g->policy->n_waivers;
	struct waiver *own;

	for (; w < end; w++)
		if (w->rule->index == rule->index && w->expires == like->expires &&
		    str_equal(w->reason, like->reason) && str_equal(w->owner, like->owner))
			return w;
	own = ARENA_NEW(g->x.arena, struct waiver);
	*own = *like;
	own->rule = rule;
	own->index = SIZE_MAX;
	return own;
}

static int take_waiver(struct gathering *g, const struct value *v, struct finding *f)
{
	enum { WHY, OWNER, EXPIRES, DAYS, N };
	static const struct member table[N] = { { "reason", VALUE_STRING, REQUIRED },
						{ "owner", VALUE_STRING, OPTIONAL },
						{ "expires", VALUE_STRING, REQUIRED },
						{ "daysLeft", VALUE_NUMBER, OPTIONAL } };
	const struct value *m[N];
	struct waiver like = { .rule = NULL };

	if (saved_members(&g->x, v, table, N, m) == -1 ||
	    saved_day(&g->x, m[EXPIRES], &like.expires) == -1)
		return -1;
	like.reason = saved_kept(&g->x, m[WHY]);
	like.owner = saved_kept(&g->x, m[OWNER]);
	if (m[DAYS] != NULL && (m[DAYS]->exponent != 0 || m[DAYS]->mantissa < INT32_MIN ||
				m[DAYS]->mantissa > INT32_MAX))
		return saved_fail(&g->x, m[DAYS], "not a number of days");
	f->waiver = waiver_of(g, f->rule, &like);
	f->waiver_days_left = m[DAYS] != NULL ? (int32_t)m[DAYS]->mantissa : 0;
	return 0;
}

/* The policy's, or a copy where an override worded it anew. */
static const struct rule *rule_of(struct gathering *g, const struct value *const *m)
{
	const struct rule *rule = policy_find_rule(g->policy, value_str(m[RULE]));
	struct rule *own;

	if (rule == NULL || m[REMEDIATION] == NULL ||
	    str_equal(rule->remediation, value_str(m[REMEDIATION])))
		return rule;
	own = ARENA_NEW(g->x.arena, struct rule);
	*own = *rule;
	own->remediation = saved_kept(&g->x, m[REMEDIATION]);
	return own;
}

static int take_texts(struct gathering *g, const struct value *const *m, struct finding *f,
		      struct subject *s)
{
	struct reading *x = &g->x;

	f->rule = rule_of(g, m);
	if (f->rule == NULL || f->rule->index >= x->s->n_judged)
		return saved_fail(x, m[RULE], "not a rule that was judged");
	f->field = saved_kept(x, m[FIELD]);
	f->expected = saved_kept(x, m[EXPECTED]);
	f->message = saved_kept(x, m[MESSAGE]);
	f->reason = saved_kept(x, m[REASON]);
	f->baselined = m[BASELINED] != NULL;
	if (m[FINGERPRINT] != NULL && saved_digest(x, m[FINGERPRINT], f->fingerprint) == -1)
		return -1;
	if (saved_severity(x, m[SEVERITY], &f->severity) == -1 ||
	    saved_place(x, m[PLACE], &s->file, &f->place) == -1)
		return -1;
	if (m[EXCERPT] != NULL && take_excerpt(x, m[EXCERPT], &f->excerpt) == -1)
		return -1;
	return m[WAIVER] != NULL ? take_waiver(g, m[WAIVER], f) : 0;
}

/* ---- judgements ------------------------------------------------------------- */

static void tell_judgement(struct gathering *g)
{
	if (g->n != 0) {
		g->j.findings = g->findings;
		g->j.n_findings = g->n;
		g->stopped = !g->taker->judgement(g->taker->to, &g->j) || g->stopped;
	}
	g->n = 0;
	g->some = false;
	arena_reset(g->x.arena);
}

static void tell_problems(struct gathering *g, uint64_t before)
{
	const struct saved *s = g->x.s;

	while (!g->groups && g->problem < s->n_problems &&
	       s->problems[g->problem].after <= before) {
		/* of a judgement that it stands in the middle of, it stands behind */
		tell_judgement(g);
		g->taker->problem(g->taker->to, &s->problems[g->problem++].problem);
	}
}

static bool same_file(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Whether a finding is of the look that is being put together: the same
 * configuration at the same place, and a rule behind the last one. */
static bool goes_on(const struct gathering *g, const struct subject *s, size_t rule)
{
	const struct subject *is = &g->j.subject;

	return g->some && rule > g->last_rule && str_equal(is->id, s->id) &&
	       is->place.line == s->place.line && is->place.column == s->place.column &&
	       same_file(is->file, s->file);
}

static struct finding *add_finding(struct gathering *g)
{
	if (g->n == g->cap) {
		g->cap = g->cap != 0 ? g->cap * 2 : 64;
		g->findings = mem_grow(g->findings, g->cap * sizeof(*g->findings));
	}
	return &g->findings[g->n++];
}

/*
 * The tree and its texts are of the arena of the judgement, which the first
 * finding of the next one shares until it is told: so that one is read again.
 */
static int take_finding(struct gathering *g, const struct saved_bytes *bytes)
{
	const struct value *m[N_MEMBERS];
	struct finding f = { .rule = NULL };
	struct subject subject;
	struct value v;
	bool group;

	if (saved_parse(&g->x, bytes, &v) == -1 ||
	    saved_members(&g->x, &v, members, N_MEMBERS, m) == -1 ||
	    saved_verdict(&g->x, m[VERDICT], &f.verdict) == -1)
		return -1;
	group = saved_is_true(m[GROUP]);
	if (group != g->groups)
		return 0;
	if (!g->all && (f.verdict == VERDICT_PASS || f.verdict == VERDICT_NOT_APPLICABLE)) {
		g->seen[f.verdict]++;
		return 0;
	}
	if (take_subject(&g->x, m[RESOURCE], &subject) == -1 ||
	    take_texts(g, m, &f, &subject) == -1 || take_actual(&g->x, m, &f) == -1)
		return -1;
	if (g->some && !goes_on(g, &subject, f.rule->index)) {
		tell_judgement(g);
		return take_finding(g, bytes);
	}
	if (!g->some)
		g->j = (struct judgement){ .subject = subject, .is_group = group };
	g->some = true;
	g->last_rule = f.rule->index;
	g->j.counts[f.verdict]++;
	g->seen[f.verdict]++;
	*add_finding(g) = f;
	return 0;
}

/* ---- the whole -------------------------------------------------------------- */

/* To the findings, which stand behind parts that were read already. */
static int read_findings(struct gathering *g, struct saved_stream *stream)
{
	struct buf key = BUF_INIT(0);
	struct saved_bytes bytes;
	bool first = true;
	int more;

	while ((more = saved_stream_member(stream, first, &key, g->x.err)) == 1 &&
	       !str_is(buf_str(&key), "findings")) {
		first = false;
		more = saved_stream_value(stream, &bytes, g->x.err);
		if (more == -1)
			break;
	}
	buf_release(&key);
	if (more != 1 || saved_stream_array(stream, g->x.err) == -1)
		return -1;
	for (first = true; (more = saved_stream_item(stream, first, &bytes, g->x.err)) == 1;
	     first = false) {
		tell_problems(g, g->n_read);
		if (take_finding(g, &bytes) == -1)
			return -1;
		if (g->stopped)
			return err_set(g->x.err, ERR_INTERRUPTED, "stopped");
		g->n_read++;
	}
	if (more == -1)
		return -1;
	tell_judgement(g);
	tell_problems(g, UINT64_MAX);
	return 0;
}

/* Findings against the sums, when both kinds were read. */
static int check_seen(const struct saved *s, struct err *err)
{
	int v;

	for (v = 0; v < N_VERDICTS; v++) {
		if (!s->all && (v == VERDICT_PASS || v == VERDICT_NOT_APPLICABLE))
			continue;
		if (s->inside->seen[v] != s->tally.verdicts[v])
			return err_set(
			    err, ERR_INPUT,
			    "its findings are not those that its sums count: it was changed");
	}
	return 0;
}

int saved_read(struct saved *s, const struct policy *policy, bool groups, bool all,
	       const struct saved_taker *taker, struct err *err)
{
	struct gathering g = { .x = { .s = s, .arena = &s->inside->item, .err = err },
			       .policy = policy,
			       .groups = groups,
			       .all = all,
			       .taker = taker };
	struct saved_stream stream;
	int rc, v;

	rc = saved_stream_open(&stream, s->inside->fd, s->path, err);
	if (rc == 0)
		rc = read_findings(&g, &stream);
	saved_stream_release(&stream);
	free(g.findings);
	for (v = 0; v < N_VERDICTS; v++)
		s->inside->seen[v] = (groups ? s->inside->seen[v] : 0) + g.seen[v];
	if (rc == 0 && (groups || !s->groups))
		rc = check_seen(s, err);
	return rc;
}
