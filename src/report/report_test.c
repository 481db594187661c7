/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every format over the same scenes, against goldens (UPDATE=1 writes them) and
 * against parsers that are not ours. Scenes are made by hand: neither the
 * engine nor the policy's loader is linked. Run from the top of the tree.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
/* after those that it needs */
#include <cmocka.h>

#include "base/file.h"
#include "base/limit.h"
#include "base/text.h"
#include "report/report.h"

#define SCHEMA "man/ivslint-report.schema.json"
#define LOTS   (32u << 20)

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

static struct str s_(const char *text)
{
	return str_of(text);
}

static struct value *string(struct scene *c, const char *text)
{
	struct value *v = ARENA_NEW(&c->arena, struct value);

	*v = value_of_str(str_of(text));
	return v;
}

static struct value *number(struct scene *c, int64_t n)
{
	struct value *v = ARENA_NEW(&c->arena, struct value);

	*v = value_of_number(number_of_int(n));
	return v;
}

static struct value *of_kind(struct scene *c, enum value_kind kind)
{
	struct value *v = ARENA_NEW(&c->arena, struct value);

	*v = (struct value){ .kind = kind };
	if (kind == VALUE_UNKNOWN)
		v->why = "the template takes it from the parameter Bucket";
	return v;
}

/* NULL ends the strings. */
static struct value *list(struct scene *c, const char *first, ...)
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

static struct value *map(struct scene *c, const char *key, const struct value *value)
{
	struct value *v = of_kind(c, VALUE_MAP);
	struct entry *entry = ARENA_NEW(&c->arena, struct entry);

	*entry = (struct entry){ .key = str_of(key), .value = *value };
	v->n = 1;
	v->entries = entry;
	return v;
}

