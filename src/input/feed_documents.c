/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that hold documents spread over lines, and lists that are too large to be
 * held: cut between documents, and between members.
 */
#include "input/feed_inside.h"

#include <string.h>

#include "base/limit.h"
#include "input/json_cut.h"
#include "input/json_stray.h"
#include "input/survey.h"
#include "input/json_stray.h"
#include "model/json.h"
#include "model/json_scan.h"

/* A document that does not fit the limit: told, and the file is over. */
static void give_up(struct feed *f, struct stretch *s, const char *what)
{
	feed_add_trouble(s, f->file, TROUBLE_REFUSED, f->line,
			 "%s larger than the limit of %u bytes", what, LIMIT_DOCUMENT_SIZE);
	f->ended = true;
	buf_clear(&f->carry);
}

enum walked { WALKED_LIST, WALKED_CLOSED, WALKED_STUCK };

/* What members around a list say, and where; NULL: nothing. */
struct around {
	const char *next_page, *channels;
	struct json_stray stray;
};

/* At `at`, where `from` is what comes next. */
static void tell_at(struct feed *f, struct stretch *s, enum trouble trouble, const char *from,
		    const char *at, const char *text)
{
	uint32_t line = f->line, column = f->column;

	if (at == NULL)
		return;
	feed_move_place(f, from, at);
	feed_add_trouble(s, f->file, trouble, f->line, "%s", text);
	s->segments[s->n - 1].source.first_column = f->column;
	f->line = line;
	f->column = column;
}

static void tell_around(struct feed *f, struct stretch *s, const char *from, const struct around *a)
{
	tell_at(f, s, TROUBLE_MISSING, from, a->next_page,
		"the list goes on elsewhere: nextToken is set, so this is one page of several");
	tell_at(f, s, TROUBLE_REFUSED, from, a->stray.at, a->stray.text);
	tell_at(f, s, TROUBLE_REFUSED, from, a->channels,
		"channels beside recording configurations: save each answer by itself");
}

/* The value of a member around a list. */
static int pass_member(struct json *j, struct str key, struct around *a)
{
	struct json before = *j;
	const char *at = j->key_at;
	struct json_stray stray;
	struct str token;

	if (json_skip(j) == -1)
		return -1;
	if (str_is(key, "nextToken") || str_is(key, "NextToken")) {
		if (!json_null(&before) && (json_peek(&before) != '"' ||
					    json_string(&before, &token) == -1 || token.len != 0))
			a->next_page = at;
	} else if (!json_may_stand_before(key)) {
		stray = json_find_stray(&before, key, false);
		if (stray.at != NULL)
			a->stray = stray;
		if (survey_is_of(key))
			a->channels = at;
	}
	return 0;
}

/*
 * Members of the object around a list: up to the list's bracket, or to the
 * object's end. Before the list there is but what json_answer.c takes there, so that
 * nothing is read otherwise for being large. WALKED_STUCK: the bytes end before either,
 * or are not JSON; only more bytes can tell which, and nothing is told of these.
 */
static enum walked walk_envelope(struct feed *f, struct stretch *s, const char **p, const char *end,
				 bool first)
{
	const char *start = *p;
	bool begins = first;
	struct around around = { NULL, NULL, { NULL, NULL } };
	struct json_keys keys = { 0 };
	struct json j;
	struct str key;
	int more = 0;

	json_init(&j, (struct str){ start, (size_t)(end - start) }, &f->arena);
	if (first)
		more = json_open(&j, '{');
	else
		j.depth = 1;
	for (; more != -1 && (more = json_member(&j, first, &key)) == 1; first = false) {
		if (str_is(key, "recordingConfigurations") && (!begins || json_peek(&j) == '[')) {
			tell_around(f, s, start, &around);
			*p = j.next + 1;
			return WALKED_LIST;
		}
		if (begins && !json_may_stand_before(key))
			return WALKED_STUCK;
		if (!begins && str_is(key, "recordingConfiguration"))
			around.stray = (struct json_stray){ j.key_at, JSON_STRAY };
		more = json_keys_add(&j, &keys, key, j.key_at) == -1
			   ? -1
			   : pass_member(&j, key, &around);
	}
	if (more != 0)
		return WALKED_STUCK;
	/* a whole document, of which its reader tells */
	if (!begins)
		tell_around(f, s, start, &around);
	*p = j.next;
	return WALKED_CLOSED;
}

/* Begins a document that is larger than the bytes p to end. 1 when it is a
 * list that can be handed out by members, 0 when more bytes are needed, -1 when
 * the file is over. */
