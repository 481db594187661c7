/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers. Knows their keys, days and values; does not know how a rule came to
 * its verdict.
 */
#include "rule/waiver.h"

#include "base/text.h"
#include "rule/verdict.h"
#include "rule/waiver_inline.h"

enum {
	WAIVER_RULE,
	WAIVER_MATCH,
	WAIVER_REASON,
	WAIVER_OWNER,
	WAIVER_EXPIRES,
	WAIVER_VALUE,
	N_WAIVER
};

static const struct shape_key waiver_keys[N_WAIVER] = {
	[WAIVER_RULE] = { "rule", SHAPE_STRING, true, "Id of the rule" },
	[WAIVER_MATCH] = { "match", SHAPE_MAP, false,
			   "Condition on the resources that are waived; without it, all" },
	[WAIVER_REASON] = { "reason", SHAPE_STRING, true, "Why it is accepted" },
	[WAIVER_OWNER] = { "owner", SHAPE_STRING, false, "Who answers for it" },
	[WAIVER_EXPIRES] = { "expires", SHAPE_STRING | SHAPE_NUMBER, true,
			     "Last day on which it waives, UTC: YYYY-MM-DD" },
	[WAIVER_VALUE] = { "value", SHAPE_SOME | SHAPE_KEEP_NULL, false,
			   "The value that was accepted; another value is not covered" },
};

const struct shape_table shape_waiver = { waiver_keys, N_WAIVER };

/* ---- reading --------------------------------------------------------------- */

static void read_waiver(struct loading *l, struct policy_file *f, const struct value *node,
			struct waiver *w)
{
	struct shape s = loading_shape(l, &f->source);
	struct scope scope = { KINDS_EVERY, &l->p->params, &f->source, l->mistakes, l->arena };
	const struct value *found[N_WAIVER];

	*w = (struct waiver){ .source = &f->source, .place = node->place };
	shape_map(&s, "a waiver", node, waiver_keys, N_WAIVER, found);
	if (found[WAIVER_RULE] != NULL)
		w->rule = policy_named_rule(l, &s, found[WAIVER_RULE], NULL);
	if (w->rule != NULL)
		scope.kinds = KIND_BIT(w->rule->kind);
	if (found[WAIVER_MATCH] != NULL)
		w->match = cond_compile(&scope, found[WAIVER_MATCH]);
	w->reason = shape_str(found[WAIVER_REASON]);
	w->owner = shape_str(found[WAIVER_OWNER]);
	w->value = found[WAIVER_VALUE];
	if (found[WAIVER_REASON] != NULL && text_is_blank(w->reason))
		shape_mistake(&s, found[WAIVER_REASON], "'reason' is empty");
	if (found[WAIVER_EXPIRES] != NULL &&
	    !text_day(shape_str(found[WAIVER_EXPIRES]), &w->expires)) {
		shape_mistake(&s, found[WAIVER_EXPIRES], "'expires' is no day of the calendar");
		mistakes_hint(l->mistakes, "write YYYY-MM-DD, the last day on which it waives");
	}
}

/* Gives each rule the list of its waivers. */
static void hand_out(struct loading *l)
{
	struct rule_more *more;
	size_t i;

	for (i = 0; i < l->p->n_waivers; i++)
		if (l->p->waivers[i].rule != NULL)
			l->in->rules[l->p->waivers[i].rule->index].n_waivers++;
	for (i = 0; i < l->p->n_rules; i++) {
		more = &l->in->rules[i];
		more->waivers = ARENA_ARRAY(l->arena, more->n_waivers, const struct waiver *);
		more->n_waivers = 0;
	}
	for (i = 0; i < l->p->n_waivers; i++) {
		if (l->p->waivers[i].rule == NULL)
			continue;
		more = &l->in->rules[l->p->waivers[i].rule->index];
		more->waivers[more->n_waivers++] = &l->p->waivers[i];
		if (l->p->waivers[i].value != NULL)
			more->waives_values = true;
	}
}

void policy_read_waivers(struct loading *l)
{
	const struct value *list;
	size_t i, n = 0;
	uint32_t k;

	for (i = 0; i < l->in->n_order; i++)
		if ((list = l->in->order[i]->keys[KEY_WAIVERS]) != NULL)
			n += list->n;
	if (n == 0)
		return;
	if (n > LIMIT_WAIVERS) {
		mistakes_add(l->mistakes, &l->in->files[0]->source, (struct place){ 1, 1 }, 1,
			     "more than %d waivers in one policy", LIMIT_WAIVERS);
		return;
	}
	l->p->waivers = ARENA_ARRAY(l->arena, n, struct waiver);
	for (i = 0; i < l->in->n_order; i++) {
		list = l->in->order[i]->keys[KEY_WAIVERS];
		for (k = 0; list != NULL && k < list->n; k++) {
			read_waiver(l, l->in->order[i], &list->items[k],
				    &l->p->waivers[l->p->n_waivers]);
			l->p->waivers[l->p->n_waivers].index = l->p->n_waivers;
			l->p->n_waivers++;
		}
	}
	hand_out(l);
}

field_set waivers_needs(const struct policy *p, enum kind kind)
{
	field_set needs = 0;
	size_t i;

	for (i = 0; i < p->n_waivers; i++)
		if (p->waivers[i].match != NULL && p->waivers[i].rule->kind == kind)
			needs |= cond_needs(p->waivers[i].match);
	return needs;
}

