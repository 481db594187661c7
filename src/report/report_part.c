/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the formats share. Knows the sums of a run and the words for them; does
 * not know how any format writes or escapes.
 */
#include "report/report_part.h"

#include "base/limit.h"
#include "base/text.h"
#include "model/source.h"

void report_push(struct report *r)
{
	r->lost = r->lost || r->out.failed;
	if (r->out.len != 0) {
		progress_hide(r->options.progress);
		file_out_put(r->file, buf_str(&r->out));
		progress_show(r->options.progress);
	}
	buf_clear(&r->out);
}

void report_spill(struct report *r)
{
	if (r->out.len >= r->enough)
		report_put_text(r, STR(""));
}

void report_put_text(struct report *r, struct str text)
{
	size_t taken = 0;

	if (r->out.len + text.len >= r->enough) {
		r->lost = r->lost || r->out.failed;
		progress_hide(r->options.progress);
		taken = file_out_take(r->file, buf_str(&r->out), text);
		progress_show(r->options.progress);
		r->enough = file_out_least(r->file);
	}
	if (taken < r->out.len) {
		buf_drop(&r->out, taken);
		taken = 0;
	} else {
		taken -= r->out.len;
		buf_clear(&r->out);
	}
	buf_put(&r->out, text.data + taken, text.len - taken);
}

bool report_shows(const struct report *r, const struct finding *f)
{
	return r->options.all ||
	       (f->verdict != VERDICT_PASS && f->verdict != VERDICT_NOT_APPLICABLE);
}

const struct finding *report_next_shown(const struct report *r, const struct judgement *j,
					size_t *i)
{
	while (*i < j->n_findings)
		if (report_shows(r, &j->findings[(*i)++]))
			return &j->findings[*i - 1];
	return NULL;
}

const struct finding *report_next_open(const struct judgement *j, size_t *i)
{
	enum verdict verdict;

	while (*i < j->n_findings) {
		verdict = j->findings[(*i)++].verdict;
		if (verdict == VERDICT_FAIL || verdict == VERDICT_ERROR ||
		    verdict == VERDICT_UNDECIDED)
			return &j->findings[*i - 1];
	}
	return NULL;
}

struct str report_cut(struct str s, bool *cut)
{
	size_t len = LIMIT_REPORT_TEXT;

	/* what was cut once, and then read from a report, is not cut again */
	*cut = s.len > LIMIT_REPORT_TEXT &&
	       !(s.len <= LIMIT_REPORT_TEXT + 3 && str_ends(s, STR("...")));
	if (!*cut)
		return s;
	/* Back to the first byte of a character, which has at most three more. */
	while (len > LIMIT_REPORT_TEXT - 4 && ((unsigned char)s.data[len] & 0xC0) == 0x80)
		len--;
	return (struct str){ s.data, len };
}

struct str report_str(const char *text)
{
	return text == NULL ? STR("") : str_of(text);
}

/* ---- waivers ------------------------------------------------------------- */

static uint64_t waiver_count(const uint64_t *counts, const struct waiver *w)
{
	return counts == NULL ? 0 : counts[w->index];
}

/* It matched nothing, and there is nothing that it may match. */
static bool is_stale(const struct summary *s, const struct waiver *w)
{
	return s->complete && !w->left_out && tally_resources(s->tally, w->rule->kind) != 0 &&
	       waiver_count(s->tally->waivers_unknown, w) == 0;
}

enum waiver_state report_waiver_state(const struct run *run, const struct summary *s,
				      const struct waiver *w)
{
	if (w->expires < run->as_of)
		return WAIVER_EXPIRED;
	if (waiver_count(s->tally->waivers, w) != 0)
		return WAIVER_USED;
	if (waiver_count(s->tally->waivers_other_value, w) != 0)
		return WAIVER_OTHER_VALUE;
	return is_stale(s, w) ? WAIVER_STALE : WAIVER_UNUSED;
}

const char *waiver_state_name(enum waiver_state state)
{
	static const char *const names[] = {
		[WAIVER_USED] = "used",
		[WAIVER_EXPIRED] = "expired",
		[WAIVER_OTHER_VALUE] = "other-value",
		[WAIVER_STALE] = "stale",
		[WAIVER_UNUSED] = "unused",
	};

	return names[state];
}