static struct rule *rule(struct scene *c, const char *id, enum severity severity,
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

static struct waiver *waiver(struct scene *c, const struct rule *of, const char *reason,
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

static struct judgement *judgement(struct scene *c, const char *file, uint32_t line,
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

static struct finding *finding(struct scene *c, struct judgement *j, size_t of,
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

static void problem(struct scene *c, enum problem_kind kind, const char *file, uint32_t line,
		    uint32_t column, const char *text)
{
	c->problems[c->n_problems++] = (struct problem){ kind, file, line, column, text };
}

static void scene_init(struct scene *c)
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
static void scene_sum(struct scene *c)
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

static void acme_rules(struct scene *c)
{
	struct rule *r = rule(c, "bucket-name", SEVERITY_HIGH, "storage");

	r->title = STR("Buckets have Acme's names");
	r->rationale = STR("Life cycle rules go by the bucket's name.\n");
	r->remediation = STR("Create the recording configuration anew with a bucket whose name "
			     "matches.\nA bucket cannot be changed afterwards.\n");
	r->references = list(c, "https://docs.aws.amazon.com/ivs/", NULL);
	r->controls = map(c, "soc2", list(c, "CC6.1", "CC7.2", NULL));
	r = rule(c, "required-tags", SEVERITY_CRITICAL, "tags");
	r->remediation = STR("Add the tags.");
	r = rule(c, "thumbnail-interval", SEVERITY_LOW, "thumbnails");
	r->remediation = STR("Set targetIntervalSeconds.");
	rule(c, "keyframe.advice", SEVERITY_INFO, "stream.advice");
}

static void scene_clean(struct scene *c)
{
	struct judgement *j;
	size_t i;

	acme_rules(c);
	j = judgement(c, "saved/prod.json", 2, "acme-prod", ARN("AbCdEf123456"));
	for (i = 0; i < 4; i++)
		finding(c, j, i, i == 3 ? VERDICT_NOT_APPLICABLE : VERDICT_PASS);
	waiver(c, &c->rules[2], "Until the new player is out.", "video-platform", "2027-03-31");
}

static void scene_mixed(struct scene *c)
{
	struct judgement *j;
	struct finding *f;
	struct waiver *w;

	acme_rules(c);
	c->summary.other_documents = 1;
	w = waiver(c, &c->rules[0], "Legacy bucket, moved by OPS-1234.", "video-platform",
		   "2027-03-31");
	waiver(c, &c->rules[1], "Import of last year.", "media-archive", "2026-06-30");
	waiver(c, &c->rules[2], "Accepted at 5.", "", "2026-12-31");
	waiver(c, &c->rules[2], "A resource that is gone.", "video-platform", "2026-12-31");
	c->expired[1] = 1;
	c->other[2] = 1;

	j = judgement(c, "saved/prod.json", 2, "acme-prod", ARN("AbCdEf123456"));
	f = finding(c, j, 0, VERDICT_FAIL);
	f->field = STR("destinationConfiguration.s3.bucketName");
	f->actual = string(c, "recordings");
	f->expected = STR("like ^acme-(dev|stage|prod)-ivs-");
	f->message = STR("destinationConfiguration.s3.bucketName is recordings, must be "
			 "like ^acme-(dev|stage|prod)-ivs-");
	f = finding(c, j, 1, VERDICT_FAIL);
	f->field = STR("tags");
	f->actual = map(c, "owner", string(c, "video"));
	f->expected = STR("a map with the keys [Owner, Environment]");
	f->message = STR("tags lack Owner and Environment: 'owner' is near to 'Owner'");
	f->waiver = &c->waivers[1];
	f->reason = STR("the waiver of media-archive ended on 2026-06-30");
	f = finding(c, j, 2, VERDICT_FAIL);
	f->field = STR("thumbnailConfiguration.targetIntervalSeconds");
	f->actual = number(c, 60);
	((struct value *)f->actual)->flags = VALUE_DEFAULT;
	f->expected = STR("at most 30");
	f->message = STR("thumbnails are too far apart");
	finding(c, j, 3, VERDICT_NOT_APPLICABLE)->reason = STR("no stream was measured");

	j = judgement(c, "saved/prod.json", 40, "", ARN("GhIjKl123456"));
	f = finding(c, j, 0, VERDICT_WAIVED);
	f->field = STR("destinationConfiguration.s3.bucketName");
	f->actual = string(c, "legacy-recordings");
	f->expected = STR("like ^acme-(dev|stage|prod)-ivs-");
	f->message = STR("destinationConfiguration.s3.bucketName is legacy-recordings");
	f->reason = STR("Legacy bucket, moved by OPS-1234.");
	f->waiver = w;
	f->waiver_days_left = 258;
	f = finding(c, j, 1, VERDICT_FAIL);
	f->severity = SEVERITY_MEDIUM;
	f->field = STR("tags.Owner");
	f->actual = of_kind(c, VALUE_ABSENT);
	f->expected = STR("present");
	f->message = STR("tags.Owner is absent");
	finding(c, j, 2, VERDICT_PASS);
	finding(c, j, 3, VERDICT_PASS);

	j = judgement(c, "template.yaml", 7, "Recordings", "");
	f = finding(c, j, 0, VERDICT_UNDECIDED);
	f->field = STR("destinationConfiguration.s3.bucketName");
	f->actual = of_kind(c, VALUE_UNKNOWN);
	f->message = STR("bucket-name cannot be decided");
	f->reason = STR("destinationConfiguration.s3.bucketName is unknown: the template takes it "
			"from the parameter Bucket");
	finding(c, j, 1, VERDICT_PASS);
	f = finding(c, j, 2, VERDICT_FAIL);
	f->field = STR("thumbnailConfiguration");
	f->actual = of_kind(c, VALUE_NULL);
	f->expected = STR("present");
	f->message = STR("thumbnailConfiguration is null");
	finding(c, j, 3, VERDICT_PASS);
}

static void scene_incomplete(struct scene *c)
{
	struct judgement *j;
	struct finding *f;

	acme_rules(c);
	c->rules[1].enabled = false;
	waiver(c, &c->rules[0], "Not met in what could be read.", "video-platform", "2027-03-31");
	j = judgement(c, "./saved/part.json", 1, "acme-dev", ARN("MnOpQr123456"));
	finding(c, j, 0, VERDICT_PASS);
	f = finding(c, j, 2, VERDICT_ERROR);
	f->field = STR("name");
	f->actual = string(c, "acme-dev");
	f->message = STR("name could not be matched");
	f->reason = STR("the pattern reached its limit of 200000 steps");
	/* Group rules, at the end of the audit. */
	j = judgement(c, "./saved/part.json", 1, "acme-dev", ARN("MnOpQr123456"));
	j->is_group = true;
	f = finding(c, j, 3, VERDICT_FAIL);
	f->field = STR("tags.Environment");
	f->expected = STR("the same in the group");
	f->message = STR("tags.Environment differs in a group of 2");
	problem(c, PROBLEM_UNREADABLE, "saved/locked.json", 0, 0, "cannot open: Permission denied");
	problem(c, PROBLEM_REFUSED, "saved/broken.ndjson", 3, 17, "expected ',' or '}'");
	problem(c, PROBLEM_REFUSED, "saved/broken.ndjson", 3, 17, "duplicate key 'tags'");
	problem(c, PROBLEM_EMPTY, "saved/channels.json", 0, 0, "no recording configuration in it");
	problem(c, PROBLEM_MISSING, "-", 9, 1, "eu-west-1 was not fetched: AccessDeniedException");
	problem(c, PROBLEM_CUT, "<stdin>", 12, 1, "the stream has no trailer");
}

static void scene_idle(struct scene *c)
{
	struct judgement *j;
	size_t i;

	acme_rules(c);
	j = judgement(c, "saved/prod.json", 2, "acme-prod", ARN("AbCdEf123456"));
	for (i = 0; i < 4; i++)
		finding(c, j, i, VERDICT_NOT_APPLICABLE);
}

/* Passes, and says what it does not know. */
static void scene_undecided(struct scene *c)
{
	struct judgement *j;
	struct finding *f;
	size_t i;

	acme_rules(c);
	j = judgement(c, "saved/list.json", 2, "acme-prod", ARN("AbCdEf123456"));
	for (i = 0; i < 4; i++) {
		f = finding(c, j, i, i == 2 ? VERDICT_UNDECIDED : VERDICT_PASS);
		if (i == 2)
			f->reason = STR("thumbnailConfiguration is unknown: a summary lacks it");
	}
	problem(c, PROBLEM_ALLOWED, "app/parent.yaml", 19, 3, "a nested stack is in no file");
}

static void scene_empty(struct scene *c)
{
	acme_rules(c);
}

/* Everything that some reader of some format takes for more than text. */
#define NASTY                                                                                      \
	"\033[31mred\033]0;title\007 \x01\x1f\x7f\r\n::error::out\n  ::set-output name=a::b\n"     \
	"##[add-mask]x ###[y <b>&amp;'\"</b> ]]> [[ATTACHMENT|/etc/passwd]] [[[ATTACHMENT|x]] "    \
	"\xe2\x80\xae"                                                                             \
	"override\xe2\x81\xa6isolate\xe2\x80\x8bzero \xe2\x80\xa8line\xe2\x80\xa9paragraph "       \
	"\xc2\x85next \xc2\x9b"                                                                    \
	"31m csi \xef\xbf\xbe\xef\xbf\xbf =cmd() @x %0A `id` \\u0000 \\ wide "                     \
	"\xe6\x97\xa5\xe6\x9c\xac"                                                                 \
	" </script><script>alert(1)</script><!--<script> </noscript></title></style>"              \
	"<img src=x onerror=alert(1)>\" onfocus=\"alert(1) javascript:alert(1)"
/* The same with what only names of files can hold. */
#define NASTY_FILE "::error file=x::\xff\xfe\xc0\xaf\xed\xa0\x80" NASTY

static void scene_hostile(struct scene *c)
{
	static const char nul[] = "before\0after ##[group]";
	struct judgement *j;
	struct finding *f;
	struct rule *r;
	struct waiver *w;
	char *long_text = arena_alloc(&c->arena, 9001);
	struct value *v;

	memset(long_text, 'x', 9000);
	memcpy(long_text + 4093, "\xe2\x82\xac", 3); /* across the cut */
	r = rule(c, "hostile", SEVERITY_HIGH, "  ");
	r->title = r->rationale = r->remediation = s_(NASTY);
	r->references = list(c, NASTY, NULL);
	r->controls = map(c, NASTY, list(c, NASTY, NULL));
	rule(c, "::group::" NASTY, SEVERITY_CRITICAL, "a.b." NASTY);
	rule(c, "plain", SEVERITY_LOW, "");
	w = waiver(c, &c->rules[1], NASTY, NASTY, "2027-03-31");
	waiver(c, &c->rules[1], NASTY, NASTY, "2026-03-31");
	c->source.name = NASTY_FILE;
	c->policy.file = NASTY_FILE;
	c->policy.name = c->policy.description = s_(NASTY);

	j = judgement(c, NASTY_FILE, 1, NASTY, "");
	f = finding(c, j, 0, VERDICT_FAIL);
	f->field = f->expected = f->message = s_(NASTY);
	f->actual = map(c, NASTY, list(c, NASTY, "##[", NULL));
	f->excerpt = (struct excerpt){ s_(NASTY), s_(NASTY), s_(NASTY), true, true };
	f->reason = s_(NASTY);
	f->waiver = &c->waivers[1];
	f = finding(c, j, 1, VERDICT_WAIVED);
	f->message = f->reason = s_(NASTY);
	f->actual = v = ARENA_NEW(&c->arena, struct value);
	*v = value_of_str((struct str){ nul, sizeof(nul) - 1 });
	f->waiver = w;
	f = finding(c, j, 2, VERDICT_UNDECIDED);
	f->message = STR("");
	f->reason = s_(NASTY);
	f->actual = v = of_kind(c, VALUE_UNKNOWN);
	v->why = NASTY;

	j = judgement(c, "\xe3\x80\x80::warning::x", 0, long_text, NASTY);
	f = finding(c, j, 0, VERDICT_ERROR);
	f->message = STR("\n\n::stop-commands::x");
	f->reason = STR("\xc2\xa0::debug::x");
	f->actual = string(c, long_text);
	f = finding(c, j, 1, VERDICT_FAIL);
	f->message = STR(" ");
	f->expected = STR("::");
	f->actual = v = ARENA_NEW(&c->arena, struct value);
	*v = value_of_str((struct str){ arena_alloc(&c->arena, 200000), 200000 });
	finding(c, j, 2, VERDICT_NOT_APPLICABLE)->reason = s_(NASTY);
	problem(c, PROBLEM_REFUSED, NASTY_FILE, 3, 4, NASTY_FILE);
	problem(c, PROBLEM_UNREADABLE, "", 0, 0, long_text);
}

/* Texts put together from pieces that matter to somebody, and any bytes. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static const char *random_text(struct scene *c, uint32_t *seed, bool well_formed)
{
	static const char *const pieces[] = {
		":",
		"::",
		"#",
		"##",
		"[",
		"[[",
		"##[",
		"]]>",
		"<",
		"&",
		"&#",
		"\"",
		"'",
		"\\",
		"\n",
		"\r",
		"\t",
		" ",
		"\033[",
		"ATTACHMENT|",
		"[ATTACHMENT|",
		"a",
		"error",
		"\xc2\xa0",
		"\xe3\x80\x80",
		"\xe2\x80\xa8",
		"\xc2\x85",
		"\xe2\x80\xae",
		"{x: 1}",
		"-",
		"\x7f",
		"\xef\xbf\xbf",
		"\xe2\x80\x8b",
		"%",
		"\xf0\x9f\x98\x80",
	};
	enum { N_PIECES = sizeof(pieces) / sizeof(pieces[0]) };
	struct buf b = BUF_INIT(0);
	uint32_t n = next_random(seed) % 30;
	const char *text;

	while (n-- > 0) {
		if (!well_formed && next_random(seed) % 8 == 0)
			buf_putc(&b, (char)(next_random(seed) % 255 + 1));
		else
			buf_puts(&b, pieces[next_random(seed) % N_PIECES]);
	}
	text = arena_buf(&c->arena, &b).data;
	buf_release(&b);
	return text;
}

static void scene_random(struct scene *c, uint32_t seed)
{
	struct judgement *j;
	struct finding *f;
	struct waiver *w;
	size_t i, k;

	for (k = 0; k < 3; k++) {
		rule(c, random_text(c, &seed, true), (enum severity)k, random_text(c, &seed, true));
		c->rules[k].id = s_(arena_printf(&c->arena, "%zu%s", k, c->rules[k].id.data));
		c->rules[k].remediation = s_(random_text(c, &seed, true));
	}
	w = waiver(c, &c->rules[0], random_text(c, &seed, true), random_text(c, &seed, true),
		   "2026-07-16");
	for (i = 0; i < MOST_JUDGEMENTS; i++) {
		j = judgement(c, random_text(c, &seed, false), (uint32_t)i,
			      random_text(c, &seed, true), random_text(c, &seed, true));
		for (k = 0; k < 3; k++) {
			f = finding(c, j, k, (enum verdict)(next_random(&seed) % N_VERDICTS));
			f->message = s_(random_text(c, &seed, true));
			f->reason = s_(arena_printf(&c->arena, "%s.", random_text(c, &seed, true)));
			f->expected = s_(random_text(c, &seed, true));
			f->actual = string(c, random_text(c, &seed, true));
			f->waiver = f->verdict == VERDICT_WAIVED ? w : NULL;
		}
	}
	problem(c, PROBLEM_CUT, random_text(c, &seed, false), 1, 1, random_text(c, &seed, false));
}

struct scene_row {
	const char *name;
	void (*fill)(struct scene *c);
};

static const struct scene_row scenes[] = {
	{ "clean", scene_clean },           { "mixed", scene_mixed },
	{ "incomplete", scene_incomplete }, { "idle", scene_idle },
	{ "undecided", scene_undecided },   { "empty", scene_empty },
	{ "hostile", scene_hostile },
};
#define N_SCENES (sizeof(scenes) / sizeof(scenes[0]))

static struct scene *scene_new(const struct scene_row *row)
{
	struct scene *c = mem_alloc(sizeof(*c));

	scene_init(c);
	row->fill(c);
	scene_sum(c);
	return c;
}

static void scene_free(struct scene *c)
{
	arena_release(&c->arena);
	free(c);
}

/* ---- writing ---------------------------------------------------------------- */

struct variant {
	const char *format, *suffix;
	struct report_options options;
};

static const struct variant variants[] = {
	{ "text", "", { 0 } },
	{ "text", "-all", { .all = true } },
	{ "text", "-quiet", { .quiet = true } },
	{ "json", "", { 0 } },
	{ "json", "-all", { .all = true } },
	{ "ndjson", "", { 0 } },
	{ "ndjson", "-all", { .all = true } },
	{ "junit", "", { 0 } },
	{ "junit", "-gitlab", { .junit_gitlab = true } },
	{ "sarif", "", { 0 } },
	{ "sarif", "-all", { .all = true } },
	{ "csv", "", { 0 } },
	{ "csv", "-all", { .all = true } },
	{ "gitlab", "", { 0 } },
	{ "github", "", { 0 } },
	{ "markdown", "", { 0 } },
	{ "markdown", "-all", { .all = true } },
	{ "html", "", { 0 } },
	{ "html", "-all", { .all = true } },
	{ "ocsf", "", { 0 } },
	{ "ocsf", "-all", { .all = true } },
	{ "asff", "", { 0 } },
	{ "asff", "-all", { .all = true } },
};
#define N_VARIANTS   (sizeof(variants) / sizeof(variants[0]))
#define MOST_FORMATS 32

static char folder[] = "/tmp/ivslint-report-XXXXXX";

static const char *in_folder(struct scene *c, const char *name)
{
	return arena_printf(&c->arena, "%s/%s", folder, name);
}

/* As the audit hands judgements on: without what nobody asked for. */
static void feed(struct reports *rs, const struct scene *c, bool all)
{
	struct finding kept[MOST_RULES];
	struct judgement j;
	size_t i, k, n;

	for (i = 0; i < c->n_problems / 2; i++)
		reports_problem(rs, &c->problems[i]);
	for (i = 0; i < c->n_judgements; i++) {
		j = c->judgements[i];
		for (n = k = 0; k < j.n_findings; k++)
			if (all || (j.findings[k].verdict != VERDICT_PASS &&
				    j.findings[k].verdict != VERDICT_NOT_APPLICABLE))
				kept[n++] = j.findings[k];
		j.findings = kept;
		j.n_findings = n;
		reports_judgement(rs, &j);
	}
	for (i = c->n_problems / 2; i < c->n_problems; i++)
		reports_problem(rs, &c->problems[i]);
}

static int write_reports(const struct scene *c, const struct report_request *requests, size_t n,
			 const struct report_options *options, struct err *err)
{
	struct reports *rs = reports_open(requests, n, &c->run, options, err);

	if (rs == NULL)
		return -1;
	feed(rs, c, reports_want_all(requests, n, options));
	return reports_close(rs, &c->summary, err);
}

static int write_one(const struct scene *c, const struct variant *v, const char *path,
		     struct err *err)
{
	struct report_request request = { report_find(str_of(v->format)), path, false };

	assert_non_null(request.format);
	return write_reports(c, &request, 1, &v->options, err);
}

static void read_whole(struct buf *b, const char *path)
{
	struct err err;

	*b = BUF_INIT(LOTS);
	if (file_read(b, path, &err) == -1)
		fail_msg("%s", err.text);
}

/* ---- other programs --------------------------------------------------------- */

/* Exit status, or -1 when the program is not here. */
static int run_program(const char *const *argv)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}

/* n reports, each in a format. */
static void prove(const char *const *formats, const char *const *paths, size_t n)
{
	static const char *const pythons[] = { "/usr/bin/python3", "python3" };
	const char *argv[3 + 2 * N_VARIANTS + 1] = { NULL, "testdata/report/prove.py", SCHEMA };
	int status = -1;
	size_t i;

	assert_true(n <= N_VARIANTS);
	for (i = 0; i < n; i++) {
		argv[3 + 2 * i] = formats[i];
		argv[4 + 2 * i] = paths[i];
	}
	for (i = 0; i < 2 && status == -1; i++) {
		argv[0] = pythons[i];
		status = run_program(argv);
	}
	if (status == -1)
		print_message("skipped: no python3\n");
	else
		assert_int_equal(status, 0);
}

static void prove_xsd(struct scene *c, const char *path)
{
	static const char *const files[] = { "jenkins-junit-10.xsd", "windyroad-JUnit.xsd" };
	const char *from = getenv("IVSLINT_JUNIT_XSD");
	const char *argv[] = { "xmllint", "--nonet", "--noout", "--schema", NULL, path, NULL };
	size_t i;
	int status;

	if (from == NULL)
		from = "../shared/schemas/junit";
	for (i = 0; i < 2; i++) {
		argv[4] = arena_printf(&c->arena, "%s/%s", from, files[i]);
		if (access(argv[4], R_OK) != 0) {
			print_message("skipped: no %s (IVSLINT_JUNIT_XSD names its folder)\n",
				      files[i]);
			continue;
		}
		status = run_program(argv);
		if (status == -1)
			print_message("skipped: no xmllint\n");
		else
			assert_int_equal(status, 0);
	}
}

/* ---- tests ------------------------------------------------------------------ */

/* What stands between the two words, all over, becomes "...". */
static void leave_out(struct buf *b, const char *from, const char *to)
{
	struct buf kept = BUF_INIT(LOTS);
	const char *at = buf_str(b).data, *start, *end;

	while ((start = strstr(at, from)) != NULL &&
	       (end = strstr(start + strlen(from), to)) != NULL) {
		buf_put(&kept, at, (size_t)(start - at) + strlen(from));
		PUT(&kept, "...");
		at = end;
	}
	buf_puts(&kept, at);
	buf_release(b);
	*b = kept;
}

/* The page's style and script are files of their own. */
static void leave_out_embedded(struct buf *b)
{
	leave_out(b, "<style>", "</style>");
	leave_out(b, "<script>", "</script>");
	leave_out(b, "'sha256-", "='");
}

static void same_as_golden(const char *path, const char *golden)
{
	struct buf got, want;
	FILE *f;

	read_whole(&got, path);
	if (strstr(golden, "want.html") != NULL)
		leave_out_embedded(&got);
	if (getenv("UPDATE") != NULL) {
		f = fopen(golden, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(buf_str(&got).data, 1, got.len, f), got.len);
		fclose(f);
	}
	read_whole(&want, golden);
	if (!str_equal(buf_str(&got), buf_str(&want)))
		fail_msg("%s: got\n%s\nwant\n%s", golden, buf_str(&got).data, buf_str(&want).data);
	buf_release(&got);
	buf_release(&want);
}

/* Every variant, each to a file of its own. */
static void write_variants(struct scene *c, const char *paths[N_VARIANTS])
{
	const struct variant *v;
	struct err err;
	size_t i;

	for (i = 0; i < N_VARIANTS; i++) {
		v = &variants[i];
		paths[i] = in_folder(c, arena_printf(&c->arena, "%s%s", v->format, v->suffix));
		if (write_one(c, v, paths[i], &err) == -1)
			fail_msg("%s: %s", v->format, err.text);
	}
}

static void prove_variants(struct scene *c, const char *const paths[N_VARIANTS])
{
	const char *formats[N_VARIANTS];
	size_t i;

	for (i = 0; i < N_VARIANTS; i++)
		formats[i] = variants[i].format;
	prove(formats, paths, N_VARIANTS);
	for (i = 0; i < N_VARIANTS; i++)
		if (strcmp(variants[i].format, "junit") == 0 && variants[i].suffix[0] == '\0')
			prove_xsd(c, paths[i]);
}

static void test_goldens(void **state)
{
	const char *paths[N_VARIANTS];
	struct scene *c;
	size_t i, k;

	(void)state;
	for (i = 0; i < N_SCENES; i++) {
		c = scene_new(&scenes[i]);
		write_variants(c, paths);
		for (k = 0; k < N_VARIANTS; k++)
			same_as_golden(paths[k],
				       arena_printf(&c->arena, "testdata/report/%s/want.%s%s",
						    scenes[i].name, variants[k].format,
						    variants[k].suffix));
		prove_variants(c, paths);
		scene_free(c);
	}
}

static void test_random(void **state)
{
	const char *paths[N_VARIANTS];
	struct scene *c;
	uint32_t seed;

	(void)state;
	for (seed = 1; seed <= 8; seed++) {
		c = mem_alloc(sizeof(*c));
		scene_init(c);
		scene_random(c, seed);
		scene_sum(c);
		write_variants(c, paths);
		prove_variants(c, paths);
		scene_free(c);
	}
}

/* Several at once are what each is alone, though one of them wants everything. */
static void test_together(void **state)
{
	struct report_request requests[MOST_FORMATS];
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	struct err err;
	size_t i;

	(void)state;
	assert_true(report_n <= MOST_FORMATS);
	for (i = 0; i < report_n; i++)
		requests[i] = (struct report_request){ report_table[i],
						       in_folder(c, report_table[i]->name), false };
	assert_true(reports_want_all(requests, report_n, &options));
	if (write_reports(c, requests, report_n, &options, &err) == -1)
		fail_msg("%s", err.text);
	for (i = 0; i < report_n; i++)
		same_as_golden(requests[i].path,
			       arena_printf(&c->arena, "testdata/report/mixed/want.%s",
					    report_table[i]->name));
	scene_free(c);
}

/* Standard output, as a terminal and not. */
static void test_terminal(void **state)
{
	static const struct report_options looks[] = {
		{ .color = true, .width = 60 },
		{ .all = true, .width = 79 },
	};
	static const char *const goldens[] = { "testdata/report/mixed/want.text-color",
					       "testdata/report/mixed/want.text-width" };
	struct report_request request = { report_find(STR("text")), "-", false };
	struct scene *c = scene_new(&scenes[1]);
	const char *path = in_folder(c, "stdout");
	int keep, fd, rc;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		fflush(stdout);
		keep = dup(STDOUT_FILENO);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, STDOUT_FILENO);
		rc = write_reports(c, &request, 1, &looks[i], &err);
		fflush(stdout);
		dup2(keep, STDOUT_FILENO);
		close(keep);
		close(fd);
		assert_int_equal(rc, 0);
		same_as_golden(path, goldens[i]);
	}
	scene_free(c);
}

static void test_full_disk(void **state)
{
	struct scene *c = scene_new(&scenes[1]);
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < N_VARIANTS; i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(write_one(c, &variants[i], "/dev/full", &err), -1);
		assert_int_equal(err.kind, ERR_OUTPUT);
		assert_non_null(strstr(err.text, "/dev/full"));
	}
	scene_free(c);
}

