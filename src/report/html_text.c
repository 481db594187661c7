/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Escaping for HTML, and for JSON inside of it. Knows what a browser takes for
 * more than text; does not know what is said.
 */
#include "model/write_json.h"
#include "report/finding_part.h"
#include "report/html_inside.h"

void html_put(struct html *h, struct buf *out, struct str s)
{
	size_t i;

	s = finding_visible(&h->visible, s);
	for (i = 0; i < s.len; i++)
		switch (s.data[i]) {
		case '<':
			PUT(out, "&lt;");
			break;
		case '>':
			PUT(out, "&gt;");
			break;
		case '&':
			PUT(out, "&amp;");
			break;
		case '"':
			PUT(out, "&quot;");
			break;
		case '\'':
			PUT(out, "&#39;");
			break;
		default:
			buf_putc(out, s.data[i]);
		}
}

void html_put_shown(struct html *h, struct buf *out)
{
	html_put(h, out, buf_str(&h->shown));
	buf_clear(&h->shown);
}

/* "</script" and "<!--" are what a browser looks for in a script (HTML, 4.12.1.3):
 * without a "<" there is neither. */
void html_json(struct html *h, struct buf *out, struct str s)
{
	size_t i, from = out->len, kept;

	s = finding_visible(&h->visible, s);
	write_json_escape(out, s);
	if (memchr(out->data + from, '<', out->len - from) == NULL)
		return;
	buf_clear(&h->visible);
	for (i = kept = from; i < out->len; i++) {
		if (out->data[i] != '<')
			continue;
		buf_put(&h->visible, out->data + kept, i - kept);
		PUT(&h->visible, "\\u003c");
		kept = i + 1;
	}
	buf_put(&h->visible, out->data + kept, out->len - kept);
	out->len = from;
	buf_put_str(out, buf_str(&h->visible));
}

void html_json_member(struct html *h, struct buf *out, const char *name, struct str s)
{
	buf_puts(out, name);
	html_json(h, out, s);
}

void html_json_some(struct html *h, struct buf *out, const char *name, struct str s)
{
	if (s.len != 0)
		html_json_member(h, out, name, s);
}

void html_json_some_shown(struct html *h, struct buf *out, const char *name)
{
	html_json_some(h, out, name, buf_str(&h->shown));
	buf_clear(&h->shown);
}

void html_put_number(struct buf *out, uint64_t n)
{
	if (n >= 1000) {
		html_put_number(out, n / 1000);
		buf_printf(out, ",%03u", (unsigned)(n % 1000));
		return;
	}
	buf_put_uint(out, n);
}

static unsigned digit_of(char hex)
{
	return (unsigned)(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

void html_put_source_hash(struct buf *out, struct str text)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char hex[DIGEST_HEX_SIZE];
	unsigned six, i, k, bit;

	digest_bytes(text, hex);
	PUT(out, "'sha256-");
	/* 256 bits are 42 digits of six, and one of four. */
	for (i = 0; i < 43; i++) {
		for (six = 0, k = 0; k < 6; k++) {
			bit = i * 6 + k;
			six <<= 1;
			if (bit < 256)
				six |= digit_of(hex[bit / 4]) >> (3 - bit % 4) & 1;
		}
		buf_putc(out, digits[six]);
	}
	PUT(out, "='");
}

void html_show_place(struct html *h, const char *file, struct place place)
{
	buf_puts(&h->shown, file == NULL ? "" : file);
	if (place.line != 0)
		buf_printf(&h->shown, ":%u:%u", place.line, place.column);
}
