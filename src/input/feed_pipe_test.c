/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular files, of which several threads read parts at once: what comes out is what
 * comes out of pipes, which are read by one. Several files one behind the other, texts by
 * chance, lines and documents of every length beside stretches that are far too small for
 * them; files that end or grow while they are read.
 */
#include "input/feed_inside.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define THREADS   5
#define FILES     3
#define TEXTS     150
#define STRETCHES 20000

/* ---- what was read, as text ------------------------------------------------------ */

static bool log_resource(void *to, struct resource *r)
{
	struct place place = source_place(r->source, r->place);

	buf_put_str(to, value_str(&r->slots[FIELD_ID]));
	buf_printf(to, " %u:%u %d\n", place.line, place.column, r->summary);
	return false;
}

static void log_trouble(void *to, enum trouble kind, uint32_t line, uint32_t column,
			const char *text)
{
	(void)kind;
	buf_printf(to, "! %u:%u %s\n", line, column, text);
}

static void log_other(void *to, struct str first)
{
	buf_printf(to, "? %.*s\n", STR_ARG(first));
}

static void log_stretch(struct buf *log, struct stretch *s, struct inputs *inputs)
{
	const struct input_sink sink = {
		.to = log, .resource = log_resource, .trouble = log_trouble, .other = log_other
	};
	struct arena arena = ARENA_INIT;
	struct segment *g;
	size_t i;

	for (i = 0; i < s->n; i++) {
		g = &s->segments[i];
		if (g->source.bytes.len != 0)
			input_read(g, inputs, resource_closure(FIELD_BIT(FIELD_ID)), &arena, &sink);
		else if (g->kind == SEGMENT_TROUBLE)
			log_trouble(log, g->trouble, g->source.first_line, g->source.first_column,
				    g->text);
		if (g->ends_file) {
			buf_printf(log, "end, %d\n", g->file->opened);
			free(g->file->name);
			free(g->file);
		}
		arena_reset(&arena);
	}
	arena_release(&arena);
}

/* ---- several threads ------------------------------------------------------------- */

struct taking {
	struct feed *feed;
	pthread_mutex_t lock;
	struct stretch stretches[STRETCHES]; /* by their tickets */
	size_t n;
};

static void *take_all(void *to)
{
	struct taking *t = to;
	struct stretch s;
	unsigned i;
	bool more;

	for (i = 0;; i++) {
		s = (struct stretch){ 0 };
		pthread_mutex_lock(&t->lock);
		more = feed_claim(t->feed, &s);
		pthread_mutex_unlock(&t->lock);
		if (!more)
			break;
		if (i % 3 == 1)
			sched_yield();
		feed_read(t->feed, &s);
		pthread_mutex_lock(&t->lock);
		assert_true(s.ticket < STRETCHES);
		t->stretches[s.ticket] = s;
		t->n++;
		pthread_mutex_unlock(&t->lock);
		if (i % 3 == 0)
			sched_yield();
	}
	stretch_release(&s);
	return NULL;
}

static void read_paths(struct buf *log, const char *const *paths, size_t n, size_t stretch_size,
		       unsigned threads)
{
	static struct taking t;
	struct inputs *inputs = inputs_new(NULL);
	pthread_t others[THREADS];
	unsigned i;
	size_t k;

	t.n = 0;
	t.feed = feed_new(paths, n, -1);
	t.feed->stretch_size = stretch_size;
	pthread_mutex_init(&t.lock, NULL);
	for (i = 1; i < threads; i++)
		assert_int_equal(pthread_create(&others[i], NULL, take_all, &t), 0);
	take_all(&t);
	for (i = 1; i < threads; i++)
		assert_int_equal(pthread_join(others[i], NULL), 0);
	buf_clear(log);
	buf_puts(log, "");
	for (k = 0; k < t.n; k++) {
		log_stretch(log, &t.stretches[k], inputs);
		stretch_release(&t.stretches[k]);
		t.stretches[k] = (struct stretch){ 0 };
	}
	pthread_mutex_destroy(&t.lock);
	feed_free(t.feed);
	inputs_free(inputs);
}

/* ---- texts ------------------------------------------------------------------------- */

static uint32_t chance(uint32_t n)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % n;
}

static void put_configuration(struct buf *b, const char *newline)
{
	uint32_t tags = chance(chance(5) == 0 ? 60 : 3), i;

	buf_printf(b, "{%s\"arn\":\"arn:aws:ivs:r:1:recording-configuration/%u\",%s\"tags\":{",
		   newline, chance(100000), newline);
	for (i = 0; i < tags; i++)
		buf_printf(b, "%s%s\"t%u\":\"}],\\\"\xc3\xa9\"", i != 0 ? "," : "", newline, i);
	buf_printf(b, "}%s}", newline);
}

static void put_list(struct buf *b, const char *newline)
{
	uint32_t members = 1 + chance(30), i;

	buf_printf(b, "{%s\"recordingConfigurations\":[%s", newline, newline);
	for (i = 0; i < members; i++) {
		put_configuration(b, newline);
		buf_puts(b, i + 1 < members ? "," : "");
	}
	buf_printf(b, "]%s,\"ResponseMetadata\":{\"a\":[1,{}]}}\n", newline);
}

/* A document a line: some are none, some lines are blank, and the last may have no end. */
static void make_lines(struct buf *b)
{
	uint32_t lines = 2 + chance(80), i;

	for (i = 0; i < lines; i++) {
		if (chance(9) == 0)
			buf_puts(b, i > 1 && chance(2) == 0 ? "{\"arn\": \"x\n" : "\n");
		put_configuration(b, "");
		buf_puts(b, chance(9) == 0 ? "\r\n" : "\n");
	}
	if (chance(2) == 0)
		b->len--;
}

