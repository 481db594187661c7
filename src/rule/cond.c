/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions: a tree of all, any, none and not, with operators on fields as
 * its leaves. Knows three-valued logic and which leaf decided; what the
 * operators mean is theirs (rule/op.h).
 */
#include "rule/cond.h"

#include "base/limit.h"
#include "base/text.h"
#include "rule/compile.h"
#include "rule/node.h"
#include "rule/place.h"

/* ---- compiling ------------------------------------------------------------- */

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

/* ---- judging --------------------------------------------------------------- */

static inline enum truth leaf_judge(const struct node *n, const struct eval *e)
{
	if (n->kind == NODE_SLOT)
		return test_judge(&n->test, &e->r->slots[n->slot], e);
	return test_judge(&n->test, path_value_near(n->path, e), e);
}

/* Most members are leaves, which need no second look at what they are. */
static inline enum truth member_judge(const struct node *n, const struct eval *e)
{
	return n->kind <= NODE_LEAF ? leaf_judge(n, e) : node_judge(n, e);
}

static enum truth all_judge(const struct node *n, const struct eval *e)
{
	enum truth all = TRUTH_TRUE, one;
	size_t i;

	for (i = 0; i < n->n; i++) {
		one = member_judge(&n->members[i], e);
		if (one == TRUTH_FALSE)
			return TRUTH_FALSE;
		if (one < all)
			all = one;
	}
	return all;
}

static enum truth any_judge(const struct node *n, const struct eval *e)
{
	enum truth any = TRUTH_FALSE, one;
	size_t i;

	for (i = 0; i < n->n; i++) {
		one = member_judge(&n->members[i], e);
		if (one == TRUTH_TRUE)
			return TRUTH_TRUE;
		if (one > any)
			any = one;
	}
	return any;
}

enum truth node_judge(const struct node *n, const struct eval *e)
{
	switch (n->kind) {
	case NODE_SLOT:
	case NODE_LEAF:
		return leaf_judge(n, e);
	case NODE_ALL:
		return all_judge(n, e);
	case NODE_ANY:
		return any_judge(n, e);
	case NODE_NONE:
		return truth_not(any_judge(n, e));
	default:
		return truth_not(node_judge(n->members, e));
	}
}

/* What was built is of no more use; an arena's first block is kept. */
static enum truth judge_building(const struct node *root, const struct eval *e)
{
	struct arena_mark mark = arena_mark(e->j->arena);
	enum truth truth = node_judge(root, e);

	if (mark.block != NULL)
		arena_rewind(e->j->arena, mark);
	else
		arena_reset(e->j->arena);
	return truth;
}

static enum truth judge_in(const struct cond *c, const struct eval *e)
{
	if (c->got.builds)
		return judge_building(&c->root, e);
	if (c->root.kind == NODE_SLOT)
		return test_judge(&c->root.test, &e->r->slots[c->root.slot], e);
	if (c->root.kind == NODE_ALL)
		return all_judge(&c->root, e);
	return node_judge(&c->root, e);
}

enum truth cond_judge(const struct cond *c, const struct resource *r, struct judge *j)
{
	struct eval e = { r, j, NULL };

	return judge_in(c, &e);
}

/* ---- describing ------------------------------------------------------------ */

static bool is_leaf(const struct node *n)
{
	return n->kind == NODE_SLOT || n->kind == NODE_LEAF;
}

static void put_joined(const struct node *n, const char *word, bool negated, struct buf *b)
{
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (i != 0)
			buf_puts(b, word);
		if (i != 0 && n->one_field)
			test_put(&n->members[i].test, NULL, SAY_DESCRIBE, negated, b);
		else
			node_describe(&n->members[i], negated, b);
	}
}

/* negated: the opposite, by De Morgan's laws. */
void node_describe(const struct node *n, bool negated, struct buf *b)
{
	bool any;

	switch (n->kind) {
	case NODE_SLOT:
	case NODE_LEAF:
		buf_put_str(b, n->path->text);
		buf_putc(b, ' ');
		test_put(&n->test, NULL, SAY_DESCRIBE, negated, b);
		break;
	case NODE_NOT:
		node_describe(n->members, !negated, b);
		break;
	default:
		any = (n->kind == NODE_ANY) != negated && n->kind != NODE_NONE;
		if (n->kind == NODE_NONE) { /* none: all of the opposites */
			any = negated;
			negated = !negated;
		}
		if (any && n->n > 1)
			buf_putc(b, '(');
		put_joined(n, any ? " or " : " and ", negated, b);
		if (any && n->n > 1)
			buf_putc(b, ')');
		break;
	}
}

void cond_describe(const struct cond *c, struct buf *b)
{
	node_describe(&c->root, false, b);
}

/* ---- explaining ------------------------------------------------------------ */

static struct evidence *leaf_explain(const struct node *n, const struct eval *e, bool negated,
				     struct arena *arena)
{
	struct evidence *ev = ARENA_NEW(arena, struct evidence);
	const struct value *v = path_value(n->path, e);

	ev->field = n->path->text;
	ev->place = path_place(n->path, e, v);
	test_explain(&n->test, v, e, negated, arena, ev);
	return ev;
}

/* The leaves' expectations of an `any` in one text: those on the field of the
 * evidence by themselves, others with their fields. */