static void test_one_fails(void **state)
{
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	struct report_request requests[] = {
		{ report_find(STR("text")), "/dev/full", false },
		{ report_find(STR("ndjson")), in_folder(c, "kept"), false },
	};
	struct err err;

	(void)state;
	assert_int_equal(write_reports(c, requests, 2, &options, &err), -1);
	assert_int_equal(err.kind, ERR_OUTPUT);
	same_as_golden(requests[1].path, "testdata/report/mixed/want.ndjson");
	scene_free(c);
}

static void test_same_place(void **state)
{
	struct scene *c = scene_new(&scenes[0]);
	const char *file = in_folder(c, "there"), *link_ = in_folder(c, "link");
	const char *pairs[][2] = {
		{ "-", "-" },
		{ "a.json", "a.json" },
		{ "a.json", ".//a.json" },
		{ file, link_ },
	};
	struct report_options options = { 0 };
	struct report_request requests[2];
	struct err err;
	size_t i;

	(void)state;
	close(open(file, O_WRONLY | O_CREAT, 0600));
	assert_int_equal(link(file, link_), 0);
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		requests[0] =
		    (struct report_request){ report_find(STR("text")), pairs[i][0], false };
		requests[1] =
		    (struct report_request){ report_find(STR("json")), pairs[i][1], false };
		assert_null(reports_open(requests, 2, &c->run, &options, &err));
		assert_int_equal(err.kind, ERR_USAGE);
	}
	assert_int_equal(access("a.json", F_OK), -1);
	scene_free(c);
}

