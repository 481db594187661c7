/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams in every form that the CLI and its users make, cut into stretches
 * far smaller than a document: whatever the cuts, the same configurations come
 * out, in the same order, at the same places.
 */
#include "input/feed_fixture.h"

#include <string.h>

#include "input/json_stray.h"

#define MANY 60

enum form { LINES, LIST, LIST_ONE_LINE, ARRAY, CONCATENATED, CONCATENATED_LISTS, N_FORMS };

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
	{ "{\"recordingConfigurations\":[],\"nextToken\":7}",
	  "! 1:31 the list goes on elsewhere: nextToken is set, so this is one page of several\n" },
	/* lines: what one opens another does not close */
	{ ONE("a") "\n[\n" ONE("b") "\n]\n",
	  "a 1:1\n! 2:2 a document that does not end on its line\nb 3:1\n"
	  "! 4:1 unexpected ']', expected a value\n" },
	{ ONE("a") "\n{\"recordingConfiguration\":" ONE("b") "\n}\n",
	  "a 1:1\nb 2:27\n! 2:114 a document that does not end on its line\n"
	  "! 3:1 unexpected '}', expected a value\n" },
	/* lines and documents that are spread over them */
	{ ONE("a") "\n{\n  \"recordingConfiguration\":\n" ONE("b") "\n}\n" ONE("c"),
	  "a 1:1\nb 4:1\nc 6:1\n" },
	/* a text behind a line that is cut is none of its keys */
	{ ONE("a") "\n{\"arn\":\n\"x\"\n" ONE("b") "\n",
	  "a 1:1\n! 2:8 a document that does not end on its line\n? \nb 4:1\n" },
	/* a recording configuration where none is read is told */
	{ "{\"streamSession\":{\"recordingConfiguration\":" ONE("a") "}}",
	  "! 1:44 " JSON_STRAY "\n? streamSession\n" },
	{ "{\"RecordingConfigurations\":[" ONE("a") "]}",
	  "! 1:29 " JSON_STRAY "\n? RecordingConfigurations\n" },
	{ "{\"data\":{\"Arn\":\"arn:aws:ivs:r:1:recording-configuration/a\","
	  "\"recording_reconnect_window_seconds\":0}}",
	  "! 1:9 " JSON_STRAY "\n? data\n" },
	{ "{\"recordingConfiguration\":" ONE("a") ",\"items\":[{\"x\":[" ONE("b") "]}]}",
	  "a 1:27\n! 1:130 " JSON_STRAY "\n" },
	{ "{\"recordingConfiguration\":{\"history\":[" ONE("b") "]}}", "! 1:39 " JSON_STRAY "\n" },
	{ ONE("a") "\n{\"TemplateBody\":{\"R\":{\"Type\":\"AWS::IVS::RecordingConfiguration\","
		   "\"Properties\":{}}}}\n",
	  "a 1:1\n! 2:22 " JSON_STRAY_PLANNED "\n? TemplateBody\n" },
	{ "{\"recordingConfiguration\":" ONE("a") ",\"x\":{\"change\":{},\"type\":"
						  "\"aws_ivs_recording_configuration\"}}",
	  "a 1:27\n! 1:119 " JSON_STRAY_PLANNED "\n" },
	{ ONE("a") "\n{\"TemplateBody\":\"Resources:\\n  R:\\n    Type: "
		   "AWS::IVS::RecordingConfiguration\"}\n",
	  "a 1:1\n! 2:1 " JSON_STRAY_PLANNED "\n? TemplateBody\n" },
	/* what speaks of one is none */
	{ "{\"TemplateSummary\":\"Type: AWS::IVS::RecordingConfiguration\"}",
	  "? TemplateSummary\n" },
	{ "{\"id\":\"x\",\"type\":\"AWS::IVS::RecordingConfiguration\"}", "? id\n" },
	{ "{\"resource\":{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/a\",\"name\":\"a\"}}",
	  "? resource\n" },
	/* a key in another case is not absent */
	{ "{\"recordingConfiguration\":{\"ThumbnailConfiguration\":{}}}",
	  "! 1:28 the key 'ThumbnailConfiguration', which the API prints as "
	  "'thumbnailConfiguration'\n" },
	{ "{\"recordingConfiguration\":{\"thumbnailConfiguration\":{\"TargetIntervalSeconds\":1}}}",
	  "! 1:54 the key 'TargetIntervalSeconds', which the API prints as "
	  "'targetIntervalSeconds'\n" },
	/* a wrong type before what tells whose it is */
	{ "{\"tags\":[],\"destinationConfiguration\":{}}",
	  "! 1:9 tags is not a map of strings, as the API prints it\n" },
	{ "{\"tags\":[],\"arn\":\"arn:aws:ivs:r:1:recording-configuration/a\"}",
	  "! 1:9 tags is not a map of strings, as the API prints it\n" },
	{ "\xff\xfe{\0}", "! 1:1 UTF-16, not UTF-8: save it as UTF-8\n" },
	{ "\x1f\x8b\x08", "! 1:1 compressed with gzip: unpack it first\n" },
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
		{ "],\"nextToken\":[]}", "nextToken is set" },
		{ "],\"recordingConfigurations\":null}", "is there twice" },
		{ "],\"recordingConfiguration\":{}}", JSON_STRAY },
		{ "],\"x\":[{\"RecordingConfiguration\":" ONE("b") "}]}", JSON_STRAY },
		{ "],\"x\":1,\"x\":2}", "not JSON after the list" },
		{ "],\"channels\":[]}", "channels beside recording configurations" },
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

/* What stands before a list is read as it is before a small one. */
static void test_large_lists_with_something_before(void **state)
{
	static const struct telling begins[] = {
		{ "\"recordingConfiguration\":" ONE("b") ",", "b 1:27\nid 1:" },
		{ "\"x\":1,", "! 1:35 " JSON_STRAY "\n? x\n" },
		{ "\"recordingConfigurations\":null,",
		  "! 1:28 unexpected 'n', expected an array\n" },
		{ "\"nextToken\":\"x\",", "! 1:2 the list goes on elsewhere" },
	};
	struct buf text = BUF_INIT(0), got;

	(void)state;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++) {
		buf_clear(&text);
		buf_printf(&text, "{%s\"recordingConfigurations\":[", begins[i].text);
		for (int k = 0; k < 40; k++)
			buf_printf(&text, "%s" ONE("id"), k != 0 ? "," : "");
		buf_puts(&text, "]}");
		for (test_stretch_size = 300; test_stretch_size < 100000; test_stretch_size *= 20) {
			got = read_text("", buf_str(&text));
			if (!str_starts(buf_str(&got), str_of(begins[i].want)))
				fail_msg("begins with %s: says\n%s\nwanted: %s", begins[i].text,
					 got.data, begins[i].want);
			buf_release(&got);
		}
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
		cmocka_unit_test(test_large_lists_with_something_before),
		cmocka_unit_test(test_goes_on_after_a_broken_member),
		cmocka_unit_test(test_long_scalars),
	};

	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
