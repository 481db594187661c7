/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with gaps against languages, both as rows of elements: a set of
 * characters that stands once, at most once, or any number of times.
 *
 * First it is asked whether any text that remains is in the language: pairs of a
 * place in either row tell. Then whether all are: a state is a place in the text's
 * row and the set of places in the language's row where that text may have led,
 * and one text that ends outside ends the search. Where a gap is longer than is
 * worth while, it is taken for one without end: that only adds texts, so nothing
 * wrong is said.
 */
#include "rule/known.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/text.h"

#define LANGUAGE_MOST 512 /* elements of the language's row: bits of a set */
#define TEXT_MOST     2048
#define GAP_MOST      256 /* characters of a gap that are counted one by one */
#define SET_WORDS     (LANGUAGE_MOST / 64 + 1)
#define SETS_MOST     64 /* sets of characters that are told apart */
/* Stands for all characters beyond ASCII that nobody names. */
#define OTHER_POINT   UINT32_MAX

enum often { ONCE, AT_MOST_ONCE, ANY_NUMBER };

struct element {
	uint64_t ascii[2]; /* bit n: the character n is in it */
	uint32_t point;    /* beyond ASCII, by itself; 0 where none is */
	bool others;       /* all beyond ASCII */
	uint8_t often;     /* enum often */
	uint32_t skip;     /* of what may be left out: where one goes on, behind the gap */
};

struct row {
	struct element *list;
	size_t n, cap, most;
	bool exact; /* nothing may be added to it */
	bool full;
};

struct set {
	uint64_t words[SET_WORDS];
};

struct state {
	struct set set;
	uint32_t at;    /* place in the text's row */
	uint32_t next;  /* another state at the same place, plus 1 */
	uint32_t tried; /* ways on from here that were taken */
};

struct walk {
	struct row text, language;
	uint32_t *points; /* a character of each kind that makes a difference */
	size_t n_points;
	size_t tail; /* from there on the language takes everything */
	struct state *states;
	size_t n_states;
	uint32_t *first; /* of each place in the text's row, plus 1 */
	uint32_t *stack; /* states, of which the last is gone on from */
	size_t n_stack;
	bool some_out, gave_up;
};

/* ---- rows --------------------------------------------------------------------- */

static struct element *row_add(struct row *r, enum often often)
{
	if (r->n == r->most) {
		r->full = true;
		return &r->list[r->n - 1];
	}
	if (r->n == r->cap) {
		r->cap = r->cap == 0 ? 64 : r->cap * 2;
		r->list = mem_grow(r->list, r->cap * sizeof(*r->list));
	}
	r->list[r->n] = (struct element){ .often = (uint8_t)often };
	return &r->list[r->n++];
}

static void element_point(struct element *e, uint32_t point)
{
	if (point < 0x80)
		e->ascii[point / 64] |= (uint64_t)1 << point % 64;
	else
		e->point = point;
}

static void element_chars(struct element *e, unsigned chars)
{
	uint32_t c;

	for (c = 0; c < 0x80; c++)
		if ((chars & chars_of(c)) != 0)
			element_point(e, c);
	e->others = (chars & CHARS_WORLD) != 0;
}

static bool element_has(const struct element *e, uint32_t point)
{
	if (point < 0x80)
		return (e->ascii[point / 64] >> point % 64 & 1) != 0;
	return e->others || (point == e->point && e->point != 0);
}

static void row_text(struct row *r, struct str text)
{
	size_t at = 0, step;

	while (at < text.len && !r->full) {
		step = text_utf8_step(text.data + at, text.len - at);
		if (step == 0) {
			r->full = true; /* no UTF-8: nothing is said of it */
			return;
		}
		element_point(row_add(r, ONCE), text_utf8_point(text.data + at, step));
		at += step;
	}
}

static void row_gap(struct row *r, unsigned chars, uint32_t least, uint32_t most)
{
	struct element gap = { .often = ONCE };
	uint32_t i;

	element_chars(&gap, chars);
	if (least > GAP_MOST) {
		r->full |= r->exact;
		least = GAP_MOST;
		most = GAP_NO_MOST;
	}
	for (i = 0; i < least && !r->full; i++)
		*row_add(r, ONCE) = gap;
	if (most - least > GAP_MOST) {
		r->full |= r->exact && most != GAP_NO_MOST;
		gap.often = ANY_NUMBER;
		gap.skip = (uint32_t)r->n + 1;
		*row_add(r, ANY_NUMBER) = gap;
		return;
	}
	/* what is left out is left out at the end: one way for each length */
	gap.often = AT_MOST_ONCE;
	gap.skip = (uint32_t)r->n + (most - least);
	for (; i < most && !r->full; i++)
		*row_add(r, AT_MOST_ONCE) = gap;
}

