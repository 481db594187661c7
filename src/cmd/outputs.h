/* SPDX-License-Identifier: Apache-2.0 */
/*
 * That nothing is written over what a run reads: a slip that would cost the file.
 */
#ifndef CMD_OUTPUTS_H
#define CMD_OUTPUTS_H

#include "cmd/cmd.h"

/* What a run reads. */
struct inputs {
	const struct settings *settings;
	const struct policy *policy; /* or NULL */
	const char *const *paths;
	size_t n;
};

/* 0; -1 where `path` is one of them, with the error printed: `what` ("a report") would be
 * written to it. */
int outputs_check(const struct inputs *in, const char *what, const char *path);

#endif
