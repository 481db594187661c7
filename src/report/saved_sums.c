/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The summary of a report that is read back: every sum, and whether they add up.
 * json_parts.c writes it.
 */
#include "report/saved_inside.h"

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

int saved_take_summary(struct reading *x, const struct value *v)
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
