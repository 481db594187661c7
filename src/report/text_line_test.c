/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of the text report: wrapping by columns, links, excerpts that fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/text_inside.h"

static struct text state;

static struct report report_of(unsigned width, bool color, bool links)
{
	return (struct report){ .options = { .width = width, .color = color, .links = links },
				.state = &state };
}

static const char *text_of(struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}

static void wrapping(void **unused)
{
	struct report r = report_of(40, false, false);
	struct buf b = BUF_INIT(0);

	(void)unused;
	line_wrapped(&r, &b, "fix:      ", STR("Create a new one with a bucket, point at it"));
	assert_string_equal(text_of(&b), "      fix:      Create a new one with a\n"
					 "                bucket, point at it\n");
	/* wide characters are two columns, combining ones none */
	buf_clear(&b);
	line_wrapped(&r, &b, "",
		     STR("\xE6\x9D\xB1\xE4\xBA\xAC\xE6\x9D\xB1\xE4\xBA\xAC\xE6\x9D\xB1\xE4\xBA\xAC "
			 "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\x9D\xB1\xE4\xBA\xAC\xE6\x9D\xB1\xE4\xBA\xAC "
			 "e\xCC\x81t\xC3\xA9te eteete"));
	assert_string_equal(
	    text_of(&b),
	    "      \xE6\x9D\xB1\xE4\xBA\xAC\xE6\x9D\xB1\xE4\xBA\xAC\xE6\x9D\xB1\xE4\xBA\xAC "
	    "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\x9D\xB1\xE4\xBA\xAC\xE6\x9D\xB1\xE4\xBA\xAC "
	    "e\xCC\x81t\xC3\xA9te\n      eteete\n");
	/* a file has no width, and a terminal of a few columns wraps by itself */
	r.options.width = 0;
	buf_clear(&b);
	line_text(&r, &b, "a: ", STR("one two three four five six seven eight nine ten eleven"));
	assert_string_equal(text_of(&b),
			    "      a: one two three four five six seven eight nine ten eleven\n");
	buf_release(&b);
}

static void links(void **unused)
{
	struct value address = value_of_str(STR("https://docs.example/a?b=c"));
	struct value evil = value_of_str(STR("https://docs.example/\033]0;x"));
	struct value list = { .kind = VALUE_LIST, .n = 1, .items = &address };
	struct rule rule = { .id = STR("bucket"), .references = &list };
	struct report r = report_of(80, true, true);
	struct buf b = BUF_INIT(0);

	(void)unused;
	line_rule(&r, &b, &rule);
	assert_string_equal(text_of(&b),
			    "\033]8;;https://docs.example/a?b=c\033\\bucket\033]8;;\033\\");
	/* an address with a control is none */
	list.items = &evil;
	buf_clear(&b);
	line_rule(&r, &b, &rule);
	assert_string_equal(text_of(&b), "bucket");
	buf_puts(&state.folder, "/base/a b");
	buf_clear(&b);
	line_place(&r, &b, "./x/\033.json", (struct place){ 3, 4 });
	assert_string_equal(text_of(&b), "\033]8;;file:///base/a%20b/x/%1B.json\033\\"
					 "./x/\\x1B.json:3:4\033]8;;\033\\");
	buf_clear(&b);
	line_place(&r, &b, "../y.json", PLACE_NONE);
	assert_string_equal(text_of(&b),
			    "\033]8;;file:///base/y.json\033\\../y.json\033]8;;\033\\");
	buf_clear(&b);
	line_place(&r, &b, "<stdin>", (struct place){ 3, 4 });
	assert_string_equal(text_of(&b), "<stdin>:3:4");
	/* nothing where the terminal is not known */
	r.options.links = false;
	list.items = &address;
	buf_clear(&b);
	line_rule(&r, &b, &rule);
	line_place(&r, &b, "x", (struct place){ 3, 4 });
	assert_string_equal(text_of(&b), "bucketx:3:4");
	buf_release(&b);
	buf_release(&state.folder);
	buf_release(&state.excerpt);
}

/* Whatever the width, no line is longer, and the caret is under the value. */
static void excerpts(void **unused)
{
	static const char before[] =
	    "\t\"\xE6\x9D\xB1\xE4\xBA\xAC\": \"a\", \"targetIntervalSeconds\":\t";
	struct finding f = {
		.verdict = VERDICT_FAIL,
		.place = { 1234, 5 },
		.excerpt = { .before = STR(""),
			     .value = STR("60"),
			     .after = STR(", \"storage\": [\"e\xCC\x81\xF0\x9F\x8E\xA5\"]}") }
	};
	struct buf b = BUF_INIT(0);
	struct report r;
	unsigned width;
	const char *first, *second, *value, *caret;

	(void)unused;
	f.excerpt.before = str_of(before);
	for (width = 40; width <= 120; width++) {
		r = report_of(width, false, false);
		buf_clear(&b);
		text_excerpt_put(&r, &b, &f);
		first = b.data;
		second = strchr(first, '\n') + 1;
		value = strstr(first, "60");
		caret = strstr(second, "^^");
		assert_non_null(value);
		assert_non_null(caret);
		assert_true(text_width((struct str){ first, (size_t)(second - first) - 1 }) <=
			    width);
		assert_int_equal(text_width((struct str){ first, (size_t)(value - first) }),
				 text_width((struct str){ second, (size_t)(caret - second) }));
	}
	/* no place, no line */
	f.place.line = 0;
	buf_clear(&b);
	text_excerpt_put(&r, &b, &f);
	assert_int_equal(b.len, 0);
	buf_release(&b);
	buf_release(&state.excerpt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrapping),
		cmocka_unit_test(links),
		cmocka_unit_test(excerpts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
