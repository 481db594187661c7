/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions: a tree of all, any, none and not, with operators on fields as
 * its leaves, compiled. Knows how conditions are written; what the operators mean
 * is theirs (rule/op.h), how they are judged cond_judge.c's.
 */
#include "rule/cond.h"

#include "base/limit.h"
#include "base/text.h"
#include "rule/node.h"
#include "rule/place.h"

#define MISTAKE(c, place, length, ...)                                                             \
	mistakes_add((c)->scope->mistakes, (c)->scope->source, place, length, __VA_ARGS__)

static int compile_mapping(const struct compile *c, const struct value *node, struct node *to);

static int compile_list(const struct compile *c, const struct entry *entry, struct node *to)
{
	const struct value *list = &entry->value;
	int rc = 0;
	uint32_t i;

	if (list->kind != VALUE_LIST) {
		MISTAKE(c, list->place, place_span(list),
			"'%.*s' takes a list of conditions, not %s", STR_ARG(entry->key),
			value_kind_name(list->kind));
		if (list->kind == VALUE_MAP)
			mistakes_hint(c->scope->mistakes, "each condition begins with '- '");
		return -1;
	}
	if (list->n == 0) {
		MISTAKE(c, list->place, 2, "'%.*s' of no condition", STR_ARG(entry->key));
		return -1;
	}
	to->members = ARENA_ARRAY(c->scope->arena, list->n, struct node);
	to->n = list->n;
	for (i = 0; i < list->n; i++) {
		if (compile_mapping(c, &list->items[i], &to->members[i]) == -1)
			rc = -1;
	}
	return rc;
}

static int compile_not(const struct compile *c, const struct entry *entry, struct node *to)
{
	to->kind = NODE_NOT;
	to->place = entry->key_place;
	to->members = ARENA_NEW(c->scope->arena, struct node);
	to->n = 1;
	return compile_mapping(c, &entry->value, to->members);
}

static void bind_leaf(struct node *to, const struct path *path)
{
	to->path = path;
	to->kind = NODE_LEAF;
	if (path->root == PATH_SLOT && path->n_steps == 0 && !path->projected) {
		to->kind = NODE_SLOT;
		to->slot = path->slot;
	}
}

/* FIELD: scalar */
static int compile_scalar(const struct compile *c, const struct entry *entry,
			  const struct path *path, struct node *to)
{
	const struct value *v = &entry->value;
	struct str text = path->text;

	bind_leaf(to, path);
	if (v->kind == VALUE_LIST) {
		MISTAKE(c, v->place, 1, "a list stands where an operator is expected");
		if (path->nature.type.base == TYPE_LIST)
			mistakes_hint(c->scope->mistakes,
				      "the same list: {equals: [...]}; with these members: "
				      "{contains_all: [...]}");
		else if (path->nature.type.base == TYPE_MAP)
			mistakes_hint(c->scope->mistakes, "with these keys: {has_keys: [...]}");
		else
			mistakes_hint(c->scope->mistakes, "one of a list: {in: [...]}");
		return -1;
	}
	if (path->nature.type.base == TYPE_OBJECT) {
		MISTAKE(c, entry->key_place, text_length(text),
			"'%.*s' is an object: its members are fields of their own", STR_ARG(text));
		mistakes_hint(c->scope->mistakes, "whether it is there: {exists: true}");
		return -1;
	}
	return test_compile(c, text, &path->nature, &op_table[OP_equals], v->place, v, &to->test);
}

static int compile_field(const struct compile *c, const struct entry *entry, struct node *to)
{
	struct path *path = ARENA_NEW(c->scope->arena, struct path);
	struct ops *ops;
	size_t i;

	if (path_compile(c, entry->key, entry->key_place, false, path) == -1)
		return -1;
	if (entry->value.kind != VALUE_MAP)
		return compile_scalar(c, entry, path, to);
	ops = ops_build(c, path->text, &path->nature, &entry->value);
	if (ops == NULL)
		return -1;
	to->kind = NODE_ALL;
	to->place = entry->key_place;
	to->one_field = true;
	to->n = ops->n;
	to->members = ARENA_ARRAY(c->scope->arena, ops->n, struct node);
	for (i = 0; i < ops->n; i++) {
		bind_leaf(&to->members[i], path);
		to->members[i].test = ops->tests[i];
	}
	if (to->n == 1)
		*to = to->members[0];
	return 0;
}

