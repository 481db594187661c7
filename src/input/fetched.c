/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Headers and trailers of fetch output. Knows their shape, and how they must
 * follow each other; reads no configuration. A trailer is text from outside like
 * any other: wrong types are refused at their place, lists are bounded.
 */
#include "input/fetched.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limit.h"
#include "base/text.h"

#define KEY "ivslintFetch"

bool fetched_begins(const char *text)
{
	static const char quoted[] = "\"" KEY "\"";

	if (*text != '{')
		return false;
	return strncmp(json_scan_blanks(text + 1), quoted, sizeof(quoted) - 1) == 0;
}

/* ---- reading ----------------------------------------------------------- */

/* A mark on its way, with what its members say. */
struct mark_reader {
	struct json *j;
	struct source *source;
	const struct input_sink *sink;
	struct fetch_mark mark;
	bool complete, interrupted, counted;
	size_t n_missing;
	const char *at; /* where it begins */
};

static int expect(struct json *j, char c, const char *what)
{
	char is = json_peek(j);

	if (c == '0' ? is >= '0' && is <= '9' : c == 't' ? is == 't' || is == 'f' : is == c)
		return 0;
	return json_fail(j, j->next, what);
}

static int read_text(struct json *j, struct str *s)
{
	if (expect(j, '"', "not a string, as ivslint fetch writes it") == -1)
		return -1;
	return json_string(j, s);
}

static int read_count(struct json *j, uint64_t *n)
{
	struct number number;
	const char *at = j->next;

	if (expect(j, '0', "not a number, as ivslint fetch writes it") == -1 ||
	    json_number(j, &number) == -1)
		return -1;
	if (number.exponent != 0 || number.mantissa < 0)
		return json_fail(j, at, "a count that is not a whole number");
	*n = (uint64_t)number.mantissa;
	return 0;
}

static void tell(struct mark_reader *m, enum trouble kind, const char *at, const struct buf *text)
{
	struct place place = source_place(m->source, json_place(m->j, at));

	m->sink->trouble(m->sink->to, kind, place.line, place.column, text->data);
}

/* A text of somebody else's, of a bounded length and without a NUL; reports make
 * the rest of it visible. */
static void put_text(struct buf *b, struct str s)
{
	size_t i, len = s.len < LIMIT_MESSAGE_SIZE ? s.len : LIMIT_MESSAGE_SIZE;

	while (len < s.len && len > 0 && ((unsigned char)s.data[len] & 0xc0) == 0x80)
		len--;
	for (i = 0; i < len; i++) {
		if (s.data[i] == '\0')
			PUT(b, "\\0");
		else
			buf_putc(b, s.data[i]);
	}
	if (len < s.len)
		PUT(b, "...");
}

/* "account 123456789012, region us-west-2, ARN: Operation: Code: message (request id x)" */
enum { ACCOUNT, REGION, ARN, OPERATION, CODE, MESSAGE, REQUEST_ID, N_PARTS };

static void put_missing(struct buf *b, const struct str parts[N_PARTS])
{
	static const struct {
		const char *before, *after;
	} looks[N_PARTS] = {
		[ACCOUNT] = { "account ", "" },
		[REGION] = { "region ", "" },
		[ARN] = { "", "" },
		[OPERATION] = { "", "" },
		[CODE] = { "", "" },
		[MESSAGE] = { "", "" },
		[REQUEST_ID] = { "(request id ", ")" },
	};
	bool any = false;
	int i;

	PUT(b, "not fetched: ");
	for (i = 0; i < N_PARTS; i++) {
		if (parts[i].len == 0)
			continue;
		if (any)
			buf_puts(b, i == REQUEST_ID ? " " : i >= OPERATION ? ": " : ", ");
		any = true;
		buf_puts(b, looks[i].before);
		put_text(b, parts[i]);
		buf_puts(b, looks[i].after);
	}
	if (!any)
		PUT(b, "the fetch does not say what");
}

