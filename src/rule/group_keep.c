/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of resources that belong to groups: numbers of texts and values,
 * each kept once.
 */
#include "rule/group_inside.h"

#include <stdlib.h>

#define CANONICAL_MOST 256 /* bytes of a value that are kept as they are */

static void shelf_put(struct arena *arena, struct shelf *s, size_t i, void *what)
{
	void **grown;

	if (i >= s->cap) {
		grown = ARENA_ARRAY(arena, s->cap != 0 ? s->cap * 2 : 64, void *);
		if (s->cap != 0)
			memcpy(grown, s->list, s->cap * sizeof(*grown));
		s->list = grown;
		s->cap = s->cap != 0 ? s->cap * 2 : 64;
	}
	s->list[i] = what;
}

static uint32_t keep_text(struct groups *g, struct str text)
{
	return text.len == 0 ? NONE : (uint32_t)names_add(&g->texts, text, NULL);
}

struct str group_kept_text(const struct groups *g, uint32_t i)
{
	return i == NONE ? STR("") : names_str(&g->texts, i);
}

static int by_key(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;

	return str_compare((*x)->key, (*y)->key);
}

static void put_canonical(struct buf *b, const struct value *v);

static void put_canonical_map(struct buf *b, const struct value *v)
{
	const struct entry **sorted = mem_alloc((size_t)v->n * sizeof(struct entry *));
	uint32_t i;

	for (i = 0; i < v->n; i++)
		sorted[i] = &v->entries[i];
	qsort(sorted, v->n, sizeof(struct entry *), by_key);
	for (i = 0; i < v->n; i++) {
		buf_put_uint(b, sorted[i]->key.len);
		buf_putc(b, ':');
		buf_put_str(b, sorted[i]->key);
		put_canonical(b, &sorted[i]->value);
	}
	free(sorted);
}

/* Bytes that are equal where values are. Their depth is bounded by the reader. */
static void put_canonical(struct buf *b, const struct value *v)
{
	uint32_t i;

	buf_putc(b, (char)('A' + v->kind));
	switch (v->kind) {
	case VALUE_BOOLEAN:
		buf_putc(b, v->boolean ? '1' : '0');
		break;
	case VALUE_NUMBER:
		number_put(b, value_number(v));
		buf_putc(b, ' ');
		break;
	case VALUE_STRING:
		buf_put_uint(b, v->n);
		buf_putc(b, ':');
		buf_put_str(b, value_str(v));
		break;
	case VALUE_LIST:
		buf_put_uint(b, v->n);
		buf_putc(b, ':');
		for (i = 0; i < v->n; i++)
			put_canonical(b, &v->items[i]);
		break;
	case VALUE_MAP:
		buf_put_uint(b, v->n);
		buf_putc(b, ':');
		put_canonical_map(b, v);
		break;
	default:
		break;
	}
}

/* A long value is known by its digest, and shown cut. */
static struct value *keep_long(struct groups *g, const struct value *v)
{
	struct buf shown = BUF_INIT(16 * LIMIT_SHOWN_VALUE);
	struct value *copy = ARENA_NEW(&g->arena, struct value);

	value_show(&shown, v, LIMIT_SHOWN_VALUE);
	*copy = value_of_str(arena_buf(&g->arena, &shown));
	buf_release(&shown);
	return copy;
}

/* The number of a value: the same for equal ones. NONE for unknown. */
static uint32_t keep_value(struct groups *g, const struct value *v)
{
	static const struct value absent = { .kind = VALUE_ABSENT };
	struct buf b = BUF_INIT(0);
	char digest[DIGEST_HEX_SIZE];
	struct value *copy;
	bool is_new, is_long;
	size_t i;

	if (value_find_unknown(v) != NULL)
		return NONE;
	put_canonical(&b, v->kind == VALUE_NULL ? &absent : v);
	is_long = b.len > CANONICAL_MOST;
	if (is_long) {
		digest_bytes(buf_str(&b), digest);
		buf_clear(&b);
		buf_putc(&b, '#');
		buf_puts(&b, digest);
	}
	i = names_add(&g->value_names, buf_str(&b), &is_new);
	buf_release(&b);
	if (!is_new) {
		/* the same value elsewhere: where it is secret once, it is not shown */
		if (value_holds_secret(v) && !value_holds_secret(g->values.list[i]))
			((struct value *)g->values.list[i])->flags |= VALUE_SENSITIVE;
		return (uint32_t)i;
	}
	if (is_long) {
		copy = keep_long(g, v);
	} else {
		copy = ARENA_NEW(&g->arena, struct value);
		*copy = value_copy(&g->arena, v);
	}
	shelf_put(&g->arena, &g->values, i, copy);
	return (uint32_t)i;
}

const struct value *group_kept_value(const struct groups *g, uint32_t i)
{
	static const struct value unknown = { .kind = VALUE_UNKNOWN, .why = "" };

	return i == NONE ? &unknown : g->values.list[i];
}

/* Numbers as a name. */
static struct str number_name(const uint32_t *numbers, size_t n)
{
	return (struct str){ (const char *)numbers, n * sizeof(*numbers) };
}

