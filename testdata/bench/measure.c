/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure OUT COMMAND [ARGUMENT...]: runs the command and writes to OUT
 *
 *	status wall user system peak
 *
 * in seconds and KiB. A program of its own and a small one, because the peak
 * of a child begins with that of whoever started it. The command's standard
 * output is thrown away; standard input and error are those of measure.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec begin, end;
	struct rusage usage;
	int null, status;
	pid_t child;
	FILE *out;

	if (argc < 3)
		return 2;
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	child = fork();
	if (child == 0) {
		dup2(null, 1);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child == -1 || wait4(child, &status, 0, &usage) == -1)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	out = fopen(argv[1], "w");
	if (!out)
		return 1;
	fprintf(out, "%d %.6f %.6f %.6f %ld\n",
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
		(double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9,
		seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss);
	return fclose(out) == 0 ? 0 : 1;
}
