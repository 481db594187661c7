/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules, waivers and problems of a report that is read back. json_parts.c writes
 * them.
 */
#include "report/saved_inside.h"

#include "base/limit.h"

static struct source *source_of(struct reading *x, const char *file)
{
	struct source *one = ARENA_NEW(x->arena, struct source);

	source_init(one, file == NULL ? "" : file, STR(""));
	return one;
}

int saved_take_rule(struct reading *x, const struct value *v)
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
int saved_take_waiver(struct reading *x, const struct value *v)
{
	enum {
		RULE,
		STATE,
		REASON,
		OWNER,
		EXPIRES,
		DAYS,
		PLACE,
		WAIVED,
		EXPIRED,
		OTHER,
		UNKNOWN,
		N
	};
	static const struct member table[N] = {
		{ "rule", VALUE_STRING, REQUIRED },    { "state", VALUE_STRING, REQUIRED },
		{ "reason", VALUE_STRING, REQUIRED },  { "owner", VALUE_STRING, OPTIONAL },
		{ "expires", VALUE_STRING, REQUIRED }, { "daysLeft", VALUE_NUMBER, REQUIRED },
		{ "place", VALUE_MAP, OPTIONAL },      { "waived", VALUE_NUMBER, REQUIRED },
		{ "expired", VALUE_NUMBER, REQUIRED }, { "otherValue", VALUE_NUMBER, REQUIRED },
		{ "unknown", VALUE_NUMBER, OPTIONAL },
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
		in->unknown = mem_grow(in->unknown, in->cap_waivers * sizeof(*in->unknown));
	}
	w = &in->waivers[i];
	named = ARENA_NEW(x->arena, struct rule); /* until link_waivers */
	named->id = saved_kept(x, m[RULE]);
	*w = (struct waiver){ .rule = named,
			      .reason = saved_kept(x, m[REASON]),
			      .owner = saved_kept(x, m[OWNER]),
			      .left_out = str_is(value_str(m[STATE]), "unused") };
	in->unknown[i] = 0;
	if (saved_day(x, m[EXPIRES], &w->expires) == -1 ||
	    saved_count(x, m[WAIVED], &in->waived[i]) == -1 ||
	    saved_count(x, m[EXPIRED], &in->expired[i]) == -1 ||
	    saved_count(x, m[OTHER], &in->other[i]) == -1 ||
	    (m[UNKNOWN] != NULL && saved_count(x, m[UNKNOWN], &in->unknown[i]) == -1) ||
	    (m[PLACE] != NULL && saved_place(x, m[PLACE], &file, &w->place) == -1))
		return -1;
	if (m[PLACE] != NULL)
		w->source = source_of(x, file);
	in->n_waivers++;
	return 0;
}

int saved_take_problem(struct reading *x, const struct value *v)
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
