/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCSF 1.8.0: an event of class Compliance Finding a line, as what ships events
 * reads them (`jq -s .` makes an array of it), for each finding and each
 * problem, and in the last line one for the audit, without which the stream
 * was cut. What passes closes what failed before: with --all it is sent too.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "report/finding_key.h"
#include "report/finding_part.h"
#include "report/json_text.h"
#include "report/report_part.h"
#include "report/seen.h"

#define MOST_SENTENCE 1024 /* bytes of a title */

struct ocsf {
	struct json_text text;
	struct seen seen; /* resources, where passes are told too */
	uint64_t looks;   /* at the one that is being written, before */
};

/* The numbers of the class. */
enum activity { ACTIVITY_CREATE = 1, ACTIVITY_CLOSE = 3 };
enum compliance { COMPLIANCE_NONE, COMPLIANCE_PASS, COMPLIANCE_WARNING, COMPLIANCE_FAIL };
enum event_status { EVENT_NEW = 1, EVENT_SUPPRESSED = 3, EVENT_RESOLVED = 4 };

struct event {
	enum activity activity;
	enum event_status status;
	enum compliance compliance;
	enum severity severity;
	const char *code; /* verdict, or its like */
	char uid[DIGEST_HEX_SIZE];
};

static bool ocsf_wants_all(const struct report_options *options)
{
	return options->all;
}

static void ocsf_begin(struct report *r)
{
	struct ocsf *o = mem_alloc(sizeof(*o));

	*o = (struct ocsf){ .text = { .visible = BUF_INIT(0) } };
	r->state = o;
}

/* A pass closes what is open by its name: where passes are told, what was told before
 * matters. */
static bool ocsf_begin_apart(struct report *r, const struct report *of)
{
	if (of->options.all)
		return false;
	ocsf_begin(r);
	return true;
}

/* ---- what all events have ------------------------------------------------------ */

static void put_classes(struct buf *b, const struct event *e)
{
	const char *activity = e->activity == ACTIVITY_CLOSE ? "Close" : "Create";

	buf_printf(b,
		   "{\"class_uid\":2003,\"class_name\":\"Compliance Finding\","
		   "\"category_uid\":2,\"category_name\":\"Findings\","
		   "\"activity_id\":%d,\"activity_name\":\"%s\","
		   "\"type_uid\":%d,\"type_name\":\"Compliance Finding: %s\"",
		   e->activity, activity, 200300 + e->activity, activity);
}

static void put_severity(struct buf *b, enum severity severity)
{
	static const char *const names[N_SEVERITIES] = { "Informational", "Low", "Medium", "High",
							 "Critical" };

	buf_printf(b, ",\"severity_id\":%d,\"severity\":\"%s\"", severity + 1, names[severity]);
}

static void put_status(struct buf *b, const struct event *e)
{
	const char *name = e->status == EVENT_NEW          ? "New"
			   : e->status == EVENT_SUPPRESSED ? "Suppressed"
							   : "Resolved";

	buf_printf(b, ",\"status_id\":%d,\"status\":\"%s\",\"status_code\":\"%s\"", e->status, name,
		   e->code);
}

static void put_metadata(struct ocsf *o, struct buf *b, const struct run *run)
{
	PUT(b, ",\"metadata\":{\"version\":\"1.8.0\",\"profiles\":[\"cloud\"],"
	       "\"product\":{\"name\":\"ivslint\",\"vendor_name\":\"ivslint\"");
	json_text_member(&o->text, b, ",\"version\":", report_str(run->version));
	PUT(b, "}}");
}

static void put_start(struct ocsf *o, struct buf *b, const struct run *run, const struct event *e)
{
	put_classes(b, e);
	PUT(b, ",\"time\":");
	buf_put_int(b, run->started * 1000);
	put_severity(b, e->severity);
	put_status(b, e);
	put_metadata(o, b, run);
}

