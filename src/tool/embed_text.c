/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Used when the program is built: writes a file as a C array of its bytes, so
 * that the program can print it wherever it is installed.
 *
 *	embed_text report_schema man/ivslint-report.schema.json > report_schema.c
 */
#include <stdio.h>

#include "base/file.h"
#include "base/limit.h"

#define BYTES_A_LINE 20

int main(int argc, char **argv)
{
	struct buf text = BUF_INIT(LIMIT_DOCUMENT_SIZE);
	struct err err;
	size_t i;

	if (argc != 3) {
		fprintf(stderr, "usage: embed_text NAME FILE\n");
		return 2;
	}
	if (file_read(&text, argv[2], &err) == -1) {
		fprintf(stderr, "embed_text: %s\n", err.text);
		return 1;
	}
	printf("/* Made from a file by embed_text. */\n#include \"report/%s.h\"\n\n", argv[1]);
	printf("const char %s[] = {\n", argv[1]);
	for (i = 0; i < text.len; i++)
		printf("%d,%s", text.data[i], i % BYTES_A_LINE == BYTES_A_LINE - 1 ? "\n" : "");
	printf("0\n};\nconst size_t %s_size = %zu;\n", argv[1], text.len);
	buf_release(&text);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
