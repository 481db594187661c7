/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens and reads every file of a folder, in the order of their names, and
 * does nothing else: the floor for an audit of many small files.
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char buffer[1 << 16];
	struct dirent **names;
	char path[4096];
	ssize_t got;
	int fd, i, n;

	if (argc != 2)
		return 2;
	n = scandir(argv[1], &names, NULL, alphasort);
	if (n < 0)
		return 1;
	for (i = 0; i < n; i++) {
		if (names[i]->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]->d_name);
		fd = open(path, O_RDONLY);
		if (fd == -1)
			return 1;
		while ((got = read(fd, buffer, sizeof(buffer))) > 0)
			;
		if (got < 0)
			return 1;
		close(fd);
	}
	return 0;
}
