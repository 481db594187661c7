/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Security Finding Format: a line is a JSON array that `aws securityhub
 * batch-import-findings --findings` takes, with findings of one account and
 * region, within its limits. Each account and region gets a finding of the audit
 * too, which says whether it was whole. What has no account cannot be imported.
 */
#include <stdlib.h>

#include "base/limit.h"
#include "base/text.h"
#include "report/asff_inside.h"
#include "report/finding_key.h"
#include "report/finding_part.h"
#include "report/report_part.h"

/* Passes are needed to know which accounts and regions were audited. */
static bool asff_wants_all(const struct report_options *options)
{
	(void)options;
	return true;
}

static void asff_begin(struct report *r)
{
	struct asff *a = mem_alloc(sizeof(*a));

	*a = (struct asff){ .spool = spool_new(LIMIT_ASFF_SCOPES + 1) };
	names_init(&a->names, &a->arena);
	r->state = a;
}

/* ---- accounts and regions ------------------------------------------------------ */

static bool is_account(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	return s.len == 12;
}

static bool is_region(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!(s.data[i] >= 'a' && s.data[i] <= 'z') && s.data[i] != '-' &&
		    !(s.data[i] >= '0' && s.data[i] <= '9'))
			return false;
	return s.len >= 4 && s.len <= 32;
}

/* The stream of a scope. False for what is in no account. */
static bool scope_of(struct asff *a, const struct judgement *j, size_t *stream)
{
	const struct subject *s = &j->subject;
	struct buf *key = &a->text.shown;
	bool is_new = false;

	if (!is_account(s->account) || !is_region(s->region))
		return false;
	buf_put_str(key, s->account);
	PUT(key, " ");
	buf_put_str(key, s->region);
	*stream = names_find(&a->names, buf_str(key));
	if (*stream == NAMES_NONE && a->names.n == LIMIT_ASFF_SCOPES)
		*stream = LIMIT_ASFF_SCOPES;
	else if (*stream == NAMES_NONE)
		*stream = names_add(&a->names, buf_str(key), &is_new);
	a->more = a->more || *stream == LIMIT_ASFF_SCOPES;
	buf_clear(key);
	if (!is_new)
		return true;
	if (a->names.n > a->cap) {
		a->cap = a->cap == 0 ? 16 : 2 * a->cap;
		a->scopes = mem_grow(a->scopes, a->cap * sizeof(*a->scopes));
	}
	a->scopes[*stream] =
	    (struct asff_scope){ arena_str(&a->arena, s->account), arena_str(&a->arena, s->region),
				 finding_partition(j) };
	return true;
}

static void keep(struct asff *a, size_t stream)
{
	spool_put(a->spool, stream, buf_str(&a->item));
}

/* ---- findings ------------------------------------------------------------------ */

static void asff_judgement(struct report *r, const struct judgement *j)
{
	struct asff *a = r->state;
	size_t i = 0, stream = 0;
	bool known = scope_of(a, j, &stream);
	uint64_t looks = known ? finding_looks(&a->seen, j) : 0;
	const struct finding *f;

	while ((f = report_next_shown(r, j, &i)) != NULL) {
		if (known) {
			asff_put_finding(r, j, f, looks);
			keep(a, stream);
		} else {
			a->left_out++;
		}
	}
}

static void asff_problem(struct report *r, const struct problem *p)
{
	struct asff *a = r->state;
	struct buf *b = &a->item;

	a->n_allowed += !problem_counts(p->kind);
	if (a->n_problems++ >= MOST_PROBLEMS)
		return;
	buf_clear(b);
	buf_printf(b, "%s: ", problem_kind_name(p->kind));
	buf_put_str(b, report_str(p->file));
	if (p->line != 0)
		buf_printf(b, ":%u:%u", p->line, p->column);
	PUT(b, ": ");
	buf_put_str(b, report_str(p->text));
	a->problems[a->n_problems - 1] =
	    arena_str(&a->arena, finding_visible(&a->text.visible, buf_str(b)));
}

/* ---- the end ------------------------------------------------------------------- */

