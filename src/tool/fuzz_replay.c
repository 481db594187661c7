/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plain main for fuzz targets: runs the target over each file given, and
 * over all below each folder given. Replaying nothing is a failure.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* From memory of exactly the size, so that reading past the end is seen. */
static int replay(const char *path)
{
	struct buf b = BUF_INIT(LIMIT_DOCUMENT_SIZE);
	struct err err;
	uint8_t *exact;

	if (file_read(&b, path, &err) == -1) {
		fprintf(stderr, "%s: %s\n", path, err.text);
		buf_release(&b);
		return -1;
	}
	exact = mem_alloc(b.len);
	if (b.len > 0)
		memcpy(exact, b.data, b.len);
	LLVMFuzzerTestOneInput(exact, b.len);
	free(exact);
	buf_release(&b);
	return 0;
}

static int replay_folder(const char *folder, size_t *n)
{
	struct err err;
	struct file_walk *w = file_walk_new(folder, &err);
	const char *path;
	int rc = 0, got;

	if (w == NULL) {
		fprintf(stderr, "%s: %s\n", folder, err.text);
		return -1;
	}
	while ((got = file_walk_next(w, &path, &err)) != 0) {
		if (got == -1) {
			fprintf(stderr, "%s: %s\n", path, err.text);
			rc = -1;
		} else if (replay(path) == -1) {
			rc = -1;
		} else {
			++*n;
		}
	}
	file_walk_free(w);
	return rc;
}

int main(int argc, char **argv)
{
	struct stat info;
	size_t n = 0;
	int i, status = 0;

	for (i = 1; i < argc; i++) {
		if (stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode)) {
			if (replay_folder(argv[i], &n) == -1)
				status = 1;
		} else if (replay(argv[i]) == -1) {
			status = 1;
		} else {
			n++;
		}
	}
	printf("replayed %zu input%s\n", n, n == 1 ? "" : "s");
	return n == 0 ? 1 : status;
}
