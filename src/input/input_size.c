/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much there is to read, before it is read: a guess for progress, which
 * nothing else may depend on. Opens nothing but folders.
 */
#include "input/input.h"

#include <sys/stat.h>

#include "base/file.h"

#define FILES_MOST 20000 /* counting more would take longer than it is worth */

static bool is_likely(const char *name)
{
	static const char *const endings[] = { ".json", ".ndjson", ".jsonl",
					       ".yaml", ".yml",    ".template" };
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends(str_of(name), str_of(endings[i])))
			return true;
	return false;
}

/* False where there are too many files. */
static bool add_folder(const char *folder, uint64_t *size)
{
	struct file_walk *walk;
	struct stat status;
	struct err err;
	const char *path;
	unsigned files = 0;
	int more;

	walk = file_walk_new(folder, &err);
	if (walk == NULL)
		return true;
	while (files < FILES_MOST && (more = file_walk_next(walk, &path, &err)) != 0) {
		files++;
		if (more == 1 && is_likely(path) && stat(path, &status) == 0)
			*size += (uint64_t)status.st_size;
	}
	file_walk_free(walk);
	return files < FILES_MOST;
}

uint64_t input_size(const char *const *paths, size_t n)
{
	struct stat status;
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(paths[i], "-") == 0)
			return 0;
		if (stat(paths[i], &status) == -1)
			continue;
		if (S_ISREG(status.st_mode))
			size += (uint64_t)status.st_size;
		else if (!S_ISDIR(status.st_mode) || !add_folder(paths[i], &size))
			return 0;
	}
	return size;
}
