/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON writer: layout, escapes, values, what happens when it does not fit.
 */
#include "model/write_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void write_some(struct write_json *w)
{
	write_json_object(w);
	write_json_key(w, "a");
	write_json_array(w);
	write_json_int(w, INT64_MIN);
	write_json_boolean(w, true);
	write_json_null(w);
	write_json_array(w);
	write_json_array_end(w);
	write_json_object(w);
	write_json_object_end(w);
	write_json_array_end(w);
	write_json_key_str(w, STR("b\"\n"));
	write_json_text(w, "x");
	write_json_object_end(w);
}

static void test_layout(void **state)
{
	struct buf b = BUF_INIT(0);
	struct write_json w;

	(void)state;
	write_json_init(&w, &b, false);
	write_some(&w);
	assert_string_equal(b.data, "{\"a\":[-9223372036854775808,true,null,[],{}],"
				    "\"b\\\"\\n\":\"x\"}");
	buf_clear(&b);
	write_json_init(&w, &b, true);
	write_some(&w);
	assert_string_equal(b.data, "{\n"
				    "  \"a\": [\n"
				    "    -9223372036854775808,\n"
				    "    true,\n"
				    "    null,\n"
				    "    [],\n"
				    "    {}\n"
				    "  ],\n"
				    "  \"b\\\"\\n\": \"x\"\n"
				    "}");
	buf_release(&b);
}

static void test_escape(void **state)
{
	static const struct {
		struct str text;
		const char *want;
	} cases[] = {
		{ { "", 0 }, "\"\"" },
		{ { "plain", 5 }, "\"plain\"" },
		{ { "a\0b", 3 }, "\"a\\u0000b\"" },
		{ { "\"\\/\b\f\n\r\t", 8 }, "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
		{ { "\x1B[31m\x7F", 6 }, "\"\\u001b[31m\\u007f\"" },
		{ { "\xC2\x80\xC2\x9F\xC2\xA0", 6 }, "\"\\u0080\\u009f\xC2\xA0\"" },
		{ { "\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C", 17 },
		  "\"\\u2028\\u2029\\u202e\\u2066\\u200f\\u061c\"" },
		{ { "\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80", 9 },
		  "\"\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80\"" },
		{ { "a\xFF\xC3", 3 }, "\"a\\ufffd\\ufffd\"" },
		{ { "\xED\xA0\x80", 3 }, "\"\\ufffd\\ufffd\\ufffd\"" },
	};
	struct buf b = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		write_json_escape(&b, cases[i].text);
		assert_string_equal(b.data, cases[i].want);
	}
	buf_release(&b);
}

/* Every byte at every place of every length about the blocks that are looked at. */
static void test_plain(void **state)
{
	struct buf b = BUF_INIT(0);
	size_t len, at;
	char *text;
	bool plain;
	int byte;

	(void)state;
	for (len = 0; len <= 40; len++) {
		/* its end is the end of what may be read */
		text = mem_alloc(len);
		for (at = 0; at < len; at++) {
			memset(text, 'a', len);
			for (byte = 0; byte < 256; byte++) {
				text[at] = (char)byte;
				plain = byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
				buf_clear(&b);
				PUT(&b, "x");
				assert_int_equal(write_json_plain(&b, (struct str){ text, len }),
						 plain);
				assert_int_equal(b.len, plain ? len + 3 : 1);
				assert_int_equal(b.data[b.len], 0);
				if (plain)
					assert_memory_equal(b.data + 2, text, len);
			}
		}
		free(text);
	}
	buf_release(&b);
}

static void test_values(void **state)
{
	struct value items[] = {
		value_of_number((struct number){ 5, -1 }),
		value_of_str(STR("a\0")),
		value_of_boolean(false),
		value_unknown("not \"known\""),
		{ .kind = VALUE_NULL },
		{ 0 },
		value_of_number(number_of_int(9007199254740993)),
		{ .kind = VALUE_STRING, .flags = VALUE_SENSITIVE, .n = 7, .text = "hunter2" }
	};
	struct entry entries[] = { { .key = STR("k\x7F"),
				     .value = { .kind = VALUE_LIST, .n = 8, .items = items } } };
	struct value v = { .kind = VALUE_MAP, .n = 1, .entries = entries };
	struct buf b = BUF_INIT(0);
	struct write_json w;

	(void)state;
	write_json_init(&w, &b, false);
	write_json_value(&w, &v);
	assert_string_equal(b.data, "{\"k\\u007f\":[0.5,\"a\\u0000\",false,"
				    "{\"unknown\":\"not \\\"known\\\"\"},null,null,"
				    "9007199254740993,\"(sensitive)\"]}");
	buf_release(&b);
}

static void test_failures_stay(void **state)
{
	struct buf b = BUF_INIT(4);
	struct write_json w;
	int i;

	(void)state;
	write_json_init(&w, &b, false);
	write_some(&w);
	assert_true(b.failed);
	buf_release(&b);
	b = BUF_INIT(0);
	write_json_init(&w, &b, true);
	for (i = 0; i < WRITE_JSON_DEPTH; i++)
		write_json_array(&w);
	assert_false(b.failed);
	write_json_array(&w);
	assert_true(b.failed);
	for (i = 0; i < WRITE_JSON_DEPTH + 10; i++)
		write_json_array_end(&w);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),        cmocka_unit_test(test_escape),
		cmocka_unit_test(test_plain),         cmocka_unit_test(test_values),
		cmocka_unit_test(test_failures_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
