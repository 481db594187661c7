/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cutter against a plain one that goes byte by byte, over texts made of
 * what it looks at, cut off anywhere.
 */
#include "input/json_cut.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct json_cut plain_scan(const char *p, const char *end, enum json_cut_at at)
{
	struct json_cut cut = { 0 };
	bool string = false, escaped = false;
	long depth = 0;

	for (; p < end; p++) {
		if (string) {
			if (escaped)
				escaped = false;
			else if (*p == '\\')
				escaped = true;
			else if (*p == '"')
				string = false;
		} else if (*p == '"') {
			string = true;
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if (*p == '}' || *p == ']') {
			if (--depth < 0) {
				cut.close = p;
				break;
			}
			if (depth == 0 && at == JSON_CUT_VALUE) {
				cut.last = p + 1;
				cut.n++;
			}
		} else if (*p == ',' && depth == 0 && at == JSON_CUT_COMMA) {
			cut.last = p + 1;
			cut.n++;
		}
	}
	return cut;
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void test_agrees_with_a_plain_one(void **state)
{
	/* many brackets, so that the depth comes back to nothing often */
	static const char letters[] = "{}[]{}[]{{[[,,\"\"\\x x1\n";
	char text[700];
	uint32_t seed = 2026;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = next_random(&seed) % sizeof(text), i;

		for (i = 0; i < len; i++) {
			text[i] = letters[next_random(&seed) % (sizeof(letters) - 1)];
			/* strings and depths that last for blocks */
			if (round % 3 == 0 && next_random(&seed) % 4 != 0)
				text[i] = 'x';
		}
		for (int at = 0; at < 2; at++) {
			struct json_cut want = plain_scan(text, text + len, (enum json_cut_at)at);
			struct json_cut got = json_cut_scan(text, text + len, (enum json_cut_at)at);

			assert_ptr_equal(got.close, want.close);
			assert_ptr_equal(got.last, want.last);
			assert_int_equal(got.n, want.n);
		}
	}
}

static void test_first_cut(void **state)
{
	static const char text[] = "{\"a\": [1, 2], \"b\": \"},\"} , {} , 3";
	const char *end = text + sizeof(text) - 1;

	(void)state;
	assert_int_equal(json_cut_next(text, end, JSON_CUT_COMMA).last - text, 26);
	assert_int_equal(json_cut_next(text, end, JSON_CUT_VALUE).last - text, 24);
	assert_null(json_cut_next(end - 1, end, JSON_CUT_COMMA).last);
}

static void test_counts_lines(void **state)
{
	char text[5000] = { 0 };
	uint32_t seed = 7, ends[200];

	(void)state;
	for (size_t len = 0; len < sizeof(text); len += 1 + len / 3) {
		size_t want = 0;

		for (size_t i = 0; i < len; i++) {
			text[i] = next_random(&seed) % 3 == 0 ? '\n' : (char)next_random(&seed);
			want += text[i] == '\n';
		}
		assert_int_equal(json_cut_lines(text, text + len, NULL, 0), want);
		assert_int_equal(json_cut_lines(text, text + len, ends, 200), want);
		for (size_t i = 0, n = 0; i < len && n < 200; i++)
			if (text[i] == '\n')
				assert_int_equal(ends[n++], i + 1);
	}
	memset(text, '\n', sizeof(text));
	assert_int_equal(json_cut_lines(text, text + sizeof(text), NULL, 0), sizeof(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees_with_a_plain_one),
		cmocka_unit_test(test_first_cut),
		cmocka_unit_test(test_counts_lines),
	};

	return cmocka_run_group_tests_name("json_cut", tests, NULL, NULL);
}
