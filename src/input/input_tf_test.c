/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans and states of testdata/tf: every slot of every recording configuration
 * with its place, and every complaint, against the .want beside it. Each is read
 * from memory, from a file through a window far smaller than it, and from a pipe
 * that is kept in a file. UPDATE=1 writes the .want files.
 */
#include <stddef.h>
#define TF_WINDOW test_window
static size_t test_window = 64;
#include "input/input_tf.c"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "model/json.h"

#define FOLDER "testdata/tf"

struct dump {
	struct buf out;
	size_t resources;
};

static void put_value(struct buf *b, struct source *source, const char *path, const struct value *v)
{
	struct place place = source_place(source, v->place);
	uint32_t i;

	/* members of lists of objects each on a line */
	if (v->kind == VALUE_LIST && v->n != 0 && v->items[0].kind == VALUE_MAP) {
		for (i = 0; i < v->n; i++)
			put_value(b, source, path, &v->items[i]);
		return;
	}
	buf_printf(b, "  %s = ", path);
	value_show(b, v, 2000);
	if (v->kind == VALUE_UNKNOWN)
		buf_printf(b, " (%s)", v->why);
	buf_printf(b, " @%u:%u\n", place.line, place.column);
}

static bool on_resource(void *to, struct resource *r)
{
	struct dump *d = to;
	struct place place = source_place(r->source, r->place);
	struct arena arena = ARENA_INIT;
	struct subject subject;
	int i;

	resource_subject(r, &arena, &subject);
	buf_printf(&d->out, "%.*s %u:%u\n", STR_ARG(r->logical_id), place.line, place.column);
	buf_printf(&d->out, "  # %.*s\n", STR_ARG(subject.id));
	for (i = 0; i < N_FIELDS; i++)
		if (r->slots[i].kind != VALUE_ABSENT && field_table[i].origin != ORIGIN_SOURCE &&
		    field_table[i].origin != ORIGIN_STREAM)
			put_value(&d->out, r->source, field_table[i].path, &r->slots[i]);
	arena_release(&arena);
	d->resources++;
	return false;
}

static void on_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
		       const char *text)
{
	static const char *const names[] = { "unreadable", "refused",     "cut",
					     "missing",    "not fetched", "unseen" };

	buf_printf(&((struct dump *)to)->out, "! %s %u:%u %s\n", names[kind], line, column, text);
}

static void on_other(void *to, struct str first)
{
	buf_printf(&((struct dump *)to)->out, "? %.*s\n", STR_ARG(first));
}

enum way { WAY_MEMORY, WAY_FILE, WAY_PIPE };

static void read_bytes(struct dump *d, const char *name, struct str bytes, enum way way, int fd)
{
	const struct input_sink sink = {
		.to = d, .resource = on_resource, .trouble = on_trouble, .other = on_other
	};
	struct segment segment = { .kind = SEGMENT_STREAM, .input = &input_tf, .fd = -1 };
	size_t head = way == WAY_MEMORY ? bytes.len : bytes.len / 3;
	struct arena arena = ARENA_INIT;
	char *copy = mem_alloc(head + JSON_PADDING);

	memset(copy + head, 0, JSON_PADDING);
	memcpy(copy, bytes.data, head);
	segment.source = (struct source){
		.name = name, .bytes = { copy, head }, .first_line = 1, .first_column = 1
	};
	segment.wake_fd = -1;
	if (way != WAY_MEMORY)
		segment.fd = fd;
	segment.regular = way == WAY_FILE;
	input_tf.read(&segment, NULL, ~(field_set)0 >> (64 - N_FIELDS), &arena, &sink);
	arena_release(&arena);
	free(copy);
}

static struct str read_way(struct dump *d, const char *name, struct str bytes, enum way way)
{
	int fds[2] = { -1, -1 };
	size_t head = bytes.len / 3;
	pid_t child;

