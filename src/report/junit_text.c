/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit: texts from outside as XML 1.0, in attributes and content alike.
 */
#include "base/text.h"
#include "report/junit_inside.h"
#include "report/report_part.h"

/* What stands for the character at p, of *step bytes, or NULL for itself.
 * Controls are gone; these are XML's own, what XML 1.0 forbids, and what
 * readers of reports and CI logs take for commands. */
static const char *xml_escape(const char *p, size_t size, size_t *step)
{
	struct str s = { p, size };

	*step = 1;
	switch (*p) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	case '#':
		return str_starts(s, STR("##[")) ? "&#35;" : NULL;
	case '[':
		return str_starts(s, STR("[[ATTACHMENT|")) ? "[ " : NULL;
	default:
		break;
	}
	if ((unsigned char)*p < 0x20 || *p == 0x7F)
		return "\xEF\xBF\xBD";
	if ((unsigned char)*p < 0x80)
		return NULL;
	*step = text_utf8_step(p, size);
	if (*step == 0) {
		*step = 1;
		return "\xEF\xBF\xBD";
	}
	switch (text_utf8_point(p, *step)) {
	case 0x2028:
		return "\\u{2028}";
	case 0x2029:
		return "\\u{2029}";
	case 0xFFFE:
		return "\\u{FFFE}";
	case 0xFFFF:
		return "\\u{FFFF}";
	default:
		return NULL;
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'' &&
	       c != '#' && c != '[';
}

static void put_xml(struct buf *out, struct str s)
{
	const char *escape;
	size_t i = 0, kept = 0, step;

	while (i < s.len) {
		if (is_plain((unsigned char)s.data[i])) {
			i++;
			continue;
		}
		escape = xml_escape(s.data + i, s.len - i, &step);
		if (escape != NULL) {
			buf_put(out, s.data + kept, i - kept);
			buf_puts(out, escape);
			kept = i + step;
		}
		i += step;
	}
	buf_put(out, s.data + kept, s.len - kept);
}

void junit_put(struct junit *junit, struct buf *out, struct str s)
{
	bool cut;

	s = report_cut(s, &cut);
	buf_clear(&junit->visible);
	text_put_visible(&junit->visible, s);
	if (cut)
		PUT(&junit->visible, "...");
	put_xml(out, buf_str(&junit->visible));
}

void junit_put_name(struct junit *junit, struct buf *out, struct str s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.data[i] != ' ')
			break;
	junit_put(junit, out, i == s.len ? STR("(without a name)") : s);
}

void junit_put_line(struct junit *junit, struct buf *out, const char *label, struct str s)
{
	if (s.len == 0)
		return;
	buf_putc(out, '\n');
	buf_puts(out, label);
	junit_put(junit, out, s);
}

void junit_put_place(struct junit *junit, struct buf *out, const char *file, struct place place)
{
	junit_put(junit, out, report_str(file));
	if (place.line == 0)
		return;
	buf_putc(out, ':');
	buf_put_uint(out, place.line);
	buf_putc(out, ':');
	buf_put_uint(out, place.column);
}
