/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Side by side: a worker reads a stretch and judges what is in it. What cannot be
 * told before its turn becomes an event of the sheet.
 */
#include "cmd/audit_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "rule/waiver_inline.h"

/* What waits for its turn, of one sheet: a stretch that gives more is read on when it
 * has come. */
#define MOST_EVENTS  4096
#define MOST_WRITTEN ((size_t)4 << 20)

static struct event *add_event(struct sheet *s)
{
	struct event *e;

	if (s->n_events == s->cap_events) {
		s->cap_events = s->cap_events != 0 ? s->cap_events * 2 : 64;
		s->events = mem_grow(s->events, s->cap_events * sizeof(*s->events));
	}
	e = &s->events[s->n_events++];
	*e = (struct event){ .segment = s->segment };
	return e;
}

/* What comes next is told after the findings so far. */
static void end_piece(struct sheet *s)
{
	if (s->share != NULL && share_cut(s->share))
		add_event(s)->kind = EVENT_WRITTEN;
}

/* Whether so much waits that no more may. */
static bool is_full(const struct sheet *s)
{
	return s->n_events >= MOST_EVENTS ||
	       (s->share != NULL && share_size(s->share) >= MOST_WRITTEN);
}

/* Waits for the turn: from here on what is read is taken at once. */
static void go_direct(struct sheet *s)
{
	end_piece(s);
	turn_wait(&s->audit->turn, s->stretch.ticket);
	audit_take_segments(s, s->segment);
	s->direct = true;
}

/* Whether the judgement is needed yet when its turn comes; what can be written of it
 * now is. */
static bool is_to_be_kept(struct sheet *s, const struct judgement *j)
{
	bool kept = s->audit->options->taker != NULL && j->n_findings != 0;

	if (j->n_findings != 0 && s->audit->reports != NULL)
		kept = s->share == NULL || share_judgement(s->share, j) || kept;
	return kept || j->facts != NULL;
}

/* Texts of a reader are good until it is told. */
static const char *keep_text(struct sheet *s, const char *text)
{
	return s->direct ? text : arena_strdup(&s->told, text);
}

static void tell(struct sheet *s, struct event e)
{
	e.segment = s->segment;
	if (s->direct) {
		audit_take_event(s, s->stretch.segments[s->segment].file, &e);
		return;
	}
	end_piece(s);
	*add_event(s) = e;
}

static void on_waiver_note(void *to, const char *text)
{
	struct sheet *s = to;

	tell(s, (struct event){ .kind = EVENT_WAIVER_NOTE, .note = keep_text(s, text) });
}

static bool on_resource(void *to, struct resource *r)
{
	struct worker *w = to;
	struct sheet *s = w->sheet;
	struct judgement judgement, *kept;

	s->counts[s->segment].resources++;
	engine_judge(w->engine, r, &s->arena, &judgement);
	if (r->slots[FIELD_TEMPLATE_METADATA].kind == VALUE_MAP)
		waivers_tell_inline(s->audit->policy, r, &judgement, s->audit->options->all_rules,
				    &s->arena, on_waiver_note, s);
	if (!s->direct && is_full(s))
		go_direct(s);
	if (s->direct) {
		audit_take_judgement(s->audit, &judgement, NULL);
		return false;
	}
	if (!is_to_be_kept(s, &judgement))
		return false;
	kept = ARENA_NEW(&s->told, struct judgement);
	*kept = judgement;
	*add_event(s) =
	    (struct event){ .segment = s->segment, .kind = EVENT_JUDGEMENT, .judgement = kept };
	return true;
}

static void on_trouble_in(void *to, const char *file, enum trouble kind, struct place place,
			  const char *text)
{
	struct sheet *s = ((struct worker *)to)->sheet;

	tell(s, (struct event){ .kind = EVENT_TROUBLE,
				.trouble = { kind, place.line, place.column, keep_text(s, text),
					     file != NULL ? keep_text(s, file) : NULL } });
}

static void on_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
		       const char *text)
{
	on_trouble_in(to, NULL, kind, (struct place){ line, column }, text);
}

