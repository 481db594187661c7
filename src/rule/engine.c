/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging resources. Knows which rules apply where overrides hold, when a
 * finding is worth its texts, and how verdicts are counted; each verdict itself
 * is verdict.c's, or group.c's at the end.
 */
#include "rule/engine.h"

#include <stdlib.h>

#include "rule/check.h"
#include "rule/group.h"
#include "rule/variant.h"
#include "rule/verdict.h"
#include "rule/waiver.h"

#define VARIANTS_NEAR 16 /* that a worker finds without a lock */

struct engine {
	struct policy *p;
	struct engine_options options;
	struct groups *groups; /* NULL without group rules */
};

struct engine_worker {
	struct engine *e;
	struct arena arena;   /* the worker's own: tally, outcomes */
	struct arena scratch; /* of one resource */
	struct judge judge;
	uint8_t sites[JUDGE_SITES]; /* judge.near */
	struct buf text;
	struct tally tally; /* but for the passes of each rule, which are what is left, and sums */
	struct outcome *outcomes; /* that are wanted, in the order of policy_inside.singles */
	size_t n_outcomes;
	const struct variant *near[VARIANTS_NEAR];
};

/* ---- life ------------------------------------------------------------------ */

struct engine *engine_new(struct policy *policy, const struct engine_options *options)
{
	struct policy_inside *in = policy->inside;
	struct engine *e = mem_alloc(sizeof(*e));

	*e = (struct engine){ .p = policy, .options = *options };
	if (in->n_groups != 0)
		e->groups =
		    groups_new(policy, in->base.groups, in->n_groups, options->as_of, options->all);
	if (e->groups != NULL)
		groups_accept(e->groups, options->baseline);
	return e;
}

void engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	groups_free(e->groups);
	free(e);
}

struct engine_worker *engine_worker_new(struct engine *e)
{
	struct engine_worker *w = mem_alloc(sizeof(*w));

	*w = (struct engine_worker){ .e = e };
	w->judge.arena = &w->scratch;
	w->judge.near = w->sites;
	w->text = BUF_INIT(1 << 20);
	tally_init(&w->tally, e->p, &w->arena);
	w->outcomes = ARENA_ARRAY(&w->arena, e->p->inside->n_singles, struct outcome);
	return w;
}

void engine_worker_free(struct engine_worker *w)
{
	if (w == NULL)
		return;
	buf_release(&w->text);
	arena_release(&w->scratch);
	arena_release(&w->arena);
	free(w);
}

const struct tally *engine_worker_tally(struct engine_worker *w)
{
	const struct policy_inside *in = w->e->p->inside;
	uint64_t *counts, others;
	size_t i, v;

	/* every resource has a verdict of every single rule, and nearly all are passes:
	 * those are not counted one by one, nor is any sum */
	memset(w->tally.verdicts, 0, sizeof(w->tally.verdicts));
	for (i = 0; i < in->n_singles; i++) {
		counts = w->tally.rules[in->singles[i]->index];
		for (others = 0, v = 0; v < N_VERDICTS; v++)
			others += v == VERDICT_PASS ? 0 : counts[v];
		counts[VERDICT_PASS] = tally_resources(&w->tally, in->singles[i]->kind) - others;
		for (v = 0; v < N_VERDICTS; v++)
			w->tally.verdicts[v] += counts[v];
	}
	return &w->tally;
}

bool engine_has_groups(const struct engine *e)
{
	return e->groups != NULL;
}

/* ---- overrides ------------------------------------------------------------- */

/* Which overrides hold, and of which that is not known. */
struct holding {
	uint32_t yes, unknown;
};

static struct holding which_hold(struct engine_worker *w, const struct resource *r)
{
	const struct policy_inside *in = w->e->p->inside;
	struct holding h = { 0, 0 };
	enum truth truth;
	size_t i;

	for (i = 0; i < in->n_overrides; i++) {
		if ((in->touching_of[r->kind] >> i & 1) == 0)
			continue;
		w->judge.error = NULL;
		truth = cond_judge(in->overrides[i].when, r, &w->judge);
		if (w->judge.error != NULL || truth == TRUTH_UNKNOWN)
			h.unknown |= UINT32_C(1) << i;
		else if (truth == TRUTH_TRUE)
			h.yes |= UINT32_C(1) << i;
	}
	return h;
}