static void put_waiver_name(struct buf *b, const struct waiver *w)
{
	struct place place;

	PUT(b, "the waiver of ");
	buf_put_str(b, w->rule->id);
	if (w->source == NULL)
		return;
	place = source_place(w->source, w->place);
	buf_printf(b, " (%s:%u:%u)", w->source->name, place.line, place.column);
}

bool report_put_waiver_note(struct buf *b, const struct run *run, const struct summary *s,
			    const struct waiver *w)
{
	enum waiver_state state = report_waiver_state(run, s, w);
	uint64_t n;

	if (state == WAIVER_USED || state == WAIVER_UNUSED)
		return false;
	put_waiver_name(b, w);
	switch (state) {
	case WAIVER_EXPIRED:
		n = waiver_count(s->tally->waivers_expired, w);
		PUT(b, " ended on ");
		text_day_put(b, w->expires);
		PUT(b, " and no longer waives: ");
		if (n != 0)
			report_put_count(b, n, "finding", "findings");
		else
			PUT(b, "nothing");
		PUT(b, " would be waived; renew or delete it");
		break;
	case WAIVER_OTHER_VALUE:
		n = waiver_count(s->tally->waivers_other_value, w);
		PUT(b, " accepts another value than what was found: ");
		report_put_count(b, n, "finding is", "findings are");
		PUT(b, " not waived");
		break;
	default:
		PUT(b, " is stale: it matched nothing here; where this audit was of everything, "
		       "delete it");
		break;
	}
	if (w->owner.len != 0) {
		PUT(b, "; owner: ");
		buf_put_str(b, w->owner);
	}
	return true;
}

bool report_put_note(struct buf *b, const struct summary *s, uint64_t i)
{
	if (i < s->n_notes) {
		buf_puts(b, s->notes[i]);
		return true;
	}
	if (i != s->n_notes || s->notes_left_out == 0)
		return false;
	buf_printf(b, "%llu more waivers in templates waive nothing",
		   (unsigned long long)s->notes_left_out);
	return true;
}

/* ---- sums ---------------------------------------------------------------- */

uint64_t report_fails_from(const struct tally *t, enum severity from)
{
	uint64_t n = 0;
	int i;

	for (i = from; i < N_SEVERITIES; i++)
		n += t->fails[i];
	return n;
}

uint64_t report_verdicts_due(const struct run *run, const struct summary *s)
{
	uint64_t due = 0;
	int k;

	for (k = 0; k < N_KINDS; k++)
		due += tally_resources(s->tally, (enum kind)k) *
		       policy_n_enabled_of(run->policy, (enum kind)k);
	return due;
}

uint64_t report_verdicts(const struct tally *t)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < N_VERDICTS; i++)
		n += t->verdicts[i];
	return n;
}

void report_put_count(struct buf *b, uint64_t n, const char *one, const char *many)
{
	buf_put_uint(b, n);
	buf_putc(b, ' ');
	buf_puts(b, n == 1 ? one : many);
}

unsigned report_kinds(const struct run *run)
{
	return policy_kinds(run->policy) | KINDS_RECORDING_CONFIGURATION;
}

void report_put_kinds(struct buf *b, unsigned kinds, const char *article, const char *between)
{
	bool some = false;
	int k;

	for (k = 0; k < N_KINDS; k++) {
		if ((kinds & KIND_BIT(k)) == 0)
			continue;
		buf_puts(b, some ? between : "");
		buf_puts(b, article);
		buf_puts(b, kind_table[k].one);
		some = true;
	}
}

static void put_fails(struct buf *b, const struct tally *t)
{
	const char *separator = " (";
	int i;

	for (i = N_SEVERITIES - 1; i >= 0; i--) {
		if (t->fails[i] == 0)
			continue;
		buf_puts(b, separator);
		buf_put_uint(b, t->fails[i]);
		buf_putc(b, ' ');
		buf_puts(b, severity_name((enum severity)i));
		separator = ", ";
	}
	if (separator[0] == ',')
		buf_putc(b, ')');
}

