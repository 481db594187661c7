/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the feed, shared by its files: feed.c goes from path to path,
 * feed_stretch.c fills stretches, feed_lines.c and feed_documents.c know where
 * what is in a file may be cut. Nobody else includes this but their tests.
 */
#ifndef INPUT_FEED_INSIDE_H
#define INPUT_FEED_INSIDE_H

#include <pthread.h>

#include "base/buf.h"
#include "base/file.h"
#include "input/input.h"

/* What is read at once: fits the second-level cache beside the rows made of it. */
#define FEED_STRETCH ((size_t)256 << 10)

enum state {
	STATE_TOP,       /* between documents */
	STATE_LINES,     /* a document a line */
	STATE_SKIP_LINE, /* inside a line past the limit */
	STATE_MEMBERS,   /* in a list too large to be held */
	STATE_TAIL,      /* after such a list, in the object around it */
};

struct feed {
	const char *const *paths;
	size_t n, next;
	uint64_t ticket, skipped;
	size_t stretch_size; /* that is read at once: FEED_STRETCH, small in tests */
	int wake_fd;
	int from_fd;     /* of the first path, or -1 */
	feed_copy *copy; /* of what comes from it, or NULL */
	void *copy_to;

	struct file_walk *walk; /* of the folder being walked, or NULL */
	const char *folder;

	struct input_file *file;   /* being read, or NULL */
	const struct input *input; /* whose it is, once that was looked at */
	int fd;
	bool regular, ended;
	enum state state;
	bool started;   /* the beginning was looked at */
	bool in_object; /* the list stands in an object */
	bool after_comma;
	uint32_t line, column; /* of the byte that comes next */
	uint32_t index;        /* of the member or document that comes next, from 1 */
	struct buf carry;      /* bytes read and not handed out */
	/* Lines that are claimed and read side by side: */
	bool looked;     /* whether the file is one for that was looked at */
	bool apart;      /* it is: what comes next is claimed from `offset` on */
	bool told;       /* the line being skipped is counted already */
	uint64_t offset; /* of the byte that is claimed next */
	uint64_t size;   /* of the file, when that was looked at */
	uint64_t n_claims;
	pthread_mutex_t lock; /* of `line` and what follows while there are claims */
	pthread_cond_t counted;
	uint64_t n_counted; /* claims whose lines are counted in `line` */
	bool unreadable;    /* one could not be read, which was told */

	struct arena arena; /* for reading heads and tails of envelopes */
};

/* ---- feed_stretch.c ---- */

void feed_forget_segments(struct stretch *s);
struct segment *feed_add_segment(struct stretch *s, enum segment_kind kind,
				 struct input_file *file);
/* A segment that says what is wrong with the file, at a line or, with 0, as a whole. */
__attribute__((format(printf, 5, 6))) void feed_add_trouble(struct stretch *s,
							    struct input_file *file,
							    enum trouble trouble, uint32_t line,
							    const char *format, ...);
/* Room for `size` bytes from `used` on, and the padding that readers need. What
 * was handed out already moves along. */
void feed_make_room(struct stretch *s, size_t size);
/*
 * Puts what was left over and then bytes of the file at s->used, up to `size`
 * in all or the end of the file. Gives the number of bytes there.
 */
size_t feed_fill(struct feed *f, struct stretch *s, size_t size);
/* Leaves bytes over for the next stretch. */
void feed_keep(struct feed *f, const char *from, const char *end);
/* Moves the place over bytes that are handed out or passed over. */
void feed_move_place(struct feed *f, const char *p, const char *end);
/* The lines of a segment, whose ends are noted: nobody need look for them again. */
uint32_t feed_count_lines(struct stretch *s, struct segment *g, const char *p, const char *end);
/* Hands out p to end as one segment, and counts the place on. */
struct segment *feed_hand_out(struct feed *f, struct stretch *s, enum segment_kind kind,
			      const char *p, const char *end);

/* ---- feed_lines.c ---- */

/* Whether the text, which is not blank, looks like a document a line. */
bool feed_looks_like_lines(const char *p, const char *end);
void feed_take_lines(struct feed *f, struct stretch *s, size_t size);
/* The rest of a line past the limit. */
void feed_skip_line(struct feed *f, struct stretch *s);

/* Reads the lines of a claim, and counts them after those of the claims before it. */
void feed_read_claim(struct feed *f, struct stretch *s);

/* ---- feed_documents.c ---- */

void feed_take_documents(struct feed *f, struct stretch *s, size_t size);
/* Members of a list that is too large to be held, and what stands around it behind it. */
void feed_take_members(struct feed *f, struct stretch *s, size_t size);
void feed_take_tail(struct feed *f, struct stretch *s);

#endif
