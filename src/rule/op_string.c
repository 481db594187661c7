/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns, shell patterns, beginnings and ends, and texts within texts.
 */
#include "base/limit.h"
#include "base/pattern_plain.h"
#include "base/text.h"
#include "rule/format.h"
#include "rule/op.h"
#include "rule/place.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static struct nature string_nature(void)
{
	return nature_of_type((struct type){ TYPE_STRING, TYPE_NONE });
}

/* ---- matches -------------------------------------------------------------- */

struct pattern *compile_pattern(const struct compile *c, const struct value *text)
{
	struct pattern *p;
	struct held *held;
	const char *why;
	size_t offset;

	p = pattern_new(value_str(text), &offset, &why);
	if (p == NULL) {
		mistakes_add(c->scope->mistakes, c->scope->source,
			     place_inside(c->scope->source, text, offset), 1, "invalid pattern: %s",
			     why);
		return NULL;
	}
	held = ARENA_NEW(c->scope->arena, struct held);
	held->pattern = p;
	held->next = c->got->patterns;
	c->got->patterns = held;
	return p;
}

void gathered_release(struct gathered *g)
{
	struct held *h;

	for (h = g->patterns; h != NULL; h = h->next)
		pattern_free(h->pattern);
	g->patterns = NULL;
}

static enum truth run_matches(const struct test *t, const struct value *v, const struct eval *e)
{
	enum pattern_result found;

	if (v->kind != VALUE_STRING)
		return truth_of_other(v);
	found = pattern_search(t->pattern, value_str(v));
	if (found != PATTERN_LIMIT)
		return truth_of(found == PATTERN_YES);
	e->j->error = t->limit_text;
	return TRUTH_UNKNOWN;
}

/* The same of a pattern that needs no engine, and takes what it takes. */
static enum truth run_matches_plain(const struct test *t, const struct value *v,
				    const struct eval *e)
{
	if (v->kind != VALUE_STRING || v->n > LIMIT_PATTERN_SUBJECT)
		return run_matches(t, v, e);
	return truth_of(pattern_plain_matches(t->plain, value_str(v)));
}

int op_matches_prepare(const struct prepare *p)
{
	const struct scope *scope = p->c->scope;
	struct nature wanted = string_nature();
	struct test *t = p->test;
	struct place place;
	struct value text;

	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	if (operand_literal(&t->operand) == NULL) {
		prepare_mistake(p, p->node, "a pattern is written out or is a parameter");
		mistakes_hint(scope->mistakes,
			      "with the values of fields: starts_with, ends_with or like");
		return -1;
	}
	text = *t->operand.value;
	text.place = p->node->place;
	t->pattern = compile_pattern(p->c, &text);
	if (t->pattern == NULL)
		return -1;
	place = source_place(scope->source, t->place);
	t->limit_text = arena_printf(scope->arena, "the pattern at %s:%u reached its step limit",
				     scope->source->name, place.line);
	t->plain = pattern_plain_of(t->pattern);
	t->run = t->plain != NULL ? run_matches_plain : run_matches;
	return 0;
}

/* ---- like ----------------------------------------------------------------- */

static enum truth run_like(const struct test *t, const struct value *v, const struct eval *e)
{
	(void)e;
	if (v->kind != VALUE_STRING)
		return truth_of_other(v);
	return truth_of(text_glob(value_str(t->operand.value), value_str(v)));
}

static enum truth run_like_format(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *pattern;

	if (!value_is_there(v))
		return TRUTH_FALSE;
	pattern = format_value(t->operand.format, e, true);
	if (!value_is_there(pattern))
		return TRUTH_FALSE;
	if (v->kind != VALUE_STRING || pattern->kind != VALUE_STRING)
		return v->kind == VALUE_UNKNOWN || v->kind == VALUE_STRING ? TRUTH_UNKNOWN
									   : TRUTH_FALSE;
	return truth_of(text_glob(value_str(pattern), value_str(v)));
}

static int check_glob(const struct prepare *p, struct str glob)
{
	const char *why = text_glob_check(glob);

	if (why == NULL)
		return 0;
	return prepare_mistake(p, p->node, "malformed shell pattern: %s", why);
}

int op_like_prepare(const struct prepare *p)
{
	struct nature wanted = string_nature();
	struct test *t = p->test;

	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	if (t->operand.form == OPERAND_FORMAT) {
		t->run = run_like_format;
		return check_glob(p, format_text(t->operand.format));
	}
	if (operand_literal(&t->operand) == NULL) {
		prepare_mistake(p, p->node, "a shell pattern is written out or is a parameter");
		mistakes_hint(p->c->scope->mistakes,
			      "with the values of fields: {format: TEXT}, or equals");
		return -1;
	}
	t->run = run_like;
	return check_glob(p, value_str(t->operand.value));
}

