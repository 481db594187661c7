/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read as learned is what the strict reader reads: every value, every
 * place, every refusal, for configurations written in several ways and for all
 * that is nearly one of them.
 */
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

/* ---- tests ------------------------------------------------------------------- */

static void learns(void **state)
{
	static struct resource r;
	struct pair p;
	size_t i;

	(void)state;
	pair_init(&p);
	assert_false(is_learned(&p, bare, &r));
	for (i = 0; i < N_WAYS; i++)
		compare_among(&p, ways[i], str_of(ways[i]));
	assert_true(is_learned(&p, bare, &r));
	assert_true(str_is(value_str(&r.slots[FIELD_NAME]), "n"));
	assert_int_equal(r.slots[FIELD_NAME].place.column, 8);
	/* what was learned of several goes together */
	assert_true(is_learned(&p,
			       "{\"name\":\"x\",\"tags\":{\"Team\":\"b\",\"Owner\":\"c\"},\"arn\":"
			       "\"q\",\"renditionConfiguration\":{}}",
			       &r));
	assert_int_equal(r.slots[FIELD_TAGS].n, 2);
	assert_true(str_is(r.slots[FIELD_TAGS].entries[1].key, "Owner"));
	/* but not a key twice */
	assert_false(is_learned(&p,
				"{\"name\":\"x\",\"tags\":{\"Team\":\"b\",\"Owner\":\"c\"},\"arn\":"
				"\"q\",\"name\":\"y\",\"tags\":{}}",
				&r));
	/* with members that the table does not have, never */
	assert_false(is_learned(&p, "{\"arn\":\"q\",\"later\":{\"a\":[1]},\"name\":\"n\"}", &r));
	pair_release(&p);
}

/* Two that are well, so that what follows is tried; and one of which what stands from
 * `at` to `until` is something else. */
static void put_changed(struct buf *b, const char *well, size_t at, const char *other, size_t len,
			size_t until)
{
	buf_printf(b, "%s\n%s\n", well, well);
	buf_put(b, well, at);
	buf_put(b, other, len);
	buf_puts(b, well + until);
	buf_putc(b, '\n');
}

/* Every byte of every way is another, is missing, is there twice, is the last. */
static void nearly(field_set needs)
{
	static const char others[] = "\"\\}, 0e\x80";
	struct buf b = BUF_INIT(0);
	struct pair p;
	size_t w, at, o, len;

	pair_init(&p);
	for (w = 0; w < N_WAYS; w++) {
		len = strlen(ways[w]);
		for (at = 0; at < len; at++) {
			buf_clear(&b);
			for (o = 0; o < sizeof(others); o++)
				put_changed(&b, ways[w], at, &others[o], 1, at + 1);
			put_changed(&b, ways[w], at, "", 0, len);
			put_changed(&b, ways[w], at, "", 0, at + 1);
			put_changed(&b, ways[w], at + 1, "", 0, at);
			compare(&p, buf_str(&b), needs);
		}
	}
	buf_release(&b);
	pair_release(&p);
}

static void near_misses(void **state)
{
	(void)state;
	nearly(everything);
	nearly(resource_closure(FIELD_BIT(FIELD_STATE) | FIELD_BIT(FIELD_THUMBNAIL_STORAGE)));
}

/* What stands between two values is moved to between two others. */
static void mixed_texts(void **state)
{
	struct buf b = BUF_INIT(0);
	unsigned seed = 1, i, n;
	const char *from, *to;
	struct pair p;
	size_t w;

	(void)state;
	pair_init(&p);
	for (i = 0; i < 2000; i++) {
		w = i % N_WAYS;
		buf_clear(&b);
		for (n = 0; n < 3; n++) {
			seed = seed * 1103515245 + 12345;
			from = ways[w] + (seed >> 8) % strlen(ways[w]);
			from = strchr(from, '"') != NULL ? strchr(from, '"') : ways[w];
			seed = seed * 1103515245 + 12345;
			to = ways[w] + (seed >> 8) % strlen(ways[w]);
			to = strchr(to, '"') != NULL ? strchr(to, '"') : ways[w];
			if (n == 0)
				buf_put(&b, ways[w], (size_t)(from - ways[w]));
			buf_put(&b, to, n == 2 ? strlen(to) : strlen(to) / (2 + seed % 5));
		}
		compare_among(&p, ways[w], buf_str(&b));
	}
	buf_release(&b);
	pair_release(&p);
}

/* More keys, members and ways than there is room for, and then again few. */
static void more_than_room(void **state)
{
	struct buf b = BUF_INIT(0);
	static struct resource r;
	struct pair p;
	unsigned i, k;

	(void)state;
	pair_init(&p);
	for (i = 0; i < 1500; i++) {
		buf_clear(&b);
		for (k = 0; k < i % 7; k++)
			buf_putc(&b, ' ');
		buf_printf(&b, "{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/%u\",\"tags\":{",
			   i);
		for (k = 0; k < i % 40; k++)
			buf_printf(&b, "%s\"key-%u-%u\":\"%u\"", k != 0 ? "," : "", i, k, k);
		buf_printf(&b, "},%*s\"name\":\"n\"", (int)(i % 300), "");
		if (i % 3 == 0) {
			PUT(&b, ",\"renditionConfiguration\":{\"renditions\":[");
			for (k = 0; k < i % 50; k++)
				buf_puts(&b, k != 0 ? ", \"HD\"" : "\"HD\"");
			PUT(&b, "]}");
		}
		buf_putc(&b, '}');
		compare(&p, buf_str(&b), everything);
	}
	for (i = 0; i < 1200; i++)
		compare(&p, str_of(bare), everything);
	assert_true(is_learned(&p, bare, &r));
	buf_release(&b);
	pair_release(&p);
}