static int read_missing(struct mark_reader *m)
{
	static const char *const names[N_PARTS] = { "account", "region",  "arn",      "operation",
						    "code",    "message", "requestId" };
	struct json *j = m->j;
	struct str parts[N_PARTS] = { 0 }, key;
	struct json_keys keys = { 0 };
	struct buf text = BUF_INIT(0);
	const char *at;
	bool first;
	int more, i;

	if (expect(j, '{', "not an object, as ivslint fetch writes it") == -1)
		return -1;
	at = j->next;
	if (json_open(j, '{') == -1)
		return -1;
	for (first = true; (more = json_member(j, first, &key)) == 1; first = false) {
		if (json_keys_add(j, &keys, key, j->key_at) == -1)
			return -1;
		for (i = 0; i < N_PARTS && !str_is(key, names[i]); i++)
			;
		if ((i < N_PARTS ? read_text(j, &parts[i]) : json_skip(j)) == -1)
			return -1;
	}
	if (more == -1)
		return -1;
	put_missing(&text, parts);
	tell(m, TROUBLE_NOT_FETCHED, at, &text);
	buf_release(&text);
	m->n_missing++;
	return 0;
}

static int read_deleted(struct mark_reader *m)
{
	struct buf text = BUF_INIT(0);
	struct str arn;

	if (read_text(m->j, &arn) == -1)
		return -1;
	put_text(&text, arn);
	PUT(&text, " was deleted while it was fetched");
	if (m->sink->note != NULL)
		m->sink->note(m->sink->to, text.data);
	buf_release(&text);
	return 0;
}

/* What was read of which account and region: only its types are looked at. */
static int read_read(struct mark_reader *m)
{
	if (expect(m->j, '{', "not an object, as ivslint fetch writes it") == -1)
		return -1;
	return json_skip(m->j);
}

static int read_list(struct mark_reader *m, int (*member)(struct mark_reader *))
{
	struct json *j = m->j;
	const char *at;
	size_t n = 0;
	bool first;
	int more;

	if (expect(j, '[', "not a list, as ivslint fetch writes it") == -1)
		return -1;
	at = j->next;
	if (json_open(j, '[') == -1)
		return -1;
	for (first = true; (more = json_item(j, first)) == 1; first = false) {
		if (n++ == LIMIT_FETCH_LIST)
			return json_fail(j, at,
					 arena_printf(j->arena, "a list of more than %d members",
						      LIMIT_FETCH_LIST));
		if (member(m) == -1)
			return -1;
	}
	return more;
}

static int read_format(struct mark_reader *m)
{
	struct json *j = m->j;
	const char *at;
	uint64_t format = 0;

	json_peek(j);
	at = j->next;
	if (read_count(j, &format) == -1)
		return -1;
	if (format != 1)
		return json_fail(j, at,
				 arena_printf(j->arena,
					      "format %" PRIu64 " of ivslint fetch: this version "
					      "reads format 1",
					      format));
	return 0;
}

static int read_interrupted(struct mark_reader *m, const char *at)
{
	struct buf text = BUF_INIT(0);
	struct str by;

	if (read_text(m->j, &by) == -1)
		return -1;
	PUT(&text, "the fetch was interrupted by ");
	put_text(&text, by);
	PUT(&text, ": what it had not read yet is missing");
	tell(m, TROUBLE_NOT_FETCHED, at, &text);
	buf_release(&text);
	m->interrupted = true;
	return 0;
}

static int read_member(struct mark_reader *m, struct str key)
{
	struct json *j = m->j;

	if (str_is(key, "complete")) {
		m->mark.trailer = true;
		if (expect(j, 't', "not true or false, as ivslint fetch writes it") == -1)
			return -1;
		return json_boolean(j, &m->complete);
	}
	if (str_is(key, "recordingConfigurations")) {
		m->counted = true;
		return read_count(j, &m->mark.count);
	}
	if (str_is(key, "missing"))
		return read_list(m, read_missing);
	if (str_is(key, "deleted"))
		return read_list(m, read_deleted);
	if (str_is(key, "read"))
		return read_list(m, read_read);
	if (str_is(key, "interrupted"))
		return read_interrupted(m, j->key_at);
	if (str_is(key, "calls")) {
		if (expect(j, '{', "not an object, as ivslint fetch writes it") == -1)
			return -1;
		return json_skip(j);
	}
	return json_skip(j);
}

