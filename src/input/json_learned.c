/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configurations that are written like others before them. Knows the shape of a
 * configuration and which texts may follow each of its values; grammar and
 * refusals are the strict reader's.
 */
#include "input/json_learned.h"

#include <string.h>

#include "base/limit.h"
#include "model/json_scan.h"

#define TEXT_SIZE    384 /* of the longest text that is learned */
#define TEXT_LEFT    128 /* that must be left for what follows a word in it */
#define STEPS        20  /* what one text can mean beside its value */
#define EDGES        192 /* texts in all */
#define FOLLOWERS    12  /* texts that can follow one value */
#define NODES        24  /* of the shape */
#define KEYS         40  /* keys of maps, in all */
#define KEY_TEXT     4096
#define MEMBERS      32 /* of one list or map; longer ones are the strict reader's */
#define ITEMS_SIZE   (MEMBERS * sizeof(struct value))
#define ENTRIES_SIZE (MEMBERS * sizeof(struct entry))
#define DEPTH_BELOW  8 /* levels of the shape, maps and lists included */

/* Configurations in a row that are not as learned, about, until learning is seen
 * to be of no use; and how many are then read without it. */
#define TROUBLE_MOST 64
#define TROUBLE_STEP 2
#define REST         512

_Static_assert(TEXT_SIZE % 16 == 0, "whole blocks");
_Static_assert(NODES + KEYS <= 64, "a bit for each");

/* What stands in a text on the way to its value. A word is a value of an enumeration: few,
 * the same time and again, and so a part of the text. */
enum step_kind {
	STEP_OBJECT,
	STEP_NULL,
	STEP_LIST,
	STEP_LIST_END,
	STEP_MAP,
	STEP_MAP_END,
	STEP_WORD,
	STEP_WORD_ITEM
};

struct step {
	uint8_t kind; /* enum step_kind */
	uint8_t field;
	uint16_t at;  /* where the value begins in the text */
	uint16_t len; /* of a word */
};

/* The value behind a text: a string, whose quote is the text's last byte, or a number. */
enum goal { GOAL_STRING, GOAL_ITEM, GOAL_ENTRY, GOAL_NUMBER, GOAL_END };

struct point;

/* A text from the end of one value to the beginning of another. */
struct edge {
	uint8_t goal; /* enum goal */
	uint8_t field;
	uint8_t n_steps;
	uint8_t key_len;
	uint16_t key_at; /* of an entry's key, with its quote */
	uint16_t len;
	uint16_t last;       /* where its last block of sixteen begins */
	uint16_t last_mask;  /* a bit for each byte of that which counts */
	uint16_t doubt;      /* the block in which it was another the last time */
	uint16_t doubt_mask; /* a bit for each byte of that */
	uint8_t late;        /* times that others were tried before it */
	bool last_resort;    /* its value may be a word of a longer text */
	uint64_t names;      /* a bit for each field, object and key that is named in it */
	field_set there;     /* fields that have a value when its value is read */
	struct point *to;    /* the end of its value */
	struct step steps[STEPS];
	_Alignas(16) char text[TEXT_SIZE];
};

/* The end of a value: which texts came after it, NULL at the end. */
struct point {
	struct edge *edges[FOLLOWERS + 1];
};

struct key {
	uint8_t node, len;
	uint16_t text; /* in key_text */
};

struct json_learned {
	const struct json_shape *shape;
	field_set needs; /* words of other fields are not filled in */
	size_t n_edges, n_keys, key_text_used;
	unsigned trouble; /* grows with what is not as learned, shrinks with what is */
	unsigned rest;    /* configurations to be left alone */
	bool full;        /* something could not be learned for lack of room */
	struct value items[MEMBERS];
	struct entry entries[MEMBERS];
	struct key keys[KEYS];
	/* The first is the beginning; then one for each node, and for each key of a map. */
	struct point points[NODES + KEYS];
	char key_text[KEY_TEXT];
	struct edge edges[EDGES];
};

struct json_learned *json_learned_new(const struct json_shape *shape, struct arena *arena)
{
	struct json_learned *l;

