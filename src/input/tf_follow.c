/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an argument to the resources that its expression refers to, through
 * variables and outputs of modules. Bounded in depth and in looks: a circle of
 * outputs ends as something that cannot be followed.
 */
#include "input/tf_config_inside.h"

#include <string.h>

/* Steps from an argument to a resource, and looks at references in all. */
#define FOLLOW_DEPTH 32
#define FOLLOW_LOOKS 2000

/* Where an expression stands. */
struct context {
	struct str module;        /* without indices */
	struct str prefix;        /* of its instance, as far as that is known */
	struct str index;         /* of the resource or the module call that it is in, or "" */
	const struct value *each; /* for_each of the resource, or NULL */
};

struct following {
	const struct tf_config *c;
	struct arena *arena;
	struct tf_targets *to;
	unsigned looks;
};

static void follow(struct following *f, const struct context *at, const struct str *refs, size_t n,
		   unsigned depth);
static void follow_one(struct following *f, const struct context *at, struct str ref,
		       bool own_index, unsigned depth);

static void add_target(struct following *f, struct tf_target t)
{
	size_t i;

	for (i = 0; i < f->to->n; i++)
		if (str_equal(f->to->list[i].key, t.key) &&
		    str_equal(f->to->list[i].prefix, t.prefix) &&
		    str_equal(f->to->list[i].index, t.index))
			return;
	if (i == sizeof(f->to->list) / sizeof(f->to->list[0]))
		f->to->elsewhere = true;
	else
		f->to->list[f->to->n++] = t;
}

static void follow_link(struct following *f, struct str name, const struct context *at,
			unsigned depth)
{
	const struct tf_link *link = tf_config_link(f->c, name);

	if (link == NULL)
		f->to->elsewhere |= tf_config_is_full(f->c);
	else
		follow(f, at, link->refs, link->n, depth + 1);
}

/* var.x: what the module's call sets it to, in the module around it. */
static void follow_variable(struct following *f, const struct context *at, struct str ref,
			    unsigned depth)
{
	const char *end = memchr(ref.data, '.', ref.len), *p;
	struct context above = { .module = tf_module_parent(at->module), .each = NULL };
	struct str name;

	if (at->module.len == 0)
		return; /* a value of the root's: known */
	ref.len -= (size_t)(end + 1 - ref.data);
	ref.data = end + 1;
	for (p = ref.data; p < ref.data + ref.len && *p != '.' && *p != '['; p++)
		;
	name = arena_join(f->arena, at->module, "|var.",
			  (struct str){ ref.data, (size_t)(p - ref.data) });
	above.prefix = at->prefix;
	above.index = STR("");
	if (tf_module_steps(at->prefix) == tf_module_steps(at->module)) {
		above.index = tf_address_index(at->prefix);
		above.prefix = tf_module_parent(at->prefix);
	}
	follow_link(f, name, &above, depth);
}

/* module.a["x"].y: an output of a module below. */
static void follow_output(struct following *f, const struct context *at, struct str ref,
			  unsigned depth)
{
	struct str module = tf_address_module(ref), rest, key;
	struct context below = { .index = STR(""), .each = NULL };
	const char *p;

	if (tf_module_steps(module) != 1 || ref.len <= module.len + 1 ||
	    ref.data[module.len] != '.') {
		f->to->elsewhere = true;
		return;
	}
	rest = (struct str){ ref.data + module.len + 1, ref.len - module.len - 1 };
	for (p = rest.data; p < rest.data + rest.len && *p != '.' && *p != '['; p++)
		;
	rest.len = (size_t)(p - rest.data);
	key = tf_address_key(f->arena, module);
	below.module = tf_join_address(f->arena, at->module, key);
	below.prefix = at->prefix;
	/* which instance it is, is known where the index is and everything above */
	if (tf_module_steps(at->prefix) == tf_module_steps(at->module) && key.len != module.len)
		below.prefix = tf_join_address(f->arena, at->prefix, module);
	follow_link(f, arena_join(f->arena, below.module, "|output.", rest), &below, depth);
}

static void follow_resource(struct following *f, const struct context *at, struct str ref,
			    bool own_index)
{
	const char *end = ref.data + ref.len, *dot = memchr(ref.data, '.', ref.len), *p;
	struct tf_target t = { .prefix = at->prefix };
	struct str name = ref, rest;

	if (dot == NULL) {
		f->to->elsewhere = true;
		return;
	}
	for (p = dot + 1; p < end && *p != '.' && *p != '['; p++)
		;
	name.len = (size_t)(p - ref.data);
	t.key = tf_join_address(f->arena, at->module, name);
	t.index = STR("");
	if (p < end && *p == '[') {
		const char *close = p;

		while (close < end && *close != ']')
			close++;
		t.index = (struct str){ p, close < end ? (size_t)(close + 1 - p) : 0 };
		p += t.index.len;
	} else if (own_index) {
		t.index = at->index;
		t.own_index = true;
	}
	rest = (struct str){ p, (size_t)(end - p) };
	f->to->not_arn |= !str_is(rest, ".arn") && !str_is(rest, ".id");
	add_target(f, t);
}

