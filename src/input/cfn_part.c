/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of which something is known: texts with gaps, and one of several
 * values. What CloudFormation's functions are is not known here, and cfn_equal.c
 * compares.
 */
#include "input/cfn.h"

#include <stddef.h>
#include <string.h>

#include "model/partial.h"

const struct cfn_unknown *cfn_unknown_of(const struct value *v)
{
	if (v->kind != VALUE_UNKNOWN || (v->flags & CFN_MORE) == 0)
		return NULL;
	return (const struct cfn_unknown *)(const void *)(v->why -
							  offsetof(struct cfn_unknown, why));
}

/* Room for an unknown value that more is known of. */
static struct cfn_unknown *new_unknown(struct arena *a, const char *why, struct value *v)
{
	size_t len = strlen(why) + 1;
	struct cfn_unknown *u = arena_alloc(a, sizeof(*u) + len);

	memcpy(u->why, why, len);
	*v = value_unknown(u->why);
	v->flags = CFN_MORE;
	return u;
}

struct value cfn_unknown_text(struct arena *a, const struct cfn_part *parts, size_t n,
			      const struct cfn_resource *of, const char *why)
{
	struct cfn_part *copy = ARENA_ARRAY(a, n, struct cfn_part);
	struct cfn_unknown *u;
	struct value v;

	if (n > 0)
		memcpy(copy, parts, n * sizeof(*copy));
	u = new_unknown(a, why, &v);
	u->parts = copy;
	u->n_parts = (uint32_t)n;
	u->of = of;
	return v;
}

static const char *const truths[] = { "True", "TRUE", NULL };
static const char *const untruths[] = { "False", "FALSE", NULL };

static bool is_any(struct str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_is(s, *words))
			return true;
	return false;
}

bool cfn_text(struct arena *a, const struct value *v, struct str *text)
{
	struct buf b = BUF_INIT(0);

	switch (v->kind) {
	case VALUE_STRING:
		*text = value_str(v);
		/* a truth of YAML, as JSON would write it */
		if ((v->flags & VALUE_PLAIN) != 0 && is_any(*text, truths))
			*text = STR("true");
		else if ((v->flags & VALUE_PLAIN) != 0 && is_any(*text, untruths))
			*text = STR("false");
		return true;
	case VALUE_BOOLEAN:
		*text = v->boolean ? STR("true") : STR("false");
		return true;
	case VALUE_NUMBER:
		number_put(&b, value_number(v));
		*text = arena_buf(a, &b);
		buf_release(&b);
		return true;
	}
	return false;
}

/* ---- one of several --------------------------------------------------------- */

bool cfn_same_parts(const struct cfn_unknown *x, const struct cfn_unknown *y)
{
	uint32_t i;

	if (x->n_parts == 0 || x->n_parts != y->n_parts || x->of != y->of)
		return false;
	for (i = 0; i < x->n_parts; i++) {
		const char *left = x->parts[i].gap, *right = y->parts[i].gap;

		if ((left == NULL) != (right == NULL))
			return false;
		if (left != NULL && (x->parts[i].in == NULL || x->parts[i].in != y->parts[i].in ||
				     strcmp(left, right) != 0))
			return false;
		if (!str_equal(x->parts[i].text, y->parts[i].text))
			return false;
	}
	return true;
}

static bool same(const struct value *x, const struct value *y)
{
	const struct cfn_unknown *left = cfn_unknown_of(x), *right = cfn_unknown_of(y);

	if (left != NULL && right != NULL)
		return cfn_same_parts(left, right);
	/* what is written exists, its default alone does not */
	return value_equal(x, y) && ((x->flags ^ y->flags) & VALUE_DEFAULT) == 0;
}

bool cfn_may_be_absent(const struct value *v)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	uint32_t i;

	for (i = 0; u != NULL && i < u->n_may; i++)
		if (u->may[i].kind == VALUE_ABSENT)
			return true;
	return false;
}

struct value cfn_or(struct arena *a, const struct value *v, const struct value *fallback)
{
	const struct cfn_unknown *u = cfn_choices(v);
	struct value *may, made;
	uint32_t i;

	if (!cfn_may_be_absent(v))
		return *v;
	may = ARENA_ARRAY(a, u->n_may, struct value);
	for (i = 0; i < u->n_may; i++)
		may[i] = u->may[i].kind == VALUE_ABSENT ? *fallback : u->may[i];
	made = cfn_one_of(a, may, u->n_may, v->why);
	made.place = v->place;
	return made;
}

/* Values on their way into a set, flat. */
struct gathering {
	struct value list[LIMIT_CANDIDATES];
	size_t n;
	const char *anything; /* why it may be anything, or NULL */
};