static void row_parts(struct row *r, const struct partial_part *parts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (parts[i].text.data != NULL)
			row_text(r, parts[i].text);
		else
			row_gap(r, parts[i].chars, parts[i].least, parts[i].most);
	}
}

/* A set of a shell pattern, asked for each character of ASCII; one that names
 * others is not looked into. */
static void row_bracket(struct row *r, struct str bracket)
{
	struct element *e = row_add(r, ONCE);
	char c;
	size_t i;

	for (i = 0; i < bracket.len; i++)
		r->full |= (unsigned char)bracket.data[i] >= 0x80;
	for (i = 0; i < 0x80; i++) {
		c = (char)i;
		if (text_glob(bracket, (struct str){ &c, 1 }))
			element_point(e, (uint32_t)i);
	}
	e->others = text_glob(bracket, STR("\xC3\xA9"));
}

static size_t bracket_end(struct str glob, size_t at)
{
	size_t i = at + 1;

	if (i < glob.len && (glob.data[i] == '!' || glob.data[i] == '^'))
		i++;
	if (i < glob.len && glob.data[i] == ']')
		i++;
	while (i < glob.len && glob.data[i] != ']')
		i += glob.data[i] == '\\' ? 2 : 1;
	return i < glob.len ? i + 1 : glob.len;
}

static void row_glob(struct row *r, struct str glob)
{
	size_t at = 0, end;

	while (at < glob.len && !r->full) {
		end = at + 1;
		switch (glob.data[at]) {
		case '*':
			element_chars(row_add(r, ANY_NUMBER), CHARS_ANY);
			break;
		case '?':
			element_chars(row_add(r, ONCE), CHARS_ANY);
			break;
		case '[':
			end = bracket_end(glob, at);
			row_bracket(r, (struct str){ glob.data + at, end - at });
			break;
		default:
			if (glob.data[at] == '\\' && ++at == glob.len)
				return;
			end = at + text_utf8_step(glob.data + at, glob.len - at);
			if (end == at) {
				r->full = true;
				return;
			}
			row_text(r, (struct str){ glob.data + at, end - at });
			break;
		}
		at = end;
	}
}

/* ---- characters that make a difference ----------------------------------------- */

static void add_point(struct walk *w, uint32_t point)
{
	size_t i;

	for (i = 0; i < w->n_points; i++)
		if (w->points[i] == point)
			return;
	w->points[w->n_points++] = point;
}

/* The sets of ASCII that elements have, each once; false past what is told apart. */
static bool choose_sets(const struct walk *w, uint64_t sets[SETS_MOST][2], size_t *n)
{
	const struct row *rows[] = { &w->text, &w->language };
	size_t k, i, j;

	*n = 0;
	for (k = 0; k < 2; k++) {
		for (i = 0; i < rows[k]->n; i++) {
			const uint64_t *ascii = rows[k]->list[i].ascii;

			for (j = 0; j < *n; j++)
				if (sets[j][0] == ascii[0] && sets[j][1] == ascii[1])
					break;
			if (j < *n)
				continue;
			if (j == SETS_MOST)
				return false;
			sets[j][0] = ascii[0];
			sets[j][1] = ascii[1];
			(*n)++;
		}
	}
	return true;
}

/*
 * Two characters that no element tells apart need not both be tried. ASCII by
 * which of the sets it is in, others by name, and one for all that have none.
 */
