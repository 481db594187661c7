/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One after the other. Knows segments, and what a fetch says of itself at its end; does
 * not know what is looked for.
 */
#include "cmd/read_each.h"

#include <stdlib.h>

#include "input/fetched.h"

struct reading {
	const struct each *each;
	struct input_file *file; /* of the segment at hand */
};

static bool on_resource(void *to, struct resource *r)
{
	struct reading *reading = to;

	reading->file->resources++;
	reading->each->resource(reading->each->to, r);
	return false;
}

static void on_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
		       const char *text)
{
	const struct reading *reading = to;
	const struct each *each = reading->each;

	if (kind == TROUBLE_UNSEEN && each->unseen != NULL) {
		each->unseen(each->to, reading->file->name, line, column, text);
		return;
	}
	if (kind != TROUBLE_NOT_FETCHED)
		reading->file->refusals++;
	each->trouble(each->to, reading->file->name, line, column, text);
}

/* NULL: the end of the file. */
static void on_mark(void *to, const struct fetch_mark *mark)
{
	const struct reading *reading = to;
	struct input_file *file = reading->file;
	enum trouble kind;
	uint32_t line;
	const char *wrong =
	    fetched_take(&file->fetched, mark, file->resources, file->refusals, &kind, &line);

	if (wrong != NULL)
		reading->each->trouble(reading->each->to, file->name, line, line != 0, wrong);
}

static void on_other(void *to, struct str first)
{
	(void)to;
	(void)first;
}

static void read_segment(struct segment *g, struct inputs *inputs, field_set needs,
			 struct arena *arena, const struct each *each)
{
	struct reading reading = { each, g->file };
	const struct input_sink sink = {
		.to = &reading,
		.resource = on_resource,
		.trouble = on_trouble,
		.other = on_other,
		.mark = on_mark,
	};

	if (g->source.bytes.len != 0)
		input_read(g, inputs, needs, arena, &sink);
	if (g->kind == SEGMENT_TROUBLE)
		each->trouble(each->to, g->file->name, g->source.first_line, g->source.first_column,
			      g->text);
	if (g->ends_file) {
		if (g->file->fetched.is)
			on_mark(&reading, NULL);
		free(g->file->name);
		free(g->file);
	}
}

void read_each(const struct input_options *options, field_set needs, const struct each *each)
{
	struct inputs *inputs = inputs_new(options);
	struct feed *feed = feed_new(options->paths, options->n_paths, -1);
	struct stretch stretch = { .n = 0 };
	struct arena arena = ARENA_INIT;
	size_t i;

	while (feed_next(feed, &stretch))
		for (i = 0; i < stretch.n; i++) {
			read_segment(&stretch.segments[i], inputs, needs, &arena, each);
			arena_reset(&arena);
		}
	arena_release(&arena);
	stretch_release(&stretch);
	feed_free(feed);
	inputs_free(inputs);
}
