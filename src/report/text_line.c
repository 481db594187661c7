/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of the text report: made visible, coloured, linked and wrapped, and none of
 * them a command to the runner of a CI job that shows it.
 */
#include "report/text_inside.h"

#include "base/limit.h"
#include "base/text.h"
#include "report/finding_part.h"
#include "report/report_part.h"
#include "report/report_place.h"

/* ---- escaping ------------------------------------------------------------ */

/* Length of the blank at the start of s that a CI runner would skip when it
 * looks for a command: any white space of Unicode; our own colours as well. */
static size_t blank_step(struct str s)
{
	uint32_t point;
	size_t step, i;

	if (s.len == 0)
		return 0;
	if (s.data[0] == ' ' || s.data[0] == '\t')
		return 1;
	if (s.data[0] == '\033' && s.len > 1 && s.data[1] == ']') {
		for (i = 2; i + 1 < s.len && !(s.data[i] == '\033' && s.data[i + 1] == '\\'); i++)
			;
		return i + 1 < s.len ? i + 2 : 0;
	}
	if (s.data[0] == '\033') {
		for (i = 1; i < s.len && s.data[i] != 'm'; i++)
			;
		return i < s.len ? i + 1 : 0;
	}
	step = text_utf8_step(s.data, s.len);
	if (step < 2)
		return 0;
	point = text_utf8_point(s.data, step);
	if (point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) ||
	    point == 0x202F || point == 0x205F || point == 0x3000)
		return step;
	return 0;
}

/* What stands in the place of the dangerous characters at the start of s, and
 * how many bytes they are; NULL when there are none. `start`: only blanks stand
 * before them in their line. */
static const char *escape_for(struct str s, bool start, size_t *step)
{
	*step = 1;
	if (start && str_starts(s, STR("::")))
		return "\\u{3A}";
	*step = 3;
	if (str_starts(s, STR("##[")))
		return "##\\u{5B}";
	if (str_starts(s, STR("\xE2\x80\xA8")))
		return "\\u{2028}";
	if (str_starts(s, STR("\xE2\x80\xA9")))
		return "\\u{2029}";
	return NULL;
}

/* Length of what is no danger at the start of s, and whether the next byte is
 * still at the start of a line. */
static size_t guard_step(struct str s, bool *start)
{
	size_t blank = *start ? blank_step(s) : 0;

	*start = blank != 0 || s.data[0] == '\n';
	return blank != 0 ? blank : 1;
}

/*
 * The last thing done to every line, from the start of a line on: no line
 * begins with "::", none holds "##[", and none is two lines to anybody.
 * text_put_visible has dealt with what harms terminals.
 */
void line_guard(struct text *t, struct buf *out, size_t from)
{
	struct str rest = { out->data + from, out->len - from };
	const char *kept = rest.data, *escape;
	bool start = true;
	size_t step;

	buf_clear(&t->scratch);
	while (rest.len != 0) {
		escape = NULL;
		if (start || rest.data[0] == '#' || rest.data[0] == '\xE2')
			escape = escape_for(rest, start, &step);
		if (escape != NULL) {
			buf_put(&t->scratch, kept, (size_t)(rest.data - kept));
			buf_puts(&t->scratch, escape);
			kept = rest.data + step;
			start = false;
		} else {
			step = guard_step(rest, &start);
		}
		rest.data += step;
		rest.len -= step;
	}
	if (kept == out->data + from)
		return;
	buf_put(&t->scratch, kept, (size_t)(rest.data - kept));
	out->len = from;
	buf_put_str(out, buf_str(&t->scratch));
}

void line_outside(struct buf *b, struct str s)
{
	bool cut;

	s = report_cut(s, &cut);
	text_put_visible(b, s);
	if (cut)
		PUT(b, "...");
}

/* OSC 8; the address holds no control: it is percent-encoded, or plain by itself. */
static void link_on(struct buf *b, const char *scheme, struct str address)
{
	PUT(b, "\033]8;;");
	buf_puts(b, scheme);
	buf_put_str(b, address);
	PUT(b, "\033\\");
}

static void link_off(struct buf *b)
{
	PUT(b, "\033]8;;\033\\");
}

/* Files that are there by a path; paths go from the root on. */
static bool file_link_on(const struct report *r, struct buf *b, const char *file)
{
	struct text *t = r->state;
	struct str name = report_str(file);
	bool outside;

	if (!r->options.links || name.len > LIMIT_REPORT_TEXT || t->folder.len == 0)
		return false;
	buf_clear(&t->excerpt);
	if (!report_path_put(&t->excerpt, buf_str(&t->folder), buf_str(&t->folder), name, &outside))
		return false;
	PUT(b, "\033]8;;file://");
	if (!outside)
		report_put_uri(b, buf_str(&t->folder));
	PUT(b, "/");
	report_put_uri(b, buf_str(&t->excerpt));
	PUT(b, "\033\\");
	return true;
}

