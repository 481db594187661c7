/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two reports both tell of: the same findings count once, where both reports hold
 * all that is to be taken out of the sums again.
 */
#include "cmd/merge_inside.h"

#include <string.h>

#include "base/log.h"
#include "report/finding_part.h"

#define TOLD_MOST 10 /* resources that are told one by one */
#define ID_MOST   32 /* digits of a digest, which tell resources apart: 128 bits */

static void put_part(struct buf *b, struct str s)
{
	buf_printf(b, "%zu:", s.len);
	buf_put_str(b, s);
}

/* All that a reader would be told of the judgement. */
static void put_content(struct buf *b, const struct judgement *j)
{
	const struct finding *f;
	size_t i;

	put_part(b, j->subject.file == NULL ? STR("") : str_of(j->subject.file));
	buf_printf(b, "%u:%u", j->subject.place.line, j->subject.place.column);
	for (i = 0; i < j->n_findings; i++) {
		f = &j->findings[i];
		buf_printf(b, "\n%zu %d %d %u:%u ", f->rule->index, (int)f->verdict,
			   (int)f->severity, f->place.line, f->place.column);
		put_part(b, f->message);
		put_part(b, f->reason);
		put_part(b, f->expected);
		if (f->actual != NULL)
			finding_show(b, f);
	}
}

static void take_back(struct merge *m, const struct judgement *j)
{
	struct tally *t = &m->tally;
	const struct finding *f;
	uint64_t *count;
	size_t i;

	t->resources -= !j->is_group;
	if (j->subject.kind != KIND_RECORDING_CONFIGURATION)
		t->of_kind[j->subject.kind] -= !j->is_group;
	for (i = 0; i < j->n_findings; i++) {
		f = &j->findings[i];
		t->verdicts[f->verdict]--;
		t->rules[f->rule->index][f->verdict]--;
		if (f->verdict == VERDICT_FAIL)
			t->fails[f->severity]--;
		if (f->waiver == NULL || f->waiver->index == SIZE_MAX)
			continue;
		count = f->verdict == VERDICT_WAIVED        ? t->waivers
			: f->waiver->expires < m->run.as_of ? t->waivers_expired
							    : t->waivers_other_value;
		if (count[f->waiver->index] != 0)
			count[f->waiver->index]--;
	}
}

static void tell_twice(struct merge *m, const struct judgement *j, const struct look *look,
		       bool same)
{
	uint64_t *n = same ? &m->n_same : &m->n_other;
	const char *what =
	    !same ? "with other findings: both are reported"
	    : m->saved[m->now]->all && m->saved[look->report]->all
		? "with the same findings: it counts once"
		: "with the same findings: it counts twice, as not both were written "
		  "with --all";

	if (++*n > TOLD_MOST)
		return;
	log_warning("%.*s is in '%s' and in '%s', %s", STR_ARG(j->subject.id),
		    m->saved[look->report]->path, m->saved[m->now]->path, what);
}

bool merge_is_double(struct merge *m, const struct judgement *j)
{
	char id[DIGEST_HEX_SIZE], content[DIGEST_HEX_SIZE];
	const struct str parts[] = { j->subject.id, j->is_group ? STR("group") : STR("") };
	struct look *look;
	struct str text;
	bool is_new, same;
	size_t i;

	if (m->n == 1)
		return false;
	digest_parts(parts, 2, id);
	buf_clear(&m->text);
	put_content(&m->text, j);
	text = buf_str(&m->text);
	digest_parts(&text, 1, content);
	i = names_add(&m->names, (struct str){ id, ID_MOST }, &is_new);
	if (i >= m->cap_looks) {
		m->cap_looks = m->cap_looks != 0 ? m->cap_looks * 2 : 256;
		m->looks = mem_grow(m->looks, m->cap_looks * sizeof(*m->looks));
	}
	look = &m->looks[i];
	if (!is_new && look->report != m->now) {
		same = strcmp(look->content, content) == 0;
		if (!j->is_group)
			tell_twice(m, j, look, same);
		if (same && m->saved[m->now]->all && m->saved[look->report]->all) {
			take_back(m, j);
			return true;
		}
		return false;
	}
	memcpy(look->content, content, sizeof(content));
	look->report = (uint32_t)m->now;
	return false;
}

void merge_tell_doubles(const struct merge *m)
{
	if (m->n_same > TOLD_MOST)
		log_warning("%llu more are in two reports with the same findings",
			    (unsigned long long)(m->n_same - TOLD_MOST));
	if (m->n_other > TOLD_MOST)
		log_warning("%llu more are in two reports with other findings",
			    (unsigned long long)(m->n_other - TOLD_MOST));
}