struct tied *group_tied(struct groups *g, struct group_store *s, uint32_t group, size_t path,
			uint32_t value)
{
	uint32_t name[3] = { group, (uint32_t)path, value };
	struct tied *t;
	bool is_new;
	size_t i = names_add(&s->tied_names, number_name(name, 3), &is_new);

	if (!is_new)
		return s->ties.list[i];
	t = ARENA_NEW(&g->arena, struct tied);
	shelf_put(&g->arena, &s->ties, i, t);
	return t;
}

static uint32_t group_of(struct groups *g, struct group_store *s, const struct group_member *m)
{
	const struct group_rule *rule = s->rule;
	uint32_t *keys = ARENA_ARRAY(&g->arena, rule->n_keys, uint32_t);
	struct group *group;
	bool is_new;
	size_t i;

	for (i = 0; i < rule->n_keys; i++)
		keys[i] = keep_value(g, m->values[i]);
	i = names_add(&s->group_names, number_name(keys, rule->n_keys), &is_new);
	if (is_new) {
		group = arena_alloc(&g->arena, sizeof(*group) + (rule->n_paths - rule->n_keys) *
								    sizeof(group->asked[0]));
		group->keys = keys;
		shelf_put(&g->arena, &s->groups, i, group);
	}
	return (uint32_t)i;
}

static void count_value(struct groups *g, struct group_store *s, struct kept *k,
			struct kept_member *m, size_t ask)
{
	struct group *group = s->groups.list[m->group];
	struct asked *a = &group->asked[ask];
	bool in = m->state == GROUP_IN;
	struct tied *t;

	if (m->values[ask] == NONE) {
		a->n_unknown += in;
		a->n_unknown_all++;
		return;
	}
	t = group_tied(g, s, m->group, ask, m->values[ask]);
	a->n_values_all += t->n_all == 0;
	if (in && t->n_in == 0) {
		if (a->n_values < NAMED_MOST)
			a->few[a->n_values] = m->values[ask];
		a->n_values++;
	}
	if (in && t->n_in <= NAMED_MOST)
		t->few[t->n_in] = k;
	t->n_in += in;
	t->n_all++;
}

static void keep_waivers(struct groups *g, const struct group_store *s,
			 const struct group_member *m, struct kept_member *to)
{
	size_t n = g->p != NULL ? g->p->inside->rules[s->base->rule->index].n_waivers : 0, i;
	uint8_t *copy;

	if (n == 0 || m->waivers == NULL)
		return;
	copy = ARENA_ARRAY(&g->arena, n, uint8_t);
	for (i = 0; i < n; i++)
		copy[i] = (uint8_t)m->waivers[i];
	to->waivers = copy;
}

static void keep_member(struct groups *g, struct group_store *s, const struct group_member *m,
			struct kept *k, struct kept_member *to)
{
	size_t n = s->rule->n_paths - s->rule->n_keys, i;
	struct group *group;

	*to = (struct kept_member){ .c = m->c, .state = (uint8_t)m->state, .group = NONE };
	to->reason = keep_text(g, m->reason);
	to->field = keep_text(g, m->field);
	s->n_anywhere += m->state == GROUP_UNSURE_KEY;
	if (m->state != GROUP_IN && m->state != GROUP_UNSURE_WHEN)
		return;
	to->group = group_of(g, s, m);
	group = s->groups.list[to->group];
	to->values = ARENA_ARRAY(&g->arena, n, uint32_t);
	to->places = ARENA_ARRAY(&g->arena, n, struct place);
	for (i = 0; i < n; i++) {
		to->values[i] = keep_value(g, m->values[s->rule->n_keys + i]);
		to->places[i] = m->places[s->rule->n_keys + i];
		count_value(g, s, k, to, i);
	}
	if (m->state == GROUP_IN) {
		if (group->n_in <= NAMED_MOST)
			group->few[group->n_in] = k;
		group->n_in++;
	} else {
		group->n_maybe++;
	}
	keep_waivers(g, s, m, to);
}

bool group_judges(const struct group_store *s, const struct subject *subject)
{
	return s->base->rule->kind == subject->kind;
}

void groups_add(struct groups *g, const struct group_fact *fact)
{
	struct kept *k = arena_alloc(&g->arena, sizeof(*k) + g->n * sizeof(struct kept_member));
	const struct subject *s = &fact->subject;
	size_t i;

	k->place = fact->place;
	k->subject = *s;
	k->subject.id = arena_str(&g->arena, s->id);
	k->subject.arn = str_equal(s->arn, s->id) ? k->subject.id : arena_str(&g->arena, s->arn);
	k->subject.name = arena_str(&g->arena, s->name);
	k->subject.account = group_kept_text(g, keep_text(g, s->account));
	k->subject.region = group_kept_text(g, keep_text(g, s->region));
	k->subject.file = group_kept_text(g, keep_text(g, str_of(s->file))).data;
	for (i = 0; i < g->n; i++)
		if (group_judges(&g->rules[i], &k->subject))
			keep_member(g, &g->rules[i], &fact->members[i], k, &k->members[i]);
	*g->last = k;
	g->last = &k->next;
}
