/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makers of partial values. Knows how they are put together, within bounds;
 * does not know what is decided by them.
 */
#include "model/partial.h"

#include <string.h>

#include "base/limit.h"
#include "base/text.h"

const struct partial *value_partial(const struct value *v)
{
	if (v->kind != VALUE_UNKNOWN || (v->flags & VALUE_PARTIAL) == 0)
		return NULL;
	return (const struct partial *)(const void *)(v->why - offsetof(struct partial, why));
}

unsigned chars_of(uint32_t point)
{
	if (point >= 'a' && point <= 'z')
		return CHARS_LOWER;
	if (point >= 'A' && point <= 'Z')
		return CHARS_UPPER;
	if (point >= '0' && point <= '9')
		return CHARS_DIGIT;
	if (point >= 0x80)
		return CHARS_WORLD;
	switch (point) {
	case '-':
		return CHARS_HYPHEN;
	case '.':
		return CHARS_PERIOD;
	case '_':
		return CHARS_UNDERSCORE;
	case ' ':
	case ':':
	case '/':
	case '=':
	case '+':
	case '@':
		return CHARS_SIGN;
	default:
		return CHARS_MARK;
	}
}

/* The value is made around its reason, so that who reads only that needs not
 * know the rest. */
static struct partial *make(struct arena *a, const char *why, enum partial_form form,
			    struct value *v)
{
	size_t len = strlen(why);
	struct partial *p = arena_alloc(a, sizeof(*p) + len + 1);

	p->form = form;
	memcpy(p->why, why, len + 1);
	*v = value_unknown(p->why);
	v->flags = VALUE_PARTIAL;
	return p;
}

struct value value_gap(struct arena *a, const char *name, const char *why, unsigned chars,
		       uint32_t least, uint32_t most)
{
	struct partial_part *part = ARENA_NEW(a, struct partial_part);
	struct partial *p;
	struct value v;

	if (chars == 0 || least > most)
		return value_unknown(arena_strdup(a, why));
	*part = (struct partial_part){ .name = arena_strdup(a, name),
				       .least = least,
				       .most = most,
				       .chars = (uint16_t)chars };
	p = make(a, why, PARTIAL_TEXT, &v);
	p->parts = part;
	p->n = 1;
	return v;
}

struct value value_between(struct arena *a, const char *why, const struct number *least,
			   const struct number *most)
{
	struct partial *p;
	struct value v;

	if (least == NULL && most == NULL)
		return value_unknown(arena_strdup(a, why));
	p = make(a, why, PARTIAL_NUMBER, &v);
	p->has_least = least != NULL;
	p->has_most = most != NULL;
	if (least != NULL)
		p->least = *least;
	if (most != NULL)
		p->most = *most;
	return v;
}

/* Depth: one of a few holds none of its kind, and texts end it. */
struct value partial_copy(struct arena *a, const struct value *v)
{
	const struct partial *p = value_partial(v);
	struct partial_part *parts;
	struct value copy, *items;
	struct partial *to;
	uint32_t i;

	to = make(a, p->why, p->form, &copy);
	copy.flags = v->flags;
	copy.place = v->place;
	to->n = p->n;
	switch (p->form) {
	case PARTIAL_TEXT:
		to->parts = parts = ARENA_ARRAY(a, p->n, struct partial_part);
		for (i = 0; i < p->n; i++) {
			parts[i] = p->parts[i];
			if (parts[i].text.data != NULL)
				parts[i].text = arena_str(a, parts[i].text);
			else
				parts[i].name = arena_strdup(a, parts[i].name);
		}
		break;
	case PARTIAL_ONE_OF:
		to->items = items = ARENA_ARRAY(a, p->n, struct value);
		for (i = 0; i < p->n; i++)
			items[i] = value_copy(a, &p->items[i]);
		break;
	case PARTIAL_NUMBER:
		to->least = p->least;
		to->most = p->most;
		to->has_least = p->has_least;
		to->has_most = p->has_most;
		break;
	}
	return copy;
}

/* ---- one of a few ------------------------------------------------------------- */