static void gather(struct gathering *g, const struct value *v)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	size_t i;

	if (u != NULL && u->n_may > 0) {
		for (i = 0; i < u->n_may; i++)
			gather(g, &u->may[i]);
		return;
	}
	/* a number between bounds is one of the values */
	if (v->kind == VALUE_UNKNOWN && value_partial(v) == NULL &&
	    (u == NULL || (u->n_parts == 0 && u->of == NULL))) {
		g->anything = v->why;
		return;
	}
	for (i = 0; i < g->n; i++)
		if (same(&g->list[i], v))
			return;
	if (g->n == LIMIT_CANDIDATES) {
		g->anything = "there are too many values that it may have";
		return;
	}
	g->list[g->n++] = *v;
}

struct value cfn_one_of(struct arena *a, const struct value *values, size_t n, const char *why)
{
	struct gathering g;
	struct cfn_unknown *u;
	struct value v, *list;
	size_t i;

	if (n == 1)
		return values[0];
	g.n = 0;
	g.anything = NULL;
	for (i = 0; i < n; i++)
		gather(&g, &values[i]);
	if (g.anything != NULL)
		return value_unknown(why != NULL ? why : g.anything);
	if (g.n == 1)
		return g.list[0];
	for (i = 0; why == NULL && i < n; i++)
		if (values[i].kind == VALUE_UNKNOWN)
			why = values[i].why;
	u = new_unknown(a, why != NULL ? why : "it may be one of several values", &v);
	list = ARENA_ARRAY(a, g.n, struct value);
	memcpy(list, g.list, g.n * sizeof(*list));
	u->may = list;
	u->n_may = (uint32_t)g.n;
	return v;
}

struct value cfn_member(struct arena *a, const struct value *map, const char *key)
{
	const struct cfn_unknown *u = cfn_unknown_of(map);
	const struct value *found;
	struct value *may, v;
	uint32_t i;

	if (u != NULL && u->n_may > 0) {
		may = ARENA_ARRAY(a, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			may[i] = cfn_member(a, &u->may[i], key);
		v = cfn_one_of(a, may, u->n_may, map->why);
		v.place = map->place;
		return v;
	}
	if (map->kind == VALUE_UNKNOWN) {
		v = value_unknown(map->why);
		v.place = map->place;
		return v;
	}
	found = value_get(map, str_of(key));
	return found != NULL ? *found : (struct value){ .place = map->place };
}

/* ---- one after the other ------------------------------------------------------ */

/* A text on its way: parts, neighbouring bytes joined. */
struct joining {
	struct arena *a;
	struct cfn_part *parts;
	size_t n, cap, bytes;
	const char *why; /* NULL while all is known */
	bool too_long;
};

static void add_part(struct joining *j, struct cfn_part part)
{
	struct cfn_part *grown;

	if (part.gap == NULL && part.text.len == 0)
		return;
	j->bytes += part.text.len;
	if (j->bytes > LIMIT_STRING_SIZE || j->n >= LIMIT_LIST * 4) {
		j->too_long = true;
		return;
	}
	if (j->n == j->cap) {
		j->cap = j->cap != 0 ? j->cap * 2 : 16;
		grown = ARENA_ARRAY(j->a, j->cap, struct cfn_part);
		if (j->n > 0)
			memcpy(grown, j->parts, j->n * sizeof(*grown));
		j->parts = grown;
	}
	j->parts[j->n++] = part;
}

static void add_value(struct joining *j, const struct value *v)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	struct str text;
	uint32_t i;

	if (cfn_text(j->a, v, &text)) {
		add_part(j, (struct cfn_part){ .text = text });
		return;
	}
	if (j->why == NULL)
		j->why = v->kind == VALUE_UNKNOWN
			     ? v->why
			     : "a function joins texts, and this is a list or a map";
	if (u == NULL || u->n_parts == 0) {
		add_part(j, (struct cfn_part){ .text = STR(""),
					       .gap = "...",
					       .chars = CHARS_ANY,
					       .most = GAP_NO_MOST });
		return;
	}
	for (i = 0; i < u->n_parts; i++)
		add_part(j, u->parts[i]);
}

/* Neighbouring bytes become one part. */
static void pack(struct joining *j)
{
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	size_t i, n = 0, from;

	for (i = 0; i < j->n;) {
		if (j->parts[i].gap != NULL) {
			j->parts[n++] = j->parts[i++];
			continue;
		}
		from = i;
		buf_clear(&b);
		for (; i < j->n && j->parts[i].gap == NULL; i++)
			buf_put_str(&b, j->parts[i].text);
		j->parts[n] = i - from == 1 ? j->parts[from]
					    : (struct cfn_part){ .text = arena_buf(j->a, &b) };
		n++;
	}
	j->n = n;
	buf_release(&b);
}