/* ---- starts_with, ends_with ----------------------------------------------- */

/* The two strings, or false with the truth that there is without them. */
static bool two_strings(const struct test *t, const struct value *v, const struct eval *e,
			const struct value **operand, enum truth *truth)
{
	*truth = TRUTH_FALSE;
	if (!value_is_there(v))
		return false;
	*operand = operand_value(&t->operand, e);
	if (v->kind == VALUE_STRING && (*operand)->kind == VALUE_STRING)
		return true;
	/* An operand that is absent makes it false, whatever the value is. */
	if (((*operand)->kind == VALUE_UNKNOWN &&
	     (v->kind == VALUE_STRING || v->kind == VALUE_UNKNOWN)) ||
	    (v->kind == VALUE_UNKNOWN && (*operand)->kind == VALUE_STRING))
		*truth = TRUTH_UNKNOWN;
	return false;
}

static enum truth run_starts(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *operand;
	enum truth truth;

	if (!two_strings(t, v, e, &operand, &truth))
		return truth;
	return truth_of(str_starts(value_str(v), value_str(operand)));
}

static enum truth run_ends(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *operand;
	enum truth truth;

	if (!two_strings(t, v, e, &operand, &truth))
		return truth;
	return truth_of(str_ends(value_str(v), value_str(operand)));
}

static int prepare_string(const struct prepare *p)
{
	struct nature wanted = string_nature();

	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	if (p->test->operand.form == OPERAND_UNBOUNDED)
		return prepare_mistake(p, p->node, "the range has no such bound");
	return 0;
}

int op_affix_prepare(const struct prepare *p)
{
	p->test->run = p->test->op->id == OP_starts_with ? run_starts : run_ends;
	return prepare_string(p);
}

/* ---- contains ------------------------------------------------------------- */

/* Needles up to this are searched in the plain way. */
#define SHORT_NEEDLE 64

#if defined(__SSE2__)

static inline __m128i load16(const char *from)
{
	return _mm_loadu_si128((const __m128i *)(const void *)from);
}

/* Whether the needle stands at one of the places behind `at` whose bits are set. Apart, as
 * there mostly is none. */
__attribute__((noinline)) static bool is_at(const char *at, unsigned places, struct str needle)
{
	for (; places != 0; places &= places - 1)
		if (str_same(at + __builtin_ctz(places), needle.data, needle.len))
			return true;
	return false;
}

/* The bits of those of sixteen places where the needle's first byte is, and its last where
 * that has to be. */
static inline unsigned both_at(const char *at, const char *last_at, __m128i first, __m128i last)
{
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(load16(at), first),
							 _mm_cmpeq_epi8(load16(last_at), last)));
}

/* The places from the sixteenth on. The last block goes over some of them twice rather than
 * past the end. */
static bool has_further(struct str text, struct str needle, __m128i first, __m128i last)
{
	size_t places = text.len - needle.len + 1, i;
	const char *at;
	unsigned found;

	for (i = 16; i < places; i += 16) {
		at = text.data + (i + 16 < places ? i : places - 16);
		found = both_at(at, at + needle.len - 1, first, last);
		if (found != 0 && is_at(at, found, needle))
			return true;
	}
	return false;
}

/*
 * Sixteen places at a time. Where there are fewer of them, what is held against the last
 * byte ends where the text does. text: sixteen bytes at least. needle: one at least, and no
 * longer than the text.
 */
static inline bool has_wide(struct str text, struct str needle)
{
	const __m128i first = _mm_set1_epi8(needle.data[0]);
	const __m128i last = _mm_set1_epi8(needle.data[needle.len - 1]);
	size_t places = text.len - needle.len + 1;
	unsigned found;

	if (places < 16) {
		found = (unsigned)_mm_movemask_epi8(
		    _mm_cmpeq_epi8(load16(text.data + text.len - 16), last));
		found >>= 16 - places;
		found &= (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load16(text.data), first));
	} else {
		found = both_at(text.data, text.data + needle.len - 1, first, last);
	}
	if (found != 0 && is_at(text.data, found, needle))
		return true;
	return places > 16 && has_further(text, needle, first, last);
}

#endif

/* Byte by byte. */
static bool has_few(struct str text, struct str needle)
{
	const char *at = text.data, *end = text.data + text.len;

	while ((size_t)(end - at) >= needle.len) {
		at = memchr(at, needle.data[0], (size_t)(end - at) - needle.len + 1);
		if (at == NULL)
			return false;
		if (str_same(at, needle.data, needle.len))
			return true;
		at++;
	}
	return false;
}