static void put_compliance_status(struct buf *b, enum compliance compliance)
{
	static const char *const names[] = { "", "Pass", "Warning", "Fail" };

	if (compliance != COMPLIANCE_NONE)
		buf_printf(b, ",\"status_id\":%d,\"status\":\"%s\"", compliance, names[compliance]);
}

/* ---- findings ------------------------------------------------------------------ */

static struct event event_of(const struct judgement *j, const struct finding *f, uint64_t looks)
{
	struct event e = { ACTIVITY_CREATE,          EVENT_NEW, COMPLIANCE_FAIL, f->severity,
			   verdict_name(f->verdict), "" };

	switch (f->verdict) {
	case VERDICT_PASS:
	case VERDICT_NOT_APPLICABLE:
		e.activity = ACTIVITY_CLOSE;
		e.status = EVENT_RESOLVED;
		e.compliance = f->verdict == VERDICT_PASS ? COMPLIANCE_PASS : COMPLIANCE_NONE;
		e.severity = SEVERITY_INFO;
		break;
	case VERDICT_WAIVED:
		e.status = EVENT_SUPPRESSED;
		break;
	case VERDICT_UNDECIDED:
	case VERDICT_ERROR:
		e.compliance = COMPLIANCE_WARNING;
		break;
	default:
		break;
	}
	finding_key(j, f, looks, e.uid);
	return e;
}

static void put_info(struct ocsf *o, struct buf *b, const struct event *e, const struct finding *f)
{
	struct json_text *t = &o->text;

	buf_printf(b, ",\"finding_info\":{\"uid\":\"%s\"", e->uid);
	if (f->fingerprint[0] != '\0')
		buf_printf(b, ",\"uid_alt\":\"%s\"", f->fingerprint);
	PUT(b, ",\"title\":");
	json_text_put(t, b, f->rule->title.len != 0 ? f->rule->title : f->rule->id, MOST_SENTENCE);
	json_text_member(t, b, ",\"desc\":", finding_sentence(f));
	if (f->rule->category.len != 0) {
		json_text_member(t, b, ",\"types\":[", f->rule->category);
		PUT(b, "]");
	}
	json_text_member(t, b,
			 ",\"analytic\":{\"type_id\":1,\"type\":\"Rule\",\"uid\":", f->rule->id);
	PUT(b, "}}");
}

/* ,"standards":["soc2"],"requirements":["soc2 CC6.1"] */
static void put_controls(struct ocsf *o, struct buf *b, const struct rule *rule)
{
	struct json_text *t = &o->text;
	struct str framework, id, last = STR("");
	size_t at = 0;

	if (!finding_next_control(rule, &at, &framework, &id))
		return;
	json_text_member(t, b, ",\"standards\":[", framework);
	last = framework;
	while (finding_next_control(rule, &at, &framework, &id)) {
		if (!str_equal(framework, last))
			json_text_member(t, b, ",", framework);
		last = framework;
	}
	at = 0;
	while (finding_next_control(rule, &at, &framework, &id)) {
		buf_put_str(&t->shown, framework);
		PUT(&t->shown, " ");
		buf_put_str(&t->shown, id);
		json_text_shown(t, b, at == 1 ? "],\"requirements\":[" : ",");
	}
	PUT(b, "]");
}

static void put_compliance(struct ocsf *o, struct buf *b, const struct event *e,
			   const struct finding *f)
{
	struct json_text *t = &o->text;

	json_text_member(t, b, ",\"compliance\":{\"control\":", f->rule->id);
	json_text_some(t, b, ",\"category\":", f->rule->category);
	put_controls(o, b, f->rule);
	put_compliance_status(b, e->compliance);
	if (f->verdict == VERDICT_WAIVED)
		finding_put_waiver(&t->shown, f);
	else
		buf_put_str(&t->shown, finding_reason(f));
	if (t->shown.len != 0) {
		json_text_shown(t, b, ",\"status_details\":[");
		PUT(b, "]");
	}
	PUT(b, "}");
}

