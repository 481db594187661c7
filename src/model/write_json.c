/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing JSON as a stream. What is written, and in which order, is the
 * callers' business; a failure stays in the buf until they ask.
 */
#include "model/write_json.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/limit.h"
#include "base/text.h"
#include "model/partial.h"

void write_json_init(struct write_json *w, struct buf *out, bool indented)
{
	*w = (struct write_json){ .out = out, .indented = indented };
}

static void new_line(struct write_json *w)
{
	int i;

	buf_putc(w->out, '\n');
	for (i = 0; i < w->depth; i++)
		buf_puts(w->out, "  ");
}

/* What stands between what was written last and a member that begins. */
static void begin_member(struct write_json *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->depth == 0)
		return;
	if (w->some[w->depth - 1])
		buf_putc(w->out, ',');
	w->some[w->depth - 1] = true;
	if (w->indented)
		new_line(w);
}

static void open_level(struct write_json *w, char bracket)
{
	begin_member(w);
	buf_putc(w->out, bracket);
	if (w->depth == WRITE_JSON_DEPTH) {
		w->out->failed = true; /* values are bounded below that */
		return;
	}
	w->some[w->depth++] = false;
}

static void close_level(struct write_json *w, char bracket)
{
	bool some;

	if (w->depth == 0)
		return;
	some = w->some[--w->depth];
	if (some && w->indented)
		new_line(w);
	buf_putc(w->out, bracket);
}

void write_json_object(struct write_json *w)
{
	open_level(w, '{');
}

void write_json_object_end(struct write_json *w)
{
	close_level(w, '}');
}

void write_json_array(struct write_json *w)
{
	open_level(w, '[');
}

void write_json_array_end(struct write_json *w)
{
	close_level(w, ']');
}

static void end_key(struct write_json *w)
{
	buf_puts(w->out, w->indented ? ": " : ":");
	w->after_key = true;
}

void write_json_key(struct write_json *w, const char *name)
{
	begin_member(w);
	buf_putc(w->out, '"');
	buf_puts(w->out, name);
	buf_putc(w->out, '"');
	end_key(w);
}

void write_json_key_str(struct write_json *w, struct str name)
{
	begin_member(w);
	write_json_escape(w->out, name);
	end_key(w);
}

void write_json_str(struct write_json *w, struct str s)
{
	begin_member(w);
	write_json_escape(w->out, s);
}

void write_json_text(struct write_json *w, const char *text)
{
	write_json_str(w, str_of(text));
}

void write_json_int(struct write_json *w, int64_t n)
{
	begin_member(w);
	buf_put_int(w->out, n);
}

void write_json_boolean(struct write_json *w, bool b)
{
	begin_member(w);
	buf_puts(w->out, b ? "true" : "false");
}

void write_json_null(struct write_json *w)
{
	begin_member(w);
	buf_puts(w->out, "null");
}

static void write_members(struct write_json *w, const struct value *v)
{
	uint32_t i;

	if (v->kind == VALUE_LIST) {
		write_json_array(w);
		for (i = 0; i < v->n; i++)
			write_json_value(w, &v->items[i]);
		write_json_array_end(w);
		return;
	}
	write_json_object(w);
	for (i = 0; i < v->n; i++) {
		if ((v->entries[i].value.flags & VALUE_DEFAULT) != 0)
			continue; /* nobody wrote it: value_show leaves it out as well */
		write_json_key_str(w, v->entries[i].key);
		write_json_value(w, &v->entries[i].value);
	}
	write_json_object_end(w);
}

static void write_known(struct write_json *w, const struct value *v)
{
	struct buf shown = BUF_INIT(0);

	value_show(&shown, v, LIMIT_STRING_SIZE);
	write_json_key(w, "known");
	write_json_str(w, buf_str(&shown));
	buf_release(&shown);
}

void write_json_value(struct write_json *w, const struct value *v)
{
	if (value_is_secret(v)) {
		write_json_text(w, VALUE_SENSITIVE_TEXT);
		return;
	}
	switch (v->kind) {
	case VALUE_BOOLEAN:
		write_json_boolean(w, v->boolean);
		break;
	case VALUE_NUMBER:
		begin_member(w);
		number_put(w->out, value_number(v));
		break;
	case VALUE_STRING:
		write_json_str(w, value_str(v));
		break;
	case VALUE_LIST:
	case VALUE_MAP:
		if (w->depth == WRITE_JSON_DEPTH)
			w->out->failed = true;
		else
			write_members(w, v);
		break;
	case VALUE_UNKNOWN:
		write_json_object(w);
		write_json_key(w, "unknown");
		write_json_text(w, v->why);
		if (value_partial(v) != NULL)
			write_known(w, v);
		write_json_object_end(w);
		break;
	default:
		write_json_null(w);
		break;
	}
}

/* ---- strings ---------------------------------------------------------------- */

/* What a terminal or a script would take for something else than text. */
static bool is_hidden(uint32_t point)
{
	return (point >= 0x80 && point <= 0x9F) || point == 0x061C || point == 0x200E ||
	       point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
	       (point >= 0x2066 && point <= 0x2069);
}

static void put_escape(struct buf *out, uint32_t point)
{
	static const char digits[] = "0123456789abcdef";
	char escape[6] = { '\\', 'u' };
	int i;

	for (i = 0; i < 4; i++)
		escape[2 + i] = digits[point >> (12 - 4 * i) & 15];
	buf_put(out, escape, sizeof(escape));
}

static void put_special(struct buf *out, unsigned char byte)
{
	static const char letters[] = "\"\\\b\f\n\r\t", escapes[] = "\"\\bfnrt";
	const char *found = byte != 0 ? strchr(letters, byte) : NULL;
	char escape[2] = { '\\' };

	if (found == NULL) {
		put_escape(out, byte);
		return;
	}
	escape[1] = escapes[found - letters];
	buf_put(out, escape, sizeof(escape));
}