static int read_members(struct mark_reader *m)
{
	struct json *j = m->j;
	struct json_keys keys = { 0 };
	struct str key;
	bool first;
	int more;

	if (expect(j, '{', "not an object, as ivslint fetch writes it") == -1 ||
	    json_open(j, '{') == -1)
		return -1;
	for (first = true; (more = json_member(j, first, &key)) == 1; first = false) {
		if (json_keys_add(j, &keys, key, j->key_at) == -1)
			return -1;
		/* what the others mean depends on it */
		if (first != str_is(key, "format"))
			return json_fail(j, j->key_at, "'format' has to come first");
		if ((first ? read_format(m) : read_member(m, key)) == -1)
			return -1;
	}
	if (more == 0 && keys.n == 0)
		return json_fail(j, m->at, "'format' is missing");
	return more;
}

/* What members of a trailer must say together. */
static int check_trailer(struct mark_reader *m)
{
	struct buf text = BUF_INIT(0);

	if (!m->mark.trailer) {
		if (m->counted || m->n_missing != 0 || m->interrupted)
			return json_fail(m->j, m->at, "a trailer without 'complete'");
		return 0;
	}
	if (!m->counted)
		return json_fail(m->j, m->at, "a trailer without 'recordingConfigurations'");
	if (!m->complete && m->n_missing == 0 && !m->interrupted) {
		PUT(&text, "the fetch is not complete, and does not say what is missing");
		tell(m, TROUBLE_NOT_FETCHED, m->at, &text);
	}
	buf_release(&text);
	return 0;
}

int fetched_read(struct json *j, struct source *source, const struct input_sink *sink)
{
	struct mark_reader m = { .j = j, .source = source, .sink = sink };
	struct place place;
	struct str key;
	int more;

	json_peek(j);
	m.at = j->next;
	if (json_open(j, '{') == -1 || json_member(j, true, &key) != 1 || read_members(&m) == -1)
		return -1;
	more = json_member(j, false, &key);
	if (more == 1)
		return json_fail(j, j->key_at, "a member beside '" KEY "'");
	if (more == -1 || check_trailer(&m) == -1)
		return -1;
	place = source_place(source, json_place(j, m.at));
	m.mark.line = place.line;
	if (sink->mark != NULL)
		sink->mark(sink->to, &m.mark);
	return 0;
}

/* ---- the order of marks ------------------------------------------------ */

__attribute__((format(printf, 2, 3))) static const char *say(struct fetched *f, const char *format,
							     ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->text, sizeof(f->text), format, args);
	va_end(args);
	return f->text;
}

/* Everything between a trailer and what comes next. */
static const char *take_outside(struct fetched *f, uint64_t resources)
{
	uint64_t n = resources - f->resources;

	return n == 0
		   ? NULL
		   : say(f, "%" PRIu64 " recording configuration%s after the trailer of the fetch",
			 n, n == 1 ? "" : "s");
}

static const char *take_trailer(struct fetched *f, const struct fetch_mark *mark,
				uint64_t resources, uint64_t refusals, enum trouble *kind)
{
	uint64_t got = resources - f->resources, refused = refusals - f->refusals;

	if (!f->within)
		return say(f, "a trailer of ivslint fetch without its header");
	f->within = false;
	/* what was refused was told, and is no sign of a cut */
	if (got == mark->count || got + refused == mark->count)
		return NULL;
	*kind = TROUBLE_CUT;
	return say(f,
		   "recording configurations of the fetch: %" PRIu64
		   " by its trailer, %" PRIu64 " in it: the file is not whole",
		   mark->count, got);
}

const char *fetched_take(struct fetched *f, const struct fetch_mark *mark, uint64_t resources,
			 uint64_t refusals, enum trouble *kind, uint32_t *line)
{
	const char *wrong = NULL;

	*kind = TROUBLE_REFUSED;
	*line = mark != NULL ? mark->line : 0;
	if (mark != NULL && mark->trailer) {
		wrong = take_trailer(f, mark, resources, refusals, kind);
	} else if (f->within) {
		*kind = TROUBLE_CUT;
		wrong =
		    say(f, "the fetch that begins on line %" PRIu32 " has no trailer: it is cut",
			f->line);
	} else if (f->is) {
		wrong = take_outside(f, resources);
		if (mark == NULL && f->line == 0) {
			*kind = TROUBLE_CUT;
			wrong = say(f, "no header of a fetch: it is cut");
		}
	}
	if (mark != NULL && !mark->trailer) {
		f->within = true;
		f->line = mark->line;
	}
	f->resources = resources;
	f->refusals = refusals;
	return wrong;
}