static const struct variant *variant_for(struct engine_worker *w, uint32_t mask)
{
	struct policy_inside *in = w->e->p->inside;
	const struct variant **near;

	mask &= in->touching;
	if (mask == 0)
		return &in->base;
	near = &w->near[(mask * UINT32_C(2654435761)) >> 28];
	if (*near == NULL || (*near)->mask != mask)
		*near = variant_get(w->e->p, mask);
	return *near;
}

static unsigned count_bits(uint32_t mask)
{
	unsigned n = 0;

	for (; mask != 0; mask &= mask - 1)
		n++;
	return n;
}

/*
 * A rule where it is not known which overrides hold: judged in every way that
 * there is. Where all agree that is the verdict, of the most severe one.
 */
static struct outcome judge_unsure(struct engine_worker *w, const struct rule *rule,
				   struct holding h, const struct resource *r)
{
	struct policy *p = w->e->p;
	uint32_t unknown = h.unknown & p->inside->rules[rule->index].touch, sub = 0;
	const struct compiled *c = variant_rule(p, rule, h.yes);
	struct outcome out = { c, VERDICT_UNDECIDED, unknown };

	if (unknown == 0)
		return (struct outcome){ c, verdict_of(c, r, &w->judge), 0 };
	if (count_bits(h.unknown) > LIMIT_OVERRIDES_UNKNOWN)
		return out;
	out.verdict = verdict_of(c, r, &w->judge);
	out.unsure = 0;
	while ((sub = (sub - unknown) & unknown) != 0) { /* each subset once */
		c = variant_rule(p, rule, h.yes | sub);
		if (verdict_of(c, r, &w->judge) != out.verdict)
			return (struct outcome){ out.c, VERDICT_UNDECIDED, unknown };
		if (c->severity > out.c->severity)
			out.c = c;
	}
	return out;
}

/* ---- verdicts of single rules ---------------------------------------------- */

static bool is_wanted(const struct engine_worker *w, enum verdict v)
{
	return w->e->options.all || (v != VERDICT_PASS && v != VERDICT_NOT_APPLICABLE);
}

static void note_outcome(struct engine_worker *w, const struct outcome *o,
			 uint32_t counts[N_VERDICTS])
{
	if (o->verdict != VERDICT_PASS) {
		w->tally.rules[o->c->rule->index][o->verdict]++;
		counts[o->verdict]++;
		counts[VERDICT_PASS]--;
	}
	if (is_wanted(w, o->verdict))
		w->outcomes[w->n_outcomes++] = *o;
}

/* Where passes are wanted too. */
static void judge_each(struct engine_worker *w, const struct variant *v, const struct resource *r,
		       uint32_t counts[N_VERDICTS])
{
	const size_t *ends = w->e->p->inside->singles_end;
	struct outcome o = { .unsure = 0 };
	size_t i;

	for (i = kind_start(ends, r->kind); i < ends[r->kind]; i++) {
		o.c = v->singles[i];
		o.verdict = verdict_of(o.c, r, &w->judge);
		note_outcome(w, &o, counts);
	}
}

static void judge_variant(struct engine_worker *w, const struct variant *v,
			  const struct resource *r, uint32_t counts[N_VERDICTS])
{
	size_t n, i;

	w->judge.error = NULL;
	n = checks_run(v, r, &w->judge, w->outcomes);
	/* those that are wanted take the place of those before them that are not */
	for (i = 0; i < n; i++)
		note_outcome(w, &w->outcomes[i], counts);
}

static void judge_all_unsure(struct engine_worker *w, struct holding h, const struct resource *r,
			     uint32_t counts[N_VERDICTS])
{
	const struct policy_inside *in = w->e->p->inside;
	struct outcome o;
	size_t i;

	for (i = kind_start(in->singles_end, r->kind); i < in->singles_end[r->kind]; i++) {
		o = judge_unsure(w, in->singles[i], h, r);
		note_outcome(w, &o, counts);
	}
}

