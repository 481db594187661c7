/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the reader of saved answers, shared by its files: input_json.c goes from
 * document to document, json_answer.c knows what stands around configurations,
 * json_strict.c reads one of them. What nearly all documents hold is read
 * here, without a call. Nobody else includes this.
 */
#ifndef INPUT_JSON_READER_H
#define INPUT_JSON_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limit.h"
#include "input/input.h"
#include "input/json_channel.h"
#include "input/json_learned.h"
#include "input/json_shape.h"
#include "input/survey.h"
#include "model/json.h"
#include "model/json_scan.h"

struct json_reader {
	struct json json;
	const struct json_shape *shape;
	struct json_learned *learned; /* or NULL */
	const struct survey *survey;  /* or NULL */
	bool wants_channels;
	struct json_channels *channels; /* where a rule judges them, or NULL */
	field_set needs;
	struct arena *arena;
	struct arena_mark mark; /* to rewind to when a row is not kept */
	const struct input_sink *sink;
	struct segment *segment;
	struct resource *row;
	field_set stale; /* fields of which the row may hold something from before */
	field_set fills; /* that resource_complete may fill */
	uint32_t index;
	const char *line_end; /* where the document has to end: its newline, or the bytes' end */
	/* The child that came after each node the last time, and as the first of
	 * each node, NULL to begin with: programs print members in an order of
	 * their own, always the same. */
	const struct node *after[N_FIELDS + 1], *first_of[N_FIELDS + 1];
	bool not_as_printed; /* the error is of a type or a key, not of grammar */
};

/* To be made part of what calls it, for all documents come by. */
#define QUICK inline __attribute__((always_inline))

/* ---- json_strict.c ---- */

/* The configuration that j stands before into the row, and learns how it is written. */
int json_read_strictly(struct json_reader *rd);

/* ---- json_answer.c ---- */

/* A row for the reader, which has none. */
void json_make_row(struct json_reader *rd);
void json_tell_trouble(struct json_reader *rd, enum trouble kind, const char *at, const char *text);
/* Fails: the document goes on behind rd->line_end. */
int json_fail_past_line(struct json_reader *rd);
/* {"recordingConfiguration": {...}}, {"recordingConfigurations": [...], "nextToken": ...}.
 * one: the first of these is read already. */
int json_read_envelope(struct json_reader *rd, unsigned depth, bool one);
/* What is not a configuration in an envelope of its own. depth: arrays around it. */
int json_read_other(struct json_reader *rd, unsigned depth);

/* ---- what all documents come by ---- */

/* The configuration that j stands before into the row: as learned, or else strictly. */
static inline int json_read_row(struct json_reader *rd)
{
	if (rd->learned == NULL || !json_learned_read(rd->learned, &rd->json, rd->row, rd->needs))
		return json_read_strictly(rd);
	resource_empty(rd->row, rd->stale & ~rd->row->there);
	rd->stale = rd->row->there | rd->fills;
	return 0;
}

/* A row for what j stands before. */
static inline void json_new_row(struct json_reader *rd, enum source_kind kind)
{
	if (rd->row == NULL)
		json_make_row(rd);
	resource_begin(rd->row, &rd->segment->source, json_place(&rd->json, rd->json.next), kind);
}

static inline void json_give(struct json_reader *rd)
{
	if (rd->survey != NULL)
		survey_fill(rd->survey, rd->row, rd->arena);
	resource_complete(rd->row, rd->needs, rd->arena);
	if (rd->sink->resource(rd->sink->to, rd->row))
		rd->row = NULL;
	else
		arena_rewind(rd->arena, rd->mark);
}

/* An object that an envelope calls a recording configuration. */
QUICK static int json_read_configuration(struct json_reader *rd, bool summary)
{
	struct json *j = &rd->json;

	if (json_peek(j) != '{')
		return json_fail(j, j->next,
				 j->next >= j->end
				     ? "unexpected end, expected a value"
				     : "a recording configuration that is not an object");
	json_new_row(rd, rd->segment->fetched ? SOURCE_API : SOURCE_JSON);
	rd->row->index = rd->index++;
	rd->row->summary = summary;
	if (json_read_row(rd) == -1)
		return -1;
	if (j->next > rd->line_end)
		return json_fail_past_line(rd);
	json_give(rd);
	return 0;
}

/* The rest of an envelope whose first member is a configuration; inside: behind its
 * colon. */
QUICK static int json_read_inside(struct json_reader *rd, unsigned depth, const char *inside)
{
	struct json *j = &rd->json;
	const char *p;

	j->next = inside;
	j->depth++;
	if (json_read_configuration(rd, false) == -1)
		return -1;
	p = json_scan_blanks(j->next);
	if (*p != '}')
		return json_read_envelope(rd, depth, true);
	j->next = p + 1;
	j->depth--;
	return 0;
}

/* Behind `{"recordingConfiguration":`, which is what nearly all documents begin with;
 * else NULL. */
static inline const char *json_open_envelope(const struct json *j)
{
	static const char name[] = "\"recordingConfiguration\"";
	const char *p = j->next;

	_Static_assert(sizeof(name) - 1 == 24, "compared as twice 16 bytes");
	if (*p != '{' || j->error != NULL || j->depth >= LIMIT_JSON_DEPTH)
		return NULL;
	p = json_scan_blanks(p + 1);
	/* a comparison of constant length needs no call, and there is padding */
	if (!str_same(p, name, 16) || !str_same(p + 8, name + 8, 16))
		return NULL;
	p = json_scan_blanks(p + sizeof(name) - 1);
	return *p == ':' ? p + 1 : NULL;
}

QUICK static int json_read_document(struct json_reader *rd, unsigned depth)
{
	struct json *j = &rd->json;
	const char *inside;

	json_peek(j);
	if (!rd->segment->fetched && (inside = json_open_envelope(j)) != NULL)
		return json_read_inside(rd, depth, inside);
	return json_read_other(rd, depth);
}

#endif
