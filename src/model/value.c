/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values: making, finding, comparing, showing and copying. Depth is bounded by
 * those who read them (LIMIT_JSON_DEPTH, LIMIT_YAML_DEPTH), so recursion is.
 */
#include "model/value.h"

#include <stdlib.h>

#include "base/text.h"
#include "model/partial.h"

struct value value_of_str(struct str s)
{
	return (struct value){ .kind = VALUE_STRING, .n = (uint32_t)s.len, .text = s.data };
}

struct value value_of_number(struct number n)
{
	return (
	    struct value){ .kind = VALUE_NUMBER, .exponent = n.exponent, .mantissa = n.mantissa };
}

struct value value_of_boolean(bool b)
{
	return (struct value){ .kind = VALUE_BOOLEAN, .boolean = b };
}

struct value value_unknown(const char *why)
{
	return (struct value){ .kind = VALUE_UNKNOWN, .why = why };
}

bool value_holds_secret(const struct value *v)
{
	const struct partial *p = value_partial(v);
	bool holds = value_is_secret(v);
	uint32_t i;

	if (p != NULL && p->form == PARTIAL_ONE_OF)
		for (i = 0; i < p->n && !holds; i++)
			holds = value_holds_secret(&p->items[i]);
	if (v->kind == VALUE_LIST)
		for (i = 0; i < v->n && !holds; i++)
			holds = value_holds_secret(&v->items[i]);
	else if (v->kind == VALUE_MAP)
		for (i = 0; i < v->n && !holds; i++)
			holds = value_holds_secret(&v->entries[i].value);
	return holds;
}

const struct entry *value_entry(const struct value *map, struct str key)
{
	uint32_t i;

	if (map == NULL || map->kind != VALUE_MAP)
		return NULL;
	for (i = 0; i < map->n; i++)
		if (map->entries[i].key.len == key.len &&
		    str_same(map->entries[i].key.data, key.data, key.len))
			return &map->entries[i];
	return NULL;
}

const struct value *value_get(const struct value *map, struct str key)
{
	const struct entry *e = value_entry(map, key);

	return e != NULL ? &e->value : NULL;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *const *left = a, *const *right = b;

	return str_compare((*left)->key, (*right)->key);
}

/* Entries by key, in memory of its own, so that two maps compare in n log n. */
static const struct entry **sorted(const struct value *map)
{
	const struct entry **list = mem_alloc(map->n * sizeof(struct entry *));
	uint32_t i;

	for (i = 0; i < map->n; i++)
		list[i] = &map->entries[i];
	qsort(list, map->n, sizeof(list[0]), compare_entries);
	return list;
}

static bool maps_equal(const struct value *a, const struct value *b)
{
	const struct entry **left, **right;
	bool equal = true;
	uint32_t i;

	if (a->n == 0)
		return true;
	left = sorted(a);
	right = sorted(b);
	for (i = 0; i < a->n && equal; i++)
		equal = str_equal(left[i]->key, right[i]->key);
	for (i = 0; i < a->n && equal; i++)
		equal = value_equal(&left[i]->value, &right[i]->value);
	free(left);
	free(right);
	return equal;
}

bool value_equal(const struct value *a, const struct value *b)
{
	uint32_t i;

	if (a->kind != b->kind || a->kind == VALUE_UNKNOWN)
		return false;
	if (a->kind >= VALUE_STRING && a->n != b->n)
		return false;
	switch (a->kind) {
	case VALUE_BOOLEAN:
		return a->boolean == b->boolean;
	case VALUE_NUMBER:
		return number_compare(value_number(a), value_number(b)) == 0;
	case VALUE_STRING:
		return str_same(a->text, b->text, a->n);
	case VALUE_LIST:
		for (i = 0; i < a->n; i++)
			if (!value_equal(&a->items[i], &b->items[i]))
				return false;
		return true;
	case VALUE_MAP:
		return maps_equal(a, b);
	}
	return true;
}

