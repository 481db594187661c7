/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `configuration` of a plan: modules in modules, walked through once as a
 * stream. Modules nest as deep as JSON may, so recursion is bounded. Following
 * references is tf_follow.c's business.
 */
#include "input/tf_config_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "input/tf_value.h"
#include "model/json.h"

struct provider {
	struct str key;
	struct value region;
};

struct shelf {
	void *list;
	size_t n, cap;
};

struct tf_config {
	struct arena *arena;
	struct arena scratch;
	struct shelf blocks, links, providers;
	size_t size; /* bytes of references, bounded */
	bool full;
};

struct tf_config *tf_config_new(struct arena *arena)
{
	struct tf_config *c = mem_alloc(sizeof(*c));

	*c = (struct tf_config){ .arena = arena };
	return c;
}

void tf_config_free(struct tf_config *c)
{
	if (c == NULL)
		return;
	arena_release(&c->scratch);
	free(c->blocks.list);
	free(c->links.list);
	free(c->providers.list);
	free(c);
}

static void *shelf_add(struct shelf *s, size_t size)
{
	if (s->n == s->cap) {
		s->cap = s->cap != 0 ? s->cap * 2 : 16;
		s->list = mem_grow(s->list, s->cap * size);
	}
	memset((char *)s->list + s->n * size, 0, size);
	return (char *)s->list + s->n++ * size;
}

struct str tf_join_address(struct arena *arena, struct str module, struct str name)
{
	return module.len != 0 ? arena_join(arena, module, ".", name) : name;
}

static struct str text_in(const struct value *map, const char *key)
{
	const struct value *v = value_get(map, str_of(key));

	return v != NULL && v->kind == VALUE_STRING ? value_str(v) : STR("");
}

/* ---- reading ------------------------------------------------------------------ */

/* Room for so much more of what references need? */
static bool has_room(struct tf_config *c, size_t size)
{
	if (c->size + size > LIMIT_PLAN_RELATED)
		c->full = true;
	else
		c->size += size;
	return !c->full;
}

/* The value before which w stands as a tree of the scratch arena; NULL when it
 * is none that is of use. */
static const struct value *scratch_tree(struct tf_config *c, struct json_wide *w, int *rc,
					struct source *source)
{
	struct tf_refusal refusal;
	struct tf_item *item;

	arena_reset(&c->scratch);
	item = ARENA_NEW(&c->scratch, struct tf_item);
	*rc = 0;
	switch (tf_item_take(w, true, &c->scratch, item, &refusal)) {
	case TF_FAILED:
		*rc = -1;
		return NULL;
	case TF_TAKEN:
		*source = item->source;
		return &item->tree;
	default:
		return NULL;
	}
}

static void keep_refs(struct tf_config *c, struct str name, const struct value *expression)
{
	const struct value *refs = value_get(expression, STR("references"));
	struct tf_link *link;
	struct str *list;
	uint32_t i, n = 0;
	size_t size = name.len;

	if (refs == NULL || refs->kind != VALUE_LIST)
		return;
	for (i = 0; i < refs->n; i++)
		size += sizeof(*list) + refs->items[i].n;
	if (refs->n == 0 || !has_room(c, size))
		return;
	list = ARENA_ARRAY(c->arena, refs->n, struct str);
	for (i = 0; i < refs->n; i++)
		if (refs->items[i].kind == VALUE_STRING)
			list[n++] = arena_str(c->arena, value_str(&refs->items[i]));
	link = shelf_add(&c->links, sizeof(*link));
	*link = (struct tf_link){ arena_str(c->arena, name), list, n };
}

/* Where the walk is, and what it gathers. */
struct walk {
	struct tf_config *c;
	struct str module; /* its address, "" for the root */
	const char *kind;  /* of links: "|var.", "|output." */
	bool nested;       /* ... whose expression is a member */
};

/* A member of an object: reads its value, -1 once there is an error. */
typedef int visit(const struct walk *at, struct json_wide *w, struct str key);

/* Every member of the object that comes next; anything else is passed over. */
static int read_members(const struct walk *at, struct json_wide *w, visit *member)
{
	struct str key;
	bool first;
	int more;

	if (json_wide_peek(w) != '{')
		return json_wide_skip(w);
	if (json_wide_open(w, '{') == -1)
		return -1;
	for (first = true; (more = json_wide_member(w, first, &key)) == 1; first = false)
		if (member(at, w, key) == -1)
			return -1;
	return more;
}

