/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From paths to recording configurations.
 *
 * A feed hands out the paths' documents in order as stretches: bytes that one
 * worker can read without the others. Taking the next stretch is a matter of
 * one thread at a time and cheap; reading a stretch is not, and needs no lock.
 * What a stretch holds is told in the order in which it is written.
 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "model/field.h"
#include "model/resource.h"
#include "model/source.h"

/* Where a file that ivslint fetch wrote stands, for fetched_take(). */
struct fetched {
	bool is;       /* it begins as one does */
	bool within;   /* after a header, before its trailer */
	uint32_t line; /* of that header */
	uint64_t resources, refusals; /* of the file at the latest mark */
	char text[160];
};

/* A header or a trailer of such a file. */
struct fetch_mark {
	bool trailer;
	uint64_t count; /* of the trailer: recording configurations since the header */
	uint32_t line;
};

/* A document on its way. Made by the feed; who consumes stretches in order
 * counts here and frees it with the segment that ends it. */
struct input_file {
	char *name;         /* as the user named it; "<stdin>" */
	uint64_t resources; /* recording configurations so far */
	uint64_t others;    /* documents that are something else */
	uint64_t refusals;  /* of its content */
	uint64_t unseen;    /* parts of it that are in no file */
	bool opened;        /* bytes of it were read */
	bool asked_for;     /* named on the command line, not met in a folder */
	char what_else[64]; /* first member of the first other document, or "" */
	struct fetched fetched;
	uint64_t not_fetched; /* what its trailers say is missing */
};

enum segment_kind {
	SEGMENT_DOCUMENTS, /* whole documents, separated by blanks */
	SEGMENT_LINES,     /* a document a line */
	SEGMENT_MEMBERS,   /* members of a list, separated by commas */
	SEGMENT_DOCUMENT,  /* a whole file, for an input that reads it whole */
	SEGMENT_STREAM,    /* the beginning of a file, for an input that reads on by itself */
	SEGMENT_TROUBLE,   /* no bytes: something could not be read, or is missing */
	SEGMENT_END,       /* no bytes: the file, or the argument, is over */
};

enum trouble {
	TROUBLE_UNREADABLE,  /* could not be opened or read */
	TROUBLE_REFUSED,     /* content that cannot be audited */
	TROUBLE_CUT,         /* ended before its end */
	TROUBLE_MISSING,     /* something that should be there is somewhere else: the next page */
	TROUBLE_NOT_FETCHED, /* a trailer says so; each is told, whatever their number */
	TROUBLE_UNSEEN,      /* a part of a template or a plan that is in no file of the run */
};

struct input;

struct segment {
	enum segment_kind kind;
	const struct input *input; /* who reads it; NULL where there are no bytes */
	struct input_file *file; /* NULL for the end of an argument that is a folder */
	struct source source;    /* name, bytes, and where they begin */
	bool list;               /* MEMBERS: of recordingConfigurations */
	bool fetched;            /* of a file that ivslint fetch wrote */
	bool comma_after;        /* MEMBERS: ends after a comma, and more follows */
	size_t offset;           /* the feed's own */
	uint32_t first_index;    /* of the first member or document in the file, from 1 */
	enum trouble trouble;
	char *text; /* of trouble; freed with the stretch */
	bool ends_file;
	const char *ends_argument; /* NULL, or the argument that ends here */
	int fd;                  /* STREAM: where the rest is; -1 when bytes are all of it */
	int wake_fd;             /* STREAM: the feed's */
	bool regular;            /* STREAM: reading never waits */
};

struct stretch {
	uint64_t ticket; /* 0, 1, 2 ...: the order in which stretches are to be consumed */
	struct segment *segments;
	size_t n, cap;
	char *bytes;
	size_t size, used;
	uint32_t *line_ends; /* of the first segment of lines, for its source */
	/* Of one that was claimed and not read yet: the lines behind the newlines of this range. */
	struct {
		bool is;
		bool at_start; /* a line begins where the range does */
		int fd;
		uint64_t number;
		uint64_t from, to; /* bytes of the file */
	} claim;
};

void stretch_release(struct stretch *s);

struct feed;

/* paths: at least one; "-" is standard input. Borrowed. wake_fd: becomes
 * readable when waiting for a pipe shall end, or -1. */
struct feed *feed_new(const char *const *paths, size_t n, int wake_fd);
/* Told of every byte that is read, in order; on whichever thread asks for a stretch. */
typedef void feed_copy(void *to, struct str bytes);

/* The first path is only a name: its bytes come from fd, a pipe that a fetch writes
 * to, which is closed. copy: or NULL. */
void feed_from_fd(struct feed *f, int fd, feed_copy *copy, void *to);
void feed_free(struct feed *f);
/* Fills s with what comes next and a ticket; false when there is nothing left.
 * One thread at a time. */
bool feed_next(struct feed *f, struct stretch *s);
/*
 * The same in two steps, for several threads. What has to be read in order
 * feed_claim reads, one thread at a time; of a large regular file with a document a line
 * it only says which part is whose. feed_read reads that, side by side: every
 * stretch that was claimed has to be read, by whoever claimed it and before it claims
 * another, since those behind it wait to hear how many lines it has.
 */
