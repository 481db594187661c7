/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Security Finding Format: a line is a JSON array that `aws securityhub
 * batch-import-findings --findings` takes, with findings of one account and
 * region, within its limits. Each account and region gets a finding of the audit
 * too, which says whether it was whole. What has no account cannot be imported.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/limit.h"
#include "base/text.h"
#include "report/finding_key.h"
#include "report/finding_part.h"
#include "report/json_text.h"
#include "report/report_part.h"
#include "report/spool.h"
#include "rule/names.h"

/* Bytes of each text, and members of lists, as the user's guide has them. */
#define MOST_TITLE        256
#define MOST_DESCRIPTION  1024
#define MOST_ID           512
#define MOST_NOTE         512
#define MOST_ADVICE       512
#define MOST_REASON       2048
#define MOST_FIELD        1024
#define MOST_REQUIREMENTS 32
#define MOST_REQUIREMENT  64
#define MOST_PROBLEMS     20 /* that the finding of the audit names */

struct asff_scope {
	struct str account, region, partition;
};

struct asff {
	struct arena arena;
	struct names names; /* account, blank, region: the number is that of the scope */
	struct asff_scope *scopes;
	size_t cap;
	struct spool *spool; /* a stream a scope, and one of all that are too many */
	struct json_text text;
	struct buf item;
	struct str problems[MOST_PROBLEMS];
	uint64_t n_problems, n_allowed;
	uint64_t left_out; /* findings of no account */
	bool more;         /* there were too many scopes */
	/* while it is written */
	size_t n_in_batch, batch_size;
	struct buf batch_key;
};

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

/* ---- what all findings have ------------------------------------------------------ */

static bool is_blank(struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.data[i] != ' ' && s.data[i] != '\t' && s.data[i] != '\n')
			return false;
	return true;
}

/* A text that must not be blank. */
static void put_text(struct asff *a, struct buf *b, const char *name, struct str s,
		     struct str instead, size_t most)
{
	buf_puts(b, name);
	json_text_put(&a->text, b, is_blank(s) ? instead : s, most);
}

/* Nothing where it is blank. */
static void put_some(struct asff *a, struct buf *b, const char *name, struct str s, size_t most)
{
	if (!is_blank(s))
		put_text(a, b, name, s, s, most);
}

static void put_some_shown(struct asff *a, struct buf *b, const char *name, size_t most)
{
	put_some(a, b, name, buf_str(&a->text.shown), most);
	buf_clear(&a->text.shown);
}

static const char *label_of(enum severity severity)
{
	static const char *const labels[N_SEVERITIES] = { "INFORMATIONAL", "LOW", "MEDIUM", "HIGH",
							  "CRITICAL" };

	return labels[severity];
}

/* Up to what it is about. */
static void put_start(struct asff *a, struct buf *b, const struct run *run,
		      const struct asff_scope *scope, const char *hex)
{
	(void)a;
	buf_clear(b);
	/* The scope, for what puts batches together; all of it is plain. */
	buf_printf(b, "%.*s %.*s\n", STR_ARG(scope->account), STR_ARG(scope->region));
	buf_printf(b, "{\"SchemaVersion\":\"2018-10-08\",\"Id\":\"%.*s/%.*s/ivslint/%s\"",
		   STR_ARG(scope->region), STR_ARG(scope->account), hex);
	buf_printf(b, ",\"ProductArn\":\"arn:%.*s:securityhub:%.*s:%.*s:product/%.*s/default\"",
		   STR_ARG(scope->partition), STR_ARG(scope->region), STR_ARG(scope->account),
		   STR_ARG(scope->account));
	buf_printf(b, ",\"ProductName\":\"ivslint\",\"AwsAccountId\":\"%.*s\",\"Region\":\"%.*s\"",
		   STR_ARG(scope->account), STR_ARG(scope->region));
	PUT(b, ",\"CreatedAt\":\"");
	text_time_put(b, run->started);
	PUT(b, "Z\",\"UpdatedAt\":\"");
	text_time_put(b, run->started);
	PUT(b, "Z\"");
}

#define TYPES "[\"Software and Configuration Checks\"]"

/* Once for creating, and once for updating, where the first is not looked at. */
static void put_severity(struct buf *b, enum severity severity)
{
	const char *label = label_of(severity), *name = severity_name(severity);

	buf_printf(b,
		   ",\"Types\":" TYPES ",\"Severity\":{\"Label\":\"%s\",\"Original\":\"%s\"}"
		   ",\"FindingProviderFields\":{\"Types\":" TYPES
		   ",\"Severity\":{\"Label\":\"%s\",\"Original\":\"%s\"}}",
		   label, name, label, name);
}

