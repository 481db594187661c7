/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learning how a configuration is written: it is gone over once more, and what stands
 * between its values is remembered with what it means. Refuses nothing and fills
 * nothing; what has no room is not learned.
 */
#include "input/json_learned_inside.h"

#include <string.h>

/* Fields that are filled in though nobody may need them: what tells whose configuration
 * it is, and whether it is one. */
#define ALWAYS (FIELD_BIT(FIELD_ARN) | FIELD_BIT(FIELD_NAME) | JSON_TELLING)

/* A configuration that is gone over once more, known to be well. */
struct lesson {
	struct json_learned *l;
	struct json j;
	const char *from;    /* where the text begins that is being gathered */
	struct point *point; /* that it follows */
	struct edge draft;
	bool full; /* room is what was lacking */
};

static int lack(struct lesson *le)
{
	le->full = true;
	return -1;
}

static bool is_needed(const struct lesson *le, const struct node *node)
{
	return ((le->l->needs | ALWAYS) & FIELD_BIT(node->field)) != 0;
}

static uint16_t slot_of(const struct node *node)
{
	return (uint16_t)((size_t)node->field * sizeof(struct value));
}

/* ---- what a text means ----------------------------------------------------- */

/* A value without a place at `at`, to be put into a slot or a list. */
static int add_put(struct lesson *le, struct put *put, struct value v, const char *at,
		   const struct node *node)
{
	if ((size_t)(at - le->from) >= TEXT_SIZE)
		return -1;
	*put = (struct put){ .at = (uint32_t)(at - le->from), .slot = slot_of(node) };
	memcpy(&put->head, &v, sizeof(put->head));
	return 0;
}

static int put_into_slot(struct lesson *le, const struct node *node, struct value v, const char *at)
{
	struct edge *e = &le->draft;

	if (!is_needed(le, node))
		return 0;
	if (e->n_puts == STEPS || add_put(le, &e->puts[e->n_puts], v, at, node) == -1)
		return -1;
	e->n_puts++;
	e->there |= FIELD_BIT(node->field);
	return 0;
}

static int add_step(struct lesson *le, enum step_kind kind, const struct node *node, const char *at)
{
	struct edge *e = &le->draft;

	if (!is_needed(le, node))
		return 0;
	if (e->n_steps == STEPS || (size_t)(at - le->from) >= TEXT_SIZE)
		return -1;
	e->steps[e->n_steps++] = (struct step){ .kind = (uint8_t)kind,
						.first = e->n_words,
						.at = (uint16_t)(at - le->from),
						.slot = slot_of(node) };
	return 0;
}

/* The list that is open, where nothing but words has come since: its step, else NULL. */
static struct step *open_list(struct edge *e)
{
	struct step *last = e->n_steps != 0 ? &e->steps[e->n_steps - 1] : NULL;

	return last != NULL && (last->kind == STEP_LIST || last->kind == STEP_WORDS) ? last : NULL;
}

static int end_list(struct lesson *le, const struct node *node)
{
	const struct step *open = open_list(&le->draft);

	if (!is_needed(le, node))
		return 0;
	le->draft.there |= FIELD_BIT(node->field);
	if (open != NULL && open->kind == STEP_LIST)
		return 0;
	return add_step(le, STEP_LIST_END, node, le->j.next);
}

static int add_item(struct lesson *le, const struct node *node, struct value v, const char *at)
{
	struct edge *e = &le->draft;

	if (!is_needed(le, node))
		return 0;
	if (open_list(e) == NULL && add_step(le, STEP_WORDS, node, at) == -1)
		return -1;
	if (e->n_words == STEPS || add_put(le, &e->words[e->n_words], v, at, node) == -1)
		return -1;
	e->n_words++;
	e->steps[e->n_steps - 1].n++;
	return 0;
}

/* A word that comes next, into the text: false when it is none, or there is no room. */
static bool add_word(struct lesson *le, const struct node *node)
{
	const char *values = field_table[node->field].values;
	const struct edge *e = &le->draft;
	struct json after = le->j;
	struct value v;
	const char *at;
	struct str s;

	at = json_peek(&after) == '"' ? after.next : NULL;
	if (values == NULL || at == NULL || json_string(&after, &s) == -1 || s.data != at + 1 ||
	    !field_allows(values, s) || (size_t)(after.next - le->from) > TEXT_SIZE - TEXT_LEFT ||
	    e->n_puts + STEPS / 2 > STEPS || e->n_steps + STEPS / 2 > STEPS || e->n_words == STEPS)
		return false;
	le->j = after;
	v = value_of_str(s);
	if (node->type.base == TYPE_LIST)
		return add_item(le, node, v, at) == 0;
	return put_into_slot(le, node, v, at) == 0;
}

/* ---- texts ----------------------------------------------------------------- */

