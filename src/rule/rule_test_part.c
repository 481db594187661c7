/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Partial values as a person writes them: a text with gaps in braces, one of a few
 * values, a number between two. Which fields there are is not known here.
 */
#include "rule/rule_test_part.h"

#include "model/partial.h"

static const char why[] = "known in part, as the test says";

/* 'acme-{account}-x': what stands in braces is any text; a brace itself is written twice. */
static bool read_text(const struct shape *shape, const struct value *node, struct arena *arena,
		      struct value *v)
{
	struct str s = value_str(node), name;
	struct value *pieces = ARENA_ARRAY(arena, s.len + 1, struct value);
	size_t i, from, n = 0, gaps = 0;
	const char *end;

	for (i = 0; i < s.len;) {
		char c = s.data[i];

		if ((c == '{' || c == '}') && i + 1 < s.len && s.data[i + 1] == c) {
			pieces[n++] = value_of_str((struct str){ s.data + i, 1 });
			i += 2;
			continue;
		}
		if (c == '{' || c == '}') {
			end = c == '{' ? memchr(s.data + i, '}', s.len - i) : NULL;
			if (end == NULL || end == s.data + i + 1) {
				shape_mistake(shape, node, "a brace that opens or closes no gap");
				mistakes_hint(shape->mistakes,
					      "a gap is '{name}'; write a brace itself twice");
				return false;
			}
			name = (struct str){ s.data + i + 1, (size_t)(end - s.data) - i - 1 };
			pieces[n++] = value_gap(arena, arena_str(arena, name).data, why, CHARS_ANY,
						0, GAP_NO_MOST);
			gaps++;
			i += name.len + 2;
			continue;
		}
		for (from = i; i < s.len && s.data[i] != '{' && s.data[i] != '}'; i++)
			;
		pieces[n++] = value_of_str((struct str){ s.data + from, i - from });
	}
	if (gaps == 0) {
		shape_mistake(shape, node, "a text without a gap is known");
		mistakes_hint(shape->mistakes,
			      "write it under 'given', or a gap such as '{account}'");
		return false;
	}
	*v = value_concat(arena, pieces, n);
	return true;
}

static bool read_bounds(const struct shape *shape, const struct value *node,
			const struct value *least, const struct value *most, struct arena *arena,
			struct value *v)
{
	struct number low, high;

	if ((least != NULL && !shape_is(shape, "min", least, SHAPE_NUMBER)) ||
	    (most != NULL && !shape_is(shape, "max", most, SHAPE_NUMBER)))
		return false;
	if (least != NULL)
		low = value_number(least);
	if (most != NULL)
		high = value_number(most);
	if (least != NULL && most != NULL && number_compare(low, high) > 0) {
		shape_mistake(shape, node, "'min' is above 'max'");
		return false;
	}
	*v = value_between(arena, why, least != NULL ? &low : NULL, most != NULL ? &high : NULL);
	return true;
}

static bool read_choice(const struct shape *shape, const struct value *node,
			const struct value *list, struct arena *arena, struct value *v)
{
	if (list->n < 2) {
		shape_mistake(shape, node, "'one_of' is a list of two values or more");
		return false;
	}
	*v = value_one_of(arena, why, list->items, list->n);
	return true;
}

static bool read_part(const struct shape *shape, const struct value *node, struct arena *arena,
		      struct value *v)
{
	static const struct shape_key keys[] = {
		{ "one_of", SHAPE_LIST, false, "It is one of these values" },
		{ "min", SHAPE_NUMBER, false, "It is a number of at least this" },
		{ "max", SHAPE_NUMBER, false, "It is a number of at most this" },
	};
	const struct value *found[3];

	if (!shape_is(shape, "what is known", node, SHAPE_STRING | SHAPE_MAP))
		return false;
	if (node->kind == VALUE_STRING)
		return read_text(shape, node, arena, v);
	if (!shape_map(shape, "what is known", node, keys, 3, found))
		return false;
	if (found[0] != NULL && found[1] == NULL && found[2] == NULL)
		return read_choice(shape, node, found[0], arena, v);
	if (found[0] == NULL && (found[1] != NULL || found[2] != NULL))
		return read_bounds(shape, node, found[1], found[2], arena, v);
	shape_mistake(shape, node, "either 'one_of', or 'min' and 'max'");
	return false;
}

size_t rule_test_parts(const struct shape *shape, const struct value *partial, struct arena *arena,
		       const struct resource_part **parts)
{
	struct resource_part *list = ARENA_ARRAY(arena, partial->n, struct resource_part);
	uint32_t i;
	size_t n = 0;

	for (i = 0; i < partial->n; i++) {
		list[n].path = partial->entries[i].key;
		if (!read_part(shape, &partial->entries[i].value, arena, &list[n].value))
			continue;
		list[n].value.place = partial->entries[i].value.place;
		n++;
	}
	*parts = list;
	return n;
}
