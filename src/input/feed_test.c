/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams in every form that the CLI and its users make, cut into stretches
 * far smaller than a document: whatever the cuts, the same configurations come
 * out, in the same order, at the same places.
 */
#include "input/feed_inside.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limit.h"

static size_t test_stretch_size = 256;

#define MANY 60

/* What was read, in one line each: "id line:column", "! trouble", "? other". */
struct log {
	struct buf text;
	struct input_file *file;
};

static bool log_resource(void *to, struct resource *r)
{
	struct log *log = to;
	struct place place = source_place(r->source, r->place);

	buf_put_str(&log->text, value_str(&r->slots[FIELD_ID]));
	buf_printf(&log->text, " %u:%u%s\n", place.line, place.column,
		   r->summary ? " summary" : "");
	return false;
}

static void log_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			const char *text)
{
	(void)kind;
	buf_printf(&((struct log *)to)->text, "! %u:%u %s\n", line, column, text);
}

static void log_other(void *to, struct str first)
{
	buf_printf(&((struct log *)to)->text, "? %.*s\n", STR_ARG(first));
}

/* What a stretch holds, into the log. */
static void log_stretch(struct log *log, struct stretch *stretch, struct inputs *inputs)
{
	const struct input_sink sink = {
		.to = log, .resource = log_resource, .trouble = log_trouble, .other = log_other
	};
	field_set needs = resource_closure(FIELD_BIT(FIELD_ID) | FIELD_BIT(FIELD_TAGS));
	struct arena arena = ARENA_INIT;
	size_t i;

	for (i = 0; i < stretch->n; i++) {
		struct segment *g = &stretch->segments[i];

		if (g->source.bytes.len != 0)
			input_read(g, inputs, needs, &arena, &sink);
		else if (g->kind == SEGMENT_TROUBLE)
			log_trouble(log, g->trouble, g->source.first_line, g->source.first_column,
				    g->text);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static void free_files(struct stretch *stretch)
{
	size_t i;

	for (i = 0; i < stretch->n; i++)
		if (stretch->segments[i].ends_file) {
			free(stretch->segments[i].file->name);
			free(stretch->segments[i].file);
		}
}

/* Reads a path to the end; the text is the caller's. */
static struct buf read_path(const char *path)
{
	const char *const paths[] = { path };
	struct log log = { .text = BUF_INIT(0) };
	struct inputs *inputs = inputs_new(NULL);
	struct feed *feed = feed_new(paths, 1, -1);
	struct stretch stretch = { 0 };

	feed->stretch_size = test_stretch_size;
	while (feed_next(feed, &stretch)) {
		log_stretch(&log, &stretch, inputs);
		free_files(&stretch);
	}
	stretch_release(&stretch);
	feed_free(feed);
	inputs_free(inputs);
	return log.text;
}

static struct buf read_text(const char *name, struct str text)
{
	char path[] = "/tmp/ivslint-feed-XXXXXX";
	int fd = mkstemp(path);
	struct buf got;

	(void)name;
	assert_true(fd != -1);
	assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
	close(fd);
	got = read_path(path);
	unlink(path);
	return got;
}

enum form { LINES, LIST, LIST_ONE_LINE, ARRAY, CONCATENATED, CONCATENATED_LISTS, N_FORMS };

/* Strings that a careless cutter would trip over. */
static const char *const tags[] = {
	"\"Owner\": \"video\"",
	"\"a\": \"}, {\", \"b\": \"\\\"],\"",
	("\"long\": "
	 "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
	"\"\\\\\": \"\\\\\\\\\", \"e\": \"\xc3\xa9\xe2\x82\xac[{\"",
	"",
};

static void put_configuration(struct buf *b, int i, const char *newline)
{
	buf_printf(
	    b,
	    "{%s\"arn\": \"arn:aws:ivs:us-west-2:123456789012:recording-configuration/id%d\","
	    "%s\"tags\": {%s},%s\"thumbnailConfiguration\": {}%s}",
	    newline, i, newline, tags[i % 5], newline, newline);
}

/* The text, and in `want` what should come out. */
static void make(enum form form, struct buf *text, struct buf *want)
{
	uint32_t line = 1;

	buf_clear(text);
	buf_clear(want);
	if (form == LIST)
		buf_puts(text, "{\n  \"nextToken\": null,\n  \"recordingConfigurations\": [");
	else if (form == LIST_ONE_LINE)
		buf_puts(text, "{\"recordingConfigurations\":[");
	else if (form == ARRAY)
		buf_puts(text, "[");
	for (int i = 0; i < MANY; i++) {
		bool first = i == 0;

		switch (form) {
		case LINES:
			buf_puts(text, "{\"recordingConfiguration\": ");
			break;
		case LIST:
		case ARRAY:
			buf_puts(text, first ? "\n    " : ",\n    ");
			break;
		case LIST_ONE_LINE:
			buf_puts(text, first ? "" : ",");
			break;
		case CONCATENATED:
			buf_puts(text, "{\n\"recordingConfiguration\": ");
			break;
		case CONCATENATED_LISTS:
			buf_puts(text, "{ \"recordingConfigurations\": [\n");
			break;
		default:
			break;
		}
		line = 1;
		for (size_t k = 0; k < text->len; k++)
			line += text->data[k] == '\n';
		buf_printf(want, "id%d %u:", i, line);
		{
			size_t start = text->len, characters = 1;

			while (start > 0 && text->data[start - 1] != '\n')
				start--;
			for (; start < text->len; start++)
				characters += ((unsigned char)text->data[start] & 0xc0) != 0x80;
			buf_printf(want, "%zu%s\n", characters,
				   form == LIST || form == LIST_ONE_LINE ||
					   form == CONCATENATED_LISTS
				       ? " summary"
				       : "");
		}
		put_configuration(text, i, form == LINES || form == LIST_ONE_LINE ? "" : "\n\t");
		if (form == LINES)
			buf_puts(text, "}\n");
		else if (form == CONCATENATED)
			buf_puts(text, "\n}\n");
		else if (form == CONCATENATED_LISTS)
			buf_puts(text, "\n],\n\"ResponseMetadata\": {\"a\": [1]}}\n");
	}
	if (form == LIST)
		buf_puts(text, "\n  ],\n  \"ResponseMetadata\": {\"x\": []}\n}\n");
	else if (form == LIST_ONE_LINE)
		buf_puts(text, "]}");
	else if (form == ARRAY)
		buf_puts(text, "\n]\n");
}

static void test_every_form_at_every_size(void **state)
{
	static const size_t sizes[] = { 64, 100, 257, 1000, 4096, 100000 };
	struct buf text = BUF_INIT(0), want = BUF_INIT(0), got;

	(void)state;
	for (int form = 0; form < N_FORMS; form++) {
		make((enum form)form, &text, &want);
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			test_stretch_size = sizes[i];
			got = read_text("", buf_str(&text));
			if (got.data == NULL || strcmp(got.data, want.data) != 0)
				fail_msg("form %d, stretches of %zu:\n%s\nwanted:\n%s", form,
					 sizes[i], got.data != NULL ? got.data : "", want.data);
			buf_release(&got);
		}
	}
	buf_release(&text);
	buf_release(&want);
}

#define ONE(id)                                                                                    \
	"{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/" id                                   \
	"\",\"recordingReconnectWindowSeconds\":0}"

struct telling {
	const char *text, *want;
};

/* Small documents: what comes out, and what is said of the rest. */
static const struct telling tellings[] = {
	{ "", "" },
	{ " \n", "" },
	{ ONE("a"), "a 1:1\n" },
	{ "\xef\xbb\xbf" ONE("a") "\n", "a 1:1\n" },
	{ ONE("a") "\r\n" ONE("b") "\r\n", "a 1:1\nb 2:1\n" },
	{ ONE("a") "\n\n" ONE("b"), "a 1:1\nb 3:1\n" },
	{ "[]", "" },
	{ "{}", "? \n" },
	{ "{\"channels\": []}", "? channels\n" },
	{ "{\"arn\":\"arn:aws:ivs:r:1:channel/x\",\"name\":5}", "? arn\n" },
	{ "[1, " ONE("a") "]", "? \na 1:5\n" },
	/* a broken line is told; the others are read */
	{ ONE("a") "\n{\"arn\": \"x\"\n" ONE("b") "\n",
	  "a 1:1\n! 2:12 a document that does not end on its line\nb 3:1\n" },
	{ ONE("a") "\n{\"arn\": \"x\n" ONE("b") "\n",
	  "a 1:1\n! 2:11 a line end in a string (is its closing quote missing?)\nb 3:1\n" },
	/* the last line is cut */
	{ ONE("a") "\n{\"arn\": \"arn:a", "a 1:1\n! 2:9 a string that is not closed\n" },
	/* cut before a value: it is not there, so it has no wrong type */
	{ ONE("a") "\n{\"arn\": ", "a 1:1\n! 2:9 unexpected end, expected a value\n" },
	{ "{\"recordingConfiguration\":{\"tags\":{\"a\":",
	  "! 1:40 unexpected end, expected a value\n" },
	{ "{\"recordingConfiguration\":", "! 1:27 unexpected end, expected a value\n" },
	/* a second tags must not hide the first */
	{ "{\"recordingConfiguration\":{\"tags\":{\"a\":\"1\"},\"tags\":{}}}",
	  "! 1:45 the key 'tags' is there twice\n" },
	{ "{\"recordingConfiguration\":{\"tags\":{\"a\":\"1\",\"\\u0061\":\"2\"}}}",
	  "! 1:44 the key 'a' is there twice\n" },
	{ "{\"recordingConfiguration\":{\"x\":1,\"x\":1}}", "! 1:34 the key 'x' is there twice\n" },
	/* wrong types are refused one by one */
	{ "{\"recordingConfigurations\":[{\"tags\":{\"a\":1}}," ONE("b") "]}",
	  "! 1:42 tags is not a map of strings, as the API prints it\nb 1:46 summary\n" },
	/* and so is a key that is there twice */
	{ "{\"recordingConfigurations\":[{\"tags\":{\"a\":\"1\",\"a\":\"2\"}}," ONE(
	      "b") ",{\"arn\":tru}]}",
	  "! 1:46 the key 'a' is there twice\nb 1:56 summary\n"
	  "! 1:151 arn is not a string, as the API prints it\n" },
	{ "{\"recordingConfiguration\":null}",
	  "! 1:27 a recording configuration that is not an object\n" },
	/* one page of several */
	{ "{\"recordingConfigurations\":[],\"nextToken\":\"x\"}",
	  "! 1:31 the list goes on elsewhere: nextToken is set, so this is one page of several\n" },
	/* a list's --query: none of what a list lacks */
	{ "[{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/a\",\"tags\":{}}]",
	  "a 1:2 summary\n" },
	{ "\xff\xfe{\0}", "! 1:1 UTF-16, not UTF-8: save it as UTF-8\n" },
	{ "hello", "! 1:1 unexpected 'h', expected a value\n" },
};

static void test_tells_what_it_cannot_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tellings) / sizeof(*tellings); i++) {
		static const size_t sizes[] = { 128, 100000 };

		for (size_t k = 0; k < 2; k++) {
			struct buf got;

			/* the smaller size only where no message depends on it */
			test_stretch_size = sizes[k];
			got = read_text("", str_of(tellings[i].text));
			if (strcmp(got.data != NULL ? got.data : "", tellings[i].want) != 0)
				fail_msg("case %zu at %zu: %s\nsays: %swants: %s", i, sizes[k],
					 tellings[i].text, got.data != NULL ? got.data : "",
					 tellings[i].want);
			buf_release(&got);
		}
	}
}

