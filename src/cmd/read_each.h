/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths read by one thread, one resource after the other: for commands that look at each
 * by itself and report nothing.
 */
#ifndef CMD_READ_EACH_H
#define CMD_READ_EACH_H

#include "input/input.h"

struct each {
	void *to;
	/* What it is handed is good until it returns. */
	void (*resource)(void *to, struct resource *r);
	/* What could not be read, or is not whole; line 0: of the file. */
	void (*trouble)(void *to, const char *file, uint32_t line, uint32_t column,
			const char *text);
	/* Parts that are in no file, where they are no trouble; or NULL: they are. */
	void (*unseen)(void *to, const char *file, uint32_t line, uint32_t column,
		       const char *text);
};

/* Reads options->paths; needs: the fields of recording configurations that are read, with
 * all that they need themselves (resource_closure). */
void read_each(const struct input_options *options, field_set needs, const struct each *each);

#endif
