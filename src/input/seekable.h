/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a streamed segment from any offset, as often as wanted: a file is
 * read where it is, a pipe is kept in memory while it is small and in a file
 * without a name when it is not.
 */
#ifndef INPUT_SEEKABLE_H
#define INPUT_SEEKABLE_H

#include "base/arena.h"
#include "base/str.h"
#include "input/input.h"

struct seekable {
	struct segment *segment;
	struct str
	    memory;    /* all of it, with JSON_PADDING behind; data NULL where it is in a file */
	int fd;        /* the file, or -1 */
	bool own;      /* to be closed here */
	uint64_t base; /* of the first byte in the file */
	char *kept;
};

/* Takes a SEGMENT_STREAM. -1 with errno when it cannot be read or kept. */
int seekable_open(struct seekable *s, struct segment *segment);
void seekable_close(struct seekable *s);
/* A json_wide_read. */
ssize_t seekable_read(void *seekable, uint64_t offset, char *to, size_t size);

#endif