static void put_cloud(struct ocsf *o, struct buf *b, const struct subject *s)
{
	PUT(b, ",\"cloud\":{\"provider\":\"AWS\"");
	if (s->account.len != 0) {
		json_text_member(
		    &o->text, b,
		    ",\"account\":{\"type_id\":10,\"type\":\"AWS Account\",\"uid\":", s->account);
		PUT(b, "}");
	}
	json_text_some(&o->text, b, ",\"region\":", s->region);
	PUT(b, "}");
}

static void put_resource(struct ocsf *o, struct buf *b, const struct judgement *j)
{
	const struct subject *s = &j->subject;
	struct json_text *t = &o->text;

	PUT(b, ",\"resources\":[{\"type\":\"");
	buf_puts(b, kind_table[s->kind].type);
	json_text_member(t, b, "\",\"uid\":", s->id);
	json_text_some(t, b, ",\"name\":", s->name);
	json_text_some(t, b, ",\"region\":", s->region);
	if (s->arn.len != 0)
		json_text_member(t, b, ",\"cloud_partition\":", finding_partition(j));
	PUT(b, "}]");
}

static void put_evidence(struct ocsf *o, struct buf *b, const struct judgement *j,
			 const struct finding *f)
{
	struct place place = f->place.line != 0 ? f->place : j->subject.place;
	struct json_text *t = &o->text;

	json_text_member(t, b, ",\"evidences\":[{\"data\":{\"file\":", report_str(j->subject.file));
	if (place.line != 0)
		buf_printf(b, ",\"line\":%u,\"column\":%u", place.line, place.column);
	json_text_some(t, b, ",\"field\":", f->field);
	finding_put_actual(&t->shown, f);
	json_text_some_shown(t, b, ",\"actual\":");
	json_text_some(t, b, ",\"expected\":", f->expected);
	if (j->is_group)
		PUT(b, ",\"group\":true");
	PUT(b, "}}]");
}

static void put_remediation(struct ocsf *o, struct buf *b, const struct rule *rule)
{
	struct json_text *t = &o->text;
	const char *start = ",\"references\":[";
	struct str text;
	size_t at = 0;

	if (rule->remediation.len == 0)
		return;
	finding_put_folded(&t->shown, rule->remediation);
	json_text_shown(t, b, ",\"remediation\":{\"desc\":");
	while (finding_next_reference(rule, &at, &text)) {
		json_text_member(t, b, start, text);
		start = ",";
	}
	buf_puts(b, at != 0 && start[1] == '\0' ? "]}" : "}");
}

static void put_waiver(struct ocsf *o, struct buf *b, const struct finding *f)
{
	const struct waiver *w = f->waiver;

	if (w == NULL)
		return;
	json_text_member(&o->text, b, ",\"unmapped\":{\"waiver\":{\"reason\":", w->reason);
	json_text_some(&o->text, b, ",\"owner\":", w->owner);
	PUT(b, ",\"expires\":\"");
	text_day_put(b, w->expires);
	PUT(b, "\"}}");
}

static void put_finding(struct report *r, const struct judgement *j, const struct finding *f)
{
	struct ocsf *o = r->state;
	struct event e = event_of(j, f, o->looks);
	struct buf *b = &r->out;

	put_start(o, b, r->run, &e);
	json_text_member(&o->text, b, ",\"message\":", finding_sentence(f));
	put_info(o, b, &e, f);
	put_compliance(o, b, &e, f);
	put_cloud(o, b, &j->subject);
	put_resource(o, b, j);
	put_evidence(o, b, j, f);
	put_remediation(o, b, f->rule);
	put_waiver(o, b, f);
	PUT(b, "}\n");
}

static void ocsf_judgement(struct report *r, const struct judgement *j)
{
	struct ocsf *o = r->state;

	if (r->options.all)
		o->looks = finding_looks(&o->seen, j);
	report_put_shown(r, j, put_finding);
}

