/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of the feed: a text read in stretches of any size, and what was told of
 * it in a line each. A test includes it once.
 */
#ifndef INPUT_FEED_FIXTURE_H
#define INPUT_FEED_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "input/feed_inside.h"

static size_t test_stretch_size = 256;

/* What was read, in one line each: "id line:column", "! trouble", "? other". */
struct log {
	struct buf text;
	struct input_file *file;
};

static bool log_resource(void *to, struct resource *r)
{
	struct log *log = to;
	struct place place = source_place(r->source, r->place);

	buf_put_str(&log->text, value_str(&r->slots[FIELD_ID]));
	buf_printf(&log->text, " %u:%u%s\n", place.line, place.column,
		   r->summary ? " summary" : "");
	return false;
}

static void log_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			const char *text)
{
	(void)kind;
	buf_printf(&((struct log *)to)->text, "! %u:%u %s\n", line, column, text);
}

static void log_other(void *to, struct str first)
{
	buf_printf(&((struct log *)to)->text, "? %.*s\n", STR_ARG(first));
}

/* What a stretch holds, into the log. */
static void log_stretch(struct log *log, struct stretch *stretch, struct inputs *inputs)
{
	const struct input_sink sink = {
		.to = log, .resource = log_resource, .trouble = log_trouble, .other = log_other
	};
	field_set needs = resource_closure(FIELD_BIT(FIELD_ID) | FIELD_BIT(FIELD_TAGS));
	struct arena arena = ARENA_INIT;
	size_t i;

	for (i = 0; i < stretch->n; i++) {
		struct segment *g = &stretch->segments[i];

		if (g->source.bytes.len != 0)
			input_read(g, inputs, needs, &arena, &sink);
		else if (g->kind == SEGMENT_TROUBLE)
			log_trouble(log, g->trouble, g->source.first_line, g->source.first_column,
				    g->text);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static void free_files(struct stretch *stretch)
{
	size_t i;

	for (i = 0; i < stretch->n; i++)
		if (stretch->segments[i].ends_file) {
			free(stretch->segments[i].file->name);
			free(stretch->segments[i].file);
		}
}

/* Reads a path to the end; the text is the caller's. */
static struct buf read_path(const char *path)
{
	const char *const paths[] = { path };
	struct log log = { .text = BUF_INIT(0) };
	struct inputs *inputs = inputs_new(NULL);
	struct feed *feed = feed_new(paths, 1, -1);
	struct stretch stretch = { 0 };

	feed->stretch_size = test_stretch_size;
	while (feed_next(feed, &stretch)) {
		log_stretch(&log, &stretch, inputs);
		free_files(&stretch);
	}
	stretch_release(&stretch);
	feed_free(feed);
	inputs_free(inputs);
	return log.text;
}

static struct buf read_text(const char *name, struct str text)
{
	char path[] = "/tmp/ivslint-feed-XXXXXX";
	int fd = mkstemp(path);
	struct buf got;

	(void)name;
	assert_true(fd != -1);
	assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
	close(fd);
	got = read_path(path);
	unlink(path);
	return got;
}

#define ONE(id)                                                                                    \
	"{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/" id                                   \
	"\",\"recordingReconnectWindowSeconds\":0}"

/* Strings that a careless cutter would trip over. */
static const char *const tags[] = {
	"\"Owner\": \"video\"",
	"\"a\": \"}, {\", \"b\": \"\\\"],\"",
	("\"long\": "
	 "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
	"\"\\\\\": \"\\\\\\\\\", \"e\": \"\xc3\xa9\xe2\x82\xac[{\"",
	"",
};

static void put_configuration(struct buf *b, int i, const char *newline)
{
	buf_printf(
	    b,
	    "{%s\"arn\": \"arn:aws:ivs:us-west-2:123456789012:recording-configuration/id%d\","
	    "%s\"tags\": {%s},%s\"thumbnailConfiguration\": {}%s}",
	    newline, i, newline, tags[i % 5], newline, newline);
}

#endif
