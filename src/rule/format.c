/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with fields in them. What a field holds goes in as it is: whoever
 * prints the text escapes it.
 */
#include "rule/format.h"

#include "base/limit.h"
#include "base/text.h"
#include "rule/path.h"
#include "rule/place.h"

enum part_kind { PART_TEXT, PART_PATH, PART_ACTUAL, PART_EXPECTED, PART_FIELD, PART_DETAIL };

struct part {
	enum part_kind kind;
	struct str text;
	struct path path;
};

struct format {
	struct str text;
	struct part *parts;
	size_t n;
	struct gathered got;
};

static const struct {
	const char *name;
	enum part_kind kind;
} message_words[] = {
	{ "actual", PART_ACTUAL },
	{ "expected", PART_EXPECTED },
	{ "field", PART_FIELD },
	{ "detail", PART_DETAIL },
};

/* A text that is being compiled. */
struct parse {
	const struct compile *c;
	const struct value *node;
	struct format *f;
	bool message;
};

static void mistake(const struct parse *p, size_t offset, const char *text)
{
	mistakes_add(p->c->scope->mistakes, p->c->scope->source,
		     place_inside(p->c->scope->source, p->node, offset), 1, "%s", text);
}

static int compile_path(struct parse *p, struct str name, size_t offset, struct part *part)
{
	struct mistakes *mistakes = p->c->scope->mistakes;
	struct place place = place_inside(p->c->scope->source, p->node, offset);
	struct type type;

	part->kind = PART_PATH;
	if (path_compile(p->c, name, place, true, &part->path) == -1)
		return -1;
	type = part->path.nature.type;
	if (p->message && part->path.projected && part->path.root == PATH_SLOT &&
	    type.element == TYPE_STRING)
		return 0; /* a message lists them */
	if (part->path.projected || type.base == TYPE_OBJECT ||
	    (type.base == TYPE_LIST && type.element == TYPE_OBJECT)) {
		mistakes_add(mistakes, p->c->scope->source, place, text_length(name),
			     "'%.*s' is a %s and has no text", STR_ARG(name), type_name(type));
		return -1;
	}
	return 0;
}

static const char *near_word(struct str name)
{
	const char *words[sizeof(message_words) / sizeof(*message_words)];
	size_t i, n = sizeof(words) / sizeof(*words);

	for (i = 0; i < n; i++)
		words[i] = message_words[i].name;
	return text_nearest(name, words, n);
}

static int compile_braces(struct parse *p, struct str name, size_t offset, struct part *part)
{
	const char *near;
	size_t i;

	if (name.len == 0) {
		mistake(p, offset, "a field's path is missing between braces");
		mistakes_hint(p->c->scope->mistakes, "a brace itself is written '{{'");
		return -1;
	}
	for (i = 0; p->message && i < sizeof(message_words) / sizeof(*message_words); i++) {
		if (str_is(name, message_words[i].name)) {
			part->kind = message_words[i].kind;
			return 0;
		}
	}
	if (compile_path(p, name, offset, part) == 0)
		return 0;
	near = p->message ? near_word(name) : NULL;
	if (near != NULL)
		mistakes_hint(p->c->scope->mistakes, "did you mean '%s'?", near);
	return -1;
}

/* Where the path ends that begins at `at`: quoted keys may hold braces. */
static size_t path_end(struct str text, size_t at)
{
	char quote = 0;

	for (; at < text.len; at++) {
		if (quote != 0)
			quote = text.data[at] == quote ? 0 : quote;
		else if (text.data[at] == '}')
			break;
		else if ((text.data[at] == '\'' || text.data[at] == '"') && at != 0 &&
			 text.data[at - 1] == '[')
			quote = text.data[at];
	}
	return at;
}

static struct part *add_part(struct parse *p, size_t *cap)
{
	struct part *grown;

	if (p->f->n == *cap) {
		*cap = *cap == 0 ? 4 : *cap * 2;
		grown = ARENA_ARRAY(p->c->scope->arena, *cap, struct part);
		if (p->f->n != 0)
			memcpy(grown, p->f->parts, p->f->n * sizeof(*grown));
		p->f->parts = grown;
	}
	return &p->f->parts[p->f->n++];
}

/* At a brace: a doubled one is text, an opening one begins a path. Goes on behind what is
 * wrong between braces, but not where they do not match. */
static int compile_at_brace(struct parse *p, size_t *at, size_t *cap)
{
	struct str text = p->f->text;
	struct part *part;
	size_t end, at_name;

	if (*at + 1 < text.len && text.data[*at + 1] == text.data[*at]) {
		part = add_part(p, cap);
		part->text = (struct str){ text.data + *at, 1 };
		*at += 2;
		return 0;
	}
	if (text.data[*at] == '}') {
		mistake(p, *at, "'}' without '{'");
		mistakes_hint(p->c->scope->mistakes, "a brace itself is written '}}'");
		return -1;
	}
	end = path_end(text, *at + 1);
	if (end == text.len) {
		mistake(p, *at, "'{' without '}'");
		mistakes_hint(p->c->scope->mistakes, "a brace itself is written '{{'");
		return -1;
	}
	part = add_part(p, cap);
	at_name = *at + 1;
	*at = end + 1;
	return compile_braces(p, (struct str){ text.data + at_name, end - at_name }, at_name, part);
}

struct format *format_build(const struct compile *c, const struct value *text, bool message)
{
	struct parse p = { c, text, ARENA_NEW(c->scope->arena, struct format), message };
	size_t at = 0, start, cap = 0;
	struct part *part;
	bool good = true;

