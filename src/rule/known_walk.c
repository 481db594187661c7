/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First it is asked whether any text is in the language: the set of places in the
 * language's row where texts up to a place may lead, from place to place. Then
 * whether all are: a state is a place in the text's row and the set of places in
 * the language where one such text led, and one that ends outside ends the
 * search. A set that holds another, from which the same may follow, needs no
 * looking into: what is out from it is out from the other.
 *
 * Sets of places are words, and all places step at once.
 */
#include "rule/known_walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limit.h"
#include "rule/known_places.h"

#define BLOCKS_MOST 0x80

struct state {
	uint32_t at;    /* place in the text's row */
	uint32_t next;  /* another state at the same place, plus 1 */
	uint32_t tried; /* ways on from here that were taken */
};

/* What a set of the text's row does in the language: only the kinds of its
 * characters that lead to the least. */
struct kinds {
	uint32_t from, n;
	bool chosen;
};

struct walk {
	const struct known_row *text, *language;
	size_t words;
	struct places at[KNOWN_SETS_MOST]; /* where each of the language's sets stands */
	struct places stay;                /* what stands any number of times */
	/* Runs of what may be left out: where they begin, where one is behind them,
	 * and all places but the first from which one may have come so. */
	struct places first, behind, passed;
	struct places tail; /* from there on the language takes everything */
	struct kinds kinds[KNOWN_SETS_MOST];
	uint64_t *masks; /* of kinds, `words` each */
	size_t n_masks, cap_masks;
	struct state *states;
	uint64_t *sets; /* of states, `words` each */
	uint32_t *stack;
	size_t n_states, cap_states, n_stack, steps;
	uint32_t here[KNOWN_TEXT_MOST + 1]; /* a state at each place of the text, plus 1 */
	bool some_out, gave_up;
};

/* ---- stepping ------------------------------------------------------------------- */

/*
 * What may be left out is passed over. In a run of it the lowest place that is
 * reached reaches all above it: subtracting the run's first place from what is
 * reached, with the place behind the run so that it ends there, changes all up to
 * the lowest and nothing above it.
 */
static void close_over(const struct walk *w, uint64_t *s)
{
	uint64_t reached, less, borrow = 0, borrowed;
	size_t i;

	for (i = 0; i < w->words; i++) {
		reached = s[i] | w->behind.words[i];
		less = reached - w->first.words[i];
		borrowed = reached < w->first.words[i];
		borrowed |= less < borrow;
		less -= borrow;
		borrow = borrowed;
		s[i] |= w->passed.words[i] & ~(less ^ reached);
	}
}

/* From `from` by the characters that may stand where `mask` is. */
static void step(const struct walk *w, const uint64_t *from, const uint64_t *mask, uint64_t *to)
{
	uint64_t on, moved, carry = 0;
	size_t i;

	for (i = 0; i < w->words; i++) {
		on = from[i] & mask[i];
		moved = on & ~w->stay.words[i];
		to[i] = (on & w->stay.words[i]) | moved << 1 | carry;
		carry = moved >> 63;
	}
	close_over(w, to);
}

/* ---- the language, as words ------------------------------------------------------- */

static bool takes_all(const struct known_row *r, const struct known_element *e)
{
	const struct known_chars *c = &r->sets[e->chars];

	return e->often == KNOWN_ANY_NUMBER && c->ascii[0] == UINT64_MAX &&
	       c->ascii[1] == UINT64_MAX && c->others;
}