/* Where the last block of the text begins, and which bytes of it count. */
static void find_last(struct edge *e, enum json_width width, uint32_t block)
{
	e->last[width].at = (e->len - 1u) / block * block;
	e->last[width].mask = ~(uint32_t)0 >> (32 - (e->len - e->last[width].at));
}

/* The first byte that is another, or that only the longer one has. */
static size_t first_difference(const struct edge *a, const struct edge *b)
{
	size_t i, least = a->len < b->len ? a->len : b->len;

	for (i = 0; i < least && a->text[i] == b->text[i]; i++)
		;
	return i;
}

/* Which way of a fork the edge's own text goes. */
static const struct next **way_of(const struct next *fork, const struct edge *e)
{
	struct fork *f = (struct fork *)(uintptr_t)fork;

	return f->at < e->len && e->text[f->at] == f->byte ? &f->same : &f->other;
}

/* The last edge of the point, new and not the only one, into its forks. */
static void add_fork(struct point *point)
{
	const struct edge *e = point->edges[point->n - 1], *other;
	struct fork *added = &point->forks[point->n - 1];
	const struct next **link;
	size_t at;

	for (link = &point->first; (*link)->goal == GOAL_FORK;)
		link = way_of(*link, e);
	other = (const struct edge *)*link;
	at = first_difference(e, other);
	/* the same way again, to where later bytes than that are asked about */
	for (link = &point->first;
	     (*link)->goal == GOAL_FORK && ((const struct fork *)*link)->at <= at;)
		link = way_of(*link, e);
	*added = (struct fork){ .as = { GOAL_FORK }, .at = (uint16_t)at };
	if (at < e->len) {
		added->byte = e->text[at];
		added->same = &e->as;
		added->other = *link;
	} else {
		added->byte = other->text[at];
		added->same = *link;
		added->other = &e->as;
	}
	*link = &added->as;
}

/* An edge that the point has not: false when there is no room. */
static bool add_edge(struct json_learned *l, struct point *point, const struct edge *e)
{
	struct edge *added = &l->edges[l->n_edges];
	size_t i;

	for (i = 0; i < point->n; i++)
		if (point->edges[i]->len == e->len &&
		    memcmp(point->edges[i]->text, e->text, e->len) == 0)
			return true;
	if (point->n == FOLLOWERS || l->n_edges == EDGES)
		return false;
	*added = *e;
	l->n_edges++;
	point->edges[point->n++] = added;
	if (point->n == 1)
		point->first = &added->as;
	else
		add_fork(point);
	/* it may be first now after whatever leads there */
	added->next = added->to->first;
	for (i = 0; i < l->n_edges; i++)
		if (l->edges[i].to == point)
			l->edges[i].next = point->first;
	return true;
}

/* The text is gathered: it ends at `end`, where its value begins. Where that ends
 * again the caller says in le->from. */
static int end_text(struct lesson *le, enum goal goal, const struct node *node, struct point *to,
		    const char *end)
{
	struct edge *e = &le->draft;
	size_t len = (size_t)(end - le->from);

	if (len == 0 || len > TEXT_SIZE)
		return -1;
	e->as.goal = (uint8_t)goal;
	e->slot = slot_of(node);
	e->to = to;
	e->len = (uint16_t)len;
	e->plain = e->n_puts == 0 && e->n_steps == 0;
	find_last(e, JSON_PLAIN, 16);
	find_last(e, JSON_AVX2, 32);
	if (goal == GOAL_STRING || goal == GOAL_NUMBER)
		e->there |= FIELD_BIT(node->field);
	memcpy(e->text, le->from, len);
	if (!add_edge(le->l, le->point, e))
		return lack(le);
	le->point = to;
	*e = (struct edge){ 0 };
	return 0;
}

/* ---- along the configuration ----------------------------------------------- */

/* The number of a key of a map, or -1 when there are too many. */
static int find_key(struct lesson *le, const struct node *node, struct str text)
{
	struct json_learned *l = le->l;
	size_t i;

	for (i = 0; i < l->n_keys; i++)
		if (l->keys[i].node == node->index && l->keys[i].len == text.len &&
		    memcmp(l->key_text + l->keys[i].text, text.data, text.len) == 0)
			return (int)i;
	if (l->n_keys == KEYS || text.len > UINT8_MAX || text.len > KEY_TEXT - l->key_text_used)
		return lack(le);
	l->keys[i] = (struct key){ node->index, (uint8_t)text.len, (uint16_t)l->key_text_used };
	memcpy(l->key_text + l->key_text_used, text.data, text.len);
	l->key_text_used += text.len;
	l->n_keys++;
	return (int)i;
}

/* Whether a key is written as it is. */
static bool is_plain_key(const struct json *j, struct str key)
{
	return key.data == j->key_at + 1 && key.data[key.len] == '"';
}

