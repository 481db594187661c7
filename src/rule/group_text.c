/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings of groups: which values or members break a rule, in words.
 */
#include "rule/group_inside.h"

#include <inttypes.h>

#include "rule/verdict.h"

/* "4 recording configurations with account 123456789012, region us-west-2" */
static void put_group(struct groups *g, const struct group_store *s, const struct group *group)
{
	const struct kind_row *kind = &kind_table[s->base->rule->kind];
	size_t i;

	buf_printf(&g->text, "%" PRIu32 " %s with ", group->n_in,
		   group->n_in == 1 ? kind->one : kind->many);
	for (i = 0; i < s->rule->n_keys; i++) {
		buf_puts(&g->text, i != 0 ? ", " : "");
		buf_put_str(&g->text, s->rule->paths[i].text);
		buf_putc(&g->text, ' ');
		value_show(&g->text, group_kept_value(g, group->keys[i]), LIMIT_SHOWN_VALUE);
	}
}

/* "a, b and 7 more", without the one that the finding is about. */
static void put_others(struct groups *g, struct kept *const *few, uint32_t n,
		       const struct kept *self)
{
	uint32_t shown = 0, i;
	struct value id;

	for (i = 0; i < n && i <= NAMED_MOST && shown < NAMED_MOST; i++) {
		if (few[i] == self)
			continue;
		buf_puts(&g->text, shown != 0 ? ", " : "");
		id = value_of_str(few[i]->subject.id);
		value_show(&g->text, &id, LIMIT_SHOWN_VALUE);
		shown++;
	}
	if (n - 1 > shown)
		buf_printf(&g->text, " and %" PRIu32 " more", n - 1 - shown);
}

static void put_values(struct groups *g, const struct asked *a)
{
	uint32_t i;

	for (i = 0; i < a->n_values && i < NAMED_MOST; i++) {
		buf_puts(&g->text, i != 0 ? ", " : "");
		value_show(&g->text, group_kept_value(g, a->few[i]), LIMIT_SHOWN_VALUE);
	}
	if (a->n_values > NAMED_MOST)
		buf_printf(&g->text, " and %" PRIu32 " more", a->n_values - NAMED_MOST);
}

/* What failed, with its evidence. */
struct broken {
	struct str field;
	const struct value *actual;
	struct str expected;
	struct str detail; /* what a message of the rule's own may show */
	struct place place;
};

static void break_count(struct groups *g, const struct group_store *s, const struct group *group,
			const struct kept *k, struct arena *arena, struct broken *b)
{
	struct value *size = ARENA_NEW(arena, struct value);

	*size = value_of_number(number_of_int(group->n_in));
	*b = (struct broken){ STR("group.count"), size, s->rule->count_text, STR(""), k->place };
	put_group(g, s, group);
	buf_puts(&g->text, ", expected ");
	buf_put_str(&g->text, s->rule->count_text);
	if (group->n_in > 1) {
		buf_puts(&g->text, ": also ");
		put_others(g, group->few, group->n_in, k);
	}
}

static void break_ask(struct groups *g, struct group_store *s, const struct group *group,
		      const struct kept *k, const struct kept_member *m, size_t ask,
		      struct broken *b)
{
	bool unique = s->rule->unique[s->rule->n_keys + ask];
	const struct tied *t;

	*b = (struct broken){ s->rule->paths[s->rule->n_keys + ask].text,
			      group_kept_value(g, m->values[ask]),
			      unique ? STR("unique in its group") : STR("the same in its group"),
			      STR(""), m->places[ask] };
	buf_put_str(&g->text, b->field);
	buf_puts(&g->text, " is ");
	value_show(&g->text, b->actual, LIMIT_SHOWN_VALUE);
	buf_puts(&g->text, unique ? ", expected unique among the " : ", expected the same in the ");
	put_group(g, s, group);
	if (unique) {
		t = group_tied(g, s, m->group, ask, m->values[ask]);
		buf_puts(&g->text, ": also ");
		put_others(g, t->few, t->n_in, k);
	} else {
		buf_puts(&g->text, ": found ");
		put_values(g, &group->asked[ask]);
	}
}

/* A row that holds what is remembered, for a message of the rule's own. */
static void fill_row(const struct groups *g, const struct group_store *s, const struct kept *k,
		     const struct kept_member *m, struct resource *r)
{
	const struct group *group = s->groups.list[m->group];
	const struct path *p;
	size_t i;

	r->slots[FIELD_ARN] = value_of_str(k->subject.arn);
	r->slots[FIELD_NAME] = value_of_str(k->subject.name);
	r->slots[FIELD_ACCOUNT] = value_of_str(k->subject.account);
	r->slots[FIELD_REGION] = value_of_str(k->subject.region);
	for (i = 0; i < s->rule->n_paths; i++) {
		p = &s->rule->paths[i];
		if (p->n_steps == 0)
			r->slots[p->slot] = *group_kept_value(
			    g,
			    i < s->rule->n_keys ? group->keys[i] : m->values[i - s->rule->n_keys]);
	}
}

static struct str own_message(struct groups *g, const struct group_store *s, const struct kept *k,
			      const struct kept_member *m, const struct broken *b,
			      struct explain *x)
{
	struct resource *r = ARENA_NEW(x->arena, struct resource);
	struct source *source = ARENA_NEW(x->arena, struct source);
	struct evidence e = { .truth = TRUTH_FALSE,
			      .field = b->field,
			      .actual = b->actual,
			      .expected = b->expected,
			      .detail = b->detail,
			      .place = b->place };

