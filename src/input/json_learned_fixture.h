/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of reading as learned: configurations written in several ways, and a text
 * read strictly and as learned side by side. A test includes it once.
 */
#ifndef INPUT_JSON_LEARNED_FIXTURE_H
#define INPUT_JSON_LEARNED_FIXTURE_H

#include "input/json_learned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limit.h"
#include "input/input.h"

static const char compact[] =
    "{\"recordingConfiguration\":{\"arn\":\"arn:aws:ivs:us-west-2:123456789012:"
    "recording-configuration/abcdefABCDEF\",\"destinationConfiguration\":{\"s3\":{\"bucketName\":"
    "\"acme-prod\"}},\"name\":\"prod-1\",\"recordingReconnectWindowSeconds\":60,"
    "\"renditionConfiguration\":{\"renditionSelection\":\"CUSTOM\",\"renditions\":[\"HD\","
    "\"SD\"]},\"state\":\"ACTIVE\",\"tags\":{\"Owner\":\"video\",\"a:b\":\"x y\"},"
    "\"thumbnailConfiguration\":{\"recordingMode\":\"INTERVAL\",\"resolution\":null,\"storage\":"
    "[\"LATEST\"],\"targetIntervalSeconds\":5}}}";
static const char spaced[] =
    "{\"recordingConfiguration\": { \"tags\": {}, \"name\" : \"\\u00c9t\xC3\xA9\", "
    "\"thumbnailConfiguration\": {\"storage\": [], \"recordingMode\": \"DISABLED\"} ,"
    "\"recordingReconnectWindowSeconds\": 1.5e2, \"state\": \"\",\t\"arn\": "
    "\"arn:aws:ivs:us-west-2:123456789012:recording-configuration/x\"} }";
static const char bare[] =
    "{\"name\":\"n\",\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"b\"}},\"arn\":\"arn:aws"
    ":ivs:us-west-2:1:recording-configuration/y\",\"renditionConfiguration\":{}}";
static const char listed[] =
    "{\"recordingConfigurations\":[{\"arn\":\"arn:aws:ivs:us-west-2:1:recording-configuration/z\","
    "\"name\":\"one\",\"tags\":{\"Owner\":\"a\"}},{\"name\":\"two\",\"tags\":{\"Team\":\"b\","
    "\"Owner\":\"c\"},\"arn\":\"arn:aws:ivs:us-west-2:1:recording-configuration/w\"}]}";
static const char newer[] =
    "{\"recordingConfiguration\":{\"arn\":\"arn:aws:ivs:us-west-2:1:recording-configuration/v\","
    "\"later\":{\"a\":[1]},\"name\":\"n\"}}";

/* Values of enumerations, and such as no enumeration has, at the same places. */
static const char words[] =
    "{\"recordingConfiguration\":{\"arn\":\"arn:aws:ivs:us-west-2:1:recording-configuration/u\","
    "\"renditionConfiguration\":{\"renditionSelection\":\"ALL\",\"renditions\":[]},\"state\":"
    "\"CREATING\",\"thumbnailConfiguration\":{\"storage\":[\"LATEST\",\"SEQUENTIAL\"],"
    "\"recordingMode\":\"DISABLED\"}}}";
static const char no_words[] =
    "{\"recordingConfiguration\":{\"arn\":\"arn:aws:ivs:us-west-2:1:recording-configuration/u\","
    "\"renditionConfiguration\":{\"renditionSelection\":\"SOME\",\"renditions\":[]},\"state\":"
    "\"CREATIN\\u0047\",\"thumbnailConfiguration\":{\"storage\":[\"LATEST\",\"LAST\"],"
    "\"recordingMode\":\"\"}}}";

static const char *const ways[] = { compact, spaced, bare, listed, newer, words, no_words };
#define N_WAYS (sizeof(ways) / sizeof(*ways))

/* ---- what was read, as text ------------------------------------------------ */

static void put_value(struct buf *b, const struct value *v)
{
	uint32_t i;

	buf_putc(b, (char)('a' + v->kind));
	if (v->flags != 0)
		buf_put_uint(b, v->flags);
	if (v->kind != VALUE_ABSENT) {
		buf_putc(b, '@');
		buf_put_uint(b, v->place.column);
	}
	switch (v->kind) {
	case VALUE_STRING:
		buf_putc(b, '"');
		buf_put_str(b, value_str(v));
		break;
	case VALUE_NUMBER:
		buf_printf(b, "=%lld.%d", (long long)v->mantissa, v->exponent);
		break;
	case VALUE_LIST:
		for (i = 0; i < v->n; i++) {
			buf_putc(b, ',');
			put_value(b, &v->items[i]);
		}
		break;
	case VALUE_MAP:
		for (i = 0; (v->flags & VALUE_WRITTEN) == 0 && i < v->n; i++) {
			buf_printf(b, ",%u:", v->entries[i].key_place.column);
			buf_put_str(b, v->entries[i].key);
			buf_putc(b, ':');
			put_value(b, &v->entries[i].value);
		}
		break;
	default:
		break;
	}
	buf_putc(b, ';');
}

/* What is filled in though nobody may ask for it. */
static const field_set always = FIELD_BIT(FIELD_ARN) | FIELD_BIT(FIELD_NAME) | JSON_TELLING;