void report_put_matrix(struct buf *b, const struct run *run, const struct summary *s)
{
	const struct tally *t = s->tally;
	uint64_t due = report_verdicts_due(run, s), sum = report_verdicts(t);
	unsigned kinds = report_kinds(run);
	int i;

	for (i = 0; i < N_KINDS; i++) {
		if ((kinds & KIND_BIT(i)) == 0)
			continue;
		buf_puts(b, i != 0 ? ", " : "");
		report_put_count(b, tally_resources(t, (enum kind)i), kind_table[i].one,
				 kind_table[i].many);
		PUT(b, " x ");
		report_put_count(b, policy_n_enabled_of(run->policy, (enum kind)i), "rule",
				 "rules");
	}
	/* An interrupted run may have left rules of groups unjudged. */
	buf_puts(b, sum == due ? " = " : ": ");
	report_put_count(b, sum, "verdict", "verdicts");
	if (sum != due)
		buf_printf(b, " of %llu", (unsigned long long)due);
	PUT(b, ": ");
	for (i = 0; i < N_VERDICTS; i++) {
		if (i != 0)
			PUT(b, ", ");
		buf_put_uint(b, t->verdicts[i]);
		buf_putc(b, ' ');
		buf_puts(b, i == VERDICT_NOT_APPLICABLE ? "not applicable"
							: verdict_name((enum verdict)i));
		if (i == VERDICT_FAIL)
			put_fails(b, t);
	}
}

bool report_nothing_applied(const struct summary *s)
{
	const struct tally *t = s->tally;

	return t->resources != 0 && report_verdicts(t) == t->verdicts[VERDICT_NOT_APPLICABLE];
}

static void put_incomplete(struct buf *b, const struct run *run, const struct summary *s)
{
	const char *separator = "";

	PUT(b, "INCOMPLETE: ");
	if (s->bug != NULL) {
		buf_printf(b, "bug: %s", s->bug);
		separator = "; ";
	}
	if (s->interrupted) {
		buf_puts(b, separator);
		PUT(b, "the run was interrupted");
		separator = "; ";
	}
	if (s->problems != 0) {
		buf_puts(b, separator);
		report_put_count(b, s->problems, "problem", "problems");
		PUT(b, " kept something from being audited");
		separator = "; ";
	}
	if (s->empty) {
		buf_puts(b, separator);
		report_put_kinds(b, policy_kinds(run->policy), "no ", " and ");
		PUT(b, " was found");
		separator = "; ";
	}
	if (s->tally->verdicts[VERDICT_ERROR] != 0) {
		buf_puts(b, separator);
		report_put_count(b, s->tally->verdicts[VERDICT_ERROR], "verdict is an error",
				 "verdicts are errors");
		separator = "; ";
	}
	if (separator[0] == '\0')
		PUT(b, "not everything could be audited");
}

static void put_fails_outcome(struct buf *b, const struct run *run, const struct summary *s)
{
	uint64_t n = report_fails_from(s->tally, run->fail_on);

	PUT(b, "fails: ");
	if (n != 0) {
		report_put_count(b, n, "finding", "findings");
		buf_printf(b, " at or above %s", severity_name(run->fail_on));
		return;
	}
	report_put_count(b, s->tally->verdicts[VERDICT_UNDECIDED], "verdict is undecided",
			 "verdicts are undecided");
}

void report_put_outcome(struct buf *b, const struct run *run, const struct summary *s)
{
	uint64_t below;

	if (s->status != 0 && s->status != 1) {
		put_incomplete(b, run, s);
		return;
	}
	PUT(b, "complete");
	if (s->allowed != 0) {
		PUT(b, " but for ");
		report_put_count(b, s->allowed, "part that", "parts that");
		PUT(b, " --allow-unseen lets be");
	}
	PUT(b, "; ");
	if (s->status == 1) {
		put_fails_outcome(b, run, s);
		return;
	}
	PUT(b, "passes: ");
	if (s->empty) {
		PUT(b, "nothing was found to audit, and that is allowed");
		return;
	}
	if (report_nothing_applied(s)) {
		PUT(b, "no rule applied to anything");
		return;
	}
	below = s->tally->verdicts[VERDICT_FAIL];
	buf_printf(b, "no finding at or above %s", severity_name(run->fail_on));
	if (below != 0)
		buf_printf(b, ", %llu below", (unsigned long long)below);
	if (s->tally->verdicts[VERDICT_UNDECIDED] != 0)
		buf_printf(b, ", %llu undecided",
			   (unsigned long long)s->tally->verdicts[VERDICT_UNDECIDED]);
}
