/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scenes that every format is written of: clean, mixed, incomplete ..., and
 * texts that some reader takes for more than text.
 */
#ifndef REPORT_SCENES_FIXTURE_H
#define REPORT_SCENES_FIXTURE_H

#include "report/scene_fixture.h"

static inline void acme_rules(struct scene *c)
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

static inline void scene_clean(struct scene *c)
{
	struct judgement *j;
	size_t i;

	acme_rules(c);
	j = judgement(c, "saved/prod.json", 2, "acme-prod", ARN("AbCdEf123456"));
	for (i = 0; i < 4; i++)
		finding(c, j, i, i == 3 ? VERDICT_NOT_APPLICABLE : VERDICT_PASS);
	waiver(c, &c->rules[2], "Until the new player is out.", "video-platform", "2027-03-31");
}

static inline void scene_mixed(struct scene *c)
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

static inline void scene_incomplete(struct scene *c)
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

static inline void scene_idle(struct scene *c)
{
	struct judgement *j;
	size_t i;

	acme_rules(c);
	j = judgement(c, "saved/prod.json", 2, "acme-prod", ARN("AbCdEf123456"));
	for (i = 0; i < 4; i++)
		finding(c, j, i, VERDICT_NOT_APPLICABLE);
}

/* Passes, and says what it does not know. */
static inline void scene_undecided(struct scene *c)
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

static inline void scene_empty(struct scene *c)
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

static inline void scene_hostile(struct scene *c)
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
static inline uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static inline const char *random_text(struct scene *c, uint32_t *seed, bool well_formed)
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

static inline void scene_random(struct scene *c, uint32_t seed)
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

static inline struct scene *scene_new(const struct scene_row *row)
{
	struct scene *c = mem_alloc(sizeof(*c));

	scene_init(c);
	row->fill(c);
	scene_sum(c);
	return c;
}

static inline void scene_free(struct scene *c)
{
	arena_release(&c->arena);
	free(c);
}

#endif
