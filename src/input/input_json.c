/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saved answers of the IVS API, as the AWS CLI and SDKs print them, to resources: from
 * one document or member of a segment to the next, also where one is refused. What a
 * document is json_answer.c knows.
 */
#include "input/json_reader.h"

#include <string.h>

#include "input/json_cut.h"

/* Goes on after a value that was refused; false when nothing shows where. */
static bool recover(struct json_reader *rd, const char *start, enum json_cut_at at,
		    bool whole_lines)
{
	struct json *j = &rd->json;
	const char *next;

	if (whole_lines) {
		next = memchr(j->error_at, '\n', (size_t)(j->end - j->error_at));
		next = next != NULL ? next + 1 : j->end;
	} else {
		next = json_cut_next(start, j->end, at).last;
	}
	if (next == NULL || next <= start)
		return false;
	j->next = next;
	j->error = NULL;
	j->depth = 0;
	rd->not_as_printed = false;
	return true;
}

/* Where lines of the segment end, from the one at hand on, as its source notes them. */
struct line_ends {
	const char *bytes;
	const uint32_t *next, *end;
};

/* The same where it is not the next that is noted. */
__attribute__((noinline)) static const char *look_for_line_end(struct line_ends *ends,
							       const char *p, const char *end)
{
	const char *newline;

	for (; ends->next < ends->end; ends->next++)
		if (ends->bytes + *ends->next > p)
			return ends->bytes + *ends->next - 1;
	newline = memchr(p, '\n', (size_t)(end - p));
	return newline != NULL ? newline : end;
}

/* Where the line of a document ends that begins at p. */
static inline const char *end_of_line(struct line_ends *ends, const char *p, const char *end)
{
	const char *noted;

	if (ends->next < ends->end && (noted = ends->bytes + *ends->next) > p) {
		ends->next++;
		return noted - 1;
	}
	return look_for_line_end(ends, p, end);
}

/* Goes on behind a document that was refused; false when nothing shows where. */
__attribute__((noinline)) static bool leave_document(struct json_reader *rd, const char *start,
						     bool lines)
{
	struct json *j = &rd->json;

	/* what follows on the next line is another document's */
	if (j->error == NULL || j->error_at > rd->line_end) {
		j->error = NULL;
		json_fail_past_line(rd);
	}
	json_tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
	return recover(rd, start, JSON_CUT_VALUE, lines);
}

/*
 * Lines: each document has to end on its own. How many of them a stretch holds is by
 * chance, and must not decide what is read.
 */
static void read_documents(struct json_reader *rd, bool lines)
{
	const struct source *source = &rd->segment->source;
	struct line_ends ends = { .bytes = source->bytes.data };
	struct json *j = &rd->json;
	const char *start;

	if (source->n_line_ends != 0) {
		ends.next = source->line_ends;
		ends.end = ends.next + source->n_line_ends;
	}
	while (!json_at_end(j)) {
		start = j->next;
		/* a line may hold several */
		if (lines && start >= rd->line_end)
			rd->line_end = end_of_line(&ends, start, j->end);
		if (json_read_document(rd, 0) == -1 || j->next > rd->line_end)
			if (!leave_document(rd, start, lines))
				return;
	}
}

/* Members without their list's brackets, which the feed has seen. */
static void read_bare_members(struct json_reader *rd)
{
	struct segment *s = rd->segment;
	struct json *j = &rd->json;
	const char *start;
	bool first = true;
	int rc;

	for (;; first = false) {
		if (!first) {
			if (json_at_end(j))
				break;
			if (*j->next != ',') {
				json_skip(j); /* for what it says of a stray character */
				json_fail(j, j->next, "expected ',' or ']'");
				json_tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
				return;
			}
			j->next++;
		}
		if (json_at_end(j)) {
			if (first || s->comma_after)
				return;
			json_tell_trouble(rd, TROUBLE_REFUSED, j->next, "a comma before ']'");
			return;
		}
		start = j->next;
		rc = s->list ? json_read_configuration(rd, true) : json_read_document(rd, 1);
		if (rc == 0)
			continue;
		json_tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
		if (!recover(rd, start, JSON_CUT_COMMA, false))
			return;
		j->next--; /* to the comma */
	}
	if (s->comma_after)
		json_tell_trouble(rd, TROUBLE_REFUSED, j->end, "expected ','");
}

static bool recognise(const struct input_head *head)
{
	static const char *const endings[] = { ".json", ".ndjson", ".jsonl", NULL };

	return head->json || head->asked_for || input_named(head->name, endings);
}

static void read_segment(struct segment *segment, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct input_sink *sink)
{
	struct json_reader rd = {
		.shape = inputs_json_shape(inputs),
		.learned = sink->learned,
		.survey = (needs & FIELD_BIT(FIELD_CHANNELS)) != 0 ? inputs_survey(inputs) : NULL,
		.wants_channels = (needs & FIELD_BIT(FIELD_CHANNELS)) != 0,
		.needs = needs,
		.fills = resource_fills(needs),
		.arena = arena,
		.sink = sink,
		.segment = segment,
		.index = segment->first_index,
	};
	struct json_channels channels = { .json = &rd.json,
					  .segment = segment,
					  .arena = arena,
					  .sink = sink,
					  .index = segment->first_index };

	if (inputs_want_channels(inputs, &channels.needs))
		rd.channels = &channels;
	json_init(&rd.json, segment->source.bytes, arena);
	rd.line_end = rd.json.end;
	switch (segment->kind) {
	case SEGMENT_LINES:
		rd.line_end = segment->source.bytes.data; /* of none */
		read_documents(&rd, true);
		return;
	case SEGMENT_DOCUMENTS:
		read_documents(&rd, false);
		return;
	case SEGMENT_MEMBERS:
		read_bare_members(&rd);
		return;
	default:
		return;
	}
}

const struct input input_json = {
	.name = "json", .takes = INPUT_CUT, .recognise = recognise, .read = read_segment
};
