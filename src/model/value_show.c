/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Showing values to people, in one line. Knows what YAML would need quotes for, and
 * what a terminal would take for something else.
 */
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "model/partial.h"
#include "model/value.h"

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

#if defined(__SSE2__)

/* Bytes that are letters, digits or one of - . / : _ become ones. */
static __m128i in_names(__m128i v)
{
	__m128i letter = _mm_sub_epi8(_mm_or_si128(v, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
	__m128i other = _mm_sub_epi8(v, _mm_set1_epi8('-'));

	letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8('z' - 'a')), letter);
	other = _mm_cmpeq_epi8(_mm_min_epu8(other, _mm_set1_epi8(':' - '-')), other);
	return _mm_or_si128(_mm_or_si128(letter, other), _mm_cmpeq_epi8(v, _mm_set1_epi8('_')));
}

static __m128i load16(const char *from)
{
	return _mm_loadu_si128((const __m128i *)(const void *)from);
}

static __m128i load8(const char *from)
{
	return _mm_loadl_epi64((const __m128i *)(const void *)from);
}

/* The last block goes over some bytes twice rather than past the end. */
static bool all_in_names(const char *p, size_t n)
{
	__m128i all;
	size_t i;

	if (n >= 16) {
		all = in_names(load16(p + n - 16));
		for (i = 0; i < n - 16; i += 16)
			all = _mm_and_si128(all, in_names(load16(p + i)));
		return _mm_movemask_epi8(all) == 0xFFFF;
	}
	if (n >= 8)
		return _mm_movemask_epi8(
			   in_names(_mm_unpacklo_epi64(load8(p), load8(p + n - 8)))) == 0xFFFF;
	return false; /* for another way to find out */
}

#else

static bool all_in_names(const char *p, size_t n)
{
	(void)p;
	(void)n;
	return false;
}

#endif

/* Letters, digits and - _ . / : after a letter, longer than any word of YAML, and no colon at
 * the end: as nearly all names are. Needs no quotes and no escapes. */
static bool is_plain_name(struct str s)
{
	size_t i;
	unsigned char c;

	if (s.len < sizeof("false") || (s.data[0] | 0x20) < 'a' || (s.data[0] | 0x20) > 'z' ||
	    s.data[s.len - 1] == ':')
		return false;
	if (all_in_names(s.data, s.len))
		return true;
	for (i = 0; i < s.len; i++) {
		c = (unsigned char)s.data[i];
		if ((unsigned)((c | 0x20) - 'a') > 25 && (unsigned)(c - '-') > ':' - '-' &&
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
