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
	rd->wrong_type = false;
	return true;
}

static void read_documents(struct json_reader *rd, bool lines)
{
	struct json *j = &rd->json;
	const char *start, *line_end;

	while (!json_at_end(j)) {
		start = j->next;
		if (json_read_document(rd, 0) == 0)
			continue;
		if (lines) {
			/* what follows on the next line is another document's */
			line_end = memchr(start, '\n', (size_t)(j->end - start));
			if (line_end != NULL && j->error_at > line_end) {
				j->error = "a document that does not end on its line";
				j->error_at = line_end;
			}
		}
		json_tell_trouble(rd, TROUBLE_REFUSED, j->error_at, j->error);
		if (!recover(rd, start, JSON_CUT_VALUE, lines))
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
	switch (segment->kind) {
	case SEGMENT_LINES:
	case SEGMENT_DOCUMENTS:
		read_documents(&rd, segment->kind == SEGMENT_LINES);
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