void line_place(const struct report *r, struct buf *b, const char *file, struct place place)
{
	bool linked = file_link_on(r, b, file);

	line_outside(b, report_str(file));
	if (place.line != 0) {
		buf_putc(b, ':');
		buf_put_uint(b, place.line);
		buf_putc(b, ':');
		buf_put_uint(b, place.column);
	}
	if (linked)
		link_off(b);
}

void line_rule(const struct report *r, struct buf *b, const struct rule *rule)
{
	struct str address = r->options.links ? finding_reference(rule) : STR("");

	if (address.len != 0)
		link_on(b, "", address);
	line_outside(b, rule->id);
	if (address.len != 0)
		link_off(b);
}

/* ---- words and colours --------------------------------------------------- */

const char *line_severity_color(enum severity s)
{
	static const char *const colors[] = {
		[SEVERITY_INFO] = "34", [SEVERITY_LOW] = "36",        [SEVERITY_MEDIUM] = "33",
		[SEVERITY_HIGH] = "31", [SEVERITY_CRITICAL] = "1;31",
	};

	return colors[s];
}

const char *line_color(const struct finding *f)
{
	static const char *const colors[] = {
		[VERDICT_PASS] = "32",          [VERDICT_WAIVED] = "35",
		[VERDICT_NOT_APPLICABLE] = "2", [VERDICT_UNDECIDED] = "35",
		[VERDICT_ERROR] = "1;31",
	};

	return f->verdict == VERDICT_FAIL ? line_severity_color(f->severity) : colors[f->verdict];
}

const char *line_label(const struct finding *f)
{
	return f->verdict == VERDICT_FAIL ? severity_name(f->severity) : verdict_name(f->verdict);
}

void line_color_on(const struct report *r, struct buf *b, const char *color)
{
	if (r->options.color)
		buf_printf(b, "\033[%sm", color);
}

void line_color_off(const struct report *r, struct buf *b)
{
	if (r->options.color)
		PUT(b, "\033[0m");
}

void line_blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_putc(b, ' ');
}

/* ---- wrapping ------------------------------------------------------------ */

/* Length of the next word of s, which does not begin with a blank. */
static size_t word_length(struct str s)
{
	const char *blank = s.len == 0 ? NULL : memchr(s.data, ' ', s.len);

	return blank == NULL ? s.len : (size_t)(blank - s.data);
}

static struct str skip_blanks(struct str s)
{
	while (s.len != 0 && s.data[0] == ' ') {
		s.data++;
		s.len--;
	}
	return s;
}

void line_wrapped_from(const struct report *r, struct buf *out, size_t indent, struct str s)
{
	size_t column = indent, len, width;
	struct str word;

	if (r->options.width < LEAST_WIDTH) {
		buf_put_str(out, s);
		buf_putc(out, '\n');
		return;
	}
	for (s = skip_blanks(s); s.len != 0; s = skip_blanks(s)) {
		len = word_length(s);
		word = (struct str){ s.data, len };
		width = text_width(word);
		if (column != indent && column + 1 + width > r->options.width) {
			buf_putc(out, '\n');
			line_blanks(out, indent);
			column = indent;
		} else if (column != indent) {
			buf_putc(out, ' ');
			column++;
		}
		buf_put_str(out, word);
		column += width;
		s.data += len;
		s.len -= len;
	}
	buf_putc(out, '\n');
}

void line_wrapped(const struct report *r, struct buf *out, const char *label, struct str s)
{
	line_blanks(out, MESSAGE_INDENT);
	buf_puts(out, label);
	line_wrapped_from(r, out, MESSAGE_INDENT + strlen(label), s);
}

/* A text that an author may have written over several lines, as one. */
struct str line_fold(struct text *t, struct str s)
{
	size_t i;
	bool blank = false;

	buf_clear(&t->shown);
	for (i = 0; i < s.len; i++) {
		if (s.data[i] == ' ' || s.data[i] == '\n' || s.data[i] == '\t' ||
		    s.data[i] == '\r') {
			blank = t->shown.len != 0;
			continue;
		}
		if (blank)
			buf_putc(&t->shown, ' ');
		blank = false;
		buf_putc(&t->shown, s.data[i]);
	}
	return buf_str(&t->shown);
}

void line_text(const struct report *r, struct buf *out, const char *label, struct str s)
{
	struct text *t = r->state;

	if (s.len == 0)
		return;
	buf_clear(&t->line);
	line_outside(&t->line, s);
	line_wrapped(r, out, label, buf_str(&t->line));
}