static bool is_prefix_of(struct str ref, struct str before)
{
	return before.len > ref.len && str_starts(before, ref) &&
	       (before.data[ref.len] == '.' || before.data[ref.len] == '[');
}

/* each.value: what the resource's for_each goes over, at the instance's own index. */
static void follow_each(struct following *f, const struct context *at, unsigned depth)
{
	const struct value *refs = at->each != NULL ? value_get(at->each, STR("references")) : NULL;
	struct context inside = *at;
	uint32_t i;

	inside.each = NULL;
	if (refs == NULL || refs->kind != VALUE_LIST) {
		f->to->elsewhere = true;
		return;
	}
	for (i = 0; i < refs->n; i++)
		if (refs->items[i].kind == VALUE_STRING)
			follow_one(f, &inside, value_str(&refs->items[i]), true, depth + 1);
}

/* Known when planning, so that it is no resource. */
static bool is_plain_ref(struct str ref)
{
	return str_starts(ref, STR("each.")) || str_starts(ref, STR("count.")) ||
	       str_starts(ref, STR("path.")) || str_starts(ref, STR("terraform."));
}

static bool is_blind_ref(struct str ref)
{
	return str_starts(ref, STR("local.")) || str_starts(ref, STR("data.")) ||
	       str_starts(ref, STR("ephemeral."));
}

static void follow_one(struct following *f, const struct context *at, struct str ref,
		       bool own_index, unsigned depth)
{
	if (++f->looks > FOLLOW_LOOKS || depth > FOLLOW_DEPTH)
		f->to->elsewhere = true;
	else if (str_starts(ref, STR("var.")))
		follow_variable(f, at, ref, depth);
	else if (str_starts(ref, STR("module.")))
		follow_output(f, at, ref, depth);
	else if (str_starts(ref, STR("each.value")))
		follow_each(f, at, depth);
	else if (is_blind_ref(ref))
		f->to->elsewhere = true;
	else if (!is_plain_ref(ref))
		follow_resource(f, at, ref, own_index);
}

static void follow(struct following *f, const struct context *at, const struct str *refs, size_t n,
		   unsigned depth)
{
	bool own_index = false;
	size_t i;

	for (i = 0; i < n; i++)
		own_index |=
		    str_starts(refs[i], STR("each.")) || str_starts(refs[i], STR("count."));
	for (i = 0; i < n && f->looks <= FOLLOW_LOOKS; i++)
		/* a.b.id stands before a.b, which says less */
		if (i == 0 || !is_prefix_of(refs[i], refs[i - 1]))
			follow_one(f, at, refs[i], own_index, depth);
}

void tf_config_targets(const struct tf_config *c, const struct tf_block *b, struct str address,
		       const char *path, struct arena *arena, struct tf_targets *to)
{
	struct following f = { .c = c, .arena = arena, .to = to };
	struct context at = { .module = b->module,
			      .prefix = tf_address_module(address),
			      .index = tf_address_index(address),
			      .each = &b->each };
	const char *rest;
	const struct value *v = tf_block_expression(b, path, &rest), *refs;
	struct str *list;
	uint32_t i, n = 0;

	*to = (struct tf_targets){ .n = 0 };
	refs = v != NULL ? value_get(v, STR("references")) : NULL;
	if (refs == NULL || refs->kind != VALUE_LIST) {
		/* a function without arguments, or nothing that is understood */
		to->elsewhere = true;
		return;
	}
	list = ARENA_ARRAY(arena, refs->n, struct str);
	for (i = 0; i < refs->n; i++)
		if (refs->items[i].kind == VALUE_STRING)
			list[n++] = value_str(&refs->items[i]);
	follow(&f, &at, list, n, 0);
}

void tf_config_handed_on(const struct tf_config *c, struct arena *arena,
			 void (*take)(void *to, const struct tf_target *t), void *to)
{
	const struct context root = { STR(""), STR(""), STR(""), NULL };
	const struct tf_link *links;
	struct tf_targets targets;
	struct following f = { .c = c, .arena = arena, .to = &targets };
	size_t n, i, k;

	links = tf_config_links(c, &n);
	for (i = 0; i < n; i++) {
		if (!str_starts(links[i].name, STR("|output.")))
			continue;
		targets = (struct tf_targets){ .n = 0 };
		f.looks = 0;
		follow(&f, &root, links[i].refs, links[i].n, 0);
		for (k = 0; k < targets.n; k++)
			take(to, &targets.list[k]);
	}
}

bool tf_target_is(const struct tf_target *t, struct str address, struct arena *arena)
{
	struct str module = tf_address_module(address), index = tf_address_index(address);

	if (!str_equal(tf_address_key(arena, address), t->key))
		return false;
	if (!str_starts(module, t->prefix) ||
	    (module.len > t->prefix.len && t->prefix.len != 0 && module.data[t->prefix.len] != '.'))
		return false;
	return t->index.len == 0 || str_equal(t->index, index) || (t->own_index && index.len == 0);
}
