/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: reading whole ones with a ceiling, writing whole or not at all, and
 * walking folders in a fixed order.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Reads a file whole into b, whose limit is the ceiling (required); a larger
 * file is an error that names the ceiling. "-" is standard input. */
int file_read(struct buf *b, const char *path, struct err *err);

/*
 * A file that comes into being whole or not at all: written under a temporary
 * name beside the final one (mode 0666 less the umask, or that of the file which
 * it replaces), synced and renamed by commit. A symbolic link stays, and what it
 * leads to is replaced. "-", /dev/fd/N and what is not a regular file (a pipe,
 * /dev/null) are written straight through. Failures are sticky: put reports
 * nothing, commit does.
 */
struct file_out;

/* NULL with err (ERR_OUTPUT). The path is copied. Ends with commit or abandon. */
struct file_out *file_out_open(const char *path, struct err *err);
/* The same, but adds to what a file holds already, and to what others add to it meanwhile:
 * no temporary file. *room is how many bytes are left of `most`; 1 where none is, as 0 is
 * no ceiling to a buf. */
struct file_out *file_out_append(const char *path, size_t most, size_t *room, struct err *err);
void file_out_put(struct file_out *f, struct str bytes);
/*
 * Of two texts, which follow each other, writes from the front what is best written
 * by now, and says how many bytes that is: whole blocks of a file, all of what goes
 * elsewhere, and nothing where both are smaller than file_out_least. The rest is for
 * the caller to put, or to offer again with more behind it.
 */
size_t file_out_take(struct file_out *f, struct str first, struct str then);
size_t file_out_least(const struct file_out *f);
/* Whether a write has failed already (a closed pipe, a full disk). */
bool file_out_failed(const struct file_out *f);
/* Flushes, syncs, renames and frees; -1 when anything failed since open, and
 * then no temporary file is left, and the final name is as it was before. */
int file_out_commit(struct file_out *f, struct err *err);
/* Removes the temporary file and frees; accepts NULL. */
void file_out_abandon(struct file_out *f);
/* Removes every temporary file that is open; async-signal-safe. */
void file_out_abandon_all(void);

/*
 * Whether two paths of outputs are one place, also where nothing is yet: two names of
 * a file or a pipe are, through whatever links, and two of a descriptor. A device such
 * as /dev/null takes any number.
 */
bool file_same_place(const char *a, const char *b);

/*
 * First thing in main. A program may be started with a standard descriptor that is
 * closed, and whatever is opened first would take its place: what is said on standard
 * error would go into a report, and standard input would be a pipe of our own that
 * never ends. Afterwards each of the three is open; what was closed still gives EBADF.
 */
void file_standard_hold(void);

/* A file of no name for what does not fit into memory, in TMPDIR where it is set:
 * a descriptor, or -1 with errno. */
int file_temporary(void);

/*
 * The files below a folder, in byte order of their paths, one after the other.
 * Names that begin with a dot are left out, symbolic links inside the folder
 * are not followed, FIFOs, sockets and devices are not for reading: they are
 * counted. A folder that cannot be read is an error of that entry only: the
 * walk goes on.
 */
struct file_walk;

/* NULL with err (ERR_INPUT) where the folder itself cannot be read. */
struct file_walk *file_walk_new(const char *folder, struct err *err);
/* 1 and *path (borrowed until the next call) for a file, 0 at the end, -1 for
 * an entry that could not be read: *path says which, err why. */
int file_walk_next(struct file_walk *w, const char **path, struct err *err);
/* How many entries were left out so far. */
size_t file_walk_skipped(const struct file_walk *w);
/* At any point of the walk; accepts NULL. */
void file_walk_free(struct file_walk *w);

#endif
