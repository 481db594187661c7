/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a scalar of YAML is by the core schema of YAML 1.2, and by its core tags.
 * Knows texts and values; libyaml is yaml.c's.
 */
#include "model/yaml_scalar.h"

#include <string.h>

#include "base/limit.h"
#include "model/yaml.h"

static bool one_of(struct str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_is(s, *words))
			return true;
	return false;
}

bool yaml_is_null(struct str s)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL", NULL };

	return one_of(s, words);
}

static bool is_boolean(struct str s, bool *b)
{
	static const char *const yes[] = { "true", "True", "TRUE", NULL };
	static const char *const no[] = { "false", "False", "FALSE", NULL };

	*b = one_of(s, yes);
	return *b || one_of(s, no);
}

/* JSON's grammar, and a plus sign before it. */
static bool is_number(struct str s, struct number *n)
{
	if (s.len > 1 && s.data[0] == '+' && s.data[1] >= '0' && s.data[1] <= '9') {
		s.data++;
		s.len--;
	}
	return number_parse(s, n);
}

void yaml_become(struct value *v, struct value made)
{
	made.place = v->place;
	made.flags = v->flags;
	*v = made;
}

const char *yaml_odd_number_hint(struct str s)
{
	if (s.len > 1 && s.data[0] == '0' && (s.data[1] == 'x' || s.data[1] == 'o'))
		return "write it in decimal, or quote it if it is a text";
	if (memchr(s.data, 'n', s.len) != NULL || memchr(s.data, 'N', s.len) != NULL)
		return "only finite numbers can be written; quote it if it is a text";
	if (s.data[0] == '.' || s.data[s.len - 1] == '.' || strspn(s.data, "+-.") > 1 ||
	    strstr(s.data, ".e") != NULL || strstr(s.data, ".E") != NULL)
		return "write a digit on both sides of the point, or quote it if it is a text";
	return "numbers have at most 18 significant digits; quote it if it is a text";
}

_Static_assert(LIMIT_NUMBER_DIGITS == 18, "the hint names it");

bool yaml_resolve_core(struct value *v, struct str s)
{
	struct number n;
	bool b;

	if (yaml_is_null(s))
		v->kind = VALUE_NULL;
	else if (is_boolean(s, &b))
		yaml_become(v, value_of_boolean(b));
	else if (is_number(s, &n))
		yaml_become(v, value_of_number(n));
	else
		return false;
	return true;
}

struct value yaml_plain(struct value v)
{
	if (v.kind == VALUE_STRING && (v.flags & VALUE_PLAIN) != 0)
		yaml_resolve_core(&v, value_str(&v));
	return v;
}

bool yaml_resolve_tagged(struct value *v, const char *tag, struct str s)
{
	struct number n;
	bool b;

	if (strcmp(tag, YAML_CORE_TAG "str") == 0) {
		v->flags &= (uint8_t)~VALUE_PLAIN; /* as good as quoted */
		yaml_become(v, value_of_str(s));
	} else if (strcmp(tag, YAML_CORE_TAG "int") == 0 ||
		   strcmp(tag, YAML_CORE_TAG "float") == 0) {
		if (!is_number(s, &n) || (tag[sizeof(YAML_CORE_TAG) - 1] == 'i' && n.exponent < 0))
			return false;
		yaml_become(v, value_of_number(n));
	} else if (strcmp(tag, YAML_CORE_TAG "bool") == 0) {
		if (!is_boolean(s, &b))
			return false;
		yaml_become(v, value_of_boolean(b));
	} else if (strcmp(tag, YAML_CORE_TAG "null") == 0) {
		v->kind = VALUE_NULL;
		return yaml_is_null(s);
	} else {
		return false;
	}
	return true;
}

const char *yaml_core_tag(const char *tag)
{
	static const char *const names[] = { "str",  "int", "float", "bool",
					     "null", "map", "seq",   NULL };
	const char *name;

	if (strncmp(tag, YAML_CORE_TAG, sizeof(YAML_CORE_TAG) - 1) != 0)
		return NULL;
	name = tag + sizeof(YAML_CORE_TAG) - 1;
	return one_of(str_of(name), names) ? name : NULL;
}
