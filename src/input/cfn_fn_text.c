/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that make texts of texts, and texts that hold variables and dynamic
 * references. What names stand for is cfn_name.c's.
 */
#include "input/cfn_fn_inside.h"

#include <string.h>

#include "base/text.h"
#include "model/partial.h"

/* ---- texts ------------------------------------------------------------------------- */

/* Where a dynamic reference ends, or NULL. */
static const char *dynamic_end(const char *p, const char *end)
{
	for (; end - p >= 2; p++)
		if (p[0] == '}' && p[1] == '}')
			return p + 2;
	return NULL;
}

static const char *find(const char *p, const char *end, const char *what)
{
	size_t len = strlen(what);

	for (; (size_t)(end - p) >= len; p++)
		if (memcmp(p, what, len) == 0)
			return p;
	return NULL;
}

/* {{resolve:ssm:...}} is looked up on deployment; what stands around it is known. */
static struct value with_dynamic(struct cfn *t, struct str s)
{
	const char *p = s.data, *end = s.data + s.len, *open, *close;
	struct value parts[16];
	size_t n = 0;

	while (n + 2 < sizeof(parts) / sizeof(*parts) &&
	       (open = find(p, end, "{{resolve:")) != NULL &&
	       (close = dynamic_end(open, end)) != NULL) {
		const char *why = arena_printf(
		    t->arena, "%s is resolved on deployment",
		    cfn_quoted(t->arena, (struct str){ open, (size_t)(close - open) }));

		parts[n++] = value_of_str((struct str){ p, (size_t)(open - p) });
		parts[n++] = cfn_fn_gap(
		    t, GAP_ANY,
		    arena_str(t->arena, (struct str){ open, (size_t)(close - open) }).data, NULL,
		    why);
		p = close;
	}
	if (n == 0)
		return value_of_str(s);
	parts[n++] = value_of_str((struct str){ p, (size_t)(end - p) });
	return cfn_concat(t->arena, parts, n);
}

/* ${Identifier} of a loop, wherever a text stands in its body. */
static struct value with_variables(struct cfn *t, struct str s, scope_t *scope)
{
	const char *p = s.data, *end = s.data + s.len, *open, *close;
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	struct value v;
	scope_t *found;
	bool any = false;

	while (scope != NULL && (open = find(p, end, "${")) != NULL &&
	       (close = memchr(open, '}', (size_t)(end - open))) != NULL) {
		struct str name = { open + 2, (size_t)(close - open - 2) };

		for (found = scope; found != NULL && !str_equal(found->name, name);
		     found = found->outer)
			;
		if (found == NULL) {
			buf_put(&b, p, (size_t)(open + 2 - p));
			p = open + 2;
			continue;
		}
		buf_put(&b, p, (size_t)(open - p));
		buf_put_str(&b, found->value);
		p = close + 1;
		any = true;
	}
	if (!any) {
		buf_release(&b);
		return value_of_str(s);
	}
	buf_put(&b, p, (size_t)(end - p));
	v = value_of_str(arena_buf(t->arena, &b));
	buf_release(&b);
	return v;
}

struct value cfn_fn_text(struct cfn *t, const struct value *v, scope_t *scope)
{
	struct value made = *v;
	struct str s = value_str(v);

	if (scope != NULL && memchr(s.data, '$', s.len) != NULL) {
		made = with_variables(t, s, scope);
		s = value_str(&made);
	}
	if (s.len > 12 && find(s.data, s.data + s.len, "{{resolve:") != NULL)
		made = with_dynamic(t, s);
	made.flags |= v->flags;
	return made;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == ':' || c == '.' || c == '_' || c == '-' || c == ' ' || c == '&' || c == '$';
}

/* What stands in ${}: of the function's own map, or a name, or an attribute. */
static struct value substitute(struct cfn *t, struct str name, const struct value *own,
			       scope_t *scope)
{
	const struct value *v;
	const char *dot;

	while (name.len > 0 && name.data[0] == ' ') {
		name.data++;
		name.len--;
	}
	while (name.len > 0 && name.data[name.len - 1] == ' ')
		name.len--;
	if (own != NULL && (v = value_get(own, name)) != NULL)
		return cfn_eval(t, v, scope);
	dot = memchr(name.data, '.', name.len);
	if (dot == NULL)
		return cfn_fn_named(t, name, scope);
	return cfn_fn_named_attribute(
	    t, (struct str){ name.data, (size_t)(dot - name.data) },
	    (struct str){ dot + 1, (size_t)(name.data + name.len - dot - 1) });
}

static struct value sub_text(struct cfn *t, struct str s, const struct value *own, scope_t *scope)
{
	const char *p = s.data, *end = s.data + s.len, *open, *close, *q;
	size_t n = 0, most = cfn_fn_count(s, '$') * 2 + 1;
	struct value *parts;

