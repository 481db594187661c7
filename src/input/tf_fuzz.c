/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a plan or a state, from memory and through a small window: no
 * crash, no hang, the same both ways, and places inside the text.
 */
#include <stddef.h>
#define TF_WINDOW fuzz_window
static size_t fuzz_window = 128;
#include "input/input_tf.c"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "model/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct log {
	struct buf text;
	uint32_t lines;
};

static bool take_resource(void *to, struct resource *r)
{
	struct log *log = to;
	struct arena arena = ARENA_INIT;
	struct subject subject;
	struct place place;
	int i;

	resource_subject(r, &arena, &subject);
	buf_put_str(&log->text, subject.id);
	for (i = 0; i < N_FIELDS; i++) {
		if (!field_is_of(i, r->kind))
			continue;
		place = source_place(r->source, r->slots[i].place);
		if (place.line > log->lines)
			abort();
		buf_printf(&log->text, " %u:%u ", place.line, place.column);
		value_show(&log->text, &r->slots[i], 100);
	}
	buf_putc(&log->text, '\n');
	arena_release(&arena);
	return false;
}

static void take_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			 const char *text)
{
	if (line == 0 || column == 0 || *text == '\0')
		abort();
	buf_printf(&((struct log *)to)->text, "! %d %u:%u %s\n", (int)kind, line, column, text);
}

static void take_other(void *to, struct str first)
{
	(void)to;
	(void)first;
}

static void run(struct log *log, bool channels, const char *bytes, size_t size, int fd)
{
	const struct input_options options = { .channels = channels,
					       .channel_needs = field_set_of(KIND_CHANNEL) };
	struct inputs *inputs = inputs_new(&options);
	const struct input_sink sink = {
		.to = log, .resource = take_resource, .trouble = take_trouble, .other = take_other
	};
	struct segment segment = {
		.kind = SEGMENT_STREAM, .fd = fd, .wake_fd = -1, .regular = true
	};
	struct arena arena = ARENA_INIT;

	segment.source = (struct source){
		.name = "fuzz", .bytes = { bytes, size }, .first_line = 1, .first_column = 1
	};
	buf_clear(&log->text);
	input_tf.read(&segment, inputs, ~(field_set)0 >> (64 - N_FIELDS), &arena, &sink);
	arena_release(&arena);
	inputs_free(inputs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = mem_alloc(size + JSON_PADDING);
	struct log one = { .text = BUF_INIT(0), .lines = 1 }, two = { .text = BUF_INIT(0) };
	int fd = file_temporary();
	size_t i;

	memset(bytes + size, 0, JSON_PADDING);
	if (size != 0)
		memcpy(bytes, data, size);
	for (i = 0; i < size; i++)
		one.lines += bytes[i] == '\n';
	two.lines = one.lines;
	run(&one, true, bytes, size, -1);
	run(&one, false, bytes, size, -1);
	/* the offset of the descriptor says how much of it was read */
	if (fd != -1 && size != 0 && write(fd, bytes, size) == (ssize_t)size) {
		run(&two, false, bytes, size, fd);
		if (!str_equal(buf_str(&one.text), buf_str(&two.text)))
			abort();
	}
	if (fd != -1)
		close(fd);
	buf_release(&one.text);
	buf_release(&two.text);
	free(bytes);
	return 0;
}
