/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a CI service says of the sources that it runs us in: which version of which
 * repository they are, and where it is. It is all from the environment, as the
 * services document it; git is never asked.
 */
#ifndef CMD_CI_H
#define CMD_CI_H

#include "base/arena.h"
#include "report/report.h"

/* NULL where no service names a repository. What cannot be what it should is left out. */
const struct revision *ci_revision(struct arena *arena);
/*
 * The folder of the repository, absolute: of those from the one that the service has
 * checked out into down to the current folder the first that holds a folder `.git`, and
 * where none does the first. NULL where it names none that the current folder is in.
 */
const char *ci_root(struct arena *arena);

#endif