struct few {
	struct value items[LIMIT_CANDIDATES];
	size_t n;
	bool full; /* there were more */
};

static bool same_null(const struct value *a, const struct value *b)
{
	return a->kind <= VALUE_NULL && b->kind <= VALUE_NULL;
}

static void few_add(struct few *few, const struct value *v)
{
	const struct partial *p = value_partial(v);
	size_t i;

	if (p != NULL && p->form == PARTIAL_ONE_OF) {
		for (i = 0; i < p->n; i++)
			few_add(few, &p->items[i]); /* none is one of a few itself */
		return;
	}
	for (i = 0; i < few->n; i++)
		if (same_null(&few->items[i], v) ||
		    (value_equal(&few->items[i], v) &&
		     ((few->items[i].flags ^ v->flags) & VALUE_DEFAULT) == 0))
			return;
	if (few->n == LIMIT_CANDIDATES)
		few->full = true;
	else
		few->items[few->n++] = *v;
}

static struct value few_value(struct arena *a, const char *why, const struct few *few)
{
	struct value *items, v;
	struct partial *p;

	if (few->full || few->n == 0)
		return value_unknown(arena_strdup(a, why));
	if (few->n == 1)
		return few->items[0];
	items = ARENA_ARRAY(a, few->n, struct value);
	memcpy(items, few->items, few->n * sizeof(*items));
	p = make(a, why, PARTIAL_ONE_OF, &v);
	p->items = items;
	p->n = (uint32_t)few->n;
	return v;
}

struct value value_one_of(struct arena *a, const char *why, const struct value *items, size_t n)
{
	struct few few;
	size_t i;

	few.n = 0;
	few.full = false;
	for (i = 0; i < n && !few.full; i++) {
		/* with one that may be anything, all may */
		if (items[i].kind == VALUE_UNKNOWN && value_partial(&items[i]) == NULL)
			return value_unknown(arena_strdup(a, why));
		few_add(&few, &items[i]);
	}
	return few_value(a, why, &few);
}

/* ---- one behind the other ----------------------------------------------------- */

static const char any_name[] = "unknown";

static void part_length(const struct partial_part *part, uint64_t *least, uint64_t *most)
{
	if (part->text.data != NULL) {
		*least = *most = text_length(part->text);
		return;
	}
	*least = part->least;
	*most = part->most == GAP_NO_MOST ? UINT64_MAX : part->most;
}

void partial_length(const struct partial *p, uint64_t *least, uint64_t *most)
{
	uint64_t one_least, one_most;
	uint32_t i;

	*least = *most = 0;
	for (i = 0; i < p->n; i++) {
		part_length(&p->parts[i], &one_least, &one_most);
		*least += one_least;
		*most = one_most > UINT64_MAX - *most ? UINT64_MAX : *most + one_most;
	}
}

/* A text that is being put together. */
struct joint {
	struct arena *arena;
	struct buf text; /* known and not yet a part */
	struct partial_part parts[LIMIT_PARTIAL_PARTS];
	size_t n;
	bool full, gaps;
	uint8_t secret; /* VALUE_SENSITIVE, or 0 */
};

static struct partial_part *joint_next(struct joint *j)
{
	if (j->n < LIMIT_PARTIAL_PARTS)
		return &j->parts[j->n++];
	j->full = true;
	return &j->parts[LIMIT_PARTIAL_PARTS - 1];
}

static void joint_close_text(struct joint *j)
{
	if (j->text.len == 0)
		return;
	*joint_next(j) = (struct partial_part){ .text = arena_buf(j->arena, &j->text) };
	buf_clear(&j->text);
}

static void joint_gap(struct joint *j, struct partial_part part)
{
	joint_close_text(j);
	*joint_next(j) = part;
	j->gaps = true;
}

