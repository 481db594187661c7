/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cJSON needs merely to parse and free: `rival_cjson lines FILE` each line
 * of NDJSON, `rival_cjson whole FILE` a document. Judges nothing.
 */
#define _POSIX_C_SOURCE 200809L
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

static int lines(FILE *from)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	cJSON *tree;

	while ((n = getline(&line, &size, from)) > 0) {
		tree = cJSON_ParseWithLength(line, (size_t)n);
		if (!tree)
			return 1;
		cJSON_Delete(tree);
	}
	free(line);
	return 0;
}

static int whole(FILE *from)
{
	size_t size;
	char *text;
	cJSON *tree;

	if (fseek(from, 0, SEEK_END) != 0)
		return 1;
	size = (size_t)ftell(from);
	rewind(from);
	text = malloc(size);
	if (!text || fread(text, 1, size, from) != size)
		return 1;
	tree = cJSON_ParseWithLength(text, size);
	if (!tree)
		return 1;
	cJSON_Delete(tree);
	free(text);
	return 0;
}

int main(int argc, char **argv)
{
	FILE *from;

	if (argc != 3)
		return 2;
	from = fopen(argv[2], "rb");
	if (!from)
		return 1;
	return argv[1][0] == 'l' ? lines(from) : whole(from);
}
