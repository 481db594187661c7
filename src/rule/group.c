/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups of resources: what is remembered of each, and the verdicts at the end.
 * Knows sizes and equal values; does not know how members were chosen.
 *
 * Resources whose part in a group is not known count both ways: a group passes
 * only when it would pass with them as well.
 */
#include "rule/group.h"

#include <inttypes.h>
#include <stdlib.h>

#include "rule/group_rule.h"

#define NONE           UINT32_MAX
#define FEW            5   /* values or members that a message names */
#define CANONICAL_MOST 256 /* bytes of a value that are kept as they are */
#define SIZES_MOST     64  /* possible sizes of a group that are tried */

/* What is kept of a resource for one rule. */
struct kept_member {
	const struct compiled *c;
	uint32_t *values; /* of `require`: numbers of values, NONE for unknown */
	struct place *places;
	const uint8_t *waivers; /* enum waiver_match; NULL: none */
	uint32_t group;         /* NONE: in no known group */
	uint32_t reason;        /* number of a text, NONE for none */
	uint32_t field;
	uint8_t state;
};

struct kept {
	struct kept *next;
	struct subject subject;
	struct place place;
	struct kept_member members[];
};

/* How often one value occurs in one group. */
struct tied {
	uint32_t n_in, n_all;
	struct kept *few[FEW + 1];
};

/* One field of `require` in one group. */
struct asked {
	uint32_t n_values, n_values_all; /* different ones, of members and of all */
	uint32_t n_unknown, n_unknown_all;
	uint32_t few[FEW]; /* numbers of values of members */
};

struct group {
	uint32_t n_in, n_maybe;
	uint32_t *keys; /* numbers of values */
	struct kept *few[FEW + 1];
	enum truth count;
	struct asked asked[];
};

/* Growing pointers in an arena. */
struct shelf {
	void **list;
	size_t cap;
};

struct group_store {
	const struct compiled *base;
	const struct group_rule *rule;
	struct names group_names; /* by the numbers of the keys' values */
	struct shelf groups;      /* struct group */
	struct names tied_names;  /* by group, path and value */
	struct shelf ties;        /* struct tied */
	uint64_t n_anywhere;      /* resources that may be in any group */
};

struct groups {
	struct arena arena;
	const struct policy *p;
	struct group_store *rules;
	size_t n;
	struct names texts;       /* files, accounts, reasons ... */
	struct names value_names; /* canonical bytes of values */
	struct shelf values;      /* struct value */
	struct kept *first, **last;
	struct buf text;
	int32_t as_of;
	bool all;
	struct baseline *baseline; /* or NULL */
};

struct groups *groups_new(const struct policy *p, const struct compiled *const *rules, size_t n,
			  int32_t as_of, bool all)
{
	struct groups *g = mem_alloc(sizeof(*g));
	size_t i;

	*g = (struct groups){ .p = p, .n = n, .as_of = as_of, .all = all };
	g->last = &g->first;
	g->text = BUF_INIT(1 << 20);
	g->rules = ARENA_ARRAY(&g->arena, n, struct group_store);
	names_init(&g->texts, &g->arena);
	names_init(&g->value_names, &g->arena);
	for (i = 0; i < n; i++) {
		g->rules[i].base = rules[i];
		g->rules[i].rule = rules[i]->group;
		names_init(&g->rules[i].group_names, &g->arena);
		names_init(&g->rules[i].tied_names, &g->arena);
	}
	return g;
}

void groups_accept(struct groups *g, struct baseline *b)
{
	g->baseline = b;
}

void groups_free(struct groups *g)
{
	if (g == NULL)
		return;
	buf_release(&g->text);
	arena_release(&g->arena);
	free(g);
}

/* ---- remembering ----------------------------------------------------------- */

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

static struct str kept_text(const struct groups *g, uint32_t i)
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

static const struct value *kept_value(const struct groups *g, uint32_t i)
{
	static const struct value unknown = { .kind = VALUE_UNKNOWN, .why = "" };

	return i == NONE ? &unknown : g->values.list[i];
}

/* Numbers as a name. */
static struct str number_name(const uint32_t *numbers, size_t n)
{
	return (struct str){ (const char *)numbers, n * sizeof(*numbers) };
}