static void walk_init(struct walk *w, const struct known_row *text,
		      const struct known_row *language)
{
	const struct known_element *e;
	bool in_run = false;
	size_t i, tail = language->n;

	memset(w, 0, offsetof(struct walk, at));
	w->text = text;
	w->language = language;
	w->words = language->n / 64 + 1;
	memset(w->at, 0, language->n_sets * sizeof(*w->at));
	memset(&w->stay, 0, offsetof(struct walk, kinds) - offsetof(struct walk, stay));
	for (i = 0; i < text->n_sets; i++)
		w->kinds[i].chosen = false;
	memset(&w->masks, 0, offsetof(struct walk, here) - offsetof(struct walk, masks));
	memset(w->here, 0, (text->n + 1) * sizeof(*w->here));
	w->some_out = w->gave_up = false;
	for (i = 0; i <= language->n; i++) {
		e = &language->list[i];
		if (in_run)
			places_put(&w->passed, i);
		if (i < language->n)
			places_put(&w->at[e->chars], i);
		if (i < language->n && e->often != KNOWN_ONCE) {
			if (e->often == KNOWN_ANY_NUMBER)
				places_put(&w->stay, i);
			if (!in_run)
				places_put(&w->first, i);
			in_run = true;
		} else if (in_run) {
			places_put(&w->behind, i);
			in_run = false;
		}
	}
	while (tail > 0 && takes_all(language, &language->list[tail - 1]))
		tail--;
	for (i = tail; tail < language->n && i <= language->n; i++)
		places_put(&w->tail, i);
}

/* ---- whether any is in -------------------------------------------------------------- */

static bool chars_meet(const struct known_chars *a, const struct known_chars *b)
{
	return (a->ascii[0] & b->ascii[0]) != 0 || (a->ascii[1] & b->ascii[1]) != 0 ||
	       (a->others && (b->others || b->point != 0)) || (b->others && a->point != 0) ||
	       (a->point != 0 && a->point == b->point);
}

/* Where the language has any character of a set. */
static void mask_of_any(const struct walk *w, const struct known_chars *chars, struct places *mask)
{
	size_t i;

	memset(mask, 0, sizeof(*mask));
	for (i = 0; i < w->language->n_sets; i++)
		if (chars_meet(chars, &w->language->sets[i]))
			places_join(mask->words, w->at[i].words, w->words);
}

/* From `now`, any number of times. */
static void step_often(const struct walk *w, struct places *now, const uint64_t *mask)
{
	struct places to;

	for (;;) {
		step(w, now->words, mask, to.words);
		if (places_are_within(to.words, now->words, w->words))
			return;
		places_join(now->words, to.words, w->words);
	}
}

static bool any_is_in(const struct walk *w)
{
	struct places now = { { 0 } }, to, ends = { { 0 } }, mask;
	const struct known_element *e;
	size_t i, set = KNOWN_SETS_MOST;

	places_put(&now, 0);
	close_over(w, now.words);
	for (i = 0; i < w->text->n; i++) {
		e = &w->text->list[i];
		if (e->chars != set)
			mask_of_any(w, &w->text->sets[e->chars], &mask);
		set = e->chars;
		if (e->often == KNOWN_ANY_NUMBER) {
			step_often(w, &now, mask.words);
			continue;
		}
		step(w, now.words, mask.words, to.words);
		if (e->often == KNOWN_AT_MOST_ONCE) {
			places_join(ends.words, now.words, w->words);
			if (places_are_within(to.words, ends.words, w->words))
				i = e->skip - 1; /* nothing more comes of the gap */
			if (i + 1 == e->skip) {
				places_join(to.words, ends.words, w->words);
				memset(&ends, 0, sizeof(ends));
			}
		}
		if (places_are_none(to.words, w->words))
			return false;
		memcpy(now.words, to.words, w->words * sizeof(*now.words));
	}
	return places_has(now.words, w->language->n);
}

/* ---- characters that make a difference ----------------------------------------------- */

static void add_mask(struct walk *w, struct kinds *k, const uint64_t *mask)
{
	uint64_t *other;
	size_t i;

	for (i = 0; i < k->n;) {
		other = &w->masks[(k->from + i) * w->words];
		if (places_are_within(other, mask, w->words))
			return;
		if (!places_are_within(mask, other, w->words)) {
			i++;
			continue;
		}
		k->n--;
		w->n_masks--;
		memcpy(other, &w->masks[w->n_masks * w->words], w->words * sizeof(*other));
	}
	if (w->n_masks == w->cap_masks) {
		w->cap_masks = w->cap_masks == 0 ? 64 : w->cap_masks * 2;
		w->masks = mem_grow(w->masks, w->cap_masks * w->words * sizeof(*w->masks));
	}
	memcpy(&w->masks[w->n_masks * w->words], mask, w->words * sizeof(*mask));
	w->n_masks++;
	k->n++;
}

