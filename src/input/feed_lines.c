/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that hold a document a line: how they are known, and cut behind lines.
 *
 * Of a large regular file each stretch is read by whoever judges it. A stretch has the
 * lines behind the newlines of its range of the file, to the first newline behind
 * it: so nobody has to know what the others found, but how many lines there are
 * before its own.
 */
#include "input/feed_inside.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Whether a line ends where a document that is spread over lines would break. */
static bool breaks(const char *p, const char *end)
{
	char last = last_of_line(p, end);

	return last != '\0' && strchr("{[,:", last) != NULL;
}

static bool begins_with_key(const char *p)
{
	const char *end = *p == '"' ? json_plain_end(p) : NULL;

	return end != NULL && *json_scan_blanks(end + 1) == ':';
}

/* Whether a document begins that is spread over lines: its first key begins one. */
static bool has_spread(const char *p, const char *end)
{
	const char *line, *next;

	for (line = p; line < end; line = next) {
		next = line_end(line, end);
		if (breaks(line, next) && begins_with_key(json_scan_blanks(next)))
			return true;
		next += next < end;
	}
	return false;
}

/*
 * A document a line: the first line is one, and there is a second; or the
 * second is one, and the first was to be (it ends where no document that is
 * spread over lines would break). And none is seen that is spread over lines, which
 * would be refused.
 */
bool feed_looks_like_lines(const char *p, const char *end)
{
	const char *first_end = line_end(p, end), *second = json_scan_blanks(first_end);

	if ((*p != '{' && *p != '[') || second >= end || (*second != '{' && *second != '['))
		return false;
	if (!is_whole(p, first_end) &&
	    (breaks(p, first_end) || !is_whole(second, line_end(second, end))))
		return false;
	return !has_spread(second, end);
}

static const char *last_newline(const char *p, const char *end)
{
	while (end > p && end[-1] != '\n')
		end--;
	return end > p ? end : NULL;
}

static void tell_too_long(struct stretch *s, struct input_file *file, uint32_t line)
{
	feed_add_trouble(s, file, TROUBLE_REFUSED, line, "a line larger than the limit of %u bytes",
			 LIMIT_DOCUMENT_SIZE);
}

/* Bytes are copied faster to where such a line begins. */
#define CACHE_LINE 64

/* ---- claims ----------------------------------------------------------- */

/* Whether what comes next is to be claimed, not read: lines of a regular file that has
 * far more of them. */
static bool is_for_claims(struct feed *f, const struct stretch *s)
{
	struct stat st;
	off_t at;

	if (!f->regular || f->copy != NULL || s->n != 0 || s->used != 0)
		return false;
	/* what the beginning was recognised by is handed out first */
	if (!f->looked && f->carry.len < f->stretch_size / 2) {
		f->looked = true;
		at = lseek(f->fd, 0, SEEK_CUR);
		if (at != -1 && fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    (uint64_t)at >= f->carry.len) {
			f->offset = (uint64_t)at - f->carry.len;
			f->size = (uint64_t)st.st_size;
		} else {
			f->size = 0;
		}
	}
	return f->looked && f->offset + 2 * f->stretch_size <= f->size;
}

static void claim(struct feed *f, struct stretch *s)
{
	struct segment *g = feed_add_segment(s, SEGMENT_LINES, f->file);

	g->source = (struct source){ .name = f->file->name, .bytes = STR("") };
	g->input = f->input;
	g->fetched = f->file->fetched.is;
	s->claim.is = true;
	s->claim.at_start = !f->apart;
	s->claim.fd = f->fd;
	s->claim.number = f->n_claims++;
	s->claim.from = f->offset;
	/* ranges begin where pages do: those are faster to copy */
	s->claim.to = f->offset = (f->offset / f->stretch_size + 1) * f->stretch_size;
	f->apart = true;
	buf_clear(&f->carry);
}

/* The rest of the file is read in order again: from where the last claim ends, in the
 * midst of its last line as a rule. */
static void end_claims(struct feed *f, struct stretch *s)
{
	pthread_mutex_lock(&f->lock);
	while (f->n_counted != f->n_claims)
		pthread_cond_wait(&f->counted, &f->lock);
	pthread_mutex_unlock(&f->lock);
	f->apart = false;
	if (f->unreadable) {
		f->ended = true;
		return;
	}
	if (lseek(f->fd, (off_t)f->offset, SEEK_SET) == -1) {
		feed_add_trouble(s, f->file, TROUBLE_UNREADABLE, 0, "cannot read: %s",
				 strerror(errno));
		f->ended = true;
		return;
	}
	f->told = true;
	f->state = STATE_SKIP_LINE;
}