static struct str expect_any(const struct node *n, const struct eval *e, bool negated,
			     const struct evidence *nearest, struct arena *arena)
{
	struct buf b = BUF_INIT(LIMIT_MESSAGE_SIZE);
	const struct node *m;
	struct str text;
	size_t i, pass;

	/* First those on the field that is shown, in the order written. */
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < n->n; i++) {
			m = &n->members[i];
			if ((is_leaf(m) && str_equal(m->path->text, nearest->field)) != (pass == 0))
				continue;
			if (pass == 0) {
				buf_puts(&b, b.len != 0 ? " or " : "");
				test_put(&m->test, e, SAY_EXPECT, negated, &b);
				continue;
			}
			if (b.len == 0 && i + 1 == n->n) {
				buf_put_str(&b, nearest->expected);
				continue;
			}
			buf_puts(&b, b.len != 0 ? ", or that " : "that ");
			node_describe(m, negated, &b);
		}
	}
	/* Too many for one text: the nearest alone. */
	text = b.failed ? nearest->expected : arena_buf(arena, &b);
	buf_release(&b);
	return text;
}

static enum truth effective(const struct node *n, const struct eval *e, bool negated)
{
	enum truth truth = node_judge(n, e);

	return negated ? truth_not(truth) : truth;
}

static struct evidence *last_of(struct evidence *ev)
{
	while (ev->next != NULL)
		ev = (struct evidence *)ev->next;
	return ev;
}

/* The first member with the truth that decided, and when false the others. */
static struct evidence *all_explain(const struct node *n, const struct eval *e, bool negated,
				    enum truth truth, struct arena *arena)
{
	struct evidence *first = NULL, *more;
	size_t i;

	for (i = 0; i < n->n; i++) {
		if (effective(&n->members[i], e, negated) != truth)
			continue;
		more = node_explain(&n->members[i], e, negated, arena);
		if (first == NULL)
			first = more;
		else
			last_of(first)->next = more;
		if (truth != TRUTH_FALSE)
			break;
	}
	return first;
}

static struct evidence *any_explain(const struct node *n, const struct eval *e, bool negated,
				    enum truth truth, struct arena *arena)
{
	struct evidence *ev;
	size_t i;

	if (truth == TRUTH_FALSE) {
		ev = node_explain(&n->members[n->n - 1], e, negated, arena);
		if (n->n > 1)
			ev->expected = expect_any(n, e, negated, ev, arena);
		return ev;
	}
	for (i = 0; i + 1 < n->n; i++) {
		if (effective(&n->members[i], e, negated) == truth)
			break;
	}
	return node_explain(&n->members[i], e, negated, arena);
}

struct evidence *node_explain(const struct node *n, const struct eval *e, bool negated,
			      struct arena *arena)
{
	bool any;

	if (is_leaf(n))
		return leaf_explain(n, e, negated, arena);
	if (n->kind == NODE_NOT)
		return node_explain(n->members, e, !negated, arena);
	/* De Morgan: not all is any not, none is all not. */
	any = (n->kind == NODE_ALL) == negated;
	if (n->kind == NODE_NONE)
		any = negated;
	if (any)
		return any_explain(n, e, (n->kind == NODE_NONE) != negated,
				   effective(n, e, negated), arena);
	return all_explain(n, e, (n->kind == NODE_NONE) != negated, effective(n, e, negated),
			   arena);
}

void cond_explain(const struct cond *c, const struct resource *r, struct judge *j,
		  struct arena *arena, struct evidence *evidence)
{
	/* What operands build is a part of the evidence: it lives in its arena. */
	struct arena *scratch = j->arena;
	struct eval e = { r, j, NULL };

	j->arena = arena;
	*evidence = *node_explain(&c->root, &e, false, arena);
	j->arena = scratch;
}

/* ---- tracing --------------------------------------------------------------- */

struct trace {
	const struct eval *e;
	struct arena *arena;
	cond_step *step;
	void *to;
};

static void trace_node(const struct trace *t, const struct node *n, int depth)
{
	static const char *const words[] = {
		[NODE_ALL] = "all of",
		[NODE_ANY] = "any of",
		[NODE_NONE] = "none of",
		[NODE_NOT] = "not",
	};
	struct buf b = BUF_INIT(0);
	struct evidence *ev = NULL;
	struct str text;
	size_t i;

	if (is_leaf(n)) {
		node_describe(n, false, &b);
		text = arena_buf(t->arena, &b);
		ev = leaf_explain(n, t->e, false, t->arena);
	} else {
		text = str_of(words[n->kind]);
	}
	buf_release(&b);
	t->step(t->to, depth, text, node_judge(n, t->e), is_leaf(n) ? n->test.place : n->place, ev);
	for (i = 0; i < n->n; i++)
		trace_node(t, &n->members[i], depth + 1);
}

void cond_trace(const struct cond *c, const struct resource *r, struct judge *j,
		struct arena *arena, cond_step *step, void *to)
{
	struct arena *scratch = j->arena;
	struct eval e = { r, j, NULL };
	struct trace t = { &e, arena, step, to };

	j->arena = arena;
	trace_node(&t, &c->root, 0);
	j->arena = scratch;
}