/* ASCII of a set, taken apart by each of the language's sets. */
static void choose_ascii(struct walk *w, struct kinds *k, const struct known_chars *chars)
{
	struct {
		uint64_t ascii[2];
		struct places mask;
	} blocks[BLOCKS_MOST];
	size_t n = 1, i, set, old;
	uint64_t in[2], out[2];

	if ((chars->ascii[0] | chars->ascii[1]) == 0)
		return;
	memset(&blocks[0].mask, 0, sizeof(blocks[0].mask));
	memcpy(blocks[0].ascii, chars->ascii, sizeof(in));
	for (set = 0; set < w->language->n_sets; set++) {
		const uint64_t *ascii = w->language->sets[set].ascii;

		for (old = n, i = 0; i < old; i++) {
			in[0] = blocks[i].ascii[0] & ascii[0];
			in[1] = blocks[i].ascii[1] & ascii[1];
			if ((in[0] | in[1]) == 0)
				continue;
			out[0] = blocks[i].ascii[0] & ~ascii[0];
			out[1] = blocks[i].ascii[1] & ~ascii[1];
			if ((out[0] | out[1]) != 0) {
				memcpy(blocks[n].ascii, out, sizeof(out));
				blocks[n++].mask = blocks[i].mask;
				memcpy(blocks[i].ascii, in, sizeof(in));
			}
			places_join(blocks[i].mask.words, w->at[set].words, w->words);
		}
	}
	for (i = 0; i < n; i++)
		add_mask(w, k, blocks[i].mask.words);
}

/* Beyond ASCII: a character; 0 for all that nobody names. */
static void choose_point(struct walk *w, struct kinds *k, uint32_t point)
{
	struct places mask = { { 0 } };
	size_t i;

	for (i = 0; i < w->language->n_sets; i++)
		if (w->language->sets[i].others ||
		    (point != 0 && w->language->sets[i].point == point))
			places_join(mask.words, w->at[i].words, w->words);
	add_mask(w, k, mask.words);
}

/* Two characters that the language does not tell apart need not both be tried, nor
 * one that may stand wherever another may: it leads to more places. A character
 * that is named may stand where those that are not may, so these are enough. */
static const struct kinds *kinds_of(struct walk *w, size_t set)
{
	const struct known_chars *chars = &w->text->sets[set];
	struct kinds *k = &w->kinds[set];

	if (k->chosen)
		return k;
	*k = (struct kinds){ (uint32_t)w->n_masks, 0, true };
	choose_ascii(w, k, chars);
	if (chars->others)
		choose_point(w, k, 0);
	else if (chars->point != 0)
		choose_point(w, k, chars->point);
	return k;
}

/* ---- whether all are ------------------------------------------------------------------ */

/* Whether a state of this place holds no more than s. */
static bool is_known(struct walk *w, size_t at, const uint64_t *s)
{
	uint32_t known;

	for (known = w->here[at]; known != 0; known = w->states[known - 1].next) {
		w->steps++;
		if (places_are_within(&w->sets[(known - 1) * w->words], s, w->words))
			return true;
	}
	return false;
}

/* Whether what may follow is at least what may follow from the next place. */
static bool same_gap(const struct walk *w, size_t at)
{
	const struct known_element *e = &w->text->list[at];

	return e->often == KNOWN_AT_MOST_ONCE && e[1].often == KNOWN_AT_MOST_ONCE &&
	       e->skip == e[1].skip;
}

