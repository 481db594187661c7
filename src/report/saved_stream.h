/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON object too large to be held, member by member: values are handed over
 * whole, and those that are arrays item by item. Finds where a value ends by its
 * brackets and quotes alone; whether it is JSON is for who reads the bytes.
 */
#ifndef REPORT_SAVED_STREAM_H
#define REPORT_SAVED_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct saved_stream {
	int fd;
	const char *path;  /* borrowed, for messages */
	struct buf window; /* bytes that are not done with */
	size_t at;         /* the next byte, in the window */
	uint32_t line, column;
	bool ended; /* the file has no more */
};

/* A value's bytes, and where the first of them stands. */
struct saved_bytes {
	struct str bytes; /* followed by padding that model/json.h asks for */
	uint32_t line, column;
};

/* From the beginning of fd. Errors are of kind ERR_INPUT, with a place. */
int saved_stream_open(struct saved_stream *s, int fd, const char *path, struct err *err);
void saved_stream_release(struct saved_stream *s);

/* 1 and the key of the next member, before its value; 0 after the object, behind
 * which nothing may stand. The key is good until the next call. */
int saved_stream_member(struct saved_stream *s, bool first, struct buf *key, struct err *err);
/* Takes one value. */
int saved_stream_value(struct saved_stream *s, struct saved_bytes *value, struct err *err);
/* Takes the bracket of an array, then 1 and its next item, or 0 after its end. */
int saved_stream_array(struct saved_stream *s, struct err *err);
int saved_stream_item(struct saved_stream *s, bool first, struct saved_bytes *item,
		      struct err *err);

#endif