static int compare_maps(const struct value *a, const struct value *b)
{
	uint32_t i, n = a->n < b->n ? a->n : b->n;
	const struct entry **left = sorted(a), **right = sorted(b);
	int order = 0;

	for (i = 0; i < n && order == 0; i++) {
		order = str_compare(left[i]->key, right[i]->key);
		if (order == 0)
			order = value_compare(&left[i]->value, &right[i]->value);
	}
	free(left);
	free(right);
	if (order != 0)
		return order;
	return a->n < b->n ? -1 : a->n > b->n;
}

static int compare_lists(const struct value *a, const struct value *b)
{
	uint32_t i, n = a->n < b->n ? a->n : b->n;
	int order = 0;

	for (i = 0; i < n && order == 0; i++)
		order = value_compare(&a->items[i], &b->items[i]);
	if (order != 0)
		return order;
	return a->n < b->n ? -1 : a->n > b->n;
}

int value_compare(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	switch (a->kind) {
	case VALUE_BOOLEAN:
		return (int)a->boolean - (int)b->boolean;
	case VALUE_NUMBER:
		return number_compare(value_number(a), value_number(b));
	case VALUE_STRING:
		return str_compare(value_str(a), value_str(b));
	case VALUE_LIST:
		return compare_lists(a, b);
	case VALUE_MAP:
		return compare_maps(a, b);
	case VALUE_UNKNOWN:
		return str_compare(str_of(a->why), str_of(b->why));
	}
	return 0;
}

const struct value *value_find_unknown(const struct value *v)
{
	static const struct value more = { .kind = VALUE_UNKNOWN,
					   .why = "there may be more members than are known" };
	const struct value *found = NULL;
	uint32_t i;

	if (v->kind == VALUE_UNKNOWN)
		return v;
	if (v->kind != VALUE_LIST && v->kind != VALUE_MAP)
		return NULL;
	for (i = 0; i < v->n && found == NULL; i++)
		found =
		    value_find_unknown(v->kind == VALUE_LIST ? &v->items[i] : &v->entries[i].value);
	return found == NULL && (v->flags & VALUE_OPEN) != 0 ? &more : found;
}

const char *value_kind_name(enum value_kind kind)
{
	switch (kind) {
	case VALUE_ABSENT:
		return "absent";
	case VALUE_NULL:
		return "null";
	case VALUE_BOOLEAN:
		return "true or false";
	case VALUE_NUMBER:
		return "a number";
	case VALUE_STRING:
		return "a string";
	case VALUE_LIST:
		return "a list";
	case VALUE_MAP:
		return "a map";
	case VALUE_UNKNOWN:
		return "unknown";
	}
	return "nothing";
}

