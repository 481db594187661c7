/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request and its answer held is nowhere in this process's memory when
 * all is released: not in what libcurl copied either.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/digest.h"
#include "fetch/test_http.h"

#define SIZE 40

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* The markers are made where they are needed, and never written out here. */
static void make(char *to, unsigned char number)
{
	size_t i;

	for (i = 0; i < SIZE; i++)
		to[i] = (char)('A' + (i * 7 + number * 5 + i * i % 3) % 26);
	to[SIZE] = '\0';
}

static bool is_marker(const char *at, unsigned char number)
{
	size_t i;

	for (i = 0; i < SIZE; i++)
		if (at[i] != (char)('A' + (i * 7 + number * 5 + i * i % 3) % 26))
			return false;
	return true;
}

static void give(void *to, const struct test_request *request, struct test_reply *reply)
{
	char marker[SIZE + 1];

	(void)to;
	(void)request;
	make(marker, 2);
	buf_puts(&reply->body, marker);
}

/* A server in a process of its own, so that its copies are not ours. */
static pid_t serve(int *port)
{
	struct test_server server;
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		test_server_start(&server, give, NULL);
		(void)!write(ends[1], &server.port, sizeof(server.port));
		alarm(60);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ends[0], port, sizeof(*port)), sizeof(*port));
	close(ends[0]);
	close(ends[1]);
	return pid;
}

static int found_in(const char *bytes, size_t size)
{
	int found = 0;
	size_t i;

	for (i = 0; i + SIZE <= size; i++)
		if (bytes[i] >= 'A' && bytes[i] <= 'Z')
			found += is_marker(bytes + i, 0) + is_marker(bytes + i, 1) +
				 is_marker(bytes + i, 2);
	return found;
}

/* In all that may be written to, but for the stack of this function's callers. */
static int found(void)
{
	static char piece[1 << 16];
	FILE *maps = fopen("/proc/self/maps", "r");
	int mem = open("/proc/self/mem", O_RDONLY), n = 0;
	uintptr_t from, to;
	char line[400], mode[8];
	ssize_t got;

	if (maps == NULL || mem == -1)
		return -1;
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to, mode) != 3 ||
		    mode[0] != 'r' || mode[1] != 'w')
			continue;
		for (; from < to; from += (uintptr_t)got - SIZE) {
			got =
			    pread(mem, piece, to - from < sizeof(piece) ? to - from : sizeof(piece),
				  (off_t)from);
			if (got <= SIZE)
				break;
			/* not what was read before */
			if (from < (uintptr_t)piece + sizeof(piece) &&
			    (uintptr_t)piece < from + (uintptr_t)got)
				continue;
			n += found_in(piece, (size_t)got);
		}
	}
	digest_wipe(piece, sizeof(piece));
	close(mem);
	fclose(maps);
	return n;
}

static void ask(int port)
{
	char key[SIZE + 1], body[SIZE + 1], url[100];
	struct http_header header = { STR("Authorization"), { key, SIZE } };
	struct http *h = open_http(1);
	struct http_answer answer;

	make(key, 0);
	make(body, 1);
	send_with(h,
		  (struct http_request){ .method = "POST",
					 .url = url_of(url, sizeof(url), port, "/"),
					 .headers = &header,
					 .n_headers = 1,
					 .body = { body, SIZE } },
		  &answer);
	assert_int_equal(answer.status, 200);
	assert_true(answer.body.len == SIZE && is_marker(answer.body.data, 2));
	assert_true(found() != 0);
	http_answer_release(&answer);
	http_free(h);
	digest_wipe(key, sizeof(key));
	digest_wipe(body, sizeof(body));
}

static void nothing_stays(void **state)
{
	int port;
	pid_t pid;

	(void)state;
	if (SANITIZED)
		skip(); /* a sanitizer's own memory is too large to look through */
	pid = serve(&port);
	ask(port);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(found(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_stays) };
	struct err err;

	if (http_start_library(&err) == -1)
		return 1;
	return cmocka_run_group_tests_name("http: memory", tests, NULL, NULL);
}