	if (shape->n > NODES)
		return NULL;
	/* texts are written before they are read, and are most of it: a page that is not
	 * touched is not there */
	l = arena_room(arena, sizeof(*l));
	memset(l, 0, offsetof(struct json_learned, key_text));
	l->shape = shape;
	return l;
}

/* ---- reading ------------------------------------------------------------- */

#if defined(__SSE2__)
/* 0xff for each byte of the text's block that stands at p. */
static inline __m128i alike(const char *p, const char *text)
{
	return _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p),
			      *(const __m128i *)(const void *)text);
}

/* A bit for each byte of a block that is another. */
static inline unsigned unlike(const char *p, const char *text)
{
	return ~(unsigned)_mm_movemask_epi8(alike(p, text)) & 0xffff;
}

/* Where the first block begins that is another, or the last one of the text. */
static inline size_t same_until(const struct edge *e, const char *p)
{
	size_t i = 0;

	/* two at a time: texts are long, and mostly the same */
	for (; i + 16 < e->last; i += 32)
		if (_mm_movemask_epi8(_mm_and_si128(alike(p + i, e->text + i),
						    alike(p + i + 16, e->text + i + 16))) != 0xffff)
			break;
	while (i < e->last && unlike(p + i, e->text + i) == 0)
		i += 16;
	return i;
}
#endif

/* Whether the text stands at p, before the end. Texts that may follow one value begin
 * alike: where this one was another the last time is looked at first. */
static inline bool stands_at(struct edge *e, const char *p, const char *end)
{
	if ((size_t)(end - p) < e->len)
		return false;
#if defined(__SSE2__)
	size_t i;

	if ((unlike(p + e->doubt, e->text + e->doubt) & e->doubt_mask) != 0)
		return false;
	i = same_until(e, p);
	if (i == e->last && (unlike(p + i, e->text + i) & e->last_mask) == 0)
		return true;
	e->doubt = (uint16_t)i;
	e->doubt_mask = i == e->last ? e->last_mask : 0xffff;
	return false;
#else
	return memcmp(e->text, p, e->len) == 0;
#endif
}

/* A text that others were tried before often enough moves up by one. */
static void move_up(struct edge **at)
{
	struct edge *e = *at;

	if (++e->late < 16)
		return;
	e->late = 0;
	at[-1]->late = 0;
	*at = at[-1];
	at[-1] = e;
}

/* The text that stands at p of those that may follow. */
static inline const struct edge *follow(struct point *from, const char *p, const char *end)
{
	const struct edge *resort = NULL, *e;
	struct edge **at;

	for (at = from->edges; (e = *at) != NULL; at++) {
		if (!stands_at(*at, p, end))
			continue;
		if (e->last_resort) {
			resort = e;
			continue;
		}
		if (at != from->edges)
			move_up(at);
		return e;
	}
	return resort;
}

/* A configuration being read. */
struct reading {
	struct json_learned *l;
	struct json *j;
	struct value *slots;
	field_set needs;
	struct value *items;   /* of the list at hand */
	struct entry *entries; /* of the map at hand */
	uint32_t n;            /* members of either so far */
};

/* Members of what nobody needs are written where the next ones will be. */
static inline void begin_list(struct reading *rd, const struct step *step)
{
	bool needed = (rd->needs & FIELD_BIT(step->field)) != 0;

	rd->items = needed ? arena_room(rd->j->arena, ITEMS_SIZE) : rd->l->items;
	rd->n = 0;
}

static inline void begin_map(struct reading *rd, const struct step *step)
{
	bool needed = (rd->needs & FIELD_BIT(step->field)) != 0;

	rd->entries = needed ? arena_room(rd->j->arena, ENTRIES_SIZE) : rd->l->entries;
	rd->n = 0;
}