/* One output that cannot be opened leaves nothing of the others. */
static void test_open_fails(void **state)
{
	struct scene *c = scene_new(&scenes[0]);
	struct report_options options = { 0 };
	struct report_request requests[] = {
		{ report_find(STR("junit")), in_folder(c, "never"), false },
		{ report_find(STR("json")), in_folder(c, "no/such/folder"), false },
	};
	struct reports *rs;
	struct err err;

	(void)state;
	assert_null(reports_open(requests, 2, &c->run, &options, &err));
	assert_int_equal(access(requests[0].path, F_OK), -1);
	/* Neither does a run that was given up. */
	rs = reports_open(requests, 1, &c->run, &options, &err);
	assert_non_null(rs);
	feed(rs, c, true);
	reports_abandon(rs);
	reports_abandon(NULL);
	assert_int_equal(access(requests[0].path, F_OK), -1);
	scene_free(c);
}

/* What is different about a format. */
static const struct trait {
	const char *format;
	const char *bug; /* how it says that the sums are wrong; NULL: it has no word for it */
	off_t most;      /* bytes of the longest report; 0: it grows */
} traits[] = {
	{ "text", "INCOMPLETE: bug: ", 0 },
	{ "json", "\"bug\":\"", 0 },
	{ "ndjson", "\"bug\":\"", 0 },
	{ "junit", "message=\"INCOMPLETE: bug: ", 0 },
	{ "sarif", "\"text\":\"INCOMPLETE: bug: ", 64 << 20 },
	{ "csv", "\"INCOMPLETE: bug: ", 0 },
	{ "gitlab", "\"INCOMPLETE: bug: ", 64 << 20 },
	{ "github", "::error title=ivslint::INCOMPLETE: bug: ", 32 << 10 },
	{ "markdown", "**INCOMPLETE: bug: ", LIMIT_MARKDOWN },
	{ "html", "<h2 id=\"verdict\">Incomplete</h2>\n<p>bug: ", 32 << 20 },
	{ "ocsf", "\"message\":\"INCOMPLETE: bug: ", 0 },
	{ "asff", "\"Description\":\"INCOMPLETE: bug: ", 0 },
};