/* Bytes of s, from `from` on, that stand for themselves; the first that does
 * not, and how many bytes it takes, in *step. */
static size_t plain_until(struct str s, size_t from, size_t *step, uint32_t *point)
{
	size_t i = from;

	while (i < s.len) {
		unsigned char byte = (unsigned char)s.data[i];

		*step = 1;
		*point = byte;
		if (byte < 0x80) {
			if (byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F)
				return i;
			i++;
			continue;
		}
		*step = text_utf8_step(s.data + i, s.len - i);
		if (*step == 0) {
			*step = 1;
			*point = 0xFFFD;
			return i;
		}
		*point = text_utf8_point(s.data + i, *step);
		if (is_hidden(*point))
			return i;
		i += *step;
	}
	return i;
}

#if defined(__SSE2__)

static __m128i load8(const char *from)
{
	return _mm_loadl_epi64((const __m128i *)(const void *)from);
}

static __m128i load16(const char *from)
{
	return _mm_loadu_si128((const __m128i *)(const void *)from);
}

/* What was found in blocks of bytes: how far beyond a space the farthest is, the controls
 * before it being farthest, and whether there is a byte of those that JSON escapes. */
struct found {
	__m128i farthest, escaped;
};

static inline void look_at(struct found *f, __m128i v)
{
	f->farthest = _mm_max_epu8(f->farthest, _mm_sub_epi8(v, _mm_set1_epi8(' ')));
	f->escaped = _mm_or_si128(f->escaped, _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
							   _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
}

static inline bool all_plain(const struct found *f)
{
	const __m128i beyond = _mm_subs_epu8(f->farthest, _mm_set1_epi8('~' - ' '));

	return _mm_movemask_epi8(
		   _mm_cmpeq_epi8(_mm_or_si128(beyond, f->escaped), _mm_setzero_si128())) == 0xFFFF;
}

static inline bool is_plain(char c)
{
	return (unsigned char)(c - ' ') <= '~' - ' ' && c != '"' && c != '\\';
}

/* Copies and tells whether all was plain. The last block goes over some bytes twice
 * rather than past the end. */
static inline bool copy_plain(char *to, const char *from, size_t n)
{
	struct found f = { _mm_setzero_si128(), _mm_setzero_si128() };
	uint32_t start, end;
	__m128i v;
	size_t i;

	if (n >= 16) {
		for (i = 0; i < n - 16; i += 16) {
			v = load16(from + i);
			_mm_storeu_si128((__m128i *)(void *)(to + i), v);
			look_at(&f, v);
		}
		v = load16(from + n - 16);
		_mm_storeu_si128((__m128i *)(void *)(to + n - 16), v);
	} else if (n >= 8) {
		v = _mm_unpacklo_epi64(load8(from), load8(from + n - 8));
		memcpy(to, from, 8);
		memcpy(to + n - 8, from + n - 8, 8);
	} else if (n >= 4) {
		memcpy(&start, from, 4);
		memcpy(&end, from + n - 4, 4);
		memcpy(to, &start, 4);
		memcpy(to + n - 4, &end, 4);
		v = _mm_set1_epi64x((int64_t)((uint64_t)end << 32 | start));
	} else {
		for (i = 0; i < n && is_plain(from[i]); i++)
			to[i] = from[i];
		return i == n;
	}
	look_at(&f, v);
	return all_plain(&f);
}

#else

#define EACH_BYTE(byte) (~(uint64_t)0 / 255 * (byte))

/* Eight bytes at a time: a byte's highest bit stays set in `good` while all is well.
 * Sums carry from one byte to the next only from bytes that are not ASCII, and
 * those are not good themselves. */
static bool copy_plain(char *to, const char *from, size_t n)
{
	uint64_t word, good = ~(uint64_t)0;
	size_t i, step;

	memcpy(to, from, n);
	for (i = 0; i < n; i += step) {
		step = n - i < sizeof(word) ? n - i : sizeof(word);
		word = EACH_BYTE(' ');
		memcpy(&word, from + i, step);
		good &= ~word & (word + EACH_BYTE(0x60)) & ~(word + EACH_BYTE(1)) &
			((word ^ EACH_BYTE('"')) + EACH_BYTE(0x7F)) &
			((word ^ EACH_BYTE('\\')) + EACH_BYTE(0x7F));
	}
	return (good & EACH_BYTE(0x80)) == EACH_BYTE(0x80);
}

#endif

char *write_json_plain_at(char *to, struct str s)
{
	if (!copy_plain(to + 1, s.data, s.len))
		return NULL;
	to[0] = '"';
	to[s.len + 1] = '"';
	return to + s.len + 2;
}

bool write_json_plain(struct buf *out, struct str s)
{
	size_t len = out->len;
	char *to = buf_reserve(out, s.len + 2);

	if (to == NULL)
		return true; /* the buf has failed: nothing can be put */
	if (write_json_plain_at(to, s) == NULL) {
		*to = '\0';
		return false;
	}
	to[s.len + 2] = '\0';
	out->len = len + s.len + 2;
	return true;
}

void write_json_escape(struct buf *out, struct str s)
{
	size_t i = 0, stop, step = 0;
	uint32_t point = 0;

	if (write_json_plain(out, s))
		return;
	buf_putc(out, '"');
	while (i < s.len) {
		stop = plain_until(s, i, &step, &point);
		buf_put(out, s.data + i, stop - i);
		if (stop == s.len)
			break;
		if (point < 0x80)
			put_special(out, (unsigned char)point);
		else
			put_escape(out, point);
		i = stop + step;
	}
	buf_putc(out, '"');
}
