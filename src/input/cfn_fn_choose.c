/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that choose one of several values: of a list, of a mapping. Where it
 * is not known which, it is one of those that it may be.
 */
#include "input/cfn_fn_inside.h"

#include "model/number.h"

static bool index_of(const struct value *v, struct cfn *t, uint32_t *index)
{
	struct number n;
	struct str text;

	if (!cfn_text(t->arena, v, &text) || !number_parse(text, &n) || n.exponent != 0 ||
	    n.mantissa < 0 || n.mantissa > INT32_MAX)
		return false;
	*index = (uint32_t)n.mantissa;
	return true;
}

struct value cfn_fn_select(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	const struct cfn_unknown *u;
	struct value which, list, *may;
	uint32_t index, i;

	if (v->kind != VALUE_LIST || v->n != 2)
		return cfn_fn_wrong(t, fn);
	which = cfn_eval(t, &v->items[0], scope);
	list = cfn_eval(t, &v->items[1], scope);
	for (i = 0; which.kind == VALUE_UNKNOWN && list.kind == VALUE_LIST && i < list.n; i++)
		if (cfn_may_be_absent(&list.items[i]))
			return value_unknown(which.why);
	if (which.kind == VALUE_UNKNOWN && list.kind == VALUE_LIST && list.n > 0)
		return cfn_one_of(t->arena, list.items, list.n, which.why);
	if (which.kind == VALUE_UNKNOWN)
		return value_unknown(which.why);
	if (!index_of(&which, t, &index))
		return cfn_fn_wrong(t, fn);
	u = cfn_unknown_of(&list);
	if (u != NULL && u->n_may > 0) {
		may = ARENA_ARRAY(t->arena, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			may[i] = u->may[i].kind == VALUE_LIST && index < u->may[i].n
				     ? u->may[i].items[index]
				     : value_unknown(list.why);
		return cfn_one_of(t->arena, may, u->n_may, list.why);
	}
	if (list.kind == VALUE_UNKNOWN)
		return value_unknown(list.why);
	if (list.kind != VALUE_LIST)
		return cfn_fn_wrong(t, fn);
	/* of what stands behind a member that may be absent the place is not known */
	for (i = 0; i <= index && i < list.n; i++)
		if (cfn_may_be_absent(&list.items[i]))
			return value_unknown(list.items[i].why);
	if (index >= list.n)
		return cfn_fn_unknown(t, "Fn::Select asks for member %u of %u", (unsigned)index,
				      (unsigned)list.n);
	return list.items[index];
}

/* The values of a map that a key may choose: one of them where the key is known. */
static struct value choose(struct cfn *t, const struct value *map, const struct value *key,
			   const struct value *fallback)
{
	const struct cfn_unknown *u = cfn_unknown_of(key);
	const struct value *found;
	struct value *may, missing;
	struct str text;
	uint32_t i, n = 0;

	missing = fallback != NULL
		      ? *fallback
		      : cfn_fn_unknown(t, "Fn::FindInMap finds no such key in the mapping");
	if (map->kind == VALUE_UNKNOWN)
		return *map;
	if (map->kind != VALUE_MAP)
		return missing;
	if (value_get(map, STR("Fn::Transform")) != NULL)
		missing =
		    cfn_fn_unknown(t, "a macro (Fn::Transform) adds to the mapping on deployment");
	if (cfn_text(t->arena, key, &text)) {
		found = value_get(map, text);
		return found != NULL ? *found : missing;
	}
	if (u != NULL && u->n_may > 0) {
		may = ARENA_ARRAY(t->arena, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			may[n++] = choose(t, map, &u->may[i], fallback);
		return cfn_one_of(t->arena, may, n, key->why);
	}
	/* any key of the mapping: another one could not be deployed */
	may = ARENA_ARRAY(t->arena, (size_t)map->n + 1, struct value);
	for (i = 0; i < map->n; i++)
		may[n++] =
		    str_is(map->entries[i].key, "Fn::Transform") ? missing : map->entries[i].value;
	if (fallback != NULL)
		may[n++] = *fallback;
	return n > 0 ? cfn_one_of(t->arena, may, n, key->why) : missing;
}

/* The second level: of each map that the first may have chosen. */
static struct value choose_in(struct cfn *t, const struct value *maps, const struct value *key,
			      const struct value *fallback)
{
	const struct cfn_unknown *u = cfn_unknown_of(maps);
	struct value *may;
	uint32_t i;

	if (u == NULL || u->n_may == 0)
		return choose(t, maps, key, fallback);
	may = ARENA_ARRAY(t->arena, u->n_may, struct value);
	for (i = 0; i < u->n_may; i++)
		may[i] = choose(t, &u->may[i], key, fallback);
	return cfn_one_of(t->arena, may, u->n_may, maps->why);
}

struct value cfn_fn_find_in_map(struct cfn *t, const char *fn, const struct value *v,
				scope_t *scope)
{
	const struct value *given = NULL;
	struct value name, first, second, map, fallback;

	if (v->kind != VALUE_LIST || v->n < 3 || v->n > 4)
		return cfn_fn_wrong(t, fn);
	if (v->n == 4 && (given = value_get(&v->items[3], STR("DefaultValue"))) != NULL)
		fallback = cfn_eval(t, given, scope);
	name = cfn_eval(t, &v->items[0], scope);
	first = cfn_eval(t, &v->items[1], scope);
	second = cfn_eval(t, &v->items[2], scope);
	if (t->mappings == NULL)
		return given != NULL ? fallback : cfn_fn_unknown(t, "the template has no mappings");
	map = choose(t, t->mappings, &name, given != NULL ? &fallback : NULL);
	map = choose_in(t, &map, &first, given != NULL ? &fallback : NULL);
	return choose_in(t, &map, &second, given != NULL ? &fallback : NULL);
}