/* {"expression": {...}} of an output, {...} of a call's variable. */
static int visit_link(const struct walk *at, struct json_wide *w, struct str key)
{
	struct arena names = ARENA_INIT;
	struct str name = arena_join(&names, at->module, at->kind, key);
	struct source source;
	const struct value *v;
	int rc;

	v = scratch_tree(at->c, w, &rc, &source);
	if (v != NULL && at->nested)
		v = value_get(v, STR("expression"));
	if (v != NULL)
		keep_refs(at->c, name, v);
	arena_release(&names);
	return rc;
}

static int read_links(const struct walk *at, struct json_wide *w, const char *kind, bool nested)
{
	const struct walk links = { at->c, at->module, kind, nested };

	return read_members(&links, w, visit_link);
}

static void keep_block(struct tf_config *c, struct str module, const struct tf_item *item)
{
	struct str type = text_in(&item->tree, "type"), name = text_in(&item->tree, "name");
	const struct value *v;
	struct tf_block *b;

	if (!str_is(text_in(&item->tree, "mode"), "managed") ||
	    !has_room(c, item->source.bytes.len))
		return;
	b = shelf_add(&c->blocks, sizeof(*b));
	b->module = module;
	b->key = tf_join_address(c->arena, module, arena_join(c->arena, type, ".", name));
	b->provider = arena_str(c->arena, text_in(&item->tree, "provider_config_key"));
	v = value_get(&item->tree, STR("expressions"));
	if (v != NULL)
		b->expressions = value_copy(c->arena, v);
	v = value_get(&item->tree, STR("for_each_expression"));
	if (v != NULL)
		b->each = value_copy(c->arena, v);
}

static int read_blocks(struct tf_config *c, struct json_wide *w, struct str module)
{
	struct tf_refusal refusal;
	struct tf_item item;
	enum tf_taken taken;
	bool first;
	int more;

	if (json_wide_peek(w) != '[')
		return json_wide_skip(w);
	if (json_wide_open(w, '[') == -1)
		return -1;
	for (first = true; (more = json_wide_item(w, first)) == 1; first = false) {
		arena_reset(&c->scratch);
		taken = tf_item_take(w, false, &c->scratch, &item, &refusal);
		if (taken == TF_FAILED)
			return -1;
		if (taken == TF_TAKEN)
			keep_block(c, module, &item);
	}
	return more;
}

static visit visit_module;

static int visit_part_of_call(const struct walk *at, struct json_wide *w, struct str key)
{
	if (str_is(key, "expressions"))
		return read_links(at, w, "|var.", false);
	if (str_is(key, "module"))
		return read_members(at, w, visit_module);
	return json_wide_skip(w);
}

static int visit_call(const struct walk *at, struct json_wide *w, struct str key)
{
	struct walk called = *at;

	if (!has_room(at->c, at->module.len + key.len + sizeof("module..")))
		return json_wide_skip(w);
	called.module = tf_join_address(at->c->arena, at->module,
					arena_join(at->c->arena, STR("module"), ".", key));
	return read_members(&called, w, visit_part_of_call);
}

static int visit_module(const struct walk *at, struct json_wide *w, struct str key)
{
	if (str_is(key, "outputs"))
		return read_links(at, w, "|output.", true);
	if (str_is(key, "resources"))
		return read_blocks(at->c, w, at->module);
	if (str_is(key, "module_calls"))
		return read_members(at, w, visit_call);
	return json_wide_skip(w);
}

static int visit_provider(const struct walk *at, struct json_wide *w, struct str key)
{
	struct tf_config *c = at->c;
	const struct value *v;
	struct provider *provider;
	struct value region;
	struct source source;
	int rc;

	key = arena_str(c->arena, key);
	v = scratch_tree(c, w, &rc, &source);
	if (v == NULL)
		return rc;
	region = tf_at(v, "expressions.region.constant_value");
	if (region.kind != VALUE_STRING || !has_room(c, region.n + key.len))
		return 0;
	provider = shelf_add(&c->providers, sizeof(*provider));
	provider->key = key;
	provider->region = value_copy(c->arena, &region);
	provider->region.place = source_place(&source, region.place);
	return 0;
}

static int visit_configuration(const struct walk *at, struct json_wide *w, struct str key)
{
	if (str_is(key, "provider_config"))
		return read_members(at, w, visit_provider);
	if (str_is(key, "root_module"))
		return read_members(at, w, visit_module);
	return json_wide_skip(w);
}

int tf_config_read(struct tf_config *c, struct json_wide *w)
{
	const struct walk at = { .c = c, .module = STR("") };

	return read_members(&at, w, visit_configuration);
}

static int by_key(const void *a, const void *b)
{
	return str_compare(((const struct tf_block *)a)->key, ((const struct tf_block *)b)->key);
}

static int by_name(const void *a, const void *b)
{
	return str_compare(((const struct tf_link *)a)->name, ((const struct tf_link *)b)->name);
}