static const struct trait *trait_of(const struct report_format *format)
{
	size_t i;

	for (i = 0; i < sizeof(traits) / sizeof(traits[0]); i++)
		if (strcmp(traits[i].format, format->name) == 0)
			return &traits[i];
	fail_msg("no traits of %s", format->name);
	return NULL;
}

/* Sums that do not add up: no report may look whole. */
static void test_bugs(void **state)
{
	const char *sign;
	struct report_request requests[MOST_FORMATS];
	struct report_options options = { 0 };
	struct scene *c;
	struct buf b;
	struct err err;
	size_t i, k;

	(void)state;
	for (k = 0; k < 6; k++) {
		c = scene_new(&scenes[1]);
		switch (k) {
		case 0: /* a resource too many */
			c->tally.resources++;
			break;
		case 1: /* a finding was counted, and lost on the way to the report */
			c->tally.verdicts[VERDICT_FAIL]++;
			c->tally.verdicts[VERDICT_PASS]--;
			c->tally.fails[SEVERITY_LOW]++;
			c->by_rule[0][VERDICT_FAIL]++;
			c->by_rule[1][VERDICT_PASS]--;
			break;
		case 2:
			c->tally.fails[SEVERITY_LOW]++;
			break;
		case 3:
			c->by_rule[2][VERDICT_PASS]++;
			break;
		case 4: /* complete, it says */
			problem(c, PROBLEM_REFUSED, "x", 1, 1, "no");
			break;
		case 5:
			c->summary.interrupted = true;
			break;
		}
		for (i = 0; i < report_n; i++)
			requests[i] =
			    (struct report_request){ report_table[i],
						     in_folder(c, report_table[i]->name), false };
		assert_int_equal(write_reports(c, requests, report_n, &options, &err), -1);
		assert_non_null(strstr(err.text, "bug: "));
		for (i = 0; i < report_n; i++) {
			read_whole(&b, requests[i].path);
			sign = trait_of(report_table[i])->bug;
			if (sign != NULL && strstr(buf_str(&b).data, sign) == NULL)
				fail_msg("case %zu: %s", k, buf_str(&b).data);
			assert_null(strstr(buf_str(&b).data, "\"complete\":true"));
			buf_release(&b);
		}
		scene_free(c);
	}
}