bool feed_claim(struct feed *f, struct stretch *s);
void feed_read(struct feed *f, struct stretch *s);
/* Files of folders that were not looked at (hidden, links, no known kind). */
uint64_t feed_skipped(const struct feed *f);

/* About how many bytes the paths hold, for who wants to know how far reading has
 * come; 0 where that is not known: a pipe, very many files. */
uint64_t input_size(const char *const *paths, size_t n);

/*
 * What a reader tells. resource: gives true when it keeps r and what r points
 * to; else the row is used again. trouble: the rest of the segment is
 * read where that is possible. trouble_in: the same at a place of another file,
 * that is read with this one; NULL: trouble says it. other: a document that is no recording
 * configuration, `first` its first member's name. unknown: a field that the
 * table does not have; mark: a header or trailer of fetch output; note: what such
 * a trailer says and is no trouble. The last three are NULL when nobody wants to know.
 */
struct input_sink {
	void *to;
	struct json_learned *learned; /* of one thread, across segments; NULL: nothing is learned */
	bool (*resource)(void *to, struct resource *r);
	void (*trouble)(void *to, enum trouble kind, uint32_t line, uint32_t column,
			const char *text);
	void (*trouble_in)(void *to, const char *file, enum trouble kind, struct place place,
			   const char *text);
	void (*other)(void *to, struct str first);
	void (*unknown)(void *to, const char *parent, struct str name);
	void (*mark)(void *to, const struct fetch_mark *mark);
	void (*note)(void *to, const char *text);
};

/*
 * STREAM: reads on where source.bytes end, up to `size` bytes: how many, 0 at
 * the end (or when told to stop waiting), -1 with errno when it failed. The
 * descriptor is closed with the stretch.
 */
ssize_t segment_read(struct segment *segment, char *to, size_t size);

struct cfn_given;
struct cfn_run;

/* What every reader may want to know; made once for a run. */
struct input_options {
	const char *const *paths; /* of the run; borrowed */
	size_t n_paths;
	const struct cfn_given *given; /* of stacks; borrowed, may be NULL */
	field_set needs; /* what will be asked for: channels are sought where they are in it */
	bool channels;   /* are wanted as resources of their own, with these fields */
	field_set channel_needs; /* closed */
};

/* What the readers share between segments and threads. */
struct inputs;
/* options may be NULL: nothing is known. */
struct inputs *inputs_new(const struct input_options *options);
void inputs_free(struct inputs *inputs);
/* Whether channels are wanted as resources, with these fields. inputs may be NULL. */
bool inputs_want_channels(const struct inputs *inputs, field_set *needs);

/* The beginning of a file, for telling whose it is. */
#define INPUT_HEAD_KEYS 32
struct input_head {
	const char *name;
	bool asked_for;       /* named on the command line: somebody takes it */
	bool whole;           /* text is all of the file */
	struct str text;      /* without a byte-order mark; a NUL and JSON_PADDING behind it */
	char first;           /* its first byte that is no blank, or NUL */
	bool lines;           /* a JSON document a line */
	bool json;            /* begins as a JSON object or array does */
	struct str keys[INPUT_HEAD_KEYS]; /* of a JSON object: the first names in it */
	size_t n_keys;
};
bool input_head_has(const struct input_head *head, const char *key);
/* Whether the name has one of the endings (a NULL at their end), which are in small
 * letters, whatever letters it has. */
bool input_named(const char *name, const char *const *endings);

/*
 * A kind of document: a row in input_list.h. The first row that recognises a
 * file reads it; a file of a folder that none does is passed over.
 */
struct input {
	const char *name;
	enum {
		INPUT_CUT,    /* many documents, cut by the feed: DOCUMENTS, LINES, MEMBERS */
		INPUT_WHOLE,  /* read whole, up to `limit` bytes: DOCUMENT */
		INPUT_STREAM, /* reads on from its beginning: STREAM */
	} takes;
	size_t limit; /* WHOLE: bytes of one file */
	bool (*recognise)(const struct input_head *head);
	void (*read)(struct segment *segment, struct inputs *inputs, field_set needs,
		     struct arena *arena, const struct input_sink *sink);
};
/* The input of a beginning, or NULL. Fills `keys` first. */
const struct input *input_recognise(struct input_head *head, struct arena *arena);

#define INPUT(name) extern const struct input input_##name;
#include "input/input_list.h"
#undef INPUT

/* The shape of a configuration's JSON, made once from the table of fields. */
struct json_shape;
const struct json_shape *json_shape_new(struct arena *arena);
const struct json_shape *inputs_json_shape(const struct inputs *inputs);
/* Channels of saved answers, for the readers of saved answers; or NULL. */
struct survey;
const struct survey *inputs_survey(const struct inputs *inputs);
struct cfn_run *inputs_cfn_run(const struct inputs *inputs);

/* What reading makes faster the more is read; see input/json_learned.h. Lives in the arena. */
struct json_learned;
struct json_learned *json_learned_new(const struct json_shape *shape, struct arena *arena);

/* Reads a segment that has bytes. needs: closed (resource_closure). What
 * resources hold lives in the arena and in the stretch. */
void input_read(struct segment *segment, struct inputs *inputs, field_set needs,
		struct arena *arena, const struct input_sink *sink);

#endif
