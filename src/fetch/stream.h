/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ivslint-fetch writes: a header, a configuration a line, and a trailer
 * that says what is there and what is missing. ivslint-fetch(1) describes it.
 */
#ifndef FETCH_STREAM_H
#define FETCH_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "fetch/api.h"

/* Something that could not be read. Texts may be empty, and are left out then. */
struct missing {
	struct str account, region, arn, operation;
	struct str code, message, request_id;
	struct missing *next;
};

#define MISSING_INIT                                                                               \
	((struct missing){ STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), STR(""), NULL })

struct stream {
	struct file_out *out;
	struct arena arena;
	struct buf read, deleted; /* members of the trailer's lists */
	struct missing *missing, **missing_end;
	size_t n_missing;
	uint64_t n; /* lines of configurations */
};

/* Takes `out` for its use; the caller commits. */
void stream_open(struct stream *s, struct file_out *out);
void stream_release(struct stream *s);
/* {"recordingConfiguration":...}; with `summary` a list of one summary. */
void stream_configuration(struct stream *s, struct str json, bool summary);
/* The following go into the trailer, in the order in which they come. */
void stream_read(struct stream *s, struct str account, struct str region, uint64_t n);
void stream_missing(struct stream *s, const struct missing *m);
void stream_deleted(struct stream *s, struct str arn);
/* `interrupted`: a signal's name, or NULL. */
void stream_close(struct stream *s, const struct api_stats *stats, const char *interrupted);

#endif