/* What the words are called elsewhere; none of them is a field. */
static bool is_other_word(const struct compile *c, const struct entry *entry)
{
	static const struct {
		const char *wrong, *right;
	} words[] = { { "and", "all" },   { "or", "any" },    { "nor", "none" },
		      { "allOf", "all" }, { "anyOf", "any" }, { "oneOf", "any" } };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!str_is(entry->key, words[i].wrong))
			continue;
		MISTAKE(c, entry->key_place, entry->key.len, "unknown field '%s'", words[i].wrong);
		mistakes_hint(c->scope->mistakes, "did you mean '%s'?", words[i].right);
		return true;
	}
	return false;
}

static int compile_entry(const struct compile *c, const struct entry *entry, struct node *to)
{
	static const struct {
		const char *word;
		enum node_kind kind;
	} words[] = { { "all", NODE_ALL }, { "any", NODE_ANY }, { "none", NODE_NONE } };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (str_is(entry->key, words[i].word)) {
			to->kind = words[i].kind;
			to->place = entry->key_place;
			return compile_list(c, entry, to);
		}
	}
	if (str_is(entry->key, "not"))
		return compile_not(c, entry, to);
	if (str_is(entry->key, "group")) {
		MISTAKE(c, entry->key_place, 5, "'group' is for rules with group_by");
		return -1;
	}
	if (is_other_word(c, entry))
		return -1;
	return compile_field(c, entry, to);
}

static int compile_mapping(const struct compile *outer, const struct value *node, struct node *to)
{
	struct compile inner = *outer, *c = &inner;
	int rc = 0;
	uint32_t i;

	if (node->kind != VALUE_MAP || node->n == 0) {
		MISTAKE(c, node->place, place_span(node), "a condition is a mapping, not %s",
			node->kind == VALUE_MAP ? "an empty one" : value_kind_name(node->kind));
		mistakes_hint(c->scope->mistakes, "{FIELD: VALUE} or {FIELD: {OPERATOR: OPERAND}}");
		return -1;
	}
	if (++c->depth > LIMIT_CONDITION_DEPTH) {
		MISTAKE(c, node->place, 1, "conditions are nested deeper than %d",
			LIMIT_CONDITION_DEPTH);
		return -1;
	}
	to->kind = NODE_ALL;
	to->place = node->place;
	to->n = node->n;
	to->members = ARENA_ARRAY(c->scope->arena, node->n, struct node);
	for (i = 0; i < node->n; i++) {
		if (compile_entry(c, &node->entries[i], &to->members[i]) == -1)
			rc = -1;
	}
	if (rc == 0 && to->n == 1)
		*to = to->members[0];
	return rc;
}

struct node *node_compile(const struct compile *c, const struct value *node)
{
	struct node *n = ARENA_NEW(c->scope->arena, struct node);

	return compile_mapping(c, node, n) == 0 ? n : NULL;
}

struct cond *cond_compile(const struct scope *scope, const struct value *node)
{
	struct cond *cond = ARENA_NEW(scope->arena, struct cond);
	struct compile c = { .scope = scope, .got = &cond->got };

	if (compile_mapping(&c, node, &cond->root) == 0)
		return cond;
	gathered_release(&cond->got);
	return NULL;
}

void cond_release(struct cond *c)
{
	if (c != NULL)
		gathered_release(&c->got);
}

void cond_warm(struct cond *c)
{
	struct held *h;

	for (h = c != NULL ? c->got.patterns : NULL; h != NULL; h = h->next)
		pattern_warm(h->pattern);
}

field_set cond_needs(const struct cond *c)
{
	return c != NULL ? c->got.needs : 0;
}