static inline bool has_short(struct str text, struct str needle)
{
	if (needle.len == 0)
		return true;
	if (text.len < needle.len)
		return false;
#if defined(__SSE2__)
	if (text.len >= 16)
		return has_wide(text, needle);
#endif
	return has_few(text, needle);
}

/* Knuth, Morris and Pratt: both texts may come from outside, and the plain way
 * is quadratic in them. */
static bool has_long(struct str text, struct str needle, struct arena *arena)
{
	size_t *border, i, k = 0;

	if (needle.len > text.len)
		return false;
	border = ARENA_ARRAY(arena, needle.len, size_t);
	for (i = 1; i < needle.len; i++) {
		while (k > 0 && needle.data[i] != needle.data[k])
			k = border[k - 1];
		if (needle.data[i] == needle.data[k])
			k++;
		border[i] = k;
	}
	for (i = 0, k = 0; i < text.len; i++) {
		while (k > 0 && text.data[i] != needle.data[k])
			k = border[k - 1];
		if (text.data[i] == needle.data[k])
			k++;
		if (k == needle.len)
			return true;
	}
	return false;
}

static enum truth run_contains(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *operand;
	enum truth truth;

	if (v->kind == VALUE_LIST) {
		operand = operand_value(&t->operand, e);
		return list_has(v, operand);
	}
	/* With an operand that is no string, what is unknown may be a list. */
	if (v->kind == VALUE_UNKNOWN)
		return value_is_there(operand_value(&t->operand, e)) ? TRUTH_UNKNOWN : TRUTH_FALSE;
	if (!two_strings(t, v, e, &operand, &truth))
		return truth;
	if (operand->n <= SHORT_NEEDLE)
		return truth_of(has_short(value_str(v), value_str(operand)));
	return truth_of(has_long(value_str(v), value_str(operand), e->j->arena));
}

/* The same of a key's value: nearly always a text in a text. */
static enum truth run_contains_field(const struct test *t, const struct value *v,
				     const struct eval *e)
{
	const struct path *path = &t->operand.path;
	const struct value *map = &e->r->slots[path->slot];
	const struct entry *entry;

	if (v->kind == VALUE_STRING && map->kind == VALUE_MAP) {
		entry = key_find(&path->key, map, e->j);
		if (entry != NULL && entry->value.kind == VALUE_STRING &&
		    entry->value.n <= SHORT_NEEDLE)
			return truth_of(has_short(value_str(v), value_str(&entry->value)));
	}
	return run_contains(t, v, e);
}

/* Apart, so that lists do not pay for what texts need. */
__attribute__((noinline)) static enum truth
contains_text(const struct test *t, const struct value *v, const struct eval *e)
{
	if (v->kind != VALUE_STRING)
		return run_contains(t, v, e);
	return truth_of(has_short(value_str(v), value_str(t->operand.value)));
}

/* The same of a text that is known. */
static enum truth run_contains_text(const struct test *t, const struct value *v,
				    const struct eval *e)
{
	const struct value *text = t->operand.value, *item, *end;

	if (v->kind != VALUE_LIST)
		return contains_text(t, v, e);
	for (item = v->items, end = item + v->n; item < end; item++)
		if (item->kind == VALUE_STRING && item->n == text->n &&
		    str_same(item->text, text->text, text->n))
			return TRUTH_TRUE;
	return list_has(v, text);
}

static void say_contains(const struct test *t, const struct eval *e, enum say say, bool negated,
			 struct buf *b)
{
	bool has = t->negated == negated;

	if (say == SAY_DESCRIBE)
		buf_puts(b, has ? "contains " : "does not contain ");
	else if (t->nature.type.base == TYPE_LIST)
		buf_puts(b, has ? "a list with " : "a list without ");
	else
		buf_puts(b, has ? "a text with " : "a text without ");
	operand_put(&t->operand, e, b);
}

int op_contains_prepare(const struct prepare *p)
{
	struct test *t = p->test;
	struct nature wanted = t->nature.type.base == TYPE_LIST ? nature_of_member(&t->nature)
								: nature_of_type(t->nature.type);
	const struct value *literal;

	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	if (t->operand.form == OPERAND_UNBOUNDED)
		return prepare_mistake(p, p->node, "the range has no such bound");
	literal = operand_literal(&t->operand);
	if (literal != NULL && literal->kind == VALUE_STRING && literal->n > SHORT_NEEDLE)
		p->c->got->builds = true;
	t->run = run_contains;
	if (literal != NULL && literal->kind == VALUE_STRING && literal->n <= SHORT_NEEDLE)
		t->run = run_contains_text;
	if (t->operand.form == OPERAND_PATH && t->operand.path.one_key)
		t->run = run_contains_field;
	t->say = say_contains;
	return 0;
}