/* A list that breaks off, or whose end is wrong, far behind its beginning. */
static void test_large_lists_that_break(void **state)
{
	static const struct telling ends[] = {
		{ "", "the list is not closed: the file is cut" },
		{ "}", "a list closed by '}'" },
		{ ",]}", "a comma before ']'" },
		{ "]", "not JSON after the list of recording configurations, or cut there" },
		{ "],}", "not JSON after the list" },
		{ "],\"recordingConfigurations\":[]}", "is there twice" },
		{ "],\"nextToken\":\"x\"}", "nextToken is set" },
		{ "]}{", "unexpected end" },
	};
	struct buf text = BUF_INIT(0), got;

	(void)state;
	test_stretch_size = 300;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		buf_clear(&text);
		buf_puts(&text, "{\"recordingConfigurations\":[");
		for (int k = 0; k < 40; k++)
			buf_printf(&text, "%s" ONE("id"), k != 0 ? "," : "");
		buf_puts(&text, ends[i].text);
		got = read_text("", buf_str(&text));
		if (strstr(got.data, ends[i].want) == NULL)
			fail_msg("ends with %s: says\n%s\nwanted: %s", ends[i].text, got.data,
				 ends[i].want);
		buf_release(&got);
	}
	buf_release(&text);
}

/* A member that is refused in the middle of a large list: only it is lost. */
static void test_goes_on_after_a_broken_member(void **state)
{
	struct buf text = BUF_INIT(0), got;
	size_t ids = 0;

	(void)state;
	test_stretch_size = 300;
	buf_puts(&text, "{\"recordingConfigurations\":[");
	for (int k = 0; k < 40; k++)
		buf_printf(&text, "%s%s", k != 0 ? "," : "", k == 20 ? "{\"arn\":tru}" : ONE("id"));
	buf_puts(&text, "]}");
	got = read_text("", buf_str(&text));
	for (char *p = got.data; (p = strstr(p, "id 1:")) != NULL; p++)
		ids++;
	assert_int_equal(ids, 39);
	assert_non_null(strstr(got.data, "! 1:"));
	buf_release(&got);
	buf_release(&text);
}