static struct tied *tied_of(struct groups *g, struct group_store *s, uint32_t group, size_t path,
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
	t = tied_of(g, s, m->group, ask, m->values[ask]);
	a->n_values_all += t->n_all == 0;
	if (in && t->n_in == 0) {
		if (a->n_values < FEW)
			a->few[a->n_values] = m->values[ask];
		a->n_values++;
	}
	if (in && t->n_in <= FEW)
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
		if (group->n_in <= FEW)
			group->few[group->n_in] = k;
		group->n_in++;
	} else {
		group->n_maybe++;
	}
	keep_waivers(g, s, m, to);
}

static bool judges(const struct group_store *s, const struct subject *subject)
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
	k->subject.account = kept_text(g, keep_text(g, s->account));
	k->subject.region = kept_text(g, keep_text(g, s->region));
	k->subject.file = kept_text(g, keep_text(g, str_of(s->file))).data;
	for (i = 0; i < g->n; i++)
		if (judges(&g->rules[i], &k->subject))
			keep_member(g, &g->rules[i], &fact->members[i], k, &k->members[i]);
	*g->last = k;
	g->last = &k->next;
}

/* ---- verdicts -------------------------------------------------------------- */

/* Whether the size is allowed whatever of `more` belongs to the group. */
static enum truth judge_count(const struct group_rule *rule, uint64_t n_in, uint64_t more)
{
	struct arena scratch = ARENA_INIT;
	struct judge j = { .arena = &scratch };
	enum truth truth = TRUTH_UNKNOWN, now;
	struct value size;
	uint64_t n;

	for (n = n_in; n <= n_in + more && n <= n_in + SIZES_MOST; n++) {
		size = value_of_number(number_of_int((int64_t)n));
		now = ops_judge(rule->count, &size, NULL, &j);
		if (n > n_in && now != truth)
			truth = TRUTH_UNKNOWN;
		else
			truth = now;
		if (truth == TRUTH_UNKNOWN)
			break;
	}
	if (more > SIZES_MOST && truth != TRUTH_UNKNOWN) {
		/* The rest is taken to go on as the last size that there can be. */
		size = value_of_number(number_of_int((int64_t)(n_in + more)));
		if (ops_judge(rule->count, &size, NULL, &j) != truth)
			truth = TRUTH_UNKNOWN;
	}
	arena_release(&scratch);
	return truth;
}

static enum truth judge_same(const struct group_store *s, const struct group *group, size_t ask)
{
	const struct asked *a = &group->asked[ask];

	if (a->n_values > 1)
		return TRUTH_FALSE;
	if (s->n_anywhere != 0 || a->n_values_all > 1)
		return TRUTH_UNKNOWN;
	if (a->n_unknown_all != 0 && group->n_in + group->n_maybe > 1)
		return TRUTH_UNKNOWN;
	return TRUTH_TRUE;
}

/* Absent values are not alike. */
static enum truth judge_unique(struct groups *g, struct group_store *s, const struct group *group,
			       const struct kept_member *m, size_t ask)
{
	const struct asked *a = &group->asked[ask];
	bool alone = group->n_in + group->n_maybe == 1 && s->n_anywhere == 0;
	const struct tied *t;

	if (m->values[ask] == NONE)
		return alone ? TRUTH_TRUE : TRUTH_UNKNOWN;
	if (kept_value(g, m->values[ask])->kind <= VALUE_NULL)
		return TRUTH_TRUE;
	t = tied_of(g, s, m->group, ask, m->values[ask]);
	if (t->n_in > 1)
		return TRUTH_FALSE;
	if (t->n_all > 1 || a->n_unknown_all != 0 || s->n_anywhere != 0)
		return TRUTH_UNKNOWN;
	return TRUTH_TRUE;
}

static enum truth judge_ask(struct groups *g, struct group_store *s, const struct kept_member *m,
			    size_t ask)
{
	const struct group *group = s->groups.list[m->group];

	return s->rule->unique[s->rule->n_keys + ask] ? judge_unique(g, s, group, m, ask)
						      : judge_same(s, group, ask);
}

