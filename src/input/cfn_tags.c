/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two sets of tags as one. Knows which of them wins and what is known of the
 * outcome where one of them is not; does not know where they are written.
 */
#include "input/cfn_tags.h"

struct value cfn_tag_map(struct arena *a, const struct value *v)
{
	struct value made = { .kind = VALUE_MAP, .place = v->place };
	struct entry *entries;
	uint32_t i;

	if (v->kind != VALUE_LIST)
		return v->kind == VALUE_MAP || v->kind == VALUE_ABSENT || v->kind == VALUE_UNKNOWN
			   ? *v
			   : value_unknown("tags are not written as they have to be");
	entries = ARENA_ARRAY(a, v->n, struct entry);
	for (i = 0; i < v->n; i++) {
		struct value key = cfn_member(a, &v->items[i], "Key"),
			     value = cfn_member(a, &v->items[i], "Value");

		if (key.kind != VALUE_STRING)
			return value_unknown(key.kind == VALUE_UNKNOWN
						 ? key.why
						 : "a tag is not written as it has to be");
		entries[made.n++] = (struct entry){ value_str(&key), key.place, value };
	}
	made.entries = entries;
	return made;
}

struct value cfn_stack_tags(struct cfn *t)
{
	return t->stack.inherited != NULL ? t->stack.inherited(t->stack.to, t) : t->stack.tags;
}

/* One of two maps, or both: own is a map, ABSENT, or unknown with a reason. */
static struct value merge(struct arena *a, const struct value *own, const struct value *stack)
{
	uint32_t i, n = own->kind == VALUE_MAP ? own->n : 0;
	bool open = own->kind == VALUE_UNKNOWN || (own->flags & VALUE_OPEN) != 0;
	struct entry *entries = ARENA_ARRAY(a, (size_t)n + stack->n, struct entry);
	struct value made = { .kind = VALUE_MAP, .place = own->place };

	for (i = 0; i < n; i++)
		entries[made.n++] = own->entries[i];
	for (i = 0; i < stack->n; i++) {
		struct entry *e = &entries[made.n];

		if (n > 0 && value_entry(own, stack->entries[i].key) != NULL)
			continue;
		*e = stack->entries[i];
		if (open && own->kind == VALUE_UNKNOWN)
			e->value = value_unknown(own->why);
		else if (open)
			e->value = value_unknown("a tag of the same key may come before that of "
						 "the stack");
		e->value.place = e->key_place;
		made.n++;
	}
	made.entries = entries;
	made.flags = open || (stack->flags & VALUE_OPEN) != 0 ? VALUE_OPEN : 0;
	return made;
}

/* A set that may be any: what is known of the other one stays. */
static struct value with_any(const struct value *own, const struct value *stack)
{
	struct value made = *own;

	if (own->kind == VALUE_MAP && own->n > 0)
		made.flags |= VALUE_OPEN;
	else if (own->kind != VALUE_UNKNOWN)
		made = value_unknown(stack->why);
	made.place = own->place;
	return made;
}

struct value cfn_tags_over(struct arena *a, const struct value *own, const struct value *stack)
{
	const struct cfn_unknown *u = cfn_choices(own), *w = cfn_choices(stack);
	struct value *may, made;
	uint32_t i, n;

	if (stack->kind == VALUE_ABSENT || (stack->kind == VALUE_MAP && stack->n == 0))
		return *own;
	if (u == NULL && w == NULL)
		return stack->kind == VALUE_MAP ? merge(a, own, stack) : with_any(own, stack);
	n = w != NULL ? w->n_may : u->n_may;
	may = ARENA_ARRAY(a, n, struct value);
	for (i = 0; i < n; i++)
		may[i] = w != NULL ? cfn_tags_over(a, own, &w->may[i])
				   : cfn_tags_over(a, &u->may[i], stack);
	made = cfn_one_of(a, may, n, w != NULL ? stack->why : own->why);
	made.place = own->place;
	return made;
}

/* A map of tags as those of the stack, at a place. */
static struct value of_stack(struct arena *a, const struct value *v, struct place place)
{
	const struct cfn_unknown *u = cfn_choices(v);
	struct value made = *v, *may;
	struct entry *entries;
	uint32_t i;

	made.place = place;
	if (v->kind == VALUE_MAP) {
		entries = ARENA_ARRAY(a, v->n, struct entry);
		for (i = 0; i < v->n; i++) {
			entries[i] = v->entries[i];
			entries[i].key_place = entries[i].value.place = place;
			if (entries[i].value.kind == VALUE_STRING)
				entries[i].value.flags |= VALUE_OF_STACK;
		}
		made.entries = entries;
	} else if (u != NULL) {
		may = ARENA_ARRAY(a, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			may[i] = of_stack(a, &u->may[i], place);
		made = cfn_one_of(a, may, u->n_may, v->why);
		made.place = place;
	}
	return made;
}

struct value cfn_with_stack_tags(struct cfn *t, const struct value *own, struct place place)
{
	struct value stack = cfn_stack_tags(t), made;

	stack = of_stack(t->arena, &stack, place);
	made = cfn_tags_over(t->arena, own, &stack);
	if (made.place.line == 0)
		made.place = place;
	return made;
}