static void make_documents(struct buf *b)
{
	uint32_t documents = 1 + chance(20), i;

	for (i = 0; i < documents; i++) {
		/* the first one, so that no lines are expected */
		const char *newline = i == 0 || chance(2) == 0 ? "\n  " : "";

		if (chance(3) == 0)
			put_list(b, newline);
		else
			put_configuration(b, newline);
		buf_puts(b, chance(2) == 0 ? "\n" : "");
	}
}

static void make(struct buf *b)
{
	buf_clear(b);
	if (chance(9) == 0)
		buf_puts(b, "\xef\xbb\xbf");
	if (chance(2) == 0)
		make_lines(b);
	else
		make_documents(b);
	/* fits a pipe */
	if (b->len > 60000)
		make(b);
}

/* ---- tests ------------------------------------------------------------------------- */

static void write_all(int fd, struct str text)
{
	assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
}

/* From a pipe each, whose texts are there already. */
static void read_pipes(struct buf *log, const struct buf *texts, size_t stretch_size)
{
	char names[FILES][32];
	const char *paths[FILES];
	int fds[FILES][2], i;

	for (i = 0; i < FILES; i++) {
		assert_int_equal(pipe(fds[i]), 0);
		write_all(fds[i][1], buf_str(&texts[i]));
		close(fds[i][1]);
		snprintf(names[i], sizeof(names[i]), "/dev/fd/%d", fds[i][0]);
		paths[i] = names[i];
	}
	read_paths(log, paths, FILES, stretch_size, 1);
	for (i = 0; i < FILES; i++)
		close(fds[i][0]);
}

static void assert_same(const struct buf *got, const struct buf *want, size_t size,
			unsigned threads)
{
	size_t at, from;

	if (str_equal(buf_str(got), buf_str(want)))
		return;
	for (at = from = 0; got->data[at] == want->data[at]; at++)
		from = at > 100 ? at - 100 : 0;
	fail_msg("stretches of %zu, %u threads: ... %.150s\nand from a pipe: ... %.150s", size,
		 threads, got->data + from, want->data + from);
}

static void test_as_from_a_pipe(void **state)
{
	char names[FILES][32];
	const char *const paths[FILES] = { names[0], names[1], names[2] };
	struct buf texts[FILES] = { BUF_INIT(0), BUF_INIT(0), BUF_INIT(0) };
	struct buf want = BUF_INIT(0), got = BUF_INIT(0);
	size_t size;
	unsigned threads;
	int fds[FILES], i, k;

	(void)state;
	for (i = 0; i < FILES; i++) {
		fds[i] = file_temporary();
		assert_int_not_equal(fds[i], -1);
		snprintf(names[i], sizeof(names[i]), "/dev/fd/%d", fds[i]);
	}
	for (k = 0; k < TEXTS; k++) {
		for (i = 0; i < FILES; i++) {
			make(&texts[i]);
			assert_int_equal(ftruncate(fds[i], 0), 0);
			assert_int_equal(pwrite(fds[i], texts[i].data, texts[i].len, 0),
					 (ssize_t)texts[i].len);
		}
		size = 32 + chance(k % 3 == 0 ? 9000 : 700);
		read_pipes(&want, texts, size);
		for (threads = 1; threads <= THREADS; threads += 2) {
			read_paths(&got, paths, FILES, size, threads);
			assert_same(&got, &want, size, threads);
		}
	}
	for (i = 0; i < FILES; i++) {
		buf_release(&texts[i]);
		close(fds[i]);
	}
	buf_release(&want);
	buf_release(&got);
}

/* What is there when its turn comes is read: no more, and no less. */
static void test_ends_and_grows(void **state)
{
	const char *const line = "{\"arn\":\"arn:aws:ivs:r:1:recording-configuration/a\"}\n";
	char name[32];
	const char *const paths[] = { name };
	struct inputs *inputs = inputs_new(NULL);
	struct buf log = BUF_INIT(0);
	struct stretch s = { 0 };
	struct feed *feed;
	const char *p;
	size_t lines, n;
	off_t size;
	int fd = file_temporary(), i, grows;

	(void)state;
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	for (grows = 0; grows < 2; grows++) {
		assert_int_equal(ftruncate(fd, 0), 0);
		for (i = 0, size = 0; i < 100; i++, size += (off_t)strlen(line))
			assert_int_equal(pwrite(fd, line, strlen(line), size), strlen(line));
		buf_clear(&log);
		feed = feed_new(paths, 1, -1);
		feed->stretch_size = 1000;
		for (n = 0; feed_next(feed, &s); n++) {
			log_stretch(&log, &s, inputs);
			if (n == 2 && grows)
				assert_int_equal(pwrite(fd, line, strlen(line), size),
						 strlen(line));
			if (n == 2 && !grows)
				assert_int_equal(ftruncate(fd, 80 * (off_t)strlen(line)), 0);
		}
		for (p = log.data, lines = 0; (p = strstr(p, "a ")) != NULL; p++)
			lines++;
		assert_int_equal(lines, grows ? 101 : 80);
		assert_null(strchr(log.data, '!'));
		feed_free(feed);
	}
	stretch_release(&s);
	inputs_free(inputs);
	buf_release(&log);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_from_a_pipe),
		cmocka_unit_test(test_ends_and_grows),
	};

	return cmocka_run_group_tests_name("feed_pipe", tests, NULL, NULL);
}