/* Of the audit, in each account and region: that it was whole, or not. */
static void put_audit(struct report *r, const struct summary *s, size_t stream)
{
	struct asff *a = r->state;
	const struct asff_scope *scope = &a->scopes[stream];
	struct buf *b = &a->item;
	char hex[DIGEST_HEX_SIZE];
	size_t i;

	finding_key_of(STR("audit"), r->run->policy->name, hex);
	asff_put_start(b, r->run, scope, hex);
	PUT(b, ",\"GeneratorId\":\"ivslint/audit\","
	       "\"Title\":\"Audit of Amazon IVS recording configurations\"");
	report_put_outcome(&a->text.shown, r->run, s);
	asff_put_some_shown(a, b, ",\"Description\":", MOST_DESCRIPTION);
	asff_put_severity(b, s->status == 0 ? SEVERITY_INFO : SEVERITY_HIGH);
	buf_printf(b, ",\"Compliance\":{\"Status\":\"%s\"}",
		   s->status == 0   ? "PASSED"
		   : s->status == 1 ? "FAILED"
				    : "NOT_AVAILABLE");
	buf_printf(b, ",\"Workflow\":{\"Status\":\"%s\"},\"RecordState\":\"ACTIVE\"",
		   s->status == 0 ? "RESOLVED" : "NEW");
	buf_printf(b, ",\"Resources\":[{\"Type\":\"AwsAccount\",\"Id\":\"AWS::::Account:%.*s\"",
		   STR_ARG(scope->account));
	buf_printf(b, ",\"Partition\":\"%.*s\",\"Region\":\"%.*s\"}]", STR_ARG(scope->partition),
		   STR_ARG(scope->region));
	report_put_matrix(&a->text.shown, r->run, s);
	asff_put_some_shown(a, b, ",\"ProductFields\":{\"ivslint/Sums\":", MOST_REASON);
	asff_put_some(a, b, ",\"ivslint/PolicyDigest\":", report_str(policy_digest(r->run->policy)),
		      MOST_REASON);
	if (a->n_problems != a->n_allowed)
		buf_printf(b, ",\"ivslint/Problems\":\"%llu\"",
			   (unsigned long long)(a->n_problems - a->n_allowed));
	for (i = 0; i < a->n_problems && i < MOST_PROBLEMS; i++) {
		buf_printf(b, ",\"ivslint/Problem%zu\":", i + 1);
		asff_put_text(a, b, "", a->problems[i], STR("-"), MOST_REASON);
	}
	PUT(b, "}}");
	keep(a, stream);
}

static void end_batch(struct report *r)
{
	struct asff *a = r->state;

	if (a->n_in_batch != 0)
		PUT(&r->out, "]\n");
	a->n_in_batch = 0;
	a->batch_size = 2;
}

/* A batch is of one account and region, as a call is. */
static void put_item(void *to, struct str item)
{
	struct report *r = to;
	struct asff *a = r->state;
	const char *end = memchr(item.data, '\n', item.len);
	struct str key = { item.data, (size_t)(end - item.data) };
	struct str json = { end + 1, item.len - key.len - 1 };

	if (a->n_in_batch == LIMIT_ASFF_BATCH || a->batch_size + json.len > LIMIT_ASFF_BATCH_SIZE ||
	    !str_equal(buf_str(&a->batch_key), key)) {
		end_batch(r);
		buf_clear(&a->batch_key);
		buf_put_str(&a->batch_key, key);
	}
	buf_puts(&r->out, a->n_in_batch == 0 ? "[" : ",");
	buf_put_str(&r->out, json);
	a->n_in_batch++;
	a->batch_size += json.len + 1;
	report_spill(r);
}

static void asff_end(struct report *r, const struct summary *s)
{
	struct asff *a = r->state;
	struct err err;
	size_t i;

	for (i = 0; i < a->names.n; i++)
		put_audit(r, s, i);
	a->batch_size = 2;
	for (i = 0; i <= LIMIT_ASFF_SCOPES; i++)
		if (spool_read(a->spool, i, UINT64_MAX, put_item, r, &err) == -1 &&
		    r->err.kind == ERR_NONE)
			r->err = err;
	end_batch(r);
}

static void asff_notes(const struct report *r, struct buf *b)
{
	const struct asff *a = r->state;

	if (a->names.n == 0)
		PUT(b,
		    "asff: nothing was audited that is in an account and region: there is nothing "
		    "to import, not even that the audit was made\n");
	if (a->left_out != 0) {
		PUT(b, "asff: ");
		report_put_count(b, a->left_out, "finding is", "findings are");
		PUT(b, " of no account and region, and cannot be imported: left out\n");
	}
	if (a->more)
		buf_printf(b,
			   "asff: more than %d accounts and regions: those beyond have no finding "
			   "of the audit\n",
			   LIMIT_ASFF_SCOPES);
	if (a->n_problems > MOST_PROBLEMS)
		buf_printf(b, "asff: the first %d problems are named, of %llu\n", MOST_PROBLEMS,
			   (unsigned long long)a->n_problems);
}

static void asff_free(struct report *r)
{
	struct asff *a = r->state;

	if (a == NULL)
		return;
	spool_free(a->spool);
	seen_release(&a->seen);
	free(a->scopes);
	arena_release(&a->arena);
	json_text_release(&a->text);
	buf_release(&a->item);
	buf_release(&a->batch_key);
	free(a);
}

const struct report_format report_asff = {
	.name = "asff",
	.text = "findings for AWS Security Hub: a batch to import a line",
	.wants_all = asff_wants_all,
	.begin = asff_begin,
	.judgement = asff_judgement,
	.problem = asff_problem,
	.end = asff_end,
	.free = asff_free,
	.notes = asff_notes,
};