/* ---- lines that are claimed ------------------------------------------------ */

/* Lines of every length: documents, blanks, what is none, ends with CR and without. */
static void make_lines(struct buf *text, unsigned seed)
{
	int i, n = 80;

	buf_clear(text);
	buf_puts(text, ONE("first") "\n" ONE("second") "\n");
	for (i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		switch (seed >> 16 & 7) {
		case 0:
			break;
		case 1:
			buf_printf(text, "%*s", (int)(seed >> 20 & 255), "");
			break;
		case 2:
			buf_puts(text, "{\"arn\": tru}");
			break;
		case 3:
			buf_printf(text, "{\"x\": \"%0*d\"}", (int)(seed >> 20 & 1023) + 1, 0);
			break;
		default:
			put_configuration(text, i, "");
			break;
		}
		if (i != n - 1 || (seed >> 19 & 1) != 0)
			buf_puts(text, (seed >> 24 & 1) != 0 ? "\r\n" : "\n");
	}
}

static void test_lines_at_every_cut(void **state)
{
	struct buf text = BUF_INIT(0), want, got;
	unsigned seed;

	(void)state;
	for (seed = 1; seed <= 12; seed++) {
		make_lines(&text, seed);
		test_stretch_size = 1 << 20;
		want = read_text("", buf_str(&text));
		for (test_stretch_size = 256; test_stretch_size < 1500;
		     test_stretch_size += 1 + test_stretch_size / 50) {
			got = read_text("", buf_str(&text));
			if (strcmp(got.data, want.data) != 0)
				fail_msg("seed %u, stretches of %zu:\n%s\nwanted:\n%s", seed,
					 test_stretch_size, got.data, want.data);
			buf_release(&got);
		}
		buf_release(&want);
	}
	buf_release(&text);
}