	source_init(source, k->subject.file, STR(""));
	resource_init_kind(r, k->subject.kind, source, k->place, SOURCE_JSON);
	fill_row(g, s, k, m, r);
	format_put(m->c->message, r, &e, x->text);
	return explain_take(x);
}

/* One more value that breaks the rule; gives its place in the list. */
static struct evidence *add_value(const struct value *actual, struct evidence *last,
				  struct arena *arena)
{
	struct evidence *e = ARENA_NEW(arena, struct evidence);

	e->truth = TRUTH_FALSE;
	e->actual = actual;
	if (last != NULL)
		last->next = e;
	return e;
}

/* Gives the values that break the rule, for those who accept values. */
static const struct evidence *explain_fail(struct groups *g, struct group_store *s,
					   const struct kept *k, const struct kept_member *m,
					   struct explain *x, struct finding *f)
{
	const struct group *group = s->groups.list[m->group];
	size_t n = s->rule->n_paths - s->rule->n_keys, i;
	struct broken first = { .field = STR("") }, b;
	struct evidence *values = NULL, *last = NULL;
	bool some = false;

	if (group->count == TRUTH_FALSE && s->rule->count != NULL) {
		break_count(g, s, group, k, x->arena, &first);
		values = last = add_value(first.actual, NULL, x->arena);
		some = true;
	}
	for (i = 0; i < n; i++) {
		if (group_judge_ask(g, s, m, i) != TRUTH_FALSE)
			continue;
		if (some)
			buf_puts(&g->text, "; ");
		break_ask(g, s, group, k, m, i, some ? &b : &first);
		last = add_value(some ? b.actual : first.actual, last, x->arena);
		values = some ? values : last;
		some = true;
	}
	f->message = explain_take(x);
	first.detail = f->message;
	if (m->c->message != NULL)
		f->message = own_message(g, s, k, m, &first, x);
	f->field = first.field;
	f->actual = first.actual;
	f->expected = first.expected;
	f->place = first.place;
	f->observed = evidence_values(values, x->arena);
	return values;
}

static void explain_undecided(struct groups *g, const struct group_store *s,
			      const struct kept_member *m, struct explain *x, struct finding *f)
{
	const struct group *group;

	if (m->state != GROUP_IN) {
		buf_put_str(x->text, group_kept_text(g, m->reason));
		f->field = group_kept_text(g, m->field);
	} else {
		group = s->groups.list[m->group];
		put_group(g, s, group);
		buf_puts(x->text, ": ");
		if (s->n_anywhere != 0)
			buf_printf(x->text, "%" PRIu64 " more may be among them", s->n_anywhere);
		else if (group->n_maybe != 0)
			buf_printf(x->text, "%" PRIu32 " more may be among them", group->n_maybe);
		else
			buf_puts(x->text, "not every value is known");
	}
	explain_reason(x, f);
}

/* Whether the waivers match was asked when the member was read; where it was not, since its
 * group is not known, they may. */
static const enum waiver_match *kept_matches(const struct groups *g, const struct kept_member *m,
					     const struct finding *f, struct arena *arena)
{
	size_t n = g->p->inside->rules[f->rule->index].n_waivers, i;
	enum waiver_match *matched = ARENA_ARRAY(arena, n, enum waiver_match);

	for (i = 0; i < n; i++)
		matched[i] = m->waivers != NULL ? (enum waiver_match)m->waivers[i] : WAIVER_UNKNOWN;
	return matched;
}

static void hold_waivers(const struct groups *g, const struct kept_member *m,
			 const struct evidence *values, struct finding *f, struct tally *tally,
			 struct arena *arena)
{
	const struct waiver_case c = { .matched = kept_matches(g, m, f, arena),
				       .evidence = values,
				       .as_of = g->as_of };

	if (f->verdict == VERDICT_FAIL)
		waivers_apply(g->p, &c, f, tally, arena);
	else
		waivers_leave_open(g->p, &c, f->rule, tally);
}

void group_explain(struct groups *g, struct group_store *s, const struct kept *k,
		   const struct kept_member *m, enum verdict verdict, struct tally *tally,
		   struct arena *arena, struct finding *f)
{
	const struct evidence *values = NULL;
	struct explain x;

	explain_init(&x, arena, &g->text);
	buf_clear(&g->text);
	finding_init(f, m->c, verdict);
	f->place = k->place;
	if (verdict == VERDICT_FAIL)
		values = explain_fail(g, s, k, m, &x, f);
	else if (verdict == VERDICT_UNDECIDED)
		explain_undecided(g, s, m, &x, f);
	else if (verdict == VERDICT_NOT_APPLICABLE)
		f->reason = group_kept_text(g, m->reason);
	if (verdict == VERDICT_ERROR) {
		buf_put_str(&g->text, group_kept_text(g, m->reason));
		explain_reason(&x, f);
	}
	if (verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE)
		finding_fingerprint(f, k->subject.id);
	if (g->baseline != NULL && (verdict == VERDICT_UNDECIDED || verdict == VERDICT_ERROR))
		baseline_unsure(g->baseline, k->subject.id, f);
	if (g->p != NULL && verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE)
		hold_waivers(g, m, values, f, tally, arena);
	if (verdict != VERDICT_FAIL)
		return;
	if (g->baseline != NULL)
		baseline_apply(g->baseline, f, arena);
}
