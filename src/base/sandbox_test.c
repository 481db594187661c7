/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is given up is gone, and what the program needs still works. Each test
 * is a process of its own, because nothing given up comes back.
 */
#define _GNU_SOURCE
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#define NOT_HERE 77 /* this kernel, or what stands around it, has no such thing */

/* `check` gives 0, or the number of the step that failed. */
static void in_a_child(int (*check)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(check());
	assert_int_not_equal(child, -1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NOT_HERE)
		skip();
	if (WEXITSTATUS(status) != 0)
		fail_msg("failed at step %d", WEXITSTATUS(status));
}

static int check_start(void)
{
	struct rlimit core;

	sandbox_start();
	if (getrlimit(RLIMIT_CORE, &core) == -1 || core.rlim_cur != 0 || core.rlim_max != 0)
		return 1;
#ifdef __linux__
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 2;
	if (strncmp(sandbox_describe(), "no_new_privs", 12) != 0)
		return 3;
#endif
	return 0;
}

static int fails_with_eacces(int rc)
{
	return rc == -1 && errno == EACCES;
}

static void *nothing(void *fd)
{
	return fails_with_eacces(socket(AF_INET, SOCK_STREAM, 0)) ? fd : NULL;
}

/* What a run does after it gave up the network. */
static int check_still_works(void)
{
	char name[] = "/tmp/ivslint-sandbox-test-XXXXXX", byte;
	int fd, ends[2], status;
	pthread_t thread;
	void *answer;
	pid_t child;

	fd = mkstemp(name);
	if (fd == -1 || write(fd, "x", 1) != 1 || fsync(fd) == -1 || unlink(name) == -1)
		return 20;
	if (pipe(ends) == -1 || write(ends[1], "x", 1) != 1 || read(ends[0], &byte, 1) != 1)
		return 21;
	if (pthread_create(&thread, NULL, nothing, &fd) != 0 || pthread_join(thread, &answer) != 0)
		return 22;
	if (answer != &fd)
		return 23;
	child = fork();
	if (child == 0)
		_exit(fails_with_eacces(socket(AF_INET6, SOCK_DGRAM, 0)) ? 0 : 1);
	if (waitpid(child, &status, 0) != child || status != 0)
		return 24;
	return 0;
}

static int check_network(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int before[2], pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, before) == -1)
		return 1;
	sandbox_start();
	sandbox_no_network();
	if (strcmp(sandbox_describe(), "no_new_privs, seccomp") != 0)
		return NOT_HERE;
	if (!fails_with_eacces(socket(AF_INET, SOCK_STREAM, 0)))
		return 2;
	if (!fails_with_eacces(socket(AF_UNIX, SOCK_STREAM, 0)))
		return 3;
	if (!fails_with_eacces(socketpair(AF_UNIX, SOCK_STREAM, 0, pair)))
		return 4;
	if (!fails_with_eacces(connect(before[0], (struct sockaddr *)&address, sizeof(address))))
		return 5;
	if (!fails_with_eacces(bind(before[0], (struct sockaddr *)&address, sizeof(address))))
		return 6;
	if (!fails_with_eacces((int)send(before[0], "x", 1, 0)))
		return 7;
	if (!fails_with_eacces((int)syscall(425, 1, NULL)))
		return 8;
	/* standard output may be a socket: writing on one goes on */
	if (write(before[0], "x", 1) != 1)
		return 9;
	return check_still_works();
}

static int check_exec(void)
{
	char name[] = "true", *const argv[] = { name, NULL }, *const none[] = { NULL };

	sandbox_start();
	sandbox_no_network();
	if (strcmp(sandbox_describe(), "no_new_privs, seccomp") != 0)
		return NOT_HERE;
	sandbox_no_exec();
	if (!fails_with_eacces(execve("/bin/true", argv, none)))
		return 1;
	if (!fails_with_eacces((int)syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, none, 0)))
		return 2;
	/* the filter before it is still there */
	if (!fails_with_eacces(socket(AF_INET, SOCK_STREAM, 0)))
		return 3;
	return check_still_works();
}

static void start(void **state)
{
	(void)state;
	in_a_child(check_start);
}

static void network(void **state)
{
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
	(void)state;
	in_a_child(check_network);
#else
	(void)state;
	skip();
#endif
}

static void programs(void **state)
{
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
	(void)state;
	in_a_child(check_exec);
#else
	(void)state;
	skip();
#endif
}

static void a_second_time(void **state)
{
	(void)state;
	in_a_child(check_start);
	in_a_child(check_network);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(start),
		cmocka_unit_test(network),
		cmocka_unit_test(programs),
		cmocka_unit_test(a_second_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