/* A list or a map is over. */
static void end_members(struct reading *rd, const struct step *step)
{
	struct value *slot = &rd->slots[step->field];

	if ((rd->needs & FIELD_BIT(step->field)) == 0)
		return;
	slot->n = rd->n;
	if (step->kind == STEP_LIST_END) {
		slot->kind = VALUE_LIST;
		slot->items = rd->items;
		arena_trim(rd->j->arena, rd->items, ITEMS_SIZE, rd->n * sizeof(*rd->items));
	} else {
		slot->kind = VALUE_MAP;
		slot->entries = rd->entries;
		arena_trim(rd->j->arena, rd->entries, ENTRIES_SIZE, rd->n * sizeof(*rd->entries));
	}
}

static inline void put_word(const struct json *j, const char *at, size_t len, struct value *v)
{
	*v = (struct value){
		.kind = VALUE_STRING, .n = (uint32_t)len, .place = json_place(j, at), .text = at + 1
	};
}

/* What the text of e at p means on the way to its value. False: a list is too long. */
static inline bool take_steps(struct reading *rd, const struct edge *e, const char *p)
{
	const struct step *step = e->steps, *end = step + e->n_steps;
	struct value *slot;

	for (; step < end; step++) {
		slot = &rd->slots[step->field];
		switch (step->kind) {
		case STEP_OBJECT:
			slot->place = json_place(rd->j, p + step->at);
			slot->kind = VALUE_MAP;
			slot->flags = VALUE_WRITTEN;
			break;
		case STEP_WORD:
			put_word(rd->j, p + step->at, step->len, slot);
			break;
		case STEP_WORD_ITEM:
			if (rd->n == MEMBERS)
				return false;
			put_word(rd->j, p + step->at, step->len, &rd->items[rd->n++]);
			break;
		case STEP_LIST_END:
		case STEP_MAP_END:
			end_members(rd, step);
			break;
		case STEP_LIST:
			slot->place = json_place(rd->j, p + step->at);
			begin_list(rd, step);
			break;
		case STEP_MAP:
			slot->place = json_place(rd->j, p + step->at);
			begin_map(rd, step);
			break;
		default: /* a null */
			slot->place = json_place(rd->j, p + step->at);
			break;
		}
	}
	return true;
}

static inline const char *put_string(const struct json *j, const char *p, const char *text,
				     size_t len, const char *end, struct value *v)
{
	*v = (struct value){ .kind = VALUE_STRING,
			     .n = (uint32_t)len,
			     .place = json_place(j, p - 1),
			     .text = text };
	return end;
}

/* What is not as it stands, or wrong, is the strict reader's. */
static const char *take_strictly(struct json *j, const char *p, struct value *v)
{
	struct str s;

	j->next = p - 1;
	if (json_string(j, &s) == -1)
		return NULL;
	return put_string(j, p, s.data, s.len, j->next - 1, v);
}

/* The string that begins at p, behind its quote; gives where its closing quote is, or
 * NULL. */
static inline const char *take_string(struct json *j, const char *p, struct value *v)
{
	const char *end = json_scan_string(p);

	if (*end != '"' || (size_t)(end - p) >= LIMIT_STRING_SIZE)
		return take_strictly(j, p, v);
	return put_string(j, p, p, (size_t)(end - p), end, v);
}

static inline const char *put_number(const struct json *j, const char *p, struct number n,
				     const char *end, struct value *v)
{
	*v = (struct value){ .kind = VALUE_NUMBER,
			     .exponent = n.exponent,
			     .place = json_place(j, p),
			     .mantissa = n.mantissa };
	return end;
}

static const char *take_number_strictly(struct json *j, const char *p, struct value *v)
{
	struct number n;

	if (*p != '-' && (*p < '0' || *p > '9'))
		return NULL; /* a blank more, or no number */
	j->next = p;
	return json_number(j, &n) == 0 ? put_number(j, p, n, j->next, v) : NULL;
}

/* The number at p; gives where it ends, or NULL. */
static inline const char *take_number(struct json *j, const char *p, struct value *v)
{
	unsigned small = 0;
	const char *q = p;

	for (; q < p + 3 && *q >= '0' && *q <= '9'; q++)
		small = small * 10 + (unsigned)(*q - '0');
	if (q == p || (*p == '0' && q > p + 1) || (*q >= '0' && *q <= '9') || *q == '.' ||
	    *q == 'e' || *q == 'E')
		return take_number_strictly(j, p, v);
	return put_number(j, p, number_of_int(small), q, v);
}