/* An interrupted run is not whole, and no bug. */
static void test_interrupted(void **state)
{
	struct scene *c = scene_new(&scenes[1]);
	const char *path = in_folder(c, "cut");
	struct err err;
	struct buf b;

	(void)state;
	c->summary.interrupted = true;
	c->summary.complete = false;
	c->summary.status = 3;
	c->tally.resources++; /* read, and not judged by the rules of groups */
	assert_int_equal(write_one(c, &variants[0], path, &err), 0);
	read_whole(&b, path);
	assert_non_null(strstr(b.data, "INCOMPLETE: the run was interrupted"));
	assert_non_null(strstr(b.data, "12 verdicts of 16"));
	buf_release(&b);
	scene_free(c);
}

/* Bytes go on as they come: what is held does not grow with the resources. */
static void test_many(void **state)
{
	enum { MANY = 20000 };
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	struct report_request request;
	struct tally *t = &c->tally;
	struct reports *rs;
	struct stat stat_;
	struct err err;
	size_t i, k, v;
	off_t most;

	(void)state;
	t->resources *= MANY;
	for (v = 0; v < N_VERDICTS; v++) {
		t->verdicts[v] *= MANY;
		for (i = 0; i < MOST_RULES; i++)
			c->by_rule[i][v] *= MANY;
	}
	for (v = 0; v < N_SEVERITIES; v++)
		t->fails[v] *= MANY;
	for (i = 0; i < report_n; i++) {
		request = (struct report_request){ report_table[i], in_folder(c, "many"), false };
		rs = reports_open(&request, 1, &c->run, &options, &err);
		assert_non_null(rs);
		for (k = 0; k < MANY; k++)
			feed(rs, c, reports_want_all(&request, 1, &options));
		assert_false(reports_failed(rs));
		assert_int_equal(reports_close(rs, &c->summary, &err), 0);
		assert_int_equal(stat(request.path, &stat_), 0);
		most = trait_of(report_table[i])->most;
		if (most == 0) {
			assert_true(stat_.st_size > MANY * 1000);
			continue;
		}
		assert_true(stat_.st_size <= most);
		prove(&report_table[i]->name, &request.path, 1);
	}
	scene_free(c);
}

