/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of whole templates: a file read as a run would read it, and what came
 * of it in one line.
 */
#ifndef INPUT_CFN_FIXTURE_H
#define INPUT_CFN_FIXTURE_H

#include "input/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What was read: "id line:column; ", with "!line:column text; " for a trouble,
 * "?line:column text; " for what is in no file, and
 * "~line:column property; " for a mistake. */
struct log {
	struct buf text;
	unsigned resources;
};

static bool log_resource(void *to, struct resource *r)
{
	struct log *log = to;
	const struct value *mistakes = &r->slots[FIELD_TEMPLATE_MISTAKES];
	struct place place = source_place(r->source, r->place);
	uint32_t i;

	log->resources++;
	buf_put_str(&log->text, r->logical_id);
	buf_printf(&log->text, " %u:%u; ", place.line, place.column);
	for (i = 0; i < mistakes->n; i++) {
		place = source_place(r->source, mistakes->items[i].place);
		buf_printf(&log->text, "~%u:%u %.*s; ", place.line, place.column,
			   STR_ARG(value_str(value_get(&mistakes->items[i], STR("property")))));
	}
	return false;
}

static void log_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			const char *text)
{
	assert_true(line > 0 && column > 0);
	buf_printf(&((struct log *)to)->text, "%c%u:%u %s; ", kind == TROUBLE_UNSEEN ? '?' : '!',
		   line, column, text);
}

static void log_other(void *to, struct str first)
{
	(void)to;
	(void)first;
}

static void read_path(const char *path, struct log *log)
{
	const char *const paths[] = { path };
	const struct input_options options = { .paths = paths, .n_paths = 1 };
	const struct input_sink sink = {
		.to = log, .resource = log_resource, .trouble = log_trouble, .other = log_other
	};
	struct inputs *inputs = inputs_new(&options);
	struct feed *feed = feed_new(paths, 1, -1);
	struct stretch stretch = { 0 };
	struct arena arena = ARENA_INIT;
	size_t i;

	while (feed_next(feed, &stretch))
		for (i = 0; i < stretch.n; i++) {
			struct segment *g = &stretch.segments[i];

			if (g->source.bytes.len != 0 && g->input == &input_cfn)
				input_read(g, inputs, ~(field_set)0 >> (64 - N_FIELDS), &arena,
					   &sink);
			else if (g->kind == SEGMENT_TROUBLE)
				log_trouble(log, g->trouble, 1, 1, g->text);
			if (g->ends_file) {
				free(g->file->name);
				free(g->file);
			}
			arena_reset(&arena);
		}
	stretch_release(&stretch);
	feed_free(feed);
	inputs_free(inputs);
	arena_release(&arena);
}

#endif