static bool read_along(struct reading *rd, field_set *filled)
{
	struct json_learned *l = rd->l;
	struct point *from = l->points;
	const char *p = rd->j->next, *end = rd->j->end;
	struct entry *entry;
	const struct edge *e;
	uint64_t names = 0;
	field_set there = 0;
	struct value *v;

	for (;;) {
		e = follow(from, p, end);
		if (e == NULL || (e->names & names) != 0)
			return false;
		names |= e->names;
		there |= e->there;
		if (e->n_steps != 0 && !take_steps(rd, e, p))
			return false;
		v = &rd->slots[e->field];
		if (e->goal == GOAL_ENTRY) {
			if (rd->n == MEMBERS)
				return false;
			entry = &rd->entries[rd->n++];
			entry->key = (struct str){ p + e->key_at + 1, e->key_len };
			entry->key_place = json_place(rd->j, p + e->key_at);
			v = &entry->value;
		}
		p += e->len;
		from = e->to;
		if (e->goal > GOAL_ENTRY) {
			if (e->goal == GOAL_END) {
				rd->j->next = p;
				*filled = there;
				return true;
			}
			if ((p = take_number(rd->j, p, v)) == NULL)
				return false;
			continue;
		}
		if (e->goal == GOAL_ITEM) {
			if (rd->n == MEMBERS)
				return false;
			v = &rd->items[rd->n++];
		}
		if ((p = take_string(rd->j, p, v)) == NULL)
			return false;
	}
}

static void forget(struct json_learned *l)
{
	memset(l->points, 0, sizeof(l->points));
	l->n_edges = 0;
	l->n_keys = 0;
	l->key_text_used = 0;
	l->full = false;
}

bool json_learned_read(struct json_learned *l, struct json *j, struct resource *r, field_set needs)
{
	struct reading rd = { .l = l, .j = j, .slots = r->slots, .needs = needs };
	struct json before = *j;

	if (l->needs != needs) {
		forget(l);
		l->needs = needs;
	}

	if (l->rest != 0) {
		l->rest--;
		return false;
	}
	json_peek(j);
	if (j->error == NULL && j->depth + DEPTH_BELOW <= LIMIT_JSON_DEPTH &&
	    read_along(&rd, &r->there)) {
		l->trouble -= l->trouble != 0;
		return true;
	}
	*j = before;
	memset(r->slots, 0, sizeof(r->slots));
	l->trouble += TROUBLE_STEP;
	return false;
}

/* ---- learning ------------------------------------------------------------ */

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

static int add_step(struct lesson *le, enum step_kind kind, const struct node *node, const char *at)
{
	struct edge *e = &le->draft;

	if (e->n_steps == STEPS || (size_t)(at - le->from) >= TEXT_SIZE)
		return -1;
	e->steps[e->n_steps++] = (struct step){ .kind = (uint8_t)kind,
						.field = (uint8_t)node->field,
						.at = (uint16_t)(at - le->from) };
	if (kind != STEP_NULL && kind != STEP_LIST && kind != STEP_MAP)
		e->there |= FIELD_BIT(node->field);
	return 0;
}

/* A word that comes next, into the text: false when it is none, or there is no room. */
static bool add_word(struct lesson *le, enum step_kind kind, const struct node *node)
{
	const char *values = field_table[node->field].values;
	struct json after = le->j;
	const char *at;
	struct str s;

	at = json_peek(&after) == '"' ? after.next : NULL;
	if (values == NULL || at == NULL || json_string(&after, &s) == -1 || s.data != at + 1 ||
	    !field_allows(values, s) || (size_t)(after.next - le->from) > TEXT_SIZE - TEXT_LEFT ||
	    le->draft.n_steps + STEPS / 2 > STEPS)
		return false;
	le->j = after;
	if ((le->l->needs & FIELD_BIT(node->field)) == 0)
		return true;
	add_step(le, kind, node, at);
	le->draft.steps[le->draft.n_steps - 1].len = (uint16_t)s.len;
	return true;
}

