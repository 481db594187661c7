/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF: texts from outside, in messages and as Markdown. Readers make links and
 * more of both; none is made of what others wrote.
 */
#include <string.h>

#include "report/finding_part.h"
#include "report/sarif_inside.h"

/* Readers make links of "[text](target)" in a message (3.11.6): no text from
 * outside may. */
struct str sarif_plain(struct sarif *sarif, struct str s)
{
	struct buf *b = &sarif->plain;
	size_t i;

	s = finding_visible(&sarif->text.visible, s);
	buf_clear(b);
	for (i = 0; i < s.len; i++) {
		buf_putc(b, s.data[i]);
		if (s.data[i] == ']' && i + 1 < s.len && s.data[i + 1] == '(')
			buf_putc(b, ' ');
	}
	return buf_str(b);
}

void sarif_put_message(struct sarif *sarif, struct buf *out, const char *name, struct str s)
{
	json_text_member(&sarif->text, out, name, sarif_plain(sarif, s));
}

/* An author's text as Markdown that says just that. */
void sarif_put_markdown(struct sarif *sarif, struct str s)
{
	struct buf *out = &sarif->markdown;
	size_t i;

	buf_clear(&sarif->plain);
	finding_put_folded(&sarif->plain, s);
	s = finding_visible(&sarif->text.visible, buf_str(&sarif->plain));
	for (i = 0; i < s.len; i++) {
		if (s.data[i] == '<')
			PUT(out, "&lt;");
		else if (s.data[i] == '&')
			PUT(out, "&amp;");
		else if (strchr("\\`*_[]()#!|~:@>+-=.", s.data[i]) != NULL)
			buf_printf(out, "\\%c", s.data[i]);
		else
			buf_putc(out, s.data[i]);
	}
}