static struct value joined(struct joining *j)
{
	if (j->too_long)
		return value_unknown("a function makes a text beyond the limits");
	pack(j);
	if (j->why == NULL)
		return value_of_str(j->n > 0 ? j->parts[0].text : STR(""));
	return cfn_unknown_text(j->a, j->parts, j->n, NULL, j->why);
}

const struct cfn_unknown *cfn_choices(const struct value *v)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);

	return u != NULL && u->n_may > 0 ? u : NULL;
}

struct value cfn_concat(struct arena *a, const struct value *values, size_t n)
{
	const struct cfn_unknown *u;
	const char *why = NULL;
	struct value *made;
	size_t i, k, left, total = 1;

	for (i = 0; i < n; i++) {
		u = cfn_choices(&values[i]);
		if (u != NULL && total <= LIMIT_CANDIDATES)
			total *= u->n_may;
		if (u != NULL && why == NULL)
			why = values[i].why;
	}
	/* too many ways to tell one by one: a gap for each choice */
	if (total > LIMIT_CANDIDATES)
		total = 1;
	made = ARENA_ARRAY(a, total, struct value);
	for (k = 0; k < total; k++) {
		struct joining j = { .a = a };

		for (i = 0, left = k; i < n && !j.too_long; i++) {
			u = total > 1 ? cfn_choices(&values[i]) : NULL;
			if (u == NULL) {
				add_value(&j, &values[i]);
				continue;
			}
			add_value(&j, &u->may[left % u->n_may]);
			left /= u->n_may;
		}
		made[k] = joined(&j);
	}
	return cfn_one_of(a, made, total, why);
}

/* ---- for everybody else ----------------------------------------------------------- */

typedef struct value made_of_scalar(struct value v);

static struct value plain_items(struct arena *a, const struct value *v, made_of_scalar *scalar)
{
	struct value *items = ARENA_ARRAY(a, v->n, struct value), copy = *v;
	uint32_t i;

	copy.n = 0;
	for (i = 0; i < v->n; i++) {
		if (cfn_may_be_absent(&v->items[i]))
			copy.flags |= VALUE_OPEN;
		else
			items[copy.n++] = cfn_plain_with(a, &v->items[i], scalar);
	}
	copy.items = items;
	return copy;
}

static struct value plain_entries(struct arena *a, const struct value *v, made_of_scalar *scalar)
{
	struct entry *entries = ARENA_ARRAY(a, v->n, struct entry);
	struct value copy = *v;
	uint32_t i;

	copy.n = 0;
	for (i = 0; i < v->n; i++) {
		if (cfn_may_be_absent(&v->entries[i].value)) {
			copy.flags |= VALUE_OPEN;
			continue;
		}
		entries[copy.n] = v->entries[i];
		entries[copy.n++].value = cfn_plain_with(a, &v->entries[i].value, scalar);
	}
	copy.entries = entries;
	return copy;
}

static struct value plain_text(struct arena *a, const struct cfn_unknown *u)
{
	struct value *pieces = ARENA_ARRAY(a, u->n_parts, struct value);
	uint32_t i;

	for (i = 0; i < u->n_parts; i++) {
		const struct cfn_part *p = &u->parts[i];

		pieces[i] = p->gap == NULL
				? value_of_str(p->text)
				: value_gap(a, p->gap, u->why, p->chars, p->least, p->most);
	}
	return value_concat(a, pieces, u->n_parts);
}

static struct value plain_choice(struct arena *a, const struct cfn_unknown *u)
{
	struct value *items = ARENA_ARRAY(a, u->n_may, struct value);
	uint32_t i;

	for (i = 0; i < u->n_may; i++)
		items[i] = cfn_plain(a, &u->may[i]);
	return value_one_of(a, u->why, items, u->n_may);
}

struct value cfn_plain_with(struct arena *a, const struct value *v, made_of_scalar *scalar)
{
	const struct cfn_unknown *u = cfn_unknown_of(v);
	struct value copy = *v;

	switch (v->kind) {
	case VALUE_LIST:
		return plain_items(a, v, scalar);
	case VALUE_MAP:
		return plain_entries(a, v, scalar);
	case VALUE_UNKNOWN:
		if (u == NULL)
			return copy;
		if (u->n_parts > 0)
			copy = plain_text(a, u);
		else if (u->n_may > 0)
			copy = plain_choice(a, u);
		else
			copy = value_unknown(v->why);
		copy.place = v->place;
		return copy;
	}
	return scalar != NULL ? scalar(copy) : copy;
}

struct value cfn_plain(struct arena *a, const struct value *v)
{
	return cfn_plain_with(a, v, NULL);
}