static void keep(struct asff *a, size_t stream)
{
	spool_put(a->spool, stream, buf_str(&a->item));
}

/* ---- findings ------------------------------------------------------------------ */

static void put_requirements(struct asff *a, struct buf *b, const struct rule *rule)
{
	const char *start = ",\"RelatedRequirements\":[";
	struct str framework, id;
	size_t at = 0, n = 0;

	while (n < MOST_REQUIREMENTS && finding_next_control(rule, &at, &framework, &id)) {
		buf_put_str(&a->text.shown, framework);
		PUT(&a->text.shown, " ");
		buf_put_str(&a->text.shown, id);
		if (!is_blank(buf_str(&a->text.shown))) {
			put_some_shown(a, b, start, MOST_REQUIREMENT);
			start = ",";
			n++;
		}
		buf_clear(&a->text.shown);
	}
	if (n != 0)
		PUT(b, "]");
}

static const char *compliance_of(enum verdict verdict)
{
	static const char *const names[N_VERDICTS] = {
		[VERDICT_PASS] = "PASSED",
		[VERDICT_FAIL] = "FAILED",
		[VERDICT_WAIVED] = "FAILED",
		[VERDICT_NOT_APPLICABLE] = "NOT_AVAILABLE",
		[VERDICT_UNDECIDED] = "NOT_AVAILABLE",
		[VERDICT_ERROR] = "NOT_AVAILABLE",
	};

	return names[verdict];
}

static void put_compliance(struct asff *a, struct buf *b, const struct finding *f)
{
	static const char *const codes[N_VERDICTS] = {
		[VERDICT_NOT_APPLICABLE] = "NOT_APPLICABLE",
		[VERDICT_UNDECIDED] = "UNDECIDED",
		[VERDICT_ERROR] = "ERROR",
		[VERDICT_WAIVED] = "WAIVED",
	};

	buf_printf(b, ",\"Compliance\":{\"Status\":\"%s\"", compliance_of(f->verdict));
	put_requirements(a, b, f->rule);
	if (codes[f->verdict] != NULL) {
		buf_printf(b, ",\"StatusReasons\":[{\"ReasonCode\":\"%s\"", codes[f->verdict]);
		put_some(a, b, ",\"Description\":", f->reason, MOST_REASON);
		PUT(b, "}]");
	}
	PUT(b, "}");
}

/* What a waiver means to Security Hub. It is in ProductFields too, since
 * updates do not change a note. */
static void put_workflow(struct asff *a, struct buf *b, const struct run *run,
			 const struct finding *f)
{
	bool done = f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE;

	buf_printf(b, ",\"Workflow\":{\"Status\":\"%s\"},\"RecordState\":\"%s\"",
		   done                           ? "RESOLVED"
		   : f->verdict == VERDICT_WAIVED ? "SUPPRESSED"
						  : "NEW",
		   f->verdict == VERDICT_NOT_APPLICABLE ? "ARCHIVED" : "ACTIVE");
	if (f->verdict != VERDICT_WAIVED)
		return;
	finding_put_waiver(&a->text.shown, f);
	put_some_shown(a, b, ",\"Note\":{\"Text\":", MOST_NOTE);
	PUT(b, ",\"UpdatedBy\":\"ivslint\",\"UpdatedAt\":\"");
	text_time_put(b, run->started);
	PUT(b, "Z\"}");
}

static void put_resource(struct asff *a, struct buf *b, const struct judgement *j,
			 const struct finding *f, const struct asff_scope *scope)
{
	struct place place = f->place.line != 0 ? f->place : j->subject.place;
	struct buf *shown = &a->text.shown;

	put_text(a, b, ",\"Resources\":[{\"Type\":\"Other\",\"Id\":", j->subject.id,
		 str_of(kind_table[j->subject.kind].one), MOST_ID);
	buf_printf(b, ",\"Partition\":\"%.*s\",\"Region\":\"%.*s\"", STR_ARG(scope->partition),
		   STR_ARG(scope->region));
	PUT(b, ",\"Details\":{\"Other\":{\"Type\":\"");
	buf_puts(b, kind_table[j->subject.kind].type);
	PUT(b, "\"");
	put_some(a, b, ",\"Name\":", j->subject.name, MOST_FIELD);
	put_some(a, b, ",\"Field\":", f->field, MOST_FIELD);
	finding_put_actual(shown, f);
	put_some_shown(a, b, ",\"Actual\":", MOST_FIELD);
	put_some(a, b, ",\"Expected\":", f->expected, MOST_FIELD);
	buf_puts(shown, j->subject.file == NULL ? "" : j->subject.file);
	if (place.line != 0)
		buf_printf(shown, ":%u:%u", place.line, place.column);
	put_some_shown(a, b, ",\"Place\":", MOST_FIELD);
	PUT(b, "}}}]");
}