	buf_clear(&d->out);
	d->resources = 0;
	if (way == WAY_FILE) {
		fds[0] = file_temporary();
		assert_true(fds[0] != -1);
		assert_int_equal(write(fds[0], bytes.data, bytes.len), (ssize_t)bytes.len);
		assert_int_equal(lseek(fds[0], (off_t)head, SEEK_SET), (off_t)head);
	} else if (way == WAY_PIPE) {
		assert_int_equal(pipe(fds), 0);
		child = fork();
		assert_true(child != -1);
		if (child == 0) {
			close(fds[0]);
			while (head < bytes.len) {
				ssize_t put = write(fds[1], bytes.data + head, bytes.len - head);

				if (put <= 0)
					break;
				head += (size_t)put;
			}
			_exit(0);
		}
		close(fds[1]);
	}
	read_bytes(d, name, bytes, way, fds[0]);
	if (fds[0] != -1)
		close(fds[0]);
	return buf_str(&d->out);
}

static void check_file(const char *name)
{
	struct buf bytes = BUF_INIT(LIMIT_DOCUMENT_SIZE), want = BUF_INIT(LIMIT_DOCUMENT_SIZE);
	struct dump d = { .out = BUF_INIT(0) };
	struct file_out *out;
	char path[300];
	struct err err;
	int way;

	snprintf(path, sizeof(path), FOLDER "/%s.json", name);
	if (file_read(&bytes, path, &err) == -1)
		fail_msg("%s", err.text);
	snprintf(path, sizeof(path), FOLDER "/%s.want", name);
	if (getenv("UPDATE") != NULL) {
		read_way(&d, name, buf_str(&bytes), WAY_MEMORY);
		out = file_out_open(path, &err);
		assert_non_null(out);
		file_out_put(out, buf_str(&d.out));
		assert_int_equal(file_out_commit(out, &err), 0);
	}
	if (file_read(&want, path, &err) == -1)
		fail_msg("%s", err.text);
	buf_putc(&want, '\0');
	for (way = WAY_MEMORY; way <= WAY_PIPE; way++) {
		for (test_window = 64; test_window < 5000; test_window += 977) {
			struct str got = read_way(&d, name, buf_str(&bytes), (enum way)way);

			if (!str_equal(got, (struct str){ want.data, want.len - 1 }))
				fail_msg("%s, way %d, window %zu:\n%s", name, way, test_window,
					 got.data);
			if (way == WAY_MEMORY)
				break;
		}
	}
	buf_release(&d.out);
	buf_release(&want);
	buf_release(&bytes);
}

static void test_files(void **state)
{
	struct dirent **list;
	int n = scandir(FOLDER, &list, NULL, alphasort), i, tried = 0;
	char *dot;

	(void)state;
	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		dot = strrchr(list[i]->d_name, '.');
		if (dot != NULL && strcmp(dot, ".json") == 0) {
			*dot = '\0';
			check_file(list[i]->d_name);
			tried++;
		}
		free(list[i]);
	}
	free(list);
	assert_true(tried > 25);
}

/* Every beginning of a plan is refused as cut, and what was whole before the cut
 * is read. */
static void test_cut_anywhere(void **state)
{
	struct buf bytes = BUF_INIT(LIMIT_DOCUMENT_SIZE);
	struct dump d = { .out = BUF_INIT(0) };
	struct err err;
	size_t i, end, most;

	(void)state;
	assert_int_equal(file_read(&bytes, FOLDER "/plan-sorted-keys.json", &err), 0);
	for (end = bytes.len; bytes.data[end - 1] != '}'; end--)
		;
	most = 0;
	for (i = 1; i < end; i++) {
		read_way(&d, "cut", (struct str){ bytes.data, i }, WAY_MEMORY);
		if (strstr(buf_str(&d.out).data, "! cut ") == NULL)
			fail_msg("cut at %zu: %s", i, buf_str(&d.out).data);
		most = d.resources > most ? d.resources : most;
	}
	assert_int_equal(most, 1);
	buf_release(&d.out);
	buf_release(&bytes);
}