/* What was read, as text, and what was asked for. */
struct taken {
	struct buf text; /* first, for those who only write */
	field_set needs;
};

static bool take_resource(void *to, struct resource *r)
{
	struct taken *taken = to;
	struct buf *b = &taken->text;
	int i;

	buf_printf(b, "%u %d %u:", r->index, r->summary, r->place.column);
	for (i = 0; i < N_FIELDS; i++)
		if (((taken->needs | always) & FIELD_BIT(i)) != 0)
			put_value(b, &r->slots[i]);
	buf_putc(b, '\n');
	return false;
}

static void take_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			 const char *text)
{
	buf_printf(to, "! %d %u:%u %s\n", kind, line, column, text);
}

static void take_other(void *to, struct str first)
{
	buf_printf(to, "? %.*s\n", STR_ARG(first));
}

static void take_unknown(void *to, const char *parent, struct str name)
{
	buf_printf(to, "+ %s %.*s\n", parent, STR_ARG(name));
}

/* ---- side by side ------------------------------------------------------------ */

struct pair {
	struct arena forms, arena;
	struct inputs *inputs;
	struct json_learned *learned[N_JSON_WIDTHS]; /* NULL: not on this processor */
	struct taken strict, fast;
	char *bytes;
	size_t size;
};

static void pair_init(struct pair *p)
{
	struct json_learned *l;
	int width;

	*p = (struct pair){ .strict = { .text = BUF_INIT(0) }, .fast = { .text = BUF_INIT(0) } };
	p->inputs = inputs_new(NULL);
	for (width = 0; width < N_JSON_WIDTHS; width++) {
		l = json_learned_new(inputs_json_shape(p->inputs), &p->forms);
		assert_non_null(l);
		if (json_learned_use(l, (enum json_width)width))
			p->learned[width] = l;
	}
	assert_non_null(p->learned[JSON_PLAIN]);
}

static void pair_release(struct pair *p)
{
	buf_release(&p->strict.text);
	buf_release(&p->fast.text);
	arena_release(&p->arena);
	arena_release(&p->forms);
	inputs_free(p->inputs);
	free(p->bytes);
}

static void read_into(struct pair *p, struct taken *to, struct json_learned *learned, size_t len,
		      field_set needs)
{
	const struct input_sink sink = { .to = to,
					 .learned = learned,
					 .resource = take_resource,
					 .trouble = take_trouble,
					 .other = take_other,
					 .unknown = take_unknown };
	struct segment segment = { .kind = SEGMENT_LINES, .input = &input_json, .first_index = 1 };

	buf_clear(&to->text);
	to->needs = needs;
	source_init(&segment.source, "test", (struct str){ p->bytes, len });
	input_read(&segment, p->inputs, needs, &p->arena, &sink);
	arena_reset(&p->arena);
}

/* Whether what has been learned makes any difference to the text. */
static void compare(struct pair *p, struct str text, field_set needs)
{
	int width;

	if (text.len + JSON_PADDING > p->size) {
		p->size = text.len + JSON_PADDING;
		p->bytes = mem_grow(p->bytes, p->size);
	}
	memcpy(p->bytes, text.data, text.len);
	memset(p->bytes + text.len, 0, JSON_PADDING);
	read_into(p, &p->strict, NULL, text.len, needs);
	for (width = 0; width < N_JSON_WIDTHS; width++) {
		if (p->learned[width] == NULL)
			continue;
		read_into(p, &p->fast, p->learned[width], text.len, needs);
		if (!str_equal(buf_str(&p->strict.text), buf_str(&p->fast.text))) {
			fprintf(stderr, "of:\n%.*s\nstrictly:\n%s\nas learned, width %d:\n%s\n",
				STR_ARG(text), buf_str(&p->strict.text).data, width,
				buf_str(&p->fast.text).data);
			fail();
		}
	}
}

static const field_set everything = ~(field_set)0 >> (64 - N_FIELDS);

/* The text after two that are well, so that it is tried, and before another. */
static void compare_among(struct pair *p, const char *well, struct str text)
{
	struct buf b = BUF_INIT(0);

	buf_printf(&b, "%s\n%s\n%s\n", well, well, well);
	buf_put_str(&b, text);
	buf_printf(&b, "\n%s\n", well);
	compare(p, buf_str(&b), everything);
	buf_release(&b);
}

/* Whether the whole text is a configuration that is read as learned, in every width. */
static bool is_learned(struct pair *p, const char *text, struct resource *r)
{
	size_t len = strlen(text);
	struct json j;
	int width, yes = 0, no = 0;

	p->size = len + JSON_PADDING;
	p->bytes = mem_grow(p->bytes, p->size);
	memset(p->bytes, 0, p->size);
	memcpy(p->bytes, text, len);
	for (width = 0; width < N_JSON_WIDTHS; width++) {
		if (p->learned[width] == NULL)
			continue;
		json_init(&j, (struct str){ p->bytes, len }, &p->arena);
		resource_begin(r, NULL, (struct place){ 0, 0 }, SOURCE_JSON);
		/* whatever was in its slots */
		memset(r->slots, 0xa5, sizeof(r->slots));
		if (json_learned_read(p->learned[width], &j, r, everything) && j.next == j.end)
			yes++;
		else
			no++;
	}
	assert_true(yes == 0 || no == 0);
	return no == 0;
}

#endif
