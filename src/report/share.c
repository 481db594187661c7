/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports written by several threads. Knows pieces of text and whose they are;
 * does not know how any format looks, nor when a turn comes.
 */
#include "report/share.h"

#include <stdlib.h>

#include "base/arena.h"
#include "report/report_part.h"
#include "report/reports_inside.h"

/* What was written between two cuts: up to where, of each report in turn, is in `ends`. */
struct piece {
	uint64_t seen[N_VERDICTS];
};

struct share {
	struct reports *whole;
	struct report *list;               /* as the reports' own; format NULL: not written apart */
	size_t n, n_left;                  /* reports, and those not written apart */
	uint64_t seen[N_VERDICTS], n_seen; /* since the last cut */
	struct piece *pieces;
	size_t *ends;
	size_t n_pieces, cap, handed;
};

struct share *share_new(struct reports *rs)
{
	struct share *s = mem_alloc(sizeof(*s));
	struct report *r;
	size_t i;

	*s = (struct share){ .whole = rs, .n = rs->n, .n_left = rs->n };
	s->list = mem_alloc((rs->n + 1) * sizeof(*s->list));
	for (i = 0; i < rs->n; i++) {
		r = &s->list[i];
		*r = (struct report){ .run = rs->run,
				      .options = rs->list[i].options,
				      .enough = SIZE_MAX };
		if (rs->list[i].format->begin_apart == NULL ||
		    !rs->list[i].format->begin_apart(r, &rs->list[i]))
			continue;
		r->format = rs->list[i].format;
		s->n_left--;
	}
	if (s->n_left < s->n)
		return s;
	share_free(s);
	return NULL;
}

void share_free(struct share *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++) {
		if (s->list[i].format != NULL)
			s->list[i].format->free(&s->list[i]);
		buf_release(&s->list[i].out);
	}
	free(s->list);
	free(s->pieces);
	free(s->ends);
	free(s);
}

bool share_judgement(struct share *s, const struct judgement *j)
{
	size_t i;

	for (i = 0; i < j->n_findings; i++)
		s->seen[j->findings[i].verdict]++;
	s->n_seen += j->n_findings;
	for (i = 0; i < s->n; i++)
		if (s->list[i].format != NULL)
			s->list[i].format->judgement(&s->list[i], j);
	return s->n_left != 0;
}

size_t share_size(const struct share *s)
{
	size_t size = 0, i;

	for (i = 0; i < s->n; i++)
		size += s->list[i].out.len;
	return size;
}

bool share_cut(struct share *s)
{
	size_t i;

	if (s->n_seen == 0)
		return false;
	if (s->n_pieces == s->cap) {
		s->cap = s->cap != 0 ? s->cap * 2 : 8;
		s->pieces = mem_grow(s->pieces, s->cap * sizeof(*s->pieces));
		s->ends = mem_grow(s->ends, s->cap * s->n * sizeof(*s->ends));
	}
	memcpy(s->pieces[s->n_pieces].seen, s->seen, sizeof(s->seen));
	for (i = 0; i < s->n; i++)
		s->ends[s->n_pieces * s->n + i] = s->list[i].out.len;
	s->n_pieces++;
	memset(s->seen, 0, sizeof(s->seen));
	s->n_seen = 0;
	return true;
}

/* As report_shows has it. */
static uint64_t n_shown(const struct report *r, const struct piece *piece)
{
	uint64_t n = 0;
	int v;

	for (v = 0; v < N_VERDICTS; v++)
		if (r->options.all || (v != VERDICT_PASS && v != VERDICT_NOT_APPLICABLE))
			n += piece->seen[v];
	return n;
}

void share_hand_over(struct share *s)
{
	const struct piece *piece = &s->pieces[s->handed];
	const size_t *ends = &s->ends[s->handed * s->n];
	struct report *whole;
	struct str text;
	size_t i, from;
	int v;

	for (v = 0; v < N_VERDICTS; v++)
		s->whole->seen[v] += piece->seen[v];
	for (i = 0; i < s->n; i++) {
		whole = &s->whole->list[i];
		from = s->handed != 0 ? s->ends[(s->handed - 1) * s->n + i] : 0;
		whole->lost = whole->lost || s->list[i].out.failed;
		if (ends[i] == from)
			continue;
		text = (struct str){ s->list[i].out.data + from, ends[i] - from };
		if (whole->format->join != NULL)
			whole->format->join(whole, text, n_shown(whole, piece));
		else
			report_put_text(whole, text);
	}
	s->handed++;
}

void share_rest(struct share *s, const struct judgement *j)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->list[i].format != NULL)
			continue;
		s->whole->list[i].format->judgement(&s->whole->list[i], j);
		report_spill(&s->whole->list[i]);
	}
}

void share_clear(struct share *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		buf_clear(&s->list[i].out);
	s->n_pieces = s->handed = 0;
}