/* Lists and maps that nobody asked for are passed over, but not unseen. */
static void not_needed(void **state)
{
	field_set few = resource_closure(FIELD_BIT(FIELD_NAME));
	struct pair p;
	size_t i, n;

	(void)state;
	pair_init(&p);
	for (n = 0; n < 3; n++)
		for (i = 0; i < N_WAYS; i++)
			compare(&p, str_of(ways[i]), few);
	for (i = 0; i < 3; i++)
		compare(&p,
			STR("{\"name\":\"n\",\"tags\":{\"Team\":\"b\",\"Team\":\"c\"},\"arn\":"
			    "\"arn:aws:ivs:r:1:recording-configuration/q\"}"),
			few);
	pair_release(&p);
}

/* Strings of every length about that of a block or two, with what ends one at every
 * place, before the quote or behind it. */
static void lengths(void **state)
{
	static const char *const others[] = { "x", "\\n", "\\", "\x01", "\xC3\xA9", "\x80", "\"" };
	struct buf b = BUF_INIT(0);
	struct pair p;
	size_t len, at, o, i;

	(void)state;
	pair_init(&p);
	compare_among(&p, bare, str_of(bare));
	for (len = 0; len < 140; len += len < 70 ? 1 : 7) {
		buf_clear(&b);
		for (o = 0; o < sizeof(others) / sizeof(*others); o++)
			for (at = 0; at <= len; at++) {
				PUT(&b, "{\"name\":\"");
				for (i = 0; i < len; i++)
					buf_puts(&b, i == at ? others[o] : "y");
				buf_puts(&b, bare + sizeof("{\"name\":\"n") - 1);
				buf_putc(&b, '\n');
				compare(&p, buf_str(&b), everything);
				buf_clear(&b);
			}
	}
	buf_release(&b);
	pair_release(&p);
}

/* Numbers as they are, and nearly. */
static void numbers(void **state)
{
	static const char *const values[] = { "0",
					      "1",
					      "12",
					      "123",
					      "1234",
					      "12345",
					      "123456",
					      "00",
					      "01",
					      "-1",
					      "1.5",
					      "1e2",
					      "1E2",
					      "0.0",
					      "-",
					      "1x",
					      " 7",
					      "7 ",
					      "",
					      "1\"",
					      "99999",
					      "100000",
					      "10000000000000000000000",
					      "+1",
					      "0x1",
					      "9]",
					      "null" };
	struct buf b = BUF_INIT(0);
	struct pair p;
	size_t i, way;

	(void)state;
	pair_init(&p);
	for (way = 0; way < 2; way++)
		for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
			buf_clear(&b);
			buf_printf(&b,
				   "{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/q\","
				   "\"recordingReconnectWindowSeconds\":%s%s",
				   values[i], way == 0 ? "}" : ",\"name\":\"n\"}");
			compare_among(&p, ways[0], buf_str(&b));
			compare_among(&p, bare, buf_str(&b));
		}
	buf_release(&b);
	pair_release(&p);
}

/* Texts one of which is the beginning of another, in every order. */
static void beginnings(void **state)
{
	static const char *const states[] = { "\"ACTIVE\"",
					      "\"ACTIVATED\"",
					      "\"\"",
					      "\"CREATING\"",
					      "\"CREATE_FAILED\"",
					      "\"C\"",
					      "null",
					      "\"CREATING\",\"tags\":{}",
					      "\"CREATING\" ,\"tags\":{\"a\":\"b\"}",
					      "\"CREATING\\u0020\"" };
	const size_t n = sizeof(states) / sizeof(*states);
	struct buf b = BUF_INIT(0);
	unsigned seed = 7, i, k;
	struct pair p;

	(void)state;
	for (i = 0; i < 60; i++) {
		pair_init(&p);
		for (k = 0; k < 40; k++) {
			seed = seed * 1103515245 + 12345;
			buf_clear(&b);
			buf_printf(
			    &b,
			    "{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/q\",\"state\""
			    ":%s}",
			    states[(seed >> 8) % n]);
			compare(&p, buf_str(&b), everything);
		}
		pair_release(&p);
	}
	buf_release(&b);
}

/* Limits hold as ever. */
static void limits(void **state)
{
	struct buf b = BUF_INIT(0);
	struct pair p;
	size_t i, n;

	(void)state;
	pair_init(&p);
	for (i = 0; i < 4; i++)
		compare(&p, str_of(bare), everything);
	for (n = LIMIT_STRING_SIZE - 2; n <= LIMIT_STRING_SIZE + 1; n++) {
		buf_clear(&b);
		PUT(&b, "{\"name\":\"");
		for (i = 0; i < n; i++)
			buf_putc(&b, 'x');
		buf_puts(&b, bare + sizeof("{\"name\":\"n") - 1);
		compare(&p, buf_str(&b), everything);
	}
	for (n = LIMIT_JSON_DEPTH - 12; n <= LIMIT_JSON_DEPTH; n++) {
		buf_clear(&b);
		for (i = 0; i < n; i++)
			buf_putc(&b, '[');
		buf_puts(&b, bare);
		for (i = 0; i < n; i++)
			buf_putc(&b, ']');
		compare(&p, buf_str(&b), everything);
	}
	buf_release(&b);
	pair_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learns),      cmocka_unit_test(near_misses),
		cmocka_unit_test(mixed_texts), cmocka_unit_test(more_than_room),
		cmocka_unit_test(not_needed),  cmocka_unit_test(lengths),
		cmocka_unit_test(numbers),     cmocka_unit_test(beginnings),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
