/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files that hold options share, and settings.c.
 */
#ifndef CMD_SETTINGS_INSIDE_H
#define CMD_SETTINGS_INSIDE_H

#include "cmd/cmd.h"

/* The function of a switch that sets a member of the settings, and of an option whose value
 * is kept as it is written. */
#define SETTINGS_SWITCH(take, member)                                                              \
	static int take(void *to, const char *value, struct err *err)                              \
	{                                                                                          \
		(void)value;                                                                       \
		(void)err;                                                                         \
		((struct settings *)to)->member = true;                                            \
		return 0;                                                                          \
	}
#define SETTINGS_TEXT(take, member)                                                                \
	static int take(void *to, const char *value, struct err *err)                              \
	{                                                                                          \
		(void)err;                                                                         \
		((struct settings *)to)->member = value;                                           \
		return 0;                                                                          \
	}

/* One more value of an option that may be given again: 0, or -1 past `most`. */
int settings_add(const char **list, size_t *n, size_t most, const char *value, struct err *err);

/* Whether a variable of the environment has this value. */
bool settings_env_is(const char *name, const char *value);
/* A report as suits where the program runs. 0, or -1: too many. */
int settings_add_auto(struct settings *s, const char *path, struct err *err);
/* The one that a step of GitHub Actions shows, where there is one. */
int settings_add_step_summary(struct settings *s, struct err *err);

#endif