static void on_mark(void *to, const struct fetch_mark *mark)
{
	struct sheet *s = ((struct worker *)to)->sheet;

	tell(s, (struct event){ .kind = EVENT_MARK,
				.mark = { *mark, s->counts[s->segment].resources } });
}

static void on_note(void *to, const char *text)
{
	struct sheet *s = ((struct worker *)to)->sheet;

	tell(s, (struct event){ .kind = EVENT_NOTE, .note = keep_text(s, text) });
}

static void on_other(void *to, struct str first)
{
	struct sheet *s = ((struct worker *)to)->sheet;
	size_t len = first.len;

	if (s->counts[s->segment].others++ != 0)
		return;
	if (len >= sizeof(s->counts->what_else))
		len = 0;
	memcpy(s->counts[s->segment].what_else, first.data, len);
	s->counts[s->segment].what_else[len] = '\0';
}

/* Under -v: each name once, whatever the number of configurations. */
static void on_unknown(void *to, const char *parent, struct str name)
{
	struct sheet *s = ((struct worker *)to)->sheet;
	struct audit *a = s->audit;
	struct buf path = BUF_INIT(500);
	size_t i;

	buf_printf(&path, "%s%s", parent, *parent != '\0' ? "." : "");
	buf_put_str(&path, name);
	pthread_mutex_lock(&a->unknown_lock);
	for (i = 0; i < a->n_unknown; i++)
		if (str_equal(a->unknown[i], buf_str(&path)))
			break;
	if (i == a->n_unknown && i < sizeof(a->unknown) / sizeof(*a->unknown)) {
		a->unknown[a->n_unknown++] = arena_buf(&a->unknown_arena, &path);
		log_verbose("%s: the field '%s' is not known to this version and was passed over",
			    s->stretch.segments[s->segment].source.name, path.data);
	}
	pthread_mutex_unlock(&a->unknown_lock);
	buf_release(&path);
}

static void begin(struct sheet *s)
{
	arena_reset(&s->arena);
	arena_reset(&s->told);
	if (s->share != NULL)
		share_clear(s->share);
	s->n_events = s->next_event = s->handed = 0;
	if (s->stretch.n > s->cap_counts) {
		s->cap_counts = s->stretch.n;
		s->counts = mem_grow(s->counts, s->cap_counts * sizeof(*s->counts));
	}
	memset(s->counts, 0, s->stretch.n * sizeof(*s->counts));
	s->direct = s->audit->alone;
	s->turn.ticket = s->stretch.ticket;
}

static void read_segments(struct worker *w, struct sheet *s, const struct input_sink *sink)
{
	const struct audit *a = w->audit;
	struct segment *g;
	size_t i;

	for (i = 0; i < s->stretch.n; i++) {
		g = &s->stretch.segments[i];
		s->segment = i;
		/* what is read piece by piece may be of any size: nothing of it is kept */
		if (g->fd != -1 && !s->direct)
			go_direct(s);
		if (g->source.bytes.len != 0)
			input_read(g, a->inputs, a->needs, &s->arena, sink);
		if (s->direct) {
			arena_reset(&s->arena);
			audit_take_segments(s, i + 1);
		} else {
			end_piece(s);
		}
	}
}

void audit_read_sheet(struct worker *w)
{
	const struct input_sink sink = {
		.to = w,
		.learned = w->learned,
		.resource = on_resource,
		.trouble = on_trouble,
		.trouble_in = on_trouble_in,
		.other = on_other,
		.unknown = log_level_now() >= LOG_VERBOSE ? on_unknown : NULL,
		.mark = on_mark,
		.note = on_note,
	};
	struct sheet *s = w->sheet;

	begin(s);
	read_segments(w, s, &sink);
	if (w->audit->alone)
		audit_take_sheet(w->audit, &s->turn);
	else
		turn_done(&w->audit->turn, &s->turn, audit_take_sheet, w->audit);
}

void sheet_release(struct sheet *s)
{
	stretch_release(&s->stretch);
	arena_release(&s->arena);
	arena_release(&s->told);
	share_free(s->share);
	free(s->events);
	free(s->counts);
}