struct crowd {
	pthread_mutex_t lock;
	struct feed *feed;
	struct buf *texts; /* by ticket */
	size_t n;
};

#define CROWD_MOST 4096

static void *read_along(void *to)
{
	struct crowd *crowd = to;
	struct inputs *inputs = inputs_new(NULL);
	struct stretch stretch = { 0 };
	bool more;

	for (;;) {
		struct log log = { .text = BUF_INIT(0) };

		pthread_mutex_lock(&crowd->lock);
		more = feed_claim(crowd->feed, &stretch);
		pthread_mutex_unlock(&crowd->lock);
		if (!more)
			break;
		feed_read(crowd->feed, &stretch);
		log_stretch(&log, &stretch, inputs);
		assert_true(stretch.ticket < CROWD_MOST);
		crowd->texts[stretch.ticket] = log.text;
		free_files(&stretch);
	}
	stretch_release(&stretch);
	inputs_free(inputs);
	return NULL;
}

/* Who reads which stretch, and when, is left to chance: the lines have their numbers. */
static void test_lines_side_by_side(void **state)
{
	char path[] = "/tmp/ivslint-feed-XXXXXX";
	const char *const paths[] = { path };
	struct buf text = BUF_INIT(0), want, got;
	struct crowd crowd = { .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t threads[4];
	int fd = mkstemp(path);
	unsigned seed, i;
	size_t k;

	(void)state;
	assert_true(fd != -1);
	close(fd);
	crowd.texts = mem_alloc(CROWD_MOST * sizeof(*crowd.texts));
	for (seed = 20; seed < 60; seed++) {
		make_lines(&text, seed);
		fd = open(path, O_WRONLY | O_TRUNC);
		assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
		close(fd);
		test_stretch_size = 1 << 20;
		want = read_path(path);
		for (k = 0; k < CROWD_MOST; k++)
			crowd.texts[k] = BUF_INIT(0);
		crowd.feed = feed_new(paths, 1, -1);
		crowd.feed->stretch_size = 256 + 13 * (seed % 20);
		for (i = 0; i < 4; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, read_along, &crowd), 0);
		for (i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
		assert_true(crowd.feed->n_claims > 2);
		feed_free(crowd.feed);
		got = BUF_INIT(0);
		for (k = 0; k < CROWD_MOST; k++) {
			buf_put_str(&got, buf_str(&crowd.texts[k]));
			buf_release(&crowd.texts[k]);
		}
		assert_string_equal(got.data, want.data);
		buf_release(&got);
		buf_release(&want);
	}
	free(crowd.texts);
	unlink(path);
	buf_release(&text);
}

/* Past the limit, at it, and with other lines around: only that line is lost. */
static void test_lines_past_the_limit(void **state)
{
	static const struct {
		int more; /* bytes than the limit, its newline counted */
		const char *want;
	} cases[] = {
		{ 1, "first 1:1\nsecond 2:1\n! 3:1 a line larger than the limit of 16777216 bytes\n"
		     "third 4:1\nfourth 5:1\n" },
		{ 0, "first 1:1\nsecond 2:1\n? x\nthird 4:1\nfourth 5:1\n" },
	};
	static const size_t sizes[] = { 256, 4096, 256 << 10 };
	struct buf text = BUF_INIT(0), got;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&text);
		buf_puts(&text, ONE("first") "\n" ONE("second") "\n");
		buf_puts(&text, "{\"x\": 1");
		for (k = 0; k < (size_t)(LIMIT_DOCUMENT_SIZE + cases[i].more - 9); k++)
			buf_putc(&text, ' ');
		buf_puts(&text, "}\n" ONE("third") "\n" ONE("fourth"));
		for (k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
			test_stretch_size = sizes[k];
			got = read_text("", buf_str(&text));
			assert_string_equal(got.data, cases[i].want);
			buf_release(&got);
		}
	}
	buf_release(&text);
}