static int begin_large(struct feed *f, struct stretch *s, const char *p, const char *end)
{
	const char *start = p;

	if (*p == '[') {
		f->in_object = false;
		p++;
	} else if (*p == '{') {
		if (walk_envelope(f, s, &p, end, true) != WALKED_LIST)
			return 0;
		f->in_object = true;
	} else if (*p != '\0' && strchr("\"-0123456789tfn", *p) != NULL) {
		return 0; /* a value that is no list, and whose end is to be seen */
	} else {
		/* no value: refused at its first byte */
		f->ended = true;
		feed_hand_out(f, s, SEGMENT_DOCUMENTS, p, end);
		return -1;
	}
	feed_move_place(f, start, p);
	feed_keep(f, p, end);
	f->state = STATE_MEMBERS;
	f->after_comma = false;
	f->index = 1;
	return 1;
}

void feed_take_documents(struct feed *f, struct stretch *s, size_t size)
{
	const char *p, *end, *text;
	struct json_cut cut;
	size_t len;

	for (;;) {
		len = feed_fill(f, s, size);
		p = s->bytes + s->used;
		end = p + len;
		text = json_scan_blanks(p);
		if (f->ended) {
			feed_hand_out(f, s, SEGMENT_DOCUMENTS, p, end);
			return;
		}
		cut = json_cut_scan(text, end, JSON_CUT_VALUE);
		if (cut.last != NULL) {
			feed_keep(f, cut.last, end);
			feed_hand_out(f, s, SEGMENT_DOCUMENTS, p, cut.last);
			f->index += (uint32_t)cut.n;
			s->bytes[cut.last - s->bytes] = '\0';
			return;
		}
		if (text < end) {
			feed_move_place(f, p, text);
			if (begin_large(f, s, text, end) != 0)
				return;
		}
		if (len >= LIMIT_DOCUMENT_SIZE) {
			give_up(f, s, "a document");
			return;
		}
		feed_keep(f, text, end);
		size *= 2;
	}
}

void feed_take_members(struct feed *f, struct stretch *s, size_t size)
{
	const char *p, *end, *cut_at;
	struct json_cut cut;
	struct segment *g;
	size_t len;

	for (;;) {
		len = feed_fill(f, s, size);
		p = s->bytes + s->used;
		end = p + len;
		cut = json_cut_scan(p, end, JSON_CUT_COMMA);
		if (cut.close != NULL || cut.last != NULL || f->ended)
			break;
		if (len >= LIMIT_DOCUMENT_SIZE) {
			give_up(f, s, "a member of a list");
			return;
		}
		feed_keep(f, p, end);
		size *= 2;
	}
	cut_at = cut.close != NULL ? cut.close : cut.last != NULL && !f->ended ? cut.last : end;
	if (cut.close != NULL && f->after_comma && json_scan_blanks(p) == cut.close)
		feed_add_trouble(s, f->file, TROUBLE_REFUSED, f->line, "a comma before ']'");
	feed_keep(f, cut_at, end);
	g = feed_hand_out(f, s, SEGMENT_MEMBERS, p, cut_at);
	g->list = f->in_object;
	g->comma_after = cut.close == NULL && !f->ended;
	f->index += (uint32_t)cut.n + (g->comma_after ? 0 : 1);
	f->after_comma = g->comma_after;
	if (cut.close != NULL) {
		f->carry.data[0] = ' '; /* the bracket is taken */
		f->state = f->in_object ? STATE_TAIL : STATE_TOP;
		if (*cut.close != ']')
			feed_add_trouble(s, f->file, TROUBLE_REFUSED, f->line,
					 "a list closed by '%c'", *cut.close);
	} else if (f->ended) {
		feed_add_trouble(s, f->file, TROUBLE_CUT, f->line,
				 "the list is not closed: the file is cut");
		buf_clear(&f->carry);
	}
	s->bytes[cut_at - s->bytes] = '\0';
}

void feed_take_tail(struct feed *f, struct stretch *s)
{
	const char *p, *end, *start;
	size_t len, size = f->stretch_size;

	for (;;) {
		len = feed_fill(f, s, size);
		start = p = s->bytes + s->used;
		end = p + len;
		switch (walk_envelope(f, s, &p, end, false)) {
		case WALKED_CLOSED:
			feed_move_place(f, start, p);
			feed_keep(f, p, end);
			f->state = STATE_TOP;
			return;
		case WALKED_LIST:
			feed_add_trouble(s, f->file, TROUBLE_REFUSED, f->line,
					 "the key 'recordingConfigurations' is there twice");
			f->ended = true;
			return;
		case WALKED_STUCK:
			break;
		}
		if (f->ended || len >= LIMIT_DOCUMENT_SIZE) {
			feed_add_trouble(
			    s, f->file, TROUBLE_REFUSED, f->line,
			    "not JSON after the list of recording configurations, or cut there");
			f->ended = true;
			return;
		}
		feed_keep(f, start, end);
		size *= 2;
	}
}