/* What YAML would read as something else than this string. */
static bool is_core_word(struct str s)
{
	static const char *const words[] = { "~",    "null", "Null",  "NULL",  "true",
					     "True", "TRUE", "false", "False", "FALSE" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

static bool is_number(struct str s)
{
	struct number n;

	if (number_looks_odd(s) || number_parse(s, &n))
		return true;
	return s.len > 1 && s.data[0] == '+' && s.data[1] != '-' &&
	       number_parse((struct str){ s.data + 1, s.len - 1 }, &n);
}

/* What a byte means to the question whether a string needs quotes. */
enum {
	BYTE_QUOTED = 1 << 0,       /* anywhere in it; so are blanks and controls */
	BYTE_QUOTED_FIRST = 1 << 1, /* at its beginning */
	BYTE_NUMBER = 1 << 2,       /* how numbers begin */
	BYTE_WORD = 1 << 3,         /* how null, true, false and their kin begin */
};

static const uint8_t byte_means[256] = {
	[0x7F] = BYTE_QUOTED,       [','] = BYTE_QUOTED,       ['['] = BYTE_QUOTED,
	[']'] = BYTE_QUOTED,        ['{'] = BYTE_QUOTED,       ['}'] = BYTE_QUOTED,
	['#'] = BYTE_QUOTED_FIRST,  ['&'] = BYTE_QUOTED_FIRST, ['*'] = BYTE_QUOTED_FIRST,
	['!'] = BYTE_QUOTED_FIRST,  ['|'] = BYTE_QUOTED_FIRST, ['>'] = BYTE_QUOTED_FIRST,
	['\''] = BYTE_QUOTED_FIRST, ['"'] = BYTE_QUOTED_FIRST, ['%'] = BYTE_QUOTED_FIRST,
	['@'] = BYTE_QUOTED_FIRST,  ['`'] = BYTE_QUOTED_FIRST, [':'] = BYTE_QUOTED_FIRST,
	['+'] = BYTE_NUMBER,        ['-'] = BYTE_NUMBER,       ['.'] = BYTE_NUMBER,
	['0'] = BYTE_NUMBER,        ['1'] = BYTE_NUMBER,       ['2'] = BYTE_NUMBER,
	['3'] = BYTE_NUMBER,        ['4'] = BYTE_NUMBER,       ['5'] = BYTE_NUMBER,
	['6'] = BYTE_NUMBER,        ['7'] = BYTE_NUMBER,       ['8'] = BYTE_NUMBER,
	['9'] = BYTE_NUMBER,        ['~'] = BYTE_WORD,         ['n'] = BYTE_WORD,
	['N'] = BYTE_WORD,          ['t'] = BYTE_WORD,         ['T'] = BYTE_WORD,
	['f'] = BYTE_WORD,          ['F'] = BYTE_WORD,
};

static bool first_needs_quotes(struct str s)
{
	uint8_t first = byte_means[(unsigned char)s.data[0]];

	if ((first & BYTE_QUOTED_FIRST) != 0 || ((first & BYTE_WORD) != 0 && is_core_word(s)))
		return true;
	if ((first & BYTE_NUMBER) != 0 &&
	    (is_number(s) || str_starts(s, STR("---")) || str_starts(s, STR("..."))))
		return true;
	return (s.data[0] == '-' || s.data[0] == '?') && (s.len == 1 || s.data[1] == ' ');
}

/* *ascii: no byte is beyond ASCII. Set where no quotes are needed. */
static bool needs_quotes(struct str s, bool *ascii)
{
	uint8_t meant = 0, bytes = 0;
	size_t i;

	if (s.len == 0 || s.data[s.len - 1] == ':' || first_needs_quotes(s))
		return true;
	for (i = 0; i < s.len; i++) {
		bytes |= (uint8_t)s.data[i];
		meant |= byte_means[(unsigned char)s.data[i]];
		meant |= (unsigned char)s.data[i] <= ' ' ? BYTE_QUOTED : 0;
	}
	*ascii = bytes < 0x80;
	return (meant & BYTE_QUOTED) != 0;
}

/* Shows in one line; `end` is the length of b past which nothing is begun. */
struct show {
	struct buf *b;
	size_t end;
};

static size_t room(const struct show *w)
{
	return w->b->len < w->end ? w->end - w->b->len : 0;
}

static void show_quoted(struct buf *b, struct str s)
{
	const char *quote;

	buf_putc(b, '\'');
	while ((quote = memchr(s.data, '\'', s.len)) != NULL) {
		text_put_visible(b, (struct str){ s.data, (size_t)(quote - s.data) });
		buf_puts(b, "''");
		s.len -= (size_t)(quote + 1 - s.data);
		s.data = quote + 1;
	}
	text_put_visible(b, s);
	buf_putc(b, '\'');
}

/* Letters, digits and - _ . / after a letter, longer than any word of YAML: as
 * nearly all names are. Needs no quotes and no escapes. */
static bool is_plain_name(struct str s)
{
	size_t i;
	unsigned char c;

	if (s.len < sizeof("false") || ((s.data[0] | 0x20) < 'a' || (s.data[0] | 0x20) > 'z'))
		return false;
	for (i = 0; i < s.len; i++) {
		c = (unsigned char)s.data[i];
		if ((unsigned)((c | 0x20) - 'a') > 25 && (unsigned)(c - '-') > '9' - '-' &&
		    c != '_')
			return false;
	}
	return true;
}

static void show_string(struct show *w, struct str s)
{
	struct str part = s;
	bool ascii;

	if (s.len <= room(w) && is_plain_name(s)) {
		buf_put_str(w->b, s);
		return;
	}
	if (part.len > room(w)) {
		part.len = room(w);
		while (part.len > 0 && ((unsigned char)part.data[part.len] & 0xC0) == 0x80)
			part.len--;
	}
	if (part.len == 0 && s.len > 0)
		; /* no room for any of it */
	else if (needs_quotes(part, &ascii))
		show_quoted(w->b, part);
	else if (ascii)
		buf_put_str(w->b, part);
	else
		text_put_visible(w->b, part);
	if (part.len < s.len)
		buf_puts(w->b, "...");
}

static void show_value(struct show *w, const struct value *v);

static void show_members(struct show *w, const struct value *v, char open, char close)
{
	bool first = true;
	uint32_t i;

	buf_putc(w->b, open);
	for (i = 0; i < v->n; i++) {
		if (v->kind == VALUE_MAP && (v->entries[i].value.flags & VALUE_DEFAULT) != 0)
			continue; /* nobody wrote it */
		if (!first)
			PUT(w->b, ", ");
		first = false;
		if (room(w) == 0) {
			buf_puts(w->b, "...");
			break;
		}
		if (v->kind == VALUE_LIST) {
			show_value(w, &v->items[i]);
			continue;
		}
		show_string(w, v->entries[i].key);
		PUT(w->b, ": ");
		show_value(w, &v->entries[i].value);
	}
	if ((v->flags & VALUE_OPEN) != 0)
		buf_puts(w->b, v->n > 0 ? ", ..." : "...");
	buf_putc(w->b, close);
}

/* A text with its gaps in braces. The parts are cut as a string would be. */
static void show_parts(struct show *w, const struct partial *p)
{
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		struct str text = p->parts[i].text;

		if (room(w) == 0) {
			buf_puts(w->b, "...");
			return;
		}
		if (text.data == NULL) {
			buf_putc(w->b, '{');
			text_put_visible(w->b, str_of(p->parts[i].name));
			buf_putc(w->b, '}');
			continue;
		}
		while (text.len > room(w) || (text.len < p->parts[i].text.len &&
					      ((unsigned char)text.data[text.len] & 0xC0) == 0x80))
			text.len--;
		text_put_visible(w->b, text);
	}
}

static void show_partial(struct show *w, const struct partial *p)
{
	struct value list = { .kind = VALUE_LIST, .n = p->n };

	switch (p->form) {
	case PARTIAL_TEXT:
		show_parts(w, p);
		break;
	case PARTIAL_ONE_OF:
		list.items = p->items;
		buf_puts(w->b, "one of ");
		show_members(w, &list, '[', ']');
		break;
	case PARTIAL_NUMBER:
		buf_puts(w->b, p->has_least ? "at least " : "at most ");
		number_put(w->b, p->has_least ? p->least : p->most);
		if (p->has_least && p->has_most) {
			buf_puts(w->b, " and at most ");
			number_put(w->b, p->most);
		}
		break;
	}
}

static void show_value(struct show *w, const struct value *v)
{
	if (value_is_secret(v)) {
		buf_puts(w->b, VALUE_SENSITIVE_TEXT);
		return;
	}
	switch (v->kind) {
	case VALUE_BOOLEAN:
		buf_puts(w->b, v->boolean ? "true" : "false");
		break;
	case VALUE_NUMBER:
		number_put(w->b, value_number(v));
		break;
	case VALUE_STRING:
		show_string(w, value_str(v));
		break;
	case VALUE_LIST:
		show_members(w, v, '[', ']');
		break;
	case VALUE_MAP:
		if ((v->flags & VALUE_WRITTEN) != 0)
			buf_puts(w->b, "{...}"); /* its members are elsewhere */
		else
			show_members(w, v, '{', '}');
		break;
	case VALUE_UNKNOWN:
		if (value_partial(v) != NULL && (v->flags & VALUE_SENSITIVE) == 0)
			show_partial(w, value_partial(v));
		else
			buf_puts(w->b, "unknown");
		break;
	default:
		buf_puts(w->b, value_kind_name(v->kind));
		break;
	}
	if ((v->flags & VALUE_DEFAULT) != 0)
		buf_puts(w->b, " (the default)");
	if (v->kind == VALUE_STRING && (v->flags & VALUE_OF_STACK) != 0)
		buf_puts(w->b, " (of the stack)");
}

void value_show(struct buf *b, const struct value *v, size_t most)
{
	struct show w = { b, b->len + most };

	if ((v->flags & VALUE_SHOWN) != 0) {
		buf_put_str(b, value_str(v));
		return;
	}
	show_value(&w, v);
}

static struct value copy_items(struct arena *a, const struct value *v)
{
	struct value *items = ARENA_ARRAY(a, v->n, struct value);
	struct value copy = *v;
	uint32_t i;

	for (i = 0; i < v->n; i++)
		items[i] = value_copy(a, &v->items[i]);
	copy.items = items;
	return copy;
}

static struct value copy_entries(struct arena *a, const struct value *v)
{
	struct entry *entries = ARENA_ARRAY(a, v->n, struct entry);
	struct value copy = *v;
	uint32_t i;

	for (i = 0; i < v->n; i++) {
		entries[i].key = arena_str(a, v->entries[i].key);
		entries[i].key_place = v->entries[i].key_place;
		entries[i].value = value_copy(a, &v->entries[i].value);
	}
	copy.entries = entries;
	return copy;
}

struct value value_copy(struct arena *a, const struct value *v)
{
	struct value copy = *v;

	switch (v->kind) {
	case VALUE_STRING:
		copy.text = arena_str(a, value_str(v)).data;
		break;
	case VALUE_LIST:
		return copy_items(a, v);
	case VALUE_MAP:
		return copy_entries(a, v);
	case VALUE_UNKNOWN:
		if (value_partial(v) != NULL)
			return partial_copy(a, v);
		copy.why = arena_strdup(a, v->why);
		break;
	}
	return copy;
}

/* ---- changing ------------------------------------------------------------- */

struct value value_with_entry(struct arena *a, const struct value *map, struct str key,
			       const struct value *v)
{
	uint32_t i, n = map->kind == VALUE_MAP ? map->n : 0;
	struct value copy = *map;
	struct entry *entries;

	if (map->kind == VALUE_UNKNOWN)
		return copy;
	entries = ARENA_ARRAY(a, (size_t)n + 1, struct entry);
	if (n > 0)
		memcpy(entries, map->entries, n * sizeof(entries[0]));
	for (i = 0; i < n && !str_equal(entries[i].key, key); i++)
		;
	if (i == n) {
		entries[n++].key = key;
		entries[i].key_place = map->kind == VALUE_MAP ? map->place : v->place;
	}
	entries[i].value = *v;
	if (map->kind != VALUE_MAP)
		copy = (struct value){ .flags = v->flags, .place = v->place };
	copy.kind = VALUE_MAP;
	copy.n = n;
	copy.entries = entries;
	return copy;
}

struct value value_with_member(struct arena *a, const struct value *map, struct str path,
				const struct value *v)
{
	static const struct value none = { .kind = VALUE_ABSENT };
	const char *dot = memchr(path.data, '.', path.len);
	const struct value *old;
	struct str name = path;
	struct value inner;

	if (dot == NULL)
		return value_with_entry(a, map, path, v);
	name.len = (size_t)(dot - path.data);
	old = value_get(map, name);
	path.data += name.len + 1;
	path.len -= name.len + 1;
	inner = value_with_member(a, old != NULL && old->kind > VALUE_NULL ? old : &none, path, v);
	return value_with_entry(a, map, name, &inner);
}
