/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of members and keys: what a list or a map has, or has not.
 *
 * A list or a map that is absent has no members: `only_keys` and `allowed_values`
 * hold for it as they do for an empty one. An entry whose value is null is not
 * there; one whose value is unknown is: its key is written.
 */
#include "base/limit.h"
#include "base/text.h"
#include "rule/known.h"
#include "rule/op.h"
#include "rule/path.h"

void evidence_at(struct evidence *ev, const struct value *v)
{
	if (value_is_there(v) && !(v->place.line == 0 && v->place.column == UINT32_MAX))
		ev->place = v->place;
}

struct evidence *evidence_also(struct evidence *last, struct evidence *more)
{
	for (; more != NULL; more = (struct evidence *)more->next) {
		last->also = more;
		while (last->also != NULL)
			last = (struct evidence *)last->also;
	}
	return last;
}

/* One more of "missing Owner, Environment". */
static void put_keys(struct buf *b, const char *before, const struct value *key)
{
	buf_puts(b, b->len == 0 ? before : ", ");
	value_show(b, key, LIMIT_SHOWN_VALUE);
}

/* ---- contains_all, contains_any ------------------------------------------- */

static enum truth run_contains_all(const struct test *t, const struct value *v,
				   const struct eval *e)
{
	const struct value *wanted = operand_value(&t->operand, e);
	enum truth all = TRUTH_TRUE, one;
	uint32_t i;

	if (wanted->kind == VALUE_UNKNOWN)
		return v->kind == VALUE_LIST || v->kind == VALUE_UNKNOWN ? TRUTH_UNKNOWN
									 : TRUTH_FALSE;
	if (wanted->kind != VALUE_LIST)
		return TRUTH_FALSE;
	if (wanted->n == 0)
		return TRUTH_TRUE;
	if (v->kind != VALUE_LIST)
		return truth_of_other(v);
	for (i = 0; i < wanted->n && all != TRUTH_FALSE; i++) {
		one = list_has(v, &wanted->items[i]);
		if (one < all)
			all = one;
	}
	return all;
}

static enum truth run_contains_any(const struct test *t, const struct value *v,
				   const struct eval *e)
{
	const struct value *wanted = operand_value(&t->operand, e);
	enum truth any = TRUTH_FALSE, one;
	uint32_t i;

	if (!value_is_there(v) || !value_is_there(wanted))
		return TRUTH_FALSE;
	if (v->kind == VALUE_UNKNOWN || wanted->kind == VALUE_UNKNOWN)
		return TRUTH_UNKNOWN;
	if (v->kind != VALUE_LIST || wanted->kind != VALUE_LIST)
		return TRUTH_FALSE;
	for (i = 0; i < wanted->n && any != TRUTH_TRUE; i++) {
		one = list_has(v, &wanted->items[i]);
		if (one > any)
			any = one;
	}
	return any;
}

static void explain_contains_all(const struct test *t, const struct value *v, const struct eval *e,
				 bool negated, struct arena *arena, struct evidence *ev)
{
	const struct value *wanted = operand_value(&t->operand, e);
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	uint32_t i;

	if (negated || ev->truth != TRUTH_FALSE || wanted->kind != VALUE_LIST ||
	    v->kind != VALUE_LIST)
		return;
	for (i = 0; i < wanted->n; i++) {
		if (list_has(v, &wanted->items[i]) == TRUTH_FALSE)
			put_keys(&b, "missing ", &wanted->items[i]);
	}
	ev->detail = arena_buf(arena, &b);
	buf_release(&b);
}

int op_contains_all_prepare(const struct prepare *p)
{
	struct test *t = p->test;
	struct nature wanted = t->nature;

	wanted.type.base = TYPE_LIST; /* also where the value may be anything */
	t->run = t->op->id == OP_contains_all ? run_contains_all : run_contains_any;
	if (t->op->id == OP_contains_all)
		t->explain = explain_contains_all;
	return prepare_list(p, &wanted, t->op->id == OP_contains_any);
}

/* ---- has_keys and its kin -------------------------------------------------- */