static struct holding judge_singles(struct engine_worker *w, const struct resource *r,
				    uint32_t counts[N_VERDICTS])
{
	const struct policy_inside *in = w->e->p->inside;
	const struct variant *v = &in->base;
	struct holding h = { 0, 0 };

	w->n_outcomes = 0;
	counts[VERDICT_PASS] =
	    (uint32_t)(in->singles_end[r->kind] - kind_start(in->singles_end, r->kind));
	if (in->touching_of[r->kind] != 0) {
		h = which_hold(w, r);
		v = h.unknown == 0 ? variant_for(w, h.yes) : NULL;
	}
	if (v == NULL)
		judge_all_unsure(w, h, r, counts);
	else if (w->e->options.all)
		judge_each(w, v, r, counts);
	else
		judge_variant(w, v, r, counts);
	return h;
}

/* ---- findings -------------------------------------------------------------- */

/* Why it is not known which overrides hold: the first of them. */
static void put_unsure(struct engine_worker *w, uint32_t unsure, const struct resource *r,
		       struct explain *x)
{
	const struct override *o = w->e->p->inside->overrides;
	struct evidence e;

	while ((unsure & 1) == 0) {
		unsure >>= 1;
		o++;
	}
	buf_clear(x->text);
	buf_printf(x->text, "whether %s holds is not known: ", o->name);
	buf_puts(x->text, explain_unknown(x, o->when, r, &e));
}

/* Who accepts findings by their values has to see all of them. */
static bool wants_values(const struct engine_worker *w, const struct rule *rule)
{
	return w->e->options.values || w->e->options.baseline != NULL ||
	       w->e->p->inside->rules[rule->index].waives_values;
}

static void make_finding(struct engine_worker *w, const struct outcome *o, struct resource *r,
			 struct explain *x, struct judgement *out, struct finding *f)
{
	struct evidence evidence;
	struct waiver_case c = { .resource = r,
				 .evidence = &evidence,
				 .judge = &x->judge,
				 .as_of = w->e->options.as_of };

	if (o->unsure != 0) {
		finding_init(f, o->c, VERDICT_UNDECIDED);
		put_unsure(w, o->unsure, r, x);
		explain_reason(x, f);
		f->place = source_place(r->source, r->place);
	} else {
		x->judge.every = wants_values(w, o->c->rule);
		explain_verdict(x, o->c, o->verdict, r, f, &evidence);
		x->judge.every = false;
	}
	if (o->verdict != VERDICT_PASS && o->verdict != VERDICT_NOT_APPLICABLE)
		finding_fingerprint(f, out->subject.id);
	if (w->e->options.baseline != NULL &&
	    (o->verdict == VERDICT_UNDECIDED || o->verdict == VERDICT_ERROR))
		baseline_unsure(w->e->options.baseline, out->subject.id, f);
	if (o->verdict == VERDICT_UNDECIDED || o->verdict == VERDICT_ERROR)
		waivers_leave_open(w->e->p, &c, f->rule, &w->tally);
	if (o->verdict != VERDICT_FAIL)
		return;
	f->observed = evidence_values(&evidence, x->arena);
	waivers_apply(w->e->p, &c, f, &w->tally, x->arena);
	if (w->e->options.baseline != NULL)
		baseline_apply(w->e->options.baseline, f, x->arena);
	if (f->verdict == VERDICT_FAIL) {
		w->tally.fails[f->severity]++;
		return;
	}
	out->counts[VERDICT_FAIL]--;
	out->counts[VERDICT_WAIVED]++;
	w->tally.rules[f->rule->index][VERDICT_FAIL]--;
	w->tally.rules[f->rule->index][VERDICT_WAIVED]++;
}

static void make_findings(struct engine_worker *w, struct resource *r, struct arena *arena,
			  struct judgement *out)
{
	struct finding *findings = ARENA_ARRAY(arena, w->n_outcomes, struct finding);
	size_t i;
	struct explain x;

	explain_init(&x, arena, &w->text);
	x.excerpts = w->e->options.excerpts;
	out->findings = findings;
	out->n_findings = w->n_outcomes;
	for (i = 0; i < w->n_outcomes; i++)
		make_finding(w, &w->outcomes[i], r, &x, out, &findings[i]);
}

/* ---- group rules ----------------------------------------------------------- */