	if (most > LIMIT_LIST)
		return cfn_fn_unknown(t, "Fn::Sub has more than %d variables", LIMIT_LIST / 2);
	parts = ARENA_ARRAY(t->arena, most, struct value);
	while ((open = find(p, end, "${")) != NULL) {
		close = memchr(open, '}', (size_t)(end - open));
		if (close == NULL)
			break;
		if (open[2] == '!') {
			/* a literal: ${!Name} is ${Name} */
			parts[n++] = value_of_str((struct str){ p, (size_t)(open + 2 - p) });
			p = open + 3;
			parts[n++] = value_of_str((struct str){ p, (size_t)(close + 1 - p) });
			p = close + 1;
			continue;
		}
		for (q = open + 2; q < close && is_name_byte(*q); q++)
			;
		if (q < close || close == open + 2) {
			parts[n++] = value_of_str((struct str){ p, (size_t)(open + 2 - p) });
			p = open + 2;
			continue;
		}
		parts[n++] = value_of_str((struct str){ p, (size_t)(open - p) });
		parts[n++] =
		    substitute(t, (struct str){ open + 2, (size_t)(close - open - 2) }, own, scope);
		p = close + 1;
	}
	parts[n++] = value_of_str((struct str){ p, (size_t)(end - p) });
	return cfn_concat(t->arena, parts, n);
}

/* ---- functions ------------------------------------------------------------------------ */

struct value cfn_fn_sub(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	const struct value *own = NULL;
	struct value text;

	if (v->kind == VALUE_LIST && v->n == 2 && v->items[1].kind == VALUE_MAP) {
		own = &v->items[1];
		v = &v->items[0];
	}
	if (v->kind == VALUE_MAP) {
		text = cfn_eval(t, v, scope);
		if (text.kind != VALUE_STRING)
			return text.kind == VALUE_UNKNOWN ? text : cfn_fn_wrong(t, fn);
		return sub_text(t, value_str(&text), own, scope);
	}
	if (v->kind != VALUE_STRING)
		return cfn_fn_wrong(t, fn);
	return sub_text(t, value_str(v), own, scope);
}

/* The values that a member may have if it is there. */
static struct value if_there(struct cfn *t, const struct value *v)
{
	const struct cfn_unknown *u = cfn_choices(v);
	struct value *may = ARENA_ARRAY(t->arena, u->n_may, struct value);
	uint32_t i, n = 0;

	for (i = 0; i < u->n_may; i++)
		if (u->may[i].kind != VALUE_ABSENT)
			may[n++] = u->may[i];
	return cfn_one_of(t->arena, may, n, v->why);
}

/* Most members that may be absent: each doubles the texts that may come of it. */
#define MOST_FORKS 6

/* n items with a text between them; one that may be absent both ways, since without it
 * there is no text between either. */
static struct value join(struct cfn *t, const struct value *between, const struct value *items,
			 uint32_t n, unsigned depth)
{
	struct value *parts, ways[2];
	uint32_t i, at;

	for (at = 0; at < n && !cfn_may_be_absent(&items[at]); at++)
		;
	if (at < n && depth == MOST_FORKS)
		return value_unknown(items[at].why);
	parts = ARENA_ARRAY(t->arena, (size_t)n * 2 + 1, struct value);
	if (at < n) {
		memcpy(parts, items, n * sizeof(*parts));
		parts[at] = if_there(t, &items[at]);
		ways[0] = join(t, between, parts, n, depth + 1);
		memmove(parts + at, items + at + 1, (n - at - 1) * sizeof(*parts));
		ways[1] = join(t, between, parts, n - 1, depth + 1);
		return cfn_one_of(t->arena, ways, 2, items[at].why);
	}
	for (i = 0; i < n; i++) {
		if (i > 0)
			parts[2 * i - 1] = *between;
		parts[2 * i] = items[i];
	}
	return cfn_concat(t->arena, parts, n > 0 ? (size_t)n * 2 - 1 : 0);
}

struct value cfn_fn_join(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	struct value between, list;
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n != 2)
		return cfn_fn_wrong(t, fn);
	between = cfn_eval(t, &v->items[0], scope);
	list = cfn_eval(t, &v->items[1], scope);
	if (list.kind != VALUE_LIST)
		return list.kind == VALUE_UNKNOWN ? value_unknown(list.why) : cfn_fn_wrong(t, fn);
	if (list.n > LIMIT_LIST)
		return cfn_fn_unknown(t, "Fn::Join has more than %d members", LIMIT_LIST);
	for (i = 0; i < list.n; i++)
		if (list.items[i].kind == VALUE_LIST || list.items[i].kind == VALUE_MAP)
			return cfn_fn_wrong(t, fn);
	return join(t, &between, list.items, list.n, 0);
}

/* A known text, cut at each delimiter. */
static struct value split_text(struct cfn *t, struct str s, struct str at)
{
	struct value *items = ARENA_ARRAY(t->arena, cfn_fn_count(s, at.data[0]) + 1, struct value);
	const char *p = s.data, *end = s.data + s.len;
	uint32_t n = 0;