static enum verdict judge_member(struct groups *g, struct group_store *s,
				 const struct kept_member *m)
{
	size_t n = s->rule->n_paths - s->rule->n_keys, i;
	enum truth truth = TRUTH_TRUE, now;

	switch (m->state) {
	case GROUP_OUT:
		return VERDICT_NOT_APPLICABLE;
	case GROUP_ERROR:
		return VERDICT_ERROR;
	case GROUP_IN:
		break;
	default:
		return VERDICT_UNDECIDED;
	}
	if (s->rule->count != NULL)
		truth = ((struct group *)s->groups.list[m->group])->count;
	for (i = 0; i < n && truth != TRUTH_FALSE; i++) {
		now = judge_ask(g, s, m, i);
		truth = now < truth ? now : truth;
	}
	if (truth == TRUTH_TRUE)
		return VERDICT_PASS;
	return truth == TRUTH_FALSE ? VERDICT_FAIL : VERDICT_UNDECIDED;
}

/* ---- texts ----------------------------------------------------------------- */

/* "4 recording configurations with account 123456789012, region us-west-2" */
static void put_group(struct groups *g, const struct group_store *s, const struct group *group)
{
	const struct kind_row *kind = &kind_table[s->base->rule->kind];
	size_t i;

	buf_printf(&g->text, "%" PRIu32 " %s with ", group->n_in,
		   group->n_in == 1 ? kind->one : kind->many);
	for (i = 0; i < s->rule->n_keys; i++) {
		buf_puts(&g->text, i != 0 ? ", " : "");
		buf_put_str(&g->text, s->rule->paths[i].text);
		buf_putc(&g->text, ' ');
		value_show(&g->text, kept_value(g, group->keys[i]), LIMIT_SHOWN_VALUE);
	}
}

/* "a, b and 7 more", without the one that the finding is about. */
static void put_others(struct groups *g, struct kept *const *few, uint32_t n,
		       const struct kept *self)
{
	uint32_t shown = 0, i;
	struct value id;

	for (i = 0; i < n && i <= FEW && shown < FEW; i++) {
		if (few[i] == self)
			continue;
		buf_puts(&g->text, shown != 0 ? ", " : "");
		id = value_of_str(few[i]->subject.id);
		value_show(&g->text, &id, LIMIT_SHOWN_VALUE);
		shown++;
	}
	if (n - 1 > shown)
		buf_printf(&g->text, " and %" PRIu32 " more", n - 1 - shown);
}

static void put_values(struct groups *g, const struct asked *a)
{
	uint32_t i;

	for (i = 0; i < a->n_values && i < FEW; i++) {
		buf_puts(&g->text, i != 0 ? ", " : "");
		value_show(&g->text, kept_value(g, a->few[i]), LIMIT_SHOWN_VALUE);
	}
	if (a->n_values > FEW)
		buf_printf(&g->text, " and %" PRIu32 " more", a->n_values - FEW);
}

/* What failed, with its evidence. */
struct broken {
	struct str field;
	const struct value *actual;
	struct str expected;
	struct str detail; /* what a message of the rule's own may show */
	struct place place;
};

static void break_count(struct groups *g, const struct group_store *s, const struct group *group,
			const struct kept *k, struct arena *arena, struct broken *b)
{
	struct value *size = ARENA_NEW(arena, struct value);

	*size = value_of_number(number_of_int(group->n_in));
	*b = (struct broken){ STR("group.count"), size, s->rule->count_text, STR(""), k->place };
	put_group(g, s, group);
	buf_puts(&g->text, ", expected ");
	buf_put_str(&g->text, s->rule->count_text);
	if (group->n_in > 1) {
		buf_puts(&g->text, ": also ");
		put_others(g, group->few, group->n_in, k);
	}
}

static void break_ask(struct groups *g, struct group_store *s, const struct group *group,
		      const struct kept *k, const struct kept_member *m, size_t ask,
		      struct broken *b)
{
	bool unique = s->rule->unique[s->rule->n_keys + ask];
	const struct tied *t;