static void look_unsure(struct engine_worker *w, size_t i, struct holding h,
			const struct resource *r, struct arena *arena, struct group_member *m)
{
	struct policy *p = w->e->p;
	const struct rule *rule = p->inside->groups[i];
	const struct compiled *base = p->inside->base.groups[i];
	uint32_t unknown = h.unknown & p->inside->rules[rule->index].touch, sub = 0;
	struct group_member other = { .values = NULL };
	struct explain x;
	bool agree = count_bits(h.unknown) <= LIMIT_OVERRIDES_UNKNOWN;

	group_look(variant_rule(p, rule, h.yes), base, r, w->e->options.all, arena, m);
	while (agree && (sub = (sub - unknown) & unknown) != 0) {
		group_look(variant_rule(p, rule, h.yes | sub), base, r, false, arena, &other);
		agree = other.state == m->state;
		if (agree && other.c->severity > m->c->severity)
			m->c = other.c;
	}
	if (agree || unknown == 0)
		return;
	/* In its group or not: what is compared is the same either way. */
	if (other.values != NULL && m->values == NULL)
		*m = other;
	explain_init(&x, arena, &w->text);
	put_unsure(w, unknown, r, &x);
	m->reason = explain_take(&x);
	if (m->state != GROUP_UNSURE_KEY)
		m->state = m->values != NULL ? GROUP_UNSURE_WHEN : GROUP_UNSURE_KEY;
}

static void match_waivers(struct engine_worker *w, size_t rule, const struct resource *r,
			  struct arena *arena, struct group_member *m)
{
	const struct rule_more *more = &w->e->p->inside->rules[rule];
	enum waiver_match *matches;
	size_t i;

	if (more->n_waivers == 0 || m->state != GROUP_IN)
		return;
	matches = ARENA_ARRAY(arena, more->n_waivers, enum waiver_match);
	for (i = 0; i < more->n_waivers; i++)
		matches[i] = waiver_matches(more->waivers[i], r, &w->judge);
	m->waivers = matches;
}

static void look_groups(struct engine_worker *w, struct holding h, struct resource *r,
			struct arena *arena, struct judgement *out)
{
	const struct policy_inside *in = w->e->p->inside;
	struct group_fact *fact = ARENA_NEW(arena, struct group_fact);
	size_t i;

	fact->subject = out->subject;
	fact->place = source_place(r->source, r->place);
	fact->members = ARENA_ARRAY(arena, in->n_groups, struct group_member);
	for (i = kind_start(in->groups_end, r->kind); i < in->groups_end[r->kind]; i++) {
		look_unsure(w, i, h, r, arena, &fact->members[i]);
		match_waivers(w, in->groups[i]->index, r, arena, &fact->members[i]);
	}
	out->facts = fact;
}

/* ---- the whole ------------------------------------------------------------- */

/* Field by field: a memset of so many bytes takes longer than all the rest. */
static void clear(struct judgement *out)
{
	static const struct str none = { "", 0 };

	out->subject = (struct subject){
		.id = none, .arn = none, .name = none, .account = none, .region = none
	};
	out->findings = NULL;
	out->n_findings = 0;
	memset(out->counts, 0, sizeof(out->counts));
	out->is_group = false;
	out->facts = NULL;
}

void engine_judge(struct engine_worker *w, struct resource *r, struct arena *arena,
		  struct judgement *out)
{
	struct holding h;

	clear(out);
	arena_reset(&w->scratch);
	h = judge_singles(w, r, out->counts);
	if (w->n_outcomes != 0 || w->e->groups != NULL)
		resource_subject(r, arena, &out->subject);
	if (w->n_outcomes != 0)
		make_findings(w, r, arena, out);
	if (w->e->groups != NULL)
		look_groups(w, h, r, arena, out);
	w->tally.resources++;
	if (r->kind != KIND_RECORDING_CONFIGURATION)
		w->tally.of_kind[r->kind]++;
}

void engine_collect(struct engine *e, const struct judgement *j)
{
	if (e->groups != NULL && j->facts != NULL)
		groups_add(e->groups, j->facts);
}

int engine_finish(struct engine *e, struct tally *tally, engine_take *take, void *to)
{
	return e->groups == NULL ? 0 : groups_finish(e->groups, tally, take, to);
}
