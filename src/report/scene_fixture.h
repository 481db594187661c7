/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of reports: what an audit would have found, put together by hand.
 * Neither the engine nor the policy's loader is linked: what of them the formats
 * ask stands here.
 */
#ifndef REPORT_SCENE_FIXTURE_H
#define REPORT_SCENE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those that it needs */
#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "report/report.h"

/* ---- a policy without a loader -------------------------------------------- */

size_t policy_n_enabled(const struct policy *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++)
		n += p->rules[i].enabled;
	return n;
}

size_t policy_n_enabled_of(const struct policy *p, enum kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_rules; i++)
		n += p->rules[i].enabled && p->rules[i].kind == kind;
	return n;
}

unsigned policy_kinds(const struct policy *p)
{
	unsigned kinds = 0;
	size_t i;

	for (i = 0; i < p->n_rules; i++)
		kinds |= p->rules[i].enabled ? KIND_BIT(p->rules[i].kind) : 0;
	return kinds;
}

bool policy_rule_judged(const struct policy *p, const struct rule *r)
{
	(void)p;
	return r->enabled;
}

enum severity policy_rule_severity(const struct policy *p, const struct rule *r)
{
	(void)p;
	return r->severity;
}

const char *policy_digest(const struct policy *p)
{
	return p->digest;
}

/* ---- scenes ----------------------------------------------------------------- */

#define MOST_RULES      6
#define MOST_WAIVERS    4
#define MOST_JUDGEMENTS 60
#define MOST_PROBLEMS   8
#define DIGEST          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ARN(id)         "arn:aws:ivs:us-west-2:123456789012:recording-configuration/" id

struct scene {
	struct arena arena;
	struct source source; /* of the policy */
	struct source *sources[1];
	struct rule rules[MOST_RULES];
	struct waiver waivers[MOST_WAIVERS];
	struct policy policy;
	struct run run;
	struct judgement judgements[MOST_JUDGEMENTS];
	size_t n_judgements;
	struct problem problems[MOST_PROBLEMS];
	size_t n_problems;
	uint64_t by_rule[MOST_RULES][N_VERDICTS];
	uint64_t waived[MOST_WAIVERS], expired[MOST_WAIVERS], other[MOST_WAIVERS];
	struct tally tally;
	struct summary summary;
};

static inline struct str s_(const char *text)
{
	return str_of(text);
}

static inline struct value *string(struct scene *c, const char *text)
{
	struct value *v = ARENA_NEW(&c->arena, struct value);

	*v = value_of_str(str_of(text));
	return v;
}

static inline struct value *number(struct scene *c, int64_t n)
{
	struct value *v = ARENA_NEW(&c->arena, struct value);

	*v = value_of_number(number_of_int(n));
	return v;
}

static inline struct value *of_kind(struct scene *c, enum value_kind kind)
{
	struct value *v = ARENA_NEW(&c->arena, struct value);

	*v = (struct value){ .kind = kind };
	if (kind == VALUE_UNKNOWN)
		v->why = "the template takes it from the parameter Bucket";
	return v;
}

/* NULL ends the strings. */
static inline struct value *list(struct scene *c, const char *first, ...)
{
	struct value *v = of_kind(c, VALUE_LIST);
	struct value *items = ARENA_ARRAY(&c->arena, 8, struct value);
	const char *text;
	va_list args;

	va_start(args, first);
	for (text = first; text != NULL; text = va_arg(args, const char *))
		items[v->n++] = value_of_str(str_of(text));
	va_end(args);
	v->items = items;
	return v;
}

static inline struct value *map(struct scene *c, const char *key, const struct value *value)
{
	struct value *v = of_kind(c, VALUE_MAP);
	struct entry *entry = ARENA_NEW(&c->arena, struct entry);

	*entry = (struct entry){ .key = str_of(key), .value = *value };
	v->n = 1;
	v->entries = entry;
	return v;
}

static inline struct rule *rule(struct scene *c, const char *id, enum severity severity,
				const char *category)
{
	struct rule *r = &c->rules[c->policy.n_rules];

	*r = (struct rule){
		.id = s_(id),
		.title = STR(""),
		.severity = severity,
		.enabled = true,
		.category = s_(category),
		.rationale = STR(""),
		.remediation = STR(""),
		.source = &c->source,
		.place = { (uint32_t)(10 * c->policy.n_rules + 10), 9 },
		.index = c->policy.n_rules,
	};
	c->policy.n_rules++;
	return r;
}