	*b = (struct broken){ s->rule->paths[s->rule->n_keys + ask].text,
			      kept_value(g, m->values[ask]),
			      unique ? STR("unique in its group") : STR("the same in its group"),
			      STR(""), m->places[ask] };
	buf_put_str(&g->text, b->field);
	buf_puts(&g->text, " is ");
	value_show(&g->text, b->actual, LIMIT_SHOWN_VALUE);
	buf_puts(&g->text, unique ? ", expected unique among the " : ", expected the same in the ");
	put_group(g, s, group);
	if (unique) {
		t = tied_of(g, s, m->group, ask, m->values[ask]);
		buf_puts(&g->text, ": also ");
		put_others(g, t->few, t->n_in, k);
	} else {
		buf_puts(&g->text, ": found ");
		put_values(g, &group->asked[ask]);
	}
}

/* A row that holds what is remembered, for a message of the rule's own. */
static void fill_row(const struct groups *g, const struct group_store *s, const struct kept *k,
		     const struct kept_member *m, struct resource *r)
{
	const struct group *group = s->groups.list[m->group];
	const struct path *p;
	size_t i;

	r->slots[FIELD_ARN] = value_of_str(k->subject.arn);
	r->slots[FIELD_NAME] = value_of_str(k->subject.name);
	r->slots[FIELD_ACCOUNT] = value_of_str(k->subject.account);
	r->slots[FIELD_REGION] = value_of_str(k->subject.region);
	for (i = 0; i < s->rule->n_paths; i++) {
		p = &s->rule->paths[i];
		if (p->n_steps == 0)
			r->slots[p->slot] =
			    *kept_value(g, i < s->rule->n_keys ? group->keys[i]
							       : m->values[i - s->rule->n_keys]);
	}
}

static struct str own_message(struct groups *g, const struct group_store *s, const struct kept *k,
			      const struct kept_member *m, const struct broken *b,
			      struct explain *x)
{
	struct resource *r = ARENA_NEW(x->arena, struct resource);
	struct source *source = ARENA_NEW(x->arena, struct source);
	struct evidence e = { .truth = TRUTH_FALSE,
			      .field = b->field,
			      .actual = b->actual,
			      .expected = b->expected,
			      .detail = b->detail,
			      .place = b->place };

	source_init(source, k->subject.file, STR(""));
	resource_init_kind(r, k->subject.kind, source, k->place, SOURCE_JSON);
	fill_row(g, s, k, m, r);
	format_put(m->c->message, r, &e, x->text);
	return explain_take(x);
}

static void explain_fail(struct groups *g, struct group_store *s, const struct kept *k,
			 const struct kept_member *m, struct explain *x, struct finding *f)
{
	const struct group *group = s->groups.list[m->group];
	size_t n = s->rule->n_paths - s->rule->n_keys, i;
	struct broken first = { .field = STR("") }, b;
	bool some = false;

	if (group->count == TRUTH_FALSE && s->rule->count != NULL) {
		break_count(g, s, group, k, x->arena, &first);
		some = true;
	}
	for (i = 0; i < n; i++) {
		if (judge_ask(g, s, m, i) != TRUTH_FALSE)
			continue;
		if (some)
			buf_puts(&g->text, "; ");
		break_ask(g, s, group, k, m, i, some ? &b : &first);
		some = true;
	}
	f->message = explain_take(x);
	first.detail = f->message;
	if (m->c->message != NULL)
		f->message = own_message(g, s, k, m, &first, x);
	f->field = first.field;
	f->actual = first.actual;
	f->expected = first.expected;
	f->place = first.place;
}

static void explain_undecided(struct groups *g, const struct group_store *s,
			      const struct kept_member *m, struct explain *x, struct finding *f)
{
	const struct group *group;

	if (m->state != GROUP_IN) {
		buf_put_str(x->text, kept_text(g, m->reason));
		f->field = kept_text(g, m->field);
	} else {
		group = s->groups.list[m->group];
		put_group(g, s, group);
		buf_puts(x->text, ": ");
		if (s->n_anywhere != 0)
			buf_printf(x->text, "%" PRIu64 " more may be among them", s->n_anywhere);
		else if (group->n_maybe != 0)
			buf_printf(x->text, "%" PRIu32 " more may be among them", group->n_maybe);
		else
			buf_puts(x->text, "not every value is known");
	}
	explain_reason(x, f);
}