/* The text is gathered: it ends at `end`, where its value begins. Where that ends
 * again the caller says in le->from. */
static int end_text(struct lesson *le, enum goal goal, int field, struct point *to, const char *end)
{
	struct json_learned *l = le->l;
	struct edge *e = &le->draft, **at = le->point->edges;
	size_t len = (size_t)(end - le->from);

	if (len == 0 || len > TEXT_SIZE)
		return -1;
	e->goal = (uint8_t)goal;
	e->field = (uint8_t)field;
	e->to = to;
	e->len = (uint16_t)len;
	e->last = (uint16_t)((len - 1) / 16 * 16);
	e->last_mask = (uint16_t)(0xffffu >> (16 - (len - e->last)));
	if (goal == GOAL_STRING || goal == GOAL_NUMBER)
		e->there |= FIELD_BIT(field);
	e->last_resort =
	    (goal == GOAL_STRING || goal == GOAL_ITEM) && field_table[field].values != NULL;
	memcpy(e->text, le->from, len);
	while (*at != NULL && ((*at)->len != len || memcmp((*at)->text, e->text, len) != 0))
		at++;
	if (*at == NULL) {
		if (at == le->point->edges + FOLLOWERS || l->n_edges == EDGES)
			return lack(le);
		*at = &l->edges[l->n_edges++];
		**at = *e;
	}
	le->point = to;
	*e = (struct edge){ 0 };
	return 0;
}

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

	if (json_peek(&le->j) != '"' || end_text(le, goal, node->field, to, le->j.next + 1) == -1 ||
	    json_string(&le->j, &s) == -1)
		return -1;
	le->from = le->j.next - 1;
	return 0;
}

static int learn_list(struct lesson *le, const struct node *node)
{
	bool first;
	int more;

	if (json_open(&le->j, '[') == -1 || add_step(le, STEP_LIST, node, le->j.next - 1) == -1)
		return -1;
	for (first = true; (more = json_item(&le->j, first)) == 1; first = false)
		if (!add_word(le, STEP_WORD_ITEM, node) &&
		    learn_string(le, GOAL_ITEM, node, &le->l->points[node->index]) == -1)
			return -1;
	return more == -1 ? -1 : add_step(le, STEP_LIST_END, node, le->j.next);
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
	return more == -1 ? -1 : add_step(le, STEP_MAP_END, node, le->j.next);
}

static int learn_object(struct lesson *le, const struct node *node);

static int learn_value(struct lesson *le, const struct node *node)
{
	struct number n;
	char c = json_peek(&le->j);

	if (c == 'n')
		return add_step(le, STEP_NULL, node, le->j.next) == -1 || !json_null(&le->j) ? -1
											     : 0;
	switch (node->type.base) {
	case TYPE_OBJECT:
		if (add_step(le, STEP_OBJECT, node, le->j.next) == -1)
			return -1;
		return learn_object(le, node);
	case TYPE_STRING:
		if (add_word(le, STEP_WORD, node))
			return 0;
		return learn_string(le, GOAL_STRING, node, &le->l->points[node->index]);
	case TYPE_NUMBER:
		if (end_text(le, GOAL_NUMBER, node->field, &le->l->points[node->index],
			     le->j.next) == -1 ||
		    json_number(&le->j, &n) == -1)
			return -1;
		le->from = le->j.next;
		return 0;
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

void json_learned_add(struct json_learned *l, const char *start, const char *end)
{
	struct arena arena = ARENA_INIT;
	struct lesson le = { .l = l, .from = start, .point = l->points };

	if (l->trouble >= TROUBLE_MOST) {
		/* what fills the memory is of no use: later ones may be alike */
		if (l->full)
			forget(l);
		l->trouble = TROUBLE_MOST / 2;
		l->rest = REST;
		return;
	}
	if (l->rest != 0)
		return;
	json_init(&le.j, (struct str){ start, (size_t)(end - start) }, &arena);
	if (learn_object(&le, &l->shape->nodes[0]) == 0)
		end_text(&le, GOAL_END, 0, l->points, le.j.next);
	l->full |= le.full;
	arena_release(&arena);
}
