/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which files of a run hold channels. What they say is for survey.c.
 */
#ifndef INPUT_SURVEY_FIND_H
#define INPUT_SURVEY_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct survey_path {
	const char *path;
	const struct survey_path *next;
};

struct survey_files {
	struct arena arena;
	const struct survey_path *taken;
	const struct survey_path *later; /* long ones, whose beginning does not speak of channels */
	uint32_t n;
	bool partial; /* some were not looked at */
};

#define SURVEY_FILES_INIT ((struct survey_files){ .arena = ARENA_INIT })

/* The text of a file, with JSON_PADDING behind it: whether channels are in it. */
typedef bool survey_take(void *to, struct str text);

/*
 * Gives the text of each regular file that the paths name or hold and that speaks of
 * channels. Of long ones only the beginning is looked at; once there are channels
 * somewhere, which make a difference then, all of them.
 */
void survey_find(struct survey_files *f, const char *const *paths, size_t n, survey_take *take,
		 void *to);
bool survey_was_taken(const struct survey_files *f, const char *path);

#endif
