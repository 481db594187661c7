/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes of mappings. Knows how mistakes read; does not know what keys mean.
 */
#include "rule/shape.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/limit.h"
#include "base/text.h"
#include "rule/place.h"

#define QUOTED_MOST 80

bool shape_full(const struct shape *s)
{
	return s->mistakes->n >= LIMIT_MISTAKES;
}

static void add(const struct shape *s, struct place place, size_t length, const char *format,
		va_list args) __attribute__((format(printf, 4, 0)));

static void add(const struct shape *s, struct place place, size_t length, const char *format,
		va_list args)
{
	char text[1000];

	vsnprintf(text, sizeof(text), format, args);
	mistakes_add(s->mistakes, s->source, place, length, "%s", text);
}

void shape_mistake(const struct shape *s, const struct value *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(s, at->place, shape_full(s) ? 1 : place_span(at), format, args);
	va_end(args);
}

void shape_mistake_key(const struct shape *s, const struct entry *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(s, at->key_place, shape_full(s) ? 1 : text_length(at->key), format, args);
	va_end(args);
}

const char *shape_quote(const struct shape *s, struct str text)
{
	struct buf b = BUF_INIT(QUOTED_MOST * 10);
	const char *quoted;

	if (shape_full(s))
		return "";
	text_put_quoted(&b, text, QUOTED_MOST);
	quoted = arena_buf(s->mistakes->arena, &b).data;
	buf_release(&b);
	return quoted;
}

void shape_hint_nearest(const struct shape *s, const char *nearest)
{
	if (nearest != NULL)
		mistakes_hint(s->mistakes, "did you mean '%s'?", nearest);
}

void shape_hint_kind(struct mistakes *mistakes, enum value_kind wanted, const struct value *v)
{
	struct number n;
	struct str s;

	if (v->kind != VALUE_STRING)
		return;
	s = value_str(v);
	if (wanted == VALUE_BOOLEAN && (str_is(s, "true") || str_is(s, "false")))
		mistakes_hint(mistakes, "write it without quotes");
	else if (wanted == VALUE_BOOLEAN)
		mistakes_hint(mistakes, "yes, no, on and off are words: write true or false");
	else if (wanted == VALUE_NUMBER && number_parse(s, &n))
		mistakes_hint(mistakes, "write it without quotes");
	else if (wanted == VALUE_NUMBER && s.len != 0 && s.data[0] >= '0' && s.data[0] <= '9')
		mistakes_hint(mistakes, "a number is written with digits alone, without a 0 "
					"before them: 60, 2.5");
}

/* "a string or a list" */
static const char *kinds_name(unsigned kinds, char *to, size_t size)
{
	static const enum value_kind order[] = { VALUE_STRING, VALUE_NUMBER, VALUE_BOOLEAN,
						 VALUE_LIST, VALUE_MAP };
	size_t i, len = 0;

	to[0] = '\0';
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if ((kinds & (1u << order[i])) == 0 || len >= size)
			continue;
		len += (size_t)snprintf(to + len, size - len, "%s%s", len != 0 ? " or " : "",
					value_kind_name(order[i]));
	}
	return to;
}

bool shape_is(const struct shape *s, const char *name, const struct value *v, unsigned kinds)
{
	char expected[200];
	const char *quote = strchr(name, ' ') != NULL ? "" : "'"; /* a key, or words */

	if ((kinds & (1u << v->kind)) != 0)
		return true;
	if (v->kind == VALUE_NULL && (kinds & SHAPE_KEEP_NULL) != 0)
		return true;
	kinds_name(kinds, expected, sizeof(expected));
	if (v->kind == VALUE_NULL) {
		shape_mistake(s, v, "%s%s%s is empty", quote, name, quote);
		mistakes_hint(s->mistakes, "expected %s", expected);
		return false;
	}
	shape_mistake(s, v, "%s%s%s must be %s, found %s", quote, name, quote, expected,
		      value_kind_name(v->kind));
	if ((kinds & SHAPE_SOME) == SHAPE_STRING &&
	    (v->kind == VALUE_NUMBER || v->kind == VALUE_BOOLEAN))
		mistakes_hint(s->mistakes, "put it in quotes to make it a string");
	if ((kinds & SHAPE_SOME) == SHAPE_BOOLEAN)
		shape_hint_kind(s->mistakes, VALUE_BOOLEAN, v);
	if ((kinds & SHAPE_SOME) == SHAPE_NUMBER)
		shape_hint_kind(s->mistakes, VALUE_NUMBER, v);
	return false;
}

