/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ASFF: a finding as Security Hub knows it.
 */
#include "base/text.h"
#include "report/asff_inside.h"
#include "report/finding_key.h"
#include "report/finding_part.h"
#include "report/report_part.h"

static void put_requirements(struct asff *a, struct buf *b, const struct rule *rule)
{
	const char *start = ",\"RelatedRequirements\":[";
	struct str framework, id;
	size_t at = 0, n = 0;

	while (n < MOST_REQUIREMENTS && finding_next_control(rule, &at, &framework, &id)) {
		buf_put_str(&a->text.shown, framework);
		PUT(&a->text.shown, " ");
		buf_put_str(&a->text.shown, id);
		if (!text_is_blank(buf_str(&a->text.shown))) {
			asff_put_some_shown(a, b, start, MOST_REQUIREMENT);
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
		asff_put_some(a, b, ",\"Description\":", f->reason, MOST_REASON);
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
	asff_put_some_shown(a, b, ",\"Note\":{\"Text\":", MOST_NOTE);
	PUT(b, ",\"UpdatedBy\":\"ivslint\",\"UpdatedAt\":\"");
	text_time_put(b, run->started);
	PUT(b, "Z\"}");
}

static void put_resource(struct asff *a, struct buf *b, const struct judgement *j,
			 const struct finding *f, const struct asff_scope *scope)
{
	struct place place = f->place.line != 0 ? f->place : j->subject.place;
	struct buf *shown = &a->text.shown;

	asff_put_text(a, b, ",\"Resources\":[{\"Type\":\"Other\",\"Id\":", j->subject.id,
		      str_of(kind_table[j->subject.kind].one), MOST_ID);
	buf_printf(b, ",\"Partition\":\"%.*s\",\"Region\":\"%.*s\"", STR_ARG(scope->partition),
		   STR_ARG(scope->region));
	PUT(b, ",\"Details\":{\"Other\":{\"Type\":\"");
	buf_puts(b, kind_table[j->subject.kind].type);
	PUT(b, "\"");
	asff_put_some(a, b, ",\"Name\":", j->subject.name, MOST_FIELD);
	asff_put_some(a, b, ",\"Field\":", f->field, MOST_FIELD);
	finding_put_actual(shown, f);
	asff_put_some_shown(a, b, ",\"Actual\":", MOST_FIELD);
	asff_put_some(a, b, ",\"Expected\":", f->expected, MOST_FIELD);
	buf_puts(shown, j->subject.file == NULL ? "" : j->subject.file);
	if (place.line != 0)
		buf_printf(shown, ":%u:%u", place.line, place.column);
	asff_put_some_shown(a, b, ",\"Place\":", MOST_FIELD);
	PUT(b, "}}}]");
}

static void put_advice(struct asff *a, struct buf *b, const struct rule *rule)
{
	struct str address = finding_reference(rule);

	if (text_is_blank(rule->remediation))
		return;
	finding_put_folded(&a->text.shown, rule->remediation);
	asff_put_some_shown(a, b, ",\"Remediation\":{\"Recommendation\":{\"Text\":", MOST_ADVICE);
	asff_put_some(a, b, ",\"Url\":", address, MOST_ADVICE);
	PUT(b, "}}");
}

static void put_product_fields(struct asff *a, struct buf *b, const struct run *run,
			       const struct finding *f)
{
	asff_put_text(a, b, ",\"ProductFields\":{\"ivslint/Rule\":", f->rule->id, STR("-"),
		      MOST_REASON);
	buf_printf(b, ",\"ivslint/Verdict\":\"%s\"", verdict_name(f->verdict));
	if (f->fingerprint[0] != '\0')
		buf_printf(b, ",\"ivslint/Fingerprint\":\"%s\"", f->fingerprint);
	if (f->verdict == VERDICT_WAIVED)
		finding_put_waiver(&a->text.shown, f);
	asff_put_some_shown(a, b, ",\"ivslint/Waiver\":", MOST_REASON);
	if (f->verdict == VERDICT_FAIL)
		asff_put_some(a, b, ",\"ivslint/Reason\":", finding_reason(f), MOST_REASON);
	asff_put_some(a, b, ",\"ivslint/PolicyDigest\":", report_str(policy_digest(run->policy)),
		      MOST_REASON);
	PUT(b, "}");
}

void asff_put_finding(struct report *r, const struct judgement *j, const struct finding *f,
		      uint64_t looks)
{
	struct asff *a = r->state;
	struct buf *b = &a->item;
	bool done = f->verdict == VERDICT_PASS || f->verdict == VERDICT_NOT_APPLICABLE;
	struct asff_scope scope = { j->subject.account, j->subject.region, finding_partition(j) };
	char hex[DIGEST_HEX_SIZE];

	finding_key(j, f, looks, hex);
	asff_put_start(b, r->run, &scope, hex);
	buf_puts(&a->text.shown, "ivslint/");
	buf_put_str(&a->text.shown, f->rule->id);
	asff_put_some_shown(a, b, ",\"GeneratorId\":", MOST_ID);
	asff_put_text(a, b, ",\"Title\":", f->rule->title, f->rule->id, MOST_TITLE);
	asff_put_text(a, b, ",\"Description\":", finding_sentence(f), f->rule->id,
		      MOST_DESCRIPTION);
	asff_put_severity(b, done ? SEVERITY_INFO : f->severity);
	put_compliance(a, b, f);
	put_workflow(a, b, r->run, f);
	put_resource(a, b, j, f, &scope);
	put_advice(a, b, f->rule);
	put_product_fields(a, b, r->run, f);
	PUT(b, "}");
}