/* A resource that nobody wants may be of any size; one that is wanted may not. */
static void test_sizes(void **state)
{
	static const char head[] = "{\"format_version\":\"1.2\",\"resource_changes\":[";
	static const char ours[] =
	    "{\"address\":\"aws_ivs_recording_configuration.a\",\"mode\":\"managed\","
	    "\"type\":\"aws_ivs_recording_configuration\",\"change\":{\"actions\":[\"create\"],"
	    "\"after\":{\"destination_configuration\":[{\"s3\":[{\"bucket_name\":\"acme\"}]}]}}}";
	struct dump d = { .out = BUF_INIT(0) };
	struct buf text = BUF_INIT(0);
	size_t i;

	(void)state;
	buf_puts(&text, head);
	buf_puts(&text, "{\"mode\":\"managed\",\"type\":\"aws_lambda_function\",\"change\":\"");
	for (i = 0; i < LIMIT_DOCUMENT_SIZE + 100; i++)
		buf_putc(&text, 'x');
	buf_puts(&text, "\"},");
	buf_puts(&text, ours);
	buf_puts(&text, ",{\"type\":\"aws_ivs_recording_configuration\",\"x\":[");
	for (i = 0; i < LIMIT_DOCUMENT_SIZE / 2; i++)
		buf_puts(&text, "1,");
	buf_puts(&text, "1]},");
	buf_puts(&text, ours);
	buf_puts(&text, "]}");
	test_window = 4096;
	for (i = WAY_MEMORY; i <= WAY_FILE; i++) {
		read_way(&d, "sizes", buf_str(&text), (enum way)i);
		assert_int_equal(d.resources, 2);
		assert_non_null(strstr(d.out.data, "larger than the limit of 16777216 bytes"));
		/* one complaint: the other is passed over */
		assert_null(strstr(strstr(d.out.data, "! ") + 1, "! "));
	}
	buf_release(&d.out);
	buf_release(&text);
}

/* More related resources than are held: then none of them is known. */
static void test_too_much_related(void **state)
{
	struct dump d = { .out = BUF_INIT(0) };
	struct buf text = BUF_INIT(0), big = BUF_INIT(0);
	size_t i;

	(void)state;
	for (i = 0; i < 900000; i++)
		buf_putc(&big, 'n');
	buf_puts(&text, "{\"format_version\":\"1.0\",\"values\":{\"root_module\":{\"resources\":[");
	for (i = 0; i < LIMIT_PLAN_RELATED / 900000 + 2; i++)
		buf_printf(&text,
			   "{\"address\":\"aws_ivs_channel.c%zu\",\"mode\":\"managed\",\"type\":"
			   "\"aws_ivs_channel\",\"values\":{\"name\":\"%s\"}},",
			   i, big.data);
	buf_puts(&text, "{\"address\":\"aws_ivs_recording_configuration.a\",\"mode\":\"managed\","
			"\"type\":\"aws_ivs_recording_configuration\",\"values\":{}}]}}}");
	test_window = 65536;
	read_way(&d, "related", buf_str(&text), WAY_FILE);
	assert_int_equal(d.resources, 1);
	assert_non_null(strstr(d.out.data, "channels = unknown (the plan has more channels"));
	buf_release(&d.out);
	buf_release(&text);
	buf_release(&big);
}

#if defined(__SANITIZE_ADDRESS__)
#define MILLION 100000 /* what is slower by far */
#else
#define MILLION 1000000
#endif

/* A million of what nobody asks for, and a million of what is related: the one is passed
 * over, the other held up to the limit. */
