/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors, for the files of this folder that read, write and walk: calls that a
 * signal interrupted are made again, where paths lead to, and room on the disk.
 */
#ifndef BASE_FILE_INSIDE_H
#define BASE_FILE_INSIDE_H

#include <stdbool.h>
#include <sys/types.h>

/* As openat; closed in other programs, and never the controlling terminal. */
int file_open_retrying(int folder, const char *path, int flags, mode_t mode);
/* After a call that failed: whether it is to be made again. A descriptor that another
 * program left non-blocking is waited for; events: POLLIN or POLLOUT. */
bool file_must_retry(int fd, short events);

/*
 * Follows the links that the last part of the path is, also one whose target
 * does not exist yet: what is written goes where a redirection would have gone,
 * and the link stays. 0, or an errno. *path is allocated, and is replaced.
 */
int file_follow_links(char **path);
/*
 * The descriptor that a path means which is only another name for one, or -1.
 * Opening such a path anew would lose the place in a file and its O_APPEND.
 */
int file_inherited(const char *path);

/* Whether writing to a file gains by room that was made for it. */
bool file_room_helps(int fd);
/* Sets blocks of the disk aside, behind the end of the file, whose size stays. False where
 * there is no such room. */
bool file_room_make(int fd, off_t from, off_t size);

#endif