	if (text->kind != VALUE_STRING) {
		mistakes_add(c->scope->mistakes, c->scope->source, text->place, place_span(text),
			     "a text is expected, not %s", value_kind_name(text->kind));
		return NULL;
	}
	p.f->text = value_str(text);
	while (at < p.f->text.len) {
		start = at;
		while (at < p.f->text.len && p.f->text.data[at] != '{' && p.f->text.data[at] != '}')
			at++;
		if (at > start) {
			part = add_part(&p, &cap);
			part->text = (struct str){ p.f->text.data + start, at - start };
		} else if (compile_at_brace(&p, &at, &cap) == -1) {
			good = false;
			if (at == start)
				break;
		}
	}
	return good ? p.f : NULL;
}

struct format *format_compile(const struct scope *scope, const struct value *text, bool message)
{
	struct gathered got = { 0 };
	struct compile c = { .scope = scope, .got = &got };
	struct format *f = format_build(&c, text, message);

	if (f != NULL)
		f->got = got;
	return f;
}

field_set format_needs(const struct format *f)
{
	return f != NULL ? f->got.needs : 0;
}

struct str format_text(const struct format *f)
{
	return f->text;
}

static void put_escaped(struct buf *b, struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (memchr("*?[]\\", s.data[i], 5) != NULL)
			buf_putc(b, '\\');
		buf_putc(b, s.data[i]);
	}
}

/* Defaults are shown without saying so: in the middle of a text it would read
 * as a part of it. */
static void put_value(struct buf *b, const struct value *v, bool glob, bool shown)
{
	struct value bare = *v;

	if (shown && value_is_secret(v)) {
		PUT(b, VALUE_SENSITIVE_TEXT);
	} else if (v->kind == VALUE_STRING && glob) {
		put_escaped(b, value_str(v));
	} else if (v->kind == VALUE_STRING) {
		buf_put_str(b, value_str(v));
	} else {
		bare.flags &= VALUE_SENSITIVE | VALUE_PARTIAL | VALUE_OPEN;
		value_show(b, &bare, LIMIT_SHOWN_VALUE);
	}
}

/* The texts of all members of a list of objects: a; b; c */
static void put_projected(struct buf *b, const struct path *p, const struct eval *e)
{
	const struct value *list = &e->r->slots[p->slot], *v;
	bool first = true;
	uint32_t i;
	size_t k;

	for (i = 0; list->kind == VALUE_LIST && i < list->n; i++) {
		v = &list->items[i];
		for (k = 0; k < p->n_steps && v != NULL; k++)
			v = value_get(v, p->steps[k]);
		if (v == NULL || !value_is_there(v))
			continue;
		if (!first)
			PUT(b, "; ");
		put_value(b, v, false, true);
		first = false;
	}
}

static void put_evidence(struct buf *b, enum part_kind kind, const struct evidence *e)
{
	if (e == NULL)
		return;
	switch (kind) {
	case PART_ACTUAL:
		value_show(b, e->actual, LIMIT_SHOWN_VALUE);
		break;
	case PART_EXPECTED:
		buf_put_str(b, e->expected);
		break;
	case PART_FIELD:
		buf_put_str(b, e->field);
		break;
	default:
		buf_put_str(b, e->detail);
		break;
	}
}

/* What is missing for a text that is whole. */
struct missing {
	bool absent;
	bool secret;     /* nothing is missing: something in it must not be shown */
	const char *why; /* of the first unknown, or NULL */
};

static struct missing put(const struct format *f, const struct eval *e,
			  const struct evidence *evidence, bool glob, bool shown, struct buf *b)
{
	struct missing missing = { false, false, NULL };
	const struct value *v;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (f->parts[i].kind == PART_TEXT) {
			buf_put_str(b, f->parts[i].text);
			continue;
		}
		if (f->parts[i].kind != PART_PATH) {
			put_evidence(b, f->parts[i].kind, evidence);
			continue;
		}
		if (f->parts[i].path.projected) {
			put_projected(b, &f->parts[i].path, e);
			continue;
		}
		v = path_value(&f->parts[i].path, e);
		put_value(b, v, glob, shown);
		missing.secret |= value_holds_secret(v);
		if (v->kind == VALUE_UNKNOWN && missing.why == NULL)
			missing.why = v->why;
		else if (!value_is_there(v))
			missing.absent = true;
	}
	return missing;
}

enum truth format_put(const struct format *f, const struct resource *r, const struct evidence *e,
		      struct buf *b)
{
	struct eval eval = { r, NULL, NULL };
	struct missing missing = put(f, &eval, e, false, true, b);

	if (missing.why != NULL)
		return TRUTH_UNKNOWN;
	return truth_of(!missing.absent);
}

/* Absent outweighs unknown: whatever the unknown turns out to be, a comparison
 * with a text that lacks a field does not hold. */
const struct value *format_value(const struct format *f, const struct eval *e, bool glob)
{
	struct value *v = ARENA_NEW(e->j->arena, struct value);
	struct buf b = BUF_INIT(LIMIT_STRING_SIZE);
	struct missing missing = put(f, e, NULL, glob, false, &b);

	if (missing.absent)
		*v = value_none;
	else if (missing.why != NULL)
		*v = value_unknown(missing.why);
	else if (b.failed)
		*v = value_unknown("the text built from fields is too long");
	else
		*v = value_of_str(arena_buf(e->j->arena, &b));
	if (missing.secret)
		v->flags |= VALUE_SENSITIVE;
	v->place = PLACE_NONE;
	buf_release(&b);
	return v;
}
