/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What opts.c and settings.c share.
 */
#ifndef CMD_SETTINGS_INSIDE_H
#define CMD_SETTINGS_INSIDE_H

#include "cmd/cmd.h"

/* Whether a variable of the environment has this value. */
bool settings_env_is(const char *name, const char *value);
/* A report as suits where the program runs. 0, or -1: too many. */
int settings_add_auto(struct settings *s, const char *path, struct err *err);
/* The one that a step of GitHub Actions shows, where there is one. */
int settings_add_step_summary(struct settings *s, struct err *err);

#endif