static void add_state(struct walk *w, size_t at, const uint64_t *s)
{
	if (w->n_states == w->cap_states) {
		w->cap_states = w->cap_states == 0 ? 64 : w->cap_states * 2;
		w->states = mem_grow(w->states, w->cap_states * sizeof(*w->states));
		w->stack = mem_grow(w->stack, w->cap_states * sizeof(*w->stack));
		w->sets = mem_grow(w->sets, w->cap_states * w->words * sizeof(*w->sets));
	}
	w->states[w->n_states] = (struct state){ (uint32_t)at, w->here[at], 0 };
	memcpy(&w->sets[w->n_states * w->words], s, w->words * sizeof(*s));
	w->stack[w->n_stack++] = (uint32_t)w->n_states;
	w->here[at] = (uint32_t)++w->n_states;
}

/* Notes what is clear from here on; else goes there, once. */
static void visit(struct walk *w, size_t at, const uint64_t *s)
{
	if (places_are_none(s, w->words)) {
		w->some_out = true;
		return;
	}
	if (places_meet(s, w->tail.words, w->words))
		return; /* all that follows is in */
	if (at == w->text->n) {
		w->some_out |= !places_has(s, w->language->n);
		return;
	}
	if (is_known(w, at, s) || (at > 0 && same_gap(w, at - 1) && is_known(w, at - 1, s)))
		return;
	add_state(w, at, s);
}

/* The next way on from the state that was reached last: what fills a gap first,
 * since then places are fewest where it ends. */
static void walk_on(struct walk *w)
{
	uint32_t last = w->stack[w->n_stack - 1], at = w->states[last].at;
	uint32_t tried = w->states[last].tried++;
	const struct known_element *e = &w->text->list[at];
	const struct kinds *k;
	struct places to;

	if (++w->steps > LIMIT_PARTIAL_STEPS) {
		w->gave_up = true;
		return;
	}
	k = kinds_of(w, e->chars);
	if (tried >= k->n) {
		w->n_stack--;
		if (e->often == KNOWN_ONCE)
			return;
		memcpy(to.words, &w->sets[last * w->words], w->words * sizeof(*to.words));
		visit(w, e->skip, to.words);
		return;
	}
	step(w, &w->sets[last * w->words], &w->masks[(k->from + tried) * w->words], to.words);
	visit(w, e->often == KNOWN_ANY_NUMBER ? at : at + 1, to.words);
}

/* One text that is out is enough: most often it is one without what gaps may hold. */
static void try_shortest(struct walk *w, struct places now)
{
	const struct known_element *e;
	const struct kinds *k;
	struct places to;
	size_t at;

	for (at = 0; at < w->text->n && !places_meet(now.words, w->tail.words, w->words);) {
		e = &w->text->list[at++];
		if (e->often != KNOWN_ONCE) {
			at = e->skip;
			continue;
		}
		k = kinds_of(w, e->chars);
		step(w, now.words, &w->masks[k->from * w->words], to.words);
		if (places_are_none(to.words, w->words)) {
			w->some_out = true;
			return;
		}
		memcpy(now.words, to.words, w->words * sizeof(*now.words));
	}
	w->some_out = !places_has(now.words, w->language->n) &&
		      !places_meet(now.words, w->tail.words, w->words);
}

static bool all_are_in(struct walk *w)
{
	struct places begin = { { 0 } };

	places_put(&begin, 0);
	close_over(w, begin.words);
	try_shortest(w, begin);
	visit(w, 0, begin.words);
	while (w->n_stack != 0 && !w->some_out && !w->gave_up)
		walk_on(w);
	free(w->masks);
	free(w->states);
	free(w->sets);
	free(w->stack);
	return !w->some_out && !w->gave_up;
}

bool known_walk_none(const struct known_row *text, const struct known_row *language)
{
	struct walk w;

	if (text->full || language->full)
		return false;
	walk_init(&w, text, language);
	return !any_is_in(&w);
}

enum truth known_walk(const struct known_row *text, const struct known_row *language)
{
	struct walk w;

	if (text->full || language->full)
		return TRUTH_UNKNOWN;
	walk_init(&w, text, language);
	if (!any_is_in(&w))
		return TRUTH_FALSE;
	return all_are_in(&w) ? TRUTH_TRUE : TRUTH_UNKNOWN;
}