static void put_advice(struct asff *a, struct buf *b, const struct rule *rule)
{
	struct str address = finding_reference(rule);

	if (is_blank(rule->remediation))
		return;
	finding_put_folded(&a->text.shown, rule->remediation);
	put_some_shown(a, b, ",\"Remediation\":{\"Recommendation\":{\"Text\":", MOST_ADVICE);
	put_some(a, b, ",\"Url\":", address, MOST_ADVICE);
	PUT(b, "}}");
}

static void put_product_fields(struct asff *a, struct buf *b, const struct run *run,
			       const struct finding *f)
{
	put_text(a, b, ",\"ProductFields\":{\"ivslint/Rule\":", f->rule->id, STR("-"), MOST_REASON);
	buf_printf(b, ",\"ivslint/Verdict\":\"%s\"", verdict_name(f->verdict));
	if (f->fingerprint[0] != '\0')
		buf_printf(b, ",\"ivslint/Fingerprint\":\"%s\"", f->fingerprint);
	if (f->verdict == VERDICT_WAIVED)
		finding_put_waiver(&a->text.shown, f);
	put_some_shown(a, b, ",\"ivslint/Waiver\":", MOST_REASON);
	if (f->verdict == VERDICT_FAIL)
		put_some(a, b, ",\"ivslint/Reason\":", finding_reason(f), MOST_REASON);
	put_some(a, b, ",\"ivslint/PolicyDigest\":", report_str(policy_digest(run->policy)), MOST_REASON);
	PUT(b, "}");
}

static void put_finding(struct report *r, const struct judgement *j, const struct finding *f,
			size_t stream)
{
	struct asff *a = r->state;
	struct buf *b = &a->item;
	bool done = f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE;
	struct asff_scope scope = { j->subject.account, j->subject.region, finding_partition(j) };
	char hex[DIGEST_HEX_SIZE];

	finding_key(j, f, hex);
	put_start(a, b, r->run, &scope, hex);
	buf_puts(&a->text.shown, "ivslint/");
	buf_put_str(&a->text.shown, f->rule->id);
	put_some_shown(a, b, ",\"GeneratorId\":", MOST_ID);
	put_text(a, b, ",\"Title\":", f->rule->title, f->rule->id, MOST_TITLE);
	put_text(a, b, ",\"Description\":", finding_sentence(f), f->rule->id, MOST_DESCRIPTION);
	put_severity(b, done ? SEVERITY_INFO : f->severity);
	put_compliance(a, b, f);
	put_workflow(a, b, r->run, f);
	put_resource(a, b, j, f, &scope);
	put_advice(a, b, f->rule);
	put_product_fields(a, b, r->run, f);
	PUT(b, "}");
	keep(a, stream);
}

static void asff_judgement(struct report *r, const struct judgement *j)
{
	struct asff *a = r->state;
	size_t i, stream = 0;
	bool known = scope_of(a, j, &stream);

	for (i = 0; i < j->n_findings; i++) {
		if (!report_shows(r, &j->findings[i]))
			continue;
		if (known)
			put_finding(r, j, &j->findings[i], stream);
		else
			a->left_out++;
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
	put_start(a, b, r->run, scope, hex);
	PUT(b, ",\"GeneratorId\":\"ivslint/audit\","
	       "\"Title\":\"Audit of Amazon IVS recording configurations\"");
	report_put_outcome(&a->text.shown, r->run, s);
	put_some_shown(a, b, ",\"Description\":", MOST_DESCRIPTION);
	put_severity(b, s->status == 0 ? SEVERITY_INFO : SEVERITY_HIGH);
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
	put_some_shown(a, b, ",\"ProductFields\":{\"ivslint/Sums\":", MOST_REASON);
	put_some(a, b, ",\"ivslint/PolicyDigest\":", report_str(policy_digest(r->run->policy)),
		 MOST_REASON);
	if (a->n_problems != a->n_allowed)
		buf_printf(b, ",\"ivslint/Problems\":\"%llu\"",
			   (unsigned long long)(a->n_problems - a->n_allowed));
	for (i = 0; i < a->n_problems && i < MOST_PROBLEMS; i++) {
		buf_printf(b, ",\"ivslint/Problem%zu\":", i + 1);
		put_text(a, b, "", a->problems[i], STR("-"), MOST_REASON);
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
