/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as documents, as lines, and as members of a list: no crash, no hang,
 * and what was read has places inside the text.
 */
#include "input/input.h"

#include <stdlib.h>

#include "model/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take_resource(void *to, struct resource *r)
{
	const size_t *size = to;
	size_t i;

	for (i = 0; i < N_FIELDS; i++)
		if (r->slots[i].kind != VALUE_ABSENT && r->slots[i].place.line == 0 &&
		    r->slots[i].place.column != UINT32_MAX && r->slots[i].place.column > *size)
			abort();
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

static void take_mark(void *to, const struct fetch_mark *mark)
{
	(void)to;
	if (mark->line == 0)
		abort();
}

static void take_other(void *to, struct str first)
{
	(void)to;
	(void)first;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum segment_kind kinds[] = { SEGMENT_DOCUMENTS, SEGMENT_LINES,
						   SEGMENT_MEMBERS };
	const struct input_sink sink = {
		.to = &size,
		.resource = take_resource,
		.trouble = take_trouble,
		.other = take_other,
		.mark = take_mark,
	};
	struct arena arena = ARENA_INIT;
	struct inputs *inputs = inputs_new(NULL);
	char *bytes = mem_alloc(size + JSON_PADDING);
	size_t i;

	for (i = 0; i < 2 * sizeof(kinds) / sizeof(*kinds); i++) {
		struct segment segment = { .kind = kinds[i / 2],
					   .input = &input_json,
					   .fetched = i % 2 != 0,
					   .list = true,
					   .first_index = 1 };

		memset(bytes + size, 0, JSON_PADDING);
		if (size != 0)
			memcpy(bytes, data, size);
		source_init(&segment.source, "fuzz", (struct str){ bytes, size });
		input_read(&segment, inputs, ~(field_set)0 >> (64 - N_FIELDS), &arena, &sink);
		arena_reset(&arena);
	}
	free(bytes);
	arena_release(&arena);
	inputs_free(inputs);
	return 0;
}