/* ---- matching -------------------------------------------------------------- */

enum waiver_match waiver_matches(const struct waiver *w, const struct resource *r, struct judge *j)
{
	enum truth truth;

	if (w->match == NULL)
		return WAIVER_YES;
	j->error = NULL;
	truth = cond_judge(w->match, r, j);
	if (j->error != NULL || truth == TRUTH_UNKNOWN)
		return WAIVER_UNKNOWN;
	return truth == TRUTH_TRUE ? WAIVER_YES : WAIVER_NO;
}

/* Why it is not known whether it matches: ": tags.Owner is unknown: ...". */
static const char *why_unknown(const struct waiver *w, const struct waiver_case *c,
			       struct arena *arena)
{
	struct explain x;
	struct evidence e;

	if (c->resource == NULL)
		return "";
	explain_init(&x, arena, NULL);
	return arena_printf(arena, ": %s", explain_unknown(&x, w->match, c->resource, &e));
}

static bool is_accepted(const struct value *accepted, const struct value *found)
{
	if (accepted->kind == VALUE_NULL)
		return found->kind == VALUE_NULL || found->kind == VALUE_ABSENT;
	return value_equal(accepted, found);
}

/* The first value that the waiver does not accept, or NULL. A rule may fail for
 * several values, of fields and of the members of one: one accepted does not cover
 * another. */
static const struct value *other_value(const struct waiver *w, const struct evidence *e)
{
	static const struct value absent = { .kind = VALUE_ABSENT };
	const struct evidence *one;

	if (w->value == NULL)
		return NULL;
	if (e == NULL)
		return &absent;
	for (; e != NULL; e = e->next)
		for (one = e; one != NULL; one = one->also)
			if (!is_accepted(w->value, one->actual))
				return one->actual;
	return NULL;
}

static struct str other_reason(const struct waiver *w, const struct value *found,
			       struct arena *arena)
{
	struct buf b = BUF_INIT(8 * LIMIT_SHOWN_VALUE);
	struct str text;

	buf_printf(&b, "waiver at %s accepted ", policy_place_name(arena, w->source, w->place));
	value_show(&b, w->value, LIMIT_SHOWN_VALUE);
	buf_puts(&b, ", found ");
	value_show(&b, found, LIMIT_SHOWN_VALUE);
	text = arena_buf(arena, &b);
	buf_release(&b);
	return text;
}

static struct str ended_reason(const struct waiver *w, struct arena *arena)
{
	struct buf b = BUF_INIT(1 << 16);
	struct str text;

	buf_printf(&b, "waiver at %s ended on ", policy_place_name(arena, w->source, w->place));
	text_day_put(&b, w->expires);
	text = arena_buf(arena, &b);
	buf_release(&b);
	return text;
}

static struct str unknown_reason(const struct waiver *w, const struct waiver_case *c,
				 struct arena *arena)
{
	return str_of(arena_printf(arena, "whether the waiver at %s applies is not known%s",
				   policy_place_name(arena, w->source, w->place),
				   why_unknown(w, c, arena)));
}

/* Holds one waiver against the finding. */
static void apply(const struct waiver *w, enum waiver_match match, const struct waiver_case *c,
		  struct finding *f, struct tally *tally, struct arena *arena)
{
	const struct value *other = NULL;
	struct str reason;

	if (match == WAIVER_UNKNOWN) {
		tally->waivers_unknown[w->index]++;
		reason = unknown_reason(w, c, arena);
	} else if ((other = other_value(w, c->evidence)) != NULL) {
		tally->waivers_other_value[w->index]++;
		reason = other_reason(w, other, arena);
	} else if (w->expires < c->as_of) {
		tally->waivers_expired[w->index]++;
		reason = ended_reason(w, arena);
	} else if (f->verdict == VERDICT_WAIVED) {
		tally->waivers[w->index]++;
		return; /* by an earlier one */
	} else {
		tally->waivers[w->index]++;
		f->verdict = VERDICT_WAIVED;
		f->waiver = w;
		f->waiver_days_left = w->expires - c->as_of;
		f->reason = w->reason;
		return;
	}
	if (f->waiver == NULL) {
		f->waiver = w;
		f->reason = reason;
	}
}

static enum waiver_match match_of(const struct waiver_case *c, const struct rule_more *more,
				  size_t i)
{
	return c->matched != NULL ? c->matched[i]
				  : waiver_matches(more->waivers[i], c->resource, c->judge);
}

void waivers_leave_open(const struct policy *p, const struct waiver_case *c,
			const struct rule *rule, struct tally *tally)
{
	const struct rule_more *more = &p->inside->rules[rule->index];
	size_t i;

	for (i = 0; i < more->n_waivers; i++)
		if (match_of(c, more, i) != WAIVER_NO)
			tally->waivers_unknown[more->waivers[i]->index]++;
}

void waivers_apply(const struct policy *p, const struct waiver_case *c, struct finding *f,
		   struct tally *tally, struct arena *arena)
{
	const struct rule_more *more = &p->inside->rules[f->rule->index];
	enum waiver_match match;
	size_t i;

	for (i = 0; i < more->n_waivers; i++) {
		match = match_of(c, more, i);
		if (match != WAIVER_NO)
			apply(more->waivers[i], match, c, f, tally, arena);
	}
	waivers_apply_inline(p, c, f, arena);
}
