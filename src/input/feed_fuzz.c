/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a file, cut into stretches of a few bytes and not cut at all: no
 * crash, no hang; what reads without trouble reads the same however it is cut, and
 * what does not is never read without.
 */
#include "input/feed_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct log {
	struct buf text;
	unsigned troubles;
	/* How much of the file is seen decides these: another input took it; each document
	 * has to end on its line. */
	bool foreign, lines;
};

static bool log_resource(void *to, struct resource *r)
{
	struct log *log = to;
	struct place place = source_place(r->source, r->place);

	buf_printf(&log->text, "%u:%u %d ", place.line, place.column, r->summary);
	value_show(&log->text, &r->slots[FIELD_ARN], 200);
	value_show(&log->text, &r->slots[FIELD_TAGS], 200);
	buf_putc(&log->text, '\n');
	return false;
}

static void log_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			const char *text)
{
	struct log *log = to;

	/* a page of several is read whole all the same */
	log->troubles += kind != TROUBLE_MISSING;
	if (kind == TROUBLE_MISSING)
		buf_printf(&log->text, "! %u:%u %s\n", line, column, text);
}

static void log_other(void *to, struct str first)
{
	buf_puts(&((struct log *)to)->text, "? ");
	buf_put_str(&((struct log *)to)->text, first);
	buf_putc(&((struct log *)to)->text, '\n');
}

static void run(struct log *log, const char *path, size_t stretch_size)
{
	const char *const paths[] = { path };
	const struct input_sink sink = {
		.to = log, .resource = log_resource, .trouble = log_trouble, .other = log_other
	};
	struct arena arena = ARENA_INIT;
	struct inputs *inputs = inputs_new(NULL);
	struct feed *feed = feed_new(paths, 1, -1);
	struct stretch stretch = { 0 };
	size_t i;

	feed->stretch_size = stretch_size;

	while (feed_next(feed, &stretch))
		for (i = 0; i < stretch.n; i++) {
			struct segment *g = &stretch.segments[i];

			log->lines |= g->kind == SEGMENT_LINES;
			log->foreign |= g->input != NULL && g->input != &input_json;
			if (g->input == &input_json && g->source.bytes.len != 0)
				input_read(
				    g, inputs,
				    resource_closure(FIELD_BIT(FIELD_ARN) | FIELD_BIT(FIELD_TAGS)),
				    &arena, &sink);
			else if (g->kind == SEGMENT_TROUBLE)
				log_trouble(log, g->trouble, g->source.first_line,
					    g->source.first_column, g->text);
			if (g->ends_file) {
				free(g->file->name);
				free(g->file);
			}
			arena_reset(&arena);
		}
	stretch_release(&stretch);
	feed_free(feed);
	arena_release(&arena);
	inputs_free(inputs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log whole = { .text = BUF_INIT(0) }, cut = { .text = BUF_INIT(0) };
	char path[32];
	int fd = file_temporary();
	bool alike;

	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	if (fd != -1 && size != 0 && write(fd, data, size) == (ssize_t)size) {
		run(&whole, path, (size_t)1 << 16);
		run(&cut, path, 16 + size % 100);
		alike = !whole.foreign && !cut.foreign && whole.lines == cut.lines;
		if (alike && (whole.troubles == 0) != (cut.troubles == 0))
			abort();
		if (alike && whole.troubles == 0 &&
		    !str_equal(buf_str(&whole.text), buf_str(&cut.text)))
			abort();
	}
	if (fd != -1)
		close(fd);
	buf_release(&whole.text);
	buf_release(&cut.text);
	return 0;
}