static bool has_key(const struct value *map, const struct value *key)
{
	uint32_t i;

	if (key->kind != VALUE_STRING || map->kind != VALUE_MAP)
		return false;
	for (i = 0; i < map->n; i++) {
		if (map->entries[i].key.len == key->n &&
		    str_same(map->entries[i].key.data, key->text, key->n))
			return value_is_there(&map->entries[i].value);
	}
	return false;
}

static bool lists_key(const struct value *list, struct str key)
{
	uint32_t i;

	for (i = 0; i < list->n; i++) {
		if (list->items[i].kind == VALUE_STRING &&
		    str_equal(value_str(&list->items[i]), key))
			return true;
	}
	return false;
}

/* A map, or what counts as an empty one. */
static bool is_map(const struct value *v)
{
	return v->kind == VALUE_MAP || !value_is_there(v);
}

/* The truth that there is without a map and a list, when there is one. */
static bool keys_undecided(const struct value *v, const struct value *list, enum truth *truth)
{
	*truth = TRUTH_FALSE;
	if (list->kind == VALUE_LIST && list->n == 0 && v->kind == VALUE_UNKNOWN)
		return false;
	if (v->kind == VALUE_UNKNOWN || list->kind == VALUE_UNKNOWN) {
		if (value_is_there(list) && (is_map(v) || v->kind == VALUE_UNKNOWN))
			*truth = TRUTH_UNKNOWN;
		return true;
	}
	return list->kind != VALUE_LIST || !is_map(v);
}

static enum truth run_has_keys(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *list = operand_value(&t->operand, e);
	enum truth truth;
	uint32_t i;

	if (keys_undecided(v, list, &truth))
		return truth;
	for (i = 0; i < list->n; i++) {
		if (!has_key(v, &list->items[i]))
			return any_of_open(v, TRUTH_FALSE);
	}
	return TRUTH_TRUE;
}

/* The same of keys that are known. */
static enum truth run_has_known(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct key *key = t->keys, *end = key + t->operand.value->n;
	const struct entry *entry;

	if (v->kind != VALUE_MAP)
		return run_has_keys(t, v, e);
	for (; key < end; key++) {
		entry = key_find(key, v, e->j);
		if (entry == NULL || !value_is_there(&entry->value))
			return any_of_open(v, TRUTH_FALSE);
	}
	return TRUTH_TRUE;
}

static enum truth run_has_any_key(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *list = operand_value(&t->operand, e);
	enum truth truth;
	uint32_t i;

	if (keys_undecided(v, list, &truth))
		return truth;
	for (i = 0; i < list->n; i++) {
		if (has_key(v, &list->items[i]))
			return TRUTH_TRUE;
	}
	return any_of_open(v, TRUTH_FALSE);
}

static enum truth run_only_keys(const struct test *t, const struct value *v, const struct eval *e)
{
	const struct value *list = operand_value(&t->operand, e);
	enum truth truth;
	uint32_t i;

	if (v->kind == VALUE_UNKNOWN)
		return value_is_there(list) ? TRUTH_UNKNOWN : TRUTH_FALSE;
	if (keys_undecided(v, list, &truth))
		return truth;
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++) {
		if (value_is_there(&v->entries[i].value) && !lists_key(list, v->entries[i].key))
			return TRUTH_FALSE;
	}
	return all_of_open(v, TRUTH_TRUE);
}

/* The keys of a map that the rule does not ask for, as candidates for what was
 * meant by one that is missing. */
static const char **other_keys(const struct value *map, const struct value *list,
			       struct arena *arena, size_t *n)
{
	const char **names = ARENA_ARRAY(arena, map->n, const char *);
	uint32_t i;

	*n = 0;
	for (i = 0; i < map->n; i++) {
		if (!lists_key(list, map->entries[i].key))
			names[(*n)++] = arena_str(arena, map->entries[i].key).data;
	}
	return names;
}

static const char *near_key(struct str missing, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (text_equal_nocase_ascii(missing, str_of(names[i])))
			return names[i];
	}
	return text_nearest(missing, names, n);
}