static bool choose_points(struct walk *w)
{
	const struct row *rows[] = { &w->text, &w->language };
	uint64_t sets[SETS_MOST][2], in, told[0x80];
	size_t k, i, n, n_told = 0;
	uint32_t c;

	if (!choose_sets(w, sets, &n))
		return false;
	w->points = mem_alloc((0x80 + w->text.n + w->language.n + 1) * sizeof(*w->points));
	for (c = 0; c < 0x80; c++) {
		for (in = 0, i = 0; i < n; i++)
			in |= (sets[i][c / 64] >> c % 64 & 1) << i;
		for (i = 0; i < n_told && told[i] != in; i++)
			;
		if (i < n_told)
			continue;
		told[n_told++] = in;
		w->points[w->n_points++] = c;
	}
	for (k = 0; k < 2; k++)
		for (i = 0; i < rows[k]->n; i++)
			if (rows[k]->list[i].point != 0)
				add_point(w, rows[k]->list[i].point);
	add_point(w, OTHER_POINT);
	return true;
}

/* ---- sets of places in the language --------------------------------------------- */

static bool set_has(const struct set *s, size_t i)
{
	return (s->words[i / 64] >> i % 64 & 1) != 0;
}

static void set_add(struct set *s, size_t i)
{
	s->words[i / 64] |= (uint64_t)1 << i % 64;
}

static bool set_is_empty(const struct set *s)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < SET_WORDS; i++)
		all |= s->words[i];
	return all == 0;
}

/* What may be left out is passed over. */
static void set_close(const struct walk *w, struct set *s)
{
	size_t i;

	for (i = 0; i < w->language.n; i++)
		if (set_has(s, i) && w->language.list[i].often != ONCE)
			set_add(s, i + 1);
}

static struct set set_step(const struct walk *w, const struct set *from, uint32_t point)
{
	struct set to = { { 0 } };
	size_t i;

	for (i = 0; i < w->language.n; i++) {
		if ((from->words[i / 64] >> i % 64) == 0) {
			i |= 63; /* nothing more in this word */
			continue;
		}
		if (!set_has(from, i) || !element_has(&w->language.list[i], point))
			continue;
		set_add(&to, w->language.list[i].often == ANY_NUMBER ? i : i + 1);
	}
	set_close(w, &to);
	return to;
}

/* ---- walking -------------------------------------------------------------------- */

/* Notes what is clear from here on; else goes there, once. */
static void visit(struct walk *w, size_t at, const struct set *s)
{
	uint32_t known;
	size_t i;

	if (set_is_empty(s)) {
		w->some_out = true;
		return;
	}
	for (i = w->tail; w->tail < w->language.n && i <= w->language.n; i++)
		if (set_has(s, i))
			return; /* all that follows is in */
	if (at == w->text.n) {
		w->some_out |= !set_has(s, w->language.n);
		return;
	}
	for (known = w->first[at]; known != 0; known = w->states[known - 1].next)
		if (memcmp(&w->states[known - 1].set, s, sizeof(*s)) == 0)
			return;
	if (w->n_states == LIMIT_PARTIAL_STEPS) {
		w->gave_up = true;
		return;
	}
	w->states[w->n_states] = (struct state){ *s, (uint32_t)at, w->first[at], 0 };
	w->stack[w->n_stack++] = (uint32_t)w->n_states;
	w->first[at] = (uint32_t)++w->n_states;
}

/* The next way on from the state that was reached last: the shortest text first,
 * since one that is out is enough. */
static void walk_on(struct walk *w)
{
	struct state *state = &w->states[w->stack[w->n_stack - 1]];
	const struct element *e = &w->text.list[state->at];
	uint32_t point;
	struct set to;

	if (state->tried++ == 0) {
		if (e->often != ONCE)
			visit(w, e->skip, &state->set);
		return;
	}
	if (state->tried - 2 == w->n_points) {
		w->n_stack--;
		return;
	}
	point = w->points[state->tried - 2];
	if (!element_has(e, point))
		return;
	to = set_step(w, &state->set, point);
	visit(w, e->often == ANY_NUMBER ? state->at : state->at + 1, &to);
}

/* ---- pairs of places -------------------------------------------------------------- */

static bool share(const struct element *a, const struct element *b)
{
	return (a->ascii[0] & b->ascii[0]) != 0 || (a->ascii[1] & b->ascii[1]) != 0 ||
	       (a->others && (b->others || b->point != 0)) || (b->others && a->point != 0) ||
	       (a->point != 0 && a->point == b->point);
}

/* Places in the language's row that the texts up to a place may lead to, from the
 * first place on: true where the ends of both meet. */
