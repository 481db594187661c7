/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a template: no crash, no hang, places inside the text, and what
 * is unknown has a reason.
 */
#include "input/input.h"

#include <stdlib.h>

#include "model/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_value(const struct value *v, unsigned depth)
{
	uint32_t i;

	if (depth > 200)
		abort();
	if (v->kind == VALUE_UNKNOWN && (v->why == NULL || *v->why == '\0'))
		abort();
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		check_value(&v->items[i], depth + 1);
	for (i = 0; v->kind == VALUE_MAP && (v->flags & VALUE_WRITTEN) == 0 && i < v->n; i++)
		check_value(&v->entries[i].value, depth + 1);
}

static bool take_resource(void *to, struct resource *r)
{
	struct place place = source_place(r->source, r->place);
	size_t i;

	(void)to;
	if (place.line == 0 || place.column == 0 || r->logical_id.data == NULL)
		abort();
	for (i = 0; i < N_FIELDS; i++)
		if (field_is_of((int)i, r->kind))
			check_value(&r->slots[i], 0);
	return false;
}

static void take_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			 const char *text)
{
	(void)to;
	(void)kind;
	if (line == 0 || column == 0 || *text == '\0')
		abort();
}

static void take_other(void *to, struct str first)
{
	(void)to;
	(void)first;
}

static void run(const struct input_options *options, const uint8_t *data, size_t size)
{
	const struct input_sink sink = { .resource = take_resource,
					 .trouble = take_trouble,
					 .other = take_other };
	struct arena arena = ARENA_INIT;
	struct inputs *inputs = inputs_new(options);
	struct segment segment = {
		.kind = SEGMENT_DOCUMENT, .input = &input_cfn, .first_index = 1, .fd = -1
	};
	char *bytes = mem_alloc(size + JSON_PADDING);

	memset(bytes + size, 0, JSON_PADDING);
	if (size != 0)
		memcpy(bytes, data, size);
	source_init(&segment.source, "fuzz", (struct str){ bytes, size });
	input_read(&segment, inputs, ~(field_set)0 >> (64 - N_FIELDS), &arena, &sink);
	free(bytes);
	arena_release(&arena);
	inputs_free(inputs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct input_options channels = { .channels = true,
						.channel_needs = field_set_of(KIND_CHANNEL) };

	run(NULL, data, size);
	run(&channels, data, size);
	return 0;
}