static void test_a_million(void **state)
{
	static const char ours[] =
	    "{\"address\":\"aws_ivs_recording_configuration.a\",\"mode\":\"managed\","
	    "\"type\":\"aws_ivs_recording_configuration\",\"change\":{\"actions\":[\"create\"],"
	    "\"after\":{}}}";
	static const char *const types[] = { "aws_lambda_function", "aws_s3_bucket" };
	const char *const wants[] = { "(the bucket is not in the plan)",
				      MILLION < 1000000 ? "(the bucket is not in the plan)"
							: "(the plan has more channels and" };
	struct dump d = { .out = BUF_INIT(0) };
	struct buf text = BUF_INIT(0);
	size_t i, k;

	(void)state;
	test_window = 65536;
	for (i = 0; i < 2; i++) {
		buf_clear(&text);
		buf_puts(&text, "{\"format_version\":\"1.2\",\"resource_changes\":[");
		for (k = 0; k < MILLION; k++) {
			if (k == MILLION / 2) {
				buf_puts(&text, ours);
				buf_putc(&text, ',');
			}
			buf_puts(&text, "{\"type\":\"");
			buf_puts(&text, types[i]);
			buf_puts(&text, "\",\"address\":\"a\",\"mode\":\"managed\",\"change\":{"
					"\"actions\":[\"create\"],\"after\":{}}},");
		}
		text.len--;
		buf_puts(&text, "]}");
		read_way(&d, "a million", buf_str(&text), WAY_MEMORY);
		assert_int_equal(d.resources, 1);
		assert_null(strstr(d.out.data, "! "));
		assert_non_null(strstr(d.out.data, wants[i]));
	}
	buf_release(&d.out);
	buf_release(&text);
}

/* What begins as a plan does, whatever the order of its keys; and what does not. */
static void test_recognise(void **state)
{
	static const struct {
		const char *text;
		bool ours;
	} rows[] = {
		{ "{\"format_version\":\"1.2\",\"resource_changes\":[]}", true },
		{ "{\"format_version\":\"1.0\"}", true },
		{ "{\"applyable\":true,\"checks\":[],\"complete\":true,\"configuration\":{\"a\":",
		  true },
		{ "{\"resource_changes\":[", true },
		{ "{\"planned_values\":{", true },
		/* what a later version adds, wherever it stands */
		{ "{\"advice\":1,\"format_version\":\"1.9\",\"resource_changes\":[]}", true },
		{ "{\"advice\":1,\"format_version\":\"1.9\",\"terraform_version\":\"2\"}", true },
		{ "{\"advice\":1,\"format_version\":\"1.9\"}", false },
		{ "{\"configuration\":{\"a\":1}}", false },
		{ "{\"format_version\":\"1.0\",\"provider_schemas\":{}}", false },
		{ "{\"format_version\":\"1.0\",\"valid\":true}", false },
		{ "{\"version\":4,\"terraform_version\":\"1.9\"}", false },
		{ "{\"version\":4,\"terraform_version\":\"1.9\",\"serial\":1,\"lineage\":\"x\"}",
		  true },
		{ "{\"timestamp\":\"x\",\"checks\":[]}", false },
		{ "{\"arn\":\"x\"}", false },
		{ "[]", false },
		{ "{}", false },
	};
	struct arena arena = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].text);
		char *text = arena_alloc(&arena, len + JSON_PADDING);
		struct input_head head = { .name = "x", .asked_for = true };
		char last = rows[i].text[len - 1];

		memcpy(text, rows[i].text, len);
		head.text = (struct str){ text, len };
		head.first = *text;
		head.json = true;
		head.whole = last == '}' || last == ']';
		if ((input_recognise(&head, &arena) == &input_tf) != rows[i].ours)
			fail_msg("%s", rows[i].text);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),     cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_sizes),     cmocka_unit_test(test_too_much_related),
		cmocka_unit_test(test_a_million), cmocka_unit_test(test_recognise),
	};

	return cmocka_run_group_tests_name("input_tf", tests, NULL, NULL);
}