static inline struct waiver *waiver(struct scene *c, const struct rule *of, const char *reason,
				    const char *owner, const char *expires)
{
	struct waiver *w = &c->waivers[c->policy.n_waivers];

	*w = (struct waiver){
		.rule = of,
		.reason = s_(reason),
		.owner = s_(owner),
		.source = &c->source,
		.place = { (uint32_t)(c->policy.n_waivers + 100), 5 },
		.index = c->policy.n_waivers,
	};
	assert_true(text_day(s_(expires), &w->expires));
	c->policy.n_waivers++;
	return w;
}

static inline struct judgement *judgement(struct scene *c, const char *file, uint32_t line,
					  const char *name, const char *arn)
{
	struct judgement *j = &c->judgements[c->n_judgements++];
	const char *id = arn;

	if (arn[0] == '\0')
		id = arena_printf(&c->arena, "%s#%s", file, name);
	*j = (struct judgement){
		.subject = { .id = s_(id),
			     .arn = s_(arn),
			     .name = s_(name),
			     .account = STR(""),
			     .region = STR(""),
			     .file = file,
			     .place = { line, 3 } },
		.findings = ARENA_ARRAY(&c->arena, MOST_RULES, struct finding),
	};
	if (arn[0] != '\0') {
		j->subject.account = STR("123456789012");
		j->subject.region = STR("us-west-2");
	}
	return j;
}

static inline struct finding *finding(struct scene *c, struct judgement *j, size_t of,
				      enum verdict verdict)
{
	struct finding *f = (struct finding *)&j->findings[j->n_findings++];

	*f = (struct finding){
		.rule = &c->rules[of],
		.verdict = verdict,
		.severity = c->rules[of].severity,
		.field = STR(""),
		.expected = STR(""),
		.message = STR(""),
		.reason = STR(""),
	};
	if (verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE)
		return f;
	f->place = (struct place){ (uint32_t)(j->subject.place.line + of), 12 };
	memcpy(f->fingerprint, DIGEST, sizeof(DIGEST));
	return f;
}

static inline void problem(struct scene *c, enum problem_kind kind, const char *file, uint32_t line,
			   uint32_t column, const char *text)
{
	c->problems[c->n_problems++] = (struct problem){ kind, file, line, column, text };
}

static inline void scene_init(struct scene *c)
{
	memset(c, 0, sizeof(*c));
	source_init(&c->source, ".ivslint.yaml", STR(""));
	c->sources[0] = &c->source;
	c->policy = (struct policy){
		.name = STR("acme-video"),
		.description = STR("Recording policy of Acme video."),
		.file = ".ivslint.yaml",
		.rules = c->rules,
		.waivers = c->waivers,
		.sources = c->sources,
		.n_sources = 1,
		.digest = DIGEST,
	};
	c->run = (struct run){ .policy = &c->policy,
			       .version = "0.1.0",
			       .as_of = 20650,
			       .started = 1784167200,
			       .fail_on = SEVERITY_MEDIUM };
}

/* The sums of what was put in, as the engine makes them. */
static inline void scene_sum(struct scene *c)
{
	struct tally *t = &c->tally;
	struct judgement *j;
	const struct finding *f;
	size_t i, k;

	t->rules = c->by_rule;
	t->waivers = c->waived;
	t->waivers_expired = c->expired;
	t->waivers_other_value = c->other;
	for (i = 0; i < c->n_judgements; i++) {
		j = &c->judgements[i];
		t->resources += !j->is_group;
		for (k = 0; k < j->n_findings; k++) {
			f = &j->findings[k];
			j->counts[f->verdict]++;
			t->verdicts[f->verdict]++;
			t->fails[f->severity] += f->verdict == VERDICT_FAIL;
			c->by_rule[f->rule->index][f->verdict]++;
			if (f->verdict == VERDICT_WAIVED)
				c->waived[f->waiver->index]++;
		}
	}
	c->summary.tally = t;
	c->summary.files = 4;
	for (i = 0; i < c->n_problems; i++) {
		c->summary.problems += problem_counts(c->problems[i].kind);
		c->summary.allowed += !problem_counts(c->problems[i].kind);
	}
	c->summary.empty = t->resources == 0;
	c->summary.complete = c->summary.problems == 0 && t->verdicts[VERDICT_ERROR] == 0;
	if (!c->summary.complete || c->summary.empty)
		c->summary.status = 3;
	else
		c->summary.status = t->fails[SEVERITY_CRITICAL] + t->fails[SEVERITY_HIGH] +
					t->fails[SEVERITY_MEDIUM] !=
				    0;
}

#endif
