/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes cut by blocks, from any alignment, as by a plain reader that goes byte by
 * byte.
 */
#include "input/json_cut.h"

#include <stdbool.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct json_cut plain(const char *p, const char *end, enum json_cut_at at, bool one)
{
	struct json_cut cut = { 0 };
	bool string = false;
	long depth = 0;

	for (; p < end && !(one && cut.n != 0); p++) {
		bool between = false;

		if (string && *p == '\\') {
			p++;
		} else if (*p == '"') {
			string = !string;
		} else if (string) {
			continue;
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if (*p == '}' || *p == ']') {
			if (depth-- == 0) {
				cut.close = p;
				break;
			}
			between = depth == 0 && at == JSON_CUT_VALUE;
		} else if (*p == ',') {
			between = depth == 0 && at == JSON_CUT_COMMA;
		}
		if (between) {
			cut.last = p + 1;
			cut.n++;
		}
	}
	return cut;
}

static void same(struct json_cut a, struct json_cut b)
{
	if (a.last != b.last || a.close != b.close || a.n != b.n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum json_cut_at at[] = { JSON_CUT_COMMA, JSON_CUT_VALUE };
	const char *p = (const char *)data, *end = p + size;
	size_t i, k, lines = 0;

	for (k = 0; k < size; k++)
		lines += p[k] == '\n';
	if (size != 0 && json_cut_lines(p, end, NULL, 0) != lines)
		abort();
	for (i = 0; i < 2; i++)
		for (k = 0; k < size && k < 3; k++) {
			same(json_cut_scan(p + k, end, at[i]), plain(p + k, end, at[i], false));
			same(json_cut_next(p + k, end, at[i]), plain(p + k, end, at[i], true));
		}
	return 0;
}