/* "missing Owner, Environment ('owner' is near to 'Owner')" */
static void put_missing(struct buf *b, const struct value *v, const struct value *list,
			struct arena *arena)
{
	struct buf near = BUF_INIT(LIMIT_MESSAGE_SIZE);
	const char **names = NULL, *name;
	size_t n = 0;
	uint32_t i;

	if (v->kind == VALUE_MAP)
		names = other_keys(v, list, arena, &n);
	for (i = 0; i < list->n; i++) {
		if (has_key(v, &list->items[i]))
			continue;
		put_keys(b, "missing ", &list->items[i]);
		if (list->items[i].kind != VALUE_STRING)
			continue;
		name = near_key(value_str(&list->items[i]), names, n);
		if (name == NULL)
			continue;
		buf_puts(&near, near.len == 0 ? " (" : ", ");
		text_put_quoted(&near, str_of(name), LIMIT_SHOWN_VALUE);
		buf_puts(&near, " is near to ");
		text_put_quoted(&near, value_str(&list->items[i]), LIMIT_SHOWN_VALUE);
	}
	if (near.len != 0 && !near.failed) {
		buf_put_str(b, buf_str(&near));
		buf_puts(b, ")");
	}
	buf_release(&near);
}

/* Keys of the map that are, or are not, in the list. */
static void put_present(struct buf *b, const char *before, const struct value *map,
			const struct value *list, bool listed)
{
	struct value key;
	uint32_t i;

	for (i = 0; map->kind == VALUE_MAP && i < map->n; i++) {
		key = value_of_str(map->entries[i].key);
		if (value_is_there(&map->entries[i].value) &&
		    lists_key(list, map->entries[i].key) == listed)
			put_keys(b, before, &key);
	}
}

static void explain_keys(const struct test *t, const struct value *v, const struct eval *e,
			 bool negated, struct arena *arena, struct evidence *ev)
{
	const struct value *list = operand_value(&t->operand, e);
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	bool lacks = (t->op->id == OP_lacks_keys) != negated;

	if (ev->truth == TRUTH_FALSE && list->kind == VALUE_LIST && is_map(v)) {
		if (t->op->id == OP_only_keys && !negated)
			put_present(&b, "it also has ", v, list, false);
		else if (t->op->id == OP_has_keys && !negated)
			put_missing(&b, v, list, arena);
		else if (t->op->id != OP_only_keys && t->op->id != OP_has_keys && lacks)
			put_present(&b, "it has ", v, list, true);
		else if (t->op->id != OP_only_keys && t->op->id != OP_has_keys)
			put_missing(&b, v, list, arena);
		ev->detail = arena_buf(arena, &b);
	}
	buf_release(&b);
}

static void bind_keys(const struct prepare *p)
{
	const struct value *list = operand_literal(&p->test->operand);
	struct key *keys;
	uint32_t i;

	if (list == NULL || list->kind != VALUE_LIST)
		return;
	keys = ARENA_ARRAY(p->c->scope->arena, list->n, struct key);
	for (i = 0; i < list->n; i++) {
		if (list->items[i].kind != VALUE_STRING)
			return;
		keys[i] = key_of(value_str(&list->items[i]));
	}
	p->test->keys = keys;
	p->test->run = run_has_known;
}

int op_keys_list_prepare(const struct prepare *p)
{
	struct nature wanted = nature_of_type((struct type){ TYPE_LIST, TYPE_STRING });
	struct test *t = p->test;

	t->explain = explain_keys;
	switch (t->op->id) {
	case OP_has_keys:
		t->run = run_has_keys;
		break;
	case OP_only_keys:
		t->run = run_only_keys;
		/* No key at all may be what is wanted. */
		return prepare_operand(p, &wanted, false);
	default:
		t->run = run_has_any_key;
		break;
	}
	if (prepare_list(p, &wanted, t->op->id == OP_has_any_key) == -1)
		return -1;
	if (t->op->id == OP_has_keys)
		bind_keys(p);
	return 0;
}
