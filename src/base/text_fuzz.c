/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from outside, whatever it is: the first line is a shell pattern or a
 * wrong name, the rest is the text. Aborts where a promise of text.h breaks.
 */
#include "base/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void check_utf8(struct str s)
{
	size_t valid = text_utf8_valid(s), at = 0, points = 0, step;
	char bytes[4];

	while (at < valid) {
		step = text_utf8_step(s.data + at, s.len - at);
		must(step >= 1 && step <= 4);
		must(text_utf8_put(bytes, text_utf8_point(s.data + at, step)) == step);
		must(memcmp(bytes, s.data + at, step) == 0);
		at += step;
		points++;
	}
	must(at == valid && valid <= s.len);
	must(valid == s.len || text_utf8_step(s.data + at, s.len - at) == 0);
	must(text_length((struct str){ s.data, valid }) == points);
	must(text_width(s) <= 2 * s.len);
}

static void check_glob(struct str pattern, struct str text)
{
	struct buf literal = BUF_INIT(0);
	bool match = text_glob(pattern, text);
	size_t i;

	if (match && text_utf8_valid(pattern) == pattern.len)
		must(text_glob_check(pattern) == NULL);
	/* a text that is quoted throughout matches itself */
	for (i = 0; i < text.len; i++) {
		if (memchr("*?[\\", text.data[i], 4) != NULL)
			buf_putc(&literal, '\\');
		buf_putc(&literal, text.data[i]);
	}
	must(text_glob(buf_str(&literal), text));
	buf_release(&literal);
}

static void check_visible(struct str s)
{
	struct buf once = BUF_INIT(0), twice = BUF_INIT(0);
	size_t i;

	text_put_visible(&once, s);
	must(text_utf8_valid(buf_str(&once)) == once.len);
	for (i = 0; i < once.len; i++)
		must((unsigned char)once.data[i] >= 0x20 && once.data[i] != 0x7F);
	text_put_visible(&twice, buf_str(&once));
	must(str_equal(buf_str(&once), buf_str(&twice)));
	buf_clear(&twice);
	text_put_quoted(&twice, s, 40);
	must(twice.len <= 40 + sizeof("''...\\u{10FFFF}"));
	must(text_utf8_valid(buf_str(&twice)) == twice.len);
	buf_release(&once);
	buf_release(&twice);
}

static void check_day(struct str s)
{
	struct buf b = BUF_INIT(0);
	int32_t day;

	if (!text_day(s, &day))
		return;
	text_day_put(&b, day);
	must(str_equal(buf_str(&b), s));
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "format", "policy", "fail-on", "thumbnail-interval" };
	const uint8_t *line = size != 0 ? memchr(data, '\n', size) : NULL;
	struct str head = { size != 0 ? (const char *)data : "",
			    line ? (size_t)(line - data) : size };
	struct str rest = { "", 0 };

	if (line != NULL)
		rest = (struct str){ (const char *)line + 1, size - head.len - 1 };
	check_utf8(head);
	check_utf8(rest);
	check_glob(head, rest);
	check_visible(rest);
	check_day(head);
	(void)text_nearest(head, names, sizeof(names) / sizeof(names[0]));
	return 0;
}