/* Annotations behind a text, as --format auto has them in a workflow. */
static void test_follow(void **state)
{
	struct report_request requests[] = { { report_find(STR("text")), "-", false },
					     { report_find(STR("github")), "-", false } };
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	const char *path = in_folder(c, "follow");
	struct buf got, want, rest;
	struct err err;
	int keep, fd, rc;

	(void)state;
	fflush(stdout);
	keep = dup(STDOUT_FILENO);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDOUT_FILENO);
	rc = write_reports(c, requests, 2, &options, &err);
	fflush(stdout);
	dup2(keep, STDOUT_FILENO);
	close(keep);
	close(fd);
	assert_int_equal(rc, 0);
	read_whole(&got, path);
	read_whole(&want, "testdata/report/mixed/want.text");
	read_whole(&rest, "testdata/report/mixed/want.github");
	buf_put_str(&want, buf_str(&rest));
	assert_string_equal(got.data, want.data);
	buf_release(&got);
	buf_release(&want);
	buf_release(&rest);
	/* The other way round they would be mixed up. */
	requests[0].format = report_find(STR("github"));
	requests[1].format = report_find(STR("text"));
	assert_null(reports_open(requests, 2, &c->run, &options, &err));
	assert_int_equal(err.kind, ERR_USAGE);
	scene_free(c);
}

