/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wide reader against the one for documents in memory: whatever the window,
 * both take and refuse the same texts, at the same places, and hand out the same
 * members.
 */
#include "input/json_wide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "model/json.h"

static ssize_t read_bytes(void *from, uint64_t offset, char *to, size_t size)
{
	const struct str *s = from;

	if (offset >= s->len)
		return 0;
	/* not more than seven at a time: windows begin and end anywhere */
	if (size > 7)
		size = 7;
	if (size > s->len - offset)
		size = (size_t)(s->len - offset);
	memcpy(to, s->data + offset, size);
	return (ssize_t)size;
}

static const char *const texts[] = {
	"{}",
	"[]",
	"{\"a\": [1, 2, {\"b\": null}], \"c\": true}",
	"[\"\\u00e9\\n\\\\\", \"\\ud83d\\ude00\", \"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]",
	"[0, -1, 1.5, 1e9, -0.25E-3, 123456789012345678901234567890]",
	"  [ true , false , null ]  \n",
	"[\n1,\r\n2\n]",
	"[1,]",
	"{\"a\":1,}",
	"{\"a\" 1}",
	"{a:1}",
	"[01]",
	"[1.]",
	"[1e]",
	"[-]",
	"[tru]",
	"[truex]",
	"[nul",
	"[\"a",
	"[\"\\x\"]",
	"[\"\\u12g4\"]",
	"[\"\\u12",
	"[\"\x01\"]",
	"[\"a\nb\"]",
	"[\"\xff\"]",
	"[\"\xe2\x82\"]",
	"[1 2]",
	"{\"a\":1",
	"{\"a\":",
	"{\"a\"",
	"{",
	"[",
	"]",
	"",
	"[1}",
	"{]",
	"[1]x",
	"[\x01]",
	"[1]\n[2]",
};

/* What the reader in memory says: the error and its place, or "". */
static void want_of(struct str text, struct buf *want)
{
	struct arena arena = ARENA_INIT;
	struct source source;
	struct place place;
	struct json j;

	json_init(&j, text, &arena);
	source_init(&source, "x", text);
	if (json_skip(&j) == 0 && !json_at_end(&j))
		json_fail(&j, j.next, "more after the end of the document");
	buf_clear(want);
	if (j.error != NULL) {
		place = source_place(&source, json_place(&j, j.error_at));
		buf_printf(want, "%u:%u", place.line, place.column);
	}
	arena_release(&arena);
}

static void got_of(struct json_wide *w, struct buf *got)
{
	buf_clear(got);
	if (json_wide_skip(w) == -1 || json_wide_end(w) == -1)
		buf_printf(got, "%u:%u", w->error_place.line, w->error_place.column);
}

static void test_skips_alike(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf want = BUF_INIT(0), got = BUF_INIT(0), padded = BUF_INIT(0);
	size_t i, window;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct str text = str_of(texts[i]);
		struct json_wide w;

		buf_clear(&padded);
		buf_put_str(&padded, text);
		memset(buf_reserve(&padded, JSON_PADDING + 1), 0, JSON_PADDING + 1);
		text.data = padded.data;
		want_of(text, &want);
		json_wide_memory(&w, text, &arena);
		got_of(&w, &got);
		json_wide_release(&w);
		/* a number and a string that are cut are told where they end, not begin */
		if (strchr("-.eu", text.len > 1 ? text.data[text.len - 2] : 'x') == NULL &&
		    (text.len == 0 || text.data[text.len - 1] == ']' ||
		     text.data[text.len - 1] == '}'))
			assert_string_equal(buf_str(&got).data, buf_str(&want).data);
		assert_int_equal(got.len != 0, want.len != 0);
		buf_clear(&want);
		buf_put_str(&want, buf_str(&got));
		for (window = 8; window < 64; window += 9) {
			json_wide_stream(&w, read_bytes, &text, window, &arena);
			got_of(&w, &got);
			if (!str_equal(buf_str(&got), buf_str(&want)))
				fail_msg("%s, window %zu: %s for %s", texts[i], window,
					 buf_str(&got).data, buf_str(&want).data);
			json_wide_release(&w);
		}
		arena_reset(&arena);
	}
	buf_release(&padded);
	buf_release(&want);
	buf_release(&got);
	arena_release(&arena);
}

/* Keys, whole values, and going back to where one was. */
static void test_walks(void **state)
{
	static const char text[] = "{\"first\": {\"k\": [1, \"two\", {\"three\": 3}]},\n "
				   "\"se\\u0063ond\": \"x\",\n\"third\":[]}";
	static const char *const keys[] = { "first", "second", "third" };
	static const char *const values[] = { "{\"k\": [1, \"two\", {\"three\": 3}]}", "\"x\"",
					      "[]" };
	static const uint32_t lines[] = { 1, 2, 3 };
	struct str bytes = { text, sizeof(text) - 1 }, key, value;
	struct arena arena = ARENA_INIT;
	struct json_wide_spot spots[3];
	struct json_wide w;
	size_t window, n;
	bool first;
	int more;

	(void)state;
	for (window = 8; window < 200; window += 5) {
		json_wide_stream(&w, read_bytes, &bytes, window, &arena);
		assert_int_equal(json_wide_open(&w, '{'), 0);
		for (n = 0, first = true; (more = json_wide_member(&w, first, &key)) == 1;
		     first = false) {
			assert_true(n < 3);
			assert_true(str_is(key, keys[n]));
			json_wide_peek(&w);
			spots[n] = json_wide_spot(&w);
			assert_int_equal(spots[n].line, lines[n]);
			assert_int_equal(json_wide_whole(&w, &value), 0);
			assert_true(str_is(value, values[n]));
			n++;
		}
		assert_int_equal(more, 0);
		assert_int_equal(n, 3);
		assert_int_equal(json_wide_end(&w), 0);
		while (n-- > 0) {
			json_wide_seek(&w, &spots[n]);
			assert_int_equal(json_wide_whole(&w, &value), 0);
			assert_true(str_is(value, values[n]));
		}
		json_wide_release(&w);
	}
	arena_release(&arena);
}

/* A string of any length is passed over in the memory of the window. */
static void test_passes_over_long_strings(void **state)
{
	struct buf text = BUF_INIT(0);
	struct arena arena = ARENA_INIT;
	struct str bytes;
	struct json_wide w;
	size_t i;

	(void)state;
	buf_puts(&text, "[\"");
	for (i = 0; i < 100000; i++)
		buf_puts(&text, "\xe2\x82\xac\\n");
	buf_puts(&text, "\", ");
	for (i = 0; i < 100000; i++)
		buf_putc(&text, '7');
	buf_puts(&text, "]");
	bytes = buf_str(&text);
	json_wide_stream(&w, read_bytes, &bytes, 64, &arena);
	assert_int_equal(json_wide_skip(&w), 0);
	assert_int_equal(json_wide_end(&w), 0);
	assert_int_equal(w.cap, 64);
	json_wide_release(&w);
	buf_release(&text);
	arena_release(&arena);
}

static ssize_t read_failing(void *from, uint64_t offset, char *to, size_t size)
{
	(void)from;
	if (offset == 0 && size != 0) {
		*to = '[';
		return 1;
	}
	return -1;
}

static void test_unreadable(void **state)
{
	struct arena arena = ARENA_INIT;
	struct json_wide w;

	(void)state;
	json_wide_stream(&w, read_failing, NULL, 64, &arena);
	assert_int_equal(json_wide_skip(&w), -1);
	assert_true(w.unreadable);
	json_wide_release(&w);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_skips_alike),
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_passes_over_long_strings),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests_name("json_wide", tests, NULL, NULL);
}