	while ((size_t)(end - p) >= at.len) {
		const char *q = p;

		for (; (size_t)(end - q) >= at.len && memcmp(q, at.data, at.len) != 0; q++)
			;
		if ((size_t)(end - q) < at.len)
			break;
		items[n++] = value_of_str((struct str){ p, (size_t)(q - p) });
		p = q + at.len;
	}
	items[n++] = value_of_str((struct str){ p, (size_t)(end - p) });
	return (struct value){ .kind = VALUE_LIST, .n = n, .items = items };
}

/* What stands between two delimiters: pieces, texts and gaps. */
struct splitting {
	struct value *items, *pieces;
	uint32_t n_items;
	size_t n_pieces;
};

static void end_item(struct cfn *t, struct splitting *x)
{
	x->items[x->n_items++] =
	    x->n_pieces > 0 ? cfn_concat(t->arena, x->pieces, x->n_pieces) : value_of_str(STR(""));
	x->n_pieces = 0;
}

/* A text with gaps, cut at a character that no gap can hold; false where one can. */
static bool split_parts(struct cfn *t, const struct cfn_unknown *u, struct str at,
			struct value *made)
{
	struct splitting x = { 0 };
	size_t cuts = 0;
	uint32_t i, k;

	if (at.len != 1)
		return false;
	for (i = 0; i < u->n_parts; i++) {
		if (u->parts[i].gap != NULL &&
		    (u->parts[i].chars & chars_of((unsigned char)at.data[0])) != 0)
			return false;
		cuts += cfn_fn_count(u->parts[i].text, at.data[0]);
	}
	x.items = ARENA_ARRAY(t->arena, cuts + 1, struct value);
	x.pieces = ARENA_ARRAY(t->arena, u->n_parts, struct value);
	for (i = 0; i < u->n_parts; i++) {
		struct value texts;

		if (u->parts[i].gap != NULL) {
			x.pieces[x.n_pieces++] =
			    cfn_unknown_text(t->arena, &u->parts[i], 1, NULL, u->why);
			continue;
		}
		texts = split_text(t, u->parts[i].text, at);
		for (k = 0; k < texts.n; k++) {
			if (k > 0)
				end_item(t, &x);
			x.pieces[x.n_pieces++] = texts.items[k];
		}
	}
	end_item(t, &x);
	*made = (struct value){ .kind = VALUE_LIST, .n = x.n_items, .items = x.items };
	return true;
}

struct value cfn_fn_split(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	const struct cfn_unknown *u;
	struct value at, text, *may, made;
	uint32_t i;

	if (v->kind != VALUE_LIST || v->n != 2)
		return cfn_fn_wrong(t, fn);
	at = cfn_eval(t, &v->items[0], scope);
	text = cfn_eval(t, &v->items[1], scope);
	if (at.kind != VALUE_STRING || at.n == 0)
		return at.kind == VALUE_UNKNOWN ? value_unknown(at.why) : cfn_fn_wrong(t, fn);
	u = cfn_unknown_of(&text);
	if (u != NULL && u->n_may > 0) {
		may = ARENA_ARRAY(t->arena, u->n_may, struct value);
		for (i = 0; i < u->n_may; i++)
			may[i] = u->may[i].kind == VALUE_STRING
				     ? split_text(t, value_str(&u->may[i]), value_str(&at))
				     : value_unknown(text.why);
		return cfn_one_of(t->arena, may, u->n_may, text.why);
	}
	if (u != NULL && u->n_parts > 0 && split_parts(t, u, value_str(&at), &made))
		return made;
	if (text.kind != VALUE_STRING)
		return text.kind == VALUE_UNKNOWN ? value_unknown(text.why) : cfn_fn_wrong(t, fn);
	return split_text(t, value_str(&text), value_str(&at));
}

struct value cfn_fn_base64(struct cfn *t, const char *fn, const struct value *v, scope_t *scope)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	struct value made = cfn_eval(t, v, scope);
	const unsigned char *p;
	struct str s;
	size_t i;

	if (!cfn_text(t->arena, &made, &s))
		return made.kind == VALUE_UNKNOWN ? value_unknown(made.why) : cfn_fn_wrong(t, fn);
	p = (const unsigned char *)s.data;
	for (i = 0; i < s.len; i += 3) {
		unsigned three = (unsigned)p[i] << 16;

		three |= i + 1 < s.len ? (unsigned)p[i + 1] << 8 : 0;
		three |= i + 2 < s.len ? p[i + 2] : 0;
		buf_putc(&b, digits[three >> 18]);
		buf_putc(&b, digits[three >> 12 & 63]);
		buf_putc(&b, i + 1 < s.len ? digits[three >> 6 & 63] : '=');
		buf_putc(&b, i + 2 < s.len ? digits[three & 63] : '=');
	}
	made = b.failed ? cfn_fn_unknown(t, "Fn::Base64 makes a text beyond the limits")
			: value_of_str(arena_buf(t->arena, &b));
	buf_release(&b);
	return made;
}