static void joint_add(struct joint *j, const struct value *piece)
{
	const struct partial *p = value_partial(piece);
	uint32_t i;

	j->secret |= piece->flags & VALUE_SENSITIVE;
	if (piece->kind == VALUE_STRING) {
		buf_put_str(&j->text, value_str(piece));
		return;
	}
	if (p == NULL || p->form != PARTIAL_TEXT) {
		joint_gap(j, (struct partial_part){
				 .name = any_name, .most = GAP_NO_MOST, .chars = CHARS_ANY });
		return;
	}
	for (i = 0; i < p->n; i++) {
		if (p->parts[i].text.data != NULL)
			buf_put_str(&j->text, p->parts[i].text);
		else
			joint_gap(j, p->parts[i]);
	}
}

static struct value joint_value(struct joint *j, const char *why)
{
	struct partial_part *parts;
	struct partial *p;
	struct value v;

	if (!j->gaps && !j->text.failed) {
		v = value_of_str(arena_buf(j->arena, &j->text));
		v.flags = j->secret;
		return v;
	}
	joint_close_text(j);
	if (j->full || j->text.failed)
		return value_unknown(arena_strdup(j->arena, why));
	parts = ARENA_ARRAY(j->arena, j->n, struct partial_part);
	memcpy(parts, j->parts, j->n * sizeof(*parts));
	p = make(j->arena, why, PARTIAL_TEXT, &v);
	p->parts = parts;
	p->n = (uint32_t)j->n;
	v.flags |= j->secret;
	return v;
}

/* How many values a piece may be that can be tried one by one. */
static uint32_t choices(const struct value *piece)
{
	const struct partial *p = value_partial(piece);

	return p != NULL && p->form == PARTIAL_ONE_OF ? p->n : 1;
}

/* Whether a piece, or all that it may be, can stand in a text. */
static bool is_textual(const struct value *piece)
{
	const struct partial *p = value_partial(piece);
	uint32_t i;

	if (piece->kind != VALUE_STRING && piece->kind != VALUE_UNKNOWN)
		return false;
	for (i = 0; p != NULL && p->form == PARTIAL_ONE_OF && i < p->n; i++)
		if (p->items[i].kind != VALUE_STRING && p->items[i].kind != VALUE_UNKNOWN)
			return false;
	return true;
}

/* Pieces that are tried one by one: as many from the left as the limit allows. */
static size_t count_tried(const struct value *pieces, size_t n, size_t *combinations)
{
	size_t i;

	*combinations = 1;
	for (i = 0; i < n; i++) {
		if (*combinations * choices(&pieces[i]) > LIMIT_CANDIDATES)
			break;
		*combinations *= choices(&pieces[i]);
	}
	return i;
}

static struct value combine(struct joint *j, const char *why, const struct value *pieces, size_t n,
			    size_t tried, size_t which)
{
	size_t i;

	j->n = 0;
	j->full = j->gaps = false;
	j->secret = 0;
	buf_clear(&j->text);
	for (i = 0; i < n; i++) {
		const struct value *piece = &pieces[i];

		if (i < tried && choices(piece) > 1) {
			const struct partial *p = value_partial(piece);

			piece = &p->items[which % p->n];
			which /= p->n;
		}
		joint_add(j, piece);
	}
	return joint_value(j, why);
}

struct value value_concat(struct arena *a, const struct value *pieces, size_t n)
{
	struct joint j = { .arena = a, .text = BUF_INIT(LIMIT_STRING_SIZE) };
	const char *why = NULL;
	size_t i, tried, combinations;
	struct value whole;
	struct few few;

	for (i = 0; i < n; i++) {
		if (!is_textual(&pieces[i]))
			return value_unknown(why != NULL ? why : "a part of it is no text");
		if (pieces[i].kind == VALUE_UNKNOWN && why == NULL)
			why = pieces[i].why;
	}
	if (why == NULL)
		why = "it is too long";
	tried = count_tried(pieces, n, &combinations);
	few.n = 0;
	few.full = false;
	for (i = 0; i < combinations; i++) {
		whole = combine(&j, why, pieces, n, tried, i);
		if (whole.kind == VALUE_UNKNOWN && value_partial(&whole) == NULL) {
			few.full = true;
			break;
		}
		few_add(&few, &whole);
	}
	buf_release(&j.text);
	return few_value(a, why, &few);
}