/* ---- the rest ------------------------------------------------------------------ */

/* Of no rule: the message is in t->shown. */
static void put_other(struct report *r, const struct event *e, const char *title,
		      const char *control)
{
	struct ocsf *o = r->state;
	struct buf *b = &r->out;

	put_start(o, b, r->run, e);
	json_text_shown(&o->text, b, ",\"message\":");
	buf_printf(b, ",\"finding_info\":{\"uid\":\"%s\",\"title\":\"%s\"},", e->uid, title);
	buf_printf(b, "\"compliance\":{\"control\":\"%s\"", control);
	put_compliance_status(b, e->compliance);
	PUT(b, "},\"cloud\":{\"provider\":\"AWS\"}");
}

static void ocsf_problem(struct report *r, const struct problem *p)
{
	struct ocsf *o = r->state;
	struct event e = { ACTIVITY_CREATE,
			   EVENT_NEW,
			   COMPLIANCE_WARNING,
			   SEVERITY_HIGH,
			   problem_kind_name(p->kind),
			   "" };
	struct buf *shown = &o->text.shown;
	bool counts = problem_counts(p->kind);

	if (!counts) {
		e.status = EVENT_SUPPRESSED;
		e.severity = SEVERITY_INFO;
	}
	buf_put_str(shown, report_str(p->file));
	if (p->line != 0)
		buf_printf(shown, ":%u:%u", p->line, p->column);
	if (shown->len != 0)
		PUT(shown, ": ");
	buf_put_str(shown, report_str(p->text));
	finding_key_of(STR("problem"), buf_str(shown), e.uid);
	put_other(r, &e, "Not audited", counts ? "ivslint-incomplete" : "ivslint-allowed");
	json_text_member(&o->text, &r->out,
			 ",\"evidences\":[{\"data\":{\"file\":", report_str(p->file));
	if (p->line != 0)
		buf_printf(&r->out, ",\"line\":%u,\"column\":%u", p->line, p->column);
	PUT(&r->out, "}}]}\n");
}

static void ocsf_end(struct report *r, const struct summary *s)
{
	struct ocsf *o = r->state;
	struct event e = { ACTIVITY_CREATE, EVENT_NEW, COMPLIANCE_FAIL, SEVERITY_HIGH, "fail", "" };

	if (s->status == 0) {
		e = (struct event){ ACTIVITY_CLOSE, EVENT_RESOLVED, COMPLIANCE_PASS,
				    SEVERITY_INFO,  "pass",         "" };
	} else if (s->status != 1) {
		e.compliance = COMPLIANCE_WARNING;
		e.code = "incomplete";
	}
	finding_key_of(STR("audit"), r->run->policy->name, e.uid);
	report_put_outcome(&o->text.shown, r->run, s);
	put_other(r, &e, "Audit of recording configurations", "ivslint-audit");
	report_put_matrix(&o->text.shown, r->run, s);
	json_text_shown(&o->text, &r->out, ",\"status_detail\":");
	json_text_member(&o->text, &r->out,
			 ",\"unmapped\":{\"policy\":{\"name\":", r->run->policy->name);
	json_text_member(&o->text, &r->out,
			 ",\"digest\":", report_str(policy_digest(r->run->policy)));
	buf_printf(&r->out, "},\"problems\":%llu}}\n", (unsigned long long)s->problems);
}

static void ocsf_free(struct report *r)
{
	struct ocsf *o = r->state;

	if (o == NULL)
		return;
	json_text_release(&o->text);
	seen_release(&o->seen);
	free(o);
}

const struct report_format report_ocsf = {
	.name = "ocsf",
	.text = "OCSF 1.8.0: an event of class Compliance Finding a line",
	.wants_all = ocsf_wants_all,
	.begin = ocsf_begin,
	.judgement = ocsf_judgement,
	.problem = ocsf_problem,
	.end = ocsf_end,
	.free = ocsf_free,
	.begin_apart = ocsf_begin_apart,
};
