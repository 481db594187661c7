/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as documents, as lines, and as members of a list: no crash, no hang,
 * what was read has places inside the text, and is the same where it is read as
 * learned from the time before.
 */
#include "input/input.h"

#include <stdlib.h>

#include "input/json_learned.h"
#include "model/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read of so many bytes. */
struct seen {
	size_t size;
	uint64_t sum;
};

static void add(struct seen *seen, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	while (n-- > 0)
		seen->sum = (seen->sum ^ *p++) * UINT64_C(1099511628211);
}

static void add_value(struct seen *seen, const struct value *v)
{
	uint32_t i;

	add(seen, &v->kind, sizeof(v->kind));
	if (v->kind != VALUE_ABSENT)
		add(seen, &v->place.column, sizeof(v->place.column));
	if (v->kind == VALUE_STRING)
		add(seen, v->text, v->n);
	else if (v->kind == VALUE_NUMBER)
		add(seen, &v->mantissa, sizeof(v->mantissa));
	for (i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		add_value(seen, &v->items[i]);
	for (i = 0; v->kind == VALUE_MAP && (v->flags & VALUE_WRITTEN) == 0 && i < v->n; i++) {
		add(seen, v->entries[i].key.data, v->entries[i].key.len);
		add_value(seen, &v->entries[i].value);
	}
}

static bool take_resource(void *to, struct resource *r)
{
	struct seen *seen = to;
	size_t i;

	for (i = 0; i < N_FIELDS; i++)
		if (field_is_of((int)i, r->kind))
			add_value(seen, &r->slots[i]);

	for (i = 0; i < N_FIELDS; i++)
		if (field_is_of((int)i, r->kind) && r->slots[i].kind != VALUE_ABSENT &&
		    r->slots[i].place.line == 0 && r->slots[i].place.column != UINT32_MAX &&
		    r->slots[i].place.column > seen->size)
			abort();
	return false;
}

static void take_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			 const char *text)
{
	struct seen *seen = to;

	add(seen, &kind, sizeof(kind));
	add(seen, &line, sizeof(line));
	add(seen, &column, sizeof(column));
	add(seen, text, strlen(text));
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
	struct seen strict = { .size = size }, seen;
	struct input_sink sink = {
		.to = &seen,
		.resource = take_resource,
		.trouble = take_trouble,
		.other = take_other,
		.mark = take_mark,
	};
	struct arena arena = ARENA_INIT, forms = ARENA_INIT;
	/* channels are resources as well */
	const struct input_options options = { .channels = true,
					       .channel_needs = field_set_of(KIND_CHANNEL) };
	struct inputs *both[] = { inputs_new(NULL), inputs_new(&options) }, *inputs = both[0];
	struct json_learned *learned[] = { json_learned_new(inputs_json_shape(inputs), &forms),
					   json_learned_new(inputs_json_shape(inputs), &forms) };
	char *bytes = mem_alloc(size + JSON_PADDING);
	size_t i, again;

	json_learned_use(learned[0], JSON_PLAIN); /* the other is as wide as can be */
	for (i = 0; i < 4 * sizeof(kinds) / sizeof(*kinds); i++) {
		inputs = both[i % 2];
		for (again = 0; again < 5; again++) {
			struct segment segment = { .kind = kinds[i / 4],
						   .input = &input_json,
						   .fetched = i / 2 % 2 != 0,
						   .list = true,
						   .first_index = 1 };

			seen = (struct seen){ .size = size };
			sink.learned = again != 0 ? learned[again % 2] : NULL;
			memset(bytes + size, 0, JSON_PADDING);
			if (size != 0)
				memcpy(bytes, data, size);
			source_init(&segment.source, "fuzz", (struct str){ bytes, size });
			input_read(&segment, inputs, ~(field_set)0 >> (64 - N_FIELDS), &arena,
				   &sink);
			arena_reset(&arena);
			if (again == 0)
				strict = seen;
			else if (seen.sum != strict.sum)
				abort();
		}
	}
	free(bytes);
	arena_release(&arena);
	arena_release(&forms);
	inputs_free(both[0]);
	inputs_free(both[1]);
	return 0;
}