/* The summary of a step: behind what others wrote, and never past its limit. */
static void test_step_summary(void **state)
{
	static const size_t before[] = { 0, 100, LIMIT_STEP_SUMMARY - 5000, LIMIT_STEP_SUMMARY - 10,
					 LIMIT_STEP_SUMMARY + 1 };
	struct report_options options = { 0 };
	struct scene *c = scene_new(&scenes[1]);
	struct report_request request = { report_find(STR("markdown")), in_folder(c, "step"),
					  true };
	struct buf b;
	struct err err;
	FILE *f;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		f = fopen(request.path, "w");
		assert_non_null(f);
		for (k = 0; k < before[i]; k++)
			fputc('x', f);
		fclose(f);
		assert_int_equal(write_reports(c, &request, 1, &options, &err), 0);
		read_whole(&b, request.path);
		assert_true(b.len >= before[i]);
		assert_true(b.len <= LIMIT_STEP_SUMMARY || b.len == before[i]);
		if (i < 3)
			assert_non_null(strstr(b.data + before[i], "## ivslint: failed"));
		for (k = 0; k < before[i]; k++)
			assert_int_equal(b.data[k], 'x');
		buf_release(&b);
	}
	scene_free(c);
}

/* More accounts and regions than a SARIF file has runs. */
static void test_scopes(void **state)
{
	static const char *const format = "sarif";
	struct variant variant = { format, "", { 0 } };
	struct scene *c = mem_alloc(sizeof(*c));
	const char *path;
	struct judgement *j;
	struct buf b;
	struct err err;
	size_t i;

	(void)state;
	scene_init(c);
	acme_rules(c);
	path = in_folder(c, "scopes");
	for (i = 0; i < 60; i++) {
		j = judgement(c, "saved/all.json", 1, "", ARN("AbCdEf123456"));
		j->subject.region = s_(arena_printf(&c->arena, "xx-north-%zu", i % 30));
		finding(c, j, 0, VERDICT_FAIL)->message = STR("no");
		finding(c, j, 1, VERDICT_PASS);
		finding(c, j, 2, VERDICT_PASS);
		finding(c, j, 3, VERDICT_PASS);
	}
	scene_sum(c);
	assert_int_equal(write_one(c, &variant, path, &err), 0);
	prove(&format, &path, 1);
	read_whole(&b, path);
	assert_non_null(strstr(b.data, "\"id\":\"ivslint/123456789012/xx-north-18/\""));
	assert_null(strstr(b.data, "\"id\":\"ivslint/123456789012/xx-north-19/\""));
	assert_non_null(strstr(b.data, "\"id\":\"ivslint/more/\""));
	buf_release(&b);
	scene_free(c);
}

static void test_names(void **state)
{
	(void)state;
	assert_ptr_equal(report_find(STR("junit"))->name, report_table[3]->name);
	assert_null(report_find(STR("jun")));
	assert_null(report_find(STR("")));
	assert_string_equal(problem_kind_name(PROBLEM_CUT), "cut");
}

/* The HTML page of every scene, for the test in a browser. */
static void test_pages(void **state)
{
	const struct variant variant = { "html", "", { 0 } };
	const char *to = getenv("IVSLINT_KEEP_PAGES");
	struct scene *c;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < N_SCENES; i++) {
		c = scene_new(&scenes[i]);
		assert_int_equal(
		    write_one(c, &variant,
			      arena_printf(&c->arena, "%s/%s.html", to, scenes[i].name), &err),
		    0);
		scene_free(c);
	}
}

static int remove_folder(void **state)
{
	const char *const argv[] = { "rm", "-rf", folder, NULL };

	(void)state;
	return run_program(argv);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),        cmocka_unit_test(test_goldens),
		cmocka_unit_test(test_random),       cmocka_unit_test(test_together),
		cmocka_unit_test(test_terminal),     cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_one_fails),    cmocka_unit_test(test_same_place),
		cmocka_unit_test(test_open_fails),   cmocka_unit_test(test_bugs),
		cmocka_unit_test(test_interrupted),  cmocka_unit_test(test_many),
		cmocka_unit_test(test_scopes),       cmocka_unit_test(test_follow),
		cmocka_unit_test(test_step_summary),
	};
	const struct CMUnitTest pages[] = { cmocka_unit_test(test_pages) };

	if (getenv("IVSLINT_KEEP_PAGES") != NULL)
		return cmocka_run_group_tests(pages, NULL, NULL);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