static bool any_is_in(const struct walk *w)
{
	size_t n = w->text.n, m = w->language.n, i, k;
	bool *reached = mem_alloc((n + 1) * (m + 1) * sizeof(*reached)), in;

	memset(reached, 0, (n + 1) * (m + 1) * sizeof(*reached));
	reached[0] = true;
	for (i = 0; i <= n; i++) {
		const struct element *e = i < n ? &w->text.list[i] : NULL;

		for (k = 0; k <= m; k++) {
			const struct element *l = k < m ? &w->language.list[k] : NULL;
			bool *here = &reached[i * (m + 1) + k];

			if (!*here)
				continue;
			if (l != NULL && l->often != ONCE)
				here[1] = true;
			if (e != NULL && e->often != ONCE)
				reached[e->skip * (m + 1) + k] = true;
			if (e == NULL || l == NULL || !share(e, l))
				continue;
			/* a character of both: on in each, or on in the one that may stay */
			reached[(i + 1) * (m + 1) + k + 1] = true;
			if (l->often == ANY_NUMBER)
				reached[(i + 1) * (m + 1) + k] = true;
			if (e->often == ANY_NUMBER)
				here[1] = true;
		}
	}
	in = reached[n * (m + 1) + m];
	free(reached);
	return in;
}

static bool takes_all(const struct element *e)
{
	return e->often == ANY_NUMBER && e->ascii[0] == UINT64_MAX && e->ascii[1] == UINT64_MAX &&
	       e->others;
}

static bool all_are_in(struct walk *w)
{
	struct set begin = { { 0 } };

	for (w->tail = w->language.n; w->tail > 0 && takes_all(&w->language.list[w->tail - 1]);
	     w->tail--)
		;
	if (!choose_points(w))
		return false;
	w->first = mem_alloc((w->text.n + 1) * sizeof(*w->first));
	memset(w->first, 0, (w->text.n + 1) * sizeof(*w->first));
	w->states = mem_alloc(LIMIT_PARTIAL_STEPS * sizeof(*w->states));
	w->stack = mem_alloc(LIMIT_PARTIAL_STEPS * sizeof(*w->stack));
	set_add(&begin, 0);
	set_close(w, &begin);
	visit(w, 0, &begin);
	while (w->n_stack != 0 && !w->some_out && !w->gave_up)
		walk_on(w);
	return !w->some_out && !w->gave_up;
}

/* Frees the rows. */
static enum truth walk(struct walk *w)
{
	enum truth truth = TRUTH_UNKNOWN;

	if (!w->text.full && !w->language.full) {
		if (!any_is_in(w))
			truth = TRUTH_FALSE;
		else if (all_are_in(w))
			truth = TRUTH_TRUE;
	}
	free(w->text.list);
	free(w->language.list);
	free(w->points);
	free(w->states);
	free(w->stack);
	free(w->first);
	return truth;
}

static void begin(struct walk *w, const struct partial *text)
{
	memset(w, 0, sizeof(*w));
	w->text.most = TEXT_MOST;
	w->language.most = LANGUAGE_MOST;
	w->language.exact = true;
	row_parts(&w->text, text->parts, text->n);
}

enum truth known_text(const struct partial *text, struct str wanted, enum known_where where)
{
	struct walk w;

	begin(&w, text);
	if (where == KNOWN_END || where == KNOWN_INSIDE)
		element_chars(row_add(&w.language, ANY_NUMBER), CHARS_ANY);
	row_text(&w.language, wanted);
	if (where == KNOWN_START || where == KNOWN_INSIDE)
		element_chars(row_add(&w.language, ANY_NUMBER), CHARS_ANY);
	return walk(&w);
}

enum truth known_glob(const struct partial *text, struct str glob)
{
	struct walk w;

	begin(&w, text);
	row_glob(&w.language, glob);
	return walk(&w);
}

enum truth known_shape(const struct partial *text, const struct partial_part *shape, size_t n)
{
	struct walk w;

	begin(&w, text);
	row_parts(&w.language, shape, n);
	return walk(&w);
}

enum truth known_length(const struct partial *text, uint32_t length, bool least)
{
	uint64_t fewest, most;

	partial_length(text, &fewest, &most);
	if (least)
		return fewest >= length ? TRUTH_TRUE : most < length ? TRUTH_FALSE : TRUTH_UNKNOWN;
	return most <= length ? TRUTH_TRUE : fewest > length ? TRUTH_FALSE : TRUTH_UNKNOWN;
}
