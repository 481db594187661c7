/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types of parameters, and whether a value fits one. Which file set a
 * parameter, and in what order, is the policy's business.
 */
#include "rule/params.h"

#include "base/limit.h"
#include "base/pattern.h"
#include "base/text.h"
#include "rule/place.h"
#include "rule/shape.h"

struct type_word {
	const char *word;
	enum type_base base;
};

static const struct type_word scalar_types[] = {
	{ "string", TYPE_STRING },
	{ "number", TYPE_NUMBER },
	{ "boolean", TYPE_BOOLEAN },
	{ "pattern", TYPE_PATTERN },
};

const struct param *params_find(const struct params *params, struct str name)
{
	size_t i;

	if (params == NULL)
		return NULL;
	for (i = 0; i < params->n; i++) {
		if (str_equal(params->list[i].name, name))
			return &params->list[i];
	}
	return NULL;
}

static bool scalar_parse(struct str text, uint8_t *base)
{
	size_t i;

	for (i = 0; i < sizeof(scalar_types) / sizeof(*scalar_types); i++) {
		if (str_is(text, scalar_types[i].word)) {
			*base = (uint8_t)scalar_types[i].base;
			return true;
		}
	}
	return false;
}

/* What stands between "list<" and ">". */
static bool between(struct str text, struct str before, struct str *inside)
{
	if (text.len <= before.len || !str_starts(text, before) || !str_ends(text, STR(">")))
		return false;
	inside->data = text.data + before.len;
	inside->len = text.len - before.len - 1;
	return true;
}

bool param_type_parse(struct str text, struct type *type)
{
	struct str inside, innermost;
	uint8_t base;

	*type = (struct type){ TYPE_NONE, TYPE_NONE };
	if (scalar_parse(text, &type->base))
		return true;
	if (str_is(text, "range")) {
		type->base = TYPE_RANGE;
		return true;
	}
	if (between(text, STR("list<"), &inside)) {
		type->base = TYPE_LIST;
		return scalar_parse(inside, &type->element);
	}
	if (!between(text, STR("map<"), &inside))
		return false;
	type->base = TYPE_MAP;
	if (scalar_parse(inside, &type->element))
		return true;
	/* For allowed_values: the members of the lists are strings. */
	type->element = TYPE_LIST;
	return between(inside, STR("list<"), &innermost) && scalar_parse(innermost, &base) &&
	       base == TYPE_STRING;
}

static int mismatch(const char *wanted, const struct value *value, struct source *source,
		    struct mistakes *mistakes)
{
	struct buf shown = BUF_INIT(0);

	value_show(&shown, value, LIMIT_SHOWN_VALUE);
	mistakes_add(mistakes, source, value->place, text_length(buf_str(&shown)),
		     "expected %s, found %s", wanted, value_kind_name(value->kind));
	if ((value->kind == VALUE_NUMBER || value->kind == VALUE_BOOLEAN) &&
	    (value->flags & VALUE_PLAIN) != 0 && str_is(str_of(wanted), "a string"))
		mistakes_hint(mistakes, "quote it: '%.*s'", STR_ARG(buf_str(&shown)));
	if (str_is(str_of(wanted), "a number"))
		shape_hint_kind(mistakes, VALUE_NUMBER, value);
	if (str_is(str_of(wanted), "true or false"))
		shape_hint_kind(mistakes, VALUE_BOOLEAN, value);
	buf_release(&shown);
	return -1;
}

static int check_pattern(const struct value *value, struct source *source,
			 struct mistakes *mistakes)
{
	struct pattern *p;
	const char *why;
	size_t offset;

	if (value->kind != VALUE_STRING)
		return mismatch("a pattern, which is a string", value, source, mistakes);
	p = pattern_new(value_str(value), &offset, &why);
	if (p == NULL) {
		mistakes_add(mistakes, source, place_inside(source, value, offset), 0,
			     "invalid pattern: %s", why);
		return -1;
	}
	pattern_free(p);
	return 0;
}

static int check_range(const struct value *value, struct source *source, struct mistakes *mistakes)
{
	const struct value *bounds[2] = { NULL, NULL };
	const struct entry *entry;
	int rc = 0;
	uint32_t i;

	if (value->kind != VALUE_MAP)
		return mismatch("a range, {min: NUMBER, max: NUMBER}", value, source, mistakes);
	for (i = 0; i < value->n; i++) {
		entry = &value->entries[i];
		if (!str_is(entry->key, "min") && !str_is(entry->key, "max")) {
			mistakes_add(mistakes, source, entry->key_place, text_length(entry->key),
				     "a range has 'min' and 'max', not '%.*s'",
				     STR_ARG(entry->key));
			rc = -1;
		} else if (entry->value.kind != VALUE_NUMBER) {
			rc = mismatch("a number", &entry->value, source, mistakes);
		} else {
			bounds[str_is(entry->key, "max")] = &entry->value;
		}
	}
	if (rc == 0 && value->n == 0) {
		mistakes_add(mistakes, source, value->place, 0, "a range has 'min', 'max' or both");
		return -1;
	}
	if (bounds[0] != NULL && bounds[1] != NULL &&
	    number_compare(value_number(bounds[0]), value_number(bounds[1])) > 0) {
		mistakes_add(mistakes, source, bounds[1]->place, 0,
			     "min is above max: nothing is in this range");
		return -1;
	}
	return rc;
}

static int check_members(struct type type, const struct value *value, struct source *source,
			 struct mistakes *mistakes)
{
	struct type member = { type.element, type.element == TYPE_LIST ? (uint8_t)TYPE_STRING
								       : (uint8_t)TYPE_NONE };
	int rc = 0;
	uint32_t i;

	for (i = 0; i < value->n; i++) {
		if (param_check(member,
				value->kind == VALUE_LIST ? &value->items[i]
							  : &value->entries[i].value,
				source, mistakes) == -1)
			rc = -1;
	}
	return rc;
}

int param_check(struct type type, const struct value *value, struct source *source,
		struct mistakes *mistakes)
{
	switch (type.base) {
	case TYPE_STRING:
		return value->kind == VALUE_STRING ? 0
						   : mismatch("a string", value, source, mistakes);
	case TYPE_NUMBER:
		return value->kind == VALUE_NUMBER ? 0
						   : mismatch("a number", value, source, mistakes);
	case TYPE_BOOLEAN:
		return value->kind == VALUE_BOOLEAN
			   ? 0
			   : mismatch("true or false", value, source, mistakes);
	case TYPE_PATTERN:
		return check_pattern(value, source, mistakes);
	case TYPE_RANGE:
		return check_range(value, source, mistakes);
	case TYPE_LIST:
		return value->kind == VALUE_LIST ? check_members(type, value, source, mistakes)
						 : mismatch("a list", value, source, mistakes);
	case TYPE_MAP:
		return value->kind == VALUE_MAP ? check_members(type, value, source, mistakes)
						: mismatch("a map", value, source, mistakes);
	default:
		return 0;
	}
}
