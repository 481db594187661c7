/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fn::ForEach: loops among the members of a map, unrolled where it is known what
 * they go over; else whether it matters what they would make.
 */
#include "input/cfn.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "input/cfn_unseen.h"

/* ---- unrolling -------------------------------------------------------------------- */

static bool is_loop(const struct entry *e)
{
	return str_starts(e->key, STR("Fn::ForEach::"));
}

static void add_named(struct cfn *t, struct cfn_list *list, struct cfn_named named)
{
	if (list->n >= LIMIT_TEMPLATE_RESOURCES) {
		t->exhausted =
		    arena_printf(t->arena, "more than %d members of one section, loops unrolled",
				 LIMIT_TEMPLATE_RESOURCES);
		return;
	}
	if (list->n == list->cap) {
		list->cap = list->cap != 0 ? list->cap * 2 : 32;
		list->list = mem_grow(list->list, list->cap * sizeof(*list->list));
	}
	list->list[list->n++] = named;
}

/* A key with the loop's variables put in: ${Name} and &{Name}, the latter
 * without what no logical id may hold. */
static struct str put_variables(struct cfn *t, struct str key, const struct cfn_scope *scope)
{
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	const struct cfn_scope *s;
	struct str made;
	size_t i = 0, k;

	if (scope == NULL || memchr(key.data, '{', key.len) == NULL)
		return key;
	while (i < key.len) {
		struct str rest = { key.data + i, key.len - i };

		for (s = scope; s != NULL; s = s->outer)
			if (rest.len > s->name.len + 2 &&
			    (rest.data[0] == '$' || rest.data[0] == '&') && rest.data[1] == '{' &&
			    rest.data[s->name.len + 2] == '}' &&
			    memcmp(rest.data + 2, s->name.data, s->name.len) == 0)
				break;
		if (s == NULL) {
			buf_putc(&b, key.data[i++]);
			continue;
		}
		for (k = 0; k < s->value.len; k++) {
			char c = s->value.data[k];

			if (rest.data[0] == '$' || (c >= '0' && c <= '9') ||
			    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
				buf_putc(&b, c);
		}
		i += s->name.len + 3;
	}
	made = arena_buf(t->arena, &b);
	buf_release(&b);
	return made;
}

static void unroll(struct cfn *t, const struct value *section, const struct cfn_scope *scope,
		   struct cfn_list *list, unsigned depth);

/* ["Identifier", [values], {body}]; what is no such thing is a loop that is not known. */
static void unroll_loop(struct cfn *t, const struct entry *loop, const struct cfn_scope *scope,
			struct cfn_list *list, unsigned depth)
{
	const struct value *v = &loop->value;
	struct cfn_scope *inner;
	struct value values;
	struct str text;
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n != 3 || v->items[0].kind != VALUE_STRING ||
	    v->items[2].kind != VALUE_MAP || depth > 5) {
		add_named(t, &t->unknown_loops,
			  (struct cfn_named){ loop->key, loop->key_place, v, scope });
		return;
	}
	values = cfn_eval(t, &v->items[1], scope);
	if (values.kind != VALUE_LIST) {
		add_named(t, &t->unknown_loops,
			  (struct cfn_named){ loop->key, loop->key_place, &v->items[2], scope });
		return;
	}
	for (i = 0; i < values.n && t->exhausted == NULL; i++) {
		if (!cfn_text(t->arena, &values.items[i], &text)) {
			add_named(
			    t, &t->unknown_loops,
			    (struct cfn_named){ loop->key, loop->key_place, &v->items[2], scope });
			return;
		}
		inner = ARENA_NEW(t->arena, struct cfn_scope);
		*inner = (struct cfn_scope){ value_str(&v->items[0]), text, scope };
		unroll(t, &v->items[2], inner, list, depth + 1);
	}
}

static void unroll(struct cfn *t, const struct value *section, const struct cfn_scope *scope,
		   struct cfn_list *list, unsigned depth)
{
	uint32_t i;

	for (i = 0; section->kind == VALUE_MAP && i < section->n && t->exhausted == NULL; i++) {
		const struct entry *e = &section->entries[i];

		if (++t->steps > LIMIT_TEMPLATE_STEPS)
			t->exhausted =
			    arena_printf(t->arena, "more than %d steps", LIMIT_TEMPLATE_STEPS);
		else if (is_loop(e))
			unroll_loop(t, e, scope, list, depth);
		else
			add_named(t, list,
				  (struct cfn_named){ put_variables(t, e->key, scope), e->key_place,
						      &e->value, scope });
	}
}

void cfn_unroll(struct cfn *t, const struct value *section, const struct cfn_scope *scope,
		struct cfn_list *list)
{
	if (section != NULL)
		unroll(t, section, scope, list, 0);
}

/* ---- loops that are not known ----------------------------------------------------- */

/* What a loop would make. */
enum { MAKES_CONFIGURATIONS = 1 << 0, MAKES_CHANNELS = 1 << 1, MAKES_OTHERS = 1 << 2 };

/* Of a resource by its Type: one that is not written out may be any. */
static unsigned makes_resource(const struct value *resource)
{
	const struct value *type = value_get(resource, STR("Type"));

	if (value_get(resource, STR("Fn::Transform")) != NULL)
		return MAKES_OTHERS;
	if (type == NULL)
		return 0;
	if (type->kind != VALUE_STRING || text_has(value_str(type), STR("${")))
		return MAKES_CONFIGURATIONS;
	if (str_is(value_str(type), CFN_CONFIGURATION))
		return MAKES_CONFIGURATIONS;
	if (str_is(value_str(type), CFN_CHANNEL))
		return MAKES_CHANNELS;
	return cfn_type_makes_others(value_str(type)) ? MAKES_OTHERS : 0;
}

/* Of a body, or of what stands where a body should: as deep as maps and lists go, since
 * loops hold loops, and what is no loop as it has to be may hold anything. */
static unsigned makes(const struct value *v)
{
	unsigned made = 0;
	uint32_t i;

	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		made |= makes(&v->items[i]);
	for (i = 0; v->kind == VALUE_MAP && i < v->n; i++) {
		const struct entry *e = &v->entries[i];

		if (str_is(e->key, "Fn::Transform"))
			made |= MAKES_OTHERS;
		else
			made |= is_loop(e) ? makes(&e->value) : makes_resource(&e->value);
	}
	return made;
}

void cfn_sort_loops(struct cfn *t)
{
	struct cfn_list *all = &t->unknown_loops;
	unsigned made;
	size_t i;

	t->loops = ARENA_ARRAY(t->arena, all->n, struct cfn_named);
	t->channel_loops = ARENA_ARRAY(t->arena, all->n, struct cfn_named);
	t->unseen_loops = ARENA_ARRAY(t->arena, all->n, struct cfn_named);
	for (i = 0; i < all->n; i++) {
		made = makes(all->list[i].raw);
		if ((made & MAKES_CONFIGURATIONS) != 0)
			t->loops[t->n_loops++] = all->list[i];
		else if ((made & MAKES_CHANNELS) != 0)
			t->channel_loops[t->n_channel_loops++] = all->list[i];
		if ((made & MAKES_OTHERS) != 0)
			t->unseen_loops[t->n_unseen_loops++] = all->list[i];
	}
}