/* A file that is cut short behind its back: what is left is read, to the last line. */
static void test_a_file_that_shrinks(void **state)
{
	char path[] = "/tmp/ivslint-feed-XXXXXX";
	const char *const paths[] = { path };
	struct log log = { .text = BUF_INIT(0) };
	struct inputs *inputs = inputs_new(NULL);
	struct feed *feed = feed_new(paths, 1, -1);
	struct stretch stretch = { 0 };
	struct buf text = BUF_INIT(0);
	int fd = mkstemp(path), n;

	(void)state;
	for (n = 0; n < 100; n++)
		buf_puts(&text, ONE("a") "\n");
	assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
	feed->stretch_size = 1000;
	for (n = 0; feed_next(feed, &stretch); n++) {
		if (n == 2)
			assert_int_equal(ftruncate(fd, 4010), 0);
		log_stretch(&log, &stretch, inputs);
		free_files(&stretch);
	}
	close(fd);
	unlink(path);
	/* the last line is a part of one, and no more */
	assert_non_null(strstr(log.text.data, "\n! "));
	buf_release(&log.text);
	buf_release(&text);
	stretch_release(&stretch);
	feed_free(feed);
	inputs_free(inputs);
}

/* A file that cannot be read any more says so once, and is over. */
static void test_a_file_that_breaks(void **state)
{
	char path[] = "/tmp/ivslint-feed-XXXXXX";
	const char *const paths[] = { path };
	struct log log = { .text = BUF_INIT(0) };
	struct inputs *inputs = inputs_new(NULL);
	struct feed *feed = feed_new(paths, 1, -1);
	struct stretch stretch = { 0 };
	struct buf text = BUF_INIT(0);
	int fd = mkstemp(path), folder = open("/", O_RDONLY), n;
	const char *said;

	(void)state;
	for (n = 0; n < 100; n++)
		buf_puts(&text, ONE("a") "\n");
	assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
	feed->stretch_size = 1000;
	for (n = 0; feed_next(feed, &stretch); n++) {
		/* from a folder read(2) gives EISDIR */
		if (n == 2)
			assert_true(dup2(folder, feed->fd) != -1);
		log_stretch(&log, &stretch, inputs);
		free_files(&stretch);
	}
	close(fd);
	close(folder);
	unlink(path);
	said = strstr(log.text.data, "! 0:0 cannot read: Is a directory\n");
	assert_non_null(said);
	assert_null(strstr(said + 1, "!"));
	buf_release(&log.text);
	buf_release(&text);
	stretch_release(&stretch);
	feed_free(feed);
	inputs_free(inputs);
}

