/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the formats share: handing bytes on, which findings are shown, and the
 * sentences of the summary. No escaper: each format has its own.
 */
#ifndef REPORT_REPORT_PART_H
#define REPORT_REPORT_PART_H

#include "report/report.h"

#define REPORT(name) extern const struct report_format report_##name;
#include "report/report_list.h"
#undef REPORT

/* Hands r->out on when it is large. Between two items, so that none is torn but in a file. */
void report_spill(struct report *r);
/* Hands r->out on whatever its size. */
void report_push(struct report *r);

/* Puts bytes between two items; many are handed on at once. */
void report_put_text(struct report *r, struct str text);

/* Whether a report of this run shows the finding: all do but pass and not-applicable. */
bool report_shows(const struct report *r, const struct finding *f);
/* The next finding that it shows, from *i on, which is 0 to begin with; NULL when there
 * are no more. */
const struct finding *report_next_shown(const struct report *r, const struct judgement *j,
					size_t *i);
/* The next that somebody is to look at, whatever else is shown: a fail, an error, what is
 * undecided. */
const struct finding *report_next_open(const struct judgement *j, size_t *i);

/* Of a format that writes findings one after the other: those that are shown by `put`,
 * which is inlined. */
static inline void report_put_shown(struct report *r, const struct judgement *j,
				    void put(struct report *r, const struct judgement *j,
					     const struct finding *f))
{
	const struct finding *f;
	size_t i = 0;

	while ((f = report_next_shown(r, j, &i)) != NULL) {
		put(r, j, f);
		report_spill(r);
	}
}
/* At most LIMIT_REPORT_TEXT bytes of s, cut between characters; *cut says whether. */
struct str report_cut(struct str s, bool *cut);
/* "" for NULL. */
struct str report_str(const char *text);

enum waiver_state {
	WAIVER_USED,
	WAIVER_EXPIRED,     /* its last day is over: it waives nothing */
	WAIVER_OTHER_VALUE, /* met only values that it does not accept */
	WAIVER_STALE,       /* matched nothing in a complete audit */
	WAIVER_UNUSED,      /* matched nothing, but the audit is not complete, or there is
			       something of which it is not known, or its rule is left out */
};
enum waiver_state report_waiver_state(const struct run *run, const struct summary *s,
				      const struct waiver *w);
const char *waiver_state_name(enum waiver_state state); /* "used", "other-value" ... */
/* One line without an end: "the waiver of bucket-name (policy.yaml:12:5) ended on ...".
 * Raw: what it says of the owner is not escaped. False for a state with nothing to say. */
/* Note i on a waiver in a template, and behind the last one how many more there are:
 * false behind that. */
bool report_put_note(struct buf *b, const struct summary *s, uint64_t i);
bool report_put_waiver_note(struct buf *b, const struct run *run, const struct summary *s,
			    const struct waiver *w);

/* Fails whose severity is at least `from`. */
uint64_t report_fails_from(const struct tally *t, enum severity from);
/* resources x rules: what the verdicts must add up to. */
uint64_t report_verdicts_due(const struct run *run, const struct summary *s);
uint64_t report_verdicts(const struct tally *t);

/* "1 file", "12 files" */
void report_put_count(struct buf *b, uint64_t n, const char *one, const char *many);
/* "a recording configuration or a channel": kinds of a set behind an article each. */
void report_put_kinds(struct buf *b, unsigned kinds, const char *article, const char *between);
/* The kinds that an audit under the policy looks for: recording configurations always. */
unsigned report_kinds(const struct run *run);
/* "12 recording configurations x 9 rules = 108 verdicts: 90 pass, 10 fail (1 critical, ...), ..."
 */
void report_put_matrix(struct buf *b, const struct run *run, const struct summary *s);
/* Whether no rule applied to anything though there was something to audit. */
bool report_nothing_applied(const struct summary *s);
/* "passes: ...", "fails: 10 findings at or above medium", "INCOMPLETE: ..."; by status. */
void report_put_outcome(struct buf *b, const struct run *run, const struct summary *s);

#endif