/* The string that comes next: its text ends with the quote that opens it. */
static int learn_string(struct lesson *le, enum goal goal, const struct node *node,
			struct point *to)
{
	struct str s;

	if (!is_needed(le, node))
		goal = GOAL_PASSED_STRING;
	le->draft.last_resort =
	    field_table[node->field].values != NULL; /* which goes on in longer ones */
	if (json_peek(&le->j) != '"' || end_text(le, goal, node, to, le->j.next + 1) == -1 ||
	    json_string(&le->j, &s) == -1)
		return -1;
	le->from = le->j.next - 1;
	return 0;
}

static int learn_number(struct lesson *le, const struct node *node)
{
	struct number n;

	json_peek(&le->j);
	if (end_text(le, is_needed(le, node) ? GOAL_NUMBER : GOAL_PASSED_NUMBER, node,
		     &le->l->points[node->index], le->j.next) == -1 ||
	    json_number(&le->j, &n) == -1)
		return -1;
	le->from = le->j.next;
	return 0;
}

static int learn_list(struct lesson *le, const struct node *node)
{
	bool first;
	int more;

	if (json_open(&le->j, '[') == -1 || add_step(le, STEP_LIST, node, le->j.next - 1) == -1)
		return -1;
	for (first = true; (more = json_item(&le->j, first)) == 1; first = false)
		if (!add_word(le, node) &&
		    learn_string(le, GOAL_ITEM, node, &le->l->points[node->index]) == -1)
			return -1;
	return more == -1 ? -1 : end_list(le, node);
}

static int learn_map(struct lesson *le, const struct node *node)
{
	struct str key;
	bool first;
	int more, number;

	if (json_open(&le->j, '{') == -1 || add_step(le, STEP_MAP, node, le->j.next - 1) == -1)
		return -1;
	for (first = true; (more = json_member(&le->j, first, &key)) == 1; first = false) {
		if (!is_plain_key(&le->j, key) || (number = find_key(le, node, key)) == -1 ||
		    (size_t)(le->j.key_at - le->from) >= TEXT_SIZE)
			return -1;
		le->draft.names |= (uint64_t)1 << (NODES + number);
		le->draft.key_at = (uint16_t)(le->j.key_at - le->from);
		le->draft.key_len = (uint8_t)key.len;
		if (learn_string(le, GOAL_ENTRY, node, &le->l->points[NODES + number]) == -1)
			return -1;
	}
	if (more == -1 || add_step(le, STEP_MAP_END, node, le->j.next) == -1)
		return -1;
	if (is_needed(le, node))
		le->draft.there |= FIELD_BIT(node->field);
	return 0;
}

static int learn_object(struct lesson *le, const struct node *node);

static int learn_value(struct lesson *le, const struct node *node)
{
	const struct value object = { .kind = VALUE_MAP, .flags = VALUE_WRITTEN };
	char c = json_peek(&le->j);

	if (c == 'n')
		return json_null(&le->j) ? 0 : -1; /* nothing is there */
	switch (node->type.base) {
	case TYPE_OBJECT:
		if (put_into_slot(le, node, object, le->j.next) == -1)
			return -1;
		return learn_object(le, node);
	case TYPE_STRING:
		if (add_word(le, node))
			return 0;
		return learn_string(le, GOAL_STRING, node, &le->l->points[node->index]);
	case TYPE_NUMBER:
		return learn_number(le, node);
	case TYPE_LIST:
		return node->type.element == TYPE_STRING ? learn_list(le, node) : -1;
	case TYPE_MAP:
		return node->type.element == TYPE_STRING ? learn_map(le, node) : -1;
	default:
		return -1;
	}
}

/* Depth is the shape's. */
static int learn_object(struct lesson *le, const struct node *node)
{
	const struct node *child;
	struct str key;
	bool first;
	int more;

	if (json_open(&le->j, '{') == -1)
		return -1;
	for (first = true; (more = json_member(&le->j, first, &key)) == 1; first = false) {
		child = json_shape_child(le->l->shape, node, key);
		if (child == NULL || !is_plain_key(&le->j, key))
			return -1;
		le->draft.names |= (uint64_t)1 << child->index;
		if (learn_value(le, child) == -1)
			return -1;
	}
	return more;
}

bool json_lesson(struct json_learned *l, const char *start, const char *end)
{
	const struct node *whole = &l->shape->nodes[0];
	struct arena arena = ARENA_INIT;
	struct lesson le = { .l = l, .from = start, .point = l->points };

	json_init(&le.j, (struct str){ start, (size_t)(end - start) }, &arena);
	if (learn_object(&le, whole) == 0)
		end_text(&le, GOAL_END, whole, l->points, le.j.next);
	arena_release(&arena);
	return !le.full;
}