static size_t key_index(struct str key, const struct shape_key *keys, size_t n)
{
	size_t i;

	for (i = 0; i < n && !str_is(key, keys[i].name); i++)
		;
	return i;
}

static void unknown_key(const struct shape *s, const char *what, const struct entry *e,
			const struct shape_key *keys, size_t n)
{
	const char *names[SHAPE_KEYS_MOST], *nearest;
	char list[400];
	size_t i, len = 0;

	if (shape_full(s)) {
		shape_mistake_key(s, e, "unknown key");
		return;
	}
	for (i = 0; i < n; i++)
		names[i] = keys[i].name;
	shape_mistake_key(s, e, "unknown key %s in %s", shape_quote(s, e->key), what);
	nearest = text_nearest(e->key, names, n);
	if (nearest != NULL) {
		shape_hint_nearest(s, nearest);
		return;
	}
	for (i = 0; i < n && len < sizeof(list); i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i != 0 ? ", " : "",
					names[i]);
	mistakes_hint(s->mistakes, "its keys are %s", list);
}

bool shape_map(const struct shape *s, const char *what, const struct value *map,
	       const struct shape_key *keys, size_t n, const struct value **found)
{
	const struct entry *e;
	bool good = true, seen[SHAPE_KEYS_MOST] = { false };
	uint32_t k;
	size_t i;

	assert(n <= SHAPE_KEYS_MOST);
	for (i = 0; i < n; i++)
		found[i] = NULL;
	if (map->kind != VALUE_MAP) {
		shape_mistake(s, map, "%s must be a map, found %s", what,
			      value_kind_name(map->kind));
		return false;
	}
	for (k = 0; k < map->n; k++) {
		e = &map->entries[k];
		i = key_index(e->key, keys, n);
		if (i == n) {
			unknown_key(s, what, e, keys, n);
			good = false;
			continue;
		}
		seen[i] = true;
		if (!shape_is(s, keys[i].name, &e->value, keys[i].kinds))
			good = false;
		else if (e->value.kind != VALUE_NULL || (keys[i].kinds & SHAPE_KEEP_NULL) != 0)
			found[i] = &e->value;
	}
	for (i = 0; i < n; i++) {
		if (!keys[i].required || seen[i])
			continue;
		shape_mistake(s, map, "%s lacks '%s'", what, keys[i].name);
		good = false;
	}
	return good;
}

bool shape_list(const struct shape *s, const char *name, const struct value *list, unsigned kinds)
{
	char member[100];
	bool good = true;
	uint32_t i;

	snprintf(member, sizeof(member), "a member of %s", name);
	for (i = 0; i < list->n; i++)
		good = shape_is(s, member, &list->items[i], kinds) && good;
	return good;
}

struct str shape_str(const struct value *v)
{
	return v != NULL && v->kind == VALUE_STRING ? value_str(v) : STR("");
}

bool shape_int(const struct shape *s, const char *name, const struct value *v, int64_t least,
	       int64_t most, int64_t *n)
{
	struct number is = value_number(v);

	if (is.exponent == 0 && is.mantissa >= least && is.mantissa <= most) {
		*n = is.mantissa;
		return true;
	}
	shape_mistake(s, v, "'%s' must be a whole number between %lld and %lld", name,
		      (long long)least, (long long)most);
	return false;
}

bool shape_severity(const struct shape *s, const struct value *v, enum severity *severity)
{
	const char *names[N_SEVERITIES], *nearest;
	size_t i;

	if (severity_find(value_str(v), severity))
		return true;
	for (i = 0; i < N_SEVERITIES; i++)
		names[i] = severity_name((enum severity)i);
	shape_mistake(s, v, "unknown severity %s", shape_quote(s, value_str(v)));
	nearest = shape_full(s) ? NULL : text_nearest(value_str(v), names, N_SEVERITIES);
	if (nearest != NULL)
		shape_hint_nearest(s, nearest);
	else
		mistakes_hint(s->mistakes, "one of critical, high, medium, low, info");
	return false;
}
