/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room on a disk for what will be written. Knows which file systems gain by it;
 * nothing here fails: whether what is written fits, writing says.
 */
#define _GNU_SOURCE
#include "base/file_inside.h"

#ifdef __linux__

#include <errno.h>
#include <fcntl.h> /* fallocate */
#include <sys/vfs.h>

/* As <linux/magic.h> has them, which older headers do not. */
#define EXT_MAGIC 0xEF53
#define XFS_MAGIC 0x58465342

bool file_room_helps(int fd)
{
	struct statfs st;

	if (fstatfs(fd, &st) == -1)
		return false;
	/* Others may set bytes to zero for it, or may give up compressing what is written
	 * there. */
	return (unsigned long)st.f_type == EXT_MAGIC || (unsigned long)st.f_type == XFS_MAGIC;
}

bool file_room_make(int fd, off_t from, off_t size)
{
	int rc, was = errno;

	/* The file's size stays as it is: a limit on sizes is for what is written. */
	rc = fallocate(fd, FALLOC_FL_KEEP_SIZE, from, size);
	errno = was;
	return rc == 0;
}

#else

bool file_room_helps(int fd)
{
	(void)fd;
	return false;
}

bool file_room_make(int fd, off_t from, off_t size)
{
	(void)fd;
	(void)from;
	(void)size;
	return false;
}

#endif