static void apply_waivers(const struct groups *g, const struct kept_member *m, struct finding *f,
			  struct tally *tally, struct arena *arena)
{
	enum waiver_match *matched;
	struct waiver_case c;
	struct evidence e = { .truth = TRUTH_FALSE };
	size_t n, i;

	n = g->p->inside->rules[f->rule->index].n_waivers;
	matched = ARENA_ARRAY(arena, n, enum waiver_match);
	for (i = 0; i < n; i++)
		matched[i] = (enum waiver_match)m->waivers[i];
	e.actual = f->actual;
	c = (struct waiver_case){ .matched = matched, .evidence = &e, .as_of = g->as_of };
	waivers_apply(g->p, &c, f, tally, arena);
}

static void explain(struct groups *g, struct group_store *s, const struct kept *k,
		    const struct kept_member *m, enum verdict verdict, struct tally *tally,
		    struct arena *arena, struct finding *f)
{
	struct explain x;

	explain_init(&x, arena, &g->text);
	buf_clear(&g->text);
	finding_init(f, m->c, verdict);
	f->place = k->place;
	if (verdict == VERDICT_FAIL)
		explain_fail(g, s, k, m, &x, f);
	else if (verdict == VERDICT_UNDECIDED)
		explain_undecided(g, s, m, &x, f);
	else if (verdict == VERDICT_NOT_APPLICABLE)
		f->reason = kept_text(g, m->reason);
	if (verdict == VERDICT_ERROR) {
		buf_put_str(&g->text, kept_text(g, m->reason));
		explain_reason(&x, f);
	}
	if (verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE)
		finding_fingerprint(f, k->subject.id);
	if (g->baseline != NULL && (verdict == VERDICT_UNDECIDED || verdict == VERDICT_ERROR))
		baseline_unsure(g->baseline, k->subject.id, f);
	if (verdict != VERDICT_FAIL)
		return;
	if (m->waivers != NULL)
		apply_waivers(g, m, f, tally, arena);
	if (g->baseline != NULL)
		baseline_apply(g->baseline, f, arena);
}

/* ---- the end --------------------------------------------------------------- */

static void judge_counts(struct group_store *s)
{
	struct group *group;
	size_t i;

	for (i = 0; i < s->group_names.n; i++) {
		group = s->groups.list[i];
		group->count = TRUTH_TRUE;
		if (s->rule->count != NULL)
			group->count =
			    judge_count(s->rule, group->n_in, group->n_maybe + s->n_anywhere);
	}
}

static void judge_kept(struct groups *g, const struct kept *k, struct tally *tally,
		       struct arena *arena, struct judgement *j)
{
	struct finding *findings = ARENA_ARRAY(arena, g->n, struct finding), *f;
	enum verdict verdict;
	size_t i;

	*j = (struct judgement){ .subject = k->subject, .findings = findings, .is_group = true };
	for (i = 0; i < g->n; i++) {
		if (!judges(&g->rules[i], &k->subject))
			continue;
		verdict = judge_member(g, &g->rules[i], &k->members[i]);
		if (g->all || (verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE)) {
			f = &findings[j->n_findings++];
			explain(g, &g->rules[i], k, &k->members[i], verdict, tally, arena, f);
			verdict = f->verdict;
			if (verdict == VERDICT_FAIL)
				tally->fails[f->severity]++;
		}
		j->counts[verdict]++;
		tally->verdicts[verdict]++;
		tally->rules[g->rules[i].base->rule->index][verdict]++;
	}
}

int groups_finish(struct groups *g, struct tally *tally, engine_take *take, void *to)
{
	struct arena arena = ARENA_INIT;
	const struct kept *k;
	struct judgement j;
	size_t i;
	int rc = 0;

	for (i = 0; i < g->n; i++)
		judge_counts(&g->rules[i]);
	for (k = g->first; k != NULL && rc == 0; k = k->next) {
		judge_kept(g, k, tally, &arena, &j);
		rc = take(to, &j);
		arena_reset(&arena);
	}
	arena_release(&arena);
	return rc;
}
