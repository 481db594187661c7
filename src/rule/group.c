/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups of resources: the verdicts when all have been read. Knows sizes and equal
 * values; does not know how members were chosen.
 *
 * Resources whose part in a group is not known count both ways: a group passes
 * only when it would pass with them as well.
 */
#include "rule/group.h"

#include <stdlib.h>

#include "rule/group_inside.h"
#include "rule/op.h"

#define SIZES_MOST 64 /* possible sizes of a group that are tried */

struct groups *groups_new(const struct policy *p, const struct compiled *const *rules, size_t n,
			  int32_t as_of, bool all)
{
	struct groups *g = mem_alloc(sizeof(*g));
	size_t i;

	*g = (struct groups){ .p = p, .n = n, .as_of = as_of, .all = all };
	g->last = &g->first;
	g->text = BUF_INIT(1 << 20);
	g->rules = ARENA_ARRAY(&g->arena, n, struct group_store);
	names_init(&g->texts, &g->arena);
	names_init(&g->value_names, &g->arena);
	for (i = 0; i < n; i++) {
		g->rules[i].base = rules[i];
		g->rules[i].rule = rules[i]->group;
		names_init(&g->rules[i].group_names, &g->arena);
		names_init(&g->rules[i].tied_names, &g->arena);
	}
	return g;
}

void groups_accept(struct groups *g, struct baseline *b)
{
	g->baseline = b;
}

void groups_free(struct groups *g)
{
	if (g == NULL)
		return;
	buf_release(&g->text);
	arena_release(&g->arena);
	free(g);
}

/* ---- verdicts -------------------------------------------------------------- */

static enum truth judge_size(const struct ops *ops, uint64_t size, struct judge *j)
{
	struct value v = value_of_number(number_of_int((int64_t)size));

	return ops_judge(ops, &v, NULL, j);
}

static enum truth judge_each_size(const struct ops *ops, uint64_t least, uint64_t most,
				  struct judge *j)
{
	enum truth truth = judge_size(ops, least, j);
	uint64_t n;

	for (n = least + 1; n <= most && truth != TRUTH_UNKNOWN; n++)
		if (judge_size(ops, n, j) != truth)
			truth = TRUTH_UNKNOWN;
	return truth;
}

/* What holds for both, or for neither, of two sizes does so for all between them. */
static bool tells_small_from_large(const struct test *t)
{
	return t->op->id == OP_min || t->op->id == OP_max || t->op->id == OP_greater_than ||
	       t->op->id == OP_less_than;
}

/* Of more sizes than are tried: each operator by itself, at both ends. */
static enum truth judge_ends(const struct ops *ops, uint64_t least, uint64_t most, struct judge *j)
{
	enum truth all = TRUTH_TRUE, one;
	struct ops single = { .n = 1 };
	size_t i;

	for (i = 0; i < ops->n; i++) {
		single.tests = &ops->tests[i];
		one = judge_size(&single, least, j);
		if (!tells_small_from_large(single.tests) || judge_size(&single, most, j) != one)
			one = TRUTH_UNKNOWN;
		if (one < all)
			all = one;
	}
	return all;
}

/* Whether the size is allowed whatever of `more` belongs to the group. */
static enum truth judge_count(const struct group_rule *rule, uint64_t n_in, uint64_t more)
{
	struct arena scratch = ARENA_INIT;
	struct judge j = { .arena = &scratch };
	enum truth truth = more <= SIZES_MOST ? judge_each_size(rule->count, n_in, n_in + more, &j)
					      : judge_ends(rule->count, n_in, n_in + more, &j);

	arena_release(&scratch);
	return truth;
}

static enum truth judge_same(const struct group_store *s, const struct group *group, size_t ask)
{
	const struct asked *a = &group->asked[ask];

	if (a->n_values > 1)
		return TRUTH_FALSE;
	if (s->n_anywhere != 0 || a->n_values_all > 1)
		return TRUTH_UNKNOWN;
	if (a->n_unknown_all != 0 && group->n_in + group->n_maybe > 1)
		return TRUTH_UNKNOWN;
	return TRUTH_TRUE;
}