/* Of a file that cannot be read any more only one claim says so. */
static bool is_first_failure(struct feed *f)
{
	bool first;

	pthread_mutex_lock(&f->lock);
	first = !f->unreadable;
	f->unreadable = true;
	pthread_mutex_unlock(&f->lock);
	return first;
}

/* Bytes of the claim's range and behind it, until there are `size` at s->bytes + base, of
 * which `len` are there: how many then; fewer at the end of the file, or where reading
 * failed. */
static size_t read_range(struct feed *f, struct stretch *s, size_t base, size_t len, size_t size)
{
	ssize_t got;
	int why;

	feed_make_room(s, base + size);
	while (len < size) {
		got = pread(s->claim.fd, s->bytes + base + len, size - len,
			    (off_t)(s->claim.from + len));
		why = errno;
		if (got == -1 && why == EINTR)
			continue;
		if (got == -1 && is_first_failure(f))
			feed_add_trouble(s, s->segments[0].file, TROUBLE_UNREADABLE, 0,
					 "cannot read: %s", strerror(why));
		if (got <= 0)
			break;
		len += (size_t)got;
	}
	memset(s->bytes + base + len, 0, JSON_PADDING);
	return len;
}

/* The lines of a claim. */
struct lines {
	size_t from, to; /* in s->bytes */
	bool too_long;   /* another follows, which is past the limit */
};

static struct lines find_lines(struct feed *f, struct stretch *s)
{
	size_t range = (size_t)(s->claim.to - s->claim.from), size = range + f->stretch_size / 64;
	size_t base, len, from, line;
	const char *newline;
	struct lines none = { 0, 0, false };

	feed_make_room(s, size + CACHE_LINE);
	base = -(uintptr_t)s->bytes % CACHE_LINE;
	len = read_range(f, s, base, 0, size);
	from = base;
	if (!s->claim.at_start) {
		newline = memchr(s->bytes + base, '\n', len < range ? len : range);
		if (newline == NULL)
			return none;
		from = (size_t)(newline + 1 - s->bytes);
	}
	if (from >= base + len)
		return none;
	while (len >= range) {
		newline = memchr(s->bytes + base + range, '\n', len - range);
		if (newline != NULL)
			return (struct lines){ from, (size_t)(newline + 1 - s->bytes), false };
		if (len < size)
			break;
		newline = last_newline(s->bytes + from, s->bytes + base + len);
		line = (newline != NULL ? (size_t)(newline - s->bytes) : from) - base;
		if (len - line >= LIMIT_DOCUMENT_SIZE)
			return (struct lines){ from, base + line, true };
		size =
		    size * 2 < line + LIMIT_DOCUMENT_SIZE ? size * 2 : line + LIMIT_DOCUMENT_SIZE;
		len = read_range(f, s, base, len, size);
	}
	return (struct lines){ from, base + len, false };
}

/* Adds lines to those of the claims before: the number of the first. */
static uint32_t count_on(struct feed *f, uint64_t number, uint32_t n)
{
	uint32_t first;

	pthread_mutex_lock(&f->lock);
	while (f->n_counted != number)
		pthread_cond_wait(&f->counted, &f->lock);
	first = f->line;
	f->line += n;
	f->index = f->line;
	f->n_counted++;
	pthread_mutex_unlock(&f->lock);
	pthread_cond_broadcast(&f->counted);
	return first;
}

void feed_read_claim(struct feed *f, struct stretch *s)
{
	struct lines lines = find_lines(f, s);
	const char *p = s->bytes + lines.from, *end = s->bytes + lines.to;
	struct segment *g = &s->segments[0];
	struct input_file *file = g->file;
	uint32_t n = feed_count_lines(s, g, p, end);

	g->source.bytes = (struct str){ p, (size_t)(end - p) };
	g->source.first_column = 1;
	g->source.first_line = count_on(f, s->claim.number, n + lines.too_long);
	g->first_index = g->source.first_line;
	s->bytes[lines.to] = '\0';
	s->used = lines.to + JSON_PADDING;
	if (lines.too_long)
		tell_too_long(s, file, g->source.first_line + n);
}

/* ---- in order --------------------------------------------------------- */

void feed_take_lines(struct feed *f, struct stretch *s, size_t size)
{
	const char *p, *end, *cut;
	size_t len;

	if (is_for_claims(f, s)) {
		claim(f, s);
		return;
	}
	if (f->apart) {
		end_claims(f, s);
		return;
	}
	for (;;) {
		len = feed_fill(f, s, size);
		p = s->bytes + s->used;
		end = p + len;
		cut = f->ended ? end : last_newline(p, end);
		if (cut != NULL)
			break;
		if (len >= LIMIT_DOCUMENT_SIZE) {
			tell_too_long(s, f->file, f->line);
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
	f->line += !f->told;
	f->told = false;
	f->index = f->line;
	f->state = STATE_LINES;
	feed_keep(f, newline + 1, p + len);
}
