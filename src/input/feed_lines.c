/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that hold a document a line: how they are known, and cut behind lines.
 */
#include "input/feed_inside.h"

#include <string.h>

#include "base/limit.h"
#include "input/json_cut.h"
#include "model/json.h"
#include "model/json_scan.h"

static const char *line_end(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));

	return newline != NULL ? newline : end;
}

/* The last byte of a line that is no blank. */
static char last_of_line(const char *p, const char *end)
{
	while (end > p && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	return end > p ? end[-1] : '\0';
}

/* Whether a line is one whole document and nothing else. */
static bool is_whole(const char *p, const char *end)
{
	const char *cut = json_cut_next(p, end, JSON_CUT_VALUE).last;

	return cut != NULL && last_of_line(cut, end) == '\0';
}

/*
 * A document a line: the first line is one, and there is a second; or the
 * second is one, and the first was to be (it ends where no document that is
 * spread over lines would break).
 */
bool feed_looks_like_lines(const char *p, const char *end)
{
	const char *first_end = line_end(p, end), *second = json_scan_blanks(first_end);

	if ((*p != '{' && *p != '[') || second >= end || (*second != '{' && *second != '['))
		return false;
	if (is_whole(p, first_end))
		return true;
	return strchr("{[,:", last_of_line(p, first_end)) == NULL &&
	       is_whole(second, line_end(second, end));
}

static const char *last_newline(const char *p, const char *end)
{
	while (end > p && end[-1] != '\n')
		end--;
	return end > p ? end : NULL;
}

void feed_take_lines(struct feed *f, struct stretch *s, size_t size)
{
	const char *p, *end, *cut;
	size_t len;

	for (;;) {
		len = feed_fill(f, s, size);
		p = s->bytes + s->used;
		end = p + len;
		cut = f->ended ? end : last_newline(p, end);
		if (cut != NULL)
			break;
		if (len >= LIMIT_DOCUMENT_SIZE) {
			feed_add_trouble(f, s, TROUBLE_REFUSED, f->line,
					 "a line larger than the limit of %u bytes",
					 LIMIT_DOCUMENT_SIZE);
			f->state = STATE_SKIP_LINE;
			return;
		}
		feed_keep(f, p, end);
		size *= 2;
	}
	feed_keep(f, cut, end);
	feed_hand_out(f, s, SEGMENT_LINES, p, cut);
	/* the reader needs a NUL behind its bytes; what was there is kept */
	s->bytes[cut - s->bytes] = '\0';
}

void feed_skip_line(struct feed *f, struct stretch *s)
{
	size_t len = feed_fill(f, s, f->stretch_size);
	const char *p = s->bytes + s->used, *newline = memchr(p, '\n', len);

	if (newline == NULL)
		return;
	f->line++;
	f->index = f->line;
	f->state = STATE_LINES;
	feed_keep(f, newline + 1, p + len);
}
