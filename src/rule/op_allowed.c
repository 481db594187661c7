/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the values behind some keys may be. A map that is absent has no keys: it holds
 * for it as it does for an empty one.
 */
#include "base/few.h"
#include "base/limit.h"
#include "base/text.h"
#include "rule/known.h"
#include "rule/op.h"
#include "rule/path.h"

static bool is_allowed(const struct allowed *a, const struct value *v)
{
	const struct allowed_value *one = a->values, *end = a->values + a->n;

	if (a->words != NULL && v->kind == VALUE_STRING)
		return few_set_has(a->words, v->text, v->n);
	for (; one < end; one++) {
		if (v->kind != one->value->kind)
			continue;
		if (v->kind == VALUE_STRING && !one->glob) {
			if (v->n == one->value->n && str_same(v->text, one->value->text, v->n))
				return true;
			continue;
		}
		if (one->glob ? text_glob(value_str(one->value), value_str(v))
			      : value_equal(one->value, v))
			return true;
	}
	return false;
}

static enum truth value_allowed(const struct allowed *a, const struct value *v)
{
	struct agreed all = { TRUTH_UNKNOWN, false };
	const struct partial *p;
	uint32_t i;

	if (!value_is_there(v))
		return TRUTH_TRUE;
	if (v->kind != VALUE_UNKNOWN)
		return truth_of(is_allowed(a, v));
	p = value_partial(v);
	if (p == NULL || p->form != PARTIAL_ONE_OF)
		return p != NULL ? partial_allowed(a, p) : TRUTH_UNKNOWN;
	for (i = 0; i < p->n; i++)
		agree(&all, value_allowed(a, &p->items[i]));
	return all.truth;
}

static inline enum truth key_allowed(const struct allowed *a, const struct value *map,
				     struct judge *j)
{
	const struct entry *entry = key_find(&a->key, map, j);

	if (entry == NULL)
		return all_of_open(map, TRUTH_TRUE);
	if (a->words != NULL && entry->value.kind == VALUE_STRING)
		return truth_of(few_set_has(a->words, entry->value.text, entry->value.n));
	return value_allowed(a, &entry->value);
}

static enum truth run_allowed(const struct test *t, const struct value *v, const struct eval *e)
{
	enum truth all = TRUTH_TRUE, one;
	size_t i;

	if (!value_is_there(v))
		return TRUTH_TRUE;
	if (v->kind != VALUE_MAP)
		return truth_of_other(v);
	for (i = 0; i < t->n_allowed && all != TRUTH_FALSE; i++) {
		one = key_allowed(&t->allowed[i], v, e->j);
		if (one < all)
			all = one;
	}
	return all;
}

static void put_allowed(const struct allowed *a, struct buf *b)
{
	size_t i;

	buf_puts(b, "one of [");
	for (i = 0; i < a->n; i++) {
		buf_puts(b, i != 0 ? ", " : "");
		if (a->values[i].glob)
			text_put_quoted(b, value_str(a->values[i].value), LIMIT_SHOWN_VALUE);
		else
			value_show(b, a->values[i].value, LIMIT_SHOWN_VALUE);
	}
	buf_puts(b, "]");
}

/* The values of further keys, from one on, that decide alike. */
static void add_others(const struct test *t, size_t from, const struct value *map,
		       const struct eval *e, enum truth decides, struct arena *arena,
		       struct evidence *ev)
{
	const struct entry *entry;
	struct evidence *other;
	size_t i;

	for (i = from; i < t->n_allowed; i++) {
		if (key_allowed(&t->allowed[i], map, e->j) != decides)
			continue;
		entry = key_find(&t->allowed[i].key, map, e->j);
		if (entry == NULL)
			continue;
		other = ARENA_NEW(arena, struct evidence);
		*other = *ev;
		other->actual = &entry->value;
		ev = evidence_also(ev, other);
	}
}

/* Names the key that decided: that is what is to be mended. */
static void explain_allowed(const struct test *t, const struct value *v, const struct eval *e,
			    bool negated, struct arena *arena, struct evidence *ev)
{
	enum truth decides = negated ? truth_not(ev->truth) : ev->truth;
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	const struct entry *entry;
	size_t i;

	if (v->kind != VALUE_MAP || decides == TRUTH_TRUE)
		return;
	for (i = 0; i < t->n_allowed && key_allowed(&t->allowed[i], v, e->j) != decides; i++)
		;
	if (i == t->n_allowed)
		return;
	entry = key_find(&t->allowed[i].key, v, e->j);
	if (entry == NULL)
		return; /* there may be one that is not known */
	if (e->j->every)
		add_others(t, i + 1, v, e, decides, arena, ev);
	ev->actual = &entry->value;
	evidence_at(ev, ev->actual);
	path_put_key(&b, ev->field, entry->key);
	ev->field = arena_buf(arena, &b);
	buf_clear(&b);
	put_allowed(&t->allowed[i], &b);
	ev->expected = arena_buf(arena, &b);
	buf_release(&b);
}

static void bind_words(const struct prepare *p, struct allowed *to)
{
	struct str *texts = ARENA_ARRAY(p->c->scope->arena, to->n, struct str);
	size_t i;

	for (i = 0; i < to->n; i++) {
		if (to->values[i].value->kind != VALUE_STRING || to->values[i].glob)
			return;
		texts[i] = value_str(to->values[i].value);
	}
	to->words = few_set_new(texts, to->n, p->c->scope->arena);
}

static int bind_allowed(const struct prepare *p, const struct entry *entry, struct allowed *to)
{
	const struct value *list = &entry->value, *one;
	struct allowed_value *values =
	    ARENA_ARRAY(p->c->scope->arena, list->n, struct allowed_value);
	const char *why;
	int rc = 0;
	uint32_t i;

	*to = (struct allowed){ .key = key_of(entry->key), .values = values, .n = list->n };
	for (i = 0; i < list->n; i++) {
		one = &list->items[i];
		values[i].value = one;
		values[i].glob =
		    one->kind == VALUE_STRING && (memchr(one->text, '*', one->n) != NULL ||
						  memchr(one->text, '?', one->n) != NULL ||
						  memchr(one->text, '[', one->n) != NULL);
		why = values[i].glob ? text_glob_check(value_str(one)) : NULL;
		if (why != NULL)
			rc = prepare_mistake(p, p->test->operand.from_param ? p->node : one,
					     "malformed shell pattern: %s", why);
	}
	bind_words(p, to);
	return rc;
}

int op_allowed_prepare(const struct prepare *p)
{
	struct test *t = p->test;
	struct nature wanted = nature_of_type((struct type){ TYPE_MAP, TYPE_LIST });
	const struct value *map;
	struct allowed *allowed;
	int rc = 0;
	uint32_t i;

	wanted.member.element = nature_of_member(&t->nature).type.base;
	if (prepare_operand(p, &wanted, false) == -1)
		return -1;
	map = operand_literal(&t->operand);
	if (map == NULL)
		return prepare_mistake(p, p->node,
				       "allowed values are written out or are a parameter");
	if (map->n == 0 && !t->operand.from_param)
		return prepare_mistake(p, p->node, "'allowed_values' of no key asks for nothing");
	allowed = ARENA_ARRAY(p->c->scope->arena, map->n, struct allowed);
	for (i = 0; i < map->n; i++) {
		if (bind_allowed(p, &map->entries[i], &allowed[i]) == -1)
			rc = -1;
	}
	t->allowed = allowed;
	t->n_allowed = map->n;
	t->run = run_allowed;
	t->explain = explain_allowed;
	return rc;
}