/* What is no list and no object is not cut: what stands behind it is read, too. */
static void test_long_scalars(void **state)
{
	struct buf text = BUF_INIT(0), got;
	int k;

	(void)state;
	buf_puts(&text, "[" ONE("a") "]\n\n");
	for (k = 0; k < 3000; k++)
		buf_putc(&text, '6');
	buf_puts(&text, " " ONE("b") "\n\"");
	for (k = 0; k < 3000; k++)
		buf_putc(&text, 'x');
	buf_puts(&text, "\"\n[" ONE("c") "]\n");
	for (test_stretch_size = 60; test_stretch_size < 9000; test_stretch_size *= 3) {
		got = read_text("", buf_str(&text));
		assert_string_equal(got.data, "a 1:2\n? \nb 3:3002\n? \nc 5:2\n");
		buf_release(&got);
	}
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form_at_every_size),
		cmocka_unit_test(test_tells_what_it_cannot_read),
		cmocka_unit_test(test_large_lists_that_break),
		cmocka_unit_test(test_goes_on_after_a_broken_member),
		cmocka_unit_test(test_long_scalars),
		cmocka_unit_test(test_lines_at_every_cut),
		cmocka_unit_test(test_lines_side_by_side),
		cmocka_unit_test(test_lines_past_the_limit),
		cmocka_unit_test(test_a_file_that_shrinks),
		cmocka_unit_test(test_a_file_that_breaks),
	};

	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