/* Absent values are not alike. */
static enum truth judge_unique(struct groups *g, struct group_store *s, const struct group *group,
			       const struct kept_member *m, size_t ask)
{
	const struct asked *a = &group->asked[ask];
	bool alone = group->n_in + group->n_maybe == 1 && s->n_anywhere == 0;
	const struct tied *t;

	if (m->values[ask] == NONE)
		return alone ? TRUTH_TRUE : TRUTH_UNKNOWN;
	if (group_kept_value(g, m->values[ask])->kind <= VALUE_NULL)
		return TRUTH_TRUE;
	t = group_tied(g, s, m->group, ask, m->values[ask]);
	if (t->n_in > 1)
		return TRUTH_FALSE;
	if (t->n_all > 1 || a->n_unknown_all != 0 || s->n_anywhere != 0)
		return TRUTH_UNKNOWN;
	return TRUTH_TRUE;
}

enum truth group_judge_ask(struct groups *g, struct group_store *s, const struct kept_member *m,
			   size_t ask)
{
	const struct group *group = s->groups.list[m->group];

	return s->rule->unique[s->rule->n_keys + ask] ? judge_unique(g, s, group, m, ask)
						      : judge_same(s, group, ask);
}

static enum verdict judge_member(struct groups *g, struct group_store *s,
				 const struct kept_member *m)
{
	size_t n = s->rule->n_paths - s->rule->n_keys, i;
	enum truth truth = TRUTH_TRUE, now;

	switch (m->state) {
	case GROUP_OUT:
		return VERDICT_NOT_APPLICABLE;
	case GROUP_ERROR:
		return VERDICT_ERROR;
	case GROUP_IN:
		break;
	default:
		return VERDICT_UNDECIDED;
	}
	if (s->rule->count != NULL)
		truth = ((struct group *)s->groups.list[m->group])->count;
	for (i = 0; i < n && truth != TRUTH_FALSE; i++) {
		now = group_judge_ask(g, s, m, i);
		truth = now < truth ? now : truth;
	}
	if (truth == TRUTH_TRUE)
		return VERDICT_PASS;
	return truth == TRUTH_FALSE ? VERDICT_FAIL : VERDICT_UNDECIDED;
}

/* ---- the end --------------------------------------------------------------- */

static void judge_counts(struct group_store *s)
{
	struct group *group;
	size_t i;

	for (i = 0; i < s->group_names.n; i++) {
		group = s->groups.list[i];
		group->count = TRUTH_TRUE;
		if (s->rule->count != NULL)
			group->count =
			    judge_count(s->rule, group->n_in, group->n_maybe + s->n_anywhere);
	}
}

static void judge_kept(struct groups *g, const struct kept *k, struct tally *tally,
		       struct arena *arena, struct judgement *j)
{
	struct finding *findings = ARENA_ARRAY(arena, g->n, struct finding), *f;
	enum verdict verdict;
	size_t i;

	*j = (struct judgement){ .subject = k->subject, .findings = findings, .is_group = true };
	for (i = 0; i < g->n; i++) {
		if (!group_judges(&g->rules[i], &k->subject))
			continue;
		verdict = judge_member(g, &g->rules[i], &k->members[i]);
		if (g->all || (verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE)) {
			f = &findings[j->n_findings++];
			group_explain(g, &g->rules[i], k, &k->members[i], verdict, tally, arena, f);
			verdict = f->verdict;
			if (verdict == VERDICT_FAIL)
				tally->fails[f->severity]++;
		}
		j->counts[verdict]++;
		tally->verdicts[verdict]++;
		tally->rules[g->rules[i].base->rule->index][verdict]++;
	}
}

int groups_finish(struct groups *g, struct tally *tally, engine_take *take, void *to)
{
	struct arena arena = ARENA_INIT;
	const struct kept *k;
	struct judgement j;
	size_t i;
	int rc = 0;

	for (i = 0; i < g->n; i++)
		judge_counts(&g->rules[i]);
	for (k = g->first; k != NULL && rc == 0; k = k->next) {
		judge_kept(g, k, tally, &arena, &j);
		rc = take(to, &j);
		arena_reset(&arena);
	}
	arena_release(&arena);
	return rc;
}