void tf_config_finish(struct tf_config *c)
{
	if (c->blocks.n != 0)
		qsort(c->blocks.list, c->blocks.n, sizeof(struct tf_block), by_key);
	if (c->links.n != 0)
		qsort(c->links.list, c->links.n, sizeof(struct tf_link), by_name);
}

/* ---- asking ------------------------------------------------------------------- */

const struct tf_block *tf_config_block(const struct tf_config *c, struct str address)
{
	struct arena arena = ARENA_INIT;
	struct tf_block wanted = { .key = tf_address_key(&arena, address) };
	const struct tf_block *found = NULL;

	if (c->blocks.n != 0)
		found = bsearch(&wanted, c->blocks.list, c->blocks.n, sizeof(wanted), by_key);
	arena_release(&arena);
	return found;
}

const struct tf_link *tf_config_link(const struct tf_config *c, struct str name)
{
	struct tf_link wanted = { .name = name };

	if (c->links.n == 0)
		return NULL;
	return bsearch(&wanted, c->links.list, c->links.n, sizeof(wanted), by_name);
}

/* An expression, unless it is a block, whose members are expressions. */
static bool is_expression(const struct value *v)
{
	return v->kind == VALUE_MAP && (v->n == 0 || value_get(v, STR("references")) != NULL ||
					value_get(v, STR("constant_value")) != NULL);
}

const struct value *tf_block_expression(const struct tf_block *b, const char *path,
					const char **rest)
{
	const struct value *v = &b->expressions;
	const char *dot;
	struct str name;

	for (;;) {
		dot = strchr(path, '.');
		name = (struct str){ path, dot != NULL ? (size_t)(dot - path) : strlen(path) };
		v = value_get(v, name);
		path = dot != NULL ? dot + 1 : "";
		if (v != NULL && v->kind == VALUE_LIST && v->n == 1)
			v = &v->items[0];
		*rest = path;
		if (v == NULL || *path == '\0' || is_expression(v) || v->kind == VALUE_LIST)
			return v;
	}
}

/* Whether what is referred to is known when planning, so that something unknown
 * beside it is what the provider computes. */
static bool is_known_ref(const struct tf_block *b, struct str ref)
{
	return str_starts(ref, STR("count.")) || str_starts(ref, STR("path.")) ||
	       str_starts(ref, STR("terraform.")) || str_starts(ref, STR("each.key")) ||
	       (str_starts(ref, STR("var.")) && b->module.len == 0);
}

enum tf_written tf_block_writes(const struct tf_block *b, const char *path)
{
	const char *rest;
	const struct value *v = tf_block_expression(b, path, &rest), *constant, *refs;
	struct value inside;
	uint32_t i;

	if (v == NULL)
		return TF_NOT_WRITTEN;
	constant = value_get(v, STR("constant_value"));
	refs = value_get(v, STR("references"));
	if (constant != NULL) {
		inside = *rest != '\0' ? tf_at(constant, rest) : *constant;
		return inside.kind <= VALUE_NULL ? TF_NOT_WRITTEN : TF_WRITTEN;
	}
	if (*rest == '\0' || refs == NULL || refs->kind != VALUE_LIST || v->kind != VALUE_MAP)
		return TF_WRITTEN;
	for (i = 0; i < refs->n; i++)
		if (refs->items[i].kind != VALUE_STRING ||
		    !is_known_ref(b, value_str(&refs->items[i])))
			return TF_WRITTEN;
	return TF_NOT_WRITTEN;
}

static const struct value *region_of(const struct tf_config *c, struct str key)
{
	const struct provider *list = c->providers.list;
	size_t i;

	for (i = 0; i < c->providers.n; i++)
		if (str_equal(list[i].key, key))
			return &list[i].region;
	return NULL;
}

/*
 * module.a:aws without an entry of its own is the root's aws. One with an alias,
 * module.a:aws.x, may have been handed any: that is not guessed.
 */
const struct value *tf_config_region(const struct tf_config *c, const struct tf_block *b)
{
	const struct value *region = region_of(c, b->provider);
	struct str key = b->provider;
	const char *colon;

	if (region != NULL || !str_starts(key, STR("module.")))
		return region;
	colon = memchr(key.data, ':', key.len);
	if (colon == NULL)
		return NULL;
	key.len -= (size_t)(colon + 1 - key.data);
	key.data = colon + 1;
	return memchr(key.data, '.', key.len) == NULL ? region_of(c, key) : NULL;
}

bool tf_config_is_full(const struct tf_config *c)
{
	return c->full;
}

const struct tf_link *tf_config_links(const struct tf_config *c, size_t *n)
{
	*n = c->links.n;
	return c->links.list;
}
